#include "legacy/jsonin.h"
#include "base/text.h"
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

void jsonin_init(jsonin *j, const char *s, size_t n)
{
    buf_init(&j->text);
    jsonin_again(j, s, n);
}

void jsonin_done(jsonin *j)
{
    buf_done(&j->text);
}

void jsonin_again(jsonin *j, const char *s, size_t n)
{
    j->start = j->p = s;
    j->end = s + n;
    j->why = NULL;
}

static bool fail(jsonin *j, const char *why)
{
    if (!j->why)
        j->why = why;
    return false;
}

size_t jsonin_at(const jsonin *j)
{
    return (size_t)(j->p - j->start);
}

char jsonin_peek(jsonin *j)
{
    while (j->p < j->end && (*j->p == ' ' || *j->p == '\t' || *j->p == '\n' || *j->p == '\r'))
        j->p++;
    return j->p < j->end ? *j->p : '\0';
}

bool jsonin_take(jsonin *j, char c)
{
    if (jsonin_peek(j) != c || j->p == j->end)
        return false;
    j->p++;
    return true;
}

static const char *expected(char c)
{
    switch (c) {
    case '{':
        return "an object ({) is missing";
    case '}':
        return "a } or , is missing";
    case ']':
        return "a ] or , is missing";
    case '[':
        return "an array ([) is missing";
    case '"':
        return "a string is missing";
    default:
        return "a : is missing";
    }
}

bool jsonin_need(jsonin *j, char c)
{
    if (jsonin_take(j, c))
        return true;
    return fail(j, j->p == j->end ? "it ends in the middle" : expected(c));
}

bool jsonin_word(jsonin *j, const char *word)
{
    size_t n = strlen(word);
    if (jsonin_peek(j) != *word || (size_t)(j->end - j->p) < n || memcmp(j->p, word, n) != 0)
        return false;
    j->p += n;
    return true;
}

static bool hex4(jsonin *j, uint32_t *ret)
{
    uint32_t v = 0;
    if (j->end - j->p < 4)
        return fail(j, "it ends in the middle");
    for (int i = 0; i < 4; i++) {
        char c = *j->p++;
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 16;
        if (digit > 15)
            return fail(j, "a \\u escape is not four hexadecimal digits");
        v = v << 4 | digit;
    }
    *ret = v;
    return true;
}

