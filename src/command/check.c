/* check: what the catalog promises, held against the server: every query prepares, every view's columns are
 * there, and pages walk an index. --explain VIEW shows the plans of its first, next and last page and of each
 * search tier, with the rows each really touched. */
#include "command/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "catalog/embedded.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 50, MANY_ROWS = 5000 };

typedef struct findings {
    command_env *env;
    size_t n;
} findings;

static void finding(findings *f, const char *file, int line, const char *sentence)
{
    f->n++;
    if (line)
        fprintf(f->env->out, "%s:%d: %s\n", file, line, sentence);
    else
        fprintf(f->env->out, "%s: %s\n", file, sentence);
}

static void told(void *ctx, const char *sentence)
{
    findings *f = ctx;
    f->n++;
    fprintf(f->env->out, "%s\n", sentence);
}

/* ---- columns ---- */

typedef struct column_names {
    char **names;
    size_t n;
} column_names;

static bool take_columns(void *ctx, const store_column *columns, size_t n, err *e)
{
    column_names *c = ctx;
    (void)e;
    c->names = MEM_ARRAY(char *, n + 1);
    c->n = n;
    for (size_t i = 0; i < n; i++)
        c->names[i] = mem_str(columns[i].name);
    return true;
}

static bool has_column(const column_names *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->names[i], name) == 0)
            return true;
    return false;
}

static void column_names_done(column_names *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->names[i]);
    free(c->names);
}

/* Any value of the type will do to prepare a statement. */
static const char *example(store_type t)
{
    switch (t) {
    case STORE_INT:
    case STORE_REAL:
        return "1";
    case STORE_BOOL:
        return "true";
    case STORE_TIME:
        return "2026-01-01T00:00:00Z";
    case STORE_DATE:
        return "2026-01-01";
    case STORE_JSON:
        return "{}";
    case STORE_TEXT:
        break;
    }
    return "x";
}

static bool describe_query(findings *f, const query *q, column_names *ret)
{
    err e = {0};
    query_value *values = MEM_ARRAY(query_value, q->nparams + 1);
    for (size_t i = 0; i < q->nparams; i++)
        values[i] = (query_value){q->params[i].name, example(q->params[i].type)};
    statement st;
    bool ok = query_bind(q, f->env->store->dialect, values, q->nparams, &st, &e);
    if (ok) {
        store_request request = request_of(&st);
        store_sink sink = {take_columns, NULL, ret};
        ok = f->env->store->describe(f->env->store, &request, &sink, f->env->stop, &e);
        statement_done(&st);
    }
    if (!ok)
        finding(f, q->file, 0, e.text);
    free(values);
    return ok;
}

static void check_columns(findings *f, const view *v)
{
    column_names c = {0};
    char text[256];
    if (!describe_query(f, v->query, &c))
        return;
    for (size_t i = 0; i < v->ncolumns; i++)
        if (!has_column(&c, v->columns[i].name)) {
            snprintf(text, sizeof text, "column '%s' is not in the result of %s", v->columns[i].name,
                     v->query->file);
            finding(f, v->file, v->columns[i].line, text);
        }
    for (size_t i = 0; i < v->nkey; i++)
        if (!has_column(&c, v->key[i])) {
            snprintf(text, sizeof text, "key '%s' is not in the result of %s", v->key[i], v->query->file);
            finding(f, v->file, 0, text);
        }
    for (size_t i = 0; i < v->ngos; i++)
        for (size_t k = 0; k < v->gos[i].nbinds; k++)
            if (!has_column(&c, v->gos[i].binds[k].column)) {
                snprintf(text, sizeof text, "[go %s] binds '%s', which %s does not give", v->gos[i].name,
                         v->gos[i].binds[k].column, v->query->file);
                finding(f, v->file, v->gos[i].line, text);
            }
    column_names_done(&c);
}

/* ---- plans ---- */

typedef struct plan {
    buf text;
    long most; /* rows of the step that touched most, filtered ones included */
} plan;

static long number_after(const char *line, const char *word)
{
    const char *at = strstr(line, word);
    return at ? strtol(at + strlen(word), NULL, 10) : 0;
}

static bool take_plan_line(void *ctx, const store_cell *cells, size_t n, err *e)
{
    plan *p = ctx;
    (void)n, (void)e;
    const char *line = cells[0].text ? cells[0].text : "";
    long rows = number_after(line, "actual rows=") *
                (number_after(line, "loops=") > 0 ? number_after(line, "loops=") : 1);
    long removed = number_after(line, "Rows Removed by Filter: ");
    p->most = rows > p->most ? rows : p->most;
    p->most = removed > p->most ? removed : p->most;
    buf_str(&p->text, "    ");
    text_cell(&p->text, line, strlen(line), false);
    buf_char(&p->text, '\n');
    return true;
}

