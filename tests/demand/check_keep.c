/* A model kept as text. */
#include "world.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

START_TEST(a_kept_model_answers_bit_for_bit_also_on_one_artists_data_alone)
{
    world_spec spec = world_usual(support_seed(51));
    world w;
    buf text;
    err e = {0};
    demand_model *fit = NULL, *kept = NULL;
    spec.artists = 40, spec.small_rooms = .2;
    world_make(&spec, &w);
    ck_assert(demand_fit(&w.data, &fit, NULL, &e));
    buf_init(&text);
    demand_model_save(fit, &text);
    for (int32_t artist = 0; artist < 40; artist += 13) {
        demand_cell *cells = MEM_ARRAY(demand_cell, w.data.ncells);
        demand_show *shows = MEM_ARRAY(demand_show, w.data.nshows);
        demand_data one = w.data;
        one.nartists = 1, one.cells = cells, one.shows = shows, one.ncells = one.nshows = 0;
        for (size_t i = 0; i < w.data.ncells; i++)
            if (w.cells[i].artist == artist) {
                cells[one.ncells] = w.cells[i];
                cells[one.ncells++].artist = 0;
            }
        for (size_t i = 0; i < w.data.nshows; i++)
            if (w.shows[i].artist == artist) {
                shows[one.nshows] = w.shows[i];
                shows[one.nshows++].artist = 0;
            }
        ck_assert_msg(demand_model_load(text.data, &one, &kept, NULL, &e), "%s", e.text);
        for (int32_t c = 0; c < 300; c++) {
            demand_estimate x, y;
            memset(&x, 0, sizeof x), memset(&y, 0, sizeof y);
            demand_estimate_at(fit, artist, c, 20600, &x);
            demand_estimate_at(kept, 0, c, 20600, &y);
            ck_assert_mem_eq(&x, &y, sizeof x);
        }
        demand_free(kept);
        free(cells);
        free(shows);
    }
    demand_free(fit);
    buf_done(&text);
    world_done(&w);
}
END_TEST

START_TEST(a_text_that_is_none_of_ours_is_refused_with_its_line)
{
    static const struct {
        const char *text, *said;
    } bad[] = {
        {"", "line 1: not a model"},
        {"showx-demand 2\n", "line 1: not a model"},
        {"showx-demand 1\ncoefficients 1 2 3\n", "line 2: coefficients wants 8 numbers"},
        {"showx-demand 1\ncoefficients 1 2 3 4 5 6 7 nan\n", "line 2: coefficients wants 8 numbers"},
        {"showx-demand 1\ncoefficients 1 2 3 4 5 6 7 8 9\n", "line 2: coefficients wants 8 numbers"},
        {"showx-demand 1\ncoefficients 1 2 3 4 5 6 7 8\nvariance", "line 3: 'variances' is missing"},
        {"showx-demand 1\ncoefficients 1 2 3 4 5 6 7 8\nvariances 1 -1 1 1\nfitted 1 1 1\n",
         "line 3: -1 is no variance"},
        {"showx-demand 1\ncoefficients 1 2 3 4 5 6 7 8\nvariances 1 1 1 1\nfitted 1 1e300 1\n",
         "line 4: 1e+300 is no count"},
    };
    demand_data d = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        demand_model *m = NULL;
        err e = {0};
        ck_assert(!demand_model_load(bad[i].text, &d, &m, NULL, &e) && !m && e.kind == ERR_INPUT);
        ck_assert_msg(strstr(e.text, bad[i].said) != NULL, "%s", e.text);
    }
}
END_TEST

Suite *keep_suite(void)
{
    Suite *s = suite_create("keep");
    TCase *tc = tcase_create("keep");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_kept_model_answers_bit_for_bit_also_on_one_artists_data_alone);
    tcase_add_test(tc, a_text_that_is_none_of_ours_is_refused_with_its_line);
    return s;
}
