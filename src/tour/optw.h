/* optw: the orienteering benchmark with time windows (OPTW; TOPTW with several routes), read, solved on the same driver as tours
 * (search.h) and verified. It is how we know how good that driver is: the best known scores are public.
 *
 * A file: line 1 "k v N t" (N points besides point 0), line 2 is skipped, then a line for each point
 * "i x y d S f a list... O C" (`a` numbers in the list): place, duration of the visit, score, opening and closing for its start.
 * Routes start and end at point 0, whose window is the time there is; waiting is allowed; a point is visited at most once over all
 * routes; the sum of scores is to be as large as can be (Righini & Salani 2009; Montemanni & Gambardella 2009).
 * Travel takes the Euclidean distance cut off behind 1 decimal (Solomon's c, r, rc) or 2 (Cordeau's pr). */
#ifndef SHOWX_TOUR_OPTW_H
#define SHOWX_TOUR_OPTW_H

#include "base/err.h"
#include "base/job.h"
#include "tour/search.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTW_POINTS_MOST = 2001, OPTW_ROUTES_MOST = 4 };

typedef struct optw_point {
    double x, y, duration, open, close; /* as the file has them */
    int32_t score;
} optw_point;

typedef struct optw {
    char name[64];      /* the file's, without folder and ending */
    int decimals;       /* of travel times: 1 or 2 (0 .. 3 when asked) */
    size_t n;           /* points, point 0 included */
    optw_point *points; /* owned */
} optw;

/* Reads text of `length` bytes; file is for sentences and, with decimals < 0, for the family: a name that begins with c, r or rc and
 * a digit has 1 decimal, pr and a digit 2; any other name: 1 when every coordinate is whole, else 2.
 * NULL with ERR_INPUT "FILE:LINE: what". The caller frees with optw_free. */
optw *optw_read(const char *file, const char *text, size_t length, int decimals, err *e);
void optw_free(optw *o);

typedef struct optw_options {
    int routes;         /* 1 .. OPTW_ROUTES_MOST */
    double seconds;     /* CPU of this thread; 0 = no limit by time */
    int64_t iterations; /* 0 = no limit by count; both 0 = 1 second */
    uint64_t seed;
    stop *stop; /* may be NULL */
} optw_options;

typedef struct optw_result {
    int routes;
    size_t length[OPTW_ROUTES_MOST];
    int32_t *visits[OPTW_ROUTES_MOST]; /* point numbers in order, without point 0; owned */
    int64_t score;
    double seconds; /* of CPU, reading left out */
    int64_t iterations;
} optw_result;

/* The best routes found; always possible, since a route may be empty. The caller checks them by optw_verify and frees them. */
void optw_solve(const optw *o, const optw_options *options, optw_result *ret);
void optw_result_done(optw_result *r);

/* The independent check: recomputes from the file's own numbers, in another arithmetic than the solver's, and compares the score.
 * False with ERR_FAILED naming route, position and point. */
bool optw_verify(const optw *o, const optw_result *r, err *e);

#endif
