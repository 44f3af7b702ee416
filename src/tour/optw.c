/* The benchmark's side of search.h: what is taken out, how it is put back, and what a solution is worth. */
#include "tour/optw.h"

#include "base/mem.h"
#include "tour/optw_routes.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Found by trying on pr01-10 with one to four routes; each half or double costs a tenth of a percent or more, or nothing. */
enum {
    POWERS = 4,
    RUIN_MOST = 16,    /* visits that a round takes out at most */
    BARRED_OF_16 = 8,  /* of so many rounds in 16 one of the visits taken out must stay out */
    SKIP_OF_256 = 100, /* a round overlooks up to so many in 256 of the points that are out */
    NOISE = 3000,
    UNIT = 1024,
    CYCLE = 4000,
    BASE_OF_SPAN = 500,  /* c is the time there is, divided by this */
    TRAVEL_OF_SCORE = 4, /* routes that are all travel cost their score divided by this */
    HEAT_PERCENT = 80,   /* of the mean score of a visit: what a cycle begins with */
    CHILL_PERCENT = 1,
};

typedef struct solver {
    optw_times t;
    optw_state s;
    rng fast;
    float *prize[POWERS]; /* score to the power of 1, 1.5, 2, 3 */
    float *wish;          /* of this round, by point */
    uint32_t *barred;     /* round in which the point must stay out */
    uint32_t round;
    size_t taken_from; /* in the list of what is out: taken out in this round */
    uint8_t *marks;
    int32_t *order; /* scratch: points */
    float *key;
    int32_t *near; /* n * n: by point, all others by distance, once it was asked for */
    bool *near_known;
    float base;         /* c of prize / (extra time + c) */
    int64_t cost_share; /* of travel in the value, in 1/65536 */
} solver;

/* ---- times ---- */

static int32_t scaled(double v, double scale, bool up)
{
    return (int32_t)(up ? ceil(v * scale - 1e-6) : floor(v * scale + 1e-6));
}

static int by_opening(const void *a, const void *b, void *points)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    const optw_point *p = points;
    if (p[x].open < p[y].open || p[x].open > p[y].open)
        return p[x].open < p[y].open ? -1 : 1;
    if (p[x].close < p[y].close || p[x].close > p[y].close)
        return p[x].close < p[y].close ? -1 : 1;
    return (x > y) - (x < y);
}

static void travel_init(optw_times *t, const optw *o, double scale)
{
    t->travel = MEM_ARRAY(int32_t, t->n * t->stride);
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = 0; j < i; j++) {
            const optw_point *a = &o->points[t->number[i]], *b = &o->points[t->number[j]];
            double across = a->x - b->x, up = a->y - b->y;
            double across_2 = across * across, up_2 = up * up; /* apart: a fused sum would round otherwise */
            int32_t time = (int32_t)floor(sqrt(across_2 + up_2) * scale + 1e-9);
            t->travel[i * t->stride + j] = t->travel[j * t->stride + i] = time;
        }
}

static void slices_init(optw_times *t)
{
    t->slice_time = (t->home_close - t->home_open) / TIME_SLICES + 1;
    for (int i = 0; i < TIME_SLICES; i++) {
        int32_t begins = t->home_open + i * t->slice_time, ends = begins + t->slice_time;
        size_t p = 1;
        while (p < t->n && t->close[p] < begins)
            p++;
        t->from[i] = (uint16_t)p;
        while (p < t->n && t->open[p] < ends)
            p++;
        t->to[i] = (uint16_t)p;
    }
}

