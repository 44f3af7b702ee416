/* Plans: kept version by version, shared to be read, and held all or not at all. */
#include "shop.h"
#include <string.h>

Suite *plans_suite(void);

/* Two shows and a day in Austin without one: v3 on 2030-06-10, v2 on 2030-07-20. */
#define STOPS                                                                                                \
    "'[{\"date\":\"2030-07-20\",\"city_id\":\"austin\",\"venue_id\":\"v2\",\"appearance\":false,"            \
    "\"net\":200},"                                                                                          \
    "{\"date\":\"2030-06-10\",\"city_id\":\"dallas\",\"venue_id\":\"v3\",\"net\":100},"                      \
    "{\"date\":\"2030-06-15\",\"city_id\":\"austin\",\"venue_id\":\"\",\"appearance\":true}]'"

static void save_first(PGconn *c)
{
    done(c, "select showx.plan_save(null, 'a1', 'Summer', 0, '{\"n\": 1}', '{\"currency\": \"EUR\"}', " STOPS
            ")");
}

static const char *plan_id(PGconn *c)
{
    return ask(c, "select plan_id from showx.tour_plan");
}

static const char *counts(void)
{
    return ask(as("anna"), "select concat_ws(' ', (select count(*) from showx.booking where artist_id = 'a1' "
                           "and show_date > '2030-05-31'), (select count(*) from showx.tour), (select "
                           "count(*) from showx.tour_plan_stop where booking_id is not null))");
}

START_TEST(a_save_appends_a_version_that_stands)
{
    PGconn *mona = as("mona");
    save_first(mona);
    done(mona, "select showx.plan_save('%s', 'a1', null, 1, '{}', '{\"mid\": 7}', '[]')", plan_id(mona));
    ck_assert_str_eq(ask(mona, "select string_agg(concat_ws(' ', plan_version, total, currency, shows, "
                               "from_date, until_date, made_by, reason), ', ' order by plan_version) from "
                               "showx.tour_plan_version"),
                     "1 300 EUR 2 2030-06-10 2030-07-20 mona a test, 2 7 USD 0 mona a test");
    ck_assert_str_eq(ask(mona, "select concat_ws(' ', name, newest) from showx.tour_plan"), "Summer 2");
    ck_assert_str_eq(ask(mona, "select string_agg(concat_ws(' ', position, stop_date, city_id, venue_id, "
                               "appearance, net), ', ' order by position) from showx.tour_plan_stop"),
                     "1 2030-06-10 dallas v3 f 100, 2 2030-06-15 austin t 0, 3 2030-07-20 austin v2 f 200");
    refused(as("shop"), "SX002", "a version of a plan is not changed",
            "update showx.tour_plan_version set total = 1");
    refused(as("shop"), "SX002", "a version of a plan is not changed",
            "update showx.tour_plan_stop set net = 1");
    refused(as("anna"), "42501", "permission denied", "delete from showx.tour_plan_version");
}
END_TEST

START_TEST(a_plan_that_makes_no_sense_is_refused)
{
    PGconn *mona = as("mona");
    refused(mona, "SX003", "there is no artist a3",
            "select showx.plan_save(null, 'a3', 'X', 0, '{}', '{}', '[]')");
    refused(mona, "SX002", "a new plan needs a name",
            "select showx.plan_save(null, 'a1', ' ', 0, '{}', '{}', '[]')");
    refused(mona, "SX003", "stop 1 of the plan",
            "select showx.plan_save(null, 'a1', 'X', 0, '{}', '{}', '[{\"date\": \"2030-06-10\", "
            "\"city_id\": \"mars\"}]')");
    refused(mona, "SX003", "there is no plan x",
            "select showx.plan_save('x', 'a1', 'X', 1, '{}', '{}', '[]')");
    save_first(mona);
    refused(mona, "SX002", "is another artist's",
            "select showx.plan_save('%s', 'a2', 'X', 1, '{}', '{}', '[]')", plan_id(mona));
}
END_TEST

