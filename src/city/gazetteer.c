#include "city/city.h"

#include <stdlib.h>
#include <string.h>

static const char *const NAMES[GAZETTEER_FIELDS] = {"geonameid", "name",         "admin1",   "admin1_name",
                                                    "country",   "country_name", "timezone", "population",
                                                    "lat",       "lon"};

/* The line behind g->at, without its newline; moves behind it. */
static bool take_line(gazetteer *g, const char **ret, size_t *ret_len)
{
    if (g->at >= g->length)
        return false;
    const char *start = g->text + g->at;
    const char *end = memchr(start, '\n', g->length - g->at);
    size_t n = end ? (size_t)(end - start) : g->length - g->at;
    g->at += n + 1;
    g->line++;
    *ret = start;
    *ret_len = n && start[n - 1] == '\r' ? n - 1 : n;
    return true;
}

void gazetteer_init(gazetteer *g, const char *file, const char *text, size_t length)
{
    const char *line;
    size_t n;
    *g = (gazetteer){file, text, length, 0, 0};
    take_line(g, &line, &n);
}

static bool is_number(const gazetteer_field *f, double low, double high)
{
    char copy[40], *end;
    if (f->len == 0 || f->len >= sizeof copy)
        return false;
    memcpy(copy, f->text, f->len);
    copy[f->len] = 0;
    double v = strtod(copy, &end);
    return *end == 0 && v >= low && v <= high;
}

static bool check(const gazetteer *g, const gazetteer_field *f, err *e)
{
    static const struct {
        int field;
        double low, high;
    } RANGES[] = {{0, 1, 1e10}, {7, 0, 1e10}, {8, -90, 90}, {9, -180, 180}};
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++)
        if (!is_number(&f[RANGES[i].field], RANGES[i].low, RANGES[i].high))
            return err_set(e, ERR_INPUT, "%s:%ld: %s '%.*s' is no number from %g to %g", g->file, g->line,
                           NAMES[RANGES[i].field],
                           (int)(f[RANGES[i].field].len > 40 ? 40 : f[RANGES[i].field].len),
                           f[RANGES[i].field].text, RANGES[i].low, RANGES[i].high);
    if (f[1].len == 0 || f[4].len != 2)
        return err_set(e, ERR_INPUT, "%s:%ld: %s is %s", g->file, g->line, f[1].len ? "country" : "name",
                       f[1].len ? "not two letters" : "empty");
    return true;
}

bool gazetteer_next(gazetteer *g, gazetteer_field fields[GAZETTEER_FIELDS], err *e)
{
    const char *line;
    size_t n;
    do {
        if (!take_line(g, &line, &n)) {
            if (e)
                e->kind = ERR_NONE;
            return false;
        }
    } while (n == 0);
    const char *end = line + n;
    for (int i = 0; i < GAZETTEER_FIELDS; i++) {
        const char *tab = line <= end ? memchr(line, '\t', (size_t)(end - line)) : NULL;
        if (line > end || (!tab && i + 1 < GAZETTEER_FIELDS))
            return err_set(e, ERR_INPUT, "%s:%ld: %d fields, not %d: %s is missing", g->file, g->line,
                           i + (line <= end), GAZETTEER_FIELDS, NAMES[i + 1 < GAZETTEER_FIELDS ? i + 1 : i]);
        fields[i] = (gazetteer_field){line, (size_t)((tab ? tab : end) - line)};
        line = tab ? tab + 1 : end + 1;
    }
    return check(g, fields, e);
}
