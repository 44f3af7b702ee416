#include "e2e/read.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "support/support.h"

#include <string.h>

json_t *read_json_lines(const char *text, size_t n)
{
    json_t *rows = json_array();
    const char *end = text + n;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        ck_assert_msg(stop != NULL, "the last line does not end: %s", text);
        json_error_t why;
        json_t *row = json_loadb(text, (size_t)(stop - text), JSON_REJECT_DUPLICATES, &why);
        ck_assert_msg(json_is_object(row), "no JSON object (%s): %.*s", why.text, (int)(stop - text), text);
        json_array_append_new(rows, row);
        text = stop + 1;
    }
    return rows;
}

const char *str_of(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "";
}

int64_t int_of(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    ck_assert_msg(json_is_integer(v), "%s is no whole number", key);
    return json_integer_value(v);
}

/* ---- CSV ---- */

/* One field from *at on; leaves *at on what ended it: ',' or CR LF. */
static char *csv_field(const char **at, const char *end)
{
    buf field;
    buf_init(&field);
    const char *p = *at;
    if (p < end && *p == '"') {
        for (p++; p < end && (*p != '"' || (p + 1 < end && p[1] == '"')); p++) {
            buf_char(&field, *p);
            p += *p == '"';
        }
        ck_assert_msg(p < end, "a quoted field does not end: %.60s", *at);
        p++;
    } else {
        for (; p < end && *p != ',' && *p != '\r'; p++) {
            ck_assert_msg(*p != '"' && *p != '\n', "unquoted %s in a field: %.60s",
                          *p == '"' ? "quote" : "newline", *at);
            buf_char(&field, *p);
        }
    }
    ck_assert_msg(p < end && (*p == ',' || (p + 1 < end && p[0] == '\r' && p[1] == '\n')),
                  "a field ends in neither comma nor CR LF: %.60s", *at);
    *at = p;
    return drive_keep(buf_take(&field));
}

csv read_csv(const char *text, size_t n)
{
    csv c = {0};
    size_t cap = 0, in_row = 0, cells = 0;
    for (const char *at = text, *end = text + n; at < end;) {
        if (cells == cap) {
            cap = cap ? cap * 2 : 256;
            char **more = (char **)drive_keep((char *)MEM_ARRAY(char *, cap));
            if (cells)
                memcpy(more, c.cells, cells * sizeof *more);
            c.cells = more;
        }
        c.cells[cells++] = csv_field(&at, end);
        in_row++;
        if (*at == ',') {
            at++;
            continue;
        }
        at += 2;
        c.columns = c.rows ? c.columns : in_row;
        ck_assert_msg(in_row == c.columns, "row %zu has %zu fields, not %zu", c.rows, in_row, c.columns);
        c.rows++;
        in_row = 0;
    }
    return c;
}

const char *csv_cell(const csv *c, size_t row, const char *column)
{
    ck_assert_uint_lt(row, c->rows);
    for (size_t i = 0; i < c->columns; i++)
        if (strcmp(c->cells[i], column) == 0)
            return c->cells[row * c->columns + i];
    ck_abort_msg("no column %s", column);
    return NULL;
}

/* ---- text ---- */

void assert_harmless(const char *text, size_t n, const char *what)
{
    ck_assert_msg(text_valid(text, n), "%s: not UTF-8", what);
    buf safe;
    buf_init(&safe);
    for (const char *at = text, *end = text + n; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        buf_clear(&safe);
        text_cell(&safe, at, len, false);
        ck_assert_msg(safe.len == len && memcmp(safe.data, at, len) == 0, "%s: not fit for a terminal: %s",
                      what, safe.data);
        at += len + 1;
    }
    buf_done(&safe);
}

size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}
