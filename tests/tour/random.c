/* The generator. Each choice is drawn in a fixed order from one stream; a problem is the seed's, not the machine's. */
#include "tour/random.h"
#include "base/mem.h"
#include <stdlib.h>

const random_kind random_tiny = {.markets_most = 9, .days_most = 14, .density = 4500};
const random_kind random_loose = {
    .markets_most = 9, .days_least = 8, .days_most = 14, .density = 6000, .loose = true};
const random_kind random_hard = {.markets_most = 6, .days_most = 11, .density = 3500, .hard = true};
const random_kind random_for_exact = {.markets_most = 8, .days_most = 12, .density = 3500, .exact = true};

static int32_t between(rng *r, int64_t low, int64_t high)
{
    return (int32_t)rng_between(r, low, high);
}

/* The value in one of two cases, else 0: a rule that is on or off. */
static int32_t maybe(rng *r, uint32_t per_10000, int64_t low, int64_t high)
{
    int32_t value = between(r, low, high);
    return rng_chance(r, per_10000) ? value : 0;
}

static void make_places(rng *r, tour_problem *p, const random_kind *kind)
{
    double around = rng_chance(r, 1500) ? 179.5 : -100; /* across the date line too */
    double wide = 2 + rng_unit(r) * 10;
    p->nmarkets = (size_t)between(r, 2, kind->markets_most);
    p->markets = MEM_ARRAY(tour_market, p->nmarkets);
    p->nvenues = p->nmarkets + (size_t)between(r, 0, (int64_t)p->nmarkets / 2);
    p->venues = MEM_ARRAY(tour_venue, p->nvenues);
    for (size_t i = 0; i < p->nmarkets; i++) {
        double longitude = around + rng_unit(r) * wide;
        p->markets[i] = (tour_market){.latitude = 36 + rng_unit(r) * wide / 2,
                                      .longitude = longitude > 180 ? longitude - 360 : longitude,
                                      .rest = rng_chance(r, 2500)};
    }
    for (size_t i = 0; i < p->nvenues; i++) {
        size_t m = i < p->nmarkets ? i : (size_t)rng_below(r, p->nmarkets);
        p->venues[i] = (tour_venue){.market = (int32_t)m,
                                    .latitude = p->markets[m].latitude + rng_unit(r) * .1,
                                    .longitude = p->markets[m].longitude,
                                    .capacity = between(r, 0, 5000)};
    }
}

static void make_slot(rng *r, tour_problem *p, const random_kind *kind, tour_slot *s, int32_t venue,
                      int16_t day)
{
    *s = (tour_slot){.venue = venue,
                     .market = p->venues[venue].market,
                     .day = day,
                     .state = (uint8_t)rng_below(r, 4),
                     .rank = (uint8_t)rng_below(r, 3),
                     .chance = between(r, 2000, 10000),
                     .net = rng_between(r, kind->loose ? 100000 : -100000, 900000),
                     .cost = rng_between(r, 0, 200000),
                     .risk = rng_between(r, 0, 200000),
                     .soft = rng_between(r, -20000, 40000),
                     .draw = rng_between(r, 0, 400000)};
    if (s->state == SLOT_BLOCKED && rng_chance(r, 6000))
        s->state = SLOT_OPEN;
    s->why = s->state == SLOT_BLOCKED ? between(r, 1, 9) : 0;
}

