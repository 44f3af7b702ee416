/* Each rule by itself: a tour that keeps them all, and the one change that breaks just this one, with the verifier's figures. */
#include "base/mem.h"
#include "suites.h"
#include "tour/private.h"
#include <stdlib.h>
#include <string.h>

enum { MARKETS = 5, DAYS = 14 };

/* Five markets on a meridian, one degree apart: 111,195 m, 138,993 m of road, 100 minutes. A venue each, all days open, slot
 * number market * 14 + day. */
static tour_problem *line(void)
{
    tour_problem *p = tour_problem_new();
    p->days = DAYS;
    p->nmarkets = p->nvenues = MARKETS;
    p->markets = MEM_ARRAY(tour_market, MARKETS);
    p->venues = MEM_ARRAY(tour_venue, MARKETS);
    p->slots = MEM_ARRAY(tour_slot, MARKETS * DAYS + 1);
    for (int m = 0; m < MARKETS; m++) {
        p->markets[m] = (tour_market){.latitude = 30 + m, .longitude = -97};
        p->venues[m] = (tour_venue){.market = m, .latitude = 30 + m, .longitude = -97};
        for (int16_t day = 0; day < DAYS; day++)
            p->slots[p->nslots++] =
                (tour_slot){.venue = m, .market = m, .day = day, .chance = 10000, .net = 1000, .cost = 10};
    }
    return p;
}

static int32_t slot(int market, int day)
{
    return market * DAYS + day;
}

/* The tour: markets 0 to 4 on days 2, 3, 5, 6, 8. */
static const int days_of[MARKETS] = {2, 3, 5, 6, 8};

typedef struct trial {
    tour_problem *p;
    int32_t stops[16];
    size_t n;
    tour_broken b;
} trial;

static trial begin(void)
{
    trial t = {.p = line(), .n = MARKETS};
    for (int m = 0; m < MARKETS; m++)
        t.stops[m] = slot(m, days_of[m]);
    return t;
}

static tour_rule judge(trial *t)
{
    err e = {0};
    ck_assert_msg(tour_problem_check(t->p, &e), "%s", e.text);
    tour_rule rule = tour_verify(t->p, t->stops, t->n, &t->b);
    int64_t total;
    ck_assert(tour_enumerate_takes(t->p, t->stops, t->n, &total) == (rule == TOUR_OK));
    ck_assert_int_eq(rule, t->b.rule);
    return rule;
}

#define BREAKS(t, r, is_, limit_)                                                                            \
    do {                                                                                                     \
        ck_assert_str_eq(tour_rule_word(judge(&(t))), tour_rule_word(r));                                    \
        ck_assert_int_eq((t).b.is, (is_));                                                                   \
        ck_assert_int_eq((t).b.limit, (limit_));                                                             \
    } while (0)

#define KEEPS(t) ck_assert_str_eq(tour_rule_word(judge(&(t))), "ok")

static void end_trial(trial *t)
{
    tour_problem_free(t->p);
}

START_TEST(the_tour_that_the_others_break_keeps_every_rule)
{
    trial t = begin();
    KEEPS(t);
    t.n = 0;
    KEEPS(t); /* no stop at all, too */
    end_trial(&t);
}
END_TEST

START_TEST(days_must_rise_and_slots_must_be)
{
    trial t = begin();
    t.stops[2] = slot(2, 3); /* the day of the stop before */
    BREAKS(t, TOUR_WINDOW, 3, 3);
    ck_assert_int_eq(t.b.at, 2);
    t.stops[2] = 4711;
    BREAKS(t, TOUR_WINDOW, 4711, MARKETS * DAYS);
    t.stops[2] = -7;
    BREAKS(t, TOUR_WINDOW, -7, MARKETS * DAYS);
    end_trial(&t);
}
END_TEST

START_TEST(a_blocked_slot_is_told_with_its_reason)
{
    trial t = begin();
    t.p->slots[slot(3, 6)].state = SLOT_BLOCKED;
    t.p->slots[slot(3, 6)].why = 42;
    BREAKS(t, TOUR_BLOCKED, 42, 0);
    ck_assert_int_eq(t.b.at, 3);
    end_trial(&t);
}
END_TEST

START_TEST(a_leg_may_take_what_its_days_allow_and_not_a_minute_more)
{
    trial t = begin();
    t.p->limits.drive_show_day = 100;
    KEEPS(t);
    t.p->limits.drive_show_day = 99;
    BREAKS(t, TOUR_DRIVE, 100, 99);
    ck_assert_int_eq(t.b.at, 1);
    ck_assert_int_eq(t.b.other, 0);
    t.p->limits.drive_show_day = 0; /* off */
    KEEPS(t);
    end_trial(&t);
}
END_TEST

