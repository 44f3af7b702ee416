/* compare: two plans side by side, day by day. */
#include "tour/tour.h"

static const tour_slot *slot_on(const tour_problem *p, const tour_plan *plan, int16_t day)
{
    for (size_t i = 0; i < plan->n; i++)
        if (p->slots[plan->stops[i]].day == day)
            return &p->slots[plan->stops[i]];
    return NULL;
}

static day_compare compared(const tour_slot *a, const tour_slot *b)
{
    if (!a || !b)
        return a ? DAY_ONLY_A : b ? DAY_ONLY_B : DAY_EMPTY;
    if (a->market != b->market)
        return DAY_OTHER_CITY;
    return a == b ? DAY_SAME : DAY_OTHER_VENUE;
}

void tour_compare(const tour_problem *p, const tour_plan *a, const tour_plan *b, uint8_t *ret_days)
{
    for (int16_t day = 0; day < p->days; day++)
        ret_days[day] = (uint8_t)compared(slot_on(p, a, day), slot_on(p, b, day));
}
