/* The tour problem of what was read: markets out of rooms, a slot for each room and day, what it is worth and why it is blocked.
 *
 * A market is where one drives to: the largest city with rooms takes in every city within market_km that no larger one took. The start, the end
 * and the places of anchors and pins are markets too, also without a room.
 *
 * Two markets overlap by the fans they share (demand_overlap), fading to nothing at follow_miles; a pair of shows in them takes that share of the
 * smaller one's expected tickets' money, and less the further apart the days are (straight to 0 at fade_days). */
#include "plan/private.h"

#include "base/mem.h"
#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double KM_A_MILE = 1.609344;
enum { PINS_ALL = PLAN_PINS_MOST + TOUR_DAYS_MOST, EXPIRES_SOON_DAYS = 7 };

/* ---- markets ---- */

typedef struct builder {
    plan_input *in;
    tour_problem *p;
    err *e;
    size_t *order; /* places that become markets, largest first */
    size_t norder, caporder;
    int32_t *market_at; /* [place] -> market, or TOUR_NONE */
    size_t capmarkets, capvenues, capclauses, capslots, capmore, capoverlaps, caplegs;
} builder;

static bool pinned_city(const plan_request *r, const char *id)
{
    for (size_t i = 0; i < r->npins; i++)
        if (strcmp(r->pins[i].city_id, id) == 0)
            return true;
    return false;
}

/* Is there a fan within reach? 0 = everything is. */
static bool within_reach(const plan_input *in, size_t place)
{
    const plan_data *d = &in->data;
    double km = in->request.reach_km;
    if (km <= 0)
        return true;
    for (size_t i = 0; i < d->ncells; i++)
        if (d->cells[i].followers + d->cells[i].buyers > 0) {
            size_t at = (size_t)d->cells[i].city;
            if (sphere_km(d->latitudes[place], d->longitudes[place], d->latitudes[at], d->longitudes[at]) <=
                km)
                return true;
        }
    return false;
}

static bool has_own_date(const plan_data *d, int32_t venue)
{
    for (size_t i = 0; i < d->navails; i++)
        if (d->avails[i].venue == venue && d->avails[i].mine)
            return true;
    return false;
}

static void want_place(builder *b, size_t place)
{
    if (place == SIZE_MAX || b->market_at[place] != TOUR_NONE)
        return;
    b->market_at[place] = 0; /* wanted; the number comes later */
    MEM_ROOM(b->order, b->norder, b->caporder);
    b->order[b->norder++] = place;
}

static void want_places(builder *b)
{
    const plan_data *d = &b->in->data;
    const plan_request *r = &b->in->request;
    for (size_t i = 0; i < d->nvenues; i++) {
        const plan_venue *v = &d->venues[i];
        if (b->market_at[v->place] == TOUR_NONE &&
            (within_reach(b->in, v->place) || pinned_city(r, v->city_id) || has_own_date(d, (int32_t)i)))
            want_place(b, v->place);
    }
    for (size_t i = 0; r->any_city && i < d->ncells; i++)
        if (d->cells[i].followers + d->cells[i].buyers >= DEMAND_CELL_LEAST)
            want_place(b, (size_t)d->cells[i].city);
    want_place(b, *r->start ? cities_by_id(b->in->places, r->start) : SIZE_MAX);
    want_place(b, *r->end ? cities_by_id(b->in->places, r->end) : SIZE_MAX);
    for (size_t i = 0; i < d->nanchors; i++)
        want_place(b, d->anchors[i].place);
    for (size_t i = 0; i < r->npins; i++)
        want_place(b, cities_by_id(b->in->places, r->pins[i].city_id));
}

typedef struct sized {
    int64_t population;
    size_t place;
} sized;

