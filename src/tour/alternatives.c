/* alternatives: further plans that really differ. Each is solved from nothing under one rule more: at most two thirds of its
 * stops, as market and day, are those of the best plan or of an alternative found before. Anchors and pins count like others,
 * so where they are most of the plan there may be no alternative. */
#include "base/mem.h"
#include "tour/solver.h"
#include <stdlib.h>

static int32_t *markets_by_day(const tour_problem *p, const tour_plan *plan)
{
    int32_t *market = MEM_ARRAY(int32_t, (size_t)p->days + 1);
    for (int d = 0; d < p->days; d++)
        market[d] = TOUR_NONE;
    for (size_t i = 0; i < plan->n; i++)
        market[p->slots[plan->stops[i]].day] = p->slots[plan->stops[i]].market;
    return market;
}

static void best_first(tour_plan *plans, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && plans[k].total > plans[k - 1].total; k--) {
            tour_plan t = plans[k];
            plans[k] = plans[k - 1];
            plans[k - 1] = t;
        }
}

/* The effort is shared among them. */
static tour_effort share_of(const tour_effort *effort, size_t most)
{
    tour_effort each = *effort;
    each.from = NULL;
    each.better = NULL;
    if (each.seconds <= 0 && each.iterations <= 0)
        each.seconds = 2;
    each.seconds /= (double)most;
    if (each.iterations > 0)
        each.iterations = each.iterations / (int64_t)most + 1;
    return each;
}

size_t tour_alternatives(const tour_problem *p, const tour_plan *best, const tour_effort *effort,
                         tour_plan *ret, size_t most)
{
    int32_t *others[SOLVER_OTHERS_MOST] = {markets_by_day(p, best)};
    size_t n = 0, known = 1;
    most = most < SOLVER_OTHERS_MOST - 1 ? most : SOLVER_OTHERS_MOST - 1;
    tour_effort each = share_of(effort, most ? most : 1);
    while (p->index && n < most && !stop_now(effort->stop, NULL)) {
        each.seed = effort->seed + n + 1;
        if (!solver_run(p, &each, (const int32_t *const *)others, known, &ret[n]))
            break;
        others[known++] = markets_by_day(p, &ret[n++]);
    }
    for (size_t k = 0; k < known; k++)
        free(others[k]);
    best_first(ret, n);
    return n;
}
