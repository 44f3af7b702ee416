/* spell: how values were written over the years (shapes.h, EVERYWHERE). */
#include "base/money.h"
#include "base/time.h"
#include "demo/generate.h"
#include <stdio.h>
#include <string.h>

#define PICK(d, list) ((list)[rng_below(&(d)->r, sizeof(list) / sizeof *(list))])

const char *spell_key(const doc *d, const char *c, const char *b, const char *a)
{
    return d->era == ERA_C ? c : d->era == ERA_B ? b : a;
}

plan plan_lost(const gen *g, plan p, mess_id lost)
{
    p.kinds = world_bit(&g->w, lost);
    return p;
}

bool plan_blocked(const gen *g, mess_model m, plan p)
{
    return p.kinds & g->w.blocking[m];
}

/* ---- time ---- */

time_form spell_time_form(doc *d)
{
    uint64_t u = rng_below(&d->r, 10);
    if (d->era == ERA_C)
        return TIME_STAMP;
    if (d->era == ERA_B)
        return u < 6 ? TIME_MS : u < 9 ? TIME_ISO : TIME_STAMP;
    return u < 3 ? TIME_S : u < 5 ? TIME_ISO : u < 8 ? TIME_PLAIN : TIME_SLASH;
}

/* "2019-06-01 20:00" and "06/01/2019 8:00 PM". */
static void plain_time(int64_t us, bool slash, char out[48])
{
    int32_t day = (int32_t)(us / DAY_US);
    int minute = (int)(us % DAY_US / 60000000), hour = minute / 60;
    char date[16];
    if (slash) {
        text_slash_date(day, date);
        snprintf(out, 48, "%s %d:%02d %s", date, (hour + 11) % 12 + 1, minute % 60, hour < 12 ? "AM" : "PM");
    } else {
        text_date(day, date);
        snprintf(out, 48, "%s %02d:%02d", date, hour, minute % 60);
    }
}

static void iso_time(doc *d, int64_t us, char out[48])
{
    bool offset = rng_chance(&d->r, 3000);
    text_instant(us - (offset ? INT64_C(5) * 3600000000 : 0), out);
    if (offset)
        memcpy(out + strlen(out) - 1, "-05:00", 7);
}

void spell_time(doc *d, const char *key, int64_t us, time_form form)
{
    char text[48];
    switch (form) {
    case TIME_STAMP:
        doc_t(d, key, us);
        return;
    case TIME_MS:
        doc_i(d, key, us / 1000);
        return;
    case TIME_S:
        doc_i(d, key, us / 1000000);
        return;
    case TIME_ISO:
        iso_time(d, us, text);
        break;
    case TIME_PLAIN:
    case TIME_SLASH:
        plain_time(us, form == TIME_SLASH, text);
        break;
    }
    doc_s(d, key, text);
}

void spell_time_usual(doc *d, const char *key, int64_t us)
{
    spell_time(d, key, us, spell_time_form(d));
}

void spell_bad_time(doc *d, const char *key)
{
    static const char *const bad[] = {"TBA", "tbd", "soon", "0000-00-00", "2019-02-30", "next Friday"};
    doc_s(d, key, PICK(d, bad));
}

/* ---- cities ---- */

uint32_t spell_misspellable(const gen *g, uint32_t at)
{
    const places *p = &g->w.places;
    while (!p->places[at].misspellable)
        at = (uint32_t)((at + 1) % p->n);
    return at;
}

