/* The places for everybody: from the store, or the carried gazetteer where the store has none yet. */
#include "plan/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "catalog/embedded.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_MOST = 4000000 };

void plan_city_id(const cities *places, size_t at, char out[32])
{
    city_place p = cities_at(places, at);
    if (p.id)
        text_copy(out, 32, p.id);
    else
        snprintf(out, 32, "g%d", p.geonameid);
}

/* One cell of the gazetteer, terminated in a buffer of the caller's. */
static const char *field_text(const gazetteer_field *f, char *out, size_t size)
{
    size_t n = f->len < size ? f->len : size - 1;
    memcpy(out, f->text, n);
    out[n] = '\0';
    return out;
}

static bool from_gazetteer(cities *places, err *e)
{
    const embedded_file *file = embedded_find("src/city/cities15k.tsv");
    gazetteer g;
    gazetteer_field f[GAZETTEER_FIELDS];
    char text[GAZETTEER_FIELDS][256];
    err end = {0};
    if (!file)
        return err_set(e, ERR_FAILED, "the carried gazetteer is missing from this program");
    gazetteer_init(&g, "cities15k.tsv", file->text, file->length);
    while (gazetteer_next(&g, f, &end)) {
        for (size_t i = 0; i < GAZETTEER_FIELDS; i++)
            (void)field_text(&f[i], text[i], sizeof text[i]);
        city_place p = {.geonameid = (int32_t)strtol(text[0], NULL, 10),
                        .name = text[1],
                        .admin1 = text[2],
                        .admin1_name = text[3],
                        .country = text[4],
                        .country_name = text[5],
                        .time_zone = text[6],
                        .feature = "",
                        .population = strtoll(text[7], NULL, 10),
                        .latitude = strtod(text[8], NULL),
                        .longitude = strtod(text[9], NULL)};
        cities_add(places, &p);
    }
    return end.kind == ERR_NONE || err_set(e, end.kind, "%s", end.text);
}

static const char *or_empty(const rowset *r, size_t row, const char *column)
{
    const char *text = rowset_column(r, column) < 0 ? NULL : cell_of(r, row, column);
    return text ? text : "";
}

static void add_places(cities *places, const rowset *r)
{
    for (size_t i = 0; i < r->nrows; i++) {
        city_place p = {.geonameid = (int32_t)cell_int(r, i, "geonameid", 0),
                        .id = cell_of(r, i, "city_id"),
                        .name = or_empty(r, i, "name"),
                        .ascii = NULL,
                        .admin1 = or_empty(r, i, "admin1"),
                        .admin1_name = or_empty(r, i, "admin1_name"),
                        .country = or_empty(r, i, "country"),
                        .country_name = or_empty(r, i, "country_name"),
                        .time_zone = or_empty(r, i, "time_zone"),
                        .feature = or_empty(r, i, "feature"),
                        .population = cell_int(r, i, "population", 0),
                        .latitude = cell_real(r, i, "latitude", 0),
                        .longitude = cell_real(r, i, "longitude", 0)};
        cities_add(places, &p);
    }
}

static bool from_store(store *s, const catalog *c, cities *places, size_t *ret_n, stop *halt, err *e)
{
    rowset *r = NULL;
    if (!plan_fetch(s, c, "city_places", NULL, 0, PLACES_MOST, &r, halt, e))
        return false;
    add_places(places, r);
    *ret_n = r->nrows;
    rowset_free(r);
    if (!*ret_n || !catalog_query(c, "city_names"))
        return true;
    if (!plan_fetch(s, c, "city_names", NULL, 0, PLACES_MOST, &r, halt, e))
        return false;
    for (size_t i = 0; i < r->nrows; i++)
        cities_add_name(places, (int32_t)cell_int(r, i, "geonameid", 0), or_empty(r, i, "name"));
    rowset_free(r);
    return true;
}

bool plan_cities(store *s, const catalog *c, cities **ret, int64_t *ret_version, stop *halt, err *e)
{
    cities *places = cities_new();
    size_t n = 0;
    int64_t version = 0;
    rowset *r = NULL;
    bool ok = true;
    if (catalog_query(c, "city_version")) {
        ok = plan_fetch(s, c, "city_version", NULL, 0, 1, &r, halt, e);
        version = ok && r->nrows ? cell_int(r, 0, "version", 0) : 0;
        rowset_free(r);
    }
    ok = ok && from_store(s, c, places, &n, halt, e) && (n || from_gazetteer(places, e)) &&
         cities_ready(places, halt, e);
    if (!ok) {
        cities_free(places);
        return false;
    }
    *ret = places;
    if (ret_version)
        *ret_version = version;
    return true;
}
