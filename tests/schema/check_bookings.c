/* Bookings: the rules staff rely on, also when two people are at it in the same moment. */
#include "shop.h"
#include <string.h>

Suite *bookings_suite(void);

/* "b1:hold1 b2:hold2": the bookings of a venue that day. */
static const char *slot(PGconn *c, const char *venue)
{
    return ask(c,
               "select string_agg(concat(booking_id, ':', status, hold_rank), ' ' order by booking_id)"
               " from showx.booking where venue_id = '%s' and show_date = '2030-05-01'",
               venue);
}

START_TEST(a_later_hold_ranks_behind_those_that_stand)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.booking_hold('b4', 'a3', 'v1', '2030-05-01')");
    ck_assert_str_eq(slot(anna, "v1"), "b1:hold1 b2:hold2 b4:hold3");
    done(anna, "select showx.booking_hold('b5', 'a3', 'v1', '2030-05-01', 'cellar')"); /* another room,
                                                                                          another stack */
    ck_assert_str_eq(ask(anna, "select hold_rank from showx.booking where booking_id = 'b5'"), "1");
}
END_TEST

START_TEST(releasing_the_first_promotes_the_rest)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.booking_hold('b4', 'a3', 'v1', '2030-05-01')");
    done(anna, "select showx.booking_release('b1', 1)");
    ck_assert_str_eq(slot(anna, "v1"), "b1:released b2:hold1 b4:hold2");
    ck_assert_str_eq(ask(anna, "select string_agg(key || ' ' || (new ->> 'hold_rank'), ', ' order by key) "
                               "from audit.entry where verb = 'update' and key <> 'b1'"),
                     "b2 1, b4 2");
}
END_TEST

START_TEST(only_the_first_hold_is_offered_and_confirmed)
{
    PGconn *anna = as("anna");
    refused(anna, "SX002", "booking b2 is hold 2: 1 stands before it",
            "select showx.booking_confirm('b2', 1)");
    refused(anna, "SX002", "booking b2 is hold 2",
            "select showx.booking_offer('b2', 1, 100000, 8500, 20000, 'USD')");
    done(anna, "select showx.booking_offer('b1', 1, 100000, 8500, 20000, 'USD')");
    ck_assert_str_eq(slot(anna, "v1"), "b1:offer b2:hold2"); /* the offer keeps the first place */
    done(anna, "select showx.booking_confirm('b1', version) from showx.booking where booking_id = 'b1'");
    ck_assert_str_eq(slot(anna, "v1"), "b1:confirmed b2:hold1");
    ck_assert_str_eq(ask(anna, "select concat_ws(' ', guarantee, percentage, expenses, currency) from "
                               "showx.booking where booking_id = 'b1'"),
                     "100000 8500 20000 USD");
}
END_TEST

START_TEST(a_declined_offer_promotes_the_rest)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.booking_offer('b1', 1, 1, 0, 0, 'USD')");
    done(anna, "select showx.booking_decline('b1', version) from showx.booking where booking_id = 'b1'");
    ck_assert_str_eq(slot(anna, "v1"), "b1:declined b2:hold1");
}
END_TEST

START_TEST(a_booking_goes_only_the_ways_there_are)
{
    PGconn *anna = as("anna");
    refused(anna, "SX002", "booking b1 cannot become cancelled: it is hold",
            "select showx.booking_cancel('b1', 1)");
    refused(anna, "SX002", "booking b1 cannot become declined: it is hold",
            "select showx.booking_decline('b1', 1)");
    done(anna, "select showx.booking_release('b1', 1)");
    refused(anna, "SX002", "it is released", "select showx.booking_confirm('b1', 2)");
    done(anna, "select showx.booking_confirm('b3', 1)");
    refused(anna, "SX002", "cannot have been played", "select showx.booking_play('b3', 2)");
    done(anna, "select showx.booking_advance('b3', 2)");
    done(anna, "select showx.booking_cancel('b3', 3)");
    ck_assert_str_eq(slot(anna, "v2"), "b3:cancelled");
}
END_TEST

START_TEST(a_stale_version_is_a_conflict_that_says_what_stands)
{
    PGconn *anna = as("anna");
    done(as("mona"), "select showx.booking_release('b1', 1)");
    refused(anna, "SX001", "booking b1 was changed by somebody else: it is at version 2, not 1",
            "select showx.booking_confirm('b1', 1)");
    ck_assert_ptr_nonnull(strstr(last_detail(), "\"updated_by\": \"mona\""));
    ck_assert_ptr_nonnull(strstr(last_detail(), "\"status\": \"released\""));
    refused(anna, "SX001", "not 1", "select showx.booking_confirm('b2', 1)"); /* its promotion counted too */
}
END_TEST

START_TEST(a_manager_books_only_their_own_artists)
{
    PGconn *max = as("max");
    refused(max, "SX003", "there is no booking b1", "select showx.booking_release('b1', 1)");
    refused(max, "SX003", "there is no artist a1",
            "select showx.booking_hold('x', 'a1', 'v1', '2030-06-01')");
    done(max, "select showx.booking_confirm('b3', 1)");
    ck_assert_str_eq(ask(max, "select updated_by from showx.booking where booking_id = 'b3'"), "max");
}
END_TEST

