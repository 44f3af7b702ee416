/* sweep: the whole tour at once, as a start for the search, which mends a tour well but seldom turns it round the country the other
 * way. Two passes over (day, market):
 *
 *   back     a dynamic programme from the last day to the first that lets a market be played twice gives each (day, market) what the rest of
 *            a tour from there may bring; prices on markets that come out twice, or beside one whose radius forbids them, are raised round by
 *            round (a Lagrangean heuristic), until the rest of a tour is about what it can be
 *   forward  partial tours grow day by day (a beam search), the best few for each day staying by what they have plus what the rest may bring;
 *            they keep the rules exactly but for what only a whole plan knows
 *
 * What comes out is put in stop by stop by state_try, so that a start is never less lawful than the greedy one. Integers alone. */
#include "base/mem.h"
#include "tour/private.h"
#include "tour/solver.h"
#include <stdlib.h>
#include <string.h>

enum {
    ACTIVE_MOST = 704, /* markets looked at */
    WORDS = ACTIVE_MOST / 64,
    ROAD_MOST = 28,  /* neighbours of each */
    MARKET_MOST = 3, /* partial tours of one day that end in the same market */
    FIRST_DAYS = 21, /* a tour begins on one of these */
    WIDTH_MOST = 192,
};

typedef struct road {
    int64_t cost;
    int32_t minutes;
    int16_t to;
} road;

typedef struct partial {
    int64_t value, rank;
    int32_t parent, order;
    int16_t day, at, run;
    solver_week week;
    uint64_t used[WORDS], touched[WORDS];
} partial;

typedef struct day_row {
    partial *items;
    int n, cap;
    int64_t least; /* rank below which nothing stays */
} day_row;

struct sweep {
    solver *v;
    const tour_problem *p;
    const tour_index *x;
    int days, n, width;
    int32_t market[ACTIVE_MOST];
    int64_t worth[ACTIVE_MOST]; /* on its best day */
    int16_t *place;             /* [market] its number here, or -1 */
    road *roads;                /* [active * ROAD_MOST] */
    int nroads[ACTIVE_MOST];
    road home[ACTIVE_MOST], out[ACTIVE_MOST];
    int64_t *rest; /* [day * n + active] */
    int64_t price[ACTIVE_MOST];
    int64_t tired;                  /* what a show day on end takes of the free day that must come */
    int16_t forced[TOUR_DAYS_MOST]; /* active market that must be played (or appeared in) that day, or -1 */
    int16_t next_forced[TOUR_DAYS_MOST + 1];
    uint64_t *touches; /* [active * WORDS] who shares fans or a clause with it */
    day_row row[TOUR_DAYS_MOST];
    partial *kept; /* all that stayed, by number */
    int nkept, kept_cap, order, rounds;
};

/* ---- who takes part ---- */

typedef struct bid {
    int64_t worth;
    int32_t market;
} bid;

static int by_worth(const void *a, const void *b)
{
    const bid *x = a, *y = b;
    if (x->worth != y->worth)
        return x->worth < y->worth ? 1 : -1;
    return x->market < y->market ? -1 : x->market > y->market;
}

static void add_active(sweep *w, int32_t market)
{
    if (market < 0 || w->place[market] >= 0 || w->n == ACTIVE_MOST)
        return;
    w->place[market] = (int16_t)w->n;
    w->market[w->n++] = market;
}

