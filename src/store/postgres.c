/* The Postgres adapter: statements. All calls of libpq are non-blocking ones with our own poll (pg_wait), so
 * that a stop or a deadline ends anything within milliseconds.
 *
 * A statement is a batch of steps. Mostly it is one step. Behind a pooler in transaction mode nothing set on
 * the session stays, so there the settings go along with each statement, in one pipeline and so in one
 * round trip and one implicit transaction. Rows come one by one, and are read from the socket only when the
 * last was handed on. Statements are never prepared by name: poolers and servers need keep nothing. */
#include "store/postgres.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* What a cancelled statement may take to end; what is left after it ends by itself. */
enum { CANCEL_MS = 40 };

typedef enum { STEP_SESSION, STEP_RUN, STEP_SCRIPT, STEP_PREPARE, STEP_DESCRIBE } step_kind;

typedef struct step {
    step_kind kind;
    const store_request *request;
} step;

typedef struct batch {
    pg *p;
    const step *steps;
    size_t nsteps, at;
    const store_request *request; /* whose name is in the errors */
    const store_sink *sink;       /* may be NULL */
    stop *stop;
    err *e;
    bool failed;  /* e is set; what follows is read away */
    bool copying; /* the server waits for rows */
    bool headed;
    canon_row row;
    store_type *types;
    int64_t affected;
    char tag[16]; /* "COMMIT", "ROLLBACK" */
} batch;

/* ---- types and values ---- */

enum {
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_OID = 26,
    OID_JSON = 114,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
    OID_NUMERIC = 1700,
    OID_JSONB = 3802,
};

static store_type type_of(Oid oid)
{
    switch (oid) {
    case OID_BOOL:
        return STORE_BOOL;
    case OID_INT8:
    case OID_INT2:
    case OID_INT4:
    case OID_OID:
        return STORE_INT;
    case OID_FLOAT4:
    case OID_FLOAT8:
    case OID_NUMERIC:
        return STORE_REAL;
    case OID_TIMESTAMPTZ:
        return STORE_TIME;
    case OID_DATE:
        return STORE_DATE;
    case OID_JSON:
    case OID_JSONB:
        return STORE_JSON;
    default:
        return STORE_TEXT;
    }
}

/* Text is left open, so that it fits uuid, enums and citext as well. */
static Oid oid_of(store_type type)
{
    static const Oid oids[] = {
        [STORE_TEXT] = 0,         [STORE_INT] = OID_INT8,         [STORE_REAL] = OID_FLOAT8,
        [STORE_BOOL] = OID_BOOL,  [STORE_TIME] = OID_TIMESTAMPTZ, [STORE_DATE] = OID_DATE,
        [STORE_JSON] = OID_JSONB,
    };
    return oids[type];
}

static void take_cell(batch *b, const PGresult *r, int column)
{
    size_t c = (size_t)column;
    const char *text = PQgetisnull(r, 0, column) ? NULL : PQgetvalue(r, 0, column);
    size_t len = text ? (size_t)PQgetlength(r, 0, column) : 0;
    store_type type = b->types[c];
    if (!text || type == STORE_TEXT || type == STORE_INT || type == STORE_DATE) {
        canon_row_as_is(&b->row, c, text, len);
        return;
    }
    canon_row_from(&b->row, c);
    if (type == STORE_BOOL)
        canon_bool(&b->row.made, text[0] == 't');
    else if (type == STORE_REAL)
        canon_number(&b->row.made, text, len);
    else if (type == STORE_TIME)
        canon_time(&b->row.made, text, len);
    else
        canon_json(&b->row.made, text, len);
}

/* ---- rows ---- */

static bool take_head(batch *b, const PGresult *r)
{
    size_t n = (size_t)PQnfields(r);
    store_column *columns = MEM_ARRAY(store_column, n + 1);
    b->headed = true;
    canon_row_init(&b->row, n);
    b->types = MEM_ARRAY(store_type, n + 1);
    for (size_t i = 0; i < n; i++) {
        b->types[i] = type_of(PQftype(r, (int)i));
        columns[i] = (store_column){PQfname(r, (int)i), b->types[i]};
    }
    bool ok = !b->sink || !b->sink->head || b->sink->head(b->sink->ctx, columns, n, b->e);
    free(columns);
    return ok;
}

