/* tour: a dated route under avails, drive limits, rest, radius clauses and money (day-slot orienteering), its solver, its
 * verifier, and the reasons for what it chose. Pure: knows no database, no screen and no names; everything is an index.
 * src/plan feeds it from named queries and turns indices into words.
 *
 * Units: money int64 in minor units of one currency, minutes int32, metres int32, days int16 as an index from the first day
 * of the window (0 .. days-1), chances and shares in 1/10000, tickets int32. There is no floating point in the objective or in
 * a rule (distances are rounded to metres once, by IEEE basic operations only), so that the same problem, seed and number of
 * iterations give the same plan on every machine, byte for byte.
 *
 * THE PLAN is a list of stops in strictly rising day order, at most one a day, each a slot of the problem.
 *
 * THE OBJECTIVE (larger is better; tour_measure computes it term by term):
 *     sum of worth(slot)              worth = chance * net / 10000 - soft - aversion * risk / 10000   (each division truncates)
 *   - for each leg:                   metres * per_km / 1000 + minutes * per_hour / 60 + nights * per_night + idle days * per_idle
 *                                     (each division truncates)
 *                                     + late_per_hour * max(0, minutes driven on the day after a show - late_after) / 60
 *                                     - rest_bonus * idle days, where either end's market is a preferred place for days off
 *   - for each pair of shows with an overlap between their markets (or in the same market: share 10000):
 *                                     min(draw, draw) * share / 10000 * fade[days between] / 10000
 *   - for each pair of shows that touches a clause with effect warn: warn_cost (once a pair)
 *   - change * number of shows of the plan to keep close to (`keep`) that are not in it on the same day in the same market;
 *                                     half of that where the market is there on another day (change / 2)
 *   Only shows count for worth, overlap, clauses, keep and pins; an appearance has its legs and its day, and no more. The rest
 *   bonus is for a leg as a whole, once, start and end legs included. Late is for the day after a show, not after an appearance.
 *
 * LEGS. Between consecutive stops on days i < j: gap g = j - i, idle days g - 1, nights g. All stops count, appearances too.
 * Minutes are driven earliest first: each of the days i+1 .. j-1 takes up to drive_free_day minutes, day j the rest.
 * From the start place (if any) to the first stop on day j: the tour leaves as late as it can. n = 1 if minutes <= drive_show_day,
 * else 1 + ceil((minutes - drive_show_day) / drive_free_day); days j-n+1 .. j are driven (earliest first as above), n - 1 idle days,
 * n - 1 nights; needs j - n + 1 >= 0. To the end place (if any) after the last stop on day i: n likewise, days i+1 .. i+n, n - 1
 * idle days, n nights; needs i + n <= days (home the day after the window at the latest). The end leg's first day can be late
 * (late_after) too; the start leg cannot. A plan without a stop has no legs and is worth 0 less the change.
 * Metres are the great circle's times road_factor / 10000 (truncated), minutes these / speed (rounded up), unless `legs` has the pair.
 *
 * RULES, hard (enum tour_rule names each; tour_verify proves them by a second implementation that shares nothing with the
 * solver but this header and tour_between; in the order of the enum, so that `the first broken rule` is one and the same):
 *   each stop's slot is not blocked; days rise; inside the window
 *   minutes of a leg with gap g <= drive_show_day + (g-1) * drive_free_day
 *   at most run_days shows on consecutive days (an appearance is not a show, but the day is not free)
 *   in any 7 consecutive days: shows <= shows_7, driven minutes <= drive_7, free days >= free_7. A free day has no stop and at
 *   most free_drive minutes of driving. Windows of 7 days lie wholly in 0 .. days-1; with days < 7 there is none; days before
 *   the first stop's departure and after coming home are free
 *   a market at most market_times, and shows of one market at least market_cooldown days apart
 *   no two shows s, t with dist(venue s, venue t) <= radius of a clause of s's venue and -before <= day t - day s <= after,
 *   for a clause with effect forbid, either way round (same market and same venue included)
 *   every pin is met; nothing forbidden is in (src/plan blocks forbidden slots); appearances (anchors) are all in
 *   shows_min <= shows <= shows_max; costs (legs without the rest bonus and the late penalty + the shows' own cost) <= budget
 *   where budget > 0
 * A rule with limit 0 is off (drive_show_day 0: any leg will do, and n = 1), except shows_min (0 = none) and run_days (>= 1);
 * drive_free_day is >= 1 always. The day after the window, on which one may come home, is in no window of 7. Pins are met by shows.
 *
 * Ownership: a problem owns its arrays (tour_problem_free), a plan its stops (tour_plan_done). A finished problem is
 * read only and may be used by several threads; a solver belongs to one. */
#ifndef SHOWX_TOUR_TOUR_H
#define SHOWX_TOUR_TOUR_H

