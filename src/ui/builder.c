/* A `desk` is what the drawing thread and the one running piece of work share: the places, the input, and a box for better
 * plans. The input is the work's alone while a step runs; the drawing thread looks at it only between steps. */
#include "ui/builder.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "ui/build_draft.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STILL_A_SECOND = 1000, LOOK_MS = 80, ANY_DAY = INT32_MIN };

typedef struct desk {
    atomic_int refs;
    const catalog *catalog;
    atlas *atlas; /* set before the first work begins, never changed */
    plan_input *input;
    plan_request asked; /* what input was read for */
    char label[64];     /* of the database, for drafts */
    pthread_mutex_t lock;
    plan_doc better; /* under the lock */
    bool has_better;
} desk;

typedef struct build_work {
    build_step step;
    desk *desk;
    plan_request request;
    char *from; /* the shown plan as JSON, or NULL */
    char *id, *name, *reason;
    size_t stop;
    bool not_in, anew;                /* anew: a draft is not wanted any more */
    bool fresh;                       /* what was read before will not do */
    char plan_id[64], plan_name[128]; /* the kept plan that is on the board, or "" */
    int64_t version, expires_us, told_ms;
    double seconds;
    job *job;
} build_work;

typedef struct build_done {
    build_step step;
    plan_request request;
    plan_doc docs[BUILD_OTHERS + 1];
    size_t ndocs;
    char *text;
    bool no_plan;     /* text says why there is none */
    draft_plan draft; /* left unsaved; has_draft */
    bool has_draft;
    char plan_id[64];
    int64_t version;
} build_done;

/* ---- shared things ---- */

static desk *desk_new(const catalog *c)
{
    desk *d = MEM_NEW(desk);
    d->catalog = c;
    atomic_init(&d->refs, 1);
    pthread_mutex_init(&d->lock, NULL);
    return d;
}

static desk *desk_share(desk *d)
{
    atomic_fetch_add(&d->refs, 1);
    return d;
}

