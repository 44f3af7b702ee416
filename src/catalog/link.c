/* link: once all files are read, names become pointers, and what does not fit together is said by its line.
 *
 * A view without its query is left out. A way ([go], [do], [section]) that leads nowhere is dropped from its
 * view, so that one broken screen does not take all the others with it. */
#include "base/mem.h"
#include "base/text.h"
#include "catalog/private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct linking {
    catalog *c;
    teller t;
} linking;

static const char *nearest_query(const catalog *c, const char *name)
{
    const char **names = MEM_ARRAY(const char *, c->nqueries + 1);
    for (size_t i = 0; i < c->nqueries; i++)
        names[i] = c->queries[i]->name;
    const char *near = text_nearest(name, names, c->nqueries);
    free(names);
    return near;
}

static const query *find_query(linking *l, const draft *d, int line, const char *name)
{
    const query *q = catalog_query_mine(l->c, name);
    if (q)
        return q;
    const char *near = nearest_query(l->c, name);
    tell(&l->t, d->v.file, line, "there is no query '%s'%s%s%s", name, near ? "; did you mean '" : "",
         near ? near : "", near ? "'?" : "");
    return NULL;
}

static const draft *find_draft(const catalog *c, const char *name)
{
    for (size_t i = 0; i < c->ndrafts; i++)
        if (c->drafts[i]->linked && strcmp(c->drafts[i]->v.name, name) == 0)
            return c->drafts[i];
    return NULL;
}

static const view_column *find_column(const draft *d, const char *name)
{
    for (size_t i = 0; i < d->v.ncolumns; i++)
        if (strcmp(d->columns[i].name, name) == 0)
            return &d->columns[i];
    return NULL;
}

static bool has_param(const query *q, const char *name)
{
    return query_param_find(q, name, strlen(name)) != NULL;
}

/* ---- queries of a view ---- */

static bool link_tier(linking *l, const draft *d, const char *name, const query **ret)
{
    const query *q = find_query(l, d, d->search_line, name);
    if (!q)
        return false;
    if (!has_param(q, "search")) {
        tell(&l->t, d->v.file, d->search_line, "the query '%s' has no parameter :search", name);
        return false;
    }
    for (size_t i = 0; i < d->v.query->nparams; i++)
        if (!has_param(q, d->v.query->params[i].name)) {
            tell(&l->t, d->v.file, d->search_line, "the query '%s' cannot be narrowed by :%s as '%s' can",
                 name, d->v.query->params[i].name, d->v.query->name);
            return false;
        }
    *ret = q;
    return true;
}

static char *trimmed(char *s)
{
    s += strspn(s, " \t");
    for (char *end = s + strlen(s); end > s && (end[-1] == ' ' || end[-1] == '\t');)
        *--end = '\0';
    return s;
}

/* "fans_by_email: by e-mail, fans_by_word: by word" */
static void link_search(linking *l, draft *d)
{
    enum { TIERS_MOST = 8 };
    const query **tiers = catalog_keep(l->c, MEM_ARRAY(const query *, TIERS_MOST));
    const char **said = catalog_keep(l->c, MEM_ARRAY(const char *, TIERS_MOST));
    size_t n = 0;
    char *rest = catalog_str(l->c, d->search, strlen(d->search)), *part;
    while (n < TIERS_MOST && (part = strsep(&rest, ","))) {
        char *words = strchr(part, ':');
        if (words)
            *words++ = '\0';
        said[n] = words ? trimmed(words) : "";
        if (link_tier(l, d, trimmed(part), &tiers[n]))
            n++;
    }
    d->v.search = n ? tiers : NULL;
    d->v.search_said = n ? said : NULL;
    d->v.nsearch = n;
}

static const query *link_beside(linking *l, const draft *d, const char *name, int line)
{
    const query *q = find_query(l, d, line, name);
    for (size_t i = 0; q && i < q->nparams; i++)
        if (q->params[i].required && !has_param(d->v.query, q->params[i].name)) {
            tell(&l->t, d->v.file, line, "the query '%s' needs :%s, which '%s' does not take", name,
                 q->params[i].name, d->v.query->name);
            return NULL;
        }
    return q;
}

/* ---- columns, keys, order ---- */

static bool check_columns(linking *l, const draft *d)
{
    size_t before = l->t.failures;
    for (size_t i = 0; i < d->v.ncolumns; i++) {
        const view_column *c = &d->columns[i];
        for (size_t j = 0; j < i; j++)
            if (strcmp(d->columns[j].name, c->name) == 0)
                tell(&l->t, d->v.file, c->line, "the column '%s' stands here twice", c->name);
        if (c->currency && !find_column(d, c->currency))
            tell(&l->t, d->v.file, c->line, "there is no column '%s' for the currency (keep = 0 hides one)",
                 c->currency);
        if (c->type == COL_MONEY && !c->currency)
            tell(&l->t, d->v.file, c->line, "the column '%s' is money: it needs `currency = COLUMN`",
                 c->name);
    }
    return l->t.failures == before;
}

