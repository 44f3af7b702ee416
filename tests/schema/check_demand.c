/* Demand kept fresh: what a change marks is counted anew, and nothing else has to be; no mark is lost between two sessions. */
#include "shop.h"
#include <stdlib.h>
#include <string.h>

Suite *demand_suite(void);

/* An independent count of everything, and how many of its rows differ from what is kept. */
static const char differs[] =
    "with person as (select f.fan_id, p.fan_id as person, p.city_id from showx.fan f"
    "   join showx.fan p on p.fan_id = coalesce(f.merged_into, f.fan_id) where p.erased_at is null and "
    "p.city_id is not null),"
    " bought as (select s.artist_id, p.city_id, p.person, o.order_id from showx.ticket_order o join "
    "showx.concert s using (concert_id)"
    "   join person p using (fan_id) where o.status in ('paid', 'partly_refunded')),"
    " told as (select artist_id, city_id, 'f' || person as what, 1 as n from showx.follow join person using "
    "(fan_id)"
    "   union select artist_id, city_id, 'b' || person, 1 from bought"
    "   union all select artist_id, city_id, 't', count(*) from bought join showx.ticket t using (order_id)"
    "     where t.status in ('valid', 'scanned', 'transferred') group by 1, 2"
    "   union all select artist_id, v.city_id, 's', count(*) from showx.concert join showx.venue v using "
    "(venue_id)"
    "     where status = 'played' group by 1, 2),"
    " fresh as (select artist_id, city_id, count(*) filter (where what like 'f%') as followers, count(*) "
    "filter (where what like 'b%') as buyers,"
    "   coalesce(sum(n) filter (where what = 't'), 0) as tickets, coalesce(sum(n) filter (where what = 's'), "
    "0) as shows from told group by 1, 2)"
    " select count(*) from fresh f full join showx.city_demand d using (artist_id, city_id)"
    " where (f.followers, f.buyers, f.tickets, f.shows) is distinct from (d.followers::bigint, "
    "d.buyers::bigint, d.tickets::numeric, d.shows::numeric)";

static void refreshed(PGconn *c)
{
    ok(c, "select showx.demand_refresh()");
}

static void set_homes(void)
{
    PGconn *c = as_owner();
    done(c, "update showx.fan set city_id = 'austin'");
    refreshed(c);
    ck_assert_str_eq(ask(c, "%s", differs), "0");
    ck_assert_str_eq(
        ask(c, "select followers from showx.city_demand where artist_id = 'a1' and city_id = 'austin'"), "2");
    ck_assert_str_eq(ask(c, "select buyers || ' ' || tickets from showx.city_demand where artist_id = 'a3'"),
                     "1 1");
}

static const char *const changes[] = {
    "insert into showx.follow values ('f3', 'a1', now(), false)",
    "insert into showx.follow select 'f3', 'a2', now(), false",
    "delete from showx.follow where fan_id = 'f2'",
    "update showx.follow set artist_id = 'a2' where fan_id = 'f1'",
    "update showx.fan set city_id = 'dallas' where fan_id = 'f3'",
    "update showx.fan set city_id = null where fan_id = 'f1'",
    "update showx.fan set city_id = 'austin' where fan_id = 'f1'",
    "update showx.fan set erased_at = now() where fan_id = 'f3'",
    "update showx.fan set erased_at = null where fan_id = 'f3'",
    "update showx.fan set merged_into = 'f1' where fan_id = 'f3'",
    "update showx.fan set city_id = 'dallas' where fan_id = 'f1'",
    "update showx.fan set merged_into = null where fan_id = 'f3'",
    "update showx.ticket_order set status = 'refunded' where order_id = 'o1'",
    "update showx.ticket_order set status = 'partly_refunded' where order_id = 'o1'",
    "update showx.ticket_order set fan_id = 'f2' where order_id = 'o1'",
    "update showx.ticket_order set concert_id = 'c2' where order_id = 'o1'",
    "insert into showx.ticket (order_id, ordered_at, position, concert_id, price, currency, status)"
    " values ('o2', '2026-01-02Z', 2, 'c2', 2500, 'USD', 'valid')",
    "update showx.ticket set status = 'refunded' where order_id = 'o2' and position = 1",
    "delete from showx.ticket where order_id = 'o2' and position = 2",
    "update showx.concert set status = 'played' where concert_id = 'c1'",
    "update showx.concert set venue_id = 'v3' where concert_id = 'c1'",
    "update showx.concert set artist_id = 'a2' where concert_id = 'c1'",
    "update showx.venue set city_id = 'austin' where venue_id = 'v3'",
    "insert into showx.ticket_order (order_id, order_number, fan_id, concert_id, ordered_at, status, total, "
    "currency)"
    " values ('o9', 'SX-9', 'f1', 'c2', '2026-01-03Z', 'paid', 2500, 'USD')",
    "delete from showx.ticket_order where order_id = 'o9'",
    "delete from showx.follow",
};

