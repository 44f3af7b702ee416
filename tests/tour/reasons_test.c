/* Every reason is checked by applying it: the market is blocked and the tour counted out again, the pin is set, the stops that were
 * tried are put before the verifier, the limit is changed as told (a plan) and one less (none). The enumeration is the judge. */
#include "base/mem.h"
#include "suites.h"
#include "tour/private.h"
#include "tour/random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 6000000, ITERATIONS = 6000 };

static tour_problem *ready(uint64_t seed, const random_kind *kind)
{
    err e = {0};
    tour_problem *p = random_tour(seed, kind);
    ck_assert_msg(tour_ready(p, &e), "seed %llu: %s", (unsigned long long)seed, e.text);
    return p;
}

static tour_effort effort_of(uint64_t seed)
{
    return (tour_effort){.iterations = ITERATIONS, .seed = seed};
}

/* The best total of a changed problem by counting out; frees it. 1 = there is one, 0 = none, -1 = too many plans. */
static int judged(tour_problem *q, int64_t *ret_total)
{
    err e = {0};
    tour_plan plan = {0};
    ck_assert_msg(tour_problem_check(q, &e), "%s", e.text);
    bool ok = tour_enumerate(q, NODES, &plan, &e);
    *ret_total = plan.total;
    tour_plan_done(&plan);
    tour_problem_free(q);
    return ok ? 1 : e.kind == ERR_MISSING ? 0 : -1;
}

static tour_problem *without_market(const tour_problem *p, int32_t market)
{
    tour_problem *q = tour_problem_copy(p);
    for (size_t i = 0; i < q->nslots; i++)
        if (q->slots[i].market == market && !q->slots[i].appearance)
            q->slots[i].state = SLOT_BLOCKED;
    return q;
}

static tour_problem *with_pin(const tour_problem *p, int32_t market)
{
    tour_problem *q = tour_problem_copy(p);
    q->pins = mem_grow(q->pins, q->npins + 1, sizeof *q->pins);
    q->pins[q->npins++] = (tour_pin){market, TOUR_NONE, TOUR_NONE};
    return q;
}

static bool plan_for(const tour_problem *p, tour_plan *ret)
{
    err e = {0};
    return tour_enumerate(p, NODES, ret, &e);
}

/* ---- why ---- */

/* The best other slot on that day, by trying all. */
static void check_swap(const tour_problem *p, const tour_plan *plan, size_t at, const tour_why *w,
                       uint64_t seed)
{
    int64_t best = INT64_MIN;
    tour_plan q;
    tour_plan_copy(&q, plan);
    for (size_t i = 0; i < p->nslots; i++) {
        tour_terms t;
        q.stops[at] = (int32_t)i;
        if ((int32_t)i == plan->stops[at] || p->slots[i].day != p->slots[plan->stops[at]].day ||
            tour_verify(p, q.stops, q.n, NULL) != TOUR_OK)
            continue;
        tour_measure(p, q.stops, q.n, &t);
        best = t.total > best ? t.total : best;
    }
    ck_assert_msg((w->swap == TOUR_NONE) == (best == INT64_MIN), "seed %llu", (unsigned long long)seed);
    ck_assert_msg(w->swap == TOUR_NONE || w->swap_total == best, "seed %llu", (unsigned long long)seed);
    tour_plan_done(&q);
}

START_TEST(why_a_stop_is_in_is_what_blocking_its_market_costs)
{
    uint64_t seed = support_seed(300000);
    int blocked = 0, must = 0, swaps = 0, short_of = 0;
    for (; blocked < 250; seed++) {
        tour_problem *p = ready(seed, &random_tiny);
        tour_plan plan = {0};
        if (plan_for(p, &plan) && plan.n > 0) {
            tour_effort effort = effort_of(seed);
            size_t at = (size_t)(seed % plan.n);
            tour_why w = {0};
            err e = {0};
            ck_assert_msg(tour_explain(p, &plan, at, &effort, &w, &e), "%s", e.text);
            ck_assert_int_eq(w.with, plan.total);
            check_swap(p, &plan, at, &w, seed);
            swaps += w.swap != TOUR_NONE;
            int32_t market = p->slots[plan.stops[at]].market;
            int64_t total;
            int there = judged(without_market(p, market), &total);
            if (w.must) {
                bool wish = p->slots[plan.stops[at]].appearance;
                for (size_t i = 0; i < p->npins; i++)
                    wish |= p->pins[i].market == market;
                ck_assert_msg(wish || there != 1, "seed %llu: not held by anything",
                              (unsigned long long)seed);
                must++;
            } else {
                tour_problem *q = without_market(p, market);
                ck_assert_int_eq(tour_verify(q, w.instead.stops, w.instead.n, NULL), TOUR_OK);
                ck_assert_int_eq(w.instead.total, w.without);
                ck_assert_int_eq(there, 1);
                ck_assert_int_le(w.without, total);
                short_of += w.without < total;
                blocked++;
                tour_problem_free(q);
            }
            tour_why_done(&w);
        }
        tour_plan_done(&plan);
        tour_problem_free(p);
    }
    printf("      %d blocked and solved again (%d short of the best), %d held, %d with a swap\n", blocked,
           short_of, must, swaps);
    ck_assert_int_le(short_of, 2);
    ck_assert_int_ge(must, 10);
    ck_assert_int_ge(swaps, 50);
}
END_TEST

