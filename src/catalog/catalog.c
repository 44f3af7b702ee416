/* catalog: owns what was read, sorts it and hands it out. */
#include "base/mem.h"
#include "base/text.h"
#include "catalog/embedded.h"
#include "catalog/private.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *catalog_keep(catalog *c, void *p)
{
    if (!p)
        return NULL;
    MEM_ROOM(c->kept, c->nkept, c->kept_cap);
    c->kept[c->nkept++] = p;
    return p;
}

char *catalog_str(catalog *c, const char *s, size_t n)
{
    return catalog_keep(c, mem_strn(s, n));
}

void tell(teller *t, const char *file, int line, const char *format, ...)
{
    t->failures++;
    if (!t->told)
        return;
    buf said;
    buf_init(&said);
    if (line > 0)
        buf_printf(&said, "%s:%d: ", file, line);
    else
        buf_printf(&said, "%s: ", file);
    va_list args;
    va_start(args, format);
    buf_vprintf(&said, format, args);
    va_end(args);
    t->told(t->ctx, said.data);
    buf_done(&said);
}

query *catalog_query_mine(const catalog *c, const char *name)
{
    for (size_t i = 0; i < c->nqueries; i++)
        if (strcmp(c->queries[i]->name, name) == 0)
            return c->queries[i];
    return NULL;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool add_query(catalog *c, const char *path, const char *text, size_t n, err *e)
{
    query *q = query_read(c, path, text, n, e);
    if (!q)
        return false;
    if (catalog_query_mine(c, q->name)) {
        err_set(e, ERR_INPUT, "%s: there is a query %s already", path, q->name);
        free(q);
        return false;
    }
    MEM_ROOM(c->queries, c->nqueries, c->queries_cap);
    c->queries[c->nqueries++] = q;
    return true;
}

static bool add_view(catalog *c, const char *path, const char *text, size_t n, err *e)
{
    draft *d = view_read(c, path, text, n, e);
    if (!d)
        return false;
    for (size_t i = 0; i < c->ndrafts; i++)
        if (strcmp(c->drafts[i]->v.name, d->v.name) == 0) {
            err_set(e, ERR_INPUT, "%s: there is a view %s already", path, d->v.name);
            draft_free(d);
            return false;
        }
    MEM_ROOM(c->drafts, c->ndrafts, c->drafts_cap);
    c->drafts[c->ndrafts++] = d;
    return true;
}

bool catalog_add(catalog *c, const char *path, const char *text, size_t n, err *e)
{
    if (memchr(text, '\0', n))
        return err_set(e, ERR_INPUT, "%s: holds a NUL byte", path);
    if (!text_valid(text, n))
        return err_set(e, ERR_INPUT, "%s: is not valid UTF-8", path);
    if (ends_with(path, ".sql"))
        return add_query(c, path, text, n, e);
    if (ends_with(path, ".view"))
        return add_view(c, path, text, n, e);
    return err_set(e, ERR_USAGE, "%s: neither a .view nor a .sql file", path);
}

/* queries/_page.sql is a template in pieces, not a question. */
static bool is_catalog_file(const char *path)
{
    return strncmp(path, "views/", 6) == 0 ||
           (strncmp(path, "queries/", 8) == 0 && strcmp(path, "queries/_page.sql") != 0);
}

catalog *catalog_empty(void)
{
    return MEM_NEW(catalog);
}

catalog *catalog_new(void (*told)(void *ctx, const char *sentence), void *ctx)
{
    catalog *c = catalog_empty();
    for (size_t i = 0; i < embedded_count; i++) {
        const embedded_file *f = &embedded_files[i];
        err e = {0};
        if (is_catalog_file(f->path) && !catalog_add(c, f->path, f->text, f->length, &e) && told)
            told(ctx, e.text);
    }
    catalog_link(c, told, ctx);
    if (c->nqueries > 0 || c->nviews > 0)
        return c;
    catalog_free(c);
    return NULL;
}

void catalog_free(catalog *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->nqueries; i++)
        free(c->queries[i]);
    for (size_t i = 0; i < c->ndrafts; i++)
        draft_free(c->drafts[i]);
    for (size_t i = 0; i < c->nkept; i++)
        free(c->kept[i]);
    free(c->queries);
    free(c->drafts);
    free(c->kept);
    free(c->views);
    free(c);
}

const query *catalog_query(const catalog *c, const char *name)
{
    return catalog_query_mine(c, name);
}

const view *catalog_view(const catalog *c, const char *name)
{
    for (size_t i = 0; i < c->nviews; i++)
        if (strcmp(c->views[i]->name, name) == 0)
            return c->views[i];
    return NULL;
}

size_t catalog_views(const catalog *c, const view *const **ret)
{
    *ret = c->views;
    return c->nviews;
}

size_t catalog_queries(const catalog *c, const query *const **ret)
{
    *ret = (const query *const *)c->queries;
    return c->nqueries;
}

const char *column_type_word(column_type t)
{
    static const char *const words[] = {
        [COL_TEXT] = "text", [COL_COUNT] = "count",       [COL_MONEY] = "money",     [COL_DATE] = "date",
        [COL_TIME] = "time", [COL_DURATION] = "duration", [COL_PERCENT] = "percent", [COL_BADGE] = "badge",
        [COL_BAR] = "bar",   [COL_SPARK] = "spark",       [COL_AGO] = "ago",         [COL_YESNO] = "yesno",
        [COL_JSON] = "json",
    };
    return (size_t)t < sizeof words / sizeof *words ? words[t] : "text";
}
