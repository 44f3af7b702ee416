/* The verifier of optw.h. It shares nothing with the solver but the file's numbers: the solver works in scaled integers, this in the
 * file's own units, in floating point, with a tolerance far below one unit of the travel times and far above rounding. */
#include "tour/optw.h"

#include "base/mem.h"
#include <math.h>
#include <stdlib.h>

static const double TOLERANCE = 1e-6;

static double travel(const optw *o, int32_t a, int32_t b)
{
    static const double scales[] = {1, 10, 100, 1000};
    double scale = scales[o->decimals];
    double across = o->points[a].x - o->points[b].x, up = o->points[a].y - o->points[b].y;
    return floor(sqrt(across * across + up * up) * scale + 1e-9) / scale;
}

static bool walk(const optw *o, const optw_result *r, int route, bool *seen, int64_t *score, err *e)
{
    double now = o->points[0].open; /* when the point at hand is left */
    int32_t at = 0;
    for (size_t i = 0; i < r->length[route]; i++) {
        int32_t to = r->visits[route][i];
        if (to < 1 || (size_t)to >= o->n)
            return err_set(e, ERR_FAILED, "route %d, position %zu: there is no point %d to visit", route + 1,
                           i + 1, (int)to);
        if (seen[to])
            return err_set(e, ERR_FAILED, "route %d, position %zu: point %d is visited twice", route + 1,
                           i + 1, (int)to);
        seen[to] = true;
        const optw_point *p = &o->points[to];
        double arrival = now + travel(o, at, to);
        if (arrival > p->close + TOLERANCE)
            return err_set(e, ERR_FAILED,
                           "route %d, position %zu: point %d is reached at %.3f, after it closed at %.3f",
                           route + 1, i + 1, (int)to, arrival, p->close);
        now = (arrival > p->open ? arrival : p->open) + p->duration;
        *score += p->score;
        at = to;
    }
    double home = now + (r->length[route] ? travel(o, at, 0) : 0);
    if (home > o->points[0].close + TOLERANCE)
        return err_set(e, ERR_FAILED, "route %d ends at %.3f, after point 0 closed at %.3f", route + 1, home,
                       o->points[0].close);
    return true;
}

bool optw_verify(const optw *o, const optw_result *r, err *e)
{
    bool *seen = MEM_ARRAY(bool, o->n);
    int64_t score = 0;
    bool ok = r->routes >= 1 && r->routes <= OPTW_ROUTES_MOST;
    if (!ok)
        err_set(e, ERR_FAILED, "%d routes where 1 to %d are possible", r->routes, OPTW_ROUTES_MOST);
    for (int i = 0; ok && i < r->routes; i++)
        ok = walk(o, r, i, seen, &score, e);
    free(seen);
    if (ok && score != r->score)
        return err_set(e, ERR_FAILED, "the routes score %lld, not %lld", (long long)score,
                       (long long)r->score);
    return ok;
}
