#include "base/rng.h"
#include "suites.h"

/* The first numbers after seed 42 by the published splitmix64 and xoshiro256**, computed separately. */
START_TEST(the_same_seed_gives_the_published_numbers)
{
    rng r;
    rng_seed(&r, 0);
    ck_assert_uint_eq(r.s[0], UINT64_C(0xE220A8397B1DCDAF)); /* splitmix64's well-known first outputs */
    ck_assert_uint_eq(r.s[1], UINT64_C(0x6E789E6AA1B965F4));
    r = (rng){{1, 2, 3, 4}};
    static const uint64_t want[] = {11520, 0, 1509978240, 1215971899390074240};
    for (int i = 0; i < 4; i++)
        ck_assert_uint_eq(rng_next(&r), want[i]);
}
END_TEST

START_TEST(streams_of_one_seed_differ_and_repeat)
{
    rng a, b, c, d;
    rng_fork(&a, 1, 2);
    rng_fork(&b, 2, 1);
    rng_fork(&c, 1, 2);
    rng_fork(&d, 1, 3);
    uint64_t x = rng_next(&a);
    ck_assert_uint_eq(x, rng_next(&c));
    ck_assert_uint_ne(x, rng_next(&b));
    ck_assert_uint_ne(x, rng_next(&d));
}
END_TEST

START_TEST(numbers_stay_in_their_range_and_reach_its_ends)
{
    rng r;
    rng_seed(&r, support_seed(5));
    bool low = false, high = false;
    for (int i = 0; i < 10000; i++) {
        int64_t v = rng_between(&r, -3, 3);
        ck_assert(v >= -3 && v <= 3);
        low = low || v == -3;
        high = high || v == 3;
        double u = rng_unit(&r);
        ck_assert(u >= 0 && u < 1);
        ck_assert_uint_eq(rng_below(&r, 1), 0);
    }
    ck_assert(low && high);
    ck_assert_int_eq(rng_between(&r, 5, 5), 5);
    ck_assert_uint_eq(rng_below(&r, 0), 0);
    ck_assert(rng_chance(&r, 10000));
    ck_assert(!rng_chance(&r, 0));
    (void)rng_between(&r, INT64_MIN, INT64_MAX);
}
END_TEST

/* Chi-squared with 9 degrees of freedom: above 40 by chance once in 100,000 seeds. */
START_TEST(all_results_are_as_likely)
{
    rng r;
    int seen[10] = {0};
    double off = 0;
    rng_seed(&r, 2026);
    for (int i = 0; i < 100000; i++)
        seen[rng_below(&r, 10)]++;
    for (int i = 0; i < 10; i++)
        off += (seen[i] - 10000.0) * (seen[i] - 10000.0) / 10000.0;
    ck_assert_msg(off < 40, "chi-squared %f", off);
}
END_TEST

Suite *rng_suite(void)
{
    return suite_of("rng", (const TTest *const[]){the_same_seed_gives_the_published_numbers,
                                                  streams_of_one_seed_differ_and_repeat,
                                                  numbers_stay_in_their_range_and_reach_its_ends,
                                                  all_results_are_as_likely, NULL});
}
