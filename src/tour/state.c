/* state: see state.h. A stop changes the two legs beside it, the days these are driven on, and the windows of seven days and
 * the run around it: all of that is worked out anew for those few days, before and after, and the difference counts. */
#include "tour/state.h"
#include "base/mem.h"
#include "tour/private.h"
#include <stdlib.h>
#include <string.h>

/* ---- legs ---- */

enum { WAY_MARKETS_MOST = 640, WAY_ROWS = 512, WAY_ROW = 1024 };

static void way_fill(const tour_state *s, int32_t from, int32_t other, tour_way *ret)
{
    const tour_prices *m = &s->p->prices;
    tour_leg leg = tour_between(s->p, from, other);
    ret->road = leg.metres * m->per_km / 1000 + leg.minutes * m->per_hour / 60;
    ret->minutes = leg.minutes;
    ret->other = other;
}

const tour_way *state_way(tour_state *s, int32_t from, int32_t other)
{
    static const tour_way none = {0, 0, 0};
    if (from == other)
        return &none;
    if (!s->way_owner) {
        tour_way *w = &s->ways[(size_t)from * s->way_row + (size_t)other];
        if (w->other < 0) {
            way_fill(s, from, other, w);
            s->ways[(size_t)other * s->way_row + (size_t)from] = (tour_way){w->road, w->minutes, from};
        }
        return w;
    }
    size_t row = ((uint32_t)from * 0x9E3779B1u) >> 16 & (WAY_ROWS - 1);
    tour_way *w = &s->ways[row * s->way_row];
    if (s->way_owner[row] != from) {
        memset(w, 0xff, s->way_row * sizeof *w);
        s->way_owner[row] = from;
    }
    w += ((uint32_t)other * 0x85EBCA6Bu) >> 16 & (WAY_ROW - 2);
    if (w->other != other) {
        if (w[1].other == other)
            return w + 1;
        w[1] = w[0]; /* the older of the two gives way */
        way_fill(s, from, other, w);
    }
    return w;
}

static void ways_new(tour_state *s)
{
    size_t n = s->p->nmarkets, rows = n;
    s->way_row = n;
    if (n > WAY_MARKETS_MOST) {
        rows = WAY_ROWS;
        s->way_row = WAY_ROW;
        s->way_owner = MEM_ARRAY(int32_t, rows);
        memset(s->way_owner, 0xff, rows * sizeof *s->way_owner);
    }
    s->ways = MEM_ARRAY(tour_way, rows * s->way_row + 1);
    memset(s->ways, 0xff, rows * s->way_row * sizeof *s->ways);
}

int64_t state_reach(const tour_state *s, int gap)
{
    const tour_limits *l = &s->p->limits;
    return l->drive_show_day ? l->drive_show_day + (int64_t)(gap - 1) * l->drive_free_day : INT64_MAX;
}

int64_t state_drive_days(const tour_state *s, int32_t minutes)
{
    const tour_limits *l = &s->p->limits;
    if (l->drive_show_day == 0 || minutes <= l->drive_show_day)
        return 1;
    return 1 + ((int64_t)minutes - l->drive_show_day + l->drive_free_day - 1) / l->drive_free_day;
}

static void leg_money(const tour_state *s, int32_t from, int32_t to, const tour_way *way, int64_t nights,
                      int64_t idle, int64_t late, state_leg *ret)
{
    const tour_prices *m = &s->p->prices;
    ret->costs = way->road + nights * m->per_night + idle * m->per_idle;
    ret->money = ret->costs;
    ret->minutes = way->minutes;
    if (late > m->late_after)
        ret->money += m->late_per_hour * (late - m->late_after) / 60;
    if (idle > 0 && m->rest_bonus && (s->p->markets[from].rest || s->p->markets[to].rest))
        ret->money -= m->rest_bonus * idle;
}

