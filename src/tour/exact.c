/* exact: a dynamic programme over (day of the last stop, its market, run of show days, markets visited), for problems in which no rule
 * or amount depends on the dates of more than two stops on end: a second oracle, which counts quite differently from the first.
 *
 * It takes markets at most once, no rule about 7 days, no budget, no overlap that counts, and clauses only where they hold whenever
 * the two shows are (their days cover the window) and each market has one venue. Run 0 = the last stop is an appearance. */
#include "base/mem.h"
#include "tour/private.h"
#include <stdlib.h>
#include <string.h>

enum { BITS_MOST = 14, STATES_MOST = 1 << 24 };
#define NOTHING INT64_MIN

typedef struct table {
    const tour_problem *p;
    int32_t *bit;   /* [market] its bit, or TOUR_NONE where it has no slot */
    int32_t *venue; /* [bit] its only venue, or TOUR_NONE where there are several */
    uint32_t forbid[BITS_MOST], warn[BITS_MOST];
    size_t bits, runs, masks;
    int64_t *worth; /* [slot] with what keeping it saves; NOTHING where it must not be used */
    int64_t *best;  /* [state] */
    int32_t *slot;  /* [state] the last stop's */
    size_t *parent; /* [state] */
    int32_t anchor[TOUR_DAYS_MOST];
    uint32_t must; /* pinned markets */
    int64_t total;
    size_t end; /* state, SIZE_MAX: the plan without a stop */
    bool found;
} table;

static size_t state_of(const table *t, int16_t day, int32_t market, size_t run, uint32_t mask)
{
    return (((size_t)day * t->p->nmarkets + (size_t)market) * t->runs + run) * t->masks + mask;
}

/* ---- is it of that kind? ---- */

static bool markets_counted(table *t)
{
    const tour_problem *p = t->p;
    for (size_t m = 0; m < p->nmarkets; m++)
        t->bit[m] = TOUR_NONE;
    for (size_t i = 0; i < p->nslots; i++) {
        const tour_slot *s = &p->slots[i];
        if (s->appearance)
            t->anchor[s->day] = (int32_t)i;
        if (s->appearance || s->state == SLOT_BLOCKED)
            continue;
        int32_t *bit = &t->bit[s->market];
        if (*bit == TOUR_NONE) {
            if (t->bits == BITS_MOST)
                return false;
            t->venue[t->bits] = s->venue;
            *bit = (int32_t)t->bits++;
        } else if (t->venue[*bit] != s->venue)
            t->venue[*bit] = TOUR_NONE;
    }
    return true;
}

static bool clauses_static(table *t)
{
    const tour_problem *p = t->p;
    for (size_t k = 0; k < p->nclauses; k++) {
        const tour_clause *c = &p->clauses[k];
        int32_t own = t->bit[p->venues[c->venue].market];
        if (c->days_before < p->days || c->days_after < p->days)
            return false;
        for (size_t b = 0; own != TOUR_NONE && b < t->bits; b++) {
            if (t->venue[b] == TOUR_NONE || t->venue[own] == TOUR_NONE)
                return false;
            const tour_venue *v = &p->venues[c->venue], *w = &p->venues[t->venue[b]];
            if (t->venue[own] != c->venue || (size_t)own == b ||
                tour_metres(v->latitude, v->longitude, w->latitude, w->longitude) > c->metres)
                continue;
            uint32_t *set = c->forbid ? t->forbid : t->warn;
            set[own] |= 1u << b;
            set[b] |= 1u << own;
        }
    }
    return true;
}

static bool overlaps_count(const tour_problem *p)
{
    bool fades = false;
    for (int day = 0; day < p->days; day++)
        fades |= p->fade[day] != 0;
    return fades && p->noverlaps > 0;
}

static bool of_that_kind(table *t, err *e)
{
    const tour_problem *p = t->p;
    const tour_limits *l = &p->limits;
    bool sevens = p->days >= 7 && (l->shows_7 || l->drive_7 || l->free_7);
    if (l->market_times != 1 || sevens || l->budget || overlaps_count(p))
        return err_set(e, ERR_USAGE,
                       "the exact programme takes each market once and no rule about dates far apart");
    if (!markets_counted(t) || !clauses_static(t))
        return err_set(e, ERR_USAGE,
                       "the exact programme takes at most %d markets and clauses that hold on any day",
                       BITS_MOST);
    t->runs = (size_t)(l->run_days < p->days ? l->run_days : p->days) + 1;
    t->masks = (size_t)1 << t->bits;
    if (t->masks > (size_t)STATES_MOST / t->runs / (size_t)p->days / (p->nmarkets + 1))
        return err_set(e, ERR_USAGE, "the exact programme is for fewer markets and days than these");
    return true;
}

