/* The oracles against each other, and the verifier and the measure against them, over made-up tiny tours. */
#include "base/mem.h"
#include "suites.h"
#include "tour/private.h"
#include "tour/random.h"
#include <stdio.h>
#include <stdlib.h>

enum { NODES = 4000000 };

static tour_problem *checked(uint64_t seed, const random_kind *kind)
{
    err e = {0};
    tour_problem *p = random_tour(seed, kind);
    ck_assert_msg(tour_problem_check(p, &e), "seed %llu: %s", (unsigned long long)seed, e.text);
    return p;
}

/* Verified, and worth what it says. */
static void stands(const tour_problem *p, const tour_plan *plan, uint64_t seed)
{
    tour_broken b;
    tour_terms t;
    tour_rule rule = tour_verify(p, plan->stops, plan->n, &b);
    ck_assert_msg(rule == TOUR_OK, "seed %llu breaks %s: %lld, limit %lld", (unsigned long long)seed,
                  tour_rule_word(rule), (long long)b.is, (long long)b.limit);
    tour_measure(p, plan->stops, plan->n, &t);
    ck_assert_msg(t.total == plan->total, "seed %llu: measured %lld, the oracle says %lld",
                  (unsigned long long)seed, (long long)t.total, (long long)plan->total);
}

START_TEST(counting_out_and_the_exact_programme_agree_on_600_tours)
{
    uint64_t seed = support_seed(1000);
    int agreed = 0, none = 0, taken = 0, usage = 0;
    for (; taken < 600; seed++) {
        tour_problem *p = checked(seed, &random_for_exact);
        tour_plan a = {0}, b = {0};
        err ea = {0}, eb = {0};
        bool found = tour_enumerate(p, NODES, &a, &ea), also = tour_exact(p, &b, &eb);
        usage += eb.kind == ERR_USAGE;
        if (eb.kind != ERR_USAGE && ea.kind != ERR_TIMEOUT) {
            taken++;
            ck_assert_msg(found == also, "seed %llu: %d and %d", (unsigned long long)seed, found, also);
            ck_assert_msg(a.total == b.total, "seed %llu: %lld counted, %lld by the programme",
                          (unsigned long long)seed, (long long)a.total, (long long)b.total);
            agreed += found;
            none += !found;
            if (found) {
                stands(p, &a, seed);
                stands(p, &b, seed);
            }
        }
        tour_plan_done(&a);
        tour_plan_done(&b);
        tour_problem_free(p);
    }
    printf("      %d equal totals, %d both none, %d not of the programme's kind\n", agreed, none, usage);
    ck_assert_int_ge(agreed, 400);
    ck_assert_int_ge(none, 10);
}
END_TEST

START_TEST(what_is_counted_out_under_every_rule_passes_the_verifier_and_the_measure)
{
    uint64_t seed = support_seed(5000);
    int found = 0, none = 0, too_many = 0;
    int64_t stops = 0, most = 0;
    for (int i = 0; i < 700; i++, seed++) {
        tour_problem *p = checked(seed, i % 3 == 0   ? &random_hard
                                        : i % 3 == 1 ? &random_loose
                                                     : &random_tiny);
        tour_plan a = {0};
        err e = {0};
        if (tour_enumerate(p, NODES, &a, &e)) {
            found++;
            stops += (int64_t)a.n;
            most = a.iterations > most ? a.iterations : most;
            stands(p, &a, seed);
        } else if (e.kind == ERR_TIMEOUT)
            too_many++;
        else
            none++;
        tour_plan_done(&a);
        tour_problem_free(p);
    }
    printf("      %d with a plan (%lld stops), %d without, %d too large; at most %lld nodes\n", found,
           (long long)stops, none, too_many, (long long)most);
    ck_assert_int_ge(found, 400);
    ck_assert_int_ge(none, 50);
    ck_assert_int_le(too_many, 20);
}
END_TEST

/* ---- without any bound: every rising list, judged by the verifier and the measure alone ---- */

typedef struct naive {
    const tour_problem *p;
    int32_t stops[TOUR_DAYS_MOST];
    bool found;
    int64_t best;
} naive;

