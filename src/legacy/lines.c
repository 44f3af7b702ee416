#include "legacy/lines.h"
#include "base/mem.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#ifndef LINES_CHUNK
#define LINES_CHUNK (256u << 10)
#endif

enum { KEPT_OF_LONG = 4096, WRITER_MS = 2000 };

void lines_open(lines *l, int fd, bool shared, size_t most)
{
    *l = (lines){
        .fd = fd, .shared = shared, .most = most, .cap = LINES_CHUNK, .data = mem_new(LINES_CHUNK, 1)};
}

void lines_close(lines *l)
{
    if (l->fd >= 0)
        close(l->fd);
    free(l->data);
    *l = (lines){.fd = -1};
}

bool lines_lock(int fd, int kind, int most_ms, err *e)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    for (int waited = 0; flock(fd, kind | LOCK_NB) != 0; waited += 2) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return err_errno(e, "the change log cannot be locked");
        if (waited >= most_ms)
            return err_set(e, ERR_TIMEOUT, "the change log is locked by another writer");
        nanosleep(&pause, NULL);
    }
    return true;
}

void lines_again(lines *l, size_t n)
{
    l->ended = false;
    l->pos -= n;
    l->number -= n > 0;
}

int64_t lines_at(const lines *l)
{
    off_t at = lseek(l->fd, 0, SEEK_CUR);
    return at < 0 ? -1 : (int64_t)at - (int64_t)(l->len - l->pos);
}

/* Waits until there is something to read, or the end. */
static bool readable(lines *l)
{
    if (!l->halt)
        return true;
    struct pollfd on[2] = {{.fd = l->fd, .events = POLLIN}, {.fd = l->halt->fd, .events = POLLIN}};
    while (!stop_now(l->halt, NULL)) {
        int n = poll(on, 2, stop_poll_ms(l->halt, 1000));
        if (n > 0 && on[0].revents)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
    errno = ECANCELED;
    return false;
}

/* Reads on behind what is held. False at the end and at a failure (then *ret_failed). */
static bool fill(lines *l, bool *ret_failed)
{
    if (l->pos > 0) {
        memmove(l->data, l->data + l->pos, l->len - l->pos);
        l->len -= l->pos;
        l->pos = 0;
    }
    if (l->len == l->cap) {
        l->cap *= 2;
        l->data = mem_grow(l->data, l->cap, 1);
    }
    *ret_failed = !readable(l);
    if (*ret_failed)
        return false;
    ssize_t n;
    do
        n = read(l->fd, l->data + l->len, l->cap - l->len);
    while (n < 0 && errno == EINTR);
    *ret_failed = n < 0;
    if (n > 0)
        l->len += (size_t)n;
    return n > 0;
}

/* At the end in the middle of a line of a shared file: a writer may be in the middle of its write. */
static bool fill_after_writer(lines *l, bool *ret_failed)
{
    if (!l->shared || !lines_lock(l->fd, LOCK_SH, WRITER_MS, NULL))
        return false;
    bool more = fill(l, ret_failed);
    flock(l->fd, LOCK_UN);
    return more;
}

/* Reads past the rest of a line that is too long, keeping its beginning. */
static line_got too_long(lines *l, const char **ret_s, size_t *ret_n)
{
    size_t kept = l->len - l->pos < KEPT_OF_LONG ? l->len - l->pos : KEPT_OF_LONG;
    char beginning[KEPT_OF_LONG];
    const char *lf;
    bool failed = false;
    memcpy(beginning, l->data + l->pos, kept);
    while (!(lf = l->len > l->pos ? memchr(l->data + l->pos, '\n', l->len - l->pos) : NULL)) {
        l->pos = l->len;
        if (!fill(l, &failed))
            break;
    }
    /* What is left is moved behind the beginning, which is handed out from the front of our memory. */
    size_t rest = lf ? l->len - (size_t)(lf + 1 - l->data) : 0;
    char *whole = mem_new(kept + rest + 1, 1);
    memcpy(whole, beginning, kept);
    if (rest > 0)
        memcpy(whole + kept, lf + 1, rest);
    free(l->data);
    l->data = whole;
    l->cap = kept + rest + 1;
    l->pos = kept;
    l->len = kept + rest;
    *ret_s = l->data;
    *ret_n = kept;
    return failed ? LINE_FAILED : LINE_LONG;
}

line_got lines_next(lines *l, const char **ret_s, size_t *ret_n)
{
    size_t seen = 0; /* of the line, without LF in it */
    bool failed = false;
    for (;;) {
        size_t have = l->len - l->pos;
        const char *from = l->data + l->pos,
                   *lf = have > seen ? memchr(from + seen, '\n', have - seen) : NULL;
        if (lf && (size_t)(lf - from) <= l->most) {
            *ret_s = from;
            *ret_n = (size_t)(lf - from);
            l->pos += *ret_n + 1;
            l->number++;
            return LINE_GOT;
        }
        if (have > l->most) {
            l->number++;
            return too_long(l, ret_s, ret_n);
        }
        seen = have;
        if (!l->ended && (fill(l, &failed) || (!failed && seen > 0 && fill_after_writer(l, &failed))))
            continue;
        if (failed)
            return LINE_FAILED;
        l->ended = true;
        if (seen == 0)
            return LINE_END;
        *ret_s = l->data + l->pos;
        *ret_n = seen;
        l->pos = l->len;
        l->number++;
        return LINE_CUT;
    }
}