/* ---- amounts ---- */

/* Each market is in once at most, so what keeping it on its day saves is the slot's own. */
static void fill_worth(table *t)
{
    const tour_problem *p = t->p;
    for (size_t i = 0; i < p->nslots; i++) {
        const tour_slot *s = &p->slots[i];
        t->worth[i] = s->state == SLOT_BLOCKED ? NOTHING : tour_worth(p, s);
        for (size_t k = 0; k < p->nkeep && !s->appearance && t->worth[i] != NOTHING; k++)
            if (p->keep[k].market == s->market)
                t->worth[i] +=
                    p->keep[k].day == s->day ? p->prices.change : p->prices.change - p->prices.change / 2;
    }
    for (size_t k = 0; k < p->npins; k++) {
        int32_t bit = t->bit[p->pins[k].market];
        t->must |= bit == TOUR_NONE ? 1u << 31 : 1u << bit; /* bit 31 is never visited: no plan */
        for (size_t i = 0; i < p->nslots; i++)
            if (p->slots[i].market == p->pins[k].market && !p->slots[i].appearance &&
                !tour_pin_met(&p->pins[k], &p->slots[i]))
                t->worth[i] = NOTHING;
    }
}

static int64_t leg_worth(const table *t, int32_t a, int32_t b, int64_t nights, int64_t idle, int64_t late)
{
    const tour_prices *m = &t->p->prices;
    tour_leg leg = tour_between(t->p, a, b);
    int64_t x = -(leg.metres * m->per_km / 1000 + leg.minutes * m->per_hour / 60 + nights * m->per_night +
                  idle * m->per_idle);
    if (late > m->late_after)
        x -= m->late_per_hour * (late - m->late_after) / 60;
    return x + (t->p->markets[a].rest || t->p->markets[b].rest ? m->rest_bonus * idle : 0);
}

static int64_t days_out(const table *t, int32_t minutes)
{
    const tour_limits *l = &t->p->limits;
    return l->drive_show_day && minutes > l->drive_show_day
               ? 1 + (minutes - l->drive_show_day + l->drive_free_day - 1) / l->drive_free_day
               : 1;
}

static int64_t on_first_day(const table *t, int64_t minutes, int64_t days)
{
    int64_t each = t->p->limits.drive_free_day;
    return days > 1 && minutes > each ? each : minutes;
}

/* ---- the programme ---- */

static void offer(table *t, size_t state, int64_t worth, int32_t slot, size_t parent)
{
    if (t->slot[state] != TOUR_NONE && worth <= t->best[state])
        return;
    t->best[state] = worth;
    t->slot[state] = slot;
    t->parent[state] = parent;
}

static bool no_anchor_between(const table *t, int from, int until)
{
    for (int d = from; d < until; d++)
        if (t->anchor[d] != TOUR_NONE)
            return false;
    return true;
}

static void begin_with(table *t, int32_t slot)
{
    const tour_problem *p = t->p;
    const tour_slot *s = &p->slots[slot];
    int64_t worth = t->worth[slot];
    if (!no_anchor_between(t, 0, s->day))
        return;
    if (p->start != TOUR_NONE) {
        int64_t days = days_out(t, tour_between(p, p->start, s->market).minutes);
        if (days > s->day + 1)
            return;
        worth += leg_worth(t, p->start, s->market, days - 1, days - 1, 0);
    }
    uint32_t mask = s->appearance ? 0 : 1u << t->bit[s->market];
    offer(t, state_of(t, s->day, s->market, s->appearance ? 0 : 1, mask), worth, slot, SIZE_MAX);
}

static void go_on_to(table *t, size_t state, size_t run, uint32_t mask, int32_t slot)
{
    const tour_problem *p = t->p;
    const tour_slot *s = &p->slots[slot], *last = &p->slots[t->slot[state]];
    int64_t gap = s->day - last->day;
    tour_leg leg = tour_between(p, last->market, s->market);
    const tour_limits *l = &p->limits;
    if (!no_anchor_between(t, last->day + 1, s->day) ||
        (l->drive_show_day && leg.minutes > l->drive_show_day + (gap - 1) * l->drive_free_day))
        return;
    int64_t worth = t->best[state] + t->worth[slot];
    size_t next_run = 0;
    if (!s->appearance) {
        int32_t bit = t->bit[s->market];
        next_run = gap == 1 ? run + 1 : 1;
        if ((mask >> bit & 1) || (t->forbid[bit] & mask) || next_run >= t->runs)
            return;
        worth -= p->prices.warn_cost * __builtin_popcount(t->warn[bit] & mask);
        mask |= 1u << bit;
    }
    worth += leg_worth(t, last->market, s->market, gap, gap - 1,
                       last->appearance ? 0 : on_first_day(t, leg.minutes, gap));
    offer(t, state_of(t, s->day, s->market, next_run, mask), worth, slot, state);
}

