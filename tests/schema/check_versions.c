/* Versions, the words of fans, and the folded key. */
#include "base/buf.h"
#include "shop.h"
#include <string.h>

Suite *versions_suite(void);

START_TEST(every_update_counts_the_version_and_says_who)
{
    static const char *const tables[] = {"artist",  "venue", "fan",         "concert",
                                         "booking", "tour",  "ticket_order"};
    PGconn *owner = as_owner(), *anna = as("anna");
    ok(owner, "grant update on showx.booking to showx_support"); /* past its functions, for this once */
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        done(anna, "update showx.%s set version = 77, updated_by = 'max', updated_at = '2001-01-01'",
             tables[i]);
        ck_assert_str_eq(ask(owner,
                             "select string_agg(distinct concat_ws(' ', version, updated_by, updated_at > "
                             "'2020-01-01'), ', ') from showx.%s",
                             tables[i]),
                         "2 anna t");
    }
}
END_TEST

START_TEST(a_new_row_cannot_claim_a_version_or_a_writer)
{
    done(as("anna"), "insert into showx.tour (tour_id, artist_id, name, status, version, updated_by) values "
                     "('x', 'a1', 'X', 'draft', 9, 'max')");
    ck_assert_str_eq(
        ask(as("anna"), "select concat_ws(' ', version, updated_by) from showx.tour where tour_id = 'x'"),
        "1 anna");
}
END_TEST

START_TEST(the_projections_updates_are_the_migrations)
{
    ok(as_owner(), "update showx.venue set name = 'Hall' where venue_id = 'v1'");
    ck_assert_str_eq(ask(as("anna"), "select updated_by from showx.venue where venue_id = 'v1'"),
                     "migration");
}
END_TEST

static const char *words(PGconn *c, const char *fan)
{
    return ask(c, "select string_agg(word, ' ' order by word) from showx.fan_word where fan_id = '%s'", fan);
}

START_TEST(a_fan_is_found_by_every_word_of_name_and_address)
{
    PGconn *c = as("anna");
    ck_assert_str_eq(words(c, "f1"), "jose nandu x");
    ck_assert_str_eq(words(c, "f3"), "leo roe");
}
END_TEST

START_TEST(words_follow_the_name_the_address_and_the_end_of_a_fan)
{
    PGconn *c = as_owner();
    ok(c, "update showx.fan set name = 'José Meier' where fan_id = 'f1'");
    ck_assert_str_eq(words(c, "f1"), "jose meier nandu x");
    ok(c, "update showx.fan set email = null where fan_id in ('f1', 'f2')");
    ck_assert_str_eq(words(c, "f1"), "jose meier");
    ck_assert_str_eq(words(c, "f2"), "doe mia");
    ok(c, "insert into showx.fan (fan_id, name, created_at) values ('f1', 'Zoë', now()), ('f4', 'Uwe', now())"
          " on conflict (fan_id) do update set name = excluded.name");
    ck_assert_str_eq(words(c, "f1"), "zoe");
    ck_assert_str_eq(words(c, "f4"), "uwe");
    ok(c, "delete from showx.fan where fan_id = 'f4'");
    ck_assert_str_eq(words(c, "f4"), "");
}
END_TEST

START_TEST(a_note_leaves_the_words_alone)
{
    PGconn *c = as_owner();
    const char *before =
        ask(c, "select string_agg(ctid::text, ' ' order by word) from showx.fan_word where fan_id = 'f1'");
    ok(c, "update showx.fan set note = 'x'");
    ck_assert_str_eq(
        ask(c, "select string_agg(ctid::text, ' ' order by word) from showx.fan_word where fan_id = 'f1'"),
        before);
}
END_TEST

START_TEST(a_name_without_end_does_not_break_the_index)
{
    ok(as_owner(), "insert into showx.fan (fan_id, name, created_at) select 'long', string_agg(md5(i::text), "
                   "''), now() from generate_series(1, 70) i");
    ck_assert_str_eq(ask(as("anna"), "select length(word) from showx.fan_word where fan_id = 'long'"), "64");
}
END_TEST

START_TEST(fold_makes_one_key_of_the_ways_to_write_a_name)
{
    static const struct {
        const char *name, *key;
    } folds[] = {
        {"José  Ñandú", "jose nandu"},
        {"Björk", "bjork"},
        {"Straße", "strasse"},
        {"Sinéad O'Connor", "sinead oconnor"},
        {"AC/DC", "ac dc"},
        {"Łódź", "lodz"},
        {"Sigur Rós", "sigur ros"},
        {"  a--b  ", "a b"},
        {"ÆØÅ", "aeoa"},
        {"ﬁn Ⅳ", "fin iv"},
        {"İstanbul ı", "istanbul i"},
        {"", ""},
        {"!!!", ""},
        {"東京 Tokyo", "東京 tokyo"},
        {"Don’t", "dont"},
        {"Jose\xcc\x81", "jose"},
        {"ズ", "ス\xe3\x82\x99"},
        {"हिन्दी", "हिन्दी"},
    };
    PGconn *c = as("anna");
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
        const char *name[] = {folds[i].name};
        PGresult *r = PQexecParams(c, "select showx.fold($1)", 1, NULL, name, NULL, NULL, 0);
        ck_assert_str_eq(PQgetvalue(r, 0, 0), folds[i].key);
        PQclear(r);
    }
}
END_TEST

Suite *versions_suite(void)
{
    Suite *s = suite_create("versions");
    TCase *tc = shop_case(s, "versions");
    tcase_add_test(tc, every_update_counts_the_version_and_says_who);
    tcase_add_test(tc, a_new_row_cannot_claim_a_version_or_a_writer);
    tcase_add_test(tc, the_projections_updates_are_the_migrations);
    tcase_add_test(tc, a_fan_is_found_by_every_word_of_name_and_address);
    tcase_add_test(tc, words_follow_the_name_the_address_and_the_end_of_a_fan);
    tcase_add_test(tc, a_note_leaves_the_words_alone);
    tcase_add_test(tc, a_name_without_end_does_not_break_the_index);
    tcase_add_test(tc, fold_makes_one_key_of_the_ways_to_write_a_name);
    return s;
}
