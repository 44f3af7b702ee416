/* tourworld: see tourworld.h. Money in cents. */
#include "bench/tourworld.h"
#include "base/mem.h"
#include "base/rng.h"
#include <stdlib.h>

typedef struct metro {
    double latitude, longitude;
    int people; /* in 10,000 */
} metro;

static const metro metros[] = {
    {40.71, -74.01, 1950}, {34.05, -118.24, 1290}, {41.88, -87.63, 940},  {32.78, -96.80, 790},
    {29.76, -95.37, 730},  {38.90, -77.04, 630},   {39.95, -75.17, 620},  {33.75, -84.39, 620},
    {25.76, -80.19, 610},  {33.45, -112.07, 500},  {42.36, -71.06, 490},  {37.77, -122.42, 460},
    {33.95, -117.40, 460}, {42.33, -83.05, 430},   {47.61, -122.33, 400}, {44.98, -93.27, 370},
    {32.72, -117.16, 330}, {27.95, -82.46, 320},   {39.74, -104.99, 300}, {39.29, -76.61, 280},
    {38.63, -90.20, 280},  {28.54, -81.38, 270},   {35.23, -80.84, 270},  {29.42, -98.49, 260},
    {45.52, -122.68, 250}, {38.58, -121.49, 240},  {40.44, -80.00, 230},  {30.27, -97.74, 240},
    {36.17, -115.14, 230}, {39.10, -84.51, 230},   {39.10, -94.58, 220},  {39.96, -83.00, 210},
    {41.50, -81.69, 210},  {39.77, -86.16, 210},   {36.16, -86.78, 200},  {37.34, -121.89, 190},
    {36.85, -75.98, 180},  {41.82, -71.41, 170},   {30.33, -81.66, 160},  {43.04, -87.91, 160},
    {35.47, -97.52, 140},  {35.78, -78.64, 140},   {35.15, -90.05, 130},  {37.54, -77.44, 130},
    {38.25, -85.76, 130},  {29.95, -90.07, 130},   {40.76, -111.89, 130}, {41.76, -72.67, 120},
    {42.89, -78.88, 110},  {33.52, -86.80, 110},   {43.16, -77.61, 110},  {42.96, -85.67, 110},
    {32.22, -110.97, 100}, {21.31, -157.86, 100},  {36.15, -95.99, 100},  {36.74, -119.79, 100},
    {41.26, -95.93, 97},   {35.08, -106.65, 91},   {43.62, -116.20, 75},  {41.59, -93.62, 70},
    {34.75, -92.29, 74},   {31.76, -106.49, 87},   {32.30, -90.18, 60},   {46.88, -96.79, 25},
    {45.78, -108.50, 18},  {46.87, -113.99, 12},   {43.07, -89.40, 68},   {44.95, -93.09, 20},
};
enum { METROS = sizeof metros / sizeof *metros };

/* About normal: twelve evens less six. */
static double bell(rng *r)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += rng_unit(r);
    return sum;
}

/* e^x, by squaring a short series: the C library's own may differ between machines. */
static double power_of_e(double x)
{
    double y = 1 + x / 1024 + x * x / 2 / 1024 / 1024;
    for (int i = 0; i < 10; i++)
        y *= y;
    return y;
}

static int any_metro(rng *r)
{
    int64_t sum = 0;
    for (int i = 0; i < METROS; i++)
        sum += metros[i].people + 60;
    int64_t at = rng_between(r, 0, sum - 1);
    for (int i = 0; i < METROS; i++)
        if ((at -= metros[i].people + 60) < 0)
            return i;
    return 0;
}

/* A market's usual net for this artist. */
static double *make_markets(rng *r, tour_problem *p, int markets)
{
    double *usual = MEM_ARRAY(double, (size_t)markets);
    p->nmarkets = (size_t)markets;
    p->markets = MEM_ARRAY(tour_market, p->nmarkets);
    for (int m = 0; m < markets; m++) {
        int at = m < METROS ? m : any_metro(r);
        double spread = m < METROS ? 0.02 : 0.9, size = m < METROS ? metros[at].people : 12;
        p->markets[m] = (tour_market){.latitude = metros[at].latitude + bell(r) * spread * .75,
                                      .longitude = metros[at].longitude + bell(r) * spread,
                                      .rest = rng_chance(r, 300)};
        usual[m] = 1000000 * power_of_e(0.8 * bell(r)) * (0.6 + size / 600);
    }
    return usual;
}

