/* enumerate: every plan of a small problem, depth first by day, with a bound: the oracle that the solver is held to.
 *
 * A list of stops is built from the left. Once a stop stands on day j everything up to j is settled (driving, free days, windows of 7
 * that end by j), so each rule is judged at the moment it is settled and never again. The bound adds, to what the list is worth so
 * far, the best that the days and the markets left could still bring, each less the cheapest leg there is to it.
 *
 * Rules and amounts are worked out here anew, from tour.h, and not shared with the solver, the measure or the verifier. */
#include "base/mem.h"
#include "tour/private.h"
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MOST = 3000, FORBIDS = 1, WARNS = 2 };

typedef struct walker {
    const tour_problem *p;
    int64_t nodes, nodes_most;
    bool first_will_do, found, out_of_nodes;
    /* the choices: slots that are not blocked, by day */
    int32_t *choice; /* [n] slot numbers */
    size_t n;
    size_t from[TOUR_DAYS_MOST + 1]; /* [day] the first choice of that day or later */
    int32_t anchor[TOUR_DAYS_MOST];  /* [day] the appearance's slot, or TOUR_NONE */
    uint8_t *pair;                   /* [n * n] what clauses say of two choices; filled for shows only */
    tour_leg *legs;                  /* [nmarkets * nmarkets], NULL where that would be many */
    int64_t *later_days;             /* [days + 1] bound: what the days from here on bring at best */
    int64_t *later_market; /* [market * (days + 1) + day] bound: what a market brings at best from here on */
    int32_t *busy;         /* markets that have a choice */
    size_t nbusy;
    int64_t rest_each; /* what an idle day can bring at best */
    /* the list so far */
    size_t at[TOUR_DAYS_MOST]; /* choices */
    size_t len;
    int32_t *times; /* [market] shows there */
    int32_t driven[TOUR_DAYS_MOST];
    bool stop[TOUR_DAYS_MOST], show[TOUR_DAYS_MOST];
    int32_t shows;
    int64_t worth, costs; /* worth: all but the change, of what is settled */
    int64_t best;
    size_t best_at[TOUR_DAYS_MOST], best_len;
} walker;

static const tour_slot *slot_of(const walker *w, size_t choice)
{
    return &w->p->slots[w->choice[choice]];
}

static tour_leg leg_of(const walker *w, int32_t a, int32_t b)
{
    return w->legs ? w->legs[(size_t)a * w->p->nmarkets + (size_t)b] : tour_between(w->p, a, b);
}

/* ---- tables ---- */

static uint8_t clause_says(const walker *w, const tour_clause *c, const tour_slot *s, const tour_slot *t)
{
    int32_t days = t->day - s->day;
    const tour_venue *a = &w->p->venues[s->venue], *b = &w->p->venues[t->venue];
    if (c->venue != s->venue || days > c->days_after || -days > c->days_before ||
        tour_metres(a->latitude, a->longitude, b->latitude, b->longitude) > c->metres)
        return 0;
    return c->forbid ? FORBIDS : WARNS;
}

static void fill_pairs(walker *w)
{
    w->pair = mem_new(w->n * w->n + 1, 1);
    for (size_t k = 0; k < w->p->nclauses; k++)
        for (size_t i = 0; i < w->n; i++) {
            if (slot_of(w, i)->venue != w->p->clauses[k].venue)
                continue;
            for (size_t j = 0; j < w->n; j++)
                if (i != j && !slot_of(w, j)->appearance) {
                    uint8_t says = clause_says(w, &w->p->clauses[k], slot_of(w, i), slot_of(w, j));
                    w->pair[i * w->n + j] |= says;
                    w->pair[j * w->n + i] |= says;
                }
        }
}

static bool fill_choices(walker *w)
{
    const tour_problem *p = w->p;
    size_t n = 0;
    for (size_t i = 0; i < p->nslots; i++)
        n += p->slots[i].state != SLOT_BLOCKED;
    if (n > CHOICES_MOST)
        return false;
    w->choice = MEM_ARRAY(int32_t, n + 1);
    for (int16_t day = 0; day < p->days; day++) {
        w->anchor[day] = TOUR_NONE;
        w->from[day] = w->n;
        for (size_t i = 0; i < p->nslots; i++) {
            if (p->slots[i].day != day || p->slots[i].state == SLOT_BLOCKED)
                continue;
            w->choice[w->n++] = (int32_t)i;
            if (p->slots[i].appearance)
                w->anchor[day] = (int32_t)i;
        }
    }
    w->from[p->days] = w->n;
    return true;
}

