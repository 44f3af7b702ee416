/* tour optw: one file of the orienteering benchmark, solved and verified. Needs no database. */
#include "command/private.h"

#include "base/json.h"
#include "base/path.h"
#include "base/text.h"
#include "tour/optw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1 << 22 };

static bool whole_of(const query_value *values, size_t n, const char *name, int64_t low, int64_t high,
                     int64_t *inout, err *e)
{
    const char *text = value_of(values, n, name);
    if (!text)
        return true;
    errno = 0;
    long long v = strtoll(text, NULL, 10);
    if (errno || v < low || v > high)
        return err_set(e, ERR_USAGE, "tour optw: --%s is %s, not from %lld to %lld", name, text,
                       (long long)low, (long long)high);
    *inout = v;
    return true;
}

static bool options_of(const query_value *values, size_t n, optw_options *o, int64_t *ret_decimals, err *e)
{
    int64_t routes = 1, seed = 1;
    const char *seconds = value_of(values, n, "seconds");
    if (!whole_of(values, n, "routes", 1, OPTW_ROUTES_MOST, &routes, e) ||
        !whole_of(values, n, "seed", 0, INT64_MAX, &seed, e) ||
        !whole_of(values, n, "iterations", 1, INT64_MAX, &o->iterations, e) ||
        !whole_of(values, n, "decimals", 0, 3, ret_decimals, e))
        return false;
    o->seconds = seconds ? strtod(seconds, NULL) : 0;
    if (seconds && !(o->seconds > 0 && o->seconds <= 86400))
        return err_set(e, ERR_USAGE, "tour optw: --seconds is %s, not above 0 and at most a day", seconds);
    o->routes = (int)routes;
    o->seed = (uint64_t)seed;
    return true;
}

static void print_json(const optw *o, const optw_options *options, const optw_result *r, buf *out)
{
    json_out j;
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "instance");
    json_str(&j, o->name);
    json_key(&j, "routes_wanted");
    json_int(&j, options->routes);
    json_key(&j, "score");
    json_int(&j, r->score);
    json_key(&j, "routes");
    json_open(&j, '[');
    for (int i = 0; i < r->routes; i++) {
        json_open(&j, '[');
        for (size_t k = 0; k < r->length[i]; k++)
            json_int(&j, r->visits[i][k]);
        json_close(&j, ']');
    }
    json_close(&j, ']');
    json_key(&j, "seconds");
    json_double(&j, r->seconds);
    json_key(&j, "iterations");
    json_int(&j, r->iterations);
    json_key(&j, "seed");
    json_int(&j, (int64_t)options->seed);
    json_key(&j, "verified");
    json_bool(&j, true);
    json_close(&j, '}');
    buf_char(out, '\n');
}

static void print_text(const optw *o, const optw_result *r, buf *out)
{
    text_cell(out, o->name, strlen(o->name), false);
    buf_printf(out, ": score %lld, verified; %.2f s of CPU, %lld iterations\n", (long long)r->score,
               r->seconds, (long long)r->iterations);
    for (int i = 0; i < r->routes; i++) {
        buf_printf(out, "route %d, %zu visits:", i + 1, r->length[i]);
        for (size_t k = 0; k < r->length[i]; k++)
            buf_printf(out, " %d", (int)r->visits[i][k]);
        buf_char(out, '\n');
    }
}

static bool solve_and_print(command_env *env, const optw *o, const optw_options *options, err *e)
{
    optw_result r = {.routes = 0};
    buf out;
    optw_solve(o, options, &r);
    bool ok = optw_verify(o, &r, e) || err_wrap(e, "%s: the verifier rejects the result", o->name);
    buf_init(&out);
    if (ok && env->format == OUT_JSON)
        print_json(o, options, &r, &out);
    else if (ok)
        print_text(o, &r, &out);
    if (ok && (fwrite(out.data, 1, out.len, env->out) != out.len || fflush(env->out) != 0))
        ok = err_errno(e, "writing the output");
    buf_done(&out);
    optw_result_done(&r);
    return ok;
}

static int run_optw(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    const char *file = value_of(values, n, "FILE");
    optw_options options = {.stop = env->stop};
    int64_t decimals = -1;
    buf text;
    if (!options_of(values, n, &options, &decimals, e))
        return err_exit_code(e->kind);
    buf_init(&text);
    bool ok = path_read(file, FILE_MOST, &text, e);
    optw *o = ok ? optw_read(file, text.data, text.len, (int)decimals, e) : NULL;
    ok = o && solve_and_print(env, o, &options, e);
    optw_free(o);
    buf_done(&text);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg ARGS[] = {
    {"FILE", ARG_FILE, true, "file", "an OPTW or TOPTW instance (Solomon's c, r, rc or Cordeau's pr)"},
    {"--routes", ARG_INT, false, NULL, "how many routes, 1 to 4 (1)"},
    {"--seconds", ARG_REAL, false, NULL,
     "seconds of CPU of one core (1, when --iterations is not given either)"},
    {"--iterations", ARG_INT, false, NULL,
     "stop after so many rounds: without --seconds the same seed gives the same result everywhere"},
    {"--seed", ARG_INT, false, NULL, "seed of the random numbers (1)"},
    {"--decimals", ARG_INT, false, NULL, "digits of a travel time that count, 0 to 3 (by the file's name)"},
};

const command command_tour_optw = {
    .name = "tour optw",
    .summary = "solve a file of the orienteering benchmark, to see how good the tour search is",
    .help =
        "Each result is checked by an independent verifier before it is printed. Travel times are distances "
        "cut off behind 1 decimal where the file's name begins with c, r or rc and a digit (Solomon), behind "
        "2 for pr and a "
        "digit (Cordeau); with any other name behind 1 when all coordinates are whole numbers, else behind "
        "2. "
        "--decimals says otherwise. The seconds count CPU time of the one thread that searches.",
    .args = ARGS,
    .nargs = sizeof ARGS / sizeof *ARGS,
    .group = "Look",
    .run = run_optw,
};
