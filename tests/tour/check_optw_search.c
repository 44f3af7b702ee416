/* The benchmark's search: exact on what can be enumerated, the same twice, and at proved optima where the published files are there. */
#include "optw_suite.h"

#include "base/buf.h"
#include "base/path.h"
#include "base/rng.h"
#include "tour/optw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 9, SUBSETS = 1 << MOST };

/* ---- the oracle: a table over all subsets, in integers, straight from the rules ---- */

static int64_t leg(const optw *o, size_t a, size_t b)
{
    double across = o->points[a].x - o->points[b].x, up = o->points[a].y - o->points[b].y;
    return (int64_t)floor(sqrt(across * across + up * up) * 10 + 1e-9);
}

/* done[set][last]: the earliest moment at which all of the set can have been visited, `last` last; -1 never. */
static void reachable(const optw *o, bool *ret_possible)
{
    static int64_t done[SUBSETS][MOST];
    size_t n = o->n - 1;
    for (size_t set = 0; set < (size_t)1 << n; set++)
        for (size_t last = 0; last < n; last++) {
            const optw_point *p = &o->points[last + 1];
            done[set][last] = -1;
            if (!(set >> last & 1))
                continue;
            size_t rest = set & ~((size_t)1 << last);
            for (size_t before = 0; before < n || (!rest && before == n); before++) {
                int64_t from = !rest        ? (int64_t)(o->points[0].open * 10)
                               : before < n ? done[rest][before]
                                            : -1;
                if (from < 0)
                    continue;
                int64_t start = from + leg(o, rest ? before + 1 : 0, last + 1);
                start = start > (int64_t)(p->open * 10) ? start : (int64_t)(p->open * 10);
                int64_t end = start + (int64_t)(p->duration * 10);
                if (start <= (int64_t)(p->close * 10) && (done[set][last] < 0 || end < done[set][last]))
                    done[set][last] = end;
            }
        }
    for (size_t set = 0; set < (size_t)1 << n; set++) {
        ret_possible[set] = set == 0;
        for (size_t last = 0; last < n; last++)
            if (done[set][last] >= 0 &&
                done[set][last] + leg(o, last + 1, 0) <= (int64_t)(o->points[0].close * 10))
                ret_possible[set] = true;
    }
}

static int64_t oracle(const optw *o, int routes)
{
    static bool possible[SUBSETS];
    static int64_t score[SUBSETS];
    size_t n = o->n - 1, all = ((size_t)1 << n) - 1;
    int64_t best = 0;
    reachable(o, possible);
    for (size_t set = 0; set <= all; set++) {
        score[set] = 0;
        for (size_t i = 0; i < n; i++)
            score[set] += (set >> i & 1) ? o->points[i + 1].score : 0;
    }
    for (size_t set = 0; set <= all; set++)
        for (size_t other = all & ~set; possible[set]; other = (other - 1) & all & ~set) {
            if (possible[other] && score[set] + (routes > 1 ? score[other] : 0) > best)
                best = score[set] + (routes > 1 ? score[other] : 0);
            if (!other)
                break;
        }
    return best;
}

static optw *random_instance(rng *r)
{
    buf text;
    err e = {0};
    int n = (int)rng_between(r, 1, MOST);
    buf_init(&text);
    buf_printf(&text, "4 1 %d 1\n0 0\n 0 %d %d 0 0 0 0 0 %d\n", n, (int)rng_below(r, 50),
               (int)rng_below(r, 50), (int)rng_between(r, 40, 250));
    for (int i = 1; i <= n; i++) {
        int open = (int)rng_below(r, 150);
        buf_printf(&text, " %d %d %d %d %d 1 1 1 %d %d\n", i, (int)rng_below(r, 50), (int)rng_below(r, 50),
                   (int)rng_below(r, 15), (int)rng_below(r, 40), open, open + (int)rng_below(r, 100));
    }
    optw *o = optw_read("c1", text.data, text.len, -1, &e);
    ck_assert_msg(o != NULL, "%s", e.text);
    buf_done(&text);
    return o;
}

START_TEST(every_tiny_instance_is_solved_exactly)
{
    rng r;
    rng_seed(&r, support_seed(20261));
    for (int i = 0; i < 400; i++) {
        optw *o = random_instance(&r);
        optw_options options = {.routes = 1 + i % 2, .iterations = 1500, .seed = (uint64_t)i};
        optw_result found;
        err e = {0};
        optw_solve(o, &options, &found);
        ck_assert_msg(optw_verify(o, &found, &e), "case %d: %s", i, e.text);
        ck_assert_msg(found.score == oracle(o, options.routes),
                      "case %d, %d routes: %lld, the oracle has %lld", i, options.routes,
                      (long long)found.score, (long long)oracle(o, options.routes));
        optw_result_done(&found);
        optw_free(o);
    }
}
END_TEST

START_TEST(the_oracle_sees_a_search_that_stops_too_soon)
{
    rng r;
    int missed = 0;
    rng_seed(&r, support_seed(20261));
    for (int i = 0; i < 400; i++) {
        optw *o = random_instance(&r);
        optw_options options = {.routes = 1 + i % 2, .iterations = 1, .seed = (uint64_t)i};
        optw_result found;
        optw_solve(o, &options, &found);
        ck_assert_int_le(found.score, oracle(o, options.routes));
        missed += found.score < oracle(o, options.routes);
        optw_result_done(&found);
        optw_free(o);
    }
    ck_assert_int_gt(missed, 10);
}
END_TEST

