/* schema_up() and schema_status() over the migrations that the program carries. */
#include "catalog/embedded.h"
#include "suites.h"
#include "support/pg.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void count(void *ctx, const char *file)
{
    ck_assert(strstr(file, ".sql") != NULL && !strchr(file, '/'));
    ++*(size_t *)ctx;
}

static size_t carried(void)
{
    size_t n = 0;
    for (size_t i = 0; i < embedded_count; i++)
        n += strncmp(embedded_files[i].path, "migrations/schema/", 18) == 0;
    return n;
}

START_TEST(the_schema_is_applied_once_in_order)
{
    store *s = fresh_store(STORE_POSTGRES, "up");
    size_t told = 0, applied = 0, n = 0;
    schema_file *all;
    must(schema_status(s, &all, &n, NULL, E));
    ck_assert_uint_eq(n, carried());
    for (size_t i = 0; i < n; i++)
        ck_assert(!all[i].applied && (i == 0 || strcmp(all[i - 1].name, all[i].name) < 0));
    free(all);
    must(schema_up(s, count, &told, &applied, NULL, E));
    ck_assert_uint_eq(applied, carried());
    ck_assert_uint_eq(told, carried());
    must(schema_up(s, count, &told, &applied, NULL, E));
    ck_assert_uint_eq(applied, 0);
    ck_assert_uint_eq(told, carried());
    must(schema_status(s, &all, &n, NULL, E));
    for (size_t i = 0; i < n; i++)
        ck_assert(all[i].applied && !all[i].changed && !all[i].missing && all[i].applied_at[0] == '2');
    free(all);
    ck_assert_str_eq(must_ask(s, "select count(*) from artist"), "0");
    store_close(s);
}
END_TEST

START_TEST(an_edited_applied_file_is_refused_by_name)
{
    store *s = fresh_store(STORE_POSTGRES, "edited");
    err e = {0};
    size_t n;
    schema_file *all;
    must(schema_up(s, NULL, NULL, NULL, NULL, E));
    must_run(s, "update showx_schema.applied set sha256 = repeat('0', 64) where name = '0002_entities.sql'");
    ck_assert(!schema_up(s, NULL, NULL, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_REFUSED);
    ck_assert_msg(strstr(e.text, "migrations/schema/0002_entities.sql was changed") != NULL, "%s", e.text);
    must(schema_status(s, &all, &n, NULL, E));
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(all[i].changed, strcmp(all[i].name, "0002_entities.sql") == 0);
    free(all);
    store_close(s);
}
END_TEST

START_TEST(a_file_this_program_does_not_carry_is_reported)
{
    store *s = fresh_store(STORE_POSTGRES, "newer");
    size_t n, missing = 0;
    schema_file *all;
    must(schema_up(s, NULL, NULL, NULL, NULL, E));
    must_run(s, "insert into showx_schema.applied (name, sha256) values ('0000_older.sql', 'x'), "
                "('9999_newer.sql', 'y')");
    must(schema_status(s, &all, &n, NULL, E));
    ck_assert_uint_eq(n, carried() + 2);
    ck_assert(all[0].missing && all[n - 1].missing && strcmp(all[n - 1].name, "9999_newer.sql") == 0);
    for (size_t i = 0; i < n; i++)
        missing += all[i].missing;
    ck_assert_uint_eq(missing, 2);
    free(all);
    must(schema_up(s, NULL, NULL, NULL, NULL, E));
    store_close(s);
}
END_TEST

START_TEST(a_file_that_fails_leaves_no_trace_and_is_named_with_its_line)
{
    store *s = fresh_store(STORE_POSTGRES, "halfway");
    err e = {0};
    must_run(s, "create schema legacy"); /* stands in the way of the first file */
    ck_assert(!schema_up(s, NULL, NULL, NULL, NULL, &e));
    ck_assert_msg(strstr(e.text, "migrations/schema/0001_foundation.sql: ") != NULL, "%s", e.text);
    ck_assert_str_eq(must_ask(s, "select count(*) from showx_schema.applied"), "0");
    ck_assert_str_eq(must_ask(s, "select to_regnamespace('showx') is null"), "true");
    must_run(s, "drop schema legacy");
    must(schema_up(s, NULL, NULL, NULL, NULL, E));
    store_close(s);
}
END_TEST

typedef struct racer {
    pthread_t thread;
    char *conninfo;
    size_t applied;
    err e;
    bool ok;
} racer;

static void *race(void *arg)
{
    racer *r = arg;
    store *s;
    const store_options o = {.conninfo = r->conninfo};
    r->ok = store_open_postgres(&o, &s, &r->e) && schema_up(s, NULL, NULL, &r->applied, NULL, &r->e);
    store_close(s);
    return NULL;
}

START_TEST(two_at_once_apply_each_file_once)
{
    char *conninfo = support_pg_database("race");
    racer r[2] = {{.conninfo = conninfo}, {.conninfo = conninfo}};
    for (int i = 0; i < 2; i++)
        pthread_create(&r[i].thread, NULL, race, &r[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(r[i].thread, NULL);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(r[i].ok, "%s", r[i].e.text);
    ck_assert_uint_eq(r[0].applied + r[1].applied, carried());
    free(conninfo);
}
END_TEST

START_TEST(a_snapshot_has_no_schema_to_apply)
{
    store *s = fresh_store(STORE_SQLITE, "none");
    err e = {0};
    ck_assert(!schema_up(s, NULL, NULL, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    store_close(s);
}
END_TEST

Suite *schema_suite(void)
{
    Suite *suite = suite_create("schema");
    TCase *tc = tcase_create("schema");
    tcase_add_test(tc, the_schema_is_applied_once_in_order);
    tcase_add_test(tc, an_edited_applied_file_is_refused_by_name);
    tcase_add_test(tc, a_file_this_program_does_not_carry_is_reported);
    tcase_add_test(tc, a_file_that_fails_leaves_no_trace_and_is_named_with_its_line);
    tcase_add_test(tc, two_at_once_apply_each_file_once);
    tcase_add_test(tc, a_snapshot_has_no_schema_to_apply);
    suite_add_tcase(suite, tc);
    return suite;
}
