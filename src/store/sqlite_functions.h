/* The functions that queries use on both stores and SQLite does not have. */
#ifndef SHOWX_STORE_SQLITE_FUNCTIONS_H
#define SHOWX_STORE_SQLITE_FUNCTIONS_H

#include <sqlite3.h>
#include <stddef.h>

/* fold(text), word_similarity(a, b), bool(x). Returns SQLite's code. */
int sqlite_functions(sqlite3 *db);

/* As pg_trgm's: how much of a's trigrams is in the best matching stretch of b, 0 to 1. Letters, digits and
 * bytes beyond ASCII make words; case counts (queries compare folded text). */
float word_likeness(const char *a, size_t na, const char *b, size_t nb);

#endif
