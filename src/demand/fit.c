/* The parameters: coefficients by generalised least squares on the shows as normal observations (ridge towards a guess, so that a
 * handful of shows moves them only a little), and the variances of artist, place and show by the MM algorithm, both again and again until they
 * stay. Here every city of an artist has an effect of its own; that neighbours share theirs enters in artist.c alone. One pass is
 * linear in the number of shows. */
#include "demand/private.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define F DEMAND_FEATURES
#define STAYS 1e-5
enum { PASSES_MOST = 120 };
static const double SURE = 4; /* the guess of a variance is worth that many observations */

void parameters_prior(parameters *p)
{
    *p = (parameters){.artist = .25, .place = .12, .show = .25, .season = .04};
    p->beta[X_ONE] = -1;
    p->beta[X_FOLLOWERS] = .6;
    p->beta[X_BUYERS] = .25;
    p->beta[X_PEOPLE] = .05;
    p->beta[X_ARTIST] = .05;
}

/* ---- coefficients ---- */

typedef struct normal_equations {
    double a[F * F], b[F];
} normal_equations;

static void add_square(normal_equations *q, const double *x, double value, double weight)
{
    for (int i = 0; i < F; i++) {
        for (int j = 0; j <= i; j++)
            q->a[i * F + j] += weight * x[i] * x[j];
        q->b[i] += weight * x[i] * value;
    }
}

/* One artist's part of X' V^-1 X and X' V^-1 z, by Woodbury: the shows as if independent, less what the effects of place and artist share. */
static void add_artist(normal_equations *q, const demand_model *m, const act *a, const parameters *p)
{
    double all_x[F] = {0}, all_z = 0, sum = 0;
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        const spot *s = &m->spots[i];
        double x[F] = {0}, z = 0, d = p->place + 1 / s->weight;
        for (size_t k = s->first; k < s->first + s->n; k++) {
            const history *h = &m->shows[k];
            double value = h->residual + dot_product(h->x, p->beta, F);
            add_square(q, h->x, value, h->weight);
            for (int j = 0; j < F; j++)
                x[j] += h->weight / s->weight * h->x[j];
            z += h->weight / s->weight * value;
        }
        add_square(q, x, z, 1 / d - s->weight);
        for (int j = 0; j < F; j++)
            all_x[j] += x[j] / d;
        all_z += z / d;
        sum += 1 / d;
    }
    add_square(q, all_x, all_z, -1 / (1 / p->artist + sum));
}

static void solve_beta(normal_equations *q, double *beta)
{
    parameters guess;
    parameters_prior(&guess);
    for (int i = 0; i < F; i++) {
        double ridge = i == X_ONE ? 1. / 9 : 4; /* slopes: +- 1/2 */
        q->a[i * F + i] += ridge;
        q->b[i] += ridge * guess.beta[i];
    }
    if (!root_of(q->a, F))
        return; /* cannot be, but for rounding: then they stay as they are */
    root_forward(q->a, F, q->b);
    root_back(q->a, F, q->b);
    memcpy(beta, q->b, sizeof q->b);
}

/* New coefficients; the observations are then taken from them. */
static void refit_beta(demand_model *m, const bool *skip, parameters *p)
{
    normal_equations q = {{0}, {0}};
    parameters old = *p;
    for (size_t i = 0; i < m->nartists; i++)
        if (m->artists[i].nshows && !(skip && skip[i]))
            add_artist(&q, m, &m->artists[i], p);
    solve_beta(&q, p->beta);
    for (size_t i = 0; i < m->nspots; i++) {
        spot *s = &m->spots[i];
        double moved = 0;
        if (skip && skip[m->shows[s->first].artist])
            continue;
        for (size_t k = s->first; k < s->first + s->n; k++) {
            history *h = &m->shows[k];
            double by = dot_product(h->x, old.beta, F) - dot_product(h->x, p->beta, F);
            h->residual += by;
            moved += h->weight / s->weight * by;
        }
        s->residual += moved;
    }
}

/* ---- variances ---- */

typedef struct score { /* of a variance: the slope of the log likelihood is (up - down) / 2 */
    double up, down;
} score;

/* log Phi(t), t as in artist.c but of what the other shows say of the effect, so that a show is not measured by a word of its own:
 * d/dv = -t hazard / (2 v), v with the effect's variance in it. */
static void score_censored(score *show, const history *h, const parameters *p, double effect,
                           double uncertain)
{
    double precision = 1 / fmax(uncertain, 1e-9), others = precision - h->weight;
    if (others < 1 / (p->artist + p->place))
        others = 1 / (p->artist + p->place);
    double middle = show_eta(h, p) + (effect * precision - h->weight * h->residual) / others;
    double v = p->show + 1. / h->sold + 1 / others, t = (middle - log(h->sold - .5)) / sqrt(v);
    double slope = t * normal_hazard(t) / v;
    *(slope < 0 ? &show->up : &show->down) += fabs(slope);
}

static void score_show(score *show, const history *h, const parameters *p, double effect, double uncertain)
{
    if (!h->censored) {
        double u = (h->residual - effect) * h->weight;
        show->up += u * u;
        show->down += h->weight - h->weight * h->weight * uncertain;
    } else if (h->sold > 0) {
        score_censored(show, h, p, effect, uncertain);
    }
}

