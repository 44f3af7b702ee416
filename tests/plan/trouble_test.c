/* Why there is no tour, as a manager reads it: what is in the way by its own name, limits in plain words, and what would do. */
#include "suites.h"
#include "world.h"

#include "base/time.h"

#include <stdio.h>
#include <string.h>

static world w;

static void open_world(void)
{
    world_open(&w);
}

static void close_world(void)
{
    world_close(&w);
}

static plan_input *load(const plan_request *r)
{
    plan_input *in = NULL;
    err e = {0};
    ck_assert_msg(plan_load(w.stores[STORE_POSTGRES], w.catalog, w.places, r, &in, NULL, &e), "%s", e.text);
    return in;
}

static void says(const plan_input *in, const tour_trouble *t, const char *expected)
{
    buf out;
    buf_init(&out);
    plan_say_trouble(in, t, &out);
    ck_assert_str_eq(out.data, expected);
    buf_done(&out);
}

/* What a request that cannot be is answered with. */
static void answer_is(const plan_request *r, const char *expected)
{
    const tour_effort effort = {.iterations = 1500, .seed = 1};
    plan_input *in = load(r);
    tour_plan plan = {0};
    tour_trouble why;
    err e = {0};
    ck_assert(!tour_solve(plan_problem(in), &effort, &plan, &why, &e));
    says(in, &why, expected);
    plan_input_free(in);
}

START_TEST(a_pin_that_a_confirmed_show_forbids_is_what_is_to_go)
{
    plan_request r = world_request();
    r.npins = 1;
    r.pins[0] = (plan_pin){"g8", "", time_days(2030, 3, 8)};
    answer_is(&r, "There is no tour: the pin Denver on 8 March and the confirmed show in Austin on 8 March "
                  "contradict each other: one show a day. Without the pin Denver on 8 March there is one.");
}
END_TEST

START_TEST(a_show_that_cannot_be_reached_in_time_is_not_said_to_lack_a_room)
{
    plan_request r = world_request();
    snprintf(r.start, sizeof r.start, "g8");
    r.from = time_days(2030, 3, 8);
    answer_is(&r, "There is no tour: the confirmed show in Austin on 8 March cannot be reached from the "
                  "start in time: that is 3 days of driving where there is 1. With 2 more days before the "
                  "window there is one. Without the confirmed show in Austin on 8 March there is one.");
}
END_TEST

static tour_trouble limit(tour_rule rule, int64_t now, int64_t to)
{
    return (tour_trouble){.rule = rule,
                          .limit = now,
                          .to = to,
                          .change_known = true,
                          .pin = TOUR_NONE,
                          .other_pin = TOUR_NONE,
                          .slot = TOUR_NONE,
                          .other_slot = TOUR_NONE,
                          .clause = TOUR_NONE,
                          .drop_pin = TOUR_NONE,
                          .drop_also = TOUR_NONE};
}

START_TEST(limits_are_said_in_words_and_hours_that_would_do_are_rounded_up)
{
    static const struct {
        tour_rule rule;
        int64_t now, to;
        const char *says;
    } all[] = {
        {TOUR_DRIVE, 420, 433,
         "There is no tour that drives at most 7.0 h on a show day; with 7.3 h there is one."},
        {TOUR_DRIVE_7, 2400, 2406,
         "There is no tour that drives at most 40.0 h in seven days; with 40.1 h there is one."},
        {TOUR_RUN, 1, 3, "There is no tour with at most 1 show day on end; with 3 there is one."},
        {TOUR_SHOWS_7, 2, 3, "There is no tour with at most 2 shows in seven days; with 3 there is one."},
        {TOUR_FREE_7, 6, 1, "There is no tour with at least 6 free days in seven; with 1 there is one."},
        {TOUR_FREE_7, 1, 0,
         "There is no tour with at least 1 free day in seven; with no free day in seven there is one."},
        {TOUR_MARKET, 1, 2, "There is no tour with at most 1 show in one place; with 2 there is one."},
        {TOUR_COOLDOWN, 30, 9,
         "There is no tour with at least 30 days between two shows in one place; with 9 there is one."},
        {TOUR_SHOWS_MAX, 1, 4, "There is no tour of at most 1 show; with 4 there is one."},
        {TOUR_BUDGET, 100000, 250000,
         "There is no tour for at most 1,000.00 USD of costs; with 2,500.00 USD there is one."},
        {TOUR_START, 21, 22,
         "There is no tour that comes from the start in this window; with 1 more day before the window there "
         "is one."},
        {TOUR_END, 21, 24,
         "There is no tour that reaches the end in this window; with 3 more days behind the window there is "
         "one."},
    };
    plan_request r = world_request();
    plan_input *in = load(&r);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tour_trouble t = limit(all[i].rule, all[i].now, all[i].to);
        says(in, &t, all[i].says);
    }
    plan_input_free(in);
}
END_TEST

