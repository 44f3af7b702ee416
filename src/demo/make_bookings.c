/* Tours with their stops, and bookings: what was agreed before a concert was announced, and what never came
 * of it. */
#include "base/time.h"
#include "demo/generate.h"
#include <stdio.h>
#include <string.h>

/* ---- tours ---- */

static void any_date(doc *d, const char *key, int32_t day)
{
    char text[16];
    if (d->era == ERA_B) {
        doc_i(d, key, day * INT64_C(86400000));
        return;
    }
    if (d->era == ERA_A)
        text_slash_date(day, text);
    else
        text_date(day, text);
    doc_s(d, key, text);
}

static void tour_stop(gen *g, doc *d, const tour *t, unsigned i)
{
    uint32_t index = t->first + i;
    const concert *c = &g->w.concerts[index];
    const venue *v = &g->w.venues[c->venue];
    char path[64];
    doc_map(d, NULL);
    spell_city(g, d, "city", v->place, i == 0 && doc_take(d, TOUR_STOP_CITY) ? CITY_NOWHERE : CITY_FINE);
    if (i == 0 && doc_take(d, TOUR_STOP_VENUE)) {
        world_path(&g->w, MODEL_VENUES, WORLD_NEVER + t->first, path);
        spell_parent(d, "venue", "venueId", "venueId", path);
    } else if (!v->bad) {
        world_path(&g->w, MODEL_VENUES, c->venue, path);
        spell_parent(d, "venue", "venueId", "venueId", path);
    }
    if (!c->bad && d->era == ERA_C) {
        world_path(&g->w, MODEL_CONCERTS, index, path);
        doc_r(d, "concert", path);
    }
    if (i == 0 && doc_take(d, TOUR_STOP_DATE))
        spell_bad_time(d, spell_key(d, "date", "date", "day"));
    else
        any_date(d, spell_key(d, "date", "date", "day"), c->day);
    doc_map_end(d);
}

static void tour_status(gen *g, doc *d, int32_t from, int32_t to)
{
    static const char *const now[] = {"done", "running", "announced"};
    static const char *const old[] = {"finished", "active", "ANNOUNCED"};
    const char *key = spell_key(d, "status", "status", "state");
    int at = to < g->w.today ? 0 : from <= g->w.today ? 1 : 2;
    if (doc_take(d, TOUR_BAD_STATUS))
        doc_s(d, key, "vibes");
    else
        doc_s(d, key, d->era == ERA_C ? now[at] : old[at]);
    if (d->era != ERA_C && !doc_has(d, TOUR_BAD_STATUS))
        doc_note(d, TOUR_STATUS_OLD);
}

static void tour_days(gen *g, doc *d, const tour *t)
{
    int32_t from = g->w.concerts[t->first].day, to = g->w.concerts[t->first + t->n - 1].day;
    const char *start = spell_key(d, "startsOn", "from", "start"), *end = spell_key(d, "endsOn", "to", "end");
    if (doc_take(d, TOUR_BAD_START))
        spell_bad_time(d, start);
    else
        any_date(d, start, from);
    any_date(d, end, doc_take(d, TOUR_ENDS_EARLY) ? from - 30 : to);
    tour_status(g, d, from, to);
}

static void tour_shape(gen *g, doc *d, const void *arg)
{
    uint32_t index = *(const uint32_t *)arg;
    const tour *t = &g->w.tours[index];
    char name[96], title[160], path[64];
    doc_take(d, TOUR_LOST_ARTIST);
    if (d->era != ERA_C)
        doc_note(d, TOUR_OLD_NAMES);
    world_artist_name(&g->w, t->artist, name);
    snprintf(title, sizeof title, "%s: %s Tour", name,
             words_adjectives.words[key_pair(g->w.seed, index) % words_adjectives.n]);
    if (doc_take(d, TOUR_NO_NAME))
        doc_s(d, spell_key(d, "name", "title", "tour_name"), " ");
    else
        doc_s(d, spell_key(d, "name", "title", "tour_name"), title);
    world_path(&g->w, MODEL_ARTISTS, doc_take(d, TOUR_NO_ARTIST) ? WORLD_NEVER + index : t->artist, path);
    spell_parent(d, "artist", "artistId", "artist_id", path);
    tour_days(g, d, t);
    doc_array(d, spell_key(d, "stops", "stops", "dates"));
    for (unsigned i = 0; i < t->n; i++)
        tour_stop(g, d, t, i);
    doc_array_end(d);
}

