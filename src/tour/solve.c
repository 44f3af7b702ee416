/* solve: tour_solve. The anchors, then a greedy plan and whole tours several ways round (route.c), each improved a little; then
 * search.h's rounds of ruin and recreate on the best.
 *
 * What the search compares is the total less a penalty for every broken rule that outweighs any plan; so a start that cannot
 * keep a pin is repaired first, and a plan that keeps all rules is never given up for one that does not. Every plan that is
 * handed out has passed tour_verify; one that did not is a defect of the state, which tests assert not to be. */
#include "base/mem.h"
#include "tour/private.h"
#include "tour/solver.h"
#include <stdlib.h>
#include <string.h>

enum {
    ISLANDS_BEGUN = 6, /* starts, each improved a little before the better ones go on */
    ISLANDS_MOST = ISLANDS_BEGUN + 1,
    ISLAND_PART = 5, /* of the effort in 1/100, each time */
    WEEK = 7,
    WEEK_WIDTH = 8, /* partial rows a day where a week is laid out anew */
};

/* ---- the search's view of the state ---- */

/* Of each two plans at least a third of the stops must differ, so at most two thirds of the shorter are common. */
static int64_t alike(const solver *v)
{
    int64_t bad = 0;
    for (size_t k = 0; k < v->nothers; k++) {
        int common = 0, others = 0;
        for (int d = 0; d < v->s->days; d++) {
            int32_t market = v->other[k][d];
            others += market != TOUR_NONE;
            common += market != TOUR_NONE && v->s->at[d] != NO_CHOICE &&
                      v->s->x->choices[v->s->at[d]].market == market;
        }
        int least = others < v->s->stops ? others : v->s->stops;
        bad += 3 * common > 2 * least ? 3 * common - 2 * least : 0;
    }
    return bad;
}

int64_t solver_bad(const solver *v)
{
    return state_bad(v->s) + (v->nothers ? alike(v) : 0);
}

int64_t solver_score(const solver *v)
{
    int64_t bad = solver_bad(v);
    return v->s->total - v->penalty * (bad < 4000 ? bad : 4000);
}

static int64_t score(const void *ctx)
{
    return solver_score(ctx);
}

static void save(void *ctx, size_t place)
{
    solver *v = ctx;
    memcpy(v->place[place], v->s->at, (size_t)v->s->days * sizeof *v->s->at);
}

/* Only what differs is taken out and put in: first all out, so that nothing stands in the way of its own return. */
static void load(void *ctx, size_t place)
{
    solver *v = ctx;
    const uint32_t *to = v->place[place];
    for (int d = 0; d < v->s->days; d++)
        if (v->s->at[d] != to[d] && v->s->at[d] != NO_CHOICE)
            state_drop(v->s, d);
    for (int d = 0; d < v->s->days; d++)
        if (v->s->at[d] != to[d])
            state_put(v->s, to[d]);
}

/* ---- plans out ---- */

static void plan_of(const solver *v, const uint32_t *at, tour_plan *ret)
{
    *ret = (tour_plan){.stops = MEM_ARRAY(int32_t, (size_t)v->s->days + 1)};
    for (int d = 0; d < v->s->days; d++)
        if (at[d] != NO_CHOICE)
            ret->stops[ret->n++] = v->s->x->choices[at[d]].slot;
    tour_terms terms;
    tour_measure(v->p, ret->stops, ret->n, &terms);
    ret->total = terms.total;
}

static void tell(solver *v, const uint32_t *at, int64_t iterations)
{
    tour_plan plan;
    plan_of(v, at, &plan);
    plan.iterations = iterations;
    bool news = !v->told || plan.total > v->told_total;
    if (news && tour_verify(v->p, plan.stops, plan.n, NULL) == TOUR_OK) {
        v->effort->better(v->effort->ctx, &plan, search_clock(false) - v->began);
        v->told_total = plan.total;
        v->told = true;
    }
    tour_plan_done(&plan);
    v->told_at = search_clock(false);
    v->untold = false;
}

/* Checking a plan takes longer than finding the next better one at first: no more often than a screen can show. */
static void better(void *ctx, int64_t iterations, double seconds)
{
    solver *v = ctx;
    (void)seconds;
    if (!v->effort->better || solver_bad(v) > 0)
        return;
    v->untold = true;
    if (!v->told || search_clock(false) - v->told_at > 0.02)
        tell(v, v->s->at, iterations);
}

/* ---- life ---- */

/* More than the best and the worst plan can differ by; at most what 4000 times still fits. */
static int64_t penalty_of(const tour_problem *p)
{
    const tour_index *x = p->index;
    double sum = 1;
    for (size_t d = 0; d < x->days; d++)
        if (x->nbest && x->best[d * x->nbest] >= 0) {
            int64_t top = x->top[(size_t)x->best[d * x->nbest] * x->days + d];
            sum += top > 0 ? (double)top : 0;
        }
    sum = 4 * sum + (double)p->prices.change * (double)p->nkeep;
    return sum > 1e15 ? INT64_C(1000000000000000) : (int64_t)sum;
}

