/* problem: the arrays of a tour problem, their bounds, and distances.
 *
 * The bounds are chosen so that no sum of the objective can leave int64: an amount is at most 10^13 (a hundred thousand million in
 * cents) and a price 10^9, so that the largest products (risk * aversion, metres * price) stay below 10^18, and so does what a
 * whole year of the longest drives costs and all pairs of 366 shows take from each other. */
#include "base/mem.h"
#include "tour/private.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* no fused multiply-add: the same metres on every machine */
#endif

static const int64_t amount_most = INT64_C(10000000000000);
static const int64_t price_most = INT64_C(1000000000);
static const int32_t metres_most = 100000000, minutes_most = 10000000;

const char *tour_rule_word(tour_rule r)
{
    static const char *const words[TOUR_RULES] = {
        [TOUR_OK] = "ok",
        [TOUR_WINDOW] = "window",
        [TOUR_BLOCKED] = "blocked",
        [TOUR_DRIVE] = "drive",
        [TOUR_START] = "start",
        [TOUR_END] = "end",
        [TOUR_RUN] = "run",
        [TOUR_SHOWS_7] = "shows_7",
        [TOUR_DRIVE_7] = "drive_7",
        [TOUR_FREE_7] = "free_7",
        [TOUR_MARKET] = "market",
        [TOUR_COOLDOWN] = "cooldown",
        [TOUR_RADIUS] = "radius",
        [TOUR_PIN] = "pin",
        [TOUR_ANCHOR] = "anchor",
        [TOUR_SHOWS_MIN] = "shows_min",
        [TOUR_SHOWS_MAX] = "shows_max",
        [TOUR_BUDGET] = "budget",
    };
    return (unsigned)r < TOUR_RULES ? words[r] : "unknown";
}

void tour_defaults(tour_limits *ret_limits, tour_prices *ret_prices)
{
    *ret_limits = (tour_limits){.drive_show_day = 420,
                                .drive_free_day = 480,
                                .run_days = 5,
                                .shows_7 = 6,
                                .drive_7 = 2400,
                                .free_7 = 1,
                                .free_drive = 240,
                                .market_times = 1,
                                .road_factor = 12500,
                                .speed = 1400};
    *ret_prices = (tour_prices){.late_after = 360};
}

/* ---- life ---- */

tour_problem *tour_problem_new(void)
{
    tour_problem *p = MEM_NEW(tour_problem);
    tour_defaults(&p->limits, &p->prices);
    p->start = p->end = TOUR_NONE;
    return p;
}

void tour_problem_free(tour_problem *p)
{
    if (!p)
        return;
    index_free(p->index);
    free(p->markets);
    free(p->venues);
    free(p->clauses);
    free(p->slots);
    free(p->overlaps);
    free(p->legs);
    free(p->pins);
    free(p->keep);
    free(p);
}

static void *copied(const void *from, size_t n, size_t size)
{
    if (n == 0)
        return NULL;
    void *to = mem_new(n, size);
    memcpy(to, from, n * size);
    return to;
}

tour_problem *tour_problem_copy(const tour_problem *p)
{
    tour_problem *c = MEM_NEW(tour_problem);
    *c = *p;
    c->index = NULL;
    c->sorted = false;
    c->markets = copied(p->markets, p->nmarkets, sizeof *p->markets);
    c->venues = copied(p->venues, p->nvenues, sizeof *p->venues);
    c->clauses = copied(p->clauses, p->nclauses, sizeof *p->clauses);
    c->slots = copied(p->slots, p->nslots, sizeof *p->slots);
    c->overlaps = copied(p->overlaps, p->noverlaps, sizeof *p->overlaps);
    c->legs = copied(p->legs, p->nlegs, sizeof *p->legs);
    c->pins = copied(p->pins, p->npins, sizeof *p->pins);
    c->keep = copied(p->keep, p->nkeep, sizeof *p->keep);
    return c;
}

