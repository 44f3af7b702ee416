/* One artist's effects, given the parameters: each show becomes a normal observation in log (its weight bounded by its count and by the spread
 * of shows), and the effects of the places follow as a Gaussian process over the cities that were played. Observations depend
 * on the effects and these on the observations: a few rounds of Newton's method. */
#include "demand/private.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 8, WHOLE_ROUNDS = 2 };

double show_eta(const history *h, const parameters *p)
{
    return dot_product(h->x, p->beta, DEMAND_FEATURES) + h->offset;
}

/* The mode of sold * theta - exp(theta) - (theta - middle)^2 / (2 show): concave, so Newton with bounded steps gets there. */
static double mode_of(double theta, double sold, double middle, double variance)
{
    for (int i = 0; i < 40; i++) {
        double rate = exp(theta);
        double step = (sold - rate - (theta - middle) / variance) / (rate + 1 / variance);
        theta += step > 2 ? 2 : step < -2 ? -2 : step;
        if (fabs(step) < 1e-10)
            break;
    }
    return theta;
}

/* Sold out at c: log P(X >= c) = log Phi((eta + effect - log(c - 1/2)) / s), its slope and curvature as an observation. */
static void observe_censored(history *h, const parameters *p, double eta, double effect)
{
    if (h->sold <= 0) {
        h->weight = 1e-12; /* "at least none" says nothing */
        h->residual = effect;
        return;
    }
    double s = sqrt(p->show + 1. / h->sold), t = (eta + effect - log(h->sold - .5)) / s;
    double hazard = normal_hazard(t), w = hazard * (hazard + t) / (s * s);
    h->theta = eta + effect;
    h->weight = w > 1e-12 ? w : 1e-12;
    h->residual = w > 1e-12 ? effect + s / (hazard + t) : effect;
}

void show_observe(history *h, const parameters *p, double eta, double effect)
{
    if (h->censored) {
        observe_censored(h, p, eta, effect);
        return;
    }
    h->theta = mode_of(h->theta, h->sold, eta + effect, p->show);
    double rate = exp(h->theta);
    h->weight = 1 / (p->show + 1 / rate);
    h->residual = h->theta + (h->sold - rate) / rate - eta;
}

void artist_reset(demand_model *m, const act *a)
{
    for (size_t i = a->shows; i < a->shows + a->nshows; i++)
        m->shows[i].theta = log(m->shows[i].sold + .5);
    for (size_t i = a->spots; i < a->spots + a->nspots; i++)
        m->spots[i].effect = 0;
}

void artist_observe(demand_model *m, const act *a, const parameters *p)
{
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        spot *s = &m->spots[i];
        double sum = 0;
        s->weight = 0;
        for (size_t k = s->first; k < s->first + s->n; k++) {
            history *h = &m->shows[k];
            show_observe(h, p, show_eta(h, p), s->effect);
            s->weight += h->weight;
            sum += h->weight * h->residual;
        }
        s->residual = sum / s->weight;
    }
}

simple artist_simple(demand_model *m, const act *a, const parameters *p)
{
    simple r = {0};
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        double d = p->place + 1 / m->spots[i].weight;
        r.sum += 1 / d;
        r.weighted += m->spots[i].residual / d;
    }
    r.variance = 1 / (1 / p->artist + r.sum);
    r.mean = r.variance * r.weighted;
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        spot *s = &m->spots[i];
        s->effect = r.mean + p->place / (p->place + 1 / s->weight) * (s->residual - r.mean);
    }
    return r;
}

/* ---- over places ---- */

static double kin(const demand_model *m, const parameters *p, int32_t a, int32_t b)
{
    return p->artist + p->place * exp(-sqrt(chord2(&m->map.at[a], &m->map.at[b])) / DEMAND_KIN_MILES);
}

typedef struct ranked {
    double weight;
    int32_t at;
} ranked;

static int by_weight(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->weight < y->weight || x->weight > y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->at < y->at ? -1 : 1;
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The spots that the posterior rests on: all, or for an artist who played everywhere the ones that say most. */
static void keep_spots(demand_model *m, act *a)
{
    ranked *all = MEM_ARRAY(ranked, a->nspots + 1);
    for (size_t i = 0; i < a->nspots; i++)
        all[i] = (ranked){m->spots[a->spots + i].weight, (int32_t)i};
    a->kept = a->nspots < DEMAND_SPOTS_MOST ? a->nspots : DEMAND_SPOTS_MOST;
    if (a->nspots > DEMAND_SPOTS_MOST)
        qsort(all, a->nspots, sizeof *all, by_weight);
    free(a->keeps);
    free(a->root);
    free(a->alpha);
    a->keeps = MEM_ARRAY(int32_t, a->kept + 1);
    a->root = MEM_ARRAY(double, a->kept * a->kept + 1);
    a->alpha = MEM_ARRAY(double, a->kept + 1);
    for (size_t i = 0; i < a->kept; i++)
        a->keeps[i] = all[i].at;
    qsort(a->keeps, a->kept, sizeof *a->keeps, by_number);
    free(all);
}

static void solve_whole(demand_model *m, act *a, const parameters *p)
{
    size_t n = a->kept;
    for (size_t i = 0; i < n; i++) {
        const spot *s = &m->spots[a->spots + (size_t)a->keeps[i]];
        for (size_t j = 0; j <= i; j++)
            a->root[i * n + j] = kin(m, p, s->city, m->spots[a->spots + (size_t)a->keeps[j]].city);
        a->root[i * n + i] += 1 / s->weight;
        a->alpha[i] = s->residual;
    }
    (void)root_of(a->root, n); /* positive: a covariance and something on its diagonal */
    root_forward(a->root, n, a->alpha);
    root_back(a->root, n, a->alpha);
}

void artist_at(const demand_model *m, const act *a, const parameters *p, int32_t city, double *ret_mean,
               double *ret_variance)
{
    double k[DEMAND_SPOTS_MOST], own = p->artist + p->place, mean = 0;
    for (size_t i = 0; i < a->kept; i++) {
        k[i] = kin(m, p, city, m->spots[a->spots + (size_t)a->keeps[i]].city);
        mean += k[i] * a->alpha[i];
    }
    root_forward(a->root, a->kept, k);
    double v = own - dot_product(k, k, a->kept);
    *ret_mean = mean;
    *ret_variance = v > 0 ? v : 0;
}

void artist_settle(demand_model *m, act *a, const parameters *p)
{
    double ones[DEMAND_SPOTS_MOST], variance;
    a->shock = p->artist;
    if (!a->nspots)
        return;
    artist_reset(m, a);
    for (int i = 0; i < ROUNDS; i++) {
        artist_observe(m, a, p);
        artist_simple(m, a, p);
    }
    for (int i = 0; i < WHOLE_ROUNDS; i++) {
        artist_observe(m, a, p);
        keep_spots(m, a);
        solve_whole(m, a, p);
        for (size_t k = a->spots; k < a->spots + a->nspots; k++)
            artist_at(m, a, p, m->spots[k].city, &m->spots[k].effect, &variance);
    }
    for (size_t i = 0; i < a->kept; i++)
        ones[i] = p->artist;
    root_forward(a->root, a->kept, ones);
    a->shock = p->artist - dot_product(ones, ones, a->kept);
    if (a->shock < 0)
        a->shock = 0;
}

bool model_settle(demand_model *m, stop *halt, err *e)
{
    for (size_t i = 0; i < m->nartists; i++) {
        if (i % 16 == 0 && stop_now(halt, e))
            return false;
        artist_settle(m, &m->artists[i], &m->fitted);
    }
    return true;
}