static void make_venues(rng *r, tour_problem *p, int most)
{
    p->venues = MEM_ARRAY(tour_venue, p->nmarkets * (size_t)most);
    for (size_t m = 0; m < p->nmarkets; m++)
        for (int64_t n = rng_between(r, 1, most); n > 0; n--)
            p->venues[p->nvenues++] = (tour_venue){.market = (int32_t)m,
                                                   .latitude = p->markets[m].latitude + bell(r) * .03,
                                                   .longitude = p->markets[m].longitude + bell(r) * .03,
                                                   .capacity = (int32_t)rng_between(r, 3, 40) * 100};
    p->clauses = MEM_ARRAY(tour_clause, p->nvenues);
    for (size_t v = 0; v < p->nvenues; v++)
        if (rng_chance(r, 6000))
            p->clauses[p->nclauses++] = (tour_clause){.venue = (int32_t)v,
                                                      .metres = (int32_t)rng_between(r, 3, 9) * 16000,
                                                      .days_before = (int32_t)rng_between(r, 2, 9) * 10,
                                                      .days_after = (int32_t)rng_between(r, 1, 6) * 10,
                                                      .forbid = rng_chance(r, 8000)};
}

static void make_slot(rng *r, tour_slot *s, double usual, double fit)
{
    static const int weekday[7] = {78, 82, 88, 100, 118, 122, 92}; /* Monday first */
    static const int chance[] = {6000, 8000, 10000};
    uint32_t roll = (uint32_t)rng_below(r, 100);
    s->state = roll < 80 ? SLOT_OPEN : roll < 97 ? SLOT_HELD : SLOT_CONFIRMED;
    s->rank = s->state == SLOT_HELD ? (uint8_t)rng_between(r, 1, 3) : 0;
    s->chance = s->state == SLOT_HELD && s->rank > 1 ? 4500 : chance[s->state];
    s->net = (int64_t)(usual * fit * weekday[s->day % 7] / 100 * (0.9 + rng_unit(r) / 5)) - 200000;
    s->cost = 300000 + (int64_t)(usual / 5);
    s->risk = (int64_t)(usual * (0.2 + rng_unit(r) / 3));
    s->soft = rng_chance(r, 500) ? 30000 : 0;
    s->draw = (int64_t)(usual * 0.7);
}

static void make_slots(rng *r, tour_problem *p, const double *usual, int open)
{
    p->slots = MEM_ARRAY(tour_slot, p->nvenues * (size_t)p->days);
    for (size_t v = 0; v < p->nvenues; v++) {
        double fit = 0.7 + rng_unit(r) * 0.4;
        for (int16_t d = 0; d < p->days; d++) {
            if (!rng_chance(r, (uint32_t)open))
                continue;
            tour_slot *s = &p->slots[p->nslots++];
            *s = (tour_slot){.venue = (int32_t)v, .market = p->venues[v].market, .day = d};
            make_slot(r, s, usual[s->market], fit);
        }
    }
}

/* Markets within 100 km share fans: the nearer, the more. */
static void make_overlaps(tour_problem *p)
{
    size_t cap = 0;
    for (size_t a = 0; a < p->nmarkets; a++)
        for (size_t b = a + 1; b < p->nmarkets; b++) {
            const tour_market *m = &p->markets[a], *n = &p->markets[b];
            double north = (m->latitude - n->latitude) * 111, east = (m->longitude - n->longitude) * 86;
            double away = north * north + east * east;
            if (away > 100 * 100)
                continue;
            MEM_ROOM(p->overlaps, p->noverlaps, cap);
            p->overlaps[p->noverlaps++] =
                (tour_overlap){(int32_t)a, (int32_t)b, (int32_t)(6000 * (1 - away / 10000)) + 100};
        }
}

static void make_prices(tour_problem *p)
{
    p->limits.shows_7 = 6;
    p->prices.per_km = 220;
    p->prices.per_hour = 6000;
    p->prices.per_night = 90000;
    p->prices.per_idle = 250000;
    p->prices.late_per_hour = 40000;
    p->prices.rest_bonus = 50000;
    p->prices.warn_cost = 80000;
    p->prices.aversion = 1000;
    for (int d = 0; d < TOUR_DAYS_MOST; d++)
        p->fade[d] = 10000 - d * 20 > 3000 ? 10000 - d * 20 : 3000;
}

tour_problem *tourworld_new(uint64_t seed, int markets, int days, int venues, int open)
{
    rng r;
    rng_seed(&r, seed);
    tour_problem *p = tour_problem_new();
    p->days = (int16_t)days;
    double *usual = make_markets(&r, p, markets);
    make_venues(&r, p, venues);
    make_slots(&r, p, usual, open);
    make_overlaps(p);
    make_prices(p);
    p->start = p->end = (int32_t)rng_below(&r, METROS - 14);
    free(usual);
    return p;
}
