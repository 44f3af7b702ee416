/* beam: fills one gap of the plan as a whole. Greedy insertion decides show by show and cannot see that a far place pays with
 * three shows, or that a row of shows fits only when it begins a day earlier; here partial rows of shows grow from the gap's first
 * day to its last, the best few for each day staying (a beam search, which is the dynamic programme over day and market cut
 * to a width; labels know the markets they used, their run, and the last six days).
 *
 * What stays is judged by what it has and by the most that may follow it: a dynamic programme from the gap's end backwards says
 * that, which lets a market come twice; prices on those that do, raised a few times, make it dear (a Lagrangean heuristic), and a
 * partial row pays the prices of what it plays, so that early and late use of a market compare.
 *
 * What a row is worth is exact but for clauses between two shows of the row that lie far apart; whether it keeps the
 * rules of the windows that reach beyond the gap is decided when it is put in, by state_try. */
#include "base/mem.h"
#include "tour/private.h"
#include "tour/solver.h"
#include <string.h>

enum {
    POOL_MOST = 128,
    DAY_MOST = 32,
    WIDTH_MOST = 32,
    GAP_MOST = 32,
    STEP_MOST = 4,
    PRICE_ROUNDS = 3,
    WORDS = (POOL_MOST + 63) / 64
};

typedef struct option { /* a market on a day */
    int64_t value, rank;
    uint32_t choice;
    int16_t pool;
} option;

typedef struct arc { /* between two of the pool */
    int64_t road;
    int32_t minutes;
    uint32_t stamp; /* the gap that it was worked out for */
} arc;

typedef struct label {
    int64_t value, paid, rank;  /* value less what was paid in prices, and the most that may follow */
    int16_t parent, parent_day; /* parent's place in its day; -1: the gap's beginning */
    int16_t option, run;
    solver_week week; /* up to this day */
    uint64_t used[WORDS];
} label;

struct beam {
    int32_t pool[POOL_MOST];
    int npool;
    option options[GAP_MOST][DAY_MOST];
    int noptions[GAP_MOST];
    label labels[GAP_MOST][WIDTH_MOST];
    int nlabels[GAP_MOST];
    arc arcs[POOL_MOST][POOL_MOST];
    uint64_t lapped[POOL_MOST][WORDS]; /* who shares fans with whom */
    uint32_t stamp;
    int64_t price[POOL_MOST];
    int64_t on[GAP_MOST][DAY_MOST];  /* the best that may follow an option, its end leg included */
    int64_t net[GAP_MOST][DAY_MOST]; /* and with itself */
    int16_t next_day[GAP_MOST][DAY_MOST], next_option[GAP_MOST][DAY_MOST];
};

typedef struct gap { /* days first .. first + n - 1 are empty; the stops before and after them */
    solver *v;
    struct beam *b;
    rng *r;
    int i, j, first, n, width;
    int32_t noise;
    int64_t slack;
    int64_t tired; /* what a show day on end takes of the free day that must come */
    const tour_choice *from, *to;
    label root;
} gap;

struct beam *beam_new(void)
{
    return MEM_NEW(struct beam);
}

/* ---- options ---- */

static void pool_add(gap *g, int32_t market)
{
    solver *v = g->v;
    int32_t times = v->p->limits.market_times;
    if (market < 0 || v->seen[market] == v->stamp || g->b->npool == POOL_MOST)
        return;
    v->seen[market] = v->stamp;
    v->pool_at[market] = -1;
    if (times == 0 || v->s->market_shows[market] < times) {
        v->pool_at[market] = (int16_t)g->b->npool;
        g->b->pool[g->b->npool++] = market;
    }
}

static void pool_near(gap *g, int32_t market)
{
    const tour_index *x = g->v->s->x;
    if (market < 0)
        return;
    pool_add(g, market);
    for (uint32_t i = x->near_first[market]; i < x->near_first[market + 1]; i++)
        pool_add(g, x->near[i]);
}

static void pool_make(gap *g)
{
    solver *v = g->v;
    const tour_index *x = v->s->x;
    g->b->npool = 0;
    v->stamp++;
    for (size_t k = 0; k < v->nbag; k++)
        pool_add(g, v->bag[k]);
    for (size_t k = 0; k < 12 && k < x->nbest; k++)
        for (int d = g->first; d < g->first + g->n; d++)
            pool_add(g, x->best[(size_t)d * x->nbest + k]);
    pool_near(g, g->from ? g->from->market : v->p->start);
    pool_near(g, g->to ? g->to->market : v->p->end);
}

