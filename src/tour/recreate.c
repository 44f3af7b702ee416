/* recreate: fills open days. For each open day the best show is kept beside what it would gain; the best day is filled, and
 * the days in the gap that this divided are looked at anew. Others are looked at again only when their turn comes and what
 * was best no longer is: a show elsewhere seldom changes them.
 *
 * Candidates of a day are the neighbours of the stops before and after it, the markets worth most on that day, those just taken
 * out, and those that a missing pin asks for. */
#include "tour/private.h"
#include "tour/solver.h"

typedef enum { FORWARD, BACKWARD, ANY_ORDER } order;

enum { BEAM_OF_32 = 14 }; /* how many of 32 rounds fill whole gaps */

typedef struct candidate {
    uint32_t choice;
    int64_t gain, score; /* score: with noise and what must be in */
} candidate;

typedef struct filling {
    solver *v;
    rng *r;
    int32_t noise;
    int64_t bold;  /* a show may cost so much at first: a far place pays with the second show there */
    int64_t slack; /* the most that a stop on the day looked at can save beside its worth */
    bool
        beside; /* it has stops before and after it, and a show gains no more than its worth and `base` less its two roads */
    int32_t from, to;
    int64_t base, reach_in, reach_out;
    candidate best[TOUR_DAYS_MOST];
    bool known[TOUR_DAYS_MOST];
} filling;

static const int64_t must = INT64_C(1) << 55; /* above any gain */

/* ---- one day ---- */

static int64_t wanted(const solver *v, uint32_t choice)
{
    const tour_state *s = v->s;
    int64_t score = s->shows < s->p->limits.shows_min ? must : 0;
    return s->pins_missing ? score + 2 * must * state_pins(s, choice) : score;
}

/* The leg past it, which may be dear (far, late in the day after a show), idle days near a place for them, a kept show. */
int64_t solver_slack(const solver *v, int i, int j)
{
    const tour_prices *m = &v->p->prices;
    const tour_state *s = v->s;
    int64_t past = s->stops ? s->leg[j].money : 0;
    return (past > 0 ? past : 0) + m->rest_bonus * (j - i) + (v->p->nkeep ? 2 * m->change : 0);
}

bool solver_venue(solver *v, int32_t market, int day, int64_t least, uint32_t *ret_choice, int64_t *ret_gain)
{
    const tour_index *x = v->s->x;
    size_t row = (size_t)market * x->days + (size_t)day;
    uint32_t from = x->first[row], until = x->first[row + 1];
    bool found = false;
    /* The first is the best by worth; another can only be better where pairs count, or when the first is refused. */
    for (uint32_t c = from; c < until && c < from + 6; c++) {
        int64_t gain;
        if (!state_try(v->s, c, least, &gain))
            continue;
        *ret_choice = c;
        *ret_gain = least = gain;
        found = true;
        if (!v->s->lapped[market] && !v->s->market_shows[market] && !v->s->near_clause[x->choices[c].venue])
            break;
    }
    return found;
}

static bool market_free(const tour_state *s, int32_t market)
{
    int32_t times = s->p->limits.market_times;
    return times == 0 || s->market_shows[market] < times;
}

/* A show far from all others can break the rules of driving until stops on the way make it right. */
static bool try_leniently(tour_state *s, uint32_t choice, int64_t *ret_gain)
{
    s->lenient = true;
    bool can = state_try(s, choice, SOLVER_WORST, ret_gain);
    s->lenient = false;
    return can;
}

/* Every venue of a market that a pin asks for: not only the best by worth meets it. */
static void consider_pinned(filling *f, int32_t market, int day, candidate *best)
{
    const tour_index *x = f->v->s->x;
    size_t row = (size_t)market * x->days + (size_t)day;
    for (uint32_t c = x->first[row]; c < x->first[row + 1]; c++) {
        int64_t gain, extra = wanted(f->v, c);
        if (!extra)
            continue;
        if (!state_try(f->v->s, c, SOLVER_WORST, &gain)) {
            if (!try_leniently(f->v->s, c, &gain))
                continue;
            extra -= must;
        }
        if (gain + extra > best->score)
            *best = (candidate){c, gain, gain + extra};
    }
}

