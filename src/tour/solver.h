/* solver: what the files of tour_solve share: the state at hand, the places to come back to, and which days a ruin opened. */
#ifndef SHOWX_TOUR_SOLVER_H
#define SHOWX_TOUR_SOLVER_H

#include "base/rng.h"
#include "tour/search.h"
#include "tour/state.h"

enum { SOLVER_BAG_MOST = 64, SOLVER_OTHERS_MOST = 8, SOLVER_DAY_WORDS = (TOUR_DAYS_MOST + 63) / 64 };

typedef struct solver {
    const tour_problem *p;
    tour_state *s;
    uint32_t *place[SEARCH_PLACES];  /* [days] choices */
    uint64_t open[SOLVER_DAY_WORDS]; /* days that the ruin emptied, or wants looked at */
    int32_t bag[SOLVER_BAG_MOST];    /* markets that it took out */
    size_t nbag;
    uint32_t *seen, stamp;  /* [market] when it was last a candidate */
    int16_t *pool_at;       /* [market] its place in the beam's pool, where it was seen now; else -1 */
    int64_t rounds, cycles; /* searched so far */
    bool stopped;
    struct beam *beam;
    int64_t penalty; /* what `bad` counts against the total: more than any plan can be worth */
    const int32_t *other
        [SOLVER_OTHERS_MOST]; /* [days] markets of plans that this one must differ from, TOUR_NONE where idle */
    size_t nothers;
    /* telling of better plans */
    const tour_effort *effort;
    double began, told_at;
    int64_t told_total;
    bool told, untold; /* the best was told; a better one was not, being so soon after the last */
} solver;

#define SOLVER_WORST (-INT64_MAX / 2)

solver *solver_new(const tour_problem *p);
void solver_free(solver *v);
int64_t solver_score(const solver *v); /* total, less the penalty for what is broken */
int64_t solver_bad(const solver *v);   /* what is broken, and what is too much like another plan */
/* solve.c: as tour_solve, unlike these plans. */
bool solver_run(const tour_problem *p, const tour_effort *effort, const int32_t *const *others,
                size_t nothers, tour_plan *ret);

/* ruin.c: each kind takes stops out, opens their days and puts their markets into the bag. */
enum { RUIN_KINDS = 10 };
void solver_ruin(void *ctx, size_t kind, int32_t strength, rng *r);
void solver_open(solver *v, int day);
void solver_close_all(solver *v); /* forgets open days and the bag */
void solver_take_out(solver *v, int day);

/* recreate.c: fills open days while that gains something. */
void solver_recreate(void *ctx, int32_t noise, rng *r);
/* The most that a stop between those on days i and j can save beside its worth. */
int64_t solver_slack(const solver *v, int i, int j);
/* Fills them one by one, by what each would gain. */
void solver_fill(solver *v, rng *r);
/* The best venue of a market on a day that may be put there; false when there is none that gains more than `least`. */
bool solver_venue(solver *v, int32_t market, int day, int64_t least, uint32_t *ret_choice, int64_t *ret_gain);

/* The six days before a day, for the rules of any seven; kept by what grows a tour day by day. */
typedef struct solver_week {
    int16_t driven[6];    /* minutes, the last day last */
    uint8_t shows, stops; /* bits of these days, the last one lowest */
} solver_week;
/* The days from + 1 .. day, driven as the leg says (NULL: not), a stop on the last if `stands`; false when seven days break a rule. */
bool solver_week_pass(const tour_problem *p, solver_week *w, const state_leg *leg, int from, int day,
                      bool stands, bool show);

/* Does a clause forbid these two shows, the later one second or not? */
bool solver_forbids(const tour_index *x, const tour_choice *a, const tour_choice *b);

/* route.c: whole tours along an order of the markets. The first lays the shortest way's best tour; each variation another, the second
 * the other way round. */
typedef struct route route;
route *route_new(solver *v);
void route_free(route *w);
void route_lay(route *w); /* into a state without shows, as far as the whole allows it */
void route_vary(route *w, rng *r);

/* beam.c: fills the gap between the stops on days i and j (-1, `days`: none) with the best row of shows that partial rows of
 * this number, growing day by day, come to. */
struct beam *beam_new(void);
void beam_fill(solver *v, struct beam *b, int i, int j, int width, int32_t noise, rng *r);

#endif
