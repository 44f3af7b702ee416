/* Every view is a command: a list prints its rows, a detail one row with its related lists, a document its
 * tree. On a terminal, without a format, the console opens there instead. */
#include "command/tour.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "legacy/document.h"

#include <stdlib.h>
#include <string.h>

enum { SECTION_ROWS = 10 };

/* "artist_id" is asked for as --artist, "show_from" as --show-from. */
static char *option_name(commands *cs, const char *param)
{
    char *name = commands_own(cs, mem_printf("--%s", param));
    size_t n = strlen(name);
    if (n > 5 && strcmp(name + n - 3, "_id") == 0)
        name[n - 3] = 0;
    for (char *p = name; *p; p++)
        if (*p == '_')
            *p = '-';
    return name;
}

static bool automatic(const char *param)
{
    return strcmp(param, "now") == 0 || strcmp(param, "today") == 0 || strcmp(param, "search") == 0 ||
           strcmp(param, "whole") == 0;
}

static arg_kind kind_of(store_type t)
{
    return t == STORE_INT ? ARG_INT : t == STORE_REAL ? ARG_REAL : t == STORE_DATE ? ARG_DATE : ARG_TEXT;
}

/* The console's drill-downs bind several parameters; a command asks for the required ones as words. */
static size_t view_args(commands *cs, const view *v, command_arg *args)
{
    size_t n = 0;
    for (size_t i = 0; i < v->query->nparams; i++) {
        const query_param *p = &v->query->params[i];
        if (automatic(p->name))
            continue;
        bool word = p->required;
        args[n++] = (command_arg){word ? p->name : option_name(cs, p->name), word ? ARG_ID : kind_of(p->type),
                                  word, NULL, p->help ? p->help : ""};
    }
    if (!view_is_list(v))
        return n;
    if (v->nsearch)
        args[n++] = (command_arg){"--search", ARG_TEXT, false, NULL,
                                  "rows that match this, any case, accents ignored"};
    char *columns = commands_own(cs, mem_printf("columns:%s", v->name));
    args[n++] = (command_arg){"--sort", ARG_WORD, false, columns, "by this column; NAME:desc for descending"};
    args[n++] = (command_arg){"--limit", ARG_INT, false, NULL, "at most so many rows"};
    return n;
}

static const char *param_value(const query_param *p, const query_value *values, size_t n)
{
    const char *direct = value_of(values, n, p->name);
    if (direct)
        return direct;
    char name[80];
    size_t len = strlen(p->name);
    if (len >= sizeof name)
        return NULL;
    memcpy(name, p->name, len + 1);
    if (len > 3 && strcmp(name + len - 3, "_id") == 0)
        name[len - 3] = 0;
    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = '-';
    return value_of(values, n, name);
}

/* The query's own values out of what was given. */
static size_t query_values(const query *q, const query_value *values, size_t n, query_value *ret)
{
    size_t k = 0;
    for (size_t i = 0; i < q->nparams; i++) {
        const char *text = param_value(&q->params[i], values, n);
        if (text)
            ret[k++] = (query_value){q->params[i].name, text};
    }
    return k;
}

/* Runs one statement into the env's format; *ret_rows may be NULL. `keep_empty` false: an empty result prints
 * nothing. */
static bool print_statement(command_env *env, const view *v, const statement *st, bool keep_empty,
                            int64_t *ret_rows, err *e)
{
    output *o = output_new(env, v);
    store_sink sink = output_sink(o);
    store_request request = request_of(st);
    bool ok = env->store->run(env->store, &request, &sink, NULL, env->stop, e);
    int64_t rows = output_rows(o);
    if (ok && (rows || keep_empty))
        ok = output_end(o, e);
    output_free(o);
    if (ret_rows)
        *ret_rows = rows;
    return ok;
}

static bool print_page(command_env *env, const page_request *page, bool keep_empty, int64_t *ret_rows, err *e)
{
    statement st;
    if (!page_bind(page, env->store->dialect, &st, e))
        return false;
    bool ok = print_statement(env, page->view, &st, keep_empty, ret_rows, e);
    statement_done(&st);
    return ok;
}