static int by_size(const void *a, const void *b)
{
    const sized *x = a, *y = b;
    if (x->population != y->population)
        return x->population > y->population ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void largest_first(builder *b)
{
    sized *all = MEM_ARRAY(sized, b->norder + 1);
    for (size_t i = 0; i < b->norder; i++) {
        all[i] = (sized){cities_at(b->in->places, b->order[i]).population, b->order[i]};
    }
    if (b->norder)
        qsort(all, b->norder, sizeof *all, by_size);
    for (size_t i = 0; i < b->norder; i++)
        b->order[i] = all[i].place;
    free(all);
}

static int32_t add_market(builder *b, size_t place)
{
    plan_input *in = b->in;
    tour_problem *p = b->p;
    city_place at = cities_at(in->places, place);
    size_t n = p->nmarkets;
    MEM_ROOM(p->markets, p->nmarkets, b->capmarkets);
    in->markets = mem_grow(in->markets, b->capmarkets, sizeof *in->markets);
    p->markets[n] = (tour_market){.latitude = at.latitude, .longitude = at.longitude};
    in->markets[n] = (plan_market){.place = place, .label = mem_str(at.name)};
    p->nmarkets = in->nmarkets = n + 1;
    return (int32_t)n;
}

/* Largest first: each either belongs to a market within reach of its middle, or is one. */
static void make_markets(builder *b)
{
    const plan_data *d = &b->in->data;
    double km = d->figures.market_km;
    largest_first(b);
    for (size_t i = 0; i < b->norder; i++) {
        size_t place = b->order[i];
        int32_t near = TOUR_NONE;
        double best = km;
        for (size_t m = 0; m < b->in->nmarkets; m++) {
            size_t at = b->in->markets[m].place;
            double far =
                sphere_km(d->latitudes[place], d->longitudes[place], d->latitudes[at], d->longitudes[at]);
            if (far <= best) {
                best = far;
                near = (int32_t)m;
            }
        }
        b->market_at[place] = near == TOUR_NONE ? add_market(b, place) : near;
    }
}

/* ---- rooms ---- */

static int32_t add_venue(builder *b, int32_t row, int32_t market, double latitude, double longitude,
                         int32_t capacity)
{
    tour_problem *p = b->p;
    plan_input *in = b->in;
    size_t n = p->nvenues;
    MEM_ROOM(p->venues, p->nvenues, b->capvenues);
    in->venue_row = mem_grow(in->venue_row, b->capvenues, sizeof *in->venue_row);
    p->venues[n] = (tour_venue){market, latitude, longitude, capacity};
    in->venue_row[n] = row;
    p->nvenues = n + 1;
    return (int32_t)n;
}

static void make_venues(builder *b)
{
    plan_input *in = b->in;
    const plan_data *d = &in->data;
    bool *has = MEM_ARRAY(bool, in->nmarkets + 1);
    in->row_venue = MEM_ARRAY(int32_t, d->nvenues + 1);
    for (size_t i = 0; i < d->nvenues; i++) {
        const plan_venue *v = &d->venues[i];
        int32_t market = b->market_at[v->place];
        in->row_venue[i] = TOUR_NONE;
        if (market == TOUR_NONE)
            continue;
        has[market] = true;
        in->row_venue[i] = add_venue(b, (int32_t)i, market, v->latitude, v->longitude, v->capacity);
    }
    for (size_t m = 0; in->request.any_city && m < in->nmarkets; m++)
        if (!has[m])
            (void)add_venue(b, TOUR_NONE, (int32_t)m, b->p->markets[m].latitude, b->p->markets[m].longitude,
                            0);
    free(has);
}

/* ---- slots ---- */

/* The dates of one room on one day: avails stand by room and day. */
static size_t avails_of(const plan_data *d, int32_t row, int32_t day, size_t *ret_n)
{
    size_t low = 0, high = d->navails;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const plan_avail *a = &d->avails[mid];
        if (a->venue < row || (a->venue == row && a->day < day))
            low = mid + 1;
        else
            high = mid;
    }
    size_t n = 0;
    while (low + n < d->navails && d->avails[low + n].venue == row && d->avails[low + n].day == day)
        n++;
    *ret_n = n;
    return low;
}

static bool avoided(const plan_input *in, int32_t market, int32_t row, int32_t day)
{
    const plan_request *r = &in->request;
    for (size_t i = 0; i < r->navoid; i++) {
        const plan_pin *a = &r->avoid[i];
        if (a->day != DAY_NONE && a->day != day)
            continue;
        if (*a->venue_id && (row == TOUR_NONE || strcmp(a->venue_id, in->data.venues[row].id) != 0))
            continue;
        if (market_of_city(in, a->city_id) == market)
            return true;
    }
    return false;
}