static bool check_order(linking *l, draft *d)
{
    size_t before = l->t.failures;
    if (d->v.kind != VIEW_HOME && d->v.nkey == 0)
        tell(&l->t, d->v.file, 1, "there is no `key`: a row needs an identity");
    for (size_t i = 0; i < d->v.nkey; i++)
        if (!find_column(d, d->v.key[i]))
            tell(&l->t, d->v.file, d->key_line, "the key '%s' is no column here (keep = 0 hides one)",
                 d->v.key[i]);
    if (!d->v.sort && d->v.nkey > 0)
        d->v.sort = d->v.key[0];
    const view_column *sort = d->v.sort ? find_column(d, d->v.sort) : NULL;
    if (d->v.sort && !sort)
        tell(&l->t, d->v.file, d->sort_line, "'%s' is no column here: it cannot be the order", d->v.sort);
    else if (sort && !sort->sortable)
        tell(&l->t, d->v.file, d->sort_line, "the column '%s' says that it is not sortable", d->v.sort);
    return l->t.failures == before;
}

/* A view of one row is asked for by its key; nothing else may be required. */
static bool check_detail(linking *l, const draft *d)
{
    for (size_t i = 0; i < d->v.query->nparams; i++) {
        const query_param *p = &d->v.query->params[i];
        bool key = false;
        for (size_t k = 0; k < d->v.nkey; k++)
            key |= strcmp(d->v.key[k], p->name) == 0;
        bool one = d->v.kind == VIEW_DETAIL || d->v.kind == VIEW_TREE;
        if (p->required && !(one && key)) {
            tell(&l->t, d->v.file, d->query_line, "the query '%s' needs :%s, which nobody gives",
                 d->v.query->name, p->name);
            return false;
        }
    }
    return true;
}

/* `narrow` names parameters of the query: a typing error there would show only when somebody narrows. */
static void check_narrow(linking *l, const draft *d)
{
    char *names = mem_str(d->v.narrow), *rest = names, *name;
    while (rest && (name = strsep(&rest, " ,")))
        if (*name && !has_param(d->v.query, name))
            tell(&l->t, d->v.file, d->query_line,
                 "`narrow` names '%.40s', which the query '%s' does not take", name, d->v.query->name);
    free(names);
}

static bool link_own(linking *l, draft *d)
{
    d->v.query = find_query(l, d, d->query_line, d->query);
    if (!d->v.query)
        return false;
    d->v.columns = d->columns;
    if (d->v.offline && d->v.query->offline_not)
        tell(&l->t, d->v.file, d->query_line, "is said to work offline, but the query '%s' does not (%s)",
             d->query, d->v.query->offline_not);
    check_narrow(l, d);
    if (d->search)
        link_search(l, d);
    if (d->count)
        d->v.count = link_beside(l, d, d->count, d->count_line);
    if (d->estimate)
        d->v.estimate = link_beside(l, d, d->estimate, d->estimate_line);
    bool columns = check_columns(l, d), order = check_order(l, d);
    return columns && order && check_detail(l, d);
}

/* ---- ways to other views ---- */

static bool check_binds(linking *l, const draft *d, int line, const view_bind *binds, size_t n,
                        const query *target)
{
    size_t before = l->t.failures;
    for (size_t i = 0; i < n; i++) {
        if (!find_column(d, binds[i].column))
            tell(&l->t, d->v.file, line, "'%s' is no column here (keep = 0 hides one)", binds[i].column);
        if (!has_param(target, binds[i].param))
            tell(&l->t, d->v.file, line, "the query '%s' has no parameter :%s", target->name, binds[i].param);
    }
    return l->t.failures == before;
}

static bool bound(const view_bind *binds, size_t n, const char *param)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(binds[i].param, param) == 0)
            return true;
    return false;
}

static bool check_required(linking *l, const draft *d, int line, const view_bind *binds, size_t n,
                           const query *target, const char *const *inputs, size_t ninputs)
{
    for (size_t i = 0; i < target->nparams; i++) {
        bool asked = !target->params[i].required || bound(binds, n, target->params[i].name);
        for (size_t j = 0; j < ninputs; j++)
            asked |= strcmp(inputs[j], target->params[i].name) == 0;
        if (asked)
            continue;
        tell(&l->t, d->v.file, line, "the query '%s' needs :%s, which is not given here", target->name,
             target->params[i].name);
        return false;
    }
    return true;
}

static bool check_way(linking *l, const draft *d, int line, const char *view_name, const view_bind *binds,
                      size_t n)
{
    const draft *target = find_draft(l->c, view_name);
    if (!target) {
        tell(&l->t, d->v.file, line, "there is no view '%s'", view_name);
        return false;
    }
    return check_binds(l, d, line, binds, n, target->v.query) &&
           check_required(l, d, line, binds, n, target->v.query, NULL, 0);
}

