/* finder: what the Cities screen shows, without the screen: the cities of an atlas with their figures, found by name or around one of them, in
 * an order, as rows. Runs on a worker but for finder_rows. Nothing here is written to after it was made; figures are kept by holders, as the
 * atlas is.
 *
 * Venues and the largest room are the city's own; fans, followers, buyers and the last show are those within 60 miles, since one metro is dozens
 * of cities. Expected tickets (p50) are the city's own estimate, or that of the nearest city within 60 miles that has one. A number of
 * people below 5 is not shown. */
#ifndef SHOWX_UI_FINDER_H
#define SHOWX_UI_FINDER_H

#include "store/store.h"
#include "ui/atlas.h"

enum { FINDER_MILES = 60, FINDER_AROUND_MILES = 150, FINDER_CELL_LEAST = 5 };
#define FINDER_KM_MILE 1.609344

typedef struct figures figures;

/* own: rows of queries/city_figures.sql (without an artist); artist: of queries/places_demand.sql, or NULL. False when stopped. */
bool figures_new(const atlas *a, const rowset *own, const rowset *artist, figures **ret, stop *halt, err *e);
figures *figures_keep(figures *f);
void figures_drop(figures *f); /* NULL is fine */
bool figures_of_artist(const figures *f);
int32_t figures_venues(const figures *f, size_t at);

typedef struct finder_query {
    const char *text; /* as typed; "" = all */
    bool exact_only;  /* no typos: what shows at once */
    size_t around;    /* only within 150 miles of this city, nearest first; SIZE_MAX = anywhere */
    const char *sort; /* a column of finder_rows; NULL = best match, nearest, or largest first */
    bool descending;
    const char *country; /* only there; NULL = anywhere */
} finder_query;

typedef struct found {
    size_t *at; /* cities of the atlas, in order */
    size_t n;
    double latitude, longitude; /* of `around` */
    bool near;
} found;

bool finder_find(const atlas *a, const figures *f, const finder_query *q, found *ret, stop *halt, err *e);
void found_done(found *f);
/* Rows first .. first + n of what was found (cut to what there is), with the columns city_id, name, region, country, country_name,
 * population, venues, largest, fans, followers, buyers, last_show, tickets, miles, position. backward: last first. */
rowset *finder_rows(const atlas *a, const figures *f, const found *found, size_t first, size_t n,
                    bool backward);

#endif
