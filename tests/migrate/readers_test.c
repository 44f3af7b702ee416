/* The typed readers of migrations/schema/0004_read.sql, form by form. */
#include "suites.h"

#include <stdio.h>

typedef struct form {
    const char *expression, *value; /* "" = null */
} form;

static const form times[] = {
    {"read.as_time('{\"timestampValue\":\"2019-06-01T20:00:00Z\"}')", "2019-06-01 20:00:00+00"},
    {"read.as_time('{\"integerValue\":\"1559419200\"}')", "2019-06-01 20:00:00+00"},
    {"read.as_time('{\"doubleValue\":1559419200000}')", "2019-06-01 20:00:00+00"},
    {"read.as_time('{\"stringValue\":\"1559419200000\"}')", "2019-06-01 20:00:00+00"},
    {"read.as_time('{\"stringValue\":\"2019-06-01T15:00:00-05:00\"}')", "2019-06-01 20:00:00+00"},
    {"read.as_time('{\"stringValue\":\"2019-06-01 20:00\"}', 'America/Chicago')", "2019-06-02 01:00:00+00"},
    {"read.as_time('{\"stringValue\":\"06/01/2019 8:00 PM\"}')", "2019-06-01 20:00:00+00"},
    {"read.as_time('{\"stringValue\":\"12/31/2019 12:05 AM\"}')", "2019-12-31 00:05:00+00"},
    {"read.as_time('{\"stringValue\":\"Tue Mar 05 2019 19:30:00 GMT-0600 (CST)\"}')",
     "2019-03-06 01:30:00+00"},
    {"read.as_time('{\"stringValue\":\"Tue, 05 Mar 2019 19:30:00 GMT\"}')", "2019-03-05 19:30:00+00"},
    {"read.as_time('{\"stringValue\":\"2019-02-30\"}')", ""},
    {"read.as_time('{\"stringValue\":\"0000-00-00\"}')", ""},
    {"read.as_time('{\"stringValue\":\"TBA\"}')", ""},
    {"read.as_time('{\"stringValue\":\"next Friday\"}')", ""},
    {"read.as_time('{\"integerValue\":\"0\"}')", ""},
    {"read.as_date('{\"stringValue\":\"06/01/2019\"}')", "2019-06-01"},
    {"read.as_date('{\"stringValue\":\"2020-02-29\"}')", "2020-02-29"},
    {"read.as_date('{\"stringValue\":\"2019-02-29\"}')", ""},
    {"read.is_day('{\"stringValue\":\"2019-06-01\"}')", "t"},
    {"read.is_day('{\"stringValue\":\"2019-06-01 20:00\"}')", "f"},
};
static const form amounts[] = {
    {"read.as_money('{\"doubleValue\":12.5}')", "1250"},
    {"read.as_money('{\"doubleValue\":0.29}')", "29"},
    {"read.as_money('{\"integerValue\":\"50\"}')", "5000"},
    {"read.as_money('{\"integerValue\":\"5000\"}', 2, true)", "5000"},
    {"read.as_money('{\"stringValue\":\"$1,250.00\"}')", "125000"},
    {"read.as_money('{\"stringValue\":\"12.50 USD\"}')", "1250"},
    {"read.as_money('{\"stringValue\":\"USD 49.50\"}')", "4950"},
    {"read.as_money('{\"stringValue\":\"49,50 \\u20ac\"}')", "4950"},
    {"read.as_money('{\"stringValue\":\"\\u00a54500\"}', 0)", "4500"},
    {"read.as_money('{\"stringValue\":\"-$12.50\"}')", "-1250"},
    {"read.as_money('{\"mapValue\":{\"fields\":{\"amount\":{\"integerValue\":\"1250\"}}}}')", "1250"},
    {"read.as_money('{\"doubleValue\":0.125}')", "13"},
    {"read.is_fraction(read.amount('{\"doubleValue\":0.125}'))", "t"},
    {"read.is_fraction(read.amount('{\"doubleValue\":0.30000000000000004}'))", "f"},
    {"read.as_money('{\"doubleValue\":\"NaN\"}')", ""},
    {"read.as_money('{\"stringValue\":\"free??\"}')", ""},
    {"read.as_money('{\"stringValue\":\"TBD\"}')", ""},
    {"read.as_currency('{\"stringValue\":\"usd\"}')", "USD"},
    {"read.as_currency('{\"stringValue\":\"XXX\"}')", ""},
};
static const form words[] = {
    {"read.text('{\"name\":{\"stringValue\":\"  \"},\"title\":{\"stringValue\":\" Luna\\u0007 \"}}', 'name', "
     "'title')",
     "Luna"},
    {"read.text('{\"name\":{\"nullValue\":null}}', 'name')", ""},
    {"read.value('{\"a\":{\"mapValue\":{}},\"b\":{\"integerValue\":\"7\"}}', 'a', 'b') ->> 'integerValue'",
     "7"},
    {"read.as_email('{\"stringValue\":\" Jo@X.com \"}')", "jo@x.com"},
    {"read.as_email('{\"stringValue\":\"jo@@x.com\"}')", ""},
    {"read.as_email('{\"stringValue\":\"jo@x\"}')", ""},
    {"read.as_phone('{\"stringValue\":\"(512) 555-0100\"}')", "+15125550100"},
    {"read.as_phone('{\"stringValue\":\"+44 20 7946 0000\"}')", "+442079460000"},
    {"read.as_phone('{\"stringValue\":\"12\"}')", ""},
    {"read.as_bool('{\"stringValue\":\"Yes\"}')", "t"},
    {"read.as_bool('{\"integerValue\":\"0\"}')", "f"},
    {"read.as_bool('{\"stringValue\":\"maybe\"}')", ""},
    {"read.as_int('{\"stringValue\":\" 1,500 \"}')", "1500"},
    {"read.as_int('{\"doubleValue\":1.5}')", ""},
    {"read.as_ref('{\"referenceValue\":\"projects/p/databases/(default)/documents/artists/a1\"}')", "a1"},
    {"read.as_ref('{\"stringValue\":\"artists/a1\"}')", "a1"},
    {"read.as_texts('{\"stringValue\":\"Rock, Indie\"}')", "{Rock,Indie}"},
    {"(read.city_of('{\"stringValue\":\"Austin, TX\"}')).key", "austin tx"},
    {"(select city_id from read.city_name where key = 'portland or')", "g2"},
    {"(select city_id from read.city_name where key = 'portland')", "g2"},
    {"read.guess_city('asutin', 'tx')", "g1"},
    {"read.guess_city('asutin', 'or')", ""},
    {"read.guess_city('qwxzville', 'tx')", ""},
};