static int64_t leg_cost(const walker *w, tour_leg leg, int64_t nights, int64_t idle)
{
    const tour_prices *m = &w->p->prices;
    return leg.metres * m->per_km / 1000 + leg.minutes * m->per_hour / 60 + nights * m->per_night +
           idle * m->per_idle;
}

static int64_t slot_worth(const walker *w, const tour_slot *s)
{
    if (s->appearance)
        return 0;
    return s->chance * s->net / 10000 - s->soft - w->p->prices.aversion * s->risk / 10000;
}

/* What a choice brings at best as a later stop: it has a leg of at least a night, and of the nearest place's length where the same
 * market cannot be played twice in a row. */
static int64_t worth_at_best(const walker *w, const tour_slot *s)
{
    int64_t least = w->p->limits.market_times == 1 ? INT64_MAX : 0;
    for (size_t k = 0; k < w->nbusy && least > 0; k++)
        if (w->busy[k] != s->market) {
            int64_t cost = leg_cost(w, leg_of(w, w->busy[k], s->market), 0, 0);
            least = cost < least ? cost : least;
        }
    for (int day = 0; day < w->p->days; day++) /* an appearance may be in the same place */
        if (w->anchor[day] != TOUR_NONE)
            least = 0;
    if (least == INT64_MAX)
        least = 0;
    int64_t worth = slot_worth(w, s) - least - w->p->prices.per_night;
    return worth > 0 ? worth : 0;
}

static void fill_bounds(walker *w)
{
    size_t days = (size_t)w->p->days, width = days + 1;
    w->busy = MEM_ARRAY(int32_t, w->p->nmarkets + 1);
    bool *seen = MEM_ARRAY(bool, w->p->nmarkets + 1);
    for (size_t i = 0; i < w->n; i++)
        if (!slot_of(w, i)->appearance && !seen[slot_of(w, i)->market]) {
            seen[slot_of(w, i)->market] = true;
            w->busy[w->nbusy++] = slot_of(w, i)->market;
        }
    free(seen);
    w->later_days = MEM_ARRAY(int64_t, width);
    w->later_market = MEM_ARRAY(int64_t, w->p->nmarkets * width + 1);
    for (size_t day = days; day-- > 0;) {
        int64_t best = 0;
        for (size_t k = 0; k < w->nbusy; k++) {
            int64_t *row = w->later_market + (size_t)w->busy[k] * width;
            row[day] = row[day + 1];
        }
        for (size_t i = w->from[day]; i < w->from[day + 1]; i++) {
            const tour_slot *s = slot_of(w, i);
            int64_t worth = worth_at_best(w, s), *row = w->later_market + (size_t)s->market * width;
            best = worth > best ? worth : best;
            row[day] = worth > row[day] ? worth : row[day];
        }
        w->later_days[day] = w->later_days[day + 1] + best;
    }
    for (size_t i = 0; i < w->p->nmarkets; i++)
        if (w->p->markets[i].rest)
            w->rest_each = w->p->prices.rest_bonus;
}

static int64_t at_best(const walker *w, size_t day)
{
    int64_t by_day = w->later_days[day], by_market = 0, most = w->p->limits.market_times;
    if (most > 0)
        for (size_t k = 0; k < w->nbusy; k++)
            by_market += (most - w->times[w->busy[k]]) *
                         w->later_market[(size_t)w->busy[k] * ((size_t)w->p->days + 1) + day];
    int64_t more = most > 0 && by_market < by_day ? by_market : by_day;
    /* Idle days to come: those after the last stop, and on the way home no more than the window has. */
    int64_t last = slot_of(w, w->at[w->len - 1])->day;
    return w->worth + more + w->rest_each * 2 * (w->p->days - last);
}

/* ---- one step ---- */

static void spread(walker *w, int64_t from, int64_t until, int64_t minutes)
{
    int64_t each = w->p->limits.drive_free_day;
    for (int64_t d = from; d <= until && d < w->p->days; d++) {
        int64_t now = d < until && minutes > each ? each : minutes;
        w->driven[d] = (int32_t)now;
        minutes -= now;
    }
}

