/* The places: added one by one, strings kept once, looked up by number, key and geonameid. */
#include "city/private.h"

#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- strings kept once ---- */

static uint64_t hash_bytes(const char *s, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)s[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

static void pool_grow(pool *p)
{
    size_t nslots = p->nslots ? p->nslots * 2 : 1024;
    uint32_t *slots = MEM_ARRAY(uint32_t, nslots);
    for (size_t i = 0; i < p->nslots; i++) {
        if (!p->slots[i])
            continue;
        const char *s = p->text.data + p->slots[i] - 1;
        size_t at = hash_bytes(s, strlen(s)) & (nslots - 1);
        while (slots[at])
            at = (at + 1) & (nslots - 1);
        slots[at] = p->slots[i];
    }
    free(p->slots);
    p->slots = slots;
    p->nslots = nslots;
}

uint32_t pool_add(pool *p, const char *s, size_t n)
{
    if (p->n * 3 >= p->nslots * 2)
        pool_grow(p);
    size_t at = hash_bytes(s, n) & (p->nslots - 1);
    for (; p->slots[at]; at = (at + 1) & (p->nslots - 1)) {
        const char *known = p->text.data + p->slots[at] - 1;
        if (strncmp(known, s, n) == 0 && known[n] == 0)
            return p->slots[at] - 1;
    }
    uint32_t offset = (uint32_t)p->text.len;
    buf_add(&p->text, s, n);
    buf_char(&p->text, 0);
    p->slots[at] = offset + 1;
    p->n++;
    return offset;
}

/* What a terminated string is up to a NUL inside it. */
static uint32_t word(cities *c, const char *s)
{
    return pool_add(&c->words, s ? s : "", s ? strlen(s) : 0);
}

static uint16_t small_word(cities *c, const char *s)
{
    uint32_t offset = word(c, s);
    for (size_t i = c->nsmall; i-- > 0;)
        if (c->small[i] == offset)
            return (uint16_t)i;
    if (c->nsmall >= UINT16_MAX)
        return 0;
    MEM_ROOM(c->small, c->nsmall, c->capsmall);
    c->small[c->nsmall] = offset;
    return (uint16_t)c->nsmall++;
}

/* ---- life ---- */

cities *cities_new(void)
{
    cities *c = MEM_NEW(cities);
    buf_init(&c->words.text);
    buf_init(&c->raw_text);
    word(c, ""); /* offset 0 */
    small_word(c, "");
    cities_home(c, "US");
    return c;
}

void cities_free(cities *c)
{
    if (!c)
        return;
    buf_done(&c->words.text);
    buf_done(&c->raw_text);
    free(c->words.slots);
    free(c->small);
    free(c->places);
    free(c->by_geonameid);
    free(c->areas);
    free(c->area_slots);
    free(c->group_area);
    free(c->regions);
    free(c->raw);
    free(c->text);
    free(c->key_text);
    free(c->key_place);
    free(c->key_len);
    free(c->key_kind);
    free(c->key_lcp);
    free(c->weight);
    sphere_free(c->points);
    free(c);
}

void cities_home(cities *c, const char *country)
{
    snprintf(c->home, sizeof c->home, "%s", country);
}

/* ---- areas ---- */

static size_t area_hash(const area *a)
{
    uint64_t h = a->country * 0x9e3779b97f4a7c15u;
    h = (h ^ a->admin1) * 0x9e3779b97f4a7c15u;
    h = (h ^ a->admin1_name) * 0x9e3779b97f4a7c15u;
    h = (h ^ a->country_name) * 0x9e3779b97f4a7c15u;
    return (size_t)(h >> 32);
}

static void areas_grow(cities *c)
{
    free(c->area_slots);
    c->narea_slots = c->narea_slots ? c->narea_slots * 2 : 512;
    c->area_slots = MEM_ARRAY(uint32_t, c->narea_slots);
    for (size_t i = 0; i < c->nareas; i++) {
        size_t at = area_hash(&c->areas[i]) & (c->narea_slots - 1);
        while (c->area_slots[at])
            at = (at + 1) & (c->narea_slots - 1);
        c->area_slots[at] = (uint32_t)i + 1;
    }
}

static uint32_t area_of(cities *c, const city_place *p)
{
    area a = {word(c, p->country), word(c, p->country_name), word(c, p->admin1), word(c, p->admin1_name), 0};
    if (c->nareas * 2 >= c->narea_slots)
        areas_grow(c);
    size_t at = area_hash(&a) & (c->narea_slots - 1);
    for (; c->area_slots[at]; at = (at + 1) & (c->narea_slots - 1)) {
        const area *k = &c->areas[c->area_slots[at] - 1];
        if (k->country == a.country && k->admin1 == a.admin1 && k->admin1_name == a.admin1_name &&
            k->country_name == a.country_name)
            return c->area_slots[at] - 1;
    }
    MEM_ROOM(c->areas, c->nareas, c->capareas);
    c->areas[c->nareas++] = a;
    c->area_slots[at] = (uint32_t)c->nareas;
    return (uint32_t)c->nareas - 1;
}

/* ---- adding ---- */

static size_t number_slot(const cities *c, int32_t geonameid)
{
    size_t at = ((uint32_t)geonameid * 0x9e3779b1u) & (c->nslots - 1);
    while (c->by_geonameid[at] && c->places[c->by_geonameid[at] - 1].geonameid != geonameid)
        at = (at + 1) & (c->nslots - 1);
    return at;
}

static void number_add(cities *c, size_t place_at)
{
    if (c->n * 2 >= c->nslots) {
        free(c->by_geonameid);
        c->nslots = c->nslots ? c->nslots * 2 : 1024;
        c->by_geonameid = MEM_ARRAY(uint32_t, c->nslots);
        for (size_t i = 0; i < place_at; i++)
            if (c->places[i].geonameid)
                c->by_geonameid[number_slot(c, c->places[i].geonameid)] = (uint32_t)i + 1;
    }
    if (c->places[place_at].geonameid)
        c->by_geonameid[number_slot(c, c->places[place_at].geonameid)] = (uint32_t)place_at + 1;
}

size_t fold_into(char *out, size_t size, const char *s, size_t n)
{
    buf b;
    buf_init(&b);
    text_fold(&b, s, n);
    size_t len = b.len < size ? b.len : size - 1;
    while (len < b.len && len > 0 && ((uint8_t)b.data[len] & 0xc0) == 0x80)
        len--;
    while (len > 0 && b.data[len - 1] == ' ')
        len--;
    memcpy(out, b.data, len);
    out[len] = 0;
    buf_done(&b);
    return len;
}

static void add_name(cities *c, uint32_t at, const char *name, uint8_t kind)
{
    char folded[MOST_NAME];
    size_t n = fold_into(folded, sizeof folded, name, strlen(name));
    if (n)
        keys_add(c, at, folded, n, kind);
}

void cities_add(cities *c, const city_place *p)
{
    char own[16];
    if (p->geonameid && cities_by_geonameid(c, p->geonameid) != SIZE_MAX)
        return;
    snprintf(own, sizeof own, "g%d", (int)p->geonameid);
    bool same = !p->ascii || !p->ascii[0] || strcmp(p->ascii, p->name) == 0;
    MEM_ROOM(c->places, c->n, c->cap);
    c->places[c->n] = (place){
        .geonameid = p->geonameid,
        .id = p->id && strcmp(p->id, own) != 0 ? word(c, p->id) : 0,
        .name = word(c, p->name),
        .ascii = same ? 0 : word(c, p->ascii),
        .area = area_of(c, p),
        .time_zone = small_word(c, p->time_zone),
        .feature = small_word(c, p->feature),
        .population = p->population,
        .latitude = p->latitude,
        .longitude = p->longitude,
    };
    number_add(c, c->n);
    c->n++;
    add_name(c, (uint32_t)c->n - 1, p->name, 0);
    if (!same)
        add_name(c, (uint32_t)c->n - 1, p->ascii, 0);
}

/* Three capitals are a code ("PHL"); ASCII without any capital is how another script sounds ("lndn"). */
static uint8_t kind_of(const char *name)
{
    size_t capitals = 0, n = strlen(name);
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)name[i] >= 0x80)
            return KEY_OTHER;
        capitals += name[i] >= 'A' && name[i] <= 'Z';
    }
    return (uint8_t)(KEY_OTHER | (n == 3 && capitals == 3 ? KEY_CODE : 0) | (capitals ? 0 : KEY_WEAK));
}

