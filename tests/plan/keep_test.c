/* Kept plans: versions, conflicts, sharing, and holds that are placed all or none. */
#include "suites.h"
#include "world.h"

#include "base/mem.h"
#include "base/time.h"

#include "support/pg.h"
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

static world w;

static void open_world(void)
{
    world_again(); /* what one test writes no other sees */
    world_open(&w);
}

static void close_world(void)
{
    world_close(&w);
}

static plan_doc planned(void)
{
    plan_request r = world_request();
    plan_input *in = NULL;
    tour_plan t = {0};
    tour_trouble why;
    tour_effort effort = {.iterations = 500, .seed = 1};
    plan_doc d;
    err e = {0};
    ck_assert_msg(plan_load(w.stores[0], w.catalog, w.places, &r, &in, NULL, &e), "%s", e.text);
    ck_assert_msg(tour_solve(plan_problem(in), &effort, &t, &why, &e), "%s", e.text);
    plan_describe(in, &t, 0, &d);
    tour_plan_done(&t);
    plan_input_free(in);
    return d;
}

static int count(const char *sql)
{
    char *info = mem_printf("%s dbname=plan_world", support_pg()); /* who may read the audit too */
    PGconn *pg = PQconnectdb(info);
    PGresult *r = PQexec(pg, sql);
    free(info);
    ck_assert_msg(PQresultStatus(r) == PGRES_TUPLES_OK, "%s", PQerrorMessage(pg));
    int n = atoi(PQgetvalue(r, 0, 0));
    PQclear(r);
    PQfinish(pg);
    return n;
}

START_TEST(a_kept_plan_opens_as_it_was_saved_byte_for_byte)
{
    plan_doc d = planned(), back;
    char id[64] = "";
    int64_t version = 0;
    buf one, two;
    err e = {0};
    buf_init(&one);
    buf_init(&two);
    ck_assert_msg(plan_save(w.stores[0], w.catalog, &d, NULL, 0, "Spring", "a try", id, &version, NULL, &e),
                  "%s", e.text);
    ck_assert_int_eq(version, 1);
    ck_assert_msg(plan_open(w.stores[0], w.catalog, id, 0, &back, NULL, &e), "%s", e.text);
    plan_doc_json(&d, &one);
    plan_doc_json(&back, &two);
    ck_assert_str_eq(one.data, two.data);
    ck_assert_str_eq(back.name, "Spring");
    ck_assert_str_eq(back.plan_id, id);
    plan_doc_done(&back);
    ck_assert(!plan_open(w.stores[0], w.catalog, id, 2, &back, NULL, &e) && e.kind == ERR_MISSING);
    ck_assert(!plan_open(w.stores[0], w.catalog, "nothing", 0, &back, NULL, &e) && e.kind == ERR_MISSING);
    plan_doc_done(&d);
    buf_done(&one);
    buf_done(&two);
}
END_TEST