static void desk_drop(desk *d)
{
    if (atomic_fetch_sub(&d->refs, 1) > 1)
        return;
    plan_input_free(d->input);
    atlas_drop(d->atlas);
    if (d->has_better)
        plan_doc_done(&d->better);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

static void work_free(void *arg)
{
    build_work *w = arg;
    if (!w)
        return;
    desk_drop(w->desk);
    free(w->from);
    free(w->id);
    free(w->name);
    free(w->reason);
    free(w);
}

static void done_free(void *result)
{
    build_done *r = result;
    if (!r)
        return;
    for (size_t i = 0; i < r->ndocs; i++)
        plan_doc_done(r->docs + i);
    if (r->has_draft)
        plan_doc_done(&r->draft.doc);
    free(r->text);
    free(r);
}

static char *doc_text(const plan_doc *d)
{
    buf b;
    buf_init(&b);
    plan_doc_json(d, &b);
    return buf_take(&b);
}

/* ---- on the worker ---- */

/* What decides which rows are read; all else is the same data asked another way. */
static bool same_data(const plan_request *a, const plan_request *b)
{
    return strcmp(a->artist_id, b->artist_id) == 0 && a->from == b->from && a->until == b->until &&
           strcmp(a->countries, b->countries) == 0 && a->reach_km == b->reach_km &&
           a->any_city == b->any_city && a->ticket_price == b->ticket_price &&
           strcmp(a->start, b->start) == 0 && strcmp(a->end, b->end) == 0;
}

static bool again(build_work *w, err *e)
{
    if (!plan_again(w->desk->input, &w->request, e))
        return false;
    w->desk->asked = w->request;
    return true;
}

/* What was read before does for a pin or a limit; a search reads anew, since holds, blackouts, clauses and figures are edited
 * meanwhile, and by others. Where the network is gone it goes on with what there is. */
static bool need_input(build_work *w, store *s, err *e)
{
    desk *d = w->desk;
    bool same = d->input && same_data(&d->asked, &w->request);
    if (same && !w->fresh)
        return again(w, e);
    plan_input *fresh = NULL;
    err why = {0};
    if (!plan_load(s, d->catalog, atlas_cities(d->atlas), &w->request, &fresh, job_stop(w->job), &why)) {
        if (same && (why.kind == ERR_CONNECT || why.kind == ERR_TIMEOUT))
            return again(w, e);
        return err_set(e, why.kind, "%s", why.text);
    }
    plan_input_free(d->input);
    d->input = fresh;
    d->asked = w->request;
    return true;
}

static void put_better(void *ctx, const tour_plan *t, double seconds)
{
    build_work *w = ctx;
    int64_t now = time_mono_ms();
    if (w->told_ms && now - w->told_ms < LOOK_MS)
        return;
    w->told_ms = now;
    plan_doc doc;
    plan_describe(w->desk->input, t, seconds, &doc);
    pthread_mutex_lock(&w->desk->lock);
    if (w->desk->has_better)
        plan_doc_done(&w->desk->better);
    w->desk->better = doc;
    w->desk->has_better = true;
    pthread_mutex_unlock(&w->desk->lock);
}

/* The plan that was shown, in the slots of what is read now. */
static bool plan_from(const build_work *w, tour_plan *ret)
{
    plan_doc doc;
    *ret = (tour_plan){0};
    if (!w->from || !plan_doc_parse(w->from, &doc, NULL))
        return false;
    plan_into(w->desk->input, &doc, ret, NULL);
    bool some = ret->n > 0 || doc.n == 0;
    plan_doc_done(&doc);
    return some;
}

static tour_effort effort_of(build_work *w, const tour_plan *from)
{
    /* Where the clock stands still, effort is counted: the same plan each time. */
    bool still = getenv("SHOWX_NOW") != NULL;
    return (tour_effort){.seconds = still ? 0 : w->seconds,
                         .iterations = still ? (int64_t)(w->seconds * STILL_A_SECOND) : 0,
                         .seed = 1,
                         .from = from,
                         .stop = job_stop(w->job),
                         .ctx = w};
}

static void keep_draft(const build_work *w, const plan_doc *doc)
{
    draft_plan d = {.doc = *doc, .version = w->version}; /* borrowed for a moment */
    text_copy(d.plan_id, sizeof d.plan_id, w->plan_id);
    text_copy(d.name, sizeof d.name, w->plan_name);
    draft_keep(w->desk->label, &d);
}

static bool do_solve(build_work *w, store *s, build_done *r, err *e)
{
    tour_plan from, best = {0};
    tour_trouble why;
    if (!plan_request_check(&w->request, atlas_cities(w->desk->atlas), e) || !need_input(w, s, e))
        return false;
    bool has_from = plan_from(w, &from);
    tour_effort effort = effort_of(w, has_from ? &from : NULL);
    effort.better = put_better;
    int64_t began = time_mono_ms();
    err none = {0};
    bool ok = tour_solve(plan_problem(w->desk->input), &effort, &best, &why, &none);
    if (ok) {
        plan_describe(w->desk->input, &best, (double)(time_mono_ms() - began) / 1000, r->docs);
        r->ndocs = 1;
        if (best.n > 0)
            keep_draft(w, r->docs);
    } else if (none.kind == ERR_MISSING) {
        buf b;
        buf_init(&b);
        plan_say_trouble(w->desk->input, &why, &b);
        r->text = buf_take(&b);
        r->no_plan = true;
    } else {
        err_set(e, none.kind, "%s", none.text);
    }
    tour_plan_done(&best);
    tour_plan_done(&from);
    return ok || r->no_plan;
}

static void add_artist(const rowset *rows, size_t row, buf *out)
{
    int name = rowset_column(rows, "name"), city = rowset_column(rows, "city");
    const char *where = city < 0 ? NULL : rowset_cell(rows, row, (size_t)city)->text;
    const char *who = name < 0 ? NULL : rowset_cell(rows, row, (size_t)name)->text;
    buf_printf(out, "%s%s", out->len ? "; " : "", who ? who : "?");
    if (where)
        buf_printf(out, " (%s)", where);
}

/* The one row that is meant: the only one, or the only one of just that name. */
static size_t one_artist(const rowset *rows, const char *text)
{
    size_t found = SIZE_MAX, exact = 0;
    buf want, have;
    buf_init(&want);
    buf_init(&have);
    text_fold(&want, text, strlen(text));
    int name = rowset_column(rows, "name");
    for (size_t i = 0; name >= 0 && i < rows->nrows; i++) {
        const store_cell *c = rowset_cell(rows, i, (size_t)name);
        buf_clear(&have);
        text_fold(&have, c->text ? c->text : "", c->len);
        if (strcmp(have.data, want.data) == 0) {
            found = i;
            exact++;
        }
    }
    buf_done(&want);
    buf_done(&have);
    return rows->nrows == 1 ? 0 : exact == 1 ? found : SIZE_MAX;
}

static bool artists_like(build_work *w, store *s, int tier, rowset **ret, err *e)
{
    query_value search = {"search", w->name};
    page_request page = {.view = catalog_view(w->desk->catalog, "artists"),
                         .tier = tier,
                         .limit = 8,
                         .values = &search,
                         .nvalues = 1};
    statement st;
    if (!page.view || !page_bind(&page, s->dialect, &st, e))
        return false;
    store_request r = {.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams};
    bool ok = store_fetch(s, &r, page.limit, ret, job_stop(w->job), e);
    statement_done(&st);
    return ok;
}

static bool do_defaults(build_work *w, store *s, build_done *r, err *e);

static bool do_artist(build_work *w, store *s, build_done *r, err *e)
{
    const view *v = catalog_view(w->desk->catalog, "artists");
    for (int tier = 0; v && tier < (int)v->nsearch; tier++) {
        rowset *rows = NULL;
        if (!artists_like(w, s, tier, &rows, e))
            return false;
        size_t at = one_artist(rows, w->name);
        int id = rowset_column(rows, "artist_id");
        bool ok = at != SIZE_MAX && id >= 0;
        if (ok) {
            w->id = mem_str(rowset_cell(rows, at, (size_t)id)->text);
        } else if (rows->nrows) {
            buf who;
            buf_init(&who);
            for (size_t i = 0; i < rows->nrows; i++)
                add_artist(rows, i, &who);
            err_set(e, ERR_USAGE, "'%.60s' could be %s%s: type more of the name", w->name, who.data,
                    rows->more ? " ..." : "");
            buf_done(&who);
        }
        bool some = rows->nrows > 0;
        rowset_free(rows);
        if (some)
            return ok && do_defaults(w, s, r, e);
    }
    return err_set(e, ERR_USAGE, "no artist is called '%.60s'", w->name);
}

static bool do_defaults(build_work *w, store *s, build_done *r, err *e)
{
    r->has_draft = !w->anew && draft_take(w->desk->label, w->id, &r->draft);
    if (w->anew)
        draft_drop(w->desk->label, w->id);
    return plan_defaults(s, w->desk->catalog, w->id, &r->request, job_stop(w->job), e);
}

/* A kept plan with the avails and figures of now; what has become impossible is said, and the plan shown as it was kept. */
static void bring_up_to_date(build_work *w, store *s, build_done *r)
{
    plan_doc *kept = r->docs;
    tour_plan now;
    buf say;
    w->request = kept->request;
    if (!need_input(w, s, NULL))
        return;
    buf_init(&say);
    if (plan_into(w->desk->input, kept, &now, &say)) {
        plan_doc fresh;
        plan_describe(w->desk->input, &now, 0, &fresh);
        snprintf(fresh.plan_id, sizeof fresh.plan_id, "%s", kept->plan_id);
        fresh.name = mem_str(kept->name);
        fresh.version = kept->version;
        plan_doc_done(kept);
        *kept = fresh;
        buf_done(&say);
    } else {
        r->text = buf_take(&say);
    }
    tour_plan_done(&now);
}

static bool do_open(build_work *w, store *s, build_done *r, err *e)
{
    if (!plan_open(s, w->desk->catalog, w->id, w->version, r->docs, job_stop(w->job), e))
        return false;
    r->ndocs = 1;
    r->has_draft = draft_take(w->desk->label, r->docs[0].artist_id, &r->draft);
    if (r->has_draft && (strcmp(r->draft.plan_id, w->id) != 0 || r->draft.version != r->docs[0].version)) {
        plan_doc_done(&r->draft.doc); /* another plan's, or somebody kept a newer version since */
        r->has_draft = false;
    }
    bring_up_to_date(w, s, r);
    r->request = r->docs[0].request;
    return true;
}

static bool do_why(build_work *w, store *s, build_done *r, err *e)
{
    tour_plan now;
    if (!need_input(w, s, e))
        return false;
    if (!plan_from(w, &now)) {
        tour_plan_done(&now);
        return err_set(e, ERR_MISSING, "nothing of this plan is possible any more: plan it anew first");
    }
    tour_effort effort = effort_of(w, &now);
    buf text;
    buf_init(&text);
    bool ok = w->not_in ? plan_why_not(w->desk->input, &now, w->id, &effort, &text, NULL, e)
                        : plan_why(w->desk->input, &now, w->stop, &effort, &text, NULL, e);
    tour_plan_done(&now);
    r->text = buf_take(&text);
    return ok;
}

static bool do_others(build_work *w, store *s, build_done *r, err *e)
{
    tour_plan now, found[BUILD_OTHERS] = {0};
    if (!need_input(w, s, e))
        return false;
    bool ok = plan_from(w, &now);
    tour_effort effort = effort_of(w, NULL);
    size_t n = ok ? tour_alternatives(plan_problem(w->desk->input), &now, &effort, found, BUILD_OTHERS) : 0;
    for (size_t i = 0; i < n; i++) {
        if (found[i].n > 0)
            plan_describe(w->desk->input, found + i, 0, r->docs + r->ndocs++);
        tour_plan_done(found + i);
    }
    tour_plan_done(&now);
    return ok || err_set(e, ERR_MISSING, "nothing of this plan is possible any more: plan it anew first");
}

static bool do_save(build_work *w, store *s, build_done *r, err *e)
{
    plan_doc doc;
    if (!plan_doc_parse(w->from, &doc, e))
        return false;
    bool ok = plan_save(s, w->desk->catalog, &doc, w->id, w->version, w->name, w->reason, r->plan_id,
                        &r->version, job_stop(w->job), e);
    if (ok)
        draft_drop(w->desk->label, doc.artist_id);
    plan_doc_done(&doc);
    return ok;
}

static bool do_share(build_work *w, store *s, build_done *r, err *e)
{
    (void)r;
    return plan_share(s, w->desk->catalog, w->id, w->name, w->reason, job_stop(w->job), e);
}

/* The same stops as they stand now: held, and by which rank. */
static void look_again(build_work *w, store *s, build_done *r)
{
    tour_plan now = {0};
    w->fresh = true;
    if (need_input(w, s, NULL) && plan_from(w, &now)) {
        plan_doc *d = r->docs;
        plan_describe(w->desk->input, &now, 0, d);
        text_copy(d->plan_id, sizeof d->plan_id, w->plan_id);
        d->name = mem_str(w->plan_name);
        d->version = w->version;
        r->ndocs = 1;
    }
    tour_plan_done(&now);
}

static bool do_hold(build_work *w, store *s, build_done *r, err *e)
{
    buf say;
    buf_init(&say);
    bool ok = plan_hold(s, w->desk->catalog, w->id, w->version, w->expires_us, w->reason, &say,
                        job_stop(w->job), e);
    r->text = buf_take(&say);
    if (ok)
        look_again(w, s, r);
    return ok;
}

static bool run_work(void *arg, store *s, job *j, void **ret_result, err *e)
{
    static bool (*const steps[])(build_work *, store *, build_done *, err *) = {
        [STEP_ARTIST] = do_artist, [STEP_DEFAULTS] = do_defaults, [STEP_OPEN] = do_open,
        [STEP_SOLVE] = do_solve,   [STEP_WHY] = do_why,           [STEP_OTHERS] = do_others,
        [STEP_SAVE] = do_save,     [STEP_SHARE] = do_share,       [STEP_HOLD] = do_hold};
    build_work *w = arg;
    build_done *r = MEM_NEW(build_done);
    r->step = w->step;
    r->request = w->request;
    w->job = j;
    if (s)
        text_copy(w->desk->label, sizeof w->desk->label, s->identity.label);
    bool ok = steps[w->step](w, s, r, e);
    *ret_result = r;
    return ok;
}

/* ---- life ---- */

builder *builder_new(const catalog *c, uintptr_t tag)
{
    builder *b = MEM_NEW(builder);
    b->catalog = c;
    b->tag = tag;
    b->desk = desk_new(c);
    return b;
}

static void forget_others(builder *b)
{
    for (size_t i = 0; i < b->nothers; i++)
        plan_doc_done(b->others + i);
    b->nothers = b->other = 0;
}

static void forget_live(builder *b)
{
    if (b->has_live)
        plan_doc_done(&b->live);
    b->has_live = false;
}

static void forget_beside(builder *b)
{
    if (b->has_beside)
        plan_doc_done(&b->beside);
    b->has_beside = false;
}

void builder_free(builder *b)
{
    if (!b)
        return;
    forget_others(b);
    forget_beside(b);
    forget_live(b);
    if (b->has_doc)
        plan_doc_done(&b->doc);
    for (size_t i = 0; i < b->nundo; i++)
        free(b->undo[i]);
    work_free(b->next);
    free(b->answer);
    desk_drop(b->desk);
    free(b);
}

/* ---- asking ---- */

static build_work *ask(builder *b, build_step step)
{
    work_free(b->next);
    build_work *w = b->next = MEM_NEW(build_work);
    w->step = step;
    w->desk = desk_share(b->desk);
    w->request = b->request;
    w->version = b->version;
    text_copy(w->plan_id, sizeof w->plan_id, b->plan_id);
    text_copy(w->plan_name, sizeof w->plan_name, b->name);
    b->said[0] = 0;
    b->said_bad = false;
    const plan_doc *shown = builder_shown(b);
    if (shown)
        w->from = doc_text(shown);
    return w;
}

void builder_for_artist(builder *b, const char *artist_id)
{
    ask(b, STEP_DEFAULTS)->id = mem_str(artist_id);
}

void builder_anew(builder *b)
{
    char artist[sizeof b->request.artist_id];
    text_copy(artist, sizeof artist, b->request.artist_id);
    if (*b->plan_id) {
        char plan[sizeof b->plan_id];
        text_copy(plan, sizeof plan, b->plan_id);
        draft_drop(b->desk->label, artist);
        builder_open(b, plan, b->version);
    } else {
        builder_for_artist(b, artist);
        b->next->anew = true;
    }
}

void builder_find_artist(builder *b, const char *name)
{
    ask(b, STEP_ARTIST)->name = mem_str(name);
}

void builder_open(builder *b, const char *plan_id, int64_t version)
{
    build_work *w = ask(b, STEP_OPEN);
    w->id = mem_str(plan_id);
    w->version = version;
}

void builder_plan(builder *b, double seconds)
{
    builder_take_other(b);
    ask(b, STEP_SOLVE)->seconds = seconds;
}

void builder_search(builder *b, double seconds)
{
    builder_plan(b, seconds);
    b->next->fresh = true;
}

void builder_why(builder *b, size_t at)
{
    build_work *w = ask(b, STEP_WHY);
    w->stop = at;
    w->seconds = .5;
}

void builder_why_not(builder *b, const char *city_id)
{
    build_work *w = ask(b, STEP_WHY);
    w->not_in = true;
    w->id = mem_str(city_id);
    w->seconds = .5;
}

void builder_find_others(builder *b)
{
    ask(b, STEP_OTHERS)->seconds = 3;
}

void builder_save(builder *b, const char *name, const char *reason)
{
    builder_take_other(b);
    build_work *w = ask(b, STEP_SAVE);
    w->id = *b->plan_id ? mem_str(b->plan_id) : NULL;
    w->version = b->version;
    w->name = mem_str(name);
    w->reason = mem_str(reason);
    snprintf(b->name, sizeof b->name, "%s", name);
}

void builder_share(builder *b, const char *login, const char *reason)
{
    build_work *w = ask(b, STEP_SHARE);
    w->id = mem_str(b->plan_id);
    w->name = mem_str(login);
    w->reason = mem_str(reason);
}

void builder_hold(builder *b, const char *reason, int64_t expires_us)
{
    build_work *w = ask(b, STEP_HOLD);
    w->id = mem_str(b->plan_id);
    w->version = b->version;
    w->reason = mem_str(reason);
    w->expires_us = expires_us;
}

/* What can be done without asking anybody goes on when the network is gone. */
static bool storeless(const builder *b, const build_work *w)
{
    return (w->step == STEP_SOLVE || w->step == STEP_WHY || w->step == STEP_OTHERS) && b->desk->input &&
           !w->fresh && same_data(&b->desk->asked, &w->request);
}

/* The places are read once for all screens; nothing can be asked before. */
static bool have_places(builder *b, data *d)
{
    if (b->desk->atlas)
        return true;
    if (data_atlas(d)) {
        b->desk->atlas = atlas_keep(data_atlas(d));
        return true;
    }
    const err *wrong = data_atlas_error(d);
    if (wrong && wrong->kind != ERR_NONE && b->wanted_places && !data_atlas_reading(d)) {
        work_free(b->next);
        b->next = NULL;
        b->wanted_places = false;
        snprintf(b->said, sizeof b->said, "%s", wrong->text);
        b->said_bad = true;
        return false;
    }
    if (!data_atlas_reading(d))
        data_want_atlas(d, b->catalog);
    b->wanted_places = true;
    return false;
}

void builder_pump(builder *b, data *d)
{
    static uint64_t last;
    if (!b->next)
        return;
    if (b->step != STEP_NONE) {
        if (!b->stopping)
            data_cancel(d, b->tag);
        b->stopping = true;
        return;
    }
    if (!have_places(b, d))
        return;
    build_work *w = b->next;
    b->next = NULL;
    w->fresh = w->fresh && !data_lost(d);
    b->step = w->step;
    b->stopping = false;
    b->step_since_ms = time_mono_ms();
    b->serial = ++last;
    data_ask(d, &(question){.kind = ASK_WORK,
                            .tag = b->tag,
                            .serial = b->serial,
                            .work = {.run = run_work,
                                     .arg = w,
                                     .free_arg = work_free,
                                     .free_result = done_free,
                                     .storeless = storeless(b, w)}});
}

void builder_cancel(builder *b, data *d)
{
    work_free(b->next);
    b->next = NULL;
    if (b->step != STEP_NONE)
        data_cancel(d, b->tag);
}

/* ---- answers ---- */

static void remember(builder *b)
{
    if (!b->has_doc)
        return;
    if (b->nundo == BUILD_UNDO_MOST) {
        free(b->undo[0]);
        memmove(b->undo, b->undo + 1, (BUILD_UNDO_MOST - 1) * sizeof *b->undo);
        b->nundo--;
    }
    b->undo[b->nundo++] = doc_text(&b->doc);
}

/* Takes the doc's contents. */
static void show_doc(builder *b, plan_doc *doc)
{
    if (b->has_doc) {
        forget_beside(b);
        b->beside = b->doc;
        b->has_beside = true;
    }
    b->doc = *doc;
    b->has_doc = true;
    forget_others(b);
}

static bool same_stops(const plan_doc *a, const plan_doc *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->stops[i].day != b->stops[i].day || strcmp(a->stops[i].venue_id, b->stops[i].venue_id) != 0 ||
            strcmp(a->stops[i].city_id, b->stops[i].city_id) != 0)
            return false;
    return true;
}