#include "base/err.h"
#include "base/job.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOUR_DAYS_MOST = 366, TOUR_NONE = -1 };

typedef enum {
    TOUR_OK,
    TOUR_WINDOW,   /* a day outside the window, or not rising */
    TOUR_BLOCKED,  /* the slot is blocked: `why` of the slot says by what */
    TOUR_DRIVE,    /* too far for the days between */
    TOUR_START,    /* not reachable from the start in time */
    TOUR_END,      /* the end is not reachable in time */
    TOUR_RUN,      /* too many show days on end */
    TOUR_SHOWS_7,  /* too many shows in 7 days */
    TOUR_DRIVE_7,  /* too much driving in 7 days */
    TOUR_FREE_7,   /* no free day in 7 */
    TOUR_MARKET,   /* a market too often */
    TOUR_COOLDOWN, /* a market again too soon */
    TOUR_RADIUS,   /* a radius clause forbids the pair */
    TOUR_PIN,      /* a pin is not met */
    TOUR_ANCHOR,   /* an anchor is not met */
    TOUR_SHOWS_MIN,
    TOUR_SHOWS_MAX,
    TOUR_BUDGET,
    TOUR_RULES
} tour_rule;
const char *tour_rule_word(tour_rule r); /* "drive", "radius" ...: for --json and sentences */

typedef struct tour_market {    /* a metro: where one drives to */
    double latitude, longitude; /* degrees */
    bool rest;                  /* a preferred place for days off */
} tour_market;

typedef struct tour_venue {
    int32_t market;
    double latitude, longitude;
    int32_t capacity; /* 0 = unknown */
} tour_venue;

typedef struct
    tour_clause { /* a radius clause that a show at this venue carries (its deal's or the venue's own) */
    int32_t venue;
    int32_t metres, days_before, days_after;
    bool forbid; /* else warn */
} tour_clause;

typedef enum { SLOT_OPEN, SLOT_HELD, SLOT_CONFIRMED, SLOT_BLOCKED } slot_state;

typedef struct tour_slot {
    int32_t venue; /* TOUR_NONE exactly where it is an appearance */
    int32_t market;
    int16_t day;
    uint8_t state;   /* slot_state */
    uint8_t rank;    /* SLOT_HELD: ours, 1 = first; else how many holds stand before us */
    bool appearance; /* an anchor that is no show: no worth, no market rule, must be in; never blocked */
    int32_t chance;  /* of getting it */
    int32_t why;     /* SLOT_BLOCKED: the feeder's own number of the reason; else free for the feeder */
    int32_t low, mid, high; /* tickets p10, p50, p90 */
    int64_t net;            /* expected payout + merchandise - show cost, if it comes about */
    int64_t cost;           /* the show's own cost, already in net; for the budget */
    int64_t risk;           /* mean - p10 of net */
    int64_t soft;           /* weekday, hold near expiry ... as money */
    int64_t draw;           /* what the pair's overlap takes its share of; >= 0 */
} tour_slot;

typedef struct tour_overlap { /* both ways round once: a < b */
    int32_t a, b, share;
} tour_overlap;

typedef struct tour_leg_set { /* overrides the great circle, both ways round */
    int32_t a, b, metres, minutes;
} tour_leg_set;

typedef struct
    tour_pin { /* must be in: this venue (or TOUR_NONE: any) of this market on this day (or TOUR_NONE: any) */
    int32_t market, venue;
    int16_t day;
} tour_pin;

typedef struct tour_keep {
    int32_t market;
    int16_t day;
} tour_keep;

typedef struct tour_limits {
    int32_t drive_show_day, drive_free_day;       /* minutes; 420 and 480 by default */
    int32_t run_days;                             /* 5 */
    int32_t shows_7, drive_7, free_7, free_drive; /* 6, 2400, 1, 240 */
    int32_t market_times, market_cooldown;        /* 1, 0 */
    int32_t shows_min, shows_max;                 /* 0 = no bound */
    int64_t budget;                               /* 0 = none */
    int32_t road_factor;                          /* 1/10000 of the great circle: 12500 */
    int32_t speed;                                /* metres a minute: 1400 (84 km/h) */
} tour_limits;

typedef struct tour_prices {
    int64_t per_km, per_hour, per_night, per_idle, late_per_hour, rest_bonus, warn_cost, change;
    int32_t late_after; /* minutes */
    int32_t aversion;   /* 1/10000 */
} tour_prices;
void tour_defaults(tour_limits *ret_limits, tour_prices *ret_prices); /* prices 0 but late_after 360 */

