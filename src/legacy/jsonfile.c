#include "legacy/jsonfile.h"
#include "base/mem.h"
#include "base/time.h"
#include "legacy/document.h"
#include "legacy/plainjson.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RELEASE = 8 << 20 }; /* so much was read: its pages are given back */

/* An object that is being gone through: of collections by id, or of documents by id. */
typedef struct frame {
    bool documents, first;
    const char *resume; /* where its parent goes on behind it */
    size_t path;        /* how long the path was */
} frame;

typedef struct json_source {
    legacy port;
    char *file, *prefix, *base; /* base: PATH; "" = the root */
    int fd;
    const char *data;
    size_t size, released;
    jsonin in;
    frame *frames;
    size_t n_frames, cap_frames;
    buf path, fields, pieces;
    bool begun, in_root;
    bool ended; /* or broken so that nothing behind can be told apart */
    /* the line at hand, counted up to `counted` */
    const char *counted;
    unsigned long long line;
    unsigned calls;
} json_source;

static const char no_project[] = "projects/-/databases/(default)/documents"; /* the file names none */

/* ---- places ---- */

/* Only ever forwards, so that counting lines costs one pass. */
static void place_of(json_source *x, const char *at, char place[64])
{
    for (const char *p; x->counted < at && (p = memchr(x->counted, '\n', (size_t)(at - x->counted)));) {
        x->line++;
        x->counted = p + 1;
    }
    snprintf(place, 64, "line %llu, byte %zu", x->line, (size_t)(at - x->data));
}

static legacy_got damage(json_source *x, legacy_damage *ret, const char *code, jsonin_text raw,
                         const char *why)
{
    *ret = (legacy_damage){.file = x->file, .code = code, .raw = raw.s, .raw_len = raw.n};
    place_of(x, raw.s, ret->place);
    snprintf(ret->sentence, sizeof ret->sentence, "%.130s, %s: %.80s%s%.220s", ret->file, ret->place,
             x->path.data, x->path.len ? ": " : "", why);
    return LEGACY_DAMAGE;
}

/* Nothing behind this can be told apart. */
static legacy_got broken(json_source *x, legacy_damage *ret)
{
    const char *why = x->in.why ? x->in.why : "it is not what the exporter writes", *at = x->in.p;
    size_t left = (size_t)(x->in.end - at);
    char text[200];
    snprintf(text, sizeof text, "%s, so what follows cannot be read", why);
    x->ended = true;
    return damage(x, ret, left ? "bad_json" : "truncated", (jsonin_text){at, left < 256 ? left : 256}, text);
}

/* ---- going through ---- */

static void push(json_source *x, bool documents, const char *resume)
{
    MEM_ROOM(x->frames, x->n_frames, x->cap_frames);
    x->frames[x->n_frames++] =
        (frame){.documents = documents, .first = true, .resume = resume, .path = x->path.len};
}

static void cut_path(json_source *x, size_t n)
{
    x->path.len = n;
    if (x->path.cap)
        x->path.data[n] = '\0';
}

/* The next member of the innermost frame; its id is added to the path. False: broken, or the frame has ended and
 * was taken away. */
static bool next_member(json_source *x)
{
    frame *f = &x->frames[x->n_frames - 1];
    jsonin_text key;
    cut_path(x, f->path);
    if (jsonin_member(&x->in, &f->first, &key)) {
        if (x->path.len)
            buf_char(&x->path, '/');
        buf_add(&x->path, key.s, key.n);
        return true;
    }
    if (!x->in.why) {
        if (f->resume)
            x->in.p = f->resume;
        x->n_frames--;
    }
    return false;
}

static legacy_got give(json_source *x, jsonin_text text, legacy_document *ret, legacy_damage *ret_damage)
{
    document_name d;
    err e = {0};
    buf_clear(&x->pieces);
    if (!document_split(x->path.data, &x->pieces, &d, &e))
        return damage(x, ret_damage, "bad_key", text, e.text);
    *ret = (legacy_document){.prefix = x->prefix,
                             .path = d.path,
                             .collection = d.collection,
                             .parent = d.parent,
                             .id = d.id,
                             .fields = x->fields.data,
                             .fields_len = x->fields.len,
                             .file = x->file};
    place_of(x, text.s, ret->place);
    return LEGACY_DOCUMENT;
}