static int64_t first_minutes(const tour_state *s, int32_t minutes, int64_t days)
{
    return days <= 1 || minutes < s->p->limits.drive_free_day ? minutes : s->p->limits.drive_free_day;
}

/* From the stop on day i (-1: the start place) to that on day j (`days`: the end place). a, b: choices there;
 * look_back: b is the one whose ways are at hand. */
static bool leg_make(tour_state *s, int i, const tour_choice *a, int j, const tour_choice *b, bool look_back,
                     state_leg *ret)
{
    int32_t from = i < 0 ? s->p->start : a->market, to = j >= s->days ? s->p->end : b->market;
    *ret = (state_leg){0};
    if (from < 0 || to < 0)
        return false;
    const tour_way *way = look_back ? state_way(s, to, from) : state_way(s, from, to);
    ret->over = 0;
    if (i >= 0 && j < s->days) {
        int gap = j - i;
        int64_t most = state_reach(s, gap);
        leg_money(s, from, to, way, gap, gap - 1, a->show ? first_minutes(s, way->minutes, gap) : 0, ret);
        ret->first = (int16_t)(i + 1);
        ret->last = (int16_t)j;
        ret->over = way->minutes > most ? (int32_t)(way->minutes - most) : 0;
        return true;
    }
    int64_t n = state_drive_days(s, way->minutes), late = 0;
    if (i < 0) {
        leg_money(s, from, to, way, n - 1, n - 1, 0, ret);
        late = n - 1 - j;
        ret->first = (int16_t)(late > 0 ? 0 : j - n + 1);
        ret->last = (int16_t)j;
    } else {
        leg_money(s, from, to, way, n, n - 1, a->show ? first_minutes(s, way->minutes, n) : 0, ret);
        late = i + n - s->days;
        ret->first = (int16_t)(i + 1);
        ret->last = (int16_t)(late > 0 ? s->days : i + n);
    }
    ret->over = late > 0 ? (int32_t)(late > 10000 ? 10000 : late) * 100 : 0;
    return true;
}

bool state_leg_of(tour_state *s, int i, const tour_choice *a, int j, const tour_choice *b, state_leg *ret)
{
    return leg_make(s, i, a, j, b, false, ret);
}

static void leg_drive(tour_state *s, const state_leg *l, int sign)
{
    int32_t minutes = l->minutes, most = s->p->limits.drive_free_day;
    for (int d = l->first; d <= l->last; d++) {
        int32_t now = d < l->last && minutes > most ? most : minutes;
        s->driven[d] += sign * now;
        minutes -= now;
    }
}

/* ---- days ---- */

int state_before(const tour_state *s, int day)
{
    int word = day >> 6;
    uint64_t bits = s->taken[word] & ((UINT64_C(1) << (day & 63)) - 1);
    while (!bits) {
        if (--word < 0)
            return -1;
        bits = s->taken[word];
    }
    return word * 64 + 63 - __builtin_clzll(bits);
}

int state_after(const tour_state *s, int day)
{
    if (++day >= s->days)
        return s->days;
    int word = day >> 6, words = (s->days + 63) >> 6;
    uint64_t bits = s->taken[word] & ~((UINT64_C(1) << (day & 63)) - 1);
    while (!bits) {
        if (++word >= words)
            return s->days;
        bits = s->taken[word];
    }
    return word * 64 + __builtin_ctzll(bits);
}

static bool stop_on(const tour_state *s, int day)
{
    return s->taken[day >> 6] >> (day & 63) & 1;
}

static void mark_day(tour_state *s, int day, bool taken, bool show)
{
    uint64_t bit = UINT64_C(1) << (day & 63);
    s->taken[day >> 6] = taken ? s->taken[day >> 6] | bit : s->taken[day >> 6] & ~bit;
    s->show[day] = show;
}

bool state_fixed(const tour_state *s, int day)
{
    return s->x->anchor[day] != NO_CHOICE;
}

