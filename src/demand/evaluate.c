/* Leave one show out: what would have been said of each show without it, by the model and by three simple rivals. */
#include "demand/private.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

enum { FOLDS = 5 };

typedef struct tally {
    double log_score, within, error;
    size_t shows, counted;
} tally;

static void tally_count(tally *t, const history *h, double log_chance, double low, double mid, double high)
{
    t->log_score += log_chance;
    t->shows++;
    if (h->censored)
        return;
    t->counted++;
    t->within += h->sold >= low && h->sold <= high;
    t->error += fabs(log1p(h->sold) - log1p(mid > 0 ? mid : 0));
}

static demand_score score_of(const char *name, const tally *t)
{
    double n = (double)(t->shows ? t->shows : 1), counted = (double)(t->counted ? t->counted : 1);
    return (demand_score){name,     t->log_score / n, t->within / counted, t->error / counted,
                          t->shows, t->counted};
}

/* ---- the model ---- */

static int fold_of(size_t artist)
{
    return (int)((artist * 2654435761u >> 8) % FOLDS);
}

/* The posterior of the effect in a show's place without the show: its pseudo-observation divided out, exact for normal ones. */
static void judge_show(const demand_model *m, const act *a, const parameters *p, const spot *s,
                       const history *h, tally *t)
{
    static const double at[3] = {.1, .5, .9};
    double mean, variance, q[3];
    artist_at(m, a, p, s->city, &mean, &variance);
    double precision = 1 / fmax(variance, 1e-9), own = 1 / (p->artist + p->place),
           less = precision - h->weight;
    if (less > own * (1 + 1e-6)) {
        mean = (mean * precision - h->weight * h->residual) / less;
    } else { /* the artist's only word */
        less = own;
        mean = 0;
    }
    double spread = sqrt(1 / less + p->show),
           expected = exp(fmin(show_eta(h, p) + mean + spread * spread / 2, 20));
    count_at(expected, spread, at, 3, q);
    tally_count(t, h, count_log_chance(expected, spread, h->sold, h->censored), q[0], q[1], q[2]);
}

static void judge_artist(demand_model *m, act *a, const parameters *p, tally *t)
{
    artist_settle(m, a, p);
    for (size_t i = a->spots; i < a->spots + a->nspots; i++)
        for (size_t k = m->spots[i].first; k < m->spots[i].first + m->spots[i].n; k++)
            judge_show(m, a, p, &m->spots[i], &m->shows[k], t);
}

static bool judge_model(demand_model *m, int32_t only, tally *t, stop *halt, err *e)
{
    bool *skip = MEM_ARRAY(bool, m->nartists + 1), ok = true;
    for (int fold = 0; ok && fold < FOLDS; fold++) {
        parameters p;
        if (only >= 0 && fold_of((size_t)only) != fold)
            continue;
        for (size_t i = 0; i < m->nartists; i++)
            skip[i] = fold_of(i) == fold;
        ok = parameters_fit(m, skip, &p, halt, e);
        for (size_t i = 0; ok && i < m->nartists; i++)
            if (skip[i] && (only < 0 || (size_t)only == i)) {
                ok = !stop_now(halt, e);
                judge_artist(m, &m->artists[i], &p, t);
            }
    }
    free(skip);
    return ok;
}

/* ---- the rivals ---- */

typedef enum { RAW_MEAN, PEOPLE_SHARE, FOLLOWER_SHARE } rival;

typedef struct totals {
    double sold, size;
    double shows;
} totals;

static double size_of(rival r, const spot *s)
{
    return r == RAW_MEAN ? 1 : r == PEOPLE_SHARE ? s->people + 1000 : s->near.followers + 1;
}

/* What a rival says of each show (log of tickets + 1/2): sold / size over the artist's other shows (of the raw mean: within 60 miles where there are
 * any), over everybody's where there are none. */
