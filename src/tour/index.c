/* index: see index.h. Everything here is exact in integers, or in doubles that hold whole numbers (coordinates on the sphere
 * in whole metres), so that two machines build the same index. Nearness is the chord through the earth; the roads' own
 * distances come from tour_between for the few pairs that are kept. */
#include "tour/index.h"
#include "base/mem.h"
#include "tour/private.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EARTH_METRES 6371008.8

typedef struct spot { /* on the sphere, in whole metres */
    double x, y, z;
    int32_t id;
} spot;

typedef struct ranked {
    int64_t key;
    int32_t id;
} ranked;

/* ---- places ---- */

/* Taylor, |x| <= pi: good to 1e-9, and the same everywhere, which the C library's own is not. */
static double sine(double x)
{
    double term = x, sum = x;
    for (int k = 1; k < 14; k++) {
        term = -term * x * x / (double)((2 * k) * (2 * k + 1));
        sum += term;
    }
    return sum;
}

static double whole(double x)
{
    return (double)(int64_t)(x < 0 ? x - 0.5 : x + 0.5);
}

static spot spot_of(double latitude, double longitude, int32_t id)
{
    const double pi = 3.14159265358979323846;
    double f = latitude * (pi / 180), l = longitude * (pi / 180);
    double cosf = sine(pi / 2 - f), cosl = sine(pi / 2 - (l < 0 ? -l : l));
    return (spot){whole(EARTH_METRES * cosf * cosl), whole(EARTH_METRES * cosf * sine(l)),
                  whole(EARTH_METRES * sine(f)), id};
}

static double chord2(const spot *a, const spot *b)
{
    double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
    return x * x + y * y + z * z;
}

/* The chord of a way on the sphere. */
static double chord_of(double metres)
{
    const double half_round = 3.14159265358979323846 * EARTH_METRES;
    return metres >= half_round ? 2 * EARTH_METRES : 2 * EARTH_METRES * sine(metres / (2 * EARTH_METRES));
}

static int by_z(const void *a, const void *b)
{
    const spot *p = a, *q = b;
    if (p->z != q->z)
        return p->z < q->z ? -1 : 1;
    return p->id < q->id ? -1 : p->id > q->id;
}

/* The first of the spots (by z) that is not south of z. */
static size_t band(const spot *s, size_t n, double z)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s[mid].z < z)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* ---- slots ---- */

static bool choice_before(const tour_choice *a, const tour_choice *b)
{
    if (a->worth != b->worth)
        return a->worth > b->worth;
    return a->slot < b->slot;
}

static tour_choice choice_make(const tour_problem *p, size_t i)
{
    const tour_slot *s = &p->slots[i];
    tour_choice c = {
        .slot = (int32_t)i, .venue = s->venue, .market = s->market, .day = s->day, .show = !s->appearance};
    if (c.show) {
        c.worth = tour_worth(p, s);
        c.draw = s->draw;
        c.cost = s->cost;
    }
    return c;
}

static void put_in_row(tour_index *x, size_t row, uint32_t used, tour_choice c)
{
    tour_choice *at = x->choices + x->first[row] + used;
    for (; at > x->choices + x->first[row] && choice_before(&c, at - 1); at--)
        *at = at[-1];
    *at = c;
}

static bool slot_usable(const tour_slot *s)
{
    return !s->appearance && s->state != SLOT_BLOCKED;
}

static void index_shows(const tour_problem *p, tour_index *x)
{
    size_t rows = x->markets * x->days;
    for (size_t i = 0; i < p->nslots; i++)
        if (slot_usable(&p->slots[i]))
            x->first[(size_t)p->slots[i].market * x->days + (size_t)p->slots[i].day + 1]++;
    for (size_t r = 0; r < rows; r++)
        x->first[r + 1] += x->first[r];
    x->nchoices = x->first[rows];
    x->choices = MEM_ARRAY(tour_choice, x->nchoices + x->days + 1);
    uint32_t *used = MEM_ARRAY(uint32_t, rows + 1);
    for (size_t i = 0; i < p->nslots; i++)
        if (slot_usable(&p->slots[i])) {
            size_t row = (size_t)p->slots[i].market * x->days + (size_t)p->slots[i].day;
            put_in_row(x, row, used[row]++, choice_make(p, i));
        }
    free(used);
    for (size_t r = 0; r < rows; r++)
        x->top[r] = x->first[r] < x->first[r + 1] ? x->choices[x->first[r]].worth : TOUR_WORST;
}