static bool explain(command_env *env, const statement *st, plan *ret, err *e)
{
    const query *template = catalog_query(env->catalog, "_explain");
    const char *body = template ? template->body[STORE_POSTGRES] : NULL;
    const char *hole = body ? strstr(body, "{statement}") : NULL;
    if (!hole)
        return err_set(e, ERR_FAILED, "queries/_explain.sql: {statement} is missing");
    buf sql;
    buf_init(&sql);
    buf_add(&sql, body, (size_t)(hole - body));
    buf_str(&sql, st->sql);
    store_request request = {.name = st->name, .sql = sql.data, .params = st->params, .nparams = st->nparams};
    store_sink sink = {NULL, take_plan_line, ret};
    bool ok = env->store->run(env->store, &request, &sink, NULL, env->stop, e);
    buf_done(&sql);
    return ok;
}

static bool explain_page(command_env *env, const page_request *page, plan *ret, err *e)
{
    statement st;
    if (!page_bind(page, env->store->dialect, &st, e))
        return false;
    bool ok = explain(env, &st, ret, e);
    statement_done(&st);
    return ok;
}

/* The values of one row as a place in the order: sort, then the key. NULL when there is no row. */
static const char **place_of(const view *v, const char *sort, const rowset *r, size_t row)
{
    if (!r || row >= r->nrows)
        return NULL;
    const char **from = MEM_ARRAY(const char *, v->nkey + 1);
    for (size_t i = 0; i <= v->nkey; i++) {
        int c = rowset_column(r, i ? v->key[i - 1] : sort);
        from[i] = c < 0 ? NULL : rowset_cell(r, row, (size_t)c)->text;
    }
    return from;
}

static bool fetch_page(command_env *env, const page_request *page, rowset **ret, err *e)
{
    statement st;
    if (!page_bind(page, env->store->dialect, &st, e))
        return false;
    store_request request = request_of(&st);
    bool ok = store_fetch(env->store, &request, page->limit, ret, env->stop, e);
    statement_done(&st);
    return ok;
}

static void say_plan(command_env *env, const char *what, plan *p)
{
    fprintf(env->out, "%s: at most %ld rows touched by a step\n%s", what, p->most, p->text.data);
    buf_clear(&p->text);
    p->most = 0;
}

/* A word to search for, made from the data: the whole e-mail or key, the beginning of a name, the name with a
 * typo. */
static char *sample_search(const view *v, const rowset *r, int tier)
{
    size_t row = r->nrows / 2;
    int email = rowset_column(r, "email"), key = rowset_column(r, v->key[0]);
    int name = v->sort ? rowset_column(r, v->sort) : -1;
    for (size_t i = 0;
         i < v->ncolumns && (name < 0 || !isalpha((unsigned char)rowset_cell(r, row, (size_t)name)->text[0]));
         i++)
        if (v->columns[i].type == COL_TEXT && v->columns[i].keep == 1)
            name = rowset_column(r, v->columns[i].name);
    int c = tier == 0 ? (email >= 0 && rowset_cell(r, row, (size_t)email)->text ? email : key) : name;
    const char *text = c >= 0 ? rowset_cell(r, row, (size_t)c)->text : NULL;
    buf folded;
    buf_init(&folded);
    if (!text)
        return buf_take(&folded);
    if (tier == 0)
        buf_str(&folded, text);
    else
        text_fold(&folded, text, strlen(text));
    size_t fourth = 0;
    uint32_t cp;
    for (int i = 0; i < 4 && fourth < folded.len; i++)
        fourth += text_decode(folded.data + fourth, folded.len - fourth, &cp);
    if (tier == 1)
        folded.data[fourth] = 0;
    for (size_t i = 2; tier == 2 && i + 1 < folded.len; i++)
        if (isalpha((unsigned char)folded.data[i]) && isalpha((unsigned char)folded.data[i + 1])) {
            char swap = folded.data[i]; /* a typo: two letters changed places */
            folded.data[i] = folded.data[i + 1];
            folded.data[i + 1] = swap;
            break;
        }
    return buf_take(&folded);
}

static bool explain_tiers(command_env *env, const view *v, const rowset *rows, const char *search, err *e)
{
    plan p = {.most = 0};
    bool ok = true;
    buf_init(&p.text);
    for (int tier = 0; ok && tier < (int)v->nsearch; tier++) {
        char *word = search ? mem_str(search) : sample_search(v, rows, tier);
        query_value value = {"search", word};
        page_request page = {.view = v, .tier = tier, .limit = PAGE, .values = &value, .nvalues = 1};
        ok = explain_page(env, &page, &p, e);
        char *what = mem_printf("search '%s' %s", word,
                                v->search_said && v->search_said[tier] ? v->search_said[tier] : "");
        if (ok)
            say_plan(env, what, &p);
        free(what);
        free(word);
    }
    buf_done(&p.text);
    return ok;
}