void tour_plan_done(tour_plan *p)
{
    free(p->stops);
    *p = (tour_plan){0};
}

void tour_plan_copy(tour_plan *ret, const tour_plan *p)
{
    *ret = *p;
    ret->stops = copied(p->stops, p->n, sizeof *p->stops);
}

/* ---- what a slot is by itself ---- */

int64_t tour_worth(const tour_problem *p, const tour_slot *s)
{
    if (s->appearance)
        return 0;
    return s->chance * s->net / 10000 - s->soft - p->prices.aversion * s->risk / 10000;
}

bool tour_pin_met(const tour_pin *pin, const tour_slot *s)
{
    return !s->appearance && s->market == pin->market &&
           (pin->venue == TOUR_NONE || s->venue == pin->venue) &&
           (pin->day == TOUR_NONE || s->day == pin->day);
}

/* ---- check ---- */

static bool within(int64_t x, int64_t low, int64_t high)
{
    return x >= low && x <= high;
}

static bool refuse(err *e, const char *array, size_t row, const char *field, int64_t is, int64_t low,
                   int64_t high)
{
    return err_set(e, ERR_INPUT, "tour: %s %zu: %s is %lld, not from %lld to %lld", array, row, field,
                   (long long)is, (long long)low, (long long)high);
}

typedef struct bound {
    const char *field;
    int64_t is, low, high;
} bound;

static bool hold_bounds(const char *array, size_t row, const bound *b, size_t n, err *e)
{
    for (size_t i = 0; i < n; i++)
        if (!within(b[i].is, b[i].low, b[i].high))
            return refuse(e, array, row, b[i].field, b[i].is, b[i].low, b[i].high);
    return true;
}

#define HOLD(array, row, b, e) hold_bounds((array), (row), (b), sizeof(b) / sizeof *(b), (e))

static bool check_limits(const tour_problem *p, err *e)
{
    const tour_limits *l = &p->limits;
    const tour_prices *m = &p->prices;
    const bound b[] = {
        {"days", p->days, 1, TOUR_DAYS_MOST},
        {"drive_show_day", l->drive_show_day, 0, minutes_most},
        {"drive_free_day", l->drive_free_day, 1, minutes_most},
        {"run_days", l->run_days, 1, INT32_MAX},
        {"shows_7", l->shows_7, 0, INT32_MAX},
        {"drive_7", l->drive_7, 0, INT32_MAX},
        {"free_7", l->free_7, 0, 7},
        {"free_drive", l->free_drive, 0, INT32_MAX},
        {"market_times", l->market_times, 0, INT32_MAX},
        {"market_cooldown", l->market_cooldown, 0, INT32_MAX},
        {"shows_min", l->shows_min, 0, INT32_MAX},
        {"shows_max", l->shows_max, 0, INT32_MAX},
        {"budget", l->budget, 0, INT64_MAX / 4},
        {"road_factor", l->road_factor, 1, 40000},
        {"speed", l->speed, 1, 100000},
        {"per_km", m->per_km, 0, price_most},
        {"per_hour", m->per_hour, 0, price_most},
        {"per_night", m->per_night, 0, price_most},
        {"per_idle", m->per_idle, 0, price_most},
        {"late_per_hour", m->late_per_hour, 0, price_most},
        {"rest_bonus", m->rest_bonus, 0, price_most},
        {"warn_cost", m->warn_cost, 0, price_most},
        {"change", m->change, 0, price_most},
        {"late_after", m->late_after, 0, minutes_most},
        {"aversion", m->aversion, 0, 50000},
        {"start", p->start, TOUR_NONE, (int64_t)p->nmarkets - 1},
        {"end", p->end, TOUR_NONE, (int64_t)p->nmarkets - 1},
        {"number of keep", (int64_t)p->nkeep, 0, 1000000},
    };
    for (size_t i = 0; i < sizeof b / sizeof *b; i++)
        if (!within(b[i].is, b[i].low, b[i].high))
            return err_set(e, ERR_INPUT, "tour: %s is %lld, not from %lld to %lld", b[i].field,
                           (long long)b[i].is, (long long)b[i].low, (long long)b[i].high);
    for (size_t i = 0; i < TOUR_DAYS_MOST; i++)
        if (!within(p->fade[i], 0, 10000))
            return refuse(e, "fade", i, "the share", p->fade[i], 0, 10000);
    return true;
}

