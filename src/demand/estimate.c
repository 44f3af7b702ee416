/* The answers. */
#include "demand/private.h"

#include <limits.h>
#include <math.h>

#define LOG_MOST 20. /* half a milliard tickets: whatever says more is wrong */

void demand_tell(const demand_model *m, demand_about *ret)
{
    const parameters *p = &m->fitted;
    *ret = (demand_about){.shows = p->shows,
                          .censored = p->censored,
                          .artists = p->artists,
                          .artist = sqrt(p->artist),
                          .place = sqrt(p->place),
                          .show = sqrt(p->show),
                          .season = sqrt(p->season)};
}

/* The shows within 60 miles. */
static void tell_history(const demand_model *m, const act *a, int32_t city, demand_estimate *ret)
{
    double sold = 0;
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        const spot *s = &m->spots[i];
        if (chord2(&m->map.at[city], &m->map.at[s->city]) > DEMAND_MILES * DEMAND_MILES)
            continue;
        for (size_t k = s->first; k < s->first + s->n; k++) {
            ret->shows++;
            ret->censored += m->shows[k].censored;
            sold += m->shows[k].sold;
        }
    }
    ret->raw = ret->shows ? sold / ret->shows : -1;
}

static int32_t whole(int64_t n)
{
    return n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

static double clamped(double log_mean)
{
    return exp(log_mean < LOG_MOST ? log_mean : LOG_MOST);
}

static void tell_quantiles(demand_estimate *ret)
{
    static const double p[3] = {.1, .5, .9};
    double q[3];
    count_at(ret->mean, ret->spread, p, 3, q);
    ret->low = q[0];
    ret->mid = q[1];
    ret->high = q[2];
    double room = ceil(q[1] / .8 / 10) * 10;
    ret->room = room < 10 ? 10 : room < INT32_MAX ? (int32_t)room : INT32_MAX;
}

void demand_estimate_at(const demand_model *m, int32_t artist, int32_t city, int32_t day,
                        demand_estimate *ret)
{
    const act *a = &m->artists[artist];
    const parameters *p = &m->fitted;
    demand_estimate e = {0};
    reach near = cells_reach(&m->map, m->cells + a->cells, a->ncells, city);
    double x[DEMAND_FEATURES], effect, variance, own = p->artist + p->place;
    tell_history(m, a, city, &e);
    e.followers = whole(near.whole_followers);
    e.buyers = whole(near.whole_buyers);
    e.fans = whole(near.whole_fans);
    e.last_show = last_play(m, a, city, day);
    e.fatigue = e.last_show == INT32_MIN ? 1 : fatigue_of(day - e.last_show);
    features_at(a, &near, ground_people(&m->map, city), buyers_of(m, a, &near, city, day), day,
                e.last_show == INT32_MIN, x);
    double eta = dot_product(x, p->beta, DEMAND_FEATURES) + log(e.fatigue);
    artist_at(m, a, p, city, &effect, &variance);
    e.spread = sqrt(variance + p->show);
    e.mean = clamped(eta + effect + (variance + p->show) / 2);
    e.prior = clamped(eta + (own + p->show) / 2);
    e.weight = own > variance ? 1 - variance / own : 0;
    e.shared = fmin(sqrt(a->shock + p->season), e.spread);
    tell_quantiles(&e);
    *ret = e;
}

double demand_expected(const demand_estimate *e, int32_t capacity)
{
    return count_expected(e->mean, e->spread, capacity);
}

double demand_sells_out(const demand_estimate *e, int32_t capacity)
{
    return capacity > 0 ? 1 - count_below(e->mean, e->spread, capacity) : 0;
}

double demand_quantile(const demand_estimate *e, double p)
{
    double q;
    count_at(e->mean, e->spread, &p, 1, &q);
    return q;
}

/* ---- fans whom several places share ---- */

static void add_alone(void *ctx, const base_cell *cell, double square)
{
    *(double *)ctx += near_weight(square) * cell->fans;
}

typedef struct shared {
    const demand_model *m;
    const int32_t *cities;
    size_t n, at;
    double *sums; /* a stop each: what it gets */
    double both;  /* of two: what they take from each other */
} shared;

/* Each fan goes to the stops within reach in proportion to their pull, and comes with the chance that the pull itself stands for. */
static void add_shared(void *ctx, const base_cell *cell, double square)
{
    shared *s = ctx;
    double own = near_weight(square), all = 0;
    for (size_t i = 0; i < s->n; i++)
        all += near_weight(chord2(&s->m->map.at[s->cities[i]], &s->m->map.at[cell->city]));
    s->sums[s->at] += cell->fans * own * own / all;
    s->both += cell->fans * own * (all - own) / all;
}

void demand_split(const demand_model *m, int32_t artist, const int32_t *cities, size_t n, double *ret)
{
    const act *a = &m->artists[artist];
    for (size_t i = 0; i < n; i++) {
        ret[i] = 0;
        shared s = {.m = m, .cities = cities, .n = n, .at = i, .sums = ret};
        cells_near(&m->map, m->cells + a->cells, a->ncells, cities[i], add_shared, &s);
    }
}

double demand_overlap(const demand_model *m, int32_t artist, int32_t a, int32_t b)
{
    if (a == b)
        return 1;
    const act *of = &m->artists[artist];
    int32_t two[2] = {a < b ? a : b, a < b ? b : a}; /* the same bits whichever comes first */
    double sums[2] = {0}, alone[2] = {0};
    shared s = {.m = m, .cities = two, .n = 2, .sums = sums};
    for (size_t i = 0; i < 2; i++)
        cells_near(&m->map, m->cells + of->cells, of->ncells, two[i], add_alone, &alone[i]);
    double least = fmin(alone[0], alone[1]);
    if (least <= 0) /* no fan to share: as if people were where the places are */
        return near_weight(chord2(&m->map.at[a], &m->map.at[b]));
    cells_near(&m->map, m->cells + of->cells, of->ncells, two[0], add_shared, &s);
    return fmin(2 * s.both / least, 1);
}
