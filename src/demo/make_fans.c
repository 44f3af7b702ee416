/* Fans, and whom they follow. */
#include "base/time.h"
#include "demo/generate.h"
#include <stdio.h>
#include <string.h>

enum { FOLLOWS_MOST = 12 };

static int64_t fan_made(const gen *g, uint64_t fan)
{
    rng r;
    world_rng(&g->w, &r, DRAW_TIME, MODEL_FANS, fan);
    int32_t from = time_days(2016, 1, 10);
    uint64_t span = (uint64_t)(g->w.today - 60 - from);
    uint64_t a = rng_below(&r, span), b = rng_below(&r, span);
    return (from + (int64_t)(a > b ? a : b)) * DAY_US + (int64_t)rng_below(&r, 24 * 60) * 60000000;
}

static bool is_double(const gen *g, uint64_t fan)
{
    return world_plan(&g->w, MODEL_FANS, fan).kinds & world_bit(&g->w, FAN_DUPLICATE);
}

/* The second of a pair sorts behind the first, by path and by time. */
void fan_path(const gen *g, uint64_t fan, char out[96])
{
    bool twin = is_double(g, fan);
    world_path(&g->w, MODEL_FANS, twin ? fan - 1 : fan, out);
    if (twin)
        strcat(out, "2");
}

void fan_address(const gen *g, uint64_t fan, char out[96])
{
    static const char *const hosts[] = {"example.com", "example.org", "example.net"};
    person p;
    world_person(&g->w, fan, &p);
    snprintf(out, 96, "%s.%s%llu@%s", p.given_ascii, p.family_ascii, (unsigned long long)fan,
             hosts[key_pair(g->w.seed, fan) % 3]);
}

void fan_name(const gen *g, uint64_t fan, char out[128])
{
    person p;
    world_person(&g->w, fan, &p);
    snprintf(out, 128, "%s %s", p.family_first ? p.family : p.given, p.family_first ? p.given : p.family);
}

typedef struct fan_arg {
    uint64_t index, person; /* a double is the person of the one in front of it */
} fan_arg;

static void fan_named(doc *d, const person *p, const char *name)
{
    const char *key = spell_key(d, "displayName", "name", "name");
    char out[192];
    if (p->rtl)
        doc_note(d, FAN_RTL);
    if (doc_take(d, FAN_CONTROL)) {
        spell_control(d, key, name);
    } else if (doc_take(d, FAN_BIDI)) {
        snprintf(out, sizeof out, "\xe2\x80\xae%s", name);
        doc_s(d, key, out);
    } else if (doc_take(d, FAN_EMOJI)) {
        snprintf(out, sizeof out, "%s %s", name, words_pick(&words_emoji, &d->r));
        doc_s(d, key, out);
    } else if (d->era == ERA_B && !p->family_first) {
        doc_s(d, "firstName", p->given);
        doc_s(d, "lastName", p->family);
    } else {
        doc_s(d, key, name);
    }
}

static void fan_contact(const gen *g, doc *d, const fan_arg *f, const char *country)
{
    const char *mail = spell_key(d, "email", "email", "mail"),
               *tel = spell_key(d, "phone", "phoneNumber", "tel");
    char address[96];
    bool national = false, twin = doc_take(d, FAN_DUPLICATE);
    fan_address(g, f->person, address);
    if (doc_take(d, FAN_BAD_EMAIL))
        spell_bad_email(d, mail);
    else
        spell_email(d, mail, address, doc_take(d, FAN_EMAIL_CASE) || twin);
    if (doc_take(d, FAN_BAD_PHONE))
        doc_s(d, tel, rng_chance(&d->r, 5000) ? "call me" : "555");
    else if (rng_chance(&d->r, 4000))
        spell_phone(d, tel, country, &national);
    if (national)
        doc_note(d, FAN_PHONE_NATIONAL);
}

static void fan_birth(doc *d)
{
    int year = (int)(1950 + rng_below(&d->r, 58));
    char text[32];
    if (doc_take(d, FAN_BAD_BIRTH)) {
        if (d->era == ERA_C)
            doc_i(d, "birthYear", 19870);
        else
            doc_s(d, spell_key(d, "", "birthDate", "yearOfBirth"), "unknown");
    } else if (rng_chance(&d->r, 5000)) {
        return;
    } else if (d->era == ERA_C) {
        doc_i(d, "birthYear", year);
    } else if (d->era == ERA_B) {
        text_date(time_days(year, 1, 1) + (int32_t)rng_below(&d->r, 365), text);
        doc_s(d, "birthDate", text);
    } else {
        snprintf(text, sizeof text, "%d", year);
        doc_s(d, "yearOfBirth", text);
    }
}