/* The confirmed show, outside the window or in it, whose clause forbids this room on this day. */
static int32_t rule_over(const plan_input *in, const tour_venue *v, int32_t day)
{
    const plan_data *d = &in->data;
    for (size_t i = 0; i < d->nrules; i++) {
        const plan_rule *k = &d->rules[i];
        if (k->day == DAY_NONE || k->tentative || !k->forbid || (k->day >= d->from && k->day <= d->until))
            continue;
        if (day < k->day - k->before || day > k->day + k->after)
            continue;
        if ((double)tour_metres(k->latitude, k->longitude, v->latitude, v->longitude) <=
            k->miles * KM_A_MILE * 1000)
            return (int32_t)i;
    }
    return TOUR_NONE;
}

static int32_t black_over(const plan_data *d, int32_t row, int32_t day)
{
    for (size_t i = 0; i < d->nblacks; i++) {
        const plan_black *k = &d->blacks[i];
        if ((k->venue == TOUR_NONE || k->venue == row) && day >= k->from && day <= k->until)
            return (int32_t)i;
    }
    return TOUR_NONE;
}

bool slot_avoided(const plan_input *in, int32_t slot)
{
    const tour_slot *s = &in->problem->slots[slot];
    return avoided(in, s->market, s->venue == TOUR_NONE ? TOUR_NONE : in->venue_row[s->venue],
                   in->data.from + s->day);
}

static void block(tour_slot *s, slot_more *m, why_kind why, int32_t of)
{
    s->state = SLOT_BLOCKED;
    s->chance = 0;
    s->rank = 0;
    s->why = (int32_t)why;
    m->why = (uint8_t)why;
    m->a = of;
}

/* A share in 1/10000 of what the figures say, within 0 .. 10000. */
static int32_t share(int32_t x)
{
    return x < 0 ? 0 : x > 10000 ? 10000 : x;
}

/* By who stands there: state, rank and chance. */
static void slot_standing(const plan_input *in, tour_slot *s, slot_more *m, int32_t row, int32_t day)
{
    const plan_data *d = &in->data;
    const plan_figures *f = &d->figures;
    size_t n = 0, at = row == TOUR_NONE ? 0 : avails_of(d, row, day, &n);
    int32_t taken = TOUR_NONE, others = 0;
    bool offer = false;
    m->avail = TOUR_NONE;
    for (size_t i = at; i < at + n; i++) {
        const plan_avail *a = &d->avails[i];
        if (a->mine && (m->avail == TOUR_NONE || a->kind > d->avails[m->avail].kind))
            m->avail = (int32_t)i;
        if (!a->mine && a->kind == AVAIL_CONFIRMED)
            taken = (int32_t)i;
        offer |= !a->mine && a->kind == AVAIL_OFFER;
        others += !a->mine && a->kind == AVAIL_HOLD;
    }
    const plan_avail *own = m->avail == TOUR_NONE ? NULL : &d->avails[m->avail];
    s->state = own ? (own->kind == AVAIL_CONFIRMED ? SLOT_CONFIRMED : SLOT_HELD) : SLOT_OPEN;
    if (own && own->kind == AVAIL_CONFIRMED) {
        s->chance = 10000;
    } else if (own) {
        s->rank = (uint8_t)(own->rank > 0 ? own->rank : 1); /* an offer stands first */
        s->chance = share(s->rank == 1 ? f->chance_first : s->rank == 2 ? f->chance_second : f->chance_later);
    } else {
        s->rank = (uint8_t)(others + offer > 99 ? 99 : others + offer);
        s->chance = share(others == 0 ? f->chance_open : others == 1 ? f->chance_open_1 : f->chance_open_2);
        if (offer)
            s->chance = share(f->chance_offer);
    }
    m->others = own ? s->rank - 1 : s->rank;
    if (taken != TOUR_NONE && s->state != SLOT_CONFIRMED)
        block(s, m, WHY_CONFIRMED, taken);
}

