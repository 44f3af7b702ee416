/* reasons: why a stop is in, and why a market is not. Nothing here is guessed: a figure comes from solving again with the one thing
 * changed, a rule from the verifier over the very stops that are handed back. */
#include "base/mem.h"
#include "tour/private.h"
#include <stdlib.h>
#include <string.h>

enum { PROOF_NODES = 200000 }; /* how far to look for any plan at all where the solver found none */

bool tour_again(tour_problem *changed, const tour_effort *effort, const tour_plan *from, tour_plan *ret,
                err *e)
{
    tour_effort again = *effort;
    again.from = from;
    again.better = NULL;
    return tour_ready(changed, e) && tour_solve(changed, &again, ret, NULL, e);
}

static int64_t worth_of(const tour_problem *p, const int32_t *stops, size_t n)
{
    tour_terms t;
    tour_measure(p, stops, n, &t);
    return t.total;
}

/* The solver's answer, or any plan where it has none but there is one. */
static bool solved(tour_problem *changed, const tour_effort *effort, const tour_plan *from, tour_plan *ret)
{
    return tour_again(changed, effort, from, ret, NULL) || tour_find(changed, PROOF_NODES, ret) == FIND_YES;
}

static bool plan_stands(const tour_problem *p, const tour_plan *plan, err *e)
{
    tour_rule rule = tour_verify(p, plan->stops, plan->n, NULL);
    return rule == TOUR_OK ||
           err_set(e, ERR_USAGE, "tour: a plan that breaks the rule %s cannot be explained",
                   tour_rule_word(rule));
}

/* ---- why a stop is in ---- */

static bool wished(const tour_problem *p, const tour_slot *s)
{
    for (size_t i = 0; i < p->npins; i++)
        if (p->pins[i].market == s->market)
            return true;
    return s->appearance;
}

static void best_swap(const tour_problem *p, const tour_plan *plan, size_t at, tour_why *ret)
{
    tour_plan swapped;
    tour_plan_copy(&swapped, plan);
    const tour_slot *now = &p->slots[plan->stops[at]];
    ret->swap = TOUR_NONE;
    for (size_t i = 0; i < p->nslots && !now->appearance; i++) {
        const tour_slot *s = &p->slots[i];
        if (s->day != now->day || s == now || s->appearance || s->state == SLOT_BLOCKED)
            continue;
        swapped.stops[at] = (int32_t)i;
        int64_t total = worth_of(p, swapped.stops, swapped.n);
        if ((ret->swap == TOUR_NONE || total > ret->swap_total) &&
            tour_verify(p, swapped.stops, swapped.n, NULL) == TOUR_OK) {
            ret->swap = (int32_t)i;
            ret->swap_total = total;
        }
    }
    tour_plan_done(&swapped);
}

static void solve_without(const tour_problem *p, const tour_plan *plan, int32_t market,
                          const tour_effort *effort, tour_why *ret)
{
    tour_problem *q = tour_problem_copy(p);
    for (size_t i = 0; i < q->nslots; i++)
        if (q->slots[i].market == market && !q->slots[i].appearance)
            q->slots[i].state = SLOT_BLOCKED;
    if (solved(q, effort, plan, &ret->instead))
        ret->without = ret->instead.total;
    else
        ret->must = true;
    tour_problem_free(q);
}

bool tour_explain(const tour_problem *p, const tour_plan *plan, size_t at, const tour_effort *effort,
                  tour_why *ret, err *e)
{
    if (at >= plan->n)
        return err_set(e, ERR_USAGE, "tour: the plan has %zu stops, so that there is no stop %zu", plan->n,
                       at + 1);
    if (!plan_stands(p, plan, e))
        return false;
    tour_why w = {.with = worth_of(p, plan->stops, plan->n)};
    const tour_slot *s = &p->slots[plan->stops[at]];
    w.must = wished(p, s);
    if (!w.must)
        solve_without(p, plan, s->market, effort, &w);
    best_swap(p, plan, at, &w);
    *ret = w;
    return true;
}

void tour_why_done(tour_why *w)
{
    tour_plan_done(&w->instead);
    *w = (tour_why){0};
}

/* ---- why a market is not in ---- */

