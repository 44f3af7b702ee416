/* Cities, artists and venues: what the rest hangs on. */
#include "base/time.h"
#include "demo/generate.h"
#include <stdio.h>
#include <string.h>

/* The platform began in 2016; what hangs together early was made early. */
static int64_t made(const gen *g, mess_model m, uint64_t index, uint64_t of)
{
    rng r;
    world_rng(&g->w, &r, DRAW_TIME, m, index);
    int32_t from = time_days(2016, 1, 4), span = g->w.today - 40 - from;
    int64_t day = from + (int64_t)((uint64_t)span * (index * 3 / 4 + rng_below(&r, of / 4 + 1)) / (of + 1));
    return day * DAY_US + rng_between(&r, 8 * 60, 22 * 60) * 60000000;
}

/* ---- cities ---- */

typedef struct city_arg {
    uint64_t index;
    uint32_t place;
    bool own;
} city_arg;

static void city_location(doc *d, const place *p, bool swapped)
{
    int32_t lat = swapped ? p->lng : p->lat, lng = swapped ? p->lat : p->lng;
    char a[32], b[32];
    text_decimal(lat, 5, false, a);
    text_decimal(lng, 5, false, b);
    bool point = lat >= -9000000 && lat <= 9000000; /* Firestore refuses other geo points */
    if (d->era == ERA_C && point && !swapped) {
        doc_g(d, "location", lat, lng);
    } else if (d->era == ERA_C) {
        doc_map(d, "location");
        doc_decimal(d, "lat", lat, 5);
        doc_decimal(d, "lng", lng, 5);
        doc_map_end(d);
    } else if (d->era == ERA_B) {
        doc_decimal(d, "lat", lat, 5);
        doc_decimal(d, "lng", lng, 5);
    } else {
        doc_s(d, "latitude", a);
        doc_s(d, "longitude", b);
        doc_note(d, CITY_NUMBER_TEXT);
    }
}

static void city_population(doc *d, int64_t population)
{
    const char *key = spell_key(d, "population", "pop", "population");
    char text[32];
    text_grouped(population, text);
    if (doc_take(d, CITY_BAD_POPULATION)) {
        doc_s(d, key, "about half a million");
    } else if (d->era == ERA_A) {
        doc_s(d, key, text);
        doc_note(d, CITY_NUMBER_TEXT);
    } else {
        doc_i(d, key, population);
    }
}

static void city_shape(gen *g, doc *d, const void *arg)
{
    const city_arg *c = arg;
    const place *p = &g->w.places.places[c->place];
    char name[128];
    snprintf(name, sizeof name, "%s", p->name);
    bool unknown = doc_take(d, CITY_UNKNOWN), own = doc_take(d, CITY_OWN_PLACE);
    bool misspelt = false;
    if (own)
        snprintf(name, sizeof name, "Xqkamp %u", (unsigned)c->index);
    else if (unknown)
        snprintf(name, sizeof name, "%s", places_nowhere(d->places, p, &d->r));
    else if (doc_has(d, CITY_MISSPELT) && p->misspellable && places_misspell(d->places, p, &d->r, name))
        misspelt = doc_take(d, CITY_MISSPELT);
    if (d->era != ERA_C)
        doc_note(d, CITY_OLD_NAMES);
    if (doc_take(d, CITY_NO_NAME))
        doc_null(d, "name");
    else
        doc_s(d, spell_key(d, "name", "name", "city"), name);
    if (strcmp(p->country, "US") == 0)
        doc_s(d, spell_key(d, "admin1", "state", "state"), p->state);
    doc_s(d, spell_key(d, "country", "country", "countryCode"), p->country);
    /* A point whose mirror image is itself near would not be wrong enough to see. */
    bool swapped = doc_has(d, CITY_SWAPPED) && p->lat - p->lng > 1000000 && doc_take(d, CITY_SWAPPED);
    if (!unknown)
        city_location(d, p, swapped);
    city_population(d, p->population);
    doc_s(d, spell_key(d, "timeZone", "tz", "tz"), p->zone_name);
    if (d->era == ERA_C && !own && !unknown && !misspelt && !doc_has(d, CITY_NO_NAME))
        doc_i(d, "geonameId", p->geonameid);
    doc_take(d, CITY_SAME_PLACE);
}