static int64_t days_needed(const walker *w, int32_t minutes)
{
    const tour_limits *l = &w->p->limits;
    int64_t days = 1;
    if (l->drive_show_day)
        for (int64_t can = l->drive_show_day; can < minutes; can += l->drive_free_day)
            days++;
    return days;
}

/* Windows of 7 that end on a day from `from` to `until`, all of it settled. */
static bool sevens_good(const walker *w, int64_t from, int64_t until)
{
    const tour_limits *l = &w->p->limits;
    for (int64_t e = from < 6 ? 6 : from; e <= until; e++) {
        int64_t shows = 0, minutes = 0, free_days = 0;
        for (int64_t d = e - 6; d <= e; d++) {
            shows += w->show[d];
            minutes += w->driven[d];
            free_days += !w->stop[d] && w->driven[d] <= l->free_drive;
        }
        if ((l->shows_7 && shows > l->shows_7) || (l->drive_7 && minutes > l->drive_7) ||
            (l->free_7 && free_days < l->free_7))
            return false;
    }
    return true;
}

static int32_t share_of(const walker *w, int32_t a, int32_t b)
{
    if (a == b)
        return 10000;
    for (size_t k = 0; k < w->p->noverlaps; k++) {
        const tour_overlap *o = &w->p->overlaps[k];
        if ((o->a == a && o->b == b) || (o->a == b && o->b == a))
            return o->share;
    }
    return 0;
}

/* Against the shows before: market, cooldown, clauses (false: one forbids), and what overlap and warnings take. */
static bool meet_others(walker *w, size_t choice)
{
    const tour_slot *s = slot_of(w, choice);
    const tour_limits *l = &w->p->limits;
    if (l->market_times && w->times[s->market] >= l->market_times)
        return false;
    for (size_t i = 0; i < w->len; i++) {
        const tour_slot *t = slot_of(w, w->at[i]);
        if (t->appearance)
            continue;
        int64_t days = s->day - t->day;
        uint8_t says = w->pair[choice * w->n + w->at[i]];
        if ((s->market == t->market && days < l->market_cooldown) || (says & FORBIDS))
            return false;
        if (says & WARNS)
            w->worth -= w->p->prices.warn_cost;
        int64_t draw = s->draw < t->draw ? s->draw : t->draw;
        if (draw && w->p->fade[days])
            w->worth -= draw * share_of(w, s->market, t->market) / 10000 * w->p->fade[days] / 10000;
    }
    return true;
}

/* The way here from the stop before or from the start. */
static bool drive_there(walker *w, const tour_slot *s)
{
    const tour_prices *m = &w->p->prices;
    const tour_limits *l = &w->p->limits;
    const tour_slot *last = w->len ? slot_of(w, w->at[w->len - 1]) : NULL;
    if (!last && w->p->start == TOUR_NONE)
        return true;
    int32_t from = last ? last->market : w->p->start;
    tour_leg leg = leg_of(w, from, s->market);
    int64_t gap, nights, idle;
    if (last) {
        gap = nights = s->day - last->day;
        idle = gap - 1;
        if (l->drive_show_day && leg.minutes > l->drive_show_day + idle * l->drive_free_day)
            return false;
    } else {
        gap = days_needed(w, leg.minutes);
        nights = idle = gap - 1;
        if (gap > s->day + 1)
            return false;
    }
    spread(w, s->day - gap + 1, s->day, leg.minutes);
    int64_t cost = leg_cost(w, leg, nights, idle);
    w->costs += cost;
    w->worth -= cost;
    if (w->p->markets[from].rest || w->p->markets[s->market].rest)
        w->worth += m->rest_bonus * idle;
    if (last && !last->appearance && w->driven[last->day + 1] > m->late_after)
        w->worth -= m->late_per_hour * (w->driven[last->day + 1] - m->late_after) / 60;
    return true;
}

static bool run_good(const walker *w, int64_t day)
{
    int64_t run = 0;
    while (day >= 0 && w->show[day]) {
        run++;
        day--;
    }
    return run <= w->p->limits.run_days;
}

static bool anchors_skipped(const walker *w, int64_t from, int64_t until)
{
    for (int64_t d = from; d < until; d++)
        if (w->anchor[d] != TOUR_NONE)
            return true;
    return false;
}

