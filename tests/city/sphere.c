/* Distances against the plain formula, over random points with the corners among them. */
#include "suites.h"

#include "base/mem.h"
#include "base/rng.h"
#include "city/city.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS = 3000, ASKED = 200 };

static double lat[POINTS], lon[POINTS];

/* Another formula than the room's: haversine, which has no chords. */
static double haversine(double lat1, double lon1, double lat2, double lon2)
{
    const double radian = acos(-1) / 180;
    double a = sin((lat2 - lat1) * radian / 2), b = sin((lon2 - lon1) * radian / 2);
    double h = a * a + cos(lat1 * radian) * cos(lat2 * radian) * b * b;
    return 2 * 6371.0088 * asin(sqrt(h < 1 ? h : 1));
}

static uint64_t make_points(void)
{
    rng r;
    uint64_t seed = support_seed(20261122);
    rng_seed(&r, seed);
    for (size_t i = 0; i < POINTS; i++) {
        lat[i] = rng_unit(&r) * 180 - 90;
        lon[i] = rng_unit(&r) * 360 - 180;
        if (i % 10 == 0) { /* poles, the antimeridian, and many at one place */
            lat[i] = i % 20 ? 90 : -90;
            lon[i] = i % 30 ? lon[i] : 180;
        } else if (i % 10 == 1) {
            lon[i] = i % 20 == 1 ? 180 : -180;
        } else if (i % 10 == 2) {
            lat[i] = 40;
            lon[i] = -75;
        }
    }
    return seed;
}

START_TEST(distance_is_the_haversine_one)
{
    uint64_t seed = make_points();
    for (size_t i = 1; i < POINTS; i++) {
        double want = haversine(lat[i - 1], lon[i - 1], lat[i], lon[i]),
               got = sphere_km(lat[i - 1], lon[i - 1], lat[i], lon[i]);
        ck_assert_msg(fabs(want - got) < 0.001 + want * 1e-6, "seed %llu, pair %zu: %f, not %f",
                      (unsigned long long)seed, i, got, want);
    }
}
END_TEST

START_TEST(within_gives_exactly_what_is_near_enough_nearest_first)
{
    uint64_t seed = make_points();
    sphere *s = sphere_new(lat, lon, POINTS);
    sphere_hit *hits = MEM_ARRAY(sphere_hit, POINTS);
    rng r;
    rng_seed(&r, seed + 1);
    for (int k = 0; k < ASKED; k++) {
        double a = k % 3 ? rng_unit(&r) * 180 - 90 : lat[k], b = k % 3 ? rng_unit(&r) * 360 - 180 : lon[k],
               km = rng_unit(&r) * (k % 5 ? 2000 : 21000);
        size_t want = 0, n = sphere_within(s, a, b, km, hits, POINTS);
        for (size_t i = 0; i < POINTS; i++)
            want += sphere_km(a, b, lat[i], lon[i]) <= km;
        ck_assert_msg(n == want, "seed %llu, question %d: %zu, not %zu within %f", (unsigned long long)seed,
                      k, n, want, km);
        for (size_t i = 0; i < n; i++) {
            ck_assert(hits[i].km <= km + 1e-6 && (i == 0 || hits[i - 1].km <= hits[i].km));
            ck_assert(fabs(hits[i].km - sphere_km(a, b, lat[hits[i].at], lon[hits[i].at])) < 1e-6);
        }
    }
    free(hits);
    sphere_free(s);
}
END_TEST

START_TEST(fewer_than_there_are_gives_the_nearest_and_says_how_many)
{
    make_points();
    sphere *s = sphere_new(lat, lon, POINTS);
    sphere_hit few[7], all[POINTS], near[7];
    size_t n = sphere_within(s, 10, 20, 3000, few, 7);
    ck_assert_uint_eq(n, sphere_within(s, 10, 20, 3000, all, POINTS));
    ck_assert_uint_gt(n, 7);
    ck_assert_uint_eq(sphere_nearest(s, 10, 20, near, 7), 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_uint_eq(few[i].at, all[i].at);
        ck_assert_uint_eq(near[i].at, all[i].at);
    }
    ck_assert_uint_eq(sphere_nearest(s, 0, 0, all, POINTS), POINTS);
    ck_assert_uint_eq(sphere_nearest(NULL, 0, 0, all, POINTS), 0);
    ck_assert_uint_eq(sphere_within(NULL, 0, 0, 100, all, POINTS), 0);
    sphere_free(s);
    ck_assert_ptr_null(sphere_new(NULL, NULL, 0));
}
END_TEST

START_TEST(a_distance_is_read_with_its_unit_or_refused)
{
    double km = -1;
    err e = {0};
    ck_assert(sphere_parse("150mi", &km, &e) && fabs(km - 241.4016) < 1e-9);
    ck_assert(sphere_parse("240km", &km, &e) && km >= 240 && km <= 240);
    ck_assert(sphere_parse("240", &km, &e) && km >= 240 && km <= 240);
    ck_assert(sphere_parse("1.5 mi", &km, &e));
    static const char *const BAD[] = {"",    "mi",   "-5km",    "5 parsec", "1e999",
                                      "nan", "0x10", "30000km", "5kmkm"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        ck_assert_msg(!sphere_parse(BAD[i], &km, &e), "'%s' is taken", BAD[i]);
        ck_assert_int_eq(e.kind, ERR_USAGE);
    }
}
END_TEST

Suite *sphere_suite(void)
{
    Suite *s = suite_create("sphere");
    TCase *tc = tcase_create("sphere");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, distance_is_the_haversine_one);
    tcase_add_test(tc, within_gives_exactly_what_is_near_enough_nearest_first);
    tcase_add_test(tc, fewer_than_there_are_gives_the_nearest_and_says_how_many);
    tcase_add_test(tc, a_distance_is_read_with_its_unit_or_refused);
    return s;
}
