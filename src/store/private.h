/* What the store's files share among themselves; no other room includes this. */
#ifndef SHOWX_STORE_PRIVATE_H
#define SHOWX_STORE_PRIVATE_H

#include "base/buf.h"
#include "store/store.h"

/* ---- canon.c: the one form of a value, whatever the store ---- */

/* Appends a decimal number given as text in any usual form ("1.50", "1e+20", "-0") in the shortest one:
 * no needless zeros, an exponent only below 1e-6 and from 1e21 on. What is no number is appended as it is. */
void canon_number(buf *out, const char *s, size_t n);
void canon_real(buf *out, double v); /* the fewest digits that read back the same */
void canon_bool(buf *out, bool v);
/* An instant with any offset, or as Postgres writes it ("2026-11-22 18:10:00.5+00"); as it is when it is
 * none. */
void canon_time(buf *out, const char *s, size_t n);
/* JSON without the white space between its tokens. */
void canon_json(buf *out, const char *s, size_t n);

/* A row being made: cells point into the driver's memory, or into `made` where they had to be rewritten. */
typedef struct canon_row {
    store_cell *cells;
    size_t *offset; /* of cells in `made`, SIZE_MAX for those that are not */
    size_t n;
    buf made;
    bool begun; /* a cell was made */
} canon_row;
void canon_row_init(canon_row *r, size_t n);
void canon_row_done(canon_row *r);
void canon_row_clear(canon_row *r);
void canon_row_as_is(canon_row *r, size_t column, const char *text, size_t len); /* NULL text = null */
/* Cells written to `made`: `canon_row_from` before the writing, which gives the cell's place. */
void canon_row_from(canon_row *r, size_t column);
const store_cell *canon_row_cells(canon_row *r); /* once all are in: good until the next clear */

/* ---- named.c: the few statements that the store itself runs, from queries/ ---- */

typedef struct named_value {
    const char *name, *text; /* text NULL = null; borrowed */
} named_value;

typedef struct named {
    buf sql;
    store_param params[8];
    store_request request;
} named;

/* The statement of a built-in query file in the dialect's words, its :names replaced by positions and bound
 * to the values of those names. ERR_MISSING when this program does not carry the file. named_done in any
 * case. */
bool named_init(named *q, store_dialect dialect, const char *file, const named_value *values, size_t n,
                err *e);
void named_done(named *q);
/* named_init, run, named_done. */
bool named_run(store *s, const char *file, const named_value *values, size_t n, const store_sink *sink,
               stop *st, err *e);
bool named_fetch(store *s, const char *file, const named_value *values, size_t n, rowset **ret, stop *st,
                 err *e);

/* ---- errors that both adapters word alike ---- */
bool store_in_transaction(err *e);           /* begin within one */
bool store_no_transaction(err *e);           /* commit without one */
bool store_spoilt(const char *name, err *e); /* a statement after another failed in the same transaction */

#endif