static void fan_consent(doc *d)
{
    bool yes = rng_chance(&d->r, 4500);
    if (d->era == ERA_C) {
        doc_map(d, "marketing");
        doc_b(d, "consent", yes);
        doc_map_end(d);
    } else {
        spell_yes(d, spell_key(d, "", "newsletter", "optIn"), yes, d->era == ERA_A);
    }
}

static void fan_city(gen *g, doc *d, uint32_t at)
{
    const char *key = spell_key(d, "city", "city", "location");
    if (doc_take(d, FAN_CITY_GUESSED))
        spell_city(g, d, key, spell_misspellable(g, at), CITY_GUESSED);
    else
        spell_city(g, d, key, at, doc_take(d, FAN_CITY_UNKNOWN) ? CITY_NOWHERE : CITY_FINE);
}

static void fan_shape(gen *g, doc *d, const void *arg)
{
    const fan_arg *f = arg;
    uint32_t at = world_fan_place(&g->w, f->index);
    const char *created = spell_key(d, "createdAt", "created", "created_at");
    person p;
    char name[128];
    world_person(&g->w, f->person, &p);
    fan_name(g, f->person, name);
    if (d->era != ERA_C)
        doc_note(d, FAN_OLD_NAMES);
    if (doc_take(d, FAN_BAD_CREATED))
        spell_bad_time(d, created);
    else
        spell_time_usual(d, created, d->created_us);
    if (doc_take(d, FAN_ERASED)) {
        doc_t(d, "erasedAt", d->created_us + 30 * DAY_US);
        return;
    }
    fan_city(g, d, at);
    fan_birth(d);
    fan_consent(d);
    if (doc_take(d, FAN_NOBODY)) {
        doc_null(d, spell_key(d, "email", "email", "mail"));
        return;
    }
    if (!doc_take(d, FAN_NO_FULL_NAME))
        fan_named(d, &p, name);
    fan_contact(g, d, f, g->w.places.places[at].country);
}

/* ---- follows ---- */

typedef struct follow_arg {
    const char *artist; /* path */
    bool by_id;         /* the document's id is the artist's: no field needed */
    int64_t followed_us;
} follow_arg;

static void follow_shape(gen *g, doc *d, const void *arg)
{
    const follow_arg *f = arg;
    (void)g;
    const char *since = spell_key(d, "followedAt", "since", "ts");
    doc_take(d, FOLLOW_NO_ARTIST);
    doc_take(d, FOLLOW_TWICE);
    doc_take(d, FOLLOW_LOST_ARTIST);
    doc_take(d, FOLLOW_LOST_FAN);
    if (!f->by_id) {
        spell_parent(d, "artist", "artistId", "artistId", f->artist);
        doc_note(d, FOLLOW_OLD_NAMES);
    }
    if (doc_take(d, FOLLOW_BAD_TIME))
        spell_bad_time(d, since);
    else
        spell_time_usual(d, since, f->followed_us);
    if (doc_take(d, FOLLOW_BAD_CONSENT))
        doc_s(d, spell_key(d, "consent", "consent", "mayContact"), "ask again");
    else
        spell_yes(d, spell_key(d, "consent", "consent", "mayContact"), rng_chance(&d->r, 5500),
                  d->era == ERA_A);
    static const char *const sources[] = {"app", "web", "spotify", "presale", "import"};
    doc_s(d, spell_key(d, "source", "source", "via"), sources[rng_below(&d->r, 5)]);
}

typedef struct following {
    uint64_t fan, index; /* index of the follow in its model */
    const char *fan_path;
    bool fan_lost;
    rng r;
    uint32_t chosen[FOLLOWS_MOST];
    unsigned n;
} following;

/* An artist this fan does not follow yet: by fame and by what the city likes. NOT_ONE: none found. */
static uint32_t choose_artist(const gen *g, following *f)
{
    uint32_t at = world_fan_place(&g->w, f->fan < g->w.nfans ? f->fan : 0);
    for (int tries = 0; tries < 24; tries++) {
        uint32_t a = world_some_artist(&g->w, &f->r);
        bool known = tries < 16 && rng_below(&f->r, 1000) >= world_liking(&g->w, at, a);
        for (unsigned i = 0; i < f->n && !known; i++)
            known = f->chosen[i] == a;
        if (!known &&
            !(f->fan_lost && g->w.artists[a].bad)) /* two losses in one document would be two issues */
            return a;
    }
    return NOT_ONE;
}

