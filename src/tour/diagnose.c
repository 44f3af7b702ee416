/* diagnose: why there is no plan, and the smallest change that makes one possible.
 *
 * First the wishes that must be met (pins and appearances) are held against the rules one by one and two by two: a pin whose slots
 * are all blocked, two pins too far apart for their days. Then each limit is loosened by itself as far as it goes; where that
 * gives a plan, the smallest change that still does is found by halving. Whether there is a plan is first asked of the enumeration,
 * which can prove that there is none, and where that is too much of the solver, which can only fail to find one. A plan that was
 * found halves further by itself: the verifier says down to which limit that very plan would do. */
#include "base/mem.h"
#include "base/time.h"
#include "tour/private.h"
#include <stdlib.h>
#include <string.h>

enum {
    TRIES_MOST = 400,
    NODES_SMALL = 300000,
    NODES_LARGE = 20000,
    SLOTS_SMALL = 300,
    OPENED_MOST = 8,
    MOST_TIMES = 8,
    LAST_TRIES = 4,
    SHOW_COUNTS = 100000000, /* minor units */
    PINS_TWO_MOST = 8
};

typedef struct must { /* a pin or an appearance, and the slots that can meet it */
    int32_t pin, slot;
    int32_t *slots;
    size_t n, cap;
} must;

typedef struct doctor {
    const tour_problem *p;
    tour_effort effort; /* of one try */
    stop *halt;
    int tries;
    int64_t until_ms; /* monotonic; 0 = no limit */
    must *musts;
    size_t n;
} doctor;

/* ---- is there a plan? ---- */

/* Any plan will do: the solver is stopped at its first. */
static void enough(void *ctx, const tour_plan *plan, double seconds)
{
    (void)plan, (void)seconds;
    stop_ask(ctx);
}

static bool solver_finds(doctor *d, tour_problem *q, tour_plan *ret)
{
    stop at_first = {.fd = -1};
    tour_effort effort = d->effort;
    effort.better = enough;
    effort.ctx = effort.stop = &at_first;
    return tour_ready(q, NULL) && tour_solve(q, &effort, ret, NULL, NULL);
}

/* Frees q. ret: the plan, verified. */
static bool possible(doctor *d, tour_problem *q, tour_plan *ret)
{
    find_answer answer = FIND_NO;
    bool late = d->until_ms && time_mono_ms() > d->until_ms;
    if (d->tries-- > 0 && !late && !stop_now(d->halt, NULL) && tour_problem_check(q, NULL)) {
        answer = tour_find(q, q->nslots <= SLOTS_SMALL ? NODES_SMALL : NODES_LARGE, ret);
        if (answer == FIND_UNKNOWN && solver_finds(d, q, ret))
            answer = FIND_YES;
    }
    if (answer == FIND_YES && tour_verify(q, ret->stops, ret->n, NULL) != TOUR_OK) {
        tour_plan_done(ret);
        answer = FIND_NO;
    }
    tour_problem_free(q);
    return answer == FIND_YES;
}

static bool possible_at_all(doctor *d, tour_problem *q)
{
    tour_plan plan = {0};
    bool yes = possible(d, q, &plan);
    tour_plan_done(&plan);
    return yes;
}

static tour_problem *with_limit(const tour_problem *p, tour_rule rule, int32_t clause, int64_t to)
{
    tour_problem *q = tour_problem_copy(p);
    if (!tour_limit_set(q, rule, clause, to)) {
        tour_problem_free(q);
        return NULL;
    }
    return q;
}

/* ---- the smallest change of one limit ---- */

static int64_t loosest(const tour_problem *p, tour_rule rule)
{
    switch (rule) {
    case TOUR_DRIVE:
        return 10000000;
    case TOUR_SHOWS_7:
        return 7;
    case TOUR_DRIVE_7:
        return INT32_MAX;
    case TOUR_BUDGET:
        return INT64_MAX / 4;
    case TOUR_START:
    case TOUR_END: /* 40 days of driving more than there is room for lead around the earth */
        return p->days + 40 < TOUR_DAYS_MOST ? p->days + 40 : TOUR_DAYS_MOST;
    case TOUR_RUN:
    case TOUR_MARKET:
    case TOUR_SHOWS_MAX:
        return TOUR_DAYS_MOST;
    case TOUR_SHOWS_MIN: /* less is looser, but no show at all is no answer */
        return 1;
    default: /* FREE_7, COOLDOWN, RADIUS: less is looser */
        return 0;
    }
}

