/* A plan in words: each stop with its room, fans, tickets and money, each leg with its headroom, each day with what it is, and the
 * sentences that a manager wants to have read before anything is signed. */
#include "plan/private.h"
#include "plan/spread.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { SOON_DAYS = 7 };

typedef struct describing {
    const plan_input *in;
    const tour_problem *p;
    const tour_plan *t;
    plan_doc *d;
    demand_estimate *estimates; /* [stop] */
    size_t capconflicts;
} describing;

static void conflict(describing *g, char *sentence)
{
    plan_doc *d = g->d;
    MEM_ROOM(d->conflicts, d->nconflicts, g->capconflicts);
    d->conflicts[d->nconflicts++] = sentence;
}

/* ---- stops ---- */

static void describe_place(describing *g, const tour_slot *s, plan_stop *ret)
{
    const plan_market *m = &g->in->markets[s->market];
    city_place at = cities_at(g->in->places, m->place);
    plan_city_id(g->in->places, m->place, ret->city_id);
    ret->city = mem_str(at.name);
    ret->region = mem_str(at.admin1_name ? at.admin1_name : "");
    ret->country = mem_str(at.country ? at.country : "");
    ret->latitude = at.latitude;
    ret->longitude = at.longitude;
}

static void describe_room(describing *g, const tour_slot *s, plan_stop *ret)
{
    const tour_venue *v = &g->p->venues[s->venue];
    int32_t row = g->in->venue_row[s->venue];
    ret->capacity = v->capacity;
    ret->latitude = v->latitude;
    ret->longitude = v->longitude;
    if (row == TOUR_NONE)
        return;
    text_copy(ret->venue_id, sizeof ret->venue_id, g->in->data.venues[row].id);
    ret->venue = mem_str(g->in->data.venues[row].name);
}

static void describe_demand(describing *g, const demand_estimate *e, const tour_slot *s, plan_stop *ret)
{
    ret->low = s->low;
    ret->mid = s->mid;
    ret->high = s->high;
    ret->sells_out = (int32_t)(demand_sells_out(e, ret->capacity) * 10000 + 0.5);
    ret->shows = e->shows;
    ret->buyers = demand_public(e->buyers) ? e->buyers : 0;
    ret->fans = demand_public(e->fans) ? e->fans : 0;
    ret->raw = e->raw;
    ret->shrunk = e->mean;
    (void)g;
}

static void describe_booking(describing *g, const slot_more *m, plan_stop *ret)
{
    if (m->avail == TOUR_NONE)
        return;
    const plan_avail *a = &g->in->data.avails[m->avail];
    text_copy(ret->booking_id, sizeof ret->booking_id, a->booking_id);
    ret->expires_us = a->expires_us;
    ret->challenged = a->challenged;
}

static bool is_pinned(const describing *g, const tour_slot *s)
{
    for (size_t i = 0; i < g->in->request.npins; i++) {
        const tour_pin *pin = &g->p->pins[i];
        if (pin->market == s->market && (pin->day == TOUR_NONE || pin->day == s->day) &&
            (pin->venue == TOUR_NONE || pin->venue == s->venue))
            return true;
    }
    return false;
}

static void describe_stop(describing *g, size_t i)
{
    int32_t slot = g->t->stops[i];
    const tour_slot *s = &g->p->slots[slot];
    const slot_more *m = &g->in->more[slot];
    plan_stop *ret = &g->d->stops[i];
    ret->slot = slot;
    ret->day = g->in->data.from + s->day;
    ret->appearance = s->appearance;
    ret->chance = s->chance;
    ret->raw = -1;
    describe_place(g, s, ret);
    if (s->appearance) {
        ret->note = mem_str(g->in->data.anchors[m->a].what);
        return;
    }
    demand_estimate_at(g->in->data.demand, 0, (int32_t)g->in->markets[s->market].place, ret->day,
                       &g->estimates[i]);
    describe_room(g, s, ret);
    describe_demand(g, &g->estimates[i], s, ret);
    describe_booking(g, m, ret);
    ret->state = (slot_state)s->state;
    ret->rank = s->rank;
    ret->gross = m->gross;
    ret->payout = m->payout;
    ret->net = s->net;
    ret->risk = s->risk;
    ret->pinned = is_pinned(g, s);
}

