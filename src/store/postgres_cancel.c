/* Ending a statement. PQcancel() can block for minutes and sends its key in clear, so a second connection,
 * made with the settings of the first, calls pg_cancel_backend(). It is made on a thread of its own with its
 * own deadline, while the first connection is read empty: nobody waits for a dead network.
 *
 * A cancel that arrives late would hit the next statement. So the first connection is used again only when
 * the second is known to have had its answer, or to have sent nothing; else it is dropped. */
#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "store/postgres.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MOST_OPTIONS = 64, GIVE_UP_MS = 5000, LAST_CHANCE_MS = 60 };

typedef enum { CANCEL_CONNECTING, CANCEL_SENT, CANCEL_ANSWERED } cancel_state;

struct canceller {
    pthread_t thread;
    stop stop;
    int done_fd; /* readable once the thread ends */
    atomic_int state;
    char *keys[MOST_OPTIONS], *values[MOST_OPTIONS];
    size_t n;
    char backend[16], began[40];
};

static void keep(canceller *c, const char *key, const char *value)
{
    if (!value || !*value || c->n + 1 >= MOST_OPTIONS)
        return;
    c->keys[c->n] = mem_str(key);
    c->values[c->n++] = mem_str(value);
}

/* The same server, though there may be several in the settings, and the same password, wherever it came from.
 */
static void keep_settings(canceller *c, PGconn *conn)
{
    PQconninfoOption *options = PQconninfo(conn);
    for (const PQconninfoOption *o = options; o && o->keyword; o++)
        keep(c, o->keyword, o->val);
    PQconninfoFree(options);
    keep(c, "host", PQhost(conn));
    keep(c, "hostaddr", PQhostaddr(conn));
    keep(c, "port", PQport(conn));
    keep(c, "password", PQpass(conn));
    keep(c, "target_session_attrs", "any");
}

static void canceller_free(canceller *c)
{
    for (size_t i = 0; i < c->n; i++) {
        explicit_bzero(c->values[i], strlen(c->values[i]));
        free(c->keys[i]);
        free(c->values[i]);
    }
    close(c->done_fd);
    stop_done(&c->stop);
    free(c);
}

/* ---- on its thread ---- */

static void ask_server(canceller *c, PGconn *conn)
{
    const named_value values[] = {{"backend", c->backend}, {"began", c->began}};
    const char *texts[] = {c->backend, c->began};
    named q;
    PGresult *r = NULL;
    if (named_init(&q, STORE_POSTGRES, "queries/store_cancel.sql", values, 2, NULL)) {
        PQsetnonblocking(conn, 1);
        atomic_store(&c->state, CANCEL_SENT);
        if (PQsendQueryParams(conn, q.request.sql, 2, NULL, texts, NULL, NULL, 0) &&
            pg_result(conn, 0, &r, &c->stop, NULL) && PQresultStatus(r) == PGRES_TUPLES_OK)
            atomic_store(&c->state, CANCEL_ANSWERED);
        PQclear(r);
    }
    named_done(&q);
}

static void *work(void *arg)
{
    canceller *c = arg;
    PGconn *conn = PQconnectStartParams((const char *const *)c->keys, (const char *const *)c->values, 0);
    if (conn) {
        PQsetNoticeReceiver(conn, pg_notice, NULL);
        if (pg_poll_connect(conn, 0, &c->stop, NULL) && PQstatus(conn) == CONNECTION_OK)
            ask_server(c, conn);
        PQfinish(conn);
    }
    if (atomic_load(&c->state) != CANCEL_ANSWERED)
        log_warn(
            "a statement could not be cancelled on the server; it ends when it notices that nobody listens");
    uint64_t one = 1;
    ssize_t ignored = write(c->done_fd, &one, sizeof one);
    (void)ignored;
    return NULL;
}

/* ---- on the store's ---- */

static canceller *canceller_start(pg *p)
{
    canceller *c = MEM_NEW(canceller);
    sigset_t all, before;
    c->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (c->done_fd < 0 || !stop_init(&c->stop, GIVE_UP_MS, NULL)) {
        if (c->done_fd >= 0)
            close(c->done_fd);
        free(c);
        return NULL;
    }
    keep_settings(c, p->conn);
    snprintf(c->backend, sizeof c->backend, "%d", p->backend);
    snprintf(c->began, sizeof c->began, "%s", p->pooled ? p->began : "");
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&c->thread, NULL, work, c);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        canceller_free(c);
        return NULL;
    }
    return c;
}

static void wait_done(canceller *c, int64_t until_ms)
{
    int64_t left = until_ms - time_mono_ms();
    struct pollfd fd = {.fd = c->done_fd, .events = POLLIN};
    if (left > 0)
        poll(&fd, 1, (int)left);
}

/* Ends the thread; true when its cancel can hit nothing from now on. */
static bool canceller_end(canceller *c)
{
    stop_ask(&c->stop);
    pthread_join(c->thread, NULL);
    bool harmless = atomic_load(&c->state) != CANCEL_SENT;
    canceller_free(c);
    return harmless;
}

void pg_cancel_done(pg *p)
{
    if (!p->canceller)
        return;
    wait_done(p->canceller, time_mono_ms() + LAST_CHANCE_MS);
    canceller_end(p->canceller);
    p->canceller = NULL;
}

/* Reads away what is left of the statement. */
static bool drain(PGconn *conn, int64_t until_ms)
{
    bool pipeline = PQpipelineStatus(conn) != PQ_PIPELINE_OFF;
    for (;;) {
        PGresult *r;
        if (!pg_result(conn, until_ms, &r, NULL, NULL) || PQstatus(conn) != CONNECTION_OK)
            return false;
        ExecStatusType status = PQresultStatus(r);
        bool end = pipeline ? status == PGRES_PIPELINE_SYNC : !r;
        PQclear(r);
        if (end)
            return pipeline ? PQexitPipelineMode(conn) == 1 : true;
        if (status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
            return false;
        if (status == PGRES_COPY_IN)
            PQputCopyEnd(conn, "stopped");
        if (time_mono_ms() >= until_ms)
            return false;
    }
}

bool pg_cancel(pg *p, int budget_ms)
{
    int64_t until_ms = time_mono_ms() + budget_ms;
    if (p->canceller && canceller_end(p->canceller))
        log_debug("an earlier cancel was still under way");
    p->canceller = p->backend ? canceller_start(p) : NULL;
    bool drained = p->canceller && drain(p->conn, until_ms);
    if (drained) {
        wait_done(p->canceller, until_ms);
        bool harmless = canceller_end(p->canceller);
        p->canceller = NULL;
        if (harmless)
            return true;
    }
    pg_drop(p);
    return false;
}
