#include "demo/world.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "demo/zone.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names and numbers ---- */

static void letters(uint64_t v, char *out, int n)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (int i = 0; i < n; i++, v /= 62)
        out[i] = alphabet[v % 62];
}

void world_id(const world *w, mess_model m, uint64_t index, char out[24])
{
    if (m == MODEL_ARTISTS && index == 0) {
        memcpy(out, "luna-park", 10);
        return;
    }
    rng r;
    world_rng(w, &r, DRAW_ID, m, index);
    letters(rng_next(&r), out, 10);
    letters(rng_next(&r), out + 10, 10);
    out[20] = '\0';
}

void world_path(const world *w, mess_model m, uint64_t index, char out[64])
{
    const char *collection = mess_model_collection(m);
    char *end = stpcpy(out, collection);
    *end++ = '/';
    world_id(w, m, index, end);
}

/* "austin-tx-us"; outside the US without a state. */
void world_city_id(const world *w, uint64_t index, char out[64])
{
    const place *p = &w->places.places[index];
    bool us = strcmp(p->country, "US") == 0;
    buf b;
    buf_init(&b);
    text_fold(&b, p->name, strlen(p->name));
    if (us)
        buf_printf(&b, " %s", p->state);
    buf_printf(&b, " %s", p->country);
    for (size_t i = 0; i < b.len; i++)
        b.data[i] = b.data[i] == ' '
                        ? '-'
                        : (char)(b.data[i] >= 'A' && b.data[i] <= 'Z' ? b.data[i] + 32 : b.data[i]);
    snprintf(out, 64, "%s", b.data);
    buf_done(&b);
}

void world_artist_name(const world *w, uint32_t index, char out[96])
{
    if (index == 0) {
        memcpy(out, "Luna Park", 10);
        return;
    }
    rng r;
    world_rng(w, &r, DRAW_PERSON, MODEL_ARTISTS, index);
    const char *adjective = words_pick(&words_adjectives, &r), *noun = words_pick(&words_nouns, &r);
    const char *other = words_pick(&words_nouns, &r);
    person p;
    words_person(&r, w->places.places[w->artists[index].home].country, &p);
    switch (rng_below(&r, 10)) {
    case 0:
    case 1:
    case 2:
        snprintf(out, 96, "The %s %s", adjective, noun);
        break;
    case 3:
    case 4:
        snprintf(out, 96, "%s %s", adjective, noun);
        break;
    case 5:
        snprintf(out, 96, "%s & the %s", p.given, noun);
        break;
    case 6:
        snprintf(out, 96, "DJ %s %s", adjective, p.given);
        break;
    case 7:
        snprintf(out, 96, "%s of %s", noun, other);
        break;
    default:
        snprintf(out, 96, "%s %s", p.family_first ? p.family : p.given, p.family_first ? p.given : p.family);
    }
}

void world_person(const world *w, uint64_t fan, person *ret)
{
    rng r;
    world_rng(w, &r, DRAW_PERSON, MODEL_FANS, fan);
    words_person(&r, w->places.places[world_fan_place(w, fan)].country, ret);
}

/* The first whose end is beyond at. */
static uint32_t find_end(const uint64_t *ends, size_t n, uint64_t at)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (ends[mid] > at)
            high = mid;
        else
            low = mid + 1;
    }
    return (uint32_t)low;
}

uint32_t world_fan_place(const world *w, uint64_t fan)
{
    return find_end(w->fan_ends, w->places.n, fan);
}

bool world_fan_bad(const world *w, uint64_t fan)
{
    plan p = world_plan(w, MODEL_FANS, fan);
    return world_bad(w, MODEL_FANS, &p);
}

uint32_t world_some_artist(const world *w, rng *r)
{
    return find_end(w->artist_ends, w->nartists, rng_below(r, w->artist_ends[w->nartists - 1]));
}

/* A scene is a city's liking of a genre; squares make a few strong and most weak. */
unsigned world_liking(const world *w, uint32_t at, uint32_t index)
{
    const artist *a = &w->artists[index];
    uint64_t u = key_pair(w->seed ^ at, a->genres[0]) % 1000;
    return (unsigned)(a->home == at ? 1000 : 100 + u * u * 9 / 10000);
}

/* ---- concerts ---- */

int64_t world_concert_start(const world *w, const concert *c)
{
    const place *p = &w->places.places[w->venues[c->venue].place];
    return c->day * DAY_US + ((int64_t)c->minute - zone_offset(p->zone, c->day)) * 60000000;
}

const char *world_concert_currency(const world *w, const concert *c)
{
    return place_currency(&w->places.places[w->venues[c->venue].place]);
}

unsigned world_types(const world *w, uint32_t index)
{
    return 1 + (unsigned)(key_pair(w->seed + 11, index) % 4); /* 1..4, 2.5 on average */
}