START_TEST(of_two_who_save_one_plan_the_second_is_told)
{
    PGconn *mona = as("mona"), *anna = as("anna");
    save_first(mona);
    const char *id = plan_id(mona);
    char second[512];
    ok(mona,
       "begin; select set_config('showx.reason', 'r', true); select showx.plan_save('%s', 'a1', null, "
       "1, '{}', '{}', '[]')",
       id);
    ok(anna, "begin; select set_config('showx.reason', 'r', true)");
    snprintf(second, sizeof second, "select showx.plan_save('%s', 'a1', null, 1, '{}', '{}', '[]')", id);
    ck_assert_int_eq(PQsendQuery(anna, second), 1); /* before the first has committed */
    ok(mona, "commit");
    PGresult *r = PQgetResult(anna);
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "SX001");
    const char *told = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);
    ck_assert_ptr_nonnull(strstr(told, "\"version\": 2"));
    ck_assert_ptr_nonnull(strstr(told, "\"updated_by\": \"mona\""));
    PQclear(r);
    PQclear(PQgetResult(anna));
    ok(anna, "rollback");
    ck_assert_str_eq(ask(anna, "select count(*) from showx.tour_plan_version"), "2");
    done(anna, "select showx.plan_save('%s', 'a1', null, 2, '{}', '{}', '[]')", id); /* having looked again */
}
END_TEST

START_TEST(who_it_is_shared_with_reads_and_does_not_write)
{
    PGconn *mona = as("mona"), *max = as("max");
    save_first(mona);
    const char *id = plan_id(mona);
    ck_assert_str_eq(plan_id(max), "");
    refused(mona, "SX003", "no login 'nobody' that may use showx", "select showx.plan_share('%s', 'nobody')",
            id);
    refused(max, "SX003", "there is no plan", "select showx.plan_share('%s', 'max')", id);
    done(mona, "select showx.plan_share('%s', 'max')", id);
    ck_assert_str_eq(plan_id(max), id);
    ck_assert_str_eq(ask(max, "select count(*) from showx.tour_plan_stop"), "3");
    ck_assert_str_eq(ask(max, "select count(*) from showx.tour_plan_version"), "1");
    refused(max, "SX003", "there is no plan", "select showx.plan_save('%s', 'a1', null, 1, '{}', '{}', '[]')",
            id);
    refused(max, "SX003", "there is no plan", "select showx.plan_rename('%s', 'Mine', 2)", id);
    refused(max, "SX003", "there is no plan", "select * from showx.plan_hold('%s', 1)", id);
    done(mona, "select showx.plan_unshare('%s', 'max')", id);
    ck_assert_str_eq(plan_id(max), "");
    refused(as("rita"), "42501", "permission denied", "select showx.plan_share('%s', 'rita')", id);
}
END_TEST

START_TEST(a_plan_is_renamed_by_the_version_that_was_seen)
{
    PGconn *mona = as("mona");
    save_first(mona);
    done(mona, "select showx.plan_rename(plan_id, 'Autumn', version) from showx.tour_plan");
    refused(mona, "SX001", "was changed by somebody else",
            "select showx.plan_rename(plan_id, 'Winter', version - 1) from showx.tour_plan");
    ck_assert_str_eq(ask(mona, "select name from showx.tour_plan"), "Autumn");
}
END_TEST

