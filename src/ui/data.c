/* One `ask` is a question that owns its strings, on its way to a worker; it comes back as an `answer`.
 * run_ask is what the worker does; the functions above it are one a kind, in a table. A job of ours never
 * fails as a job: failures travel in the answer, so that what was asked is always known (only a job that was
 * cancelled before it began comes back empty, and is then found in `waiting`). */
#include "ui/data.h"
#include "base/mem.h"
#include "base/time.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 2, GRACE_MS = 80, TEXT_MOST = 256 * 1024, RETRY_MOST_MS = 30000 };

typedef struct ask {
    question q;
    values values;
    char *search, *sort, *reason, *line;
    char **from; /* nkey + 1 values, or NULL */
    data *data;
} ask;

typedef struct waiting {
    uint64_t id, job;
    ask_kind kind;
    uintptr_t tag;
    uint64_t serial;
    wish_kind wish;
} waiting;

typedef struct result {
    answer a;
    store_identity identity;
    bool has_identity;
} result;

struct data {
    jobs *jobs;
    data_source source;
    const command_env *env;
    const commands *cs;
    waiting *waiting;
    size_t nwaiting, cap;
    uint64_t last_id;
    store_identity identity;
    int lost;
    bool retrying; /* the next failure counts on */
    int64_t retry_ms;
    atlas *atlas;
    err atlas_error;
    bool atlas_reading;
};

/* ---- on the worker ---- */

static bool ready(ask *a, void **context, stop *until, store **ret, err *e)
{
    store *s = *context;
    if (!s) {
        if (!a->data->source.open(a->data->source.ctx, &s, until, e))
            return false;
        *context = s;
    }
    *ret = s;
    return s->connect(s, until, e);
}

static store_request request_of(const statement *st)
{
    return (store_request){.name = st->name, .sql = st->sql, .params = st->params, .nparams = st->nparams};
}

static bool fetch(store *s, statement *st, size_t most, rowset **ret, stop *until, err *e)
{
    store_request r = request_of(st);
    bool ok = store_fetch(s, &r, most, ret, until, e);
    statement_done(st);
    return ok;
}

static page_request page_of(const ask *a, int tier)
{
    return (page_request){.view = a->q.view,
                          .tier = tier,
                          .sort = a->sort,
                          .descending = a->q.descending,
                          .backward = a->q.backward,
                          .from = (const char *const *)a->from,
                          .limit = a->q.limit,
                          .values = a->values.items,
                          .nvalues = a->values.n};
}

/* The first tier with rows wins; a page behind a row stays with the tier that gave the row. */
static bool run_page(ask *a, store *s, job *j, result *r, err *e)
{
    bool searching = a->search && *a->search;
    int first = !searching ? -1 : a->q.tier >= 0 ? a->q.tier : 0;
    int last = searching && a->q.tier < 0 ? (int)a->q.view->nsearch - 1 : first;
    for (int tier = first; tier <= last; tier++) {
        page_request p = page_of(a, tier);
        statement st;
        rowset *rows;
        if (!page_bind(&p, s->dialect, &st, e) || !fetch(s, &st, a->q.limit, &rows, job_stop(j), e))
            return false;
        if (rows->nrows || tier == last) {
            r->a.rows = rows;
            r->a.tier = tier;
            return true;
        }
        rowset_free(rows);
    }
    return true;
}

static bool run_rows(ask *a, store *s, job *j, result *r, err *e)
{
    statement st;
    if (a->q.view->kind == VIEW_HOME)
        return run_page(a, s, j, r, e); /* in the view's order */
    return query_bind(a->q.query, s->dialect, a->values.items, a->values.n, &st, e) &&
           fetch(s, &st, a->q.limit, &r->a.rows, job_stop(j), e);
}

static bool run_number(ask *a, store *s, job *j, result *r, err *e)
{
    statement st;
    rowset *rows;
    if (!query_bind(a->q.query, s->dialect, a->values.items, a->values.n, &st, e) ||
        !fetch(s, &st, 1, &rows, job_stop(j), e))
        return false;
    const store_cell *c = rows->nrows && rows->ncolumns ? rowset_cell(rows, 0, 0) : NULL;
    r->a.number = c && c->text ? strtoll(c->text, NULL, 10) : -1;
    rowset_free(rows);
    return true;
}

