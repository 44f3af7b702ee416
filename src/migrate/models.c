/* The models: the files of migrations/models/ into the database, and how they stand there. */
#include "catalog/embedded.h"
#include "migrate/private.h"

#include <string.h>

static const char FOLDER[] = "migrations/models/";

static bool apply_one(store *db, const catalog *c, const embedded_file *file, size_t *applied, stop *s,
                      err *e)
{
    query_value values[] = {{"file", file->text}};
    rowset *r = NULL;
    if (!fetch_named(db, c, "migrate_model_apply", values, 1, &r, s, e))
        return err_wrap(e, "%s", file->path);
    if (r->nrows == 1 && rowset_cell(r, 0, 0)->text && strcmp(rowset_cell(r, 0, 0)->text, "true") == 0)
        ++*applied;
    rowset_free(r);
    return true;
}

bool migrate_models_apply(store *db, const catalog *c, size_t *ret_applied, stop *s, err *e)
{
    size_t applied = 0;
    if (!db->begin(db, false, s, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < embedded_count; i++)
        if (strncmp(embedded_files[i].path, FOLDER, sizeof FOLDER - 1) == 0)
            ok = apply_one(db, c, &embedded_files[i], &applied, s, e);
    if (!ok) {
        db->rollback(db, NULL, NULL);
        return false;
    }
    if (!db->commit(db, s, e))
        return false;
    if (ret_applied)
        *ret_applied = applied;
    return true;
}

bool migrate_prepare(store *db, const catalog *c, size_t *ret_applied, stop *s, err *e)
{
    return migrate_models_apply(db, c, ret_applied, s, e);
}

bool migrate_status(store *db, const catalog *c, const store_sink *sink, stop *s, err *e)
{
    return run_named(db, c, "migrate_status", NULL, 0, sink, s, e);
}
