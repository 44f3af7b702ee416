/* replay: runs a fuzz target without libFuzzer: each file named, then mutations of them.
 *     replay [-n RUNS] [-s SEED] FILE...      without a file: mutations of nothing much */
#include "base/rng.h"
#include "fuzz.h"
#include <string.h>

enum { MOST = 1 << 20 };

static size_t load(const char *name, uint8_t *to)
{
    FILE *f = fopen(name, "rb");
    if (!f) {
        perror(name);
        exit(2);
    }
    size_t n = fread(to, 1, MOST, f);
    fclose(f);
    return n;
}

/* One of: a bit flipped, a byte set, a piece cut out, a piece doubled. */
static size_t mutate(rng *r, uint8_t *p, size_t n)
{
    size_t at = n ? (size_t)rng_below(r, n) : 0,
           k = n ? (size_t)rng_below(r, n - at < 16 ? n - at : 16) + 1 : 0;
    switch (rng_below(r, n ? 4 : 1)) {
    case 0:
        if (n == 0) {
            p[n++] = (uint8_t)rng_below(r, 256);
            break;
        }
        p[at] ^= (uint8_t)(1u << rng_below(r, 8));
        break;
    case 1:
        p[at] = (uint8_t)rng_below(r, 256);
        break;
    case 2:
        memmove(p + at, p + at + k, n - at - k);
        n -= k;
        break;
    default:
        if (n + k > MOST)
            break;
        memmove(p + at + k, p + at, n - at);
        n += k;
        break;
    }
    return n;
}

int main(int argc, char **argv)
{
    static uint8_t seed_data[MOST], data[MOST + 16];
    uint64_t runs = 2000, seed = 1;
    int first = 1;
    for (; first + 1 < argc && argv[first][0] == '-'; first += 2)
        *(argv[first][1] == 'n' ? &runs : &seed) = strtoull(argv[first + 1], NULL, 0);
    rng r;
    rng_seed(&r, seed);
    for (int i = first; i < argc || i == first; i++) {
        size_t n = i < argc ? load(argv[i], seed_data) : 0;
        LLVMFuzzerTestOneInput(seed_data, n);
        for (uint64_t run = 0; run < runs; run++) {
            size_t k = n;
            memcpy(data, seed_data, n);
            for (uint64_t m = rng_below(&r, 6) + 1; m > 0; m--)
                k = mutate(&r, data, k);
            LLVMFuzzerTestOneInput(data, k);
        }
    }
    printf("%d inputs, %llu mutations each: nothing found\n", argc > first ? argc - first : 1,
           (unsigned long long)runs);
    return 0;
}
