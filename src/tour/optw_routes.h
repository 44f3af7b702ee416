/* optw_routes: routes in integer time, and what it costs to put a point into them. Between optw.c and optw_routes.c only.
 *
 * Each route keeps, for each place of it, when it is left at the earliest and when it must be reached at the latest, so that
 * whether a point fits into a gap is decided in O(1) (Savelsbergh 1992, Vansteenwegen et al. 2009). For each route the best gap of each
 * point that is out is remembered, under the route's version: a route that did not change is not looked at again. Two
 * memories a route, so that taking a change back finds the old one still there. */
#ifndef SHOWX_TOUR_OPTW_ROUTES_H
#define SHOWX_TOUR_OPTW_ROUTES_H

#include "tour/optw.h"

enum { GAP_UNKNOWN = -2, GAP_NONE = -1, TIME_SLICES = 64 };

typedef struct optw_times { /* the instance in integers */
    size_t n;
    int32_t *travel; /* n * n, symmetric */
    int32_t *open, *close, *spend, *score;
    int32_t home_open, home_close;
    uint8_t *slice; /* of TIME_SLICES: in which the point's visit ends at the earliest */
    int32_t slice_time;
} optw_times;

typedef struct optw_route {
    int32_t length;   /* visits */
    uint64_t version; /* the same number: the same visits */
    int32_t *at;      /* [length + 2]: point 0, visits, point 0 */
    int32_t *leave;   /* earliest end of the visit */
    int32_t *leg;     /* travel from at[k] to at[k + 1] */
    int32_t *latest;  /* latest start of the visit that keeps all behind it possible */
    int64_t travel;
} optw_route;

typedef struct gap_memory {
    uint64_t version;
    int32_t *gap;               /* by point: put behind at[gap], GAP_NONE or GAP_UNKNOWN */
    int32_t *cost;              /* time that it takes more */
    int16_t first[TIME_SLICES]; /* the first gap whose far end may be reached as late as that slice begins */
} gap_memory;

typedef struct optw_plan { /* all routes of one solution, and which route each point is in */
    optw_route routes[OPTW_ROUTES_MOST];
    int8_t *in; /* -1: out */
    int64_t score, travel;
} optw_plan;

typedef struct optw_state {
    const optw_times *t;
    int m;
    optw_plan now;
    optw_plan kept[SEARCH_PLACES];
    gap_memory memory[OPTW_ROUTES_MOST][2];
    uint64_t versions; /* given out */
    int32_t *out;      /* points that are out and could be visited at all */
    int32_t *place;    /* in `out`, -1: not there */
    size_t nout;
    int32_t wait_share; /* of waiting time in a gap's cost, in 1/16 */
} optw_state;

void optw_state_init(optw_state *s, const optw_times *t, int m);
void optw_state_done(optw_state *s);

/* After at[] and length changed: times, version. False: the route is impossible (it is left as it is). */
bool optw_refresh(optw_state *s, int route);
/* Puts a point that is out behind at[gap], and brings the route's memory up to date rather than forget it. */
void optw_put(optw_state *s, int32_t point, int route, int32_t gap);
/* Takes count visits out from position `from` (1-based); the times are refreshed. */
void optw_take(optw_state *s, int route, int32_t from, int32_t count);
/* Takes out every visit of the route whose mark is set (marks by position 1 .. length), clears the marks. */
void optw_take_marked(optw_state *s, int route, uint8_t *marks);
/* The best gap of a point that is out: GAP_NONE or the position, and its cost. */
int32_t optw_gap(optw_state *s, int route, int32_t point, int32_t *ret_cost);
/* The memory of a route as it is now, for inner loops. */
gap_memory *optw_memory(optw_state *s, int route);
void optw_best_gap(const optw_state *s, int route, int32_t point, gap_memory *m);
void optw_copy(optw_state *s, optw_plan *to, const optw_plan *from);
void optw_load(optw_state *s, const optw_plan *from);

#endif
