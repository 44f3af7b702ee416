/* Routes in integer time (optw_routes.h). */
#include "tour/optw_routes.h"

#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

static bool wide(void);

static void plan_init(optw_plan *p, size_t n, int m)
{
    p->in = MEM_ARRAY(int8_t, n);
    memset(p->in, -1, n);
    for (int r = 0; r < m; r++) {
        p->routes[r].at = MEM_ARRAY(int32_t, n + 2);
        p->routes[r].leave = MEM_ARRAY(int32_t, n + 2);
        p->routes[r].latest = MEM_ARRAY(int32_t, n + 2);
        p->routes[r].leg = MEM_ARRAY(int32_t, n + 2);
    }
}

static void plan_done(optw_plan *p, int m)
{
    free(p->in);
    for (int r = 0; r < m; r++) {
        free(p->routes[r].at);
        free(p->routes[r].leave);
        free(p->routes[r].latest);
        free(p->routes[r].leg);
    }
}

/* A point that fits into no route by itself fits into none: waiting only gets longer and travel only more. (Truncated distances can
 * break the triangle by a unit; such a point is left to chance only where a detour is shorter than the straight way.) */
static bool possible(const optw_times *t, size_t p)
{
    int64_t reach = (int64_t)t->home_open + t->travel[p];
    int64_t start = reach > t->open[p] ? reach : t->open[p];
    enum { SLACK = 4 };
    return reach <= t->close[p] + SLACK && start + t->spend[p] + t->travel[p] <= t->home_close + SLACK &&
           t->score[p] > 0;
}

void optw_state_init(optw_state *s, const optw_times *t, int m)
{
    memset(s, 0, sizeof *s);
    s->t = t;
    s->m = m;
    s->wide = wide();
    plan_init(&s->now, t->n, m);
    for (int i = 0; i < SEARCH_PLACES; i++)
        plan_init(&s->kept[i], t->n, m);
    for (int r = 0; r < m; r++) {
        for (int i = 0; i < 2; i++) {
            s->memory[r][i].version = UINT64_MAX;
            s->memory[r][i].gap = MEM_ARRAY(int32_t, t->stride);
            s->memory[r][i].cost = MEM_ARRAY(int32_t, t->stride);
        }
        optw_refresh(s, r);
    }
    s->out = MEM_ARRAY(int32_t, t->n);
    s->place = MEM_ARRAY(int32_t, t->n);
    s->place[0] = -1;
    for (size_t p = 1; p < t->n; p++) {
        s->place[p] = -1;
        if (!possible(t, p))
            continue;
        s->place[p] = (int32_t)s->nout;
        s->out[s->nout++] = (int32_t)p;
    }
}

void optw_state_done(optw_state *s)
{
    plan_done(&s->now, s->m);
    for (int i = 0; i < SEARCH_PLACES; i++)
        plan_done(&s->kept[i], s->m);
    for (int r = 0; r < s->m; r++)
        for (int i = 0; i < 2; i++) {
            free(s->memory[r][i].gap);
            free(s->memory[r][i].cost);
        }
    free(s->out);
    free(s->place);
}

/* Forward: the earliest. Backward: the latest. */
bool optw_refresh(optw_state *s, int route)
{
    const optw_times *t = s->t;
    optw_route *r = &s->now.routes[route];
    int32_t n = r->length;
    int64_t travel = 0;
    bool ok = true;
    r->at[0] = r->at[n + 1] = 0;
    r->leave[0] = t->home_open;
    for (int32_t i = 1; i <= n + 1; i++) {
        int32_t p = r->at[i], leg = t->travel[(size_t)r->at[i - 1] * t->stride + (size_t)p];
        int32_t start = r->leave[i - 1] + leg;
        r->leg[i - 1] = leg;
        travel += leg;
        start = start > t->open[p] ? start : t->open[p];
        ok = ok && start <= t->close[p];
        r->leave[i] = start + t->spend[p];
    }
    r->latest[n + 1] = t->home_close;
    for (int32_t i = n; i >= 0; i--) {
        int32_t p = r->at[i];
        int32_t last = r->latest[i + 1] - r->leg[i] - t->spend[p];
        r->latest[i] = last < t->close[p] ? last : t->close[p];
    }
    s->now.travel += travel - r->travel;
    r->travel = travel;
    r->version = ++s->versions;
    return ok;
}