static PGconn *db;

static void start(void)
{
    support_pg();
    db = migrate_database("migrate_readers");
    migrate_ask(db, "set timezone = 'UTC'");
}

static void check_forms(const form *f, size_t n)
{
    char sql[1024];
    for (size_t i = 0; i < n; i++) {
        snprintf(sql, sizeof sql, "select %s", f[i].expression);
        const char *got = migrate_ask(db, sql);
        ck_assert_msg(strcmp(got, f[i].value) == 0, "%s gave '%s', not '%s'", f[i].expression, got,
                      f[i].value);
    }
}

START_TEST(every_form_of_a_time_gives_its_instant)
{
    check_forms(times, sizeof times / sizeof *times);
}
END_TEST

START_TEST(every_form_of_money_gives_exact_minor_units)
{
    check_forms(amounts, sizeof amounts / sizeof *amounts);
}
END_TEST

START_TEST(words_addresses_references_and_places_are_read_forgivingly)
{
    check_forms(words, sizeof words / sizeof *words);
}
END_TEST

Suite *readers_suite(void)
{
    Suite *s = suite_create("readers");
    TCase *tc = tcase_create("readers");
    tcase_add_unchecked_fixture(tc, start, NULL);
    tcase_add_test(tc, every_form_of_a_time_gives_its_instant);
    tcase_add_test(tc, every_form_of_money_gives_exact_minor_units);
    tcase_add_test(tc, words_addresses_references_and_places_are_read_forgivingly);
    suite_add_tcase(s, tc);
    return s;
}