static void times_init(optw_times *t, const optw *o)
{
    static const double scales[] = {1, 10, 100, 1000};
    double scale = scales[o->decimals];
    t->n = o->n;
    t->stride = (o->n + LANES - 1) / LANES * LANES;
    int32_t **const arrays[] = {&t->number, &t->open, &t->close, &t->spend, &t->score, &t->shut};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = MEM_ARRAY(int32_t, t->stride);
    for (size_t i = 0; i < t->n; i++)
        t->number[i] = (int32_t)i;
    qsort_r(t->number + 1, t->n - 1, sizeof *t->number, by_opening, o->points);
    for (size_t i = 0; i < t->n; i++) {
        const optw_point *p = &o->points[t->number[i]];
        t->open[i] = scaled(p->open, scale, true);
        t->close[i] = scaled(p->close, scale, false);
        t->spend[i] = i ? scaled(p->duration, scale, true) : 0;
        t->score[i] = i ? p->score : 0;
    }
    for (size_t i = 0; i < t->stride; i++)
        t->shut[i] = i && i < t->n ? t->close[i] : INT32_MIN;
    t->least_spend = INT32_MAX;
    for (size_t i = 1; i < t->n; i++)
        t->least_spend = t->spend[i] < t->least_spend ? t->spend[i] : t->least_spend;
    t->home_open = t->open[0];
    t->home_close = t->close[0];
    travel_init(t, o, scale);
    slices_init(t);
}

static void times_done(optw_times *t)
{
    free(t->number);
    free(t->travel);
    free(t->open);
    free(t->close);
    free(t->spend);
    free(t->score);
    free(t->shut);
}

/* ---- what a solution is worth ---- */

static int64_t score_of(const void *ctx)
{
    return ((const solver *)ctx)->s.now.score;
}

static int64_t cost_of(const void *ctx)
{
    const solver *v = ctx;
    return v->s.now.travel * v->cost_share >> 16;
}

static void save(void *ctx, size_t place)
{
    solver *v = ctx;
    optw_copy(&v->s, &v->s.kept[place], &v->s.now);
}

static void load(void *ctx, size_t place)
{
    solver *v = ctx;
    optw_load(&v->s, &v->s.kept[place]);
}

/* ---- ruin ---- */

static int32_t visits(const solver *v)
{
    int32_t n = 0;
    for (int r = 0; r < v->s.m; r++)
        n += v->s.now.routes[r].length;
    return n;
}

static int32_t how_many(const solver *v, int32_t strength)
{
    int32_t n = visits(v), most = n * 2 / 5;
    most = most > RUIN_MOST ? RUIN_MOST : most < 2 ? 2 : most;
    return 1 + strength * most / (SEARCH_WHOLE + 1);
}

static int any_route(solver *v, rng *r)
{
    for (int tries = 0; tries < 8; tries++) {
        int route = (int)search_below(r, (uint32_t)v->s.m);
        if (v->s.now.routes[route].length)
            return route;
    }
    return -1;
}

/* A string of visits on end (Vansteenwegen et al. 2009 move its start along; here chance does). */
static void ruin_string(solver *v, int32_t count, rng *r)
{
    int route = any_route(v, r);
    if (route < 0)
        return;
    int32_t length = v->s.now.routes[route].length;
    count = count > length ? length : count;
    optw_take(&v->s, route, 1 + (int32_t)search_below(r, (uint32_t)(length - count + 1)), count);
}

/* A string in each route, at about the same time of day. */
static void ruin_slice(solver *v, int32_t count, rng *r)
{
    int32_t span = v->t.home_close - v->t.home_open;
    int32_t when = v->t.home_open + (int32_t)search_below(r, (uint32_t)span + 1);
    count = (count + v->s.m - 1) / v->s.m;
    for (int route = 0; route < v->s.m; route++) {
        optw_route *x = &v->s.now.routes[route];
        int32_t from = 1;
        while (from <= x->length && x->leave[from] < when)
            from++;
        from -= (int32_t)search_below(r, (uint32_t)count + 1);
        int32_t take = count > x->length ? x->length : count;
        from = from < 1 ? 1 : from > x->length - take + 1 ? x->length - take + 1 : from;
        if (take)
            optw_take(&v->s, route, from, take);
    }
}

static void take_points(solver *v, const int32_t *points, int32_t count)
{
    for (int route = 0; route < v->s.m; route++) {
        const optw_route *x = &v->s.now.routes[route];
        for (int32_t i = 0; i < count; i++)
            if (v->s.now.in[points[i]] == route)
                for (int32_t k = 1; k <= x->length; k++)
                    v->marks[k] |= x->at[k] == points[i];
        optw_take_marked(&v->s, route, v->marks);
    }
}