static bool take_row(batch *b, const PGresult *r)
{
    if (!b->sink || !b->sink->row)
        return true;
    canon_row_clear(&b->row);
    for (int i = 0; i < PQnfields(r); i++)
        take_cell(b, r, i);
    return b->sink->row(b->sink->ctx, canon_row_cells(&b->row), b->row.n, b->e);
}

/* ---- the session ---- */

static const char *named_field(const PGresult *r, const char *name)
{
    int column = PQfnumber(r, name);
    return column >= 0 && PQntuples(r) > 0 && !PQgetisnull(r, 0, column) ? PQgetvalue(r, 0, column) : "";
}

static void take_session(pg *p, const PGresult *r)
{
    store_identity *id = &p->door.identity;
    p->pooled = strcmp(named_field(r, "pooled"), "true") == 0;
    p->backend = atoi(named_field(r, "backend"));
    snprintf(p->began, sizeof p->began, "%s", named_field(r, "began"));
    snprintf(id->user, sizeof id->user, "%s", named_field(r, "person"));
    snprintf(id->role, sizeof id->role, "%s", named_field(r, "role"));
    id->read_only = strcmp(named_field(r, "read_only"), "true") == 0;
    const char *production = named_field(r, "production");
    if (*production && strcasecmp(production, "off") != 0 && strcasecmp(production, "false") != 0)
        id->production = true;
    if (strncmp(id->server, "PostgreSQL ", 11) == 0)
        return; /* said already: this is a transaction's, behind a pooler */
    const char *version = named_field(r, "server");
    char *server = mem_printf("PostgreSQL %.*s at %s", (int)strcspn(version, " "), version, id->server);
    text_copy(id->server, sizeof id->server, server);
    free(server);
}

static bool session_request(const pg *p, named *q, char backend[16], err *e)
{
    snprintf(backend, 16, "%d", p->conn ? PQbackendPID(p->conn) : 0);
    const named_value values[] = {{"backend", backend}, {"read_only", p->read_only ? "true" : "false"}};
    return named_init(q, STORE_POSTGRES, "queries/store_session.sql", values, 2, e);
}

/* ---- sending ---- */

static bool send_params(PGconn *conn, const store_request *r, bool prepare)
{
    if (r->nparams > 65535)
        return false;
    Oid *oids = MEM_ARRAY(Oid, r->nparams + 1);
    const char **texts = MEM_ARRAY(const char *, r->nparams + 1);
    for (size_t i = 0; i < r->nparams; i++) {
        oids[i] = oid_of(r->params[i].type);
        texts[i] = r->params[i].text;
    }
    int n = (int)r->nparams;
    int ok = prepare ? PQsendPrepare(conn, "", r->sql, n, oids)
                     : PQsendQueryParams(conn, r->sql, n, oids, texts, NULL, NULL, 0);
    free(texts);
    free(oids);
    return ok == 1;
}

static bool send_step(PGconn *conn, const step *s)
{
    switch (s->kind) {
    case STEP_SCRIPT:
        return PQsendQuery(conn, s->request->sql) == 1;
    case STEP_PREPARE:
        return send_params(conn, s->request, true);
    case STEP_DESCRIBE:
        return PQsendDescribePrepared(conn, "") == 1;
    default:
        return send_params(conn, s->request, false);
    }
}

static bool send_all(batch *b)
{
    PGconn *conn = b->p->conn;
    bool pipeline = b->nsteps > 1;
    bool ok = !pipeline || PQenterPipelineMode(conn);
    for (size_t i = 0; i < b->nsteps && ok; i++) {
        ok = send_step(conn, &b->steps[i]);
        if (ok && pipeline && b->steps[i].kind == STEP_SESSION)
            ok = PQsendFlushRequest(conn) ==
                 1; /* a cancel must know the process before the statement is done */
    }
    if (ok && pipeline)
        ok = PQpipelineSync(conn) == 1;
    if (ok && b->steps[0].kind == STEP_RUN)
        PQsetSingleRowMode(conn);
    if (!ok) {
        log_warn("%s: %s", b->request->name, PQerrorMessage(conn));
        pg_drop(b->p);
        return pg_lost(b->p, b->request->name, b->e);
    }
    return true;
}

/* ---- receiving ---- */

static bool fail(batch *b, const PGresult *r)
{
    if (!b->failed)
        pg_error(b->p, r, b->request, b->e);
    b->failed = true;
    return true;
}

