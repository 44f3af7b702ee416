#include "base/buf.h"
#include "base/mem.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef BUF_START
#define BUF_START 64
#endif

/* What an empty buf points to; cap 0 says that it is not ours to write or free. */
static char nothing[1];

void buf_init(buf *b)
{
    *b = (buf){.data = nothing};
}

void buf_done(buf *b)
{
    if (b->cap)
        free(b->data);
    buf_init(b);
}

void buf_clear(buf *b)
{
    b->len = 0;
    if (b->cap)
        b->data[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static void room(buf *b, size_t n)
{
    size_t need, cap = b->cap ? b->cap : BUF_START;
    if (__builtin_add_overflow(b->len, n, &need) || __builtin_add_overflow(need, 1, &need))
        need = SIZE_MAX; /* mem_grow ends the program with its sentence */
    if (need <= b->cap)
        return;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    b->data = mem_grow(b->cap ? b->data : NULL, cap, 1);
    b->cap = cap;
    b->data[b->len] = '\0';
}

void buf_add(buf *b, const void *bytes, size_t n)
{
    if (n == 0)
        return;
    room(b, n);
    memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_str(buf *b, const char *s)
{
    if (s)
        buf_add(b, s, strlen(s));
}

void buf_char(buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

void buf_vprintf(buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    room(b, 0);
    size_t left = b->cap - b->len;
    int n = vsnprintf(b->data + b->len, left, format, args);
    if (n >= 0 && (size_t)n >= left) {
        room(b, (size_t)n);
        vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
    }
    va_end(again);
    if (n > 0)
        b->len += (size_t)n;
    b->data[b->len] = '\0';
}

char *buf_take(buf *b)
{
    char *s = b->cap ? b->data : mem_new(1, 1);
    buf_init(b);
    return s;
}