static int64_t middle(int64_t a, int64_t b)
{
    return a < b ? a + (b - a) / 2 : b + (a - b + 1) / 2;
}

/* How far from `good` towards `bad` this very plan still does. */
static int64_t tightened(const doctor *d, const tour_cure *c, const tour_plan *plan, int64_t bad,
                         int64_t good)
{
    while (llabs(good - bad) > 1) {
        int64_t mid = middle(bad, good);
        tour_problem *q = with_limit(d->p, c->rule, c->clause, mid);
        bool ok = q && tour_verify(q, plan->stops, plan->n, NULL) == TOUR_OK;
        tour_problem_free(q);
        *(ok ? &good : &bad) = mid;
    }
    return good;
}

/* As many shows as there can be, which is not what a plan is worth most with: each counts for more than all else there is.
 * In place of *plan where it has more. */
static void most_shows(doctor *d, tour_plan *plan)
{
    tour_problem *q = with_limit(d->p, TOUR_SHOWS_MIN, TOUR_NONE, 1);
    tour_effort effort = d->effort;
    tour_plan more = {0};
    for (size_t i = 0; q && i < q->nslots; i++)
        q->slots[i].soft -= SHOW_COUNTS;
    effort.seconds *= MOST_TIMES;
    effort.iterations *= MOST_TIMES;
    effort.stop = d->halt;
    if (q && tour_ready(q, NULL) && tour_solve(q, &effort, &more, NULL, NULL) && more.n > plan->n) {
        tour_plan_done(plan);
        *plan = more;
        more = (tour_plan){0};
    }
    tour_plan_done(&more);
    tour_problem_free(q);
}

/* With one more step the plan that was found would break the rule; so that is where the next try is, before halving. */
static bool find_cure(doctor *d, tour_rule rule, int32_t clause, tour_cure *ret)
{
    tour_cure c = {.rule = rule, .clause = clause};
    if (!tour_limit_get(d->p, rule, clause, &c.limit))
        return false;
    int64_t bad = c.limit, good = loosest(d->p, rule);
    bool off = c.limit == 0 && rule != TOUR_RADIUS;
    bool pointless =
        (rule == TOUR_START && d->p->start == TOUR_NONE) || (rule == TOUR_END && d->p->end == TOUR_NONE);
    bool less = rule == TOUR_FREE_7 || rule == TOUR_COOLDOWN || rule == TOUR_SHOWS_MIN || rule == TOUR_RADIUS;
    if (off || pointless || (less ? bad <= good : good <= bad))
        return false;
    tour_problem *q = with_limit(d->p, rule, clause, good);
    tour_plan plan = {0};
    if (!q || !possible(d, q, &plan))
        return false;
    if (rule == TOUR_SHOWS_MIN && d->p->nslots > SLOTS_SMALL) /* fewer are enumerated */
        most_shows(d, &plan);
    good = tightened(d, &c, &plan, bad, good);
    bool edge = true;
    while (llabs(good - bad) > 1 && d->tries > 0) {
        int64_t mid = edge ? good + (good > bad ? -1 : 1) : middle(bad, good);
        tour_plan next = {0};
        q = with_limit(d->p, rule, clause, mid);
        bool ok = q && possible(d, q, &next);
        if (ok)
            good = tightened(d, &c, &next, bad, mid);
        else
            bad = mid;
        edge = !edge && ok;
        tour_plan_done(&next);
    }
    tour_plan_done(&plan);
    c.to = good;
    *ret = c;
    return true;
}

/* How much is asked to give way: as a ratio, so that half as many shows weigh like twice the money. */
static double size_of_change(const tour_cure *c)
{
    double a = (double)c->limit + 1, b = (double)c->to + 1;
    return a > b ? a / b : b / a;
}

typedef struct cures { /* the smallest first */
    tour_cure at[TOUR_CURES];
    size_t n;
} cures;

