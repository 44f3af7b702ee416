/* measure: the objective of a plan, term by term, as tour.h has it. */
#include "base/mem.h"
#include "tour/private.h"
#include <stdlib.h>

typedef struct visit {
    int32_t market;
    int16_t day;
    bool show;
} visit;

/* Days of driving that a leg from or to a place outside the plan takes. */
static int64_t days_of(const tour_problem *p, int32_t minutes)
{
    const tour_limits *l = &p->limits;
    if (l->drive_show_day == 0 || minutes <= l->drive_show_day)
        return 1;
    return 1 + ((int64_t)minutes - l->drive_show_day + l->drive_free_day - 1) / l->drive_free_day;
}

/* One leg's terms. late_day: minutes of it on the day after a show, 0 where there is no such. */
static void add_leg(const tour_problem *p, int32_t from, int32_t to, tour_leg leg, int64_t nights,
                    int64_t idle, int64_t late_day, tour_terms *t)
{
    const tour_prices *m = &p->prices;
    t->metres += leg.metres;
    t->minutes += leg.minutes;
    t->nights += nights;
    t->idle_days += idle;
    t->legs += leg.metres * m->per_km / 1000 + leg.minutes * m->per_hour / 60 + nights * m->per_night +
               idle * m->per_idle;
    if (late_day > m->late_after)
        t->late += m->late_per_hour * (late_day - m->late_after) / 60;
    if (p->markets[from].rest || p->markets[to].rest)
        t->rest += m->rest_bonus * idle;
}

/* Of `minutes` driven earliest first over `days` days, those of the first. */
static int64_t first_day(const tour_problem *p, int32_t minutes, int64_t days)
{
    return days <= 1 || minutes < p->limits.drive_free_day ? minutes : p->limits.drive_free_day;
}

static void add_legs(const tour_problem *p, const visit *v, size_t n, tour_terms *t)
{
    if (p->start != TOUR_NONE) {
        tour_leg leg = tour_between(p, p->start, v[0].market);
        int64_t days = days_of(p, leg.minutes);
        add_leg(p, p->start, v[0].market, leg, days - 1, days - 1, 0, t);
    }
    for (size_t i = 1; i < n; i++) {
        tour_leg leg = tour_between(p, v[i - 1].market, v[i].market);
        int64_t gap = v[i].day > v[i - 1].day ? v[i].day - v[i - 1].day : 1;
        int64_t late = v[i - 1].show ? first_day(p, leg.minutes, gap) : 0;
        add_leg(p, v[i - 1].market, v[i].market, leg, gap, gap - 1, late, t);
    }
    if (p->end != TOUR_NONE) {
        tour_leg leg = tour_between(p, v[n - 1].market, p->end);
        int64_t days = days_of(p, leg.minutes);
        int64_t late = v[n - 1].show ? first_day(p, leg.minutes, days) : 0;
        add_leg(p, v[n - 1].market, p->end, leg, days, days - 1, late, t);
    }
}

static int64_t apart(const tour_slot *s, const tour_slot *t)
{
    return s->day < t->day ? t->day - s->day : s->day - t->day;
}

static int64_t overlap_of(const tour_problem *p, const tour_slot *s, const tour_slot *t, int32_t share)
{
    int64_t days = apart(s, t), draw = s->draw < t->draw ? s->draw : t->draw;
    return draw * share / 10000 * p->fade[days < TOUR_DAYS_MOST ? days : TOUR_DAYS_MOST - 1] / 10000;
}

/* Shows in chains by market, so that an overlap costs a look at its two markets, not at all pairs. */
static int64_t overlaps_of(const tour_problem *p, const tour_slot *const *show, size_t n)
{
    int64_t sum = 0;
    size_t *head = MEM_ARRAY(size_t, p->nmarkets + 1),
           *next = MEM_ARRAY(size_t, n + 1); /* 0 = none, else 1 + position */
    for (size_t i = 0; i < n; i++) {
        next[i] = head[show[i]->market];
        head[show[i]->market] = i + 1;
        for (size_t j = next[i]; j; j = next[j - 1])
            sum += overlap_of(p, show[i], show[j - 1], 10000);
    }
    for (size_t k = 0; k < p->noverlaps; k++) {
        const tour_overlap *o = &p->overlaps[k];
        for (size_t i = head[o->a]; i; i = next[i - 1])
            for (size_t j = head[o->b]; j; j = next[j - 1])
                sum += overlap_of(p, show[i - 1], show[j - 1], o->share);
    }
    free(head);
    free(next);
    return sum;
}

