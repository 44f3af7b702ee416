/* What Postgres and libpq say, as one sentence for a person and a kind for the program. DETAIL and CONTEXT
 * stay out, since they show rows; only the schema's own refusals (SXnnn) keep their detail, which is written
 * for people. */
#include "base/log.h"
#include "store/postgres.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pg_one_line(buf *out, const char *message)
{
    bool space = false;
    for (const char *p = message ? message : ""; *p; p++) {
        if ((unsigned char)*p <= ' ') {
            space = out->len > 0;
        } else {
            if (space)
                buf_char(out, ' ');
            space = false;
            buf_char(out, *p);
        }
    }
}

/* ---- statements ---- */

typedef struct meaning {
    const char *state; /* an SQLSTATE or its beginning; the first that fits counts */
    err_kind kind;
} meaning;

static const meaning meanings[] = {
    {"SX001", ERR_CONFLICT}, {"SX003", ERR_MISSING}, {"SX", ERR_REFUSED},  {"40", ERR_CONFLICT},
    {"42501", ERR_REFUSED},  {"25006", ERR_REFUSED}, {"28", ERR_REFUSED},  {"23", ERR_REFUSED},
    {"57014", ERR_TIMEOUT},  {"55P03", ERR_TIMEOUT}, {"57P", ERR_CONNECT}, {"08", ERR_CONNECT},
    {"53300", ERR_CONNECT},  {"25P03", ERR_CONNECT}, {"42P02", ERR_USAGE},
};

static err_kind kind_of(const char *state)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0)
            return meanings[i].kind;
    return ERR_FAILED;
}

/* Data exceptions quote the value they stumbled over; it stays out. "... for type date: \"12/31\"" */
static void cut_value(char *message, const char *state)
{
    if (strncmp(state, "22", 2) != 0)
        return;
    char *quote = strstr(message, ": \"");
    if (quote)
        *quote = '\0';
    char *value = strchr(message, '"'); /* value "99999999999" is out of range for type integer */
    char *rest = value ? strchr(value + 1, '"') : NULL;
    if (rest)
        memmove(value, rest + 1, strlen(rest + 1) + 1);
}

/* "COPY t, line 3, column x: \"...\"": the place alone. */
static void add_copy_place(buf *text, const char *context)
{
    const char *line = context && strncmp(context, "COPY ", 5) == 0 ? strstr(context, ", line ") : NULL;
    if (!line)
        return;
    line += 2;
    size_t n = strcspn(line, ":\n");
    buf_printf(text, " (%.*s)", (int)n, line);
}

static void add_place(buf *text, const PGresult *r, const store_request *request)
{
    const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
    int line = 1, at = position ? atoi(position) : 0;
    if (at <= 0)
        return;
    for (const char *p = request->sql; *p && at > 1; p++) {
        at -= ((unsigned char)*p & 0xC0) != 0x80; /* counted in characters */
        line += *p == '\n';
    }
    buf_printf(text, " (line %d%s)", line, request->script ? "" : " of the statement");
}

static void keep_detail(pg *p, const PGresult *r, const char *state)
{
    const char *detail = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);
    if (strncmp(state, "SX", 2) == 0 && detail)
        snprintf(p->door.detail, sizeof p->door.detail, "%s", detail);
}

bool pg_error(pg *p, const PGresult *r, const store_request *request, err *e)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    if (!state)
        return pg_lost(p, request->name, e);
    if (strcmp(state, "25P02") == 0)
        return store_spoilt(request->name, e);
    const char *primary = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *hint = PQresultErrorField(r, PG_DIAG_MESSAGE_HINT);
    bool schemas = strncmp(state, "SX", 2) == 0;
    buf text;
    buf_init(&text);
    pg_one_line(&text, primary);
    cut_value(text.data, state);
    text.len = strlen(text.data);
    add_place(&text, r, request);
    add_copy_place(&text, PQresultErrorField(r, PG_DIAG_CONTEXT));
    if (schemas && hint) {
        buf_str(&text, ". ");
        pg_one_line(&text, hint);
    }
    if (!request->script && (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0))
        buf_str(&text, "; `showx schema up` makes what is missing");
    keep_detail(p, r, state);
    log_info("%s: %s %s", request->name, state, text.data);
    /* The schema speaks to people: its sentence stands alone. */
    bool rights = strcmp(state, "42501") == 0 && !request->script;
    if (rights)
        err_set(e, ERR_REFUSED, "%s%s%s%s may not do this (%s): ask an administrator for the right",
                p->door.identity.user[0] ? p->door.identity.user : "this login",
                p->door.identity.role[0] ? ", in the role " : "", p->door.identity.role,
                p->door.identity.role[0] ? "," : "", primary ? primary : "no right");
    else if (schemas && !request->script)
        err_set(e, kind_of(state), "%s", text.data);
    else
        err_set(e, kind_of(state), "%s: %s", request->name, text.data);
    buf_done(&text);
    return false;
}

