/* The room's statements: queries/migrate_*.sql by name. */
#include "migrate/private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

number number_of(int64_t n)
{
    number t;
    snprintf(t.text, sizeof t.text, "%" PRId64, n);
    return t;
}

static bool bind_named(store *db, const catalog *c, const char *name, const query_value *values, size_t n,
                       statement *ret, err *e)
{
    const query *q = catalog_query(c, name);
    if (!q)
        return err_set(e, ERR_MISSING, "queries/%s.sql is not in this program", name);
    if (db->dialect != STORE_POSTGRES)
        return err_set(e, ERR_USAGE, "the move happens in a Postgres database; this is a snapshot");
    return query_bind(q, db->dialect, values, n, ret, e);
}

bool run_named(store *db, const catalog *c, const char *name, const query_value *values, size_t n,
               const store_sink *sink, stop *s, err *e)
{
    statement st = {0};
    if (!bind_named(db, c, name, values, n, &st, e))
        return false;
    bool ok = db->run(
        db, &(store_request){.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams},
        sink, NULL, s, e);
    statement_done(&st);
    return ok;
}

bool fetch_named(store *db, const catalog *c, const char *name, const query_value *values, size_t n,
                 rowset **ret, stop *s, err *e)
{
    statement st = {0};
    if (!bind_named(db, c, name, values, n, &st, e))
        return false;
    bool ok = store_fetch(
        db, &(store_request){.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams},
        1000, ret, s, e);
    statement_done(&st);
    return ok;
}

int64_t cell_number(const rowset *r, size_t row, size_t column)
{
    const store_cell *cell = rowset_cell(r, row, column);
    return cell && cell->text ? strtoll(cell->text, NULL, 10) : 0;
}