static void index_slots(const tour_problem *p, tour_index *x)
{
    size_t rows = x->markets * x->days, n;
    x->top = MEM_ARRAY(int64_t, rows + 1);
    x->first = MEM_ARRAY(uint32_t, rows + 1);
    x->choice_of = MEM_ARRAY(uint32_t, p->nslots + 1);
    x->anchor = MEM_ARRAY(uint32_t, x->days + 1);
    memset(x->choice_of, 0xff, (p->nslots + 1) * sizeof *x->choice_of);
    memset(x->anchor, 0xff, (x->days + 1) * sizeof *x->anchor);
    index_shows(p, x);
    n = x->nchoices;
    for (size_t i = 0; i < p->nslots; i++) {
        if (!p->slots[i].appearance)
            continue;
        x->anchor[p->slots[i].day] = (uint32_t)n;
        x->choices[n++] = choice_make(p, i);
    }
    for (size_t c = 0; c < n; c++)
        x->choice_of[x->choices[c].slot] = (uint32_t)c;
}

/* What a market brings on a usual day; markets by worth, day by day. */
static int64_t *index_appeal(const tour_problem *p, tour_index *x)
{
    int64_t *appeal = MEM_ARRAY(int64_t, x->markets + 1), sum = 0, count = 0;
    (void)p;
    x->nbest = x->markets < TOUR_BEST_MOST ? x->markets : TOUR_BEST_MOST;
    x->best = MEM_ARRAY(int32_t, x->days * x->nbest + 1);
    for (size_t i = 0; i < x->days * x->nbest; i++)
        x->best[i] = TOUR_NONE;
    for (size_t m = 0; m < x->markets; m++) {
        const int64_t *top = x->top + m * x->days;
        int64_t all = 0, n = 0;
        for (size_t d = 0; d < x->days; d++) {
            if (top[d] == TOUR_WORST)
                continue;
            int32_t *row = x->best + d * x->nbest;
            size_t at = x->nbest;
            while (at > 0 && (row[at - 1] < 0 || x->top[(size_t)row[at - 1] * x->days + d] < top[d]))
                at--;
            if (at < x->nbest) {
                memmove(row + at + 1, row + at, (x->nbest - at - 1) * sizeof *row);
                row[at] = (int32_t)m;
            }
            all += top[d] > 0 ? top[d] : 0;
            n += top[d] > 0;
        }
        appeal[m] = n ? all / n : 0;
        sum += n ? appeal[m] : 0;
        count += n > 0;
    }
    x->typical = count && sum / count > 0 ? sum / count : 1;
    return appeal;
}

/* ---- neighbours ---- */

static bool ranks_before(const ranked *a, const ranked *b)
{
    return a->key != b->key ? a->key < b->key : a->id < b->id;
}

/* Brings the k smallest to the front, in no order (Hoare's selection). */
static void choose(ranked *r, size_t n, size_t k)
{
    size_t low = 0, high = n;
    while (high - low > 1 && k > low && k < high) {
        ranked pivot =
            r[low + (high - low - 1) / 2]; /* never the last: each part is smaller than the whole */
        size_t i = low - 1, j = high;
        for (;;) {
            while (ranks_before(&r[++i], &pivot))
                ;
            while (ranks_before(&pivot, &r[--j]))
                ;
            if (i >= j)
                break;
            ranked t = r[i];
            r[i] = r[j];
            r[j] = t;
        }
        if (k <= j)
            high = j + 1;
        else
            low = j + 1;
    }
}

static int by_key(const void *a, const void *b)
{
    const ranked *p = a, *q = b;
    if (p->key != q->key)
        return p->key < q->key ? -1 : 1;
    return p->id < q->id ? -1 : p->id > q->id;
}

/* How far apart neighbours may be, as a chord: so that a show is possible three days later, or, where markets are many,
 * about the next day. */
