/* The problem's arrays: what is refused and how it is said, distances, copies, plans side by side. */
#include "base/mem.h"
#include "suites.h"
#include "tour/private.h"
#include "tour/random.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two markets, two venues, two slots, one of everything else. */
static tour_problem *small(void)
{
    tour_problem *p = tour_problem_new();
    p->days = 10;
    p->nmarkets = p->nvenues = p->nslots = 2;
    p->nclauses = p->noverlaps = p->nlegs = p->npins = p->nkeep = 1;
    p->markets = MEM_ARRAY(tour_market, 2);
    p->venues = MEM_ARRAY(tour_venue, 2);
    p->slots = MEM_ARRAY(tour_slot, 2);
    for (int i = 0; i < 2; i++) {
        p->venues[i].market = i;
        p->slots[i] = (tour_slot){.venue = i, .market = i, .day = (int16_t)(i * 3), .chance = 10000};
    }
    p->clauses = MEM_ARRAY(tour_clause, 1);
    p->overlaps = MEM_ARRAY(tour_overlap, 1);
    p->overlaps[0] = (tour_overlap){1, 0, 100};
    p->legs = MEM_ARRAY(tour_leg_set, 1);
    p->legs[0] = (tour_leg_set){1, 0, 77000, 55};
    p->pins = MEM_ARRAY(tour_pin, 1);
    p->keep = MEM_ARRAY(tour_keep, 1);
    return p;
}

static void refused(tour_problem *p, const char *sentence)
{
    err e = {0};
    ck_assert(!tour_problem_check(p, &e));
    ck_assert_int_eq(e.kind, ERR_INPUT);
    ck_assert_str_eq(e.text, sentence);
    tour_problem_free(p);
}

#define REFUSED(change, sentence)                                                                            \
    do {                                                                                                     \
        tour_problem *p = small();                                                                           \
        change;                                                                                              \
        refused(p, sentence);                                                                                \
    } while (0)

START_TEST(a_number_that_cannot_be_is_refused_with_its_array_row_and_field)
{
    err e = {0};
    tour_problem *good = small();
    ck_assert_msg(tour_problem_check(good, &e), "%s", e.text);
    tour_problem_free(good);
    REFUSED(p->days = 0, "tour: days is 0, not from 1 to 366");
    REFUSED(p->start = 2, "tour: start is 2, not from -1 to 1");
    REFUSED(p->limits.run_days = 0, "tour: run_days is 0, not from 1 to 2147483647");
    REFUSED(p->prices.aversion = -1, "tour: aversion is -1, not from 0 to 50000");
    REFUSED(p->fade[3] = 10001, "tour: fade 3: the share is 10001, not from 0 to 10000");
    REFUSED(p->markets[1].latitude = NAN, "tour: market 1 lies at nan, 0, which is no place on earth");
    REFUSED(p->venues[0].longitude = 181, "tour: venue 0 lies at 0, 181, which is no place on earth");
    REFUSED(p->venues[1].market = 2, "tour: venue 1: market is 2, not from 0 to 1");
    REFUSED(p->clauses[0].metres = -1, "tour: clause 0: metres is -1, not from 0 to 2147483647");
    REFUSED(p->slots[1].day = 10, "tour: slot 1: day is 10, not from 0 to 9");
    REFUSED(p->slots[0].venue = TOUR_NONE, "tour: slot 0: venue is -1, not from 0 to 1");
    REFUSED(p->slots[0].appearance = true, "tour: slot 0: venue is 0, not from -1 to -1");
    REFUSED(p->slots[0].market = 1, "tour: slot 0: its venue 0 is in market 0, not 1");
    REFUSED((p->slots[1].venue = 0, p->slots[1].market = 0, p->slots[1].day = 0),
            "tour: slot 1 is the same venue and day as slot 0");
    REFUSED(p->slots[0].net = INT64_C(10000000000001),
            "tour: slot 0: net is 10000000000001, not from -10000000000000 to 10000000000000");
    REFUSED(p->pins[0].day = 10, "tour: pin 0: day is 10, not from -1 to 9");
    REFUSED(p->pins[0].venue = 1, "tour: pin 0: its venue 1 is in market 1, not 0");
    REFUSED(p->keep[0].market = -1, "tour: keep 0: market is -1, not from 0 to 1");
    REFUSED(p->legs[0].b = 1, "tour: leg 0 goes from market 1 to itself");
    REFUSED(p->legs[0].minutes = -5, "tour: leg 0: minutes is -5, not from 0 to 10000000");
    REFUSED(p->overlaps[0].b = 1, "tour: overlap 0 is of market 1 with itself, which is whole as it is");
    REFUSED(p->overlaps[0].share = 10001, "tour: overlap 0: share is 10001, not from 0 to 10000");
}
END_TEST