START_TEST(a_hold_that_makes_no_sense_is_refused)
{
    PGconn *anna = as("anna");
    refused(anna, "SX003", "there is no venue nowhere",
            "select showx.booking_hold('x', 'a1', 'nowhere', '2030-05-01')");
    refused(anna, "SX002", "a date to come, not 2001-01-01",
            "select showx.booking_hold('x', 'a1', 'v1', '2001-01-01')");
    refused(anna, "SX002", "a date to come, not none", "select showx.booking_hold('x', 'a1', 'v1', null)");
    refused(anna, "SX002", "cannot expire before",
            "select showx.booking_hold('x', 'a1', 'v1', '2030-05-01', '', now() - interval '1 hour')");
    refused(anna, "SX002", "there is a booking b1 already",
            "select showx.booking_hold('b1', 'a1', 'v1', '2030-05-01')");
}
END_TEST

START_TEST(a_challenged_first_holder_loses_the_rank_when_the_hours_are_over)
{
    PGconn *anna = as("anna"), *owner = as_owner();
    done(anna, "select showx.booking_hold('b4', 'a3', 'v1', '2030-05-01')");
    refused(anna, "SX002", "only a hold behind the first", "select showx.booking_challenge('b1', 1)");
    done(anna, "select showx.booking_challenge('b2', 1)");
    refused(anna, "SX002", "is challenged already", "select showx.booking_challenge('b4', 1)");
    done(anna, "select showx.booking_expire()"); /* 48 hours are not over */
    ck_assert_str_eq(slot(anna, "v1"), "b1:hold1 b2:hold2 b4:hold3");
    ok(owner, "update showx.booking set challenged_at = now() - interval '47 hours 59 minutes' where "
              "booking_id = 'b1'");
    done(anna, "select showx.booking_expire()");
    ck_assert_str_eq(slot(anna, "v1"), "b1:hold1 b2:hold2 b4:hold3");
    ok(owner, "update showx.booking set challenged_at = now() - interval '48 hours' where booking_id = 'b1'");
    done(anna, "select showx.booking_expire()");
    ck_assert_str_eq(slot(anna, "v1"), "b1:hold3 b2:hold1 b4:hold2");
    ck_assert_str_eq(ask(anna, "select challenged_at is null from showx.booking where booking_id = 'b1'"),
                     "t");
}
END_TEST

START_TEST(a_challenge_ends_with_its_challenger_or_with_the_confirmation)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.booking_challenge('b2', 1)");
    done(anna, "select showx.booking_release('b2', version) from showx.booking where booking_id = 'b2'");
    ck_assert_str_eq(ask(anna, "select challenged_at is null and challenged_by is null from showx.booking "
                               "where booking_id = 'b1'"),
                     "t");
    done(anna, "select showx.booking_confirm('b1', version) from showx.booking where booking_id = 'b1'");
    ck_assert_str_eq(slot(anna, "v1"), "b1:confirmed b2:released");
}
END_TEST

START_TEST(holds_expire_and_promote)
{
    PGconn *anna = as("anna");
    ok(as_owner(),
       "update showx.booking set expires_at = now() - interval '1 minute' where booking_id in ('b1', 'b3')");
    ok(anna, "begin");
    ck_assert_str_eq(ask(anna, "select showx.booking_expire()"), "2"); /* it brings its own reason */
    ok(anna, "commit");
    ck_assert_str_eq(slot(anna, "v1"), "b1:released b2:hold1");
    ck_assert_str_eq(slot(anna, "v2"), "b3:released");
    ck_assert_str_eq(ask(anna, "select distinct reason from audit.entry"), "its time was over");
}
END_TEST

START_TEST(an_artist_plays_once_a_day_and_a_room_holds_one_show)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.booking_confirm('b1', 1)");
    done(anna, "select showx.booking_hold('b4', 'a1', 'v3', '2030-05-01')");
    refused(anna, "SX002", "the artist has a confirmed show on that date",
            "select showx.booking_confirm('b4', 1)");
    refused(anna, "SX002", "the venue has a confirmed show in that room",
            "select showx.booking_confirm('b2', 2)");
    PGresult *r =
        PQexec(as_owner(),
               "update showx.booking set status = 'confirmed', hold_rank = null where booking_id = 'b2'");
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE),
                     "23P01"); /* no client can, not even the owner's */
    PQclear(r);
}
END_TEST

START_TEST(a_radius_clause_keeps_the_artists_other_shows_away)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.booking_confirm('b1', 1)"); /* 60 miles, 30 days before and after */
    done(anna, "select showx.booking_hold('near', 'a1', 'v2', '2030-05-31')");
    done(anna, "select showx.booking_hold('later', 'a1', 'v2', '2030-06-01')");
    done(anna, "select showx.booking_hold('far', 'a1', 'v3', '2030-05-30')");
    refused(anna, "SX002", "booking near is 0 miles and 30 days from booking b1",
            "select showx.booking_confirm('near', 1)");
    done(anna, "select showx.booking_confirm('later', 1)");
    done(anna, "select showx.booking_confirm('far', 1)");
    ck_assert_str_eq(ask(anna, "select round(showx.venue_miles('v1', 'v3')::numeric)"), "182");
    ok(as_owner(), "update showx.radius_clause set effect = 'warn' where booking_id = 'b1'");
    ck_assert_str_eq(ask(anna, "select effect || ' ' || other_booking from showx.booking_radius('near')"),
                     "warn b1");
    done(anna, "select showx.booking_confirm('near', 1)");
}
END_TEST

