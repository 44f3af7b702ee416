/* What only a server can do to us: die, go silent, be behind a pooler, notice things. */
#include "base/time.h"
#include "suites.h"
#include "support/pg.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Tries as a program would, until the server is there again. */
static void until_it_works(store *s)
{
    const store_request r = {.name = "again", .sql = "select 42"};
    err e = {0};
    stop st;
    must(stop_init(&st, 60000, E));
    for (;;) {
        rowset *rows;
        if (store_fetch(s, &r, 1, &rows, &st, &e)) {
            rowset_free(rows);
            break;
        }
        ck_assert_msg(e.kind == ERR_CONNECT, "%s: %s", err_word(e.kind), e.text);
    }
    stop_done(&st);
}

static void *kill_later(void *arg)
{
    const struct timespec t = {.tv_nsec = 200000000};
    nanosleep(&t, NULL);
    kill(*(pid_t *)arg, SIGKILL);
    return NULL;
}

START_TEST(a_server_that_crashes_in_a_statement_is_an_error_and_then_found_again)
{
    pthread_t killer;
    err e = {0};
    store *s = fresh_store(STORE_POSTGRES, "crash");
    pid_t backend = (pid_t)atoi(must_ask(s, "select pg_backend_pid()"));
    pthread_create(&killer, NULL, kill_later, &backend); /* the whole server starts again after that */
    const store_request r = {.name = "queries/slow.sql", .sql = "select pg_sleep(600)"};
    ck_assert(!s->run(s, &r, NULL, NULL, NULL, &e));
    pthread_join(killer, NULL);
    ck_assert_int_eq(e.kind, ERR_CONNECT);
    ck_assert(strstr(e.text, "queries/slow.sql") != NULL);
    until_it_works(s);
    store_close(s);
}
END_TEST

START_TEST(a_connection_lost_while_idle_costs_no_error)
{
    store *s = fresh_store(STORE_POSTGRES, "idle"), *other = open_at(support_pg());
    char sql[128];
    snprintf(sql, sizeof sql, "select pg_terminate_backend(%s, 5000)",
             must_ask(s, "select pg_backend_pid()"));
    must_run(other, sql);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    store_close(other);
    store_close(s);
}
END_TEST

