/* replay: runs a fuzz target without libFuzzer, inside `make check`: its seeds (tests/fuzz/seeds/TARGET/, seen
 * from the checkout's root), then mutations of them, the same each time.
 *     TARGET [-n RUNS] [-s SEED] [FILE...]      with files: these alone; -n 0: without mutations
 * When an input crashes the target or hangs, it is left in a file and the last line names it. */
#include "base/rng.h"
#include "fuzz.h"
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1 << 20, RUNS = 4000, HANGS_AFTER_S = 60 };

static uint8_t seed_data[MOST], data[MOST + 16];
static size_t length; /* of the input at hand, which is in `data` */
static char left[256];

/* The sanitizers end the program by themselves, without a signal. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void leave_input(void)
{
    char line[512];
    int fd = open(left, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
    if (fd < 0 || write(fd, data, length) < 0)
        return;
    int n = snprintf(line, sizeof line, "FAIL  fuzz: the input that did it is in %s\n", left);
    if (write(STDERR_FILENO, line, (size_t)n) < 0)
        return;
}

static void on_signal(int number)
{
    leave_input();
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_ends(const char *name)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    const char *tmp = getenv("TMPDIR");
    snprintf(left, sizeof left, "%s/showx-fuzz-%s-%ld", tmp && *tmp ? tmp : "/tmp", name, (long)getpid());
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], on_signal);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(leave_input);
}

static size_t load(const char *name)
{
    FILE *f = fopen(name, "rb");
    if (!f) {
        perror(name);
        exit(2);
    }
    size_t n = fread(seed_data, 1, MOST, f);
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

static void try(void)
{
    alarm(HANGS_AFTER_S);
    LLVMFuzzerTestOneInput(data, length);
    alarm(0);
}

static void try_file(const char *name, uint64_t runs, rng *r)
{
    size_t n = load(name);
    memcpy(data, seed_data, n);
    length = n;
    try();
    for (uint64_t run = 0; run < runs; run++) {
        memcpy(data, seed_data, n);
        length = n;
        for (uint64_t m = rng_below(r, 6) + 1; m > 0; m--)
            length = mutate(r, data, length);
        try();
    }
}

int main(int argc, char **argv)
{
    uint64_t runs = RUNS, seed = 1;
    const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    char pattern[256];
    glob_t seeds = {.gl_pathc = 0};
    int first = 1;
    for (; first + 1 < argc && argv[first][0] == '-'; first += 2)
        *(argv[first][1] == 'n' ? &runs : &seed) = strtoull(argv[first + 1], NULL, 0);
    snprintf(pattern, sizeof pattern, "tests/fuzz/seeds/%s/*", name);
    if (first == argc && glob(pattern, 0, NULL, &seeds) == 0) {
        argc = (int)seeds.gl_pathc;
        argv = seeds.gl_pathv;
        first = 0;
    }
    if (first == argc) {
        fprintf(stderr, "FAIL  fuzz: %s has no seeds: there is nothing in %s\n", name, pattern);
        return 1;
    }
    rng r;
    rng_seed(&r, seed);
    catch_ends(name);
    uint64_t files = (uint64_t)(argc - first), each = (runs + files - 1) / files;
    for (int i = first; i < argc; i++)
        try_file(argv[i], each, &r);
    printf("pass  fuzz: %s: %llu seeds and %llu mutations, nothing found\n", name, (unsigned long long)files,
           (unsigned long long)(each * files));
    printf("1 passed, 0 failed, 0 skipped\n");
    globfree(&seeds);
    return 0;
}
