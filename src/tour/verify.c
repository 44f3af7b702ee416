/* verify: does a list of stops keep every rule? Written to be read beside tour.h, rule by rule in the order of its enum, and not to
 * be fast: it shares nothing with the solver, the measure or the oracles but tour.h, tour_between and tour_metres.
 *
 * Once the days are known to rise, the list is laid out on a calendar (who plays where on a day, how long is driven on it), and each
 * rule about days is read off that calendar. */
#include "base/mem.h"
#include "tour/tour.h"
#include <stdlib.h>

typedef struct calendar_day {
    bool stop, show;
    int64_t driven; /* minutes */
} calendar_day;

typedef struct check {
    const tour_problem *p;
    const int32_t *stops;
    size_t n;
    calendar_day days[TOUR_DAYS_MOST];
    tour_broken broken;
} check;

static const tour_slot *slot_at(const check *c, size_t i)
{
    return &c->p->slots[c->stops[i]];
}

/* Always false, so that a rule ends in `return break_rule(...)`. */
static bool break_rule(check *c, tour_rule rule, int64_t at, int64_t other, int64_t is, int64_t limit)
{
    c->broken.rule = rule;
    c->broken.at = (int32_t)at;
    c->broken.other = (int32_t)other;
    c->broken.is = is;
    c->broken.limit = limit;
    return false;
}

/* ---- the list itself ---- */

static bool window_kept(check *c)
{
    int64_t last = -1;
    for (size_t i = 0; i < c->n; i++) {
        if (c->stops[i] < 0 || (size_t)c->stops[i] >= c->p->nslots)
            return break_rule(c, TOUR_WINDOW, (int64_t)i, TOUR_NONE, c->stops[i], (int64_t)c->p->nslots);
        int64_t day = slot_at(c, i)->day;
        if (day >= c->p->days || day < 0)
            return break_rule(c, TOUR_WINDOW, (int64_t)i, TOUR_NONE, day, c->p->days);
        if (day <= last)
            return break_rule(c, TOUR_WINDOW, (int64_t)i, (int64_t)i - 1, day, last);
        last = day;
    }
    return true;
}

static bool no_slot_blocked(check *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (slot_at(c, i)->state == SLOT_BLOCKED)
            return break_rule(c, TOUR_BLOCKED, (int64_t)i, TOUR_NONE, slot_at(c, i)->why, 0);
    return true;
}

/* ---- driving ---- */

static bool legs_drivable(check *c)
{
    const tour_limits *l = &c->p->limits;
    if (l->drive_show_day == 0)
        return true;
    for (size_t i = 1; i < c->n; i++) {
        int64_t gap = slot_at(c, i)->day - slot_at(c, i - 1)->day;
        int64_t allowed = l->drive_show_day + (gap - 1) * l->drive_free_day;
        int64_t minutes = tour_between(c->p, slot_at(c, i - 1)->market, slot_at(c, i)->market).minutes;
        if (minutes > allowed)
            return break_rule(c, TOUR_DRIVE, (int64_t)i, (int64_t)i - 1, minutes, allowed);
    }
    return true;
}

/* The fewest days that a drive to or from a place outside takes: one with at most drive_show_day, others with at most drive_free_day. */
static int64_t days_to_drive(const check *c, int64_t minutes)
{
    const tour_limits *l = &c->p->limits;
    if (l->drive_show_day == 0)
        return 1;
    int64_t n = 1, more = minutes - l->drive_show_day;
    if (more > 0)
        n += more / l->drive_free_day + (more % l->drive_free_day != 0);
    return n;
}

static bool start_reaches(check *c)
{
    if (c->p->start == TOUR_NONE || c->n == 0)
        return true;
    int64_t takes = days_to_drive(c, tour_between(c->p, c->p->start, slot_at(c, 0)->market).minutes);
    int64_t there_are = slot_at(c, 0)->day + 1;
    return takes <= there_are || break_rule(c, TOUR_START, 0, TOUR_NONE, takes, there_are);
}

static bool end_is_reached(check *c)
{
    if (c->p->end == TOUR_NONE || c->n == 0)
        return true;
    int64_t takes = days_to_drive(c, tour_between(c->p, slot_at(c, c->n - 1)->market, c->p->end).minutes);
    int64_t there_are = c->p->days - slot_at(c, c->n - 1)->day;
    return takes <= there_are || break_rule(c, TOUR_END, (int64_t)c->n - 1, TOUR_NONE, takes, there_are);
}

/* ---- the calendar ---- */

/* Spreads minutes over the days from..until, earliest first: each but the last takes up to drive_free_day. */
static void drive(check *c, int64_t from, int64_t until, int64_t minutes)
{
    for (int64_t day = from; day <= until; day++) {
        int64_t now = minutes;
        if (day < until && now > c->p->limits.drive_free_day)
            now = c->p->limits.drive_free_day;
        if (day >= 0 && day < c->p->days)
            c->days[day].driven += now;
        minutes -= now;
    }
}

