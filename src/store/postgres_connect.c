/* Connecting, without ever waiting longer than asked.
 *
 * libpq takes its settings from many places (arguments, a conninfo string or URI, PG* variables, a service
 * file), and only libpq should have to know how. But it resolves names by a call that can block for long,
 * tries the hosts of a list without a deadline for each, and prints to stderr when a password file is unsafe.
 * So it is asked first, by a connection that is made to fail before anything is sent (an impossible
 * channel_binding), what all those places come to. Then names are resolved aside, and each address is tried
 * by itself, with the settings as they were given, the address, and a few defaults put behind them. */
#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "store/postgres.h"
#include "store/resolve.h"
#include <arpa/inet.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_SETTINGS = 32, DEFAULT_TIMEOUT_MS = 10000 };

typedef struct settings {
    const char *keys[MOST_SETTINGS], *values[MOST_SETTINGS];
    size_t n;
} settings;

typedef struct attempt {
    char *host, *address, *port; /* NULL = as libpq would have it */
} attempt;

typedef struct plan {
    PQconninfoOption *found; /* what all sources come to */
    attempt *attempts;
    size_t n, capacity;
    int timeout_ms;
    err unresolved; /* the last name that no address was found for */
} plan;

/* ---- waiting ---- */

int pg_wait(PGconn *conn, short events, int64_t until_ms, stop *st, err *e)
{
    struct pollfd fds[2] = {{.fd = conn ? PQsocket(conn) : -1, .events = events},
                            {.fd = st ? st->fd : -1, .events = POLLIN}};
    for (;;) {
        if (stop_now(st, e))
            return -1;
        int most = st && st->fd < 0 ? 20 : 60000;
        if (until_ms) {
            int64_t left = until_ms - time_mono_ms();
            if (left <= 0)
                return 0;
            most = left < most ? (int)left : most;
        }
        int n = poll(fds, 2, stop_poll_ms(st, most));
        if (n > 0 && fds[0].revents)
            return fds[0].revents;
    }
}

bool pg_poll_connect(PGconn *conn, int64_t until_ms, stop *st, err *e)
{
    for (PostgresPollingStatusType next = PGRES_POLLING_WRITING;; next = PQconnectPoll(conn)) {
        if (next == PGRES_POLLING_OK || next == PGRES_POLLING_FAILED || PQstatus(conn) == CONNECTION_BAD)
            return true;
        int can = pg_wait(conn, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, until_ms, st, e);
        if (can < 0)
            return false;
        if (can == 0)
            return err_set(e, ERR_TIMEOUT, "no answer");
    }
}

bool pg_result(PGconn *conn, int64_t until_ms, PGresult **ret, stop *st, err *e)
{
    for (;;) {
        int unsent = PQflush(conn);
        if (unsent < 0 && PQstatus(conn) == CONNECTION_BAD)
            return err_set(e, ERR_CONNECT, "the connection is lost");
        if (!PQisBusy(conn)) { /* only what was asked for is read ahead: rows in the memory of one */
            *ret = PQgetResult(conn);
            return true;
        }
        int can = pg_wait(conn, unsent > 0 ? POLLIN | POLLOUT : POLLIN, until_ms, st, e);
        if (can < 0)
            return false;
        if (can == 0)
            return err_set(e, ERR_TIMEOUT, "no answer");
        if ((can & ~POLLOUT) && !PQconsumeInput(conn) && PQisBusy(conn))
            return err_set(e, ERR_CONNECT, "the connection is lost");
    }
}

/* ---- settings ---- */

static void set(settings *s, const char *key, const char *value)
{
    if (!value || !*value || s->n + 1 >= MOST_SETTINGS)
        return;
    s->keys[s->n] = key;
    s->values[s->n++] = value;
}

/* In the order of psql: a conninfo string counts more than options. */
static void set_given(settings *s, const pg *p)
{
    set(s, "host", p->host);
    set(s, "port", p->tcp_port);
    set(s, "user", p->user);
    set(s, "dbname", p->conninfo);
    set(s, "fallback_application_name", p->application ? p->application : "showx");
}