START_TEST(who_saves_over_what_they_did_not_see_is_told_of_the_conflict)
{
    plan_doc d = planned();
    char id[64] = "", other[64] = "";
    int64_t version = 0;
    err e = {0};
    ck_assert(plan_save(w.stores[0], w.catalog, &d, NULL, 0, "Spring", "a try", id, &version, NULL, &e));
    ck_assert(plan_save(w.stores[0], w.catalog, &d, id, 1, NULL, "better", other, &version, NULL, &e));
    ck_assert_int_eq(version, 2);
    ck_assert_str_eq(other, id);
    ck_assert(!plan_save(w.stores[0], w.catalog, &d, id, 1, NULL, "late", other, &version, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_CONFLICT);
    ck_assert(!plan_save(w.stores[0], w.catalog, &d, id, 2, NULL, "  ", other, &version, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert_int_eq(count("select count(*) from showx.tour_plan_version"), 2);
    plan_doc_done(&d);
}
END_TEST

START_TEST(a_snapshot_keeps_no_plans_and_says_so)
{
    plan_doc d = planned();
    char id[64] = "";
    err e = {0};
    ck_assert(!plan_save(w.stores[1], w.catalog, &d, NULL, 0, "Spring", "a try", id, NULL, NULL, &e));
    ck_assert_msg(e.kind == ERR_REFUSED && strstr(e.text, "offline"), "%s", e.text);
    plan_doc_done(&d);
}
END_TEST

START_TEST(holds_are_placed_for_every_open_stop_or_for_none)
{
    plan_doc d = planned();
    char id[64] = "";
    int64_t version = 0;
    err e = {0};
    buf say;
    const plan_stop *free_stop = NULL;
    buf_init(&say);
    for (size_t i = 0; i < d.n; i++)
        if (!d.stops[i].appearance && d.stops[i].state == SLOT_OPEN)
            free_stop = &d.stops[i];
    ck_assert_ptr_nonnull(free_stop);
    ck_assert(plan_save(w.stores[0], w.catalog, &d, NULL, 0, "Spring", "a try", id, &version, NULL, &e));
    int before = count("select count(*) from showx.booking");
    char date[16];
    time_format_date(free_stop->day, date);
    char *taken = mem_printf("insert into booking (booking_id, artist_id, venue_id, show_date, status) "
                             "values ('x', 'a3', '%s', '%s', 'confirmed')",
                             free_stop->venue_id, date);
    world_run(taken);
    ck_assert(!plan_hold(w.stores[0], w.catalog, id, 0, 0, "go", &say, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_REFUSED);
    ck_assert_msg(strstr(say.data, date) && strstr(say.data, "the room has a confirmed show that day"), "%s",
                  say.data);
    ck_assert_int_eq(count("select count(*) from showx.booking"), before + 1);
    world_run("delete from booking where booking_id = 'x'");
    buf_clear(&say);
    ck_assert_msg(plan_hold(w.stores[0], w.catalog, id, version, 0, "go", &say, NULL, &e), "%s", e.text);
    ck_assert_int_gt(count("select count(*) from showx.booking"), before);
    ck_assert_msg(strstr(say.data, "confirmed already") && strstr(say.data, ": held, hold 1\n"), "%s",
                  say.data);
    int held = count("select count(*) from showx.booking");
    ck_assert_msg(plan_hold(w.stores[0], w.catalog, id, version, 0, "again", NULL, NULL, &e), "%s", e.text);
    ck_assert_int_eq(count("select count(*) from showx.booking"), held); /* twice is once */
    free(taken);
    plan_doc_done(&d);
    buf_done(&say);
}
END_TEST

static store *as(const char *login)
{
    char *info = mem_printf("%s user=%s", world_conninfo(), login);
    store *s = NULL;
    err e = {0};
    store_options options = {.conninfo = info};
    ck_assert_msg(store_open_postgres(&options, &s, &e) && s->connect(s, NULL, &e), "%s", e.text);
    free(info);
    return s;
}

START_TEST(a_manager_plans_around_dates_of_others_without_seeing_whose_they_are)
{
    store *mona = as("mona"), *max = as("max");
    plan_request r = world_request();
    plan_input *own = NULL, *all = NULL, *none = NULL;
    err e = {0};
    ck_assert_msg(plan_load(mona, w.catalog, w.places, &r, &own, NULL, &e), "%s", e.text);
    ck_assert(plan_load(w.stores[0], w.catalog, w.places, &r, &all, NULL, &e));
    ck_assert_uint_eq(plan_problem(own)->nslots, plan_problem(all)->nslots);
    for (size_t i = 0; i < plan_problem(own)->nslots; i++) {
        ck_assert_int_eq(plan_problem(own)->slots[i].state, plan_problem(all)->slots[i].state);
        ck_assert_int_eq(plan_problem(own)->slots[i].chance, plan_problem(all)->slots[i].chance);
    }
    tour_plan t = {0};
    tour_trouble why;
    tour_effort effort = {.iterations = 200, .seed = 1};
    buf out;
    buf_init(&out);
    ck_assert(tour_solve(plan_problem(own), &effort, &t, &why, &e));
    ck_assert(plan_why_not(own, &t, "g7", &effort, &out, NULL, &e));
    ck_assert_msg(strstr(out.data, "somebody else plays there") && !strstr(out.data, "Bea"), "%s", out.data);
    ck_assert(!plan_load(max, w.catalog, w.places, &r, &none, NULL, &e)); /* Ada is not Max's */
    tour_plan_done(&t);
    plan_input_free(own);
    plan_input_free(all);
    store_close(mona);
    store_close(max);
    buf_done(&out);
}
END_TEST

START_TEST(a_shared_plan_is_read_by_whom_it_was_shared_with)
{
    plan_doc d = planned(), back;
    char id[64] = "";
    err e = {0};
    store *max = as("max");
    ck_assert(plan_save(w.stores[0], w.catalog, &d, NULL, 0, "Spring", "a try", id, NULL, NULL, &e));
    ck_assert(!plan_open(max, w.catalog, id, 0, &back, NULL, &e));
    ck_assert_msg(plan_share(w.stores[0], w.catalog, id, "max", "he books it", NULL, &e), "%s", e.text);
    ck_assert_msg(plan_open(max, w.catalog, id, 0, &back, NULL, &e), "%s", e.text);
    ck_assert(!plan_share(w.stores[0], w.catalog, id, "nobody_there", "x", NULL, &e));
    plan_doc_done(&back);
    plan_doc_done(&d);
    store_close(max);
}
END_TEST

START_TEST(an_artists_own_figure_takes_the_companys_place)
{
    plan_request r;
    err e = {0};
    world_run("select planning_own('per_km', 'a1', 99)");
    ck_assert_msg(plan_defaults(w.stores[0], w.catalog, "a1", &r, NULL, &e), "%s", e.text);
    ck_assert_int_eq(r.prices.per_km, 99);
    ck_assert(plan_defaults(w.stores[0], w.catalog, "a3", &r, NULL, &e));
    ck_assert_int_eq(r.prices.per_km, 65); /* 0.70 USD in EUR at 1.082 */
    ck_assert_int_eq(count("select count(*) from audit.entry where relation = 'showx.planning' and key = "
                           "'per_km@a1' and reason = 'a test'"),
                     2);
    world_run("delete from planning where setting = 'rate.EUR'");
    ck_assert(!plan_defaults(w.stores[0], w.catalog, "a3", &r, NULL, &e));
    ck_assert_msg(strstr(e.text, "there is no rate for EUR"), "%s", e.text);
}
END_TEST

Suite *keep_suite(void)
{
    Suite *s = suite_create("keep");
    TCase *tc = tcase_create("keep");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, world_make, NULL);
    tcase_add_checked_fixture(tc, open_world, close_world);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_kept_plan_opens_as_it_was_saved_byte_for_byte);
    tcase_add_test(tc, who_saves_over_what_they_did_not_see_is_told_of_the_conflict);
    tcase_add_test(tc, a_snapshot_keeps_no_plans_and_says_so);
    tcase_add_test(tc, holds_are_placed_for_every_open_stop_or_for_none);
    tcase_add_test(tc, a_manager_plans_around_dates_of_others_without_seeing_whose_they_are);
    tcase_add_test(tc, a_shared_plan_is_read_by_whom_it_was_shared_with);
    tcase_add_test(tc, an_artists_own_figure_takes_the_companys_place);
    return s;
}
