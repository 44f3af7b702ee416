/* ruin: takes a part of the plan out, in one of several ways that belong together: neighbours in time, on the map, by what they
 * bring; or lays a stretch of days out differently (turned round, shifted, two shows exchanged), which keeps what still fits.
 * Every emptied day and the idle days beside it are open for what comes next. */
#include "tour/private.h"
#include "tour/solver.h"
#include <string.h>

void solver_open(solver *v, int day)
{
    v->open[day >> 6] |= UINT64_C(1) << (day & 63);
}

void solver_close_all(solver *v)
{
    memset(v->open, 0, sizeof v->open);
    v->nbag = 0;
}

void solver_take_out(solver *v, int day)
{
    if (v->nbag < SOLVER_BAG_MOST)
        v->bag[v->nbag++] = v->s->x->choices[v->s->at[day]].market;
    state_drop(v->s, day);
    solver_open(v, day);
}

/* ---- what there is ---- */

typedef struct shows { /* days with a show, in order */
    int16_t day[TOUR_DAYS_MOST];
    int n;
} shows;

static void list_shows(const tour_state *s, shows *ret)
{
    ret->n = 0;
    for (int d = state_after(s, -1); d < s->days; d = state_after(s, d))
        if (!state_fixed(s, d))
            ret->day[ret->n++] = (int16_t)d;
}

/* How many to take out: few most of the time, at most a dozen and a part of a long plan. */
static int how_many(const shows *all, int32_t strength)
{
    if (all->n <= 12 && strength % 16 == 0) /* of a short plan sometimes all */
        return all->n;
    int most = all->n < 12 ? all->n : 12;
    int64_t part = (int64_t)strength * strength / SEARCH_WHOLE;
    int k = 1 + (int)(part * most / SEARCH_WHOLE);
    return k < all->n ? k : all->n;
}

static const tour_choice *show_on(const tour_state *s, int day)
{
    return &s->x->choices[s->at[day]];
}

/* ---- kinds that only take out ---- */

static void ruin_string(solver *v, const shows *all, int32_t strength, rng *r)
{
    int k = how_many(all, strength), from = (int)search_below(r, (uint32_t)(all->n - k + 1));
    for (int i = from; i < from + k; i++)
        solver_take_out(v, all->day[i]);
}

/* A stretch of days with one or two shows left standing. */
static void ruin_holes(solver *v, const shows *all, int32_t strength, rng *r)
{
    int k = how_many(all, strength) + 2;
    k = k < all->n ? k : all->n;
    int from = (int)search_below(r, (uint32_t)(all->n - k + 1));
    for (int i = from; i < from + k; i++)
        if (search_below(r, 4) != 0)
            solver_take_out(v, all->day[i]);
}

static void ruin_random(solver *v, const shows *all, int32_t strength, rng *r)
{
    shows left = *all;
    for (int k = how_many(all, strength); k > 0; k--) {
        int at = (int)search_below(r, (uint32_t)left.n);
        solver_take_out(v, left.day[at]);
        left.day[at] = left.day[--left.n];
    }
}

/* The k shows with the smallest keys, with some chance that one is passed over. */
static void take_least(solver *v, const shows *all, const int64_t *key, int k, rng *r)
{
    bool gone[TOUR_DAYS_MOST] = {false};
    for (; k > 0; k--) {
        int best = -1;
        for (int i = 0; i < all->n; i++)
            if (!gone[i] && (best < 0 || key[i] < key[best]))
                best = i;
        if (best < 0)
            return;
        gone[best] = true;
        if (search_below(r, 8) != 0)
            solver_take_out(v, all->day[best]);
    }
}

/* Shows around a place of the map: a show's own, or any market that is worth something. */
static void ruin_radial(solver *v, const shows *all, int32_t strength, rng *r)
{
    tour_state *s = v->s;
    int64_t key[TOUR_DAYS_MOST];
    int32_t centre = show_on(s, all->day[search_below(r, (uint32_t)all->n)])->market;
    if (search_below(r, 3) == 0) {
        const int32_t *row = s->x->best + (size_t)search_below(r, (uint32_t)s->days) * s->x->nbest;
        int32_t other = row[search_below(r, (uint32_t)s->x->nbest)];
        centre = other >= 0 ? other : centre;
        if (v->nbag < SOLVER_BAG_MOST)
            v->bag[v->nbag++] = centre;
    }
    for (int i = 0; i < all->n; i++)
        key[i] = state_way(s, centre, show_on(s, all->day[i])->market)->minutes;
    take_least(v, all, key, how_many(all, strength), r);
}