static bool run_write(ask *a, store *s, job *j, result *r, err *e)
{
    statement st;
    if (!query_bind(a->q.query, s->dialect, a->values.items, a->values.n, &st, e))
        return false;
    char key[37];
    store_new_key(key);
    store_request request = request_of(&st);
    store_write w = {key, a->reason, &request, 1};
    bool ok = store_do(s, &w, &r->a.rows, job_stop(j), e);
    if (!ok)
        snprintf(r->a.detail, sizeof r->a.detail, "%s", s->detail);
    statement_done(&st);
    return ok;
}

/* ---- export: the whole query, row by row, into a file that appears whole or not at all ---- */

typedef struct counted {
    store_sink to;
    job *job;
    int64_t rows, expected;
} counted;

static bool counted_head(void *ctx, const store_column *columns, size_t n, err *e)
{
    counted *c = ctx;
    return !c->to.head || c->to.head(c->to.ctx, columns, n, e);
}

static bool counted_row(void *ctx, const store_cell *cells, size_t n, err *e)
{
    counted *c = ctx;
    if (++c->rows % 1000 == 0)
        job_progress(c->job, c->rows, c->expected, "rows");
    return c->to.row(c->to.ctx, cells, n, e);
}

static bool write_rows(ask *a, store *s, job *j, FILE *f, int64_t *ret_rows, err *e)
{
    command_env env = *a->data->env;
    size_t len = strlen(a->line);
    env.out = f;
    env.reveal = a->q.reveal;
    env.format = len > 5 && strcmp(a->line + len - 5, ".json") == 0 ? OUT_JSON : OUT_CSV;
    bool searching = a->search && *a->search;
    page_request p = page_of(a, searching ? (a->q.tier >= 0 ? a->q.tier : 0) : -1);
    p.limit = 2000000000;
    p.whole = true;
    statement st;
    if (!page_bind(&p, s->dialect, &st, e))
        return false;
    output *o = output_new(&env, a->q.view);
    counted c = {output_sink(o), j, 0, a->q.expected};
    store_sink sink = {counted_head, counted_row, &c};
    store_request request = request_of(&st);
    bool ok = s->run(s, &request, &sink, NULL, job_stop(j), e) && output_end(o, e);
    output_free(o);
    statement_done(&st);
    *ret_rows = c.rows;
    return ok;
}

static bool run_export(ask *a, store *s, job *j, result *r, err *e)
{
    if (access(a->line, F_OK) == 0)
        return err_set(e, ERR_REFUSED, "%s is there already; choose another name", a->line);
    char *part = mem_printf("%s.part", a->line);
    FILE *f = fopen(part, "wx");
    bool ok = f != NULL;
    if (!ok)
        err_errno(e, "%s", part);
    if (ok)
        ok = write_rows(a, s, j, f, &r->a.number, e);
    if (f && fclose(f) != 0 && ok)
        ok = err_errno(e, "%s", part);
    if (ok && rename(part, a->line) != 0)
        ok = err_errno(e, "%s", a->line);
    if (!ok && f)
        unlink(part);
    free(part);
    return ok;
}

/* ---- a typed command: the same code as on the command line, its output caught ---- */

static bool want_view(void *ctx, const view *v, const query_value *given, size_t n, err *e)
{
    (void)e;
    result *r = ctx;
    r->a.open = v;
    values_copy(&r->a.values, given, n);
    return true;
}

