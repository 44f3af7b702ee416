/* legacy: the old database, whatever form it comes in. The port is struct legacy; its adapters are
 *   export:DIR   a managed Firestore export (gcloud or emulator), record by record with CRC    export.c
 *   file:DIR     a folder of NDJSON documents with an append-only change log                   file.c
 *   json:FILE    a file of node-firestore-import-export                                        jsonfile.c
 *   firestore:PROJECT   the database itself, over REST                                         fireread.c
 * Opened by legacy_open(), which chooses by the word before the colon.
 *
 * Reading gives one document after another, in the memory of one; what cannot become a document comes
 * back as a located `damage` and reading goes on behind it. Nothing is skipped silently: the sum
 * documents + damages covers every record met. A document's fields are Firestore's typed JSON
 * ({"a":{"integerValue":"1"}}), canonical: the text written by document.c, valid UTF-8, no duplicate keys. */
#ifndef SHOWX_LEGACY_LEGACY_H
#define SHOWX_LEGACY_LEGACY_H

#include "base/err.h"
#include "base/job.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct legacy_document {
    const char *prefix; /* "projects/P/databases/(default)/documents" */
    const char *path;   /* after /documents/: "fans/abc/follows/def"; segments may hold any UTF-8 but '/' */
    const char *collection; /* ids left out: "fans/follows" */
    const char *parent;     /* "fans/abc", NULL at the root */
    const char *id;         /* last segment */
    const char *fields;     /* typed JSON object, NUL-terminated */
    size_t fields_len;
    int64_t create_us, update_us; /* 0 = the source has none */
    bool deleted;     /* a delete in a change log: fields is "{}" and update_us the old document's time */
    const char *file; /* where it was read: file name relative to the source */
    char place[64];   /* "line 12", "record 7 at byte 32768" */
} legacy_document;    /* all strings borrowed until the next read */

typedef struct legacy_damage {
    const char *file;
    char place[64];
    const char *code; /* one word, static: "crc", "truncated", "bad_value", "bad_json", ... */
    char sentence[512];
    const void *raw; /* what was there, borrowed; may be cut */
    size_t raw_len;
} legacy_damage;

typedef enum { LEGACY_DOCUMENT, LEGACY_DAMAGE, LEGACY_END, LEGACY_FAILED } legacy_got;

/* What the source says of itself, where it does. -1 / 0 = not said. */
typedef struct legacy_info {
    char source[512];       /* "export:/some/dir" */
    int64_t said_documents; /* the completeness check: compared by the reader at the end */
    int64_t said_bytes;
    int64_t start_us; /* an export's start: its documents' version (rule 4) */
} legacy_info;

typedef struct legacy legacy;
struct legacy {
    const char *kind; /* "export", "file", "json", "firestore" */
    legacy_info info;
    /* LEGACY_END comes once everything was read; a source whose own counts disagree gives a damage
     * ("count") before it. LEGACY_FAILED (e set) only when reading cannot go on at all. */
    legacy_got (*next)(legacy *l, legacy_document *ret, legacy_damage *ret_damage, stop *s, err *e);
    /* Reads documents by their paths, as of now: each is told once, in any order; what is not there is told as deleted, its
     * update_us being the time at which it was not. visit returns false to end early, which is no failure. NULL where the source
     * holds no more than it held when it was made. */
    bool (*get)(legacy *l, const char *const *paths, size_t n,
                bool (*visit)(void *ctx, const legacy_document *d), void *ctx, stop *s, err *e);
    /* Appends one change; NULL where the source cannot be written. */
    bool (*write)(legacy *l, const legacy_document *change, err *e);
    void (*close)(legacy *l);
};

/* "export:DIR", "file:DIR", "json:FILE[#PATH][@TIME]", "firestore:PROJECT[/DATABASE][@READTIME]". A folder without a word is an export if it holds *.overall_export_metadata, else a file:
 * folder if it holds manifest.json. Missing folder, unknown word: one sentence. */
bool legacy_open(const char *source, legacy **ret, err *e);
void legacy_close(legacy *l); /* NULL is fine */

#endif