bool make_tours(gen *g)
{
    for (uint32_t i = 0; i < g->w.ntours; i++) {
        const tour *t = &g->w.tours[i];
        char path[64];
        if (!t->n) /* the concerts ran out before it */
            continue;
        plan p = world_plan(&g->w, MODEL_TOURS, i);
        if (g->w.artists[t->artist].bad)
            p = plan_lost(g, p, TOUR_LOST_ARTIST);
        int32_t day = g->w.concerts[t->first].day - 170, last = g->w.today - 5 - (int32_t)(i % 30);
        world_path(&g->w, MODEL_TOURS, i, path);
        if (!gen_emit(g, MODEL_TOURS, path, i, p, (day < last ? day : last) * DAY_US + 36000000000,
                      tour_shape, &i))
            return false;
    }
    return true;
}

/* ---- bookings ---- */

typedef enum { HOLD, OFFER, CONFIRMED, ADVANCED, PLAYED, SETTLED, RELEASED, DECLINED, CALLED_OFF } deal;

typedef struct booking {
    uint64_t index;
    uint32_t artist, venue, concert, tour; /* NOT_ONE: none */
    int32_t day;
    deal status;
    int rank; /* of a hold */
    int64_t created_us;
} booking;

static void booking_status(doc *d, const booking *b)
{
    static const char *const now[] = {"hold",    "offer",    "confirmed", "advanced", "played",
                                      "settled", "released", "declined",  "cancelled"};
    static const char *const old[] = {"HOLD",    "offered",  "contracted", "Advanced", "done",
                                      "Settled", "Released", "passed",     "canceled"};
    const char *key = spell_key(d, "status", "state", "status");
    char text[16];
    bool rankless = doc_take(d, BOOKING_NO_RANK);
    if (doc_take(d, BOOKING_BAD_STATUS)) {
        doc_s(d, key, "pencilled??");
        return;
    }
    deal status = rankless ? HOLD : b->status;
    if (status == HOLD && d->era == ERA_A && !rankless) {
        snprintf(text, sizeof text, rng_chance(&d->r, 5000) ? "Hold %d" : "hold%d", b->rank);
        doc_s(d, key, text);
    } else {
        doc_s(d, key, d->era == ERA_C ? now[status] : old[status]);
        if (status == HOLD && !rankless)
            doc_i(d, spell_key(d, "holdRank", "rank", ""), b->rank);
    }
    if (status != HOLD && doc_take(d, BOOKING_STALE_RANK))
        doc_i(d, spell_key(d, "holdRank", "rank", "rank"), 1);
    if (d->era != ERA_C)
        doc_note(d, BOOKING_STATUS_OLD);
}

static void booking_day(doc *d, const booking *b)
{
    const char *key = spell_key(d, "date", "showDate", "day");
    if (doc_take(d, BOOKING_NO_DATE))
        doc_null(d, key);
    else if (doc_take(d, BOOKING_BAD_DATE))
        spell_bad_time(d, key);
    else
        any_date(d, key, b->day);
}

static void booking_share(doc *d)
{
    int64_t percent = 70 + 5 * (int64_t)rng_below(&d->r, 5);
    char text[16];
    bool bad = doc_take(d, BOOKING_BAD_PERCENT);
    snprintf(text, sizeof text, "%d%%", bad ? 850 : (int)percent);
    if (d->era == ERA_C)
        doc_decimal(d, "percentage", bad ? 850 : percent, bad ? 0 : 2);
    else if (d->era == ERA_B)
        doc_i(d, "percent", bad ? -5 : percent);
    else
        doc_s(d, "split", text);
}

static void booking_terms(doc *d, const booking *b, const char *currency, int64_t usual)
{
    bool bare = doc_take(d, BOOKING_BAD_CURRENCY);
    money_form form = spell_money_form(d, bare);
    int64_t unit = spell_digits(currency) ? 1 : 100, guarantee = usual / unit * unit;
    const char *key = d->era == ERA_A ? "fee" : "guarantee";
    if (doc_take(d, BOOKING_BAD_GUARANTEE))
        doc_s(d, form == MONEY_CENTS ? "guaranteeCents" : key, rng_chance(&d->r, 5000) ? "TBD" : "call");
    else
        spell_money(d, key, "guaranteeCents", guarantee, currency, form, bare);
    if (form == MONEY_TEXT && !doc_has(d, BOOKING_BAD_GUARANTEE))
        doc_note(d, BOOKING_MONEY_TEXT);
    if (bare)
        spell_bad_currency(d, "currency");
    else
        doc_s(d, "currency", currency);
    spell_money(d, "expenses", "expensesCents", guarantee / 5 / unit * unit, currency, form, bare);
    booking_share(d);
    if (b->status == HOLD || doc_has(d, BOOKING_BAD_EXPIRY)) {
        const char *expires = spell_key(d, "expiresAt", "holdExpires", "expires");
        if (doc_take(d, BOOKING_BAD_EXPIRY))
            spell_bad_time(d, expires);
        else
            spell_time_usual(d, expires, b->created_us + 60 * DAY_US);
    }
}

