/* buf: a growable string of bytes, always NUL-terminated, may hold NULs. buf_init borrows nothing and
 * allocates nothing; buf_done frees. The tests build with a starting size of 4. */
#ifndef SHOWX_BASE_BUF_H
#define SHOWX_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

typedef struct buf {
    char *data; /* never NULL after buf_init: "" when empty; owned */
    size_t len, cap;
} buf;

void buf_init(buf *b);
void buf_done(buf *b);
void buf_clear(buf *b); /* len = 0, keeps the memory */
void buf_add(buf *b, const void *bytes, size_t n);
void buf_str(buf *b, const char *s); /* NULL adds nothing */
void buf_char(buf *b, char c);
void buf_printf(buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(buf *b, const char *format, va_list args);
char *buf_take(buf *b); /* the string, now the caller's to free(); b is empty again */

#endif
