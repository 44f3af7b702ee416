/* Every action of a view is a command too: `artist note ID --note TEXT --reason WHY`. The row is read first,
 * its version goes into the write, and a row that somebody changed meanwhile is a conflict (exit 4) that
 * shows both versions. */
#include "command/private.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

typedef struct action {
    const view *view;
    const view_do *row;
    const query *query;
} action;

static const char *bound_column(const view_do *d, const char *param)
{
    for (size_t i = 0; i < d->nbinds; i++)
        if (strcmp(d->binds[i].param, param) == 0)
            return d->binds[i].column;
    return NULL;
}

static bool is_input(const view_do *d, const char *param)
{
    for (size_t i = 0; i < d->ninputs; i++)
        if (strcmp(d->inputs[i], param) == 0)
            return true;
    return false;
}

/* The action's values: inputs as given, the rest from the row it acts on. */
static size_t action_values(const action *a, const rowset *r, const query_value *given, size_t ngiven,
                            query_value *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < a->query->nparams; i++) {
        const char *param = a->query->params[i].name;
        const char *column = bound_column(a->row, param);
        int c = column ? rowset_column(r, column) : -1;
        if (is_input(a->row, param) && value_of(given, ngiven, param))
            ret[n++] = (query_value){param, value_of(given, ngiven, param)};
        else if (c >= 0)
            ret[n++] = (query_value){param, rowset_cell(r, 0, (size_t)c)->text};
    }
    return n;
}

static bool read_row(command_env *env, const view *v, const query_value *given, size_t ngiven, rowset **ret,
                     err *e)
{
    query_value *key = MEM_ARRAY(query_value, v->query->nparams + 1);
    size_t n = 0;
    for (size_t i = 0; i < v->query->nparams; i++)
        if (v->query->params[i].required)
            key[n++] =
                (query_value){v->query->params[i].name, value_of(given, ngiven, v->query->params[i].name)};
    statement st;
    bool ok = query_bind(v->query, env->store->dialect, key, n, &st, e);
    if (ok) {
        store_request request = request_of(&st);
        ok = store_fetch(env->store, &request, 1, ret, env->stop, e);
        if (ok && (*ret)->nrows == 0)
            ok = err_set(e, ERR_MISSING, "there is no %s '%s'", v->name, n && key[0].text ? key[0].text : "");
        statement_done(&st);
    }
    free(key);
    return ok;
}

static bool write_row(command_env *env, const action *a, const query_value *values, size_t n,
                      const char *reason, err *e)
{
    statement st;
    if (!query_bind(a->query, env->store->dialect, values, n, &st, e))
        return false;
    char key[37];
    store_new_key(key);
    store_request request = request_of(&st);
    store_write write = {key, reason, &request, 1};
    bool ok = store_do(env->store, &write, NULL, env->stop, e);
    if (!ok && e->kind == ERR_CONFLICT && env->store->detail[0])
        fprintf(env->messages, "showx: now there: %s\n", env->store->detail);
    statement_done(&st);
    return ok;
}

static int run_action(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    const action *a = self->data;
    const char *reason = value_of(values, n, "reason");
    rowset *r = NULL;
    if (!reason[strspn(reason, " \t\r\n")])
        return err_set(e, ERR_USAGE, "%s: --reason wants a sentence: it goes into the audit", self->name), 2;
    bool ok = command_store(env, e) && read_row(env, a->view, values, n, &r, e);
    if (ok) {
        query_value *own = MEM_ARRAY(query_value, a->query->nparams + 1);
        size_t nown = action_values(a, r, values, n, own);
        ok = write_row(env, a, own, nown, reason, e);
        free(own);
    }
    if (ok)
        fprintf(env->messages, "%s: done\n", self->name);
    rowset_free(r);
    return ok ? 0 : err_exit_code(e->kind);
}

static void add_action(commands *cs, const view *v, const view_do *d)
{
    const query *q = catalog_query(cs->catalog, d->query);
    if (!q)
        return; /* catalog_link has said so */
    action *a = commands_own(cs, MEM_NEW(action));
    *a = (action){v, d, q};
    command_arg *args = commands_own(cs, MEM_ARRAY(command_arg, v->query->nparams + d->ninputs + 2));
    size_t n = 0;
    for (size_t i = 0; i < v->query->nparams; i++)
        if (v->query->params[i].required)
            args[n++] = (command_arg){v->query->params[i].name, ARG_ID, true, NULL, v->query->params[i].help};
    for (size_t i = 0; i < d->ninputs; i++) {
        char *name = commands_own(cs, mem_printf("--%s", d->inputs[i]));
        const char *help = "";
        for (size_t k = 0; k < q->nparams; k++)
            if (strcmp(q->params[k].name, d->inputs[i]) == 0 && q->params[k].help)
                help = q->params[k].help;
        args[n++] = (command_arg){name, ARG_TEXT, true, NULL, help};
    }
    args[n++] =
        (command_arg){"--reason", ARG_TEXT, true, NULL, "why: it goes into the audit with the change"};
    command row = {
        .name = commands_own(cs, mem_printf("%s %s", v->name, d->name)),
        .summary = d->title ? d->title : q->summary,
        .help = q->summary,
        .args = args,
        .nargs = n,
        .danger = d->danger == DANGER_SAFE ? DANGER_CONFIRM : d->danger,
        .needs_store = true,
        .group = "Act",
        .run = run_action,
        .data = a,
    };
    commands_add(cs, &row);
}

void action_commands_add(commands *cs)
{
    const view *const *views;
    size_t n = catalog_views(cs->catalog, &views);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; views[i]->kind == VIEW_DETAIL && k < views[i]->ndos; k++)
            add_action(cs, views[i], &views[i]->dos[k]);
}
