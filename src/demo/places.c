#include "demo/places.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "catalog/embedded.h"
#include "demo/zone.h"
#include <stdlib.h>
#include <string.h>

#define GAZETTEER "src/city/cities15k.tsv"

static const struct {
    const char *country, *currency;
    unsigned share; /* of 100 places */
} countries[] = {
    {"US", "USD", 66}, {"CA", "CAD", 7}, {"GB", "GBP", 7}, {"DE", "EUR", 5},
    {"FR", "EUR", 4},  {"ES", "EUR", 4}, {"MX", "MXN", 3}, {"JP", "JPY", 4},
};
enum { COUNTRIES = sizeof countries / sizeof *countries };

static int country_find(const char *code)
{
    for (int i = 0; i < COUNTRIES; i++)
        if (strcmp(countries[i].country, code) == 0)
            return i;
    return -1;
}

const char *place_currency(const place *p)
{
    int i = country_find(p->country);
    return i < 0 ? "USD" : countries[i].currency;
}

/* The consonants of a folded name, runs of one letter made one. */
static void sound(const char *folded, size_t n, buf *out)
{
    buf_clear(out);
    for (size_t i = 0; i < n; i++) {
        char c = folded[i];
        if (c < 'a' || c > 'z' || strchr("aeiouy", c))
            continue;
        if (out->len && out->data[out->len - 1] == c)
            continue;
        buf_char(out, c);
    }
}

/* Where a name must be unique: the state in the US, else the country. */
static uint64_t scope(const place *p)
{
    uint64_t country = key_text(p->country, strlen(p->country), 7);
    return strcmp(p->country, "US") == 0 ? key_text(p->state, strlen(p->state), country) : country;
}

typedef struct scratch {
    buf folded, sound;
} scratch;

static uint64_t name_key(const place *p, const char *name, scratch *s)
{
    buf_clear(&s->folded);
    text_fold(&s->folded, name, strlen(name));
    return key_text(s->folded.data, s->folded.len, scope(p));
}

static uint64_t sound_key(const place *p, const char *name, scratch *s)
{
    buf_clear(&s->folded);
    text_fold(&s->folded, name, strlen(name));
    sound(s->folded.data, s->folded.len, &s->sound);
    return key_text(s->sound.data, s->sound.len, scope(p) ^ 1);
}

/* Digits with an optional point as 1/100,000. */
static int32_t hundred_thousandths(const char *s)
{
    bool minus = *s == '-';
    int64_t v = 0;
    int after = -1;
    for (s += minus; *s && after < 5; s++) {
        if (*s == '.') {
            after = 0;
        } else if (*s >= '0' && *s <= '9') {
            v = v * 10 + (*s - '0');
            after += after >= 0;
        }
    }
    for (after = after < 0 ? 0 : after; after < 5; after++)
        v *= 10;
    return (int32_t)(minus ? -v : v);
}

/* Cuts one line at its tabs; false when it has not the ten columns. */
static bool cut_line(char *line, place *ret)
{
    char *column[10];
    for (int i = 0; i < 10; i++) {
        column[i] = line;
        char *tab = strchr(line, '\t');
        if (!tab && i < 9)
            return false;
        if (tab) {
            *tab = '\0';
            line = tab + 1;
        }
    }
    *ret = (place){
        .name = column[1],
        .state = column[2],
        .country = column[4],
        .country_name = column[5],
        .zone_name = column[6],
        .population = strtoll(column[7], NULL, 10),
        .geonameid = (int32_t)strtol(column[0], NULL, 10),
        .lat = hundred_thousandths(column[8]),
        .lng = hundred_thousandths(column[9]),
    };
    return true;
}

/* All places of the demo's countries; names and sounds are counted on the way. */
static place *read_all(places *p, size_t *ret_n)
{
    place *all = NULL;
    size_t n = 0, cap = 0;
    scratch s;
    buf_init(&s.folded);
    buf_init(&s.sound);
    char *next = strchr(p->text, '\n'); /* behind the heading */
    for (char *line = next ? next + 1 : NULL; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        place at;
        if (!cut_line(line, &at) || country_find(at.country) < 0)
            continue;
        ++*keyset_put(&p->sounds, sound_key(&at, at.name, &s));
        /* names: the number (from 1) of the most populous of that name */
        uint32_t *best = keyset_put(&p->names, name_key(&at, at.name, &s));
        MEM_ROOM(all, n, cap);
        all[n++] = at;
        if (*best == 0 || all[*best - 1].population < at.population)
            *best = (uint32_t)n;
    }
    buf_done(&s.folded);
    buf_done(&s.sound);
    *ret_n = n;
    return all;
}

static int by_population(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->population != y->population)
        return x->population > y->population ? -1 : 1;
    return x->geonameid < y->geonameid ? -1 : x->geonameid > y->geonameid;
}