static void choose_active(sweep *w)
{
    const tour_index *x = w->x;
    bid *bids = MEM_ARRAY(bid, w->p->nmarkets + 1);
    for (size_t m = 0; m < w->p->nmarkets; m++) {
        bids[m] = (bid){TOUR_WORST, (int32_t)m};
        for (size_t d = 0; d < x->days; d++)
            if (x->top[m * x->days + d] > bids[m].worth)
                bids[m].worth = x->top[m * x->days + d];
    }
    qsort(bids, w->p->nmarkets, sizeof *bids, by_worth);
    for (int d = 0; d < w->days; d++)
        if (x->anchor[d] != NO_CHOICE)
            add_active(w, x->choices[x->anchor[d]].market);
    for (size_t k = 0; k < w->p->npins; k++)
        add_active(w, w->p->pins[k].market);
    for (size_t i = 0; i < w->p->nmarkets && bids[i].worth > 0; i++)
        add_active(w, bids[i].market);
    for (size_t i = 0; i < w->p->nmarkets; i++)
        if (w->place[bids[i].market] >= 0)
            w->worth[w->place[bids[i].market]] = bids[i].worth;
    free(bids);
}

static void mark_forced(sweep *w)
{
    for (int d = 0; d < w->days; d++) {
        uint32_t anchor = w->x->anchor[d];
        w->forced[d] = anchor == NO_CHOICE ? -1 : w->place[w->x->choices[anchor].market];
    }
    for (size_t k = 0; k < w->p->npins; k++) {
        const tour_pin *pin = &w->p->pins[k];
        if (pin->day >= 0 && w->forced[pin->day] < 0 &&
            w->x->top[(size_t)pin->market * w->x->days + (size_t)pin->day] != TOUR_WORST)
            w->forced[pin->day] = w->place[pin->market];
    }
    w->next_forced[w->days] = (int16_t)w->days;
    for (int d = w->days - 1; d >= 0; d--)
        w->next_forced[d] = w->forced[d] >= 0 ? (int16_t)d : w->next_forced[d + 1];
}

/* ---- roads ---- */

static bool touch(const sweep *w, int a, int b)
{
    return w->touches[(size_t)a * WORDS + (size_t)(b >> 6)] >> (b & 63) & 1;
}

static road road_between(sweep *w, int32_t from, int to)
{
    const tour_way *way = state_way(w->v->s, from, w->market[to]);
    return (road){way->road, way->minutes, (int16_t)to};
}

static int64_t drive_days(const sweep *w, int32_t minutes)
{
    const tour_limits *l = &w->p->limits;
    if (l->drive_show_day == 0 || minutes <= l->drive_show_day)
        return 1;
    return 1 + ((int64_t)minutes - l->drive_show_day + l->drive_free_day - 1) / l->drive_free_day;
}

typedef struct offer {
    int64_t worth;
    road road;
} offer;

/* What can be driven to in two days and does not stand in its way, by what it may bring less the way. */
static int offers_from(sweep *w, int a, offer *ret, int most)
{
    int n = 0;
    for (int b = 0; b < w->n; b++) {
        if (b == a || touch(w, a, b))
            continue;
        offer o = {.road = road_between(w, w->market[a], b)};
        if (drive_days(w, o.road.minutes) > 2)
            continue;
        o.worth = w->worth[b] - o.road.cost;
        int at = n < most ? n : most - 1;
        if (n == most && o.worth <= ret[at].worth)
            continue;
        for (; at > 0 && ret[at - 1].worth < o.worth; at--)
            ret[at] = ret[at - 1];
        ret[at] = o;
        n += n < most;
    }
    return n;
}

static void lay_roads(sweep *w)
{
    w->roads = MEM_ARRAY(road, (size_t)w->n * ROAD_MOST + 1);
    for (int a = 0; a < w->n; a++) {
        offer best[ROAD_MOST];
        w->nroads[a] = offers_from(w, a, best, ROAD_MOST);
        for (int k = 0; k < w->nroads[a]; k++)
            w->roads[(size_t)a * ROAD_MOST + (size_t)k] = best[k].road;
        if (w->p->start >= 0)
            w->out[a] = road_between(w, w->p->start, a);
        if (w->p->end >= 0)
            w->home[a] = road_between(w, w->p->end, a);
    }
}