/* ---- why not ---- */

static int32_t market_left_out(const tour_problem *p, const tour_plan *plan, uint64_t seed)
{
    for (size_t k = 0; k < p->nmarkets; k++) {
        int32_t market = (int32_t)((seed + k) % p->nmarkets);
        bool in = false;
        for (size_t i = 0; i < plan->n; i++)
            in |= p->slots[plan->stops[i]].market == market && !p->slots[plan->stops[i]].appearance;
        if (!in)
            return market;
    }
    return TOUR_NONE;
}

static void check_tried(const tour_problem *p, int32_t market, const tour_why_not *w, uint64_t seed)
{
    tour_broken b;
    if (w->slot == TOUR_NONE) {
        ck_assert_int_eq(w->rule, TOUR_BLOCKED);
        for (size_t i = 0; i < p->nslots; i++)
            ck_assert(p->slots[i].market != market || p->slots[i].appearance);
        return;
    }
    ck_assert_int_eq(p->slots[w->slot].market, market);
    ck_assert_int_ne(w->rule, TOUR_OK);
    ck_assert_msg(tour_verify(p, w->tried.stops, w->tried.n, &b) == w->rule, "seed %llu",
                  (unsigned long long)seed);
    ck_assert(memcmp(&b, &w->broken, sizeof b) == 0);
    bool in = false;
    for (size_t i = 0; i < w->tried.n; i++)
        in |= w->tried.stops[i] == w->slot;
    ck_assert(in);
}

START_TEST(why_not_is_what_pinning_it_gives_or_the_rule_that_the_tried_stops_break)
{
    uint64_t seed = support_seed(400000);
    int pinned = 0, broken = 0, short_of = 0, rules[TOUR_RULES] = {0};
    for (int i = 0; pinned < 220 || broken < 220; seed++, i++) {
        tour_problem *p = ready(seed, i % 2 ? &random_hard : &random_tiny);
        tour_plan plan = {0};
        int32_t market = plan_for(p, &plan) ? market_left_out(p, &plan, seed) : TOUR_NONE;
        if (market != TOUR_NONE) {
            tour_effort effort = effort_of(seed);
            tour_why_not w = {0};
            err e = {0};
            ck_assert_msg(tour_explain_not(p, &plan, market, &effort, &w, &e), "%s", e.text);
            ck_assert_int_eq(w.best, plan.total);
            int64_t total;
            int there = judged(with_pin(p, market), &total);
            ck_assert_msg(there < 0 || w.possible == there, "seed %llu: %d, counted %d",
                          (unsigned long long)seed, w.possible, there);
            if (w.possible) {
                tour_problem *q = with_pin(p, market);
                ck_assert_int_eq(tour_verify(q, w.plan.stops, w.plan.n, NULL), TOUR_OK);
                ck_assert_int_eq(w.plan.total, w.total);
                ck_assert_int_le(w.total, total);
                short_of += w.total < total;
                tour_problem_free(q);
                pinned++;
            } else {
                check_tried(p, market, &w, seed);
                rules[w.rule]++;
                broken++;
            }
            tour_why_not_done(&w);
        }
        tour_plan_done(&plan);
        tour_problem_free(p);
    }
    printf("      %d pinned and solved again (%d short of the best), %d impossible:", pinned, short_of,
           broken);
    for (int i = 0; i < TOUR_RULES; i++)
        if (rules[i])
            printf(" %s %d", tour_rule_word((tour_rule)i), rules[i]);
    printf("\n");
    ck_assert_int_le(short_of, 3);
}
END_TEST

