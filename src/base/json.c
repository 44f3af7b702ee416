#include "base/json.h"
#include "base/text.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_init(json_out *j, buf *out)
{
    *j = (json_out){.out = out};
}

/* Before every value and key. Whether a comma is due needs no stack: it is due after anything that was
 * finished inside a bracket, so the caller may nest as deep as it likes and empty the buf as it goes. */
static void item(json_out *j)
{
    if (j->comma && j->depth && !j->after_key)
        buf_char(j->out, ',');
    j->comma = true;
    j->after_key = false;
}

void json_open(json_out *j, char bracket)
{
    item(j);
    buf_char(j->out, bracket);
    j->depth++;
    j->comma = false;
}

void json_close(json_out *j, char bracket)
{
    if (j->after_key)
        json_none(j); /* a key without a value would not be JSON */
    buf_char(j->out, bracket);
    if (j->depth)
        j->depth--;
    j->comma = true;
}

void json_key(json_out *j, const char *key)
{
    item(j);
    json_quote(j->out, key ? key : "", key ? strlen(key) : 0);
    buf_char(j->out, ':');
    j->after_key = true;
}

void json_str(json_out *j, const char *s)
{
    if (s)
        json_strn(j, s, strlen(s));
    else
        json_none(j);
}

void json_strn(json_out *j, const char *s, size_t n)
{
    item(j);
    json_quote(j->out, s, n);
}

void json_int(json_out *j, int64_t v)
{
    item(j);
    buf_printf(j->out, "%lld", (long long)v);
}

/* 15 digits always survive the way to a double and back, so they are the shortest form if they give the
 * same number; subnormals carry fewer digits and are tried from one up. */
void json_double(json_out *j, double v)
{
    char text[64];
    if (!isfinite(v)) {
        json_none(j);
        return;
    }
    item(j);
    for (int digits = fabs(v) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    bool point = false; /* the locale's decimal point may be a comma, or several bytes */
    for (const char *p = text; *p; p++) {
        if (strchr("0123456789+-e", *p)) {
            buf_char(j->out, *p);
        } else if (!point) {
            buf_char(j->out, '.');
            point = true;
        }
    }
}

void json_bool(json_out *j, bool v)
{
    json_raw(j, v ? "true" : "false");
}

void json_none(json_out *j)
{
    json_raw(j, "null");
}

/* One that needs escaping, or does not belong on a terminal (text_hidden): escaped it is the same JSON, and
 * harmless when somebody prints it. */
static void escape(buf *out, uint32_t cp)
{
    switch (cp) {
    case '"':
        buf_str(out, "\\\"");
        return;
    case '\\':
        buf_str(out, "\\\\");
        return;
    case '\b':
        buf_str(out, "\\b");
        return;
    case '\f':
        buf_str(out, "\\f");
        return;
    case '\n':
        buf_str(out, "\\n");
        return;
    case '\r':
        buf_str(out, "\\r");
        return;
    case '\t':
        buf_str(out, "\\t");
        return;
    default:
        break;
    }
    if (cp >= 0x10000)
        buf_printf(out, "\\u%04x\\u%04x", 0xD800 + ((cp - 0x10000) >> 10), 0xDC00 + ((cp - 0x10000) & 0x3FF));
    else
        buf_printf(out, "\\u%04x", cp);
}

/* In JSON what is not ASCII stands in strings only, so it can be escaped without reading the whole. */
void json_raw(json_out *j, const char *json)
{
    const char *plain = json, *p = json, *end = json + strlen(json);
    item(j);
    while (p < end) {
        uint32_t cp;
        if ((unsigned char)*p < 0x7F) {
            p++;
            continue;
        }
        size_t took = text_decode(p, (size_t)(end - p), &cp);
        if (text_hidden(cp)) {
            buf_add(j->out, plain, (size_t)(p - plain));
            escape(j->out, cp);
            plain = p + took;
        }
        p += took;
    }
    buf_add(j->out, plain, (size_t)(end - plain));
}

void json_quote(buf *out, const char *s, size_t n)
{
    buf_char(out, '"');
    size_t i = 0, plain = 0; /* s[plain..i) goes out as it is */
    while (i < n) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
            i++;
            continue;
        }
        uint32_t cp;
        size_t took = text_decode(s + i, n - i, &cp);
        bool broken = cp == 0xFFFD && !(took == 3 && memcmp(s + i, "\xEF\xBF\xBD", 3) == 0);
        if (cp >= 0x80 && !broken && !text_hidden(cp)) {
            i += took;
            continue;
        }
        buf_add(out, s + plain, i - plain);
        if (broken)
            buf_str(out, "\xEF\xBF\xBD");
        else
            escape(out, cp);
        i += took;
        plain = i;
    }
    buf_add(out, s + plain, n - plain);
    buf_char(out, '"');
}