static int64_t above(int64_t is, int64_t limit)
{
    return limit > 0 && is > limit ? is - limit : 0;
}

/* By how much the windows of 7 days that hold one of these days break their rules. */
static int64_t windows_bad(const tour_state *s, int from, int until)
{
    const tour_limits *l = &s->p->limits;
    int first = from < 6 ? 0 : from - 6, end = until < s->days - 7 ? until : s->days - 7;
    int64_t shows = 0, driven = 0, bad = 0;
    int open = 0;
    if (first > end)
        return 0;
    for (int d = first; d < end + 7; d++) {
        shows += s->show[d];
        driven += s->driven[d];
        open += !stop_on(s, d) && s->driven[d] <= l->free_drive;
        if (d < first + 6)
            continue;
        bad +=
            above(shows, l->shows_7) + above(driven, l->drive_7) + (open < l->free_7 ? l->free_7 - open : 0);
        int o = d - 6;
        shows -= s->show[o];
        driven -= s->driven[o];
        open -= !stop_on(s, o) && s->driven[o] <= l->free_drive;
    }
    return bad;
}

/* Days of the run around this day beyond the limit; without the day, of the two runs beside it. */
static int64_t run_bad(const tour_state *s, int day)
{
    int left = 0, right = 0, most = s->p->limits.run_days;
    for (int d = day - 1; d >= 0 && s->show[d]; d--)
        left++;
    for (int d = day + 1; d < s->days && s->show[d]; d++)
        right++;
    if (s->show[day])
        return above(left + right + 1, most);
    return above(left, most) + above(right, most);
}

/* ---- pairs ---- */

static int64_t overlap_of(const tour_state *s, const tour_choice *a, const tour_choice *b, int64_t share)
{
    int days = a->day < b->day ? b->day - a->day : a->day - b->day;
    int64_t draw = a->draw < b->draw ? a->draw : b->draw;
    return draw * share / 10000 * s->p->fade[days] / 10000;
}

static int64_t overlap_with_market(const tour_state *s, const tour_choice *c, int32_t market, int64_t share)
{
    if (s->market_shows[market] == 0)
        return 0;
    if (s->market_shows[market] == 1)
        return overlap_of(s, c, &s->x->choices[s->at[s->market_day[market]]], share);
    int64_t sum = 0;
    for (int d = state_after(s, -1); d < s->days; d = state_after(s, d)) {
        const tour_choice *o = &s->x->choices[s->at[d]];
        if (o->show && o->market == market)
            sum += overlap_of(s, c, o, share);
    }
    return sum;
}

static int64_t overlap_with_all(const tour_state *s, const tour_choice *c)
{
    const tour_index *x = s->x;
    int64_t sum = overlap_with_market(s, c, c->market, 10000);
    if (s->lapped[c->market])
        for (uint32_t i = x->lap_first[c->market]; i < x->lap_first[c->market + 1]; i++)
            sum += overlap_with_market(s, c, x->laps[i].market, x->laps[i].share);
    return sum;
}

/* The row of one other venue: does it hold on any of these days apart? */
static bool row_holds(const tour_apart *row, const tour_apart *end, int apart, bool forbid)
{
    for (const tour_apart *r = row; r < end && r->venue == row->venue; r++)
        if (r->forbid == forbid && r->low <= apart && apart <= r->high)
            return true;
    return false;
}

/* Shows of the plan that clauses hold against: false when one forbids; else how many warn. */
static bool clauses_allow(const tour_state *s, const tour_choice *c, int *ret_warned)
{
    const tour_index *x = s->x;
    *ret_warned = 0;
    if (!s->near_clause[c->venue])
        return true;
    const tour_apart *r = x->apart + x->apart_first[c->venue], *end = x->apart + x->apart_first[c->venue + 1];
    while (r < end) {
        int32_t v = r->venue;
        int left = s->venue_shows[v];
        for (int d = left ? s->venue_day[v] : 0; left > 0; d = state_before(s, d)) {
            if (x->choices[s->at[d]].venue != v)
                continue;
            left--;
            if (row_holds(r, end, d - c->day, true))
                return false;
            *ret_warned += row_holds(r, end, d - c->day, false);
        }
        while (r < end && r->venue == v)
            r++;
    }
    return true;
}