/* Twins in name and population would be a coin toss for a reader too, so a name counts as fit only when no
 * other place of its scope has it at all. */
static size_t keep_fit(places *p, place *all, size_t n)
{
    scratch s;
    buf_init(&s.folded);
    buf_init(&s.sound);
    size_t kept = 0;
    keyset seen = {0};
    for (size_t i = 0; i < n; i++)
        ++*keyset_put(&seen, name_key(&all[i], all[i].name, &s));
    for (size_t i = 0; i < n; i++) {
        uint32_t times = 0, sounding = 0;
        keyset_get(&seen, name_key(&all[i], all[i].name, &s), &times);
        if (times != 1 || strchr(all[i].name, ',') || zone_find(all[i].zone_name) < 0)
            continue;
        place at = all[i];
        at.zone = zone_find(at.zone_name);
        keyset_get(&p->sounds, sound_key(&at, at.name, &s), &sounding);
        at.misspellable = sounding == 1 && s.sound.len >= 3;
        all[kept++] = at;
    }
    keyset_done(&seen);
    buf_done(&s.folded);
    buf_done(&s.sound);
    return kept;
}

bool places_init(places *p, size_t wanted, err *e)
{
    *p = (places){0};
    const embedded_file *file = embedded_find(GAZETTEER);
    if (!file)
        return err_set(e, ERR_MISSING, "%s is not built in, so there are no cities for a demo", GAZETTEER);
    p->text = mem_strn(file->text, file->length);
    size_t n, kept = 0, taken[COUNTRIES] = {0};
    place *all = read_all(p, &n);
    n = keep_fit(p, all, n);
    if (n)
        qsort(all, n, sizeof *all, by_population);
    for (size_t i = 0; i < n; i++) {
        int c = country_find(all[i].country);
        size_t quota = (wanted * countries[c].share + 99) / 100;
        if (kept < wanted && taken[c]++ < quota)
            all[kept++] = all[i];
    }
    p->places = all;
    p->n = kept;
    size_t misspellable = 0;
    for (size_t i = 0; i < kept; i++) {
        rng r;
        char out[128];
        rng_seed(&r, (uint64_t)all[i].geonameid);
        all[i].misspellable = all[i].misspellable && places_misspell(p, &all[i], &r, out);
        misspellable += all[i].misspellable;
    }
    if (misspellable)
        return true;
    places_done(p);
    return err_set(e, ERR_FAILED, "%s holds too few cities for a demo", GAZETTEER);
}

void places_done(places *p)
{
    free(p->text);
    free(p->places);
    keyset_done(&p->names);
    keyset_done(&p->sounds);
    *p = (places){0};
}

/* One try: a vowel dropped, a letter doubled, or two letters swapped. */
static bool misspell_once(const char *name, rng *r, char out[128])
{
    size_t n = strlen(name);
    if (n < 4 || n > 120)
        return false;
    size_t at = 1 + (size_t)rng_below(r, n - 2);
    switch (rng_below(r, 3)) {
    case 0:
        memcpy(out, name, at);
        memcpy(out + at, name + at + 1, n - at);
        break;
    case 1:
        memcpy(out, name, at + 1);
        memcpy(out + at + 1, name + at, n - at + 1);
        break;
    default:
        memcpy(out, name, n + 1);
        out[at] = name[at + 1] ? name[at + 1] : name[at];
        if (name[at + 1])
            out[at + 1] = name[at];
    }
    return strcmp(out, name) != 0;
}

bool places_misspell(const places *p, const place *at, rng *r, char out[128])
{
    scratch s;
    buf_init(&s.folded);
    buf_init(&s.sound);
    uint64_t wanted = sound_key(at, at->name, &s);
    bool found = false;
    for (int i = 0; i < 1000 && !found; i++) {
        if (!misspell_once(at->name, r, out) || !text_valid(out, strlen(out)))
            continue;
        found = sound_key(at, out, &s) == wanted && !keyset_get(&p->names, name_key(at, out, &s), NULL);
    }
    buf_done(&s.folded);
    buf_done(&s.sound);
    return found;
}

const char *places_nowhere(const places *p, const place *in, rng *r)
{
    static const char *const names[] = {"Qwxzville", "Vrbkton",  "Zzyxburg",   "Xqlmouth",
                                        "Kwzhford",  "Jqxhaven", "Wvtzington", "Fjqkstad"};
    size_t count = sizeof names / sizeof *names, first = (size_t)rng_below(r, count);
    scratch s;
    buf_init(&s.folded);
    buf_init(&s.sound);
    const char *found = names[0];
    for (size_t i = 0; i < count; i++) {
        found = names[(first + i) % count];
        if (!keyset_get(&p->sounds, sound_key(in, found, &s), NULL))
            break;
    }
    buf_done(&s.folded);
    buf_done(&s.sound);
    return found;
}