static void ruin_any(solver *v, int32_t count, rng *r)
{
    for (int32_t i = 0; i < count; i++) {
        int route = any_route(v, r);
        if (route < 0)
            return;
        v->order[i] = v->s.now.routes[route].at[1 + search_below(r, (uint32_t)v->s.now.routes[route].length)];
    }
    take_points(v, v->order, count);
}

static int by_distance(const void *a, const void *b, void *row)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    const int32_t *d = row;
    return d[x] != d[y] ? (d[x] > d[y]) - (d[x] < d[y]) : (x > y) - (x < y);
}

static const int32_t *neighbours(solver *v, size_t point)
{
    size_t n = v->t.n, k = 0;
    int32_t *row = v->near + point * n;
    if (v->near_known[point])
        return row;
    v->near_known[point] = true;
    for (size_t i = 1; i < n; i++)
        if (i != point)
            row[k++] = (int32_t)i;
    qsort_r(row, k, sizeof *row, by_distance, v->t.travel + point * v->t.stride);
    return row;
}

/* The visits nearest to a point, in or out. */
static void ruin_near(solver *v, int32_t count, rng *r)
{
    if (v->t.n < 2)
        return;
    size_t centre = 1 + search_below(r, (uint32_t)v->t.n - 1);
    const int32_t *row = neighbours(v, centre);
    int32_t found = 0;
    if (v->s.now.in[centre] >= 0)
        v->order[found++] = (int32_t)centre;
    for (size_t i = 0; i < v->t.n - 2 && found < count; i++)
        if (v->s.now.in[row[i]] >= 0 && search_below(r, 8))
            v->order[found++] = row[i];
    take_points(v, v->order, found);
}

/* What brings least for the time it takes, by chance. */
static void ruin_poor(solver *v, int32_t count, rng *r)
{
    int32_t n = 0;
    for (int route = 0; route < v->s.m; route++) {
        const optw_route *x = &v->s.now.routes[route];
        for (int32_t k = 1; k <= x->length; k++) {
            const int32_t *row = v->t.travel + (size_t)x->at[k] * v->t.stride;
            int32_t extra = v->t.spend[x->at[k]] + row[x->at[k - 1]] + row[x->at[k + 1]] -
                            v->t.travel[(size_t)x->at[k - 1] * v->t.stride + (size_t)x->at[k + 1]];
            float key =
                (float)v->t.score[x->at[k]] / ((float)extra + v->base) * (float)(256 + search_below(r, 1024));
            if (n == count && key >= v->key[n - 1])
                continue;
            int32_t at = n < count ? n++ : n - 1; /* the `count` smallest keys, sorted */
            for (; at > 0 && v->key[at - 1] > key; at--) {
                v->key[at] = v->key[at - 1];
                v->order[at] = v->order[at - 1];
            }
            v->key[at] = key;
            v->order[at] = x->at[k];
        }
    }
    take_points(v, v->order, n);
}

/* Room for a point that is out: it goes into the gap where it would be the least detour in time to be served, and what stands in its way on
 * either side goes out. */