static bool touches(const tour_problem *p, const tour_clause *c, const tour_slot *s, const tour_slot *t)
{
    int32_t days = t->day - s->day;
    const tour_venue *v = &p->venues[s->venue], *w = &p->venues[t->venue];
    return c->venue == s->venue && days >= -c->days_before && days <= c->days_after &&
           tour_metres(v->latitude, v->longitude, w->latitude, w->longitude) <= c->metres;
}

/* The warning clauses of the plan's own venues: few, of perhaps thousands. */
static size_t own_warnings(const tour_problem *p, const tour_slot *const *show, size_t n, size_t **ret)
{
    bool *in = MEM_ARRAY(bool, p->nvenues + 1);
    size_t found = 0, cap = 0;
    *ret = NULL;
    for (size_t i = 0; i < n; i++)
        in[show[i]->venue] = true;
    for (size_t k = 0; k < p->nclauses; k++)
        if (!p->clauses[k].forbid && in[p->clauses[k].venue]) {
            MEM_ROOM(*ret, found, cap);
            (*ret)[found++] = k;
        }
    free(in);
    return found;
}

static int64_t warnings_of(const tour_problem *p, const tour_slot *const *show, size_t n)
{
    size_t *clauses;
    size_t nclauses = own_warnings(p, show, n, &clauses);
    int64_t pairs = 0;
    for (size_t i = 0; i < n && nclauses; i++)
        for (size_t j = i + 1; j < n; j++)
            for (size_t k = 0; k < nclauses; k++) {
                const tour_clause *c = &p->clauses[clauses[k]];
                if (touches(p, c, show[i], show[j]) || touches(p, c, show[j], show[i])) {
                    pairs++;
                    break;
                }
            }
    free(clauses);
    return pairs * p->prices.warn_cost;
}

static int64_t change_of(const tour_problem *p, const tour_slot *const *show, size_t n)
{
    int64_t sum = 0;
    for (size_t k = 0; k < p->nkeep; k++) {
        bool same = false, other = false;
        for (size_t i = 0; i < n; i++)
            if (show[i]->market == p->keep[k].market) {
                same |= show[i]->day == p->keep[k].day;
                other |= show[i]->day != p->keep[k].day;
            }
        if (!same)
            sum += other ? p->prices.change / 2 : p->prices.change;
    }
    return sum;
}

void tour_measure(const tour_problem *p, const int32_t *stops, size_t n, tour_terms *ret)
{
    tour_terms t = {0};
    visit *v = MEM_ARRAY(visit, n + 1);
    const tour_slot **show = MEM_ARRAY(const tour_slot *, n + 1);
    size_t visits = 0, shows = 0;
    for (size_t i = 0; i < n; i++) {
        if (stops[i] < 0 || (size_t)stops[i] >= p->nslots)
            continue;
        const tour_slot *s = &p->slots[stops[i]];
        v[visits++] = (visit){s->market, s->day, !s->appearance};
        if (s->appearance)
            continue;
        show[shows++] = s;
        t.worth += tour_worth(p, s);
        t.costs += s->cost;
    }
    if (visits)
        add_legs(p, v, visits, &t);
    t.costs += t.legs;
    t.shows = (int32_t)shows;
    t.overlap = overlaps_of(p, show, shows);
    t.warn = warnings_of(p, show, shows);
    t.change = change_of(p, show, shows);
    t.total = t.worth - t.legs - t.late + t.rest - t.overlap - t.warn - t.change;
    free(v);
    free(show);
    *ret = t;
}