static bool market_allows(const tour_state *s, const tour_choice *c)
{
    const tour_limits *l = &s->p->limits;
    if (s->market_shows[c->market] == 0)
        return true;
    if (l->market_times && s->market_shows[c->market] >= l->market_times)
        return false;
    if (l->market_cooldown <= 1)
        return true;
    for (int d = state_after(s, -1); d < s->days; d = state_after(s, d)) {
        const tour_choice *o = &s->x->choices[s->at[d]];
        int apart = d < c->day ? c->day - d : d - c->day;
        if (o->show && o->market == c->market && apart < l->market_cooldown)
            return false;
    }
    return true;
}

/* The change penalty of one market, with a show of it on `more` (-1: none) beside those in the plan but that on `less`. */
static int64_t change_of(const tour_state *s, int32_t market, int more, int less)
{
    const tour_index *x = s->x;
    int64_t sum = 0;
    for (uint32_t i = x->keep_first[market]; i < x->keep_first[market + 1]; i++) {
        bool same = more >= 0 && more == x->keep_days[i], other = more >= 0 && more != x->keep_days[i];
        if (s->market_shows[market])
            for (int d = state_after(s, -1); d < s->days; d = state_after(s, d)) {
                const tour_choice *o = &x->choices[s->at[d]];
                if (!o->show || o->market != market || d == less)
                    continue;
                same |= d == x->keep_days[i];
                other |= d != x->keep_days[i];
            }
        if (!same)
            sum += other ? s->p->prices.change / 2 : s->p->prices.change;
    }
    return sum;
}

static bool kept_market(const tour_state *s, int32_t market)
{
    return s->x->keep_first[market] < s->x->keep_first[market + 1];
}

/* ---- the change that a stop makes ---- */

typedef struct beside { /* the stops before and after a day, and the legs with and without one between */
    int i, j;
    const tour_choice *a, *b;
    state_leg in, out, past;
    bool has_in, has_out, has_past;
} beside;

static void look_beside(const tour_state *s, int day, beside *ret)
{
    ret->i = state_before(s, day);
    ret->j = state_after(s, day);
    ret->a = ret->i < 0 ? NULL : &s->x->choices[s->at[ret->i]];
    ret->b = ret->j >= s->days ? NULL : &s->x->choices[s->at[ret->j]];
}

/* Without any stop there is no way from the start to the end either. */
static void leg_past(tour_state *s, beside *n)
{
    n->past = (state_leg){0};
    n->has_past = (n->a || n->b) && state_leg_of(s, n->i, n->a, n->j, n->b, &n->past);
}

static void leg_through(tour_state *s, const tour_choice *c, beside *n)
{
    n->has_in = leg_make(s, n->i, n->a, c->day, c, false, &n->in);
    n->has_out = leg_make(s, c->day, c, n->j, n->b, true, &n->out);
}

static int64_t money_of(bool has, const state_leg *l)
{
    return has ? l->money : 0;
}

static int64_t costs_of(bool has, const state_leg *l)
{
    return has ? l->costs : 0;
}

static int64_t over_of(bool has, const state_leg *l)
{
    return has ? l->over : 0;
}

/* The days whose driving or freedom the stop changes. */
static void range_of(const beside *n, int day, int *from, int *until)
{
    const state_leg *l[] = {n->has_in ? &n->in : NULL, n->has_out ? &n->out : NULL,
                            n->has_past ? &n->past : NULL};
    *from = *until = day;
    for (int k = 0; k < 3; k++)
        if (l[k]) {
            *from = l[k]->first < *from ? l[k]->first : *from;
            *until = l[k]->last > *until ? l[k]->last : *until;
        }
}

