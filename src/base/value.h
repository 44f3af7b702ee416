/* value: the words that questions and stores share: types, dialects and parameters. Values travel as text in
 * one canonical form (store/store.h says which), so that the catalog can bind without knowing a database. */
#ifndef SHOWX_BASE_VALUE_H
#define SHOWX_BASE_VALUE_H

typedef enum { STORE_POSTGRES, STORE_SQLITE } store_dialect;

typedef enum {
    STORE_TEXT,
    STORE_INT,
    STORE_REAL,
    STORE_BOOL,
    STORE_TIME,
    STORE_DATE,
    STORE_JSON,
} store_type;

typedef struct store_param {
    store_type type;
    const char *text; /* canonical text, NULL = null; borrowed */
} store_param;

#endif
