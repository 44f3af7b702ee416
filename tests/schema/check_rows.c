/* Row security: what a manager sees, and what nobody else is kept from. */
#include "shop.h"
#include <string.h>

Suite *rows_suite(void);

/* One line a relation: the keys that the login sees, in order. */
static const struct {
    const char *relation, *key, *mona, *max, *all;
} seen[] = {
    {"artist", "artist_id", "a1 a2", "a3", "a1 a2 a3"},
    {"artist_genre", "artist_id", "a1 a2", "a3", "a1 a2 a3"},
    {"concert", "concert_id", "c1", "c1 c2", "c1 c2"}, /* max's a3 opens c1 */
    {"line_up", "concert_id || artist_id", "c1a1 c1a3", "c1a1 c1a3 c2a3", "c1a1 c1a3 c2a3"},
    {"ticket_type", "ticket_type_id", "c1/ga", "c1/ga c2/ga", "c1/ga c2/ga"},
    {"ticket_order", "order_id", "o1", "o2", "o1 o2"}, /* the headliner's business alone */
    {"ticket", "order_id", "o1", "o2", "o1 o2"},
    {"booking", "booking_id", "b1 b2", "b3", "b1 b2 b3"},
    {"radius_clause", "booking_id", "b1", "b3", "b1 b3"},
    {"tour", "tour_id", "t1", "t3", "t1 t3"},
    {"tour_stop", "tour_id", "t1", "t3", "t1 t3"},
    {"city_demand", "artist_id", "a1", "a3", "a1 a3"},
    {"follow", "fan_id", "f1", "f3", "f1 f2 f3"},
    {"fan", "fan_id", "f1", "f3", "f1 f2 f3"},
    {"venue", "venue_id", "v1 v2 v3", "v1 v2 v3", "v1 v2 v3"},
};
enum { SEEN = sizeof seen / sizeof *seen };

static const char *keys(PGconn *c, int i)
{
    return ask(c, "select string_agg(%s, ' ' order by %s) from showx.%s", seen[i].key, seen[i].key,
               seen[i].relation);
}

START_TEST(a_manager_sees_their_artists_and_what_hangs_on_them_and_no_more)
{
    PGconn *mona = as("mona"), *max = as("max");
    for (int i = 0; i < SEEN; i++) {
        ck_assert_msg(strcmp(keys(mona, i), seen[i].mona) == 0, "mona sees %s of %s", keys(mona, i),
                      seen[i].relation);
        ck_assert_msg(strcmp(keys(max, i), seen[i].max) == 0, "max sees %s of %s", keys(max, i),
                      seen[i].relation);
    }
    ck_assert_str_eq(ask(mona, "select string_agg(distinct fan_id, ' ') from showx.fan_word"), "f1");
}
END_TEST

START_TEST(everyone_else_sees_all_rows)
{
    const char *const others[] = {"anna", "enno", "rita"};
    for (size_t o = 0; o < sizeof others / sizeof *others; o++) {
        PGconn *c = as(others[o]);
        for (int i = 0; i < SEEN; i++)
            ck_assert_msg(strcmp(keys(c, i), seen[i].all) == 0, "%s sees %s of %s", others[o], keys(c, i),
                          seen[i].relation);
    }
}
END_TEST

START_TEST(without_row_security_the_manager_would_see_more)
{
    ok(as("shop"), "alter table showx.ticket_order disable row level security");
    ck_assert_str_eq(ask(as("mona"), "select count(*) from showx.ticket_order"), "2");
}
END_TEST

START_TEST(a_fan_who_takes_consent_back_is_gone_for_the_manager)
{
    PGconn *mona = as("mona");
    ck_assert_str_eq(ask(mona, "select count(*) from showx.fan"), "1");
    done(as("anna"), "update showx.follow set consent = false where fan_id = 'f1'");
    ck_assert_str_eq(ask(mona, "select count(*) from showx.fan"), "0");
}
END_TEST