/* Fans within 60 miles of a stop that another stop of the tour serves too. */
static void share_fans(describing *g)
{
    const plan_data *data = &g->in->data;
    const double km = DEMAND_MILES * 1.609344;
    int64_t *shared = MEM_ARRAY(int64_t, g->t->n + 1);
    bool *near = MEM_ARRAY(bool, g->t->n + 1);
    for (size_t c = 0; c < data->ncells; c++) {
        const demand_cell *cell = &data->cells[c];
        int32_t fans = cell->followers > cell->buyers ? cell->followers : cell->buyers;
        size_t count = 0;
        for (size_t i = 0; i < g->t->n; i++) {
            size_t at = g->in->markets[g->p->slots[g->t->stops[i]].market].place;
            near[i] = !g->d->stops[i].appearance &&
                      sphere_km(data->latitudes[at], data->longitudes[at], data->latitudes[cell->city],
                                data->longitudes[cell->city]) <= km;
            count += near[i];
        }
        for (size_t i = 0; count > 1 && i < g->t->n; i++)
            shared[i] += near[i] ? fans : 0;
    }
    for (size_t i = 0; i < g->t->n; i++) {
        plan_stop *s = &g->d->stops[i];
        s->shared_fans = (int32_t)(shared[i] > s->fans ? s->fans : shared[i]);
    }
    free(shared);
    free(near);
}

/* ---- legs and days ---- */

static plan_leg leg_of(const describing *g, tour_leg l, int32_t days, int32_t nights)
{
    const tour_prices *x = &g->p->prices;
    const tour_limits *lim = &g->p->limits;
    plan_leg ret = {.minutes = l.minutes, .metres = l.metres, .days = days};
    ret.limit = lim->drive_show_day + (days > 1 ? (days - 1) * lim->drive_free_day : 0);
    ret.cost = (int64_t)l.metres * x->per_km / 1000 + (int64_t)l.minutes * x->per_hour / 60 +
               nights * x->per_night + (days - 1) * x->per_idle;
    return ret;
}

/* Days that a drive to or from home takes (tour.h: start and end legs). */
static int32_t home_days(const describing *g, int32_t minutes)
{
    const tour_limits *l = &g->p->limits;
    if (!l->drive_show_day || minutes <= l->drive_show_day)
        return 1;
    return 1 + (minutes - l->drive_show_day + l->drive_free_day - 1) / l->drive_free_day;
}

static void mark(plan_doc *d, int32_t day, plan_day as)
{
    if (day >= 0 && day < d->window && (d->days[day] == PLAN_OFF || d->days[day] == PLAN_HOME))
        d->days[day] = (uint8_t)as;
}

/* Days first .. last - 1 are driven as far as the minutes last, earliest first. */
static void mark_drive(const describing *g, int32_t first, int32_t last, int32_t minutes)
{
    for (int32_t day = first; day < last && minutes > 0; day++) {
        mark(g->d, day, PLAN_DRIVE);
        minutes -= g->p->limits.drive_free_day;
    }
}

static void describe_start(describing *g, const tour_slot *first)
{
    plan_doc *d = g->d;
    int32_t leaves = first->day;
    if (g->p->start != TOUR_NONE) {
        tour_leg l = tour_between(g->p, g->p->start, first->market);
        int32_t n = home_days(g, l.minutes);
        leaves = first->day - n + 1;
        d->stops[0].leg = leg_of(g, l, n, n - 1);
        mark_drive(g, leaves, first->day, l.minutes);
    }
    for (int32_t day = 0; g->p->start != TOUR_NONE && day < leaves; day++)
        mark(d, day, PLAN_HOME);
}

static void describe_end(describing *g, const tour_slot *last)
{
    plan_doc *d = g->d;
    if (g->p->end == TOUR_NONE)
        return;
    tour_leg l = tour_between(g->p, last->market, g->p->end);
    int32_t n = home_days(g, l.minutes);
    d->home = leg_of(g, l, n, n);
    for (int32_t day = last->day + 1; day <= last->day + n; day++)
        mark(d, day, l.minutes > 0 ? PLAN_DRIVE : PLAN_HOME);
    for (int32_t day = last->day + n + 1; day < d->window; day++)
        mark(d, day, PLAN_HOME);
}

static void describe_days(describing *g)
{
    plan_doc *d = g->d;
    const plan_data *data = &g->in->data;
    d->window = g->p->days;
    d->days = MEM_ARRAY(uint8_t, (size_t)d->window + 1);
    for (size_t i = 0; i < data->nblacks; i++)
        for (int32_t day = data->blacks[i].from;
             data->blacks[i].venue == TOUR_NONE && day <= data->blacks[i].until; day++)
            if (day >= data->from && day <= data->until)
                d->days[day - data->from] = PLAN_BLOCKED;
    for (size_t i = 0; i < g->t->n; i++) {
        const plan_stop *s = &d->stops[i];
        d->days[s->day - data->from] = (uint8_t)(s->appearance           ? PLAN_APPEARANCE
                                                 : s->state == SLOT_HELD ? PLAN_HELD
                                                                         : PLAN_SHOW);
    }
}