static void take_solved(builder *b, build_done *r)
{
    if (r->no_plan) {
        snprintf(b->said, sizeof b->said, "%s", r->text);
        b->said_bad = true;
        return;
    }
    if (!r->ndocs)
        return;
    if (b->has_doc && same_stops(&b->doc, r->docs)) { /* nothing better: only the figures are newer */
        plan_doc_done(&b->doc);
        b->doc = r->docs[0];
    } else {
        remember(b);
        show_doc(b, r->docs);
        b->dirty = true;
    }
    r->ndocs = 0;
    b->repaired = false;
}

static void take_draft(builder *b, build_done *r)
{
    r->has_draft = false;
    show_doc(b, &r->draft.doc);
    b->request = b->doc.request;
    text_copy(b->plan_id, sizeof b->plan_id, r->draft.plan_id);
    text_copy(b->name, sizeof b->name, r->draft.name);
    b->version = r->draft.version;
    b->dirty = true;
    b->form_wanted = false;
    b->repaired = true;
    snprintf(b->said, sizeof b->said, "As you left it, not kept yet: S keeps it, X throws it away");
}

static void take_opened(builder *b, build_done *r)
{
    b->request = r->request;
    b->has_request = true;
    snprintf(b->plan_id, sizeof b->plan_id, "%s", r->docs[0].plan_id);
    snprintf(b->name, sizeof b->name, "%s", r->docs[0].name ? r->docs[0].name : "");
    b->version = r->docs[0].version;
    show_doc(b, r->docs);
    r->ndocs = 0;
    b->repaired = true;
    if (r->has_draft) {
        remember(b);
        take_draft(b, r);
    }
    if (r->text && *r->text) {
        snprintf(b->said, sizeof b->said, "As it was kept; since then: %s", r->text);
        b->said_bad = true;
    }
}

