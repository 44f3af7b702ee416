/* lines: a text file line by line, in the memory of its longest line, which is bounded. */
#ifndef SHOWX_LEGACY_LINES_H
#define SHOWX_LEGACY_LINES_H

#include "base/err.h"
#include "base/job.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    LINE_GOT,
    LINE_CUT,  /* the last one, without its LF */
    LINE_LONG, /* longer than the most allowed: s is its beginning, the rest was read past */
    LINE_END,
    LINE_FAILED /* the file cannot be read on; errno says why */
} line_got;

typedef struct lines {
    int fd;
    bool shared; /* others append to it under an exclusive flock: a line is only cut if no writer is at it */
    char *data;
    size_t cap, pos, len, most;
    bool ended;
    uint64_t number; /* of the last line, from 1 */
    stop *
        halt; /* may be NULL: else a read that waits for its writer ends when asked to (LINE_FAILED, ECANCELED) */
} lines;

void lines_open(lines *l, int fd, bool shared, size_t most); /* takes fd */
line_got lines_next(lines *l, const char **ret_s,
                    size_t *ret_n); /* without LF; borrowed until the next call */
/* The end was not the last word: the next call reads on, with the n bytes of a LINE_CUT before what it finds. */
void lines_again(lines *l, size_t n);
/* How far the file was handed out, in bytes; -1 where it cannot be told (a pipe). */
int64_t lines_at(const lines *l);
void lines_close(lines *l);

/* flock, given up after a while (ERR_TIMEOUT): whoever holds it may hang. kind is LOCK_SH or LOCK_EX. */
bool lines_lock(int fd, int kind, int most_ms, err *e);

#endif