static void option_add(struct beam *b, int day, option o)
{
    int n = b->noptions[day], at = n < DAY_MOST ? n : DAY_MOST - 1;
    if (n == DAY_MOST && o.rank <= b->options[day][at].rank)
        return;
    for (; at > 0 && b->options[day][at - 1].rank < o.rank; at--)
        b->options[day][at] = b->options[day][at - 1];
    b->options[day][at] = o;
    b->noptions[day] += n < DAY_MOST;
}

static int64_t way_money(const gap *g, int32_t from, int32_t other)
{
    return from < 0 || other < 0 ? 0 : state_way(g->v->s, from, other)->road;
}

static void option_of(gap *g, int pool, int64_t detour, int day)
{
    const tour_index *x = g->v->s->x;
    int32_t market = g->b->pool[pool];
    size_t row = (size_t)market * x->days + (size_t)day;
    int n = g->b->noptions[day - g->first];
    option o = {.rank = INT64_MIN, .pool = (int16_t)pool};
    for (uint32_t c = x->first[row]; c < x->first[row + 1] && c < x->first[row] + 3; c++) {
        int64_t value;
        if (n == DAY_MOST && x->choices[c].worth - detour <= g->b->options[day - g->first][n - 1].rank &&
            !g->v->p->nkeep)
            break;
        if (!state_alone(g->v->s, c, &value))
            continue;
        if (o.rank == INT64_MIN || value > o.value) {
            o.value = value;
            o.choice = c;
            o.rank = value - detour;
        }
        if (!g->v->s->lapped[market] && !g->v->s->market_shows[market])
            break;
    }
    if (o.rank == INT64_MIN || o.value + g->slack <= 0)
        return;
    if (g->noise && o.value > 0)
        o.value -= o.value / SEARCH_WHOLE * search_below(g->r, (uint32_t)g->noise + 1);
    option_add(g->b, day - g->first, o);
}

static void options_make(gap *g)
{
    int32_t a = g->from ? g->from->market : g->v->p->start, b = g->to ? g->to->market : g->v->p->end;
    for (int d = 0; d < g->n; d++)
        g->b->noptions[d] = 0;
    for (int k = 0; k < g->b->npool; k++) {
        int64_t detour = (way_money(g, a, g->b->pool[k]) + way_money(g, b, g->b->pool[k])) / 2;
        for (int d = g->first; d < g->first + g->n; d++)
            option_of(g, k, detour, d);
    }
}

/* ---- what may follow ---- */

static int64_t end_leg(gap *g, int day, const tour_choice *c)
{
    state_leg leg;
    bool has = state_leg_of(g->v->s, day, c, g->j, g->to, &leg);
    if (has && leg.over > 0)
        return SOLVER_WORST;
    return has ? -leg.money : 0;
}

static void note_laps(gap *g)
{
    struct beam *b = g->b;
    const tour_index *x = g->v->s->x;
    b->stamp++;
    memset(b->lapped, 0, sizeof b->lapped);
    for (int i = 0; i < b->npool; i++)
        for (uint32_t k = x->lap_first[b->pool[i]]; k < x->lap_first[b->pool[i] + 1]; k++) {
            int32_t other = x->laps[k].market;
            if (g->v->seen[other] == g->v->stamp && g->v->pool_at[other] >= 0)
                b->lapped[i][g->v->pool_at[other] >> 6] |= UINT64_C(1) << (g->v->pool_at[other] & 63);
        }
}

static const arc *arc_between(gap *g, int i, int j)
{
    struct beam *b = g->b;
    arc *a = &b->arcs[i][j];
    if (a->stamp != b->stamp) {
        const tour_way *w = state_way(g->v->s, b->pool[i], b->pool[j]);
        *a = (arc){w->road, w->minutes, b->stamp};
    }
    return a;
}