static void ruin_for(solver *v, rng *r)
{
    if (!v->s.nout)
        return;
    int32_t u = v->s.out[search_below(r, (uint32_t)v->s.nout)];
    int32_t other = v->s.out[search_below(r, (uint32_t)v->s.nout)];
    u = v->t.score[other] > v->t.score[u] ? other : u;
    int route = (int)search_below(r, (uint32_t)v->s.m);
    const optw_route *x = &v->s.now.routes[route];
    const int32_t *row = v->t.travel + (size_t)u * v->t.stride;
    int32_t best = INT32_MAX, gap = -1;
    for (int32_t k = 0; k <= x->length; k++) {
        if (x->leave[k] > v->t.close[u] || x->latest[k + 1] < v->t.open[u])
            continue;
        int32_t detour = row[x->at[k]] + row[x->at[k + 1]] -
                         v->t.travel[(size_t)x->at[k] * v->t.stride + (size_t)x->at[k + 1]];
        detour += (int32_t)search_below(r, (uint32_t)(detour > 0 ? detour : 1));
        if (detour < best) {
            best = detour;
            gap = k;
        }
    }
    while (gap >= 0) {
        int32_t reach = x->leave[gap] + row[x->at[gap]];
        int32_t start = reach > v->t.open[u] ? reach : v->t.open[u];
        if (reach <= v->t.close[u] && start + v->t.spend[u] + row[x->at[gap + 1]] <= x->latest[gap + 1]) {
            optw_put(&v->s, u, route, gap);
            return;
        }
        if (!x->length)
            return;
        bool before = gap > 0 && (gap == x->length || search_below(r, 2));
        optw_take(&v->s, route, before ? gap : gap + 1, 1);
        gap -= before;
        gap = gap > x->length ? x->length : gap;
    }
}

enum { STRING, SLICE, ANY, NEAR, POOR, ROOM, RUINS };

static void ruin(void *ctx, size_t kind, int32_t strength, rng *r)
{
    solver *v = ctx;
    size_t before = v->taken_from = v->s.nout;
    int32_t count = how_many(v, strength);
    v->round++;
    switch (kind) {
    case STRING:
        ruin_string(v, count, r);
        break;
    case SLICE:
        ruin_slice(v, count, r);
        break;
    case ANY:
        ruin_any(v, count, r);
        break;
    case NEAR:
        ruin_near(v, count, r);
        break;
    case POOR:
        ruin_poor(v, count, r);
        break;
    default:
        ruin_for(v, r);
    }
    if (v->s.nout > before && search_below(r, 16) < BARRED_OF_16)
        v->barred[v->s.out[before + search_below(r, (uint32_t)(v->s.nout - before))]] = v->round;
}

/* ---- recreate ---- */

static void recreate(void *ctx, int32_t noise, rng *r)
{
    solver *v = ctx;
    optw_state *s = &v->s;
    const float *prize = v->prize[search_below(r, POWERS)];
    int32_t *few = v->order; /* those that still fit somewhere: what does not fit will not fit later */
    size_t nfew = 0;
    uint64_t dice = 0;
    uint32_t skip = noise ? search_below(r, SKIP_OF_256) : 0;
    for (size_t i = 0; i < s->nout; i++) {
        int32_t p = s->out[i];
        dice = i % 4 ? dice >> 16 : rng_next(r);
        if (i < v->taken_from && (dice & 255) < skip)
            continue;
        if (v->barred[p] == v->round)
            continue;
        few[nfew++] = p;
        v->wish[p] = prize[p] * (float)(SEARCH_WHOLE + noise * (int32_t)(dice >> 8 & 255) / 256);
    }
    for (;;) {
        float best = 0;
        int32_t point = -1, gap = -1;
        int into = -1;
        size_t keep = 0;
        const gap_memory *memory[OPTW_ROUTES_MOST];
        for (int route = 0; route < s->m; route++)
            memory[route] = optw_memory(s, route);
        for (size_t i = 0; i < nfew; i++) {
            int32_t p = few[i];
            bool fits = false;
            for (int route = 0; route < s->m; route++) {
                const gap_memory *m = memory[route];
                if (m->gap[p] == GAP_NONE)
                    continue;
                fits = true;
                float ratio = v->wish[p] / ((float)(m->cost[p] + v->t.spend[p]) + v->base);
                if (ratio > best) {
                    best = ratio;
                    point = p;
                    gap = m->gap[p];
                    into = route;
                }
            }
            if (fits)
                few[keep++] = p;
        }
        nfew = keep;
        if (point < 0)
            return;
        optw_put(s, point, into, gap);
        for (size_t i = 0; i < nfew; i++)
            if (few[i] == point)
                few[i--] = few[--nfew];
    }
}

/* ---- set up and run ---- */