/* Between two stops `gap` days apart, the first a show. */
static int64_t leg_cost(const sweep *w, const road *r, int64_t gap)
{
    const tour_prices *m = &w->p->prices;
    int64_t first =
        gap > 1 && r->minutes > w->p->limits.drive_free_day ? w->p->limits.drive_free_day : r->minutes;
    int64_t cost = r->cost + gap * m->per_night + (gap - 1) * m->per_idle;
    return first > m->late_after ? cost + m->late_per_hour * (first - m->late_after) / 60 : cost;
}

static int64_t way_out(const sweep *w, int a)
{
    const tour_prices *m = &w->p->prices;
    if (w->p->start < 0)
        return 0;
    int64_t n = drive_days(w, w->out[a].minutes);
    return w->out[a].cost + (n - 1) * (m->per_night + m->per_idle);
}

static int64_t way_home(const sweep *w, int a, int day)
{
    if (w->p->end < 0)
        return 0;
    int64_t n = drive_days(w, w->home[a].minutes);
    return day + n > w->days ? SOLVER_WORST : leg_cost(w, &w->home[a], n);
}

/* ---- back ---- */

static int64_t top_of(const sweep *w, int a, int day)
{
    return w->x->top[(size_t)w->market[a] * w->x->days + (size_t)day];
}

/* The best step on from there; *ret_to -1: home. */
static int64_t best_step(const sweep *w, int a, int day, int *ret_to, int *ret_day)
{
    int64_t home = way_home(w, a, day), best = home == SOLVER_WORST ? SOLVER_WORST : -home;
    const road *r = w->roads + (size_t)a * ROAD_MOST, *end = r + w->nroads[a];
    *ret_to = -1;
    for (; r < end; r++) {
        int gap = (int)drive_days(w, r->minutes);
        for (int g = gap; g <= gap + 1 && day + g < w->days; g++) {
            int64_t top = top_of(w, r->to, day + g);
            if (top == TOUR_WORST)
                continue;
            int64_t rest = w->rest[(size_t)(day + g) * (size_t)w->n + (size_t)r->to];
            int64_t value = top + rest - w->price[r->to] - leg_cost(w, r, g) - (g == 1 ? w->tired : 0);
            if (value > best) {
                best = value;
                *ret_to = r->to;
                *ret_day = day + g;
            }
        }
    }
    return best;
}

static void look_back(sweep *w)
{
    int to, day;
    for (int d = w->days - 1; d >= 0; d--)
        for (int a = 0; a < w->n; a++)
            w->rest[(size_t)d * (size_t)w->n + (size_t)a] =
                top_of(w, a, d) == TOUR_WORST ? SOLVER_WORST : best_step(w, a, d, &to, &day);
}

static bool reaches(const sweep *w, int a, int day)
{
    return w->p->start < 0 || drive_days(w, w->out[a].minutes) <= day + 1;
}

/* The relaxed tour: what it visits. */
static int trace(const sweep *w, int16_t *markets)
{
    int64_t best = 0;
    int a = -1, day = 0, n = 0;
    for (int d = 0; d < w->days && d < FIRST_DAYS; d++)
        for (int k = 0; k < w->n; k++) {
            int64_t rest = w->rest[(size_t)d * (size_t)w->n + (size_t)k];
            if (rest == SOLVER_WORST || !reaches(w, k, d))
                continue;
            int64_t value = top_of(w, k, d) + rest - w->price[k] - way_out(w, k);
            if (value > best) {
                best = value;
                a = k;
                day = d;
            }
        }
    while (a >= 0 && n < TOUR_DAYS_MOST) {
        markets[n++] = (int16_t)a;
        int to, next = day;
        best_step(w, a, day, &to, &next);
        a = to;
        day = next;
    }
    return n;
}