static void booking_radius(doc *d)
{
    bool bad = doc_take(d, BOOKING_BAD_RADIUS);
    if (!bad && rng_chance(&d->r, 7000))
        return;
    int64_t miles = bad ? 0 : 50 + 25 * (int64_t)rng_below(&d->r, 5);
    if (d->era == ERA_C) {
        doc_map(d, "radius");
        doc_i(d, "miles", miles);
        doc_i(d, "daysBefore", 60);
        doc_i(d, "daysAfter", 30);
        doc_s(d, "effect", rng_chance(&d->r, 3000) ? "forbid" : "warn");
        doc_map_end(d);
    } else {
        doc_i(d, "radiusMiles", miles);
        doc_i(d, "radiusDays", 45);
    }
}

static void booking_ties(gen *g, doc *d, const booking *b)
{
    char path[64];
    bool no_concert = doc_take(d, BOOKING_NO_CONCERT), no_tour = doc_take(d, BOOKING_NO_TOUR);
    if (no_concert || (b->concert != NOT_ONE && !g->w.concerts[b->concert].bad)) {
        world_path(&g->w, MODEL_CONCERTS, no_concert ? WORLD_NEVER * 2 + b->index : b->concert, path);
        spell_parent(d, "concert", "concertId", "concertId", path);
    }
    if (no_tour || (b->tour != NOT_ONE && !g->w.tours[b->tour].bad)) {
        world_path(&g->w, MODEL_TOURS, no_tour ? WORLD_NEVER * 2 + b->index : b->tour, path);
        spell_parent(d, "tour", "tourId", "tourId", path);
    }
}

static void booking_shape(gen *g, doc *d, const void *arg)
{
    const booking *b = arg;
    const place *p = &g->w.places.places[g->w.venues[b->venue].place];
    char path[64];
    static const mess_id told[] = {BOOKING_LOST_ARTIST, BOOKING_LOST_VENUE, BOOKING_ARTIST_TWICE,
                                   BOOKING_VENUE_TWICE, BOOKING_RANK_TWICE};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        doc_take(d, told[i]);
    if (d->era != ERA_C)
        doc_note(d, BOOKING_OLD_NAMES);
    world_path(&g->w, MODEL_ARTISTS, doc_take(d, BOOKING_NO_ARTIST) ? WORLD_NEVER * 2 + b->index : b->artist,
               path);
    spell_parent(d, "artist", "artistId", "artist_id", path);
    world_path(&g->w, MODEL_VENUES, doc_take(d, BOOKING_NO_VENUE) ? WORLD_NEVER * 2 + b->index : b->venue,
               path);
    spell_parent(d, "venue", "venueId", "venue_id", path);
    booking_day(d, b);
    booking_status(d, b);
    booking_terms(d, b, place_currency(p),
                  (int64_t)(g->w.artists[b->artist].price) * g->w.venues[b->venue].capacity / 4);
    booking_radius(d);
    booking_ties(g, d, b);
    spell_time_usual(d, spell_key(d, "createdAt", "created", "created_at"), b->created_us);
    if (rng_chance(&d->r, 1000))
        doc_s(d, spell_key(d, "note", "note", "memo"), "Load-in at 3 pm.\nDeli tray.");
}

static bool takes_the_day(deal s)
{
    return s == CONFIRMED || s == ADVANCED || s == PLAYED || s == SETTLED;
}

static bool emit_booking(gen *g, const booking *b, plan p, const char *path)
{
    return gen_emit(g, MODEL_BOOKINGS, path, b->index, p, b->created_us, booking_shape, b);
}

/* Somebody booked it again, later: the same artist elsewhere, another artist in the same room, or the same
 * rank. */
