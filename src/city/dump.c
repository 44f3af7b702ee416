/* GeoNames' files and ours of the same kind: columns between tabs, one line a record. A kind is a row of a table that says
 * which column is which field; what is broken is said with file, line and field, and reading goes on behind it. */
#include "city/city.h"

#include "base/mem.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 24, MOST_LINE = 1 << 20 };

typedef enum {
    FIELD_ID,
    FIELD_NAME,
    FIELD_ASCII,
    FIELD_OTHERS,
    FIELD_LATITUDE,
    FIELD_LONGITUDE,
    FIELD_FEATURE,
    FIELD_COUNTRY,
    FIELD_ADMIN1,
    FIELD_ADMIN1_NAME,
    FIELD_COUNTRY_NAME,
    FIELD_POPULATION,
    FIELD_ZONE,
    FIELDS
} field;

static const char *const SAID[FIELDS] = {
    "geonameid", "name",        "asciiname",   "alternatenames", "latitude",   "longitude", "feature code",
    "country",   "admin1 code", "admin1 name", "country name",   "population", "timezone",
};

static const struct kind {
    size_t least;        /* columns a line must have */
    int column[FIELDS];  /* -1: not there */
    const char *heading; /* how the first line begins, or NULL */
} KINDS[] = {
    [DUMP_CITIES] = {19, {0, 1, 2, 3, 4, 5, 7, 8, 10, -1, -1, 14, 17}, NULL},
    [DUMP_NAMES] = {4, {1, 3, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, NULL},
    [DUMP_ADMIN1] = {2, {-1, 1, -1, -1, -1, -1, -1, -1, 0, 1, -1, -1, -1}, NULL},
    [DUMP_MERGED_CITIES] = {12,
                            {0, 1, 2, -1, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                            "geonameid\tname\tascii\tlat\tlon"},
    [DUMP_MERGED_NAMES] = {2, {0, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, "geonameid\tname"},
};

struct dump {
    FILE *file;
    char *name, *line;
    size_t cap;
    long at;
    dump_kind kind;
    char *columns[MOST_COLUMNS];
    size_t ncolumns;
    char country[3];
};

static bool check_heading(dump *d, err *e)
{
    const char *heading = KINDS[d->kind].heading;
    if (!heading)
        return true;
    ssize_t n = getline(&d->line, &d->cap, d->file);
    d->at = 1;
    if (n < 0 || strncmp(d->line, heading, strlen(heading)) != 0)
        return err_set(e, ERR_INPUT, "%s:1: the heading does not begin with '%s'", d->name, heading);
    return true;
}

bool dump_open(const char *file, dump_kind kind, dump **ret, err *e)
{
    FILE *f = fopen(file, "re");
    if (!f)
        return err_errno(e, "%s", file);
    dump *d = MEM_NEW(dump);
    d->file = f;
    d->name = mem_str(file);
    d->kind = kind;
    if (!check_heading(d, e)) {
        dump_close(d);
        return false;
    }
    *ret = d;
    return true;
}

void dump_close(dump *d)
{
    if (!d)
        return;
    fclose(d->file);
    free(d->name);
    free(d->line);
    free(d);
}

/* ---- one line ---- */

/* At most MOST_LINE bytes of a line are kept; the rest of a longer one is passed over. */
static bool next_line(dump *d, bool *ret_long)
{
    size_t n = 0;
    int ch;
    *ret_long = false;
    while ((ch = getc(d->file)) != EOF && ch != '\n') {
        if (n >= MOST_LINE) {
            *ret_long = true;
            continue;
        }
        if (n + 1 >= d->cap) {
            d->cap = d->cap ? d->cap * 2 : 512;
            d->line = mem_grow(d->line, d->cap, 1);
        }
        d->line[n++] = (char)ch;
    }
    if (ch == EOF && n == 0)
        return false;
    d->at++;
    if (n > 0 && d->line[n - 1] == '\r')
        n--;
    if (d->cap == 0) {
        d->cap = 512;
        d->line = mem_grow(NULL, d->cap, 1);
    }
    d->line[n] = 0;
    if (strlen(d->line) != n) /* a NUL: what stands behind it would be lost unsaid */
        *ret_long = true;
    return true;
}

static void split(dump *d)
{
    char *s = d->line;
    d->ncolumns = 0;
    while (s && d->ncolumns < MOST_COLUMNS) {
        d->columns[d->ncolumns++] = s;
        s = strchr(s, '\t');
        if (s)
            *s++ = 0;
    }
}

static const char *column(const dump *d, field f)
{
    int at = KINDS[d->kind].column[f];
    return at >= 0 && (size_t)at < d->ncolumns ? d->columns[at] : "";
}

static bool bad(const dump *d, field f, err *e, const char *what)
{
    char shown[64];
    text_copy(shown, sizeof shown, column(d, f));
    return err_set(e, ERR_INPUT, "%s:%ld: %s '%s' %s", d->name, d->at, SAID[f], shown, what);
}

static bool read_whole(const dump *d, field f, int64_t low, int64_t high, int64_t *ret, err *e)
{
    const char *s = column(d, f);
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (!isdigit((unsigned char)s[0]) || *end || errno || v < low || v > high) {
        char what[80];
        snprintf(what, sizeof what, "is no whole number from %lld to %lld", (long long)low, (long long)high);
        return bad(d, f, e, what);
    }
    *ret = v;
    return true;
}

static bool read_degrees(const dump *d, field f, double most, double *ret, err *e)
{
    const char *s = column(d, f);
    char *end;
    double v = strtod(s, &end);
    if (s[0] == 0 || s[strspn(s, "+-.0123456789eE")] || *end || !(v >= -most && v <= most))
        return bad(d, f, e, most > 90 ? "is no number from -180 to 180" : "is no number from -90 to 90");
    *ret = v;
    return true;
}

static bool read_text(const dump *d, field f, size_t most, err *e)
{
    const char *s = column(d, f);
    if (s[0] == 0)
        return bad(d, f, e, "is empty");
    if (strlen(s) > most)
        return bad(d, f, e, "is too long");
    if (!text_valid(s, strlen(s)))
        return bad(d, f, e, "is no valid UTF-8");
    return true;
}

static bool read_country(const dump *d, err *e)
{
    const char *s = column(d, FIELD_COUNTRY);
    if (!isupper((unsigned char)s[0]) || !isupper((unsigned char)s[1]) || s[2])
        return bad(d, FIELD_COUNTRY, e, "is no two capital letters");
    return true;
}

/* ---- the kinds ---- */

static bool read_place(const dump *d, city_place *p, err *e)
{
    int64_t id, population = 0;
    if (!read_whole(d, FIELD_ID, 1, INT32_MAX, &id, e) || !read_text(d, FIELD_NAME, 400, e) ||
        !read_degrees(d, FIELD_LATITUDE, 90, &p->latitude, e) ||
        !read_degrees(d, FIELD_LONGITUDE, 180, &p->longitude, e) || !read_country(d, e) ||
        (column(d, FIELD_POPULATION)[0] && !read_whole(d, FIELD_POPULATION, 0, 10000000000, &population, e)))
        return false;
    static const field TEXTS[] = {FIELD_ASCII,       FIELD_FEATURE,      FIELD_ADMIN1,
                                  FIELD_ADMIN1_NAME, FIELD_COUNTRY_NAME, FIELD_ZONE};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (column(d, TEXTS[i])[0] && !read_text(d, TEXTS[i], 400, e))
            return false;
    if (column(d, FIELD_OTHERS)[0] && !read_text(d, FIELD_OTHERS, MOST_LINE, e))
        return false;
    p->geonameid = (int32_t)id;
    p->name = column(d, FIELD_NAME);
    p->ascii = column(d, FIELD_ASCII);
    p->others = d->kind == DUMP_CITIES ? column(d, FIELD_OTHERS) : NULL;
    p->feature = column(d, FIELD_FEATURE);
    p->country = column(d, FIELD_COUNTRY);
    p->admin1 = column(d, FIELD_ADMIN1);
    p->admin1_name = column(d, FIELD_ADMIN1_NAME);
    p->country_name = column(d, FIELD_COUNTRY_NAME);
    p->time_zone = column(d, FIELD_ZONE);
    p->population = population;
    return true;
}

static bool read_name(const dump *d, city_place *p, err *e)
{
    int64_t id;
    if (!read_whole(d, FIELD_ID, 1, INT32_MAX, &id, e) || !read_text(d, FIELD_NAME, 4000, e))
        return false;
    p->geonameid = (int32_t)id;
    p->name = column(d, FIELD_NAME);
    p->ascii = d->kind == DUMP_NAMES ? column(d, FIELD_ASCII) : NULL;
    return true;
}

/* "US.TX	Texas	Texas	4736286" */
static bool read_admin1(dump *d, city_place *p, err *e)
{
    char *code = d->columns[0], *dot = strchr(code, '.');
    if (!dot || dot - code != 2 || !isupper((unsigned char)code[0]) || !isupper((unsigned char)code[1]) ||
        !dot[1] || strlen(dot) > 20)
        return bad(d, FIELD_ADMIN1, e, "is no country and code as in 'US.TX'");
    if (!read_text(d, FIELD_ADMIN1_NAME, 400, e))
        return false;
    memcpy(d->country, code, 2);
    d->country[2] = 0;
    p->country = d->country;
    p->admin1 = dot + 1;
    p->admin1_name = p->name = column(d, FIELD_ADMIN1_NAME);
    return true;
}

bool dump_next(dump *d, city_place *ret, err *e)
{
    city_place p = {.name = "",
                    .admin1 = "",
                    .admin1_name = "",
                    .country = "",
                    .country_name = "",
                    .time_zone = "",
                    .feature = ""};
    bool broken;
    do {
        if (!next_line(d, &broken)) {
            if (ferror(d->file))
                return err_errno(e, "%s", d->name);
            if (e)
                e->kind = ERR_NONE;
            return false;
        }
    } while (d->line[0] == 0 && !broken);
    if (broken)
        return err_set(e, ERR_INPUT,
                       "%s:%ld: the line is longer than a line of such a file, or holds a zero byte", d->name,
                       d->at);
    split(d);
    size_t least = KINDS[d->kind].least;
    if (d->ncolumns < least)
        return err_set(e, ERR_INPUT, "%s:%ld: %zu fields, not %zu", d->name, d->at, d->ncolumns, least);
    bool ok = d->kind == DUMP_ADMIN1                                  ? read_admin1(d, &p, e)
              : d->kind == DUMP_NAMES || d->kind == DUMP_MERGED_NAMES ? read_name(d, &p, e)
                                                                      : read_place(d, &p, e);
    if (ok)
        *ret = p;
    return ok;
}