/* Shows that bring least: what the plan loses without each, by trial. */
static void ruin_weak(solver *v, const shows *all, int32_t strength, rng *r)
{
    int64_t key[TOUR_DAYS_MOST];
    for (int i = 0; i < all->n; i++) {
        uint32_t choice = v->s->at[all->day[i]];
        int64_t with = solver_score(v);
        state_drop(v->s, all->day[i]);
        key[i] = with - solver_score(v);
        state_put(v->s, choice);
        key[i] = key[i] / 1024 * (512 + search_below(r, 1024));
    }
    take_least(v, all, key, how_many(all, strength), r);
}

/* A day to put the market in: of some on which it can be had, that whose neighbours in the plan are nearest to it. */
static int day_near(solver *v, int32_t market, rng *r)
{
    tour_state *s = v->s;
    const int64_t *top = s->x->top + (size_t)market * s->x->days;
    int best = (int)search_below(r, (uint32_t)s->days);
    int64_t least = INT64_MAX;
    for (int k = 0; k < 16; k++) {
        int d = (int)search_below(r, (uint32_t)s->days), i = state_before(s, d), j = state_after(s, d);
        int32_t from = i < 0 ? v->p->start : show_on(s, i)->market,
                to = j >= s->days ? v->p->end : show_on(s, j)->market;
        if (top[d] == TOUR_WORST)
            continue;
        int64_t minutes = from < 0 ? 0 : state_way(s, market, from)->minutes;
        minutes += to < 0 ? 0 : state_way(s, market, to)->minutes;
        if (minutes < least) {
            least = minutes;
            best = d;
        }
    }
    return best;
}

/* Makes room for a market that is not in (one a pin misses, if there is one): a day of it, and the shows that keep it out. */
static void ruin_for(solver *v, const shows *all, int32_t strength, rng *r)
{
    tour_state *s = v->s;
    const tour_index *x = s->x;
    int day = (int)search_below(r, (uint32_t)s->days);
    int32_t market = x->best[(size_t)day * x->nbest + search_below(r, (uint32_t)x->nbest)];
    if (s->pins_missing) {
        size_t k = search_below(r, (uint32_t)v->p->npins);
        while (s->pin_met[k])
            k = (k + 1) % v->p->npins;
        market = v->p->pins[k].market;
        day = v->p->pins[k].day >= 0 ? v->p->pins[k].day : day_near(v, market, r);
    }
    if (market < 0)
        return;
    if (v->nbag < SOLVER_BAG_MOST)
        v->bag[v->nbag++] = market;
    int width = 1 + (int)((int64_t)strength * (s->pins_missing ? 6 : 4) / SEARCH_WHOLE);
    for (int i = 0; i < all->n; i++) {
        int d = all->day[i], apart = d < day ? day - d : d - day;
        const tour_choice *c = show_on(s, d);
        bool touches = c->market == market;
        for (uint32_t k = x->lap_first[market]; k < x->lap_first[market + 1] && !touches; k++)
            touches = x->laps[k].market == c->market;
        if (touches || apart <= width)
            solver_take_out(v, d);
    }
    solver_open(v, day);
    for (int d = day - 2; d <= day + 2; d++)
        if (d >= 0 && d < s->days)
            solver_open(v, d);
}

/* ---- kinds that lay out anew ---- */

/* Puts a market's show on another day, if any venue of it can be had there. */
static void lay_out(solver *v, int32_t market, int day)
{
    uint32_t choice;
    int64_t gain;
    if (day < 0 || day >= v->s->days || v->s->at[day] != NO_CHOICE)
        return;
    if (solver_venue(v, market, day, SOLVER_WORST, &choice, &gain))
        state_put(v->s, choice);
}

/* The stretch of shows first..last by number, each to day `to[i]`. */
static void move_stretch(solver *v, const shows *all, int first, int last, const int16_t *to)
{
    int32_t market[TOUR_DAYS_MOST];
    for (int i = first; i <= last; i++) {
        market[i - first] = show_on(v->s, all->day[i])->market;
        solver_take_out(v, all->day[i]);
    }
    for (int i = first; i <= last; i++)
        lay_out(v, market[i - first], to[i - first]);
}

