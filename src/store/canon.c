/* The canonical text of values. Postgres and SQLite write the same number, instant or JSON in different
 * words; everything goes through here, so that an answer is the same online and offline, byte for byte. */
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "store/private.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ---- */

typedef struct decimal {
    bool negative;
    buf digits; /* significant ones: no zero at either end */
    long point; /* the value is 0.DIGITS * 10^point */
} decimal;

static bool read_digits(decimal *d, const char *s, size_t n, size_t *at)
{
    bool point = false, any = false;
    for (; *at < n; (*at)++) {
        char c = s[*at];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            any = true;
            if (d->digits.len || c != '0')
                buf_char(&d->digits, c);
            if (point)
                d->point -= d->digits.len == 0; /* zeros behind the point, before the first digit */
            else
                d->point += d->digits.len != 0;
        } else {
            break;
        }
    }
    return any;
}

static bool read_exponent(decimal *d, const char *s, size_t n, size_t at)
{
    if (at == n)
        return true;
    if (s[at] != 'e' && s[at] != 'E')
        return false;
    char text[24];
    size_t len = n - at - 1;
    if (len == 0 || len >= sizeof text)
        return false;
    memcpy(text, s + at + 1, len);
    text[len] = '\0';
    char *end;
    d->point += strtol(text, &end, 10);
    return *end == '\0';
}

static bool read_decimal(decimal *d, const char *s, size_t n)
{
    size_t at = 0;
    if (n > 0 && (s[0] == '-' || s[0] == '+')) {
        d->negative = s[0] == '-';
        at = 1;
    }
    if (!read_digits(d, s, n, &at) || !read_exponent(d, s, n, at))
        return false;
    while (d->digits.len && d->digits.data[d->digits.len - 1] == '0')
        d->digits.data[--d->digits.len] = '\0';
    return true;
}

static void zeros(buf *out, long n)
{
    for (; n > 0; n--)
        buf_char(out, '0');
}

static void write_decimal(buf *out, const decimal *d)
{
    const char *digits = d->digits.data;
    long n = (long)d->digits.len, whole = d->point;
    if (n == 0) {
        buf_char(out, '0');
        return;
    }
    if (d->negative)
        buf_char(out, '-');
    if (whole < -5 || whole > 21) {
        buf_char(out, digits[0]);
        if (n > 1)
            buf_printf(out, ".%s", digits + 1);
        buf_printf(out, "e%+ld", whole - 1);
    } else if (whole <= 0) {
        buf_str(out, "0.");
        zeros(out, -whole);
        buf_str(out, digits);
    } else if (n <= whole) {
        buf_str(out, digits);
        zeros(out, whole - n);
    } else {
        buf_add(out, digits, (size_t)whole);
        buf_printf(out, ".%s", digits + whole);
    }
}

void canon_number(buf *out, const char *s, size_t n)
{
    decimal d = {0};
    buf_init(&d.digits);
    if (read_decimal(&d, s, n))
        write_decimal(out, &d);
    else
        buf_add(out, s, n);
    buf_done(&d.digits);
}

void canon_real(buf *out, double v)
{
    char text[64], plain[64];
    size_t n = 0;
    if (!isfinite(v)) {
        buf_str(out, isnan(v) ? "NaN" : v > 0 ? "Infinity" : "-Infinity");
        return;
    }
    for (int digits = 14; digits <= 16; digits++) {
        snprintf(text, sizeof text, "%.*e", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    bool point = false; /* the locale's may be a comma, or several bytes */
    for (const char *p = text; *p; p++) {
        if (strchr("0123456789+-e", *p))
            plain[n++] = *p;
        else if (!point)
            plain[n++] = '.', point = true;
    }
    canon_number(out, plain, n);
}

void canon_bool(buf *out, bool v)
{
    buf_str(out, v ? "true" : "false");
}

/* ---- instants ---- */

void canon_time(buf *out, const char *s, size_t n)
{
    char text[64], made[32];
    int64_t us;
    if (n + 4 >= sizeof text) {
        buf_add(out, s, n);
        return;
    }
    memcpy(text, s, n);
    text[n] = '\0';
    if (n > 3 && (text[n - 3] == '+' || text[n - 3] == '-') && strchr(text, ':'))
        memcpy(text + n, ":00", 4); /* Postgres leaves the minutes of an offset out */
    if (time_parse(text, &us, NULL)) {
        time_format(us, made);
        buf_str(out, made);
    } else {
        buf_add(out, s, n); /* infinity, or before the year 1 */
    }
}

/* ---- JSON ---- */

void canon_json(buf *out, const char *s, size_t n)
{
    bool quoted = false;
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        if (quoted && s[i] == '\\') {
            i++;
        } else if (s[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && strchr(" \t\r\n", s[i]) && s[i]) {
            buf_add(out, s + from, i - from);
            from = i + 1;
        }
    }
    if (from < n)
        buf_add(out, s + from, n - from);
}

/* ---- rows ---- */

void canon_row_init(canon_row *r, size_t n)
{
    r->cells = MEM_ARRAY(store_cell, n + 1);
    r->offset = MEM_ARRAY(size_t, n + 1);
    r->n = n;
    buf_init(&r->made);
}

void canon_row_done(canon_row *r)
{
    free(r->cells);
    free(r->offset);
    buf_done(&r->made);
    *r = (canon_row){0};
    buf_init(&r->made);
}

void canon_row_clear(canon_row *r)
{
    buf_clear(&r->made);
    r->begun = false;
}

void canon_row_as_is(canon_row *r, size_t column, const char *text, size_t len)
{
    r->cells[column] = (store_cell){text, text ? len : 0};
    r->offset[column] = SIZE_MAX;
}

void canon_row_from(canon_row *r, size_t column)
{
    if (r->begun)
        buf_char(&r->made, '\0'); /* ends the cell before */
    r->begun = true;
    r->offset[column] = r->made.len;
}

/* The buffer moves while it grows, so places become pointers only now. A made cell ends where the next made
 * one begins, less the NUL between them. */
const store_cell *canon_row_cells(canon_row *r)
{
    size_t end = r->made.len;
    for (size_t i = r->n; i-- > 0;) {
        if (r->offset[i] == SIZE_MAX)
            continue;
        r->cells[i] = (store_cell){r->made.data + r->offset[i], end - r->offset[i]};
        end = r->offset[i] ? r->offset[i] - 1 : 0;
    }
    return r->cells;
}
