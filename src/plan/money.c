/* What a show brings: the artist's payout by the deal, merchandise, less the show's own cost; and what is to be expected of it when the
 * tickets are not a number but a spread. */
#include "plan/private.h"

#include <math.h>

enum { POINTS = 20 };

plan_deal deal_of(const plan_input *in, const plan_avail *own)
{
    const plan_figures *f = &in->data.figures;
    plan_deal d = {.guarantee = 0,
                   .expenses = -1,
                   .percentage = f->percentage,
                   .expense_share = f->expense_share,
                   .merch_per_head = f->merch_per_head,
                   .show_cost = f->show_cost,
                   .price = in->price};
    if (!own || own->kind == AVAIL_HOLD)
        return d;
    if (own->guarantee >= 0)
        d.guarantee = own->guarantee;
    if (own->percentage >= 0)
        d.percentage = own->percentage;
    if (own->expenses >= 0)
        d.expenses = own->expenses;
    return d;
}

/* The larger of the guarantee and the share of what is left of the gross after expenses. */
int64_t deal_payout(const plan_deal *d, int64_t gross)
{
    int64_t expenses = d->expenses >= 0
                           ? d->expenses
                           : gross / 10000 * d->expense_share + gross % 10000 * d->expense_share / 10000;
    int64_t left = gross > expenses ? gross - expenses : 0;
    int64_t share = left / 10000 * d->percentage + left % 10000 * d->percentage / 10000;
    return share > d->guarantee ? share : d->guarantee;
}

int64_t deal_net(const plan_deal *d, double tickets)
{
    int64_t gross = (int64_t)(tickets * (double)d->price);
    return deal_payout(d, gross) + (int64_t)(tickets * (double)d->merch_per_head) - d->show_cost;
}

static double bounded(double tickets, int32_t capacity)
{
    return capacity > 0 && tickets > capacity ? capacity : tickets;
}

/* A payout with a guarantee or fixed expenses bends, so it is worked out at the middles of twenty equal parts of the spread; where it is a
 * straight line the expected tickets alone give it exactly. */
void deal_expect(const plan_deal *d, const demand_estimate *e, int32_t capacity, int64_t *ret_gross,
                 int64_t *ret_payout, int64_t *ret_net, int64_t *ret_risk)
{
    double tickets = demand_expected(e, capacity);
    int64_t gross = (int64_t)(tickets * (double)d->price), payout = 0;
    if (d->guarantee == 0 && d->expenses < 0) {
        payout = deal_payout(d, gross);
    } else {
        for (int i = 0; i < POINTS; i++) {
            double at = bounded(demand_quantile(e, (i + 0.5) / POINTS), capacity);
            payout += deal_payout(d, (int64_t)(at * (double)d->price)) / POINTS;
        }
    }
    int64_t net = payout + (int64_t)(tickets * (double)d->merch_per_head) - d->show_cost;
    int64_t bad = deal_net(d, bounded(e->low, capacity));
    *ret_gross = gross;
    *ret_payout = payout;
    *ret_net = net;
    *ret_risk = net > bad ? net - bad : 0;
}