static bool take_rows(batch *b, PGresult *r, bool last)
{
    step_kind kind = b->steps[b->at].kind;
    if (kind == STEP_SESSION) {
        if (PQntuples(r) > 0) /* libpq may still be in single-row mode: the row, then an empty end */
            take_session(b->p, r);
        return true;
    }
    if (kind == STEP_SCRIPT)
        return true;
    if (!b->headed && !take_head(b, r))
        return false;
    const char *count = PQcmdTuples(r);
    if (last && *count)
        b->affected = strtoll(count, NULL, 10);
    return last ? true : take_row(b, r);
}

static bool take_done(batch *b, PGresult *r)
{
    const char *count = PQcmdTuples(r);
    if (b->steps[b->at].kind == STEP_DESCRIBE)
        return take_head(b, r);
    if (*count)
        b->affected = strtoll(count, NULL, 10);
    snprintf(b->tag, sizeof b->tag, "%s", PQcmdStatus(r));
    return true;
}

static bool refuse_copy(batch *b)
{
    err_set(b->e, ERR_USAGE, "%s: COPY is no question", b->request->name);
    return false;
}

/* False when the batch is to be cut short: by the sink, or since it cannot go on. */
static bool take_result(batch *b, PGresult *r)
{
    switch (PQresultStatus(r)) {
    case PGRES_SINGLE_TUPLE:
        return take_rows(b, r, false);
    case PGRES_TUPLES_OK:
        return take_rows(b, r, true);
    case PGRES_COMMAND_OK:
        return take_done(b, r);
    case PGRES_COPY_IN:
        b->copying = true;
        return true;
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
        return refuse_copy(b);
    case PGRES_PIPELINE_ABORTED:
    case PGRES_PIPELINE_SYNC:
    case PGRES_EMPTY_QUERY:
        return true;
    default:
        return fail(b, r);
    }
}

/* Interrupted: by a stop, a deadline or the network. Always false. */
static bool interrupted(batch *b, const err *why)
{
    if (why->kind == ERR_CONNECT) {
        pg_drop(b->p);
        return pg_lost(b->p, b->request->name, b->e);
    }
    pg_cancel(b->p, CANCEL_MS);
    return err_set(b->e, why->kind, "%s: %s", b->request->name, why->text);
}

/* In a pipeline each step ends in a NULL; rows one by one must be asked for before the next step's are read.
 */
static void step_over(batch *b)
{
    b->at++;
    if (b->at < b->nsteps && b->steps[b->at].kind == STEP_RUN)
        PQsetSingleRowMode(b->p->conn);
}

typedef enum { GOES_ON, IS_OVER, WAS_CUT } progress;

static progress receive_one(batch *b)
{
    PGresult *r = NULL;
    err why = {0};
    bool pipeline = b->nsteps > 1, got = pg_result(b->p->conn, 0, &r, b->stop, &why);
    if (!got || (r && stop_now(b->stop, &why))) {
        PQclear(r);
        interrupted(b, &why);
        return WAS_CUT;
    }
    ExecStatusType status = PQresultStatus(r);
    bool taken = !r || b->failed || take_result(b, r);
    PQclear(r);
    if (!taken) {
        pg_cancel(b->p, CANCEL_MS);
        return WAS_CUT;
    }
    if (!r && pipeline && PQstatus(b->p->conn) == CONNECTION_OK)
        step_over(b);
    else if (!r || status == PGRES_PIPELINE_SYNC)
        return IS_OVER;
    return b->copying || PQstatus(b->p->conn) == CONNECTION_BAD ? IS_OVER : GOES_ON;
}

/* Reads results up to the end of the batch, or up to where the server waits for rows. */
static bool receive(batch *b)
{
    progress now;
    do
        now = receive_one(b);
    while (now == GOES_ON);
    if (now == WAS_CUT)
        return false;
    if (PQstatus(b->p->conn) == CONNECTION_BAD) {
        pg_drop(b->p);
        return b->failed ? false : pg_lost(b->p, b->request->name, b->e);
    }
    if (b->nsteps > 1 && !PQexitPipelineMode(b->p->conn))
        pg_drop(b->p);
    return !b->failed;
}

static void batch_done(batch *b)
{
    canon_row_done(&b->row);
    free(b->types);
}