static const char *found(const PQconninfoOption *options, const char *key)
{
    for (const PQconninfoOption *o = options; o && o->keyword; o++)
        if (strcmp(o->keyword, key) == 0)
            return o->val && *o->val ? o->val : NULL;
    return NULL;
}

/* What all sources come to, without connecting. */
static bool ask_settings(const pg *p, PQconninfoOption **ret, err *e)
{
    settings s = {0};
    set_given(&s, p);
    set(&s, "password", "-"); /* no look into ~/.pgpass: that is done when connecting */
    set(&s, "channel_binding", "none of these");
    PGconn *conn = PQconnectStartParams(s.keys, s.values, 1);
    PQconninfoOption *options = conn ? PQconninfo(conn) : NULL;
    const char *binding = found(options, "channel_binding");
    bool ok = binding && strcmp(binding, "none of these") == 0;
    if (ok) {
        *ret = options;
    } else {
        pg_connect_error(p, conn, "the connection settings", e);
        PQconninfoFree(options);
    }
    PQfinish(conn);
    return ok;
}

/* ---- what to try ---- */

/* The i-th of a list with commas, malloced; a single one stands for all; NULL when there is none. */
static char *list_item(const char *list, size_t i)
{
    if (!list)
        return NULL;
    if (!strchr(list, ','))
        return mem_str(list);
    for (; i > 0; i--) {
        list = strchr(list, ',');
        if (!list)
            return NULL;
        list++;
    }
    size_t n = strcspn(list, ",");
    return n ? mem_strn(list, n) : NULL;
}

static size_t list_length(const char *list)
{
    size_t n = list ? 1 : 0;
    for (; list && *list; list++)
        n += *list == ',';
    return n;
}

static void add_attempt(plan *t, const char *host, const char *address, const char *port)
{
    MEM_ROOM(t->attempts, t->n, t->capacity);
    t->attempts[t->n++] = (attempt){mem_str(host), mem_str(address), mem_str(port)};
}

static bool is_path(const char *host)
{
    return *host == '/' || *host == '@';
}

static bool is_address(const char *host)
{
    unsigned char made[16];
    return inet_pton(AF_INET, host, made) == 1 || inet_pton(AF_INET6, host, made) == 1;
}

/* One attempt for each address of the name: with hostaddr given, libpq tries only one. */
static bool add_name(plan *t, const char *host, const char *port, stop *st, err *e)
{
    char **addresses;
    size_t n;
    err why = {0};
    if (!resolve_name(host, time_mono_ms() + t->timeout_ms, &addresses, &n, st, &why)) {
        t->unresolved = why;
        return stop_now(st, e) ? false : true; /* the other hosts of the list may do */
    }
    for (size_t i = 0; i < n; i++) {
        add_attempt(t, host, addresses[i], port);
        free(addresses[i]);
    }
    free(addresses);
    return true;
}

static bool plan_attempts(plan *t, stop *st, err *e)
{
    const char *hosts = found(t->found, "host"), *addresses = found(t->found, "hostaddr");
    const char *ports = found(t->found, "port");
    size_t n = list_length(addresses ? addresses : hosts);
    bool crooked = (hosts && addresses && list_length(hosts) != n) ||
                   (list_length(ports) > 1 && list_length(ports) != n);
    if (n == 0 || crooked) { /* its own socket, or libpq says what is wrong */
        add_attempt(t, NULL, NULL, NULL);
        return true;
    }
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        char *host = list_item(hosts, i), *address = list_item(addresses, i), *port = list_item(ports, i);
        if (!host || address || is_path(host) || is_address(host))
            add_attempt(t, host, address, port);
        else
            ok = add_name(t, host, port, st, e);
        free(host);
        free(address);
        free(port);
    }
    if (ok && t->n == 0)
        return err_set(e, ERR_CONNECT, "%s", t->unresolved.text);
    return ok;
}

static void plan_done(plan *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->attempts[i].host);
        free(t->attempts[i].address);
        free(t->attempts[i].port);
    }
    free(t->attempts);
    PQconninfoFree(t->found);
}