static void look_ahead(gap *g)
{
    struct beam *b = g->b;
    tour_state *s = g->v->s;
    const tour_prices *m = &s->p->prices;
    for (int d = g->n - 1; d >= 0; d--)
        for (int k = 0; k < b->noptions[d]; k++) {
            const option *o = &b->options[d][k];
            const tour_choice *c = &s->x->choices[o->choice];
            int64_t best = end_leg(g, g->first + d, c);
            b->next_day[d][k] = -1;
            for (int step = 1; step <= STEP_MOST && d + step < g->n; step++) {
                int64_t fixed = step * m->per_night + (step - 1) * m->per_idle + (step == 1 ? g->tired : 0);
                int64_t reach = state_reach(s, step);
                for (int q = 0; q < b->noptions[d + step]; q++) {
                    int64_t value = b->net[d + step][q] - fixed;
                    if (value <= best)
                        continue;
                    const option *t = &b->options[d + step][q];
                    if (t->pool == o->pool || b->lapped[o->pool][t->pool >> 6] >> (t->pool & 63) & 1)
                        continue;
                    const arc *a = arc_between(g, o->pool, t->pool);
                    if (a->minutes > reach)
                        continue;
                    value -= a->road;
                    int64_t late = step > 1 && a->minutes > s->p->limits.drive_free_day
                                       ? s->p->limits.drive_free_day
                                       : a->minutes;
                    if (late > m->late_after)
                        value -= m->late_per_hour * (late - m->late_after) / 60;
                    if (value > best) {
                        best = value;
                        b->next_day[d][k] = (int16_t)(d + step);
                        b->next_option[d][k] = (int16_t)q;
                    }
                }
            }
            b->on[d][k] = best;
            b->net[d][k] = best == SOLVER_WORST ? SOLVER_WORST : o->value - b->price[o->pool] + best;
        }
}

/* Prices on what the best relaxed row visits twice. */
static bool price_up(gap *g, int round)
{
    struct beam *b = g->b;
    int64_t best = SOLVER_WORST;
    int day = -1, at = -1, seen[POOL_MOST] = {0};
    for (int d = 0; d < g->n; d++)
        for (int k = 0; k < b->noptions[d]; k++) {
            const option *o = &b->options[d][k];
            state_leg leg;
            if (b->on[d][k] == SOLVER_WORST)
                continue;
            bool has =
                state_leg_of(g->v->s, g->i, g->from, g->first + d, &g->v->s->x->choices[o->choice], &leg);
            if (has && leg.over > 0)
                continue;
            int64_t value = o->value - b->price[o->pool] + b->on[d][k] - (has ? leg.money : 0);
            if (value > best) {
                best = value;
                day = d;
                at = k;
            }
        }
    if (day < 0)
        return false;
    bool twice = false;
    while (day >= 0) {
        int pool = b->options[day][at].pool;
        twice |= ++seen[pool] > 1;
        int next = b->next_day[day][at];
        at = b->next_option[day][at];
        day = next;
    }
    int64_t step = g->v->s->x->typical / (3 + round);
    for (int i = 0; i < b->npool; i++) {
        if (seen[i] > 1)
            b->price[i] += step * (seen[i] - 1);
        else if (seen[i] == 0)
            b->price[i] -= b->price[i] / 2;
    }
    return twice;
}

/* ---- labels ---- */

static const tour_choice *choice_of(const gap *g, int day, const label *l)
{
    if (l == &g->root)
        return g->from;
    return &g->v->s->x->choices[g->b->options[day - g->first][l->option].choice];
}

static const label *parent_of(const gap *g, const label *l)
{
    return l->parent < 0 ? &g->root : &g->b->labels[l->parent_day - g->first][l->parent];
}

bool solver_week_pass(const tour_problem *p, solver_week *w, const state_leg *leg, int from, int day,
                      bool stands, bool show)
{
    const tour_limits *m = &p->limits;
    int32_t minutes = leg ? leg->minutes : 0;
    for (int d = from + 1; d <= day; d++) {
        int32_t now = 0;
        if (leg && d >= leg->first) {
            now = d < leg->last && minutes > m->drive_free_day ? m->drive_free_day : minutes;
            minutes -= now;
        }
        bool stop_there = stands && d == day, show_there = stop_there && show;
        int64_t driven = now;
        int shows = show_there, open = !stop_there && now <= m->free_drive;
        for (int k = 0; k < 6; k++) {
            driven += w->driven[k];
            shows += w->shows >> k & 1;
            open += !(w->stops >> (5 - k) & 1) && w->driven[k] <= m->free_drive;
        }
        if (d >= 6 && d < p->days &&
            ((m->drive_7 && driven > m->drive_7) || (m->shows_7 && shows > m->shows_7) || open < m->free_7))
            return false;
        memmove(w->driven, w->driven + 1, 5 * sizeof *w->driven);
        w->driven[5] = (int16_t)(now > INT16_MAX ? INT16_MAX : now);
        w->shows = (uint8_t)((w->shows << 1 | show_there) & 63);
        w->stops = (uint8_t)((w->stops << 1 | stop_there) & 63);
    }
    return true;
}

