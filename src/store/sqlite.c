/* The SQLite adapter: snapshots, read where there is no server. A file may come from anywhere, so nothing in
 * it is trusted: no symbolic link is followed, its schema may call no function of ours that is not harmless,
 * and it cannot corrupt itself. A stop works through the progress handler, every thousand steps of the
 * machine.
 *
 * As on Postgres, a statement that fails spoils its transaction: only a rollback helps then. */
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "store/private.h"
#include "store/sqlite_functions.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { STEPS_BETWEEN_LOOKS = 1000, BUSY_MS = 10000, BUSY_NAP_MS = 5 };

typedef struct lite {
    store door; /* first: a store * is a lite * */
    sqlite3 *db;
    char *file;
    bool read_only, in_transaction, spoilt;
    stop *stop; /* of the call under way */
    int64_t busy_since_ms;
} lite;

static lite *lite_of(store *s)
{
    return (lite *)(void *)s;
}

/* ---- stopping and waiting ---- */

static int look(void *ctx)
{
    return stop_now(((lite *)ctx)->stop, NULL);
}

/* Somebody else is writing: waits in small naps, so that a stop is heard. */
static int busy(void *ctx, int times)
{
    lite *l = ctx;
    if (times == 0)
        l->busy_since_ms = time_mono_ms();
    if (stop_now(l->stop, NULL) || time_mono_ms() - l->busy_since_ms > BUSY_MS)
        return 0;
    struct pollfd fd = {.fd = l->stop ? l->stop->fd : -1, .events = POLLIN};
    poll(&fd, 1, stop_poll_ms(l->stop, BUSY_NAP_MS));
    return 1;
}

/* ---- errors ---- */

static err_kind kind_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
    case SQLITE_PERM:
        return ERR_REFUSED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_CONFLICT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_INPUT;
    case SQLITE_CANTOPEN:
        return ERR_CONNECT;
    default:
        return ERR_FAILED;
    }
}

static bool lite_error(lite *l, const char *name, err *e)
{
    int code = sqlite3_extended_errcode(l->db);
    if (l->in_transaction)
        l->spoilt = true;
    if ((code & 0xff) == SQLITE_INTERRUPT || (code & 0xff) == SQLITE_BUSY) {
        err why = {0};
        if (stop_now(l->stop, &why))
            return err_set(e, why.kind, "%s: %s", name, why.text);
    }
    return err_set(e, kind_of(code), "%s: %s", name, sqlite3_errmsg(l->db));
}

/* ---- types and values ---- */

static store_type type_of_storage(int storage)
{
    return storage == SQLITE_INTEGER ? STORE_INT : storage == SQLITE_FLOAT ? STORE_REAL : STORE_TEXT;
}

/* By the declared type's first word; what is not said so follows how the first row's value is kept. */
static store_type type_of_column(sqlite3_stmt *st, int column, bool has_row)
{
    static const struct {
        const char *word;
        store_type type;
    } words[] = {{"bool", STORE_BOOL},    {"timestamptz", STORE_TIME}, {"date", STORE_DATE},
                 {"json", STORE_JSON},    {"int", STORE_INT},          {"bigint", STORE_INT},
                 {"smallint", STORE_INT}, {"real", STORE_REAL},        {"double", STORE_REAL},
                 {"numeric", STORE_REAL}, {"text", STORE_TEXT}};
    const char *declared = sqlite3_column_decltype(st, column);
    for (size_t i = 0; declared && i < sizeof words / sizeof *words; i++)
        if (strncasecmp(declared, words[i].word, strlen(words[i].word)) == 0)
            return words[i].type;
    return has_row && !declared ? type_of_storage(sqlite3_column_type(st, column)) : STORE_TEXT;
}

static bool says_true(sqlite3_stmt *st, int column)
{
    if (sqlite3_column_type(st, column) != SQLITE_TEXT)
        return sqlite3_column_double(st, column) != 0;
    const char *s = (const char *)sqlite3_column_text(st, column);
    return s && strchr("tTyY1", *s) && *s;
}

static void add_blob(buf *out, const unsigned char *bytes, size_t n)
{
    buf_str(out, "\\x"); /* as Postgres writes bytea */
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%02x", bytes[i]);
}

static void add_instant(buf *out, sqlite3_stmt *st, int column, int storage)
{
    char text[32];
    if (storage == SQLITE_INTEGER) { /* microseconds */
        time_format(sqlite3_column_int64(st, column), text);
        buf_str(out, text);
    } else {
        const char *s = (const char *)sqlite3_column_text(st, column);
        canon_time(out, s ? s : "", (size_t)sqlite3_column_bytes(st, column));
    }
}