static bool on_earth(double latitude, double longitude)
{
    return isfinite(latitude) && isfinite(longitude) && fabs(latitude) <= 90 && fabs(longitude) <= 180;
}

static bool check_places(const tour_problem *p, err *e)
{
    for (size_t i = 0; i < p->nmarkets; i++)
        if (!on_earth(p->markets[i].latitude, p->markets[i].longitude))
            return err_set(e, ERR_INPUT, "tour: market %zu lies at %g, %g, which is no place on earth", i,
                           p->markets[i].latitude, p->markets[i].longitude);
    for (size_t i = 0; i < p->nvenues; i++) {
        const tour_venue *v = &p->venues[i];
        const bound b[] = {{"market", v->market, 0, (int64_t)p->nmarkets - 1},
                           {"capacity", v->capacity, 0, INT32_MAX}};
        if (!HOLD("venue", i, b, e))
            return false;
        if (!on_earth(v->latitude, v->longitude))
            return err_set(e, ERR_INPUT, "tour: venue %zu lies at %g, %g, which is no place on earth", i,
                           v->latitude, v->longitude);
    }
    for (size_t i = 0; i < p->nclauses; i++) {
        const tour_clause *c = &p->clauses[i];
        const bound b[] = {{"venue", c->venue, 0, (int64_t)p->nvenues - 1},
                           {"metres", c->metres, 0, INT32_MAX},
                           {"days_before", c->days_before, 0, INT32_MAX},
                           {"days_after", c->days_after, 0, INT32_MAX}};
        if (!HOLD("clause", i, b, e))
            return false;
    }
    return true;
}

static bool check_slot(const tour_problem *p, size_t i, err *e)
{
    const tour_slot *s = &p->slots[i];
    const bound b[] = {
        {"venue", s->venue, s->appearance ? TOUR_NONE : 0,
         s->appearance ? TOUR_NONE : (int64_t)p->nvenues - 1},
        {"market", s->market, 0, (int64_t)p->nmarkets - 1},
        {"day", s->day, 0, p->days - 1},
        {"state", s->state, SLOT_OPEN, s->appearance ? SLOT_CONFIRMED : SLOT_BLOCKED},
        {"chance", s->chance, 0, 10000},
        {"low", s->low, 0, INT32_MAX},
        {"mid", s->mid, 0, INT32_MAX},
        {"high", s->high, 0, INT32_MAX},
        {"net", s->net, -amount_most, amount_most},
        {"cost", s->cost, 0, amount_most},
        {"risk", s->risk, -amount_most, amount_most},
        {"soft", s->soft, -amount_most, amount_most},
        {"draw", s->draw, 0, amount_most},
    };
    if (!HOLD("slot", i, b, e))
        return false;
    if (!s->appearance && p->venues[s->venue].market != s->market)
        return err_set(e, ERR_INPUT, "tour: slot %zu: its venue %d is in market %d, not %d", i, s->venue,
                       p->venues[s->venue].market, s->market);
    return true;
}

