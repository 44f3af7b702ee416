/* The fit and what it answers. */
#include "world.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static demand_model *fitted(const demand_data *d)
{
    demand_model *m = NULL;
    err e = {0};
    ck_assert_msg(demand_fit(d, &m, NULL, &e), "%s", e.text);
    return m;
}

START_TEST(the_variances_that_made_a_world_are_found_again)
{
    for (uint64_t seed = support_seed(31), i = 0; i < 3; i++) {
        world_spec spec = world_usual(seed + i);
        world w;
        spec.artists = 300;
        spec.level = i == 2 ? -1.5 : 1;
        spec.small_rooms = i == 1 ? .3 : 0;
        world_make(&spec, &w);
        demand_model *m = fitted(&w.data);
        demand_about about;
        demand_tell(m, &about);
        ck_assert_msg(fabs(about.artist - .5) < .1 && fabs(about.place - .3) < .1 &&
                          fabs(about.show - .4) < .07,
                      "artist %f place %f show %f", about.artist, about.place, about.show);
        ck_assert_int_eq(about.shows, (int64_t)w.data.nshows);
        ck_assert_int_eq(about.censored > 0, i == 1);
        demand_free(m);
        world_done(&w);
    }
}
END_TEST

START_TEST(without_a_show_everything_is_a_prior_and_says_so)
{
    double lat[] = {30}, lon[] = {-97};
    demand_cell cell = {0, 0, 500, 100, 250};
    demand_data d = {
        .latitudes = lat, .longitudes = lon, .ncities = 1, .nartists = 1, .cells = &cell, .ncells = 1};
    demand_model *m = fitted(&d);
    demand_estimate e;
    demand_estimate_at(m, 0, 0, 20000, &e);
    ck_assert(e.weight == 0 && e.shows == 0 && e.raw < 0 && e.last_show == INT32_MIN && e.fatigue == 1);
    ck_assert(fabs(e.mean - e.prior) < 1e-9 * e.mean && e.low < e.mid && e.mid < e.high && e.room >= e.mid);
    demand_about about;
    demand_tell(m, &about);
    ck_assert_int_eq(about.shows, 0);
    demand_free(m);
}
END_TEST

START_TEST(more_shows_weigh_more_and_pull_towards_what_was_sold)
{
    double lat[] = {30, 40}, lon[] = {-97, -97};
    demand_cell cells[] = {{0, 0, 500, 0, 0}, {0, 1, 500, 0, 0}};
    demand_show shows[12];
    double weight = 0, away = 1e9, spread = 9;
    for (size_t n = 0; n <= 12; n++) {
        for (size_t i = 0; i < n; i++)
            shows[i] = (demand_show){.artist = 0, .city = 0, .day = 15000 + (int32_t)i * 300, .sold = 900};
        demand_data d = {.latitudes = lat,
                         .longitudes = lon,
                         .ncities = 2,
                         .nartists = 1,
                         .cells = cells,
                         .ncells = 2,
                         .shows = shows,
                         .nshows = n};
        demand_model *m = NULL;
        ck_assert(demand_model_load(NULL, &d, &m, NULL, NULL));
        demand_estimate here, there;
        demand_estimate_at(m, 0, 0, 25000, &here);
        demand_estimate_at(m, 0, 1, 25000, &there);
        ck_assert_msg(n == 0 || here.weight > weight, "%zu shows weigh %f", n, here.weight);
        ck_assert(here.weight < 1 && (n == 0 || here.spread < spread) &&
                  fabs(log(here.mid / 900)) < away + 1e-9);
        ck_assert(n == 0 || (there.weight < here.weight &&
                             there.weight > 0)); /* the artist's own level is known there too */
        ck_assert(here.shared <= here.spread && fabs(here.shared - there.shared) < 1e-12);
        ck_assert_int_eq(here.shows, (int32_t)n);
        ck_assert_int_eq(there.shows, 0);
        weight = here.weight, spread = here.spread, away = fabs(log(here.mid / 900));
        demand_free(m);
    }
}
END_TEST