static bool has_personal_data(const catalog *c, const view *v)
{
    for (size_t i = 0; i < v->ncolumns; i++)
        if (v->columns[i].sensitive)
            return true;
    for (size_t i = 0; i < v->nsections; i++) {
        const view *list = catalog_view(c, v->sections[i].view);
        for (size_t k = 0; list && k < list->ncolumns; k++)
            if (list->columns[k].sensitive)
                return true;
    }
    return false;
}

/* Puts down in the audit that the person looks at personal data unmasked, and what was asked. True at once without --reveal. */
static bool reveal(command_env *env, const view *v, const query_value *values, size_t n, err *e)
{
    const query *q = catalog_query(env->catalog, "reveal");
    if (!env->reveal || !has_personal_data(env->catalog, v))
        return true;
    if (!q)
        return err_set(e, ERR_FAILED, "queries/reveal.sql is missing");
    buf about;
    json_out j;
    buf_init(&about);
    json_init(&j, &about);
    json_open(&j, '{');
    for (size_t i = 0; i < n; i++) {
        json_key(&j, values[i].name);
        json_str(&j, values[i].text);
    }
    json_close(&j, '}');
    query_value own[] = {{"screen", v->name}, {"about", about.data}};
    statement st;
    char key[37];
    bool ok = query_bind(q, env->store->dialect, own, 2, &st, e);
    if (ok) {
        store_new_key(key);
        store_request request = request_of(&st);
        store_write write = {key, "looked at personal data", &request, 1};
        ok = store_do(env->store, &write, NULL, env->stop, e);
        statement_done(&st);
    }
    buf_done(&about);
    return ok || err_wrap(e, "personal data is not shown, since the audit could not be written");
}

static bool known_sort(const view *v, const char *name, err *e)
{
    buf list;
    buf_init(&list);
    for (size_t i = 0; i < v->ncolumns; i++) {
        if (strcmp(v->columns[i].name, name) == 0 && v->columns[i].sortable) {
            buf_done(&list);
            return true;
        }
        if (v->columns[i].sortable)
            buf_printf(&list, "%s%s", list.len ? ", " : "", v->columns[i].name);
    }
    err_set(e, ERR_USAGE, "%s: cannot sort by '%s'; it can by %s", v->name, name, list.data);
    buf_done(&list);
    return false;
}

/* The first tier that finds something wins, as on the screen. */
static bool print_list(command_env *env, const view *v, const query_value *given, size_t ngiven, size_t limit,
                       err *e)
{
    const char *search = value_of(given, ngiven, "search"), *sort = value_of(given, ngiven, "sort");
    char *column = sort ? mem_strn(sort, strcspn(sort, ":")) : NULL;
    if (column && !known_sort(v, column, e)) {
        free(column);
        return false;
    }
    query_value *values = MEM_ARRAY(query_value, v->query->nparams + 2);
    size_t n = query_values(v->query, given, ngiven, values);
    bool have_search = false;
    for (size_t i = 0; i < n; i++)
        have_search |= strcmp(values[i].name, "search") == 0;
    if (search && !have_search)
        values[n++] = (query_value){"search", search};
    page_request page = {.view = v,
                         .tier = -1,
                         .sort = column,
                         .limit = limit - 1, /* asks for one more */
                         .values = values,
                         .nvalues = n,
                         .whole = env->format == OUT_JSON || env->format == OUT_CSV};
    for (size_t i = 0; i < v->ncolumns; i++)
        if (strcmp(v->columns[i].name, column ? column : v->sort ? v->sort : "") == 0)
            page.descending = v->columns[i].descending;
    if (sort && strchr(sort, ':'))
        page.descending = strcmp(strchr(sort, ':'), ":desc") == 0;
    bool ok = true;
    int64_t rows = 0;
    int tiers = search && *search ? (int)v->nsearch : 0;
    if (!tiers)
        ok = print_page(env, &page, true, &rows, e);
    for (int tier = 0; ok && rows == 0 && tier < tiers; tier++) {
        page.tier = tier;
        ok = print_page(env, &page, tier + 1 == tiers, &rows, e);
    }
    free(values);
    free(column);
    return ok;
}

