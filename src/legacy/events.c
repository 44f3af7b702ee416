#include "legacy/events.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/sha256.h"
#include "legacy/lines.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_AGAIN_MS = 200, MARKED = 4096 };

typedef enum { FROM_LINES, FROM_FOLDER, FROM_WHOLE } reading;

struct events {
    reading from;
    bool follow, piped, looked, ended;
    char *where, *source, *file; /* file: of the last event or damage, as people are told it */
    lines in;                    /* FROM_LINES */
    int64_t at;                  /* behind the last line that was handed out for good */
    int64_t line;
    char **files; /* FROM_FOLDER: names in it; FROM_WHOLE: none */
    size_t n_files, next;
    buf whole; /* the file at hand, or what was read to tell its form */
};

/* ---- damages ---- */

void events_place(const events *x, char place[64])
{
    place[0] = '\0';
    if (x->from == FROM_LINES && x->in.number > 0)
        snprintf(place, 64, "line %llu", (unsigned long long)x->in.number);
}

const char *events_file(const events *x)
{
    return x->file;
}

static events_got damage(const events *x, legacy_damage *ret, const char *code, const char *why,
                         const void *raw, size_t n)
{
    *ret = (legacy_damage){.file = x->file, .code = code, .raw = raw, .raw_len = n};
    events_place(x, ret->place);
    snprintf(ret->sentence, sizeof ret->sentence, "%.150s%s%s: %.280s", x->file, *ret->place ? ", " : "",
             ret->place, why);
    return EVENTS_DAMAGE;
}

static events_got decode(events *x, event *ret, legacy_damage *ret_damage, const void *bytes, size_t n)
{
    const char *code = "bad_event";
    err e = {0};
    return event_decode(bytes, n, ret, &code, &e) ? EVENTS_GOT
                                                  : damage(x, ret_damage, code, e.text, bytes, n);
}

/* ---- lines ---- */

static bool blank(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r')
            return false;
    return true;
}

/* What was handed out so far need not be read again. */
static void passed(events *x)
{
    x->at = lines_at(&x->in);
    x->line = (int64_t)x->in.number;
}

static bool open_lines(events *x, int fd)
{
    if (x->in.fd >= 0 || x->in.data)
        lines_close(&x->in);
    lines_open(&x->in, fd, false, EVENT_MAX_BYTES);
    x->at = x->line = 0;
    return true;
}

/* Protobuf begins with its first field, 0x0a or 0x12, and a length; lines of JSON begin with a brace, or a blank line or two. */
static bool binary(const unsigned char *s, size_t n)
{
    return n > 1 && (s[0] == 0x12 || s[0] == 0x1a || (s[0] == '\n' && !strchr("{ \t\r\n", s[1])));
}

/* A followed file became shorter than what was read of it. */
static events_got read_anew(events *x, legacy_damage *ret_damage)
{
    lseek(x->in.fd, 0, SEEK_SET);
    open_lines(x, fcntl(x->in.fd, F_DUPFD_CLOEXEC, 0));
    return damage(x, ret_damage, "cut_short",
                  "it became shorter while it was followed: it is read from its start", "", 0);
}

/* The file that has the name now, when that is another than the one at hand, its writer has begun it, and nothing was added to this
 * one; else -1. */