static double reach(const tour_problem *p)
{
    const tour_limits *l = &p->limits;
    double free_days = p->nmarkets > 1000 ? 0.3 : 2;
    double minutes = (double)l->drive_show_day + free_days * l->drive_free_day;
    double metres =
        l->drive_show_day > 0 && l->road_factor > 0 ? minutes * l->speed / l->road_factor * 10000 : 3e7;
    return metres > 3e7 ? 3e7 : metres + 1000;
}

/* Candidates around spot i: the nearest, and those whose usual worth less the way there is best. */
static size_t near_pick(const tour_problem *p, const spot *s, size_t n, size_t i, const int64_t *appeal,
                        double far, ranked *r, int32_t *ret)
{
    size_t found = 0, out = 0, end = band(s, n, s[i].z + far);
    for (size_t j = band(s, n, s[i].z - far); j < end; j++) {
        double c2 = chord2(&s[i], &s[j]);
        if (j != i && c2 <= far * far)
            r[found++] = (ranked){(int64_t)c2, s[j].id};
    }
    size_t nearest = found < TOUR_NEAREST ? found : TOUR_NEAREST;
    choose(r, found, nearest);
    for (; out < nearest; out++)
        ret[out] = r[out].id;
    for (size_t j = nearest; j < found; j++) {
        int64_t metres = (int64_t)sqrt((double)r[j].key) * p->limits.road_factor / 10000;
        int64_t minutes = p->limits.speed > 0 ? metres / p->limits.speed : 0;
        r[j].key = metres * p->prices.per_km / 1000 + minutes * p->prices.per_hour / 60 - appeal[r[j].id];
        /* A day lost on the way costs about a show. */
        int64_t most = p->limits.drive_show_day;
        if (most > 0 && minutes > most)
            r[j].key += appeal[r[j].id] / 2 + (minutes - most) * (appeal[r[j].id] / 2) / most;
    }
    size_t most = TOUR_NEAR_MOST - TOUR_NEAREST, more = found - nearest < most ? found - nearest : most;
    choose(r + nearest, found - nearest, more);
    qsort(r + nearest, more, sizeof *r, by_key);
    for (size_t j = 0; j < more; j++)
        ret[out++] = r[nearest + j].id;
    return out;
}

/* Legs that were set by hand reach where the great circle does not. */
static size_t near_by_hand(const tour_problem *p, int32_t m, const uint32_t *first, const int32_t *others,
                           int32_t *ret, size_t n)
{
    (void)p;
    for (uint32_t i = first[m]; i < first[m + 1] && n < 2 * TOUR_NEAR_MOST; i++) {
        bool known = false;
        for (size_t j = 0; j < n && !known; j++)
            known = ret[j] == others[i];
        if (!known && others[i] != m)
            ret[n++] = others[i];
    }
    return n;
}

static void rows_of_legs(const tour_problem *p, uint32_t **ret_first, int32_t **ret_others)
{
    uint32_t *first = MEM_ARRAY(uint32_t, p->nmarkets + 2);
    int32_t *others = MEM_ARRAY(int32_t, 2 * p->nlegs + 1);
    for (size_t i = 0; i < p->nlegs; i++) {
        first[p->legs[i].a + 2]++;
        first[p->legs[i].b + 2]++;
    }
    for (size_t m = 2; m < p->nmarkets + 2; m++)
        first[m] += first[m - 1];
    for (size_t i = 0; i < p->nlegs; i++) {
        others[first[p->legs[i].a + 1]++] = p->legs[i].b;
        others[first[p->legs[i].b + 1]++] = p->legs[i].a;
    }
    *ret_first = first;
    *ret_others = others;
}

