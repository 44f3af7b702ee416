/* Projection: mirrored documents into rows, model by model in their order, batch by batch.
 *
 * The database does it (migration.project_new, project_some); here are only the loops, so that there is progress to
 * show and a place to stop. A model's documents that come for the first time go first, in parts that the sessions
 * at hand take one after the other; what is left (changed, stale, refused by the database) goes by one session. Each batch is a transaction. A pass goes through a model's documents by path and never
 * turns back, so that it ends whatever other sessions write meanwhile; documents of later models that a batch
 * made stale are met when their turn comes, those of earlier models in another pass. */
#include "base/mem.h"
#include "migrate/private.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 20000, PASSES_MOST = 8, PARTS_EACH = 4, PARTS_MOST = 32, STORES_MOST = 8 };

typedef struct pass {
    store *const *stores;
    size_t nstores;
    store *db; /* the first of them, the caller's thread's */
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

/* ---- documents that come for the first time ---- */

/* What the sessions share. Part i goes from ends[i - 1], not included, to ends[i]; NULL is the beginning and the end. */
typedef struct first {
    pass *p;
    const char *model;
    int64_t expected, done;
    char *ends[PARTS_MOST];
    size_t nparts, next;
    bool failed;
    pthread_mutex_t lock; /* over done, next, failed */
} first;

typedef struct session {
    first *f;
    store *db;
    bool tells; /* progress is the calling thread's */
    bool ok;
    err e;
} session;

static bool take_part(first *f, size_t *ret_part)
{
    pthread_mutex_lock(&f->lock);
    bool more = !f->failed && f->next < f->nparts;
    if (more)
        *ret_part = f->next++;
    pthread_mutex_unlock(&f->lock);
    return more;
}

static void add_done(session *w, int64_t n)
{
    first *f = w->f;
    pthread_mutex_lock(&f->lock);
    f->done += n;
    int64_t done = f->done;
    pthread_mutex_unlock(&f->lock);
    if (w->tells && f->p->progress.told)
        f->p->progress.told(f->p->progress.ctx, done, f->expected > done ? f->expected : done, f->model);
}

static bool project_part(session *w, const char *after, const char *until)
{
    pass *p = w->f->p;
    number batch = number_of(BATCH);
    char *at = after ? mem_str(after) : NULL;
    bool ok = true;
    for (bool more = true; ok && more;) {
        query_value values[] = {
            {"model", w->f->model}, {"after", at}, {"until", until}, {"batch", batch.text}};
        rowset *r = NULL;
        ok = !stop_now(p->s, &w->e) &&
             fetch_named(w->db, p->c, "migrate_project_new", values, 4, &r, p->s, &w->e);
        if (!ok)
            break;
        const char *last = r->nrows ? rowset_cell(r, 0, 1)->text : NULL;
        more = last != NULL;
        free(at);
        at = more ? mem_str(last) : NULL;
        int64_t n = r->nrows ? cell_number(r, 0, 0) : 0;
        rowset_free(r);
        add_done(w, n);
    }
    free(at);
    return ok;
}

static void *work(void *arg)
{
    session *w = arg;
    size_t part = 0;
    w->ok = true;
    while (w->ok && take_part(w->f, &part))
        w->ok = project_part(w, part ? w->f->ends[part - 1] : NULL, w->f->ends[part]);
    if (!w->ok) {
        pthread_mutex_lock(&w->f->lock);
        w->f->failed = true;
        pthread_mutex_unlock(&w->f->lock);
    }
    return NULL;
}

static bool find_parts(first *f)
{
    pass *p = f->p;
    size_t parts = f->expected > BATCH / 4 ? p->nstores * PARTS_EACH : 1;
    number n = number_of((int64_t)(parts > PARTS_MOST ? PARTS_MOST : parts));
    query_value values[] = {{"model", f->model}, {"parts", n.text}};
    rowset *r = NULL;
    if (parts > 1 && !fetch_named(p->db, p->c, "migrate_project_parts", values, 2, &r, p->s, p->e))
        return false;
    for (size_t i = 0; r && i < r->nrows && f->nparts + 1 < PARTS_MOST; i++)
        f->ends[f->nparts++] = mem_str(rowset_cell(r, i, 0)->text);
    f->nparts++; /* the last has no end */
    rowset_free(r);
    return true;
}

/* Runs the sessions; the first is this thread. */
static bool run_sessions(first *f)
{
    pass *p = f->p;
    session sessions[STORES_MOST] = {0};
    pthread_t threads[STORES_MOST];
    size_t n = f->nparts < p->nstores ? f->nparts : p->nstores, started = 1;
    for (size_t i = 0; i < n; i++)
        sessions[i] = (session){.f = f, .db = p->stores[i], .tells = i == 0};
    while (started < n && pthread_create(&threads[started], NULL, work, &sessions[started]) == 0)
        started++;
    work(&sessions[0]);
    bool ok = true;
    for (size_t i = 0; i < started; i++) {
        if (i > 0)
            pthread_join(threads[i], NULL);
        if (!sessions[i].ok && ok)
            ok = err_set(p->e, sessions[i].e.kind, "%s", sessions[i].e.text);
    }
    return ok;
}

/* *ret_done: how many; those that the database refused are among what is left. */
static bool project_first(pass *p, const char *model, int64_t expected, int64_t *ret_done)
{
    first f = {.p = p, .model = model, .expected = expected};
    query_value values[] = {{"model", model}};
    pthread_mutex_init(&f.lock, NULL);
    bool ok = find_parts(&f) && run_sessions(&f);
    if (ok && f.done > 0)
        ok = run_named(p->db, p->c, "migrate_project_settle", values, 1, NULL, p->s, p->e);
    for (size_t i = 0; i < f.nparts; i++)
        free(f.ends[i]);
    pthread_mutex_destroy(&f.lock);
    p->done += f.done;
    *ret_done = f.done;
    return ok;
}

static bool project_one(pass *p, const char *model, int64_t pending)
{
    int64_t done = 0;
    if (pending > 0 && !project_first(p, model, pending, &done))
        return false;
    /* What is left of a model that went whole is what others woke: another pass meets it. */
    return (done > 0 && done == pending) || project_model(p, model, pending);
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
        ok = project_one(p, name, cell_number(r, i, 1));
        todo += p->done - before;
    }
    if (!known)
        ok = err_set(p->e, ERR_USAGE, "there is no model %s; showx migrate status lists them", model);
    rowset_free(r);
    *ret_todo = todo;
    return ok;
}

bool migrate_project_by(store *const *stores, size_t n, const catalog *c, const char *model,
                        migrate_progress progress, int64_t *ret_documents, stop *s, err *e)
{
    pass p = {.stores = stores,
              .nstores = n < STORES_MOST ? n : STORES_MOST,
              .db = stores[0],
              .c = c,
              .progress = progress,
              .s = s,
              .e = e};
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

bool migrate_project(store *db, const catalog *c, const char *model, migrate_progress progress,
                     int64_t *ret_documents, stop *s, err *e)
{
    return migrate_project_by(&db, 1, c, model, progress, ret_documents, s, e);
}