static bool batch_go(batch *b)
{
    b->p->door.detail[0] = '\0';
    return send_all(b) && receive(b);
}

bool pg_session(pg *p, stop *st, err *e)
{
    named q;
    char backend[16];
    bool ok = session_request(p, &q, backend, e);
    if (ok) {
        const step steps[] = {{STEP_SESSION, &q.request}};
        batch b = {.p = p, .steps = steps, .nsteps = 1, .request = &q.request, .stop = st, .e = e};
        ok = batch_go(&b);
        batch_done(&b);
    }
    named_done(&q);
    return ok;
}

/* ---- before a statement ---- */

/* A connection that died while nobody used it is noticed here, where nothing is lost by connecting again. */
static void notice_death(pg *p)
{
    for (int i = 0; i < 10 && p->conn; i++) {
        struct pollfd fd = {.fd = PQsocket(p->conn), .events = POLLIN};
        if (PQstatus(p->conn) == CONNECTION_OK && poll(&fd, 1, 0) <= 0)
            return;
        if (PQstatus(p->conn) != CONNECTION_OK || !PQconsumeInput(p->conn)) {
            log_info("the connection to %s was lost while idle", p->door.identity.server);
            pg_drop(p);
            return;
        }
        PQisBusy(p->conn); /* takes notices in */
    }
}

static bool ready(pg *p, const char *name, stop *st, err *e)
{
    if (stop_now(st, e))
        return err_wrap(e, "%s", name);
    notice_death(p);
    if (p->lost)
        return err_set(
            e, ERR_CONNECT,
            "%s: the connection was lost within a transaction, so nothing of it was saved; begin anew", name);
    return p->conn ? true : pg_connect(p, st, e);
}

static bool pg_ready(store *s, stop *st, err *e)
{
    return ready(pg_of(s), "connect", st, e);
}

/* ---- statements ---- */

typedef struct outcome {
    int64_t affected;
    char tag[16];
} outcome;

/* Where the session's settings go when a pooler does not keep them. */
typedef enum { SETTINGS_STAND, SETTINGS_BEFORE, SETTINGS_BEHIND } settings_place;

/* Runs one or two steps and, behind a pooler, the session's settings with them. */
static bool perform(pg *p, const step *wanted, size_t n, settings_place place, const store_sink *sink,
                    outcome *ret, stop *st, err *e)
{
    named q = {0};
    char backend[16];
    step steps[4];
    size_t k = 0;
    if (!p->pooled)
        place = SETTINGS_STAND;
    bool ok = place == SETTINGS_STAND || session_request(p, &q, backend, e);
    if (place == SETTINGS_BEFORE)
        steps[k++] = (step){STEP_SESSION, &q.request};
    for (size_t i = 0; i < n; i++)
        steps[k++] = wanted[i];
    if (place == SETTINGS_BEHIND)
        steps[k++] = (step){STEP_SESSION, &q.request};
    batch b = {
        .p = p, .steps = steps, .nsteps = k, .request = wanted[0].request, .sink = sink, .stop = st, .e = e};
    ok = ok && batch_go(&b);
    if (ok && b.copying) { /* for load() alone */
        refuse_copy(&b);
        pg_cancel(p, CANCEL_MS);
        ok = false;
    }
    if (ok && ret) {
        ret->affected = b.affected;
        memcpy(ret->tag, b.tag, sizeof ret->tag);
    }
    batch_done(&b);
    if (place != SETTINGS_STAND)
        named_done(&q);
    return ok;
}

static settings_place settings_of(const pg *p)
{
    return p->in_transaction ? SETTINGS_STAND : SETTINGS_BEFORE;
}

static bool begin(pg *p, bool read_only, stop *st, err *e)
{
    const store_request request = {
        .name = "begin", .sql = read_only ? "begin isolation level repeatable read read only" : "begin"};
    const step steps[] = {{STEP_RUN, &request}};
    if (!perform(p, steps, 1, SETTINGS_BEHIND, NULL, NULL, st, e)) {
        pg_drop(p); /* half begun, perhaps */
        return false;
    }
    p->in_transaction = true;
    return true;
}

