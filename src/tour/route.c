/* route: whole tours at once, as starts for the search, which mends a tour well but seldom turns it round the country the other way.
 * Route first, dates second (Beasley 1983; the split of Prins 2004): the promising markets are put into one order, a short way through all
 * of them; then a dynamic programme over day and market picks who is played and when, never going back in the order, so that
 * nobody is played twice. Other orders come of the first tour with stretches turned or exchanged; whoever is not in it is put back
 * where that is least out of the way.
 *
 * The programme keeps, for each day and market, the best partial tour by how long ago the last free day was; a partial tour
 * knows its last week, and so keeps the rules but for what only a whole plan knows. Integers alone. */
#include "base/mem.h"
#include "tour/private.h"
#include "tour/solver.h"
#include <stdlib.h>
#include <string.h>

enum {
    ACTIVE_MOST = 192, /* markets looked at */
    ACTIVE_LEAST = 112,
    WORDS = ACTIVE_MOST / 64,
    ROAD_MOST = 40,  /* neighbours of each */
    SINCE_MOST = 6,  /* days since a free one that are told apart */
    FIRST_DAYS = 21, /* a tour begins on one of these */
    GAPS = 3,        /* how many days a way may take: as few as it needs, or up to two more */
    SHORTEN_MOST = 40,
};

typedef struct road {
    int64_t cost[GAPS]; /* nights, idle days and late driving included */
    int32_t minutes;
    int16_t to, days;   /* days it needs */
    int8_t since[GAPS]; /* days since the last free one on the way; 0: none on the way */
} road;

typedef struct partial {
    int64_t value;
    int32_t parent;
    int16_t day, at, run;
    solver_week week;
    uint64_t touched[WORDS];
} partial;