START_TEST(where_two_things_are_wrong_both_changes_are_said_as_one)
{
    plan_request r = world_request();
    r.npins = 1;
    r.pins[0] = (plan_pin){"g8", "", INT32_MIN};
    plan_input *in = load(&r);
    tour_trouble t = limit(TOUR_RUN, 1, 2);
    t.also_rule = TOUR_FREE_7;
    t.also_to = 1;
    says(
        in, &t,
        "There is no tour with at most 1 show day on end; with 2 and only 1 free day in seven there is one.");
    t = limit(TOUR_PIN, 1, 0);
    t.change_known = false;
    t.pin = t.drop_pin = 0;
    t.also_rule = TOUR_DRIVE;
    t.also_to = 600;
    ck_assert_ptr_nonnull(in);
    buf out;
    buf_init(&out);
    plan_say_trouble(in, &t, &out);
    ck_assert_msg(
        strstr(out.data,
               "Without the pin Denver, and with up to 10.0 h of driving on a show day, there is one."),
        "%s", out.data);
    buf_done(&out);
    plan_input_free(in);
}
END_TEST

START_TEST(where_nothing_was_found_that_helps_the_limit_is_named_all_the_same)
{
    plan_request r = world_request();
    plan_input *in = load(&r);
    tour_trouble t = limit(TOUR_SHOWS_7, 2, 0);
    t.change_known = false;
    says(in, &t,
         "There is no tour with at most 2 shows in seven days, and no one change was found that helps.");
    t = limit(TOUR_PIN, 1, 0);
    t.change_known = false;
    says(in, &t,
         "There is no tour that meets every pin, confirmed show and appearance, and no one change was found "
         "that helps.");
    plan_input_free(in);
}
END_TEST

START_TEST(a_pin_in_a_country_that_is_left_out_says_so)
{
    plan_request r = world_request();
    snprintf(r.countries, sizeof r.countries, "CA");
    r.npins = 1;
    r.pins[0] = (plan_pin){"g8", "", INT32_MIN};
    plan_input *in = load(&r);
    tour_trouble t = limit(TOUR_PIN, 1, 0);
    t.change_known = false;
    t.pin = 0;
    says(in, &t,
         "There is no tour: the pin Denver cannot be met: US is not among the tour's countries (CA).");
    plan_input_free(in);
}
END_TEST

Suite *trouble_suite(void)
{
    Suite *s = suite_create("trouble");
    TCase *tc = tcase_create("trouble");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, world_make, NULL);
    tcase_add_checked_fixture(tc, open_world, close_world);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_pin_that_a_confirmed_show_forbids_is_what_is_to_go);
    tcase_add_test(tc, a_show_that_cannot_be_reached_in_time_is_not_said_to_lack_a_room);
    tcase_add_test(tc, limits_are_said_in_words_and_hours_that_would_do_are_rounded_up);
    tcase_add_test(tc, where_two_things_are_wrong_both_changes_are_said_as_one);
    tcase_add_test(tc, where_nothing_was_found_that_helps_the_limit_is_named_all_the_same);
    tcase_add_test(tc, a_pin_in_a_country_that_is_left_out_says_so);
    return s;
}