static int64_t days_bad(const tour_state *s, int day, int from, int until)
{
    return windows_bad(s, from, until) + run_bad(s, day);
}

/* Lays the stop on its day (or, with sign -1, takes it off) as far as days and driving go. */
static void lay(tour_state *s, const tour_choice *c, const beside *n, int sign)
{
    if (n->has_past)
        leg_drive(s, &n->past, -sign);
    if (n->has_in)
        leg_drive(s, &n->in, sign);
    if (n->has_out)
        leg_drive(s, &n->out, sign);
    mark_day(s, c->day, sign > 0, sign > 0 && c->show);
}

static bool sequence_allows(tour_state *s, const tour_choice *c, const beside *n)
{
    int64_t over = over_of(n->has_in, &n->in) + over_of(n->has_out, &n->out);
    if (s->lenient)
        return true;
    if (s->sequence_bad == 0 && over > 0)
        return false;
    int from, until;
    range_of(n, c->day, &from, &until);
    int64_t before = 0;
    if (s->sequence_bad)
        before = over_of(n->has_past, &n->past) + days_bad(s, c->day, from, until);
    lay(s, c, n, 1);
    int64_t after = over + days_bad(s, c->day, from, until);
    lay(s, c, n, -1);
    return after <= before;
}

static bool bounds_allow(const tour_state *s, const tour_choice *c, const beside *n)
{
    const tour_limits *l = &s->p->limits;
    if (l->shows_max && s->shows >= l->shows_max)
        return false;
    if (!l->budget)
        return true;
    int64_t more = c->cost + costs_of(n->has_in, &n->in) + costs_of(n->has_out, &n->out) -
                   costs_of(n->has_past, &n->past);
    return more <= 0 || s->costs + more <= l->budget;
}

bool state_try(tour_state *s, uint32_t choice, int64_t least, int64_t *ret_gain)
{
    const tour_choice *c = &s->x->choices[choice];
    beside n;
    int warned;
    look_beside(s, c->day, &n);
    leg_past(s, &n);
    leg_through(s, c, &n);
    if (!s->sequence_bad && !s->lenient && over_of(n.has_in, &n.in) + over_of(n.has_out, &n.out) > 0)
        return false; /* as sequence_allows would say, before anything dear is worked out */
    int64_t gain =
        c->worth + money_of(n.has_past, &n.past) - money_of(n.has_in, &n.in) - money_of(n.has_out, &n.out);
    if (kept_market(s, c->market))
        gain += change_of(s, c->market, -1, -1) - change_of(s, c->market, c->day, -1);
    if (gain <= least || !market_allows(s, c) || !bounds_allow(s, c, &n))
        return false;
    gain -= overlap_with_all(s, c);
    if (gain <= least || !clauses_allow(s, c, &warned))
        return false;
    gain -= warned * s->p->prices.warn_cost;
    if (gain <= least || !sequence_allows(s, c, &n))
        return false;
    *ret_gain = gain;
    return true;
}

bool state_alone(const tour_state *s, uint32_t choice, int64_t *ret_value)
{
    const tour_choice *c = &s->x->choices[choice];
    int warned;
    if (!market_allows(s, c) || !clauses_allow(s, c, &warned))
        return false;
    *ret_value = c->worth - overlap_with_all(s, c) - warned * s->p->prices.warn_cost;
    if (kept_market(s, c->market))
        *ret_value += change_of(s, c->market, -1, -1) - change_of(s, c->market, c->day, -1);
    return true;
}

/* ---- put and drop ---- */

static void count_pins(tour_state *s, const tour_choice *c, int by)
{
    if (!s->pinned[c->market])
        return;
    const tour_slot *slot = &s->p->slots[c->slot];
    for (size_t k = 0; k < s->p->npins; k++)
        if (tour_pin_met(&s->p->pins[k], slot)) {
            s->pins_missing -= s->pin_met[k] > 0 ? 0 : 1;
            s->pin_met[k] = (int16_t)(s->pin_met[k] + by);
            s->pins_missing += s->pin_met[k] > 0 ? 0 : 1;
        }
}

