#include "legacy/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include "legacy/document.h"
#include "legacy/filelog.h"
#include "legacy/jsonin.h"
#include "legacy/lines.h"
#include "legacy/parse.h"
#include "legacy/typed.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char log_name[] = "changes.ndjson", documents_name[] = "documents";

typedef struct file_source {
    legacy port;
    char *dir, *prefix; /* prefix: of names that have none */
    char **files;       /* relative to dir, in order; the change log is the last */
    size_t n_files, cap_files, at;
    lines in; /* of files[at], while it is open */
    bool open, counted;
    int64_t met;            /* lines in documents/ */
    int64_t seq, bad_lines; /* the last seq, and the lines since then whose seq is not known */
    bool held;              /* a change was read, but a damage had to be told before it */
    parse_head head;        /* of the last document; name owned */
    buf fields, pieces;
    filelog log;
    unsigned calls;
} file_source;

static bool in_log(const file_source *x)
{
    return x->at + 1 == x->n_files;
}

static void place_of(const file_source *x, char place[64])
{
    snprintf(place, 64, "line %llu", (unsigned long long)x->in.number);
}

static legacy_got damage(file_source *x, legacy_damage *ret, const char *code, const char *why,
                         const char *raw, size_t n)
{
    *ret = (legacy_damage){.file = x->files[x->at], .code = code, .raw = raw, .raw_len = n};
    if (x->open)
        place_of(x, ret->place);
    snprintf(ret->sentence, sizeof ret->sentence, "%.150s%s%s: %.280s", ret->file, *ret->place ? ", " : "",
             ret->place, why);
    return LEGACY_DAMAGE;
}

/* ---- a line ---- */

static legacy_got give(file_source *x, legacy_document *ret, legacy_damage *ret_damage, const char *line,
                       size_t n)
{
    document_name d;
    err e = {0};
    buf_clear(&x->pieces);
    if (!document_split(x->head.name, &x->pieces, &d, &e))
        return damage(x, ret_damage, "bad_key", e.text, line, n);
    *ret = (legacy_document){.prefix = *d.prefix ? d.prefix : x->prefix,
                             .path = d.path,
                             .collection = d.collection,
                             .parent = d.parent,
                             .id = d.id,
                             .fields = x->fields.data,
                             .fields_len = x->fields.len,
                             .create_us = x->head.create_us,
                             .update_us = x->head.update_us,
                             .deleted = x->head.deleted,
                             .file = x->files[x->at]};
    place_of(x, ret->place);
    return LEGACY_DOCUMENT;
}

/* Whether the seq just read follows; if not, the damage is told and the change held back for the next call.
 */
static bool seq_follows(file_source *x, legacy_damage *ret, const char *line, size_t n)
{
    int64_t last = x->seq, seq = x->head.seq, unknown = x->bad_lines;
    char why[160];
    x->seq = seq;
    x->bad_lines = 0;
    if (seq > last && seq - last - 1 <= unknown)
        return true;
    if (seq > last)
        snprintf(why, sizeof why, "seq %lld follows %lld: changes between them are missing", (long long)seq,
                 (long long)last);
    else
        snprintf(why, sizeof why, "seq %lld follows %lld: it goes back or repeats", (long long)seq,
                 (long long)last);
    if (seq < last)
        x->seq = last;
    x->held = true;
    damage(x, ret, "seq", why, line, n);
    return false;
}

static legacy_got bad_line(file_source *x, legacy_damage *ret, const char *code, const char *why,
                           const char *s, size_t n)
{
    if (in_log(x))
        x->bad_lines++;
    return damage(x, ret, code, why, s, n);
}

static bool was_cut(const char *s, size_t n)
{
    size_t k = strlen(FILELOG_CUT);
    return n >= k && memcmp(s + n - k, FILELOG_CUT, k) == 0;
}

