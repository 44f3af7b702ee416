/* What the files of src/tour share among themselves. */
#ifndef SHOWX_TOUR_PRIVATE_H
#define SHOWX_TOUR_PRIVATE_H

#include "tour/tour.h"

/* Every index, unit and bound of the arrays (ERR_INPUT naming array and row); puts legs and overlaps in order. What tour_ready
 * does first. Bounds are such that no sum of the objective leaves int64. */
bool tour_problem_check(tour_problem *p, err *e);

/* tour_ready's index (index.c). */
void tour_index_free(struct tour_index *index);

/* What a slot is worth by itself: chance * net / 10000 - soft - aversion * risk / 10000; an appearance 0. */
int64_t tour_worth(const tour_problem *p, const tour_slot *s);
/* Does this show meet the pin? */
bool tour_pin_met(const tour_pin *pin, const tour_slot *s);

#endif
