/* Concerts and what tickets they have. */
#include "base/time.h"
#include "demo/generate.h"
#include "demo/zone.h"
#include <stdio.h>
#include <string.h>

static int64_t concert_made(const gen *g, const concert *c)
{
    int32_t day = c->sale_day - 14, last = g->w.today - 3 - c->day % 20;
    return (day < last ? day : last) * DAY_US + INT64_C(15) * 3600000000;
}

/* ---- times: those without a zone are local at the venue ---- */

static void local_time(doc *d, const char *key, int64_t utc_us, int64_t local_us, time_form form)
{
    bool plain = form == TIME_PLAIN || form == TIME_SLASH;
    spell_time(d, key, plain ? local_us : utc_us, form);
    if (form == TIME_MS || form == TIME_S)
        doc_note(d, CONCERT_TIME_EPOCH);
    else if (form != TIME_STAMP)
        doc_note(d, CONCERT_TIME_TEXT);
}

/* Era A kept the day and the hour apart. */
static void day_and_hour(doc *d, const concert *c, bool hour)
{
    char text[32];
    text_date(c->day, text);
    doc_s(d, "date", text);
    if (!hour)
        return;
    snprintf(text, sizeof text, "%02d:%02d", c->minute / 60, c->minute % 60);
    doc_s(d, "time", text);
    doc_note(d, CONCERT_TIME_TEXT);
}

static void concert_start(gen *g, doc *d, const concert *c)
{
    const char *key = spell_key(d, "startsAt", "startTime", "date");
    int64_t utc = world_concert_start(&g->w, c), local = c->day * DAY_US + c->minute * INT64_C(60000000);
    time_form form = spell_time_form(d);
    if (doc_take(d, CONCERT_NO_TIME))
        doc_null(d, key);
    else if (doc_take(d, CONCERT_BAD_TIME))
        spell_bad_time(d, key);
    else if (doc_take(d, CONCERT_DATE_ONLY) && d->era != ERA_C)
        day_and_hour(d, c, false);
    else if (doc_has(d, CONCERT_DATE_ONLY)) {
        char text[16];
        text_date(c->day, text);
        doc_s(d, key, text);
    } else if (d->era == ERA_A && rng_chance(&d->r, 5000))
        day_and_hour(d, c, true);
    else
        local_time(d, key, utc, local, form);
}

static void concert_times(gen *g, doc *d, const concert *c)
{
    const place *p = &g->w.places.places[g->w.venues[c->venue].place];
    int64_t local = c->sale_day * DAY_US + INT64_C(10) * 3600000000;
    const char *key = spell_key(d, "onSaleAt", "onSale", "on_sale");
    concert_start(g, d, c);
    if (doc_take(d, CONCERT_BAD_ON_SALE))
        spell_bad_time(d, key);
    else
        local_time(d, key, local - zone_offset(p->zone, c->sale_day) * INT64_C(60000000), local,
                   spell_time_form(d));
    if (d->era == ERA_C) {
        doc_t(d, "doorsAt", world_concert_start(&g->w, c) - INT64_C(3600000000));
    } else if (rng_chance(&d->r, 6000)) {
        char text[16];
        snprintf(text, sizeof text, "%02d:%02d", c->minute / 60 - 1, c->minute % 60);
        doc_s(d, "doors", text);
    }
}

/* ---- the rest ---- */

static void concert_status(doc *d, const concert *c)
{
    static const char *const now[] = {"draft",     "announced", "on_sale", "sold_out",
                                      "cancelled", "postponed", "played"};
    static const char *const old[] = {"Draft", "published", "onsale", "soldout", "canceled", "moved", "past"};
    static const char *const loud[] = {"DRAFT",    "LIVE",      "ON SALE", "SOLD-OUT",
                                       "CANCELED", "POSTPONED", "Done"};
    const char *key = spell_key(d, "status", "state", "status");
    if (doc_take(d, CONCERT_BAD_STATUS)) {
        doc_s(d, key, rng_chance(&d->r, 5000) ? "legacy_7" : "???");
    } else if (d->era == ERA_C) {
        doc_s(d, key, now[c->status]);
    } else {
        doc_s(d, key, d->era == ERA_A ? old[c->status] : loud[c->status]);
        doc_note(d, CONCERT_STATUS_OLD);
    }
}

/* Up to two good artists who are not the headliner. */
static unsigned supports(gen *g, doc *d, const concert *c, char out[3][64])
{
    uint32_t seen[2] = {NOT_ONE, NOT_ONE};
    unsigned n = 0, wanted = (unsigned)rng_below(&d->r, 3);
    for (unsigned i = 0; i < wanted; i++) {
        uint32_t a = (uint32_t)rng_below(&d->r, g->w.nartists);
        if (a == c->artist || g->w.artists[a].bad || a == seen[0])
            continue;
        seen[n] = a;
        world_path(&g->w, MODEL_ARTISTS, a, out[n++]);
    }
    if (doc_take(d, CONCERT_LOST_SUPPORT))
        world_path(&g->w, MODEL_ARTISTS, WORLD_NEVER + c->artist + (uint64_t)(uint32_t)c->day * 100000,
                   out[n++]);
    return n;
}