START_TEST(what_cannot_be_explained_is_said)
{
    err e = {0};
    uint64_t seed = 300000;
    tour_problem *p = NULL;
    tour_plan plan = {0};
    tour_why w;
    tour_why_not n;
    for (; plan.n == 0; seed++) {
        tour_problem_free(p);
        tour_plan_done(&plan);
        p = ready(seed, &random_tiny);
        plan_for(p, &plan);
    }
    tour_effort effort = effort_of(1);
    ck_assert(!tour_explain(p, &plan, plan.n, &effort, &w, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert(!tour_explain_not(p, &plan, (int32_t)p->nmarkets, &effort, &n, &e));
    for (size_t i = 0; i < plan.n; i++)
        if (!p->slots[plan.stops[i]].appearance) {
            ck_assert(!tour_explain_not(p, &plan, p->slots[plan.stops[i]].market, &effort, &n, &e));
            ck_assert_ptr_nonnull(strstr(e.text, "is in the plan"));
            p->slots[plan.stops[i]].state = SLOT_BLOCKED;
            ck_assert(!tour_explain(p, &plan, i, &effort, &w, &e));
            ck_assert_str_eq(e.text, "tour: a plan that breaks the rule blocked cannot be explained");
            break;
        }
    tour_plan_done(&plan);
    tour_problem_free(p);
}
END_TEST

/* ---- diagnose ---- */

/* Written apart from the room's own, so that a change that is told wrongly is applied wrongly. */
static tour_problem *changed_limit(const tour_problem *p, const tour_trouble *t, int64_t to)
{
    tour_problem *q = tour_problem_copy(p);
    tour_limits *l = &q->limits;
    int32_t n = (int32_t)to;
    switch (t->rule) {
    case TOUR_DRIVE:
        l->drive_show_day = n;
        break;
    case TOUR_RUN:
        l->run_days = n;
        break;
    case TOUR_SHOWS_7:
        l->shows_7 = n;
        break;
    case TOUR_DRIVE_7:
        l->drive_7 = n;
        break;
    case TOUR_FREE_7:
        l->free_7 = n;
        break;
    case TOUR_MARKET:
        l->market_times = n;
        break;
    case TOUR_COOLDOWN:
        l->market_cooldown = n;
        break;
    case TOUR_SHOWS_MIN:
        l->shows_min = n;
        break;
    case TOUR_SHOWS_MAX:
        l->shows_max = n;
        break;
    case TOUR_BUDGET:
        l->budget = to;
        break;
    case TOUR_RADIUS:
        q->clauses[t->clause].metres = n;
        break;
    case TOUR_BLOCKED:
        q->slots[t->slot].state = (uint8_t)to;
        break;
    case TOUR_START:
        for (size_t i = 0; i < q->nslots; i++)
            q->slots[i].day = (int16_t)(q->slots[i].day + n - p->days);
        for (size_t i = 0; i < q->npins; i++)
            if (q->pins[i].day != TOUR_NONE)
                q->pins[i].day = (int16_t)(q->pins[i].day + n - p->days);
        q->days = (int16_t)n;
        break;
    case TOUR_END:
        q->days = (int16_t)n;
        break;
    default:
        ck_abort_msg("%s has no limit to change", tour_rule_word(t->rule));
    }
    return q;
}

/* With both changes, where there are two. */
static tour_problem *changed(const tour_problem *p, const tour_trouble *t, int64_t to)
{
    tour_problem *q = changed_limit(p, t, to);
    if (t->also_rule == TOUR_OK)
        return q;
    const tour_trouble also = {.rule = t->also_rule, .clause = t->also_clause};
    tour_problem *both = changed_limit(q, &also, t->also_to);
    tour_problem_free(q);
    return both;
}

static int64_t limit_now(const tour_problem *p, const tour_trouble *t)
{
    int64_t limit = 0;
    tour_limit_get(p, t->rule, t->clause, &limit);
    return limit;
}

typedef struct cases {
    int n, known, dropped, named, nothing, two, cures, rules[TOUR_RULES], too_large;
} cases;

static void check_change(const tour_problem *p, const tour_trouble *t, uint64_t seed, cases *c)
{
    int64_t total;
    int there = judged(changed(p, t, t->to), &total);
    c->too_large += there < 0;
    ck_assert_msg(there != 0, "seed %llu: %s at %lld gives no plan", (unsigned long long)seed,
                  tour_rule_word(t->rule), (long long)t->to);
    if (t->rule == TOUR_BLOCKED)
        return;
    int64_t now = limit_now(p, t), less = t->to > now ? t->to - 1 : t->to + 1;
    ck_assert_int_ne(now, t->to);
    if (less != now) {
        there = judged(changed(p, t, less), &total);
        c->too_large += there < 0;
        ck_assert_msg(there != 1, "seed %llu: %s at %lld gives a plan already, not only at %lld",
                      (unsigned long long)seed, tour_rule_word(t->rule), (long long)less, (long long)t->to);
    }
}

static void check_drop(const tour_problem *p, const tour_trouble *t, uint64_t seed, cases *c)
{
    int64_t total;
    tour_problem *q = tour_problem_copy(p);
    q->npins = 0;
    for (size_t i = 0; i < p->npins; i++)
        if ((int32_t)i != t->drop_pin && (int32_t)i != t->drop_also)
            q->pins[q->npins++] = p->pins[i];
    if (t->also_rule != TOUR_OK) {
        const tour_trouble also = {.rule = t->also_rule, .clause = t->also_clause};
        tour_problem *both = changed_limit(q, &also, t->also_to);
        tour_problem_free(q);
        q = both;
    }
    int there = judged(q, &total);
    c->too_large += there < 0;
    ck_assert_msg(there != 0, "seed %llu: without pin %d there is no plan either", (unsigned long long)seed,
                  t->drop_pin);
}

/* With these two wishes alone there is no plan. */
static void check_named(const tour_problem *p, const tour_trouble *t, uint64_t seed, cases *c)
{
    int64_t total;
    tour_problem *q = tour_problem_copy(p);
    tour_pin both[2];
    size_t n = 0;
    if (t->pin != TOUR_NONE)
        both[n++] = p->pins[t->pin];
    if (t->other_pin != TOUR_NONE)
        both[n++] = p->pins[t->other_pin];
    if (n)
        memcpy(q->pins, both, n * sizeof *both);
    q->npins = n;
    int there = judged(q, &total);
    c->too_large += there < 0;
    ck_assert_msg(there != 1, "seed %llu: the wishes named do not contradict each other",
                  (unsigned long long)seed);
    c->named++;
}

static void check_trouble(const tour_problem *p, uint64_t seed, cases *c)
{
    tour_effort effort = effort_of(seed);
    tour_trouble t;
    tour_diagnose(p, &effort, &t);
    ck_assert_msg(t.rule != TOUR_OK, "seed %llu: not seen to be impossible", (unsigned long long)seed);
    c->n++;
    c->rules[t.rule]++;
    c->known += t.change_known;
    c->dropped += t.drop_pin != TOUR_NONE;
    c->two += t.also_rule != TOUR_OK || t.drop_also != TOUR_NONE;
    c->nothing += !t.change_known && t.drop_pin == TOUR_NONE;
    if (t.change_known)
        check_change(p, &t, seed, c);
    for (size_t i = 0; i < t.ncures; i++) {
        const tour_trouble other = {
            .rule = t.cures[i].rule, .clause = t.cures[i].clause, .to = t.cures[i].to};
        ck_assert_int_eq(t.cures[i].limit, limit_now(p, &other));
        check_change(p, &other, seed, c);
        c->cures++;
    }
    if (t.drop_pin != TOUR_NONE)
        check_drop(p, &t, seed, c);
    if (t.pin != TOUR_NONE || t.slot != TOUR_NONE)
        check_named(p, &t, seed, c);
}

START_TEST(the_change_that_is_told_makes_an_impossible_tour_possible_and_one_less_does_not)
{
    uint64_t seed = support_seed(500000);
    cases c = {0};
    for (; c.n < 260; seed++) {
        tour_problem *p = ready(seed, &random_hard);
        int64_t total;
        if (judged(tour_problem_copy(p), &total) == 0)
            check_trouble(p, seed, &c);
        tour_problem_free(p);
    }
    printf(
        "      %d impossible: %d with a change, %d with pins to drop, %d with neither, %d take two changes, ",
        c.n, c.known, c.dropped, c.nothing, c.two);
    printf("%d with wishes named, %d single limits that would do; %d too large;", c.named, c.cures,
           c.too_large);
    for (int i = 0; i < TOUR_RULES; i++)
        if (c.rules[i])
            printf(" %s %d", tour_rule_word((tour_rule)i), c.rules[i]);
    printf("\n");
    fflush(stdout);
    ck_assert_int_le(c.nothing, c.n / 8);
    ck_assert_int_le(c.too_large, c.n / 50);
}
END_TEST

START_TEST(a_tour_that_is_possible_has_no_trouble)
{
    uint64_t seed = support_seed(600000);
    for (int n = 0; n < 40; seed++) {
        tour_problem *p = ready(seed, &random_tiny);
        int64_t total;
        if (judged(tour_problem_copy(p), &total) == 1) {
            tour_effort effort = effort_of(seed);
            tour_trouble t;
            tour_diagnose(p, &effort, &t);
            ck_assert_int_eq(t.rule, TOUR_OK);
            n++;
        }
        tour_problem_free(p);
    }
}
END_TEST

Suite *reasons_suite(void)
{
    Suite *s = suite_create("reasons");
    TCase *tc = tcase_create("reasons");
    tcase_set_timeout(tc, 900);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, why_a_stop_is_in_is_what_blocking_its_market_costs);
    tcase_add_test(tc, why_not_is_what_pinning_it_gives_or_the_rule_that_the_tried_stops_break);
    tcase_add_test(tc, what_cannot_be_explained_is_said);
    tcase_add_test(tc, the_change_that_is_told_makes_an_impossible_tour_possible_and_one_less_does_not);
    tcase_add_test(tc, a_tour_that_is_possible_has_no_trouble);
    return s;
}