static void take_others(builder *b, build_done *r)
{
    forget_others(b);
    if (!r->ndocs) {
        snprintf(
            b->said, sizeof b->said,
            "There is no other plan that really differs: a third of its stops elsewhere or on other days");
        b->said_bad = true;
        return;
    }
    for (size_t i = 0; i < r->ndocs; i++)
        b->others[i] = r->docs[i];
    b->nothers = r->ndocs;
    r->ndocs = 0;
    b->other = 1;
}

static void take_done(builder *b, build_done *r)
{
    switch (r->step) {
    case STEP_ARTIST:
    case STEP_DEFAULTS:
        b->request = r->request;
        b->has_request = b->form_wanted = true;
        if (r->has_draft)
            take_draft(b, r);
        break;
    case STEP_OPEN:
        take_opened(b, r);
        break;
    case STEP_SOLVE:
        take_solved(b, r);
        break;
    case STEP_OTHERS:
        take_others(b, r);
        break;
    case STEP_SAVE:
        snprintf(b->plan_id, sizeof b->plan_id, "%s", r->plan_id);
        b->version = r->version;
        b->dirty = false;
        snprintf(b->said, sizeof b->said, "Kept as \"%s\", version %lld", b->name, (long long)b->version);
        break;
    case STEP_SHARE:
        snprintf(b->said, sizeof b->said, "Shared");
        break;
    case STEP_WHY:
    case STEP_HOLD:
        if (r->ndocs && b->has_doc && same_stops(&b->doc, r->docs)) {
            plan_doc_done(&b->doc);
            b->doc = r->docs[0];
            r->ndocs = 0;
        }
        free(b->answer);
        b->answer = r->text;
        b->answer_title = r->step == STEP_HOLD ? "Holds" : "Why";
        r->text = NULL;
        break;
    default:
        break;
    }
}

