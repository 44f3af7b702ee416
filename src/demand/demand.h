/* demand: how many tickets an artist would sell in a place, as a posterior with what it rests on. Pure: fed by named queries
 * (src/plan), writes nothing.
 *
 * The model. For a show of artist a at a place: log expected tickets = ridge Poisson on {followers and buyers of a within
 * 60 miles (decaying with distance), people living there, the artist's reach, weekday, days since the last play within 60 miles}, fitted over all artists;
 * sold-out shows are censored (they say "at least"). On top an effect of the artist and of artist x place, shrunk: by Gamma-Poisson on
 * counts where they are small, by log-normal variance components where they are large. Fatigue: 1 - .3 exp(-days / 180) for the
 * last play within 60 miles. Two places share a fan by a Huff split, so that totals never exceed the fan base.
 *
 * Counts are of people and tickets; miles are statute miles; days are since 1970-01-01. A fan base below DEMAND_CELL_LEAST
 * in a place is not shown to people (demand_public). */
#ifndef SHOWX_DEMAND_DEMAND_H
#define SHOWX_DEMAND_DEMAND_H

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
    bool sold_out;          /* censored: at least `sold` */
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
/* Fits. Fine with no show at all (then everything is a prior, and says so). */
bool demand_fit(const demand_data *d, demand_model **ret, stop *halt, err *e);
void demand_free(demand_model *m);

typedef struct demand_estimate {
    double mean, low, mid, high;   /* tickets: mean, p10, p50, p90, before any capacity */
    double raw;                    /* what this artist sold here on average, < 0 = never played within 60 miles */
    double prior;                  /* what the fit alone says */
    double weight;                 /* of the own history: 0 = all prior, 1 = all history */
    double fatigue;                /* the factor already in it; 1 = rested */
    int32_t shows, censored;       /* within 60 miles: shows it rests on, of these sold out */
    int32_t followers, buyers;     /* within 60 miles, whole people */
    int32_t last_show;             /* day, or INT32_MIN */
    int32_t room;                  /* a fitting capacity: p50 sells it to about 80 % */
    double shared;                 /* standard deviation of the artist-level shock, in log: the same for all places of one artist */
} demand_estimate;

/* For a show of that artist in that city on that day (a weekday effect goes by it). */
void demand_estimate_at(const demand_model *m, int32_t artist, int32_t city, int32_t day, demand_estimate *ret);
double demand_expected(const demand_estimate *e, int32_t capacity); /* E[min(demand, capacity)]; capacity 0 = no bound */
double demand_sells_out(const demand_estimate *e, int32_t capacity); /* chance */
double demand_quantile(const demand_estimate *e, double p);
/* How many of city a's fans within reach also count for city b (Huff split by inverse square distance), 0..1, symmetric by the smaller. */
double demand_overlap(const demand_model *m, int32_t artist, int32_t a, int32_t b);
bool demand_public(int32_t people); /* false below the least cell */

/* ---- is it any good: leave one show out ---- */
typedef struct demand_score {
    const char *name;     /* "model", "raw mean", "population share", "follower share" */
    double log_score;     /* mean log density of what was sold; larger is better */
    double coverage80;    /* share of shows within p10..p90 */
    double error;         /* mean absolute error in log(1 + tickets) */
    size_t shows;
} demand_score;
/* Scores of the model and of the three rivals, each with a spread fitted on the same other shows. Returns how many (4). */
size_t demand_evaluate(const demand_data *d, demand_score ret[4], stop *halt, err *e);

#endif