/* An id with a slash in it would be another document's path. */
static bool id_fits(const json_source *x)
{
    size_t from = x->n_frames ? x->frames[x->n_frames - 1].path : 0;
    from += from > 0;
    return x->n_frames == 0 || !strchr(x->path.data + from, '/');
}

/* The collections below a document come behind it. */
static void go_below(json_source *x, jsonin_text below)
{
    if (below.n == 0 || *below.s != '{')
        return;
    push(x, false, x->in.p);
    x->in.p = below.s + 1;
}

/* LEGACY_END: nothing to tell, go on. */
static legacy_got document(json_source *x, legacy_document *ret, legacy_damage *ret_damage)
{
    jsonin_text text, below = {0};
    const char *code = "bad_json";
    size_t members = 0;
    err e = {0};
    bool fits = id_fits(x);
    jsonin_peek(&x->in);
    if (!jsonin_pass(&x->in, &text))
        return broken(x, ret_damage);
    if (*text.s != '{')
        return damage(x, ret_damage, "bad_document", text, "the document is not an object");
    if (!fits)
        return damage(x, ret_damage, "bad_key", text, "the document's id has a slash in it");
    bool ok = plainjson_fields(text, x->prefix, &x->fields, &below, &members, &code, &e);
    legacy_got got = ok ? LEGACY_DOCUMENT : damage(x, ret_damage, code, text, e.text);
    bool empty = below.n == 0 ||
                 (*below.s == '{' && members == 0 && below.s[1 + strspn(below.s + 1, " \t\r\n")] == '}');
    if (ok && (members > 0 || empty))
        got = give(x, text, ret, ret_damage);
    else if (ok)
        got = LEGACY_END; /* a parent that is missing */
    if (below.n && *below.s != '{' && got == LEGACY_END)
        got = damage(x, ret_damage, "bad_document", text, "its __collections__ are not an object");
    go_below(x, below);
    return got;
}

static legacy_got collection(json_source *x, legacy_damage *ret_damage)
{
    jsonin_text text;
    if (jsonin_peek(&x->in) == '{') {
        x->in.p++;
        push(x, true, NULL); /* read through to its end, so its parent goes on there */
        return LEGACY_END;
    }
    if (!jsonin_pass(&x->in, &text))
        return broken(x, ret_damage);
    return damage(x, ret_damage, "bad_document", text, "the collection is not an object");
}

static size_t segments(const char *path)
{
    size_t n = *path != '\0';
    for (const char *p = path; *p; p++)
        n += *p == '/';
    return n;
}

static const char not_the_root[] = "the export was not begun at the root: say json:FILE#PATH";

/* The file's one object: a document, a collection, or the root, which is gone into without looking at its end
 * first, since it is the whole file. */
static legacy_got begin(json_source *x, legacy_document *ret, legacy_damage *ret_damage)
{
    jsonin_text key;
    bool first = true;
    size_t n = segments(x->base);
    x->begun = true;
    if (n > 0 && n % 2 == 0)
        return document(x, ret, ret_damage);
    if (!jsonin_need(&x->in, '{'))
        return broken(x, ret_damage);
    if (n > 0) {
        push(x, true, NULL);
        return LEGACY_END;
    }
    if (!jsonin_member(&x->in, &first, &key))
        x->in.why = x->in.why ? x->in.why : "it has no __collections__";
    else if (!jsonin_is(key, plainjson_collections))
        x->in.why = not_the_root;
    else if (jsonin_need(&x->in, '{'))
        push(x, false, NULL);
    x->in_root = !x->in.why;
    return x->in.why ? broken(x, ret_damage) : LEGACY_END;
}

/* What was read stays in nobody's memory. */
static void release(json_source *x)
{
    size_t at = x->n_frames ? (size_t)(x->in.p - x->data) & ~(size_t)(RELEASE - 1) : 0;
    if (at > x->released) {
        madvise((void *)(uintptr_t)(x->data + x->released), at - x->released, MADV_DONTNEED);
        x->released = at;
    }
}

/* A file that became shorter would end the program at its next touch. */
static bool still_whole(const json_source *x, err *e)
{
    struct stat st;
    return (fstat(x->fd, &st) == 0 && (size_t)st.st_size >= x->size) ||
           err_set(e, ERR_INPUT, "%s became shorter while it was read", x->file);
}