static bool run_query(command_env *env, const query *q, const view *v, const query_value *values, size_t n,
                      err *e)
{
    statement st;
    if (!query_bind(q, env->store->dialect, values, n, &st, e))
        return false;
    bool ok = print_statement(env, v, &st, true, NULL, e);
    statement_done(&st);
    return ok;
}

/* ---- a document as a tree ---- */

static bool print_node(void *ctx, const document_node *node)
{
    command_env *env = ctx;
    buf key, value;
    buf_init(&key);
    buf_init(&value);
    text_cell(&key, node->key, strlen(node->key), false);
    text_cell(&value, node->value, strlen(node->value), false);
    fprintf(env->out, "%*s%s  %s", (int)node->depth * 2 + 2, "", key.data, node->type);
    if (strcmp(node->type, "map") == 0 || strcmp(node->type, "array") == 0)
        fprintf(env->out, " of %zu", node->count);
    else
        fprintf(env->out, "  %s", value.data);
    fputc('\n', env->out);
    buf_done(&key);
    buf_done(&value);
    return true;
}

static bool print_fields(command_env *env, const view *v, const rowset *r, err *e)
{
    int fields = rowset_column(r, "fields");
    for (size_t i = 0; i < v->ncolumns; i++) {
        int c = rowset_column(r, v->columns[i].name);
        if (c < 0 || c == fields || v->columns[i].keep == 0)
            continue;
        buf cell;
        buf_init(&cell);
        const store_cell *s = rowset_cell(r, 0, (size_t)c);
        if (s->text)
            text_cell(&cell, s->text, s->len, false);
        fprintf(env->out, "%s: %s\n", v->columns[i].title ? v->columns[i].title : v->columns[i].name,
                cell.data);
        buf_done(&cell);
    }
    const store_cell *f = fields >= 0 ? rowset_cell(r, 0, (size_t)fields) : NULL;
    return !f || !f->text || document_walk(f->text, f->len, print_node, env, e);
}

/* ---- one row, and what hangs on it ---- */

static bool print_sections(command_env *env, const view *v, const rowset *r, err *e)
{
    for (size_t i = 0; i < v->nsections; i++) {
        const view_section *s = &v->sections[i];
        const view *list = catalog_view(env->catalog, s->view);
        if (!list || s->nbinds > 16)
            continue;
        query_value values[16];
        for (size_t k = 0; k < s->nbinds; k++) {
            int c = rowset_column(r, s->binds[k].column);
            values[k] = (query_value){s->binds[k].param, c < 0 ? NULL : rowset_cell(r, 0, (size_t)c)->text};
        }
        fprintf(env->out, "\n%s\n", s->title ? s->title : list->title);
        if (!print_list(env, list, values, s->nbinds, SECTION_ROWS, e))
            return err_wrap(e, "%s", s->name);
    }
    return true;
}

static bool print_detail(command_env *env, const view *v, const query_value *values, size_t n, err *e)
{
    query_value *own = MEM_ARRAY(query_value, v->query->nparams + 1);
    size_t nown = query_values(v->query, values, n, own);
    statement st;
    rowset *r = NULL;
    bool ok = query_bind(v->query, env->store->dialect, own, nown, &st, e);
    if (ok) {
        store_request request = request_of(&st);
        ok = store_fetch(env->store, &request, 1, &r, env->stop, e);
        if (ok && r->nrows == 0)
            ok = err_set(e, ERR_MISSING, "there is no %s '%s'", v->name, nown ? own[0].text : "");
        bool people = env->format == OUT_AUTO || env->format == OUT_PLAIN;
        if (ok && v->kind == VIEW_TREE && people)
            ok = print_fields(env, v, r, e);
        else if (ok)
            ok = print_statement(env, v, &st, true, NULL, e);
        if (ok && people)
            ok = print_sections(env, v, r, e);
        statement_done(&st);
    }
    rowset_free(r);
    free(own);
    return ok;
}

/* ---- artists and cities by name ---- */

typedef struct meant {
    char artist[64], city[32];
} meant;

static bool takes(const query *q, const char *param)
{
    for (size_t i = 0; i < q->nparams; i++)
        if (strcmp(q->params[i].name, param) == 0)
            return true;
    return false;
}