const char *world_type_id(unsigned type)
{
    static const char *const ids[] = {"ga", "early", "balcony", "vip"};
    return ids[type % 4];
}

int64_t world_type_price(const world *w, uint32_t index, unsigned type)
{
    static const struct {
        const char *currency;
        int64_t per_100, step;
    } rates[] = {{"USD", 100, 50}, {"CAD", 130, 50},    {"GBP", 80, 50},
                 {"EUR", 90, 50},  {"MXN", 1700, 1000}, {"JPY", 140, 100}};
    static const int64_t factor[] = {100, 80, 130, 250};
    const concert *c = &w->concerts[index];
    int64_t usd = w->artists[c->artist].price * factor[type % 4] / 100;
    usd = usd * (int64_t)(90 + key_pair(w->seed + 12, index) % 31) / 100;
    const char *currency = world_concert_currency(w, c);
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        if (strcmp(rates[i].currency, currency) == 0)
            return (usd * rates[i].per_100 / 100 / rates[i].step + 1) * rates[i].step;
    return usd;
}

static uint64_t day_key(uint32_t who, int32_t day)
{
    return key_pair(who, (uint64_t)(uint32_t)day);
}

bool world_venue_free(const world *w, uint32_t v, int32_t day)
{
    return !keyset_get(&w->venue_days, day_key(v, day), NULL);
}

bool world_artist_free(const world *w, uint32_t a, int32_t day)
{
    return !keyset_get(&w->artist_days, day_key(a, day), NULL);
}

bool world_take_day(world *w, uint32_t a, uint32_t v, int32_t day)
{
    if (!world_artist_free(w, a, day) || !world_venue_free(w, v, day))
        return false;
    keyset_put(&w->artist_days, day_key(a, day));
    keyset_put(&w->venue_days, day_key(v, day));
    return true;
}

/* ---- making the world ---- */

static size_t scaled(double scale, double n, size_t least)
{
    size_t v = (size_t)(n * scale + 0.5);
    return v < least ? least : v;
}

static void make_kinds(world *w)
{
    for (int k = MESS_COUNT - 1; k >= 0; k--)
        w->first[mess_kinds[k].model] = (mess_id)k;
    w->first[MODEL_COUNT] = MESS_COUNT;
    for (mess_id k = 0; k < MESS_COUNT; k++) {
        mess_model m = mess_kinds[k].model;
        if (mess_kinds[k].severity == MESS_BLOCKING)
            w->blocking[m] |= world_bit(w, k);
        if (mess_kinds[k].severity == MESS_WARNING)
            w->warning[m] |= world_bit(w, k);
    }
}

/* An integer square root: powers of the demo are made of it, since libm's pow differs in its last bit between
 * machines. */
static uint64_t root(uint64_t v)
{
    uint64_t x = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
        if ((x | bit) * (x | bit) <= v)
            x |= bit;
    return x;
}

static void make_cities(world *w)
{
    w->ncities = w->places.n;
    w->city_bad = MEM_ARRAY(bool, w->ncities);
    uint64_t none = world_bit(w, CITY_OWN_PLACE) | world_bit(w, CITY_SAME_PLACE);
    uint64_t total = 0, so_far = 0;
    for (size_t i = 0; i < w->ncities; i++) {
        plan p = world_plan(w, MODEL_CITIES, i);
        w->city_bad[i] = world_bad(w, MODEL_CITIES, &p) || p.kinds & none;
        total += root((uint64_t)w->places.places[i].population);
    }
    w->fan_ends = MEM_ARRAY(uint64_t, w->ncities);
    for (size_t i = 0; i < w->ncities; i++) {
        so_far += root((uint64_t)w->places.places[i].population);
        w->fan_ends[i] = so_far * w->nfans / total;
    }
}

static uint32_t some_place(const world *w, rng *r)
{
    return world_fan_place(w, rng_below(r, w->nfans)); /* as fans are spread, so is everything */
}

