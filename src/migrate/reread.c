/* Reread: rule 3. An event that did not carry its document left the document's path in legacy.to_read; here it is read from the
 * old database as it is now, and what is found (or that nothing is there any more) goes the way of every event.
 *
 * What was read comes off the list in the transaction that applies it, and only if nobody asked for it again meanwhile: so nothing
 * is forgotten, whatever is killed when, and whatever comes in beside. */
#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "migrate/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct reread {
    legacy *source;
    store *db;
    const catalog *c;
    const rowset *waiting; /* path, name_prefix, asked */
    buf events, done;
    json_out j, d;
    migrate_reread_counts counts;
} reread;

/* The row of a path; rows come by path. */
static size_t row_of(const rowset *r, const char *path)
{
    size_t low = 0, high = r->nrows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int c = strcmp(rowset_cell(r, middle, 0)->text, path);
        if (c == 0)
            return middle;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return r->nrows;
}

static void put_event(json_out *j, const legacy_document *d)
{
    json_open(j, '{');
    json_key(j, "kind");
    json_str(j, d->deleted ? "delete" : "update");
    json_key(j, "path");
    json_str(j, d->path);
    json_key(j, "prefix");
    json_str(j, d->prefix);
    if (d->deleted) { /* not there at that time: whatever is older is gone, and its tombstone is of that time */
        json_key(j, "old_update_us");
        json_int(j, d->update_us - 1);
    } else {
        json_key(j, "fields");
        json_raw(j, d->fields);
        json_key(j, "update_us");
        json_int(j, d->update_us);
        json_key(j, "create_us");
        json_int(j, d->create_us);
    }
    json_close(j, '}');
}

static bool found(void *ctx, const legacy_document *d)
{
    reread *x = ctx;
    size_t row = row_of(x->waiting, d->path);
    if (row == x->waiting->nrows)
        return true;
    const char *prefix = rowset_cell(x->waiting, row, 1)->text;
    if (prefix && *prefix && strcmp(prefix, d->prefix) != 0) {
        x->counts.foreign++;
        return true;
    }
    x->counts.read++;
    x->counts.gone += d->deleted;
    put_event(&x->j, d);
    json_open(&x->d, '{');
    json_key(&x->d, "path");
    json_str(&x->d, d->path);
    json_key(&x->d, "asked");
    json_int(&x->d, cell_number(x->waiting, row, 2));
    json_close(&x->d, '}');
    return true;
}

static bool read_all(reread *x, stop *s, err *e)
{
    size_t n = x->waiting->nrows;
    const char **paths = MEM_ARRAY(const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        paths[i] = rowset_cell(x->waiting, i, 0)->text;
    buf_clear(&x->events);
    buf_clear(&x->done);
    json_init(&x->j, &x->events);
    json_init(&x->d, &x->done);
    json_open(&x->j, '[');
    json_open(&x->d, '[');
    bool ok = x->source->get(x->source, paths, n, found, x, s, e);
    json_close(&x->j, ']');
    json_close(&x->d, ']');
    free(paths);
    return ok;
}

static bool tally(reread *x, const rowset *r, err *e)
{
    for (size_t i = 0; i < r->nrows; i++) {
        const char *outcome = rowset_cell(r, i, 1)->text;
        if (strcmp(outcome, "refused") == 0)
            return err_set(e, ERR_FAILED, "a document that was read is refused: %s",
                           rowset_cell(r, i, 2)->text);
        x->counts.applied += strcmp(outcome, "applied") == 0;
    }
    return true;
}

static bool apply_all(reread *x, stop *s, err *e)
{
    rowset *r = NULL;
    query_value told = {"events", x->events.data}, done = {"done", x->done.data};
    if (!x->db->begin(x->db, false, s, e))
        return false;
    bool ok = fetch_named(x->db, x->c, "migrate_sync_apply", &told, 1, &r, s, e) && tally(x, r, e);
    if (ok)
        ok = run_named(x->db, x->c, "migrate_reread_done", &done, 1, NULL, s, e);
    rowset_free(r);
    if (ok)
        return x->db->commit(x->db, s, e);
    x->db->rollback(x->db, NULL, NULL);
    return false;
}

/* The next of the list, from behind *after on; *after becomes the last of them. */
static bool one_round(reread *x, char **after, bool *ret_end, stop *s, err *e)
{
    rowset *r = NULL;
    query_value value = {"after", *after};
    if (!fetch_named(x->db, x->c, "migrate_reread_waiting", &value, 1, &r, s, e))
        return false;
    *ret_end = r->nrows == 0;
    x->waiting = r;
    bool ok = *ret_end || (read_all(x, s, e) && apply_all(x, s, e));
    if (ok && !*ret_end) {
        free(*after);
        *after = mem_str(rowset_cell(r, r->nrows - 1, 0)->text);
    }
    rowset_free(r);
    return ok;
}

bool migrate_reread(legacy *source, store *db, const catalog *c, migrate_progress progress,
                    migrate_reread_counts *ret, stop *s, err *e)
{
    reread x = {.source = source, .db = db, .c = c};
    char *after = mem_str("");
    bool ok = true, end = false;
    if (!source->get)
        ok = err_set(e, ERR_USAGE, "%s does not change any more: documents are read again from firestore:",
                     source->info.source);
    buf_init(&x.events);
    buf_init(&x.done);
    while (ok && !end) {
        ok = one_round(&x, &after, &end, s, e);
        if (ok && progress.told)
            progress.told(progress.ctx, x.counts.read, 0, "documents");
    }
    buf_done(&x.events);
    buf_done(&x.done);
    free(after);
    if (ret)
        *ret = x.counts;
    return ok;
}
