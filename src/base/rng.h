/* rng: a small seeded generator (xoshiro256**, Blackman & Vigna 2018, seeded by splitmix64), so that demo
 * data, solvers and property tests are the same on every machine for the same seed. */
#ifndef SHOWX_BASE_RNG_H
#define SHOWX_BASE_RNG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct rng {
    uint64_t s[4];
} rng;

void rng_seed(rng *r, uint64_t seed);
void rng_fork(rng *r, uint64_t seed, uint64_t stream); /* an independent stream of the same seed */
uint64_t rng_next(rng *r);
uint64_t rng_below(rng *r, uint64_t n);                 /* 0..n-1, unbiased; n > 0 */
int64_t rng_between(rng *r, int64_t low, int64_t high); /* both included */
bool rng_chance(rng *r, uint32_t per_10000);
double rng_unit(rng *r); /* [0,1) */

#endif
