/* Migrations of the schema: migrations/schema/NNNN_*.sql, as this program carries them, in order.
 *
 * Each file is a transaction: the lock, a look whether somebody was quicker, the mark with the file's digest,
 * the file. The lock ends with the transaction, so that nothing is asked of the session and two programs at
 * once end up with every file applied once. The mark comes first, since a file may leave another role behind.
 */
#include "base/log.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "catalog/embedded.h"
#include "store/private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char FOLDER[] = "migrations/schema/";

/* The files this program carries, in order (embedded_files is sorted). */
static size_t carried(const embedded_file ***ret)
{
    const embedded_file **files = NULL;
    size_t n = 0, capacity = 0;
    for (size_t i = 0; i < embedded_count; i++) {
        if (strncmp(embedded_files[i].path, FOLDER, sizeof FOLDER - 1) != 0)
            continue;
        MEM_ROOM(files, n, capacity);
        files[n++] = &embedded_files[i];
    }
    *ret = files;
    return n;
}

static const char *short_name(const embedded_file *f)
{
    return f->path + sizeof FOLDER - 1;
}

/* ---- what is applied ---- */

static bool has_table(store *s, bool *ret, stop *st, err *e)
{
    rowset *r;
    if (!named_fetch(s, "queries/schema_there.sql", NULL, 0, &r, st, e))
        return false;
    *ret = r->nrows == 1 && strcmp(rowset_cell(r, 0, 0)->text, "true") == 0;
    rowset_free(r);
    return true;
}

/* name, sha256, applied_at, in order; no rows while nothing was ever applied. */
static bool read_applied(store *s, rowset **ret, stop *st, err *e)
{
    bool there;
    if (s->dialect != STORE_POSTGRES)
        return err_set(e, ERR_USAGE, "the schema belongs to a Postgres database; this is a snapshot");
    if (!has_table(s, &there, st, e))
        return false;
    if (there)
        return named_fetch(s, "queries/schema_applied.sql", NULL, 0, ret, st, e);
    *ret = MEM_NEW(rowset);
    return true;
}

static bool find_applied(const rowset *r, const char *name, size_t *ret_row)
{
    for (size_t i = 0; i < r->nrows; i++)
        if (strcmp(rowset_cell(r, i, 0)->text, name) == 0) {
            *ret_row = i;
            return true;
        }
    return false;
}

static void mark_file(schema_file *out, const embedded_file *f, const rowset *applied)
{
    char digest[65];
    size_t row;
    snprintf(out->name, sizeof out->name, "%s", short_name(f));
    if (!find_applied(applied, out->name, &row))
        return;
    sha256_hex(f->text, f->length, digest);
    out->applied = true;
    out->changed = strcmp(rowset_cell(applied, row, 1)->text, digest) != 0;
    snprintf(out->applied_at, sizeof out->applied_at, "%s", rowset_cell(applied, row, 2)->text);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const schema_file *)a)->name, ((const schema_file *)b)->name);
}

/* Those that the database has and this program does not carry. */
static size_t add_missing(schema_file *out, const rowset *applied, const embedded_file **files, size_t n)
{
    size_t added = 0;
    for (size_t i = 0; i < applied->nrows; i++) {
        const char *name = rowset_cell(applied, i, 0)->text;
        size_t k = 0;
        while (k < n && strcmp(short_name(files[k]), name) != 0)
            k++;
        if (k < n)
            continue;
        schema_file *f = &out[added++];
        f->applied = f->missing = true;
        snprintf(f->name, sizeof f->name, "%s", name);
        snprintf(f->applied_at, sizeof f->applied_at, "%s", rowset_cell(applied, i, 2)->text);
    }
    return added;
}

bool schema_status(store *s, schema_file **ret, size_t *ret_n, stop *st, err *e)
{
    rowset *applied;
    if (!read_applied(s, &applied, st, e))
        return false;
    const embedded_file **files;
    size_t n = carried(&files);
    schema_file *all = MEM_ARRAY(schema_file, n + applied->nrows + 1);
    for (size_t i = 0; i < n; i++)
        mark_file(&all[i], files[i], applied);
    size_t total = n + add_missing(all + n, applied, files, n);
    qsort(all, total, sizeof *all, by_name);
    free(files);
    rowset_free(applied);
    *ret = all;
    *ret_n = total;
    return true;
}

/* ---- applying ---- */

static bool lock(store *s, stop *st, err *e)
{
    return named_run(s, "queries/schema_lock.sql", NULL, 0, NULL, st, e);
}

static bool finish(store *s, bool ok, stop *st, err *e)
{
    if (ok)
        return s->commit(s, st, e);
    s->rollback(s, st, NULL);
    return false;
}

static bool make_table(store *s, stop *st, err *e)
{
    bool there = false;
    if (!s->begin(s, false, st, e))
        return false;
    bool ok = lock(s, st, e) && has_table(s, &there, st, e) &&
              (there || named_run(s, "queries/schema_make.sql", NULL, 0, NULL, st, e));
    return finish(s, ok, st, e);
}

static bool mark(store *s, const char *name, const char *digest, bool *ret_new, stop *st, err *e)
{
    const named_value values[] = {{"name", name}, {"digest", digest}};
    rowset *r;
    if (!named_fetch(s, "queries/schema_mark.sql", values, 2, &r, st, e))
        return false;
    *ret_new = r->nrows == 1;
    rowset_free(r);
    return true;
}

static bool apply(store *s, const embedded_file *f, bool *ret_new, stop *st, err *e)
{
    char digest[65];
    const store_request script = {.name = f->path, .sql = f->text, .script = true};
    sha256_hex(f->text, f->length, digest);
    if (!s->begin(s, false, st, e))
        return err_wrap(e, "%s", f->path);
    bool ok = lock(s, st, e) && mark(s, short_name(f), digest, ret_new, st, e) &&
              (!*ret_new || s->run(s, &script, NULL, NULL, st, e));
    return finish(s, ok, st, e);
}

/* Before anything is touched: no applied file may be another now, and none may be new behind a later one. */
static bool check(const schema_file *all, size_t n, err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].changed)
            return err_set(
                e, ERR_REFUSED,
                "%s%s was changed after it was applied (%s); put it back as it was and write a new file",
                FOLDER, all[i].name, all[i].applied_at);
        if (all[i].missing)
            log_warn("%s%s is applied, but this program does not carry it: a newer showx did it", FOLDER,
                     all[i].name);
    }
    return true;
}

bool schema_up(store *s, void (*told)(void *ctx, const char *file), void *ctx, size_t *ret_applied, stop *st,
               err *e)
{
    schema_file *all;
    size_t n, applied = 0;
    if (!schema_status(s, &all, &n, st, e))
        return false;
    bool ok = check(all, n, e) && make_table(s, st, e);
    const embedded_file **files;
    size_t nfiles = carried(&files);
    for (size_t i = 0; i < nfiles && ok; i++) {
        const schema_file *known = NULL;
        for (size_t k = 0; k < n && !known; k++)
            known = strcmp(all[k].name, short_name(files[i])) == 0 ? &all[k] : NULL;
        bool fresh = false;
        if (known && known->applied)
            continue;
        ok = apply(s, files[i], &fresh, st, e);
        if (ok && fresh) {
            applied++;
            if (told)
                told(ctx, short_name(files[i]));
        }
    }
    free(files);
    free(all);
    if (ok && ret_applied)
        *ret_applied = applied;
    return ok;
}