/* What a place sold must not count twice, as buyers nearby and as the place's luck. */
START_TEST(a_place_that_always_sells_alike_is_expected_to_go_on)
{
    enum { ARTISTS = 80, CITIES = 60 };
    static double lat[CITIES], lon[CITIES];
    static demand_cell cells[ARTISTS * 5];
    static demand_show shows[ARTISTS * 15];
    rng r;
    size_t n = 0, ncells = 0;
    rng_seed(&r, support_seed(35));
    for (int i = 0; i < CITIES; i++)
        lat[i] = -50 + 10. * (i / 6), lon[i] = -120 + 20. * (i % 6);
    for (int32_t a = 0; a < ARTISTS; a++)
        for (int32_t k = 0; k < 5; k++) {
            double level = exp(4 + world_normal(&r));
            int32_t city = (a * 7 + k * 11) % CITIES, all = 0;
            for (int32_t j = 0; j < 3; j++, n++) {
                shows[n] = (demand_show){.artist = a,
                                         .city = city,
                                         .day = 15000 + j * 900,
                                         .sold = world_poisson(&r, level * exp(.2 * world_normal(&r)))};
                all += shows[n].sold;
            }
            cells[ncells++] = (demand_cell){a, city, 100, all / 2, all};
        }
    demand_data d = {.latitudes = lat,
                     .longitudes = lon,
                     .ncities = CITIES,
                     .nartists = ARTISTS,
                     .cells = cells,
                     .ncells = ncells,
                     .shows = shows,
                     .nshows = n};
    demand_model *m = fitted(&d);
    double bias = 0;
    for (size_t i = 0; i < n; i += 3) {
        demand_estimate e;
        demand_estimate_at(m, shows[i].artist, shows[i].city, 15000 + 3 * 900, &e);
        bias += log((e.mid + 1) / (e.raw + 1)) / (double)(n / 3);
    }
    ck_assert_msg(fabs(bias) < .1, "biased by %f", bias);
    demand_free(m);
}
END_TEST

START_TEST(small_counts_weigh_less_than_large_ones)
{
    double lat[] = {30}, lon[] = {-97}, weights[2];
    for (int big = 0; big < 2; big++) {
        demand_cell cell = {0, 0, big ? 50000 : 3, 0, 0};
        demand_show show = {.artist = 0, .city = 0, .day = 15000, .sold = big ? 3000 : 2};
        demand_data d = {.latitudes = lat,
                         .longitudes = lon,
                         .ncities = 1,
                         .nartists = 1,
                         .cells = &cell,
                         .ncells = 1,
                         .shows = &show,
                         .nshows = 1};
        demand_model *m = NULL;
        demand_estimate e;
        ck_assert(demand_model_load(NULL, &d, &m, NULL, NULL));
        demand_estimate_at(m, 0, 0, 25000, &e);
        weights[big] = e.weight;
        demand_free(m);
    }
    ck_assert_double_lt(weights[0], weights[1] * .8);
}
END_TEST

START_TEST(a_play_nearby_tires_a_place_and_time_rests_it)
{
    double lat[] = {30, 30.5, 40}, lon[] = {-97, -97, -97};
    demand_show show = {.artist = 0, .city = 1, .day = 20000, .sold = 100};
    demand_data d = {
        .latitudes = lat, .longitudes = lon, .ncities = 3, .nartists = 1, .shows = &show, .nshows = 1};
    demand_model *m = NULL;
    demand_estimate e;
    ck_assert(demand_model_load(NULL, &d, &m, NULL, NULL));
    demand_estimate_at(m, 0, 0, 20180, &e);
    ck_assert_double_eq_tol(e.fatigue, 1 - .3 * exp(-1), 1e-12);
    ck_assert_int_eq(e.last_show, 20000);
    double tired = e.mean;
    demand_estimate_at(m, 0, 0, 20180 + 7 * 52, &e);
    ck_assert_double_gt(e.mean, tired);
    demand_estimate_at(m, 0, 2, 20180, &e);
    ck_assert_double_eq(e.fatigue, 1);
    demand_estimate_at(m, 0, 0, 19999, &e); /* before it */
    ck_assert_double_eq(e.fatigue, 1);
    demand_free(m);
}
END_TEST

/* Mean of estimated less true median, in log, over all shows. */
static double bias_of(const world_spec *spec)
{
    world w;
    world_make(spec, &w);
    demand_model *m = fitted(&w.data);
    double sum = 0;
    for (size_t i = 0; i < w.data.nshows; i++) {
        demand_estimate e;
        demand_estimate_at(m, w.shows[i].artist, w.shows[i].city, w.shows[i].day, &e);
        sum += log(e.mean / w.expected[i]) - e.spread * e.spread / 2 + spec->show * spec->show / 2;
    }
    double n = (double)w.data.nshows;
    demand_free(m);
    world_done(&w);
    return sum / n;
}

START_TEST(taking_sold_out_as_at_least_raises_the_estimates_to_the_truth)
{
    world_spec spec = world_usual(support_seed(32));
    spec.level = 1.5;
    spec.small_rooms = .6;
    double honest = bias_of(&spec);
    spec.plain = true; /* the same world, sell-outs given as plain figures */
    double plain = bias_of(&spec);
    ck_assert_msg(fabs(honest) < .12, "biased by %f", honest);
    ck_assert_msg(plain < honest - .15, "%f as plain, %f as at least", plain, honest);
}
END_TEST