static void raise_prices(sweep *w, int round)
{
    int16_t seen[TOUR_DAYS_MOST];
    int clashes[ACTIVE_MOST] = {0}, n = trace(w, seen);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            clashes[seen[i]] += i == j ? 0 : seen[i] == seen[j] ? 2 : touch(w, seen[i], seen[j]);
    int64_t step = w->x->typical / (2 + round);
    for (int a = 0; a < w->n; a++) {
        bool visited = false;
        for (int i = 0; i < n; i++)
            visited |= seen[i] == a;
        if (clashes[a])
            w->price[a] += step * (clashes[a] < 4 ? clashes[a] : 4) / 2;
        else if (!visited)
            w->price[a] -= w->price[a] / 4;
    }
}

/* ---- forward ---- */

static int by_rank(const void *a, const void *b)
{
    const partial *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? 1 : -1;
    return x->order - y->order;
}

/* The best of a day, few of one market. */
static void cut(sweep *w, day_row *row)
{
    uint8_t seen[ACTIVE_MOST] = {0};
    int n = 0;
    qsort(row->items, (size_t)row->n, sizeof *row->items, by_rank);
    for (int i = 0; i < row->n && n < w->width; i++)
        if (seen[row->items[i].at]++ < MARKET_MOST)
            row->items[n++] = row->items[i];
    row->n = n;
    row->least = n == w->width ? row->items[n - 1].rank : SOLVER_WORST;
}

static void add(sweep *w, const partial *l)
{
    day_row *row = &w->row[l->day];
    if (row->n == row->cap) {
        if (row->cap >= 3 * w->width) {
            cut(w, row);
        } else {
            row->cap = row->cap ? row->cap * 2 : 64;
            row->items = mem_grow(row->items, (size_t)row->cap, sizeof *row->items);
        }
    }
    row->items[row->n] = *l;
    row->items[row->n++].order = w->order++;
}

static const tour_choice *choice_at(const sweep *w, int a, int day)
{
    uint32_t anchor = w->x->anchor[day];
    if (anchor != NO_CHOICE && w->place[w->x->choices[anchor].market] == a)
        return &w->x->choices[anchor];
    return &w->x->choices[w->x->first[(size_t)w->market[a] * w->x->days + (size_t)day]];
}

static bool forbids(const tour_index *x, const tour_choice *a, const tour_choice *b)
{
    int apart = b->day - a->day;
    for (uint32_t i = x->apart_first[a->venue]; i < x->apart_first[a->venue + 1]; i++) {
        const tour_apart *r = &x->apart[i];
        if (r->venue == b->venue && r->forbid && r->low <= apart && apart <= r->high)
            return true;
    }
    return false;
}

/* What the shows so far share with this one; false when a clause forbids the pair. */
static bool with_earlier(const sweep *w, const partial *l, const tour_choice *c, int64_t *value)
{
    const tour_index *x = w->x;
    for (;;) {
        const tour_choice *o = choice_at(w, l->at, l->day);
        if (o->show && touch(w, w->place[c->market], l->at)) {
            if (forbids(x, c, o))
                return false;
            for (uint32_t i = x->lap_first[c->market]; i < x->lap_first[c->market + 1]; i++)
                if (x->laps[i].market == o->market) {
                    int64_t draw = c->draw < o->draw ? c->draw : o->draw;
                    *value -= draw * x->laps[i].share / 10000 * w->p->fade[c->day - o->day] / 10000;
                }
        }
        if (l->parent < 0)
            return true;
        l = &w->kept[l->parent];
    }
}