START_TEST(a_pair_given_twice_is_refused)
{
    tour_problem *p = small();
    free(p->legs);
    p->legs = MEM_ARRAY(tour_leg_set, 2);
    p->nlegs = 2;
    p->legs[0] = (tour_leg_set){1, 0, 1, 1};
    p->legs[1] = (tour_leg_set){0, 1, 2, 2};
    refused(p, "tour: two legs are given between markets 0 and 1");
    p = small();
    free(p->overlaps);
    p->overlaps = MEM_ARRAY(tour_overlap, 2);
    p->noverlaps = 2;
    p->overlaps[0] = p->overlaps[1] = (tour_overlap){0, 1, 5};
    refused(p, "tour: two overlaps are given between markets 0 and 1");
}
END_TEST

/* A show every day of a leap year, as dear, far and shared as may be: the sanitizer would tell of a sum that overflows. */
START_TEST(the_largest_numbers_that_are_taken_can_be_summed)
{
    err e = {0};
    tour_terms t;
    tour_problem *p = small();
    const int64_t most = INT64_C(10000000000000), price = 1000000000;
    p->days = TOUR_DAYS_MOST;
    free(p->slots);
    p->slots = MEM_ARRAY(tour_slot, TOUR_DAYS_MOST);
    p->nslots = TOUR_DAYS_MOST;
    int32_t stops[TOUR_DAYS_MOST];
    for (int16_t i = 0; i < TOUR_DAYS_MOST; i++) {
        p->slots[i] = (tour_slot){.venue = i % 2,
                                  .market = i % 2,
                                  .day = i,
                                  .chance = 10000,
                                  .net = -most,
                                  .cost = most,
                                  .risk = most,
                                  .soft = most,
                                  .draw = most};
        p->fade[i] = 10000;
        stops[i] = i;
    }
    p->nlegs = 0;
    p->overlaps[0].share = 10000;
    p->markets[0] = (tour_market){.latitude = 90, .rest = true};
    p->markets[1] = (tour_market){.latitude = -90};
    p->limits.road_factor = 40000;
    p->limits.speed = 1;
    p->clauses[0] = (tour_clause){.metres = INT32_MAX, .days_before = INT32_MAX, .days_after = INT32_MAX};
    p->prices = (tour_prices){price, price, price, price, price, price, price, price, 0, 50000};
    ck_assert_msg(tour_problem_check(p, &e), "%s", e.text);
    tour_measure(p, stops, TOUR_DAYS_MOST, &t);
    ck_assert_int_lt(t.total, -INT64_C(1000000000000000000));
    ck_assert_int_gt(t.total, INT64_MIN / 2);
    ck_assert_int_eq(t.overlap, most * (TOUR_DAYS_MOST * (TOUR_DAYS_MOST - 1) / 2));
    ck_assert_int_ne(tour_verify(p, stops, TOUR_DAYS_MOST, NULL), TOUR_OK);
    tour_problem_free(p);
}
END_TEST

START_TEST(distances_are_those_of_the_sphere)
{
    /* Against the library's own, which may differ in the last metre. */
    rng r;
    rng_seed(&r, support_seed(7));
    const double rad = 3.14159265358979323846 / 180;
    for (int i = 0; i < 20000; i++) {
        double a = rng_unit(&r) * 180 - 90, b = rng_unit(&r) * 180 - 90, x = rng_unit(&r) * 360 - 180,
               y = rng_unit(&r) * 360 - 180;
        double h =
            pow(sin((a - b) * rad / 2), 2) + cos(a * rad) * cos(b * rad) * pow(sin((x - y) * rad / 2), 2);
        double metres = 2 * 6371008.8 * asin(fmin(1, sqrt(h)));
        ck_assert_msg(fabs(tour_metres(a, x, b, y) - metres) <= 1.01, "%g %g %g %g: %d, not %f", a, x, b, y,
                      tour_metres(a, x, b, y), metres);
        ck_assert_int_eq(tour_metres(a, x, b, y), tour_metres(b, y, a, x));
    }
    ck_assert_int_eq(tour_metres(0, 179.5, 0, -179.5), tour_metres(0, -.5, 0, .5)); /* over the date line */
    ck_assert_int_eq(tour_metres(90, 0, 90, 120), 0);
    ck_assert_int_eq(tour_metres(12, 34, 12, 34), 0);
    ck_assert_int_eq(tour_metres(90, 0, -90, 0), 20015114);
    ck_assert_int_eq(tour_metres(NAN, 0, 0, 0), 0);
}
END_TEST

