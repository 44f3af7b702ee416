/* tourworld: made-up tours of a real size: markets that cluster around the metros of the United States, worths that are log-normal
 * by market and rise towards the weekend, avails that come and go, holds, radius clauses, catchments that share fans. The same seed gives the same
 * problem. */
#ifndef SHOWX_BENCH_TOURWORLD_H
#define SHOWX_BENCH_TOURWORLD_H

#include "tour/tour.h"

/* venues: most a market; open: how much of (venue, day) can be had, in 1/10000. Not ready. */
tour_problem *tourworld_new(uint64_t seed, int markets, int days, int venues, int open);

#endif
