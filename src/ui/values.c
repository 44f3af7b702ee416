#include "ui/values.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

static query_value *find(const values *v, const char *name)
{
    for (size_t i = 0; i < v->n; i++)
        if (strcmp(v->items[i].name, name) == 0)
            return v->items + i;
    return NULL;
}

static void free_item(query_value *item)
{
    free((char *)item->name);
    free((char *)item->text); /* NOLINT(clang-analyzer-unix.Malloc): it loses sight of *old = fresh */
}

void values_done(values *v)
{
    for (size_t i = 0; i < v->n; i++)
        free_item(v->items + i);
    free(v->items);
    *v = (values){0};
}

void values_set(values *v, const char *name, const char *text)
{
    query_value fresh = {mem_str(name), mem_str(text)};
    query_value *old = find(v, name);
    if (old) {
        free_item(old);
        *old = fresh;
        return;
    }
    MEM_ROOM(v->items, v->n, v->cap);
    v->items[v->n++] = fresh;
}

void values_unset(values *v, const char *name)
{
    query_value *old = find(v, name);
    if (!old)
        return;
    free_item(old);
    *old = v->items[--v->n];
}

const char *values_get(const values *v, const char *name)
{
    const query_value *item = find(v, name);
    return item ? item->text : NULL;
}

bool values_has(const values *v, const char *name)
{
    return find(v, name) != NULL;
}

void values_copy(values *v, const query_value *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values_set(v, from[i].name, from[i].text);
}

void values_bind(values *v, const view_bind *binds, size_t n, const rowset *rows, size_t row)
{
    for (size_t i = 0; i < n; i++) {
        int c = rowset_column(rows, binds[i].column);
        values_set(v, binds[i].param, c < 0 ? NULL : rowset_cell(rows, row, (size_t)c)->text);
    }
}

bool query_takes(const query *q, const char *param)
{
    for (size_t i = 0; q && i < q->nparams; i++)
        if (strcmp(q->params[i].name, param) == 0)
            return true;
    return false;
}

void values_keep(values *v, const query *q)
{
    size_t kept = 0;
    for (size_t i = 0; i < v->n; i++) {
        if (query_takes(q, v->items[i].name))
            v->items[kept++] = v->items[i];
        else
            free_item(v->items + i);
    }
    v->n = kept;
}