START_TEST(every_show_is_held_once_and_for_all)
{
    PGconn *mona = as("mona");
    save_first(mona);
    const char *id = plan_id(mona);
    ck_assert_str_eq(counts(), "0 2 0");
    done(mona, "select * from showx.plan_hold('%s', 1, '2030-01-01Z')", id);
    ck_assert_str_eq(counts(), "2 3 2");
    ck_assert_str_eq(ask(mona, "select string_agg(concat_ws(' ', venue_id, show_date, status, hold_rank, "
                               "expires_at is not null, tour_id = (select tour_id from showx.tour_plan)), "
                               "', ' order by show_date) from showx.booking where show_date > '2030-05-31'"),
                     "v3 2030-06-10 hold 1 t t, v2 2030-07-20 hold 1 t t");
    ck_assert_str_eq(ask(mona,
                         "select concat_ws(' ', t.name, t.status, t.starts_on, t.ends_on, (select "
                         "count(*) from showx.tour_stop s where s.tour_id = t.tour_id)) from showx.tour "
                         "t join showx.tour_plan using (tour_id)"),
                     "Summer planned 2030-06-10 2030-07-20 3");
    const char *before = ask(as("anna"), "select count(*) from audit.entry");
    ok(mona, "begin; select set_config('showx.reason', 'again', true)");
    ck_assert_str_eq(ask(mona,
                         "select string_agg(done, ', ' order by stop_position) from "
                         "showx.plan_hold('%s', 1, '2030-01-01Z')",
                         id),
                     "held already, appearance, held already");
    ok(mona, "commit");
    ck_assert_str_eq(counts(), "2 3 2");
    ck_assert_str_eq(ask(as("anna"), "select count(*) from audit.entry"), before); /* nothing was changed */
}
END_TEST

START_TEST(a_hold_of_a_plan_ranks_behind_those_that_stand)
{
    PGconn *mona = as("mona");
    save_first(mona);
    done(as("anna"), "select showx.booking_hold('first', 'a3', 'v3', '2030-06-10')");
    done(mona, "select * from showx.plan_hold('%s', null)", plan_id(mona));
    ck_assert_str_eq(ask(mona, "select hold_rank from showx.booking where show_date = '2030-06-10'"), "2");
}
END_TEST

/* What makes the stop of 2030-07-20 in v2 impossible, and the rule that says so. */
static const struct {
    const char *set_up, *rule, *words;
} obstacles[] = {
    {"select showx.booking_hold('x', 'a1', 'v1', '2030-07-20'), showx.booking_confirm('x', 1)", "artist",
     "the artist has a confirmed show elsewhere that day"},
    {"select showx.booking_hold('x', 'a3', 'v2', '2030-07-20'), showx.booking_confirm('x', 1)", "room",
     "the room has a confirmed show that day"},
    {"select showx.blackout_add('a1', null, '2030-07-19', '2030-07-20')", "artist_blackout",
     "the artist is away from 2030-07-19 to 2030-07-20"},
    {"select showx.blackout_add(null, 'v2', '2030-07-20', '2030-07-21')", "venue_blackout",
     "the venue is closed from 2030-07-20 to 2030-07-21"},
    {"select showx.booking_hold('x', 'a1', 'v1', '2030-07-25'), showx.radius_set('x', 1, 60, 5, 0, 'forbid', "
     "1), showx.booking_confirm('x', 2)",
     "radius", "0 miles from the confirmed show on 2030-07-25, whose radius is 60 miles"},
    {"select showx.booking_hold('x', 'a1', 'v1', '2030-07-25'), showx.booking_confirm('x', 1), "
     "showx.venue_clause_set('v2', null, 30, 0, 5, 'forbid')",
     "radius", "whose radius is 30 miles"},
};
enum { OBSTACLES = sizeof obstacles / sizeof *obstacles };

START_TEST(one_stop_that_cannot_be_held_keeps_all_from_being_held)
{
    PGconn *mona = as("mona");
    char held[512];
    save_first(mona);
    done(as("anna"), "%s", obstacles[_i].set_up);
    snprintf(held, sizeof held, "%s", counts());
    refused(mona, "SX002", "1 stop cannot be held, so none is; the first is 2030-07-20, Austin: ",
            "select * from showx.plan_hold('%s', 1)", plan_id(mona));
    char rule[64];
    snprintf(rule, sizeof rule, "\"rule\": \"%s\"", obstacles[_i].rule);
    ck_assert_msg(strstr(last_detail(), rule) && strstr(last_detail(), obstacles[_i].words), "%s",
                  last_detail());
    ck_assert_str_eq(counts(), held); /* no hold, no tour */
}
END_TEST

