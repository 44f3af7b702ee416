/* random: made-up tour problems from a seed, with every rule on at random, small enough to be counted out. The same seed gives the
 * same problem everywhere. Shared by the tests of oracles, solver and reasons, and by the fuzz. */
#ifndef SHOWX_TESTS_TOUR_RANDOM_H
#define SHOWX_TESTS_TOUR_RANDOM_H

#include "base/rng.h"
#include "tour/tour.h"

typedef struct random_kind {
    int markets_most, days_least, days_most;
    int density;     /* slots in 1/10000 of (venue, day) */
    bool exact;      /* only what tour_exact takes */
    bool hard;       /* rules tight and pins many: often there is no plan */
    bool loose;      /* rules that leave room: tours of many stops */
    bool no_anchors; /* no appearances */
} random_kind;

/* Up to 9 markets and 14 days. Not ready: call tour_ready, or tour_problem_check for oracles alone. */
extern const random_kind random_tiny, random_loose, random_hard, random_for_exact;
tour_problem *random_tour(uint64_t seed, const random_kind *kind);

/* A list of stops: often in day order, sometimes with numbers that are no slots. Up to `most`; returns how many. */
size_t random_stops(rng *r, const tour_problem *p, int32_t *ret, size_t most);

#endif
