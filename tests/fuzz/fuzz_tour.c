/* A tour problem straight out of bytes, with numbers as wild as they come, and a list of stops. What the check refuses is refused;
 * what it takes must be measured, verified, enumerated and solved without a fault, and verifier, enumeration and measure agree. */
#include "base/mem.h"
#include "fuzz.h"
#include "tour/private.h"
#include <stdlib.h>
#include <string.h>

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

static int64_t byte(bytes *b)
{
    if (b->left == 0)
        return 0;
    b->left--;
    return *b->at++;
}

/* Mostly small; now and then any number of up to eight bytes. */
static int64_t number(bytes *b, int64_t scale)
{
    int64_t first = byte(b);
    if (first < 250)
        return first * scale / 16;
    uint64_t wild = 0;
    for (int64_t i = first; i < 258; i++)
        wild = wild << 8 | (uint64_t)byte(b);
    return (int64_t)wild;
}

static int32_t small(bytes *b, int64_t scale)
{
    return (int32_t)number(b, scale);
}

/* An index that is nearly always in 0 .. n-1. */
static int32_t index_of(bytes *b, size_t n)
{
    int64_t x = byte(b);
    return x >= 250 || n == 0 ? (int32_t)(x - 252) : (int32_t)((size_t)x % n);
}

static void read_places(bytes *b, tour_problem *p)
{
    for (size_t i = 0; i < p->nmarkets; i++)
        p->markets[i] = (tour_market){(double)number(b, 16) / 3, (double)number(b, 16) / 1.4, byte(b) & 1};
    for (size_t i = 0; i < p->nvenues; i++) {
        int32_t m = index_of(b, p->nmarkets);
        p->venues[i] = (tour_venue){m, (double)byte(b) / 3, (double)byte(b) / 2, small(b, 99)};
    }
    for (size_t i = 0; i < p->nclauses; i++)
        p->clauses[i] =
            (tour_clause){index_of(b, p->nvenues), small(b, 99999), small(b, 16), small(b, 16), byte(b) & 1};
}

static void read_slots(bytes *b, tour_problem *p)
{
    for (size_t i = 0; i < p->nslots; i++) {
        tour_slot *s = &p->slots[i];
        s->appearance = byte(b) > 230;
        s->venue = s->appearance ? TOUR_NONE : index_of(b, p->nvenues);
        bool known = s->venue >= 0 && (size_t)s->venue < p->nvenues;
        s->market = known ? p->venues[s->venue].market : index_of(b, p->nmarkets);
        s->day = (int16_t)index_of(b, (size_t)(p->days > 0 ? p->days : 1));
        s->state = (uint8_t)(byte(b) % (s->appearance ? 3 : 4));
        s->chance = small(b, 600);
        s->net = number(b, 99999);
        s->cost = number(b, 9999);
        s->risk = number(b, 9999);
        s->soft = number(b, 999);
        s->draw = number(b, 9999);
    }
    for (size_t i = 0; i < p->noverlaps; i++)
        p->overlaps[i] = (tour_overlap){index_of(b, p->nmarkets), index_of(b, p->nmarkets), small(b, 600)};
    for (size_t i = 0; i < p->nlegs; i++)
        p->legs[i] =
            (tour_leg_set){index_of(b, p->nmarkets), index_of(b, p->nmarkets), small(b, 9999), small(b, 99)};
    for (size_t i = 0; i < p->npins; i++)
        p->pins[i] = (tour_pin){index_of(b, p->nmarkets), TOUR_NONE, (int16_t)(byte(b) % 16 - 1)};
    for (size_t i = 0; i < p->nkeep; i++)
        p->keep[i] = (tour_keep){index_of(b, p->nmarkets), (int16_t)(byte(b) % 16)};
}

