#include "legacy/typed.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char map_open[] = "{\"mapValue\":{\"fields\":{", array_open[] = "{\"arrayValue\":{\"values\":[";

void typed_null(buf *out)
{
    buf_str(out, "{\"nullValue\":null}");
}

void typed_bool(buf *out, bool v)
{
    buf_str(out, v ? "{\"booleanValue\":true}" : "{\"booleanValue\":false}");
}

void typed_int(buf *out, int64_t v)
{
    char text[64];
    int n = snprintf(text, sizeof text, "{\"integerValue\":\"%lld\"}", (long long)v);
    buf_add(out, text, (size_t)n);
}

static void real(buf *out, double v)
{
    json_out j;
    json_init(&j, out);
    json_double(&j, v);
}

void typed_double(buf *out, double v)
{
    buf_str(out, "{\"doubleValue\":");
    if (isfinite(v))
        real(out, v);
    else
        buf_str(out, isnan(v) ? "\"NaN\"" : v > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    buf_char(out, '}');
}

bool typed_time_ok(int64_t us)
{
    const int64_t first = INT64_C(-62135596800000000), behind = INT64_C(253402300800000000);
    return us >= first && us < behind;
}

void typed_time(buf *out, int64_t us)
{
    char text[32];
    time_format(us, text);
    buf_str(out, "{\"timestampValue\":\"");
    buf_str(out, text);
    buf_str(out, "\"}");
}

bool typed_text_ok(const char *s, size_t n)
{
    return n == 0 || (!memchr(s, '\0', n) && text_valid(s, n));
}

static void quoted(buf *out, const char *open, const char *s, size_t n)
{
    buf_str(out, open);
    json_quote(out, s, n);
    buf_char(out, '}');
}

void typed_string(buf *out, const char *s, size_t n)
{
    quoted(out, "{\"stringValue\":", s, n);
}

void typed_reference(buf *out, const char *name, size_t n)
{
    quoted(out, "{\"referenceValue\":", name, n);
}

void typed_bytes(buf *out, const void *bytes, size_t n)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = bytes;
    buf_str(out, "{\"bytesValue\":\"");
    for (size_t i = 0; i < n; i += 3) {
        size_t have = n - i < 3 ? n - i : 3;
        unsigned v =
            (unsigned)p[i] << 16 | (have > 1 ? (unsigned)p[i + 1] << 8 : 0) | (have > 2 ? p[i + 2] : 0);
        char four[4] = {digit[v >> 18], digit[v >> 12 & 63], have > 1 ? digit[v >> 6 & 63] : '=',
                        have > 2 ? digit[v & 63] : '='};
        buf_add(out, four, 4);
    }
    buf_str(out, "\"}");
}

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool typed_base64(buf *out, const char *s, size_t n)
{
    size_t padding = 0;
    while (padding < 2 && n > 0 && s[n - 1] == '=')
        n--, padding++;
    if (n % 4 == 1 || (padding && (n + padding) % 4))
        return false;
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < n; i++) {
        int v = sextet(s[i]);
        if (v < 0)
            return false;
        bits = (bits << 6 | (unsigned)v) & 0xfff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_char(out, (char)(bits >> have & 0xff));
        }
    }
    return (bits & ((1u << have) - 1)) == 0; /* bits that no byte takes would be lost */
}

void typed_geo(buf *out, double latitude, double longitude)
{
    buf_str(out, "{\"geoPointValue\":{\"latitude\":");
    real(out, latitude);
    buf_str(out, ",\"longitude\":");
    real(out, longitude);
    buf_str(out, "}}");
}

static void open_with(buf *out, const char *text, size_t *mark)
{
    *mark = out->len;
    buf_str(out, text);
}

static void close_with(buf *out, size_t mark, size_t opened, const char *empty, const char *full)
{
    if (out->len == mark + opened) {
        typed_path_cut(out, mark);
        buf_str(out, empty);
    } else {
        buf_str(out, full);
    }
}

void typed_open_map(buf *out, size_t *mark)
{
    open_with(out, map_open, mark);
}

void typed_close_map(buf *out, size_t mark)
{
    close_with(out, mark, sizeof map_open - 1, "{\"mapValue\":{}}", "}}}");
}

void typed_open_array(buf *out, size_t *mark)
{
    open_with(out, array_open, mark);
}

void typed_close_array(buf *out, size_t mark)
{
    close_with(out, mark, sizeof array_open - 1, "{\"arrayValue\":{}}", "]}}");
}

static bool simple(const char *key, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool letter = (key[i] >= 'a' && key[i] <= 'z') || (key[i] >= 'A' && key[i] <= 'Z') || key[i] == '_';
        if (!letter && !(i > 0 && key[i] >= '0' && key[i] <= '9'))
            return false;
    }
    return n > 0;
}

void typed_path_key(buf *path, const char *key, size_t n)
{
    if (path->len > 0)
        buf_char(path, '.');
    if (simple(key, n)) {
        buf_add(path, key, n);
        return;
    }
    buf_char(path, '`');
    for (size_t i = 0; i < n; i++) {
        if (key[i] == '`' || key[i] == '\\')
            buf_char(path, '\\');
        buf_char(path, key[i]);
    }
    buf_char(path, '`');
}

void typed_path_index(buf *path, size_t index)
{
    buf_printf(path, "[%zu]", index);
}

void typed_path_cut(buf *path, size_t len)
{
    if (len < path->len) {
        path->len = len;
        path->data[len] = '\0';
    }
}
