#include "fake.h"
#include <string.h>

typedef struct fake {
    store s;
    const char *const *columns, *const *cells;
    size_t ncolumns, nrows;
} fake;

static bool run(store *s, const store_request *request, const store_sink *sink, int64_t *ret_affected,
                stop *until, err *e)
{
    fake *f = (fake *)s;
    store_column head[64];
    (void)request;
    (void)until;
    for (size_t i = 0; i < f->ncolumns; i++)
        head[i] = (store_column){f->columns[i], STORE_TEXT};
    if (sink->head && !sink->head(sink->ctx, head, f->ncolumns, e))
        return false;
    for (size_t r = 0; r < f->nrows; r++) {
        store_cell row[64];
        for (size_t i = 0; i < f->ncolumns; i++) {
            const char *text = f->cells[r * f->ncolumns + i];
            row[i] = (store_cell){text, text ? strlen(text) : 0};
        }
        if (!sink->row(sink->ctx, row, f->ncolumns, e))
            return false;
    }
    if (ret_affected)
        *ret_affected = (int64_t)f->nrows;
    return true;
}

rowset *fake_rows(const char *const *columns, size_t ncolumns, const char *const *cells, size_t nrows)
{
    fake f = {.s = {.run = run}, .columns = columns, .cells = cells, .ncolumns = ncolumns, .nrows = nrows};
    store_request request = {.name = "fake", .sql = ""};
    rowset *rows = NULL;
    return store_fetch(&f.s, &request, nrows + 1, &rows, NULL, NULL) ? rows : NULL;
}