bool builder_take(builder *b, answer *a)
{
    if (a->kind != ASK_WORK || a->tag != b->tag)
        return false;
    if (a->serial != b->serial)
        return true;
    build_step step = b->step;
    b->step = STEP_NONE;
    b->stopping = false;
    build_done *r = a->result;
    if (a->ok && r) {
        take_done(b, r);
    } else if (a->error.kind == ERR_CANCELLED) {
        snprintf(b->said, sizeof b->said, "Cancelled");
    } else {
        snprintf(b->said, sizeof b->said, "%s", a->error.text);
        b->said_bad = true;
        if (step == STEP_HOLD && r && r->text && *r->text) { /* every stop that stands in the way */
            free(b->answer);
            b->answer = r->text;
            b->answer_title = "No hold was placed";
            r->text = NULL;
        }
    }
    builder_look(b);
    forget_live(b);
    return true;
}

/* While it runs the best plan so far is shown; ours stays what it was until the end. */
bool builder_look(builder *b)
{
    bool found = false;
    pthread_mutex_lock(&b->desk->lock);
    if (b->desk->has_better) {
        forget_live(b);
        b->live = b->desk->better;
        b->has_live = found = true;
        b->desk->has_better = false;
    }
    pthread_mutex_unlock(&b->desk->lock);
    return found;
}