static void finish(table *t, size_t state, uint32_t mask)
{
    const tour_problem *p = t->p;
    const tour_limits *l = &p->limits;
    const tour_slot *last = &p->slots[t->slot[state]];
    int64_t worth = t->best[state] - p->prices.change * (int64_t)p->nkeep;
    int shows = __builtin_popcount(mask);
    if ((mask & t->must) != t->must || shows < l->shows_min || (l->shows_max && shows > l->shows_max) ||
        !no_anchor_between(t, last->day + 1, p->days))
        return;
    if (p->end != TOUR_NONE) {
        int64_t minutes = tour_between(p, last->market, p->end).minutes, days = days_out(t, (int32_t)minutes);
        if (last->day + days > p->days)
            return;
        worth += leg_worth(t, last->market, p->end, days, days - 1,
                           last->appearance ? 0 : on_first_day(t, minutes, days));
    }
    if (!t->found || worth > t->total) {
        t->found = true;
        t->total = worth;
        t->end = state;
    }
}

static void leave_from(table *t, int16_t day, int32_t market, size_t run, uint32_t mask)
{
    size_t state = state_of(t, day, market, run, mask);
    if (t->slot[state] == TOUR_NONE)
        return;
    finish(t, state, mask);
    for (size_t i = 0; i < t->p->nslots; i++)
        if (t->worth[i] != NOTHING && t->p->slots[i].day > day)
            go_on_to(t, state, run, mask, (int32_t)i);
}

static void run_table(table *t)
{
    const tour_problem *p = t->p;
    for (size_t i = 0; i < p->nslots; i++)
        if (t->worth[i] != NOTHING && !p->slots[i].appearance && t->anchor[p->slots[i].day] != TOUR_NONE)
            t->worth[i] = NOTHING; /* the day is the appearance's */
    if (t->must == 0 && p->limits.shows_min == 0 && no_anchor_between(t, 0, p->days)) {
        t->found = true;
        t->total = -p->prices.change * (int64_t)p->nkeep;
    }
    for (size_t i = 0; i < p->nslots; i++)
        if (t->worth[i] != NOTHING)
            begin_with(t, (int32_t)i);
    for (int16_t day = 0; day < p->days; day++)
        for (int32_t market = 0; (size_t)market < p->nmarkets; market++)
            for (size_t run = 0; run < t->runs; run++)
                for (uint32_t mask = 0; mask < t->masks; mask++)
                    leave_from(t, day, market, run, mask);
}

static void hand_out(const table *t, tour_plan *ret)
{
    *ret = (tour_plan){.total = t->total, .complete = true};
    for (size_t s = t->end; s != SIZE_MAX; s = t->parent[s])
        ret->n++;
    ret->stops = MEM_ARRAY(int32_t, ret->n + 1);
    size_t i = ret->n;
    for (size_t s = t->end; s != SIZE_MAX; s = t->parent[s])
        ret->stops[--i] = t->slot[s];
}

bool tour_exact(const tour_problem *p, tour_plan *ret, err *e)
{
    table *t = MEM_NEW(table);
    t->p = p;
    t->end = SIZE_MAX;
    t->bit = MEM_ARRAY(int32_t, p->nmarkets + 1);
    t->venue = MEM_ARRAY(int32_t, BITS_MOST);
    for (int d = 0; d < TOUR_DAYS_MOST; d++)
        t->anchor[d] = TOUR_NONE;
    bool ok = of_that_kind(t, e);
    if (ok) {
        size_t states = state_of(t, p->days, 0, 0, 0) + 1;
        t->worth = MEM_ARRAY(int64_t, p->nslots + 1);
        t->best = MEM_ARRAY(int64_t, states);
        t->slot = MEM_ARRAY(int32_t, states);
        t->parent = MEM_ARRAY(size_t, states);
        memset(t->slot, 0xff, states * sizeof *t->slot); /* TOUR_NONE */
        fill_worth(t);
        run_table(t);
        ok = t->found || err_set(e, ERR_MISSING, "no plan keeps every rule");
        if (ok)
            hand_out(t, ret);
    }
    free(t->bit);
    free(t->venue);
    free(t->worth);
    free(t->best);
    free(t->slot);
    free(t->parent);
    free(t);
    return ok;
}
