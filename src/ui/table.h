/* table: how a view's columns fit a width, and rows drawn in them. */
#ifndef SHOWX_UI_TABLE_H
#define SHOWX_UI_TABLE_H

#include "catalog/catalog.h"
#include "store/store.h"
#include "ui/canvas.h"
#include "ui/values.h"

typedef struct table_column {
    size_t index; /* of view->columns */
    int x, width; /* from the table's left edge */
} table_column;

enum { TABLE_COLUMNS = 64 };

/* Chooses columns by keep (small stays longest). Those of keep 1 and 2 get their width before others are added; dates, amounts and
 * states come whole or not at all. natural: the widest cell of each column, -1 or NULL = unknown. Returns how many. Order is the view's. */
size_t table_fit(const view *v, const values *narrowed, const int *natural, int width,
                 table_column ret[TABLE_COLUMNS]);
/* Raises natural[] to the widest cells of these rows. */
void table_measure(const view *v, const rowset *rows, bool ascii, int natural[TABLE_COLUMNS]);

typedef struct table_look {
    const char *sort; /* column that orders, NULL = none */
    bool descending, reveal;
    size_t column; /* under the column cursor; SIZE_MAX = none */
} table_look;

void table_head(canvas *c, area a, const view *v, const table_column *cols, size_t n, const table_look *look);
void table_row(canvas *c, area a, const view *v, const table_column *cols, size_t n, const rowset *rows,
               size_t row, const table_look *look);

#endif
