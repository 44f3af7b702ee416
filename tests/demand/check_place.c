/* Who lives how near, and who shares whom. */
#include "world.h"

#include <math.h>
#include <stdlib.h>

static demand_model *ready(const demand_data *d)
{
    demand_model *m = NULL;
    err e = {0};
    ck_assert_msg(demand_model_load(NULL, d, &m, NULL, &e), "%s", e.text);
    return m;
}

static double miles(double lat1, double lon1, double lat2, double lon2)
{
    double d = 3.14159265358979323846 / 180, x = sin((lat1 - lat2) * d / 2), y = sin((lon1 - lon2) * d / 2);
    return 2 * 3958.7613 * asin(sqrt(x * x + cos(lat1 * d) * cos(lat2 * d) * y * y));
}

/* Anywhere, the poles and the 180th meridian too: the neighbourhood is what a look at every cell finds. */
START_TEST(fans_within_sixty_miles_are_those_that_a_look_at_all_finds)
{
    enum { N = 400 };
    rng r;
    uint64_t seed = support_seed(11);
    rng_seed(&r, seed);
    for (int round = 0; round < 40; round++) {
        double lat[N], lon[N], span = round % 4 == 3 ? 180 : 3;
        double at_lat = round % 4 == 0 ? 88.5 : round % 4 == 1 ? -60 : 40, at_lon = round % 2 ? 180 : -179.5;
        demand_cell cells[N];
        for (int i = 0; i < N; i++) {
            lat[i] = fmax(-90, fmin(90, at_lat + span / 2 * (rng_unit(&r) - .5)));
            lon[i] = at_lon + 2 * span * (rng_unit(&r) - .5);
            lon[i] += lon[i] > 180 ? -360 : lon[i] < -180 ? 360 : 0;
            cells[i] = (demand_cell){0, i, (int32_t)rng_below(&r, 50), (int32_t)rng_below(&r, 50), 0};
        }
        demand_data d = {
            .latitudes = lat, .longitudes = lon, .ncities = N, .nartists = 1, .cells = cells, .ncells = N};
        demand_model *m = ready(&d);
        for (int i = 0; i < N; i++) {
            demand_estimate e;
            int64_t followers = 0, fans = 0;
            bool edge = false;
            demand_estimate_at(m, 0, i, 20000, &e);
            for (int k = 0; k < N; k++) {
                double away = miles(lat[i], lon[i], lat[k], lon[k]);
                edge |= fabs(away - 60) < .01;
                followers += away <= 60 ? cells[k].followers : 0;
                fans += away <= 60
                            ? cells[k].followers > cells[k].buyers ? cells[k].followers : cells[k].buyers
                            : 0;
            }
            if (!edge)
                ck_assert_msg(e.followers == followers && e.fans == fans, "%f %f: %d, not %lld", lat[i],
                              lon[i], e.followers, (long long)followers);
        }
        demand_free(m);
    }
}
END_TEST

START_TEST(stops_together_never_count_on_more_fans_than_there_are)
{
    rng r;
    uint64_t seed = support_seed(12);
    rng_seed(&r, seed);
    world_spec spec = world_usual(seed);
    world w;
    spec.artists = 20;
    world_make(&spec, &w);
    demand_model *m = ready(&w.data);
    double nearest_full = 0;
    for (int round = 0; round < 2000; round++) {
        int32_t artist = (int32_t)rng_below(&r, 20), cities[12];
        size_t n = 1 + rng_below(&r, 12);
        double got[12], sum = 0, base = 0;
        for (size_t i = 0; i < n; i++)
            cities[i] =
                (int32_t)(rng_below(&r, 2) && i ? (uint64_t)cities[i - 1] : rng_below(&r, spec.cities));
        demand_split(m, artist, cities, n, got);
        for (size_t i = 0; i < n; i++)
            sum += got[i];
        for (size_t i = 0; i < w.data.ncells; i++)
            if (w.cells[i].artist == artist)
                base += w.cells[i].followers > w.cells[i].buyers ? w.cells[i].followers : w.cells[i].buyers;
        ck_assert_msg(sum <= base * (1 + 1e-9), "%zu stops: %f of %f", n, sum, base);
        nearest_full = fmax(nearest_full, sum / base);
    }
    ck_assert_double_gt(nearest_full, .01); /* or it would prove nothing */
    demand_free(m);
    world_done(&w);
}
END_TEST