typedef struct tour_problem {
    int16_t days;
    tour_limits limits;
    tour_prices prices;
    tour_market *markets;
    size_t nmarkets;
    tour_venue *venues;
    size_t nvenues;
    tour_clause *clauses;
    size_t nclauses;
    tour_slot *slots; /* any order; at most one a venue and day, one appearance a day */
    size_t nslots;
    tour_overlap *overlaps;
    size_t noverlaps;
    tour_leg_set *legs;
    size_t nlegs;
    tour_pin *pins;
    size_t npins;
    tour_keep *keep;
    size_t nkeep;
    int32_t start, end; /* markets, or TOUR_NONE */
    int32_t fade
        [TOUR_DAYS_MOST]; /* 1/10000 by days between, for overlaps; a new problem has 0 (no overlap counts) */
    struct tour_index *index; /* tour_ready's */
    bool sorted; /* tour_ready's: legs and overlaps stand in order, a < b, so that they are found fast */
} tour_problem;

tour_problem *tour_problem_new(void); /* with the defaults above, start and end TOUR_NONE */
void tour_problem_free(tour_problem *p);
/* Checks every index, unit and bound (ERR_INPUT naming array and row), puts legs and overlaps in order, and builds what the solver needs (neighbours, conflicts,
 * best and second venue per market and day). Call it once the arrays are filled; again after a change (pins, limits, blocks). */
bool tour_ready(tour_problem *p, err *e);
tour_problem *tour_problem_copy(const tour_problem *p); /* not ready */

typedef struct tour_leg {
    int32_t metres, minutes;
} tour_leg;
/* Between two markets, symmetric; 0 and 0 within one. */
tour_leg tour_between(const tour_problem *p, int32_t a, int32_t b);
int32_t tour_metres(double lat1, double lon1, double lat2,
                    double lon2); /* great circle, floor; IEEE basic operations only */

typedef struct tour_plan {
    int32_t *stops; /* slots of the problem, by day; owned */
    size_t n;
    int64_t total;      /* the objective */
    int64_t iterations; /* that the solver made */
    bool
        complete; /* false: cancelled or out of time before the first full pass; the plan is valid all the same */
} tour_plan;
void tour_plan_done(tour_plan *p);
void tour_plan_copy(tour_plan *ret, const tour_plan *p);

/* ---- measure and verify ---- */

typedef struct tour_terms { /* total = worth - legs - late + rest - overlap - warn - change */
    int64_t total, worth, legs, late, rest, overlap, warn, change;
    int64_t costs; /* for the budget: legs and the shows' own cost */
    int64_t metres, minutes, idle_days, nights;
    int32_t shows;
} tour_terms;
/* Any list will do, also one that breaks rules (numbers that are no slots are passed over). */
void tour_measure(const tour_problem *p, const int32_t *stops, size_t n, tour_terms *ret);

typedef struct tour_broken { /* the first rule that a list of stops breaks, and by how much */
    tour_rule rule;
    int32_t at,
        other; /* positions in stops, or TOUR_NONE; TOUR_PIN: the pin's number in `at`; TOUR_ANCHOR: the slot's */
    int64_t is,
        limit; /* in the rule's unit: minutes, metres, days, shows, money. START, END: days it takes, days there are.
                        * BLOCKED: the slot's why. WINDOW: the day, and the one it must come after (-1) or before (days) */
    int16_t day; /* first day of the window of 7, where it is about one; RADIUS: days from `at` to `other` */
    int32_t clause; /* RADIUS: the clause; else TOUR_NONE */
} tour_broken;
/* The independent check: TOUR_OK or the first broken rule. Every plan that leaves the room has passed it. */
tour_rule tour_verify(const tour_problem *p, const int32_t *stops, size_t n, tour_broken *ret);

/* ---- solve ---- */

typedef struct tour_effort {
    double seconds;     /* wall clock; 0 = no limit by time */
    int64_t iterations; /* 0 = no limit by count; both 0 = 2 seconds */
    uint64_t seed;
    const tour_plan *from; /* start here (after a pin, a limit): repaired first; NULL = from nothing */
    /* Told of each better plan (verified), from the solver's thread; may be NULL. */
    void (*better)(void *ctx, const tour_plan *plan, double seconds);
    void *ctx;
    stop *stop; /* keeps the best plan so far; may be NULL */
} tour_effort;

/* The best plan found. False only when there is none: ERR_MISSING, and ret_why (may be NULL) says which rule makes it so.
 * A cancelled solve that has a plan is a success. */
struct tour_trouble;
bool tour_solve(const tour_problem *p, const tour_effort *effort, tour_plan *ret,
                struct tour_trouble *ret_why, err *e);

/* Up to `most` further plans that differ from `best` and each other in at least a third of their (market, day) stops, best
 * first; returns how many. Each is solved with that rule, so that they really differ. */
size_t tour_alternatives(const tour_problem *p, const tour_plan *best, const tour_effort *effort,
                         tour_plan *ret, size_t most);

