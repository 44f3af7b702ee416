/* Loading: documents from a source into the mirror.
 *
 * One batch is one transaction: the documents stream by COPY into a staging table of the session, and one
 * statement merges them by the version rules. The feed of the COPY reads the source itself, so that no
 * document is held twice; damages that it meets on the way are kept aside and written once the COPY is over.
 */
#include "base/buf.h"
#include "migrate/damages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 20000, COLUMNS = 13 };

typedef struct load {
    legacy *source;
    store *db;
    const catalog *c;
    stop *s;
    size_t batch;
    bool defer;
    migrate_counts counts;
    number id;
    /* the batch being read */
    size_t in_batch;
    damages damages;
    bool end;    /* the source has no more */
    bool failed; /* the source cannot go on: why says it */
    err why;
    number version, create_us, update_us; /* cells point here until the next row */
} load;

static store_cell cell(const char *text)
{
    return (store_cell){text, text ? strlen(text) : 0};
}

/* Rule 4: a document whose time the source does not tell is as old as the source's start. */
static int64_t version_of(const legacy *source, const legacy_document *d)
{
    return d->update_us ? d->update_us : source->info.start_us;
}

static void fill_row(load *l, const legacy_document *d, store_cell *cells)
{
    l->version = number_of(version_of(l->source, d));
    l->create_us = number_of(d->create_us);
    l->update_us = number_of(d->update_us);
    cells[0] = cell(d->path);
    cells[1] = cell(d->collection);
    cells[2] = cell(d->parent);
    cells[3] = cell(d->id);
    cells[4] = cell(d->prefix ? d->prefix : "");
    cells[5] = (store_cell){d->fields, d->fields_len};
    cells[6] = cell(l->version.text);
    cells[7] = cell(l->create_us.text);
    cells[8] = cell(l->update_us.text);
    cells[9] = cell(d->deleted ? "true" : "false");
    cells[10] = cell(l->source->info.source);
    cells[11] = cell(d->file ? d->file : "");
    cells[12] = cell(d->place);
}

/* The COPY's feed: one document of the source, or the end of the batch. */
static bool next_row(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    load *l = ctx;
    legacy_document d;
    legacy_damage bad;
    (void)n;
    *ret_more = false;
    while (l->in_batch < l->batch && !l->end) {
        if (stop_now(l->s, e))
            return false;
        switch (l->source->next(l->source, &d, &bad, l->s, &l->why)) {
        case LEGACY_DOCUMENT:
            fill_row(l, &d, cells);
            l->in_batch++;
            *ret_more = true;
            return true;
        case LEGACY_DAMAGE:
            damages_keep(&l->damages, &bad);
            break;
        case LEGACY_END:
            l->end = true;
            break;
        case LEGACY_FAILED:
            l->end = l->failed = true; /* what was read so far is good and stays */
            break;
        }
    }
    return true;
}

static bool write_damages(load *l, err *e)
{
    if (!damages_write(&l->damages, l->db, l->c, l->id.text, l->s, e))
        return false;
    l->counts.errors += (int64_t)l->damages.n;
    return true;
}

static bool write_counts(load *l, const char *state, stop *s, err *e)
{
    number documents = number_of(l->counts.documents), applied = number_of(l->counts.applied),
           stale = number_of(l->counts.stale), errors = number_of(l->counts.errors);
    query_value values[] = {{"load", l->id.text},  {"documents", documents.text}, {"applied", applied.text},
                            {"stale", stale.text}, {"errors", errors.text},       {"state", state}};
    return run_named(l->db, l->c, "migrate_load_end", values, 6, NULL, s, e);
}

static bool copy_batch(load *l, err *e)
{
    const query *q = catalog_query(l->c, "migrate_load_copy");
    if (!q)
        return err_set(e, ERR_MISSING, "queries/migrate_load_copy.sql is not in this program");
    store_request copy = {.name = q->file, .sql = q->body[STORE_POSTGRES]};
    store_feed feed = {next_row, l};
    return l->db->load(l->db, &copy, COLUMNS, &feed, NULL, l->s, e);
}

/* Everything of a batch between begin and commit. The counts are the transaction's: taken over only when it
 * stands. */
static bool batch_inside(load *l, err *e)
{
    query_value defer[] = {{"defer", l->defer ? "on" : "off"}}, id[] = {{"load", l->id.text}};
    rowset *r = NULL;
    if (!run_named(l->db, l->c, "migrate_load_open", defer, 1, NULL, l->s, e) || !copy_batch(l, e) ||
        !fetch_named(l->db, l->c, "migrate_load_merge", id, 1, &r, l->s, e))
        return false;
    l->counts.documents += (int64_t)l->in_batch;
    l->counts.applied += cell_number(r, 0, 0);
    l->counts.stale += cell_number(r, 0, 1);
    l->counts.errors += cell_number(r, 0, 2);
    rowset_free(r);
    return write_damages(l, e) && write_counts(l, "running", l->s, e);
}

static bool load_batch(load *l, err *e)
{
    migrate_counts before = l->counts;
    l->in_batch = 0;
    bool ok = l->db->begin(l->db, false, l->s, e);
    if (ok && !batch_inside(l, e)) {
        l->db->rollback(l->db, NULL, NULL);
        ok = false;
    }
    ok = ok && l->db->commit(l->db, l->s, e);
    if (!ok)
        l->counts = before;
    damages_drop(&l->damages);
    return ok;
}

static bool begin_load(load *l, err *e)
{
    query_value values[] = {{"source", l->source->info.source}};
    rowset *r = NULL;
    if (!fetch_named(l->db, l->c, "migrate_load_begin", values, 1, &r, l->s, e))
        return false;
    l->counts.load_id = cell_number(r, 0, 0);
    l->id = number_of(l->counts.load_id);
    rowset_free(r);
    return true;
}

/* The load's last word, also when it was told to stop: on a short deadline of its own. */
static void end_load(load *l, const char *state)
{
    stop brief;
    if (!stop_init(&brief, 5000, NULL))
        return;
    write_counts(l, state, &brief, NULL);
    stop_done(&brief);
}

bool migrate_load(legacy *source, store *db, const catalog *c, const migrate_options *options,
                  migrate_progress progress, migrate_counts *ret, stop *s, err *e)
{
    load l = {.source = source, .db = db, .c = c, .s = s, .batch = BATCH, .defer = true};
    err local = {0};
    e = e ? e : &local;
    if (options) {
        l.batch = options->batch ? options->batch : BATCH;
        l.defer = options->defer_projection;
    }
    bool ok = begin_load(&l, e);
    while (ok && !l.end) {
        ok = load_batch(&l, e);
        if (ok && progress.told)
            progress.told(progress.ctx, l.counts.documents,
                          source->info.said_documents > 0 ? source->info.said_documents : 0, "documents");
    }
    if (ok && l.failed)
        ok = err_set(e, l.why.kind, "%s", l.why.text);
    if (l.counts.load_id)
        end_load(&l, ok ? "done" : e->kind == ERR_CANCELLED ? "cancelled" : "failed");
    damages_done(&l.damages);
    if (ret)
        *ret = l.counts;
    return ok;
}