START_TEST(free_days_between_two_stops_may_be_driven_on)
{
    trial t = begin();
    t.n = 2;
    t.stops[0] = slot(0, 2);
    t.stops[1] = slot(4, 4); /* 555,975 m: 398 minutes over two days */
    t.p->limits.drive_show_day = 150;
    t.p->limits.drive_free_day = 248;
    KEEPS(t);
    t.p->limits.drive_free_day = 247;
    BREAKS(t, TOUR_DRIVE, 398, 397);
    end_trial(&t);
}
END_TEST

START_TEST(the_start_must_be_left_in_the_window)
{
    trial t = begin();
    t.p->start = 4; /* 398 minutes to market 0, which plays on day 2 */
    t.p->limits.drive_show_day = 100;
    t.p->limits.drive_free_day = 149;
    KEEPS(t); /* three days: 0, 1, 2 */
    t.p->limits.drive_free_day = 148;
    BREAKS(t, TOUR_START, 4, 3);
    end_trial(&t);
}
END_TEST

START_TEST(home_may_be_reached_the_day_after_the_window_at_the_latest)
{
    trial t = begin();
    t.p->end = 0; /* 398 minutes from market 4 */
    t.stops[4] = slot(4, 12);
    t.p->limits.drive_show_day = 200;
    t.p->limits.drive_free_day = 200;
    KEEPS(t); /* days 13 and 14 */
    t.stops[4] = slot(4, 13);
    BREAKS(t, TOUR_END, 2, 1);
    ck_assert_int_eq(t.b.at, 4);
    end_trial(&t);
}
END_TEST

START_TEST(a_run_of_show_days_ends_at_an_appearance)
{
    trial t = begin();
    t.stops[1] = slot(1, 3), t.stops[2] = slot(2, 4), t.stops[3] = slot(3, 5), t.stops[4] = slot(4, 6);
    KEEPS(t);
    t.p->limits.run_days = 4;
    BREAKS(t, TOUR_RUN, 5, 4);
    ck_assert_int_eq(t.b.at, 0);
    ck_assert_int_eq(t.b.other, 4);
    t.p->slots[slot(2, 4)].appearance = true;
    t.p->slots[slot(2, 4)].venue = TOUR_NONE;
    KEEPS(t);
    end_trial(&t);
}
END_TEST

START_TEST(shows_in_seven_days_are_counted_in_every_such_week)
{
    trial t = begin();
    t.p->limits.shows_7 = 5;
    KEEPS(t);
    t.p->limits.shows_7 = 4;
    BREAKS(t, TOUR_SHOWS_7, 5, 4);
    ck_assert_int_eq(t.b.day, 2); /* days 2 to 8 */
    t.stops[4] = slot(4, 9);
    KEEPS(t);
    end_trial(&t);
}
END_TEST

START_TEST(minutes_driven_in_seven_days_are_counted_on_the_days_they_are_driven)
{
    trial t = begin();
    t.p->limits.drive_7 =
        400; /* days 3, 4, 6, 7: the leg to day 5 is driven on day 4, that to day 8 on day 7 */
    KEEPS(t);
    t.p->limits.drive_7 = 399;
    BREAKS(t, TOUR_DRIVE_7, 400, 399);
    ck_assert_int_eq(t.b.day, 1); /* days 1 to 7 */
    end_trial(&t);
}
END_TEST

START_TEST(a_free_day_has_no_stop_and_little_driving)
{
    trial t = begin();
    KEEPS(t);
    t.p->limits.free_drive = 99; /* days 4 and 7 have 100 minutes: 2 to 8 has no free day left */
    BREAKS(t, TOUR_FREE_7, 0, 1);
    ck_assert_int_eq(t.b.day, 2);
    t.p->limits.free_7 = 0;
    KEEPS(t);
    end_trial(&t);
}
END_TEST

START_TEST(a_market_comes_as_often_as_it_may_and_no_sooner)
{
    trial t = begin();
    t.stops[4] = slot(3, 10);
    BREAKS(t, TOUR_MARKET, 2, 1);
    ck_assert_int_eq(t.b.at, 4);
    ck_assert_int_eq(t.b.other, 3);
    t.p->limits.market_times = 2;
    KEEPS(t);
    t.p->limits.market_cooldown = 4;
    KEEPS(t);
    t.p->limits.market_cooldown = 5;
    BREAKS(t, TOUR_COOLDOWN, 4, 5);
    t.p->limits.market_times = 0;
    t.p->limits.market_cooldown = 0;
    KEEPS(t);
    end_trial(&t);
}
END_TEST

