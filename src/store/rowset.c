/* A result held whole. Text goes into blocks that grow with the result, so that a page costs two or three
 * allocations and a cell none. */
#include "base/mem.h"
#include "store/private.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

/* How many rows behind the last wanted one are let pass before the statement is ended: ending one costs more.
 */
enum { LET_PASS = 1000 };

typedef struct block {
    struct block *next;
    size_t used, size;
    char bytes[];
} block;

typedef struct arena {
    block *last;
} arena;

typedef struct filling {
    rowset *r;
    size_t max_rows, capacity, passed;
    bool ended; /* by us, since enough was seen */
} filling;

static char *arena_text(arena *a, const char *s, size_t n)
{
    if (!a->last || a->last->size - a->last->used < n + 1) {
        size_t size = a->last ? a->last->size * 2 : FIRST_BLOCK;
        size = size > LARGEST_BLOCK ? LARGEST_BLOCK : size;
        size = size < n + 1 ? n + 1 : size;
        block *b = mem_grow(NULL, sizeof(block) + size, 1);
        *b = (block){.next = a->last, .size = size};
        a->last = b;
    }
    char *at = a->last->bytes + a->last->used;
    memcpy(at, s, n);
    at[n] = '\0';
    a->last->used += n + 1;
    return at;
}

static bool take_head(void *ctx, const store_column *columns, size_t n, err *e)
{
    filling *f = ctx;
    (void)e;
    f->r->ncolumns = n;
    f->r->columns = MEM_ARRAY(store_column, n + 1);
    for (size_t i = 0; i < n; i++)
        f->r->columns[i] = (store_column){arena_text(f->r->arena, columns[i].name, strlen(columns[i].name)),
                                          columns[i].type};
    return true;
}

static bool take_row(void *ctx, const store_cell *cells, size_t n, err *e)
{
    filling *f = ctx;
    rowset *r = f->r;
    if (r->nrows == f->max_rows) {
        r->more = true;
        if (++f->passed < LET_PASS)
            return true;
        f->ended = true;
        return err_set(e, ERR_CANCELLED, "enough rows");
    }
    if (r->nrows == f->capacity) {
        f->capacity = f->capacity ? f->capacity * 2 : 32;
        r->cells = mem_grow(r->cells, f->capacity * (n + 1), sizeof *r->cells);
    }
    for (size_t i = 0; i < n; i++) {
        const char *text = cells[i].text ? arena_text(r->arena, cells[i].text, cells[i].len) : NULL;
        r->cells[r->nrows * n + i] = (store_cell){text, text ? cells[i].len : 0};
    }
    r->nrows++;
    return true;
}

bool store_fetch(store *s, const store_request *request, size_t max_rows, rowset **ret, stop *st, err *e)
{
    rowset *r = MEM_NEW(rowset);
    r->arena = MEM_NEW(arena);
    filling f = {.r = r, .max_rows = max_rows};
    const store_sink sink = {take_head, take_row, &f};
    if (!s->run(s, request, &sink, NULL, st, e) && !f.ended) {
        rowset_free(r);
        return false;
    }
    *ret = r;
    return true;
}

void rowset_free(rowset *r)
{
    if (!r)
        return;
    arena *a = r->arena;
    while (a && a->last) {
        block *b = a->last;
        a->last = b->next;
        free(b);
    }
    free(a);
    free(r->columns);
    free(r->cells);
    free(r);
}

int rowset_column(const rowset *r, const char *name)
{
    for (size_t i = 0; i < r->ncolumns; i++)
        if (strcmp(r->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

const store_cell *rowset_cell(const rowset *r, size_t row, size_t column)
{
    return &r->cells[row * r->ncolumns + column];
}
