#include "ui/atlas.h"
#include "base/mem.h"
#include "plan/plan.h"
#include <stdlib.h>

struct atlas {
    cities *cities;
    int64_t version;
    atomic_int holders;
};

atlas *atlas_new(cities *c, int64_t version)
{
    atlas *a = MEM_NEW(atlas);
    a->cities = c;
    a->version = version;
    atomic_init(&a->holders, 1);
    return a;
}

atlas *atlas_keep(atlas *a)
{
    atomic_fetch_add(&a->holders, 1);
    return a;
}

void atlas_drop(atlas *a)
{
    if (!a || atomic_fetch_sub(&a->holders, 1) > 1)
        return;
    cities_free(a->cities);
    free(a);
}

const cities *atlas_cities(const atlas *a)
{
    return a->cities;
}

int64_t atlas_version(const atlas *a)
{
    return a->version;
}

/* A store from before places had a version: its places are read once. */
static bool version_of(store *s, const catalog *c, int64_t *ret, stop *halt, err *e)
{
    const query *q = catalog_query(c, "city_version");
    statement st;
    rowset *rows = NULL;
    *ret = 0;
    if (!q)
        return true;
    if (!query_bind(q, s->dialect, NULL, 0, &st, e))
        return false;
    store_request r = {.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams};
    bool ok = store_fetch(s, &r, 1, &rows, halt, e);
    statement_done(&st);
    int column = ok ? rowset_column(rows, "version") : -1;
    const store_cell *cell = column >= 0 && rows->nrows ? rowset_cell(rows, 0, (size_t)column) : NULL;
    *ret = cell && cell->text ? strtoll(cell->text, NULL, 10) : 0;
    rowset_free(rows);
    return ok;
}

bool atlas_read(store *s, const catalog *c, int64_t known, atlas **ret, stop *halt, err *e)
{
    int64_t version = -1;
    cities *places = NULL;
    *ret = NULL;
    if (known >= 0 && !version_of(s, c, &version, halt, e))
        return false;
    if (known >= 0 && version == known)
        return true;
    if (!plan_cities(s, c, &places, &version, halt, e))
        return false;
    *ret = atlas_new(places, version);
    return true;
}
