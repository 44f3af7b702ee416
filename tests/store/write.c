/* store_do(): whole or not at all, and never in doubt while somebody can be asked. */
#include "suites.h"
#include "support/pg.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const insert =
    "insert into city (city_id, name, country, time_zone, latitude, longitude) values "
    "('c1', 'Aarhus', 'DK', 'Europe/Copenhagen', 56.16, 10.2)";

/* Through a proxy in that mode, on a database with the schema. */
static store *through(proxy **ret, const char *name)
{
    free(support_pg_ready(name));
    *ret = proxy_start(false, PROXY_PASS);
    return open_at(proxy_conninfo(*ret, name, ""));
}

static bool write_city(store *s, const char *key, stop *st, rowset **ret, err *e)
{
    const store_request r = {.name = "queries/city_new.sql", .sql = insert};
    const store_write w = {.key = key, .reason = "a test", .requests = &r, .nrequests = 1};
    return store_do(s, &w, ret, st, e);
}

static void expect_cities(const char *name, const char *n)
{
    char conninfo[256];
    snprintf(conninfo, sizeof conninfo, "%s dbname=%s", support_pg(), name);
    store *s = open_at(conninfo);
    ck_assert_str_eq(must_ask(s, "select count(*) from city"), n);
    ck_assert_str_eq(must_ask(s, "select count(*) from audit.operation"), n);
    store_close(s);
}

START_TEST(keys_are_uuids_and_never_the_same)
{
    char a[37], b[37];
    store_new_key(a);
    store_new_key(b);
    ck_assert_uint_eq(strlen(a), 36);
    ck_assert(a[14] == '7' && strchr("89ab", a[19]));
    ck_assert_str_ne(a, b);
}
END_TEST

START_TEST(a_write_is_saved_with_its_reason_and_key)
{
    proxy *x;
    char key[37];
    rowset *last = NULL;
    store *s = through(&x, "saved");
    store_new_key(key);
    must(write_city(s, key, NULL, &last, E));
    ck_assert_ptr_nonnull(last);
    rowset_free(last);
    ck_assert_str_eq(must_ask(s, "select reason from audit.entry"), "a test");
    ck_assert_str_eq(must_ask(s, "select operation from audit.entry"), key);
    ck_assert_str_eq(must_ask(s, "select what from audit.operation"), "queries/city_new.sql");
    expect_cities("saved", "1");
    store_close(s);
    proxy_stop(x);
}
END_TEST

START_TEST(a_write_that_fails_saves_nothing_and_may_be_tried_again)
{
    proxy *x;
    char key[37];
    err e = {0};
    store *s = through(&x, "fails");
    store_new_key(key);
    const store_request r[] = {{.name = "a", .sql = insert},
                               {.name = "queries/b.sql", .sql = "select nothing"}};
    const store_write w = {.key = key, .reason = "a test", .requests = r, .nrequests = 2};
    ck_assert(!store_do(s, &w, NULL, NULL, &e));
    ck_assert(strstr(e.text, "queries/b.sql") != NULL);
    expect_cities("fails", "0");
    must(write_city(s, key, NULL, NULL, E));
    expect_cities("fails", "1");
    ck_assert(!write_city(s, key, NULL, NULL, &e)); /* the same write twice */
    expect_cities("fails", "1");
    store_close(s);
    proxy_stop(x);
}
END_TEST

START_TEST(a_commit_whose_answer_is_lost_is_found_saved_by_its_key)
{
    proxy *x;
    char key[37];
    store *s = through(&x, "answer");
    store_new_key(key);
    must(s->connect(s, NULL, E));
    proxy_set(x, PROXY_EAT_ANSWER);
    must(write_city(s, key, NULL, NULL, E));
    ck_assert_int_eq(proxy_cuts(x), 1);
    expect_cities("answer", "1");
    store_close(s);
    proxy_stop(x);
}
END_TEST

START_TEST(a_commit_that_never_arrived_is_known_not_to_be_saved)
{
    proxy *x;
    char key[37];
    err e = {0};
    store *s = through(&x, "never");
    store_new_key(key);
    must(s->connect(s, NULL, E));
    proxy_set(x, PROXY_EAT_COMMIT); /* and the server still waits for it */
    ck_assert(!write_city(s, key, NULL, NULL, &e));
    ck_assert_int_eq(proxy_cuts(x), 1);
    ck_assert_msg(e.kind == ERR_CONNECT, "%s: %s", err_word(e.kind), e.text);
    ck_assert(strstr(e.text, "nothing was changed") != NULL);
    expect_cities("never", "0");
    proxy_set(x, PROXY_PASS);
    must(write_city(s, key, NULL, NULL, E));
    expect_cities("never", "1");
    store_close(s);
    proxy_stop(x);
}
END_TEST

START_TEST(a_lost_answer_is_unknown_only_while_nobody_can_be_asked)
{
    proxy *x;
    char key[37];
    err e = {0};
    stop st;
    asker a;
    store *s = through(&x, "unknown");
    store_new_key(key);
    must(s->connect(s, NULL, E));
    must(stop_init(&st, 30000, E));
    proxy_set(x, PROXY_EAT_ANSWER);
    proxy_refuse(x, true);
    asker_start(&a, &st, 700); /* the person gives up waiting */
    ck_assert(!write_city(s, key, &st, NULL, &e));
    asker_join(&a);
    ck_assert_msg(e.kind == ERR_UNKNOWN, "%s: %s", err_word(e.kind), e.text);
    ck_assert(strstr(e.text, key) != NULL);
    stop_done(&st);
    store_close(s);
    proxy_stop(x);
}
END_TEST

START_TEST(a_snapshot_has_no_audit_but_whole_writes)
{
    store *s = fresh_store(STORE_SQLITE, "writes");
    err e = {0};
    must_run(s, "create table v (a integer)");
    const store_request r[] = {{.name = "a", .sql = "insert into v values (1)"},
                               {.name = "b", .sql = "select nothing"}};
    store_write w = {.key = "", .reason = "", .requests = r, .nrequests = 2};
    ck_assert(!store_do(s, &w, NULL, NULL, &e));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    w.nrequests = 1;
    must(store_do(s, &w, NULL, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "1");
    store_close(s);
}
END_TEST

Suite *write_suite(void)
{
    Suite *suite = suite_create("write");
    TCase *tc = tcase_create("write");
    tcase_add_test(tc, keys_are_uuids_and_never_the_same);
    tcase_add_test(tc, a_write_is_saved_with_its_reason_and_key);
    tcase_add_test(tc, a_write_that_fails_saves_nothing_and_may_be_tried_again);
    tcase_add_test(tc, a_commit_whose_answer_is_lost_is_found_saved_by_its_key);
    tcase_add_test(tc, a_commit_that_never_arrived_is_known_not_to_be_saved);
    tcase_add_test(tc, a_lost_answer_is_unknown_only_while_nobody_can_be_asked);
    tcase_add_test(tc, a_snapshot_has_no_audit_but_whole_writes);
    suite_add_tcase(suite, tc);
    return suite;
}