int state_pins(const tour_state *s, uint32_t choice)
{
    const tour_choice *c = &s->x->choices[choice];
    int sum = 0;
    if (!s->pinned[c->market] || !s->pins_missing)
        return 0;
    for (size_t k = 0; k < s->p->npins; k++)
        sum += s->pin_met[k] == 0 && tour_pin_met(&s->p->pins[k], &s->p->slots[c->slot]);
    return sum;
}

/* Who is touched by a show here. */
static void touch(tour_state *s, const tour_choice *c, int by)
{
    const tour_index *x = s->x;
    for (uint32_t i = x->lap_first[c->market]; i < x->lap_first[c->market + 1]; i++)
        s->lapped[x->laps[i].market] = (uint16_t)(s->lapped[x->laps[i].market] + by);
    for (uint32_t i = x->apart_first[c->venue]; i < x->apart_first[c->venue + 1]; i++)
        s->near_clause[x->apart[i].venue] = (uint16_t)(s->near_clause[x->apart[i].venue] + by);
}

/* market_day and venue_day: the last day of those with a show there; -1 without. */
static int16_t last_day(const tour_state *s, int32_t market, int32_t venue)
{
    for (int d = state_before(s, s->days); d >= 0; d = state_before(s, d)) {
        const tour_choice *o = &s->x->choices[s->at[d]];
        if (o->show && (market >= 0 ? o->market == market : o->venue == venue))
            return (int16_t)d;
    }
    return -1;
}

static void count_place(int16_t *shows, int16_t *day, int16_t on, int by)
{
    *shows = (int16_t)(*shows + by);
    if (by > 0 && (*shows == 1 || on > *day))
        *day = on;
}

static void count_show(tour_state *s, const tour_choice *c, int by)
{
    count_place(&s->market_shows[c->market], &s->market_day[c->market], c->day, by);
    count_place(&s->venue_shows[c->venue], &s->venue_day[c->venue], c->day, by);
    if (by < 0 && s->market_shows[c->market])
        s->market_day[c->market] = last_day(s, c->market, -1);
    if (by < 0 && s->venue_shows[c->venue])
        s->venue_day[c->venue] = last_day(s, -1, c->venue);
    s->shows += by;
    touch(s, c, by);
    count_pins(s, c, by);
}

static int64_t pairs_of(const tour_state *s, const tour_choice *c)
{
    int warned;
    clauses_allow(s, c, &warned);
    return overlap_with_all(s, c) + warned * s->p->prices.warn_cost;
}

static void keep_legs(tour_state *s, const beside *n, int day, bool in)
{
    if (in) {
        s->leg[day] = n->in;
        s->leg[n->j] = n->out;
    } else {
        s->leg[n->j] = n->past;
    }
}

/* What laying the stop (sign 1) or taking it off (-1) does to the sums; the day itself is done here too. */
static void account(tour_state *s, const tour_choice *c, const beside *n, int sign)
{
    int from, until;
    range_of(n, c->day, &from, &until);
    s->sequence_bad -= days_bad(s, c->day, from, until);
    lay(s, c, n, sign);
    s->sequence_bad += days_bad(s, c->day, from, until);
    s->sequence_bad +=
        sign * (over_of(n->has_in, &n->in) + over_of(n->has_out, &n->out) - over_of(n->has_past, &n->past));
    s->total -= sign * (money_of(n->has_in, &n->in) + money_of(n->has_out, &n->out) -
                        money_of(n->has_past, &n->past));
    s->costs += sign * (c->cost + costs_of(n->has_in, &n->in) + costs_of(n->has_out, &n->out) -
                        costs_of(n->has_past, &n->past));
    s->minutes += sign * ((n->has_in ? n->in.minutes : 0) + (n->has_out ? n->out.minutes : 0) -
                          (n->has_past ? n->past.minutes : 0));
    s->total += sign * c->worth;
    s->stops += sign;
}