static void say(const demand_model *m, rival r, const act *a, totals all, double *ret)
{
    totals own = {0};
    for (size_t i = a->spots; i < a->spots + a->nspots; i++)
        for (size_t k = m->spots[i].first; k < m->spots[i].first + m->spots[i].n; k++) {
            own.sold += m->shows[k].sold;
            own.size += size_of(r, &m->spots[i]);
            own.shows++;
        }
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        const spot *s = &m->spots[i];
        double size = size_of(r, s);
        totals near = {0};
        for (size_t j = a->spots; r == RAW_MEAN && j < a->spots + a->nspots; j++)
            if (chord2(&m->map.at[s->city], &m->map.at[m->spots[j].city]) <= DEMAND_MILES * DEMAND_MILES)
                for (size_t k = m->spots[j].first; k < m->spots[j].first + m->spots[j].n; k++) {
                    near.sold += m->shows[k].sold;
                    near.size++;
                    near.shows++;
                }
        for (size_t k = s->first; k < s->first + s->n; k++) {
            const totals *t = near.shows > 1 ? &near : own.shows > 1 ? &own : &all;
            ret[k] = log(size * (t->sold - m->shows[k].sold) / fmax(t->size - size, 1e-9) + .5);
        }
    }
}

/* P(X = k) or P(X >= k) where log(X + 1/2) is normal, by the whole number. */
static double log_chance(double middle, double sd, const history *h)
{
    double above = (log(h->sold + 1.) - middle) / sd, below = h->sold ? (log(h->sold) - middle) / sd : -40;
    double chance = h->censored ? 1 - normal_below(below) : normal_below(above) - normal_below(below);
    return log(fmax(chance, 1e-12));
}

static void judge_rival(const demand_model *m, rival r, int32_t only, tally *t)
{
    double *said = MEM_ARRAY(double, m->nshows + 1), n = 0, sum = 0, squares = 0;
    totals all = {0};
    for (size_t i = 0; i < m->nspots; i++) {
        all.size += (double)m->spots[i].n * size_of(r, &m->spots[i]);
        for (size_t k = m->spots[i].first; k < m->spots[i].first + m->spots[i].n; k++)
            all.sold += m->shows[k].sold;
    }
    for (size_t i = 0; i < m->nartists; i++)
        say(m, r, &m->artists[i], all, said);
    for (size_t k = 0; k < m->nshows; k++) {
        double miss = log(m->shows[k].sold + .5) - said[k];
        n++, sum += miss, squares += miss * miss;
    }
    for (size_t k = 0; k < m->nshows; k++) {
        const history *h = &m->shows[k];
        double miss = log(h->sold + .5) - said[k], others = n - 1;
        if (only >= 0 && h->artist != only)
            continue;
        double bias = (sum - miss) / others, variance = (squares - miss * miss) / others - bias * bias;
        double middle = said[k] + bias, sd = sqrt(fmax(variance, .01));
        tally_count(t, h, log_chance(middle, sd, h), floor(exp(middle - 1.2815515655446 * sd)),
                    exp(middle) - .5, ceil(exp(middle + 1.2815515655446 * sd) - .5));
    }
    free(said);
}

size_t demand_evaluate(const demand_data *d, int32_t artist, demand_score ret[DEMAND_SCORES], stop *halt,
                       err *e)
{
    static const char *const names[] = {"raw mean", "population share", "follower share"};
    demand_model *m;
    tally t = {0};
    if (d->nshows < 2 || (artist >= 0 && (size_t)artist >= d->nartists)) {
        err_set(e, ERR_MISSING, "there are fewer than two shows to learn from");
        return 0;
    }
    if (!model_prepare(d, &m, halt, e))
        return 0;
    bool ok = judge_model(m, artist, &t, halt, e);
    if (ok && !t.shows)
        ok = err_set(e, ERR_MISSING, "this artist has played no show yet");
    for (int r = 0; ok && r < 3; r++) {
        tally rivals = {0};
        judge_rival(m, (rival)r, artist, &rivals);
        ret[r + 1] = score_of(names[r], &rivals);
    }
    if (ok)
        ret[0] = score_of("model", &t);
    demand_free(m);
    return ok ? DEMAND_SCORES : 0;
}