bool pg_lost(const pg *p, const char *doing, err *e)
{
    return err_set(e, ERR_CONNECT, "%s: the connection to %s was lost; the next try connects again", doing,
                   p->door.identity.server[0] ? p->door.identity.server : "the server");
}

void pg_notice(void *ctx, const PGresult *r)
{
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    (void)ctx;
    if (text)
        log_info("server: %s: %s", severity ? severity : "NOTICE", text);
    else /* from libpq itself */
        log_info("libpq: %s", PQresultErrorMessage(r));
}

/* ---- connecting ---- */

typedef struct advice {
    const char *part, *what; /* a part of what was said, and what to try */
} advice;

/* The server's words may be in any language; then its sentence stands without advice. */
static const advice advices[] = {
    {"password authentication failed", "check ~/.pgpass or PGPASSWORD"},
    {"no password supplied",
     "put it into ~/.pgpass (host:port:database:user:password, chmod 600) or PGPASSWORD"},
    {"does not support SSL",
     "the server refuses TLS: sslmode=prefer accepts that, or ask for TLS on the server"},
    {"no encryption", "the server wants TLS: set sslmode=require or better verify-full"},
    {"certificate verify failed", "the server's certificate is not signed by who sslrootcert names"},
    {"root certificate file",
     "sslmode asks for a checked certificate: sslrootcert must name the authority's"},
    {"does not match host name", "the certificate is another host's: check the host's name"},
    {"no pg_hba.conf entry",
     "the server does not let this user in from here: its administrator can (pg_hba.conf)"},
    {"Peer authentication failed", "the server wants the system user of that name: -U names another"},
    {"definition of service", "check the service's name and ~/.pg_service.conf (PGSERVICEFILE)"},
    {"service file", "check ~/.pg_service.conf (PGSERVICEFILE)"},
    {"role \"", "name another user with -U or PGUSER"},
    {"database \"", "name another database with -d or PGDATABASE, or create it"},
    {"No such file or directory",
     "no server runs there: start it, name another with -h, -p or -d, or try `showx demo start`"},
    {"Connection refused",
     "no server runs there: start it, name another with -h, -p or -d, or try `showx demo start`"},
    {"too many clients", "try again, or close other sessions"},
    {"starting up", "try again in a moment"},
    {"shutting down", "try again in a moment"},
};

static const char *advice_for(const pg *p, PGconn *conn, const char *said)
{
    if (conn && PQconnectionNeedsPassword(conn))
        return p->password_file_unsafe
                   ? "the password file is not used since others can read it: chmod 600 ~/.pgpass"
                   : advices[1].what;
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strstr(said, advices[i].part))
            return advices[i].what;
    return "check -h, -p, -U, -d and the PG* variables";
}

/* libpq begins with `connection to server at "x" (1.2.3.4), port 5432 failed: `, and the server with `FATAL:
 * `. */
static const char *behind_preamble(const char *said)
{
    const char *failed = strncmp(said, "connection to server ", 21) == 0 ? strstr(said, " failed: ") : NULL;
    if (failed)
        said = failed + strlen(" failed: ");
    if (strncmp(said, "FATAL: ", 7) == 0)
        said += 7;
    return said;
}

bool pg_connect_error(const pg *p, PGconn *conn, const char *where, err *e)
{
    buf text;
    buf_init(&text);
    pg_one_line(&text, conn ? PQerrorMessage(conn) : "out of memory");
    char *question = strstr(text.data, " Is the server running"); /* the advice says more */
    if (question)
        *question = '\0';
    log_warn("connecting to %s: %s", where, text.data);
    const char *said = behind_preamble(text.data);
    err_set(e, ERR_CONNECT, "%s: %s; %s", where, said, advice_for(p, conn, text.data));
    buf_done(&text);
    return false;
}