/* The same pair again: later, and behind it by path. */
static bool follow_again(gen *g, const following *f, const char *path, follow_arg arg, uint64_t index)
{
    char twice[192];
    plan p = {world_bit(&g->w, FOLLOW_TWICE), FATE_STAYS};
    snprintf(twice, sizeof twice, "%s2", path);
    arg.by_id = false;
    arg.followed_us += (1 + (int64_t)(f->fan % 20)) * DAY_US;
    return gen_emit(g, MODEL_FOLLOWS, twice, index | UINT64_C(1) << 38, p, arg.followed_us, follow_shape,
                    &arg);
}

static bool make_follow(gen *g, following *f, int64_t fan_us)
{
    uint32_t a = choose_artist(g, f);
    if (a == NOT_ONE)
        return true;
    f->chosen[f->n++] = a;
    plan p = world_plan(&g->w, MODEL_FOLLOWS, f->index);
    if (f->fan_lost)
        p = plan_lost(g, p, FOLLOW_LOST_FAN);
    else if (g->w.artists[a].bad)
        p = plan_lost(g, p, FOLLOW_LOST_ARTIST);
    bool nobody = p.kinds & world_bit(&g->w, FOLLOW_NO_ARTIST);
    char artist_path[64], path[160], id[24];
    world_path(&g->w, MODEL_ARTISTS, nobody ? WORLD_NEVER + f->index : a, artist_path);
    world_id(&g->w, MODEL_FOLLOWS, f->index, id);
    int64_t us = fan_us + (int64_t)rng_below(&f->r, 25 * 24 * 60) * 60000000;
    follow_arg arg = {artist_path, us >= time_days(2022, 1, 1) * DAY_US, us};
    snprintf(path, sizeof path, "%s/follows/%s", f->fan_path, arg.by_id ? strrchr(artist_path, '/') + 1 : id);
    if (!gen_emit(g, MODEL_FOLLOWS, path, f->index, p, us, follow_shape, &arg))
        return false;
    bool clean = !world_bad(&g->w, MODEL_FOLLOWS, &p) && !(p.kinds & world_bit(&g->w, FOLLOW_BAD_TIME));
    return !clean || !rng_chance(&f->r, mess_kinds[FOLLOW_TWICE].per_10000) ||
           follow_again(g, f, path, arg, f->index);
}

static bool make_follows(gen *g, following *f, int64_t fan_us)
{
    world_rng(&g->w, &f->r, DRAW_WORLD, MODEL_FOLLOWS, f->fan);
    uint64_t u = rng_below(&f->r, 100);
    unsigned n = u < 30 ? 0 : u < 55 ? 1 : u < 72 ? 2 : u < 84 ? 3 : (unsigned)rng_between(&f->r, 4, 9);
    for (unsigned i = 0; i < n; i++) {
        if (!make_follow(g, f, fan_us))
            return false;
        f->index++;
    }
    f->n = 0;
    return true;
}

/* Sub-collections outlive their parents in Firestore: follows under fans that were never there. */
static bool make_orphans(gen *g, uint64_t *index)
{
    for (uint64_t i = 0; i < g->w.nfans / 1000 + 1; i++) {
        char path[64];
        following f = {.fan = WORLD_NEVER + i, .index = *index, .fan_path = path, .fan_lost = true};
        world_path(&g->w, MODEL_FANS, f.fan, path);
        if (!make_follows(g, &f, time_days(2018, 5, 1) * DAY_US + (int64_t)i * 3600000000))
            return false;
        *index = f.index;
    }
    return true;
}

bool make_fans(gen *g)
{
    uint64_t index = 0;
    for (uint64_t i = 0; i < g->w.nfans; i++) {
        char path[96];
        plan p = world_plan(&g->w, MODEL_FANS, i);
        bool twin = p.kinds & world_bit(&g->w, FAN_DUPLICATE);
        fan_arg arg = {i, twin ? i - 1 : i};
        int64_t us = twin ? fan_made(g, i - 1) + (1 + (int64_t)(i % 40)) * DAY_US : fan_made(g, i);
        fan_path(g, i, path);
        if (!gen_emit(g, MODEL_FANS, path, i, p, us, fan_shape, &arg))
            return false;
        following f = {
            .fan = i, .index = index, .fan_path = path, .fan_lost = world_bad(&g->w, MODEL_FANS, &p)};
        if (!make_follows(g, &f, us))
            return false;
        index = f.index;
    }
    return make_orphans(g, &index);
}