static void describe_legs(describing *g)
{
    for (size_t i = 1; i < g->t->n; i++) {
        const tour_slot *a = &g->p->slots[g->t->stops[i - 1]], *b = &g->p->slots[g->t->stops[i]];
        tour_leg l = tour_between(g->p, a->market, b->market);
        int32_t gap = b->day - a->day;
        g->d->stops[i].leg = leg_of(g, l, gap, gap);
        mark_drive(g, a->day + 1, b->day, l.minutes);
    }
    if (!g->t->n)
        return;
    describe_start(g, &g->p->slots[g->t->stops[0]]);
    describe_end(g, &g->p->slots[g->t->stops[g->t->n - 1]]);
}

/* ---- money ---- */

static void describe_money(describing *g)
{
    plan_doc *d = g->d;
    spread_show *shows = MEM_ARRAY(spread_show, g->t->n + 1);
    int64_t roads = d->home.cost;
    size_t n = 0;
    for (size_t i = 0; i < g->t->n; i++) {
        const slot_more *m = &g->in->more[g->t->stops[i]];
        roads += d->stops[i].leg.cost;
        if (!d->stops[i].appearance)
            shows[n++] = (spread_show){
                g->estimates[i], deal_of(g->in, m->avail == TOUR_NONE ? NULL : &g->in->data.avails[m->avail]),
                d->stops[i].capacity};
    }
    spread_of(shows, n, roads, &d->low, &d->mid, &d->high);
    plan_deal usual = deal_of(g->in, NULL);
    int64_t a_ticket = deal_payout(&usual, usual.price) + usual.merch_per_head;
    d->fixed_costs = roads + (int64_t)n * usual.show_cost;
    d->break_even =
        n && a_ticket > 0 ? (d->fixed_costs + (int64_t)n * a_ticket - 1) / ((int64_t)n * a_ticket) : 0;
    d->day_off = g->p->prices.per_idle + g->p->prices.per_night;
    free(shows);
}

/* ---- holds and their fallbacks ---- */

/* The best slot of the same market that could stand in for stop i with all else as it is; TOUR_NONE when none can. */
static int32_t best_fallback(const describing *g, size_t i)
{
    int32_t *stops = MEM_ARRAY(int32_t, g->t->n + 1), best = TOUR_NONE;
    const tour_slot *own = &g->p->slots[g->t->stops[i]];
    int32_t after = i ? g->p->slots[g->t->stops[i - 1]].day : -1;
    int32_t before = i + 1 < g->t->n ? g->p->slots[g->t->stops[i + 1]].day : g->p->days;
    int64_t most = INT64_MIN;
    memcpy(stops, g->t->stops, g->t->n * sizeof *stops);
    for (size_t v = 0; v < g->p->nvenues; v++)
        for (int32_t day = after + 1; g->p->venues[v].market == own->market && day < before; day++) {
            tour_broken broken;
            tour_terms terms;
            int32_t slot = slot_of(g->in, (int32_t)v, (int16_t)day);
            if (slot == TOUR_NONE || slot == g->t->stops[i] || g->p->slots[slot].state == SLOT_BLOCKED)
                continue;
            stops[i] = slot;
            if (tour_verify(g->p, stops, g->t->n, &broken) != TOUR_OK)
                continue;
            tour_measure(g->p, stops, g->t->n, &terms);
            if (terms.total > most) {
                most = terms.total;
                best = slot;
            }
        }
    free(stops);
    return best;
}

static const char *room_name(const plan_input *in, int32_t slot)
{
    int32_t row = in->venue_row[in->problem->slots[slot].venue];
    return row == TOUR_NONE ? "another room" : in->data.venues[row].name;
}

static void describe_hold(describing *g, size_t i)
{
    plan_stop *s = &g->d->stops[i];
    bool soon = s->expires_us && s->expires_us < g->in->data.read_at + SOON_DAYS * US_A_DAY;
    char date[32], ends[32];
    buf note;
    if (s->state != SLOT_HELD)
        return;
    buf_init(&note);
    buf_printf(&note, "hold %d", s->rank);
    if (s->expires_us) {
        word_date((int32_t)(s->expires_us / US_A_DAY), ends);
        buf_printf(&note, " ends on %s", ends);
    }
    if (s->challenged)
        buf_str(&note, s->expires_us ? " and is challenged" : " is challenged");
    if (soon || s->challenged || s->rank > 1) {
        int32_t slot = best_fallback(g, i);
        if (slot != TOUR_NONE) {
            word_day(g->in->data.from + g->p->slots[slot].day, date);
            s->fallback = mem_printf("%s on %s", room_name(g->in, slot), date);
        }
    }
    word_day(s->day, date);
    if (soon || s->challenged)
        conflict(g, mem_printf("%s on %s: %s; %s%s.", s->city, date, note.data,
                               s->fallback ? s->fallback : "there is no fallback",
                               s->fallback ? " is the ready fallback" : ""));
    s->note = buf_take(&note);
}

