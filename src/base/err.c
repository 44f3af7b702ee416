#undef STATIC_ANALYSIS /* the functions themselves are made here */
#include "base/err.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence that was cut must not end inside a UTF-8 character: half a character shows as a mark. */
static void cut(char *text, size_t size)
{
    size_t n = size - 1;
    while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--;
    if (n == 0)
        return; /* nothing but continuation bytes: not UTF-8, leave it to text_cell */
    unsigned char lead = (unsigned char)text[n - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (n - 1 + need > size - 1)
        text[n - 1] = '\0';
}

static void set(err *e, err_kind kind, const char *format, va_list args)
{
    char text[sizeof e->text]; /* the arguments may point into e */
    int n = vsnprintf(text, sizeof text, format, args);
    if (n < 0)
        text[0] = '\0';
    else if ((size_t)n >= sizeof text)
        cut(text, sizeof text);
    e->kind = kind;
    memcpy(e->text, text, sizeof text);
}

bool err_set(err *e, err_kind kind, const char *format, ...)
{
    if (!e)
        return false;
    va_list args;
    va_start(args, format);
    set(e, kind, format, args);
    va_end(args);
    return false;
}

bool err_wrap(err *e, const char *format, ...)
{
    if (!e)
        return false;
    char old[sizeof e->text];
    memcpy(old, e->text, sizeof old);
    va_list args;
    va_start(args, format);
    set(e, e->kind, format, args);
    va_end(args);
    char prefix[sizeof e->text];
    memcpy(prefix, e->text, sizeof prefix);
    return err_set(e, e->kind, "%s: %s", prefix, old);
}

bool err_errno(err *e, const char *format, ...)
{
    int number = errno;
    if (!e)
        return false;
    va_list args;
    va_start(args, format);
    set(e, ERR_FAILED, format, args);
    va_end(args);
    char what[sizeof e->text], why[128];
    memcpy(what, e->text, sizeof what);
    err_set(e, ERR_FAILED, "%s: %s", what, strerror_r(number, why, sizeof why));
    errno = number;
    return false;
}

static const struct {
    const char *word;
    int exit_code;
} kinds[] = {
    [ERR_NONE] = {"none", 0},
    [ERR_FAILED] = {"failed", 1},
    [ERR_USAGE] = {"usage", 2},
    [ERR_CONNECT] = {"connect", 3},
    [ERR_REFUSED] = {"refused", 4},
    [ERR_CONFLICT] = {"conflict", 4},
    [ERR_CANCELLED] = {"cancelled", 130},
    [ERR_TIMEOUT] = {"timeout", 1},
    [ERR_UNKNOWN] = {"unknown", 1},
    [ERR_INPUT] = {"input", 1},
    [ERR_MISSING] = {"missing", 1},
};

int err_exit_code(err_kind kind)
{
    return (size_t)kind < sizeof kinds / sizeof *kinds ? kinds[kind].exit_code : 1;
}

const char *err_word(err_kind kind)
{
    return (size_t)kind < sizeof kinds / sizeof *kinds ? kinds[kind].word : "failed";
}
