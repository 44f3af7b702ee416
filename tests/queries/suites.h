/* Every query on both stores over the same rows. */
#ifndef TESTS_QUERIES_SUITES_H
#define TESTS_QUERIES_SUITES_H

#include "base/mem.h"
#include "catalog/catalog.h"
#include "store/store.h"
#include "support/pg.h"
#include "support/support.h"

Suite *suite_same(void), *suite_demand(void), *suite_places(void);

/* The built-in catalog, and two stores that hold tests/queries/data.sql: Postgres with the whole schema, and
 * SQLite copied from it. Made once for all tests; opened in each. */
typedef struct both {
    catalog *catalog;
    store *stores[2]; /* by store_dialect */
} both;
void both_make(void); /* unchecked fixture: the database and the file */
void both_open(both *b);
void both_close(both *b);

/* The same Postgres with the rights of a group role. */
store *open_as(const char *role);

/* The rows of a statement on one store as text, one a line, cells parted by |; or "! sentence". The caller's
 * to free(). */
char *rows_of(store *s, const statement *st);

#endif
