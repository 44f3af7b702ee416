/* The distribution that stands behind an estimate, held against draws from it. */
#include "world.h"

#include <math.h>
#include <stdlib.h>

enum { DRAWS = 40000 };

static int by_value(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static double share_below(const int32_t *x, double limit)
{
    size_t n = 0;
    while (n < DRAWS && x[n] < limit)
        n++;
    return (double)n / DRAWS;
}

START_TEST(quantiles_chances_and_means_are_those_of_draws)
{
    static const double means[] = {.3, 2, 12, 39, 41, 300, 5000}, spreads[] = {.1, .5, .9};
    static int32_t x[DRAWS];
    rng r;
    rng_seed(&r, support_seed(21));
    for (int i = 0; i < 21; i++) {
        demand_estimate e = {.mean = means[i / 3], .spread = spreads[i % 3]};
        double low = log(e.mean) - e.spread * e.spread / 2, capped = 0;
        int32_t capacity = (int32_t)(e.mean * 1.2) + 1;
        for (int k = 0; k < DRAWS; k++) {
            x[k] = world_poisson(&r, exp(low + e.spread * world_normal(&r)));
            capped += fmin(x[k], capacity) / DRAWS;
        }
        qsort(x, DRAWS, sizeof *x, by_value);
        for (int p = 1; p < 10; p += 4) { /* p10, p50, p90: as many draws lie below and above as should */
            double q = demand_quantile(&e, p / 10.);
            ck_assert_msg(share_below(x, q) <= p / 10. + .02 && share_below(x, floor(q) + 1) >= p / 10. - .02,
                          "mean %g spread %g: p%d0 at %g", e.mean, e.spread, p, q);
        }
        double out = demand_sells_out(&e, capacity), really = 1 - share_below(x, capacity);
        ck_assert_msg(fabs(out - really) < .02, "mean %g spread %g: sells %d with %f, not %f", e.mean,
                      e.spread, capacity, out, really);
        ck_assert_msg(fabs(demand_expected(&e, capacity) - capped) < .03 * capped + .01,
                      "mean %g spread %g: %f, not %f", e.mean, e.spread, demand_expected(&e, capacity),
                      capped);
    }
}
END_TEST

START_TEST(more_room_never_sells_fewer_nor_more_surely_out)
{
    for (double mean = .5; mean < 3000; mean *= 1.7) {
        demand_estimate e = {.mean = mean, .spread = .6};
        double sold = 0, out = 1;
        for (int32_t capacity = 1; capacity < 6000; capacity = capacity * 5 / 4 + 1) {
            double s = demand_expected(&e, capacity), o = demand_sells_out(&e, capacity);
            ck_assert(s >= sold - 1e-9 && s <= capacity && s <= mean * (1 + 1e-9) && o <= out + 1e-12 &&
                      o >= 0);
            sold = s, out = o;
        }
        ck_assert_double_eq(demand_expected(&e, 0), mean);
        ck_assert_double_eq(demand_sells_out(&e, 0), 0);
    }
}
END_TEST

START_TEST(fewer_than_five_people_are_not_shown)
{
    ck_assert(!demand_public(4) && !demand_public(0) && demand_public(5));
}
END_TEST

Suite *count_suite(void)
{
    Suite *s = suite_create("count");
    TCase *tc = tcase_create("count");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, quantiles_chances_and_means_are_those_of_draws);
    tcase_add_test(tc, more_room_never_sells_fewer_nor_more_surely_out);
    tcase_add_test(tc, fewer_than_five_people_are_not_shown);
    return s;
}