static void list_out(optw_state *s, int32_t p)
{
    s->now.in[p] = -1;
    s->now.score -= s->t->score[p];
    s->place[p] = (int32_t)s->nout;
    s->out[s->nout++] = p;
}

static void unlist_out(optw_state *s, int32_t p)
{
    int32_t at = s->place[p], last = s->out[--s->nout];
    s->out[at] = last;
    s->place[last] = at;
    s->place[p] = -1;
}

/* Truncated distances can break the triangle by a unit, so that a route without a visit takes longer than with it: then visits
 * go from its end until it is possible again. */
static void refresh_shorter(optw_state *s, int route)
{
    optw_route *r = &s->now.routes[route];
    while (!optw_refresh(s, route))
        list_out(s, r->at[r->length--]);
}

void optw_take(optw_state *s, int route, int32_t from, int32_t count)
{
    optw_route *r = &s->now.routes[route];
    for (int32_t i = from; i < from + count; i++)
        list_out(s, r->at[i]);
    memmove(r->at + from, r->at + from + count, (size_t)(r->length + 2 - from - count) * sizeof *r->at);
    r->length -= count;
    refresh_shorter(s, route);
}

void optw_take_marked(optw_state *s, int route, uint8_t *marks)
{
    optw_route *r = &s->now.routes[route];
    int32_t to = 1;
    for (int32_t i = 1; i <= r->length; i++) {
        if (marks[i])
            list_out(s, r->at[i]);
        else
            r->at[to++] = r->at[i];
        marks[i] = 0;
    }
    if (to == r->length + 1)
        return;
    r->length = to - 1;
    refresh_shorter(s, route);
}

/* ---- gaps ---- */

typedef int32_t lanes __attribute__((vector_size(LANES * sizeof(int32_t))));

static inline __attribute__((always_inline)) void scan_gap(const optw_times *t, const optw_route *r,
                                                           int32_t k, gap_memory *m)
{
    const int32_t *from = t->travel + (size_t)r->at[k] * t->stride,
                  *to = t->travel + (size_t)r->at[k + 1] * t->stride;
    int32_t early = (r->leave[k] - t->home_open) / t->slice_time,
            late = (r->latest[k + 1] - t->home_open) / t->slice_time;
    if (late < 0 || early >= TIME_SLICES)
        return;
    size_t first = t->from[early] / LANES * LANES, end = t->to[late < TIME_SLICES ? late : TIME_SLICES - 1];
    lanes none = {0}, leave = none + r->leave[k], latest = none + r->latest[k + 1], leg = none + r->leg[k],
          here = none + k;
    for (size_t p = first; p < end; p += LANES) {
        lanes there, back, open, shut, spend, best, gap;
        memcpy(&there, from + p, sizeof there);
        memcpy(&back, to + p, sizeof back);
        memcpy(&open, t->open + p, sizeof open);
        memcpy(&shut, t->shut + p, sizeof shut);
        memcpy(&spend, t->spend + p, sizeof spend);
        memcpy(&best, m->cost + p, sizeof best);
        memcpy(&gap, m->gap + p, sizeof gap);
        lanes reach = leave + there, waits = open > reach, start = (open & waits) | (reach & ~waits);
        lanes cost = there + back - leg + (start - reach);
        lanes take = (reach <= shut) & (start + spend + back <= latest) & (cost < best);
        best = (cost & take) | (best & ~take);
        gap = (here & take) | (gap & ~take);
        memcpy(m->cost + p, &best, sizeof best);
        memcpy(m->gap + p, &gap, sizeof gap);
    }
}