static void caught(FILE *f, result *r)
{
    buf b;
    buf_init(&b);
    char chunk[4096];
    size_t n;
    rewind(f);
    while (b.len < TEXT_MOST && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(&b, chunk, n);
    if (b.len >= TEXT_MOST)
        buf_str(&b, "\n... (there is more: use the command in a shell, or export)\n");
    r->a.text = buf_take(&b);
}

static bool run_command(ask *a, void **context, job *j, result *r, err *e)
{
    char **argv;
    int argc;
    if (!commands_split(a->line, &argv, &argc, e))
        return false;
    FILE *f = tmpfile();
    if (!f) {
        commands_split_free(argv, argc);
        return err_errno(e, "a temporary file for the command's output");
    }
    command_env env = *a->data->env;
    env.store = *context;
    env.out = env.messages = f;
    env.terminal = false;
    env.stop = job_stop(j);
    env.open_view = want_view;
    env.ctx = r;
    env.console = NULL;
    r->a.number = commands_run(a->data->cs, &env, argc, argv);
    *context = env.store; /* it may have opened the connection */
    caught(f, r);
    fclose(f);
    commands_split_free(argv, argc);
    return true;
}

static bool run_work(ask *a, void **context, job *j, result *r, err *e)
{
    const data_work *w = &a->q.work;
    store *s = NULL;
    r->a.storeless = w->storeless;
    r->a.free_result = w->free_result;
    return (w->storeless || ready(a, context, job_stop(j), &s, e)) && w->run(w->arg, s, j, &r->a.result, e);
}

static bool run_ask(job *j, void **context, void *arg, void **ret_result, err *e)
{
    static bool (*const kinds[])(ask *, store *, job *, result *, err *) = {
        [ASK_PAGE] = run_page,       [ASK_ROWS] = run_rows,   [ASK_COUNT] = run_number,
        [ASK_ESTIMATE] = run_number, [ASK_WRITE] = run_write, [ASK_EXPORT] = run_export,
    };
    (void)e;
    ask *a = arg;
    result *r = MEM_NEW(result);
    r->a = (answer){.kind = a->q.kind, .tag = a->q.tag, .serial = a->q.serial, .wish = a->q.wish, .tier = -1};
    store *s = NULL;
    if (a->q.kind == ASK_COMMAND)
        r->a.ok = run_command(a, context, j, r, &r->a.error);
    else if (a->q.kind == ASK_WORK)
        r->a.ok = run_work(a, context, j, r, &r->a.error);
    else
        r->a.ok =
            ready(a, context, job_stop(j), &s, &r->a.error) && kinds[a->q.kind](a, s, j, r, &r->a.error);
    s = *context;
    if (s) {
        r->identity = s->identity;
        r->has_identity = true;
    }
    *ret_result = r;
    return true;
}

/* ---- on the drawing thread ---- */

static void free_ask(void *arg)
{
    ask *a = arg;
    size_t n = a->from ? a->q.view->nkey + 1 : 0;
    for (size_t i = 0; i < n; i++)
        free(a->from[i]);
    free(a->from);
    values_done(&a->values);
    free(a->search);
    free(a->sort);
    free(a->reason);
    free(a->line);
    if (a->q.work.free_arg)
        a->q.work.free_arg(a->q.work.arg);
    free(a);
}

void answer_done(answer *a)
{
    rowset_free(a->rows);
    free(a->text);
    values_done(&a->values);
    if (a->result && a->free_result)
        a->free_result(a->result);
    *a = (answer){0};
}

static void free_result(void *p)
{
    result *r = p;
    answer_done(&r->a);
    free(r);
}

static void close_store(void *context)
{
    store_close(context);
}

data *data_new(const data_source *source, const command_env *env, const commands *cs, err *e)
{
    jobs *pool = jobs_new(THREADS, close_store, e);
    if (!pool)
        return NULL;
    data *d = MEM_NEW(data);
    *d = (data){.jobs = pool, .source = *source, .env = env, .cs = cs};
    return d;
}

bool data_free(data *d)
{
    if (!d)
        return true;
    bool clean = jobs_free(d->jobs, GRACE_MS);
    if (!clean)
        return false; /* a worker still looks at d: the program ends now, without it */
    free(d->waiting);
    atlas_drop(d->atlas);
    free(d);
    return true;
}

static char **copy_from(const question *q)
{
    const view *v = q->view;
    const char *sort = page_sort(v, q->tier, q->sort, NULL);
    char **from = MEM_ARRAY(char *, v->nkey + 1);
    for (size_t i = 0; i <= v->nkey; i++) {
        int c = rowset_column(q->from_rows, i == 0 ? sort : v->key[i - 1]);
        from[i] = c < 0 ? NULL : mem_str(rowset_cell(q->from_rows, q->from_row, (size_t)c)->text);
    }
    return from;
}

void data_ask(data *d, const question *q)
{
    ask *a = MEM_NEW(ask);
    *a = (ask){.q = *q, .data = d};
    values_copy(&a->values, q->values, q->nvalues);
    a->search = mem_str(q->search);
    a->sort = mem_str(q->sort);
    a->reason = mem_str(q->reason);
    a->line = mem_str(q->line);
    if (q->search && *q->search)
        values_set(&a->values, "search", q->search);
    if (q->from_rows)
        a->from = copy_from(q);
    MEM_ROOM(d->waiting, d->nwaiting, d->cap);
    waiting *w = d->waiting + d->nwaiting++;
    *w = (waiting){++d->last_id, 0, q->kind, q->tag, q->serial, q->wish};
    job_spec spec = {.name = "screen",
                     .run = run_ask,
                     .arg = a,
                     .free_arg = free_ask,
                     .free_result = free_result,
                     .generation = w->id,
                     .tag = (void *)q->tag};
    w->job = jobs_start(d->jobs, &spec);
}

void data_cancel(data *d, uintptr_t tag)
{
    jobs_cancel_tag(d->jobs, (void *)tag);
}

int data_fd(data *d)
{
    return jobs_fd(d->jobs);
}

static waiting forget(data *d, uint64_t id)
{
    for (size_t i = 0; i < d->nwaiting; i++)
        if (d->waiting[i].id == id) {
            waiting w = d->waiting[i];
            d->waiting[i] = d->waiting[--d->nwaiting];
            return w;
        }
    return (waiting){0};
}

static void note_connection(data *d, const answer *a)
{
    if (a->ok) {
        d->lost = 0;
    } else if (a->error.kind == ERR_CONNECT) {
        int64_t wait = 1000;
        for (int i = 0; i < d->lost && wait < RETRY_MOST_MS; i++)
            wait *= 2;
        int64_t now = time_mono_ms();
        if (d->lost == 0 || d->retrying) {
            d->retrying = false;
            d->lost++;
            d->retry_ms = now + (wait < RETRY_MOST_MS ? wait : RETRY_MOST_MS);
        }
    }
}

/* ---- the cities ---- */

static const uintptr_t TAG_ATLAS = UINTPTR_MAX - 1; /* beside the console's own, UINTPTR_MAX */

typedef struct atlas_wish {
    const catalog *catalog;
    int64_t known;
} atlas_wish;

static bool read_atlas(void *arg, store *s, job *j, void **ret, err *e)
{
    const atlas_wish *w = arg;
    atlas *a = NULL;
    bool ok = atlas_read(s, w->catalog, w->known, &a, job_stop(j), e);
    *ret = a;
    return ok;
}

static void free_atlas(void *a)
{
    atlas_drop(a);
}

void data_want_atlas(data *d, const catalog *c)
{
    if (d->atlas_reading)
        return;
    atlas_wish *w = MEM_NEW(atlas_wish);
    *w = (atlas_wish){c, d->atlas ? atlas_version(d->atlas) : -1};
    d->atlas_reading = true;
    d->atlas_error = (err){0};
    data_ask(
        d, &(question){.kind = ASK_WORK, .tag = TAG_ATLAS, .work = {read_atlas, w, free, free_atlas, false}});
}

static void take_atlas(data *d, answer *a)
{
    d->atlas_reading = false;
    d->atlas_error = a->error;
    if (a->ok)
        d->atlas_error = (err){0};
    if (!a->ok || !a->result)
        return;
    atlas_drop(d->atlas);
    d->atlas = a->result;
    a->result = NULL;
}

atlas *data_atlas(const data *d)
{
    return d->atlas;
}

const err *data_atlas_error(const data *d)
{
    return &d->atlas_error;
}

bool data_atlas_reading(const data *d)
{
    return d->atlas_reading;
}

bool data_next(data *d, answer *ret)
{
    job_done done;
    if (!jobs_take(d->jobs, &done))
        return false;
    waiting w = forget(d, done.generation);
    if (done.ok && done.result) {
        result *r = done.result;
        *ret = r->a;
        if (r->has_identity)
            d->identity = r->identity;
        free(r);
    } else {
        *ret =
            (answer){.kind = w.kind, .tag = w.tag, .serial = w.serial, .wish = w.wish, .error = done.error};
    }
    if (ret->kind != ASK_COMMAND && !ret->storeless)
        note_connection(d, ret);
    if (ret->kind == ASK_WORK && ret->tag == TAG_ATLAS)
        take_atlas(d, ret);
    return true;
}

const store_identity *data_identity(const data *d)
{
    return &d->identity;
}

bool data_progress(data *d, uintptr_t tag, int64_t *done, int64_t *total)
{
    char what[64];
    for (size_t i = 0; i < d->nwaiting; i++)
        if (d->waiting[i].tag == tag)
            return jobs_progress(d->jobs, d->waiting[i].job, done, total, what);
    return false;
}

int data_lost(const data *d)
{
    return d->lost;
}

int64_t data_retry_ms(const data *d)
{
    return d->retry_ms;
}

void data_retrying(data *d)
{
    d->retrying = true;
    d->retry_ms = time_mono_ms() + RETRY_MOST_MS; /* until its answer says */
}