const plan_doc *builder_shown(const builder *b)
{
    if (b->has_live)
        return &b->live;
    if (b->other > 0 && b->other <= b->nothers)
        return b->others + b->other - 1;
    return b->has_doc ? &b->doc : NULL;
}

const cities *builder_places(const builder *b)
{
    return b->desk->atlas ? atlas_cities(b->desk->atlas) : NULL;
}

void builder_show_other(builder *b, size_t which)
{
    b->other = which <= b->nothers ? which : 0;
}

void builder_take_other(builder *b)
{
    if (b->other == 0 || b->other > b->nothers)
        return;
    plan_doc chosen = b->others[b->other - 1];
    memset(b->others + b->other - 1, 0, sizeof *b->others);
    remember(b);
    show_doc(b, &chosen);
    b->dirty = true;
}

bool builder_undo(builder *b)
{
    plan_doc doc;
    if (b->other) {
        b->other = 0;
        return true;
    }
    if (b->nundo == 0)
        return false;
    char *text = b->undo[--b->nundo];
    bool ok = plan_doc_parse(text, &doc, NULL);
    free(text);
    if (!ok)
        return false;
    show_doc(b, &doc);
    b->request = doc.request;
    b->dirty = true;
    return true;
}

/* ---- changing the question ---- */

static const plan_stop *stop_at(const builder *b, size_t at)
{
    const plan_doc *d = builder_shown(b);
    return d && at < d->n ? d->stops + at : NULL;
}