static void add_cure(cures *all, const tour_cure *c)
{
    size_t i = all->n < TOUR_CURES ? all->n++ : TOUR_CURES - 1;
    if (i == TOUR_CURES - 1 && all->at[i].rule != TOUR_OK && size_of_change(c) >= size_of_change(&all->at[i]))
        return;
    for (; i > 0 && size_of_change(c) < size_of_change(&all->at[i - 1]); i--)
        all->at[i] = all->at[i - 1];
    all->at[i] = *c;
}

/* Would a plan be possible without any clause? Then one of them is worth a look each. */
static bool clauses_alone(doctor *d)
{
    tour_problem *q = tour_problem_copy(d->p);
    bool any = false;
    for (size_t k = 0; k < q->nclauses; k++) {
        any |= q->clauses[k].forbid;
        q->clauses[k].forbid = false;
    }
    if (any)
        return possible_at_all(d, q);
    tour_problem_free(q);
    return false;
}

static const tour_rule limits[] = {TOUR_DRIVE,    TOUR_START,     TOUR_END,       TOUR_RUN,
                                   TOUR_SHOWS_7,  TOUR_DRIVE_7,   TOUR_FREE_7,    TOUR_MARKET,
                                   TOUR_COOLDOWN, TOUR_SHOWS_MIN, TOUR_SHOWS_MAX, TOUR_BUDGET};
enum { LIMITS = sizeof limits / sizeof *limits };

static bool find_cures(doctor *d, cures *ret)
{
    tour_cure c;
    *ret = (cures){0};
    for (size_t i = 0; i < LIMITS; i++)
        if (find_cure(d, limits[i], TOUR_NONE, &c))
            add_cure(ret, &c);
    bool clauses = clauses_alone(d);
    for (size_t k = 0; clauses && k < d->p->nclauses; k++)
        if (d->p->clauses[k].forbid && find_cure(d, TOUR_RADIUS, (int32_t)k, &c))
            add_cure(ret, &c);
    return ret->n > 0;
}

/* The smallest cure of another problem, which is freed. */
static bool cure_of(doctor *d, tour_problem *q, tour_cure *ret)
{
    const tour_problem *kept = d->p;
    d->p = q;
    cures all;
    bool ok = q && find_cures(d, &all);
    if (ok)
        *ret = all.at[0];
    d->p = kept;
    tour_problem_free(q);
    return ok;
}

/* Two limits together: the first as loose as it goes and the second just so far, then the first just so far too. */
static bool two_cures(doctor *d, tour_rule rule, int32_t clause, tour_cure *ret, tour_cure *ret_also)
{
    const tour_problem *kept = d->p;
    int64_t now;
    if (!tour_limit_get(kept, rule, clause, &now) || now == 0 ||
        !cure_of(d, with_limit(kept, rule, clause, loosest(kept, rule)), ret_also))
        return false;
    tour_problem *q = with_limit(kept, ret_also->rule, ret_also->clause, ret_also->to);
    d->p = q;
    bool ok = q && find_cure(d, rule, clause, ret);
    d->p = kept;
    tour_problem_free(q);
    return ok;
}

/* ---- wishes ---- */

static void add_slot(must *m, size_t slot)
{
    MEM_ROOM(m->slots, m->n, m->cap);
    m->slots[m->n++] = (int32_t)slot;
}

static void list_musts(doctor *d)
{
    const tour_problem *p = d->p;
    size_t cap = 0;
    for (size_t i = 0; i < p->npins; i++) {
        must m = {.pin = (int32_t)i, .slot = TOUR_NONE};
        for (size_t k = 0; k < p->nslots; k++)
            if (p->slots[k].state != SLOT_BLOCKED && tour_pin_met(&p->pins[i], &p->slots[k]))
                add_slot(&m, k);
        MEM_ROOM(d->musts, d->n, cap);
        d->musts[d->n++] = m;
    }
    for (size_t k = 0; k < p->nslots; k++)
        if (p->slots[k].appearance) {
            must m = {.pin = TOUR_NONE, .slot = (int32_t)k};
            add_slot(&m, k);
            MEM_ROOM(d->musts, d->n, cap);
            d->musts[d->n++] = m;
        }
}

