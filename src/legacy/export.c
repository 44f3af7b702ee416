#include "legacy/export.h"
#include "base/mem.h"
#include "base/path.h"
#include "legacy/document.h"
#include "legacy/entity.h"
#include "legacy/exportlist.h"
#include "legacy/record.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct export_source {
    legacy port;
    exportlist list;
    size_t at_output, at_note;
    record_reader *reader;      /* of outputs[at_output], while it is open */
    bool counted;               /* the end's comparison was made */
    int64_t documents, refused; /* refused: records that became damages one by one */
    int64_t file_bytes, record_bytes;
    buf name, fields, pieces;
    unsigned calls;
} export_source;

/* Hands out the next note as a damage. */
static legacy_got next_note(export_source *x, legacy_damage *ret)
{
    const export_note *n = &x->list.notes[x->at_note++];
    *ret = (legacy_damage){.file = n->file, .code = n->code, .raw = "", .raw_len = 0};
    memcpy(ret->place, n->place, sizeof ret->place);
    snprintf(ret->sentence, sizeof ret->sentence, "%s", n->sentence);
    return LEGACY_DAMAGE;
}

/* Opens the output file whose turn it is; what is in the way becomes a note. */
static void open_output(export_source *x)
{
    const char *name = x->list.outputs[x->at_output];
    char *full = path_join(x->list.dir, name);
    struct stat st;
    int fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe in its place must not hold us up */
    if (fd < 0) {
        exportlist_note(&x->list, name, "", "missing_file", "the output file cannot be opened: %s",
                        strerror(errno));
    } else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        exportlist_note(&x->list, name, "", "missing_file", "the output file is not a file");
        close(fd);
    } else {
        x->file_bytes += st.st_size;
        x->reader = record_open(fdopen(fd, "r"));
    }
    free(full);
    if (!x->reader)
        x->at_output++;
}

static void close_output(export_source *x)
{
    record_close(x->reader);
    x->reader = NULL;
    x->at_output++;
}

static legacy_got give_damage(export_source *x, const record *r, const char *code, const char *why,
                              legacy_damage *ret)
{
    *ret =
        (legacy_damage){.file = x->list.outputs[x->at_output], .code = code, .raw = r->data, .raw_len = r->n};
    snprintf(ret->place, sizeof ret->place, "record %llu at byte %lld", (unsigned long long)r->number,
             (long long)r->at);
    snprintf(ret->sentence, sizeof ret->sentence, "%.150s, %s: %.280s", ret->file, ret->place, why);
    return LEGACY_DAMAGE;
}

static legacy_got give_record(export_source *x, const record *r, legacy_document *ret,
                              legacy_damage *ret_damage)
{
    const char *code = "bad_key";
    document_name d;
    err e = {0};
    x->record_bytes += (int64_t)r->n;
    buf_clear(&x->pieces);
    bool ok = entity_decode(r->data, r->n, &x->name, &x->fields, &code, &e);
    if (ok && !document_split(x->name.data, &x->pieces, &d, &e)) {
        code = "bad_key";
        ok = false;
    }
    if (!ok) {
        x->refused++;
        return give_damage(x, r, code, e.text, ret_damage);
    }
    x->documents++;
    *ret = (legacy_document){.prefix = d.prefix,
                             .path = d.path,
                             .collection = d.collection,
                             .parent = d.parent,
                             .id = d.id,
                             .fields = x->fields.data,
                             .fields_len = x->fields.len,
                             .file = x->list.outputs[x->at_output]};
    snprintf(ret->place, sizeof ret->place, "record %llu at byte %lld", (unsigned long long)r->number,
             (long long)r->at);
    return LEGACY_DOCUMENT;
}

/* The completeness check. Bytes are the files' for the emulator and the records' for the managed service. */
static void compare_counts(export_source *x)
{
    const exportlist *l = &x->list;
    const char *file = l->overall ? l->overall : "";
    int64_t met = x->documents + x->refused;
    x->counted = true;
    if (l->said_documents >= 0 && l->said_documents != met)
        exportlist_note(
            &x->list, file, "", "count",
            "the export says that it has %lld documents, but %lld records were met (%lld became documents)",
            (long long)l->said_documents, (long long)met, (long long)x->documents);
    else if (l->said_bytes >= 0 && l->said_bytes != x->file_bytes && l->said_bytes != x->record_bytes)
        exportlist_note(
            &x->list, file, "", "count",
            "the export says that it has %lld bytes, but its files have %lld and their records %lld",
            (long long)l->said_bytes, (long long)x->file_bytes, (long long)x->record_bytes);
}

static legacy_got export_next(legacy *l, legacy_document *ret, legacy_damage *ret_damage, stop *s, err *e)
{
    export_source *x = (export_source *)l;
    if (s && x->calls++ % 64 == 0 && stop_now(s, e))
        return LEGACY_FAILED;
    for (;;) {
        record r;
        if (x->at_note < x->list.n_notes)
            return next_note(x, ret_damage);
        if (x->reader) {
            record_got got = record_next(x->reader, &r);
            if (got == RECORD_GOT)
                return give_record(x, &r, ret, ret_damage);
            if (got == RECORD_DAMAGE)
                return give_damage(x, &r, r.code, r.why, ret_damage);
            close_output(x);
        } else if (x->at_output < x->list.n_outputs) {
            open_output(x);
        } else if (!x->counted) {
            compare_counts(x);
        } else {
            return LEGACY_END;
        }
    }
}

static void export_close(legacy *l)
{
    export_source *x = (export_source *)l;
    record_close(x->reader);
    exportlist_done(&x->list);
    buf_done(&x->name);
    buf_done(&x->fields);
    buf_done(&x->pieces);
    free(x);
}

bool export_is(const char *dir)
{
    char *found = exportlist_find(dir);
    free(found);
    return found != NULL;
}

bool export_open(const char *dir, legacy **ret, err *e)
{
    exportlist list;
    if (!exportlist_read(dir, &list, e))
        return false;
    export_source *x = MEM_NEW(export_source);
    x->list = list;
    buf_init(&x->name);
    buf_init(&x->fields);
    buf_init(&x->pieces);
    x->port = (legacy){.kind = "export", .next = export_next, .close = export_close};
    x->port.info.said_documents = list.said_documents;
    x->port.info.said_bytes = list.said_bytes;
    x->port.info.start_us = list.start_us;
    snprintf(x->port.info.source, sizeof x->port.info.source, "export:%s", dir);
    *ret = &x->port;
    return true;
}