/* One page, planned and run, and what it touched. */
static bool say_page(command_env *env, const char *what, const page_request *page, err *e)
{
    plan p = {.most = 0};
    buf_init(&p.text);
    bool ok = explain_page(env, page, &p, e);
    if (ok)
        say_plan(env, what, &p);
    buf_done(&p.text);
    return ok;
}

static bool explain_view(command_env *env, const view *v, const char *search, const char *behind, err *e)
{
    if (!view_is_list(v))
        return err_set(e, ERR_USAGE, "check: %s is no list; --explain wants one", v->name);
    page_request page = {.view = v, .tier = -1, .limit = PAGE};
    rowset *rows = NULL;
    bool ok = say_page(env, "first page", &page, e) && fetch_page(env, &page, &rows, e);
    const char **from = ok ? place_of(v, v->sort, rows, rows->nrows ? rows->nrows - 1 : 0) : NULL;
    if (from) {
        page.from = from;
        ok = say_page(env, "next page", &page, e);
        if (ok && behind) {
            from[0] = behind; /* with any key: it says where among equals, which is all the same here */
            ok = say_page(env, "page behind", &page, e);
        }
        page.from = NULL;
    }
    page.backward = true;
    ok = ok && say_page(env, "last page", &page, e);
    rowset *last = NULL; /* words to search for come from here: rows without a name stand first */
    ok = ok && fetch_page(env, &page, &last, e);
    if (ok && last->nrows)
        ok = explain_tiers(env, v, last, search, e);
    free(from);
    rowset_free(last);
    rowset_free(rows);
    return ok;
}

/* An `indexed` column promises that a page is an index walk: more rows than a few pages' worth breaks it. */
static void check_order(findings *f, const view *v, const view_column *c)
{
    err e = {0};
    plan p = {.most = 0};
    buf_init(&p.text);
    page_request page = {.view = v, .tier = -1, .sort = c->name, .descending = c->descending, .limit = PAGE};
    if (!explain_page(f->env, &page, &p, &e)) {
        finding(f, v->file, c->line, e.text);
    } else if (p.most > MANY_ROWS) {
        char text[200];
        snprintf(text, sizeof text, "a page of %d by '%s' touches %ld rows: no index serves (%s, key)", PAGE,
                 c->name, p.most, c->name);
        finding(f, v->file, c->line, text);
    }
    buf_done(&p.text);
}

static void check_view(findings *f, const view *v)
{
    check_columns(f, v);
    for (size_t i = 0; view_is_list(v) && i < v->ncolumns; i++)
        if (v->columns[i].indexed)
            check_order(f, v, &v->columns[i]);
}

static int run_check(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    const char *name = value_of(values, n, "explain");
    findings f = {env, 0};
    const view *v = name ? catalog_view(env->catalog, name) : NULL;
    if (name && !v)
        return err_set(e, ERR_USAGE, "check: there is no view '%s'", name), 2;
    if (!name)
        catalog_free(catalog_new(told, &f)); /* read again, to hear what the first reading left out */
    if (!command_store(env, e))
        return err_exit_code(e->kind);
    if (v)
        return explain_view(env, v, value_of(values, n, "search"), value_of(values, n, "behind"), e)
                   ? 0
                   : err_exit_code(e->kind);
    const view *const *views;
    const query *const *queries;
    size_t nviews = catalog_views(env->catalog, &views), nqueries = catalog_queries(env->catalog, &queries);
    for (size_t i = 0; i < nviews; i++)
        check_view(&f, views[i]);
    for (size_t i = 0; i < nqueries; i++) {
        column_names c = {0};
        if (queries[i]->name[0] != '_' && strncmp(queries[i]->name, "migrate_", 8) != 0 &&
            strncmp(queries[i]->name, "store_", 6) != 0 && strncmp(queries[i]->name, "schema_", 7) != 0)
            (void)describe_query(&f, queries[i], &c);
        column_names_done(&c);
    }
    fprintf(env->out, "%zu views and %zu queries checked, %zu findings\n", nviews, nqueries, f.n);
    return f.n ? 1 : 0;
}

static const command_arg ARGS[] = {
    {"--explain", ARG_WORD, false, "view", "show how the server runs this list's pages and searches"},
    {"--search", ARG_TEXT, false, NULL,
     "with --explain: search for this instead of words taken from the data"},
    {"--behind", ARG_TEXT, false, NULL,
     "with --explain: also the page behind this value of the list's order"},
};

const command command_check = {
    .name = "check",
    .summary = "hold every view and query against the server",
    .help = "Prepares every query, compares each view's columns, keys and bindings with what its query "
            "gives, and makes sure that "
            "pages walk an index. Findings are 'file:line: sentence'; exit 1 when there are any.",
    .args = ARGS,
    .nargs = 3,
    .needs_store = true,
    .group = "Help",
    .run = run_check,
};
