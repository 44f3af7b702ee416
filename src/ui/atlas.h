/* atlas: the index of cities as screens share it: read once on a worker (data.h: data_want_atlas), never written to afterwards, and kept as
 * long as somebody holds it: a screen, or work on a worker thread. */
#ifndef SHOWX_UI_ATLAS_H
#define SHOWX_UI_ATLAS_H

#include "base/job.h"
#include "catalog/catalog.h"
#include "city/city.h"
#include "store/store.h"

typedef struct atlas atlas;

/* Takes the index over; one holder. For tests, and for atlas_read. */
atlas *atlas_new(cities *c, int64_t version);
atlas *atlas_keep(atlas *a); /* one holder more; any thread */
void atlas_drop(atlas *a);   /* one less; NULL is fine; any thread */
const cities *atlas_cities(const atlas *a);
int64_t atlas_version(const atlas *a); /* of the data; another one: another atlas */
/* On a worker: *ret is NULL when the store's data still has the version `known` (-1 = none is known). */
bool atlas_read(store *s, const catalog *c, int64_t known, atlas **ret, stop *halt, err *e);

#endif