static void lay_out(check *c)
{
    const tour_problem *p = c->p;
    for (size_t i = 0; i < c->n; i++) {
        c->days[slot_at(c, i)->day].stop = true;
        c->days[slot_at(c, i)->day].show = !slot_at(c, i)->appearance;
        if (i > 0)
            drive(c, slot_at(c, i - 1)->day + 1, slot_at(c, i)->day,
                  tour_between(p, slot_at(c, i - 1)->market, slot_at(c, i)->market).minutes);
    }
    if (c->n > 0 && p->start != TOUR_NONE) {
        int64_t minutes = tour_between(p, p->start, slot_at(c, 0)->market).minutes,
                first = slot_at(c, 0)->day;
        drive(c, first - days_to_drive(c, minutes) + 1, first, minutes);
    }
    if (c->n > 0 && p->end != TOUR_NONE) {
        int64_t minutes = tour_between(p, slot_at(c, c->n - 1)->market, p->end).minutes,
                last = slot_at(c, c->n - 1)->day;
        drive(c, last + 1, last + days_to_drive(c, minutes), minutes);
    }
}

static int64_t position_on(const check *c, int64_t day)
{
    for (size_t i = 0; i < c->n; i++)
        if (slot_at(c, i)->day == day)
            return (int64_t)i;
    return TOUR_NONE;
}

static bool runs_short_enough(check *c)
{
    int64_t run = 0, worst = 0, ends = 0;
    for (int64_t day = 0; day < c->p->days; day++) {
        run = c->days[day].show ? run + 1 : 0;
        if (run > worst) {
            worst = run;
            ends = day;
        }
    }
    return worst <= c->p->limits.run_days || break_rule(c, TOUR_RUN, position_on(c, ends - worst + 1),
                                                        position_on(c, ends), worst, c->p->limits.run_days);
}

static bool is_free(const check *c, const calendar_day *d)
{
    return !d->stop && d->driven <= c->p->limits.free_drive;
}

typedef int64_t count_day(const check *c, const calendar_day *d);

static int64_t count_show(const check *c, const calendar_day *d)
{
    (void)c;
    return d->show;
}

static int64_t count_driven(const check *c, const calendar_day *d)
{
    (void)c;
    return d->driven;
}

static int64_t count_free(const check *c, const calendar_day *d)
{
    return is_free(c, d);
}

/* In every 7 days of the window: what is counted stays at or below the limit, or (least) at or above it. */
static bool sevens_kept(check *c, tour_rule rule, count_day *count, int64_t limit, bool least)
{
    if (limit == 0)
        return true;
    for (int64_t first = 0; first + 7 <= c->p->days; first++) {
        int64_t sum = 0;
        for (int64_t day = first; day < first + 7; day++)
            sum += count(c, &c->days[day]);
        if (least ? sum < limit : sum > limit) {
            c->broken.day = (int16_t)first;
            return break_rule(c, rule, TOUR_NONE, TOUR_NONE, sum, limit);
        }
    }
    return true;
}

/* ---- markets and clauses ---- */

static bool market_times_kept(check *c)
{
    int32_t limit = c->p->limits.market_times;
    for (size_t i = 0; i < c->n && limit > 0; i++) {
        int64_t times = 0, last = TOUR_NONE;
        for (size_t j = 0; j < c->n; j++)
            if (!slot_at(c, i)->appearance && !slot_at(c, j)->appearance &&
                slot_at(c, j)->market == slot_at(c, i)->market) {
                times++;
                last = (int64_t)j;
            }
        if (times > limit)
            return break_rule(c, TOUR_MARKET, last, (int64_t)i, times, limit);
    }
    return true;
}

static bool cooldowns_kept(check *c)
{
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = i + 1; j < c->n; j++) {
            const tour_slot *s = slot_at(c, i), *t = slot_at(c, j);
            if (s->appearance || t->appearance || s->market != t->market)
                continue;
            if (t->day - s->day < c->p->limits.market_cooldown)
                return break_rule(c, TOUR_COOLDOWN, (int64_t)j, (int64_t)i, t->day - s->day,
                                  c->p->limits.market_cooldown);
        }
    return true;
}

/* Does the show at position i, whose venue carries the clause, forbid the one at position j? */
static bool clause_forbids(check *c, const tour_clause *clause, size_t i, size_t j)
{
    const tour_slot *s = slot_at(c, i), *t = slot_at(c, j);
    if (i == j || t->appearance || s->venue != clause->venue || !clause->forbid)
        return false;
    int64_t days = t->day - s->day;
    if (days < -(int64_t)clause->days_before || days > clause->days_after)
        return false;
    const tour_venue *v = &c->p->venues[s->venue], *w = &c->p->venues[t->venue];
    int64_t metres = tour_metres(v->latitude, v->longitude, w->latitude, w->longitude);
    if (metres > clause->metres)
        return false;
    c->broken.day = (int16_t)days;
    break_rule(c, TOUR_RADIUS, (int64_t)i, (int64_t)j, metres, clause->metres);
    return true;
}