/* The answer to COMMIT is the only one whose loss leaves open what happened. */
static bool commit(pg *p, stop *st, err *e)
{
    const store_request request = {.name = "commit", .sql = "commit"};
    const step steps[] = {{STEP_RUN, &request}};
    outcome o;
    err why = {0};
    bool ok = perform(p, steps, 1, SETTINGS_STAND, NULL, &o, st, &why);
    bool known = ok || p->conn != NULL;
    p->in_transaction = p->lost = false;
    if (!known)
        return err_set(e, ERR_UNKNOWN,
                       "the answer to the commit was lost, so it is not known whether it was saved (%s)",
                       why.text);
    if (!ok && e)
        *e = why;
    if (ok && strcmp(o.tag, "ROLLBACK") == 0)
        return store_spoilt("commit", e);
    return ok;
}

static bool rollback(pg *p, stop *st, err *e)
{
    const store_request request = {.name = "rollback", .sql = "rollback"};
    const step steps[] = {{STEP_RUN, &request}};
    bool gone = !p->conn || !p->in_transaction;
    if (!gone && !perform(p, steps, 1, SETTINGS_STAND, NULL, NULL, st, e))
        pg_drop(p); /* which rolls back as well */
    p->in_transaction = p->lost = false;
    return true;
}

static bool pg_begin(store *s, bool read_only, stop *st, err *e)
{
    pg *p = pg_of(s);
    if (p->in_transaction)
        return store_in_transaction(e);
    p->lost = false;
    return ready(p, "begin", st, e) && begin(p, read_only, st, e);
}

static bool pg_commit(store *s, stop *st, err *e)
{
    pg *p = pg_of(s);
    if (!p->in_transaction && !p->lost)
        return store_no_transaction(e);
    if (!ready(p, "commit", st, e)) { /* noticed before anything was sent: nothing was saved */
        p->lost = p->lost && p->in_transaction;
        return false;
    }
    return commit(p, st, e);
}

static bool pg_rollback(store *s, stop *st, err *e)
{
    notice_death(pg_of(s));
    return rollback(pg_of(s), st, e);
}

/* What a pipeline cannot carry (scripts, COPY) gets a transaction of its own behind a pooler. */
static bool open_own(pg *p, bool *ret_own, stop *st, err *e)
{
    *ret_own = p->pooled && !p->in_transaction;
    return !*ret_own || begin(p, false, st, e);
}

static bool close_own(pg *p, bool own, bool ok, stop *st, err *e)
{
    if (!own)
        return ok;
    if (ok)
        return commit(p, st, e);
    rollback(p, st, NULL);
    return false;
}

static bool pg_run(store *s, const store_request *request, const store_sink *sink, int64_t *ret_affected,
                   stop *st, err *e)
{
    pg *p = pg_of(s);
    const step steps[] = {{request->script ? STEP_SCRIPT : STEP_RUN, request}};
    outcome o;
    bool own = false;
    if (!ready(p, request->name, st, e) || (request->script && !open_own(p, &own, st, e)))
        return false;
    bool ok = perform(p, steps, 1, request->script ? SETTINGS_STAND : settings_of(p), sink, &o, st, e);
    ok = close_own(p, own, ok, st, e);
    if (ok && ret_affected)
        *ret_affected = o.affected;
    return ok;
}

static bool pg_describe(store *s, const store_request *request, const store_sink *sink, stop *st, err *e)
{
    pg *p = pg_of(s);
    const step steps[] = {{STEP_PREPARE, request}, {STEP_DESCRIBE, request}};
    return ready(p, request->name, st, e) && perform(p, steps, 2, settings_of(p), sink, NULL, st, e);
}

/* ---- loading ---- */

enum { LOAD_CHUNK = 1 << 15 };

static void add_copy_text(buf *out, const store_cell *cell)
{
    if (!cell->text) {
        buf_str(out, "\\N");
        return;
    }
    const char *s = cell->text, *end = s + cell->len;
    while (s < end) {
        const char *from = s;
        while (s < end && !strchr("\\\t\n\r", *s))
            s++;
        buf_add(out, from, (size_t)(s - from));
        if (s == end)
            return;
        char mark = *s++; /* strchr() finds the NUL too; Postgres refuses it */
        if (mark)
            buf_char(out, '\\');
        buf_char(out, mark == '\t' ? 't' : mark == '\n' ? 'n' : mark == '\r' ? 'r' : mark);
    }
}

static void add_copy_row(buf *out, const store_cell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(out, '\t');
        add_copy_text(out, &cells[i]);
    }
    buf_char(out, '\n');
}