static void concert_line_up(gen *g, doc *d, const concert *c, const char *headliner)
{
    char paths[3][64], text[128] = "";
    unsigned n = supports(g, d, c, paths);
    if (d->era == ERA_C) {
        doc_array(d, "lineUp");
        for (unsigned i = 0; i <= n; i++) {
            doc_map(d, NULL);
            doc_r(d, "artist", i ? paths[i - 1] : headliner);
            doc_i(d, "billing", i + 1);
            doc_map_end(d);
        }
        doc_array_end(d);
    } else if (d->era == ERA_B) {
        doc_array(d, "support");
        for (unsigned i = 0; i < n; i++)
            doc_s(d, NULL, strrchr(paths[i], '/') + 1);
        doc_array_end(d);
    } else if (n) {
        for (unsigned i = 0; i < n; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? ", " : "",
                     strrchr(paths[i], '/') + 1);
        doc_s(d, "supports", text);
    }
}

static void concert_title(gen *g, doc *d, const concert *c)
{
    const char *key = spell_key(d, "title", "title", "name");
    char artist_name[96], title[160];
    world_artist_name(&g->w, c->artist, artist_name);
    if (c->tour != NOT_ONE)
        snprintf(title, sizeof title, "%s: %s Tour", artist_name,
                 words_adjectives.words[key_pair(g->w.seed, c->tour) % words_adjectives.n]);
    else
        snprintf(title, sizeof title, "%s", artist_name);
    if (doc_take(d, CONCERT_NO_TITLE))
        return;
    if (doc_take(d, CONCERT_CONTROL))
        spell_control(d, key, title);
    else
        doc_s(d, key, title);
}

static void concert_shape(gen *g, doc *d, const void *arg)
{
    uint32_t index = *(const uint32_t *)arg;
    const concert *c = &g->w.concerts[index];
    char path[64];
    doc_take(d, CONCERT_LOST_ARTIST);
    doc_take(d, CONCERT_LOST_VENUE);
    if (d->era != ERA_C)
        doc_note(d, CONCERT_OLD_NAMES);
    concert_title(g, d, c);
    uint64_t who = doc_take(d, CONCERT_NO_ARTIST) ? WORLD_NEVER + index : c->artist;
    uint64_t where = doc_take(d, CONCERT_NO_VENUE) ? WORLD_NEVER + index : c->venue;
    world_path(&g->w, MODEL_VENUES, where, path);
    spell_parent(d, "venue", "venueId", "venue_id", path);
    world_path(&g->w, MODEL_ARTISTS, who, path);
    spell_parent(d, "artist", "artistId", "artist_id", path);
    concert_line_up(g, d, c, path);
    concert_times(g, d, c);
    concert_status(d, c);
    if (doc_take(d, CONCERT_BAD_CAPACITY))
        doc_s(d, "capacity", "full house");
    else
        doc_i(d, "capacity", g->w.venues[c->venue].capacity);
    if (doc_take(d, CONCERT_BAD_CURRENCY))
        spell_bad_currency(d, "currency");
    else if (d->era != ERA_A)
        doc_s(d, "currency", world_concert_currency(&g->w, c));
}

/* ---- ticket types ---- */

typedef struct type_arg {
    uint32_t concert;
    unsigned type;
    int64_t price, quantity;
    const char *currency;
    int32_t sale_day;
} type_arg;

static void type_price(doc *d, const type_arg *t, bool bare)
{
    const char *key = spell_key(d, "price", "priceCents", "price");
    static const char *const bad[] = {"TBD", "call", "n/a", "free??"};
    if (doc_take(d, TYPE_NO_PRICE)) {
        doc_null(d, key);
    } else if (doc_take(d, TYPE_BAD_PRICE)) {
        doc_s(d, key, bad[rng_below(&d->r, 4)]);
    } else if (doc_take(d, TYPE_NEGATIVE_PRICE)) {
        if (d->era == ERA_B)
            doc_i(d, key, -t->price);
        else
            doc_decimal(d, "price", -t->price, spell_digits(t->currency));
    } else if (doc_take(d, TYPE_PRECISION)) { /* half a minor unit: the rounding shows */
        doc_decimal(d, "price", t->price * 10 + 5, spell_digits(t->currency) + 1);
        doc_note(d, TYPE_MONEY_DOUBLE);
    } else {
        money_form form = spell_money_form(d, bare);
        spell_money(d, "price", "priceCents", t->price, t->currency, form, bare);
        if (form != MONEY_MAP)
            doc_note(d, form == MONEY_CENTS  ? TYPE_MONEY_CENTS
                        : form == MONEY_TEXT ? TYPE_MONEY_TEXT
                                             : TYPE_MONEY_DOUBLE);
    }
}

