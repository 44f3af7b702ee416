/* The artist's demand: fans by home, past shows, and the fitted parameters, as the demand room wants them. */
#include "plan/private.h"

#include "base/mem.h"

#include <stdlib.h>

enum { ROWS_MOST = 2000000 };

static void copy_places(plan_data *d, const cities *places)
{
    d->nplaces = cities_count(places);
    d->latitudes = MEM_ARRAY(double, d->nplaces + 1);
    d->longitudes = MEM_ARRAY(double, d->nplaces + 1);
    d->population = MEM_ARRAY(int64_t, d->nplaces + 1);
    for (size_t i = 0; i < d->nplaces; i++) {
        city_place p = cities_at(places, i);
        d->latitudes[i] = p.latitude;
        d->longitudes[i] = p.longitude;
        d->population[i] = p.population;
    }
}

static bool read_cells(store *s, const catalog *c, const cities *places, plan_data *d, stop *halt, err *e)
{
    rowset *r = NULL;
    query_value value = {"artist_id", d->artist_id};
    if (!plan_fetch(s, c, "demand_cells", &value, 1, ROWS_MOST, &r, halt, e))
        return false;
    d->cells = MEM_ARRAY(demand_cell, r->nrows + 1);
    for (size_t i = 0; i < r->nrows; i++) {
        size_t at = cities_by_id(places, cell_of(r, i, "city_id"));
        if (at != SIZE_MAX)
            d->cells[d->ncells++] = (demand_cell){.city = (int32_t)at,
                                                  .followers = (int32_t)cell_int(r, i, "followers", 0),
                                                  .buyers = (int32_t)cell_int(r, i, "buyers", 0),
                                                  .tickets = (int32_t)cell_int(r, i, "tickets", 0)};
    }
    rowset_free(r);
    return true;
}

static bool read_shows(store *s, const catalog *c, const cities *places, plan_data *d, stop *halt, err *e)
{
    rowset *r = NULL;
    query_value value = {"artist_id", d->artist_id};
    if (!plan_fetch(s, c, "demand_shows", &value, 1, ROWS_MOST, &r, halt, e))
        return false;
    d->shows = MEM_ARRAY(demand_show, r->nrows + 1);
    for (size_t i = 0; i < r->nrows; i++) {
        size_t at = cities_by_id(places, cell_of(r, i, "city_id"));
        int32_t day = cell_day(r, i, "local_date");
        if (at != SIZE_MAX && day != DAY_NONE)
            d->shows[d->nshows++] = (demand_show){.city = (int32_t)at,
                                                  .day = day,
                                                  .sold = (int32_t)cell_int(r, i, "sold", 0),
                                                  .capacity = (int32_t)cell_int(r, i, "capacity", 0),
                                                  .sold_out = cell_true(r, i, "sold_out"),
                                                  .price = cell_int(r, i, "price", 0)};
    }
    rowset_free(r);
    return true;
}

bool demand_read(store *s, const catalog *c, const cities *places, plan_data *d, stop *halt, err *e)
{
    rowset *r = NULL;
    char *text = NULL;
    copy_places(d, places);
    if (!read_cells(s, c, places, d, halt, e) || !read_shows(s, c, places, d, halt, e))
        return false;
    if (catalog_query(c, "demand_model")) {
        if (!plan_fetch(s, c, "demand_model", NULL, 0, 1, &r, halt, e))
            return false;
        text = r->nrows ? mem_str(cell_of(r, 0, "parameters")) : NULL;
        rowset_free(r);
    }
    demand_data of = {.latitudes = d->latitudes,
                      .longitudes = d->longitudes,
                      .population = d->population,
                      .ncities = d->nplaces,
                      .nartists = 1,
                      .cells = d->cells,
                      .ncells = d->ncells,
                      .shows = d->shows,
                      .nshows = d->nshows};
    bool ok = demand_model_load(text, &of, &d->demand, halt, e);
    free(text);
    return ok;
}
