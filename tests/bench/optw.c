/* The orienteering benchmark beside the best scores known (../shared/data/optw): how far below them the search is, after so much CPU. The
 * searches run here, in this process, one after the other on one core; every result is verified. */
#include "tour/optw.h"
#include "base/buf.h"
#include "base/path.h"
#include "bench/bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "../shared/data/optw"

enum { KNOWN_MOST = 400, FILE_MOST = 1 << 22 };

typedef struct known {
    char name[16];
    int routes;
    long best;
} known;

typedef struct row {
    const char *what;
    const char *families; /* names begin with one of these, divided by spaces */
    int most_routes;
    double seconds; /* 0: the construction alone, which is the control */
    double target;  /* mean gap in %; below 0: none */
} row;

static const row rows[] = {
    {"c1, r1, one route, 1 s", "c1 r1", 1, 1, 0},
    {"c2, one route, 1 s", "c2", 1, 1, -1},
    {"pr01-10, one route, 1 s", "pr", 1, 1, 0.3},
    {"pr01-10, one to four routes, 1 s", "pr", 4, 1, 1.5},
    {"c1, r1, one route, 50 ms", "c1 r1", 1, 0.05, 4},
    {"c2, one route, 50 ms", "c2", 1, 0.05, 4},
    {"pr01-10, one route, 50 ms", "pr", 1, 0.05, 4},
    {"pr01-10, one to four routes, 50 ms", "pr", 4, 0.05, -1},
    {"pr01-10, one to four routes, 10 s", "pr", 4, 10, 0.8},
    {"pr01-10, one to four routes, the construction alone", "pr", 4, 0, 1.5},
};

static size_t read_known(known *out)
{
    char line[512];
    size_t n = 0;
    FILE *f = fopen(FOLDER "/best_known.tsv", "r");
    while (f && n < KNOWN_MOST && fgets(line, sizeof line, f))
        n += sscanf(line, "%15[a-z0-9] %d %ld", out[n].name, &out[n].routes, &out[n].best) == 3;
    if (f)
        fclose(f);
    return n;
}

static bool belongs(const row *r, const known *k)
{
    for (const char *family = r->families; family; family = strchr(family, ' ')) {
        family += *family == ' ';
        if (k->routes <= r->most_routes && strncmp(k->name, family, strcspn(family, " ")) == 0)
            return true;
    }
    return false;
}

static bool solve(const known *k, double seconds, int64_t *ret_score, err *e)
{
    char path[128];
    buf text;
    optw_result found = {.routes = 0};
    snprintf(path, sizeof path, FOLDER "/%.15s.txt", k->name);
    buf_init(&text);
    optw *o = path_read(path, FILE_MOST, &text, e) ? optw_read(path, text.data, text.len, -1, e) : NULL;
    buf_done(&text);
    if (!o)
        return false;
    optw_options options = {
        .routes = k->routes, .seconds = seconds, .iterations = seconds > 0 ? 0 : 1, .seed = 1};
    optw_solve(o, &options, &found);
    bool ok = optw_verify(o, &found, e) || err_wrap(e, "%s with %d routes", k->name, k->routes);
    *ret_score = found.score;
    optw_result_done(&found);
    optw_free(o);
    return ok;
}

static bool measure(const row *r, const known *all, size_t n)
{
    double sum = 0, worst = -100;
    size_t count = 0, reached = 0, better = 0;
    const char *worst_name = "";
    for (size_t i = 0; i < n; i++) {
        int64_t score = 0;
        err e = {0};
        if (!belongs(r, &all[i]))
            continue;
        if (!solve(&all[i], r->seconds, &score, &e)) {
            fprintf(stderr, "bench: %s\n", e.text);
            return false;
        }
        double gap = 100.0 * (double)(all[i].best - score) / (double)all[i].best;
        count++;
        sum += gap;
        reached += score >= all[i].best;
        better += score > all[i].best;
        worst_name = gap > worst ? all[i].name : worst_name;
        worst = gap > worst ? gap : worst;
    }
    char target[32] = "";
    double mean = count ? sum / (double)count : 0;
    if (r->target >= 0)
        snprintf(target, sizeof target, "%.1f %%", r->target);
    bool met = mean <= r->target + 0.005;
    report_row(r->seconds <= 0 ? control_of(!met)
               : r->target < 0 ? TARGET_NONE
                               : target_of(met),
               r->what, target,
               "mean %.2f %%, worst %.2f %% (%s); %zu of %zu at the best known, %zu of these above it", mean,
               worst, worst_name, reached, count, better);
    return true;
}

bool drill_optw(const bench *b)
{
    static known all[KNOWN_MOST];
    (void)b;
    size_t n = read_known(all);
    report_section("Orienteering benchmark", "How far below the best score known (optima where proved), in "
                                             "%, after so many seconds of CPU of one core, one "
                                             "run each with seed 1; every route verified. A score above the "
                                             "best known counts as a negative gap in the mean.");
    if (!n) {
        report_row(TARGET_NONE, "the published files", NULL, "not measured: " FOLDER " is not there");
        return true;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!measure(&rows[i], all, n))
            return false;
    return true;
}
