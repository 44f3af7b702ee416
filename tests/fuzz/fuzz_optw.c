/* A benchmark file: it is refused with its line, or solved, and what is solved passes the verifier. */
#include "fuzz.h"
#include "tour/optw.h"
#include <string.h>

enum { POINTS_MOST = 40 };

static void solve(const optw *o, int routes)
{
    optw_options options = {.routes = routes, .iterations = 30, .seed = 1};
    optw_result r;
    err e = {0};
    optw_solve(o, &options, &r);
    if (!optw_verify(o, &r, &e))
        fprintf(stderr, "%s\n", e.text);
    fuzz_must(!*e.text);
    optw_result_done(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"c1.txt", "pr1.txt", "other.txt"};
    for (int i = 0; i < 3; i++) {
        err e = {0};
        optw *o = optw_read(names[i], (const char *)data, n, i == 2 ? (int)(n % 4) : -1, &e);
        if (!o) {
            fuzz_must(e.kind == ERR_INPUT && strncmp(e.text, names[i], strlen(names[i])) == 0);
            continue;
        }
        if (o->n <= POINTS_MOST)
            solve(o, 1 + (int)(n % OPTW_ROUTES_MOST));
        optw_free(o);
    }
    return 0;
}
