#include "legacy/filelog.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "legacy/document.h"
#include "legacy/lines.h"
#include "legacy/parse.h"
#include "legacy/typed.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef FILELOG_TAIL
#define FILELOG_TAIL (64u << 10) /* read at first from the end, then twice as much, ... */
#endif

enum { OTHERS_MS = 10000 };

void filelog_init(filelog *l, char *file)
{
    *l = (filelog){.file = file, .fd = -1, .size = -1};
}

void filelog_done(filelog *l)
{
    if (l->fd >= 0)
        close(l->fd);
    free(l->file);
    *l = (filelog){.fd = -1};
}

/* The folder too, so that a log just made survives a power cut. */
static bool sync_folder(const char *file)
{
    char *dir = mem_str(file);
    *strrchr(dir, '/') = '\0';
    int fd = open(*dir ? dir : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    if (fd >= 0)
        close(fd);
    free(dir);
    return ok;
}

static bool open_log(filelog *l, err *e)
{
    if (l->fd >= 0)
        return true;
    int fd = open(l->file, O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        fd = open(l->file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
        if (fd >= 0 && !sync_folder(l->file)) {
            close(fd);
            fd = -1;
        }
    }
    if (fd < 0)
        return err_errno(e, "%s cannot be written", l->file);
    l->fd = fd;
    return true;
}

static bool read_at(int fd, char *to, size_t n, int64_t at)
{
    while (n > 0) {
        ssize_t k = pread(fd, to, n, at);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        to += k;
        n -= (size_t)k;
        at += k;
    }
    return true;
}

static bool seq_of_line(const char *s, size_t n, int64_t *ret)
{
    buf fields;
    parse_head h;
    const char *code;
    buf_init(&fields);
    bool ok = parse_document(s, n, PARSE_CHANGE, &h, &fields, &code, NULL);
    if (ok) {
        *ret = h.seq;
        free(h.name);
    }
    buf_done(&fields);
    return ok;
}

/* The seq of the last good line within the tail; whole says that the tail begins where a line begins. */
static bool last_in_tail(const char *tail, size_t n, bool whole, int64_t *ret)
{
    const char *end = memrchr(tail, '\n', n);
    while (end) {
        const char *before = end > tail ? memrchr(tail, '\n', (size_t)(end - tail)) : NULL;
        const char *from = before ? before + 1 : tail;
        if ((before || whole) && seq_of_line(from, (size_t)(end - from), ret))
            return true;
        end = before;
    }
    return false;
}

/* Reads the last seq (0 when there is none) and whether the log ends in the middle of a line. */
static bool look_at_end(filelog *l, int64_t size, int64_t *ret_seq, bool *ret_cut)
{
    *ret_seq = 0;
    *ret_cut = false;
    for (int64_t want = FILELOG_TAIL; size > 0; want *= 2) {
        int64_t n = want < size ? want : size;
        char *tail = mem_new((size_t)n, 1);
        bool ok = read_at(l->fd, tail, (size_t)n, size - n);
        bool found = ok && last_in_tail(tail, (size_t)n, n == size, ret_seq);
        *ret_cut = ok && tail[n - 1] != '\n';
        free(tail);
        if (!ok || found || n == size)
            return ok;
    }
    return true;
}

static void add_time(json_out *j, const char *key, int64_t us)
{
    char text[32];
    if (us == 0)
        return;
    time_format(us, text);
    json_key(j, key);
    json_str(j, text);
}

/* Everything that could be wrong with the change is found before the log is touched. */
static bool make_line(const char *default_prefix, const legacy_document *c, buf *name, buf *fields, err *e)
{
    buf pieces;
    document_name d;
    const char *code, *prefix = c->prefix && *c->prefix ? c->prefix : default_prefix;
    if (!c->path)
        return err_set(e, ERR_USAGE, "the change names no document");
    buf_printf(name, "%s/%s", prefix, c->path);
    buf_init(&pieces);
    bool ok = document_split(name->data, &pieces, &d, e);
    buf_done(&pieces);
    if (!ok)
        return false;
    if (c->update_us == 0 || !typed_time_ok(c->update_us) || !typed_time_ok(c->create_us))
        return err_set(e, ERR_USAGE,
                       "%s: the change has no update time, or one outside the years 0001 to 9999", c->path);
    if (c->deleted)
        return true;
    if (!parse_fields(c->fields ? c->fields : "{}", c->fields ? c->fields_len : 2, fields, &code, e))
        return err_wrap(e, "%s", c->path);
    return true;
}

static void write_line(buf *out, int64_t seq, const char *name, const legacy_document *c, const char *fields)
{
    json_out j;
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "seq");
    json_int(&j, seq);
    json_key(&j, "op");
    json_str(&j, c->deleted ? "delete" : "set");
    json_key(&j, "name");
    json_str(&j, name);
    if (!c->deleted) {
        json_key(&j, "fields");
        json_raw(&j, fields);
        add_time(&j, "createTime", c->create_us);
    }
    add_time(&j, "updateTime", c->update_us);
    json_close(&j, '}');
    buf_char(out, '\n');
}

static bool put(filelog *l, int64_t size, const buf *line, err *e)
{
    ssize_t n;
    do
        n = write(l->fd, line->data, line->len);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_errno(e, "%s cannot be written", l->file);
    if ((size_t)n <
        line->len) { /* a full disk: take our piece away again; if even that fails, it stays as a cut line */
        if (ftruncate(l->fd, size) != 0)
            return err_errno(e, "%s: a change was cut by a full disk", l->file);
        return err_set(e, ERR_FAILED, "%s: the disk is full", l->file);
    }
    if (fsync(l->fd) != 0) {
        err_errno(e, "%s: the change was written, but may not be on disk", l->file);
        if (e)
            e->kind = ERR_UNKNOWN;
        return false;
    }
    return true;
}

static bool append_locked(filelog *l, const char *name, const legacy_document *c, const char *fields, err *e)
{
    struct stat st;
    int64_t seq = l->seq;
    bool cut = false;
    if (fstat(l->fd, &st) != 0)
        return err_errno(e, "%s cannot be read", l->file);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_REFUSED, "%s is not a file", l->file);
    if (st.st_size != l->size && !look_at_end(l, st.st_size, &seq, &cut))
        return err_errno(e, "%s cannot be read", l->file);
    buf line;
    buf_init(&line);
    if (cut)
        buf_str(&line, FILELOG_CUT "\n");
    write_line(&line, seq + 1, name, c, fields);
    bool ok = put(l, st.st_size, &line, e);
    l->size = ok ? st.st_size + (int64_t)line.len : -1;
    l->seq = seq + 1;
    buf_done(&line);
    return ok;
}

bool filelog_append(filelog *l, const char *default_prefix, const legacy_document *change, err *e)
{
    buf name, fields;
    buf_init(&name);
    buf_init(&fields);
    bool ok = make_line(default_prefix, change, &name, &fields, e) && open_log(l, e) &&
              lines_lock(l->fd, LOCK_EX, OTHERS_MS, e);
    if (ok) {
        ok = append_locked(l, name.data, change, fields.data, e);
        flock(l->fd, LOCK_UN);
    }
    buf_done(&name);
    buf_done(&fields);
    return ok;
}
