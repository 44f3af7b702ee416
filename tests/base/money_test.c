#include "base/money.h"
#include "base/rng.h"
#include "suites.h"
#include <string.h>

static void check(const char *text, const char *usual, int64_t minor, const char *currency)
{
    int64_t got = 0;
    char code[4] = "";
    err e = {0};
    ck_assert_msg(money_parse(text, usual, &got, code, &e), "%s: %s", text, e.text);
    ck_assert_msg(got == minor && strcmp(code, currency) == 0, "%s: %lld %s", text, (long long)got, code);
}

START_TEST(amounts_are_read_as_people_write_them)
{
    check("12.50", "USD", 1250, "USD");
    check("$12.50", "USD", 1250, "USD");
    check("$12.50", "EUR", 1250, "USD");
    check("$12.50", "CAD", 1250, "CAD");
    check("12,50 EUR", "USD", 1250, "EUR");
    check("12,50 €", NULL, 1250, "EUR");
    check("USD 12.50", NULL, 1250, "USD");
    check("usd12.5", NULL, 1250, "USD");
    check(" £3 ", NULL, 300, "GBP");
    check("¥1,200", NULL, 1200, "JPY");
    check("-$12.50", NULL, -1250, "USD");
    check("$-12.50", NULL, -1250, "USD");
    check("−3", "USD", -300, "USD");
    check(".5", "USD", 50, "USD");
    check("0", "USD", 0, "USD");
    check("1,234.50", "USD", 123450, "USD");
    check("1.234,50", "EUR", 123450, "EUR");
    check("1,234", "USD", 123400, "USD");
    check("1,234,567", "USD", 123456700, "USD");
    check("1.234.567", "EUR", 123456700, "EUR");
    check("1.234.567,89", "EUR", 123456789, "EUR");
    check("1 234 567,89", "EUR", 123456789, "EUR");
    check("1\xC2\xA0"
          "234,5",
          "EUR", 123450, "EUR");
    check("1'234.50 CHF", NULL, 123450, "CHF");
    check("1.234 KWD", NULL, 1234, "KWD");
    check("500 JPY", NULL, 500, "JPY");
}
END_TEST

START_TEST(what_is_no_amount_is_refused_with_its_text)
{
    static const char *const bad[] = {
        "",
        "abc",
        "12.50 USD x",
        "1.234",
        "12.505",
        "$",
        "1,23,45.00",
        "--3",
        "12.5.0",
        "5.",
        "12 50",
        "USD 12 EUR",
        "1e5",
        "1,2345",
        ",5",
        "99999999999999999999",
        "92233720368547758.08",
        "0.00000000000000000000001",
        "111111111111111111111111111111111111111111111111111111111111111111111"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t got = 42;
        char code[4] = "XXX";
        err e = {0};
        ck_assert_msg(!money_parse(bad[i], "USD", &got, code, &e), "%s gave %lld", bad[i], (long long)got);
        ck_assert_int_eq(got, 42);
        ck_assert_str_eq(code, "XXX");
        ck_assert_int_eq(e.kind, ERR_INPUT);
    }
    int64_t got;
    char code[4];
    err e = {0};
    ck_assert(!money_parse(NULL, "USD", &got, code, &e));
    ck_assert(!money_parse("12.50", NULL, &got, code, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "currency"));
    ck_assert(!money_parse("500.5 JPY", NULL, &got, code, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "JPY has 0"));
}
END_TEST

START_TEST(amounts_are_written_with_their_currency)
{
    static const struct {
        int64_t minor;
        const char *code;
        bool grouped;
        const char *want;
    } cases[] = {
        {123450, "USD", true, "1,234.50 USD"},
        {123450, "USD", false, "1234.50 USD"},
        {5, "USD", true, "0.05 USD"},
        {-5, "USD", true, "-0.05 USD"},
        {0, "JPY", true, "0 JPY"},
        {1234567, "JPY", true, "1,234,567 JPY"},
        {1234, "KWD", true, "1.234 KWD"},
        {99999, "USD", true, "999.99 USD"},
        {12345, "CLF", true, "1.2345 CLF"},
        {INT64_MIN, "USD", true, "-92,233,720,368,547,758.08 USD"},
        {INT64_MAX, "JPY", true, "9,223,372,036,854,775,807 JPY"},
        {100, "\x1b[2J", true, "1.00 ???"},
        {100, NULL, true, "1.00 ???"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[48];
        money_format(cases[i].minor, cases[i].code, cases[i].grouped, out);
        ck_assert_str_eq(out, cases[i].want);
    }
}
END_TEST

START_TEST(what_was_written_is_read_back_the_same)
{
    static const char *const codes[] = {"USD", "JPY", "KWD", "CLF", "EUR"};
    rng r;
    rng_seed(&r, support_seed(3));
    for (int i = 0; i < 50000; i++) {
        int64_t minor = (int64_t)(rng_next(&r) >> rng_below(&r, 64));
        minor = i == 0 ? INT64_MIN : rng_chance(&r, 5000) ? minor : -minor;
        const char *code = codes[rng_below(&r, 5)];
        char text[48];
        money_format(minor, code, i % 2, text);
        check(text, NULL, minor, code);
    }
}
END_TEST

Suite *money_suite(void)
{
    return suite_of("money", (const TTest *const[]){amounts_are_read_as_people_write_them,
                                                    what_is_no_amount_is_refused_with_its_text,
                                                    amounts_are_written_with_their_currency,
                                                    what_was_written_is_read_back_the_same, NULL});
}
