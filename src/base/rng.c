#include "base/rng.h"

/* splitmix64 (Steele, Lea and Flood 2014): spreads any seed, 0 included, over the whole state. */
static uint64_t spread(uint64_t *x)
{
    uint64_t z = (*x += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

void rng_seed(rng *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        r->s[i] = spread(&seed);
}

void rng_fork(rng *r, uint64_t seed, uint64_t stream)
{
    /* Both pass through the mixer before they meet: (1, 2) and (2, 1) must not give the same stream. */
    uint64_t a = spread(&seed);
    uint64_t b = stream ^ UINT64_C(0xD1B54A32D192ED03);
    rng_seed(r, a ^ rotate(spread(&b), 17));
}

uint64_t rng_next(rng *r)
{
    uint64_t *s = r->s;
    uint64_t out = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return out;
}

uint64_t rng_below(rng *r, uint64_t n)
{
    if (n == 0)
        return 0;
    uint64_t uneven = (0 - n) % n; /* 2^64 mod n: the part that would favour small results */
    uint64_t x;
    do
        x = rng_next(r);
    while (x < uneven);
    return x % n;
}

int64_t rng_between(rng *r, int64_t low, int64_t high)
{
    if (high <= low)
        return low;
    uint64_t span = (uint64_t)high - (uint64_t)low + 1; /* 0 when it is all of int64 */
    return (int64_t)((uint64_t)low + (span ? rng_below(r, span) : rng_next(r)));
}

bool rng_chance(rng *r, uint32_t per_10000)
{
    return rng_below(r, 10000) < per_10000;
}

double rng_unit(rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}