START_TEST(a_manager_cannot_write_into_anothers_tours)
{
    PGconn *mona = as("mona");
    refused(mona, "42501", "row-level security",
            "insert into showx.tour (tour_id, artist_id, name, status) values ('x', 'a3', 'X', 'draft')");
    refused(mona, "42501", "row-level security", "update showx.tour set artist_id = 'a3'");
    refused(mona, "42501", "row-level security",
            "insert into showx.tour_stop (tour_id, position) values ('t3', 9)");
    done(mona, "update showx.tour set name = 'Mine'; delete from showx.tour_stop");
    ck_assert_str_eq(ask(as("anna"), "select string_agg(name, ' ' order by tour_id) from showx.tour"),
                     "Mine Three");
    ck_assert_str_eq(ask(as("anna"), "select count(*) from showx.tour_stop"), "1");
}
END_TEST

START_TEST(a_partition_cannot_be_read_past_its_parent)
{
    refused(as("mona"), "42501", "permission denied", "select * from showx.ticket_order_2026");
    refused(as("anna"), "42501", "permission denied", "select * from showx.ticket_2026");
}
END_TEST

START_TEST(who_one_is_cannot_be_set)
{
    PGconn *mona = as("mona");
    refused(mona, "42501", "permission denied", "set session authorization max");
    ok(mona, "set showx.actor = 'migration'; set role showx_manager");
    ck_assert_str_eq(ask(mona, "select string_agg(artist_id, ' ' order by 1) from showx.artist"), "a1 a2");
}
END_TEST

START_TEST(the_policies_run_once_a_statement_not_once_a_row)
{
    ok(as_owner(),
       "insert into showx.ticket_order (order_id, order_number, concert_id, ordered_at, status, total, "
       "currency)"
       " select 'n' || i, 'N-' || i, 'c2', '2026-01-03Z', 'paid', 1, 'USD' from generate_series(1, 5000) i");
    PGconn *max = as("max");
    ck_assert_str_eq(ask(max, "select count(*) from showx.ticket_order"), "5001");
    PGresult *r =
        PQexec(max, "explain (analyze, costs off, timing off, summary off) select * from showx.ticket_order");
    int once = 0, more = 0;
    for (int i = 0; i < PQntuples(r); i++) {
        const char *line = PQgetvalue(r, i, 0);
        if (strstr(line, "ProjectSet"))
            *(strstr(line, "loops=1)") ? &once : &more) += 1;
        ck_assert(!strstr(line, "SubPlan"));
    }
    PQclear(r);
    ck_assert_int_eq(once, 1);
    ck_assert_int_eq(more, 0);
}
END_TEST

START_TEST(a_view_shows_its_callers_rows)
{
    ck_assert_str_eq(
        ask(as("shop"),
            "select string_agg(c.oid::regclass::text, ' ') from pg_class c join pg_namespace n on n.oid = "
            "relnamespace"
            " where nspname = 'showx' and relkind in ('v', 'm')"
            " and not coalesce(array_to_string(reloptions, ' ') ~ 'security_invoker=(true|on)', false)"),
        "");
}
END_TEST

Suite *rows_suite(void)
{
    Suite *s = suite_create("rows");
    TCase *tc = shop_case(s, "rows");
    tcase_add_test(tc, a_manager_sees_their_artists_and_what_hangs_on_them_and_no_more);
    tcase_add_test(tc, everyone_else_sees_all_rows);
    tcase_add_test(tc, without_row_security_the_manager_would_see_more);
    tcase_add_test(tc, a_fan_who_takes_consent_back_is_gone_for_the_manager);
    tcase_add_test(tc, a_manager_cannot_write_into_anothers_tours);
    tcase_add_test(tc, a_partition_cannot_be_read_past_its_parent);
    tcase_add_test(tc, who_one_is_cannot_be_set);
    tcase_add_test(tc, the_policies_run_once_a_statement_not_once_a_row);
    tcase_add_test(tc, a_view_shows_its_callers_rows);
    return s;
}