static bool check_section(linking *l, const draft *d, const view_section *s)
{
    const draft *target = find_draft(l->c, s->view);
    if (!target || view_is_list(&target->v))
        return true; /* a missing one is told by check_way */
    tell(&l->t, d->v.file, s->line, "a section shows a list, and '%s' is none", s->view);
    return false;
}

static bool check_do(linking *l, const draft *d, const view_do *a)
{
    const query *q = find_query(l, d, a->line, a->query);
    if (!q || !check_binds(l, d, a->line, a->binds, a->nbinds, q))
        return false;
    for (size_t i = 0; i < a->ninputs; i++)
        if (!has_param(q, a->inputs[i])) {
            tell(&l->t, d->v.file, a->line, "the query '%s' has no parameter :%s to ask for", q->name,
                 a->inputs[i]);
            return false;
        }
    if (a->undo && !find_query(l, d, a->line, a->undo))
        return false;
    return check_required(l, d, a->line, a->binds, a->nbinds, q, a->inputs, a->ninputs);
}

static void link_ways(linking *l, draft *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->v.ngos; i++)
        if (check_way(l, d, d->gos[i].line, d->gos[i].view, d->gos[i].binds, d->gos[i].nbinds))
            d->gos[n++] = d->gos[i];
    d->v.ngos = n;
    d->v.gos = d->gos;
    n = 0;
    for (size_t i = 0; i < d->v.nsections; i++)
        if (check_section(l, d, &d->sections[i]) && check_way(l, d, d->sections[i].line, d->sections[i].view,
                                                              d->sections[i].binds, d->sections[i].nbinds))
            d->sections[n++] = d->sections[i];
    d->v.nsections = n;
    d->v.sections = d->sections;
    n = 0;
    for (size_t i = 0; i < d->v.ndos; i++)
        if (check_do(l, d, &d->dos[i]))
            d->dos[n++] = d->dos[i];
    d->v.ndos = n;
    d->v.dos = d->dos;
    d->v.acts = d->acts;
}

static void check_clash(linking *l, const draft *d, const char *key, const char *name, const char *key2,
                        const char *name2, int line)
{
    if (strcmp(key, key2) == 0)
        tell(&l->t, d->v.file, line, "the key %s is taken by '%s' already; '%s' needs another", key, name,
             name2);
}

typedef struct bound_key {
    const char *key, *name;
    int line;
} bound_key;

static void check_keys(linking *l, const draft *d)
{
    const view *v = &d->v;
    size_t n = 0;
    bound_key *keys = MEM_ARRAY(bound_key, v->ngos + v->ndos + v->nacts + 1);
    for (size_t i = 0; i < v->ngos; i++)
        keys[n++] = (bound_key){d->gos[i].key, d->gos[i].name, d->gos[i].line};
    for (size_t i = 0; i < v->ndos; i++)
        keys[n++] = (bound_key){d->dos[i].key, d->dos[i].name, d->dos[i].line};
    for (size_t i = 0; i < v->nacts; i++)
        keys[n++] = (bound_key){d->acts[i].key, d->acts[i].name, d->acts[i].line};
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            check_clash(l, d, keys[j].key, keys[j].name, keys[i].key, keys[i].name, keys[i].line);
    free(keys);
}

/* ---- the whole ---- */

static int query_by_name(const void *a, const void *b)
{
    const query *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static int view_by_menu(const void *a, const void *b)
{
    const view *x = *(const view *const *)a, *y = *(const view *const *)b;
    if (!x->menu != !y->menu)
        return x->menu ? -1 : 1;
    int order = x->menu ? atoi(x->menu) - atoi(y->menu) : 0;
    return order ? order : strcmp(x->name, y->name);
}

static void drop_query(catalog *c, size_t i)
{
    free(c->queries[i]);
    memmove(c->queries + i, c->queries + i + 1, (c->nqueries - i - 1) * sizeof *c->queries);
    c->nqueries--;
}

static void link_queries(linking *l)
{
    catalog *c = l->c;
    if (c->nqueries)
        qsort(c->queries, c->nqueries, sizeof *c->queries, query_by_name);
    for (size_t i = 0; i < c->nqueries;) {
        if (query_expand(c, c->queries[i], &l->t))
            i++;
        else
            drop_query(c, i);
    }
}

size_t catalog_link(catalog *c, void (*told)(void *ctx, const char *sentence), void *ctx)
{
    linking l = {c, {told, ctx, 0}};
    link_queries(&l);
    for (size_t i = 0; i < c->ndrafts; i++)
        c->drafts[i]->linked = link_own(&l, c->drafts[i]);
    free(c->views);
    c->views = MEM_ARRAY(const view *, c->ndrafts + 1);
    c->nviews = 0;
    for (size_t i = 0; i < c->ndrafts; i++) {
        if (!c->drafts[i]->linked)
            continue;
        link_ways(&l, c->drafts[i]);
        check_keys(&l, c->drafts[i]);
        c->views[c->nviews++] = &c->drafts[i]->v;
    }
    if (c->nviews)
        qsort(c->views, c->nviews, sizeof *c->views, view_by_menu);
    return l.t.failures;
}
