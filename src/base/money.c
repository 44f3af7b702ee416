#include "base/money.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ISO 4217 list one: the currencies whose minor unit is not a hundredth. */
static const struct {
    char code[4];
    int digits;
} odd[] = {
    {"BIF", 0}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"ISK", 0}, {"JPY", 0}, {"KMF", 0},
    {"KRW", 0}, {"PYG", 0}, {"RWF", 0}, {"UGX", 0}, {"UYI", 0}, {"VND", 0}, {"VUV", 0},
    {"XAF", 0}, {"XOF", 0}, {"XPF", 0}, {"BHD", 3}, {"IQD", 3}, {"JOD", 3}, {"KWD", 3},
    {"LYD", 3}, {"OMR", 3}, {"TND", 3}, {"CLF", 4}, {"UYW", 4},
};

int money_digits(const char *currency)
{
    for (size_t i = 0; currency && i < sizeof odd / sizeof *odd; i++)
        if (strcmp(odd[i].code, currency) == 0)
            return odd[i].digits;
    return 2;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_code(const char *s)
{
    return s && is_upper(s[0]) && is_upper(s[1]) && is_upper(s[2]) && !s[3];
}

void money_format(int64_t minor, const char *currency, bool grouped, char out[48])
{
    uint64_t left = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    int digits = money_digits(currency), written = 0;
    char text[48];
    size_t at = sizeof text - 1;
    text[at] = '\0';
    /* From the last digit to the first; at least one before the point. */
    while (left || written <= digits) {
        if (digits && written == digits)
            text[--at] = '.';
        if (grouped && written > digits && (written - digits) % 3 == 0)
            text[--at] = ',';
        text[--at] = (char)('0' + left % 10);
        left /= 10;
        written++;
    }
    if (minor < 0)
        text[--at] = '-';
    snprintf(out, 48, "%.40s %s", text + at, is_code(currency) ? currency : "???");
}

/* ---- reading ----------------------------------------------------------------------------------- */

/* A sign that several currencies share means the default currency where that one uses it. */
static const struct {
    const char *sign, *code, *also;
} symbols[] = {
    {"$", "USD", "AUD CAD NZD SGD HKD MXN ARS CLP COP BRL TWD"},
    {"\xE2\x82\xAC", "EUR", ""},
    {"\xC2\xA3", "GBP", "EGP"},
    {"\xC2\xA5", "JPY", "CNY"},
};

typedef struct amount {
    char whole[64], cents[16], currency[4];
    size_t n_whole, n_cents;
    bool negative;
} amount;

static bool skip(const char **s, const char *what)
{
    size_t n = strlen(what);
    if (strncmp(*s, what, n) != 0)
        return false;
    *s += n;
    return true;
}

/* Spaces, no-break and narrow no-break ones included. */
static void skip_space(const char **s)
{
    while (skip(s, " ") || skip(s, "\t") || skip(s, "\xC2\xA0") || skip(s, "\xE2\x80\xAF"))
        ;
}

static bool read_currency(const char **s, const char *usual, amount *a)
{
    char code[4] = "";
    for (int i = 0; i < 3; i++) {
        char c = (*s)[i];
        code[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (!is_upper(code[i]))
            code[i] = '\0';
        if (!code[i])
            break;
    }
    if (is_code(code) && !a->currency[0]) {
        memcpy(a->currency, code, 4);
        *s += 3;
        return true;
    }
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols && !a->currency[0]; i++) {
        if (!skip(s, symbols[i].sign))
            continue;
        bool shared = is_code(usual) && strstr(symbols[i].also, usual);
        memcpy(a->currency, shared ? usual : symbols[i].code, 4);
        return true;
    }
    return false;
}

/* Whether a separator at s stands before exactly three digits: it groups. */
static bool groups(const char *s)
{
    return is_digit(s[0]) && is_digit(s[1]) && is_digit(s[2]) && !is_digit(s[3]);
}

/* A comma or point is the decimal one when it is the last of the number and is not plainly a grouping comma
 * ("1,234"; "1.234" is read as a decimal, and then has too many digits for most currencies). */
static bool is_decimal(const char *s, bool grouped_by_it)
{
    char c = *s++;
    if (grouped_by_it)
        return false;
    for (const char *p = s; is_digit(*p) || *p == '.' || *p == ','; p++)
        if (!is_digit(*p) && (*p != c || groups(s)))
            return false;
    return c == '.' || !groups(s);
}

static bool read_number(const char **s, amount *a)
{
    char group = '\0';
    while (is_digit(**s)) {
        if (a->n_whole + 1 >= sizeof a->whole)
            return false;
        a->whole[a->n_whole++] = *(*s)++;
        const char *at = *s;
        if (is_digit(*at))
            continue;
        bool comma = *at == ',' || *at == '.';
        if (comma && is_decimal(at, group == *at))
            break;
        if (comma || *at == '\'') {
            at++;
        } else {
            skip_space(&at);
            if (at == *s)
                break;
        }
        char sign = **s;
        if (!groups(at) || (group && group != sign)) {
            if (comma)
                return false; /* "1,23,45": guessing would be worse */
            break;
        }
        group = sign;
        *s = at;
    }
    if (**s != '.' && **s != ',')
        return a->n_whole > 0;
    for ((*s)++; is_digit(**s); (*s)++) {
        if (a->n_cents + 1 >= sizeof a->cents)
            return false;
        a->cents[a->n_cents++] = **s;
    }
    return a->n_whole + a->n_cents > 0 && a->n_cents > 0;
}

static bool read_amount(const char *s, const char *usual, amount *a)
{
    skip_space(&s);
    a->negative = skip(&s, "-") || skip(&s, "\xE2\x88\x92");
    if (read_currency(&s, usual, a))
        skip_space(&s);
    if (!a->negative)
        a->negative = skip(&s, "-") || skip(&s, "\xE2\x88\x92");
    if (!is_digit(*s) && !(*s == '.' && is_digit(s[1])))
        return false;
    if (!read_number(&s, a))
        return false;
    skip_space(&s);
    if (read_currency(&s, usual, a))
        skip_space(&s);
    return !*s;
}

static bool to_minor(const amount *a, int digits, int64_t *ret)
{
    int64_t minor = 0;
    for (size_t i = 0; i < a->n_whole + (size_t)digits; i++) {
        size_t c = i - a->n_whole;
        char digit = i < a->n_whole ? a->whole[i] : c < a->n_cents ? a->cents[c] : '0';
        int add = a->negative ? -(digit - '0') : digit - '0'; /* downwards, so that INT64_MIN fits */
        if (__builtin_mul_overflow(minor, 10, &minor) || __builtin_add_overflow(minor, add, &minor))
            return false;
    }
    *ret = minor;
    return true;
}

bool money_parse(const char *s, const char *default_currency, int64_t *ret_minor, char ret_currency[4],
                 err *e)
{
    amount a = {.n_whole = 0};
    int64_t minor;
    const char *shown = s ? s : "";
    if (!s || !read_amount(s, default_currency, &a))
        return err_set(e, ERR_INPUT, "\"%.40s\" is not an amount like 12.50 or 12.50 USD", shown);
    const char *currency = a.currency[0] ? a.currency : default_currency;
    if (!is_code(currency))
        return err_set(e, ERR_INPUT, "\"%.40s\" does not say its currency; write it like 12.50 USD", shown);
    int digits = money_digits(currency);
    if (a.n_cents > (size_t)digits)
        return err_set(e, ERR_INPUT, "\"%.40s\" has %zu digits after the point; %s has %d", shown, a.n_cents,
                       currency, digits);
    if (!to_minor(&a, digits, &minor))
        return err_set(e, ERR_INPUT, "\"%.40s\" is larger than any amount that is kept here", shown);
    *ret_minor = minor;
    memcpy(ret_currency, currency, 4);
    return true;
}
