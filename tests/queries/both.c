#include "base/path.h"
#include "suites.h"
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static char *conninfo, *file;

static char *on_disk(const char *path)
{
    const char *root = getenv("SHOWX_ROOT");
    char *name = path_join(root ? root : ".", path);
    buf text;
    err e = {0};
    buf_init(&text);
    ck_assert_msg(path_read(name, 1 << 20, &text, &e), "%s", e.text);
    free(name);
    return buf_take(&text);
}

static void fill_postgres(void)
{
    free(support_pg_ready("queries"));
    conninfo = mem_printf("%s dbname=queries", support_pg());
    PGconn *pg = PQconnectdb(conninfo);
    char *data = on_disk("tests/queries/data.sql");
    PGresult *r = PQexec(pg, data);
    ck_assert_msg(PQresultStatus(r) == PGRES_COMMAND_OK, "tests/queries/data.sql: %s", PQerrorMessage(pg));
    PQclear(r);
    r = PQexec(pg, "analyze");
    PQclear(r);
    PQfinish(pg);
    free(data);
}

static rowset *fetch(store *s, const char *sql)
{
    rowset *rows = NULL;
    err e = {0};
    store_request q = {.name = "tests/queries/both.c", .sql = sql};
    ck_assert_msg(store_fetch(s, &q, 10000, &rows, NULL, &e), "%s: %s", sql, e.text);
    return rows;
}

/* migration_issue -> migration.issue, city -> showx.city */
static char *postgres_name(const char *table)
{
    if (strncmp(table, "migration_", 10) == 0)
        return mem_printf("migration.%s", table + 10);
    if (strncmp(table, "legacy_", 7) == 0)
        return mem_printf("legacy.%s", table + 7);
    return mem_printf("showx.%s", table);
}

static void copy_rows(store *to, const char *table, const char *columns, const rowset *rows)
{
    buf sql;
    buf_init(&sql);
    buf_printf(&sql, "insert into %s (%s) values (", table, columns);
    for (size_t k = 0; k < rows->ncolumns; k++)
        buf_printf(&sql, "%s?%zu", k ? ", " : "", k + 1);
    buf_str(&sql, ")");
    for (size_t i = 0; i < rows->nrows; i++) {
        store_param params[64];
        for (size_t k = 0; k < rows->ncolumns; k++)
            params[k] = (store_param){rows->columns[k].type, rowset_cell(rows, i, k)->text};
        store_request q = {.name = table, .sql = sql.data, .params = params, .nparams = rows->ncolumns};
        err e = {0};
        ck_assert_msg(to->run(to, &q, NULL, NULL, NULL, &e), "%s: %s", table, e.text);
    }
    buf_done(&sql);
}

static void copy_table(store *from, store *to, const char *table)
{
    char *pragma = mem_printf("select name from pragma_table_info('%s')", table);
    rowset *names = fetch(to, pragma);
    buf columns, sql;
    buf_init(&columns);
    buf_init(&sql);
    for (size_t i = 0; i < names->nrows; i++)
        buf_printf(&columns, "%s%s", i ? ", " : "", rowset_cell(names, i, 0)->text);
    char *name = postgres_name(table);
    buf_printf(&sql, "select %s from %s", columns.data, name);
    rowset *rows = fetch(from, sql.data);
    ck_assert_msg(rows->nrows > 0 || strcmp(table, "city_ref") == 0, "%s is empty: it proves nothing", table);
    copy_rows(to, table, columns.data, rows);
    rowset_free(rows);
    rowset_free(names);
    buf_done(&columns);
    buf_done(&sql);
    free(name);
    free(pragma);
}

static void open_one(store_dialect dialect, store **ret)
{
    err e = {0};
    store_options options = {.conninfo = conninfo};
    bool ok = dialect == STORE_POSTGRES ? store_open_postgres(&options, ret, &e)
                                        : store_open_sqlite(file, false, ret, &e);
    ck_assert_msg(ok, "%s", e.text);
}

void both_make(void)
{
    if (conninfo)
        return; /* another suite of this run made them */
    setenv("SHOWX_NOW", "2026-11-22T18:10:00Z", 1);
    fill_postgres();
    file = path_join(support_folder(), "queries.sqlite");
    char *schema = on_disk("tests/catalog/sqlite_schema.sql");
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    free(schema);
    store *from, *to;
    open_one(STORE_POSTGRES, &from);
    open_one(STORE_SQLITE, &to);
    rowset *tables = fetch(to, "select name from sqlite_master where type = 'table' order by name");
    for (size_t i = 0; i < tables->nrows; i++)
        copy_table(from, to, rowset_cell(tables, i, 0)->text);
    rowset_free(tables);
    store_close(from);
    store_close(to);
}

static void told(void *ctx, const char *sentence)
{
    (void)ctx;
    ck_abort_msg("%s", sentence);
}

void both_open(both *b)
{
    setenv("SHOWX_NOW", "2026-11-22T18:10:00Z", 1);
    b->catalog = catalog_new(told, NULL);
    open_one(STORE_POSTGRES, &b->stores[STORE_POSTGRES]);
    open_one(STORE_SQLITE, &b->stores[STORE_SQLITE]);
}

store *open_as(const char *role)
{
    store *s = NULL;
    err e = {0};
    char *info = mem_printf("%s options='-c role=%s'", conninfo, role);
    store_options options = {.conninfo = info};
    ck_assert_msg(store_open_postgres(&options, &s, &e) && s->connect(s, NULL, &e), "%s", e.text);
    free(info);
    return s;
}

void both_close(both *b)
{
    catalog_free(b->catalog);
    store_close(b->stores[0]);
    store_close(b->stores[1]);
}

char *rows_of(store *s, const statement *st)
{
    rowset *rows = NULL;
    err e = {0};
    store_request q = {.name = st->name, .sql = st->sql, .params = st->params, .nparams = st->nparams};
    if (!store_fetch(s, &q, 10000, &rows, NULL, &e))
        return mem_printf("! %s", e.text);
    buf out;
    buf_init(&out);
    for (size_t k = 0; k < rows->ncolumns; k++)
        buf_printf(&out, "%s%s", k ? "|" : "", rows->columns[k].name);
    for (size_t i = 0; i < rows->nrows; i++)
        for (size_t k = 0; k < rows->ncolumns; k++) {
            const store_cell *cell = rowset_cell(rows, i, k);
            buf_printf(&out, "%s%s", k ? "|" : "\n", cell->text ? cell->text : "-");
        }
    rowset_free(rows);
    return buf_take(&out);
}