static void extend(sweep *w, const partial *l, int number, const road *r, int gap)
{
    int day = l->day + gap;
    const tour_choice *c = choice_at(w, r->to, day);
    partial next = {
        .value = l->value - leg_cost(w, r, gap), .parent = number, .day = (int16_t)day, .at = r->to};
    next.value += c->show ? c->worth : 0;
    int64_t rest = w->rest[(size_t)day * (size_t)w->n + (size_t)r->to];
    if (rest == SOLVER_WORST)
        rest = 0;
    next.rank = next.value + rest;
    if (next.rank <= w->row[day].least && w->forced[day] < 0)
        return;
    next.run = (int16_t)(!c->show ? 0 : gap == 1 ? l->run + 1 : 1);
    if (next.run > w->p->limits.run_days)
        return;
    if (c->show && l->touched[r->to >> 6] >> (r->to & 63) & 1 && !with_earlier(w, l, c, &next.value))
        return;
    next.week = l->week;
    state_leg leg = {.minutes = r->minutes, .first = (int16_t)(l->day + 1), .last = (int16_t)day};
    if (!solver_week_pass(w->p, &next.week, &leg, l->day, day, true, c->show))
        return;
    next.rank = next.value + rest;
    memcpy(next.used, l->used, sizeof next.used);
    next.used[r->to >> 6] |= UINT64_C(1) << (r->to & 63);
    for (int k = 0; k < WORDS; k++)
        next.touched[k] = l->touched[k] | (c->show ? w->touches[(size_t)r->to * WORDS + (size_t)k] : 0);
    add(w, &next);
}

static void grow(sweep *w, int number)
{
    const partial l = w->kept[number];
    int wall = w->next_forced[l.day + 1]; /* must stop there at the latest */
    const road *r = w->roads + (size_t)l.at * ROAD_MOST, *end = r + w->nroads[l.at];
    for (; r < end; r++) {
        if (l.used[r->to >> 6] >> (r->to & 63) & 1)
            continue;
        int gap = (int)drive_days(w, r->minutes);
        for (int g = gap; g <= gap + 1 && l.day + g < w->days && l.day + g <= wall; g++)
            if ((w->forced[l.day + g] < 0 || w->forced[l.day + g] == r->to) &&
                top_of(w, r->to, l.day + g) != TOUR_WORST)
                extend(w, &l, number, r, g);
    }
    if (wall < w->days) { /* however far */
        road to = road_between(w, w->market[l.at], w->forced[wall]);
        if (drive_days(w, to.minutes) <= wall - l.day && !(l.used[to.to >> 6] >> (to.to & 63) & 1))
            extend(w, &l, number, &to, wall - l.day);
    }
}

static void begin_tours(sweep *w)
{
    int last = w->next_forced[0] < FIRST_DAYS ? w->next_forced[0] : FIRST_DAYS;
    for (int d = 0; d <= last && d < w->days; d++)
        for (int a = 0; a < w->n; a++) {
            bool forced = w->forced[d] >= 0;
            if ((forced && w->forced[d] != a) || !reaches(w, a, d) ||
                (!forced && top_of(w, a, d) == TOUR_WORST))
                continue;
            const tour_choice *c = choice_at(w, a, d);
            partial l = {.parent = -1, .day = (int16_t)d, .at = (int16_t)a, .run = c->show};
            l.value = (c->show ? c->worth : 0) - way_out(w, a);
            int64_t rest = w->rest[(size_t)d * (size_t)w->n + (size_t)a];
            l.rank = l.value + (rest == SOLVER_WORST ? 0 : rest);
            int64_t n = w->p->start < 0 ? 1 : drive_days(w, w->out[a].minutes);
            state_leg leg = {.minutes = w->out[a].minutes, .first = (int16_t)(d - n + 1), .last = (int16_t)d};
            if (l.rank <= w->row[d].least ||
                !solver_week_pass(w->p, &l.week, w->p->start < 0 ? NULL : &leg, -1, d, true, c->show))
                continue;
            l.used[a >> 6] |= UINT64_C(1) << (a & 63);
            if (c->show)
                memcpy(l.touched, w->touches + (size_t)a * WORDS, sizeof l.touched);
            add(w, &l);
        }
}

static int keep(sweep *w, const partial *l)
{
    if (w->nkept == w->kept_cap) {
        w->kept_cap = w->kept_cap ? w->kept_cap * 2 : 4096;
        w->kept = mem_grow(w->kept, (size_t)w->kept_cap, sizeof *w->kept);
    }
    w->kept[w->nkept] = *l;
    return w->nkept++;
}