static bool plan_make(pg *p, plan *t, stop *st, err *e)
{
    if (!ask_settings(p, &t->found, e))
        return false;
    const char *seconds = found(t->found, "connect_timeout");
    int given = seconds ? atoi(seconds) : 0;
    t->timeout_ms = p->connect_timeout_ms > 0 ? p->connect_timeout_ms : DEFAULT_TIMEOUT_MS;
    if (given > 0 && given < 100000)
        t->timeout_ms = given * 1000;
    return plan_attempts(t, st, e);
}

/* libpq would warn on stderr of a password file that others can read, and then not use it. The warning is
 * ours to give; and a file that is not there draws none. */
static bool password_file_unsafe(const PQconninfoOption *options)
{
    struct stat st;
    const char *given = found(options, "passfile"), *home = getenv("HOME");
    const struct passwd *me = home && *home ? NULL : getpwuid(geteuid());
    char *file = given ? mem_str(given) : mem_printf("%s/.pgpass", me ? me->pw_dir : home ? home : "");
    bool unsafe = stat(file, &st) == 0 && (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)));
    if (unsafe)
        log_warn("%s is not used: others can read it (chmod 600 it)", file);
    free(file);
    return unsafe;
}

/* ---- one attempt ---- */

static const char *default_of(const PQconninfoOption *options, const char *key, const char *value)
{
    return found(options, key) ? NULL : value;
}

static void describe_where(const plan *t, const attempt *a, char out[160])
{
    const char *port = a->port ? a->port : found(t->found, "port"), *host = a->host ? a->host : a->address;
    if (!port)
        port = "5432";
    if (!host)
        snprintf(out, 160, "the local socket (port %s)", port);
    else if (is_path(host))
        snprintf(out, 160, "%s (port %s)", host, port);
    else
        snprintf(out, 160, "%s:%s", host, port);
}

/* Notices a dead network within about 10 s, unless told otherwise. */
static void set_attempt(settings *s, const pg *p, const plan *t, const attempt *a, const char *session_attrs)
{
    set_given(s, p);
    set(s, "host", a->host);
    set(s, "hostaddr", a->address);
    set(s, "port", a->port);
    set(s, "target_session_attrs", session_attrs);
    set(s, "client_encoding", "UTF8");
    set(s, "keepalives_idle", default_of(t->found, "keepalives_idle", "4"));
    set(s, "keepalives_interval", default_of(t->found, "keepalives_interval", "2"));
    set(s, "keepalives_count", default_of(t->found, "keepalives_count", "3"));
    set(s, "tcp_user_timeout", default_of(t->found, "tcp_user_timeout", "9000"));
    set(s, "passfile", p->password_file_unsafe ? "/nonexistent/pgpass" : NULL);
}

typedef enum { TRIED_WELL, TRIED_NEXT, TRIED_STOP } tried;

static tried try_attempt(pg *p, const plan *t, const attempt *a, const char *session_attrs, stop *st, err *e)
{
    char where[160];
    settings s = {0};
    describe_where(t, a, where);
    set_attempt(&s, p, t, a, session_attrs);
    PGconn *conn = PQconnectStartParams(s.keys, s.values, 1);
    if (conn)
        PQsetNoticeReceiver(conn, pg_notice, NULL);
    err why = {0};
    if (conn && !pg_poll_connect(conn, time_mono_ms() + t->timeout_ms, st, &why)) {
        PQfinish(conn);
        if (stop_now(st, e)) {
            err_wrap(e, "connecting to %s", where);
            return TRIED_STOP;
        }
        err_set(e, ERR_CONNECT,
                "no answer from %s within %d s; is the network there? (-h, -p or PGHOST name another server)",
                where, (t->timeout_ms + 999) / 1000);
        return TRIED_NEXT;
    }
    if (PQstatus(conn) == CONNECTION_OK) {
        p->conn = conn;
        return TRIED_WELL;
    }
    /* Once a server asked for a password, another of the list would get the same wrong one. */
    tried next = PQconnectionUsedPassword(conn) || PQconnectionNeedsPassword(conn) ? TRIED_STOP : TRIED_NEXT;
    pg_connect_error(p, conn, where, e);
    PQfinish(conn);
    return next;
}