static void slot_rules(const plan_input *in, tour_slot *s, slot_more *m, int32_t row, int32_t day)
{
    int32_t of;
    if (s->state == SLOT_BLOCKED || s->state == SLOT_CONFIRMED)
        return; /* what is confirmed is played, whatever else says */
    if (day < in->data.today)
        block(s, m, WHY_PAST, 0);
    else if (avoided(in, s->market, row, day))
        block(s, m, WHY_AVOID, 0);
    else if ((of = black_over(&in->data, row, day)) != TOUR_NONE)
        block(s, m, WHY_BLACK, of);
    else if ((of = rule_over(in, &in->problem->venues[s->venue], day)) != TOUR_NONE)
        block(s, m, WHY_RULE, of);
}

static int32_t whole(double x)
{
    return x <= 0 ? 0 : x >= 2e9 ? 2000000000 : (int32_t)(x + 0.5);
}

static void slot_worth(const plan_input *in, tour_slot *s, slot_more *m, const demand_estimate *e,
                       int32_t day)
{
    const plan_data *d = &in->data;
    const plan_avail *own = m->avail == TOUR_NONE ? NULL : &d->avails[m->avail];
    plan_deal deal = deal_of(in, own);
    int32_t capacity = in->problem->venues[s->venue].capacity;
    deal_expect(&deal, e, capacity, &m->gross, &m->payout, &s->net, &s->risk);
    s->low = whole(capacity && e->low > capacity ? capacity : e->low);
    s->mid = whole(capacity && e->mid > capacity ? capacity : e->mid);
    s->high = whole(capacity && e->high > capacity ? capacity : e->high);
    s->cost = d->figures.show_cost;
    int64_t draw = m->payout + deal.merch_per_head * whole(demand_expected(e, capacity));
    s->draw = draw > 0 ? draw / 10000 * s->chance + draw % 10000 * s->chance / 10000 : 0;
    s->soft = d->figures.weekday[((day % 7) + 11) % 7];
    if (own && own->kind != AVAIL_CONFIRMED &&
        (own->challenged || (own->expires_us && own->expires_us < d->read_at + EXPIRES_SOON_DAYS * US_A_DAY)))
        s->soft += d->figures.hold_expiring;
}

static void push_slot(builder *b, const tour_slot *s, const slot_more *m)
{
    tour_problem *p = b->p;
    size_t n = p->nslots;
    MEM_ROOM(p->slots, p->nslots, b->capslots);
    b->in->more = mem_grow(b->in->more, b->capslots, sizeof *b->in->more);
    p->slots[n] = *s;
    b->in->more[n] = *m;
    p->nslots = n + 1;
}

/* A market's estimate by day; worked out where a slot of that day asks first. */
typedef struct day_estimate {
    bool known;
    demand_estimate e;
} day_estimate;

static void make_slots(builder *b)
{
    plan_input *in = b->in;
    tour_problem *p = b->p;
    day_estimate *known = MEM_ARRAY(day_estimate, in->nmarkets * (size_t)p->days + 1);
    for (size_t v = 0; v < p->nvenues; v++)
        for (int16_t t = 0; t < p->days; t++) {
            int32_t day = in->data.from + t, row = in->venue_row[v], market = p->venues[v].market;
            tour_slot s = {.venue = (int32_t)v, .market = market, .day = t};
            slot_more m = {.avail = TOUR_NONE};
            slot_standing(in, &s, &m, row, day);
            slot_rules(in, &s, &m, row, day);
            if (s.state != SLOT_BLOCKED) {
                day_estimate *k = &known[(size_t)market * (size_t)p->days + (size_t)t];
                if (!k->known)
                    demand_estimate_at(in->data.demand, 0, (int32_t)in->markets[market].place, day, &k->e);
                k->known = true;
                slot_worth(in, &s, &m, &k->e, day);
            }
            push_slot(b, &s, &m);
        }
    free(known);
}

static void make_anchors(builder *b)
{
    const plan_data *d = &b->in->data;
    for (size_t i = 0; i < d->nanchors; i++) {
        tour_slot s = {.venue = TOUR_NONE,
                       .market = b->market_at[d->anchors[i].place],
                       .day = (int16_t)(d->anchors[i].day - d->from),
                       .appearance = true,
                       .chance = 10000};
        slot_more m = {.avail = TOUR_NONE, .a = (int32_t)i};
        push_slot(b, &s, &m);
    }
}

/* ---- what binds ---- */

