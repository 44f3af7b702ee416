/* The solver against the oracle: over made-up tiny tours under every rule it finds the very best plan, or says that there is none. */
#include "suites.h"
#include "tour/private.h"
#include "tour/random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 4000000, FIRST_EFFORT = 600, LAST_EFFORT = 40000 };

static const struct {
    const char *name;
    const random_kind *kind;
} kinds[] = {{"tiny", &random_tiny}, {"loose", &random_loose}, {"hard", &random_hard}};

/* Seeds that failed, for whoever looks into them. */
static void note_failure(uint64_t seed, const char *kind, const char *what, int64_t is, int64_t best)
{
    const char *file = getenv("SHOWX_FAILING_SEEDS");
    FILE *f = file ? fopen(file, "a") : NULL;
    if (f) {
        fprintf(f, "%llu %s: %s, %lld, best %lld\n", (unsigned long long)seed, kind, what, (long long)is,
                (long long)best);
        fclose(f);
    }
    printf("      seed %llu (%s): %s, %lld, best %lld\n", (unsigned long long)seed, kind, what, (long long)is,
           (long long)best);
    fflush(stdout);
}

typedef struct tally {
    int equal, none, short_of, wrong, too_large;
    int64_t stops;
} tally;

static void hold(uint64_t seed, size_t kind, tally *t)
{
    const char *name = kinds[kind].name;
    err e = {0};
    tour_problem *p = random_tour(seed, kinds[kind].kind);
    ck_assert_msg(tour_ready(p, &e), "seed %llu: %s", (unsigned long long)seed, e.text);
    tour_plan best = {0}, found = {0};
    bool there = tour_enumerate(p, NODES, &best, &e);
    if (!there && e.kind == ERR_TIMEOUT) {
        t->too_large++;
        tour_problem_free(p);
        return;
    }
    /* Most need few rounds; a hard one is given more, and counts as short only when the most did not do. */
    bool solved = false;
    for (int64_t rounds = FIRST_EFFORT; rounds <= LAST_EFFORT; rounds *= 8) {
        const tour_effort effort = {.iterations = rounds, .seed = seed};
        tour_plan_done(&found);
        found = (tour_plan){0};
        solved = tour_solve(p, &effort, &found, NULL, &e);
        if (!there || (solved && found.total >= best.total))
            break;
    }
    tour_terms terms = {0};
    if (solved)
        tour_measure(p, found.stops, found.n, &terms);
    if (solved && (tour_verify(p, found.stops, found.n, NULL) != TOUR_OK || terms.total != found.total)) {
        note_failure(seed, name, "not verified or mismeasured", found.total, best.total);
        t->wrong++;
    } else if (solved != there) {
        note_failure(seed, name, solved ? "a plan where there is none" : "no plan found", found.total,
                     best.total);
        t->wrong++;
    } else if (solved && found.total != best.total) {
        note_failure(seed, name, "short of the best", found.total, best.total);
        t->short_of++;
    } else if (solved)
        t->equal++;
    else
        t->none++;
    t->stops += (int64_t)best.n;
    tour_plan_done(&best);
    tour_plan_done(&found);
    tour_problem_free(p);
}

START_TEST(on_700_tiny_tours_the_solver_finds_exactly_the_best_plan)
{
    uint64_t seed = support_seed(100000);
    tally t = {0};
    for (int i = 0; i < 700; i++)
        hold(seed + (uint64_t)i, (size_t)i % 3, &t);
    printf("      %d equal (%lld stops), %d rightly none, %d short of the best, %d wrong, %d too large to "
           "count out\n",
           t.equal, (long long)t.stops, t.none, t.short_of, t.wrong, t.too_large);
    ck_assert_int_eq(t.short_of + t.wrong, 0);
    ck_assert_int_ge(t.equal, 500);
    ck_assert_int_ge(t.none, 20);
}
END_TEST

START_TEST(the_same_seed_and_iterations_give_the_same_plan)
{
    uint64_t seed = support_seed(777);
    for (int i = 0; i < 30; i++, seed++) {
        tour_plan a = {0}, b = {0};
        tour_problem *p = random_tour(seed, &random_tiny), *q = random_tour(seed, &random_tiny);
        ck_assert(tour_ready(p, NULL) && tour_ready(q, NULL));
        const tour_effort effort = {.iterations = 500, .seed = seed};
        bool ok = tour_solve(p, &effort, &a, NULL, NULL);
        ck_assert_int_eq(ok, tour_solve(q, &effort, &b, NULL, NULL));
        ck_assert(!ok || (a.n == b.n && (a.n == 0 || memcmp(a.stops, b.stops, a.n * sizeof *a.stops) == 0)));
        tour_plan_done(&a);
        tour_plan_done(&b);
        tour_problem_free(p);
        tour_problem_free(q);
    }
}
END_TEST

Suite *check_solve_suite(void)
{
    Suite *s = suite_create("check_solve");
    TCase *tc = tcase_create("check_solve");
    tcase_set_timeout(tc, 900);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, on_700_tiny_tours_the_solver_finds_exactly_the_best_plan);
    tcase_add_test(tc, the_same_seed_and_iterations_give_the_same_plan);
    return s;
}
