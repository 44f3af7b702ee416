/* demand: how many tickets an artist would sell in a place, as a posterior with what it rests on. Pure: fed by named queries
 * (demand_cells, demand_shows; src/plan, src/command/demand.c), writes nothing.
 *
 * The model, in one line: tickets ~ Poisson(exp(x b + log fatigue + artist + artist x place + show)).
 *
 *   x b       ridge Poisson regression over all artists on followers and buyers of the artist within 60 miles, decaying with distance
 *             as 1 / (1 + (miles / 15)^2); people living there likewise; the artist's followers in all; Friday or Saturday, Sunday;
 *             never played here. Buyers are those whom earlier shows nearby brought (see feature.c), or a show would explain itself.
 *   fatigue   1 - .3 exp(-days / 180) since the last play within 60 miles, known and not fitted
 *   artist, artist x place, show
 *             normal effects in log with fitted variances; place effects of one artist fall off with distance (exp(-miles / 20)).
 *
 * That is one coherent posterior for all sizes: a show of lambda expected tickets weighs 1 / (variance of show + 1 / lambda), so that where counts are small it
 * is weighted as Gamma-Poisson would (by the count), and where they are large as log-normal variance components would (by the number
 * of shows). Fitted by penalised quasi-likelihood (Breslow and Clayton 1993), variances by the MM algorithm of Zhou et al. 2019.
 * A sold-out show says "at least": it enters by P(X >= sold) (Tobin 1958).
 * What is predicted is Poisson-log-normal: exact for fewer than 40 expected tickets, matched by a log-normal above.
 *
 * Two places share a fan by a Huff split, so that totals never exceed the fan base.
 *
 * Deterministic: the same data in whatever order and the same parameters give the same bits. A fitted model is never written to
 * after it was made: any number of threads may ask it.
 *
 * Counts are of people and tickets; miles are statute miles; days are since 1970-01-01. A fan base below DEMAND_CELL_LEAST
 * in a place is not shown to people (demand_public). */
#ifndef SHOWX_DEMAND_DEMAND_H
#define SHOWX_DEMAND_DEMAND_H

#include "base/buf.h"
#include "base/err.h"
#include "base/job.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DEMAND_CELL_LEAST = 5 };
#define DEMAND_MILES 60.0

typedef struct demand_cell { /* of one artist in one city, by the fans' home */
    int32_t artist;          /* 0-based; the feeder's numbering */
    int32_t city;            /* row of the city arrays */
    int32_t followers, buyers, tickets;
} demand_cell;

typedef struct demand_show { /* a played show, or one whose sale is over */
    int32_t artist, city;
    int32_t day;
    int32_t sold, capacity; /* capacity 0 = unknown */
    bool sold_out;          /* censored: at least `sold`; so is sold >= capacity */
    int64_t price;          /* mean paid per ticket, minor units */
} demand_show;

typedef struct demand_data { /* borrowed while building */
    const double *latitudes, *longitudes;
    const int64_t *population;
    size_t ncities;
    size_t nartists;
    const demand_cell *cells;
    size_t ncells;
    const demand_show *shows;
    size_t nshows;
} demand_data;

typedef struct demand_model demand_model;
/* Fits, and makes ready to be asked. Fine with no show at all (then everything is a prior, and says so). False when stopped, or
 * ERR_INPUT naming array and row. */
bool demand_fit(const demand_data *d, demand_model **ret, stop *halt, err *e);
void demand_free(demand_model *m);

/* The fitted parameters as text (a line each, every bit kept), and a model made of them and other data without fitting: `showx demand
 * refresh` fits over everybody and stores the text (queries/demand_model.sql); who wants one artist's answers loads it with the cells and shows of
 * that artist alone. The answers are then bit for bit those of the model that was fitted. text NULL: the priors. */
void demand_model_save(const demand_model *m, buf *out);
bool demand_model_load(const char *text, const demand_data *d, demand_model **ret, stop *halt, err *e);

typedef struct demand_about { /* what it was fitted on, and the spread of each effect in log */
    int64_t shows, censored, artists;
    double artist, place, show; /* standard deviations */
    double season; /* of the part of `show` that the shows of one artist in one year have in common */
} demand_about;
void demand_tell(const demand_model *m, demand_about *ret);

typedef struct demand_estimate {
    double mean, low, mid, high; /* tickets: mean, p10, p50, p90, before any capacity */
    double raw;                /* what this artist sold here on average, < 0 = never played within 60 miles */
    double prior;              /* what the fit alone says (mean) */
    double weight;             /* of the own history: 0 = all prior, towards 1 = all history */
    double fatigue;            /* the factor already in it; 1 = rested */
    int32_t shows, censored;   /* within 60 miles: shows it rests on, of these sold out */
    int32_t followers, buyers; /* within 60 miles, whole people */
    int32_t fans;              /* within 60 miles: the larger of the two, city by city */
    int32_t last_show;         /* day, or INT32_MIN */
    int32_t room;              /* a fitting capacity: p50 sells it to about 80 % */
    double spread; /* standard deviation in log of what is expected; the count's own comes on top */
    double shared; /* of that, the artist-level shock: the same for all places of one artist; <= spread */
} demand_estimate;

/* For a show of that artist in that city on that day (a weekday effect goes by it). A few microseconds. */
void demand_estimate_at(const demand_model *m, int32_t artist, int32_t city, int32_t day,
                        demand_estimate *ret);
double demand_expected(const demand_estimate *e,
                       int32_t capacity); /* E[min(demand, capacity)]; capacity 0 = no bound */
double demand_sells_out(const demand_estimate *e,
                        int32_t capacity); /* chance of at least that many; 0 for capacity 0 */
double demand_quantile(const demand_estimate *e, double p); /* 0 < p < 1 */

/* What two shows in a and b take from each other, as a share of the smaller one's fans: Huff's split by inverse square distance leaves a and
 * b together (2 - what this says) times the smaller base. 1 for the same place, 0 beyond 120 miles; symmetric. */
double demand_overlap(const demand_model *m, int32_t artist, int32_t a, int32_t b);
/* Huff's split among n stops: ret[i] = fans that stop i can count on. Their sum never exceeds the fan base. */
void demand_split(const demand_model *m, int32_t artist, const int32_t *cities, size_t n, double *ret);
bool demand_public(int32_t people); /* false below the least cell */

/* ---- is it any good: leave one show out ---- */
typedef struct demand_score {
    const char *name; /* "model", "raw mean", "population share", "follower share" */
    double
        log_score; /* mean log chance given to what was sold (sold out: to at least that); larger is better */
    double coverage80; /* share of shows within p10..p90; sold-out shows are not counted here nor in error */
    double error;      /* mean absolute error of the median in log(1 + tickets) */
    size_t shows, counted;
} demand_score;
enum { DEMAND_SCORES = 4 };
/* Scores of the model and of the three rivals over the shows of one artist (< 0: of all), each with a spread fitted on the other shows.
 * Left out of the model's word on a show: the show itself from its artist's history (its pseudo-observation is taken out of the
 * posterior in closed form), its buyers from its features, and all shows of a fifth of the artists, its own among them, from the regression
 * and the variances (5 folds by artist). Not left out: followers who came because of it, and later shows.
 * Returns DEMAND_SCORES, or 0 when stopped or there are fewer than 2 shows (ERR_MISSING). */
size_t demand_evaluate(const demand_data *d, int32_t artist, demand_score ret[DEMAND_SCORES], stop *halt,
                       err *e);

#endif
