/* private: what the files of demand/ share. place.c the sphere and the cells on it, feature.c what a show is predicted from, normal.c and
 * count.c the distributions, fit.c the parameters, artist.c one artist's posterior, estimate.c the answers, keep.c the text. */
#ifndef SHOWX_DEMAND_PRIVATE_H
#define SHOWX_DEMAND_PRIVATE_H

#include "demand/demand.h"

enum { DEMAND_FEATURES = 8, DEMAND_SPOTS_MOST = 256 };
enum { X_ONE, X_FOLLOWERS, X_BUYERS, X_PEOPLE, X_ARTIST, X_WEEKEND, X_SUNDAY, X_FIRST };
#define DEMAND_NEAR_MILES 15.0 /* at this distance half of a fan counts */
#define DEMAND_KIN_MILES 20.0  /* how far an artist's luck in a place reaches */

typedef struct point {
    double x, y, z; /* miles, on a sphere of the Earth's radius */
} point;

typedef struct ground { /* all cities, in bands of latitude and by longitude within */
    point *at;          /* by city */
    double *latitude, *longitude, *people;
    size_t n;
    size_t *bands;  /* [nbands + 1] into order */
    int32_t *order; /* cities */
    size_t nbands;
} ground;

/* A fan base: cells of one artist, in the same order as ground.order would have them. */
typedef struct base_cell {
    int32_t band, city;
    double longitude;
    int32_t followers, buyers, fans, tickets;
} base_cell;

typedef struct reach {              /* what lies within 60 miles */
    double followers, buyers, fans; /* decaying */
    int64_t whole_followers, whole_buyers, whole_fans;
} reach;

typedef struct spot { /* a city that the artist played in */
    int32_t city;
    size_t first, n; /* shows */
    reach near;
    double people;
    double weight,
        residual;  /* what all its shows say together, in log: precision and what it was above the fit */
    double effect; /* artist and artist x place, posterior mean */
} spot;

typedef struct history { /* a show, with what is predicted from */
    int32_t artist, city, day, sold;
    bool censored;
    double x[DEMAND_FEATURES];
    double offset;           /* log fatigue */
    double theta;            /* log of what the show expected, at the mode */
    double weight, residual; /* as a normal observation of the artist's effect here: precision, value */
} history;

typedef struct act { /* of the model */
    size_t cells, ncells, spots, nspots, shows, nshows;
    double followers, buyers, tickets; /* in all */
    /* the posterior over places: V = K + 1 / weight, over `kept` spots */
    size_t kept;
    double *root, *alpha; /* V's Cholesky root, kept x kept; V^-1 residual */
    int32_t *keeps;       /* spots, counted from `spots` */
    double shock;         /* variance of the artist's effect given all of that */
} act;

typedef struct parameters {
    double beta[DEMAND_FEATURES];
    double artist, place, show, season; /* variances */
    int64_t shows, censored, artists;
} parameters;

struct demand_model {
    ground map;
    base_cell *cells;
    size_t ncells;
    act *artists;
    size_t nartists;
    spot *spots;
    size_t nspots;
    history *shows; /* by artist, city, day */
    size_t nshows;
    parameters fitted;
};

/* place.c */
void ground_init(ground *p, const demand_data *d);
void ground_done(ground *p);
double ground_people(const ground *p, int32_t city); /* living within 60 miles, decaying */
double chord2(const point *a, const point *b);
double near_weight(double square); /* 1 at the place, half at 15 miles, 0 beyond 60 */
int32_t place_band(double latitude);
void cells_sort(base_cell *cells, size_t n);
reach cells_reach(const ground *p, const base_cell *cells, size_t n, int32_t city);
/* Calls for each cell within 60 miles of the city. */
typedef void cell_visit(void *ctx, const base_cell *cell, double square);
void cells_near(const ground *p, const base_cell *cells, size_t n, int32_t city, cell_visit *visit,
                void *ctx);

/* feature.c: all but the parameters and what hangs on them */
bool model_prepare(const demand_data *d, demand_model **ret, stop *halt, err *e);
double fatigue_of(int32_t days);
int32_t last_play(const demand_model *m, const act *a, int32_t city, int32_t before); /* INT32_MIN: none */
/* Buyers near a city whom earlier shows brought. */
double buyers_of(const demand_model *m, const act *a, const reach *near, int32_t city, int32_t before);
void features_at(const act *a, const reach *near, double people, double buyers, int32_t day, bool first,
                 double *ret);
double dot_product(const double *a, const double *b, size_t n);

/* normal.c */
double normal_below(double t);
double normal_log_below(double t);
double normal_hazard(double t);    /* density / normal_below */
double normal_at(double p);        /* quantile */
bool root_of(double *a, size_t n); /* Cholesky in place, lower; false when not positive */
void root_forward(const double *root, size_t n, double *b);
void root_back(const double *root, size_t n, double *b);

/* count.c: X ~ Poisson(L), log L ~ normal with that spread and E[L] = mean */
double count_below(double mean, double spread, int32_t k); /* P(X < k) */
void count_at(double mean, double spread, const double *p, size_t n,
              double *ret); /* quantiles, p ascending */
double count_expected(double mean, double spread, int32_t most);
double count_log_chance(double mean, double spread, int32_t k, bool at_least);

/* fit.c */
void parameters_prior(parameters *p);
/* skip[artist] leaves an artist out; NULL takes all. */
bool parameters_fit(demand_model *m, const bool *skip, parameters *ret, stop *halt, err *e);

/* artist.c */
void show_observe(history *h, const parameters *p, double eta, double effect);
double show_eta(const history *h, const parameters *p);
void artist_reset(demand_model *m, const act *a);
/* All its shows as normal observations around the effects of now, summed into the spots. */
void artist_observe(demand_model *m, const act *a, const parameters *p);
typedef struct simple { /* the artist's effect where each spot is its own: what fitting works with */
    double variance, sum,
        weighted; /* of the effect; sum of 1 / d and of residual / d, d = place + 1 / weight */
    double mean;
} simple;
simple artist_simple(demand_model *m, const act *a, const parameters *p); /* sets the spots' effects */
bool model_settle(demand_model *m, stop *halt, err *e); /* every artist's posterior, by m->fitted */
void artist_settle(demand_model *m, act *a, const parameters *p);
void artist_at(const demand_model *m, const act *a, const parameters *p, int32_t city, double *ret_mean,
               double *ret_variance);

#endif
