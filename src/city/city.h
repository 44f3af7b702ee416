/* city: places, found by name and by distance, in memory: the same ranking online and offline, no round trip per key.
 *
 *   gazetteer   reader of the carried file (places of 15,000 people and more, GeoNames 2022, CC BY 4.0, www.geonames.org)
 *   dump        reader of GeoNames' own files: citiesN.txt (19 columns), alternateNamesV2.txt, admin1CodesASCII.txt
 *   cities      the index: built once, read only afterwards, shared by threads
 *   sphere      radius and nearest over any points on the unit sphere (places, venues, shows, fans)
 *
 * Pure: knows no database and no screen; the caller owns text that is passed in, the index copies what it keeps. */
#ifndef SHOWX_CITY_CITY_H
#define SHOWX_CITY_CITY_H

#include "base/err.h"
#include "base/job.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the carried gazetteer ---- */

enum { GAZETTEER_FIELDS = 10 };

typedef struct gazetteer {
    const char *file, *text; /* borrowed */
    size_t length, at;
    long line; /* of the last place handed out; 1-based */
} gazetteer;

typedef struct gazetteer_field {
    const char *text; /* borrowed from the gazetteer's text, not terminated */
    size_t len;
} gazetteer_field;

/* Begins reading behind the heading. file is only for sentences. */
void gazetteer_init(gazetteer *g, const char *file, const char *text, size_t length);
/* The next place; false with e->kind == ERR_NONE at the end, with a sentence naming file, line and field for
 * a line that is broken (reading can go on behind it). */
bool gazetteer_next(gazetteer *g, gazetteer_field fields[GAZETTEER_FIELDS], err *e);

/* ---- the index ---- */

typedef struct cities cities;

typedef struct city_place {
    int32_t geonameid;        /* 0 = not GeoNames' */
    const char *id;           /* the row's key ("g4887398"); NULL = 'g' || geonameid */
    const char *name, *ascii; /* ascii may be NULL */
    const char *admin1, *admin1_name, *country, *country_name, *time_zone; /* "" where unknown */
    const char *feature; /* "PPL", "PPLX" (a neighbourhood) ..., or "" */
    int64_t population;
    double latitude, longitude;
    const char *others; /* dumps only: other names between commas (citiesN.txt, column 4), or NULL */
} city_place;

cities *cities_new(void);
void cities_free(cities *c);
void cities_home(cities *c,
                 const char *country); /* the company's own country, two letters; "US" by default */
void cities_add(cities *c, const city_place *p);
void cities_add_name(cities *c, int32_t geonameid,
                     const char *name); /* another name of a place added before; unknown: nothing */
/* Ends the building: folds, adds the extra rows (joined words, St/Saint, nicknames ...), sorts. False only when stopped. */
bool cities_ready(cities *c, stop *halt, err *e);
size_t cities_count(const cities *c);
/* 0 <= at < count; strings live as long as the index. */
city_place cities_at(const cities *c, size_t at);
/* By the row's key, or by geonameid; SIZE_MAX = unknown. */
size_t cities_by_id(const cities *c, const char *id);
size_t cities_by_geonameid(const cities *c, int32_t geonameid);
/* "Springfield, Illinois, US": name with region and country, as far as it takes to tell it from others of that name. */
void cities_label(const cities *c, size_t at, char out[160]);

typedef struct city_query {
    const char *text;      /* as typed: "san fran", "springfield il", "münchen" */
    bool exact_only;       /* prefix hits only, no typos: what shows at once, before the full answer */
    const int64_t *demand; /* [count] or NULL: breaks ties inside a text tier only */
    const char *country;   /* NULL = any */
} city_query;

typedef enum { CITY_EXACT, CITY_PREFIX, CITY_WORD, CITY_TYPO } city_tier;

typedef struct city_hit {
    size_t at;
    double score;
    city_tier tier;
    int typos;
    char name[64]; /* the name that matched, folded */
} city_hit;

/* The best `most` places, best first. *ret_n of them; false when stopped (e then ERR_CANCELLED or ERR_TIMEOUT). Looks at the
 * stop at least every millisecond. */
bool cities_find(const cities *c, const city_query *q, city_hit *ret, size_t most, size_t *ret_n, stop *halt,
                 err *e);

/* One place for a command's argument: true when one is clearly meant (a key "g...", or the first hit when it matches exactly,
 * and the region given or no other exact match within a tenth of its population and reach). Else ERR_USAGE naming up to 5 candidates ("Springfield
 * is ambiguous: Springfield, Missouri, US; ...") or the nearest names ("there is no city ..."). */
bool cities_one(const cities *c, const char *text, size_t *ret_at, err *e);

/* ---- distance ---- */

typedef struct sphere
    sphere; /* points on the unit sphere, compared by squared chord: exact in double, no antimeridian case */
typedef struct sphere_hit {
    size_t at; /* the point's number, in the order of adding */
    double km;
} sphere_hit;
sphere *sphere_new(const double *latitudes, const double *longitudes,
                   size_t n); /* degrees; NULL when n is 0 */
void sphere_free(sphere *s);
/* Everything within km, nearest first; returns how many there are (may be more than `most`; then the nearest are given). */
size_t sphere_within(const sphere *s, double latitude, double longitude, double km, sphere_hit *ret,
                     size_t most);
size_t sphere_nearest(const sphere *s, double latitude, double longitude, sphere_hit *ret, size_t most);
const sphere *cities_sphere(const cities *c); /* over all its places */
double sphere_km(double lat1, double lon1, double lat2, double lon2);
/* "150mi", "240km", "240" (km) -> km. */
bool sphere_parse(const char *text, double *ret_km, err *e);

/* ---- GeoNames dumps ---- */

typedef struct dump dump;
typedef enum { DUMP_CITIES, DUMP_NAMES, DUMP_ADMIN1, DUMP_MERGED_CITIES, DUMP_MERGED_NAMES } dump_kind;
/* Reads a file line by line in the memory of a line. MERGED_*: with a heading (geonameid name ascii lat lon fcode country admin1
 * admin1_name country_name population timezone src; geonameid name src). */
bool dump_open(const char *file, dump_kind kind, dump **ret, err *e);
void dump_close(dump *d);
/* The next line; strings are borrowed until the next call. False at the end (e->kind ERR_NONE) or for a broken line (ERR_INPUT
 * "FILE:LINE: field ..."); reading can go on behind it. Only the fields of the kind are filled (NAMES: geonameid, name,
 * ascii = language; ADMIN1: country, admin1, admin1_name). */
bool dump_next(dump *d, city_place *ret, err *e);

#endif