static void take_cell(canon_row *row, sqlite3_stmt *st, int column, store_type type)
{
    size_t c = (size_t)column;
    int storage = sqlite3_column_type(st, column);
    bool rewritten = type == STORE_BOOL || type == STORE_TIME || type == STORE_JSON ||
                     storage == SQLITE_FLOAT || storage == SQLITE_BLOB;
    if (storage == SQLITE_NULL || !rewritten) {
        const char *s = storage == SQLITE_NULL ? NULL : (const char *)sqlite3_column_text(st, column);
        canon_row_as_is(row, c, s, (size_t)sqlite3_column_bytes(st, column));
        return;
    }
    canon_row_from(row, c);
    if (type == STORE_BOOL)
        canon_bool(&row->made, says_true(st, column));
    else if (type == STORE_TIME)
        add_instant(&row->made, st, column, storage);
    else if (storage == SQLITE_FLOAT)
        canon_real(&row->made, sqlite3_column_double(st, column));
    else if (storage == SQLITE_BLOB)
        add_blob(&row->made, sqlite3_column_blob(st, column), (size_t)sqlite3_column_bytes(st, column));
    else
        canon_json(&row->made, (const char *)sqlite3_column_text(st, column),
                   (size_t)sqlite3_column_bytes(st, column));
}

