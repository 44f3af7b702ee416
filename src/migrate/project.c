/* Projection: mirrored documents into rows, model by model in their order, batch by batch.
 *
 * The database does it (migration.project_some); here is only the loop, so that there is progress to show and
 * a place to stop. Each batch is a transaction. A pass goes through a model's documents by path and never
 * turns back, so that it ends whatever other sessions write meanwhile; documents of later models that a batch
 * made stale are met when their turn comes, those of earlier models in another pass. */
#include "base/mem.h"
#include "migrate/private.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 20000, PASSES_MOST = 8 };

typedef struct pass {
    store *db;
    const catalog *c;
    migrate_progress progress;
    stop *s;
    err *e;
    int64_t done; /* in all */
} pass;

/* One model from its first path to its last. expected: for the progress only. */
static bool project_model(pass *p, const char *model, int64_t expected)
{
    number batch = number_of(BATCH);
    char *after = NULL;
    bool ok = true;
    for (int64_t done = 0;;) {
        query_value values[] = {{"model", model}, {"after", after}, {"batch", batch.text}};
        rowset *r = NULL;
        ok = !stop_now(p->s, p->e) && fetch_named(p->db, p->c, "migrate_project", values, 3, &r, p->s, p->e);
        if (!ok)
            break;
        int64_t n = r->nrows ? cell_number(r, 0, 0) : 0;
        free(after);
        after = n ? mem_str(rowset_cell(r, 0, 1)->text) : NULL;
        rowset_free(r);
        if (!n)
            break;
        done += n;
        p->done += n;
        if (p->progress.told)
            p->progress.told(p->progress.ctx, done, expected > done ? expected : done, model);
    }
    free(after);
    return ok;
}

/* All models that have something to do. *ret_todo: how many documents that were; 0 ends it. */
static bool project_pending(pass *p, const char *model, int64_t *ret_todo)
{
    rowset *r = NULL;
    int64_t todo = 0;
    if (!fetch_named(p->db, p->c, "migrate_pending", NULL, 0, &r, p->s, p->e))
        return false;
    bool ok = true, known = !model;
    for (size_t i = 0; ok && i < r->nrows; i++) {
        const char *name = rowset_cell(r, i, 0)->text;
        bool chosen = !model || strcmp(model, name) == 0;
        known = known || chosen;
        /* Later models too, once an earlier one ran: it may have made them stale. */
        if (!chosen || (cell_number(r, i, 1) == 0 && p->done == 0))
            continue;
        int64_t before = p->done;
        ok = project_model(p, name, cell_number(r, i, 1));
        todo += p->done - before;
    }
    if (!known)
        ok = err_set(p->e, ERR_USAGE, "there is no model %s; showx migrate status lists them", model);
    rowset_free(r);
    *ret_todo = todo;
    return ok;
}

bool migrate_project(store *db, const catalog *c, const char *model, migrate_progress progress,
                     int64_t *ret_documents, stop *s, err *e)
{
    pass p = {.db = db, .c = c, .progress = progress, .s = s, .e = e};
    int64_t todo = 1;
    bool ok = true;
    for (int i = 0; ok && todo && i < PASSES_MOST; i++) {
        ok = project_pending(&p, i == 0 ? model : NULL, &todo);
        if (i == 0 && !todo)
            break;
    }
    if (ret_documents)
        *ret_documents = p.done;
    return ok;
}
