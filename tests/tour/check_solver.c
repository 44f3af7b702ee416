/* The solver from inside: its running sums against measure and verifier, what it tells on the way, stopping, starting from a plan,
 * and alternatives. That it finds the best plan is check_solve.c's. */
#include "suites.h"
#include "tour/random.h"
#include "tour/state.h"
#include <stdio.h>
#include <string.h>

static tour_problem *ready_tour(uint64_t seed, const random_kind *kind)
{
    err e = {0};
    tour_problem *p = random_tour(seed, kind);
    ck_assert_msg(tour_ready(p, &e), "seed %llu: %s", (unsigned long long)seed, e.text);
    return p;
}

static size_t stops_of(const tour_state *s, int32_t *ret)
{
    size_t n = 0;
    for (int d = 0; d < s->days; d++)
        if (s->at[d] != NO_CHOICE)
            ret[n++] = s->x->choices[s->at[d]].slot;
    return n;
}

/* The sums equal the measure's, and nothing is counted as broken exactly when the verifier finds nothing. */
static void hold_state(const tour_state *s, uint64_t seed, int *kept)
{
    int32_t stops[TOUR_DAYS_MOST];
    size_t n = stops_of(s, stops);
    tour_terms t;
    tour_broken broken;
    tour_measure(s->p, stops, n, &t);
    tour_rule rule = tour_verify(s->p, stops, n, &broken);
    ck_assert_msg(t.total == s->total && t.costs == s->costs && t.shows == s->shows &&
                      t.minutes == s->minutes,
                  "seed %llu: total %lld, measured %lld", (unsigned long long)seed, (long long)s->total,
                  (long long)t.total);
    ck_assert_msg((rule == TOUR_OK) == (state_bad(s) == 0), "seed %llu: bad %lld, but verify says %s",
                  (unsigned long long)seed, (long long)state_bad(s), tour_rule_word(rule));
    *kept += rule == TOUR_OK;
}

START_TEST(sums_and_rules_hold_whatever_is_put_in_and_taken_out)
{
    static const random_kind *const kinds[] = {&random_tiny, &random_loose, &random_hard};
    uint64_t seed = support_seed(4242);
    int kept = 0, puts = 0;
    for (int i = 0; i < 150; i++, seed++) {
        tour_problem *p = ready_tour(seed, kinds[i % 3]);
        tour_state *s = state_new(p);
        rng r;
        rng_seed(&r, seed);
        for (int k = 0; k < 60; k++) {
            int day = (int)rng_below(&r, (uint64_t)p->days);
            int64_t gain, before = s->total, bad = s->sequence_bad;
            uint32_t choice = s->x->nchoices ? (uint32_t)rng_below(&r, s->x->nchoices) : NO_CHOICE;
            if (s->at[day] != NO_CHOICE && !state_fixed(s, day) && rng_chance(&r, 4000)) {
                state_drop(s, day);
            } else if (choice != NO_CHOICE && s->at[s->x->choices[choice].day] == NO_CHOICE &&
                       state_try(s, choice, -INT64_MAX / 2, &gain)) {
                state_put(s, choice);
                ck_assert_msg(s->total == before + gain && s->sequence_bad <= bad, "seed %llu",
                              (unsigned long long)seed);
                puts++;
            }
            hold_state(s, seed, &kept);
        }
        state_free(s);
        tour_problem_free(p);
    }
    ck_assert_int_gt(puts, 500);
    ck_assert_int_gt(kept, 500);
}
END_TEST

typedef struct told {
    const tour_problem *p;
    int64_t last;
    int times;
    stop *halt; /* asked at the first plan */
} told;

static void note_better(void *ctx, const tour_plan *plan, double seconds)
{
    told *t = ctx;
    tour_terms terms;
    tour_measure(t->p, plan->stops, plan->n, &terms);
    ck_assert(terms.total == plan->total && seconds >= 0);
    ck_assert_int_eq(tour_verify(t->p, plan->stops, plan->n, NULL), TOUR_OK);
    ck_assert(t->times == 0 || plan->total > t->last);
    t->last = plan->total;
    t->times++;
    if (t->halt)
        stop_ask(t->halt);
}