static void make_artists(world *w)
{
    w->artists = MEM_ARRAY(artist, w->nartists);
    w->artist_ends = MEM_ARRAY(uint64_t, w->nartists);
    uint64_t so_far = 0;
    for (uint32_t i = 0; i < w->nartists; i++) {
        rng r;
        world_rng(w, &r, DRAW_WORLD, MODEL_ARTISTS, i);
        artist *a = &w->artists[i];
        a->home = some_place(w, &r);
        a->ngenres = (uint8_t)rng_between(&r, 1, 3);
        for (int g = 0; g < 3; g++)
            a->genres[g] =
                (uint8_t)((rng_below(&r, 7) + (g ? a->genres[0] + 1u : rng_below(&r, 24)) + (unsigned)g * 7) %
                          24);
        /* rank^-0.75, in whole numbers */
        uint64_t x = (i + 8) * UINT64_C(1000000) / (uint64_t)w->nartists;
        a->weight =
            (uint32_t)(UINT64_C(4000000000) / (root(x * 1000000) * root(root(x * 1000000)) / 1000 + 1) + 1);
        a->price = (uint32_t)(1500 + rng_below(&r, 2500) + (i < w->nartists / 10 ? rng_below(&r, 8000) : 0));
        plan p = world_plan(w, MODEL_ARTISTS, i);
        a->bad = world_bad(w, MODEL_ARTISTS, &p);
        so_far += a->weight;
        w->artist_ends[i] = so_far;
        if (i == 0)
            for (uint32_t c = 0; c < w->places.n; c++)
                if (strcmp(w->places.places[c].name, "Austin") == 0)
                    a->home = c;
    }
}

static void make_venues(world *w)
{
    w->venues = MEM_ARRAY(venue, w->nvenues);
    w->venue_order = MEM_ARRAY(uint32_t, w->nvenues);
    w->venue_starts = MEM_ARRAY(uint32_t, w->places.n + 1);
    for (uint32_t i = 0; i < w->nvenues; i++) {
        rng r;
        world_rng(w, &r, DRAW_WORLD, MODEL_VENUES, i);
        venue *v = &w->venues[i];
        plan p = world_plan(w, MODEL_VENUES, i);
        do
            v->place = some_place(w, &r);
        while (p.kinds & world_bit(w, VENUE_CITY_GUESSED) && !w->places.places[v->place].misspellable);
        uint64_t u = rng_below(&r, 1000);
        v->capacity = (uint32_t)(50 + u / 8 + u * u * u / 2000000) / 10 *
                      10; /* clubs and theatres: the orders fill a quarter of them */
        v->bad = world_bad(w, MODEL_VENUES, &p);
        w->venue_starts[v->place + 1]++;
    }
    for (size_t c = 0; c < w->places.n; c++)
        w->venue_starts[c + 1] += w->venue_starts[c];
    uint32_t *at = MEM_ARRAY(uint32_t, w->places.n);
    for (uint32_t i = 0; i < w->nvenues; i++) {
        uint32_t c = w->venues[i].place;
        w->venue_order[w->venue_starts[c] + at[c]++] = i;
    }
    free(at);
}

static int64_t apart(const place *a, const place *b)
{
    int64_t y = a->lat - b->lat, x = (a->lng - b->lng) * 3 / 4;
    return (int64_t)root((uint64_t)(y * y + x * x));
}

/* Where the tour goes next: of some places with venues the nearest that is not the last. */
static uint32_t next_venue(const world *w, rng *r, uint32_t from_place, bool artist_bad)
{
    uint32_t best = NOT_ONE;
    int64_t best_apart = INT64_MAX;
    for (int i = 0; i < 12; i++) {
        uint32_t v = (uint32_t)rng_below(r, w->nvenues);
        if (w->venues[v].place == from_place || (artist_bad && w->venues[v].bad))
            continue;
        int64_t d = apart(&w->places.places[from_place], &w->places.places[w->venues[v].place]);
        if (d < best_apart) {
            best = v;
            best_apart = d;
        }
    }
    return best;
}

static show draw_status(const world *w, rng *r, const concert *c)
{
    if (rng_chance(r, 250))
        return SHOW_CANCELLED;
    if (c->day < w->today)
        return SHOW_PLAYED;
    if (c->sale_day > w->today)
        return rng_chance(r, 1500) ? SHOW_DRAFT : SHOW_ANNOUNCED;
    return rng_chance(r, 1500) ? SHOW_SOLD_OUT : rng_chance(r, 200) ? SHOW_POSTPONED : SHOW_ON_SALE;
}

static void add_concert(world *w, rng *r, uint32_t a, uint32_t v, uint32_t t, int32_t day)
{
    uint64_t index = w->nconcerts;
    concert *c = &w->concerts[w->nconcerts++];
    *c = (concert){.artist = a, .venue = v, .tour = t, .day = day};
    c->minute = (int16_t)(18 * 60 + 15 * rng_below(r, 15));
    c->sale_day = day - (int32_t)rng_between(r, 25, 150);
    c->status = (uint8_t)draw_status(w, r, c);
    plan p = world_plan(w, MODEL_CONCERTS, index);
    c->bad = w->artists[a].bad || w->venues[v].bad || world_bad(w, MODEL_CONCERTS, &p);
}

/* From early 2016 to half a year from now; more in later years. */
static int32_t some_day(const world *w, rng *r)
{
    int32_t from = time_days(2016, 1, 10);
    uint64_t span = (uint64_t)(w->today + 200 - from);
    uint64_t a = rng_below(r, span), b = rng_below(r, span);
    return from + (int32_t)(a > b ? a : b);
}