static inline __attribute__((always_inline)) void scan_route(const optw_state *s, const optw_route *r,
                                                             gap_memory *m)
{
    enum { TRIANGLE = 2 }; /* cut-off travel times may miss the triangle by that */
    for (int32_t k = 0; k <= r->length; k++)
        if (r->latest[k + 1] - r->leave[k] - r->leg[k] >= s->t->least_spend - TRIANGLE)
            scan_gap(s->t, r, k, m);
}

static void scan_plain(const optw_state *s, const optw_route *r, gap_memory *m)
{
    scan_route(s, r, m);
}

#if defined __x86_64__
/* The same in wider registers, where the machine has them. Integers: the outcome is the same. */
__attribute__((target("avx2"))) static void scan_wide(const optw_state *s, const optw_route *r, gap_memory *m)
{
    scan_route(s, r, m);
}

static bool wide(void)
{
    return __builtin_cpu_supports("avx2");
}
#else
static void scan_wide(const optw_state *s, const optw_route *r, gap_memory *m)
{
    scan_plain(s, r, m);
}

static bool wide(void)
{
    return false;
}
#endif

const gap_memory *optw_memory(optw_state *s, int route)
{
    const optw_route *r = &s->now.routes[route];
    gap_memory *m = s->memory[route];
    if (m[0].version == r->version)
        return m;
    if (m[1].version == r->version)
        return m + 1;
    m += m[0].version == s->kept[SEARCH_HERE].routes[route].version;
    m->version = r->version;
    for (size_t i = 0; i < s->t->stride; i++) {
        m->gap[i] = GAP_NONE;
        m->cost[i] = INT32_MAX;
    }
    if (s->wide)
        scan_wide(s, r, m);
    else
        scan_plain(s, r, m);
    return m;
}

void optw_put(optw_state *s, int32_t point, int route, int32_t gap)
{
    optw_route *r = &s->now.routes[route];
    memmove(r->at + gap + 2, r->at + gap + 1, (size_t)(r->length + 1 - gap) * sizeof *r->at);
    r->at[gap + 1] = point;
    r->length++;
    unlist_out(s, point);
    s->now.in[point] = (int8_t)route;
    s->now.score += s->t->score[point];
    optw_refresh(s, route);
}

/* ---- keeping solutions ---- */

/* Routes of the same version are the same: most of them stay where they are. */
void optw_copy(optw_state *s, optw_plan *to, const optw_plan *from)
{
    for (int i = 0; i < s->m; i++) {
        optw_route *a = &to->routes[i];
        const optw_route *b = &from->routes[i];
        if (a->version == b->version)
            continue;
        size_t bytes = ((size_t)b->length + 2) * sizeof *b->at;
        memcpy(a->at, b->at, bytes);
        memcpy(a->leave, b->leave, bytes);
        memcpy(a->latest, b->latest, bytes);
        memcpy(a->leg, b->leg, bytes);
        a->length = b->length;
        a->version = b->version;
        a->travel = b->travel;
    }
    memcpy(to->in, from->in, s->t->n);
    to->score = from->score;
    to->travel = from->travel;
}

void optw_load(optw_state *s, const optw_plan *from)
{
    optw_plan *now = &s->now;
    for (int i = 0; i < s->m; i++) /* what is in now and will not be: to the list */
        if (now->routes[i].version != from->routes[i].version)
            for (int32_t k = 1; k <= now->routes[i].length; k++)
                if (from->in[now->routes[i].at[k]] < 0)
                    list_out(s, now->routes[i].at[k]);
    for (int i = 0; i < s->m; i++)
        if (now->routes[i].version != from->routes[i].version)
            for (int32_t k = 1; k <= from->routes[i].length; k++)
                if (s->place[from->routes[i].at[k]] >= 0)
                    unlist_out(s, from->routes[i].at[k]);
    optw_copy(s, now, from);
}