START_TEST(a_radius_clause_forbids_within_its_metres_and_days_either_way_round)
{
    trial t = begin();
    t.p->clauses = MEM_ARRAY(tour_clause, 1);
    t.p->nclauses = 1;
    int32_t metres = tour_metres(31, -97, 32, -97);
    t.p->clauses[0] =
        (tour_clause){.venue = 1, .metres = metres, .days_before = 0, .days_after = 2, .forbid = true};
    BREAKS(t, TOUR_RADIUS, metres, metres); /* market 2 two days after market 1 */
    ck_assert_int_eq(t.b.at, 1);
    ck_assert_int_eq(t.b.other, 2);
    ck_assert_int_eq(t.b.day, 2);
    ck_assert_int_eq(t.b.clause, 0);
    t.p->clauses[0].metres = metres - 1;
    KEEPS(t);
    t.p->clauses[0] = (tour_clause){.venue = 1, .metres = metres, .days_after = 1, .forbid = true};
    KEEPS(t);
    t.p->clauses[0] = (tour_clause){.venue = 1, .metres = metres, .days_before = 1, .forbid = true};
    BREAKS(t, TOUR_RADIUS, metres, metres); /* market 0 the day before */
    ck_assert_int_eq(t.b.other, 0);
    t.p->clauses[0].forbid = false;
    KEEPS(t);
    end_trial(&t);
}
END_TEST

START_TEST(a_pin_is_met_by_a_show_of_its_market_venue_and_day)
{
    trial t = begin();
    t.p->pins = MEM_ARRAY(tour_pin, 2);
    t.p->npins = 2;
    t.p->pins[0] = (tour_pin){.market = 3, .venue = TOUR_NONE, .day = TOUR_NONE};
    t.p->pins[1] = (tour_pin){.market = 2, .venue = 2, .day = 5};
    KEEPS(t);
    t.p->pins[1].day = 6;
    BREAKS(t, TOUR_PIN, 0, 1);
    ck_assert_int_eq(t.b.at, 1);
    end_trial(&t);
}
END_TEST

START_TEST(an_appearance_must_be_in)
{
    trial t = begin();
    t.p->slots[t.p->nslots++] =
        (tour_slot){.venue = TOUR_NONE, .market = 4, .day = 11, .chance = 10000, .appearance = true};
    BREAKS(t, TOUR_ANCHOR, 0, 1);
    ck_assert_int_eq(t.b.at, MARKETS * DAYS);
    t.stops[t.n++] = MARKETS * DAYS;
    KEEPS(t); /* though market 4 is played too: an appearance is no show */
    end_trial(&t);
}
END_TEST

START_TEST(the_number_of_shows_and_the_money_stay_within_bounds)
{
    trial t = begin();
    t.p->limits.shows_min = t.p->limits.shows_max = 5;
    KEEPS(t);
    t.p->limits.shows_min = 6;
    t.p->limits.shows_max = 0;
    BREAKS(t, TOUR_SHOWS_MIN, 5, 6);
    t.p->limits.shows_min = 0;
    t.p->limits.shows_max = 4;
    BREAKS(t, TOUR_SHOWS_MAX, 5, 4);
    t.p->limits.shows_max = 0;
    t.p->prices.per_night = 7; /* 6 nights, and 5 shows at 10 */
    t.p->limits.budget = 92;
    KEEPS(t);
    t.p->limits.budget = 91;
    BREAKS(t, TOUR_BUDGET, 92, 91);
    end_trial(&t);
}
END_TEST

