/* places: the gazetteer, and which of its cities the demo lives in.
 *
 * A place is fit for the demo when its name, as the old database writes it, can mean only this place: the
 * most populous of that name in its country (in the US: its state). Misspelling keeps the sound of a name
 * (shapes.h) and is only offered where one place alone has that sound. */
#ifndef SHOWX_DEMO_PLACES_H
#define SHOWX_DEMO_PLACES_H

#include "base/err.h"
#include "base/rng.h"
#include "demo/keyset.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct place {
    const char *name, *state, *country, *country_name, *zone_name; /* borrowed from the places */
    int64_t population;
    int32_t geonameid;
    int32_t lat, lng; /* 1/100,000 degree */
    int zone;         /* zone_find(), never -1 */
    bool misspellable;
} place;

typedef struct places {
    char *text;    /* the gazetteer, cut at tabs; owned */
    place *places; /* fit ones, the demo's choice, most populous first within each country's quota */
    size_t n;
    keyset names, sounds; /* by scope: how many places */
} places;

/* Reads the embedded gazetteer and chooses up to `wanted` places: two thirds in the US. */
bool places_init(places *p, size_t wanted, err *e);
void places_done(places *p);

/* A misspelling of the place's name; false when none was found, which does not happen where misspellable. */
bool places_misspell(const places *p, const place *at, rng *r, char out[128]);
/* A name that is no place and sounds like none in that place's state or country. Static. */
const char *places_nowhere(const places *p, const place *in, rng *r);

const char *place_currency(const place *p);

#endif