/* ---- the same twice ---- */

static void same_result(const optw *o, const optw_options *options)
{
    optw_result a, b;
    optw_solve(o, options, &a);
    optw_solve(o, options, &b);
    ck_assert_int_eq(a.score, b.score);
    ck_assert_int_eq(a.iterations, options->iterations);
    for (int i = 0; i < options->routes; i++) {
        ck_assert_uint_eq(a.length[i], b.length[i]);
        ck_assert_mem_eq(a.visits[i], b.visits[i], a.length[i] * sizeof *a.visits[i]);
    }
    optw_result_done(&a);
    optw_result_done(&b);
}

static optw *wide_instance(uint64_t seed, int n)
{
    rng r;
    buf text;
    err e = {0};
    rng_seed(&r, seed);
    buf_init(&text);
    buf_printf(&text, "4 1 %d 1\n0 0\n 0 50 50 0 0 0 0 0 300\n", n);
    for (int i = 1; i <= n; i++) {
        int open = (int)rng_below(&r, 200);
        buf_printf(&text, " %d %d %d 5 %d 1 1 1 %d %d\n", i, (int)rng_below(&r, 100), (int)rng_below(&r, 100),
                   (int)rng_between(&r, 1, 40), open, open + (int)rng_between(&r, 10, 100));
    }
    optw *o = optw_read("c1", text.data, text.len, -1, &e);
    ck_assert_msg(o != NULL, "%s", e.text);
    buf_done(&text);
    return o;
}

START_TEST(the_same_seed_and_iterations_give_the_same_routes)
{
    optw *o = wide_instance(7, 80);
    for (int routes = 1; routes <= OPTW_ROUTES_MOST; routes++) {
        optw_options options = {.routes = routes, .iterations = 9000, .seed = 5};
        same_result(o, &options);
    }
    optw_free(o);
}
END_TEST

START_TEST(more_iterations_find_more_and_every_result_is_verified)
{
    int64_t few = 0, many = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        optw *o = wide_instance(seed, 120);
        for (int64_t iterations = 1; iterations <= 10000; iterations *= 10000) {
            optw_options options = {.routes = 1 + (int)(seed % 4), .iterations = iterations, .seed = seed};
            optw_result r;
            err e = {0};
            optw_solve(o, &options, &r);
            ck_assert_msg(optw_verify(o, &r, &e), "%s", e.text);
            *(iterations == 1 ? &few : &many) += r.score;
            optw_result_done(&r);
        }
        optw_free(o);
    }
    ck_assert_int_gt(many, few);
}
END_TEST

START_TEST(a_stop_ends_the_search_with_the_best_so_far)
{
    optw *o = wide_instance(3, 60);
    stop s;
    err e = {0};
    ck_assert(stop_init(&s, 0, &e));
    stop_ask(&s);
    optw_options options = {.routes = 2, .iterations = INT64_MAX, .seed = 1, .stop = &s};
    optw_result r;
    optw_solve(o, &options, &r);
    ck_assert_msg(r.score > 0 && optw_verify(o, &r, &e), "%s", e.text);
    optw_result_done(&r);
    stop_done(&s);
    optw_free(o);
}
END_TEST

/* ---- proved optima (Righini & Salani 2009) ---- */

static const struct {
    const char *name;
    int64_t optimum;
} proved[] = {{"c101", 320}, {"c104", 420}, {"r101", 198}, {"r105", 247}, {"pr01", 308}, {"pr07", 298}};

START_TEST(proved_optima_are_found)
{
    char path[128];
    buf text;
    err e = {0};
    snprintf(path, sizeof path, "../shared/data/optw/%s.txt", proved[_i].name);
    if (access(path, R_OK) != 0)
        support_skip("../shared/data/optw is not there");
    buf_init(&text);
    ck_assert_msg(path_read(path, 1 << 22, &text, &e), "%s", e.text);
    optw *o = optw_read(path, text.data, text.len, -1, &e);
    ck_assert_msg(o != NULL, "%s", e.text);
    optw_options options = {.routes = 1, .iterations = 60000, .seed = 1};
    optw_result r;
    optw_solve(o, &options, &r);
    ck_assert_msg(optw_verify(o, &r, &e), "%s", e.text);
    ck_assert_msg(r.score == proved[_i].optimum, "%s: %lld, the optimum is %lld", proved[_i].name,
                  (long long)r.score, (long long)proved[_i].optimum);
    optw_result_done(&r);
    optw_free(o);
    buf_done(&text);
}
END_TEST

START_TEST(the_logarithm_is_right_to_a_thousandth)
{
    for (uint32_t x = 0; x < 1024; x++)
        ck_assert_double_eq_tol(search_exponential(x) / 4096.0, -log((x + 1) / 1024.0), 0.001);
}
END_TEST

void optw_search_tests(Suite *s)
{
    TCase *tc = tcase_create("search");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, the_logarithm_is_right_to_a_thousandth);
    tcase_add_test(tc, every_tiny_instance_is_solved_exactly);
    tcase_add_test(tc, the_oracle_sees_a_search_that_stops_too_soon);
    tcase_add_test(tc, the_same_seed_and_iterations_give_the_same_routes);
    tcase_add_test(tc, more_iterations_find_more_and_every_result_is_verified);
    tcase_add_test(tc, a_stop_ends_the_search_with_the_best_so_far);
    tcase_add_loop_test(tc, proved_optima_are_found, 0, (int)(sizeof proved / sizeof *proved));
}