/* ---- radius clauses that only warn ---- */

static void describe_pair(describing *g, const tour_clause *k, const tour_slot *s, const tour_slot *o)
{
    const tour_venue *a = &g->p->venues[s->venue], *b = &g->p->venues[o->venue];
    int32_t apart = o->day - s->day;
    if (k->venue != s->venue || s == o || apart < -k->days_before || apart > k->days_after)
        return;
    if (tour_metres(a->latitude, a->longitude, b->latitude, b->longitude) > k->metres)
        return;
    char one[32], other[32];
    word_day(g->in->data.from + s->day, one);
    word_day(g->in->data.from + o->day, other);
    conflict(g, mem_printf("%s on %s is within %d miles and %d days of %s on %s, whose radius clause %s.",
                           g->in->markets[o->market].label, other, (int)(k->metres / 1609.344 + 0.5),
                           apart < 0 ? -apart : apart, g->in->markets[s->market].label, one,
                           k->forbid ? "forbids it" : "warns of it"));
}

static void describe_clauses(describing *g)
{
    for (size_t c = 0; c < g->p->nclauses; c++)
        for (size_t i = 0; i < g->t->n; i++)
            for (size_t k = 0; k < g->t->n; k++) {
                const tour_slot *s = &g->p->slots[g->t->stops[i]], *o = &g->p->slots[g->t->stops[k]];
                if (!s->appearance && !o->appearance)
                    describe_pair(g, &g->p->clauses[c], s, o);
            }
}

/* What was asked for and does not bind: a confirmed show is played, also in a city that is to be avoided. */
static void describe_avoided(describing *g)
{
    for (size_t i = 0; i < g->d->n; i++) {
        const plan_stop *s = &g->d->stops[i];
        char date[32];
        if (s->state != SLOT_CONFIRMED || s->appearance || !slot_avoided(g->in, g->t->stops[i]))
            continue;
        word_day(s->day, date);
        conflict(g, mem_printf("%s on %s is to be avoided, but it is confirmed: it stays.", s->city, date));
    }
}

static void describe_notes(describing *g)
{
    const plan_data *d = &g->in->data;
    if (d->until < d->today)
        conflict(g, mem_str("The window is over: only what was confirmed can be in it."));
    describe_avoided(g);
    for (size_t i = 0; i < g->in->data.nnotes; i++)
        conflict(g, mem_str(g->in->data.notes[i]));
}

/* ---- the whole ---- */

static char *place_label(const plan_input *in, int32_t market, double at[2])
{
    if (market == TOUR_NONE)
        return NULL;
    char label[160];
    city_place p = cities_at(in->places, in->markets[market].place);
    cities_label(in->places, in->markets[market].place, label);
    at[0] = p.latitude;
    at[1] = p.longitude;
    return mem_str(label);
}

static void describe_head(describing *g, double seconds)
{
    plan_doc *d = g->d;
    const plan_data *data = &g->in->data;
    text_copy(d->artist_id, sizeof d->artist_id, data->artist_id);
    d->artist = mem_str(data->artist);
    text_copy(d->currency, sizeof d->currency, data->currency);
    text_copy(d->source, sizeof d->source, data->source);
    d->read_us = data->read_at;
    d->request = g->in->request;
    d->start = place_label(g->in, g->p->start, d->start_at);
    d->end = place_label(g->in, g->p->end, d->end_at);
    d->iterations = g->t->iterations;
    d->seconds = seconds;
    d->complete = g->t->complete;
    tour_plan_copy(&d->plan, g->t);
    tour_measure(g->p, g->t->stops, g->t->n, &d->terms);
}

void plan_describe(const plan_input *in, const tour_plan *t, double seconds, plan_doc *ret)
{
    *ret = (plan_doc){0};
    describing g = {.in = in, .p = in->problem, .t = t, .d = ret};
    g.estimates = MEM_ARRAY(demand_estimate, t->n + 1);
    ret->stops = MEM_ARRAY(plan_stop, t->n + 1);
    ret->n = t->n;
    describe_head(&g, seconds);
    for (size_t i = 0; i < t->n; i++)
        describe_stop(&g, i);
    share_fans(&g);
    describe_days(&g);
    describe_legs(&g);
    describe_money(&g);
    for (size_t i = 0; i < t->n; i++)
        describe_hold(&g, i);
    describe_clauses(&g);
    describe_notes(&g);
    free(g.estimates);
}