static void read_limits(bytes *b, tour_problem *p)
{
    tour_limits *l = &p->limits;
    l->drive_show_day = small(b, 64);
    l->drive_free_day = small(b, 64) + 1;
    l->run_days = small(b, 1) + 1;
    l->shows_7 = small(b, 1);
    l->drive_7 = small(b, 256);
    l->free_7 = small(b, 1) % 8;
    l->free_drive = small(b, 32);
    l->market_times = small(b, 1);
    l->market_cooldown = small(b, 1);
    l->shows_min = small(b, 1) / 4;
    l->shows_max = small(b, 1);
    l->budget = number(b, 99999);
    p->prices = (tour_prices){number(b, 99), number(b, 999), number(b, 999), number(b, 999), number(b, 999),
                              number(b, 99), number(b, 999), number(b, 999), small(b, 32),   small(b, 600)};
    for (int i = 0; i < TOUR_DAYS_MOST; i++)
        p->fade[i] = i < 16 ? (int32_t)(byte(b) * 39) : 0;
    p->start = byte(b) & 1 ? index_of(b, p->nmarkets) : TOUR_NONE;
    p->end = byte(b) & 1 ? index_of(b, p->nmarkets) : TOUR_NONE;
}

static tour_problem *read_problem(bytes *b)
{
    tour_problem *p = tour_problem_new();
    p->days = (int16_t)(byte(b) % 17);
    p->nmarkets = (size_t)byte(b) % 7;
    p->nvenues = (size_t)byte(b) % 9;
    p->nclauses = (size_t)byte(b) % 4;
    p->nslots = (size_t)byte(b) % 40;
    p->noverlaps = (size_t)byte(b) % 4;
    p->nlegs = (size_t)byte(b) % 4;
    p->npins = (size_t)byte(b) % 3;
    p->nkeep = (size_t)byte(b) % 3;
    p->markets = MEM_ARRAY(tour_market, p->nmarkets + 1);
    p->venues = MEM_ARRAY(tour_venue, p->nvenues + 1);
    p->clauses = MEM_ARRAY(tour_clause, p->nclauses + 1);
    p->slots = MEM_ARRAY(tour_slot, p->nslots + 1);
    p->overlaps = MEM_ARRAY(tour_overlap, p->noverlaps + 1);
    p->legs = MEM_ARRAY(tour_leg_set, p->nlegs + 1);
    p->pins = MEM_ARRAY(tour_pin, p->npins + 1);
    p->keep = MEM_ARRAY(tour_keep, p->nkeep + 1);
    read_places(b, p);
    read_slots(b, p);
    read_limits(b, p);
    return p;
}

static void judge(const tour_problem *p, const int32_t *stops, size_t n)
{
    tour_terms t;
    tour_broken broken;
    int64_t total = 0;
    tour_rule rule = tour_verify(p, stops, n, &broken);
    tour_measure(p, stops, n, &t);
    bool takes = tour_enumerate_takes(p, stops, n, &total);
    fuzz_must(takes == (rule == TOUR_OK) && rule == broken.rule);
    fuzz_must(!takes || total == t.total);
}

static void solve(const tour_problem *p, uint64_t seed)
{
    const tour_effort effort = {.iterations = 30, .seed = seed};
    tour_plan plan = {0};
    tour_terms t;
    if (tour_solve(p, &effort, &plan, NULL, NULL)) {
        fuzz_must(tour_verify(p, plan.stops, plan.n, NULL) == TOUR_OK);
        tour_measure(p, plan.stops, plan.n, &t);
        fuzz_must(t.total == plan.total);
    }
    tour_plan_done(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    bytes b = {data, n};
    err e = {0};
    tour_problem *p = read_problem(&b);
    int32_t stops[20];
    size_t nstops = (size_t)byte(&b) % 20;
    for (size_t i = 0; i < nstops; i++)
        stops[i] = index_of(&b, p->nslots);
    if (tour_problem_check(p, &e)) {
        judge(p, stops, nstops);
        fuzz_must(tour_ready(p, &e));
        judge(p, stops, nstops);
        solve(p, n);
    } else
        fuzz_must(e.kind == ERR_INPUT && e.text[0]);
    tour_problem_free(p);
    return 0;
}
