#include "world.h"

#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include "support/pg.h"
#include "support/support.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static char *conninfo, *file;

const char *world_conninfo(void)
{
    return conninfo;
}

static void run_on(PGconn *pg, const char *sql)
{
    PGresult *r = PQexec(pg, sql);
    ExecStatusType code = PQresultStatus(r);
    ck_assert_msg(code == PGRES_COMMAND_OK || code == PGRES_TUPLES_OK, "%.60s: %s", sql, PQerrorMessage(pg));
    PQclear(r);
}

void world_run(const char *sql)
{
    PGconn *pg = PQconnectdb(conninfo);
    run_on(pg,
           "begin; select set_config('showx.reason', 'a test', true); set local search_path = showx, public");
    run_on(pg, sql);
    run_on(pg, "commit");
    PQfinish(pg);
}

static void make_logins(void)
{
    PGconn *pg = PQconnectdb(support_pg());
    PGresult *r = PQexec(
        pg, "create role mona login in role showx_manager; create role max login in role showx_manager");
    PQclear(r);
    PQfinish(pg);
}

static rowset *fetch(store *s, const char *sql)
{
    rowset *r = NULL;
    err e = {0};
    store_request q = {.name = "tests/plan/world.c", .sql = sql};
    ck_assert_msg(store_fetch(s, &q, 100000, &r, NULL, &e), "%s: %s", sql, e.text);
    return r;
}

static void copy_rows(store *to, const char *table, const char *columns, const rowset *r)
{
    buf sql;
    buf_init(&sql);
    buf_printf(&sql, "insert into %s (%s) values (", table, columns);
    for (size_t k = 0; k < r->ncolumns; k++)
        buf_printf(&sql, "%s?%zu", k ? ", " : "", k + 1);
    buf_str(&sql, ")");
    err e = {0};
    ck_assert(to->begin(to, false, NULL, &e));
    for (size_t i = 0; i < r->nrows; i++) {
        store_param params[64];
        for (size_t k = 0; k < r->ncolumns; k++)
            params[k] = (store_param){r->columns[k].type, rowset_cell(r, i, k)->text};
        store_request q = {.name = table, .sql = sql.data, .params = params, .nparams = r->ncolumns};
        ck_assert_msg(to->run(to, &q, NULL, NULL, NULL, &e), "%s: %s", table, e.text);
    }
    ck_assert(to->commit(to, NULL, &e));
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
    buf_printf(&sql, "select %s from showx.%s", columns.data, table);
    rowset *r = fetch(from, sql.data);
    copy_rows(to, table, columns.data, r);
    rowset_free(r);
    rowset_free(names);
    buf_done(&columns);
    buf_done(&sql);
    free(pragma);
}

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

static void make_sqlite(void)
{
    char *schema = on_disk("tests/catalog/sqlite_schema.sql");
    sqlite3 *db = NULL;
    err e = {0};
    free(file); /* another case of this run made one */
    file = path_join(support_folder(), "plan.sqlite");
    ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    free(schema);
    store *from = NULL, *to = NULL;
    store_options options = {.conninfo = conninfo};
    ck_assert(store_open_postgres(&options, &from, &e) && store_open_sqlite(file, false, &to, &e));
    rowset *tables =
        fetch(to, "select name from sqlite_master where type = 'table' and name not like 'migration%' "
                  "and name not like 'legacy%' order by name");
    for (size_t i = 0; i < tables->nrows; i++)
        copy_table(from, to, rowset_cell(tables, i, 0)->text);
    rowset_free(tables);
    store_close(from);
    store_close(to);
}

void world_again(void)
{
    setenv("SHOWX_NOW", "2030-01-15T12:00:00Z", 1);
    free(conninfo);
    conninfo = support_pg_ready("plan_world");
    make_logins();
    PGconn *pg = PQconnectdb(conninfo);
    char *rows = on_disk("tests/plan/shop.sql");
    run_on(pg, "set showx.actor = 'migration'; set client_min_messages = error");
    run_on(pg, rows);
    free(rows);
    PQfinish(pg);
}

void world_make(void)
{
    world_again();
    make_sqlite();
}

static void told(void *ctx, const char *sentence)
{
    (void)ctx;
    ck_abort_msg("%s", sentence);
}

void world_open(world *w)
{
    err e = {0};
    store_options options = {.conninfo = conninfo};
    w->catalog = catalog_new(told, NULL);
    ck_assert_msg(store_open_postgres(&options, &w->stores[STORE_POSTGRES], &e), "%s", e.text);
    ck_assert_msg(store_open_sqlite(file, true, &w->stores[STORE_SQLITE], &e), "%s", e.text);
    ck_assert_msg(plan_cities(w->stores[STORE_POSTGRES], w->catalog, &w->places, NULL, NULL, &e), "%s",
                  e.text);
}

void world_close(world *w)
{
    cities_free(w->places);
    store_close(w->stores[0]);
    store_close(w->stores[1]);
    catalog_free(w->catalog);
}

plan_request world_request(void)
{
    plan_request r = {.artist_id = "a1", .start = "g1", .end = "g1", .countries = "US"};
    tour_defaults(&r.limits, &r.prices);
    r.from = time_days(2030, 3, 1);
    r.until = time_days(2030, 3, 21);
    r.prices.per_km = 70;
    r.prices.per_hour = 2500;
    r.prices.per_night = 40000;
    r.prices.per_idle = 30000;
    r.prices.warn_cost = 100000;
    return r;
}