static void make_slots(rng *r, tour_problem *p, const random_kind *kind)
{
    p->slots = MEM_ARRAY(tour_slot, (p->nvenues + 1) * (size_t)p->days);
    for (int16_t day = 0; day < p->days; day++)
        for (size_t v = 0; v < p->nvenues; v++)
            if (rng_chance(r, (uint32_t)kind->density))
                make_slot(r, p, kind, &p->slots[p->nslots++], (int32_t)v, day);
    int anchors = kind->no_anchors || !rng_chance(r, kind->hard ? 5000 : 2500) ? 0 : between(r, 1, 2);
    for (int k = 0; k < anchors; k++) {
        int16_t day = (int16_t)between(r, 0, p->days - 1);
        bool taken = false;
        for (size_t i = 0; i < p->nslots; i++)
            taken |= p->slots[i].appearance && p->slots[i].day == day;
        if (!taken)
            p->slots[p->nslots++] = (tour_slot){.venue = TOUR_NONE,
                                                .market = (int32_t)rng_below(r, p->nmarkets),
                                                .day = day,
                                                .state = SLOT_CONFIRMED,
                                                .chance = 10000,
                                                .appearance = true};
    }
    for (size_t i = p->nslots; i > 1; i--) { /* in any order */
        size_t j = (size_t)rng_below(r, i);
        tour_slot t = p->slots[i - 1];
        p->slots[i - 1] = p->slots[j];
        p->slots[j] = t;
    }
}

static void make_clauses(rng *r, tour_problem *p, const random_kind *kind)
{
    if (!rng_chance(r, 5000))
        return;
    p->nclauses = (size_t)between(r, 1, 4);
    p->clauses = MEM_ARRAY(tour_clause, p->nclauses);
    for (size_t i = 0; i < p->nclauses; i++)
        p->clauses[i] = (tour_clause){.venue = (int32_t)rng_below(r, p->nvenues),
                                      .metres = between(r, 0, kind->hard ? 900000 : 400000),
                                      .days_before = kind->exact ? TOUR_DAYS_MOST : between(r, 0, 10),
                                      .days_after = kind->exact ? TOUR_DAYS_MOST : between(r, 0, 10),
                                      .forbid = rng_chance(r, 6000)};
}

/* For each pair of markets, in one of so many cases, a row of what `make` says. */
static void make_pairs(rng *r, tour_problem *p, const random_kind *kind)
{
    size_t pairs = p->nmarkets * p->nmarkets;
    bool overlaps = !kind->exact && rng_chance(r, 5000), legs = rng_chance(r, 4000);
    p->overlaps = MEM_ARRAY(tour_overlap, pairs);
    p->legs = MEM_ARRAY(tour_leg_set, pairs);
    for (int32_t a = 0; (size_t)a < p->nmarkets; a++)
        for (int32_t b = a + 1; (size_t)b < p->nmarkets; b++) {
            if (overlaps && rng_chance(r, 3000))
                p->overlaps[p->noverlaps++] = (tour_overlap){a, b, between(r, 0, 10000)};
            if (legs && rng_chance(r, 3000))
                p->legs[p->nlegs++] = (tour_leg_set){b, a, between(r, 0, 900000), between(r, 0, 900)};
        }
    for (int i = 0; i < TOUR_DAYS_MOST; i++)
        p->fade[i] = i < 20 ? 10000 - i * 450 : 1000;
}

static void make_limits(rng *r, tour_problem *p, const random_kind *kind)
{
    tour_limits *l = &p->limits;
    uint32_t often = kind->hard ? 7000 : 4000;
    bool plain = kind->exact;
    l->drive_show_day = rng_chance(r, 500) ? 0 : between(r, 120, kind->hard ? 480 : 700);
    l->drive_free_day = between(r, 60, 700);
    l->run_days = between(r, 1, 6);
    l->shows_7 = plain ? 0 : maybe(r, often, 1, 6);
    l->drive_7 = plain ? 0 : maybe(r, often, 300, 3000);
    l->free_7 = plain ? 0 : maybe(r, often, 1, 3);
    l->free_drive = between(r, 0, 300);
    l->market_times = plain ? 1 : rng_chance(r, 6000) ? 1 : between(r, 0, 3);
    l->market_cooldown = maybe(r, 5000, 1, 8);
    l->shows_min = maybe(r, often / 2, 1, kind->hard ? 6 : 3);
    l->shows_max = maybe(r, often / 2, kind->hard ? 1 : 2, 7);
    l->budget = plain ? 0 : maybe(r, often / 2, 100000, 1500000);
    if (rng_chance(r, 2000))
        l->speed = between(r, 800, 2000);
    if (kind->loose) { /* rules that let long tours be, and still meet them */
        l->drive_show_day = between(r, 350, 800);
        l->run_days = between(r, 2, 6);
        l->shows_7 = l->shows_7 ? l->shows_7 / 2 + 3 : 0;
        l->drive_7 = l->drive_7 ? l->drive_7 + 700 : 0;
        l->free_7 = l->free_7 > 1 ? 1 : l->free_7;
        l->shows_max = l->shows_max ? l->shows_max + 4 : 0;
        l->budget *= 2;
    }
}