static bool make_cities(gen *g)
{
    for (uint64_t i = 0; i < g->w.ncities; i++) {
        plan p = world_plan(&g->w, MODEL_CITIES, i);
        city_arg arg = {i, (uint32_t)i, false};
        char id[64], path[96];
        world_city_id(&g->w, i, id);
        if (p.kinds & world_bit(&g->w, CITY_SAME_PLACE) && i) {
            arg.place = (uint32_t)i - 1;
            world_city_id(&g->w, i - 1, id);
            strcat(id, "-2");
        } else if (p.kinds & world_bit(&g->w, CITY_OWN_PLACE)) {
            snprintf(id, sizeof id, "xqkamp-%u", (unsigned)i);
        }
        snprintf(path, sizeof path, "cities/%s", id);
        if (!gen_emit(g, MODEL_CITIES, path, i, p, made(g, MODEL_CITIES, i, g->w.ncities), city_shape, &arg))
            return false;
    }
    return true;
}

/* ---- artists ---- */

static void artist_name(doc *d, const char *name)
{
    const char *key = spell_key(d, "name", "artistName", "title");
    char out[160];
    if (doc_take(d, ARTIST_NO_NAME)) {
        if (rng_chance(&d->r, 5000))
            doc_s(d, key, "   ");
        else
            doc_null(d, key);
    } else if (doc_take(d, ARTIST_CONTROL)) {
        spell_control(d, key, name);
    } else if (doc_take(d, ARTIST_EMOJI)) {
        snprintf(out, sizeof out, "%s %s", name, words_pick(&words_emoji, &d->r));
        doc_s(d, key, out);
    } else {
        doc_s(d, key, name);
    }
}

static void artist_genres(doc *d, const artist *a)
{
    if (d->era == ERA_A) {
        char text[160] = "";
        for (int i = 0; i < a->ngenres; i++) {
            strcat(text, i ? ", " : "");
            strcat(text, words_genres.words[a->genres[i]]);
        }
        doc_s(d, "genre", text);
        doc_note(d, ARTIST_GENRE_TEXT);
        return;
    }
    doc_array(d, "genres");
    for (int i = 0; i < a->ngenres; i++)
        doc_s(d, NULL, words_genres.words[a->genres[i]]);
    doc_array_end(d);
}

static void artist_manager(doc *d)
{
    static const char *const managers[][2] = {
        {"mgr_alice", "Alice Romero"}, {"mgr_bogdan", "Bogdan Petrescu"}, {"mgr_chinwe", "Chinwe Obi"},
        {"mgr_dana", "Dana Levy"},     {"mgr_emil", "Emil Søndergaard"},  {"mgr_fumiko", "Fumiko 山田"}};
    const char *const *m = managers[rng_below(&d->r, 6)];
    if (d->era == ERA_C) {
        doc_map(d, "manager");
        doc_s(d, "login", m[0]);
        doc_s(d, "name", m[1]);
        doc_map_end(d);
    } else if (d->era == ERA_B) {
        doc_s(d, "managerLogin", m[0]);
        doc_s(d, "managerName", m[1]);
    } else {
        doc_s(d, "manager", m[1]);
    }
}

static void artist_extras(doc *d)
{
    if (doc_take(d, ARTIST_NULLS)) {
        doc_null(d, "bio");
        doc_map(d, "social");
        doc_map_end(d);
        doc_array(d, "press");
        doc_array_end(d);
    }
    if (doc_take(d, ARTIST_DEEP)) { /* Firestore's limit: twenty levels, the leaf included */
        for (int i = 0; i < 19; i++)
            doc_map(d, i ? "more" : "rider");
        doc_s(d, "towels", "black");
        for (int i = 0; i < 19; i++)
            doc_map_end(d);
    }
    if (d->era == ERA_C) {
        doc_map(d, "stats");
        doc_i(d, "plays", rng_between(&d->r, 1000, 90000000));
        doc_decimal(d, "score", rng_between(&d->r, 1, 9999), 3);
        doc_map_end(d);
    }
}