/* ---- the exact oracles (small problems; for tests) ---- */
/* Depth-first enumeration with a bound, under every rule: up to about 9 markets x 14 days. False when it needs more than
 * `nodes`, or when no plan satisfies the rules (e says which of the two: ERR_TIMEOUT, ERR_MISSING). */
bool tour_enumerate(const tour_problem *p, int64_t nodes, tour_plan *ret, err *e);
/* Dynamic programme over (visited, last, day, run length) where no conflict depends on dates; ERR_USAGE where it does. */
bool tour_exact(const tour_problem *p, tour_plan *ret, err *e);

/* ---- reasons ---- */

/* Why there is no plan, and the smallest change that makes one possible. Where two wishes contradict each other by themselves they
 * are named (pin and other_pin, slot and other_slot, pin and slot) with the rule between them; else the rule is the one that need
 * give way least, in proportion. What `to` counts, by rule:
 *     DRIVE drive_show_day; RUN, SHOWS_7, DRIVE_7, FREE_7, MARKET, COOLDOWN, SHOWS_MIN, SHOWS_MAX, BUDGET the limit of that name;
 *     START, END: days of the window, which must begin so much earlier or end so much later;
 *     RADIUS: metres of `clause`; BLOCKED: `slot` would have to be opened (is = its why, to = SLOT_OPEN);
 *     PIN: two pins on one day, or a pin (`other_pin` TOUR_NONE) without any slot; ANCHOR: a pin or an appearance on another's day. */
typedef struct tour_cure { /* a limit by itself: as it is, and how far it would have to give way */
    tour_rule rule;
    int32_t clause; /* RADIUS */
    int64_t limit, to;
} tour_cure;

enum { TOUR_CURES = 4 };

typedef struct tour_trouble {
    tour_rule rule;           /* TOUR_OK: there is a plan after all */
    int32_t pin, other_pin;   /* pins that contradict each other, or TOUR_NONE */
    int32_t slot, other_slot; /* anchors (slots) likewise; BLOCKED: the slot */
    int32_t clause;           /* RADIUS: the clause, or TOUR_NONE */
    int64_t is,
        limit; /* named wishes: what they need and what is allowed, as in tour_broken; else `to`, and the limit now */
    bool
        change_known; /* with `rule`'s limit at `to` there is a plan (it was solved), and with one less change none was found */
    int64_t to;
    int32_t drop_pin;  /* or without this pin there is one; TOUR_NONE */
    int32_t drop_also; /* and without this one too, where no one pin or limit alone will do; TOUR_NONE */
    tour_rule
        also_rule; /* not TOUR_OK: more than one thing is wrong, and this limit must be `also_to` besides */
    int32_t also_clause;
    int64_t also_to;
    tour_cure cures
        [TOUR_CURES]; /* where no wishes are named: single limits that would do, `rule` first, then others instead of it */
    size_t ncures;
} tour_trouble;
void tour_diagnose(const tour_problem *p, const tour_effort *effort, tour_trouble *ret);

typedef struct tour_why { /* why a stop is in */
    int64_t with,
        without; /* totals, the second re-solved without its market; with - without = what it brings */
    bool
        must; /* a pin or an anchor holds it, or no plan was found without it: without is then not worked out */
    tour_plan instead; /* the plan without it */
    int32_t
        swap; /* slot that would do best on that very day in its place with all else fixed, or TOUR_NONE */
    int64_t swap_total;
} tour_why;
bool tour_explain(const tour_problem *p, const tour_plan *plan, size_t at, const tour_effort *effort,
                  tour_why *ret, err *e);
void tour_why_done(tour_why *w);

typedef struct tour_why_not { /* why a market is not in */
    bool possible; /* a plan with it exists: `total` is the best found with it pinned, `plan` that plan */
    int64_t best, total;
    tour_plan plan;
    tour_rule
        rule; /* not possible: the first rule that blocks it on its best day: of the days whose slot is not blocked the
                         * one on which `tried` is worth most. BLOCKED also where it has no slot at all */
    int32_t slot; /* that day's slot, or TOUR_NONE: it has none, and `tried` is empty */
    tour_broken
        broken;      /* with the slot put into the plan (and the stop of that day taken out): what breaks */
    tour_plan tried; /* the very stops that `broken` speaks of, so that anybody can apply them */
} tour_why_not;
bool tour_explain_not(const tour_problem *p, const tour_plan *plan, int32_t market, const tour_effort *effort,
                      tour_why_not *ret, err *e);
void tour_why_not_done(tour_why_not *w);

/* ---- two plans side by side, day by day ---- */
typedef enum { DAY_SAME, DAY_ONLY_A, DAY_ONLY_B, DAY_OTHER_CITY, DAY_OTHER_VENUE, DAY_EMPTY } day_compare;
void tour_compare(const tour_problem *p, const tour_plan *a, const tour_plan *b,
                  uint8_t *ret_days /* [days] */);

#endif