static void name(tour_trouble *t, const must *a, const must *b)
{
    int32_t pins[3] = {TOUR_NONE, TOUR_NONE, TOUR_NONE}, slots[3] = {TOUR_NONE, TOUR_NONE, TOUR_NONE};
    size_t npins = 0, nslots = 0;
    const must *both[] = {a, b};
    for (int i = 0; i < 2; i++) {
        if (both[i] && both[i]->pin != TOUR_NONE)
            pins[npins++] = both[i]->pin;
        if (both[i] && both[i]->slot != TOUR_NONE)
            slots[nslots++] = both[i]->slot;
    }
    t->pin = pins[0];
    t->other_pin = pins[1];
    t->slot = slots[0];
    t->other_slot = slots[1];
}

/* Of the rules, only those between two stops or of one: no bounds, no wishes, nothing on the way there. */
static tour_rule pair_breaks(const doctor *d, int32_t a, int32_t b, tour_broken *ret)
{
    const tour_problem *p = d->p;
    const tour_slot *s = &p->slots[a], *t = &p->slots[b];
    *ret = (tour_broken){.at = TOUR_NONE, .other = TOUR_NONE, .clause = TOUR_NONE};
    if (a == b)
        return TOUR_OK;
    if (s->day == t->day) {
        ret->is = 2;
        ret->limit = 1;
        return ret->rule = s->appearance || t->appearance ? TOUR_ANCHOR : TOUR_PIN;
    }
    tour_problem q =
        *p; /* borrows its arrays; appearances are not asked for, since the verifier would want all of them */
    tour_slot two[2] = {s->day < t->day ? *s : *t, s->day < t->day ? *t : *s};
    const int32_t stops[2] = {0, 1};
    q.slots = two;
    q.nslots = 2;
    q.npins = q.nkeep = 0;
    q.start = q.end = TOUR_NONE;
    q.limits.shows_min = q.limits.shows_max = 0;
    q.limits.drive_7 = 0;
    q.limits.free_drive =
        INT32_MAX; /* how the drives lie depends on what is played between; the two days do not */
    q.limits.budget = 0;
    return tour_verify(&q, stops, 2, ret);
}

/* No slots of the two go together: the rule between those that fail by least. */
static bool contradict(const doctor *d, const must *a, const must *b, tour_broken *ret)
{
    bool any = false;
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++) {
            tour_broken broken;
            if (pair_breaks(d, a->slots[i], b->slots[j], &broken) == TOUR_OK)
                return false;
            if (!any || (broken.rule == TOUR_DRIVE &&
                         (ret->rule != TOUR_DRIVE || broken.is - broken.limit < ret->is - ret->limit)))
                *ret = broken;
            any = true;
        }
    return any;
}

/* Only these two wishes asked for, and still no plan: then it is truly they. */
static tour_problem *only(const tour_problem *p, const must *a, const must *b)
{
    tour_problem *q = tour_problem_copy(p);
    q->npins = 0;
    const must *both[] = {a, b};
    for (int i = 0; i < 2; i++)
        if (both[i] && both[i]->pin != TOUR_NONE)
            q->pins[q->npins++] = p->pins[both[i]->pin];
    return q;
}

static bool pairs_contradict(doctor *d, tour_trouble *t)
{
    for (size_t i = 0; i < d->n; i++)
        for (size_t j = i + 1; j < d->n; j++) {
            tour_broken broken;
            if (!contradict(d, &d->musts[i], &d->musts[j], &broken) ||
                possible_at_all(d, only(d->p, &d->musts[i], &d->musts[j])))
                continue;
            name(t, &d->musts[i], &d->musts[j]);
            t->rule = broken.rule;
            t->clause = broken.clause;
            t->is = broken.is;
            t->limit = broken.limit;
            return true;
        }
    return false;
}

/* A pin with slots, all of them blocked: would one of them, opened, do? */
static void open_one(doctor *d, size_t pin, tour_trouble *t)
{
    int opened = 0;
    t->rule = TOUR_PIN;
    for (size_t k = 0; k < d->p->nslots; k++) {
        if (!tour_pin_met(&d->p->pins[pin], &d->p->slots[k]))
            continue;
        if (t->rule == TOUR_PIN) {
            t->rule = TOUR_BLOCKED;
            t->slot = (int32_t)k;
            t->is = d->p->slots[k].why;
        }
        if (opened++ == OPENED_MOST)
            return;
        tour_problem *q = tour_problem_copy(d->p);
        q->slots[k].state = SLOT_OPEN;
        if (possible_at_all(d, q)) {
            t->slot = (int32_t)k;
            t->is = d->p->slots[k].why;
            t->to = SLOT_OPEN;
            t->change_known = true;
            return;
        }
    }
}