static bool clauses_kept(check *c)
{
    for (size_t k = 0; k < c->p->nclauses; k++) {
        const tour_clause *clause = &c->p->clauses[k];
        for (size_t i = 0; i < c->n; i++)
            for (size_t j = 0;
                 !slot_at(c, i)->appearance && slot_at(c, i)->venue == clause->venue && j < c->n; j++)
                if (clause_forbids(c, clause, i, j)) {
                    c->broken.clause = (int32_t)k;
                    return false;
                }
    }
    return true;
}

/* ---- what must be in ---- */

static bool pins_met(check *c)
{
    for (size_t k = 0; k < c->p->npins; k++) {
        const tour_pin *pin = &c->p->pins[k];
        bool met = false;
        for (size_t i = 0; i < c->n; i++) {
            const tour_slot *s = slot_at(c, i);
            bool here = s->market == pin->market && (pin->venue == TOUR_NONE || s->venue == pin->venue);
            bool then = pin->day == TOUR_NONE || s->day == pin->day;
            met = met || (!s->appearance && here && then);
        }
        if (!met)
            return break_rule(c, TOUR_PIN, (int64_t)k, TOUR_NONE, 0, 1);
    }
    return true;
}

static bool anchors_met(check *c)
{
    for (size_t k = 0; k < c->p->nslots; k++) {
        if (!c->p->slots[k].appearance)
            continue;
        bool in = false;
        for (size_t i = 0; i < c->n; i++)
            in = in || (size_t)c->stops[i] == k;
        if (!in)
            return break_rule(c, TOUR_ANCHOR, (int64_t)k, TOUR_NONE, 0, 1);
    }
    return true;
}

static bool shows_enough(check *c)
{
    int64_t shows = 0;
    for (size_t i = 0; i < c->n; i++)
        shows += !slot_at(c, i)->appearance;
    const tour_limits *l = &c->p->limits;
    if (l->shows_min > 0 && shows < l->shows_min)
        return break_rule(c, TOUR_SHOWS_MIN, TOUR_NONE, TOUR_NONE, shows, l->shows_min);
    if (l->shows_max > 0 && shows > l->shows_max)
        return break_rule(c, TOUR_SHOWS_MAX, TOUR_NONE, TOUR_NONE, shows, l->shows_max);
    return true;
}

/* ---- money ---- */

static int64_t leg_cost(const check *c, int32_t from, int32_t to, int64_t nights, int64_t idle)
{
    const tour_prices *m = &c->p->prices;
    tour_leg leg = tour_between(c->p, from, to);
    int64_t cost = leg.metres * m->per_km / 1000;
    cost += leg.minutes * m->per_hour / 60;
    cost += nights * m->per_night;
    return cost + idle * m->per_idle;
}

static bool budget_kept(check *c)
{
    const tour_problem *p = c->p;
    int64_t cost = 0;
    for (size_t i = 0; i < c->n; i++) {
        const tour_slot *s = slot_at(c, i);
        if (!s->appearance)
            cost += s->cost;
        if (i > 0) {
            int64_t gap = s->day - slot_at(c, i - 1)->day;
            cost += leg_cost(c, slot_at(c, i - 1)->market, s->market, gap, gap - 1);
        }
    }
    if (c->n > 0 && p->start != TOUR_NONE) {
        int32_t first = slot_at(c, 0)->market;
        int64_t takes = days_to_drive(c, tour_between(p, p->start, first).minutes);
        cost += leg_cost(c, p->start, first, takes - 1, takes - 1);
    }
    if (c->n > 0 && p->end != TOUR_NONE) {
        int32_t last = slot_at(c, c->n - 1)->market;
        int64_t takes = days_to_drive(c, tour_between(p, last, p->end).minutes);
        cost += leg_cost(c, last, p->end, takes, takes - 1);
    }
    int64_t budget = p->limits.budget;
    return budget == 0 || cost <= budget || break_rule(c, TOUR_BUDGET, TOUR_NONE, TOUR_NONE, cost, budget);
}

static bool all_kept(check *c)
{
    const tour_limits *l = &c->p->limits;
    if (!window_kept(c) || !no_slot_blocked(c) || !legs_drivable(c) || !start_reaches(c) ||
        !end_is_reached(c))
        return false;
    lay_out(c);
    return runs_short_enough(c) && sevens_kept(c, TOUR_SHOWS_7, count_show, l->shows_7, false) &&
           sevens_kept(c, TOUR_DRIVE_7, count_driven, l->drive_7, false) &&
           sevens_kept(c, TOUR_FREE_7, count_free, l->free_7, true) && market_times_kept(c) &&
           cooldowns_kept(c) && clauses_kept(c) && pins_met(c) && anchors_met(c) && shows_enough(c) &&
           budget_kept(c);
}

tour_rule tour_verify(const tour_problem *p, const int32_t *stops, size_t n, tour_broken *ret)
{
    check *c = MEM_NEW(check);
    c->p = p;
    c->stops = stops;
    c->n = n;
    c->broken = (tour_broken){.at = TOUR_NONE, .other = TOUR_NONE, .clause = TOUR_NONE};
    all_kept(c);
    tour_rule rule = c->broken.rule;
    if (ret)
        *ret = c->broken;
    free(c);
    return rule;
}