struct route {
    solver *v;
    const tour_problem *p;
    const tour_index *x;
    int days, n;
    int32_t market[ACTIVE_MOST];
    int64_t worth[ACTIVE_MOST]; /* on its best day */
    int16_t *place;             /* [market] its number here, or -1 */
    int32_t minutes[ACTIVE_MOST + 2]
                   [ACTIVE_MOST + 2]; /* the last two: start and end; 0 where there is none */
    road *roads;                      /* [active * ROAD_MOST] */
    int nroads[ACTIVE_MOST];
    int64_t road_home[ACTIVE_MOST], road_out[ACTIVE_MOST];
    int16_t forced[TOUR_DAYS_MOST]; /* active market that must be played (or appeared in) that day, or -1 */
    int16_t next_forced[TOUR_DAYS_MOST + 1];
    int16_t forced_day[ACTIVE_MOST];
    uint64_t touches[ACTIVE_MOST][WORDS]; /* who shares fans or a clause with it */
    int16_t order[ACTIVE_MOST], pos[ACTIVE_MOST];
    int16_t first[TOUR_DAYS_MOST]; /* the first order's tour, which the others are made of */
    int nfirst, laid;
    int64_t toll; /* taken of each show while there are too many */
    int32_t *at;  /* [(day * n + active) * SINCE_MOST] partials by number, or -1 */
    partial *kept;
    size_t nkept, kept_cap;
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

static void add_active(route *w, int32_t market, int most)
{
    if (market < 0 || w->place[market] >= 0 || w->n >= most)
        return;
    w->place[market] = (int16_t)w->n;
    w->market[w->n++] = market;
}

static void choose_active(route *w)
{
    const tour_index *x = w->x;
    int most = 3 * w->days / 2 < ACTIVE_LEAST ? ACTIVE_LEAST : 3 * w->days / 2;
    most = most < ACTIVE_MOST ? most : ACTIVE_MOST;
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
            add_active(w, x->choices[x->anchor[d]].market, ACTIVE_MOST);
    for (size_t k = 0; k < w->p->npins; k++)
        add_active(w, w->p->pins[k].market, ACTIVE_MOST);
    for (size_t i = 0; i < w->p->nmarkets && bids[i].worth > 0; i++)
        add_active(w, bids[i].market, most);
    for (size_t i = 0; i < w->p->nmarkets; i++)
        if (w->place[bids[i].market] >= 0)
            w->worth[w->place[bids[i].market]] = bids[i].worth;
    free(bids);
}

static void mark_forced(route *w)
{
    for (int a = 0; a < w->n; a++)
        w->forced_day[a] = -1;
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
    for (int d = w->days - 1; d >= 0; d--) {
        w->next_forced[d] = w->forced[d] >= 0 ? (int16_t)d : w->next_forced[d + 1];
        if (w->forced[d] >= 0)
            w->forced_day[w->forced[d]] = (int16_t)d;
    }
}

static void note_touches(route *w)
{
    const tour_index *x = w->x;
    for (int a = 0; a < w->n; a++) {
        int32_t m = w->market[a];
        for (uint32_t i = x->lap_first[m]; i < x->lap_first[m + 1]; i++) {
            int b = w->place[x->laps[i].market];
            if (b >= 0)
                w->touches[a][b >> 6] |= UINT64_C(1) << (b & 63);
        }
    }
    for (size_t v = 0; v < w->p->nvenues; v++) {
        int a = w->place[w->p->venues[v].market];
        for (uint32_t i = x->apart_first[v]; a >= 0 && i < x->apart_first[v + 1]; i++) {
            int b = w->place[w->p->venues[x->apart[i].venue].market];
            if (b >= 0 && x->apart[i].forbid)
                w->touches[a][b >> 6] |= UINT64_C(1) << (b & 63);
        }
    }
}

static bool touch(const route *w, int a, int b)
{
    return w->touches[a][b >> 6] >> (b & 63) & 1;
}

/* ---- roads ---- */

/* Between two stops `gap` days apart, the first a show. */
static int64_t leg_cost(const route *w, int64_t way, int32_t minutes, int64_t gap)
{
    const tour_prices *m = &w->p->prices;
    int64_t first = gap > 1 && minutes > w->p->limits.drive_free_day ? w->p->limits.drive_free_day : minutes;
    int64_t cost = way + gap * m->per_night + (gap - 1) * m->per_idle;
    return first > m->late_after ? cost + m->late_per_hour * (first - m->late_after) / 60 : cost;
}

static road road_between(route *w, int a, int b)
{
    const tour_limits *l = &w->p->limits;
    const tour_way *way = state_way(w->v->s, w->market[a], w->market[b]);
    road r = {.minutes = way->minutes, .to = (int16_t)b};
    r.days = (int16_t)state_drive_days(w->v->s, r.minutes);
    for (int k = 0; k < GAPS; k++) {
        int gap = r.days + k, left = r.minutes;
        r.cost[k] = leg_cost(w, way->road, r.minutes, gap);
        for (int day = 1; day < gap; day++) {
            int now = left < l->drive_free_day ? left : l->drive_free_day;
            left -= now;
            if (now <= l->free_drive)
                r.since[k] = (int8_t)(gap - day < SINCE_MOST ? gap - day : SINCE_MOST);
        }
    }
    return r;
}

typedef struct offer {
    int64_t worth;
    road road;
} offer;

/* What can be driven to in three days and does not stand in its way, by what it may bring less the way. */
static int offers_from(route *w, int a, offer *ret, int most)
{
    int n = 0;
    for (int b = 0; b < w->n; b++) {
        if (b == a || touch(w, a, b))
            continue;
        offer o = {.road = road_between(w, a, b)};
        if (o.road.days > 3)
            continue;
        o.worth = w->worth[b] - o.road.cost[0];
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

static void lay_roads(route *w)
{
    tour_state *s = w->v->s;
    int first = w->n, last = w->n + 1;
    w->roads = MEM_ARRAY(road, (size_t)w->n * ROAD_MOST + 1);
    for (int a = 0; a < w->n; a++) {
        offer best[ROAD_MOST];
        w->nroads[a] = offers_from(w, a, best, ROAD_MOST);
        for (int k = 0; k < w->nroads[a]; k++)
            w->roads[(size_t)a * ROAD_MOST + (size_t)k] = best[k].road;
        for (int b = 0; b < a; b++)
            w->minutes[a][b] = w->minutes[b][a] = state_way(s, w->market[a], w->market[b])->minutes;
        if (w->p->start >= 0) {
            const tour_way *way = state_way(s, w->p->start, w->market[a]);
            w->road_out[a] = way->road;
            w->minutes[a][first] = w->minutes[first][a] = way->minutes;
        }
        if (w->p->end >= 0) {
            const tour_way *way = state_way(s, w->p->end, w->market[a]);
            w->road_home[a] = way->road;
            w->minutes[a][last] = w->minutes[last][a] = way->minutes;
        }
    }
}

static int64_t way_out(const route *w, int a)
{
    const tour_prices *m = &w->p->prices;
    if (w->p->start < 0)
        return 0;
    int64_t n = state_drive_days(w->v->s, w->minutes[w->n][a]);
    return w->road_out[a] + (n - 1) * (m->per_night + m->per_idle);
}

static int64_t way_home(const route *w, int a, int day)
{
    if (w->p->end < 0)
        return 0;
    int32_t minutes = w->minutes[w->n + 1][a];
    int64_t n = state_drive_days(w->v->s, minutes);
    return day + n > w->days ? SOLVER_WORST : leg_cost(w, w->road_home[a], minutes, n);
}

/* ---- the order ---- */

static int32_t between(const route *w, const int16_t *order, int n, int i, int j)
{
    int a = i < 0 ? w->n : order[i], b = j >= n ? w->n + 1 : order[j];
    return w->minutes[a][b];
}

/* Put where it is least out of the way. */
static void insert(const route *w, int16_t *order, int *n, int a)
{
    int best = 0, least = INT32_MAX;
    for (int k = 0; k <= *n; k++) {
        int x = k == 0 ? w->n : order[k - 1], y = k == *n ? w->n + 1 : order[k];
        int more = w->minutes[x][a] + w->minutes[a][y] - w->minutes[x][y];
        if (more < least) {
            least = more;
            best = k;
        }
    }
    memmove(order + best + 1, order + best, (size_t)(*n - best) * sizeof *order);
    order[best] = (int16_t)a;
    ++*n;
}

static void turn(int16_t *order, int i, int j)
{
    for (; i < j; i++, j--) {
        int16_t t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
}

/* Forced days must come one after the other. */
static bool forced_in_order(const route *w, const int16_t *order, int n)
{
    int last = -1;
    for (int i = 0; i < n; i++) {
        int day = w->forced_day[order[i]];
        if (day >= 0 && day < last)
            return false;
        last = day >= 0 ? day : last;
    }
    return true;
}

static bool any_forced(const route *w, const int16_t *order, int i, int j)
{
    for (; i <= j; i++)
        if (w->forced_day[order[i]] >= 0)
            return true;
    return false;
}

/* Stretches turned round while that makes the whole way shorter (2-opt). */
static void shorten(const route *w, int16_t *order, int n)
{
    bool again = true;
    for (int rounds = 0; again && rounds < SHORTEN_MOST; rounds++) {
        again = false;
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++) {
                int32_t now = between(w, order, n, i - 1, i) + between(w, order, n, j, j + 1);
                int a = i == 0 ? w->n : order[i - 1], b = j == n - 1 ? w->n + 1 : order[j + 1];
                if (w->minutes[a][order[j]] + w->minutes[order[i]][b] >= now || any_forced(w, order, i, j))
                    continue;
                turn(order, i, j);
                again = true;
            }
    }
}

static void complete(route *w, int16_t *order, int n)
{
    bool in[ACTIVE_MOST] = {false};
    for (int i = 0; i < n; i++)
        in[order[i]] = true;
    for (int a = 0; a < w->n; a++)
        if (!in[a])
            insert(w, order, &n, a);
    for (int i = 0; i < n; i++)
        w->pos[order[i]] = (int16_t)i;
}

static void first_order(route *w)
{
    int n = 0;
    for (int d = 0; d < w->days; d++)
        if (w->forced[d] >= 0 && w->forced_day[w->forced[d]] == d)
            w->order[n++] = w->forced[d];
    complete(w, w->order, n);
    shorten(w, w->order, w->n);
    for (int i = 0; i < w->n; i++)
        w->pos[w->order[i]] = (int16_t)i;
}

/* ---- dates ---- */

static const tour_choice *choice_at(const route *w, int a, int day)
{
    uint32_t anchor = w->x->anchor[day];
    if (anchor != NO_CHOICE && w->place[w->x->choices[anchor].market] == a)
        return &w->x->choices[anchor];
    return &w->x->choices[w->x->first[(size_t)w->market[a] * w->x->days + (size_t)day]];
}

static int64_t top_of(const route *w, int a, int day)
{
    return w->x->top[(size_t)w->market[a] * w->x->days + (size_t)day];
}

/* What the shows so far share with this one; false when a clause forbids the pair. */
static bool with_earlier(const route *w, const partial *l, const tour_choice *c, int64_t *value)
{
    const tour_index *x = w->x;
    for (;;) {
        const tour_choice *o = choice_at(w, l->at, l->day);
        if (o->show && touch(w, w->place[c->market], l->at)) {
            if (solver_forbids(x, c, o))
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

/* Where a partial of this value would stand; NULL when as good a one is there, no longer without a free day. */
static int32_t *room_for(route *w, int day, int a, int since, int64_t value)
{
    int32_t *row = w->at + ((size_t)day * (size_t)w->n + (size_t)a) * SINCE_MOST;
    for (int k = 0; k < since; k++)
        if (row[k] >= 0 && w->kept[row[k]].value >= value)
            return NULL;
    return &row[since - 1];
}

static void put_in(route *w, int32_t *where, const partial *l)
{
    if (*where < 0) {
        if (w->nkept == w->kept_cap) {
            w->kept_cap = w->kept_cap ? w->kept_cap * 2 : 4096;
            w->kept = mem_grow(w->kept, w->kept_cap, sizeof *w->kept);
        }
        *where = (int32_t)w->nkept++;
    }
    w->kept[*where] = *l;
}

static void extend(route *w, int number, int since, const road *r, int more)
{
    const partial *l = &w->kept[number];
    int gap = r->days + more, day = l->day + gap;
    const tour_choice *c = choice_at(w, r->to, day);
    int64_t value = l->value - r->cost[more] + (c->show ? c->worth - w->toll : 0);
    int after = r->since[more] ? r->since[more] : since + gap;
    if (after > SINCE_MOST) {
        if (w->p->limits.free_7)
            return;
        after = SINCE_MOST;
    }
    int32_t *where = room_for(w, day, r->to, after, value);
    int run = !c->show ? 0 : gap == 1 ? l->run + 1 : 1;
    if (!where || run > w->p->limits.run_days)
        return;
    if (c->show && l->touched[r->to >> 6] >> (r->to & 63) & 1) {
        if (!with_earlier(w, l, c, &value) || !room_for(w, day, r->to, after, value))
            return;
    }
    partial next = *l;
    state_leg leg = {.minutes = r->minutes, .first = (int16_t)(l->day + 1), .last = (int16_t)day};
    if (!solver_week_pass(w->p, &next.week, &leg, l->day, day, true, c->show))
        return;
    next.value = value;
    next.parent = number;
    next.day = (int16_t)day;
    next.at = r->to;
    next.run = (int16_t)run;
    for (int k = 0; k < WORDS; k++)
        next.touched[k] |= c->show ? w->touches[r->to][k] : 0;
    put_in(w, where, &next);
}

static void grow(route *w, int number, int since)
{
    int at = w->kept[number].at, day = w->kept[number].day;
    int wall = w->next_forced[day + 1]; /* must stop there at the latest */
    const road *r = w->roads + (size_t)at * ROAD_MOST, *end = r + w->nroads[at];
    for (; r < end; r++) {
        if (w->pos[r->to] < w->pos[at])
            continue;
        for (int k = 0; k < GAPS; k++) {
            int to = day + r->days + k;
            if (to >= w->days || to > wall)
                break;
            if ((w->forced[to] < 0 || w->forced[to] == r->to) &&
                (w->forced[to] == r->to || top_of(w, r->to, to) != TOUR_WORST))
                extend(w, number, since, r, k);
        }
    }
}

static void begin_tours(route *w)
{
    int last = w->next_forced[0] < FIRST_DAYS ? w->next_forced[0] : FIRST_DAYS;
    for (int d = 0; d <= last && d < w->days; d++)
        for (int a = 0; a < w->n; a++) {
            bool forced = w->forced[d] >= 0;
            int64_t n = w->p->start < 0 ? 1 : state_drive_days(w->v->s, w->minutes[w->n][a]);
            if ((forced && w->forced[d] != a) || n > d + 1 || (!forced && top_of(w, a, d) == TOUR_WORST))
                continue;
            const tour_choice *c = choice_at(w, a, d);
            partial l = {.parent = -1, .day = (int16_t)d, .at = (int16_t)a, .run = c->show};
            l.value = (c->show ? c->worth - w->toll : 0) - way_out(w, a);
            state_leg leg = {
                .minutes = w->minutes[w->n][a], .first = (int16_t)(d - n + 1), .last = (int16_t)d};
            if (!solver_week_pass(w->p, &l.week, w->p->start < 0 ? NULL : &leg, -1, d, true, c->show))
                continue;
            if (c->show)
                memcpy(l.touched, w->touches[a], sizeof l.touched);
            int32_t *where = room_for(w, d, a, n < SINCE_MOST ? (int)n : SINCE_MOST, l.value);
            if (where)
                put_in(w, where, &l);
        }
}

/* The last stop of the best tour along the order, or -1. */
static int run_forward(route *w)
{
    int64_t best = 0;
    int best_number = -1;
    w->nkept = 0;
    memset(w->at, 0xff, (size_t)w->days * (size_t)w->n * SINCE_MOST * sizeof *w->at);
    begin_tours(w);
    for (int d = 0; d < w->days; d++)
        for (int a = 0; a < w->n; a++)
            for (int k = 0; k < SINCE_MOST; k++) {
                int number = w->at[((size_t)d * (size_t)w->n + (size_t)a) * SINCE_MOST + (size_t)k];
                if (number < 0)
                    continue;
                int64_t home = way_home(w, a, d), value = w->kept[number].value;
                if (home != SOLVER_WORST && w->next_forced[d + 1] >= w->days &&
                    (best_number < 0 || value - home > best)) {
                    best = value - home;
                    best_number = number;
                }
                grow(w, number, k + 1);
            }
    return best_number;
}

/* Leniently: half of a tour may break what the whole of it keeps (the way from the start to its last stop, say). */
static int put_tour(route *w, int number, int16_t *ret_tour)
{
    tour_state *s = w->v->s;
    int n = 0;
    s->lenient = true;
    for (; number >= 0; number = w->kept[number].parent) {
        const partial *l = &w->kept[number];
        const tour_choice *c = choice_at(w, l->at, l->day);
        int64_t gain;
        ret_tour[n++] = l->at;
        if (c->show && s->at[l->day] == NO_CHOICE &&
            state_try(s, (uint32_t)(c - w->x->choices), SOLVER_WORST, &gain))
            state_put(s, (uint32_t)(c - w->x->choices));
    }
    s->lenient = false;
    turn(ret_tour, 0, n - 1);
    return n;
}

/* ---- life and steps ---- */

route *route_new(solver *v)
{
    route *w = MEM_NEW(route);
    w->v = v;
    w->p = v->p;
    w->x = v->s->x;
    w->days = v->s->days;
    w->place = MEM_ARRAY(int16_t, v->p->nmarkets + 1);
    memset(w->place, 0xff, (v->p->nmarkets + 1) * sizeof *w->place);
    choose_active(w);
    mark_forced(w);
    note_touches(w);
    lay_roads(w);
    first_order(w);
    w->at = MEM_ARRAY(int32_t, (size_t)w->days * (size_t)w->n * SINCE_MOST + 1);
    return w;
}

void route_free(route *w)
{
    if (!w)
        return;
    free(w->roads);
    free(w->at);
    free(w->kept);
    free(w->place);
    free(w);
}

void route_lay(route *w)
{
    int16_t tour[TOUR_DAYS_MOST];
    if (!w->n)
        return;
    int n = put_tour(w, run_forward(w), tour);
    if (w->p->limits.shows_max)
        w->toll = n > w->p->limits.shows_max ? w->toll + w->x->typical / 8 : w->toll - w->toll / 4;
    if (w->laid++ == 0) {
        memcpy(w->first, tour, sizeof tour);
        w->nfirst = n;
    }
}

/* Two neighbouring stretches, i .. t - 1 and t .. j - 1, change places. */
static void exchange(int16_t *order, int i, int t, int j)
{
    turn(order, i, t - 1);
    turn(order, t, j - 1);
    turn(order, i, j - 1);
}

static void vary(int16_t *order, int n, rng *r)
{
    int i = (int)search_below(r, (uint32_t)n), j = (int)search_below(r, (uint32_t)n);
    if (i > j) {
        int t = i;
        i = j;
        j = t;
    }
    int t = i + (int)search_below(r, (uint32_t)(j - i + 1));
    switch (search_below(r, 3)) {
    case 0:
        turn(order, i, j);
        break;
    case 1:
        exchange(order, i, t, j);
        break;
    default:
        turn(order, i, t);
        turn(order, t + 1, j);
    }
}

void route_vary(route *w, rng *r)
{
    int n = w->nfirst;
    memcpy(w->order, w->first, (size_t)n * sizeof *w->order);
    if (w->laid == 1)
        turn(w->order, 0, n - 1);
    else if (n > 3)
        vary(w->order, n, r);
    if (!forced_in_order(w, w->order, n))
        memcpy(w->order, w->first, (size_t)n * sizeof *w->order);
    complete(w, w->order, n);
}