START_TEST(a_sold_out_show_says_more_than_the_same_figure_in_a_larger_room)
{
    double lat[] = {30}, lon[] = {-97}, mean[2];
    for (int full = 0; full < 2; full++) {
        demand_cell cell = {0, 0, 500, 0, 0};
        demand_show show = {.artist = 0, .city = 0, .day = 15000, .sold = 300, .capacity = full ? 300 : 800};
        demand_data d = {.latitudes = lat,
                         .longitudes = lon,
                         .ncities = 1,
                         .nartists = 1,
                         .cells = &cell,
                         .ncells = 1,
                         .shows = &show,
                         .nshows = 1};
        demand_model *m = NULL;
        demand_estimate e;
        ck_assert(demand_model_load(NULL, &d, &m, NULL, NULL));
        demand_estimate_at(m, 0, 0, 25000, &e);
        ck_assert_int_eq(e.censored, full);
        mean[full] = e.mean;
        demand_free(m);
    }
    ck_assert_double_gt(mean[1], mean[0]);
}
END_TEST

START_TEST(the_same_data_in_another_order_gives_the_same_bits)
{
    uint64_t seed = support_seed(33);
    world_spec spec = world_usual(seed);
    world w;
    rng r;
    spec.artists = 60, spec.small_rooms = .2;
    world_make(&spec, &w);
    demand_model *one = fitted(&w.data);
    rng_seed(&r, seed);
    for (size_t i = w.data.nshows; i-- > 1;) {
        size_t k = rng_below(&r, i + 1);
        demand_show t = w.shows[i];
        w.shows[i] = w.shows[k], w.shows[k] = t;
    }
    for (size_t i = w.data.ncells; i-- > 1;) {
        size_t k = rng_below(&r, i + 1);
        demand_cell t = w.cells[i];
        w.cells[i] = w.cells[k], w.cells[k] = t;
    }
    demand_model *other = fitted(&w.data);
    for (int32_t a = 0; a < 60; a++)
        for (int32_t c = 0; c < 300; c += 7) {
            demand_estimate x, y;
            memset(&x, 0, sizeof x), memset(&y, 0, sizeof y);
            demand_estimate_at(one, a, c, 20600, &x);
            demand_estimate_at(other, a, c, 20600, &y);
            ck_assert_mem_eq(&x, &y, sizeof x);
        }
    demand_free(one);
    demand_free(other);
    world_done(&w);
}
END_TEST

START_TEST(an_artist_who_played_everywhere_is_answered_too)
{
    enum { N = 700 };
    double lat[N], lon[N];
    demand_show shows[N];
    for (int i = 0; i < N; i++) {
        lat[i] = -80 + 160. * i / N, lon[i] = i % 360 - 180;
        shows[i] = (demand_show){.artist = 0, .city = i, .day = 15000 + i, .sold = 40 + i % 9};
    }
    demand_data d = {
        .latitudes = lat, .longitudes = lon, .ncities = N, .nartists = 1, .shows = shows, .nshows = N};
    demand_model *m = fitted(&d);
    for (int32_t i = 0; i < N; i++) {
        demand_estimate e;
        demand_estimate_at(m, 0, i, 20000, &e);
        ck_assert(isfinite(e.mean) && e.mid > 15 && e.mid < 120 && e.weight > 0 && e.weight < 1);
    }
    demand_free(m);
}
END_TEST

START_TEST(a_fit_ends_when_told_to)
{
    world_spec spec = world_usual(34);
    world w;
    stop halt;
    err e = {0};
    demand_model *m = NULL;
    world_make(&spec, &w);
    ck_assert(stop_init(&halt, 0, NULL));
    stop_ask(&halt);
    ck_assert(!demand_fit(&w.data, &m, &halt, &e) && e.kind == ERR_CANCELLED && !m);
    stop_done(&halt);
    world_done(&w);
}
END_TEST

Suite *model_suite(void)
{
    Suite *s = suite_create("model");
    TCase *tc = tcase_create("model");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, the_variances_that_made_a_world_are_found_again);
    tcase_add_test(tc, without_a_show_everything_is_a_prior_and_says_so);
    tcase_add_test(tc, more_shows_weigh_more_and_pull_towards_what_was_sold);
    tcase_add_test(tc, a_place_that_always_sells_alike_is_expected_to_go_on);
    tcase_add_test(tc, small_counts_weigh_less_than_large_ones);
    tcase_add_test(tc, a_play_nearby_tires_a_place_and_time_rests_it);
    tcase_add_test(tc, taking_sold_out_as_at_least_raises_the_estimates_to_the_truth);
    tcase_add_test(tc, a_sold_out_show_says_more_than_the_same_figure_in_a_larger_room);
    tcase_add_test(tc, the_same_data_in_another_order_gives_the_same_bits);
    tcase_add_test(tc, an_artist_who_played_everywhere_is_answered_too);
    tcase_add_test(tc, a_fit_ends_when_told_to);
    return s;
}