/* Two looks at the roads spare most of the trials. */
static bool in_reach(const filling *f, int32_t market, int64_t top, int64_t least)
{
    tour_state *s = f->v->s;
    const tour_way *in = state_way(s, f->from, market);
    int64_t most = top + f->base - in->road;
    if (in->minutes > f->reach_in || most <= least)
        return false;
    const tour_way *out = state_way(s, f->to, market);
    return out->minutes <= f->reach_out && most - out->road > least;
}

static void consider(filling *f, int32_t market, int day, candidate *best)
{
    solver *v = f->v;
    const tour_index *x = v->s->x;
    if (v->seen[market] == v->stamp)
        return;
    v->seen[market] = v->stamp;
    int64_t top = x->top[(size_t)market * x->days + (size_t)day];
    if (top == TOUR_WORST || !market_free(v->s, market))
        return;
    if (v->s->pins_missing && v->s->pinned[market])
        consider_pinned(f, market, day, best);
    bool short_of = v->s->shows < v->p->limits.shows_min;
    if (!short_of && top + f->slack <= best->score)
        return;
    if (f->beside && !in_reach(f, market, top, best->score))
        return;
    int64_t least = short_of ? SOLVER_WORST : best->score, gain;
    uint32_t choice;
    if (!solver_venue(v, market, day, least, &choice, &gain))
        return;
    int64_t score = gain + (short_of ? must : 0);
    if (f->noise)
        score -= (gain < 0 ? -gain : gain) / 4096 * search_below(f->r, (uint32_t)f->noise + 1) * 4096 /
                 SEARCH_WHOLE;
    for (size_t k = 0; k < v->nothers; k++)
        score -= v->other[k][day] == market ? v->s->x->typical / 2 : 0;
    if (score > best->score)
        *best = (candidate){choice, gain, score};
}

static void consider_near(filling *f, int32_t market, int day, candidate *best)
{
    const tour_index *x = f->v->s->x;
    if (market < 0)
        return;
    consider(f, market, day, best);
    for (uint32_t i = x->near_first[market]; i < x->near_first[market + 1]; i++)
        consider(f, x->near[i], day, best);
}

static void look_beside(filling *f, int i, int day, int j)
{
    const tour_state *s = f->v->s;
    const tour_prices *m = &s->p->prices;
    f->beside =
        i >= 0 && j < s->days && s->shows >= s->p->limits.shows_min && !s->sequence_bad && !s->p->nkeep;
    if (!f->beside)
        return;
    f->from = s->x->choices[s->at[i]].market;
    f->to = s->x->choices[s->at[j]].market;
    f->reach_in = state_reach(s, day - i);
    f->reach_out = state_reach(s, j - day);
    f->base = s->leg[j].money - (j - i) * m->per_night - (j - i - 2) * m->per_idle + (j - i) * m->rest_bonus;
}

static void look(filling *f, int day)
{
    solver *v = f->v;
    tour_state *s = v->s;
    candidate best = {NO_CHOICE, 0, -f->bold};
    int i = state_before(s, day), j = state_after(s, day);
    f->slack = solver_slack(v, i, j);
    look_beside(f, i, day, j);
    v->stamp++;
    for (size_t k = 0; k < v->nbag; k++)
        consider(f, v->bag[k], day, &best);
    if (s->pins_missing)
        for (size_t k = 0; k < v->p->npins; k++)
            consider(f, v->p->pins[k].market, day, &best);
    const int32_t *row = s->x->best + (size_t)day * s->x->nbest;
    size_t most = i < 0 || j >= s->days || j - i > 4 ? s->x->nbest : s->x->nbest / 4 + 1;
    for (size_t k = 0; k < most && k < s->x->nbest && row[k] >= 0; k++)
        consider(f, row[k], day, &best);
    consider_near(f, i < 0 ? v->p->start : s->x->choices[s->at[i]].market, day, &best);
    consider_near(f, j >= s->days ? v->p->end : s->x->choices[s->at[j]].market, day, &best);
    f->best[day] = best;
    f->known[day] = true;
}

/* ---- all of them ---- */

static bool is_open(const solver *v, int day)
{
    return v->open[day >> 6] >> (day & 63) & 1 && v->s->at[day] == NO_CHOICE;
}