static void artist_city(gen *g, doc *d, const artist *a)
{
    const char *key = spell_key(d, "homeCity", "city", "hometown");
    if (doc_take(d, ARTIST_CITY_GUESSED))
        spell_city(g, d, key, spell_misspellable(g, a->home), CITY_GUESSED);
    else
        spell_city(g, d, key, a->home, doc_take(d, ARTIST_CITY_UNKNOWN) ? CITY_NOWHERE : CITY_FINE);
}

static void artist_contact(doc *d, uint32_t index)
{
    const char *key = spell_key(d, "email", "email", "contact");
    char text[64];
    snprintf(text, sizeof text, "booking%u@example.org", index);
    if (doc_take(d, ARTIST_BAD_EMAIL))
        spell_bad_email(d, key);
    else
        spell_email(d, key, text, rng_chance(&d->r, 1000));
    snprintf(text, sizeof text, "https://artist%u.example.com/", index);
    doc_s(d, spell_key(d, "website", "website", "url"), text);
}

static void artist_shape(gen *g, doc *d, const void *arg)
{
    uint32_t index = *(const uint32_t *)arg;
    const artist *a = &g->w.artists[index];
    char name[96];
    world_artist_name(&g->w, index, name);
    if (d->era != ERA_C)
        doc_note(d, ARTIST_OLD_NAMES);
    artist_name(d, name);
    artist_city(g, d, a);
    artist_genres(d, a);
    if (doc_take(d, ARTIST_BAD_CURRENCY))
        spell_bad_currency(d, "currency");
    else if (d->era == ERA_C)
        doc_s(d, "currency", place_currency(&g->w.places.places[a->home]));
    artist_manager(d);
    artist_contact(d, index);
    if (doc_take(d, ARTIST_BAD_ACTIVE)) {
        doc_s(d, "active", "maybe");
    } else {
        spell_yes(d, "active", index == 0 || !rng_chance(&d->r, 300), d->era == ERA_A);
        if (d->era == ERA_A)
            doc_note(d, ARTIST_BOOL_TEXT);
    }
    const char *created = spell_key(d, "createdAt", "created", "created_at");
    if (doc_take(d, ARTIST_BAD_CREATED))
        spell_bad_time(d, created);
    else
        spell_time_usual(d, created, d->created_us);
    if (rng_chance(&d->r, 300))
        doc_s(d, spell_key(d, "note", "note", "remarks"), "Prefers e-mail.\nNo shows on Mondays.");
    artist_extras(d);
}

static bool make_artists(gen *g)
{
    char path[64];
    for (uint32_t i = 0; i < g->w.nartists; i++) {
        world_path(&g->w, MODEL_ARTISTS, i, path);
        if (!gen_emit(g, MODEL_ARTISTS, path, i, world_plan(&g->w, MODEL_ARTISTS, i),
                      made(g, MODEL_ARTISTS, i, g->w.nartists), artist_shape, &i))
            return false;
    }
    return true;
}

/* ---- venues ---- */

static void venue_name(doc *d, const place *p)
{
    const char *key = spell_key(d, "name", "venueName", "name");
    char name[192];
    const char *kind = words_pick(&words_venues, &d->r), *adjective = words_pick(&words_adjectives, &d->r);
    if (rng_chance(&d->r, 3000))
        snprintf(name, sizeof name, "%s %s", p->name, kind);
    else
        snprintf(name, sizeof name, "The %s %s", adjective, kind);
    if (doc_take(d, VENUE_NO_NAME))
        doc_s(d, key, "");
    else if (doc_take(d, VENUE_CONTROL))
        spell_control(d, key, name);
    else
        doc_s(d, key, name);
}

static void venue_point(doc *d, int32_t lat, int32_t lng, bool odd)
{
    char a[32], b[32];
    text_decimal(lat, 5, false, a);
    text_decimal(lng, 5, false, b);
    if (d->era == ERA_C && !odd) {
        doc_g(d, "location", lat, lng);
    } else if (d->era != ERA_A) {
        doc_map(d, "location");
        doc_decimal(d, "lat", lat, 5);
        doc_decimal(d, "lng", lng, 5);
        doc_map_end(d);
    } else {
        doc_s(d, "lat", a);
        doc_s(d, "lng", b);
        doc_note(d, VENUE_NUMBER_TEXT);
    }
}