START_TEST(two_stops_in_one_place_get_half_each_and_far_ones_all_of_theirs)
{
    double lat[] = {30, 30, 45}, lon[] = {-97, -97, -97};
    demand_cell cells[] = {{0, 0, 100, 0, 0}, {0, 2, 50, 80, 0}};
    demand_data d = {
        .latitudes = lat, .longitudes = lon, .ncities = 3, .nartists = 1, .cells = cells, .ncells = 2};
    demand_model *m = ready(&d);
    double got[3];
    demand_split(m, 0, (int32_t[]){0, 1, 2}, 3, got);
    ck_assert_double_eq_tol(got[0], 50, 1e-9);
    ck_assert_double_eq_tol(got[1], 50, 1e-9);
    ck_assert_double_eq_tol(got[2], 80, 1e-9);
    ck_assert_double_eq(demand_overlap(m, 0, 0, 0), 1);
    ck_assert_double_eq_tol(demand_overlap(m, 0, 0, 1), 1, 1e-12);
    ck_assert_double_eq(demand_overlap(m, 0, 0, 2), 0);
    demand_free(m);
}
END_TEST

START_TEST(an_overlap_is_a_share_that_is_the_same_both_ways_and_says_what_the_split_loses)
{
    uint64_t seed = support_seed(13);
    world_spec spec = world_usual(seed);
    world w;
    rng r;
    spec.artists = 10;
    world_make(&spec, &w);
    rng_seed(&r, seed);
    demand_model *m = ready(&w.data);
    int some = 0;
    for (int round = 0; round < 4000; round++) {
        int32_t artist = (int32_t)rng_below(&r, 10), a = (int32_t)rng_below(&r, spec.cities),
                b = (int32_t)rng_below(&r, spec.cities);
        double share = demand_overlap(m, artist, a, b), one, other, both[2];
        ck_assert(share >= 0 && share <= 1 && share == demand_overlap(m, artist, b, a));
        demand_split(m, artist, &a, 1, &one);
        demand_split(m, artist, &b, 1, &other);
        demand_split(m, artist, (int32_t[]){a, b}, 2, both);
        if (a != b && share > 0 && share < 1 && one > 0 && other > 0) {
            /* alone, a stop counts on sum n u; together they lose sum n 2 u v / (u + v) of both, which is share x the smaller */
            double lost = one + other - both[0] - both[1];
            ck_assert_msg(fabs(lost - share * fmin(one, other)) < 1e-6 * (one + other),
                          "%f lost, share %f of %f and %f", lost, share, one, other);
            some++;
        }
    }
    ck_assert_int_gt(some, 20);
    demand_free(m);
    world_done(&w);
}
END_TEST

START_TEST(rows_that_cannot_be_are_refused_by_array_and_row)
{
    double lat[] = {30, 91}, lon[] = {-97, 0};
    demand_cell cell = {0, 0, 1, -1, 0};
    demand_show show = {.artist = 1, .city = 0};
    demand_model *m = NULL;
    err e = {0};
    demand_data d = {.latitudes = lat, .longitudes = lon, .ncities = 2, .nartists = 1};
    ck_assert(!demand_fit(&d, &m, NULL, &e) && e.kind == ERR_INPUT);
    ck_assert_str_eq(e.text, "demand: cities, row 1: latitude 91 is not from -90 to 90");
    d.ncities = 1, d.cells = &cell, d.ncells = 1;
    ck_assert(!demand_fit(&d, &m, NULL, &e));
    ck_assert_str_eq(e.text, "demand: cells, row 0: a count is below 0");
    d.ncells = 0, d.shows = &show, d.nshows = 1;
    ck_assert(!demand_fit(&d, &m, NULL, &e));
    ck_assert_str_eq(e.text, "demand: shows, row 0: there is no artist 1");
    ck_assert_ptr_null(m);
}
END_TEST

Suite *place_suite(void)
{
    Suite *s = suite_create("place");
    TCase *tc = tcase_create("place");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, fans_within_sixty_miles_are_those_that_a_look_at_all_finds);
    tcase_add_test(tc, stops_together_never_count_on_more_fans_than_there_are);
    tcase_add_test(tc, two_stops_in_one_place_get_half_each_and_far_ones_all_of_theirs);
    tcase_add_test(tc, an_overlap_is_a_share_that_is_the_same_both_ways_and_says_what_the_split_loses);
    tcase_add_test(tc, rows_that_cannot_be_are_refused_by_array_and_row);
    return s;
}
