/* A note: the whole path of a write. */
#include "shop.h"
#include <string.h>

Suite *notes_suite(void);

START_TEST(a_note_gives_the_new_version_and_an_audit_entry)
{
    PGconn *anna = as("anna");
    done(anna, "select showx.note_set('artist', 'a1', 'likes tea', 1)");
    done(anna, "select showx.note_set('venue', 'v1', 'steep stairs', 1)");
    ok(anna, "begin; select set_config('showx.reason', 'r', true)");
    ck_assert_str_eq(ask(anna, "select showx.note_set('fan', 'f1', 'called', 1)"), "2");
    ok(anna, "commit");
    ck_assert_str_eq(
        ask(anna,
            "select string_agg(relation || ' ' || (new ->> 'note'), ', ' order by at) from audit.entry"),
        "showx.artist likes tea, showx.venue steep stairs, showx.fan called");
    done(anna, "select showx.note_set('fan', 'f1', '  ', 2)");
    ck_assert_str_eq(ask(anna, "select note is null and version = 3 from showx.fan where fan_id = 'f1'"),
                     "t");
}
END_TEST

START_TEST(the_slower_of_two_edits_is_told_of_the_quicker)
{
    PGconn *anna = as("anna"), *mona = as("mona");
    done(mona, "select showx.note_set('artist', 'a1', 'hers', 1)");
    refused(anna, "SX001", "artist a1 was changed by somebody else: it is at version 2, not 1",
            "select showx.note_set('artist', 'a1', 'mine', 1)");
    ck_assert_ptr_nonnull(strstr(last_detail(), "\"note\": \"hers\""));
    ck_assert_ptr_nonnull(strstr(last_detail(), "\"updated_by\": \"mona\""));
    ck_assert_ptr_nonnull(strstr(last_detail(), "\"version\": 2"));
    ck_assert_ptr_nonnull(strstr(last_detail(), "\"updated_at\": \"20"));
    ck_assert_str_eq(ask(anna, "select note from showx.artist where artist_id = 'a1'"), "hers");
}
END_TEST

START_TEST(two_edits_at_the_same_moment_do_not_lose_one)
{
    PGconn *anna = as("anna"), *mona = as("mona");
    ok(mona, "begin; select set_config('showx.reason', 'r', true); select showx.note_set('artist', 'a1', "
             "'hers', 1)");
    ok(anna, "begin; select set_config('showx.reason', 'r', true)");
    ck_assert(PQsendQuery(anna, "select showx.note_set('artist', 'a1', 'mine', 1)") ==
              1); /* waits for mona */
    ok(mona, "commit");
    PGresult *r = PQgetResult(anna);
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "SX001");
    PQclear(r);
    ck_assert_str_eq(ask(mona, "select note from showx.artist where artist_id = 'a1'"), "hers");
}
END_TEST

START_TEST(a_note_on_what_is_not_there_or_not_ones_own_is_refused)
{
    refused(as("anna"), "SX003", "there is no artist nobody here",
            "select showx.note_set('artist', 'nobody', 'x', 1)");
    refused(as("mona"), "SX003", "there is no artist a3 here",
            "select showx.note_set('artist', 'a3', 'x', 1)");
    refused(as("mona"), "SX003", "there is no fan f2 here", "select showx.note_set('fan', 'f2', 'x', 1)");
    refused(as("mona"), "42501", "permission denied", "select showx.note_set('venue', 'v1', 'x', 1)");
    refused(as("anna"), "SX002", "a note belongs to an artist",
            "select showx.note_set('booking', 'b1', 'x', 1)");
    refused(as("anna"), "SX001", "not none", "select showx.note_set('artist', 'a1', 'x', null)");
}
END_TEST

START_TEST(a_note_needs_a_reason)
{
    refused(as("anna"), "SX002", "needs a reason",
            "set local showx.reason = ''; select showx.note_set('artist', 'a1', 'x', 1)");
}
END_TEST

Suite *notes_suite(void)
{
    Suite *s = suite_create("notes");
    TCase *tc = shop_case(s, "notes");
    tcase_add_test(tc, a_note_gives_the_new_version_and_an_audit_entry);
    tcase_add_test(tc, the_slower_of_two_edits_is_told_of_the_quicker);
    tcase_add_test(tc, two_edits_at_the_same_moment_do_not_lose_one);
    tcase_add_test(tc, a_note_on_what_is_not_there_or_not_ones_own_is_refused);
    tcase_add_test(tc, a_note_needs_a_reason);
    return s;
}
