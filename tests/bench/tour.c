/* The drill of tours: how soon the first plan, how near a second comes to half a minute, and what a pin does to the rest.
 * Problems are made up (tourworld.c). Solves are limited by the wall clock, so other work on the machine shows in them. */
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/tourworld.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS = 3 };
static const double marks[MARKS] = {1, 5, 30};

typedef struct watch { /* when the first plan came */
    double first;
} watch;

static void note(void *ctx, const tour_plan *plan, double seconds)
{
    watch *w = ctx;
    (void)plan;
    if (w->first < 0)
        w->first = seconds;
}

static tour_problem *world(uint64_t seed, int markets, int days, double *ret_ready_ms)
{
    bool large = markets > 2000;
    err e = {0};
    tour_problem *p = tourworld_new(seed, markets, days, large ? 1 : 3, large ? 10000 : 4500);
    double began = now_ms();
    if (!tour_ready(p, &e)) {
        fprintf(stderr, "bench: %s\n", e.text);
        exit(EXIT_FAILURE);
    }
    *ret_ready_ms = now_ms() - began;
    return p;
}

static double gap(int64_t is, int64_t best)
{
    return best > 0 ? 100.0 * (double)(best - is) / (double)best : 0;
}

/* First plan, and plans made in 1 and 5 seconds against one made in 30, each a run of its own, over some problems of one size. */
static void quality(int markets, int days, int problems, double most_percent)
{
    double sum[MARKS] = {0}, worst[MARKS] = {0}, first = 0, ready = 0, ms;
    char what[80], target[40];
    for (int i = 0; i < problems; i++) {
        tour_problem *p = world((uint64_t)i + 1, markets, days, &ms);
        watch w = {.first = -1};
        int64_t total[MARKS] = {0};
        for (int k = 0; k < MARKS; k++) {
            tour_plan plan = {0};
            tour_effort effort = {.seconds = marks[k], .seed = 1, .better = note, .ctx = &w};
            if (tour_solve(p, &effort, &plan, NULL, NULL))
                total[k] = plan.total;
            tour_plan_done(&plan);
        }
        for (int k = 0; k < MARKS; k++) {
            double percent = gap(total[k], total[MARKS - 1]);
            sum[k] += percent;
            worst[k] = percent > worst[k] ? percent : worst[k];
        }
        first = w.first * 1000 > first ? w.first * 1000 : first;
        ready = ms > ready ? ms : ready;
        tour_problem_free(p);
    }
    snprintf(what, sizeof what, "%d cities x %d days: first plan (worst; made ready in %.0f ms)", markets,
             days, ready);
    report_row(target_of(first <= 50), what, "<= 50 ms", "%.0f ms", first);
    for (int k = 0; k + 1 < MARKS; k++) {
        snprintf(what, sizeof what, "%d cities x %d days: %.0f s plan below the 30 s plan", markets, days,
                 marks[k]);
        snprintf(target, sizeof target, "mean <= %.0f%%", most_percent);
        report_row(k ? TARGET_NONE : target_of(sum[k] / problems <= most_percent), what, k ? NULL : target,
                   "mean %.2f%%, worst %.2f%%", sum[k] / problems, worst[k]);
    }
}

/* ---- a pin ---- */

static bool market_in(const tour_problem *p, const tour_plan *plan, int32_t market)
{
    for (size_t i = 0; i < plan->n; i++)
        if (p->slots[plan->stops[i]].market == market)
            return true;
    return false;
}

static int32_t market_out(const tour_problem *p, const tour_plan *plan, int number)
{
    for (int32_t m = (int32_t)((unsigned)number * 7 % p->nmarkets);; m = (m + 1) % (int32_t)p->nmarkets)
        if (!market_in(p, plan, m))
            return m;
}

static void keep_close(tour_problem *p, const tour_plan *plan)
{
    free(p->keep);
    p->keep = MEM_ARRAY(tour_keep, plan->n + 1);
    p->nkeep = 0;
    for (size_t i = 0; i < plan->n; i++) {
        const tour_slot *s = &p->slots[plan->stops[i]];
        if (!s->appearance)
            p->keep[p->nkeep++] = (tour_keep){s->market, s->day};
    }
    p->prices.change = 200000;
}

/* Shows of the first plan that are in the second on the same day, in percent. */
static double kept(const tour_problem *p, const tour_plan *a, const tour_plan *b)
{
    size_t same = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            same += p->slots[a->stops[i]].day == p->slots[b->stops[k]].day &&
                    p->slots[a->stops[i]].market == p->slots[b->stops[k]].market;
    return a->n ? 100.0 * (double)same / (double)a->n : 100;
}

static void pins(int markets, int days, int cases)
{
    double ms, full = 2, *took = MEM_ARRAY(double, (size_t)cases), *stays = MEM_ARRAY(double, (size_t)cases);
    tour_problem *p = world(1, markets, days, &ms);
    tour_plan base = {0};
    tour_effort effort = {.seconds = full, .seed = 1};
    int found = 0;
    if (!tour_solve(p, &effort, &base, NULL, NULL))
        return;
    for (int i = 0; i < cases; i++) {
        tour_problem *q = tour_problem_copy(p);
        tour_plan plan = {0};
        keep_close(q, &base);
        q->pins = MEM_ARRAY(tour_pin, 1);
        q->pins[q->npins++] =
            (tour_pin){.market = market_out(p, &base, i), .venue = TOUR_NONE, .day = TOUR_NONE};
        double began = now_ms();
        effort = (tour_effort){.seconds = 0.25, .seed = (uint64_t)i, .from = &base};
        if (tour_ready(q, NULL) && tour_solve(q, &effort, &plan, NULL, NULL)) {
            took[found] = now_ms() - began;
            stays[found++] = kept(p, &base, &plan);
        }
        tour_plan_done(&plan);
        tour_problem_free(q);
    }
    char what[80];
    snprintf(what, sizeof what, "%d cities x %d days: pin a city, re-solve (%d of %d can be pinned)", markets,
             days, found, cases);
    double mid = median(took, (size_t)found), stay = median(stays, (size_t)found);
    report_row(target_of(mid <= 300), what, "<= 300 ms", "%.0f ms, %.2f of the full solve", mid,
               mid / full / 1000);
    report_row(target_of(stay >= 70), "its untouched shows kept", ">= 70%", "%.0f%% (median)", stay);
    free(took);
    free(stays);
    tour_plan_done(&base);
    tour_problem_free(p);
}

bool drill_tour(const bench *b)
{
    (void)b;
    report_section("Tours", "Made-up problems: markets around metros, log-normal worths, avails, holds, "
                            "radius clauses. Totals are what "
                            "the plan brings; below means in per cent of the 30 s plan's total.");
    quality(500, 60, 4, 1);
    quality(5000, 120, 2, 4);
    pins(500, 60, 50);
    return true;
}