/* After the \u. */
static bool unicode(jsonin *j)
{
    uint32_t cp = 0, low = 0;
    char bytes[4];
    if (!hex4(j, &cp))
        return false;
    if (cp == 0)
        return fail(j, "a string holds NUL (\\u0000), which Postgres cannot keep");
    if (cp >= 0xDC00 && cp <= 0xDFFF)
        return fail(j, "a string holds half a surrogate pair");
    if (cp >= 0xD800 && cp <= 0xDBFF) {
        if (j->end - j->p < 2 || j->p[0] != '\\' || j->p[1] != 'u')
            return fail(j, "a string holds half a surrogate pair");
        j->p += 2;
        if (!hex4(j, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return fail(j, "a string holds half a surrogate pair");
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
    }
    buf_add(&j->text, bytes, text_encode(cp, bytes));
    return true;
}

/* After the backslash. */
static bool escape(jsonin *j)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (j->p == j->end)
        return fail(j, "it ends in the middle");
    char c = *j->p++;
    if (c == 'u')
        return unicode(j);
    const char *found = c ? strchr(from, c) : NULL;
    if (!found)
        return fail(j, "an escape is unknown");
    buf_char(&j->text, to[found - from]);
    return true;
}

/* Up to the next quote or backslash; *ascii is cleared when there is more than ASCII in it. */
static const char *plain(const char *p, const char *end, bool *ascii)
{
    unsigned char all = 0;
    for (; p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20; p++)
        all |= (unsigned char)*p;
    if (all & 0x80)
        *ascii = false;
    return p;
}

bool jsonin_string(jsonin *j, jsonin_text *ret)
{
    if (!jsonin_need(j, '"'))
        return false;
    bool ascii = true, escaped = false;
    const char *from = j->p;
    for (;;) {
        const char *stop = plain(j->p, j->end, &ascii);
        if (stop == j->end)
            return fail(j, "a string has no end");
        bool end = *stop == '"';
        if ((unsigned char)*stop < 0x20) {
            j->p = stop;
            return fail(j, "a string holds a bare control character");
        }
        if (!end && !escaped)
            buf_clear(&j->text);
        escaped = escaped || !end;
        if (escaped)
            buf_add(&j->text, j->p, (size_t)(stop - j->p));
        *ret =
            escaped ? (jsonin_text){j->text.data, j->text.len} : (jsonin_text){from, (size_t)(stop - from)};
        j->p = stop + 1;
        if (end)
            break;
        if (!escape(j))
            return false;
    }
    return ascii || text_valid(ret->s, ret->n) || fail(j, "a string is not valid UTF-8");
}

static size_t digits(jsonin *j)
{
    const char *from = j->p;
    while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
        j->p++;
    return (size_t)(j->p - from);
}

bool jsonin_number(jsonin *j, jsonin_text *ret, bool *ret_whole)
{
    static const char wrong[] = "a number is not written as JSON writes numbers";
    jsonin_peek(j);
    const char *from = j->p;
    bool whole = true;
    if (j->p < j->end && *j->p == '-')
        j->p++;
    const char *first = j->p;
    size_t n = digits(j);
    if (n == 0 || (n > 1 && *first == '0'))
        return fail(j, wrong);
    if (j->p < j->end && *j->p == '.') {
        j->p++;
        whole = false;
        if (digits(j) == 0)
            return fail(j, wrong);
    }
    if (j->p < j->end && (*j->p == 'e' || *j->p == 'E')) {
        j->p++;
        whole = false;
        if (j->p < j->end && (*j->p == '+' || *j->p == '-'))
            j->p++;
        if (digits(j) == 0)
            return fail(j, wrong);
    }
    *ret = (jsonin_text){from, (size_t)(j->p - from)};
    *ret_whole = whole;
    return true;
}

bool jsonin_member(jsonin *j, bool *first, jsonin_text *ret_key)
{
    if (j->why)
        return false;
    if (*first && jsonin_take(j, '}'))
        return false;
    if (!*first && !jsonin_take(j, ',')) {
        jsonin_need(j, '}');
        return false;
    }
    *first = false;
    return jsonin_string(j, ret_key) && jsonin_need(j, ':');
}

bool jsonin_element(jsonin *j, bool *first)
{
    if (j->why)
        return false;
    if (*first && jsonin_take(j, ']'))
        return false;
    if (!*first && !jsonin_take(j, ',')) {
        jsonin_need(j, ']');
        return false;
    }
    *first = false;
    return true;
}

static bool skip(jsonin *j, unsigned depth)
{
    jsonin_text t;
    bool first = true, whole;
    if (depth == 0)
        return fail(j, "it is nested too deeply");
    switch (jsonin_peek(j)) {
    case '{':
        for (j->p++; jsonin_member(j, &first, &t);)
            if (!skip(j, depth - 1))
                return false;
        return !j->why;
    case '[':
        for (j->p++; jsonin_element(j, &first);)
            if (!skip(j, depth - 1))
                return false;
        return !j->why;
    case '"':
        return jsonin_string(j, &t);
    default:
        return jsonin_word(j, "null") || jsonin_word(j, "true") || jsonin_word(j, "false") ||
               jsonin_number(j, &t, &whole) || fail(j, "a value is missing");
    }
}

bool jsonin_skip(jsonin *j)
{
    return skip(j, JSONIN_MAX_DEPTH);
}

static bool pass_string(jsonin *j)
{
    for (j->p++; j->p < j->end && *j->p != '"'; j->p++)
        if (*j->p == '\\' && j->p + 1 < j->end)
            j->p++;
    if (j->p == j->end)
        return fail(j, "it ends in the middle");
    j->p++;
    return true;
}

/* A number or a word, or what is in its place. */
static bool pass_word(jsonin *j)
{
    const char *from = j->p;
    while (j->p < j->end && !strchr(",:]}[{\" \t\r\n", *j->p))
        j->p++;
    return j->p > from || fail(j, j->p == j->end ? "it ends in the middle" : "a value is missing");
}

static bool pass_nested(jsonin *j)
{
    char open[JSONIN_PASS_DEPTH];
    size_t depth = 0;
    do {
        char c = jsonin_peek(j);
        if (j->p == j->end)
            return fail(j, "it ends in the middle");
        if (c == '"') {
            if (!pass_string(j))
                return false;
            continue;
        }
        j->p++;
        if (c == '{' || c == '[') {
            if (depth == sizeof open)
                return fail(j, "it is nested too deeply");
            open[depth++] = c;
        } else if (c == '}' || c == ']') {
            if (depth == 0 || open[--depth] != (c == '}' ? '{' : '['))
                return fail(j, "its brackets do not match");
        }
    } while (depth > 0);
    return true;
}

bool jsonin_pass(jsonin *j, jsonin_text *ret)
{
    char c = jsonin_peek(j);
    const char *from = j->p;
    if (c == '{' || c == '[' ? !pass_nested(j) : c == '"' ? !pass_string(j) : !pass_word(j))
        return false;
    if (ret)
        *ret = (jsonin_text){from, (size_t)(j->p - from)};
    return true;
}

bool jsonin_end(jsonin *j)
{
    jsonin_peek(j);
    return j->p == j->end || fail(j, "something follows after its end");
}

bool jsonin_is(jsonin_text t, const char *word)
{
    return strlen(word) == t.n && memcmp(t.s, word, t.n) == 0;
}

bool jsonin_int(jsonin_text t, int64_t *ret)
{
    int64_t v = 0;
    size_t i = t.n > 0 && t.s[0] == '-';
    bool negative = i == 1;
    if (i == t.n)
        return false;
    for (; i < t.n; i++) {
        if (t.s[i] < '0' || t.s[i] > '9')
            return false;
        int digit = t.s[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v))
            return false; /* counted downwards: the lowest int64 has no positive twin */
    }
    if (!negative && v == INT64_MIN)
        return false;
    *ret = negative ? v : -v;
    return true;
}

static locale_t c_locale;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

bool jsonin_double(jsonin_text t, double *ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char small[64], *copy = small, *end;
    pthread_once(&once, make_c_locale);
    if (t.n >= sizeof small && !(copy = malloc(t.n + 1)))
        return false;
    memcpy(copy, t.s, t.n);
    copy[t.n] = '\0';
    double v = strtod_l(copy, &end, c_locale); /* a person's locale may write the point as a comma */
    bool ok = t.n > 0 && end == copy + t.n && isfinite(v);
    if (copy != small)
        free(copy);
    if (ok)
        *ret = v;
    return ok;
}
