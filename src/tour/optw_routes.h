/* optw_routes: routes in integer time, and what it costs to put a point into them. Between optw.c and optw_routes.c only.
 *
 * Each route keeps, for each place of it, when it is left at the earliest and when it must be reached at the latest, so that
 * whether a point fits into a gap is decided in O(1) (Savelsbergh 1992, Vansteenwegen et al. 2009). Points are numbered by when they open, so
 * that those that can be served in a gap stand close together, and a whole route is scanned for all points at once, LANES points
 * at a time. The outcome is remembered under the route's version: a route that did not change is not scanned again. Two memories a
 * route, so that taking a change back finds the old one still there. */
#ifndef SHOWX_TOUR_OPTW_ROUTES_H
#define SHOWX_TOUR_OPTW_ROUTES_H

#include "tour/optw.h"

enum { GAP_NONE = -1, TIME_SLICES = 256, LANES = 8 };

typedef struct optw_times { /* the instance in integers; point 0 first, then by opening */
    size_t n, stride;       /* points; the same rounded up to LANES: rows of travel, and all arrays */
    int32_t *number;        /* in the file */
    int32_t *travel;        /* n rows of stride, symmetric */
    int32_t *open, *close, *spend, *score;
    int32_t *
        shut; /* close, but of point 0 and beyond n such that nothing is in time: they are not put anywhere */
    int32_t home_open, home_close;
    int32_t slice_time, least_spend;
    uint16_t from[TIME_SLICES]; /* the first point that closes in that slice of time or later */
    uint16_t to[TIME_SLICES];   /* one behind the last point that opens in that slice or earlier */
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
    int32_t *gap; /* by point: put behind at[gap], or GAP_NONE */
    int32_t
        *cost; /* time that it takes more, waiting included, the visit itself not; INT32_MAX for GAP_NONE */
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
    bool wide; /* the machine has wide registers */
} optw_state;

void optw_state_init(optw_state *s, const optw_times *t, int m);
void optw_state_done(optw_state *s);

/* After at[] and length changed: times, version. False: the route is impossible (it is left as it is). */
bool optw_refresh(optw_state *s, int route);
void optw_put(optw_state *s, int32_t point, int route, int32_t gap);
/* Takes count visits out from position `from` (1-based); the times are refreshed. */
void optw_take(optw_state *s, int route, int32_t from, int32_t count);
/* Takes out every visit of the route whose mark is set (marks by position 1 .. length), clears the marks. */
void optw_take_marked(optw_state *s, int route, uint8_t *marks);
/* The best gap of each point in the route as it is now. */
const gap_memory *optw_memory(optw_state *s, int route);
void optw_copy(optw_state *s, optw_plan *to, const optw_plan *from);
void optw_load(optw_state *s, const optw_plan *from);

#endif