/* The same venue twice a day, or two appearances: found by their keys in order. */
static int by_key(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static bool check_slots(const tour_problem *p, err *e)
{
    for (size_t i = 0; i < p->nslots; i++)
        if (!check_slot(p, i, e))
            return false;
    if (p->nslots < 2)
        return true;
    int64_t(*keys)[2] = mem_new(p->nslots, sizeof *keys);
    for (size_t i = 0; i < p->nslots; i++) {
        keys[i][0] = (int64_t)p->slots[i].venue * TOUR_DAYS_MOST + p->slots[i].day;
        keys[i][1] = (int64_t)i;
    }
    qsort(keys, p->nslots, sizeof *keys, by_key);
    bool ok = true;
    for (size_t i = 1; i < p->nslots && ok; i++)
        if (keys[i][0] == keys[i - 1][0])
            ok = err_set(e, ERR_INPUT, "tour: slot %lld is the same %s and day as slot %lld",
                         (long long)keys[i][1], p->slots[keys[i][1]].appearance ? "appearance" : "venue",
                         (long long)keys[i - 1][1]);
    free(keys);
    return ok;
}

static bool check_wishes(const tour_problem *p, err *e)
{
    for (size_t i = 0; i < p->npins; i++) {
        const tour_pin *n = &p->pins[i];
        const bound b[] = {{"market", n->market, 0, (int64_t)p->nmarkets - 1},
                           {"venue", n->venue, TOUR_NONE, (int64_t)p->nvenues - 1},
                           {"day", n->day, TOUR_NONE, p->days - 1}};
        if (!HOLD("pin", i, b, e))
            return false;
        if (n->venue != TOUR_NONE && p->venues[n->venue].market != n->market)
            return err_set(e, ERR_INPUT, "tour: pin %zu: its venue %d is in market %d, not %d", i, n->venue,
                           p->venues[n->venue].market, n->market);
    }
    for (size_t i = 0; i < p->nkeep; i++) {
        const bound b[] = {{"market", p->keep[i].market, 0, (int64_t)p->nmarkets - 1},
                           {"day", p->keep[i].day, TOUR_NONE, INT16_MAX}};
        if (!HOLD("keep", i, b, e))
            return false;
    }
    return true;
}

/* Legs and overlaps both start with the pair, a and b: one order for both. */
static int by_pair(const void *x, const void *y)
{
    const int32_t *a = x, *b = y;
    return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

static void turn(int32_t *a, int32_t *b)
{
    if (*a > *b) {
        int32_t t = *a;
        *a = *b;
        *b = t;
    }
}

static bool check_pairs(tour_problem *p, err *e)
{
    int64_t last = (int64_t)p->nmarkets - 1;
    for (size_t i = 0; i < p->nlegs; i++) {
        tour_leg_set *l = &p->legs[i];
        const bound b[] = {{"a", l->a, 0, last},
                           {"b", l->b, 0, last},
                           {"metres", l->metres, 0, metres_most},
                           {"minutes", l->minutes, 0, minutes_most}};
        if (!HOLD("leg", i, b, e))
            return false;
        if (l->a == l->b)
            return err_set(e, ERR_INPUT, "tour: leg %zu goes from market %d to itself", i, l->a);
        turn(&l->a, &l->b);
    }
    for (size_t i = 0; i < p->noverlaps; i++) {
        tour_overlap *o = &p->overlaps[i];
        const bound b[] = {{"a", o->a, 0, last}, {"b", o->b, 0, last}, {"share", o->share, 0, 10000}};
        if (!HOLD("overlap", i, b, e))
            return false;
        if (o->a == o->b)
            return err_set(e, ERR_INPUT,
                           "tour: overlap %zu is of market %d with itself, which is whole as it is", i, o->a);
        turn(&o->a, &o->b);
    }
    if (p->nlegs)
        qsort(p->legs, p->nlegs, sizeof *p->legs, by_pair);
    if (p->noverlaps)
        qsort(p->overlaps, p->noverlaps, sizeof *p->overlaps, by_pair);
    for (size_t i = 1; i < p->nlegs; i++)
        if (by_pair(&p->legs[i - 1], &p->legs[i]) == 0)
            return err_set(e, ERR_INPUT, "tour: two legs are given between markets %d and %d", p->legs[i].a,
                           p->legs[i].b);
    for (size_t i = 1; i < p->noverlaps; i++)
        if (by_pair(&p->overlaps[i - 1], &p->overlaps[i]) == 0)
            return err_set(e, ERR_INPUT, "tour: two overlaps are given between markets %d and %d",
                           p->overlaps[i].a, p->overlaps[i].b);
    return true;
}

bool tour_problem_check(tour_problem *p, err *e)
{
    p->sorted = false;
    if (p->nmarkets > INT32_MAX || p->nvenues > INT32_MAX || p->nslots > INT32_MAX)
        return err_set(e, ERR_INPUT, "tour: more markets, venues or slots than can be counted");
    if (!check_limits(p, e) || !check_places(p, e) || !check_slots(p, e) || !check_wishes(p, e) ||
        !check_pairs(p, e))
        return false;
    p->sorted = true;
    return true;
}

/* ---- distances ---- */

/* The sine of 0..90 degrees by its series: the library's own differs between machines in the last bit. A term that no longer counts
 * ends it: all that follow are smaller. */
static double sine(double degrees)
{
    double x = degrees * (3.14159265358979323846 / 180.0), square = x * x, term = x, sum = x;
    for (int k = 1; k <= 14; k++) {
        term = -term * square / (double)((2 * k) * (2 * k + 1));
        if (sum + term == sum)
            break;
        sum = sum + term;
    }
    return sum;
}

/* The arc sine of 0..1 by its series, which is used up to one half; above by asin x = pi/2 - 2 asin sqrt((1 - x) / 2). */
static double arc_sine(double x)
{
    if (x > 0.5)
        return 3.14159265358979323846 / 2 - 2 * arc_sine(sqrt((1 - x) / 2));
    double square = x * x, power = x, sum = x;
    for (int k = 0; k < 26; k++) {
        power = power * square * (double)((2 * k + 1) * (2 * k + 1)) / (double)((2 * k + 2) * (2 * k + 3));
        if (sum + power == sum)
            break;
        sum = sum + power;
    }
    return sum;
}

int32_t tour_metres(double lat1, double lon1, double lat2, double lon2)
{
    static const double earth = 6371008.8; /* mean radius (IUGG), metres */
    double around = fabs(lon1 - lon2);
    if (around > 180)
        around = 360 - around;
    double a = sine(fabs(lat1 - lat2) / 2), b = sine(around / 2);
    double flat = sine(90 - fabs(lat1)) * sine(90 - fabs(lat2));
    double h = a * a + flat * (b * b); /* haversine */
    if (!(h > 0))                      /* NaN too */
        return 0;
    return (int32_t)(2 * earth * arc_sine(sqrt(h < 1 ? h : 1)));
}

static const tour_leg_set *leg_given(const tour_problem *p, int32_t a, int32_t b)
{
    turn(&a, &b);
    if (p->sorted && p->nlegs) {
        const tour_leg_set key = {.a = a, .b = b};
        return bsearch(&key, p->legs, p->nlegs, sizeof key, by_pair);
    }
    for (size_t i = 0; i < p->nlegs; i++) {
        const tour_leg_set *l = &p->legs[i];
        if ((l->a == a && l->b == b) || (l->a == b && l->b == a))
            return l;
    }
    return NULL;
}

tour_leg tour_between(const tour_problem *p, int32_t a, int32_t b)
{
    if (a == b)
        return (tour_leg){0, 0};
    const tour_leg_set *given = leg_given(p, a, b);
    if (given)
        return (tour_leg){given->metres, given->minutes};
    const tour_market *m = &p->markets[a], *n = &p->markets[b];
    int64_t metres = (int64_t)tour_metres(m->latitude, m->longitude, n->latitude, n->longitude) *
                     p->limits.road_factor / 10000;
    int64_t minutes = (metres + p->limits.speed - 1) / p->limits.speed;
    return (tour_leg){(int32_t)metres, (int32_t)minutes};
}