/* Two people confirm one artist at two venues for one day: the second is sent before the first has committed.
 * Gives the SQLSTATE that the second got, "" when it worked. */
static const char *race(PGconn *one, PGconn *two)
{
    static char state[6];
    ok(one, "begin; select set_config('showx.reason', 'r', true); select showx.booking_confirm('b1', 1)");
    ok(two, "begin; select set_config('showx.reason', 'r', true)");
    ck_assert(PQsendQuery(two, "select showx.booking_confirm('b9', 1)") == 1);
    ok(one, "commit");
    PGresult *r = PQgetResult(two);
    const char *told = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    snprintf(state, sizeof state, "%s", told ? told : "");
    PQclear(r);
    PQclear(PQgetResult(two));
    ok(two, "commit");
    return state;
}

static const char *confirmed(void)
{
    return ask(as("anna"), "select count(*) from showx.booking where artist_id = 'a1' and show_date = "
                           "'2030-05-01' and status = 'confirmed'");
}

START_TEST(two_people_racing_for_one_slot_do_not_both_get_it)
{
    PGconn *anna = as("anna"), *mona = as("mona");
    done(anna, "select showx.booking_hold('b9', 'a1', 'v3', '2030-05-01')");
    ck_assert_str_eq(race(anna, mona), "SX002");
    ck_assert_str_eq(confirmed(), "1");
}
END_TEST

START_TEST(without_the_constraint_the_race_books_twice)
{
    PGconn *anna = as("anna"), *mona = as("mona");
    ok(as("shop"), "alter table showx.booking drop constraint booking_one_artist_a_day");
    done(anna, "select showx.booking_hold('b9', 'a1', 'v3', '2030-05-01')");
    ck_assert_str_eq(race(anna, mona), "");
    ck_assert_str_eq(confirmed(), "2");
}
END_TEST

START_TEST(two_holds_in_the_same_moment_get_two_ranks)
{
    PGconn *anna = as("anna"), *mona = as("mona");
    ok(anna, "begin; select set_config('showx.reason', 'r', true); select showx.booking_hold('x', 'a3', "
             "'v1', '2030-05-01')");
    ok(mona, "begin; select set_config('showx.reason', 'r', true)");
    ck_assert(PQsendQuery(mona, "select showx.booking_hold('y', 'a1', 'v1', '2030-05-01')") ==
              1); /* waits for anna */
    ok(anna, "commit");
    PGresult *r = PQgetResult(mona);
    ck_assert_msg(PQresultStatus(r) == PGRES_TUPLES_OK, "%s", PQresultErrorMessage(r));
    PQclear(r);
    PQclear(PQgetResult(mona));
    ok(mona, "commit");
    ck_assert_str_eq(slot(anna, "v1"), "b1:hold1 b2:hold2 x:hold3 y:hold4");
}
END_TEST

START_TEST(two_holds_cannot_have_one_rank)
{
    PGresult *r = PQexec(as_owner(), "update showx.booking set hold_rank = 1 where booking_id = 'b2'");
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "23P01");
    PQclear(r);
}
END_TEST

Suite *bookings_suite(void)
{
    Suite *s = suite_create("bookings");
    TCase *tc = shop_case(s, "bookings");
    tcase_add_test(tc, a_later_hold_ranks_behind_those_that_stand);
    tcase_add_test(tc, releasing_the_first_promotes_the_rest);
    tcase_add_test(tc, only_the_first_hold_is_offered_and_confirmed);
    tcase_add_test(tc, a_declined_offer_promotes_the_rest);
    tcase_add_test(tc, a_booking_goes_only_the_ways_there_are);
    tcase_add_test(tc, a_stale_version_is_a_conflict_that_says_what_stands);
    tcase_add_test(tc, a_manager_books_only_their_own_artists);
    tcase_add_test(tc, a_hold_that_makes_no_sense_is_refused);
    tcase_add_test(tc, a_challenged_first_holder_loses_the_rank_when_the_hours_are_over);
    tcase_add_test(tc, a_challenge_ends_with_its_challenger_or_with_the_confirmation);
    tcase_add_test(tc, holds_expire_and_promote);
    tcase_add_test(tc, an_artist_plays_once_a_day_and_a_room_holds_one_show);
    tcase_add_test(tc, a_radius_clause_keeps_the_artists_other_shows_away);
    tcase_add_test(tc, two_people_racing_for_one_slot_do_not_both_get_it);
    tcase_add_test(tc, without_the_constraint_the_race_books_twice);
    tcase_add_test(tc, two_holds_in_the_same_moment_get_two_ranks);
    tcase_add_test(tc, two_holds_cannot_have_one_rank);
    return s;
}