static bool pin_met(const walker *w, const tour_pin *n)
{
    for (size_t i = 0; i < w->len; i++) {
        const tour_slot *s = slot_of(w, w->at[i]);
        if (!s->appearance && s->market == n->market && (n->venue == TOUR_NONE || n->venue == s->venue) &&
            (n->day == TOUR_NONE || n->day == s->day))
            return true;
    }
    return false;
}

/* Pins of days up to `day` are settled. */
static bool pins_good(const walker *w, int64_t day)
{
    for (size_t k = 0; k < w->p->npins; k++)
        if (w->p->pins[k].day <= day && (w->p->pins[k].day != TOUR_NONE || day >= w->p->days) &&
            !pin_met(w, &w->p->pins[k]))
            return false;
    return true;
}

static int64_t last_day(const walker *w)
{
    return w->len ? slot_of(w, w->at[w->len - 1])->day : -1;
}

/* Adds a stop; false when a rule that is settled by it is broken (the caller takes it back all the same). */
static bool push(walker *w, size_t choice)
{
    const tour_slot *s = slot_of(w, choice);
    const tour_limits *l = &w->p->limits;
    int64_t before = last_day(w);
    bool good = !anchors_skipped(w, before + 1, s->day) && (w->anchor[s->day] == TOUR_NONE || s->appearance);
    good = good && drive_there(w, s) && (s->appearance || meet_others(w, choice));
    w->at[w->len++] = choice;
    w->stop[s->day] = true;
    if (!s->appearance) {
        w->show[s->day] = true;
        w->times[s->market]++;
        w->shows++;
        w->worth += slot_worth(w, s);
        w->costs += s->cost;
    }
    return good && run_good(w, s->day) && sevens_good(w, before + 1, s->day) && pins_good(w, s->day) &&
           (!l->shows_max || w->shows <= l->shows_max) && (!l->budget || w->costs <= l->budget);
}

static void pop(walker *w, int64_t worth, int64_t costs)
{
    const tour_slot *s = slot_of(w, w->at[--w->len]);
    w->stop[s->day] = w->show[s->day] = false;
    if (!s->appearance) {
        w->times[s->market]--;
        w->shows--;
    }
    for (int64_t d = last_day(w) + 1; d <= s->day; d++)
        w->driven[d] = 0;
    w->worth = worth;
    w->costs = costs;
}

static int64_t change_of(const walker *w)
{
    int64_t sum = 0;
    for (size_t k = 0; k < w->p->nkeep; k++) {
        int64_t lost = w->p->prices.change;
        for (size_t i = 0; i < w->len; i++) {
            const tour_slot *s = slot_of(w, w->at[i]);
            if (s->appearance || s->market != w->p->keep[k].market)
                continue;
            int64_t here = s->day == w->p->keep[k].day ? 0 : w->p->prices.change / 2;
            lost = here < lost ? here : lost;
        }
        sum += lost;
    }
    return sum;
}

/* The way home, and what is settled only at the end. */
static bool end_good(walker *w, int64_t *ret_total)
{
    const tour_limits *l = &w->p->limits;
    int64_t worth = w->worth, costs = w->costs, last = last_day(w);
    if (w->len && w->p->end != TOUR_NONE) {
        const tour_slot *s = slot_of(w, w->at[w->len - 1]);
        tour_leg leg = leg_of(w, s->market, w->p->end);
        int64_t takes = days_needed(w, leg.minutes), late = leg.minutes;
        if (last + takes > w->p->days)
            return false;
        spread(w, last + 1, last + takes, leg.minutes);
        int64_t cost = leg_cost(w, leg, takes, takes - 1);
        worth -= cost;
        costs += cost;
        if (takes > 1 && late > l->drive_free_day)
            late = l->drive_free_day;
        if (!s->appearance && late > w->p->prices.late_after)
            worth -= w->p->prices.late_per_hour * (late - w->p->prices.late_after) / 60;
        if (w->p->markets[s->market].rest || w->p->markets[w->p->end].rest)
            worth += w->p->prices.rest_bonus * (takes - 1);
    }
    bool good = sevens_good(w, last + 1, w->p->days - 1) && !anchors_skipped(w, last + 1, w->p->days) &&
                pins_good(w, w->p->days) && w->shows >= l->shows_min &&
                (!l->shows_max || w->shows <= l->shows_max) && (!l->budget || costs <= l->budget);
    for (int64_t d = last + 1; d < w->p->days; d++)
        w->driven[d] = 0;
    *ret_total = worth - change_of(w);
    return good;
}