START_TEST(each_plan_told_on_the_way_is_verified_and_better_and_the_last_is_the_result)
{
    uint64_t seed = support_seed(55);
    for (int i = 0; i < 40; i++, seed++) {
        tour_problem *p = ready_tour(seed, &random_loose);
        told t = {.p = p};
        tour_effort effort = {.iterations = 300, .seed = seed, .better = note_better, .ctx = &t};
        tour_plan plan = {0};
        if (tour_solve(p, &effort, &plan, NULL, NULL)) {
            ck_assert_int_ge(t.times, 1);
            ck_assert(t.last == plan.total && plan.complete && plan.iterations == 300);
        }
        tour_plan_done(&plan);
        tour_problem_free(p);
    }
}
END_TEST

START_TEST(a_stopped_solve_keeps_the_best_plan_so_far)
{
    uint64_t seed = support_seed(66);
    for (int i = 0; i < 20; i++, seed++) {
        tour_problem *p = ready_tour(seed, &random_loose);
        stop halt;
        ck_assert(stop_init(&halt, 0, NULL));
        told t = {.p = p, .halt = &halt};
        tour_effort effort = {
            .iterations = INT64_MAX, .seed = seed, .better = note_better, .ctx = &t, .stop = &halt};
        tour_plan plan = {0};
        ck_assert(tour_solve(p, &effort, &plan, NULL, NULL));
        ck_assert(!plan.complete && plan.iterations < 1000);
        ck_assert_int_eq(tour_verify(p, plan.stops, plan.n, NULL), TOUR_OK);
        tour_plan_done(&plan);
        tour_problem_free(p);
        stop_done(&halt);
    }
}
END_TEST

static int common(const tour_problem *p, const tour_plan *a, const tour_plan *b)
{
    int n = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++)
            n += p->slots[a->stops[i]].day == p->slots[b->stops[j]].day &&
                 p->slots[a->stops[i]].market == p->slots[b->stops[j]].market;
    return n;
}

START_TEST(alternatives_are_verified_and_differ_in_a_third_of_their_stops)
{
    uint64_t seed = support_seed(77);
    size_t found = 0;
    for (int i = 0; i < 30; i++, seed++) {
        tour_problem *p = ready_tour(seed, &random_loose);
        tour_effort effort = {.iterations = 900, .seed = seed};
        tour_plan plan[4] = {0};
        size_t n = 0;
        if (tour_solve(p, &effort, &plan[0], NULL, NULL))
            n = 1 + tour_alternatives(p, &plan[0], &effort, plan + 1, 3);
        for (size_t k = 1; k < n; k++) {
            ck_assert_int_eq(tour_verify(p, plan[k].stops, plan[k].n, NULL), TOUR_OK);
            ck_assert(k == 1 || plan[k].total <= plan[k - 1].total);
            for (size_t l = 0; l < k; l++) {
                size_t least = plan[k].n < plan[l].n ? plan[k].n : plan[l].n;
                ck_assert_int_le(3 * common(p, &plan[k], &plan[l]), 2 * (int)least);
            }
            found++;
        }
        for (size_t k = 0; k < 4; k++)
            tour_plan_done(&plan[k]);
        tour_problem_free(p);
    }
    ck_assert(found > 40);
}
END_TEST

START_TEST(a_plan_to_start_from_is_not_made_worse)
{
    uint64_t seed = support_seed(88);
    for (int i = 0; i < 30; i++, seed++) {
        tour_problem *p = ready_tour(seed, &random_loose);
        tour_effort effort = {.iterations = 500, .seed = seed};
        tour_plan first = {0}, again = {0};
        if (tour_solve(p, &effort, &first, NULL, NULL)) {
            effort = (tour_effort){.iterations = 20, .seed = seed + 1, .from = &first};
            ck_assert(tour_solve(p, &effort, &again, NULL, NULL));
            ck_assert_msg(again.total >= first.total, "seed %llu", (unsigned long long)seed);
        }
        tour_plan_done(&first);
        tour_plan_done(&again);
        tour_problem_free(p);
    }
}
END_TEST

Suite *solver_suite(void)
{
    Suite *s = suite_create("solver");
    TCase *tc = tcase_create("solver");
    tcase_set_timeout(tc, 120);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, sums_and_rules_hold_whatever_is_put_in_and_taken_out);
    tcase_add_test(tc, each_plan_told_on_the_way_is_verified_and_better_and_the_last_is_the_result);
    tcase_add_test(tc, a_stopped_solve_keeps_the_best_plan_so_far);
    tcase_add_test(tc, alternatives_are_verified_and_differ_in_a_third_of_their_stops);
    tcase_add_test(tc, a_plan_to_start_from_is_not_made_worse);
    return s;
}
