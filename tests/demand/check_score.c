/* Is it any good: on worlds whose truth is known. */
#include "world.h"

#include <math.h>
#include <string.h>

static void scores_of(const world_spec *spec, demand_score ret[DEMAND_SCORES])
{
    world w;
    err e = {0};
    world_make(spec, &w);
    ck_assert_msg(demand_evaluate(&w.data, -1, ret, NULL, &e) == DEMAND_SCORES, "%s", e.text);
    ck_assert_uint_eq(ret[0].shows, w.data.nshows);
    world_done(&w);
}

START_TEST(eighty_percent_intervals_hold_and_every_rival_is_beaten)
{
    for (uint64_t seed = support_seed(41), i = 0; i < 6; i++) {
        demand_score s[DEMAND_SCORES];
        world_spec spec = world_usual(seed + i);
        spec.level = (double)i * .8 - .8;
        spec.small_rooms = i % 3 == 2 ? .15 : 0;
        scores_of(&spec, s);
        /* of whole numbers more than 80 % lie within when there are few: that interval is as narrow as it can be */
        ck_assert_msg(s[0].coverage80 > .72 && s[0].coverage80 < .88, "world %d: coverage %f", (int)i,
                      s[0].coverage80);
        for (int r = 1; r < DEMAND_SCORES; r++)
            ck_assert_msg(s[0].log_score > s[r].log_score && s[0].error < s[r].error,
                          "world %d: %s %f %f, model %f %f", (int)i, s[r].name, s[r].log_score, s[r].error,
                          s[0].log_score, s[0].error);
    }
}
END_TEST

/* Buyers who are nothing but the shows' own: whoever let a show see its buyers would foretell this world all too well. */
START_TEST(a_show_is_not_foretold_by_its_own_buyers)
{
    enum { ARTISTS = 120, CITIES = 120 };
    static double lat[CITIES], lon[CITIES];
    static demand_cell cells[ARTISTS * CITIES];
    static demand_show shows[ARTISTS * CITIES];
    rng r;
    size_t n = 0;
    double spread = 0;
    rng_seed(&r, support_seed(42));
    for (int i = 0; i < CITIES; i++) /* all farther than 60 miles from each other */
        lat[i] = -50 + 10. * (i / 12), lon[i] = -120 + 20. * (i % 12);
    for (int a = 0; a < ARTISTS; a++)
        for (int k = 0; k < 6; k++, n++) {
            double luck = world_normal(&r);
            int32_t city = (int32_t)((a * 7 + k * 19) % CITIES),
                    sold = world_poisson(&r, 200 * exp(.8 * luck));
            shows[n] = (demand_show){.artist = a, .city = city, .day = 15000 + k * 400, .sold = sold};
            cells[n] = (demand_cell){a, city, 100, sold / 2, sold};
            spread += .8 * fabs(luck);
        }
    demand_data d = {.latitudes = lat,
                     .longitudes = lon,
                     .ncities = CITIES,
                     .nartists = ARTISTS,
                     .cells = cells,
                     .ncells = n,
                     .shows = shows,
                     .nshows = n};
    demand_score s[DEMAND_SCORES];
    ck_assert_uint_eq(demand_evaluate(&d, -1, s, NULL, NULL), DEMAND_SCORES);
    ck_assert_msg(s[0].error > .9 * spread / (double)n, "error %f where chance alone makes %f", s[0].error,
                  spread / (double)n);
}
END_TEST

START_TEST(an_artist_alone_can_be_judged_and_one_without_shows_not)
{
    world_spec spec = world_usual(support_seed(43));
    world w;
    demand_score s[DEMAND_SCORES];
    err e = {0};
    world_make(&spec, &w);
    size_t shows = 0;
    for (size_t i = 0; i < w.data.nshows; i++)
        shows += w.shows[i].artist == 7;
    ck_assert_uint_eq(demand_evaluate(&w.data, 7, s, NULL, &e), DEMAND_SCORES);
    ck_assert(s[0].shows == shows && s[3].shows == shows && strcmp(s[0].name, "model") == 0);
    w.data.nshows = 1;
    ck_assert_uint_eq(demand_evaluate(&w.data, -1, s, NULL, &e), 0);
    ck_assert_int_eq(e.kind, ERR_MISSING);
    world_done(&w);
}
END_TEST

Suite *score_suite(void)
{
    Suite *s = suite_create("score");
    TCase *tc = tcase_create("score");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, eighty_percent_intervals_hold_and_every_rival_is_beaten);
    tcase_add_test(tc, a_show_is_not_foretold_by_its_own_buyers);
    tcase_add_test(tc, an_artist_alone_can_be_judged_and_one_without_shows_not);
    return s;
}
