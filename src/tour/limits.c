/* limits: the one number that each rule is about, to be read and changed by the rule's name. */
#include "base/mem.h"
#include "tour/private.h"

static int32_t *limit_of(tour_limits *l, tour_rule rule)
{
    switch (rule) {
    case TOUR_DRIVE:
        return &l->drive_show_day;
    case TOUR_RUN:
        return &l->run_days;
    case TOUR_SHOWS_7:
        return &l->shows_7;
    case TOUR_DRIVE_7:
        return &l->drive_7;
    case TOUR_FREE_7:
        return &l->free_7;
    case TOUR_MARKET:
        return &l->market_times;
    case TOUR_COOLDOWN:
        return &l->market_cooldown;
    case TOUR_SHOWS_MIN:
        return &l->shows_min;
    case TOUR_SHOWS_MAX:
        return &l->shows_max;
    default:
        return NULL;
    }
}

bool tour_limit_get(const tour_problem *p, tour_rule rule, int32_t clause, int64_t *ret)
{
    tour_limits l = p->limits;
    const int32_t *limit = limit_of(&l, rule);
    if (limit)
        *ret = *limit;
    else if (rule == TOUR_BUDGET)
        *ret = l.budget;
    else if (rule == TOUR_START || rule == TOUR_END)
        *ret = p->days;
    else if (rule == TOUR_RADIUS && clause >= 0 && (size_t)clause < p->nclauses)
        *ret = p->clauses[clause].metres;
    else
        return false;
    return true;
}

/* The window begins so many days earlier: every day's number grows. */
static void shift(tour_problem *p, int16_t by)
{
    for (size_t i = 0; i < p->nslots; i++)
        p->slots[i].day = (int16_t)(p->slots[i].day + by);
    for (size_t i = 0; i < p->npins; i++)
        if (p->pins[i].day != TOUR_NONE)
            p->pins[i].day = (int16_t)(p->pins[i].day + by);
    for (size_t i = 0; i < p->nkeep; i++)
        if (p->keep[i].day != TOUR_NONE)
            p->keep[i].day = (int16_t)(p->keep[i].day + by);
}

bool tour_limit_set(tour_problem *p, tour_rule rule, int32_t clause, int64_t to)
{
    int32_t *limit = limit_of(&p->limits, rule);
    if (to < 0 || (rule != TOUR_BUDGET && to > INT32_MAX))
        return false;
    if (limit)
        *limit = (int32_t)to;
    else if (rule == TOUR_BUDGET)
        p->limits.budget = to;
    else if ((rule == TOUR_START || rule == TOUR_END) && to >= p->days && to <= TOUR_DAYS_MOST) {
        if (rule == TOUR_START)
            shift(p, (int16_t)(to - p->days));
        p->days = (int16_t)to;
    } else if (rule == TOUR_RADIUS && clause >= 0 && (size_t)clause < p->nclauses)
        p->clauses[clause].metres = (int32_t)to;
    else
        return false;
    return true;
}
