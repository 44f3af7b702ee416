#include "demo/doc.h"
#include "base/json.h"
#include "base/time.h"
#include <string.h>

bool doc_has(const doc *d, mess_id kind)
{
    return d->plan >> (kind - d->first) & 1;
}

void doc_note(doc *d, mess_id kind)
{
    d->kinds |= UINT64_C(1) << (kind - d->first);
}

bool doc_take(doc *d, mess_id kind)
{
    bool has = doc_has(d, kind);
    if (has)
        doc_note(d, kind);
    return has;
}

/* ---- numbers as text, without printf: most of a document is numbers ---- */

static char *digits_of(uint64_t v, unsigned least, char *end)
{
    unsigned n = 0;
    do {
        *--end = (char)('0' + v % 10);
        v /= 10;
        n++;
    } while (v || n < least);
    return end;
}

static size_t put_digits(char *out, uint64_t v, unsigned least)
{
    char room[24], *end = room + sizeof room, *start = digits_of(v, least, end);
    memcpy(out, start, (size_t)(end - start));
    return (size_t)(end - start);
}

void text_decimal(int64_t v, unsigned digits, bool keep_zeros, char out[32])
{
    size_t n = 0;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, ten = 1;
    if (v < 0)
        out[n++] = '-';
    for (unsigned i = 0; i < digits; i++)
        ten *= 10;
    n += put_digits(out + n, u / ten, 1);
    uint64_t rest = u % ten;
    if (digits && (rest || keep_zeros)) {
        out[n++] = '.';
        n += put_digits(out + n, rest, digits);
        while (!keep_zeros && out[n - 1] == '0')
            n--;
    }
    out[n] = '\0';
}

void text_grouped(int64_t v, char out[32])
{
    char plain[32];
    text_decimal(v, 0, false, plain);
    size_t n = strlen(plain), at = 0;
    for (size_t i = 0; i < n; i++) {
        out[at++] = plain[i];
        if ((n - i - 1) % 3 == 0 && i + 1 < n && plain[i] != '-')
            out[at++] = ',';
    }
    out[at] = '\0';
}

void text_date(int32_t day, char out[16])
{
    int y, m, d;
    time_civil(day, &y, &m, &d);
    size_t n = put_digits(out, (uint64_t)y, 4);
    out[n++] = '-';
    n += put_digits(out + n, (uint64_t)m, 2);
    out[n++] = '-';
    n += put_digits(out + n, (uint64_t)d, 2);
    out[n] = '\0';
}

void text_slash_date(int32_t day, char out[16])
{
    int y, m, d;
    time_civil(day, &y, &m, &d);
    size_t n = put_digits(out, (uint64_t)m, 2);
    out[n++] = '/';
    n += put_digits(out + n, (uint64_t)d, 2);
    out[n++] = '/';
    n += put_digits(out + n, (uint64_t)y, 4);
    out[n] = '\0';
}

void text_instant(int64_t us, char out[32])
{
    const int64_t day_us = INT64_C(86400000000);
    int64_t day = us / day_us - (us % day_us < 0), rest = us - day * day_us;
    text_date((int32_t)day, out);
    size_t n = strlen(out);
    uint64_t s = (uint64_t)(rest / 1000000), fraction = (uint64_t)(rest % 1000000);
    out[n++] = 'T';
    n += put_digits(out + n, s / 3600, 2);
    out[n++] = ':';
    n += put_digits(out + n, s / 60 % 60, 2);
    out[n++] = ':';
    n += put_digits(out + n, s % 60, 2);
    if (fraction) {
        out[n++] = '.';
        n += put_digits(out + n, fraction, 6);
    }
    out[n++] = 'Z';
    out[n] = '\0';
}

/* ---- members ---- */

/* A comma unless this is the first in its bracket, then the key, then what opens the value. */
static void begin(doc *d, const char *key, const char *open)
{
    char last = d->out->len ? d->out->data[d->out->len - 1] : '{';
    if (last != '{' && last != '[')
        buf_char(d->out, ',');
    if (key) {
        buf_char(d->out, '"');
        buf_str(d->out, key);
        buf_add(d->out, "\":", 2);
    }
    buf_str(d->out, open);
}

void doc_s(doc *d, const char *key, const char *value)
{
    begin(d, key, "{\"stringValue\":");
    json_quote(d->out, value, strlen(value));
    buf_char(d->out, '}');
}

void doc_i(doc *d, const char *key, int64_t value)
{
    char text[32];
    text_decimal(value, 0, false, text);
    begin(d, key, "{\"integerValue\":\"");
    buf_str(d->out, text);
    buf_add(d->out, "\"}", 2);
}

void doc_decimal(doc *d, const char *key, int64_t value, unsigned digits)
{
    char text[32];
    text_decimal(value, digits, false, text);
    begin(d, key, "{\"doubleValue\":");
    buf_str(d->out, text);
    buf_char(d->out, '}');
}

void doc_b(doc *d, const char *key, bool value)
{
    begin(d, key, value ? "{\"booleanValue\":true}" : "{\"booleanValue\":false}");
}

void doc_t(doc *d, const char *key, int64_t us)
{
    char text[32];
    text_instant(us, text);
    begin(d, key, "{\"timestampValue\":\"");
    buf_str(d->out, text);
    buf_add(d->out, "\"}", 2);
}

void doc_r(doc *d, const char *key, const char *path)
{
    begin(d, key, "{\"referenceValue\":\"" DOC_PREFIX "/");
    buf_str(d->out, path);
    buf_add(d->out, "\"}", 2);
}

void doc_g(doc *d, const char *key, int32_t lat, int32_t lng)
{
    char text[32];
    begin(d, key, "{\"geoPointValue\":{\"latitude\":");
    text_decimal(lat, 5, false, text);
    buf_str(d->out, text);
    buf_str(d->out, ",\"longitude\":");
    text_decimal(lng, 5, false, text);
    buf_str(d->out, text);
    buf_add(d->out, "}}", 2);
}

void doc_null(doc *d, const char *key)
{
    begin(d, key, "{\"nullValue\":null}");
}

/* An empty map is {"mapValue":{}} in Firestore's JSON, so "fields" is taken back when nothing came. */
#define MAP_OPEN "{\"mapValue\":{\"fields\":{"
#define ARRAY_OPEN "{\"arrayValue\":{\"values\":["

void doc_map(doc *d, const char *key)
{
    begin(d, key, MAP_OPEN);
}

void doc_map_end(doc *d)
{
    if (d->out->data[d->out->len - 1] == '{') {
        d->out->len -= strlen("\"fields\":{");
        buf_add(d->out, "}}", 2);
    } else {
        buf_add(d->out, "}}}", 3);
    }
}

void doc_array(doc *d, const char *key)
{
    begin(d, key, ARRAY_OPEN);
}

void doc_array_end(doc *d)
{
    if (d->out->data[d->out->len - 1] == '[') {
        d->out->len -= strlen("\"values\":[");
        buf_add(d->out, "}}", 2);
    } else {
        buf_add(d->out, "]}}", 3);
    }
}