START_TEST(whatever_changes_a_refresh_counts_as_from_nothing)
{
    set_homes();
    PGconn *c = as_owner();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        done(c, "%s", changes[i]);
        refreshed(c);
        ck_assert_msg(strcmp(ask(c, "%s", differs), "0") == 0, "after %s: %s rows differ", changes[i],
                      ask(c, "%s", differs));
        ck_assert_str_eq(ask(c, "select count(*) from showx.demand_dirty"), "0");
    }
}
END_TEST

START_TEST(without_its_trigger_a_change_would_be_missed)
{
    set_homes();
    PGconn *c = as_owner();
    ok(c, "alter table showx.follow disable trigger demand_insert");
    done(c, "%s", changes[0]);
    refreshed(c);
    ck_assert_str_ne(ask(c, "%s", differs), "0");
}
END_TEST

START_TEST(what_counts_for_nothing_marks_nothing)
{
    set_homes();
    PGconn *c = as_owner();
    done(c, "update showx.follow set consent = not consent");
    done(c, "update showx.fan set name = 'X', note = 'y'");
    done(c, "update showx.ticket set status = 'scanned'");
    done(c, "update showx.ticket_order set channel = 'door'");
    done(c, "update showx.concert set note = 'loud'");
    ck_assert_str_eq(ask(c, "select count(*) from showx.demand_dirty"), "0");
}
END_TEST

START_TEST(one_follow_marks_one_place_and_a_bulk_load_marks_artists)
{
    set_homes();
    PGconn *c = as_owner();
    done(c, "%s", changes[0]);
    ck_assert_str_eq(ask(c, "select string_agg(artist_id || '/' || city_id, ' ') from showx.demand_dirty"),
                     "a1/austin");
    refreshed(c);
    done(c, "insert into showx.fan (fan_id, name, city_id, created_at) select 'g' || i, '', 'dallas', now() "
            "from generate_series(1, 500) i");
    done(c, "insert into showx.follow select 'g' || i, 'a2', now(), false from generate_series(1, 500) i");
    ck_assert_str_eq(
        ask(c, "select string_agg(artist_id || coalesce(city_id, '-'), ' ') from showx.demand_dirty"), "a2-");
    refreshed(c);
    ck_assert_str_eq(ask(c, "%s", differs), "0");
}
END_TEST

START_TEST(triggers_that_rest_for_a_bulk_load_leave_these_awake)
{
    set_homes();
    PGconn *super = PQconnectdb(
        ask(as("shop"), "select format('%%s dbname=%%s', '%s', current_database())", support_pg()));
    ck_assert_msg(PQstatus(super) == CONNECTION_OK, "%s", PQerrorMessage(super));
    ok(super, "set session_replication_role = replica");
    ok(super, "%s", changes[0]);
    PQfinish(super);
    refreshed(as_owner());
    ck_assert_str_eq(ask(as("shop"), "%s", differs), "0");
}
END_TEST

START_TEST(a_write_that_commits_while_a_refresh_is_open_is_counted_by_the_next)
{
    set_homes();
    PGconn *c = as_owner(), *anna = as("anna"), *writer = as_owner();
    done(c, "%s", changes[0]);
    ok(anna, "begin");
    refreshed(anna);
    done(writer, "%s", changes[2]);
    ok(anna, "commit");
    ck_assert_str_ne(ask(c, "%s", differs), "0");
    refreshed(c);
    ck_assert_str_eq(ask(c, "%s", differs), "0");
}
END_TEST

START_TEST(a_write_open_during_a_refresh_keeps_its_mark)
{
    set_homes();
    PGconn *c = as_owner(), *writer = as_owner();
    ok(writer, "begin; select set_config('showx.reason', 'test', true)");
    ok(writer, "%s", changes[0]);
    done(c, "%s", changes[2]);
    refreshed(c);
    ok(writer, "commit");
    ck_assert_str_eq(ask(c, "select count(*) from showx.demand_dirty"), "1");
    refreshed(c);
    ck_assert_str_eq(ask(c, "%s", differs), "0");
}
END_TEST

