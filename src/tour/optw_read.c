/* Reading a benchmark file (optw.h). Lines are read one by one, each as words; what follows the last point is ignored when blank. */
#include "tour/optw.h"

#include "base/mem.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 4096, WORDS_MOST = 64 };

static const double PLACE_MOST = 100000, TIME_MOST = 100000, SCORE_MOST = 1000000;

typedef struct reader {
    const char *file, *text;
    size_t length, at;
    long line;
    char bytes[LINE_MOST];
    char *words[WORDS_MOST];
    size_t nwords;
    err *e;
} reader;

static bool broken(const reader *r, const char *what)
{
    return err_set(r->e, ERR_INPUT, "%s:%ld: %s", r->file, r->line, what);
}

/* The next line as words; false at the end (*ret_end) or for a line that cannot be one. */
static bool next_line(reader *r, bool *ret_end)
{
    *ret_end = r->at >= r->length;
    r->nwords = 0;
    r->line++;
    if (*ret_end)
        return false;
    const char *from = r->text + r->at, *newline = memchr(from, '\n', r->length - r->at);
    size_t len = newline ? (size_t)(newline - from) : r->length - r->at;
    r->at += len + 1;
    if (len >= sizeof r->bytes)
        return broken(r, "the line is too long");
    if (memchr(from, 0, len))
        return broken(r, "there is a zero byte in the line");
    memcpy(r->bytes, from, len);
    r->bytes[len] = 0;
    char *rest = r->bytes;
    for (char *w; (w = strtok_r(rest, " \t\r\v\f", &rest)) != NULL;) {
        if (r->nwords == WORDS_MOST)
            return broken(r, "the line has too many fields");
        r->words[r->nwords++] = w;
    }
    return true;
}

/* A decimal number: digits, a point, an exponent; nothing else that strtod knows (inf, nan, hexadecimal). */
static bool number(const reader *r, size_t word, const char *what, double low, double high, double *ret)
{
    const char *w = r->words[word];
    char *end;
    double v = strtod(w, &end);
    if (*end || strspn(w, "+-.0123456789eE") != strlen(w) || !(v >= low && v <= high))
        return err_set(r->e, ERR_INPUT, "%s:%ld: field %zu, the %s, is '%.40s', no number from %g to %g",
                       r->file, r->line, word + 1, what, w, low, high);
    *ret = v;
    return true;
}

static bool whole(const reader *r, size_t word, const char *what, double low, double high, int32_t *ret)
{
    double v = 0;
    if (!number(r, word, what, low, high, &v))
        return false;
    if (v != floor(v))
        return err_set(r->e, ERR_INPUT, "%s:%ld: field %zu, the %s, is '%.40s', no whole number", r->file,
                       r->line, word + 1, what, r->words[word]);
    *ret = (int32_t)v;
    return true;
}

static bool read_point(const reader *r, int32_t expected, optw_point *ret)
{
    optw_point p;
    int32_t index = 0, listed = 0;
    if (r->nwords < 9)
        return err_set(r->e, ERR_INPUT,
                       "%s:%ld: %zu fields where a point has 9 or more (i x y d S f a list... O C)", r->file,
                       r->line, r->nwords);
    if (!whole(r, 0, "point's number", 0, OPTW_POINTS_MOST, &index) ||
        !number(r, 1, "x", -PLACE_MOST, PLACE_MOST, &p.x) ||
        !number(r, 2, "y", -PLACE_MOST, PLACE_MOST, &p.y) ||
        !number(r, 3, "duration", 0, TIME_MOST, &p.duration) ||
        !whole(r, 4, "score", 0, SCORE_MOST, &p.score) ||
        !whole(r, 6, "length of the list", 0, WORDS_MOST, &listed))
        return false;
    if (index != expected)
        return err_set(r->e, ERR_INPUT, "%s:%ld: point %d where point %d is due", r->file, r->line,
                       (int)index, (int)expected);
    if (r->nwords < 9 + (size_t)listed)
        return err_set(r->e, ERR_INPUT, "%s:%ld: %zu fields where a list of %d makes %d", r->file, r->line,
                       r->nwords, (int)listed, 9 + (int)listed);
    if (!number(r, r->nwords - 2, "opening", 0, TIME_MOST, &p.open) ||
        !number(r, r->nwords - 1, "closing", 0, TIME_MOST, &p.close))
        return false;
    if (p.open > p.close)
        return err_set(r->e, ERR_INPUT, "%s:%ld: point %d closes at %g, before it opens at %g", r->file,
                       r->line, (int)index, p.close, p.open);
    *ret = p;
    return true;
}

static bool read_head(reader *r, int32_t *ret_n)
{
    bool end;
    if (!next_line(r, &end))
        return end ? broken(r, "the file is empty") : false;
    if (r->nwords < 3)
        return broken(r, "the first line must be 'k v N t', N the number of points besides point 0");
    if (!whole(r, 2, "number of points", 0, OPTW_POINTS_MOST - 1, ret_n))
        return false;
    if (!next_line(r, &end))
        return end ? broken(r, "the second line is missing") : false;
    return true;
}

static bool read_points(reader *r, optw *o)
{
    bool end;
    for (size_t i = 0; i < o->n; i++) {
        if (!next_line(r, &end))
            return end ? err_set(r->e, ERR_INPUT, "%s:%ld: the file ends before point %zu of %zu", r->file,
                                 r->line, i, o->n - 1)
                       : false;
        if (!read_point(r, (int32_t)i, &o->points[i]))
            return false;
    }
    while (next_line(r, &end))
        if (r->nwords)
            return err_set(r->e, ERR_INPUT, "%s:%ld: more lines than the %zu points that line 1 promises",
                           r->file, r->line, o->n - 1);
    return end;
}

/* ---- the family ---- */

static void name_of(const char *file, char *out, size_t size)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash ? slash + 1 : file;
    size_t len = strcspn(base, ".");
    len = len < size ? len : size - 1;
    memcpy(out, base, len);
    out[len] = 0;
}

static int decimals_of(const optw *o)
{
    static const struct {
        const char *prefix;
        int decimals;
    } families[] = {{"rc", 1}, {"c", 1}, {"r", 1}, {"pr", 2}};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        size_t len = strlen(families[i].prefix);
        if (strncasecmp(o->name, families[i].prefix, len) == 0 && isdigit((unsigned char)o->name[len]))
            return families[i].decimals;
    }
    for (size_t i = 0; i < o->n; i++)
        if (o->points[i].x != floor(o->points[i].x) || o->points[i].y != floor(o->points[i].y))
            return 2;
    return 1;
}

optw *optw_read(const char *file, const char *text, size_t length, int decimals, err *e)
{
    reader r = {.file = file, .text = text, .length = length, .e = e};
    int32_t n = 0;
    if (!read_head(&r, &n))
        return NULL;
    optw *o = MEM_NEW(optw);
    name_of(file, o->name, sizeof o->name);
    o->n = (size_t)n + 1;
    o->points = MEM_ARRAY(optw_point, o->n);
    if (!read_points(&r, o)) {
        optw_free(o);
        return NULL;
    }
    o->decimals = decimals < 0 ? decimals_of(o) : decimals;
    return o;
}

void optw_free(optw *o)
{
    if (o)
        free(o->points);
    free(o);
}