static void make_tour(world *w, uint32_t index, size_t wanted)
{
    rng r;
    world_rng(w, &r, DRAW_WORLD, MODEL_TOURS, index);
    tour *t = &w->tours[index];
    t->artist = world_some_artist(w, &r);
    t->first = (uint32_t)w->nconcerts;
    uint32_t at = w->artists[t->artist].home;
    int32_t day = some_day(w, &r);
    size_t stops = (size_t)rng_between(&r, 7, 20);
    for (size_t tries = 0; t->n < stops && w->nconcerts < wanted && tries < stops * 4; tries++) {
        uint32_t v = next_venue(w, &r, at, w->artists[t->artist].bad);
        day += (int32_t)rng_between(&r, 1, 3);
        if (v == NOT_ONE || !world_take_day(w, t->artist, v, day))
            continue;
        add_concert(w, &r, t->artist, v, index, day);
        at = w->venues[v].place;
        t->n++;
    }
    plan p = world_plan(w, MODEL_TOURS, index);
    t->bad = w->artists[t->artist].bad || world_bad(w, MODEL_TOURS, &p);
}

static void make_concerts(world *w, size_t wanted)
{
    w->concerts = MEM_ARRAY(concert, wanted);
    w->tours = MEM_ARRAY(tour, w->ntours);
    for (uint32_t i = 0; i < w->ntours; i++)
        make_tour(w, i, wanted);
    rng r;
    world_rng(w, &r, DRAW_WORLD, MODEL_CONCERTS, 0);
    while (w->nconcerts < wanted) {
        uint32_t a = world_some_artist(w, &r), v = (uint32_t)rng_below(&r, w->nvenues);
        int32_t day = some_day(w, &r);
        if (!(w->artists[a].bad && w->venues[v].bad) && world_take_day(w, a, v, day))
            add_concert(w, &r, a, v, NOT_ONE, day);
    }
}

/* Orders go by popularity, by what the city likes, and by the room; none before the sale began. */
static void spread_orders(world *w)
{
    uint64_t total = 0, so_far = 0;
    uint64_t *weights = MEM_ARRAY(uint64_t, w->nconcerts);
    for (uint32_t i = 0; i < w->nconcerts; i++) {
        const concert *c = &w->concerts[i];
        if (c->sale_day < w->today && c->status != SHOW_DRAFT)
            weights[i] = root(w->artists[c->artist].weight) *
                             world_liking(w, w->venues[c->venue].place, c->artist) *
                             root(w->venues[c->venue].capacity) / 100 +
                         1;
        total += weights[i];
    }
    double share = total ? (double)w->norders / (double)total : 0;
    for (uint32_t i = 0; i < w->nconcerts; i++) {
        w->concerts[i].orders_before = (uint64_t)((double)so_far * share);
        so_far += weights[i];
    }
    if (!total)
        w->norders = 0;
    free(weights);
}

bool world_init(world *w, const demo_spec *spec, err *e)
{
    *w = (world){.seed = spec->seed};
    if (!(spec->scale >= 0.01 && spec->scale <= 1000))
        return err_set(e, ERR_USAGE, "the scale of a demo is between 0.01 and 1000, and not %g", spec->scale);
    if (!time_parse_date(spec->today ? spec->today : DEMO_TODAY, &w->today, e))
        return err_wrap(e, "today");
    if (w->today < time_days(2017, 1, 1))
        return err_set(e, ERR_USAGE,
                       "the demo's history begins in 2016, so its today must be in 2017 or later");
    make_kinds(w);
    w->nartists = scaled(spec->scale, 300, 12);
    w->nvenues = scaled(spec->scale, 400, 16);
    w->nfans = scaled(spec->scale, 20000, 200);
    w->norders = scaled(spec->scale, 60000, 600);
    w->ntours = scaled(spec->scale, 150, 3);
    w->nbookings = scaled(spec->scale, 4000, 40);
    size_t cities = scaled(spec->scale, 600, 60), most = 2400; /* the gazetteer ends somewhere */
    if (!places_init(&w->places, cities < most ? cities : most, e))
        return false;
    make_cities(w);
    make_artists(w);
    make_venues(w);
    make_concerts(w, scaled(spec->scale, 3000, 30));
    spread_orders(w);
    return true;
}

void world_done(world *w)
{
    places_done(&w->places);
    free(w->artists);
    free(w->venues);
    free(w->concerts);
    free(w->tours);
    free(w->city_bad);
    free(w->fan_ends);
    free(w->venue_starts);
    free(w->venue_order);
    free(w->artist_ends);
    keyset_done(&w->artist_days);
    keyset_done(&w->venue_days);
    *w = (world){0};
}