solver *solver_new(const tour_problem *p)
{
    solver *v = MEM_NEW(solver);
    v->p = p;
    v->s = state_new(p);
    for (size_t i = 0; i < SEARCH_PLACES; i++)
        v->place[i] = MEM_ARRAY(uint32_t, (size_t)p->days + 1);
    v->seen = MEM_ARRAY(uint32_t, p->nmarkets + 1);
    v->pool_at = MEM_ARRAY(int16_t, p->nmarkets + 1);
    v->beam = beam_new();
    v->penalty = penalty_of(p);
    return v;
}

void solver_free(solver *v)
{
    if (!v)
        return;
    state_free(v->s);
    for (size_t i = 0; i < SEARCH_PLACES; i++)
        free(v->place[i]);
    free(v->seen);
    free(v->pool_at);
    free(v->beam);
    free(v);
}

/* ---- starts ---- */

/* The stops of an earlier plan, those that pins ask for first; a venue that cannot be had any more gives way to another. */
static void start_from(solver *v, const tour_plan *from)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < from->n; i++) {
            if (from->stops[i] < 0 || (size_t)from->stops[i] >= v->p->nslots)
                continue;
            const tour_slot *slot = &v->p->slots[from->stops[i]];
            uint32_t choice = v->s->x->choice_of[from->stops[i]];
            int64_t gain;
            if (slot->appearance || v->s->at[slot->day] != NO_CHOICE ||
                (pass == 0 && !v->s->pinned[slot->market]))
                continue;
            if (choice != NO_CHOICE && state_try(v->s, choice, SOLVER_WORST, &gain))
                state_put(v->s, choice);
            else if (solver_venue(v, slot->market, slot->day, SOLVER_WORST, &choice, &gain))
                state_put(v->s, choice);
        }
}

/* From left to right: the best rows from each stop on, as far as a row looks ahead. */
static void start_rows(solver *v, rng *r)
{
    tour_state *s = v->s;
    for (int i = -1, j; i < s->days; i = j) {
        int stops;
        j = state_after(s, i);
        do {
            stops = s->stops;
            beam_fill(v, v->beam, state_before(s, j), j, 12, 0, r);
        } while (s->stops > stops);
    }
}

static void fill_all(solver *v, rng *r)
{
    for (int d = 0; d < v->s->days; d++)
        solver_open(v, d);
    solver_fill(v, r);
}

static void clear(solver *v)
{
    for (int d = 0; d < v->s->days; d++)
        if (v->s->at[d] != NO_CHOICE && !state_fixed(v->s, d))
            state_drop(v->s, d);
}

/* Takes out what keeps the drives and free days from being right, the stop that mends most first. */
static void mend(solver *v)
{
    tour_state *s = v->s;
    while (s->sequence_bad > 0) {
        int64_t least = s->sequence_bad;
        int worst = -1;
        for (int d = state_after(s, -1); d < s->days; d = state_after(s, d)) {
            uint32_t choice = s->at[d];
            if (state_fixed(s, d))
                continue;
            state_drop(s, d);
            if (s->sequence_bad < least) {
                least = s->sequence_bad;
                worst = d;
            }
            state_put(s, choice);
        }
        if (worst < 0) {
            clear(v);
            return;
        }
        state_drop(s, worst);
    }
}

/* Each week of the plan anew, once. */
static void renew_weeks(solver *v, rng *r)
{
    tour_state *s = v->s;
    int64_t here = solver_score(v);
    save(v, SEARCH_HERE);
    for (int from = 0; from < s->days; from += WEEK / 2) {
        for (int d = from; d < from + WEEK && d < s->days; d++)
            if (s->at[d] != NO_CHOICE && !state_fixed(s, d))
                solver_take_out(v, d);
        for (int i = state_before(s, from), j; i < from + WEEK && i < s->days; i = j) {
            j = state_after(s, i);
            if (j - i > 1)
                beam_fill(v, v->beam, i, j, WEEK_WIDTH, 0, r);
        }
        solver_close_all(v);
        if (solver_score(v) >= here) {
            here = solver_score(v);
            save(v, SEARCH_HERE);
        } else {
            load(v, SEARCH_HERE);
        }
    }
}

static void start(solver *v, const tour_effort *effort, rng *r)
{
    if (effort->from)
        start_from(v, effort->from);
    else if (v->s->pins_missing == 0)
        start_rows(v, r);
    fill_all(v, r);
}

/* ---- solve ---- */

static const search_ops ops = {.kinds = RUIN_KINDS,
                               .score = score,
                               .ruin = solver_ruin,
                               .recreate = solver_recreate,
                               .save = save,
                               .load = load,
                               .better = better};

static search_options options_of(const solver *v, const tour_effort *effort)
{
    int64_t typical = v->s->x->typical;
    search_options o = {.seconds = effort->seconds,
                        .iterations = effort->iterations,
                        .seed = effort->seed,
                        .stop = effort->stop,
                        .unit = 1,
                        .heat = (effort->from ? typical / 16 : typical * 2 / 5) + 1,
                        .chill = (effort->from ? typical / 200 : typical * 3 / 200) + 1,
                        .cycle = 2000,
                        .noise = 1500};
    if (o.seconds <= 0 && o.iterations <= 0)
        o.seconds = 2;
    return o;
}

