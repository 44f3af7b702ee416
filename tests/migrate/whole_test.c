/* The whole way: the demo's old database into the mirror and into rows; what comes out is what was planted. */
#include "catalog/embedded.h"
#include "demo/demo.h"
#include "migrate/migrate.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>

static const char STAGE[] = "create temp table g (id int, name text, admin1 text, admin1_name text, country "
                            "text, country_name text, zone text, "
                            "population bigint, lat float8, lng float8)";
static const char COPY[] = "copy g from stdin with (format csv, delimiter E'\\t', header, quote E'\\b')";
static const char PLACES[] = "insert into showx.city (city_id, geonameid, name, admin1, admin1_name, "
                             "country, country_name, time_zone, population, "
                             "latitude, longitude) select 'g' || id, id, name, coalesce(admin1, ''), "
                             "coalesce(admin1_name, ''), country, "
                             "coalesce(country_name, ''), zone, population, lat, lng from g";

static void load_places(PGconn *db)
{
    const embedded_file *f = embedded_find("src/city/cities15k.tsv");
    migrate_ask(db, "delete from showx.city");
    migrate_ask(db, STAGE);
    PGresult *r = PQexec(db, COPY);
    ck_assert_msg(f && PQresultStatus(r) == PGRES_COPY_IN, "%s", PQerrorMessage(db));
    PQclear(r);
    ck_assert_int_eq(PQputCopyData(db, f->text, (int)f->length), 1);
    ck_assert_int_eq(PQputCopyEnd(db, NULL), 1);
    while ((r = PQgetResult(db)))
        PQclear(r);
    migrate_ask(db, PLACES);
}

static void say(void *ctx, const char *sentence)
{
    (void)ctx;
    printf("      %s\n", sentence);
}

static migrate_counts load_once(store *db, const catalog *c, const char *dir)
{
    char source[512];
    legacy *l = NULL;
    migrate_counts n = {0};
    err e = {0};
    snprintf(source, sizeof source, "file:%s", dir);
    ck_assert_msg(legacy_open(source, &l, &e), "%s", e.text);
    bool ok = migrate_load(l, db, c, &(migrate_options){.batch = 1000, .defer_projection = true},
                           (migrate_progress){0}, &n, NULL, &e);
    legacy_close(l);
    ck_assert_msg(ok, "%s", e.text);
    ck_assert_int_eq(n.documents, n.applied + n.stale + n.errors);
    return n;
}

static void check_model(PGconn *db, const demo_planted *p, mess_model m)
{
    char sql[512], want[128];
    snprintf(sql, sizeof sql,
             "select concat_ws(' ', documents, projected, quarantined, tombstones, warnings, pending) from "
             "migration.status where model = '%s'",
             mess_model_name(m));
    snprintf(want, sizeof want, "%lld %lld %lld %lld %lld 0", (long long)p->models[m].documents,
             (long long)p->models[m].projected, (long long)p->models[m].quarantined,
             (long long)p->models[m].tombstones, (long long)p->models[m].warnings);
    ck_assert_msg(strcmp(migrate_ask(db, sql), want) == 0, "%s: %s came out, %s was planted",
                  mess_model_name(m), migrate_ask(db, sql), want);
}

/* Kinds that share model, field and code count together. */
static void check_kind(PGconn *db, const demo_planted *p, mess_id id)
{
    const mess_kind *k = &mess_kinds[id];
    int64_t want = 0;
    char sql[512];
    if (k->severity == MESS_NONE)
        return;
    for (int i = 0; i < MESS_COUNT; i++)
        if (mess_kinds[i].model == k->model && strcmp(mess_kinds[i].field, k->field) == 0 &&
            strcmp(mess_kinds[i].code, k->code) == 0)
            want += p->kinds[i];
    snprintf(sql, sizeof sql,
             "select count(*) from migration.issue where state = 'open' and model = '%s' and code = '%s' and "
             "regexp_replace(field, '\\[\\d+\\]', '') = '%s'",
             mess_model_name(k->model), k->code, k->field);
    ck_assert_msg(atoll(migrate_ask(db, sql)) == want, "%s %s %s: %s came out, %lld were planted",
                  mess_model_name(k->model), k->field, k->code, migrate_ask(db, sql), (long long)want);
}

START_TEST(what_comes_out_of_the_demo_is_what_was_planted)
{
    PGconn *db = migrate_database("migrate_whole");
    const char *dir = support_folder();
    demo_planted planted;
    err e = {0};
    demo_spec spec = {.dir = dir, .seed = support_seed(5), .scale = 0.05};
    load_places(db);
    ck_assert_msg(demo_generate(&spec, (demo_progress){0}, &planted, NULL, &e), "%s", e.text);
    catalog *c = catalog_new(say, NULL);
    char conninfo[512];
    snprintf(conninfo, sizeof conninfo, "host=%s user=%s dbname=%s", PQhost(db), PQuser(db), PQdb(db));
    store *s = NULL;
    ck_assert_msg(store_open_postgres(&(store_options){.conninfo = conninfo}, &s, &e), "%s", e.text);
    ck_assert_int_gt(load_once(s, c, dir).applied, 0);
    ck_assert_msg(migrate_project(s, c, NULL, (migrate_progress){0}, NULL, NULL, &e), "%s", e.text);
    for (int m = 0; m < MODEL_COUNT; m++)
        check_model(db, &planted, (mess_model)m);
    for (int k = 0; k < MESS_COUNT; k++)
        check_kind(db, &planted, (mess_id)k);
    /* Loaded again: all of it is stale, nothing is left to do. */
    ck_assert_int_eq(load_once(s, c, dir).applied, 0);
    int64_t again = -1;
    ck_assert_msg(migrate_project(s, c, NULL, (migrate_progress){0}, &again, NULL, &e), "%s", e.text);
    ck_assert_int_eq(again, 0);
    store_close(s);
    catalog_free(c);
    PQfinish(db);
}
END_TEST

static void start(void)
{
    support_pg();
}

Suite *whole_suite(void)
{
    Suite *s = suite_create("whole");
    TCase *tc = tcase_create("whole");
    tcase_add_unchecked_fixture(tc, start, NULL);
    tcase_add_test(tc, what_comes_out_of_the_demo_is_what_was_planted);
    suite_add_tcase(s, tc);
    return s;
}
