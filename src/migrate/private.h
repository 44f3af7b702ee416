/* What the migrate room's files share: its named statements. */
#ifndef SHOWX_MIGRATE_PRIVATE_H
#define SHOWX_MIGRATE_PRIVATE_H

#include "migrate/migrate.h"

/* A number as the text that a parameter wants. */
typedef struct number {
    char text[24];
} number;
number number_of(int64_t n);

/* Runs queries/NAME.sql with these values. sink may be NULL. */
bool run_named(store *db, const catalog *c, const char *name, const query_value *values, size_t n,
               const store_sink *sink, stop *s, err *e);
/* The same for a statement with a result that fits in memory. *ret is the caller's to rowset_free(). */
bool fetch_named(store *db, const catalog *c, const char *name, const query_value *values, size_t n,
                 rowset **ret, stop *s, err *e);
/* A cell as a number; 0 where it is null. */
int64_t cell_number(const rowset *r, size_t row, size_t column);

#endif