static void make_clauses(builder *b)
{
    const plan_data *d = &b->in->data;
    tour_problem *p = b->p;
    for (size_t i = 0; i < d->nrules; i++) {
        const plan_rule *k = &d->rules[i];
        if (k->venue == TOUR_NONE || b->in->row_venue[k->venue] == TOUR_NONE ||
            (k->day != DAY_NONE && (k->day < d->from || k->day > d->until)))
            continue;
        MEM_ROOM(p->clauses, p->nclauses, b->capclauses);
        p->clauses[p->nclauses++] = (tour_clause){.venue = b->in->row_venue[k->venue],
                                                  .metres = (int32_t)(k->miles * KM_A_MILE * 1000),
                                                  .days_before = k->before,
                                                  .days_after = k->after,
                                                  .forbid = k->forbid};
    }
}

static void add_pin(builder *b, const plan_pin *pin, int32_t market, int32_t venue)
{
    tour_problem *p = b->p;
    int32_t day = pin->day == DAY_NONE ? TOUR_NONE : pin->day - b->in->data.from;
    b->in->pins[p->npins] = *pin;
    p->pins[p->npins++] = (tour_pin){market, venue, (int16_t)day};
}

static bool pin_same(const plan_input *in, const plan_pin *a, int32_t market, int32_t row, int32_t day)
{
    return (a->day == day || a->day == DAY_NONE) && market_of_city(in, a->city_id) == market &&
           (!*a->venue_id || strcmp(a->venue_id, in->data.venues[row].id) == 0);
}

static bool make_pins(builder *b)
{
    plan_input *in = b->in;
    const plan_data *d = &in->data;
    b->p->pins = MEM_ARRAY(tour_pin, PINS_ALL);
    in->pins = MEM_ARRAY(plan_pin, PINS_ALL);
    for (size_t i = 0; i < in->request.npins; i++) {
        const plan_pin *pin = &in->request.pins[i];
        int32_t market = market_of_city(in, pin->city_id), venue = TOUR_NONE;
        for (size_t v = 0; *pin->venue_id && v < d->nvenues; v++)
            if (strcmp(d->venues[v].id, pin->venue_id) == 0)
                venue = in->row_venue[v];
        if (market == TOUR_NONE || (*pin->venue_id && venue == TOUR_NONE))
            return err_set(b->e, ERR_MISSING, "the pin's %s is not among the rooms that were read",
                           *pin->venue_id ? "room" : "city");
        add_pin(b, pin, market, venue);
    }
    for (size_t i = 0; i < b->p->nslots && b->p->npins < PINS_ALL; i++) {
        const tour_slot *s = &b->p->slots[i];
        if (s->state != SLOT_CONFIRMED || s->appearance)
            continue;
        bool there = false;
        int32_t row = in->venue_row[s->venue], day = d->from + s->day;
        for (size_t k = 0; k < in->request.npins && !there; k++)
            there = pin_same(in, &in->request.pins[k], s->market, row, day) && in->request.pins[k].day == day;
        plan_pin pin = {.day = day};
        plan_city_id(in->places, in->markets[s->market].place, pin.city_id);
        snprintf(pin.venue_id, sizeof pin.venue_id, "%s", d->venues[row].id);
        if (!there)
            add_pin(b, &pin, s->market, s->venue);
    }
    return true;
}

static void make_overlaps(builder *b)
{
    plan_input *in = b->in;
    tour_problem *p = b->p;
    double far = in->data.figures.follow_miles * KM_A_MILE;
    for (size_t i = 0; far > 0 && i < in->nmarkets; i++)
        for (size_t k = i + 1; k < in->nmarkets; k++) {
            double km = sphere_km(p->markets[i].latitude, p->markets[i].longitude, p->markets[k].latitude,
                                  p->markets[k].longitude);
            if (km >= far)
                continue;
            double part = demand_overlap(in->data.demand, 0, (int32_t)in->markets[i].place,
                                         (int32_t)in->markets[k].place);
            int32_t of = share((int32_t)(part * (1 - km / far) * 10000));
            if (of <= 0)
                continue;
            MEM_ROOM(p->overlaps, p->noverlaps, b->capoverlaps);
            p->overlaps[p->noverlaps++] = (tour_overlap){(int32_t)i, (int32_t)k, of};
        }
    int32_t days = in->data.figures.fade_days;
    for (int32_t t = 0; t < TOUR_DAYS_MOST; t++)
        p->fade[t] = t < days ? (int32_t)((int64_t)10000 * (days - t) / days) : 0;
}