static bool booked_again(gen *g, const booking *first, const char *path)
{
    rng r;
    world_rng(&g->w, &r, DRAW_ALT, MODEL_BOOKINGS, first->index);
    booking b = *first;
    mess_id kind = BOOKING_RANK_TWICE;
    if (takes_the_day(first->status))
        kind = rng_chance(&r, 5000) ? BOOKING_ARTIST_TWICE : BOOKING_VENUE_TWICE;
    if (!rng_chance(&r, mess_kinds[kind].per_10000 * 2))
        return true;
    for (int i = 0; i < 50 && kind == BOOKING_ARTIST_TWICE; i++) {
        b.venue = (uint32_t)rng_below(&r, g->w.nvenues);
        if (!g->w.venues[b.venue].bad && world_venue_free(&g->w, b.venue, b.day))
            break;
        b.venue = first->venue;
    }
    for (int i = 0; i < 50 && kind != BOOKING_ARTIST_TWICE; i++) {
        b.artist = (uint32_t)rng_below(&r, g->w.nartists);
        if (!g->w.artists[b.artist].bad && world_artist_free(&g->w, b.artist, b.day))
            break;
        b.artist = first->artist;
    }
    if (b.venue == first->venue && b.artist == first->artist)
        return true;
    char twice[80];
    snprintf(twice, sizeof twice, "%s2", path);
    b.index |= UINT64_C(1) << 38;
    b.concert = b.tour = NOT_ONE;
    b.created_us += 2 * DAY_US;
    return emit_booking(g, &b, (plan){world_bit(&g->w, kind), FATE_STAYS}, twice);
}

static bool make_booking(gen *g, const booking *b)
{
    char path[64];
    plan p = world_plan(&g->w, MODEL_BOOKINGS, b->index);
    if (g->w.artists[b->artist].bad)
        p = plan_lost(g, p, BOOKING_LOST_ARTIST);
    else if (g->w.venues[b->venue].bad)
        p = plan_lost(g, p, BOOKING_LOST_VENUE);
    world_path(&g->w, MODEL_BOOKINGS, b->index, path);
    if (!emit_booking(g, b, p, path))
        return false;
    bool first = !world_bad(&g->w, MODEL_BOOKINGS, &p) && (takes_the_day(b->status) || b->status == HOLD);
    return !first || booked_again(g, b, path);
}

static deal concert_deal(const gen *g, rng *r, const concert *c)
{
    if (c->status == SHOW_CANCELLED)
        return CALLED_OFF;
    if (c->day < g->w.today - 30)
        return rng_chance(r, 9000) ? SETTLED : PLAYED;
    if (c->day < g->w.today)
        return PLAYED;
    return c->day < g->w.today + 30 ? ADVANCED : CONFIRMED;
}

static int64_t booked(const gen *g, int32_t day, rng *r)
{
    int32_t made = day - (int32_t)rng_between(r, 160, 300), last = g->w.today - 4 - (int32_t)rng_below(r, 40);
    return (made < last ? made : last) * DAY_US + rng_between(r, 9 * 60, 19 * 60) * 60000000;
}

/* Most concerts have their booking. */
static bool concert_bookings(gen *g, uint64_t *index)
{
    for (uint32_t i = 0; i < g->w.nconcerts && *index < g->w.nbookings; i++) {
        const concert *c = &g->w.concerts[i];
        rng r;
        world_rng(&g->w, &r, DRAW_WORLD, MODEL_BOOKINGS, i);
        if (!rng_chance(&r, 7500))
            continue;
        booking b = {*index, c->artist, c->venue, i, c->tour, c->day, concert_deal(g, &r, c), 0, 0};
        b.created_us = booked(g, c->day, &r);
        if (!make_booking(g, &b))
            return false;
        ++*index;
    }
    return true;
}

/* What is on the table: stacks of holds on dates to come, one venue and day each, and what came to nothing.
 */
static bool stack(gen *g, uint64_t *index, uint64_t number)
{
    static const deal loose[] = {OFFER, OFFER, RELEASED, DECLINED, CALLED_OFF};
    rng r;
    world_rng(&g->w, &r, DRAW_WORLD, MODEL_BOOKINGS, WORLD_NEVER + number);
    uint32_t v = (uint32_t)rng_below(&r, g->w.nvenues), artists[5];
    int32_t day = g->w.today + (int32_t)rng_between(&r, 20, 330);
    int n = (int)rng_between(&r, 1, 4);
    bool holds = rng_chance(&r, 7000) && world_take_day(&g->w, (uint32_t)(g->w.nartists + number), v, day);
    for (int i = 0; i < n && *index < g->w.nbookings; i++) {
        artists[i] = world_some_artist(&g->w, &r);
        if (g->w.venues[v].bad && g->w.artists[artists[i]].bad)
            continue;
        booking b = {*index, artists[i], v, NOT_ONE, NOT_ONE, day, holds ? HOLD : loose[rng_below(&r, 5)],
                     i + 1,  0};
        b.created_us = booked(g, day, &r) + i * DAY_US;
        if (!make_booking(g, &b))
            return false;
        ++*index;
    }
    return true;
}

bool make_bookings(gen *g)
{
    uint64_t index = 0;
    if (!concert_bookings(g, &index))
        return false;
    for (uint64_t i = 0; index < g->w.nbookings; i++)
        if (!stack(g, &index, i))
            return false;
    return true;
}