void cities_add_name(cities *c, int32_t geonameid, const char *name)
{
    size_t at = cities_by_geonameid(c, geonameid);
    if (at != SIZE_MAX)
        add_name(c, (uint32_t)at, name, kind_of(name));
}

/* ---- the end of building ---- */

static void weigh(cities *c)
{
    c->weight = MEM_ARRAY(float, c->n);
    for (size_t i = 0; i < c->n; i++) {
        const place *p = &c->places[i];
        bool part = strcmp(WORD(c, c->small[p->feature]), "PPLX") == 0;
        bool home = strcmp(WORD(c, c->areas[p->area].country), c->home) == 0;
        double people = p->population > 0 ? (double)p->population : 0;
        c->weight[i] = (float)(0.07 * log(people + 10) - (part ? 0.10 : 0) + (home ? 0.08 : 0));
    }
}

static void place_points(cities *c)
{
    double *latitudes = MEM_ARRAY(double, 2 * c->n), *longitudes = latitudes + c->n;
    for (size_t i = 0; i < c->n; i++) {
        latitudes[i] = c->places[i].latitude;
        longitudes[i] = c->places[i].longitude;
    }
    c->points = sphere_new(latitudes, longitudes, c->n);
    free(latitudes);
}

bool cities_ready(cities *c, stop *halt, err *e)
{
    if (c->ready)
        return true;
    regions_build(c);
    nicknames_add(c);
    if (!keys_sort(c, halt, e))
        return false;
    weigh(c);
    place_points(c);
    c->ready = true;
    return !stop_now(halt, e);
}