static void make_prices(rng *r, tour_problem *p, const random_kind *kind)
{
    p->prices = (tour_prices){.per_km = maybe(r, 8000, 0, 400),
                              .per_hour = maybe(r, 5000, 0, 9000),
                              .per_night = maybe(r, 7000, 0, 40000),
                              .per_idle = maybe(r, 5000, 0, 30000),
                              .late_per_hour = maybe(r, 5000, 0, 50000),
                              .rest_bonus = maybe(r, 5000, 0, 20000),
                              .warn_cost = between(r, 0, 150000),
                              .change = between(r, 0, 100001),
                              .late_after = between(r, 0, 400),
                              .aversion = maybe(r, 5000, 0, 10000)};
    if (kind->loose) { /* so that many stops pay */
        p->prices.per_km /= 4;
        p->prices.per_hour /= 4;
        p->prices.per_night /= 4;
    }
}

/* Most pins name a slot that is there, so that they contradict each other rather than nothing. */
static void make_wishes(rng *r, tour_problem *p, const random_kind *kind)
{
    p->npins = rng_chance(r, kind->hard ? 9000 : 4000) ? (size_t)between(r, 1, kind->hard ? 3 : 2) : 0;
    p->pins = MEM_ARRAY(tour_pin, p->npins + 1);
    for (size_t i = 0; i < p->npins; i++) {
        const tour_slot *s = p->nslots ? &p->slots[rng_below(r, p->nslots)] : NULL;
        if (!s || s->appearance || (s->state == SLOT_BLOCKED && rng_chance(r, 8000))) {
            p->npins = i;
            break;
        }
        p->pins[i] = (tour_pin){s->market, rng_chance(r, 4000) ? s->venue : TOUR_NONE,
                                rng_chance(r, 6000) ? s->day : (int16_t)TOUR_NONE};
    }
    p->nkeep = rng_chance(r, 4000) ? (size_t)between(r, 1, 4) : 0;
    p->keep = MEM_ARRAY(tour_keep, p->nkeep + 1);
    for (size_t i = 0; i < p->nkeep; i++)
        p->keep[i] = (tour_keep){(int32_t)rng_below(r, p->nmarkets), (int16_t)between(r, 0, p->days - 1)};
    if (rng_chance(r, 5000))
        p->start = (int32_t)rng_below(r, p->nmarkets);
    if (rng_chance(r, 5000))
        p->end = (int32_t)rng_below(r, p->nmarkets);
}

tour_problem *random_tour(uint64_t seed, const random_kind *kind)
{
    rng r;
    rng_fork(&r, seed, 0x746f7572);
    tour_problem *p = tour_problem_new();
    p->days = (int16_t)between(&r, kind->days_least ? kind->days_least : 3, kind->days_most);
    make_places(&r, p, kind);
    make_slots(&r, p, kind);
    make_clauses(&r, p, kind);
    make_pairs(&r, p, kind);
    make_limits(&r, p, kind);
    make_prices(&r, p, kind);
    make_wishes(&r, p, kind);
    return p;
}

size_t random_stops(rng *r, const tour_problem *p, int32_t *ret, size_t most)
{
    size_t n = 0;
    bool wild = rng_chance(r, 1500);
    int last = -1;
    while (n < most && p->nslots > 0 && !rng_chance(r, 1200)) {
        int32_t slot = wild ? between(r, -2, (int64_t)p->nslots + 2) : (int32_t)rng_below(r, p->nslots);
        if (!wild && p->slots[slot].day <= last)
            continue;
        if (!wild)
            last = p->slots[slot].day;
        ret[n++] = slot;
    }
    return n;
}
