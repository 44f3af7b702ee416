/* What the files of this room share and nobody else sees. */
#ifndef SHOWX_CATALOG_PRIVATE_H
#define SHOWX_CATALOG_PRIVATE_H

#include "catalog/catalog.h"

/* A view while it is read: names as written, resolved by catalog_link(). The arrays of `v` are ours to edit.
 */
typedef struct draft {
    view v;
    const char *query, *search, *count, *estimate; /* as written */
    int query_line, search_line, count_line, estimate_line, key_line, sort_line;
    view_column *columns;
    view_go *gos;
    view_do *dos;
    view_act *acts;
    view_section *sections;
    size_t columns_cap, gos_cap, dos_cap, acts_cap, sections_cap;
    bool linked;
} draft;

struct catalog {
    query **queries; /* sorted by name once linked */
    size_t nqueries, queries_cap;
    draft **drafts;
    size_t ndrafts, drafts_cap;
    const view **views; /* the linked ones, by menu, then name */
    size_t nviews;
    char **kept; /* every string and small array handed out */
    size_t nkept, kept_cap;
};

/* Makes the catalog the owner of p (from malloc); returns it. */
void *catalog_keep(catalog *c, void *p);
char *catalog_str(catalog *c, const char *s, size_t n);
query *catalog_query_mine(const catalog *c, const char *name);
/* Tells "FILE:LINE: sentence" (line 0: "FILE: sentence"). */
typedef struct teller {
    void (*told)(void *ctx, const char *sentence);
    void *ctx;
    size_t failures;
} teller;
void tell(teller *t, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- sql.c ---- */
typedef enum { SQL_TEXT, SQL_PARAM, SQL_INCLUDE, SQL_PLACE, SQL_END, SQL_BROKEN } sql_kind;
typedef struct sql_reader {
    const char *at, *end;
    const char *start;
} sql_reader;
typedef struct sql_piece {
    sql_kind kind;
    const char *text; /* the run of text; the name without its marks; for SQL_BROKEN what is wrong */
    size_t len;
} sql_piece;
/* The next run of SQL that holds no parameter, or a parameter `:name`, a parameter by position, or an include
 * `{{name}}`. Strings, quoted identifiers, comments, dollar quotes and casts are only looked past. */
sql_piece sql_next(sql_reader *r);
int sql_line(const sql_reader *r, const char *at); /* 0-based, from the start */
bool sql_is_name(const char *s, size_t n);         /* [a-z_][a-z0-9_]* */

/* ---- query.c, view.c: one file each ---- */
query *query_read(catalog *c, const char *path, const char *text, size_t n, err *e);
bool query_expand(catalog *c, query *q, teller *t);
draft *view_read(catalog *c, const char *path, const char *text, size_t n, err *e);
void draft_free(draft *d);

/* ---- bind.c ---- */
bool value_check(store_type type, const char *text, char **ret_text,
                 err *e); /* canonical text, malloced; NULL = null */
const query_param *query_param_find(const query *q, const char *name, size_t n);
const char *type_cast(store_type type); /* "text", "bigint": Postgres' word for it */

#endif