/* ---- reading ---- */

size_t cities_count(const cities *c)
{
    return c->n;
}

city_place cities_at(const cities *c, size_t at)
{
    const place *p = &c->places[at];
    const area *a = &c->areas[p->area];
    return (city_place){
        .geonameid = p->geonameid,
        .id = p->id ? WORD(c, p->id) : NULL,
        .name = WORD(c, p->name),
        .ascii = p->ascii ? WORD(c, p->ascii) : WORD(c, p->name),
        .admin1 = WORD(c, a->admin1),
        .admin1_name = WORD(c, a->admin1_name),
        .country = WORD(c, a->country),
        .country_name = WORD(c, a->country_name),
        .time_zone = WORD(c, c->small[p->time_zone]),
        .feature = WORD(c, c->small[p->feature]),
        .population = p->population,
        .latitude = p->latitude,
        .longitude = p->longitude,
    };
}

size_t cities_by_geonameid(const cities *c, int32_t geonameid)
{
    if (!c->nslots || geonameid <= 0)
        return SIZE_MAX;
    uint32_t found = c->by_geonameid[number_slot(c, geonameid)];
    return found ? found - 1 : SIZE_MAX;
}

size_t cities_by_id(const cities *c, const char *id)
{
    char *end;
    if (id[0] == 'g' && id[1] >= '1' && id[1] <= '9') {
        long number = strtol(id + 1, &end, 10);
        size_t at = *end == 0 && number <= INT32_MAX ? cities_by_geonameid(c, (int32_t)number) : SIZE_MAX;
        if (at != SIZE_MAX && !c->places[at].id)
            return at;
    }
    /* Keys of another form are a handful, if there are any. */
    for (size_t i = 0; i < c->n; i++)
        if (c->places[i].id && strcmp(WORD(c, c->places[i].id), id) == 0)
            return i;
    return SIZE_MAX;
}

const sphere *cities_sphere(const cities *c)
{
    return c->points;
}
