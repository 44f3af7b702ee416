/* Avails: who may say when an artist or a room is not to be had, and that it is put down who said so. */
#include "shop.h"
#include <string.h>

Suite *avails_suite(void);

START_TEST(a_manager_blacks_out_their_own_artists_only)
{
    PGconn *mona = as("mona"), *max = as("max");
    done(mona, "select showx.blackout_add('a1', null, '2030-05-01', '2030-05-03')");
    refused(max, "SX003", "there is no artist a1 that max may book",
            "select showx.blackout_add('a1', null, '2030-05-01', null)");
    refused(mona, "SX002", "a venue's blackout is for support: mona may not change it",
            "select showx.blackout_add(null, 'v1', '2030-05-01', null)");
    ck_assert_str_eq(ask(mona, "select concat_ws(' ', from_date, until_date, reason, version, updated_by) "
                               "from showx.blackout"),
                     "2030-05-01 2030-05-03 a test 1 mona");
}
END_TEST

START_TEST(a_blackout_belongs_to_one_and_ends_after_it_begins)
{
    PGconn *anna = as("anna");
    refused(anna, "SX002", "to one artist or to one venue",
            "select showx.blackout_add('a1', 'v1', '2030-05-01', null)");
    refused(anna, "SX002", "to one artist or to one venue",
            "select showx.blackout_add('', '', '2030-05-01', null)");
    refused(anna, "SX002", "a last one not before it",
            "select showx.blackout_add('a1', null, '2030-05-02', '2030-05-01')");
    refused(anna, "SX003", "there is no venue nowhere",
            "select showx.blackout_add(null, 'nowhere', '2030-05-02', null)");
    done(anna, "select showx.blackout_add('a1', '', '2030-05-02', null, 'rest')");
    ck_assert_str_eq(ask(anna, "select concat_ws(' ', until_date, reason) from showx.blackout"),
                     "2030-05-02 rest");
}
END_TEST

START_TEST(a_manager_sees_their_artists_avails_and_the_rooms)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.blackout_add('a1', null, '2030-05-01', null), showx.blackout_add('a3', null, "
               "'2030-05-02', null), showx.blackout_add(null, 'v1', '2030-05-03', null)");
    done(anna, "select showx.anchor_add('a1', 'dallas', '2030-05-01', 'TV show'), showx.anchor_add('a3', "
               "'dallas', '2030-05-01', 'TV show')");
    const char *days = "select string_agg(right(from_date::text, 2), ' ' order by from_date) from "
                       "showx.blackout";
    ck_assert_str_eq(ask(as("mona"), "%s", days), "01 03");
    ck_assert_str_eq(ask(as("max"), "%s", days), "02 03");
    ck_assert_str_eq(ask(as("rita"), "%s", days), "01 02 03");
    ck_assert_str_eq(ask(as("mona"), "select string_agg(artist_id, ' ') from showx.anchor"), "a1");
    ck_assert_str_eq(ask(as("enno"), "select count(*) from showx.anchor"), "2");
}
END_TEST

START_TEST(an_avail_is_removed_by_the_version_that_was_seen)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.blackout_add('a1', null, '2030-05-01', null)");
    refused(anna, "SX001", "was changed by somebody else: it is at version 1, not 2",
            "select showx.blackout_remove(blackout_id, 2) from showx.blackout");
    ck_assert_ptr_nonnull(strstr(last_detail(), "\"updated_by\": \"anna\""));
    refused(as("max"), "SX003", "there is no blackout x", "select showx.blackout_remove('x', 1)");
    done(as("mona"), "select showx.blackout_remove(blackout_id, 1) from showx.blackout");
    ck_assert_str_eq(ask(anna, "select count(*) from showx.blackout"), "0");
}
END_TEST

START_TEST(an_artist_has_one_anchor_a_day)
{
    PGconn *mona = as("mona");
    done(mona, "select showx.anchor_add('a1', 'dallas', '2030-05-01', 'TV show')");
    refused(mona, "SX002", "artist a1 has an anchor on 2030-05-01 already",
            "select showx.anchor_add('a1', 'austin', '2030-05-01', 'wedding')");
    refused(mona, "SX003", "there is no city mars",
            "select showx.anchor_add('a1', 'mars', '2030-05-02', 'TV show')");
    refused(mona, "SX002", "a day and what it is for",
            "select showx.anchor_add('a1', 'austin', '2030-05-02', ' ')");
    done(mona, "select showx.anchor_remove(anchor_id, 1) from showx.anchor");
    done(mona, "select showx.anchor_add('a1', 'austin', '2030-05-01', 'wedding')");
}
END_TEST

START_TEST(a_drive_is_the_same_both_ways_and_is_set_by_support)
{
    PGconn *anna = as("anna");
    refused(as("mona"), "SX002", "a drive time is for support",
            "select showx.leg_set('austin', 'dallas', 1, 1)");
    done(anna, "select showx.leg_set('dallas', 'austin', 314000, 200, 'road works')");
    done(anna, "select showx.leg_set('austin', 'dallas', 314000, 190)");
    ck_assert_str_eq(ask(as("mona"), "select concat_ws(' ', city_a, city_b, minutes) from showx.leg"),
                     "austin dallas 190");
    refused(anna, "SX002", "two cities", "select showx.leg_set('austin', 'austin', 1, 1)");
    refused(anna, "SX002", "and minutes", "select showx.leg_set('austin', 'dallas', 1, 0)");
    done(anna, "select showx.leg_remove('dallas', 'austin')");
    refused(anna, "SX003", "no drive time of its own", "select showx.leg_remove('dallas', 'austin')");
}
END_TEST

