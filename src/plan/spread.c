/* How far the whole tour's money may fall from what is expected: the shows of one artist do well or badly together (the shared part of each
 * estimate's spread), and each by itself. Drawn a thousand times with a fixed seed, so that the same plan gives the same figures. */
#include "plan/spread.h"

#include "base/mem.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

enum { DRAWS = 1000, STEPS = 40 };

static double normal(rng *r)
{
    double u = 1 - rng_unit(r), v = rng_unit(r); /* Box and Muller 1958 */
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static double below(double z)
{
    return 0.5 * erfc(-z / 1.4142135623730951);
}

/* Tickets at the middles of forty equal parts of the spread; straight between them. */
static void tabulate(const demand_estimate *e, int32_t capacity, double ret[STEPS])
{
    for (int i = 0; i < STEPS; i++) {
        double x = demand_quantile(e, (i + 0.5) / STEPS);
        ret[i] = capacity > 0 && x > capacity ? capacity : x;
    }
}

static double look_up(const double table[STEPS], double p)
{
    double at = p * STEPS - 0.5;
    if (at <= 0)
        return table[0];
    if (at >= STEPS - 1)
        return table[STEPS - 1];
    int i = (int)at;
    return table[i] + (table[i + 1] - table[i]) * (at - i);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

void spread_of(const spread_show *shows, size_t n, int64_t fixed, int64_t *ret_low, int64_t *ret_mid,
               int64_t *ret_high)
{
    double(*tables)[STEPS] = mem_new(n + 1, sizeof *tables);
    int64_t *totals = MEM_ARRAY(int64_t, DRAWS);
    rng r;
    rng_seed(&r, 1);
    for (size_t i = 0; i < n; i++)
        tabulate(&shows[i].e, shows[i].capacity, tables[i]);
    for (size_t k = 0; k < DRAWS; k++) {
        double together = normal(&r);
        totals[k] = -fixed;
        for (size_t i = 0; i < n; i++) {
            const demand_estimate *e = &shows[i].e;
            double part = e->spread > 0 ? e->shared / e->spread : 0, alone = normal(&r);
            double z = part * together + sqrt(part < 1 ? 1 - part * part : 0) * alone;
            totals[k] += deal_net(&shows[i].deal, look_up(tables[i], below(z)));
        }
    }
    qsort(totals, DRAWS, sizeof *totals, by_number);
    *ret_low = totals[DRAWS / 10];
    *ret_mid = totals[DRAWS / 2];
    *ret_high = totals[DRAWS * 9 / 10];
    free(tables);
    free(totals);
}