static bool leg_known(const tour_problem *p, int32_t a, int32_t b)
{
    for (size_t i = 0; i < p->nlegs; i++)
        if (p->legs[i].a == a && p->legs[i].b == b)
            return true;
    return false;
}

static void make_legs(builder *b)
{
    const plan_data *d = &b->in->data;
    tour_problem *p = b->p;
    for (size_t i = 0; i < d->nroads; i++) {
        int32_t x = b->market_at[d->roads[i].a], y = b->market_at[d->roads[i].b];
        if (x == TOUR_NONE || y == TOUR_NONE || x == y)
            continue;
        int32_t low = x < y ? x : y, high = x < y ? y : x;
        if (leg_known(p, low, high))
            continue;
        MEM_ROOM(p->legs, p->nlegs, b->caplegs);
        p->legs[p->nlegs++] = (tour_leg_set){low, high, d->roads[i].metres, d->roads[i].minutes};
    }
}

/* ---- the whole ---- */

int32_t market_of_city(const plan_input *in, const char *city_id)
{
    size_t place = *city_id ? cities_by_id(in->places, city_id) : SIZE_MAX;
    if (place == SIZE_MAX)
        return TOUR_NONE;
    for (size_t m = 0; m < in->nmarkets; m++)
        if (in->markets[m].place == place)
            return (int32_t)m;
    for (size_t v = 0; v < in->data.nvenues; v++)
        if (in->data.venues[v].place == place && in->row_venue && in->row_venue[v] != TOUR_NONE)
            return in->problem->venues[in->row_venue[v]].market;
    const plan_data *d = &in->data;
    int32_t near = TOUR_NONE;
    double best = d->figures.market_km;
    for (size_t m = 0; m < in->nmarkets; m++) {
        size_t at = in->markets[m].place;
        double far =
            sphere_km(d->latitudes[place], d->longitudes[place], d->latitudes[at], d->longitudes[at]);
        if (far <= best) {
            best = far;
            near = (int32_t)m;
        }
    }
    return near;
}

int32_t slot_of(const plan_input *in, int32_t venue, int16_t day)
{
    const tour_problem *p = in->problem;
    size_t at = (size_t)venue * (size_t)p->days + (size_t)day; /* make_slots goes room by room, day by day */
    return venue >= 0 && (size_t)venue < p->nvenues && day >= 0 && day < p->days && at < p->nslots
               ? (int32_t)at
               : TOUR_NONE;
}

static bool build_problem(builder *b)
{
    plan_input *in = b->in;
    const plan_request *r = &in->request;
    b->p->days = (int16_t)(r->until - r->from + 1);
    b->p->limits = r->limits;
    b->p->prices = r->prices;
    in->price = r->ticket_price > 0 ? r->ticket_price : in->data.figures.ticket_price;
    want_places(b);
    make_markets(b);
    make_venues(b);
    make_slots(b);
    make_anchors(b);
    make_clauses(b);
    if (!make_pins(b))
        return false;
    make_overlaps(b);
    make_legs(b);
    b->p->start = market_of_city(in, r->start);
    b->p->end = market_of_city(in, r->end);
    return tour_ready(b->p, b->e);
}

bool build(plan_input *in, err *e)
{
    builder b = {.in = in, .e = e};
    size_t n = cities_count(in->places);
    b.market_at = mem_new(n + 1, sizeof *b.market_at);
    for (size_t i = 0; i < n; i++)
        b.market_at[i] = TOUR_NONE;
    in->problem = b.p = tour_problem_new();
    bool ok = build_problem(&b);
    free(b.order);
    free(b.market_at);
    return ok;
}

void build_done(plan_input *in)
{
    for (size_t i = 0; i < in->nmarkets; i++)
        free(in->markets[i].label);
    free(in->markets);
    free(in->venue_row);
    free(in->row_venue);
    free(in->more);
    free(in->pins);
    tour_problem_free(in->problem);
    in->markets = NULL;
    in->nmarkets = 0;
    in->venue_row = in->row_venue = NULL;
    in->more = NULL;
    in->pins = NULL;
    in->problem = NULL;
}
