/* world: a made-up world whose truth is known: cities in clusters, artists, fans, shows; tickets drawn from the very law that is to be found. */
#ifndef SHOWX_TESTS_DEMAND_WORLD_H
#define SHOWX_TESTS_DEMAND_WORLD_H

#include "support/support.h"

#include "base/rng.h"
#include "demand/demand.h"

typedef struct world_spec {
    uint64_t seed;
    size_t cities, artists, shows; /* shows: of one artist, on average */
    double level;                  /* log of tickets per fan^.7 */
    double artist, place, show;    /* standard deviations in log */
    double small_rooms;            /* share of shows in a room that is too small for them */
    bool plain;                    /* sold-out shows are given as if they were not: the control */
} world_spec;

typedef struct world {
    demand_data data;
    double *latitudes, *longitudes;
    int64_t *population;
    demand_cell *cells;
    demand_show *shows;
    double *expected; /* of each show, before chance */
    int32_t *wanted;  /* tickets that would have been sold in a room without walls */
    double *effects;  /* of each artist */
} world;

world_spec world_usual(uint64_t seed);
void world_make(const world_spec *spec, world *ret);
void world_done(world *w);
double world_normal(rng *r);
int32_t world_poisson(rng *r, double mean);

Suite *place_suite(void), *count_suite(void), *model_suite(void), *score_suite(void), *keep_suite(void);

#endif
