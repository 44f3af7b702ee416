/* What store.h promises, held against both adapters: every test here runs once on each. */
#include "base/mem.h"
#include "base/time.h"
#include "suites.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { MANY_ROWS = 100000, LOADED_ROWS = 20000, WATCH_MEMORY = 0 }; /* their own books grow with every row */
#else
enum { MANY_ROWS = 1000000, LOADED_ROWS = 100000, WATCH_MEMORY = 1 };
#endif

static const char *const endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select "
                                   "i, 'some text to fill a row with' from n";

static store *s;

#define ON(i) s = fresh_store((store_dialect)(i), "contract")
#define OFF() store_close(s)

/* ---- values ---- */

START_TEST(values_come_back_in_their_one_form)
{
    ON(_i);
    must_run(s, _i == STORE_POSTGRES ? "create table v (t text, n bigint, x double precision, d "
                                       "numeric(10,2), b boolean, at timestamptz, day date, j jsonb)"
                                     : "create table v (t text, n bigint, x double precision, d "
                                       "numeric(10,2), b boolean, at timestamptz, day date, j jsonb)");
    const store_param p[] = {{STORE_TEXT, "Sig\xc3\xb3r R\xc3\xb3s"},
                             {STORE_INT, "-9007199254740993"},
                             {STORE_REAL, "0.1"},
                             {STORE_REAL, "12.50"},
                             {STORE_BOOL, "true"},
                             {STORE_TIME, "2026-11-22T18:10:00.500Z"},
                             {STORE_DATE, "2026-11-22"},
                             {STORE_JSON, "{\"a\": [1, \"x y\"]}"}};
    rowset_free(must_fetch(s, "insert into v values (@1, @2, @3, @4, @5, @6, @7, @8)", p, 8));
    rowset *r = must_fetch(s, "select t, n, x, d, b, at, day, j from v", NULL, 0);
    static const char *const texts[] = {"Sig\xc3\xb3r R\xc3\xb3s",
                                        "-9007199254740993",
                                        "0.1",
                                        "12.5",
                                        "true",
                                        "2026-11-22T18:10:00.500Z",
                                        "2026-11-22",
                                        "{\"a\":[1,\"x y\"]}"};
    static const store_type types[] = {STORE_TEXT, STORE_INT,  STORE_REAL, STORE_REAL,
                                       STORE_BOOL, STORE_TIME, STORE_DATE, STORE_JSON};
    ck_assert_uint_eq(r->ncolumns, 8);
    ck_assert_uint_eq(r->nrows, 1);
    for (size_t i = 0; i < 8; i++) {
        ck_assert_str_eq(rowset_cell(r, 0, i)->text, texts[i]);
        ck_assert_uint_eq(rowset_cell(r, 0, i)->len, strlen(texts[i]));
        ck_assert_int_eq((int)r->columns[i].type, (int)types[i]);
    }
    ck_assert_int_eq(rowset_column(r, "day"), 6);
    ck_assert_int_eq(rowset_column(r, "night"), -1);
    rowset_free(r);
    OFF();
}
END_TEST

START_TEST(null_is_null_and_empty_is_empty)
{
    ON(_i);
    const store_param p[] = {{STORE_TEXT, NULL}, {STORE_TEXT, ""}, {STORE_INT, NULL}, {STORE_BOOL, "false"}};
    must_run(s, "create table v (a text, b text, c bigint, d boolean)");
    rowset_free(must_fetch(s, "insert into v values (@1, @2, @3, @4)", p, 4));
    rowset *r = must_fetch(s, "select a, b, c, d from v", NULL, 0);
    ck_assert_ptr_null(rowset_cell(r, 0, 0)->text);
    ck_assert_str_eq(rowset_cell(r, 0, 1)->text, "");
    ck_assert_ptr_null(rowset_cell(r, 0, 2)->text);
    ck_assert_str_eq(rowset_cell(r, 0, 3)->text, "false");
    rowset_free(r);
    OFF();
}
END_TEST