static void city_text(doc *d, const char *key, const place *p, const char *name)
{
    char text[256];
    if (strcmp(p->country, "US") == 0)
        snprintf(text, sizeof text, rng_chance(&d->r, 2000) ? "%s, %s, USA" : "%s, %s", name, p->state);
    else
        snprintf(text, sizeof text, "%s, %s", name, p->country_name);
    if (rng_chance(&d->r, 500))
        for (char *c = text; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    doc_s(d, key, text);
}

static void city_map(doc *d, const char *key, const place *p, const char *name)
{
    doc_map(d, key);
    doc_s(d, rng_chance(&d->r, 3000) ? "city" : "name", name);
    if (strcmp(p->country, "US") == 0)
        doc_s(d, "state", p->state);
    doc_s(d, "country", p->country);
    doc_map_end(d);
}

/* Only venues and fans ever had a cityId. */
static void city_reference(gen *g, doc *d, const char *key, const char *id)
{
    char path[96];
    bool plain = d->first == g->w.first[MODEL_VENUES] || d->first == g->w.first[MODEL_FANS];
    snprintf(path, sizeof path, "cities/%s", id);
    if (plain && rng_chance(&d->r, 2000))
        doc_s(d, "cityId", id);
    else
        doc_r(d, key, path);
}

void spell_city(gen *g, doc *d, const char *key, uint32_t at, city_state state)
{
    const place *p = &g->w.places.places[at];
    char wrong[128], id[64];
    const char *name = p->name;
    uint64_t u = rng_below(&d->r, 10);
    if (state == CITY_GUESSED && places_misspell(d->places, p, &d->r, wrong))
        name = wrong;
    if (state == CITY_NOWHERE) {
        name = places_nowhere(d->places, p, &d->r);
        if (u < 3) {
            snprintf(id, sizeof id, "nowhere-%04u-us", (unsigned)rng_below(&d->r, 10000));
            city_reference(g, d, key, id);
            return;
        }
    }
    if (state == CITY_FINE && d->era == ERA_C && u < 7 && !g->w.city_bad[at]) {
        world_city_id(&g->w, at, id);
        city_reference(g, d, key, id);
    } else if (d->era == ERA_A || (d->era == ERA_B && u < 5)) {
        city_text(d, key, p, name);
    } else {
        city_map(d, key, p, name);
    }
}

/* ---- small things ---- */

void spell_yes(doc *d, const char *key, bool yes, bool text)
{
    static const char *const words[2][4] = {{"no", "false", "N", "0"}, {"yes", "true", "Y", "1"}};
    if (!text)
        doc_b(d, key, yes);
    else if (rng_chance(&d->r, 4000))
        doc_i(d, key, yes);
    else
        doc_s(d, key, words[yes][rng_below(&d->r, 4)]);
}

void spell_email(doc *d, const char *key, const char *address, bool mixed)
{
    char out[192];
    bool spaces = mixed && rng_chance(&d->r, 5000);
    snprintf(out, sizeof out, spaces ? " %s  " : "%s", address);
    if (mixed)
        for (size_t i = spaces; out[i]; i++)
            if ((i == (size_t)spaces || rng_chance(&d->r, 3000)) && out[i] >= 'a' && out[i] <= 'z')
                out[i] = (char)(out[i] - 32);
    doc_s(d, key, out);
}

void spell_bad_email(doc *d, const char *key)
{
    static const char *const bad[] = {"not an e-mail",      "fan@", "a@@example.com",
                                      "joe at example.com", "n/a",  "@example.com"};
    doc_s(d, key, PICK(d, bad));
}

void spell_bad_currency(doc *d, const char *key)
{
    static const char *const bad[] = {"US$", "Dollars", "XXX", "euro"};
    doc_s(d, key, PICK(d, bad));
}

void spell_control(doc *d, const char *key, const char *name)
{
    static const char *const controls[] = {"\x07", "\x1b[31m", "\x01", "\x7f", "\x0b"};
    char out[256];
    size_t cut = 1; /* behind the first character, wherever that ends */
    while (name[cut] && ((unsigned char)name[cut] & 0xc0) == 0x80)
        cut++;
    snprintf(out, sizeof out, "%.*s%s%s", (int)cut, name, PICK(d, controls), name + cut);
    doc_s(d, key, out);
}

void spell_phone(doc *d, const char *key, const char *country, bool *ret_national)
{
    char out[48];
    unsigned area = (unsigned)rng_between(&d->r, 201, 989), line = (unsigned)rng_below(&d->r, 100);
    *ret_national = false;
    if (strcmp(country, "GB") == 0) {
        snprintf(out, sizeof out, "+44 20 7946 0%03u",
                 (unsigned)rng_below(&d->r, 1000)); /* Ofcom's range for drama */
    } else if (d->era == ERA_C) {
        snprintf(out, sizeof out, "+1%03u55501%02u", area, line);
    } else {
        snprintf(out, sizeof out, rng_chance(&d->r, 5000) ? "(%03u) 555-01%02u" : "1-%03u-555-01%02u", area,
                 line);
        *ret_national = true;
    }
    doc_s(d, key, out);
}

void spell_parent(doc *d, const char *c, const char *b, const char *a, const char *path)
{
    const char *id = strrchr(path, '/') + 1;
    if (d->era == ERA_C)
        doc_r(d, c, path);
    else
        doc_s(d, spell_key(d, c, b, a), d->era == ERA_A && rng_chance(&d->r, 2000) ? path : id);
}

/* ---- money ---- */

unsigned spell_digits(const char *currency)
{
    return (unsigned)money_digits(currency);
}

money_form spell_money_form(doc *d, bool bare)
{
    if (d->era == ERA_C)
        return bare ? MONEY_CENTS : MONEY_MAP;
    if (d->era == ERA_B)
        return MONEY_CENTS;
    return rng_chance(&d->r, 5000) ? MONEY_NUMBER : MONEY_TEXT;
}

static void money_text(doc *d, const char *key, int64_t minor, const char *currency, bool bare)
{
    char plain[32], out[64];
    unsigned digits = spell_digits(currency);
    text_decimal(minor, digits, true, plain);
    bool coin = rng_chance(&d->r, 6000);
    if (bare) {
        snprintf(out, sizeof out, "%s", plain);
    } else if (coin && strcmp(currency, "USD") == 0) {
        char whole[32];
        text_grouped(minor / 100, whole);
        snprintf(out, sizeof out, "$%s.%02d", whole, (int)(minor % 100));
    } else if (coin && strcmp(currency, "EUR") == 0) {
        snprintf(out, sizeof out, "%d,%02d €", (int)(minor / 100), (int)(minor % 100));
    } else if (coin && (strcmp(currency, "GBP") == 0 || strcmp(currency, "JPY") == 0)) {
        snprintf(out, sizeof out, "%s%s", strcmp(currency, "GBP") == 0 ? "£" : "¥", plain);
    } else {
        snprintf(out, sizeof out, "%s %s", currency, plain);
    }
    doc_s(d, key, out);
}

void spell_money(doc *d, const char *key, const char *key_cents, int64_t minor, const char *currency,
                 money_form form, bool bare)
{
    unsigned digits = spell_digits(currency);
    int64_t unit = digits == 2 ? 100 : 1;
    switch (form) {
    case MONEY_MAP:
        doc_map(d, key);
        doc_i(d, "amount", minor);
        doc_s(d, "currency", currency);
        doc_map_end(d);
        return;
    case MONEY_CENTS:
        doc_i(d, key_cents, minor);
        return;
    case MONEY_NUMBER:
        if (minor % unit == 0) /* JavaScript's 50.0 is an integer to Firestore */
            doc_i(d, key, minor / unit);
        else
            doc_decimal(d, key, minor, digits);
        return;
    case MONEY_TEXT:
        money_text(d, key, minor, currency, bare);
        return;
    }
}
