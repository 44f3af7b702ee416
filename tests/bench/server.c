#include "bench/bench.h"
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PGconn *connect_to(const char *where)
{
    PGconn *c = PQconnectdb(where);
    if (PQstatus(c) == CONNECTION_OK)
        return c;
    fprintf(stderr, "bench: %s", PQerrorMessage(c));
    exit(EXIT_FAILURE);
}

/* One connection for all questions: making one costs more than what is measured. */
static PGconn *ours(const bench *b)
{
    static PGconn *c;
    if (!c)
        c = connect_to(b->boot);
    return c;
}

bool server_ask(const bench *b, const char *sql, char *out, size_t size)
{
    PGresult *r = PQexec(ours(b), sql);
    bool ok = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) > 0 && !PQgetisnull(r, 0, 0);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        fprintf(stderr, "bench: %s", PQerrorMessage(ours(b)));
    snprintf(out, size, "%s", ok ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    return ok;
}

long server_number(const bench *b, const char *sql)
{
    char text[64];
    return server_ask(b, sql, text, sizeof text) ? strtol(text, NULL, 10) : -1;
}

long server_busy(const bench *b)
{
    return server_number(
        b, "select count(*) from pg_stat_activity where application_name like 'showx%' and state = 'active'");
}

double server_page_ms(const bench *b)
{
    double began = now_ms();
    PGconn *c = connect_to(b->where);
    PGresult *r = PQexec(c, b->page);
    if (PQntuples(r) < 1) {
        fprintf(stderr, "bench: %s", PQerrorMessage(c));
        exit(EXIT_FAILURE);
    }
    double took = now_ms() - began;
    PQclear(r);
    PQfinish(c);
    return took;
}

/* On a connection of its own: within a transaction pg_stat_activity stands still. */
void server_lock(const bench *b, bool locked)
{
    static PGconn *c;
    if (!c)
        c = connect_to(b->boot);
    PQclear(PQexec(c, locked ? "begin; lock table showx.fan" : "rollback"));
}

static pid_t parent_of(pid_t pid)
{
    return (pid_t)proc_kb(pid, "PPid");
}

/* Found while it answers, stopped later: a stopped server cannot be asked. */
void server_freeze(const bench *b, bool frozen)
{
    static pid_t pids[64];
    static size_t n;
    if (frozen) {
        PGresult *r =
            PQexec(ours(b), "select pid from pg_stat_activity where backend_type = 'client backend'");
        n = 0;
        pids[n++] = parent_of(PQbackendPID(ours(b)));
        for (int i = 0; i < PQntuples(r) && n < sizeof pids / sizeof *pids; i++)
            pids[n++] = (pid_t)atoi(PQgetvalue(r, i, 0));
        PQclear(r);
    }
    for (size_t i = 0; i < n; i++)
        kill(pids[i], frozen ? SIGSTOP : SIGCONT);
}