static bool try_all(pg *p, const plan *t, const char *session_attrs, stop *st, err *e)
{
    for (size_t i = 0; i < t->n; i++) {
        tried r = try_attempt(p, t, &t->attempts[i], session_attrs, st, e);
        if (r != TRIED_NEXT)
            return r == TRIED_WELL;
    }
    return false;
}

/* ---- who is behind it ---- */

static void key_hook(void)
{
    static atomic_flag done = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&done)) /* else OpenSSL asks for a key's passphrase on the terminal */
        PQsetSSLKeyPassHook_OpenSSL(PQdefaultSSLKeyPassHook_OpenSSL);
}

static char *service_name(const pg *p)
{
    char *service = NULL;
    PQconninfoOption *o =
        p->conninfo && strpbrk(p->conninfo, "=:") ? PQconninfoParse(p->conninfo, NULL) : NULL;
    service = mem_str(found(o, "service"));
    PQconninfoFree(o);
    if (!service)
        service = mem_str(getenv("PGSERVICE"));
    return service;
}

static void set_identity(pg *p, const plan *t)
{
    store_identity *id = &p->door.identity;
    const char *label = getenv("SHOWX_LABEL"), *mode = found(t->found, "sslmode");
    const char *host = PQhost(p->conn), *address = PQhostaddr(p->conn);
    char *service = service_name(p);
    if (!label || !*label)
        label = p->label ? p->label : service && *service ? service : PQdb(p->conn);
    snprintf(id->label, sizeof id->label, "%s", label ? label : "");
    bool tls = PQsslInUse(p->conn) != 0;
    id->encrypted = tls || PQgssEncInUse(p->conn);
    id->verified = tls && mode && strcmp(mode, "verify-full") == 0;
    id->local = (host && is_path(host)) ||
                (address && (strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0));
    id->production = strcasestr(id->label, "prod") || (service && strcasestr(service, "prod"));
    snprintf(id->server, sizeof id->server, "%s%s%s", host ? host : "", host && is_path(host) ? "" : ":",
             host && is_path(host) ? "" : PQport(p->conn)); /* pg_session puts the version before it */
    free(service);
}

/* ---- connecting ---- */

static void back_off(pg *p)
{
    int64_t wait = INT64_C(100) << (p->failures < 6 ? p->failures : 6);
    p->failures++;
    p->not_before_ms = time_mono_ms() + wait / 2 +
                       rng_between(&p->jitter, 0, wait); /* all that lost a server come back scattered */
}

static bool connect_planned(pg *p, plan *t, stop *st, err *e)
{
    const char *attrs = found(t->found, "target_session_attrs");
    p->password_file_unsafe = password_file_unsafe(t->found);
    bool prefer = attrs && strcmp(attrs, "prefer-standby") == 0;
    bool ok = try_all(p, t, prefer ? "standby" : attrs, st, e);
    if (!ok && prefer && !stop_now(st, NULL))
        ok = try_all(p, t, "any", st, e);
    if (!ok)
        return false;
    PQsetnonblocking(p->conn, 1);
    p->backend = PQbackendPID(p->conn);
    p->pooled = false;
    set_identity(p, t);
    if (pg_session(p, st, e))
        return true;
    pg_drop(p);
    return false;
}

bool pg_connect(pg *p, stop *st, err *e)
{
    key_hook();
    if (p->failures && pg_wait(NULL, 0, p->not_before_ms, st, e) < 0)
        return false;
    plan t = {0};
    bool ok = plan_make(p, &t, st, e) && connect_planned(p, &t, st, e);
    plan_done(&t);
    if (ok)
        p->failures = 0;
    else if (!stop_now(st, NULL))
        back_off(p);
    return ok;
}

void pg_drop(pg *p)
{
    if (p->in_transaction)
        p->lost = true;
    p->in_transaction = false;
    if (p->conn)
        PQfinish(p->conn);
    p->conn = NULL;
    p->backend = 0;
}