/* Runs the search from the plan as it stands, for a part of the whole effort in 1/100 (100: all that is left of it). */
static void run(solver *v, const search_options *whole, int part, int number)
{
    search_options o = *whole;
    search_result found;
    double left = o.seconds - (search_clock(false) - v->began);
    int64_t rounds = o.iterations - v->rounds;
    if (o.iterations > 0)
        o.iterations = part < 100 && o.iterations * part / 100 < rounds ? o.iterations * part / 100 : rounds;
    if (o.seconds > 0) {
        o.seconds = part < 100 && o.seconds * part / 100 < left ? o.seconds * part / 100 : left;
        o.seconds = o.seconds > .001 ? o.seconds : .001;
    }
    if (whole->iterations > 0 && o.iterations <= 0)
        return;
    o.seed = whole->seed + (uint64_t)number * 7919;
    search_run(&ops, v, &o, &found);
    v->rounds += found.iterations;
    v->cycles += found.cycles;
    v->stopped = found.stopped;
}

typedef struct island {
    int64_t score;
    uint32_t at[TOUR_DAYS_MOST];
} island;

static void keep_island(const solver *v, island *ret)
{
    ret->score = solver_score(v);
    memcpy(ret->at, v->s->at, (size_t)v->s->days * sizeof *ret->at);
}

static void load_island(solver *v, const island *from)
{
    memcpy(v->place[SEARCH_HERE], from->at, (size_t)v->s->days * sizeof *from->at);
    load(v, SEARCH_HERE);
}

static int by_score(const void *a, const void *b)
{
    const island *x = a, *y = b;
    return x->score < y->score ? 1 : x->score > y->score ? -1 : 0;
}

static bool time_for(const solver *v, const search_options *o, double share)
{
    return !stop_now(o->stop, NULL) &&
           (o->seconds <= 0 || search_clock(false) - v->began < o->seconds * share) &&
           (o->iterations <= 0 || v->rounds < (int64_t)((double)o->iterations * share));
}

/* Which way round the country is settled early and seldom changed later: so several ways are begun, the better half of them is
 * followed further, and so on to the best one. */
static void islands(solver *v, const search_options *o, rng *r)
{
    island *all = MEM_ARRAY(island, ISLANDS_MOST);
    int n = 0;
    keep_island(v, &all[n++]);
    route *w = route_new(v);
    for (int k = 0; k < ISLANDS_BEGUN && time_for(v, o, .4); k++) {
        if (k)
            route_vary(w, r);
        clear(v);
        route_lay(w);
        mend(v);
        renew_weeks(v, r);
        run(v, o, ISLAND_PART, k);
        keep_island(v, &all[n++]);
    }
    route_free(w);
    for (int round = 1; n > 1; round++) {
        qsort(all, (size_t)n, sizeof *all, by_score);
        n = (n + 1) / 2;
        for (int i = 0; i < n && n > 1 && time_for(v, o, .75); i++) {
            load_island(v, &all[i]);
            run(v, o, ISLAND_PART, round * ISLANDS_MOST + i);
            keep_island(v, &all[i]);
        }
    }
    load_island(v, &all[0]);
    free(all);
}

static bool hand_over(solver *v, tour_plan *ret)
{
    tour_plan plan;
    plan_of(v, v->s->at, &plan);
    plan.iterations = v->rounds;
    plan.complete = !v->stopped || v->cycles > 0;
    if (solver_bad(v) > 0 || tour_verify(v->p, plan.stops, plan.n, NULL) != TOUR_OK) {
        tour_plan_done(&plan);
        return false;
    }
    *ret = plan;
    return true;
}

bool solver_run(const tour_problem *p, const tour_effort *effort, const int32_t *const *others,
                size_t nothers, tour_plan *ret)
{
    double began = search_clock(false);
    solver *v = solver_new(p);
    v->effort = effort;
    v->began = began;
    for (; v->nothers < nothers && v->nothers < SOLVER_OTHERS_MOST; v->nothers++)
        v->other[v->nothers] = others[v->nothers];
    rng r;
    rng_fork(&r, effort->seed, 1);
    search_options o = options_of(v, effort);
    start(v, effort, &r);
    if (!effort->from) {
        if (effort->better && solver_bad(v) == 0)
            tell(v, v->s->at, 0);
        islands(v, &o, &r);
    }
    run(v, &o, 100, 0);
    bool ok = hand_over(v, ret);
    if (ok && v->untold)
        tell(v, v->s->at, v->rounds);
    solver_free(v);
    return ok;
}

bool tour_solve(const tour_problem *p, const tour_effort *effort, tour_plan *ret,
                struct tour_trouble *ret_why, err *e)
{
    if (!p->index)
        return err_set(e, ERR_USAGE, "tour: solve without tour_ready");
    if (solver_run(p, effort, NULL, 0, ret))
        return true;
    if (ret_why)
        tour_diagnose(p, effort, ret_why);
    return err_set(e, ERR_MISSING, "no tour keeps every rule");
}
