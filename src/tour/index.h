/* index: what tour_ready builds of a problem so that the solver never searches: slots by market and day, neighbours, who
 * overlaps with whom and which venues a radius clause keeps apart. Private to the room; owned by the problem; read only. */
#ifndef SHOWX_TOUR_INDEX_H
#define SHOWX_TOUR_INDEX_H

#include "tour/tour.h"

/* A slot as the solver sees it. Those of one market and day stand together, the best worth first; appearances last of all. */
typedef struct tour_choice {
    int64_t worth, draw, cost;
    int32_t slot, venue, market;
    int16_t day;
    bool show;
} tour_choice;

typedef struct tour_lap {
    int32_t market, share;
} tour_lap;

/* A show here on day d and one at `venue` on day e touch a clause when low <= e - d <= high. */
typedef struct tour_apart {
    int32_t venue;
    int16_t low, high;
    bool forbid;
} tour_apart;

/* Rows of different lengths in one array: row i is items[first[i] .. first[i + 1] - 1]. */
typedef struct tour_index {
    size_t markets, days;
    int64_t *top;    /* [market * days + day] the best worth; TOUR_WORST where there is no slot */
    uint32_t *first; /* [market * days + day] rows of choices */
    tour_choice *choices;
    size_t nchoices;      /* shows; the appearances follow */
    uint32_t *choice_of;  /* [slot] UINT32_MAX: blocked */
    uint32_t *anchor;     /* [day] the appearance's choice, else UINT32_MAX */
    uint32_t *near_first; /* [market] rows of near: the most promising first */
    int32_t *near;
    uint32_t *lap_first; /* [market] */
    tour_lap *laps;
    uint32_t *apart_first; /* [venue] rows by venue */
    tour_apart *apart;
    uint32_t *keep_first; /* [market] rows of keep_days, by day */
    int16_t *keep_days;
    int32_t *best; /* [day * nbest] markets by worth; TOUR_NONE where there are no more */
    size_t nbest;
    int64_t typical; /* the mean of the worths that are worth anything: what a show brings, about */
} tour_index;

#define TOUR_WORST (-INT64_MAX / 4)

enum { TOUR_NEAR_MOST = 72, TOUR_NEAREST = 16, TOUR_BEST_MOST = 64 };

#endif
