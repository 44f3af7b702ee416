/* Routes in integer time (optw_routes.h). */
#include "tour/optw_routes.h"

#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

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
    s->wait_share = 16;
    plan_init(&s->now, t->n, m);
    for (int i = 0; i < SEARCH_PLACES; i++)
        plan_init(&s->kept[i], t->n, m);
    for (int r = 0; r < m; r++) {
        for (int i = 0; i < 2; i++) {
            s->memory[r][i].version = UINT64_MAX;
            s->memory[r][i].gap = MEM_ARRAY(int32_t, t->n);
            s->memory[r][i].cost = MEM_ARRAY(int32_t, t->n);
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
        int32_t p = r->at[i], leg = t->travel[(size_t)r->at[i - 1] * t->n + (size_t)p];
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

/* What the point costs in the gap behind at[k], INT32_MAX when it does not fit. Without branches: nothing can foresee them. */
static inline int32_t gap_cost(const optw_state *s, const optw_route *r, const int32_t *row, int32_t u,
                               int32_t k)
{
    const optw_times *t = s->t;
    int32_t there = row[r->at[k]], back = row[r->at[k + 1]];
    int32_t reach = r->leave[k] + there, start = reach > t->open[u] ? reach : t->open[u];
    int32_t cost = there + back - r->leg[k] + t->spend[u] + (((start - reach) * s->wait_share) >> 4);
    bool fits = (reach <= t->close[u]) & (start + t->spend[u] + back <= r->latest[k + 1]);
    return fits ? cost : INT32_MAX;
}

void optw_best_gap(const optw_state *s, int route, int32_t u, gap_memory *m)
{
    const optw_route *r = &s->now.routes[route];
    const int32_t *row = s->t->travel + (size_t)u * s->t->n, *leave = r->leave, *latest = r->latest,
                  *at = r->at, *leg = r->leg;
    int32_t open = s->t->open[u], close = s->t->close[u], spend = s->t->spend[u], share = s->wait_share;
    int32_t best = INT32_MAX, gap = GAP_NONE, length = r->length;
    for (int32_t k = m->first[s->t->slice[u]]; k <= length && leave[k] <= close;
         k++) { /* gap_cost, for all gaps */
        int32_t there = row[at[k]], back = row[at[k + 1]];
        int32_t reach = leave[k] + there, start = reach > open ? reach : open;
        int32_t cost = there + back - leg[k] + (((start - reach) * share) >> 4);
        bool better = (reach <= close) & (start + spend + back <= latest[k + 1]) & (cost < best);
        best = better ? cost : best;
        gap = better ? k : gap;
    }
    m->gap[u] = gap;
    m->cost[u] = gap < 0 ? INT32_MAX : best + spend;
}

static void slice_route(const optw_state *s, const optw_route *r, gap_memory *m)
{
    int32_t k = 0, time = s->t->home_open;
    for (int i = 0; i < TIME_SLICES; i++, time += s->t->slice_time) {
        while (k < r->length && r->latest[k + 1] < time)
            k++;
        m->first[i] = (int16_t)k;
    }
}

/* The memory that may be written over: the one that is not of what SEARCH_HERE keeps. */
static gap_memory *spare_memory(optw_state *s, int route)
{
    return s->memory[route] + (s->memory[route][0].version == s->kept[SEARCH_HERE].routes[route].version);
}

static gap_memory *known_memory(optw_state *s, int route)
{
    gap_memory *m = s->memory[route];
    uint64_t version = s->now.routes[route].version;
    return m[0].version == version ? m : m[1].version == version ? m + 1 : NULL;
}

gap_memory *optw_memory(optw_state *s, int route)
{
    gap_memory *m = known_memory(s, route);
    if (m)
        return m;
    m = spare_memory(s, route);
    m->version = s->now.routes[route].version;
    slice_route(s, &s->now.routes[route], m);
    for (size_t i = 0; i < s->t->n; i++)
        m->gap[i] = GAP_UNKNOWN;
    return m;
}

/* One more visit leaves less room everywhere: what did not fit does not fit now, and the best gap stays the best unless it was the
 * one that is taken, or one of the two new ones is better, or it does not fit any more. */
static void update_gap(const optw_state *s, int route, int32_t u, int32_t taken, gap_memory *m)
{
    const optw_route *r = &s->now.routes[route];
    const int32_t *row = s->t->travel + (size_t)u * s->t->n;
    int32_t gap = m->gap[u];
    int32_t cost = gap == taken ? INT32_MAX : gap_cost(s, r, row, u, gap + (gap > taken));
    if (cost == INT32_MAX) {
        optw_best_gap(s, route, u, m);
        return;
    }
    gap += gap > taken;
    for (int32_t k = taken; k <= taken + 1; k++) {
        int32_t other = gap_cost(s, r, row, u, k);
        if (other < cost) {
            cost = other;
            gap = k;
        }
    }
    m->gap[u] = gap;
    m->cost[u] = cost;
}

static void update_memory(optw_state *s, int route, int32_t taken, const gap_memory *old)
{
    gap_memory *m = spare_memory(s, route);
    m->version = s->now.routes[route].version;
    slice_route(s, &s->now.routes[route], m);
    for (size_t p = 0; p < s->t->n;
         p++) /* of visits nothing is known: they may come out when much has changed */
        m->gap[p] = s->now.in[p] < 0 ? old->gap[p] : GAP_UNKNOWN;
    for (size_t i = 0; i < s->nout; i++)
        if (m->gap[s->out[i]] >= 0)
            update_gap(s, route, s->out[i], taken, m);
}

void optw_put(optw_state *s, int32_t point, int route, int32_t gap)
{
    optw_route *r = &s->now.routes[route];
    const gap_memory *known = known_memory(s, route);
    memmove(r->at + gap + 2, r->at + gap + 1, (size_t)(r->length + 1 - gap) * sizeof *r->at);
    r->at[gap + 1] = point;
    r->length++;
    unlist_out(s, point);
    s->now.in[point] = (int8_t)route;
    s->now.score += s->t->score[point];
    optw_refresh(s, route);
    if (known)
        update_memory(s, route, gap, known);
}

int32_t optw_gap(optw_state *s, int route, int32_t point, int32_t *ret_cost)
{
    gap_memory *m = optw_memory(s, route);
    if (m->gap[point] == GAP_UNKNOWN)
        optw_best_gap(s, route, point, m);
    *ret_cost = m->cost[point];
    return m->gap[point];
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
