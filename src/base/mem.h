/* mem: allocation that cannot fail quietly. Out of memory ends the program with one sentence, after the
 * hook (which restores the terminal) ran; so callers need no branch for it. Sizes multiply checked. */
#ifndef SHOWX_BASE_MEM_H
#define SHOWX_BASE_MEM_H

#include <stddef.h>

void *mem_new(size_t count, size_t size) __attribute__((returns_nonnull)); /* zeroed; freed with free() */
void *mem_grow(void *old, size_t count, size_t size)
    __attribute__((returns_nonnull));    /* realloc, new part not zeroed */
char *mem_str(const char *s);            /* copy; NULL gives NULL */
char *mem_strn(const char *s, size_t n); /* copy of n bytes, terminated */
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void mem_on_exhausted(void (*hook)(void)); /* runs before the sentence is printed */

#define MEM_NEW(type) ((type *)mem_new(1, sizeof(type)))
#define MEM_ARRAY(type, n) ((type *)mem_new((n), sizeof(type)))

/* Makes room for one more element in a growing array: `MEM_ROOM(v->items, v->n, v->cap)`. */
#define MEM_ROOM(items, n, cap)                                                                              \
    ((n) < (cap) ? (void)0                                                                                   \
                 : (void)((cap) = (cap) ? (cap)*2 : 8, (items) = mem_grow((items), (cap), sizeof *(items))))

#endif