static void naive_walk(naive *w, size_t n, int from)
{
    tour_terms t;
    if (tour_verify(w->p, w->stops, n, NULL) == TOUR_OK) {
        tour_measure(w->p, w->stops, n, &t);
        if (!w->found || t.total > w->best)
            w->best = t.total;
        w->found = true;
    }
    for (size_t i = 0; i < w->p->nslots; i++)
        if (w->p->slots[i].day >= from) {
            w->stops[n] = (int32_t)i;
            naive_walk(w, n + 1, w->p->slots[i].day + 1);
        }
}

START_TEST(the_bound_loses_nothing_against_trying_every_list)
{
    const random_kind kind = {.markets_most = 4, .days_most = 9, .density = 2800};
    uint64_t seed = support_seed(20000);
    int found = 0, none = 0;
    for (int i = 0; i < 400; i++, seed++) {
        tour_problem *p = checked(seed, &kind);
        tour_plan a = {0};
        err e = {0};
        naive w = {.p = p};
        naive_walk(&w, 0, 0);
        bool ok = tour_enumerate(p, NODES, &a, &e);
        ck_assert_msg(ok == w.found, "seed %llu: %d and %d", (unsigned long long)seed, ok, w.found);
        if (ok)
            ck_assert_msg(a.total == w.best, "seed %llu: %lld counted, %lld by trying all",
                          (unsigned long long)seed, (long long)a.total, (long long)w.best);
        found += ok;
        none += !ok;
        tour_plan_done(&a);
        tour_problem_free(p);
    }
    printf("      %d with a plan, %d without\n", found, none);
    ck_assert_int_ge(none, 20);
}
END_TEST

START_TEST(the_verifier_and_the_enumeration_take_the_same_lists)
{
    uint64_t seed = support_seed(40000);
    rng r;
    rng_seed(&r, seed);
    int taken = 0, refused[TOUR_RULES] = {0};
    for (int i = 0; i < 1500; i++, seed++) {
        tour_problem *p = checked(seed, i % 2 ? &random_tiny : &random_hard);
        for (int k = 0; k < 40; k++) {
            int32_t stops[24];
            size_t n = random_stops(&r, p, stops, 24);
            int64_t total = 0;
            tour_terms t;
            tour_rule rule = tour_verify(p, stops, n, NULL);
            tour_measure(p, stops, n, &t);
            bool takes = tour_enumerate_takes(p, stops, n, &total);
            ck_assert_msg(takes == (rule == TOUR_OK), "seed %llu list %d: %s, yet %staken",
                          (unsigned long long)seed, k, tour_rule_word(rule), takes ? "" : "not ");
            ck_assert(!takes || total == t.total);
            taken += takes;
            refused[rule]++;
        }
        tour_problem_free(p);
    }
    printf("      %d lists taken; refused", taken);
    for (int k = 1; k < TOUR_RULES; k++)
        printf(" %s %d", tour_rule_word((tour_rule)k), refused[k]);
    printf("\n");
    for (int k = 0; k < TOUR_RULES; k++)
        ck_assert_msg(refused[k] > 0, "no list met the rule %s", tour_rule_word((tour_rule)k));
}
END_TEST

START_TEST(too_many_plans_and_the_wrong_kind_of_problem_are_said)
{
    tour_problem *p = checked(5001, &random_tiny);
    tour_plan a = {0};
    err e = {0};
    ck_assert(!tour_enumerate(p, 1, &a, &e));
    ck_assert_int_eq(e.kind, ERR_TIMEOUT);
    p->limits.market_times = 2;
    ck_assert(!tour_exact(p, &a, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert_ptr_null(a.stops);
    tour_problem_free(p);
}
END_TEST

Suite *oracles_suite(void)
{
    Suite *s = suite_create("oracles");
    TCase *tc = tcase_create("oracles");
    tcase_set_timeout(tc, 900);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, counting_out_and_the_exact_programme_agree_on_600_tours);
    tcase_add_test(tc, what_is_counted_out_under_every_rule_passes_the_verifier_and_the_measure);
    tcase_add_test(tc, the_bound_loses_nothing_against_trying_every_list);
    tcase_add_test(tc, the_verifier_and_the_enumeration_take_the_same_lists);
    tcase_add_test(tc, too_many_plans_and_the_wrong_kind_of_problem_are_said);
    return s;
}