/* The same, but a day, a mile or a word short of it: then all is held. */
static const char *const harmless[] = {
    "select showx.booking_hold('x', 'a1', 'v1', '2030-07-20')",
    "select showx.booking_hold('x', 'a3', 'v2', '2030-07-20', 'cellar'), showx.booking_confirm('x', 1)",
    "select showx.blackout_add('a2', null, '2030-07-19', '2030-07-20'), showx.blackout_add('a1', null, "
    "'2030-07-18', '2030-07-19')",
    "select showx.blackout_add(null, 'v2', '2030-07-21', '2030-07-22')",
    "select showx.booking_hold('x', 'a1', 'v1', '2030-07-25'), showx.radius_set('x', 1, 60, 4, 9, 'forbid', "
    "1), showx.booking_confirm('x', 2)",
    "select showx.booking_hold('x', 'a1', 'v1', '2030-07-25'), showx.booking_confirm('x', 1), "
    "showx.venue_clause_set('v2', null, 30, 0, 5, 'warn')",
};

START_TEST(what_is_short_of_an_obstacle_is_none)
{
    PGconn *mona = as("mona");
    save_first(mona);
    done(as("anna"), "%s", harmless[_i]);
    done(mona, "select * from showx.plan_hold('%s', 1)", plan_id(mona));
    ck_assert_str_eq(ask(mona, "select count(*) from showx.tour_plan_stop where booking_id is not null"),
                     "2");
}
END_TEST

START_TEST(many_stops_that_cannot_be_held_are_told_in_what_fits)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.plan_save(null, 'a1', 'Long', 0, '{}', '{}', (select jsonb_agg("
               "jsonb_build_object('date', d::date, 'city_id', 'austin')) from "
               "generate_series(date '2030-09-01', date '2030-09-30', interval '1 day') d))");
    refused(anna, "SX002", "30 stops cannot be held, so none is; the first is 2030-09-01, Austin: no venue",
            "select * from showx.plan_hold('%s', null)", plan_id(anna));
    ck_assert_uint_lt(strlen(last_detail()), 1000);
    ck_assert_str_ne(ask(anna, "select '%s'::jsonb -> 5 ->> 'sentence'", last_detail()), "");
}
END_TEST

START_TEST(plans_are_in_the_audit)
{
    PGconn *mona = as("mona");
    save_first(mona);
    done(mona, "select showx.plan_share('%s', 'max')", plan_id(mona));
    done(mona, "select * from showx.plan_hold('%s', 1)", plan_id(mona));
    ck_assert_str_eq(
        ask(as("anna"),
            "select string_agg(what || ' ' || n, ', ' order by what) from (select split_part(relation, '.', "
            "2) || ' ' || verb as what, count(*) as n from audit.entry where who = 'mona' group by 1) t"),
        "booking insert 2, tour insert 1, tour_plan insert 1, tour_plan update 2, tour_plan_share insert 1, "
        "tour_plan_stop update 2, tour_stop insert 3");
    PGresult *r = PQexec(mona, "select showx.plan_save(null, 'a1', 'X', 0, '{}', '{}', '[]')");
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "SX002"); /* without a reason */
    PQclear(r);
}
END_TEST

Suite *plans_suite(void)
{
    Suite *s = suite_create("plans");
    TCase *tc = shop_case(s, "plans");
    tcase_add_test(tc, a_save_appends_a_version_that_stands);
    tcase_add_test(tc, a_plan_that_makes_no_sense_is_refused);
    tcase_add_test(tc, of_two_who_save_one_plan_the_second_is_told);
    tcase_add_test(tc, who_it_is_shared_with_reads_and_does_not_write);
    tcase_add_test(tc, a_plan_is_renamed_by_the_version_that_was_seen);
    tcase_add_test(tc, every_show_is_held_once_and_for_all);
    tcase_add_test(tc, a_hold_of_a_plan_ranks_behind_those_that_stand);
    tcase_add_loop_test(tc, one_stop_that_cannot_be_held_keeps_all_from_being_held, 0, OBSTACLES);
    tcase_add_loop_test(tc, what_is_short_of_an_obstacle_is_none, 0, OBSTACLES);
    tcase_add_test(tc, many_stops_that_cannot_be_held_are_told_in_what_fits);
    tcase_add_test(tc, plans_are_in_the_audit);
    return s;
}