static void ruin_turn(solver *v, const shows *all, int32_t strength, rng *r)
{
    int16_t to[TOUR_DAYS_MOST];
    int k = how_many(all, strength) + 1;
    k = k < all->n ? k : all->n;
    int from = (int)search_below(r, (uint32_t)(all->n - k + 1)), last = from + k - 1;
    for (int i = from; i <= last; i++)
        to[i - from] = (int16_t)(all->day[from] + all->day[last] - all->day[i]);
    move_stretch(v, all, from, last, to);
}

/* A stretch goes a day or two earlier or later; what stands there gives way. */
static void ruin_shift(solver *v, const shows *all, int32_t strength, rng *r)
{
    int16_t to[TOUR_DAYS_MOST];
    int k = how_many(all, strength), from = (int)search_below(r, (uint32_t)(all->n - k + 1)),
        last = from + k - 1;
    int by = 1 + (int)search_below(r, 2);
    by = search_below(r, 2) ? by : -by;
    for (int i = from; i <= last; i++)
        to[i - from] = (int16_t)(all->day[i] + by);
    for (int i = 0; i < all->n; i++)
        if ((i < from || i > last) && all->day[i] >= to[0] && all->day[i] <= to[k - 1])
            solver_take_out(v, all->day[i]);
    move_stretch(v, all, from, last, to);
}

/* The days of a stretch rotate: its first shows go behind its last. */
static void ruin_rotate(solver *v, const shows *all, int32_t strength, rng *r)
{
    int16_t to[TOUR_DAYS_MOST];
    int k = how_many(all, strength) + 1;
    k = k < all->n ? k : all->n;
    int from = (int)search_below(r, (uint32_t)(all->n - k + 1)), last = from + k - 1;
    int by = k > 1 ? 1 + (int)search_below(r, (uint32_t)(k - 1)) : 0;
    for (int i = from; i <= last; i++)
        to[i - from] = all->day[from + (i - from + by) % k];
    move_stretch(v, all, from, last, to);
}

/* Two shows exchange their days. */
static void ruin_swap(solver *v, const shows *all, int32_t strength, rng *r)
{
    (void)strength;
    int i = (int)search_below(r, (uint32_t)all->n), far = (int)search_below(r, 8) + 1;
    int j = search_below(r, 3) ? i + far : (int)search_below(r, (uint32_t)all->n);
    if (j >= all->n || i == j)
        j = i > 0 ? i - 1 : i;
    int32_t a = show_on(v->s, all->day[i])->market, b = show_on(v->s, all->day[j])->market;
    solver_take_out(v, all->day[i]);
    if (i != j)
        solver_take_out(v, all->day[j]);
    lay_out(v, a, all->day[j]);
    lay_out(v, b, all->day[i]);
}

/* ---- all ---- */

static void (*const kinds[])(solver *v, const shows *all, int32_t strength, rng *r) = {
    ruin_string, ruin_holes, ruin_random, ruin_radial, ruin_weak,
    ruin_for,    ruin_turn,  ruin_shift,  ruin_rotate, ruin_swap,
};
_Static_assert(sizeof kinds / sizeof *kinds == RUIN_KINDS, "a kind of ruin is missing");

/* Idle days beside an open one are open too; and a few others, since what was taken out may now fit there. */
static void widen(solver *v, rng *r)
{
    const tour_state *s = v->s;
    uint64_t open[SOLVER_DAY_WORDS];
    memcpy(open, v->open, sizeof open);
    for (int d = 0; d < s->days; d++) {
        if (!(open[d >> 6] >> (d & 63) & 1))
            continue;
        for (int e = d - 1; e >= 0 && e > d - 4 && s->at[e] == NO_CHOICE; e--)
            solver_open(v, e);
        for (int e = d + 1; e < s->days && e < d + 4 && s->at[e] == NO_CHOICE; e++)
            solver_open(v, e);
    }
    bool all = search_below(r, 8) == 0;
    for (int d = 0; d < s->days; d++)
        if (s->at[d] == NO_CHOICE && (all || search_below(r, 16) == 0))
            solver_open(v, d);
}

void solver_ruin(void *ctx, size_t kind, int32_t strength, rng *r)
{
    solver *v = ctx;
    shows all;
    list_shows(v->s, &all);
    if (v->s->pins_missing && search_below(r, 2))
        ruin_for(v, &all, strength, r);
    else if (all.n > 0)
        kinds[kind](v, &all, strength, r);
    widen(v, r);
}