START_TEST(a_bookings_clause_counts_as_a_change_of_the_booking)
{
    PGconn *mona = as("mona");
    done(mona, "select showx.radius_set('b1', null, 100, 10, 10, 'warn', 1)");
    ck_assert_str_eq(ask(mona, "select string_agg(concat_ws(' ', position, miles, effect), ', ' order by "
                               "position) from showx.radius_clause where booking_id = 'b1'"),
                     "1 60 forbid, 2 100 warn");
    refused(mona, "SX001", "it is at version 2, not 1",
            "select showx.radius_set('b1', 2, 90, 10, 10, 'warn', 1)");
    done(mona, "select showx.radius_set('b1', 2, 90, 10, 10, 'warn', 2)");
    refused(mona, "SX003", "booking b1 has no radius clause 9", "select showx.radius_remove('b1', 9, 3)");
    done(mona, "select showx.radius_remove('b1', 1, 3)");
    refused(as("max"), "SX003", "there is no booking b1", "select showx.radius_remove('b1', 2, 4)");
    refused(mona, "SX002", "warn or forbid", "select showx.radius_set('b1', 1, 1, 1, 1, 'perhaps', 4)");
    done(mona, "select showx.booking_release('b1', 4)");
    refused(mona, "SX002", "it is released", "select showx.radius_set('b1', 2, 9, 1, 1, 'warn', 5)");
}
END_TEST

START_TEST(a_venues_usual_clause_is_set_by_support)
{
    PGconn *anna = as("anna");
    refused(as("mona"), "SX002", "is for support",
            "select showx.venue_clause_set('v1', null, 60, 30, 30, 'warn')");
    done(anna, "select showx.venue_clause_set('v1', null, 60, 30, 30, 'warn')");
    done(anna, "select showx.venue_clause_set('v1', null, 10, 90, 90, 'forbid')");
    done(anna, "select showx.venue_clause_set('v1', 1, 50, 30, 30, 'warn')");
    ck_assert_str_eq(ask(as("max"), "select string_agg(concat_ws(' ', position, miles), ', ' order by "
                                    "position) from showx.venue_clause"),
                     "1 50, 2 10");
    done(anna, "select showx.venue_clause_remove('v1', 2)");
    refused(anna, "SX003", "venue v1 has no radius clause 2", "select showx.venue_clause_remove('v1', 2)");
}
END_TEST

START_TEST(those_who_only_read_change_no_avails)
{
    refused(as("rita"), "42501", "permission denied",
            "select showx.blackout_add('a1', null, '2030-05-01', null)");
    refused(as("enno"), "42501", "permission denied", "select showx.radius_set('b1', 1, 1, 1, 1, 'warn', 1)");
    refused(as("anna"), "42501", "permission denied", "delete from showx.leg");
    refused(as("mona"), "42501", "permission denied", "select showx.radius_booking('b1', 1)");
}
END_TEST

START_TEST(every_change_of_avails_is_in_the_audit_and_needs_a_reason)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.blackout_add('a1', null, '2030-05-01', null), showx.anchor_add('a1', 'dallas', "
               "'2030-05-02', 'TV show'), showx.leg_set('austin', 'dallas', 1, 1), "
               "showx.venue_clause_set('v1', null, 60, 30, 30, 'warn'), "
               "showx.radius_set('b3', 1, 70, 30, 30, 'warn', 1)");
    ck_assert_str_eq(ask(anna, "select string_agg(split_part(relation, '.', 2) || ' ' || verb, ', ' order by "
                               "relation) from audit.entry where who = 'anna' and reason = 'a test'"),
                     "anchor insert, blackout insert, leg insert, radius_clause update, venue_clause insert");
    PGresult *r = PQexec(anna, "select showx.leg_set('austin', 'dallas', 2, 2)");
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "SX002");
    PQclear(r);
}
END_TEST

Suite *avails_suite(void)
{
    Suite *s = suite_create("avails");
    TCase *tc = shop_case(s, "avails");
    tcase_add_test(tc, a_manager_blacks_out_their_own_artists_only);
    tcase_add_test(tc, a_blackout_belongs_to_one_and_ends_after_it_begins);
    tcase_add_test(tc, a_manager_sees_their_artists_avails_and_the_rooms);
    tcase_add_test(tc, an_avail_is_removed_by_the_version_that_was_seen);
    tcase_add_test(tc, an_artist_has_one_anchor_a_day);
    tcase_add_test(tc, a_drive_is_the_same_both_ways_and_is_set_by_support);
    tcase_add_test(tc, a_bookings_clause_counts_as_a_change_of_the_booking);
    tcase_add_test(tc, a_venues_usual_clause_is_set_by_support);
    tcase_add_test(tc, those_who_only_read_change_no_avails);
    tcase_add_test(tc, every_change_of_avails_is_in_the_audit_and_needs_a_reason);
    return s;
}