START_TEST(a_transaction_that_was_lost_is_never_taken_up_silently)
{
    store *s = fresh_store(STORE_POSTGRES, "lost"), *other = open_at(support_pg());
    char sql[128];
    err e = {0};
    must_run(s, "create table v (a integer)");
    must(s->begin(s, false, NULL, E));
    must_run(s, "insert into v values (1)");
    snprintf(sql, sizeof sql, "select pg_terminate_backend(%s, 5000)",
             must_ask(s, "select pg_backend_pid()"));
    must_run(other, sql);
    must_fail(s, "insert into v values (2)", ERR_CONNECT, "within a transaction");
    must_fail(s, "insert into v values (3)", ERR_CONNECT, "within a transaction");
    ck_assert(!s->commit(s, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_CONNECT);
    must(s->rollback(s, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    store_close(other);
    store_close(s);
}
END_TEST

START_TEST(a_network_that_goes_silent_ends_at_the_deadline_and_at_a_stop)
{
    proxy *x = proxy_start(false, PROXY_PASS);
    free(support_pg_database("silent"));
    store *s = open_at(proxy_conninfo(x, "silent", ""));
    const store_request r = {.name = "q", .sql = "select pg_sleep(600)"};
    err e = {0};
    stop st;
    asker a;
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    proxy_set(x, PROXY_SILENT); /* a cancel gets no answer either */
    must(stop_init(&st, 200, E));
    ck_assert(!s->run(s, &r, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_TIMEOUT);
    stop_done(&st);
    must(stop_init(&st, 0, E));
    asker_start(&a, &st, 200);
    int64_t from = time_mono_ms();
    ck_assert(!s->run(s, &r, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    printf("      stopped after %lld ms\n", (long long)(time_mono_ms() - from) - 200);
    asker_join(&a);
    stop_done(&st);
    store_close(s);
    proxy_stop(x);
}
END_TEST

START_TEST(a_statement_that_was_stopped_ends_on_the_server_too)
{
    store *s = fresh_store(STORE_POSTGRES, "ends"), *other = open_at(support_pg());
    err e = {0};
    stop st;
    const store_request r = {.name = "q", .sql = "select pg_sleep(600), 'find me'"};
    must(s->connect(s, NULL, E));
    must(stop_init(&st, 100, E));
    ck_assert(!s->run(s, &r, NULL, NULL, &st, &e));
    stop_done(&st);
    bool gone = false;
    for (int i = 0; i < 200 && !gone; i++) {
        gone =
            strcmp(
                must_ask(
                    other,
                    "select count(*) from pg_stat_activity where query like '%find me%' and state = 'active' "
                    "and pid <> pg_backend_pid()"),
                "0") == 0;
        const struct timespec t = {.tv_nsec = 25000000};
        nanosleep(&t, NULL);
    }
    ck_assert_msg(gone, "it still runs");
    store_close(other);
    store_close(s);
}
END_TEST

START_TEST(behind_a_pooler_every_statement_carries_its_settings)
{
    proxy *x = proxy_start(false, PROXY_POOLER);
    free(support_pg_database("pooled"));
    store *s = open_at(proxy_conninfo(x, "pooled", ""));
    must_run(s, "create schema showx create table v (a integer)");
    ck_assert_str_eq(must_ask(s, "select current_setting('search_path')"), "showx, public");
    ck_assert_str_eq(must_ask(s, "select current_setting('TimeZone')"), "UTC");
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    /* and none of it stays: the next transaction may be somebody else's */
    const store_request bare = {
        .name = "bare",
        .sql = "commit; create table public.seen as select current_setting('search_path') as path; begin",
        .script = true};
    must(s->begin(s, false, NULL, E));
    must(s->run(s, &bare, NULL, NULL, NULL, E));
    must(s->commit(s, NULL, E));
    ck_assert_str_ne(must_ask(s, "select path from public.seen"), "showx, public");
    store_close(s);
    proxy_stop(x);
}
END_TEST

typedef struct three {
    int left;
} three;

static bool feed_three(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    three *t = ctx;
    (void)n, (void)e;
    *ret_more = t->left > 0;
    if (t->left-- > 0)
        cells[0] = (store_cell){"7", 1};
    return true;
}

static bool count_columns(void *ctx, const store_column *c, size_t n, err *e)
{
    (void)c, (void)e;
    *(size_t *)ctx = n;
    return true;
}

START_TEST(behind_a_pooler_all_calls_do_what_they_do_elsewhere)
{
    proxy *x = proxy_start(false, PROXY_POOLER);
    free(support_pg_database("pooled"));
    store *s = open_at(proxy_conninfo(x, "pooled", ""));
    const store_request script = {
        .name = "s",
        .sql = "create schema showx; create table showx.v (a integer); insert into v values (1)",
        .script = true};
    must(s->run(s, &script, NULL, NULL, NULL, E));
    three t = {3};
    const store_feed feed = {feed_three, &t};
    const store_request copy = {.name = "c", .sql = "copy v from stdin"},
                        ask = {.name = "d", .sql = "select a, a from v"};
    int64_t rows = 0;
    must(s->load(s, &copy, 1, &feed, &rows, NULL, E));
    ck_assert_int_eq(rows, 3);
    size_t columns = 0;
    const store_sink sink = {count_columns, NULL, &columns};
    must(s->describe(s, &ask, &sink, NULL, E));
    ck_assert_uint_eq(columns, 2);
    must_fail(s, "select nothing from v", ERR_FAILED, "nothing");
    must(s->begin(s, true, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "4");
    must_fail(s, "insert into v values (9)", ERR_REFUSED, "read-only");
    must(s->rollback(s, NULL, E));
    err e = {0};
    stop st;
    must(stop_init(&st, 150, E));
    const store_request slow = {.name = "slow", .sql = "select pg_sleep(600)"};
    ck_assert(!s->run(s, &slow, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_TIMEOUT);
    stop_done(&st);
    ck_assert_str_eq(
        must_ask(
            s,
            "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and state = 'active' "
            "and datname = 'pooled' and pid <> pg_backend_pid()"),
        "0");
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "4");
    store_close(s);
    proxy_stop(x);
}
END_TEST

START_TEST(a_read_only_connection_refuses_to_write)
{
    free(support_pg_database("ro"));
    for (int pooled = 0; pooled < 2; pooled++) {
        proxy *x = proxy_start(false, pooled ? PROXY_POOLER : PROXY_PASS);
        const store_options o = {.conninfo = proxy_conninfo(x, "ro", ""), .read_only = true};
        store *s;
        must(store_open_postgres(&o, &s, E));
        must_fail(s, "create table v (a integer)", ERR_REFUSED, "read-only");
        must(s->begin(s, false, NULL, E));
        must_fail(s, "create table v (a integer)", ERR_REFUSED, "read-only");
        must(s->rollback(s, NULL, E));
        ck_assert(s->identity.read_only);
        store_close(s);
        proxy_stop(x);
    }
}
END_TEST

START_TEST(the_schemas_own_refusals_keep_their_words_and_kind)
{
    store *s = fresh_store(STORE_POSTGRES, "refusals");
    must_fail(s,
              "do $$ begin raise exception 'somebody changed it' using errcode = 'SX001', detail = 'version "
              "7'; end $$",
              ERR_CONFLICT, "somebody changed it");
    ck_assert_str_eq(s->detail, "version 7");
    must_fail(
        s, "do $$ begin raise exception 'not yours' using errcode = 'SX002', hint = 'Ask a manager.'; end $$",
        ERR_REFUSED, "not yours. Ask a manager.");
    ck_assert_str_eq(s->detail, "");
    must_fail(s, "do $$ begin raise exception 'twice' using errcode = '40001'; end $$", ERR_CONFLICT,
              "twice");
    must_fail(s, "select cast('31/12/1999 somebody@example.org' as integer)", ERR_FAILED, "type integer");
    err e = {0};
    const store_request r = {.name = "r", .sql = "select cast('somebody@example.org' as integer)"};
    ck_assert(!s->run(s, &r, NULL, NULL, NULL, &e));
    ck_assert_ptr_null(strstr(e.text, "somebody"));
    store_close(s);
}
END_TEST

START_TEST(copy_is_no_question)
{
    store *s = fresh_store(STORE_POSTGRES, "copy");
    must_run(s, "create table v (a integer)");
    must_fail(s, "copy v to stdout", ERR_USAGE, "COPY");
    must_fail(s, "copy v from stdin", ERR_USAGE, "COPY");
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    store_close(s);
}
END_TEST

Suite *server_suite(void)
{
    Suite *suite = suite_create("server");
    TCase *tc = tcase_create("server");
    tcase_add_test(tc, a_server_that_crashes_in_a_statement_is_an_error_and_then_found_again);
    tcase_add_test(tc, a_connection_lost_while_idle_costs_no_error);
    tcase_add_test(tc, a_transaction_that_was_lost_is_never_taken_up_silently);
    tcase_add_test(tc, a_network_that_goes_silent_ends_at_the_deadline_and_at_a_stop);
    tcase_add_test(tc, a_statement_that_was_stopped_ends_on_the_server_too);
    tcase_add_test(tc, behind_a_pooler_every_statement_carries_its_settings);
    tcase_add_test(tc, behind_a_pooler_all_calls_do_what_they_do_elsewhere);
    tcase_add_test(tc, a_read_only_connection_refuses_to_write);
    tcase_add_test(tc, the_schemas_own_refusals_keep_their_words_and_kind);
    tcase_add_test(tc, copy_is_no_question);
    suite_add_tcase(suite, tc);
    return suite;
}
