#include "base/rng.h"
#include "base/time.h"
#include "suites.h"
#include <stdlib.h>
#include <string.h>

static void check_time(const char *text, const char *back)
{
    int64_t us;
    err e = {0};
    char out[32];
    ck_assert_msg(time_parse(text, &us, &e), "%s", e.text);
    time_format(us, out);
    ck_assert_str_eq(out, back);
}

START_TEST(times_are_read_in_every_spelling_and_written_in_one)
{
    check_time("2026-11-22T18:10:00Z", "2026-11-22T18:10:00Z");
    check_time("2026-11-22t18:10:00z", "2026-11-22T18:10:00Z");
    check_time("2026-11-22 18:10:00+00:00", "2026-11-22T18:10:00Z");
    check_time("2026-11-22T18:10:00.5Z", "2026-11-22T18:10:00.500Z");
    check_time("2026-11-22T18:10:00.000001Z", "2026-11-22T18:10:00.000001Z");
    check_time("2026-11-22T18:10:00.123456789Z", "2026-11-22T18:10:00.123456Z");
    check_time("2026-11-23T01:10:00+07:00", "2026-11-22T18:10:00Z");
    check_time("2026-11-22T14:40:00-03:30", "2026-11-22T18:10:00Z");
    check_time("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z");
    check_time("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z");
    check_time("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z");
    check_time("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z");
    check_time("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
}
END_TEST

START_TEST(times_that_do_not_exist_are_refused_with_their_text)
{
    static const char *const bad[] = {
        "",
        "2026-11-22",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-04-00T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T18:60:00Z",
        "2026-11-22T18:10:61Z",
        "2026-11-22T18:10:00",
        "2026-11-22T18:10:00.Z",
        "2026-11-22T18:10:00.1234567890Z",
        "2026-11-22T18:10:00+7:00",
        "2026-11-22T18:10:00+24:00",
        "2026-11-22T18:10:00+01:60",
        "2026-11-22T18:10:00Zx",
        "2026-11-22T18:10Z",
        "2026/11/22T18:10:00Z",
        "26-11-22T18:10:00Z",
        "0000-12-31T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-11-22_18:10:00Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t us = 42;
        err e = {0};
        ck_assert_msg(!time_parse(bad[i], &us, &e), "%s", bad[i]);
        ck_assert_int_eq(us, 42);
        ck_assert_int_eq(e.kind, ERR_INPUT);
        ck_assert_msg(strstr(e.text, bad[i]) != NULL, "%s", e.text);
    }
    int64_t us;
    ck_assert(!time_parse(NULL, &us, NULL));
}
END_TEST

/* Walks all days of the years 0001..9999 by the calendar's own rules. */
START_TEST(every_day_of_ten_thousand_years_has_its_number)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t days = -719162; /* 0001-01-01 */
    for (int y = 1; y <= 9999; y++) {
        for (int m = 1; m <= 12; m++) {
            bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
            int length = lengths[m - 1] + (m == 2 && leap);
            for (int d = 1; d <= length; d++, days++) {
                int yy, mm, dd;
                time_civil(days, &yy, &mm, &dd);
                ck_assert_msg(yy == y && mm == m && dd == d && time_days(y, m, d) == days, "%d-%d-%d", y, m,
                              d);
            }
        }
    }
    ck_assert_int_eq(time_days(1970, 1, 1), 0);
}
END_TEST

START_TEST(days_before_the_first_year_go_both_ways)
{
    for (int32_t days = -2000000; days < -700000; days += 13) {
        int y, m, d;
        time_civil(days, &y, &m, &d);
        ck_assert_int_eq(time_days(y, m, d), days);
    }
}
END_TEST

START_TEST(a_random_instant_survives_writing_and_reading)
{
    rng r;
    rng_seed(&r, support_seed(11));
    for (int i = 0; i < 20000; i++) {
        int64_t us = rng_between(&r, INT64_C(-62135596800000000), INT64_C(253402300799999999)), back = 0;
        char text[32];
        err e = {0};
        time_format(us, text);
        ck_assert_msg(time_parse(text, &back, &e), "%s", e.text);
        ck_assert_int_eq(back, us);
    }
}
END_TEST

START_TEST(an_instant_far_outside_is_still_terminated)
{
    char text[32];
    time_format(INT64_MIN, text);
    ck_assert_str_eq(text, "-290308-12-21T19:59:05.224192Z");
    time_format(INT64_MAX, text);
    ck_assert_str_eq(text, "294247-01-10T04:00:54.775807Z");
}
END_TEST

START_TEST(dates_are_read_and_written)
{
    int32_t days = 7;
    err e = {0};
    char out[16];
    ck_assert(time_parse_date("2026-11-22", &days, &e));
    time_format_date(days, out);
    ck_assert_str_eq(out, "2026-11-22");
    ck_assert(!time_parse_date("2026-11-31", &days, &e));
    ck_assert_str_eq(e.text, "there is no day 2026-11-31: that month has 30 days");
    ck_assert(!time_parse_date("2026-11-22 ", &days, &e));
    ck_assert(!time_parse_date(NULL, &days, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "is not a date like"));
}
END_TEST

START_TEST(spans_show_one_unit_rounded_down)
{
    static const struct {
        int64_t s;
        const char *want;
    } cases[] = {{-5, "0 s"},      {0, "0 s"},    {59, "59 s"},    {60, "1 min"},
                 {3599, "59 min"}, {3600, "1 h"}, {86399, "23 h"}, {86400 * 12 + 5, "12 d"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[16];
        time_span(cases[i].s * 1000000, out);
        ck_assert_str_eq(out, cases[i].want);
    }
    char out[16];
    time_span(INT64_MAX, out);
    ck_assert_str_eq(out, "106751991 d");
}
END_TEST

START_TEST(the_clock_can_be_fixed_for_tests)
{
    setenv("SHOWX_NOW", "2026-11-22T18:10:00Z", 1);
    int64_t fixed = time_now_us();
    char out[32];
    time_format(fixed, out);
    ck_assert_str_eq(out, "2026-11-22T18:10:00Z");
    setenv("SHOWX_NOW", "nonsense", 1);
    ck_assert(time_now_us() != fixed);
    unsetenv("SHOWX_NOW");
    ck_assert_int_gt(time_now_us(), INT64_C(1700000000000000));
    int64_t a = time_mono_ms();
    ck_assert_int_ge(time_mono_ms(), a);
}
END_TEST

Suite *time_suite(void)
{
    return suite_of("time", (const TTest *const[]){
                                times_are_read_in_every_spelling_and_written_in_one,
                                times_that_do_not_exist_are_refused_with_their_text,
                                every_day_of_ten_thousand_years_has_its_number,
                                days_before_the_first_year_go_both_ways,
                                a_random_instant_survives_writing_and_reading,
                                an_instant_far_outside_is_still_terminated, dates_are_read_and_written,
                                spans_show_one_unit_rounded_down, the_clock_can_be_fixed_for_tests, NULL});
}
