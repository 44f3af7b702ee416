/* store: where rows live. The port is struct store; its adapters are postgres.c (libpq, the only file that sees
 * it) and sqlite.c (snapshots; the only file that sees sqlite3). One contract suite, tests/store, runs on both.
 *
 * A store is one connection, owned by one thread at a time (a worker); nothing here is called from the thread
 * that draws. Every call takes a `stop`: an absolute deadline and a cancel, honoured within 50 ms also when
 * the network is dead. Cells are text in one canonical form whatever the store:
 *   bool "true"/"false", instants "2026-11-22T18:10:00Z" (0, 3 or 6 fractional digits), dates "2026-11-22",
 *   numbers in decimal, NULL as a NULL pointer.
 * so that the same question gives the same answer online and offline, byte for byte.
 *
 * Errors: ERR_CONNECT when the connection is lost (the store reconnects at the next call, with backoff and
 * jitter, unless a transaction was open), ERR_REFUSED for rights and for the schema's own refusals (SX002),
 * ERR_CONFLICT for SX001 and serialization failures (err text carries the schema's sentence; the detail is in
 * store->detail), ERR_CANCELLED, ERR_TIMEOUT, ERR_UNKNOWN for a COMMIT whose answer was lost. No message shows a
 * row's contents (Postgres' DETAIL is kept out). Notices go to the log. */
#ifndef SHOWX_STORE_STORE_H
#define SHOWX_STORE_STORE_H

#include "base/err.h"
#include "base/job.h"
#include "base/value.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct store_column {
    const char *name;
    store_type type;
} store_column;

typedef struct store_cell {
    const char *text; /* NULL = null */
    size_t len;
} store_cell;

/* One statement. sql has its parameters as $1, $2, ... (Postgres) or ?1, ?2, ... (SQLite): catalog writes it for
 * either dialect. name goes into errors and the log ("queries/artists.sql"). */
typedef struct store_request {
    const char *name;
    const char *sql;
    const store_param *params;
    size_t nparams;
    bool script; /* several statements, no parameters, and no rows for the sink: a migration file */
} store_request;

/* Receives a result row by row, in the memory of one row. Returning false (e set) ends the statement. */
typedef struct store_sink {
    /* Once, also when no row comes; may be NULL. */
    bool (*head)(void *ctx, const store_column *columns, size_t n, err *e);
    bool (*row)(void *ctx, const store_cell *cells, size_t n, err *e);
    void *ctx;
} store_sink;

/* Gives rows to a bulk load: fills cells[n]; *ret_more false at the end. */
typedef struct store_feed {
    bool (*next)(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e);
    void *ctx;
} store_feed;

/* Who and what is behind the connection; kept up to date by the adapter, read by the worker. */
typedef struct store_identity {
    char label[64]; /* "prod", "demo", a service's or database's name; SHOWX_LABEL overrides */
    char user[64];
    char role[64];    /* "support", "manager", "engineer", "readonly", "owner", "" */
    char server[128]; /* "PostgreSQL 15.18 at /socket", "SQLite 3.40.1" */
    bool encrypted, verified, local, read_only, production;
} store_identity;

typedef struct store store;
struct store {
    store_dialect dialect;
    store_identity identity;
    char detail[1024]; /* what the schema said beside its sentence (DETAIL of an SXnnn error only) */
    /* Connects if need be; the first call that needs the server does it by itself. */
    bool (*connect)(store *s, stop *stop, err *e);
    bool (*run)(store *s, const store_request *request, const store_sink *sink, int64_t *ret_affected,
                stop *stop, err *e);
    /* Checks a statement without running it and gives its columns to sink->head. */
    bool (*describe)(store *s, const store_request *request, const store_sink *sink, stop *stop, err *e);
    bool (*begin)(store *s, bool read_only, stop *stop, err *e); /* repeatable read when read_only */
    bool (*commit)(store *s, stop *stop, err *e);
    bool (*rollback)(store *s, stop *stop, err *e);
    /* COPY ... FROM STDIN on Postgres (sql is the COPY statement), prepared inserts on SQLite (sql is the INSERT). */
    bool (*load)(store *s, const store_request *request, size_t columns, const store_feed *feed,
                 int64_t *ret_rows, stop *stop, err *e);
    void (*close)(store *s);
};

/* How to connect, as psql users expect. All borrowed; NULL = not given (then PG* variables, service files,
 * ~/.pgpass apply). No password is ever an argument. */
typedef struct store_options {
    const char *conninfo; /* -d: database name, conninfo string or URI */
    const char *host, *port, *user;
    const char *application; /* application_name: "showx artists" */
    const char *label;       /* what the frame calls it; NULL = the service or the database */
    bool read_only;
    int connect_timeout_ms; /* 0 = 10 s */
} store_options;

bool store_open_postgres(const store_options *options, store **ret, err *e); /* does not connect yet */
bool store_open_sqlite(const char *file, bool read_only, store **ret, err *e);
void store_close(store *s); /* NULL is fine */

/* A result held whole, for pages of a list. */
typedef struct rowset {
    size_t ncolumns, nrows;
    store_column *columns;
    store_cell *cells; /* row-major */
    bool more;         /* the statement had more than max_rows */
    void *arena;       /* owns all the text */
} rowset;
bool store_fetch(store *s, const store_request *request, size_t max_rows, rowset **ret, stop *stop, err *e);
void rowset_free(rowset *r);
int rowset_column(const rowset *r, const char *name); /* -1 when there is none */
const store_cell *rowset_cell(const rowset *r, size_t row, size_t column);

/* One write, whole or not at all: begin, set reason and operation key for the audit, run, record the key, commit. A lost answer to
 * COMMIT is looked up by the key before this returns (ERR_UNKNOWN only while the server cannot be asked).
 * key: 36-character UUID, made by store_new_key. reason: what the person gave. */
typedef struct store_write {
    const char *key, *reason;
    const store_request *requests;
    size_t nrequests;
} store_write;
bool store_do(store *s, const store_write *write, rowset **ret_last, stop *stop, err *e);
void store_new_key(char key[37]);

/* schema.c: migrations/schema/NNNN_*.sql in order, each in a transaction, under an advisory lock, with a sha-256 checksum. */
typedef struct schema_file {
    char name[96]; /* "0002_entities.sql" */
    bool applied;
    char applied_at[32];
    bool changed; /* applied, but the file is another now: refused by name */
    bool missing; /* applied, but this program does not carry it: a newer showx did it */
} schema_file;
bool schema_status(store *s, schema_file **ret, size_t *ret_n, stop *stop, err *e);
bool schema_up(store *s, void (*told)(void *ctx, const char *file), void *ctx, size_t *ret_applied,
               stop *stop, err *e);

#endif