static bool pin_without_slot(doctor *d, tour_trouble *t)
{
    for (size_t i = 0; i < d->p->npins; i++)
        if (d->musts[i].n == 0) {
            t->pin = (int32_t)i;
            t->limit = 1;
            open_one(d, i, t);
            return true;
        }
    return false;
}

/* A wish none of whose slots the start or the end can be reached from in time. */
static bool out_of_reach(doctor *d, tour_trouble *t)
{
    for (size_t i = 0; i < d->n; i++) {
        tour_broken best = {0};
        bool reached = d->musts[i].n == 0;
        for (size_t k = 0; k < d->musts[i].n && !reached; k++) {
            tour_problem q = *d->p; /* borrows */
            tour_slot one = d->p->slots[d->musts[i].slots[k]];
            const int32_t stops[1] = {0};
            tour_broken broken;
            q.slots = &one;
            q.nslots = 1;
            tour_rule rule = tour_verify(&q, stops, 1, &broken);
            reached = rule != TOUR_START && rule != TOUR_END;
            if (k == 0 || broken.is - broken.limit < best.is - best.limit)
                best = broken;
        }
        if (reached || possible_at_all(d, only(d->p, &d->musts[i], NULL)))
            continue;
        name(t, &d->musts[i], NULL);
        t->rule = best.rule;
        t->is = best.is;
        t->limit = best.limit;
        return true;
    }
    return false;
}

/* ---- the answer ---- */

static tour_problem *without_pins(const tour_problem *p, int32_t pin, int32_t also)
{
    tour_problem *q = tour_problem_copy(p);
    q->npins = 0;
    for (int32_t i = 0; (size_t)i < p->npins; i++)
        if (i != pin && i != also)
            q->pins[q->npins++] = p->pins[i];
    return q;
}

/* Nothing but a confirmed show meets it: to let it go costs more than to give up a wish. */
static bool firm(const doctor *d, int32_t pin)
{
    const must *m = &d->musts[pin];
    for (size_t k = 0; k < m->n; k++)
        if (d->p->slots[m->slots[k]].state != SLOT_CONFIRMED)
            return false;
    return m->n > 0;
}

/* One pin that is in the way: of those that were named first, and a wish before a confirmed show; else two. */
static void drop_pins(doctor *d, tour_trouble *t)
{
    int32_t n = (int32_t)d->p->npins;
    for (int pass = 0; pass < 4; pass++)
        for (int32_t i = n; i-- > 0;)
            if ((i == t->pin || i == t->other_pin) == (pass < 2) && firm(d, i) == (pass % 2 == 1) &&
                possible_at_all(d, without_pins(d->p, i, TOUR_NONE))) {
                t->drop_pin = i;
                return;
            }
    for (int32_t i = 0; i < n && n <= PINS_TWO_MOST && !t->change_known; i++)
        for (int32_t j = i + 1; j < n; j++)
            if (possible_at_all(d, without_pins(d->p, i, j))) {
                t->drop_pin = i;
                t->drop_also = j;
                return;
            }
}

/* More than one thing is wrong: what a plan of the loosened problem breaks first. */
static void name_first(doctor *d, tour_trouble *t)
{
    tour_problem *q = tour_problem_copy(d->p);
    for (size_t i = 0; i < LIMITS; i++) {
        int64_t limit;
        bool window = limits[i] == TOUR_START || limits[i] == TOUR_END;
        if (!window && tour_limit_get(q, limits[i], TOUR_NONE, &limit) && limit != 0 &&
            limits[i] != TOUR_SHOWS_MIN)
            tour_limit_set(q, limits[i], TOUR_NONE, loosest(q, limits[i]));
    }
    for (size_t k = 0; k < q->nclauses; k++)
        q->clauses[k].forbid = false;
    tour_plan plan = {0};
    /* Whatever time went into looking for changes, this much there is. */
    d->tries = d->tries > LAST_TRIES ? d->tries : LAST_TRIES;
    if (d->until_ms)
        d->until_ms = time_mono_ms() + (int64_t)(d->effort.seconds * LAST_TRIES * 1000);
    tour_broken broken = {
        .rule = TOUR_SHOWS_MIN, .is = 0, .limit = d->p->limits.shows_min, .clause = TOUR_NONE};
    tour_problem *few = tour_problem_copy(q);
    few->limits.shows_min = 0;
    bool any = possible(d, q, &plan);
    if (any)
        tour_problem_free(few);
    if (any || possible(d, few, &plan))
        tour_verify(d->p, plan.stops, plan.n, &broken);
    else if (d->n > 0)
        broken = (tour_broken){.rule = d->p->npins ? TOUR_PIN : TOUR_ANCHOR, .limit = 1, .clause = TOUR_NONE};
    tour_plan_done(&plan);
    t->rule = broken.rule;
    t->is = broken.is;
    t->limit = broken.limit;
    t->clause = broken.clause;
}

