/* The demo from nothing, and again; and its end. */
#include "e2e/read.h"
#include "e2e/suites.h"

#include "base/mem.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static json_t *status(void)
{
    const outcome *o = showx("demo", "status", "--json");
    ck_assert_int_eq(o->code, 0);
    json_t *rows = read_json_lines(o->out, o->nout);
    ck_assert_uint_eq(json_array_size(rows), 1);
    json_t *row = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    return row;
}

START_TEST(a_demo_starts_from_nothing)
{
    const outcome *o = drive_first_start;
    ck_assert_msg(o->code == 0, "%s", o->messages);
    ck_assert_str_eq(o->out, "");
    ck_assert_ptr_nonnull(strstr(o->messages, "documents become rows"));
    ck_assert_ptr_nonnull(strstr(o->messages, "running at scale 0.1"));
}
END_TEST

START_TEST(its_status_names_size_and_conninfo)
{
    json_t *s = status();
    ck_assert(json_is_true(json_object_get(s, "running")));
    ck_assert(json_is_true(json_object_get(s, "ready")));
    ck_assert(json_number_value(json_object_get(s, "scale")) == 0.1);
    ck_assert_str_eq(sql_as(str_of(s, "conninfo"), "select count(*) > 100 from showx.fan"), "t");
    const outcome *o = showx("demo", "status");
    ck_assert_ptr_nonnull(strstr(o->out, "running at scale 0.1"));
    ck_assert_ptr_nonnull(strstr(o->out, str_of(s, "conninfo")));
    json_decref(s);
}
END_TEST

/* Making it anew would give the loads new numbers and take this table away. */
START_TEST(a_second_start_makes_nothing_anew)
{
    sql("create table public.still_here as select 1");
    const outcome *o = showx("demo", "start");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    ck_assert_ptr_null(strstr(o->messages, "a private Postgres"));
    const outcome *same = showx("demo", "start", "--scale", "0.1");
    ck_assert_int_eq(same->code, 0);
    ck_assert_str_eq(sql("select to_regclass('public.still_here') is not null"), "t");
    sql("drop table public.still_here");
    ck_assert_int_eq(sql_count("select count(*) from migration.load"), 1);
}
END_TEST

START_TEST(two_starts_at_once_both_succeed)
{
    driven *a = showx_start(NULL, "demo", "start"), *b = showx_start(NULL, "demo", "start");
    const outcome *one = drive_finish(a), *two = drive_finish(b);
    ck_assert_msg(one->code == 0 && two->code == 0, "%s%s", one->messages, two->messages);
}
END_TEST

START_TEST(stop_and_start_keep_the_data)
{
    char *before = sql("select count(*), sum(version) from showx.fan");
    const outcome *stop = showx("demo", "stop");
    ck_assert_msg(stop->code == 0, "%s", stop->messages);
    json_t *s = status();
    ck_assert(json_is_false(json_object_get(s, "running")));
    ck_assert(json_is_true(json_object_get(s, "ready")));
    ck_assert(json_is_null(json_object_get(s, "conninfo")));
    json_decref(s);
    const outcome *gone = showx("artists", "--json");
    ck_assert_int_eq(gone->code, 3);
    ck_assert_ptr_nonnull(strstr(gone->messages, "demo start"));
    ck_assert_int_eq(showx("demo", "stop")->code, 0); /* twice is fine */
    ck_assert_int_eq(showx("demo", "start")->code, 0);
    ck_assert_str_eq(sql("select count(*), sum(version) from showx.fan"), before);
}
END_TEST

START_TEST(a_size_that_is_none_is_refused)
{
    static const char *const sizes[] = {"0", "-1", "1e9", "many", "", "nan"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const outcome *o = showx("demo", "start", "--scale", sizes[i]);
        ck_assert_msg(o->code == 2, "--scale '%s' ended with %d", sizes[i], o->code);
        ck_assert_uint_eq(count_lines(o->messages), 1);
    }
    ck_assert_int_eq(sql_count("select count(*) from migration.load"), 1);
}
END_TEST

START_TEST(a_demo_without_a_terminal_prints_its_screens)
{
    const outcome *o = showx("demo");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    static const char *const titles[] = {"== Today", "== Artists", "== Concerts",
                                         "== Fans",  "== Venues",  "== Orders"};
    for (size_t i = 1; i < sizeof titles / sizeof *titles; i++)
        ck_assert_msg(strstr(o->out, titles[i]) != NULL, "no %s", titles[i]);
    assert_harmless(o->out, o->nout, "demo");
}
END_TEST

/* ---- the end ---- */

START_TEST(reset_leaves_nothing_behind)
{
    char *place = drive_path("demo/place");
    buf text;
    buf_init(&text);
    ck_assert(path_read(place, 4096, &text, NULL));
    char *data = drive_keep(mem_strn(text.data, strcspn(text.data, "\n")));
    buf_done(&text);
    struct stat st;
    ck_assert_int_eq(stat(data, &st), 0);
    const outcome *o = showx("demo", "reset");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    ck_assert_int_ne(stat(data, &st), 0);
    ck_assert_int_ne(stat(place, &st), 0);
    json_t *s = status();
    ck_assert(json_is_false(json_object_get(s, "running")) && json_is_false(json_object_get(s, "ready")));
    json_decref(s);
    ck_assert_ptr_nonnull(strstr(showx("demo", "status")->out, "not made yet"));
    ck_assert_int_eq(showx("home")->code, 3);
    ck_assert_int_eq(showx("demo", "reset")->code, 0); /* twice is fine */
}
END_TEST

Suite *suite_demo(void)
{
    Suite *s = suite_create("demo");
    TCase *tc = e2e_case(s, "demo");
    tcase_add_test(tc, a_demo_starts_from_nothing);
    tcase_add_test(tc, its_status_names_size_and_conninfo);
    tcase_add_test(tc, a_second_start_makes_nothing_anew);
    tcase_add_test(tc, two_starts_at_once_both_succeed);
    tcase_add_test(tc, stop_and_start_keep_the_data);
    tcase_add_test(tc, a_size_that_is_none_is_refused);
    tcase_add_test(tc, a_demo_without_a_terminal_prints_its_screens);
    return s;
}

Suite *suite_end(void)
{
    Suite *s = suite_create("end");
    TCase *tc = e2e_case(s, "end");
    tcase_add_test(tc, reset_leaves_nothing_behind);
    return s;
}