void state_put(tour_state *s, uint32_t choice)
{
    const tour_choice *c = &s->x->choices[choice];
    beside n;
    look_beside(s, c->day, &n);
    leg_past(s, &n);
    leg_through(s, c, &n);
    if (c->show) {
        s->total -= pairs_of(s, c);
        if (kept_market(s, c->market))
            s->total += change_of(s, c->market, -1, -1) - change_of(s, c->market, c->day, -1);
    }
    account(s, c, &n, 1);
    s->at[c->day] = choice;
    keep_legs(s, &n, c->day, true);
    if (c->show)
        count_show(s, c, 1);
}

void state_drop(tour_state *s, int day)
{
    const tour_choice *c = &s->x->choices[s->at[day]];
    beside n;
    look_beside(s, day, &n);
    leg_past(s, &n);
    leg_through(s, c, &n);
    account(s, c, &n, -1);
    s->at[day] = NO_CHOICE;
    keep_legs(s, &n, day, false);
    if (!c->show)
        return;
    count_show(s, c, -1);
    s->total += pairs_of(s, c);
    if (kept_market(s, c->market))
        s->total += change_of(s, c->market, c->day, -1) - change_of(s, c->market, -1, -1);
}

int64_t state_bad(const tour_state *s)
{
    const tour_limits *l = &s->p->limits;
    int64_t bad = s->pins_missing * 200;
    if (s->sequence_bad) /* less than a pin: a pinned show far away is put in first, stops on the way to it follow */
        bad += 1 + (s->sequence_bad / 32 < 198 ? s->sequence_bad / 32 : 198);
    if (s->shows < l->shows_min)
        bad += (l->shows_min - s->shows) * 10;
    if (l->budget && s->costs > l->budget)
        bad += 1 + (s->costs - l->budget) / (l->budget / 64 + 1);
    return bad;
}

/* ---- life ---- */

tour_state *state_new(const tour_problem *p)
{
    tour_state *s = MEM_NEW(tour_state);
    s->p = p;
    s->x = p->index;
    s->days = p->days;
    memset(s->at, 0xff, sizeof s->at);
    s->pin_met = MEM_ARRAY(int16_t, p->npins + 1);
    s->pinned = MEM_ARRAY(uint8_t, p->nmarkets + 1);
    s->market_shows = MEM_ARRAY(int16_t, p->nmarkets + 1);
    s->market_day = MEM_ARRAY(int16_t, p->nmarkets + 1);
    s->venue_shows = MEM_ARRAY(int16_t, p->nvenues + 1);
    s->venue_day = MEM_ARRAY(int16_t, p->nvenues + 1);
    s->lapped = MEM_ARRAY(uint16_t, p->nmarkets + 1);
    s->near_clause = MEM_ARRAY(uint16_t, p->nvenues + 1);
    ways_new(s);
    s->pins_missing = (int64_t)p->npins;
    for (size_t k = 0; k < p->npins; k++)
        s->pinned[p->pins[k].market] = 1;
    for (size_t m = 0; m < p->nmarkets; m++)
        s->total -= kept_market(s, (int32_t)m) ? change_of(s, (int32_t)m, -1, -1) : 0;
    for (int d = 0; d < s->days; d++)
        if (state_fixed(s, d))
            state_put(s, s->x->anchor[d]);
    return s;
}

void state_free(tour_state *s)
{
    if (!s)
        return;
    free(s->pin_met);
    free(s->pinned);
    free(s->market_shows);
    free(s->market_day);
    free(s->venue_shows);
    free(s->venue_day);
    free(s->lapped);
    free(s->near_clause);
    free(s->ways);
    free(s->way_owner);
    free(s);
}