bool solver_forbids(const tour_index *x, const tour_choice *a, const tour_choice *b)
{
    int apart = b->day - a->day;
    for (uint32_t i = x->apart_first[a->venue]; i < x->apart_first[a->venue + 1]; i++) {
        const tour_apart *r = &x->apart[i];
        if (r->venue == b->venue && r->forbid && r->low <= apart && apart <= r->high)
            return true;
    }
    return false;
}

/* What the shows of the row share with this one; false when a clause forbids the pair. */
static bool with_row(const gap *g, const label *l, int day, const tour_choice *c, int64_t *value)
{
    const tour_index *x = g->v->s->x;
    const tour_lap *laps = x->laps + x->lap_first[c->market];
    uint32_t nlaps = x->lap_first[c->market + 1] - x->lap_first[c->market];
    if (!nlaps)
        return true;
    for (; l != &g->root; day = l->parent < 0 ? day : l->parent_day, l = parent_of(g, l)) {
        const tour_choice *o = choice_of(g, day, l);
        uint32_t k = 0;
        while (k < nlaps && laps[k].market != o->market)
            k++;
        if (k == nlaps)
            continue;
        if (solver_forbids(x, c, o))
            return false;
        int64_t draw = c->draw < o->draw ? c->draw : o->draw;
        *value -= draw * laps[k].share / 10000 * g->v->p->fade[c->day - o->day] / 10000;
    }
    return true;
}

static void label_add(gap *g, int day, const label *l)
{
    struct beam *b = g->b;
    label *row = b->labels[day];
    int n = b->nlabels[day], at = 0, twins = 0;
    int16_t pool = b->options[day][l->option].pool;
    while (at < n && row[at].rank >= l->rank) {
        twins += b->options[day][row[at].option].pool == pool;
        at++;
    }
    if (at >= g->width || twins > 2)
        return;
    int end = n < g->width ? n : g->width - 1;
    memmove(row + at + 1, row + at, (size_t)(end - at) * sizeof *row);
    row[at] = *l;
    b->nlabels[day] = end + 1;
}

static void extend_by(gap *g, const label *l, int place, int from, int day, int option_no)
{
    struct beam *b = g->b;
    const option *o = &b->options[day - g->first][option_no];
    const tour_choice *c = &g->v->s->x->choices[o->choice], *a = choice_of(g, from, l);
    state_leg leg;
    if (l->used[o->pool >> 6] >> (o->pool & 63) & 1)
        return;
    if (l != &g->root) {
        const arc *way = arc_between(g, b->options[from - g->first][l->option].pool, o->pool);
        if (way->minutes > state_reach(g->v->s, day - from))
            return;
        const label *row = b->labels[day - g->first];
        int64_t bound = l->value - l->paid + b->net[day - g->first][option_no] - way->road;
        if (b->nlabels[day - g->first] == g->width && bound <= row[g->width - 1].rank)
            return;
    }
    bool has = state_leg_of(g->v->s, from, a, day, c, &leg);
    if (has && leg.over > 0)
        return;
    label next = *l;
    next.value += o->value - (has ? leg.money : 0);
    int64_t on = b->on[day - g->first][option_no];
    if (on == SOLVER_WORST)
        return;
    next.paid += b->price[o->pool] + (day == from + 1 && has ? g->tired : 0);
    next.rank = next.value + on - next.paid;
    if (b->nlabels[day - g->first] == g->width && next.rank <= b->labels[day - g->first][g->width - 1].rank)
        return;
    next.run = (int16_t)(day == from + 1 ? l->run + 1 : 1);
    if (next.run > g->v->p->limits.run_days || !with_row(g, l, from, c, &next.value) ||
        !solver_week_pass(g->v->p, &next.week, has ? &leg : NULL, from, day, true, true))
        return;
    next.rank = next.value + on - next.paid;
    next.parent = (int16_t)place;
    next.parent_day = (int16_t)from;
    next.option = (int16_t)option_no;
    next.used[o->pool >> 6] |= UINT64_C(1) << (o->pool & 63);
    label_add(g, day - g->first, &next);
}