START_TEST(two_writers_who_mark_the_same_artist_do_not_wait_for_each_other)
{
    set_homes();
    PGconn *one = as_owner(), *two = as_owner();
    ok(two, "set lock_timeout = '2s'");
    ok(one, "begin; select set_config('showx.reason', 'test', true)");
    ok(one, "insert into showx.follow values ('f3', 'a1', now(), false)");
    done(two, "insert into showx.follow values ('f3', 'a2', now(), false); delete from showx.follow where "
              "fan_id = 'f2' and artist_id = 'a1'");
    ok(one, "commit");
    refreshed(two);
    ck_assert_str_eq(ask(two, "%s", differs), "0");
}
END_TEST

START_TEST(refreshers_go_one_after_the_other)
{
    set_homes();
    PGconn *one = as("anna"), *two = as("enno");
    ok(one, "begin");
    refreshed(one);
    ok(two, "set lock_timeout = '200ms'");
    refused(two, "55P03", "lock timeout", "select showx.demand_refresh()");
    ok(one, "commit");
    refreshed(two);
    ok(two, "set default_transaction_isolation = 'repeatable read'");
    refused(two, "SX002", "read committed", "select showx.demand_refresh()");
}
END_TEST

START_TEST(a_refresh_goes_in_pieces_and_says_what_is_left)
{
    set_homes();
    PGconn *c = as_owner();
    done(c, "delete from showx.follow");
    ck_assert_str_eq(ask(c, "select artists || ' ' || waiting from showx.demand_refresh(1)"), "1 1");
    ck_assert_str_eq(ask(c, "select artists || ' ' || waiting from showx.demand_refresh(1)"), "1 0");
    ck_assert_str_eq(ask(c, "%s", differs), "0");
}
END_TEST

START_TEST(support_and_engineers_refresh_managers_and_readers_do_not)
{
    refreshed(as("anna"));
    refreshed(as("enno"));
    refused(as("mona"), "42501", "demand_refresh", "select showx.demand_refresh()");
    refused(as("rita"), "42501", "demand_refresh", "select showx.demand_refresh()");
    refused(as("mona"), "42501", "demand_keep", "select showx.demand_keep()");
}
END_TEST

START_TEST(estimates_are_written_by_who_refreshes_and_seen_by_the_artists_manager)
{
    set_homes();
    PGconn *anna = as("anna"), *mona = as("mona");
    ok(anna, "begin");
    ok(anna, "select showx.demand_take(true)");
    ck_assert_str_eq(ask(anna, "select showx.demand_model_keep('text', 1, 1)"), "1");
    ok(anna, "insert into pg_temp.demand_incoming select artist_id, city_id, 9, 1, 8, 20, null, 9, 0, 0, 2, "
             "1, 10 from showx.city_demand");
    ok(anna, "select showx.demand_keep()");
    ok(anna, "commit");
    ck_assert_str_eq(ask(mona, "select string_agg(distinct artist_id, ' ') from showx.city_estimate"), "a1");
    ck_assert_str_eq(ask(as("max"), "select string_agg(distinct artist_id, ' ') from showx.city_estimate"),
                     "a3");
    ck_assert_str_eq(
        ask(as("rita"),
            "select string_agg(distinct artist_id, ' ' order by artist_id) from showx.city_estimate"),
        "a1 a3");
    done(as_owner(), "delete from showx.follow; update showx.ticket_order set status = 'cancelled'");
    refreshed(anna);
    ck_assert_str_eq(ask(anna, "select count(*) from showx.city_estimate"), "0");
}
END_TEST

Suite *demand_suite(void)
{
    Suite *s = suite_create("demand kept fresh");
    TCase *tc = shop_case(s, "demand");
    tcase_add_test(tc, whatever_changes_a_refresh_counts_as_from_nothing);
    tcase_add_test(tc, without_its_trigger_a_change_would_be_missed);
    tcase_add_test(tc, what_counts_for_nothing_marks_nothing);
    tcase_add_test(tc, one_follow_marks_one_place_and_a_bulk_load_marks_artists);
    tcase_add_test(tc, triggers_that_rest_for_a_bulk_load_leave_these_awake);
    tcase_add_test(tc, a_write_that_commits_while_a_refresh_is_open_is_counted_by_the_next);
    tcase_add_test(tc, a_write_open_during_a_refresh_keeps_its_mark);
    tcase_add_test(tc, two_writers_who_mark_the_same_artist_do_not_wait_for_each_other);
    tcase_add_test(tc, refreshers_go_one_after_the_other);
    tcase_add_test(tc, a_refresh_goes_in_pieces_and_says_what_is_left);
    tcase_add_test(tc, support_and_engineers_refresh_managers_and_readers_do_not);
    tcase_add_test(tc, estimates_are_written_by_who_refreshes_and_seen_by_the_artists_manager);
    return s;
}