static void solver_init(solver *v, const optw *o, int m)
{
    memset(v, 0, sizeof *v);
    v->round = 1; /* nothing is barred */
    times_init(&v->t, o);
    size_t n = v->t.n;
    optw_state_init(&v->s, &v->t, m);
    v->near = MEM_ARRAY(int32_t, n * n);
    v->near_known = MEM_ARRAY(bool, n);
    for (int i = 0; i < POWERS; i++)
        v->prize[i] = MEM_ARRAY(float, n);
    for (size_t p = 0; p < n; p++) {
        float x = (float)v->t.score[p];
        v->prize[0][p] = x;
        v->prize[1][p] = x * sqrtf(x);
        v->prize[2][p] = x * x;
        v->prize[3][p] = x * x * x;
    }
    v->wish = MEM_ARRAY(float, n);
    v->barred = MEM_ARRAY(uint32_t, n);
    v->base = (float)(v->t.home_close - v->t.home_open) / BASE_OF_SPAN + 0.5F;
    v->marks = MEM_ARRAY(uint8_t, n + 2);
    v->order = MEM_ARRAY(int32_t, n + 2);
    v->key = MEM_ARRAY(float, n + 2);
}

static void solver_done(solver *v)
{
    optw_state_done(&v->s);
    times_done(&v->t);
    for (int i = 0; i < POWERS; i++)
        free(v->prize[i]);
    free(v->wish);
    free(v->barred);
    free(v->marks);
    free(v->order);
    free(v->key);
    free(v->near);
    free(v->near_known);
}

static void take_result(const solver *v, optw_result *ret)
{
    const optw_plan *p = &v->s.now;
    ret->routes = v->s.m;
    ret->score = p->score;
    for (int r = 0; r < v->s.m; r++) {
        ret->length[r] = (size_t)p->routes[r].length;
        ret->visits[r] = MEM_ARRAY(int32_t, ret->length[r] + 1);
        for (size_t k = 0; k < ret->length[r]; k++)
            ret->visits[r][k] = v->t.number[p->routes[r].at[k + 1]];
    }
}

/* What is left of the seconds after setting up; never nothing, so that time stays the limit. */
static double seconds_left(const optw_options *options, double began)
{
    static const double least = 1e-4;
    if (options->seconds <= 0)
        return options->iterations > 0 ? 0 : 1;
    double left = options->seconds - (search_clock(true) - began);
    return left > least ? left : least;
}

void optw_solve(const optw *o, const optw_options *options, optw_result *ret)
{
    static const search_ops ops = {.kinds = RUINS,
                                   .score = score_of,
                                   .cost = cost_of,
                                   .ruin = ruin,
                                   .recreate = recreate,
                                   .save = save,
                                   .load = load};
    double began = search_clock(true);
    solver v;
    rng first;
    search_result told;
    solver_init(&v, o, options->routes);
    rng_seed(&first, options->seed);
    recreate(&v, 0, &first);
    int64_t n = visits(&v), score = v.s.now.score;
    int64_t mean = n ? score * UNIT / n : UNIT, span = v.t.home_close - v.t.home_open;
    v.cost_share = span ? score * UNIT * (65536 / TRAVEL_OF_SCORE) / (span * v.s.m) : 0;
    search_options so = {.seconds = seconds_left(options, began),
                         .cpu = true,
                         .iterations = options->iterations,
                         .seed = options->seed,
                         .stop = options->stop,
                         .unit = UNIT,
                         .heat = mean * HEAT_PERCENT / 100,
                         .chill = mean * CHILL_PERCENT / 100,
                         .cycle = CYCLE,
                         .noise = NOISE};
    search_run(&ops, &v, &so, &told);
    memset(ret, 0, sizeof *ret);
    take_result(&v, ret);
    ret->iterations = told.iterations;
    solver_done(&v);
    ret->seconds = search_clock(true) - began;
}

void optw_result_done(optw_result *r)
{
    for (int i = 0; i < r->routes; i++)
        free(r->visits[i]);
    memset(r, 0, sizeof *r);
}
