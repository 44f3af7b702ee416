/* The driver of search.h. Its state is one struct on the stack; the problem's solutions stay with the problem. */
#include "tour/search.h"

#include <string.h>
#include <time.h>

enum {
    LOOK_EVERY = 8,    /* rounds between looks at the clock and the stop */
    LEARN_EVERY = 256, /* rounds between changes of the ruin kinds' weights */
    WEIGHT_WHOLE = 1024,
    WEIGHT_LEAST = 96, /* a kind that did badly up to now may be what is needed next */
    FIRST_CYCLE = 2000,
};

typedef struct run {
    const search_ops *ops;
    void *ctx;
    const search_options *o;
    search_result *out;
    rng r;
    double began, seconds;
    int64_t value, best_value, best_score, best_cost; /* value: of what is in SEARCH_HERE */
    int64_t elite_value[SEARCH_ELITES];
    size_t elites;
    int64_t heat;
    int64_t cycle_from, cycle_to; /* in rounds */
    double clock_from, clock_to;  /* the same in seconds, where time is the limit */
    uint32_t weight[SEARCH_KINDS_MOST];
    uint32_t merit[SEARCH_KINDS_MOST], uses[SEARCH_KINDS_MOST]; /* since the last learning */
} run;

double search_clock(bool cpu)
{
    struct timespec t;
    clock_gettime(cpu ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* log2 digit by digit: square, and each time the square passes 2 that is a binary digit of the logarithm. */
int32_t search_exponential(uint32_t x)
{
    uint64_t m = (uint64_t)((x & 1023) + 1) << 21; /* 2^21 .. 2^31 */
    uint64_t below = 0;                            /* log2 of m / 2^31, negated, in 1/65536 */
    while (m < (UINT64_C(1) << 31)) {
        m <<= 1;
        below += 65536;
    }
    uint64_t above = 0;
    for (uint64_t digit = 32768; digit; digit >>= 1) {
        m = (m * m) >> 31;
        if (m >= UINT64_C(1) << 32) {
            m >>= 1;
            above += digit;
        }
    }
    return (int32_t)(((below - above) * 2839) >> 16); /* ln 2 * 4096 = 2839.1 */
}

static int64_t cost_of(const run *s)
{
    return s->ops->cost ? s->ops->cost(s->ctx) : 0;
}

static bool out_of_limits(run *s)
{
    int64_t done = s->out->iterations;
    if (s->o->iterations && done >= s->o->iterations)
        return true;
    if (done % LOOK_EVERY)
        return false;
    s->seconds = search_clock(s->o->cpu) - s->began;
    s->out->stopped = stop_now(s->o->stop, NULL);
    return s->out->stopped || (s->o->seconds > 0 && s->seconds >= s->o->seconds);
}

/* ---- cycles ---- */

/* Each cycle is half as long as all rounds before it together, at least o->cycle; one that would leave less than itself for
 * the next takes the rest. By the clock when time alone limits, else by rounds. */
static void plan_cycle(run *s)
{
    int64_t done = s->out->iterations, length = s->o->cycle > 0 ? s->o->cycle : FIRST_CYCLE;
    if (length < done / 2)
        length = done / 2;
    s->cycle_from = done;
    s->cycle_to = done + length;
    s->clock_from = s->clock_to = 0;
    if (s->o->iterations > 0) {
        if (s->o->iterations - s->cycle_to < length)
            s->cycle_to = s->o->iterations;
    } else if (s->o->seconds > 0 && done > 0) {
        double each = s->seconds / (double)done, left = s->o->seconds - s->seconds;
        if (left < 2 * each * (double)length) {
            s->clock_from = s->seconds;
            s->clock_to = s->o->seconds;
            s->cycle_to = INT64_MAX;
        }
    }
}

/* Falls with the square of what is left of the cycle: most rounds are cool ones. */
static void set_heat(run *s)
{
    int64_t left; /* in 1/4096 */
    if (s->clock_to > s->clock_from)
        left = (int64_t)((s->clock_to - s->seconds) / (s->clock_to - s->clock_from) * 4096);
    else
        left = (s->cycle_to - s->out->iterations) * 4096 / (s->cycle_to - s->cycle_from);
    left = left < 0 ? 0 : left > 4096 ? 4096 : left;
    s->heat = s->o->chill + (s->o->heat - s->o->chill) * (left * left >> 12) / 4096;
}

static void told_best(run *s, int64_t score, int64_t cost, int64_t value)
{
    s->best_score = score;
    s->best_cost = cost;
    s->best_value = value;
    s->ops->save(s->ctx, SEARCH_BEST);
    s->out->betters++;
    if (s->ops->better)
        s->ops->better(s->ctx, s->out->iterations, search_clock(s->o->cpu) - s->began);
}

/* What a cycle ended with joins the elite: in place of the worst, and only once. */
static void keep_elite(run *s)
{
    size_t worst = 0;
    for (size_t i = 0; i < s->elites; i++) {
        if (s->elite_value[i] == s->value)
            return; /* the same solution, nearly always */
        worst = s->elite_value[i] < s->elite_value[worst] ? i : worst;
    }
    if (s->elites < SEARCH_ELITES)
        worst = s->elites++;
    else if (s->elite_value[worst] >= s->value)
        return;
    s->elite_value[worst] = s->value;
    s->ops->load(s->ctx, SEARCH_HERE);
    s->ops->save(s->ctx, SEARCH_ELITE + worst);
}

static void take_current(run *s, int64_t value)
{
    s->value = value;
    s->ops->save(s->ctx, SEARCH_HERE);
}

static void judge_whole(run *s)
{
    int64_t score = s->ops->score(s->ctx), cost = cost_of(s), value = score * s->o->unit - cost;
    if (score > s->best_score || (score == s->best_score && cost < s->best_cost))
        told_best(s, score, cost, value);
    take_current(s, value);
}

static void pause_for(run *s)
{
    if (!s->ops->pause)
        return;
    s->ops->load(s->ctx, SEARCH_HERE);
    s->ops->pause(s->ctx, &s->r);
    judge_whole(s);
}

static void next_cycle(run *s)
{
    s->out->cycles++;
    keep_elite(s);
    pause_for(s);
    if (search_below(&s->r, 2) || !s->elites) {
        s->ops->load(s->ctx, SEARCH_BEST);
        take_current(s, s->best_value);
    } else {
        size_t i = search_below(&s->r, (uint32_t)s->elites);
        s->ops->load(s->ctx, SEARCH_ELITE + i);
        take_current(s, s->elite_value[i]);
    }
    plan_cycle(s);
}

/* ---- ruin kinds ---- */

static size_t choose_kind(run *s)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < s->ops->kinds; i++)
        sum += s->weight[i];
    uint32_t at = search_below(&s->r, sum);
    for (size_t i = 0; i + 1 < s->ops->kinds; i++) {
        if (at < s->weight[i])
            return i;
        at -= s->weight[i];
    }
    return s->ops->kinds - 1;
}