START_TEST(each_amount_of_the_objective_is_as_worked_out_by_hand)
{
    trial t = begin();
    tour_terms m;
    t.p->start = 0, t.p->end = 4;
    t.p->slots[slot(1, 3)] =
        (tour_slot){.venue = 1, .market = 1, .day = 3, .chance = 8000, .net = 999, .soft = 50, .risk = 333};
    t.p->prices = (tour_prices){.per_km = 100,
                                .per_hour = 90,
                                .per_night = 11,
                                .per_idle = 7,
                                .late_per_hour = 60,
                                .rest_bonus = 5,
                                .warn_cost = 13,
                                .change = 101,
                                .late_after = 90,
                                .aversion = 5000};
    t.p->markets[1].rest = true;
    tour_measure(t.p, t.stops, t.n, &m);
    /* four shows at 1000, and 799 - 50 - 166 */
    ck_assert_int_eq(m.worth, 4000 + 583);
    ck_assert_int_eq(m.shows, 5);
    /* four legs of 138,993 m (13,899 at 100 a km) and 100 minutes (150); 7 nights at 11, home the last; 2 idle days at 7 */
    ck_assert_int_eq(m.metres, 4 * 138993);
    ck_assert_int_eq(m.minutes, 400);
    ck_assert_int_eq(m.nights, 7);
    ck_assert_int_eq(m.idle_days, 2);
    ck_assert_int_eq(m.legs, 4 * (13899 + 150) + 77 + 14);
    ck_assert_int_eq(m.late, 40); /* 10 minutes beyond 90, four times */
    ck_assert_int_eq(m.rest, 5);  /* the idle day from market 1 to 2 */
    ck_assert_int_eq(m.costs, m.legs + 40);
    ck_assert_int_eq(m.total, m.worth - m.legs - m.late + m.rest);
    end_trial(&t);
}
END_TEST

START_TEST(pairs_and_changes_are_counted_once)
{
    trial t = begin();
    tour_terms m;
    for (size_t i = 0; i < t.p->nslots; i++)
        t.p->slots[i].draw = 1000 + t.p->slots[i].market;
    t.p->fade[1] = 5000;
    t.p->fade[7] = 3333;
    t.p->overlaps = MEM_ARRAY(tour_overlap, 2);
    t.p->noverlaps = 2;
    t.p->overlaps[0] = (tour_overlap){3, 2, 4000};  /* 1002 * .4 = 400, faded to 200 */
    t.p->overlaps[1] = (tour_overlap){4, 1, 10000}; /* no fade after 5 days: 0 */
    t.stops[4] = slot(1, 10);                       /* market 1 again after 7 days: 1001 * .3333 = 333 */
    t.p->clauses = MEM_ARRAY(tour_clause, 2);
    t.p->nclauses = 2;
    for (int i = 0; i < 2; i++)
        t.p->clauses[i] = (tour_clause){.venue = i, .metres = 120000, .days_before = 1, .days_after = 1};
    t.p->keep = MEM_ARRAY(tour_keep, 3);
    t.p->nkeep = 3;
    t.p->keep[0] = (tour_keep){0, 2}; /* there */
    t.p->keep[1] = (tour_keep){2, 9}; /* on another day: 50 */
    t.p->keep[2] = (tour_keep){4, 8}; /* gone: 101 */
    t.p->prices.warn_cost = 13;
    t.p->prices.change = 101;
    tour_measure(t.p, t.stops, t.n, &m);
    ck_assert_int_eq(m.overlap, 533);
    ck_assert_int_eq(m.warn, 13); /* both clauses touch the one pair */
    ck_assert_int_eq(m.change, 151);
    ck_assert_int_eq(m.total, 5000 - 533 - 13 - 151);
    end_trial(&t);
}
END_TEST

Suite *rules_suite(void)
{
    Suite *s = suite_create("rules");
    TCase *tc = tcase_create("rules");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, the_tour_that_the_others_break_keeps_every_rule);
    tcase_add_test(tc, days_must_rise_and_slots_must_be);
    tcase_add_test(tc, a_blocked_slot_is_told_with_its_reason);
    tcase_add_test(tc, a_leg_may_take_what_its_days_allow_and_not_a_minute_more);
    tcase_add_test(tc, free_days_between_two_stops_may_be_driven_on);
    tcase_add_test(tc, the_start_must_be_left_in_the_window);
    tcase_add_test(tc, home_may_be_reached_the_day_after_the_window_at_the_latest);
    tcase_add_test(tc, a_run_of_show_days_ends_at_an_appearance);
    tcase_add_test(tc, shows_in_seven_days_are_counted_in_every_such_week);
    tcase_add_test(tc, minutes_driven_in_seven_days_are_counted_on_the_days_they_are_driven);
    tcase_add_test(tc, a_free_day_has_no_stop_and_little_driving);
    tcase_add_test(tc, a_market_comes_as_often_as_it_may_and_no_sooner);
    tcase_add_test(tc, a_radius_clause_forbids_within_its_metres_and_days_either_way_round);
    tcase_add_test(tc, a_pin_is_met_by_a_show_of_its_market_venue_and_day);
    tcase_add_test(tc, an_appearance_must_be_in);
    tcase_add_test(tc, the_number_of_shows_and_the_money_stay_within_bounds);
    tcase_add_test(tc, each_amount_of_the_objective_is_as_worked_out_by_hand);
    tcase_add_test(tc, pairs_and_changes_are_counted_once);
    return s;
}
