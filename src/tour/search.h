/* search: an anytime large-neighbourhood search (ruin and recreate: Shaw 1998, Schrimpf et al. 2000, Pisinger & Ropke 2007)
 * over any problem that can take a part of its solution out and put things back in. The day-slot tour (solve) and the
 * orienteering benchmark (optw) run on it.
 *
 * Each round: a ruin kind is chosen (by how well it did, never below a floor), the current solution is ruined and recreated, and
 * the result is kept or taken back by simulated annealing: it is kept when what it loses is at most heat * E, E exponentially
 * distributed (that is Metropolis' rule, without exp). The value that is compared is
 *
 *     value = score * unit - cost          cost: the small term, such as minutes driven; it may outweigh little score while warm
 *
 * and a better best is one with more score, or as much score at less cost. Heat falls within a cycle; a cycle starts at the best or at one
 * of the elite (the ends of earlier cycles). Cycles grow in length, and the last one ends where the limit ends.
 *
 * Everything is integer arithmetic, and heat follows the rounds made: the same seed and number of iterations give the same
 * result on every machine. With a limit by time alone, heat follows the clock and a run cannot be repeated exactly.
 *
 * The context owns all solutions: the driver speaks of the one at hand ("current") and of numbered places to save it in.
 * Nothing here allocates. */
#ifndef SHOWX_TOUR_SEARCH_H
#define SHOWX_TOUR_SEARCH_H

#include "base/job.h"
#include "base/rng.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SEARCH_HERE,
    SEARCH_BEST,
    SEARCH_ELITE,
    SEARCH_ELITES = 6,
    SEARCH_PLACES = SEARCH_ELITE + SEARCH_ELITES
};
enum { SEARCH_KINDS_MOST = 16, SEARCH_WHOLE = 10000 };

typedef struct search_ops {
    size_t kinds; /* of ruin: 1 .. SEARCH_KINDS_MOST */
    int64_t (*score)(const void *ctx);
    int64_t (*cost)(const void *ctx); /* in units of 1 / `unit` score; NULL: none */
    /* Takes a part of the current solution out. strength is 1 .. SEARCH_WHOLE, even in that range: the problem makes of it how much. */
    void (*ruin)(void *ctx, size_t kind, int32_t strength, rng *r);
    /* Puts in what fits. noise 0 .. SEARCH_WHOLE is how far it may stray from what looks best. */
    void (*recreate)(void *ctx, int32_t noise, rng *r);
    /* Local search on a promising solution (one near the best), after recreate; NULL: none. */
    void (*polish)(void *ctx, rng *r);
    void (*save)(void *ctx, size_t place); /* current -> place, 0 .. SEARCH_PLACES-1 */
    void (*load)(void *ctx, size_t place); /* place -> current */
    /* The current solution, a better best; seconds of the clock that the limits use. NULL: not told. */
    void (*better)(void *ctx, int64_t iterations, double seconds);
    /* Between cycles and each `every` rounds: anything global (a set partition of remembered routes ...). It may replace the
     * current solution. NULL: nothing. */
    void (*pause)(void *ctx, rng *r);
} search_ops;

typedef struct search_options {
    double seconds;     /* 0 = no limit by time */
    bool cpu;           /* seconds of CPU of this thread, else of the wall clock */
    int64_t iterations; /* 0 = no limit by count */
    uint64_t seed;
    stop *stop;          /* may be NULL; one of the three limits must be there */
    int64_t unit;        /* of value; 1 or more */
    int64_t heat, chill; /* in units of value: at the start of a cycle, at its end */
    int64_t cycle;       /* rounds of the first cycle; 0 = 2000 */
    int32_t noise;       /* most noise; 0 .. SEARCH_WHOLE */
    int64_t near;        /* polish what is at most this much value below the best */
    int64_t every;       /* pause each so many rounds; 0 = only between cycles */
} search_options;

typedef struct search_result {
    int64_t iterations, betters, cycles;
    double seconds; /* of the clock that the limit uses */
    bool stopped;   /* by `stop` */
    int64_t tried[SEARCH_KINDS_MOST],
        gained[SEARCH_KINDS_MOST]; /* by ruin kind: rounds, and rounds that gave a new value kept */
} search_result;

/* Starts from the current solution and leaves the best as the current one. */
void search_run(const search_ops *ops, void *ctx, const search_options *o, search_result *ret);

/* 0 .. n-1 (n > 0) by one multiplication: for inner loops, where the bias of at most n / 2^32 does not matter. */
static inline uint32_t search_below(rng *r, uint32_t n)
{
    return (uint32_t)(((rng_next(r) >> 32) * n) >> 32);
}

/* -ln((x + 1) / 1024) * 4096 for x = 0 .. 1023, by integers alone: exponentially distributed for even x. */
int32_t search_exponential(uint32_t x);

double search_clock(bool cpu); /* seconds since any moment */

#endif