/* A kind's weight moves an eighth of the way towards its share of merits by use (Ropke & Pisinger 2006). */
static void learn(run *s)
{
    uint32_t most = 1;
    uint32_t mean[SEARCH_KINDS_MOST];
    for (size_t i = 0; i < s->ops->kinds; i++) {
        mean[i] = s->uses[i] ? s->merit[i] * 256 / s->uses[i] : 0;
        most = mean[i] > most ? mean[i] : most;
    }
    for (size_t i = 0; i < s->ops->kinds; i++) {
        uint32_t share = (uint32_t)((uint64_t)mean[i] * WEIGHT_WHOLE / most);
        if (s->uses[i])
            s->weight[i] = (s->weight[i] * 7 + share) / 8;
        s->weight[i] = s->weight[i] < WEIGHT_LEAST ? WEIGHT_LEAST : s->weight[i];
        s->merit[i] = s->uses[i] = 0;
    }
}

/* ---- rounds ---- */

/* Keeps the current solution or goes back; what it earned the ruin kind. */
static uint32_t judge(run *s)
{
    int64_t score = s->ops->score(s->ctx), cost = cost_of(s), value = score * s->o->unit - cost;
    if (s->ops->polish && value >= s->best_value - s->o->near && value != s->value) {
        s->ops->polish(s->ctx, &s->r);
        score = s->ops->score(s->ctx);
        cost = cost_of(s);
        value = score * s->o->unit - cost;
    }
    if (score > s->best_score || (score == s->best_score && cost < s->best_cost)) {
        told_best(s, score, cost, value);
        take_current(s, value);
        return 16;
    }
    if (value > s->value) {
        take_current(s, value);
        return 4;
    }
    if (value == s->value) { /* the same, or as good: moving on plateaus costs nothing */
        take_current(s, value);
        return 0;
    }
    int64_t threshold = s->heat * search_exponential((uint32_t)(rng_next(&s->r) >> 54)) / 4096;
    if (s->value - value <= threshold) {
        take_current(s, value);
        return 1;
    }
    s->ops->load(s->ctx, SEARCH_HERE);
    return 0;
}

static void round_of(run *s)
{
    size_t kind = choose_kind(s);
    int32_t strength = 1 + (int32_t)search_below(&s->r, SEARCH_WHOLE);
    int32_t noise = s->o->noise > 0 ? (int32_t)search_below(&s->r, (uint32_t)s->o->noise + 1) : 0;
    s->ops->ruin(s->ctx, kind, strength, &s->r);
    s->ops->recreate(s->ctx, noise, &s->r);
    uint32_t merit = judge(s);
    s->merit[kind] += merit;
    s->uses[kind]++;
    s->out->tried[kind]++;
    s->out->gained[kind] += merit >= 4;
    s->out->iterations++;
}

static void start(run *s)
{
    rng_fork(&s->r, s->o->seed, 0x5EA4C4);
    s->began = search_clock(s->o->cpu);
    for (size_t i = 0; i < s->ops->kinds; i++)
        s->weight[i] = WEIGHT_WHOLE / 2;
    int64_t score = s->ops->score(s->ctx), cost = cost_of(s);
    told_best(s, score, cost, score * s->o->unit - cost);
    take_current(s, s->best_value);
    plan_cycle(s);
}

void search_run(const search_ops *ops, void *ctx, const search_options *o, search_result *ret)
{
    run s = {.ops = ops, .ctx = ctx, .o = o, .out = ret};
    memset(ret, 0, sizeof *ret);
    start(&s);
    while (!out_of_limits(&s)) {
        if (s.out->iterations >= s.cycle_to)
            next_cycle(&s);
        set_heat(&s);
        round_of(&s);
        if (s.out->iterations % LEARN_EVERY == 0)
            learn(&s);
        if (o->every > 0 && s.out->iterations % o->every == 0)
            pause_for(&s);
    }
    ops->load(ctx, SEARCH_BEST);
    ret->seconds = search_clock(o->cpu) - s.began;
}
