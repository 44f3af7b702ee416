/* values: an owned set of named values, for a place's narrowing and an action's inputs. Names and texts are
 * copied. */
#ifndef SHOWX_UI_VALUES_H
#define SHOWX_UI_VALUES_H

#include "catalog/catalog.h"
#include "store/store.h"

typedef struct values {
    query_value *items;
    size_t n, cap;
} values;

void values_done(values *v);
void values_set(values *v, const char *name, const char *text); /* text NULL = null */
void values_unset(values *v, const char *name);
const char *values_get(const values *v, const char *name); /* NULL when absent or null */
bool values_has(const values *v, const char *name);
void values_copy(values *v, const query_value *from, size_t n); /* adds or replaces */
/* A drill-down's binds, filled from a row. */
void values_bind(values *v, const view_bind *binds, size_t n, const rowset *rows, size_t row);
/* Only what the query knows as parameters. */
void values_keep(values *v, const query *q);
bool query_takes(const query *q, const char *param);

#endif