static bool same_pin(const plan_pin *pin, const plan_stop *s)
{
    return strcmp(pin->city_id, s->city_id) == 0 && (pin->day == ANY_DAY || pin->day == s->day);
}

static void drop_pin(plan_pin *pins, size_t *n, size_t at)
{
    memmove(pins + at, pins + at + 1, (*n - at - 1) * sizeof *pins);
    --*n;
}

static size_t find_pin(const builder *b, const plan_stop *s)
{
    for (size_t i = 0; s && i < b->request.npins; i++)
        if (same_pin(b->request.pins + i, s))
            return i;
    return SIZE_MAX;
}

bool builder_pinned(const builder *b, size_t at)
{
    return find_pin(b, stop_at(b, at)) != SIZE_MAX;
}

bool builder_pin(builder *b, size_t stop_number)
{
    const plan_stop *s = stop_at(b, stop_number);
    size_t at = find_pin(b, s);
    if (!s)
        return false;
    if (at != SIZE_MAX) {
        drop_pin(b->request.pins, &b->request.npins, at);
        return true;
    }
    if (b->request.npins == PLAN_PINS_MOST)
        return false;
    plan_pin *pin = b->request.pins + b->request.npins++;
    *pin = (plan_pin){.day = s->day};
    snprintf(pin->city_id, sizeof pin->city_id, "%s", s->city_id);
    snprintf(pin->venue_id, sizeof pin->venue_id, "%s", s->venue_id);
    return true;
}