static void walk(walker *w)
{
    if (w->nodes >= w->nodes_most) {
        w->out_of_nodes = true;
        return;
    }
    w->nodes++;
    int64_t total, worth = w->worth, costs = w->costs, next = last_day(w) + 1;
    if (end_good(w, &total) && (!w->found || total > w->best)) {
        w->found = true;
        w->best = total;
        w->best_len = w->len;
        memcpy(w->best_at, w->at, w->len * sizeof *w->at);
    }
    for (int64_t day = next; day < w->p->days; day++) {
        if (w->found && (w->first_will_do || (w->len && at_best(w, (size_t)day) <= w->best)))
            return; /* a first stop has no leg from another: the bound is for later ones */
        if (w->shows + w->p->days - day < w->p->limits.shows_min || anchors_skipped(w, next, day))
            return;
        for (size_t i = w->from[day]; i < w->from[day + 1] && !w->out_of_nodes; i++) {
            if (push(w, i))
                walk(w);
            pop(w, worth, costs);
        }
    }
}

/* ---- doors ---- */

static bool walker_init(walker *w, const tour_problem *p, int64_t nodes)
{
    *w = (walker){.p = p, .nodes_most = nodes};
    if (!fill_choices(w))
        return false;
    if (p->nmarkets <= 256) {
        w->legs = MEM_ARRAY(tour_leg, p->nmarkets * p->nmarkets + 1);
        for (size_t a = 0; a < p->nmarkets; a++)
            for (size_t b = 0; b < p->nmarkets; b++)
                w->legs[a * p->nmarkets + b] = tour_between(p, (int32_t)a, (int32_t)b);
    }
    w->times = MEM_ARRAY(int32_t, p->nmarkets + 1);
    fill_pairs(w);
    fill_bounds(w);
    return true;
}

static void walker_done(walker *w)
{
    free(w->choice);
    free(w->pair);
    free(w->legs);
    free(w->later_days);
    free(w->later_market);
    free(w->busy);
    free(w->times);
    free(w);
}

static void hand_out(const walker *w, tour_plan *ret)
{
    *ret = (tour_plan){.stops = MEM_ARRAY(int32_t, w->best_len + 1),
                       .n = w->best_len,
                       .total = w->best,
                       .iterations = w->nodes,
                       .complete = !w->out_of_nodes};
    for (size_t i = 0; i < w->best_len; i++)
        ret->stops[i] = w->choice[w->best_at[i]];
}

bool tour_enumerate(const tour_problem *p, int64_t nodes, tour_plan *ret, err *e)
{
    walker *w = MEM_NEW(walker);
    bool ok = walker_init(w, p, nodes);
    if (ok)
        walk(w);
    if (!ok || w->out_of_nodes)
        ok = err_set(e, ERR_TIMEOUT, "there are more plans than %lld nodes can look at", (long long)nodes);
    else if (!w->found)
        ok = err_set(e, ERR_MISSING, "no plan keeps every rule");
    else
        hand_out(w, ret);
    walker_done(w);
    return ok;
}

find_answer tour_find(const tour_problem *p, int64_t nodes, tour_plan *ret)
{
    walker *w = MEM_NEW(walker);
    find_answer answer = FIND_UNKNOWN;
    if (walker_init(w, p, nodes)) {
        w->first_will_do = true;
        walk(w);
        answer = w->found ? FIND_YES : w->out_of_nodes ? FIND_UNKNOWN : FIND_NO;
        if (w->found)
            hand_out(w, ret);
    }
    walker_done(w);
    return answer;
}

bool tour_enumerate_takes(const tour_problem *p, const int32_t *stops, size_t n, int64_t *ret_total)
{
    walker *w = MEM_NEW(walker);
    bool good = walker_init(w, p, 1) && n <= TOUR_DAYS_MOST;
    for (size_t i = 0; i < n && good; i++) {
        size_t k = 0;
        while (k < w->n && w->choice[k] != stops[i])
            k++;
        good = k < w->n && slot_of(w, k)->day > last_day(w) && push(w, k);
    }
    good = good && end_good(w, ret_total);
    walker_done(w);
    return good;
}