static int successor(const events *x, int64_t end)
{
    struct stat named, ours;
    int fd = open(x->where, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    if (fstat(fd, &named) == 0 && fstat(x->in.fd, &ours) == 0 &&
        (named.st_ino != ours.st_ino || named.st_dev != ours.st_dev) && named.st_size > 0 &&
        ours.st_size <= end)
        return fd;
    close(fd);
    return -1;
}

/* At the end of a followed file, with n bytes of a line that has no end yet. */
static events_got end_for_now(events *x, legacy_damage *ret_damage, const char *s, size_t n)
{
    struct stat ours;
    int fd = successor(x, x->at + (int64_t)n);
    if (fd < 0) {
        lines_again(&x->in, n);
        bool shorter = fstat(x->in.fd, &ours) == 0 && ours.st_size < x->at;
        return shorter ? read_anew(x, ret_damage) : EVENTS_WAIT;
    }
    events_got got = EVENTS_WAIT;
    buf_clear(&x->whole);
    buf_add(&x->whole, s, n);
    if (!blank(s, n))
        got = damage(x, ret_damage, "truncated", "the file went away in the middle of this line",
                     x->whole.data, n);
    open_lines(x, fd);
    return got;
}

/* The last line of a file, without its end: a writer may be at it, or have died at it. */
static events_got cut_line(events *x, event *ret, legacy_damage *ret_damage, const char *s, size_t n)
{
    if (x->follow)
        return end_for_now(x, ret_damage, s, n);
    if (blank(s, n))
        return EVENTS_END;
    events_got got = decode(x, ret, ret_damage, s, n);
    if (got == EVENTS_GOT)
        passed(x);
    else
        ret_damage->code = "truncated"; /* its position stays before it: once whole it will be read */
    return got;
}

/* The first bytes from a pipe tell whether lines come through it, or one protobuf event. */
static bool first_look(events *x)
{
    ssize_t n = read(x->in.fd, x->in.data, x->in.cap);
    x->looked = n >= 0;
    x->in.len = n > 0 ? (size_t)n : 0;
    if (!binary((const unsigned char *)x->in.data, x->in.len))
        return false;
    buf_add(&x->whole, x->in.data, x->in.len);
    x->from = FROM_WHOLE;
    return true;
}

/* Is there something to read without waiting? Only asked of a pipe, whose writer may be slow. */
static bool at_hand(const events *x)
{
    struct pollfd on = {.fd = x->in.fd, .events = POLLIN};
    if (!x->piped || (x->in.len > x->in.pos && memchr(x->in.data + x->in.pos, '\n', x->in.len - x->in.pos)))
        return true;
    return poll(&on, 1, 0) != 0;
}

/* Standard input or a file that is one protobuf event. */
static events_got whole_input(events *x, event *ret, legacy_damage *ret_damage, stop *s, err *e)
{
    char chunk[65536];
    ssize_t n;
    if (x->ended)
        return EVENTS_END;
    while (x->whole.len <= EVENT_MAX_BYTES) {
        struct pollfd on[2] = {{.fd = x->in.fd, .events = POLLIN}, {.fd = s ? s->fd : -1, .events = POLLIN}};
        if (stop_now(s, e))
            return EVENTS_FAILED;
        if (poll(on, 2, s ? stop_poll_ms(s, 1000) : 1000) <= 0 || !on[0].revents)
            continue;
        n = read(x->in.fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(e, "%s", x->file), EVENTS_FAILED;
        if (n == 0)
            break;
        buf_add(&x->whole, chunk, (size_t)n);
    }
    x->ended = true;
    return decode(x, ret, ret_damage, x->whole.data, x->whole.len);
}

static events_got next_line(events *x, event *ret, legacy_damage *ret_damage, stop *s, err *e)
{
    const char *line = "";
    size_t n = 0;
    events_got got;
    x->in.halt = x->piped ? s : NULL;
    for (;;) {
        if (!at_hand(x))
            return EVENTS_WAIT;
        if (x->piped && !x->looked && first_look(x))
            return whole_input(x, ret, ret_damage, s, e);
        switch (lines_next(&x->in, &line, &n)) {
        case LINE_GOT:
            passed(x);
            if (blank(line, n))
                continue;
            return decode(x, ret, ret_damage, line, n);
        case LINE_CUT:
            return cut_line(x, ret, ret_damage, line, n);
        case LINE_LONG:
            got = damage(x, ret_damage, "too_long", "the line is longer than any event can be", line, n);
            passed(x);
            return got;
        case LINE_END:
            return x->follow ? end_for_now(x, ret_damage, "", 0) : EVENTS_END;
        case LINE_FAILED:
            if (stop_now(s, e))
                return EVENTS_FAILED;
            err_errno(e, "%s, line %lld", x->file, (long long)x->line);
            return EVENTS_FAILED;
        }
    }
}

/* ---- whole files ---- */

static events_got next_file(events *x, event *ret, legacy_damage *ret_damage)
{
    struct stat st;
    err e = {0};
    if (x->next == x->n_files)
        return EVENTS_END;
    free(x->file);
    x->file = mem_str(x->files[x->next++]);
    char *full = path_join(x->where, x->file);
    buf_clear(&x->whole);
    bool regular = stat(full, &st) == 0 && S_ISREG(st.st_mode); /* a pipe in its place must not hold us up */
    bool ok = regular && path_read(full, EVENT_MAX_BYTES, &x->whole, &e);
    free(full);
    if (!ok)
        return damage(x, ret_damage, "missing_file", regular ? e.text : "it is not a file", "", 0);
    return decode(x, ret, ret_damage, x->whole.data, x->whole.len);
}

events_got events_next(events *x, event *ret, legacy_damage *ret_damage, stop *s, err *e)
{
    if (s && stop_now(s, e))
        return EVENTS_FAILED;
    switch (x->from) {
    case FROM_LINES:
        return next_line(x, ret, ret_damage, s, e);
    case FROM_FOLDER:
        return next_file(x, ret, ret_damage);
    case FROM_WHOLE:
        break;
    }
    return whole_input(x, ret, ret_damage, s, e);
}

bool events_wait(events *x, stop *s, err *e)
{
    struct pollfd on[2] = {{.fd = s ? s->fd : -1, .events = POLLIN},
                           {.fd = x->piped ? x->in.fd : -1, .events = POLLIN}};
    poll(on, 2, s ? stop_poll_ms(s, LOOK_AGAIN_MS) : LOOK_AGAIN_MS);
    return !stop_now(s, e);
}

/* ---- positions ---- */

/* A checksum of the bytes before a position: two files that agree there are the same file grown, or as good as that. */
static bool mark_of(int fd, int64_t at, char mark[65])
{
    char bytes[MARKED];
    size_t n = at < MARKED ? (size_t)at : MARKED;
    mark[0] = '\0';
    if (n == 0)
        return true;
    if (pread(fd, bytes, n, (off_t)at - (off_t)n) != (ssize_t)n)
        return false;
    sha256_hex(bytes, n, mark);
    return true;
}

bool events_resume(events *x, const events_position *was)
{
    char mark[65];
    if (x->from != FROM_LINES || x->piped || was->at <= 0 || !mark_of(x->in.fd, was->at, mark) ||
        strcmp(mark, was->mark) != 0)
        return false;
    if (lseek(x->in.fd, (off_t)was->at, SEEK_SET) < 0)
        return false;
    x->in.number = (uint64_t)was->line;
    x->at = was->at;
    x->line = was->line;
    return true;
}

bool events_at(const events *x, events_position *ret)
{
    events_position p = {.at = x->at, .line = x->line};
    if (x->from != FROM_LINES || x->piped || !mark_of(x->in.fd, x->at, p.mark))
        return false;
    *ret = p;
    return true;
}

/* ---- opening ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool list_folder(events *x, err *e)
{
    size_t cap = 0;
    DIR *d = opendir(x->where);
    if (!d)
        return err_errno(e, "the folder %s cannot be read", x->where);
    for (struct dirent *entry; (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        MEM_ROOM(x->files, x->n_files, cap);
        x->files[x->n_files++] = mem_str(entry->d_name);
    }
    closedir(d);
    if (x->n_files > 0)
        qsort(x->files, x->n_files, sizeof *x->files, by_text);
    x->from = FROM_FOLDER;
    return true;
}

/* A file that is one protobuf event is told by its first bytes too. */
static void tell_form(events *x)
{
    unsigned char first[2];
    ssize_t n = x->piped ? 0 : pread(x->in.fd, first, sizeof first, 0);
    if (n > 0 && !x->follow && binary(first, (size_t)n))
        x->from = FROM_WHOLE;
}

static bool open_file(events *x, err *e)
{
    struct stat st;
    bool in = strcmp(x->where, "-") == 0;
    int fd = in ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(x->where, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        err_set(e, errno == ENOENT ? ERR_MISSING : ERR_FAILED, "%s cannot be read: %s", x->where,
                strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    x->piped = in || !S_ISREG(st.st_mode);
    open_lines(x, fd);
    tell_form(x);
    return true;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool events_open(const char *where, bool follow, events **ret, err *e)
{
    struct stat st;
    events *x = MEM_NEW(events);
    bool in = strcmp(where, "-") == 0;
    char *real = in ? NULL : realpath(where, NULL);
    x->in.fd = -1;
    x->where = mem_str(real ? real : where);
    free(real);
    x->follow = follow;
    x->source = mem_printf("event:%s", in ? "stdin" : x->where);
    x->file = mem_str(in ? "stdin" : last_part(x->where));
    buf_init(&x->whole);
    bool folder = !in && stat(x->where, &st) == 0 && S_ISDIR(st.st_mode);
    bool ok = follow && (folder || in)
                  ? err_set(e, ERR_USAGE, "only a file can be followed, not %s",
                            in ? "standard input, which is read to its end anyway" : "a folder")
              : folder ? list_folder(x, e)
                       : open_file(x, e);
    if (!ok) {
        events_close(x);
        return false;
    }
    *ret = x;
    return true;
}

void events_close(events *x)
{
    if (!x)
        return;
    if (x->in.data)
        lines_close(&x->in);
    for (size_t i = 0; i < x->n_files; i++)
        free(x->files[i]);
    free(x->files);
    free(x->where);
    free(x->source);
    free(x->file);
    buf_done(&x->whole);
    free(x);
}

const char *events_source(const events *x)
{
    return x->source;
}