static void venue_location(doc *d, const place *p)
{
    int32_t lat = p->lat + (int32_t)rng_between(&d->r, -9000, 9000);
    int32_t lng = p->lng + (int32_t)rng_between(&d->r, -9000, 9000);
    if (doc_take(d, VENUE_BAD_LOCATION))
        venue_point(d, 9990000, 20000000, true);
    else if (doc_has(d, VENUE_SWAPPED) && p->lat - p->lng > 1000000 && doc_take(d, VENUE_SWAPPED))
        venue_point(d, lng, lat, true);
    else
        venue_point(d, lat, lng, false);
}

static void venue_capacity(doc *d, uint32_t capacity)
{
    const char *key = spell_key(d, "capacity", "capacity", "cap");
    char text[32];
    text_grouped(capacity, text);
    if (doc_take(d, VENUE_BAD_CAPACITY)) {
        if (rng_chance(&d->r, 5000))
            doc_s(d, key, "about 500?");
        else
            doc_i(d, key, -1);
    } else if (d->era == ERA_A) {
        doc_s(d, key, text);
        doc_note(d, VENUE_NUMBER_TEXT);
    } else {
        doc_i(d, key, capacity);
    }
}

static void venue_address(doc *d)
{
    char street[64];
    snprintf(street, sizeof street, "%u %s", (unsigned)rng_between(&d->r, 1, 999),
             words_pick(&words_streets, &d->r));
    if (d->era != ERA_C) {
        doc_s(d, "address", street);
        return;
    }
    doc_map(d, "address");
    doc_s(d, "street", street);
    doc_s(d, "postalCode", "00000");
    doc_map_end(d);
}

static void venue_contact(doc *d, const place *p, uint32_t index)
{
    const char *key = spell_key(d, "contactEmail", "contactEmail", "email");
    char text[64];
    bool national;
    snprintf(text, sizeof text, "box-office%u@example.net", index);
    if (doc_take(d, VENUE_BAD_EMAIL))
        spell_bad_email(d, key);
    else
        spell_email(d, key, text, false);
    spell_phone(d, spell_key(d, "phone", "phone", "tel"), p->country, &national);
}

static void venue_terms(doc *d, const place *p)
{
    if (doc_take(d, VENUE_BAD_ZONE))
        doc_s(d, spell_key(d, "timeZone", "tz", "tz"), "Mars/Olympus");
    else if (d->era == ERA_A)
        doc_note(d, VENUE_NO_ZONE);
    else
        doc_s(d, spell_key(d, "timeZone", "tz", "tz"), p->zone_name);
    if (d->era == ERA_C)
        doc_s(d, "currency", place_currency(p));
    if (doc_take(d, VENUE_BAD_HOURS))
        doc_i(d, "challengeHours", 0);
    else if (d->era == ERA_C)
        doc_i(d, "challengeHours", rng_chance(&d->r, 3000) ? 72 : 48);
    spell_yes(d, d->era == ERA_A ? "open" : "active", !rng_chance(&d->r, 300), d->era == ERA_A);
}

static void venue_shape(gen *g, doc *d, const void *arg)
{
    uint32_t index = *(const uint32_t *)arg;
    const venue *v = &g->w.venues[index];
    const place *p = &g->w.places.places[v->place];
    if (d->era != ERA_C)
        doc_note(d, VENUE_OLD_NAMES);
    venue_name(d, p);
    city_state state = doc_take(d, VENUE_CITY_GUESSED)   ? CITY_GUESSED
                       : doc_take(d, VENUE_CITY_UNKNOWN) ? CITY_NOWHERE
                                                         : CITY_FINE;
    spell_city(g, d, "city", v->place, state);
    venue_address(d);
    venue_capacity(d, v->capacity);
    venue_location(d, p);
    venue_terms(d, p);
    venue_contact(d, p, index);
}

bool make_places(gen *g)
{
    char path[64];
    if (!make_cities(g) || !make_artists(g))
        return false;
    for (uint32_t i = 0; i < g->w.nvenues; i++) {
        world_path(&g->w, MODEL_VENUES, i, path);
        if (!gen_emit(g, MODEL_VENUES, path, i, world_plan(&g->w, MODEL_VENUES, i),
                      made(g, MODEL_VENUES, i, g->w.nvenues), venue_shape, &i))
            return false;
    }
    return true;
}
