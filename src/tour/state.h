/* state: a plan under construction, with everything that makes the next show's gain a matter of its neighbours: legs by the
 * day they arrive, minutes by day, which markets and venues are touched by an overlap or a clause. Private to the solver.
 *
 * A state may break rules: anchors alone can, and taking a stop out can (the way round by it may have been the only one). How
 * badly is counted in `bad`; 0 means that tour_verify finds nothing. No show is ever put in that breaks a further rule.
 * total equals tour_measure's at all times. */
#ifndef SHOWX_TOUR_STATE_H
#define SHOWX_TOUR_STATE_H

#include "tour/index.h"

#define NO_CHOICE UINT32_MAX

typedef struct state_leg { /* by the day it arrives; the way home under `days` */
    int64_t money, costs;  /* what the objective and what the budget counts */
    int32_t minutes, over; /* over: minutes too far, or days too late in minutes */
    int16_t first, last;   /* days driven */
} state_leg;

typedef struct tour_way { /* between two markets: what road and hours cost, without nights */
    int64_t road;
    int32_t minutes;
    int32_t other; /* in the cache: whose entry it is; -1 of nobody */
} tour_way;

typedef struct tour_state {
    const tour_problem *p;
    const tour_index *x;
    int32_t days, shows, stops;
    uint32_t at[TOUR_DAYS_MOST + 1];            /* choice of the day or NO_CHOICE */
    uint64_t taken[(TOUR_DAYS_MOST + 63) / 64]; /* days with a stop */
    state_leg leg[TOUR_DAYS_MOST + 1];
    int32_t driven[TOUR_DAYS_MOST + 2];
    bool show[TOUR_DAYS_MOST + 2];
    int64_t total, costs, minutes;
    int64_t sequence_bad; /* drives, runs, windows of 7 days: by how much in all */
    bool lenient; /* state_try lets drives, runs and windows be broken (by a show that a pin asks for) */
    int64_t pins_missing;
    int16_t *pin_met;                   /* [pin] shows that meet it */
    uint8_t *pinned;                    /* [market] has a pin */
    int16_t *market_shows, *market_day; /* [market] how many; the day of one of them */
    int16_t *venue_shows, *venue_day;
    uint16_t *lapped,
        *near_clause; /* [market], [venue] shows in the plan that share an overlap or a clause with it */
    tour_way *ways;   /* rows by the market one looks from: all others, or a table of those last asked for */
    int32_t *way_owner; /* [row] of such a table; NULL: a row for each market */
    size_t way_row;     /* entries of a row */
} tour_state;

tour_state *state_new(const tour_problem *p); /* the anchors alone; the problem is ready */
void state_free(tour_state *s);

/* What the plan gains by this show on its free day; false when a rule forbids it, or when it gains no more than `least`. */
bool state_try(tour_state *s, uint32_t choice, int64_t least, int64_t *ret_gain);
void state_put(tour_state *s, uint32_t choice);
void state_drop(tour_state *s, int day); /* not an anchor */
/* Pins that this show would meet and nothing else does. */
int state_pins(const tour_state *s, uint32_t choice);

/* What a show brings beside its legs: worth, less overlaps and warnings, and what it spares of the change penalty; false when
 * its market or a clause forbids it. */
bool state_alone(const tour_state *s, uint32_t choice, int64_t *ret_value);
/* The leg from the stop on day i (-1: the start place) to that on day j (`days`: the end place), a and b being the choices there
 * (ignored at the places). False when there is no such place, and so no leg. */
bool state_leg_of(tour_state *s, int i, const tour_choice *a, int j, const tour_choice *b, state_leg *ret);

int state_before(const tour_state *s, int day); /* the last day with a stop before this one, or -1 */
int state_after(const tour_state *s, int day);  /* the first after it, or `days` */
/* Between two markets. Quick where `from` is the same as lately. Holds until the next call. */
const tour_way *state_way(tour_state *s, int32_t from, int32_t other);
int64_t state_bad(const tour_state *s);
int64_t state_drive_days(const tour_state *s,
                         int32_t minutes); /* to or from a place, or without shows between */
/* An upper bound of minutes for this gap. */
int64_t state_reach(const tour_state *s, int gap);
bool state_fixed(const tour_state *s, int day); /* an anchor's day */

#endif