/* Waits until what was given is on its way, so that no more than a chunk is ever held. Notices that come
 * meanwhile are read, else both sides would wait for the other. */
static bool flush(batch *b, err *why)
{
    PGconn *conn = b->p->conn;
    for (;;) {
        int unsent = PQflush(conn);
        if (unsent == 0)
            return stop_now(b->stop, why) ? false : true;
        int can = unsent < 0 ? -1 : pg_wait(conn, POLLIN | POLLOUT, 0, b->stop, why);
        if (can < 0 && why->kind)
            return false;
        if (can < 0 || ((can & ~POLLOUT) && !PQconsumeInput(conn)))
            return err_set(why, ERR_CONNECT, "the connection is lost");
    }
}

static bool send_rows(batch *b, const store_feed *feed, size_t columns, int64_t *ret_rows)
{
    store_cell *cells = MEM_ARRAY(store_cell, columns + 1);
    buf chunk;
    err why = {0};
    bool more = true, ok = true;
    buf_init(&chunk);
    while (ok && more) {
        ok = feed->next(feed->ctx, cells, columns, &more, &why);
        if (ok && more) {
            add_copy_row(&chunk, cells, columns);
            ++*ret_rows;
        }
        if (ok && chunk.len && (!more || chunk.len >= LOAD_CHUNK)) {
            ok = PQputCopyData(b->p->conn, chunk.data, (int)chunk.len) == 1 ||
                 err_set(&why, ERR_CONNECT, "the connection is lost");
            ok = ok && flush(b, &why);
            buf_clear(&chunk);
        }
    }
    buf_done(&chunk);
    free(cells);
    return ok ? true : interrupted(b, &why);
}

static bool load(pg *p, const store_request *request, size_t columns, const store_feed *feed,
                 int64_t *ret_rows, stop *st, err *e)
{
    const step steps[] = {{STEP_RUN, request}};
    int64_t rows = 0;
    batch b = {.p = p, .steps = steps, .nsteps = 1, .request = request, .stop = st, .e = e};
    bool ok = batch_go(&b);
    if (ok && !b.copying)
        ok = err_set(e, ERR_USAGE, "%s: it is not COPY ... FROM STDIN", request->name);
    ok = ok && send_rows(&b, feed, columns, &rows);
    if (ok) {
        b.copying = false;
        PQputCopyEnd(p->conn, NULL);
        ok = receive(&b);
    }
    batch_done(&b);
    if (ok)
        *ret_rows = b.affected;
    return ok;
}

static bool pg_load(store *s, const store_request *request, size_t columns, const store_feed *feed,
                    int64_t *ret_rows, stop *st, err *e)
{
    pg *p = pg_of(s);
    bool own = false;
    int64_t rows = 0;
    if (!ready(p, request->name, st, e) || !open_own(p, &own, st, e))
        return false;
    bool ok = load(p, request, columns, feed, &rows, st, e);
    ok = close_own(p, own, ok, st, e);
    if (ok && ret_rows)
        *ret_rows = rows;
    return ok;
}

/* ---- life ---- */

static void pg_close(store *s)
{
    pg *p = pg_of(s);
    pg_cancel_done(p);
    pg_drop(p);
    free(p->conninfo);
    free(p->host);
    free(p->tcp_port);
    free(p->user);
    free(p->application);
    free(p->label);
    free(p);
}

bool store_open_postgres(const store_options *options, store **ret, err *e)
{
    (void)e;
    pg *p = MEM_NEW(pg);
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uint64_t)time_mono_ms();
    rng_seed(&p->jitter, seed);
    p->conninfo = mem_str(options->conninfo);
    p->host = mem_str(options->host);
    p->tcp_port = mem_str(options->port);
    p->user = mem_str(options->user);
    p->application = mem_str(options->application);
    p->label = mem_str(options->label);
    p->read_only = options->read_only;
    p->connect_timeout_ms = options->connect_timeout_ms;
    p->door = (store){.dialect = STORE_POSTGRES,
                      .connect = pg_ready,
                      .run = pg_run,
                      .describe = pg_describe,
                      .begin = pg_begin,
                      .commit = pg_commit,
                      .rollback = pg_rollback,
                      .load = pg_load,
                      .close = pg_close};
    *ret = &p->door;
    return true;
}