bool builder_avoid(builder *b, const char *city_id)
{
    for (size_t i = 0; i < b->request.navoid; i++)
        if (strcmp(b->request.avoid[i].city_id, city_id) == 0) {
            drop_pin(b->request.avoid, &b->request.navoid, i);
            return true;
        }
    if (b->request.navoid == PLAN_PINS_MOST)
        return false;
    for (size_t i = b->request.npins; i-- > 0;)
        if (strcmp(b->request.pins[i].city_id, city_id) == 0)
            drop_pin(b->request.pins, &b->request.npins, i);
    plan_pin *a = b->request.avoid + b->request.navoid++;
    *a = (plan_pin){.day = ANY_DAY};
    snprintf(a->city_id, sizeof a->city_id, "%s", city_id);
    return true;
}

bool builder_city(const builder *b, const char *text, char ret_id[32], char ret_label[160], err *e)
{
    size_t at;
    const cities *places = builder_places(b);
    if (!places)
        return err_set(e, ERR_USAGE, "the places are still being read");
    if (!cities_one(places, text, &at, e))
        return false;
    city_place place = cities_at(places, at);
    if (place.id)
        snprintf(ret_id, 32, "%s", place.id);
    else
        snprintf(ret_id, 32, "g%d", (int)place.geonameid);
    cities_label(places, at, ret_label);
    return true;
}