START_TEST(a_given_leg_stands_for_the_great_circle_either_way_before_and_after_the_check)
{
    tour_problem *p = small();
    for (int pass = 0; pass < 2; pass++) {
        ck_assert_int_eq(tour_between(p, 0, 1).minutes, 55);
        ck_assert_int_eq(tour_between(p, 1, 0).metres, 77000);
        ck_assert_int_eq(tour_between(p, 1, 1).metres, 0);
        ck_assert(tour_problem_check(p, NULL));
    }
    tour_problem *c = tour_problem_copy(p);
    ck_assert(!c->sorted && c->slots != p->slots && memcmp(c->slots, p->slots, 2 * sizeof *p->slots) == 0);
    c->nlegs = 0;
    c->markets[1].latitude = 1; /* 111,195 m, 138,993 by road, 99.3 minutes */
    ck_assert_int_eq(tour_between(c, 0, 1).metres, 138993);
    ck_assert_int_eq(tour_between(c, 0, 1).minutes, 100);
    tour_problem_free(c);
    tour_problem_free(p);
    tour_problem_free(NULL);
}
END_TEST

START_TEST(every_rule_has_a_word_of_its_own)
{
    for (int i = 0; i < TOUR_RULES; i++)
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(tour_rule_word((tour_rule)i), tour_rule_word((tour_rule)j));
    ck_assert_str_eq(tour_rule_word(TOUR_RULES), "unknown");
}
END_TEST

START_TEST(two_plans_are_compared_day_by_day)
{
    tour_problem *p = small();
    p->slots = mem_grow(p->slots, 4, sizeof *p->slots);
    p->nslots = 4;
    p->slots[2] = (tour_slot){.venue = 1, .market = 1, .day = 0};
    p->slots[3] = (tour_slot){.venue = 0, .market = 1, .day = 3};
    int32_t first[] = {0, 1}, second[] = {2, 3}, third[] = {0};
    tour_plan a = {.stops = first, .n = 2}, b = {.stops = second, .n = 2}, c = {.stops = third, .n = 1}, copy;
    uint8_t days[10];
    tour_compare(p, &a, &b, days);
    ck_assert_int_eq(days[0], DAY_OTHER_CITY);
    ck_assert_int_eq(days[1], DAY_EMPTY);
    ck_assert_int_eq(days[3], DAY_OTHER_VENUE);
    tour_compare(p, &a, &c, days);
    ck_assert_int_eq(days[0], DAY_SAME);
    ck_assert_int_eq(days[3], DAY_ONLY_A);
    tour_compare(p, &c, &a, days);
    ck_assert_int_eq(days[3], DAY_ONLY_B);
    tour_plan_copy(&copy, &a);
    ck_assert(copy.n == 2 && copy.stops != a.stops && copy.stops[1] == 1);
    tour_plan_done(&copy);
    ck_assert_ptr_null(copy.stops);
    tour_problem_free(p);
}
END_TEST

Suite *problem_suite(void)
{
    Suite *s = suite_create("problem");
    TCase *tc = tcase_create("problem");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_number_that_cannot_be_is_refused_with_its_array_row_and_field);
    tcase_add_test(tc, a_pair_given_twice_is_refused);
    tcase_add_test(tc, the_largest_numbers_that_are_taken_can_be_summed);
    tcase_add_test(tc, distances_are_those_of_the_sphere);
    tcase_add_test(tc, a_given_leg_stands_for_the_great_circle_either_way_before_and_after_the_check);
    tcase_add_test(tc, every_rule_has_a_word_of_its_own);
    tcase_add_test(tc, two_plans_are_compared_day_by_day);
    return s;
}