START_TEST(expressions_have_the_type_of_their_value)
{
    ON(_i);
    rowset *r = must_fetch(
        s, "select 7 as n, cast(1.5 as double precision) as x, cast('t' as text) as t, bool(1) as b", NULL,
        0);
    ck_assert_int_eq((int)r->columns[0].type, STORE_INT);
    ck_assert_int_eq((int)r->columns[1].type, STORE_REAL);
    ck_assert_int_eq((int)r->columns[2].type, STORE_TEXT);
    ck_assert_str_eq(rowset_cell(r, 0, 3)->text, "true");
    rowset_free(r);
    OFF();
}
END_TEST

START_TEST(parameters_stay_data_whatever_they_say)
{
    static const char *const hostile[] = {
        "'; drop table v; --",
        "\" or \"\"=\"",
        "$1 ?1 :name {{page}}",
        "\\'; select 1; --",
        "x'); delete from v; --",
        "%s%n%d",
        ("\xe2\x80\xae"
         "gnp.exe"),
        "a\nb\tc\rd",
        "$$ $tag$ $$",
        "\\N",
        "0x00",
        "NULL",
    };
    ON(_i);
    must_run(s, "create table v (k integer, t text)");
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char k[16];
        snprintf(k, sizeof k, "%zu", i);
        const store_param p[] = {{STORE_INT, k}, {STORE_TEXT, hostile[i]}};
        rowset_free(must_fetch(s, "insert into v (k, t) values (@1, @2)", p, 2));
        rowset *r = must_fetch(s, "select t from v where k = @1 and t = @2", p, 2);
        ck_assert_uint_eq(r->nrows, 1);
        ck_assert_str_eq(rowset_cell(r, 0, 0)->text, hostile[i]);
        rowset_free(r);
    }
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "12");
    OFF();
}
END_TEST

/* ---- results ---- */

typedef struct watching {
    int64_t rows, heads;
    long first_kb, most_kb;
    stop *ask;
    int64_t asked_ms, stop_at;
} watching;