static int run_forward(sweep *w)
{
    int64_t best = 0;
    int best_number = -1;
    for (int d = 0; d < w->days; d++)
        w->row[d].least = SOLVER_WORST;
    begin_tours(w);
    for (int d = 0; d < w->days; d++) {
        day_row *row = &w->row[d];
        cut(w, row);
        for (int i = 0; i < row->n; i++) {
            int number = keep(w, &row->items[i]);
            int64_t home = way_home(w, row->items[i].at, d), value = row->items[i].value;
            if (home != SOLVER_WORST && w->next_forced[d + 1] >= w->days &&
                (best_number < 0 || value - home > best)) {
                best = value - home;
                best_number = number;
            }
            grow(w, number);
        }
        free(row->items);
        row->items = NULL;
        row->n = row->cap = 0;
    }
    return best_number;
}

/* Leniently: half of a tour may break what the whole of it keeps (the way from the start to its last stop, say). */
static void put_tour(const sweep *w, int number)
{
    tour_state *s = w->v->s;
    s->lenient = true;
    for (; number >= 0; number = w->kept[number].parent) {
        const partial *l = &w->kept[number];
        const tour_choice *c = choice_at(w, l->at, l->day);
        int64_t gain;
        if (c->show && s->at[l->day] == NO_CHOICE &&
            state_try(s, (uint32_t)(c - w->x->choices), SOLVER_WORST, &gain))
            state_put(s, (uint32_t)(c - w->x->choices));
    }
    s->lenient = false;
}

static void note_touches(sweep *w)
{
    const tour_index *x = w->x;
    w->touches = MEM_ARRAY(uint64_t, (size_t)w->n * WORDS + 1);
    for (int a = 0; a < w->n; a++) {
        int32_t m = w->market[a];
        for (uint32_t i = x->lap_first[m]; i < x->lap_first[m + 1]; i++) {
            int b = w->place[x->laps[i].market];
            if (b >= 0)
                w->touches[(size_t)a * WORDS + (size_t)(b >> 6)] |= UINT64_C(1) << (b & 63);
        }
    }
    for (size_t v = 0; v < w->p->nvenues; v++) {
        int a = w->place[w->p->venues[v].market];
        for (uint32_t i = x->apart_first[v]; a >= 0 && i < x->apart_first[v + 1]; i++) {
            int b = w->place[w->p->venues[x->apart[i].venue].market];
            if (b >= 0 && x->apart[i].forbid)
                w->touches[(size_t)a * WORDS + (size_t)(b >> 6)] |= UINT64_C(1) << (b & 63);
        }
    }
}

sweep *sweep_new(solver *v)
{
    sweep *w = MEM_NEW(sweep);
    *w = (sweep){.v = v, .p = v->p, .x = v->s->x, .days = v->s->days};
    w->place = MEM_ARRAY(int16_t, v->p->nmarkets + 1);
    memset(w->place, 0xff, (v->p->nmarkets + 1) * sizeof *w->place);
    choose_active(w);
    mark_forced(w);
    note_touches(w);
    lay_roads(w);
    w->rest = MEM_ARRAY(int64_t, (size_t)w->days * (size_t)w->n + 1);
    w->tired = w->x->typical / (v->p->limits.run_days + 1);
    if (w->n)
        look_back(w);
    return w;
}

void sweep_free(sweep *w)
{
    if (!w)
        return;
    free(w->roads);
    free(w->rest);
    free(w->touches);
    free(w->kept);
    free(w->place);
    free(w);
}

void sweep_learn(sweep *w, int rounds)
{
    for (int i = 0; i < rounds && w->n; i++) {
        raise_prices(w, w->rounds++);
        look_back(w);
    }
}

void sweep_lay(sweep *w, int width)
{
    w->width = width < WIDTH_MOST ? width : WIDTH_MOST;
    w->nkept = w->order = 0;
    if (w->n)
        put_tour(w, run_forward(w));
}