/* All markets by z, those without a single usable slot left out but as start, end or anchor. */
static void index_near(const tour_problem *p, tour_index *x, const int64_t *appeal)
{
    size_t n = x->markets, cap = 0, total = 0, good = 0;
    spot *all = MEM_ARRAY(spot, n + 1), *with = MEM_ARRAY(spot, n + 1);
    ranked *r = MEM_ARRAY(ranked, n + 1);
    uint32_t *leg_first;
    int32_t *leg_others, pick[2 * TOUR_NEAR_MOST];
    rows_of_legs(p, &leg_first, &leg_others);
    for (size_t m = 0; m < n; m++) {
        all[m] = spot_of(p->markets[m].latitude, p->markets[m].longitude, (int32_t)m);
        if (x->first[m * x->days] < x->first[(m + 1) * x->days])
            with[good++] = all[m];
    }
    qsort(with, good, sizeof *with, by_z);
    x->near_first = MEM_ARRAY(uint32_t, n + 1);
    double far = reach(p);
    for (size_t m = 0; m < n; m++) {
        /* The market itself goes to the end of the list for a while, so that it is found where it is looked for. */
        with[good] = all[m];
        size_t picked = 0, found = 0;
        spot *s = with;
        size_t own = band(s, good, all[m].z);
        while (own < good && s[own].z <= all[m].z && s[own].id != (int32_t)m)
            own++;
        if (own == good || s[own].id != (int32_t)m)
            own = good;
        (void)found;
        picked = near_pick(p, s, good, own, appeal, far, r, pick);
        picked = near_by_hand(p, (int32_t)m, leg_first, leg_others, pick, picked);
        for (size_t k = 0; k < picked; k++) {
            MEM_ROOM(x->near, total, cap);
            x->near[total++] = pick[k];
        }
        x->near_first[m + 1] = (uint32_t)total;
    }
    free(all);
    free(with);
    free(r);
    free(leg_first);
    free(leg_others);
}

/* ---- who keeps whom away ---- */

static void index_laps(const tour_problem *p, tour_index *x)
{
    x->lap_first = MEM_ARRAY(uint32_t, x->markets + 2);
    x->laps = MEM_ARRAY(tour_lap, 2 * p->noverlaps + 1);
    uint32_t *first = x->lap_first + 1;
    for (size_t i = 0; i < p->noverlaps; i++) {
        first[p->overlaps[i].a]++;
        first[p->overlaps[i].b]++;
    }
    for (size_t m = 1; m <= x->markets; m++)
        x->lap_first[m] += x->lap_first[m - 1];
    for (size_t i = p->noverlaps; i-- > 0;) {
        const tour_overlap *o = &p->overlaps[i];
        x->laps[--first[o->a]] = (tour_lap){o->b, o->share};
        x->laps[--first[o->b]] = (tour_lap){o->a, o->share};
    }
    memmove(x->lap_first, x->lap_first + 1, x->markets * sizeof *x->lap_first);
    x->lap_first[x->markets] = (uint32_t)(2 * p->noverlaps);
}

static void index_keep(const tour_problem *p, tour_index *x)
{
    x->keep_first = MEM_ARRAY(uint32_t, x->markets + 2);
    x->keep_days = MEM_ARRAY(int16_t, p->nkeep + 1);
    for (size_t i = 0; i < p->nkeep; i++)
        x->keep_first[p->keep[i].market + 1]++;
    for (size_t m = 0; m < x->markets; m++)
        x->keep_first[m + 1] += x->keep_first[m];
    uint32_t *used = MEM_ARRAY(uint32_t, x->markets + 1);
    for (size_t i = 0; i < p->nkeep; i++) {
        int32_t m = p->keep[i].market;
        x->keep_days[x->keep_first[m] + used[m]++] = p->keep[i].day;
    }
    free(used);
}

typedef struct pair {
    int32_t venue;
    tour_apart to;
} pair;

static int16_t days_clamped(int32_t d)
{
    return (int16_t)(d > TOUR_DAYS_MOST ? TOUR_DAYS_MOST : d < -TOUR_DAYS_MOST ? -TOUR_DAYS_MOST : d);
}

/* Stable, by a key below `keys`: first by the other venue, then by the venue, gives rows in order in two passes. */
static void sort_pairs(pair *from, pair *to, size_t n, size_t keys, bool by_other)
{
    uint32_t *at = MEM_ARRAY(uint32_t, keys + 2);
    for (size_t i = 0; i < n; i++)
        at[(by_other ? from[i].to.venue : from[i].venue) + 1]++;
    for (size_t k = 0; k < keys; k++)
        at[k + 1] += at[k];
    for (size_t i = 0; i < n; i++)
        to[at[by_other ? from[i].to.venue : from[i].venue]++] = from[i];
    free(at);
}