/* Puts the day's best show in, if it still is what it was. */
static bool fill(filling *f, int day)
{
    candidate *c = &f->best[day];
    int64_t gain;
    if (c->choice == NO_CHOICE)
        return false;
    bool forced = wanted(f->v, c->choice) > 0;
    if (state_pins(f->v->s, c->choice) && try_leniently(f->v->s, c->choice, &gain)) {
        state_put(f->v->s, c->choice);
        return true;
    }
    if (state_try(f->v->s, c->choice, forced ? SOLVER_WORST : -f->bold, &gain) &&
        (forced || gain >= c->gain)) {
        state_put(f->v->s, c->choice);
        return true;
    }
    return false;
}

static void look_around(filling *f, int day)
{
    tour_state *s = f->v->s;
    int i = state_before(s, day), j = state_after(s, day);
    for (int d = i + 1; d < j; d++)
        f->known[d] = false;
}

static void by_score(filling *f)
{
    const tour_state *s = f->v->s;
    for (;;) {
        int best = -1;
        for (int d = 0; d < s->days; d++) {
            if (!is_open(f->v, d))
                continue;
            if (!f->known[d])
                look(f, d);
            if (f->best[d].choice != NO_CHOICE && (best < 0 || f->best[d].score > f->best[best].score))
                best = d;
        }
        if (best < 0)
            return;
        if (fill(f, best)) {
            look_around(f, best);
            continue;
        }
        uint32_t refused = f->best[best].choice;
        look(f, best); /* what was best is gone: the day's next best, whose turn may come later */
        if (f->best[best].choice == refused) /* it would be refused for ever */
            f->best[best].choice = NO_CHOICE;
    }
}

static void in_turn(filling *f, order how)
{
    const tour_state *s = f->v->s;
    int16_t days[TOUR_DAYS_MOST];
    int n = 0;
    for (int d = 0; d < s->days; d++)
        if (is_open(f->v, d))
            days[n++] = (int16_t)d;
    for (int k = 0; how == ANY_ORDER && k < n; k++) {
        int o = k + (int)search_below(f->r, (uint32_t)(n - k));
        int16_t t = days[k];
        days[k] = days[o];
        days[o] = t;
    }
    for (int k = 0; k < n; k++) {
        int day = days[how == BACKWARD ? n - 1 - k : k];
        look(f, day);
        fill(f, day);
    }
}

void solver_fill(solver *v, rng *r)
{
    filling f = {.v = v, .r = r};
    by_score(&f);
    solver_close_all(v);
}

/* Some open days are passed over: a day left idle may be what the shows around it need. */
static void blink(solver *v, rng *r)
{
    for (int d = 0; d < v->s->days; d++)
        if (search_below(r, 4) == 0)
            v->open[d >> 6] &= ~(UINT64_C(1) << (d & 63));
}

/* Whole gaps at once, where there is more than a day to fill. */
static void by_gap(filling *f)
{
    solver *v = f->v;
    tour_state *s = v->s;
    int width = 4 + (int)search_below(f->r, 3) * 8;
    for (int i = -1, j; i < s->days; i = j) {
        j = state_after(s, i);
        bool open = false;
        for (int d = i + 1; d < j; d++)
            open |= is_open(v, d);
        if (open && j - i > 2)
            beam_fill(v, v->beam, i, j, width, f->noise, f->r);
    }
}

void solver_recreate(void *ctx, int32_t noise, rng *r)
{
    filling f = {.v = ctx, .r = r, .noise = noise};
    const tour_state *s = f.v->s;
    bool missing = s->pins_missing || s->shows < f.v->p->limits.shows_min;
    uint32_t roll = search_below(r, 32);
    if (noise && search_below(r, 8) == 0)
        f.bold = s->x->typical / 4 * (1 + search_below(r, 8));
    if (noise && search_below(r, 8) == 0)
        f.noise = noise * 4 < SEARCH_WHOLE ? noise * 4 : SEARCH_WHOLE;
    if (noise && search_below(r, 6) == 0)
        blink(f.v, r);
    if (roll < BEAM_OF_32 && !missing)
        by_gap(&f);
    else if (roll >= 26)
        in_turn(&f, roll < 28 ? FORWARD : roll < 30 ? BACKWARD : ANY_ORDER);
    missing = s->pins_missing || s->shows < f.v->p->limits.shows_min;
    if (missing || roll < 4 || (roll >= BEAM_OF_32 && roll < 26)) {
        for (int d = 0; d < s->days; d++)
            f.known[d] = false;
        by_score(&f);
    }
    solver_close_all(f.v);
}