static legacy_got line(file_source *x, const char *s, size_t n, bool cut, legacy_document *ret,
                       legacy_damage *ret_damage)
{
    static const char write_cut[] = "a write was cut here: the line has no end, so it does not count";
    const char *code = "bad_json";
    err e = {0};
    bool log = in_log(x);
    x->met += !log;
    if (log && (cut || was_cut(s, n)))
        return bad_line(x, ret_damage, "truncated", write_cut, s, n);
    free(x->head.name);
    x->head = (parse_head){0};
    if (!parse_document(s, n, log ? PARSE_CHANGE : PARSE_DOCUMENT, &x->head, &x->fields, &code, &e))
        return bad_line(x, ret_damage, cut ? "truncated" : code, n == 0 ? "the line is empty" : e.text, s, n);
    if (log && !seq_follows(x, ret_damage, s, n))
        return LEGACY_DAMAGE;
    return give(x, ret, ret_damage, s, n);
}

/* ---- files ---- */

static bool ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), k = strlen(suffix);
    return n > k && strcmp(s + n - k, suffix) == 0;
}

/* Opens files[at]. False: it told the damage, or the file is rightly not there. */
static bool open_file(file_source *x, legacy_damage *ret, bool *ret_told)
{
    const char *name = x->files[x->at];
    struct stat st;
    *ret_told = true;
    if (!in_log(x) && !ends_with(name, ".ndjson")) {
        damage(x, ret, "unnamed_file", "its name does not end in .ndjson, so it was not read", "", 0);
        return false;
    }
    char *full = path_join(x->dir, name);
    int fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe in its place must not hold us up */
    int why = errno;
    free(full);
    if (fd < 0 && why == ENOENT && in_log(x)) {
        *ret_told = false;
        return false;
    }
    if (fd < 0) {
        damage(x, ret, "missing_file", strerror(why), "", 0);
        return false;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        damage(x, ret, "missing_file", "it is not a file", "", 0);
        return false;
    }
    lines_open(&x->in, fd, in_log(x), FILE_LINE_MAX);
    x->open = true;
    return true;
}

static void close_file(file_source *x)
{
    lines_close(&x->in);
    x->open = false;
    x->at++;
}

static legacy_got next_line(file_source *x, legacy_document *ret, legacy_damage *ret_damage)
{
    const char *s = "";
    size_t n = 0;
    switch (lines_next(&x->in, &s, &n)) {
    case LINE_GOT:
        return line(x, s, n, false, ret, ret_damage);
    case LINE_CUT:
        return line(x, s, n, true, ret, ret_damage);
    case LINE_LONG:
        x->met += !in_log(x);
        return bad_line(x, ret_damage, "too_long", "the line is longer than any document can be", s, n);
    case LINE_FAILED:
        damage(x, ret_damage, "io", "the file cannot be read any further behind it", "", 0);
        close_file(x);
        return LEGACY_DAMAGE;
    case LINE_END:
        break;
    }
    close_file(x);
    return LEGACY_END;
}

static legacy_got compare_count(file_source *x, legacy_damage *ret)
{
    int64_t said = x->port.info.said_documents;
    x->counted = true;
    if (said < 0 || said == x->met)
        return LEGACY_END;
    *ret = (legacy_damage){.file = "manifest.json", .code = "count", .raw = ""};
    snprintf(ret->sentence, sizeof ret->sentence,
             "manifest.json: it says that documents/ has %lld lines, but %lld were met", (long long)said,
             (long long)x->met);
    return LEGACY_DAMAGE;
}

static legacy_got file_next(legacy *l, legacy_document *ret, legacy_damage *ret_damage, stop *s, err *e)
{
    file_source *x = (file_source *)l;
    if (s && x->calls++ % 64 == 0 && stop_now(s, e))
        return LEGACY_FAILED;
    if (x->held) {
        x->held = false;
        return give(x, ret, ret_damage, "", 0);
    }
    while (x->at < x->n_files) {
        bool told = false;
        if (!x->open && !open_file(x, ret_damage, &told)) {
            x->at++;
            if (told)
                return LEGACY_DAMAGE;
            continue;
        }
        legacy_got got = next_line(x, ret, ret_damage);
        if (got != LEGACY_END)
            return got;
    }
    return x->counted ? LEGACY_END : compare_count(x, ret_damage);
}

static bool file_write(legacy *l, const legacy_document *change, err *e)
{
    file_source *x = (file_source *)l;
    return filelog_append(&x->log, x->prefix, change, e);
}

