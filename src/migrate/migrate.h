/* migrate: the move from the old database's documents to rows.
 *
 *   migrate_load      documents from a source into the mirror (legacy.document), in batches, each whole or
 * not at all migrate_models_apply  the models (migrations/models/) as this program carries them into the
 * database migrate_project   mirrored documents into rows, quarantine or tombstones, model by model in order
 *   migrate_status    where each model stands
 *   migrate_sync      trigger events into the mirror and, by its trigger, into rows, as they come
 *   migrate_reread    documents that an event named but did not carry
 *
 * Invariants: a document is in exactly one of projected, quarantined, tombstone once it was projected; what
 * came in but was not projected yet is `pending`. Loading again changes nothing (versions, rules 1-2 of
 * migration.md); projecting again changes nothing. Both may be stopped anywhere and run again: what is
 * committed stays, the rest is met again. The rules themselves live in the database
 * (migrations/schema/0005_projection.sql): sync by trigger and bulk load are one path.
 *
 * The store is the caller's and not in a transaction; nothing here is kept behind a call. */
#ifndef SHOWX_MIGRATE_MIGRATE_H
#define SHOWX_MIGRATE_MIGRATE_H

#include "base/err.h"
#include "base/job.h"
#include "catalog/catalog.h"
#include "legacy/events.h"
#include "legacy/legacy.h"
#include "store/store.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Told after each batch, from the calling thread. total 0 = unknown. what: "documents", a model's name;
 * borrowed for the call. */
typedef struct migrate_progress {
    void (*told)(void *ctx, int64_t done, int64_t total, const char *what); /* NULL: nobody wants to know */
    void *ctx;
} migrate_progress;

typedef struct migrate_options {
    size_t batch;          /* documents a transaction; 0 = 20,000 */
    bool defer_projection; /* true: rows come by migrate_project afterwards; false: by the trigger, batch by
                              batch */
} migrate_options;

typedef struct migrate_counts {
    int64_t load_id;
    int64_t documents; /* read from the source: applied + stale + those of `errors` that Postgres refused */
    int64_t applied;   /* newer than what the mirror held */
    int64_t stale;     /* older, or the same */
    int64_t errors;    /* records that could not become a document: rows of migration.load_error */
} migrate_counts;

/* Reads the source to its end. Damages do not fail it: they are counted, located in migration.load_error.
 * False when the source or the store fails or s asks to stop; the batches before stay. ret may be NULL; it is
 * written in any case, as far as things got. options may be NULL. */
bool migrate_load(legacy *source, store *db, const catalog *c, const migrate_options *options,
                  migrate_progress progress, migrate_counts *ret, stop *s, err *e);

/* Takes in each built-in model whose file is another than the database's; its documents are then projected
 * anew by migrate_project. All or none. ret_applied (may be NULL): how many. A broken file:
 * "migrations/models/fans.sql: ...". */
bool migrate_models_apply(store *db, const catalog *c, size_t *ret_applied, stop *s, err *e);
/* What must be there before documents come: the models. */
bool migrate_prepare(store *db, const catalog *c, size_t *ret_applied, stop *s, err *e);

/* Projects what is new, changed or stale: of one model and what that makes stale elsewhere (NULL: all).
 * ret_documents may be NULL. */
bool migrate_project(store *db, const catalog *c, const char *model, migrate_progress progress,
                     int64_t *ret_documents, stop *s, err *e);

/* The same by several sessions (1 to 8 stores to one database, each its own connection; connected here when they are not):
 * documents that come for the first time are shared out among them, the others go by the first. Stores are used by
 * one thread each while this runs. */
bool migrate_project_by(store *const *stores, size_t n, const catalog *c, const char *model,
                        migrate_progress progress, int64_t *ret_documents, stop *s, err *e);

typedef struct migrate_sync_options {
    size_t batch;    /* events a transaction; 0 = 500 */
    bool from_start; /* a file is read from its start, not from where it was left */
    bool patient;    /* a lost connection is waited for and the batch applied again, until asked to stop */
} migrate_sync_options;

typedef struct migrate_sync_counts {
    int64_t load_id; /* its row among the loads: errors hang on it */
    int64_t events;  /* decoded: applied, stale, repeats, to_read, and those of `errors` that were refused */
    int64_t applied, stale, repeats;
    int64_t to_read; /* carried no contents: their documents wait in legacy.to_read */
    int64_t errors;  /* what was no event, with its place: rows of migration.load_error */
} migrate_sync_counts;

/* Applies events until the source ends. Each batch is one transaction, with the file's position in it: after kill -9 anywhere
 * the next sync goes on behind what was applied. What is no event is counted, located and kept, and holds up nothing. False when the
 * source or the store fails or s asks to stop; what was applied stays. ret may be NULL; it is written in any case. */
bool migrate_sync(events *source, store *db, const catalog *c, const migrate_sync_options *options,
                  migrate_progress progress, migrate_sync_counts *ret, stop *s, err *e);

typedef struct migrate_reread_counts {
    int64_t read;    /* asked for, whether they were there or not */
    int64_t applied; /* newer than what the mirror held */
    int64_t gone;    /* not there any more */
    int64_t foreign; /* of another database than the source: left waiting */
} migrate_reread_counts;

/* Reads what waits in legacy.to_read (events that did not carry their document) from the old database as it is now. Each batch of 100 is
 * one transaction, in which it comes off the list; what was asked for again meanwhile stays. ERR_USAGE: a source that cannot be
 * asked. ret may be NULL; it is written in any case. */
bool migrate_reread(legacy *source, store *db, const catalog *c, migrate_progress progress,
                    migrate_reread_counts *ret, stop *s, err *e);

/* One row a model in projection order: model, state, documents, projected, quarantined, tombstones, warnings,
 * pending. */
bool migrate_status(store *db, const catalog *c, const store_sink *sink, stop *s, err *e);

#endif
