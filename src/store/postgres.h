/* What the Postgres adapter's own files share: postgres.c (statements), postgres_connect.c (connecting),
 * postgres_cancel.c (ending what the server does), postgres_error.c (its sentences). Only they see libpq. */
#ifndef SHOWX_STORE_POSTGRES_H
#define SHOWX_STORE_POSTGRES_H

#include "base/rng.h"
#include "store/private.h"
#include <libpq-fe.h>
#include <poll.h>

typedef struct canceller canceller;

typedef struct pg {
    store door; /* first: a store * is a pg * */
    /* What was asked for; owned, NULL = not given. */
    char *conninfo, *host, *tcp_port, *user, *application, *label;
    bool read_only;
    int connect_timeout_ms;

    PGconn *conn;              /* NULL = not connected */
    bool password_file_unsafe; /* ~/.pgpass was left out, since others can read it */
    bool pooled;               /* a pooler stands between: nothing of the session outlives a transaction */
    bool in_transaction, lost; /* lost: the connection went while the transaction was open */
    bool transaction_reads;    /* and it may only read */
    int backend;               /* the process that works for us; 0 = unknown */
    char began[40];            /* pooled: when its transaction began */
    canceller *canceller;      /* a cancel under way, or NULL */

    int failures; /* to connect, in a row */
    int64_t not_before_ms;
    rng jitter;
} pg;

static inline pg *pg_of(store *s)
{
    return (pg *)(void *)s;
}

/* ---- postgres_connect.c ---- */
bool pg_connect(pg *p, stop *st, err *e); /* p->conn is NULL before; sets the session up */
void pg_drop(pg *p);                      /* closes without waiting; a transaction that was open is lost */

/* Waits until the connection's socket can do one of `events`, `until_ms` (monotonic, 0 = never) has passed or
 * `stop` ends it. Returns what it can do, 0 at until_ms, -1 with e when stopped. */
int pg_wait(PGconn *conn, short events, int64_t until_ms, stop *st, err *e);

/* Drives a started connection to its end; false with e when stopped or until_ms passed; else look at
 * PQstatus. */
bool pg_poll_connect(PGconn *conn, int64_t until_ms, stop *st, err *e);

/* The next result, NULL at the end of a statement. False with e when stopped, at until_ms (ERR_TIMEOUT), or
 * lost (ERR_CONNECT). */
bool pg_result(PGconn *conn, int64_t until_ms, PGresult **ret, stop *st, err *e);

/* ---- postgres.c ---- */
/* Asks for the session's settings and its identity. local: for the running transaction only. */
bool pg_session(pg *p, stop *st, err *e);

/* ---- postgres_cancel.c ---- */
/* Ends what the server does for p on a second connection and reads away what still comes, for at most
 * budget_ms. True when the connection can be used again; else it was dropped (the cancel goes on by itself).
 */
bool pg_cancel(pg *p, int budget_ms);
void pg_cancel_done(pg *p); /* ends a cancel under way, at once unless it is about to be done */

/* ---- postgres_error.c ---- */
/* One sentence for a failed statement: "queries/artists.sql: ...", its kind by SQLSTATE. Always false. */
bool pg_error(pg *p, const PGresult *r, const store_request *request, err *e);
/* The connection went while `doing`. Always false. */
bool pg_lost(const pg *p, const char *doing, err *e);
/* Connecting failed: what to try. where: "db.example:5432". Always false. */
bool pg_connect_error(const pg *p, PGconn *conn, const char *where, err *e);
void pg_notice(void *ctx, const PGresult *r); /* a libpq notice receiver: into the log */
void pg_one_line(buf *out, const char *message);

#endif
