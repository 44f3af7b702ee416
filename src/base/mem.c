#include "base/mem.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic(void (*)(void)) exhausted_hook;

void mem_on_exhausted(void (*hook)(void))
{
    atomic_store(&exhausted_hook, hook);
}

static _Noreturn void exhausted(void)
{
    static const char sentence[] = "showx: out of memory; nothing was saved by the step that was running\n";
    void (*hook)(void) = atomic_exchange(&exhausted_hook, NULL); /* a hook that allocates must not loop */
    if (hook)
        hook();
    ssize_t ignored = write(STDERR_FILENO, sentence, sizeof sentence - 1);
    (void)ignored;
    _exit(1); /* atexit handlers may allocate */
}

void *mem_new(size_t count, size_t size)
{
    void *p = count && size ? calloc(count, size) : calloc(1, 1);
    if (!p)
        exhausted();
    return p;
}

void *mem_grow(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
        exhausted();
    void *p = realloc(old, bytes ? bytes : 1);
    if (!p)
        exhausted();
    return p;
}

char *mem_str(const char *s)
{
    return s ? mem_strn(s, strlen(s)) : NULL;
}

char *mem_strn(const char *s, size_t n)
{
    if (n == SIZE_MAX)
        exhausted();
    char *copy = mem_grow(NULL, n + 1, 1);
    if (n)
        memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *mem_printf(const char *format, ...)
{
    char *s = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&s, format, args);
    va_end(args);
    if (n < 0)
        exhausted();
    return s;
}
