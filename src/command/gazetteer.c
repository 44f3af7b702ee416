/* The carried gazetteer, put into an empty city table when the schema is brought up: places are there from
 * the first run. */
#include "command/private.h"

#include "catalog/embedded.h"
#include "city/city.h"

#include <string.h>

enum { COLUMNS = GAZETTEER_FIELDS + 1 };

typedef struct feed {
    gazetteer places;
    char id[32];
} feed;

static bool next_place(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    feed *f = ctx;
    gazetteer_field fields[GAZETTEER_FIELDS];
    err end = {0};
    (void)n;
    *ret_more = gazetteer_next(&f->places, fields, &end);
    if (!*ret_more)
        return end.kind == ERR_NONE || err_set(e, end.kind, "%s", end.text);
    int len = snprintf(f->id, sizeof f->id, "g%.*s", (int)fields[0].len, fields[0].text);
    cells[0] = (store_cell){f->id, (size_t)len};
    for (size_t i = 0; i < GAZETTEER_FIELDS; i++)
        cells[i + 1] = (store_cell){fields[i].text, fields[i].len};
    return true;
}

static bool table_empty(store *s, const catalog *c, bool *ret, stop *halt, err *e)
{
    statement st;
    rowset *r = NULL;
    const query *q = catalog_query(c, "city_none");
    if (!q || !query_bind(q, s->dialect, NULL, 0, &st, e))
        return q ? false : err_set(e, ERR_FAILED, "queries/city_none.sql is missing");
    store_request request = request_of(&st);
    bool ok = store_fetch(s, &request, 1, &r, halt, e);
    *ret = ok && r->nrows && rowset_cell(r, 0, 0)->text && rowset_cell(r, 0, 0)->text[0] != 'f';
    rowset_free(r);
    statement_done(&st);
    return ok;
}

static bool run_named(store *s, const catalog *c, const char *name, const query_value *values, size_t n,
                      stop *halt, err *e)
{
    const query *q = catalog_query(c, name);
    statement st;
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", name);
    if (!query_bind(q, s->dialect, values, n, &st, e))
        return false;
    store_request request = request_of(&st);
    bool ok = s->run(s, &request, NULL, NULL, halt, e);
    statement_done(&st);
    return ok;
}

static bool fill(store *s, const catalog *c, const embedded_file *file, int64_t *ret_places, stop *halt,
                 err *e)
{
    const query *q = catalog_query(c, "load_cities");
    char places[24];
    feed f = {.id = ""};
    gazetteer_init(&f.places, "cities15k.tsv", file->text, file->length);
    store_feed source = {next_place, &f};
    if (!q)
        return err_set(e, ERR_FAILED, "queries/load_cities.sql is missing");
    store_request request = {.name = q->file, .sql = q->body[s->dialect]};
    if (!run_named(s, c, "gazetteer_begin", NULL, 0, halt, e) ||
        !s->load(s, &request, COLUMNS, &source, ret_places, halt, e))
        return false;
    snprintf(places, sizeof places, "%lld", (long long)*ret_places);
    return run_named(s, c, "gazetteer_end", &(query_value){"places", places}, 1, halt, e) &&
           run_named(s, c, "city_changed",
                     &(query_value){"source", "the carried gazetteer (GeoNames 2022, CC BY 4.0)"}, 1, halt,
                     e);
}

bool gazetteer_load(store *s, const catalog *c, int64_t *ret_places, stop *halt, err *e)
{
    bool empty = false;
    *ret_places = 0;
    if (!table_empty(s, c, &empty, halt, e))
        return false;
    if (!empty)
        return true;
    const embedded_file *file = embedded_find("src/city/cities15k.tsv");
    if (!file)
        return err_set(e, ERR_FAILED, "the carried gazetteer is missing from this program");
    if (!s->begin(s, false, halt, e))
        return false;
    if (fill(s, c, file, ret_places, halt, e))
        return s->commit(s, halt, e);
    (void)s->rollback(s, NULL, NULL);
    return false;
}