static void apart_rows(tour_index *x, size_t venues, pair *pairs, size_t n)
{
    pair *other = MEM_ARRAY(pair, n + 1);
    sort_pairs(pairs, other, n, venues, true);
    sort_pairs(other, pairs, n, venues, false);
    free(other);
    x->apart = MEM_ARRAY(tour_apart, n + 1);
    x->apart_first = MEM_ARRAY(uint32_t, venues + 1);
    size_t out = 0, i = 0;
    for (size_t v = 0; v < venues; v++) {
        size_t row = out;
        for (; i < n && pairs[i].venue == (int32_t)v; i++) {
            bool twice = false;
            for (size_t k = out; k-- > row && x->apart[k].venue == pairs[i].to.venue && !twice;)
                twice = x->apart[k].low == pairs[i].to.low && x->apart[k].high == pairs[i].to.high &&
                        x->apart[k].forbid == pairs[i].to.forbid;
            if (!twice)
                x->apart[out++] = pairs[i].to;
        }
        x->apart_first[v + 1] = (uint32_t)out;
    }
}

static void index_apart(const tour_problem *p, tour_index *x)
{
    const double slack =
        20; /* metres: well above what rounding to whole metres can do; between, the exact distance decides */
    size_t n = 0, cap = 0;
    pair *pairs = NULL;
    spot *s = MEM_ARRAY(spot, p->nvenues + 1);
    for (size_t v = 0; v < p->nvenues; v++)
        s[v] = spot_of(p->venues[v].latitude, p->venues[v].longitude, (int32_t)v);
    qsort(s, p->nvenues, sizeof *s, by_z);
    for (size_t i = 0; i < p->nclauses; i++) {
        const tour_clause *c = &p->clauses[i];
        const tour_venue *v = &p->venues[c->venue];
        spot here = spot_of(v->latitude, v->longitude, c->venue);
        double chord = chord_of(c->metres), inner = chord > slack ? chord - slack : 0, outer = chord + slack;
        size_t end = band(s, p->nvenues, here.z + outer + 1);
        for (size_t j = band(s, p->nvenues, here.z - outer); j < end; j++) {
            const tour_venue *w = &p->venues[s[j].id];
            double c2 = chord2(&here, &s[j]);
            if (c2 > outer * outer ||
                (c2 >= inner * inner &&
                 tour_metres(v->latitude, v->longitude, w->latitude, w->longitude) > c->metres))
                continue;
            int16_t before = days_clamped(c->days_before), after = days_clamped(c->days_after);
            MEM_ROOM(pairs, n, cap);
            pairs[n++] = (pair){c->venue, {s[j].id, (int16_t)-before, after, c->forbid}};
            MEM_ROOM(pairs, n, cap);
            pairs[n++] = (pair){s[j].id, {c->venue, (int16_t)-after, before, c->forbid}};
        }
    }
    apart_rows(x, p->nvenues, pairs, n);
    free(pairs);
    free(s);
}

/* ---- life cycle ---- */

void index_free(tour_index *x)
{
    if (!x)
        return;
    free(x->top);
    free(x->first);
    free(x->choices);
    free(x->choice_of);
    free(x->anchor);
    free(x->near_first);
    free(x->near);
    free(x->lap_first);
    free(x->laps);
    free(x->apart_first);
    free(x->apart);
    free(x->keep_first);
    free(x->keep_days);
    free(x->best);
    free(x);
}

bool tour_ready(tour_problem *p, err *e)
{
    if (!tour_problem_check(p, e))
        return false;
    index_free(p->index);
    p->index = NULL;
    tour_index *x = MEM_NEW(tour_index);
    x->markets = p->nmarkets;
    x->days = (size_t)p->days;
    index_slots(p, x);
    int64_t *appeal = index_appeal(p, x);
    index_near(p, x, appeal);
    index_laps(p, x);
    index_keep(p, x);
    index_apart(p, x);
    free(appeal);
    p->index = x;
    return true;
}