/* The plan with this slot in, in place of whatever is there on its day. */
static void put_in(const tour_problem *p, const tour_plan *plan, int32_t slot, tour_plan *ret)
{
    int16_t day = p->slots[slot].day;
    *ret = (tour_plan){.stops = MEM_ARRAY(int32_t, plan->n + 1)};
    bool in = false;
    for (size_t i = 0; i < plan->n; i++) {
        int16_t other = p->slots[plan->stops[i]].day;
        if (!in && other >= day) {
            ret->stops[ret->n++] = slot;
            in = true;
        }
        if (other != day)
            ret->stops[ret->n++] = plan->stops[i];
    }
    if (!in)
        ret->stops[ret->n++] = slot;
    ret->total = worth_of(p, ret->stops, ret->n);
}

static bool better_day(const tour_problem *p, int32_t slot, const tour_plan *tried, const tour_why_not *w)
{
    if (w->slot == TOUR_NONE)
        return true;
    bool blocked = p->slots[slot].state == SLOT_BLOCKED, was = p->slots[w->slot].state == SLOT_BLOCKED;
    return blocked != was ? was : tried->total > w->tried.total;
}

/* Each of the market's slots put into the plan: the best that keeps every rule becomes the plan, else the best that breaks one is
 * what was tried. */
static void try_days(const tour_problem *p, const tour_plan *plan, int32_t market, tour_why_not *w)
{
    for (size_t i = 0; i < p->nslots; i++) {
        if (p->slots[i].market != market || p->slots[i].appearance)
            continue;
        tour_plan tried;
        put_in(p, plan, (int32_t)i, &tried);
        tour_broken broken;
        tour_rule rule = tour_verify(p, tried.stops, tried.n, &broken);
        tour_plan *to = NULL;
        if (rule == TOUR_OK && (!w->possible || tried.total > w->total)) {
            w->possible = true;
            w->total = tried.total;
            to = &w->plan;
        } else if (rule != TOUR_OK && better_day(p, (int32_t)i, &tried, w)) {
            w->slot = (int32_t)i;
            w->rule = rule;
            w->broken = broken;
            to = &w->tried;
        }
        if (to) {
            tour_plan_done(to);
            *to = tried;
        } else
            tour_plan_done(&tried);
    }
}

static void solve_with(const tour_problem *p, const tour_plan *plan, int32_t market,
                       const tour_effort *effort, tour_why_not *w)
{
    tour_problem *q = tour_problem_copy(p);
    tour_plan found = {0};
    q->pins = mem_grow(q->pins, q->npins + 1, sizeof *q->pins);
    q->pins[q->npins++] = (tour_pin){.market = market, .venue = TOUR_NONE, .day = TOUR_NONE};
    if (solved(q, effort, w->possible ? &w->plan : plan, &found) &&
        (!w->possible || found.total > w->total)) {
        w->possible = true;
        w->total = found.total;
        tour_plan_done(&w->plan);
        w->plan = found;
    } else
        tour_plan_done(&found);
    tour_problem_free(q);
}

static bool playable(const tour_problem *p, int32_t market)
{
    for (size_t i = 0; i < p->nslots; i++)
        if (p->slots[i].market == market && !p->slots[i].appearance && p->slots[i].state != SLOT_BLOCKED)
            return true;
    return false;
}

bool tour_explain_not(const tour_problem *p, const tour_plan *plan, int32_t market, const tour_effort *effort,
                      tour_why_not *ret, err *e)
{
    if (market < 0 || (size_t)market >= p->nmarkets)
        return err_set(e, ERR_USAGE, "tour: there is no market %d", market);
    if (!plan_stands(p, plan, e))
        return false;
    for (size_t i = 0; i < plan->n; i++)
        if (p->slots[plan->stops[i]].market == market && !p->slots[plan->stops[i]].appearance)
            return err_set(e, ERR_USAGE, "tour: market %d is in the plan, as stop %zu", market, i + 1);
    tour_why_not w = {
        .best = worth_of(p, plan->stops, plan->n),
        .slot = TOUR_NONE,
        .rule = TOUR_BLOCKED,
        .broken = {.rule = TOUR_BLOCKED, .at = TOUR_NONE, .other = TOUR_NONE, .clause = TOUR_NONE}};
    try_days(p, plan, market, &w);
    if (playable(p, market))
        solve_with(p, plan, market, effort, &w);
    if (w.possible) { /* what a single day would break is then no reason */
        tour_plan_done(&w.tried);
        w.rule = TOUR_OK;
        w.slot = TOUR_NONE;
        w.broken = (tour_broken){.at = TOUR_NONE, .other = TOUR_NONE, .clause = TOUR_NONE};
    }
    *ret = w;
    return true;
}

void tour_why_not_done(tour_why_not *w)
{
    tour_plan_done(&w->plan);
    tour_plan_done(&w->tried);
    *w = (tour_why_not){0};
}