/* Behind the last frame only the end may stand. */
static legacy_got trailing(json_source *x, legacy_damage *ret_damage)
{
    if (x->in_root && jsonin_peek(&x->in) == ',')
        x->in.why = not_the_root;
    else if ((!x->in_root || jsonin_need(&x->in, '}')) && jsonin_end(&x->in))
        return LEGACY_END;
    return broken(x, ret_damage);
}

static legacy_got json_next(legacy *l, legacy_document *ret, legacy_damage *ret_damage, stop *s, err *e)
{
    json_source *x = (json_source *)l;
    if (s && x->calls++ % 64 == 0 && stop_now(s, e))
        return LEGACY_FAILED;
    if (!still_whole(x, e))
        return LEGACY_FAILED;
    release(x);
    while (!x->ended) {
        legacy_got got = LEGACY_END;
        if (!x->begun) {
            got = begin(x, ret, ret_damage);
        } else if (x->n_frames == 0) {
            got = trailing(x, ret_damage);
            x->ended = true;
        } else {
            bool documents = x->frames[x->n_frames - 1].documents;
            if (next_member(x))
                got = documents ? document(x, ret, ret_damage) : collection(x, ret_damage);
            else if (x->in.why)
                return broken(x, ret_damage);
        }
        if (got != LEGACY_END)
            return got;
    }
    return LEGACY_END;
}

static void json_close(legacy *l)
{
    json_source *x = (json_source *)l;
    if (x->size)
        munmap((void *)(uintptr_t)x->data, x->size);
    if (x->fd >= 0)
        close(x->fd);
    jsonin_done(&x->in);
    buf_done(&x->path);
    buf_done(&x->fields);
    buf_done(&x->pieces);
    free(x->frames);
    free(x->file);
    free(x->prefix);
    free(x->base);
    free(x);
}

/* ---- opening ---- */

/* Cuts "#PATH" and "@TIME" off, unless the whole is a file's name. */
static bool cut_source(char *file, char **ret_base, int64_t *ret_us, err *e)
{
    struct stat st;
    char *at = strrchr(file, '@'), *hash;
    *ret_base = NULL;
    if (stat(file, &st) == 0)
        return true;
    if (at && !strchr(at, '/')) {
        if (!time_parse(at + 1, ret_us, e))
            return err_wrap(e, "the time behind @");
        *at = '\0';
    }
    hash = stat(file, &st) == 0 ? NULL : strrchr(file, '#');
    if (hash) {
        *hash = '\0';
        *ret_base = hash + 1;
    }
    return true;
}

static bool map_file(json_source *x, err *e)
{
    struct stat st;
    x->fd = open(x->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (x->fd < 0)
        return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_FAILED, "the file %s cannot be read: %s",
                       x->file, strerror(errno));
    if (fstat(x->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(e, ERR_USAGE, "%s is not a file", x->file);
    if (st.st_size == 0)
        return err_set(e, ERR_INPUT, "%s is empty", x->file);
    void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, x->fd, 0);
    if (data == MAP_FAILED)
        return err_errno(e, "the file %s cannot be read", x->file);
    x->data = data;
    x->size = (size_t)st.st_size;
    return true;
}

bool jsonfile_open(const char *source, legacy **ret, err *e)
{
    json_source *x = MEM_NEW(json_source);
    char *base;
    int64_t us = 0;
    x->fd = -1;
    x->file = mem_str(source);
    x->prefix = mem_str(no_project);
    buf_init(&x->path);
    buf_init(&x->fields);
    buf_init(&x->pieces);
    jsonin_init(&x->in, "", 0);
    bool ok = cut_source(x->file, &base, &us, e);
    x->base = mem_str(ok && base ? base : "");
    if (!ok || !map_file(x, e)) {
        json_close(&x->port);
        return false;
    }
    jsonin_again(&x->in, x->data, x->size);
    x->counted = x->data;
    x->line = 1;
    buf_str(&x->path, x->base);
    x->port = (legacy){.kind = "json", .next = json_next, .close = json_close};
    x->port.info = (legacy_info){.said_documents = -1, .said_bytes = -1, .start_us = us};
    snprintf(x->port.info.source, sizeof x->port.info.source, "json:%s", source);
    *ret = &x->port;
    return true;
}