static void file_close(legacy *l)
{
    file_source *x = (file_source *)l;
    if (x->open)
        lines_close(&x->in);
    for (size_t i = 0; i < x->n_files; i++)
        free(x->files[i]);
    free(x->files);
    free(x->dir);
    free(x->prefix);
    free(x->head.name);
    filelog_done(&x->log);
    buf_done(&x->fields);
    buf_done(&x->pieces);
    free(x);
}

/* ---- opening ---- */

typedef struct manifest {
    bool format;
    int64_t version, documents, created_us;
    char *project;
} manifest;

static bool manifest_member(jsonin *j, jsonin_text key, manifest *m)
{
    jsonin_text t;
    bool whole;
    int64_t *number = jsonin_is(key, "version")     ? &m->version
                      : jsonin_is(key, "documents") ? &m->documents
                                                    : NULL;
    bool format = jsonin_is(key, "format"), project = jsonin_is(key, "project"),
         created = jsonin_is(key, "created");
    if (number)
        return jsonin_number(j, &t, &whole) && jsonin_int(t, number);
    if (!format && !project && !created)
        return jsonin_skip(j);
    if (!jsonin_string(j, &t))
        return false;
    char *text = mem_strn(t.s, t.n);
    bool ok = true;
    if (format)
        m->format = strcmp(text, "showx-file") == 0;
    else if (created)
        ok = time_parse(text, &m->created_us, NULL);
    if (project) {
        free(m->project);
        m->project = text;
        return *text && !strchr(text, '/');
    }
    free(text);
    return ok;
}

static bool read_manifest(const char *dir, manifest *m, err *e)
{
    buf text;
    jsonin j;
    jsonin_text key;
    bool first = true, ok = false;
    char *file = path_join(dir, "manifest.json");
    buf_init(&text);
    if (path_read(file, 1 << 20, &text, e)) {
        jsonin_init(&j, text.data, text.len);
        ok = jsonin_need(&j, '{');
        while (ok && jsonin_member(&j, &first, &key))
            ok = manifest_member(&j, key, m);
        ok = ok && !j.why && jsonin_end(&j);
        if (!ok)
            err_set(e, ERR_INPUT, "%s: %s (byte %zu)", file,
                    j.why ? j.why : "a member has a value that it cannot have", jsonin_at(&j));
        else if (!m->format || m->version != 1 || !m->project)
            ok = err_set(e, ERR_INPUT,
                         "%s: it needs \"format\":\"showx-file\", \"version\":1 and a \"project\"", file);
        jsonin_done(&j);
    }
    buf_done(&text);
    free(file);
    return ok;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_file(file_source *x, char *name)
{
    MEM_ROOM(x->files, x->n_files, x->cap_files);
    x->files[x->n_files++] = name;
}

static bool list_files(file_source *x, err *e)
{
    char *full = path_join(x->dir, documents_name);
    DIR *d = opendir(full);
    if (!d)
        err_set(e, errno == ENOENT ? ERR_MISSING : ERR_FAILED, "the folder %s cannot be read: %s", full,
                strerror(errno));
    for (struct dirent *entry; d && (entry = readdir(d));)
        if (entry->d_name[0] != '.')
            add_file(x, path_join(documents_name, entry->d_name));
    bool ok = d != NULL;
    if (d)
        closedir(d);
    if (x->n_files > 0)
        qsort(x->files, x->n_files, sizeof *x->files, by_text);
    add_file(x, mem_str(log_name));
    free(full);
    return ok;
}

bool file_open(const char *dir, legacy **ret, err *e)
{
    manifest m = {.documents = -1};
    if (!read_manifest(dir, &m, e)) {
        free(m.project);
        return false;
    }
    file_source *x = MEM_NEW(file_source);
    x->dir = mem_str(dir);
    x->prefix = mem_printf("projects/%s/databases/(default)/documents", m.project);
    free(m.project);
    buf_init(&x->fields);
    buf_init(&x->pieces);
    filelog_init(&x->log, path_join(dir, log_name));
    x->port = (legacy){.kind = "file", .next = file_next, .write = file_write, .close = file_close};
    x->port.info = (legacy_info){.said_documents = m.documents, .said_bytes = -1, .start_us = m.created_us};
    snprintf(x->port.info.source, sizeof x->port.info.source, "file:%s", dir);
    if (!list_files(x, e)) {
        file_close(&x->port);
        return false;
    }
    *ret = &x->port;
    return true;
}