static void take(tour_trouble *t, const tour_cure *c)
{
    t->to = c->to;
    t->change_known = true;
}

static void take_also(tour_trouble *t, const tour_cure *also)
{
    t->also_rule = also->rule;
    t->also_clause = also->clause;
    t->also_to = also->to;
}

static void take_unnamed(tour_trouble *t, const tour_cure *c)
{
    t->rule = c->rule;
    t->clause = c->clause;
    t->limit = c->limit;
    t->is = c->to;
    take(t, c);
}

/* Where no one change will do: the named rule and another, or the named pin gone and a rule; else any two rules. */
static void try_two(doctor *d, tour_trouble *t)
{
    tour_cure c, also;
    if (t->rule != TOUR_OK) {
        if (two_cures(d, t->rule, t->clause, &c, &also)) {
            take(t, &c);
            take_also(t, &also);
        } else if (t->pin != TOUR_NONE && cure_of(d, without_pins(d->p, t->pin, TOUR_NONE), &also)) {
            t->drop_pin = t->pin;
            take_also(t, &also);
        }
        return;
    }
    for (size_t i = 0; i < LIMITS; i++)
        if (two_cures(d, limits[i], TOUR_NONE, &c, &also)) {
            take_unnamed(t, &c);
            take_also(t, &also);
            return;
        }
}

static void examine(doctor *d, tour_trouble *t)
{
    tour_cure c;
    cures all;
    bool named = pin_without_slot(d, t) || pairs_contradict(d, t) || out_of_reach(d, t);
    if (named && !t->change_known && find_cure(d, t->rule, t->clause, &c))
        take(t, &c);
    else if (!named && find_cures(d, &all)) {
        take_unnamed(t, &all.at[0]);
        memcpy(t->cures, all.at, sizeof t->cures);
        t->ncures = all.n;
    }
    drop_pins(d, t);
    if (!t->change_known && t->drop_pin == TOUR_NONE)
        try_two(d, t);
    if (t->rule == TOUR_OK)
        name_first(d, t);
}

void tour_diagnose(const tour_problem *p, const tour_effort *effort, tour_trouble *ret)
{
    tour_trouble t = {.pin = TOUR_NONE,
                      .other_pin = TOUR_NONE,
                      .slot = TOUR_NONE,
                      .other_slot = TOUR_NONE,
                      .clause = TOUR_NONE,
                      .drop_pin = TOUR_NONE,
                      .drop_also = TOUR_NONE,
                      .also_clause = TOUR_NONE};
    doctor d = {.p = p, .effort = {.seed = effort->seed}, .halt = effort->stop, .tries = TRIES_MOST};
    if (effort->iterations > 0)
        d.effort.iterations = effort->iterations / 20 > 200 ? effort->iterations / 20 : 200;
    if (effort->seconds > 0 || effort->iterations <= 0) {
        d.effort.seconds = effort->seconds / 20 > .05 ? effort->seconds / 20 : .05;
        d.until_ms = time_mono_ms() + (int64_t)(d.effort.seconds * 60 * 1000);
    }
    if (!possible_at_all(&d, tour_problem_copy(p))) {
        list_musts(&d);
        examine(&d, &t);
    }
    for (size_t i = 0; i < d.n; i++)
        free(d.musts[i].slots);
    free(d.musts);
    *ret = t;
}