static int bind_text(sqlite3_stmt *st, int at, store_type type, const char *text, size_t len)
{
    char *end;
    if (!text)
        return sqlite3_bind_null(st, at);
    if (type == STORE_BOOL)
        return sqlite3_bind_int(st, at, *text == 't' || *text == 'T' || *text == '1');
    if (type == STORE_INT) {
        errno = 0;
        int64_t v = strtoll(text, &end, 10);
        if (!errno && end != text && !*end)
            return sqlite3_bind_int64(st, at, v);
    }
    if (type == STORE_REAL) {
        double v = strtod(
            text, &end); /* a comma in the locale fails here and stays text, which SQLite reads itself */
        if (end != text && !*end && isfinite(v))
            return sqlite3_bind_double(st, at, v);
    }
    return sqlite3_bind_text64(st, at, text, len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* ---- statements ---- */

static bool usable(lite *l, const char *name, stop *st, err *e)
{
    if (stop_now(st, e))
        return err_wrap(e, "%s", name);
    if (l->spoilt)
        return store_spoilt(name, e);
    l->stop = st;
    return true;
}

/* $1 is a name to SQLite and ?1 a place: places are what catalog writes. */
static bool bind_all(lite *l, sqlite3_stmt *st, const store_request *r, err *e)
{
    int wanted = sqlite3_bind_parameter_count(st);
    if ((size_t)wanted > r->nparams) {
        l->spoilt = l->in_transaction;
        return err_set(e, ERR_USAGE, "%s: parameter %zu was not given", r->name, r->nparams + 1);
    }
    for (int i = 0; i < wanted; i++) {
        const char *text = r->params[i].text;
        if (bind_text(st, i + 1, r->params[i].type, text, text ? strlen(text) : 0) != SQLITE_OK)
            return lite_error(l, r->name, e);
    }
    return true;
}

static bool prepare(lite *l, const store_request *r, sqlite3_stmt **ret, err *e)
{
    sqlite3_stmt *st = NULL;
    const char *rest = NULL;
    if (sqlite3_prepare_v3(l->db, r->sql, -1, 0, &st, &rest) != SQLITE_OK)
        return lite_error(l, r->name, e);
    if (!st || rest[strspn(rest, " \t\r\n;")]) {
        sqlite3_finalize(st);
        l->spoilt = l->in_transaction;
        return err_set(e, ERR_FAILED, "%s: not one statement", r->name);
    }
    *ret = st;
    return true;
}

typedef struct reading {
    lite *l;
    sqlite3_stmt *st;
    const store_request *request;
    const store_sink *sink;
    canon_row row;
    store_type *types;
    int64_t rows;
} reading;

static bool give_head(reading *r, bool has_row, err *e)
{
    size_t n = (size_t)sqlite3_column_count(r->st);
    canon_row_init(&r->row, n);
    r->types = MEM_ARRAY(store_type, n + 1);
    store_column *columns = MEM_ARRAY(store_column, n + 1);
    for (size_t i = 0; i < n; i++) {
        r->types[i] = type_of_column(r->st, (int)i, has_row);
        columns[i] = (store_column){sqlite3_column_name(r->st, (int)i), r->types[i]};
    }
    bool ok = n == 0 || !r->sink || !r->sink->head || r->sink->head(r->sink->ctx, columns, n, e);
    free(columns);
    return ok;
}

static bool give_row(reading *r, err *e)
{
    r->rows++;
    if (!r->sink || !r->sink->row)
        return true;
    canon_row_clear(&r->row);
    for (size_t i = 0; i < r->row.n; i++)
        take_cell(&r->row, r->st, (int)i, r->types[i]);
    return r->sink->row(r->sink->ctx, canon_row_cells(&r->row), r->row.n, e);
}

static bool step_all(reading *r, err *e)
{
    lite *l = r->l;
    bool headed = false;
    for (;;) {
        int code = sqlite3_step(r->st);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            return lite_error(l, r->request->name, e);
        bool ok = headed || give_head(r, code == SQLITE_ROW, e);
        headed = true;
        if (ok && code == SQLITE_DONE)
            return true;
        if (!ok || !give_row(r, e)) {
            l->spoilt = l->in_transaction;
            return false;
        }
        if (stop_now(l->stop, e)) { /* cheap rows pass the progress handler by */
            l->spoilt = l->in_transaction;
            return err_wrap(e, "%s", r->request->name);
        }
    }
}

static bool run_script(lite *l, const store_request *request, err *e)
{
    return sqlite3_exec(l->db, request->sql, NULL, NULL, NULL) == SQLITE_OK ||
           lite_error(l, request->name, e);
}

static bool lite_run(store *s, const store_request *request, const store_sink *sink, int64_t *ret_affected,
                     stop *st, err *e)
{
    lite *l = lite_of(s);
    reading r = {.l = l, .request = request, .sink = sink};
    if (!usable(l, request->name, st, e))
        return false;
    if (request->script)
        return run_script(l, request, e);
    if (!prepare(l, request, &r.st, e))
        return false;
    bool ok = bind_all(l, r.st, request, e) && step_all(&r, e);
    if (ok && ret_affected)
        *ret_affected = sqlite3_stmt_readonly(r.st) ? r.rows : sqlite3_changes64(l->db);
    sqlite3_finalize(r.st);
    canon_row_done(&r.row);
    free(r.types);
    return ok;
}

static bool lite_describe(store *s, const store_request *request, const store_sink *sink, stop *st, err *e)
{
    lite *l = lite_of(s);
    reading r = {.l = l, .request = request, .sink = sink};
    if (!usable(l, request->name, st, e) || !prepare(l, request, &r.st, e))
        return false;
    bool ok = give_head(&r, false, e);
    sqlite3_finalize(r.st);
    canon_row_done(&r.row);
    free(r.types);
    return ok;
}

/* ---- transactions ---- */

static bool control(lite *l, const char *sql, const char *name, err *e)
{
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK || lite_error(l, name, e);
}

static void only_read(lite *l, bool on)
{
    sqlite3_exec(l->db, on ? "pragma query_only = on" : "pragma query_only = off", NULL, NULL, NULL);
}

static bool lite_begin(store *s, bool read_only, stop *st, err *e)
{
    lite *l = lite_of(s);
    if (l->in_transaction)
        return store_in_transaction(e);
    if (!usable(l, "begin", st, e))
        return false;
    if (!control(l, read_only || l->read_only ? "begin" : "begin immediate", "begin", e))
        return false;
    only_read(l, read_only);
    l->in_transaction = true;
    return true;
}

static bool lite_rollback(store *s, stop *st, err *e)
{
    lite *l = lite_of(s);
    (void)st, (void)e;
    l->stop = NULL; /* undoing is never stopped */
    if (!sqlite3_get_autocommit(l->db))
        sqlite3_exec(l->db, "rollback", NULL, NULL, NULL);
    only_read(l, false);
    l->in_transaction = l->spoilt = false;
    return true;
}

static bool lite_commit(store *s, stop *st, err *e)
{
    lite *l = lite_of(s);
    if (!l->in_transaction)
        return store_no_transaction(e);
    bool ok = usable(l, "commit", st, e) && control(l, "commit", "commit", e);
    if (!ok) {
        lite_rollback(s, NULL, NULL);
        return false;
    }
    only_read(l, false);
    l->in_transaction = false;
    return true;
}

/* ---- loading ---- */

static bool insert_row(lite *l, sqlite3_stmt *st, const store_request *request, const store_cell *cells,
                       size_t n, err *e)
{
    int code = SQLITE_OK;
    for (size_t i = 0; i < n && code == SQLITE_OK; i++)
        code = bind_text(st, (int)i + 1, STORE_TEXT, cells[i].text, cells[i].len);
    if (code == SQLITE_OK)
        code = sqlite3_step(st);
    bool ok = code == SQLITE_DONE || lite_error(l, request->name, e);
    sqlite3_reset(st);
    return ok;
}

static bool insert_all(lite *l, sqlite3_stmt *st, const store_request *request, size_t columns,
                       const store_feed *feed, int64_t *ret_rows, err *e)
{
    store_cell *cells = MEM_ARRAY(store_cell, columns + 1);
    bool ok = true, more = true;
    while (ok && more) {
        ok = feed->next(feed->ctx, cells, columns, &more, e);
        if (!ok || !more)
            break;
        ok = insert_row(l, st, request, cells, columns, e);
        *ret_rows += ok;
        if (ok && stop_now(l->stop, e))
            ok = err_wrap(e, "%s", request->name);
    }
    free(cells);
    return ok;
}

static bool lite_load(store *s, const store_request *request, size_t columns, const store_feed *feed,
                      int64_t *ret_rows, stop *st, err *e)
{
    lite *l = lite_of(s);
    sqlite3_stmt *insert;
    int64_t rows = 0;
    bool own = !l->in_transaction;
    if (own && !lite_begin(s, false, st, e))
        return false;
    bool ok = usable(l, request->name, st, e) && prepare(l, request, &insert, e);
    if (ok) {
        ok = (size_t)sqlite3_bind_parameter_count(insert) == columns ||
             err_set(e, ERR_USAGE, "%s: it takes %d columns, not %zu", request->name,
                     sqlite3_bind_parameter_count(insert), columns);
        ok = ok && insert_all(l, insert, request, columns, feed, &rows, e);
        sqlite3_finalize(insert);
    }
    if (ok)
        ok = !own || lite_commit(s, st, e);
    else if (own)
        lite_rollback(s, NULL, NULL);
    else
        l->spoilt = true;
    if (ok && ret_rows)
        *ret_rows = rows;
    return ok;
}

/* ---- life ---- */

static bool lite_connect(store *s, stop *st, err *e)
{
    return usable(lite_of(s), "connect", st, e);
}

static void lite_close(store *s)
{
    lite *l = lite_of(s);
    l->stop = NULL;
    sqlite3_close(l->db);
    free(l->file);
    free(l);
}

/* Made here and not by SQLite, so that nobody else can read it from its first byte on. */
static bool make_file(const char *file, err *e)
{
    int fd = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ELOOP)
        return err_set(e, ERR_REFUSED, "%s is a symbolic link, which is not followed", file);
    if (fd < 0)
        return err_errno(e, "%s", file);
    close(fd);
    return true;
}

static bool harden(lite *l)
{
    return sqlite3_db_config(l->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK &&
           sqlite3_db_config(l->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK &&
           sqlite3_db_config(l->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL) == SQLITE_OK &&
           sqlite3_db_config(l->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) == SQLITE_OK &&
           sqlite_functions(l->db) == SQLITE_OK;
}

/* Reads the first page, so that a file that is none is told now. */
static bool open_file(lite *l, err *e)
{
    int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                (l->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    if (l->read_only && access(l->file, F_OK) != 0)
        return err_set(e, ERR_MISSING, "%s: there is no such file", l->file);
    if (!l->read_only && !make_file(l->file, e))
        return false;
    if (sqlite3_open_v2(l->file, &l->db, flags, NULL) != SQLITE_OK || !harden(l))
        return err_set(e, kind_of(sqlite3_errcode(l->db)), "%s: %s", l->file, sqlite3_errmsg(l->db));
    sqlite3_progress_handler(l->db, STEPS_BETWEEN_LOOKS, look, l);
    sqlite3_busy_handler(l->db, busy, l);
    return control(l, "pragma schema_version", l->file, e);
}

bool store_open_sqlite(const char *file, bool read_only, store **ret, err *e)
{
    lite *l = MEM_NEW(lite);
    const char *slash = strrchr(file, '/'), *label = getenv("SHOWX_LABEL");
    l->file = mem_str(file);
    l->read_only = read_only;
    l->door = (store){.dialect = STORE_SQLITE,
                      .connect = lite_connect,
                      .run = lite_run,
                      .describe = lite_describe,
                      .begin = lite_begin,
                      .commit = lite_commit,
                      .rollback = lite_rollback,
                      .load = lite_load,
                      .close = lite_close};
    store_identity *id = &l->door.identity;
    id->local = true;
    id->read_only = read_only;
    snprintf(id->label, sizeof id->label, "%s", label && *label ? label : slash ? slash + 1 : file);
    snprintf(id->server, sizeof id->server, "SQLite %s", sqlite3_libversion());
    if (!open_file(l, e)) {
        lite_close(&l->door);
        return false;
    }
    *ret = &l->door;
    return true;
}