static long resident_kb(void)
{
    long whole, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    ck_assert(f && fscanf(f, "%ld %ld", &whole, &pages) == 2);
    fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static bool watch_head(void *ctx, const store_column *c, size_t n, err *e)
{
    (void)c, (void)e;
    ((watching *)ctx)->heads += n > 0;
    return true;
}

static bool watch_row(void *ctx, const store_cell *cells, size_t n, err *e)
{
    watching *w = ctx;
    (void)e;
    ck_assert(n > 0 && cells[0].text);
    w->rows++;
    if (w->rows % 1000 == 0) {
        long now = resident_kb();
        w->first_kb = w->first_kb ? w->first_kb : now;
        w->most_kb = now > w->most_kb ? now : w->most_kb;
    }
    if (w->ask && w->rows == w->stop_at) {
        w->asked_ms = time_mono_ms();
        stop_ask(w->ask);
    }
    return true;
}

static store_sink watch(watching *w)
{
    return (store_sink){watch_head, watch_row, w};
}

START_TEST(a_long_result_streams_in_the_memory_of_one_row)
{
    char sql[256];
    ON(_i);
    snprintf(sql, sizeof sql,
             "with recursive n (i) as (select 1 union all select i + 1 from n where i < %d) "
             "select i, 'a line of some eighty characters, so that a whole result would show in memory at "
             "once' from n",
             MANY_ROWS);
    watching w = {0};
    const store_sink sink = watch(&w);
    const store_request r = {.name = "long", .sql = sql};
    int64_t affected = 0;
    must(s->run(s, &r, &sink, &affected, NULL, E));
    ck_assert_int_eq(w.rows, MANY_ROWS);
    ck_assert_int_eq(affected, MANY_ROWS);
    ck_assert_int_eq(w.heads, 1);
    if (WATCH_MEMORY)
        ck_assert_msg(w.most_kb - w.first_kb < 8192, "grew by %ld kB", w.most_kb - w.first_kb);
    OFF();
}
END_TEST

START_TEST(columns_are_told_once_also_when_no_row_comes)
{
    ON(_i);
    watching w = {0};
    const store_sink sink = watch(&w);
    const store_request r = {.name = "none", .sql = "select 1 as a, 2 as b where 1 = 0"};
    must(s->run(s, &r, &sink, NULL, NULL, E));
    ck_assert_int_eq(w.heads, 1);
    ck_assert_int_eq(w.rows, 0);
    rowset *rows = must_fetch(s, r.sql, NULL, 0);
    ck_assert_uint_eq(rows->ncolumns, 2);
    rowset_free(rows);
    OFF();
}
END_TEST

START_TEST(affected_rows_are_counted)
{
    ON(_i);
    int64_t n = -1;
    must_run(s, "create table v (a integer)");
    must_run(s, "insert into v values (1), (2), (3)");
    const store_request r = {.name = "u", .sql = "update v set a = a + 1 where a > 1"};
    must(s->run(s, &r, NULL, &n, NULL, E));
    ck_assert_int_eq(n, 2);
    OFF();
}
END_TEST

START_TEST(a_page_takes_what_it_wants_and_says_that_there_is_more)
{
    ON(_i);
    const store_request few = {.name = "few",
                               .sql = "select 1 union all select 2 union all select 3 order by 1"};
    const store_request all = {.name = "endless", .sql = endless};
    rowset *r = NULL;
    must(store_fetch(s, &few, 2, &r, NULL, E));
    ck_assert(r->nrows == 2 && r->more);
    rowset_free(r);
    must(store_fetch(s, &few, 3, &r, NULL, E));
    ck_assert(r->nrows == 3 && !r->more);
    rowset_free(r);
    must(store_fetch(s, &all, 5000, &r, NULL, E)); /* ends a statement that would not end */
    ck_assert(r->nrows == 5000 && r->more);
    ck_assert_str_eq(rowset_cell(r, 4999, 0)->text, "5000");
    rowset_free(r);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

static bool refuse_row(void *ctx, const store_cell *cells, size_t n, err *e)
{
    (void)ctx, (void)cells, (void)n;
    return err_set(e, ERR_INPUT, "the sink had enough");
}

static bool refuse_head(void *ctx, const store_column *c, size_t n, err *e)
{
    (void)ctx, (void)c, (void)n;
    return err_set(e, ERR_INPUT, "the sink wants no such columns");
}

START_TEST(a_sink_that_has_enough_ends_the_statement)
{
    ON(_i);
    err e = {0};
    const store_request r = {.name = "endless", .sql = endless};
    const store_sink rows = {NULL, refuse_row, NULL}, heads = {refuse_head, refuse_row, NULL};
    ck_assert(!s->run(s, &r, &rows, NULL, NULL, &e));
    ck_assert_str_eq(e.text, "the sink had enough");
    ck_assert(!s->run(s, &r, &heads, NULL, NULL, &e));
    ck_assert_str_eq(e.text, "the sink wants no such columns");
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

START_TEST(describing_gives_the_columns_and_runs_nothing)
{
    ON(_i);
    watching w = {0};
    const store_sink sink = watch(&w);
    must_run(s, "create table v (a integer)");
    const store_param p[] = {{STORE_INT, "1"}};
    const char *insert = _i == STORE_POSTGRES ? "insert into v values ($1) returning a"
                                              : "insert into v values (?1) returning a";
    const store_request r = {.name = "q", .sql = insert, .params = p, .nparams = 1};
    must(s->describe(s, &r, &sink, NULL, E));
    ck_assert_int_eq(w.heads, 1);
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    const store_request wrong = {.name = "queries/wrong.sql", .sql = "select nothing_there from v"};
    err e = {0};
    ck_assert(!s->describe(s, &wrong, &sink, NULL, &e));
    ck_assert(strstr(e.text, "queries/wrong.sql") && strstr(e.text, "nothing_there"));
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

/* ---- stopping ---- */

START_TEST(a_stop_in_the_middle_of_a_result_ends_it)
{
    ON(_i);
    stop st;
    must(stop_init(&st, 0, E));
    watching w = {.ask = &st, .stop_at = 20000};
    const store_sink sink = watch(&w);
    const store_request r = {.name = "endless", .sql = endless};
    err e = {0};
    ck_assert(!s->run(s, &r, &sink, NULL, &st, &e));
    printf("      stopped after %lld ms\n", (long long)(time_mono_ms() - w.asked_ms));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    ck_assert(strstr(e.text, "endless") != NULL);
    ck_assert_int_eq(w.rows, 20000); /* not one more was handed on */
    stop_done(&st);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

static const char *const silent = /* works for ever and says nothing */
    "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n";

START_TEST(a_stop_from_another_thread_ends_what_says_nothing)
{
    ON(_i);
    stop st;
    asker a;
    err e = {0};
    must(stop_init(&st, 0, E));
    const store_request r = {.name = "silent", .sql = silent};
    asker_start(&a, &st, 100);
    ck_assert(!s->run(s, &r, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    asker_join(&a);
    stop_done(&st);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

START_TEST(a_deadline_ends_what_takes_too_long)
{
    ON(_i);
    stop st;
    err e = {0};
    must(s->connect(s, NULL, E));
    must(stop_init(&st, 100, E));
    const store_request r = {.name = "silent", .sql = silent};
    ck_assert(!s->run(s, &r, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_TIMEOUT);
    stop_done(&st);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

START_TEST(what_was_stopped_before_it_began_does_not_begin)
{
    ON(_i);
    stop st;
    err e = {0};
    must_run(s, "create table v (a integer)");
    must(stop_init(&st, 0, E));
    stop_ask(&st);
    const store_request r = {.name = "insert", .sql = "insert into v values (1)"};
    ck_assert(!s->run(s, &r, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    ck_assert(!s->begin(s, false, &st, &e));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    stop_done(&st);
    OFF();
}
END_TEST

/* ---- errors ---- */

START_TEST(a_wrong_statement_is_named_by_its_file)
{
    ON(_i);
    must_fail(s, "selec 1", ERR_FAILED, "queries/wrong.sql: ");
    must_fail(s, "select * from no_such_table", ERR_FAILED, "no_such_table");
    must_fail(s, "select 1; select 2", ERR_FAILED, "queries/wrong.sql: ");
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

START_TEST(a_constraint_refuses_without_showing_the_row)
{
    ON(_i);
    must_run(s, "create table v (a integer primary key, t text not null check (length(t) < 12))");
    must_run(s, "insert into v values (1, 'x')");
    must_fail(s, "insert into v values (1, 'somebody@example.org')", ERR_REFUSED, "queries/wrong.sql: ");
    err e = {0};
    const store_request r = {.name = "r", .sql = "insert into v values (2, 'a secret word')"};
    ck_assert(!s->run(s, &r, NULL, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_REFUSED);
    ck_assert_ptr_null(strstr(e.text, "secret"));
    ck_assert_ptr_null(strstr(e.text, "Failing row"));
    OFF();
}
END_TEST

/* ---- transactions ---- */

START_TEST(a_transaction_is_whole_or_not_at_all)
{
    ON(_i);
    must_run(s, "create table v (a integer)");
    must(s->begin(s, false, NULL, E));
    must_run(s, "insert into v values (1)");
    must(s->rollback(s, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    must(s->begin(s, false, NULL, E));
    must_run(s, "insert into v values (1)");
    must(s->commit(s, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "1");
    OFF();
}
END_TEST

START_TEST(a_failure_spoils_its_transaction)
{
    ON(_i);
    err e = {0};
    must_run(s, "create table v (a integer)");
    must(s->begin(s, false, NULL, E));
    must_run(s, "insert into v values (1)");
    must_fail(s, "select * from no_such_table", ERR_FAILED, "no_such_table");
    must_fail(s, "insert into v values (2)", ERR_FAILED, "rolled back");
    ck_assert(!s->commit(s, NULL, &e));
    ck_assert(strstr(e.text, "rolled back") != NULL);
    must(s->rollback(s, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    OFF();
}
END_TEST

START_TEST(transactions_do_not_nest_and_need_a_beginning)
{
    ON(_i);
    err e = {0};
    must(s->begin(s, false, NULL, E));
    ck_assert(!s->begin(s, false, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    must(s->rollback(s, NULL, E));
    must(s->rollback(s, NULL, E)); /* harmless, so that cleaning up needs no question */
    ck_assert(!s->commit(s, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    OFF();
}
END_TEST

START_TEST(a_reading_transaction_refuses_to_write_and_sees_one_moment)
{
    ON(_i);
    must_run(s, "create table v (a integer)");
    must_run(s, "insert into v values (1)");
    must(s->begin(s, true, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "1");
    must_fail(s, "insert into v values (2)", ERR_REFUSED, "queries/wrong.sql: ");
    must(s->rollback(s, NULL, E));
    must_run(s, "insert into v values (3)");
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "2");
    OFF();
}
END_TEST

START_TEST(a_stopped_statement_leaves_a_transaction_that_can_be_rolled_back)
{
    ON(_i);
    stop st;
    err e = {0};
    must_run(s, "create table v (a integer)");
    must(s->begin(s, false, NULL, E));
    must_run(s, "insert into v values (1)");
    must(stop_init(&st, 100, E));
    const store_request r = {.name = "silent", .sql = silent};
    ck_assert(!s->run(s, &r, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_TIMEOUT);
    must(s->rollback(s, NULL, E));
    stop_done(&st);
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    OFF();
}
END_TEST

/* ---- loading ---- */

typedef struct feeding {
    int64_t next, last, fail_at, ask_at;
    stop *ask;
    char number[24], text[64];
} feeding;

static bool feed_row(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    feeding *f = ctx;
    ck_assert_uint_eq(n, 3);
    if (f->fail_at && f->next == f->fail_at)
        return err_set(e, ERR_INPUT, "record %lld is broken", (long long)f->next);
    if (f->ask && f->next == f->ask_at)
        stop_ask(f->ask);
    *ret_more = f->next <= f->last;
    if (!*ret_more)
        return true;
    snprintf(f->number, sizeof f->number, "%lld", (long long)f->next);
    snprintf(f->text, sizeof f->text, "tab\t line\n back\\slash \\N \r %lld", (long long)f->next);
    cells[0] = (store_cell){f->number, strlen(f->number)};
    cells[1] = (store_cell){f->text, strlen(f->text)};
    cells[2] = f->next % 2 ? (store_cell){NULL, 0} : (store_cell){"", 0};
    f->next++;
    return true;
}

static store_request load_request(int dialect)
{
    return (store_request){.name = "load",
                           .sql = dialect == STORE_POSTGRES ? "copy v (a, t, u) from stdin"
                                                            : "insert into v (a, t, u) values (?1, ?2, ?3)"};
}

START_TEST(a_load_keeps_every_row_to_the_byte)
{
    ON(_i);
    int64_t rows = 0;
    feeding f = {.next = 1, .last = LOADED_ROWS};
    const store_feed feed = {feed_row, &f};
    const store_request r = load_request(_i);
    must_run(s, "create table v (a integer, t text, u text)");
    must(s->load(s, &r, 3, &feed, &rows, NULL, E));
    ck_assert_int_eq(rows, LOADED_ROWS);
    rowset *back = must_fetch(s, "select a, t, u from v where a in (1, 7778) order by a", NULL, 0);
    ck_assert_str_eq(rowset_cell(back, 0, 1)->text, "tab\t line\n back\\slash \\N \r 1");
    ck_assert_ptr_null(rowset_cell(back, 0, 2)->text);
    ck_assert_str_eq(rowset_cell(back, 1, 1)->text, "tab\t line\n back\\slash \\N \r 7778");
    ck_assert_str_eq(rowset_cell(back, 1, 2)->text, "");
    rowset_free(back);
    char all[24];
    snprintf(all, sizeof all, "%d", LOADED_ROWS);
    ck_assert_str_eq(must_ask(s, "select count(distinct a) from v"), all);
    OFF();
}
END_TEST

START_TEST(a_load_whose_feed_fails_leaves_nothing)
{
    ON(_i);
    err e = {0};
    feeding f = {.next = 1, .last = 5000, .fail_at = 4000};
    const store_feed feed = {feed_row, &f};
    const store_request r = load_request(_i);
    must_run(s, "create table v (a integer, t text, u text)");
    ck_assert(!s->load(s, &r, 3, &feed, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_INPUT);
    ck_assert(strstr(e.text, "record 4000 is broken") != NULL);
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    OFF();
}
END_TEST

START_TEST(a_load_can_be_stopped)
{
    ON(_i);
    err e = {0};
    stop st;
    must(stop_init(&st, 0, E));
    feeding f = {.next = 1, .last = INT64_MAX, .ask_at = 3000, .ask = &st};
    const store_feed feed = {feed_row, &f};
    const store_request r = load_request(_i);
    must_run(s, "create table v (a integer, t text, u text)");
    ck_assert(!s->load(s, &r, 3, &feed, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    stop_done(&st);
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    OFF();
}
END_TEST

START_TEST(a_load_that_the_store_refuses_leaves_nothing)
{
    ON(_i);
    err e = {0};
    feeding f = {.next = 1, .last = 2000};
    const store_feed feed = {feed_row, &f};
    const store_request r = load_request(_i);
    must_run(s, "create table v (a integer check (a < 1500), t text, u text)");
    ck_assert(!s->load(s, &r, 3, &feed, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_REFUSED);
    ck_assert(strstr(e.text, "load") && !strstr(e.text, "slash"));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    const store_request not_one = {.name = "load", .sql = "select 1"};
    feeding again = {.next = 1, .last = 3};
    const store_feed feed_again = {feed_row, &again};
    ck_assert(!s->load(s, &not_one, 3, &feed_again, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    OFF();
}
END_TEST

START_TEST(a_load_belongs_to_the_transaction_it_stands_in)
{
    ON(_i);
    feeding f = {.next = 1, .last = 10};
    const store_feed feed = {feed_row, &f};
    const store_request r = load_request(_i);
    must_run(s, "create table v (a integer, t text, u text)");
    must(s->begin(s, false, NULL, E));
    must(s->load(s, &r, 3, &feed, NULL, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "10");
    must(s->rollback(s, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    OFF();
}
END_TEST

START_TEST(a_script_runs_all_its_statements)
{
    ON(_i);
    const store_request r = {.name = "script",
                             .sql = "create table v (a integer); insert into v values (1); select * from v;\n"
                                    "insert into v values (2);",
                             .script = true};
    must(s->run(s, &r, NULL, NULL, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "2");
    const store_request broken = {
        .name = "migrations/x.sql", .sql = "insert into v values (3);\nnonsense;", .script = true};
    err e = {0};
    must(s->begin(s, false, NULL, E));
    ck_assert(!s->run(s, &broken, NULL, NULL, NULL, &e));
    ck_assert(strstr(e.text, "migrations/x.sql") != NULL);
    must(s->rollback(s, NULL, E));
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "2");
    OFF();
}
END_TEST

Suite *contract_suite(void)
{
    Suite *suite = suite_create("contract");
    TCase *tc = tcase_create("contract");
#define EACH(test) tcase_add_loop_test(tc, test, STORE_POSTGRES, STORE_SQLITE + 1)
    EACH(values_come_back_in_their_one_form);
    EACH(null_is_null_and_empty_is_empty);
    EACH(expressions_have_the_type_of_their_value);
    EACH(parameters_stay_data_whatever_they_say);
    EACH(a_long_result_streams_in_the_memory_of_one_row);
    EACH(columns_are_told_once_also_when_no_row_comes);
    EACH(affected_rows_are_counted);
    EACH(a_page_takes_what_it_wants_and_says_that_there_is_more);
    EACH(a_sink_that_has_enough_ends_the_statement);
    EACH(describing_gives_the_columns_and_runs_nothing);
    EACH(a_stop_in_the_middle_of_a_result_ends_it);
    EACH(a_stop_from_another_thread_ends_what_says_nothing);
    EACH(a_deadline_ends_what_takes_too_long);
    EACH(what_was_stopped_before_it_began_does_not_begin);
    EACH(a_wrong_statement_is_named_by_its_file);
    EACH(a_constraint_refuses_without_showing_the_row);
    EACH(a_transaction_is_whole_or_not_at_all);
    EACH(a_failure_spoils_its_transaction);
    EACH(transactions_do_not_nest_and_need_a_beginning);
    EACH(a_reading_transaction_refuses_to_write_and_sees_one_moment);
    EACH(a_stopped_statement_leaves_a_transaction_that_can_be_rolled_back);
    EACH(a_load_keeps_every_row_to_the_byte);
    EACH(a_load_whose_feed_fails_leaves_nothing);
    EACH(a_load_can_be_stopped);
    EACH(a_load_that_the_store_refuses_leaves_nothing);
    EACH(a_load_belongs_to_the_transaction_it_stands_in);
    EACH(a_script_runs_all_its_statements);
    suite_add_tcase(suite, tc);
    return suite;
}