/* --artist and --city narrow a list by id; people know names. The values that were given become ids, in ret. */
static bool find_meant(const command *self, command_env *env, query_value *values, size_t n, meant *ret,
                       err *e)
{
    const view *v = self->data;
    bool artist = value_of(values, n, "artist") && takes(v->query, "artist_id");
    bool city = value_of(values, n, "city") && takes(v->query, "city_id");
    tour_env t;
    size_t at = 0;
    if (!artist && !city)
        return true;
    bool ok = tour_begin(&t, env, self, city, e) &&
              (!artist || tour_artist(&t, value_of(values, n, "artist"), ret->artist, e)) &&
              (!city || cities_one(t.places, value_of(values, n, "city"), &at, e));
    if (ok && city)
        plan_city_id(t.places, at, ret->city);
    for (size_t i = 0; ok && i < n; i++) {
        if (artist && strcmp(values[i].name, "artist") == 0)
            values[i].text = ret->artist;
        if (city && strcmp(values[i].name, "city") == 0)
            values[i].text = ret->city;
    }
    tour_end(&t);
    return ok || err_wrap(e, "%s", v->name);
}

static int show_view(const view *v, command_env *env, const query_value *values, size_t n, err *e)
{
    if (env->format == OUT_AUTO && (env->open_view || (env->terminal && env->console))) {
        query_value *bound = MEM_ARRAY(query_value, n + v->query->nparams + 1);
        size_t k = query_values(v->query, values, n, bound);
        const char *search = value_of(values, n, "search");
        if (search && !value_of(bound, k, "search"))
            bound[k++] = (query_value){"search", search};
        int code;
        if (env->open_view)
            code = env->open_view(env->ctx, v, bound, k, e) ? 0 : err_exit_code(e->kind);
        else
            code = env->console(env, v, bound, k);
        free(bound);
        return code;
    }
    const char *limit = value_of(values, n, "limit");
    long long most = limit ? strtoll(limit, NULL, 10) : 0;
    if (limit && most <= 0)
        return err_set(e, ERR_USAGE, "%s: --limit wants a number above zero", v->name), 2;
    bool ok = command_store(env, e) && reveal(env, v, values, n, e);
    if (ok && view_is_list(v))
        ok = print_list(env, v, values, n, most ? (size_t)most : (size_t)INT32_MAX, e);
    else if (ok && v->kind == VIEW_HOME)
        ok = run_query(env, v->query, v, NULL, 0, e);
    else if (ok)
        ok = print_detail(env, v, values, n, e);
    return ok ? 0 : err_exit_code(e->kind);
}

static int run_view(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    meant m;
    query_value *own = MEM_ARRAY(query_value, n + 1);
    if (n)
        memcpy(own, values, n * sizeof *own);
    int code =
        find_meant(self, env, own, n, &m, e) ? show_view(self->data, env, own, n, e) : err_exit_code(e->kind);
    free(own);
    return code;
}

int view_command_run(const view *v, command_env *env, const query_value *values, size_t n, err *e)
{
    command row = {.name = v->name, .data = v};
    return run_view(&row, env, values, n, e);
}

/* A command of a file's own stands before the view of its name, and finds it in `data`. */
static bool stands_before(commands *cs, const view *v)
{
    for (size_t i = 0; i < cs->n; i++)
        if (strcmp(cs->rows[i]->name, v->name) == 0) {
            cs->rows[i]->data = v;
            return true;
        }
    return false;
}

void view_commands_add(commands *cs)
{
    const view *const *views;
    size_t n = catalog_views(cs->catalog, &views);
    for (size_t i = 0; i < n; i++) {
        const view *v = views[i];
        if (stands_before(cs, v))
            continue;
        command_arg *args = commands_own(cs, MEM_ARRAY(command_arg, v->query->nparams + 4));
        command row = {
            .name = v->name,
            .summary = v->summary ? v->summary : v->title,
            .args = args,
            .nargs = view_args(cs, v, args),
            .needs_store = true,
            .group = "Look",
            .run = run_view,
            .data = v,
        };
        commands_add(cs, &row);
    }
}
