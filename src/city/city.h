/* city: places. So far the carried gazetteer's reader: places of 15,000 people and more from GeoNames (2022,
 * CC BY 4.0, www.geonames.org), as tab-separated lines geonameid, name, admin1, admin1_name, country,
 * country_name, timezone, population, lat, lon under a heading line. Pure: knows no database and no screen;
 * the caller owns the text. */
#ifndef SHOWX_CITY_CITY_H
#define SHOWX_CITY_CITY_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

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

#endif
