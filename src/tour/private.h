/* What the files of src/tour share among themselves. */
#ifndef SHOWX_TOUR_PRIVATE_H
#define SHOWX_TOUR_PRIVATE_H

#include "tour/tour.h"

/* Every index, unit and bound of the arrays (ERR_INPUT naming array and row); puts legs and overlaps in order. What tour_ready
 * does first. Bounds are such that no sum of the objective leaves int64. */
bool tour_problem_check(tour_problem *p, err *e);

void index_free(struct tour_index *index); /* index.c */

/* What a slot is worth by itself: chance * net / 10000 - soft - aversion * risk / 10000; an appearance 0. */
int64_t tour_worth(const tour_problem *p, const tour_slot *s);
/* Does this show meet the pin? */
bool tour_pin_met(const tour_pin *pin, const tour_slot *s);

/* ---- enumerate.c ---- */
typedef enum { FIND_YES, FIND_NO, FIND_UNKNOWN } find_answer;
/* Is there any plan at all? The first that is come upon, proof that there is none, or unknown after so many nodes. */
find_answer tour_find(const tour_problem *p, int64_t nodes, tour_plan *ret);
/* Whether the enumeration's own rules take this very list: a third opinion beside tour_verify, for tests. */
bool tour_enumerate_takes(const tour_problem *p, const int32_t *stops, size_t n, int64_t *ret_total);

/* ---- reasons.c, limits.c ---- */
/* Solves a changed copy from an earlier plan (or NULL), with the same effort; makes it ready first. */
bool tour_again(tour_problem *changed, const tour_effort *effort, const tour_plan *from, tour_plan *ret,
                err *e);
/* The limit that `rule` is about (TOUR_RADIUS: of `clause`) as tour_trouble counts it, and a problem with another one. START and
 * END make the window longer. False where the rule has no such limit, or it cannot be that. */
bool tour_limit_get(const tour_problem *p, tour_rule rule, int32_t clause, int64_t *ret);
bool tour_limit_set(tour_problem *p, tour_rule rule, int32_t clause, int64_t to);

#endif