static void type_shape(gen *g, doc *d, const void *arg)
{
    static const char *const names[] = {"General Admission", "Early Bird", "Balcony", "VIP ✨"};
    const type_arg *t = arg;
    const char *quantity = spell_key(d, "quantity", "quantity", "qty");
    char text[32];
    (void)g;
    doc_take(d, TYPE_LOST_CONCERT);
    if (d->era != ERA_C)
        doc_note(d, TYPE_OLD_NAMES);
    doc_s(d, spell_key(d, "name", "name", "label"), names[t->type % 4]);
    bool bad = doc_take(d, TYPE_BAD_CURRENCY), none = !bad && d->era != ERA_C && rng_chance(&d->r, 2000);
    type_price(d, t, bad || none);
    if (bad)
        spell_bad_currency(d, "currency");
    else if (none)
        doc_note(d, TYPE_NO_CURRENCY);
    else
        doc_s(d, "currency", t->currency);
    text_grouped(t->quantity, text);
    if (doc_take(d, TYPE_BAD_QUANTITY))
        doc_s(d, quantity, "lots");
    else if (d->era == ERA_A)
        doc_s(d, quantity, text);
    else
        doc_i(d, quantity, t->quantity);
    if (doc_take(d, TYPE_BAD_SALE))
        spell_bad_time(d, spell_key(d, "saleStart", "salesStart", "on_sale"));
    else
        spell_time_usual(d, spell_key(d, "saleStart", "salesStart", "on_sale"),
                         t->sale_day * DAY_US + INT64_C(15) * 3600000000);
}

static bool make_types(gen *g, uint32_t index, uint64_t *type_index)
{
    const concert *c = &g->w.concerts[index];
    unsigned n = world_types(&g->w, index);
    for (unsigned t = 0; t < n; t++, ++*type_index) {
        char path[160], concert_path[64];
        plan p = world_plan(&g->w, MODEL_TICKET_TYPES, *type_index);
        if (c->bad)
            p = plan_lost(g, p, TYPE_LOST_CONCERT);
        type_arg arg = {index,
                        t,
                        world_type_price(&g->w, index, t),
                        g->w.venues[c->venue].capacity / (t + 1),
                        world_concert_currency(&g->w, c),
                        c->sale_day};
        world_path(&g->w, MODEL_CONCERTS, index, concert_path);
        snprintf(path, sizeof path, "%s/ticketTypes/%s", concert_path, world_type_id(t));
        if (!gen_emit(g, MODEL_TICKET_TYPES, path, *type_index, p, concert_made(g, c) + 3600000000,
                      type_shape, &arg))
            return false;
    }
    return true;
}

/* Ticket types left behind by concerts that nobody remembers. */
static bool make_orphan_types(gen *g, uint64_t type_index)
{
    for (uint64_t i = 0; i < g->w.nconcerts / 500 + 1; i++) {
        char path[160], concert_path[64];
        plan p = {world_bit(&g->w, TYPE_LOST_CONCERT), FATE_STAYS};
        type_arg arg = {0, 0, 2500, 100, "USD", time_days(2017, 3, 1)};
        world_path(&g->w, MODEL_CONCERTS, WORLD_NEVER + i, concert_path);
        snprintf(path, sizeof path, "%s/ticketTypes/ga", concert_path);
        if (!gen_emit(g, MODEL_TICKET_TYPES, path, type_index + i, p, time_days(2017, 2, 1) * DAY_US,
                      type_shape, &arg))
            return false;
    }
    return true;
}

bool make_concerts(gen *g)
{
    uint64_t type_index = 0;
    for (uint32_t i = 0; i < g->w.nconcerts; i++) {
        const concert *c = &g->w.concerts[i];
        char path[64];
        plan p = world_plan(&g->w, MODEL_CONCERTS, i);
        if (g->w.artists[c->artist].bad)
            p = plan_lost(g, p, CONCERT_LOST_ARTIST);
        else if (g->w.venues[c->venue].bad)
            p = plan_lost(g, p, CONCERT_LOST_VENUE);
        world_path(&g->w, MODEL_CONCERTS, i, path);
        if (!gen_emit(g, MODEL_CONCERTS, path, i, p, concert_made(g, c), concert_shape, &i) ||
            !make_types(g, i, &type_index))
            return false;
    }
    return make_orphan_types(g, type_index);
}