/* From the root (place -1) any day of the gap may be the first; else at most STEP_MOST days on. */
static void extend(gap *g, const label *l, int place, int from)
{
    int last = place < 0 ? g->first + g->n - 1 : from + STEP_MOST;
    for (int day = place < 0 ? g->first : from + 1; day <= last && day < g->first + g->n; day++) {
        struct beam *b = g->b;
        int d = day - g->first;
        for (int k = 0; k < b->noptions[d]; k++)
            extend_by(g, l, place, from, day, k);
    }
}

/* A row's whole value: with the way to the gap's end, and whether the days there allow it. */
static bool row_ends(gap *g, const label *l, int day, int64_t *ret_value)
{
    tour_state *s = g->v->s;
    state_leg leg;
    bool nothing = l == &g->root && !g->from && !g->to;
    bool has = !nothing && state_leg_of(s, day, choice_of(g, day, l), g->j, g->to, &leg);
    if (has && leg.over > 0)
        return false;
    *ret_value = l->value - (has ? leg.money : 0);
    if (!g->to)
        return true;
    int right = 0;
    for (int d = g->j; d < s->days && s->show[d]; d++)
        right++;
    if (day == g->j - 1 && l->run + right > g->v->p->limits.run_days)
        return false;
    label end = *l;
    return solver_week_pass(g->v->p, &end.week, has ? &leg : NULL, day, g->j, true, g->to->show);
}

static void root_make(gap *g)
{
    tour_state *s = g->v->s;
    g->root = (label){.parent = -1, .option = -1};
    for (int d = g->i; d >= 0 && s->show[d]; d--)
        g->root.run++;
    for (int k = 0; k < 6; k++) {
        int d = g->i - k;
        if (d < 0)
            continue;
        g->root.week.driven[5 - k] = (int16_t)(s->driven[d] > INT16_MAX ? INT16_MAX : s->driven[d]);
        g->root.week.shows = (uint8_t)(g->root.week.shows | s->show[d] << k);
        g->root.week.stops = (uint8_t)(g->root.week.stops | (s->at[d] != NO_CHOICE) << k);
    }
}

static void put_row(gap *g, const label *l, int day)
{
    while (l != &g->root) {
        uint32_t choice = g->b->options[day - g->first][l->option].choice;
        int64_t gain;
        if (state_try(g->v->s, choice, SOLVER_WORST, &gain))
            state_put(g->v->s, choice);
        day = l->parent_day;
        l = parent_of(g, l);
    }
}

void beam_fill(solver *v, struct beam *b, int i, int j, int width, int32_t noise, rng *r)
{
    gap g = {.v = v, .b = b, .r = r, .i = i, .j = j, .first = i + 1, .n = j - i - 1, .noise = noise};
    g.width = width < WIDTH_MOST ? width : WIDTH_MOST;
    if (g.n < 1)
        return;
    g.n = g.n < GAP_MOST ? g.n : GAP_MOST;
    g.from = i < 0 ? NULL : &v->s->x->choices[v->s->at[i]];
    g.to = j >= v->s->days ? NULL : &v->s->x->choices[v->s->at[j]];
    g.slack = solver_slack(v, i, j);
    pool_make(&g);
    options_make(&g);
    root_make(&g);
    g.tired = v->s->x->typical / (v->p->limits.run_days + 1);
    memset(b->price, 0, sizeof b->price);
    note_laps(&g);
    look_ahead(&g);
    for (int round = 0; round < PRICE_ROUNDS && price_up(&g, round); round++)
        look_ahead(&g);
    memset(b->nlabels, 0, sizeof b->nlabels);
    extend(&g, &g.root, -1, i);
    int64_t best = 0, value;
    const label *best_label = NULL;
    int best_day = 0;
    if (g.from || g.to)
        best = row_ends(&g, &g.root, i, &value) ? value : SOLVER_WORST;
    for (int d = g.first; d < g.first + g.n; d++)
        for (int k = 0; k < b->nlabels[d - g.first]; k++) {
            const label *l = &b->labels[d - g.first][k];
            extend(&g, l, k, d);
            if (row_ends(&g, l, d, &value) && value > best) {
                best = value;
                best_label = l;
                best_day = d;
            }
        }
    if (best_label)
        put_row(&g, best_label, best_day);
}
