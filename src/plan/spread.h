/* spread: p10, p50 and p90 of what several shows of one artist make together. */
#ifndef SHOWX_PLAN_SPREAD_H
#define SHOWX_PLAN_SPREAD_H

#include "plan/private.h"

typedef struct spread_show {
    demand_estimate e;
    plan_deal deal;
    int32_t capacity;
} spread_show;

/* fixed: what is spent whatever is sold. */
void spread_of(const spread_show *shows, size_t n, int64_t fixed, int64_t *ret_low, int64_t *ret_mid,
               int64_t *ret_high);

#endif