static void score_artist(demand_model *m, const act *a, const parameters *p, score of[3])
{
    simple r = artist_simple(m, a, p);
    double pull = r.mean / p->artist; /* 1' V^-1 residual */
    of[0].up += pull * pull;
    of[0].down += r.sum * r.variance / p->artist;
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        const spot *s = &m->spots[i];
        double d = p->place + 1 / s->weight, g = (s->residual - r.mean) / d,
               own = 1 / d - r.variance / (d * d);
        of[1].up += g * g;
        of[1].down += own;
        double uncertain = 1 / s->weight - own / (s->weight * s->weight);
        for (size_t k = s->first; k < s->first + s->n; k++)
            score_show(&of[2], &m->shows[k], p, s->effect, uncertain > 0 ? uncertain : 0);
    }
}

static double step_variance(double v, double guess, score s)
{
    double up = s.up + SURE * guess / (v * v), down = s.down + SURE / v;
    double next = v * sqrt(up / down);
    return next < 1e-4 ? 1e-4 : next > 9 ? 9 : next;
}

static double moved(double a, double b)
{
    return fabs(a - b) / (fabs(a) + fabs(b) + 1e-3);
}

/* One round: effects, variances. Returns the largest relative move of any parameter. */
static double pass(demand_model *m, const bool *skip, parameters *p)
{
    parameters old = *p, guess;
    score of[3] = {{0, 0}, {0, 0}, {0, 0}};
    parameters_prior(&guess);
    for (size_t i = 0; i < m->nartists; i++)
        if (m->artists[i].nshows && !(skip && skip[i]))
            artist_observe(m, &m->artists[i], p);
    refit_beta(m, skip, p);
    for (size_t i = 0; i < m->nartists; i++)
        if (m->artists[i].nshows && !(skip && skip[i]))
            score_artist(m, &m->artists[i], p, of);
    p->artist = step_variance(p->artist, guess.artist, of[0]);
    p->place = step_variance(p->place, guess.place, of[1]);
    p->show = step_variance(p->show, guess.show, of[2]);
    double most =
        fmax(moved(p->artist, old.artist), fmax(moved(p->place, old.place), moved(p->show, old.show)));
    for (int i = 0; i < F; i++)
        most = fmax(most, moved(p->beta[i], old.beta[i]));
    return most;
}

/* ---- what the shows of one artist in one year have in common ---- */

typedef struct yearly {
    int32_t artist, year;
    double residual;
} yearly;

static int by_year(const void *a, const void *b)
{
    const yearly *x = a, *y = b;
    if (x->artist != y->artist)
        return x->artist < y->artist ? -1 : 1;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    return (x->residual > y->residual) - (x->residual < y->residual);
}

/* Mean product of two residuals of one artist and year: their covariance. A guess stands in for SURE years, too. */
static double season_variance(const demand_model *m, const bool *skip, const parameters *p)
{
    yearly *all = MEM_ARRAY(yearly, m->nshows + 1);
    size_t n = 0;
    parameters guess;
    parameters_prior(&guess);
    for (size_t i = 0; i < m->nspots; i++)
        for (size_t k = m->spots[i].first; k < m->spots[i].first + m->spots[i].n; k++) {
            const history *h = &m->shows[k];
            if (!h->censored &&
                !(skip && skip[h->artist])) /* a Poisson count with few tickets weighs less, as it should */
                all[n++] = (yearly){h->artist, h->day / 365,
                                    (h->residual - m->spots[i].effect) * h->weight * p->show};
        }
    if (n)
        qsort(all, n, sizeof *all, by_year);
    double products = SURE * guess.season, pairs = SURE;
    for (size_t i = 0, end; i < n; i = end) {
        double sum = 0, squares = 0;
        for (end = i; end < n && all[end].artist == all[i].artist && all[end].year == all[i].year; end++) {
            sum += all[end].residual;
            squares += all[end].residual * all[end].residual;
        }
        if (end - i > 1) {
            products += (sum * sum - squares) / (double)(end - i - 1);
            pairs += (double)(end - i);
        }
    }
    free(all);
    double v = products / pairs, most = .8 * p->show;
    return v < 1e-6 ? 1e-6 : v > most ? most : v;
}

bool parameters_fit(demand_model *m, const bool *skip, parameters *ret, stop *halt, err *e)
{
    parameters p;
    parameters_prior(&p);
    for (size_t i = 0; i < m->nartists; i++) {
        const act *a = &m->artists[i];
        if (!a->nshows || (skip && skip[i]))
            continue;
        artist_reset(m, a);
        p.artists++;
        p.shows += (int64_t)a->nshows;
        for (size_t k = a->shows; k < a->shows + a->nshows; k++)
            p.censored += m->shows[k].censored;
    }
    for (int i = 0; p.shows && i < PASSES_MOST; i++) {
        if (stop_now(halt, e))
            return false;
        if (pass(m, skip, &p) < STAYS)
            break;
    }
    if (p.shows)
        p.season = season_variance(m, skip, &p);
    *ret = p;
    return true;
}

bool demand_fit(const demand_data *d, demand_model **ret, stop *halt, err *e)
{
    demand_model *m;
    if (!model_prepare(d, &m, halt, e))
        return false;
    if (!parameters_fit(m, NULL, &m->fitted, halt, e) || !model_settle(m, halt, e)) {
        demand_free(m);
        return false;
    }
    *ret = m;
    return true;
}
