/* migrate load, project, models, status: the old database's documents into the mirror, and from there into
 * rows. */
#include "command/private.h"

#include "legacy/legacy.h"
#include "migrate/migrate.h"

#include <string.h>

enum { SHOWN_ERRORS = 20 };

/* ---- load ---- */

bool say_load_errors(command_env *env, int64_t load_id, err *e)
{
    const view *v = catalog_view(env->catalog, "load_errors");
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)load_id);
    if (!v)
        return true;
    query_value value = {"load_id", id};
    page_request page = {.view = v, .tier = -1, .limit = SHOWN_ERRORS, .values = &value, .nvalues = 1};
    statement st;
    rowset *r = NULL;
    if (!page_bind(&page, env->store->dialect, &st, e))
        return false;
    store_request request = request_of(&st);
    bool ok = store_fetch(env->store, &request, SHOWN_ERRORS, &r, env->stop, e);
    int sentence = ok ? rowset_column(r, "sentence") : -1;
    for (size_t i = 0; ok && sentence >= 0 && i < r->nrows; i++) {
        err line = {0};
        err_set(&line, ERR_INPUT, "%s", rowset_cell(r, i, (size_t)sentence)->text); /* names file and place */
        print_error(env, &line);
    }
    if (ok && r->more)
        fprintf(env->messages, "... 'showx load_errors --load %s' shows them all\n", id);
    rowset_free(r);
    statement_done(&st);
    return ok;
}

static bool ready(command_env *env, err *e)
{
    return command_store(env, e) && migrate_prepare(env->store, env->catalog, NULL, env->stop, e);
}

static int run_load(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    legacy *l = NULL;
    migrate_counts counts = {0};
    int64_t projected = 0;
    if (!legacy_open(value_of(values, n, "SOURCE"), &l, e))
        return err_exit_code(e->kind == ERR_USAGE ? ERR_USAGE : ERR_FAILED);
    migrate_options options = {.defer_projection = true};
    bool ok = ready(env, e);
    progress_line w = progress_begin(env, false);
    migrate_progress told = {progress_told, &w};
    bool loaded = ok && migrate_load(l, env->store, env->catalog, &options, told, &counts, env->stop, e);
    ok = loaded && command_project(env, NULL, told, &projected, e);
    progress_end(&w);
    if (ok)
        demand_freshen(env);
    legacy_close(l);
    if (counts.documents || counts.errors || ok)
        fprintf(env->messages,
                "%lld documents read: %lld applied, %lld not newer than what is there; %lld errors; %lld "
                "projected\n",
                (long long)counts.documents, (long long)counts.applied, (long long)counts.stale,
                (long long)counts.errors, (long long)projected);
    if (ok && counts.errors)
        ok = say_load_errors(env, counts.load_id, e);
    if (!ok)
        return err_exit_code(e->kind);
    return counts.errors ? 1 : 0;
}

static const command_arg LOAD_ARGS[] = {
    {"SOURCE", ARG_FILE, true, "file",
     "export:DIR (a managed Firestore export), file:DIR (a folder of NDJSON), or the folder alone; "
     "json:FILE[#PATH][@TIME] (a node-firestore-import-export file, of the place where and time when it was "
     "begun); "
     "firestore:PROJECT[/DATABASE][@READTIME] (the database itself, as of one time)"},
};

const command command_migrate_load = {
    .name = "migrate load",
    .summary = "take an old database's documents into the mirror and project them",
    .help = "Each record becomes a document or an error with its file and place (showx load_errors); then "
            "the exit code is 1. Loading "
            "again changes nothing: only what is newer applies. May be stopped anywhere and run again.",
    .args = LOAD_ARGS,
    .nargs = 1,
    .needs_store = true,
    .group = "Move",
    .run = run_load,
};

/* ---- project, models ---- */

/* ---- reread ---- */

static int run_reread(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    legacy *l = NULL;
    migrate_reread_counts counts = {0};
    if (!legacy_open(value_of(values, n, "SOURCE"), &l, e))
        return err_exit_code(e->kind == ERR_USAGE ? ERR_USAGE : ERR_FAILED);
    progress_line w = progress_begin(env, false);
    bool ok =
        command_store(env, e) && migrate_reread(l, env->store, env->catalog,
                                                (migrate_progress){progress_told, &w}, &counts, env->stop, e);
    progress_end(&w);
    legacy_close(l);
    if (ok && counts.applied)
        demand_freshen(env);
    if (ok || counts.read)
        fprintf(env->messages,
                "%lld documents read again: %lld applied, %lld not there any more; %lld of another database "
                "left\n",
                (long long)counts.read, (long long)counts.applied, (long long)counts.gone,
                (long long)counts.foreign);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg REREAD_ARGS[] = {
    {"SOURCE", ARG_WORD, true, NULL,
     "firestore:PROJECT[/DATABASE]: the old database that the events come from"},
};

const command command_migrate_reread = {
    .name = "migrate reread",
    .summary = "read documents that a trigger event named but did not carry",
    .args = REREAD_ARGS,
    .nargs = 1,
    .needs_store = true,
    .group = "Move",
    .run = run_reread,
};

static int run_project(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    int64_t documents = 0;
    progress_line w = progress_begin(env, false);
    bool ok = ready(env, e) && command_project(env, value_of(values, n, "MODEL"),
                                               (migrate_progress){progress_told, &w}, &documents, e);
    progress_end(&w);
    if (!ok)
        return err_exit_code(e->kind);
    demand_freshen(env);
    fprintf(env->messages, "%lld documents projected\n", (long long)documents);
    return 0;
}

static const command_arg PROJECT_ARGS[] = {
    {"MODEL", ARG_WORD, false, NULL, "only this model and what hangs on it"},
};

const command command_migrate_project = {
    .name = "migrate project",
    .summary = "make rows of the documents that are new, changed or stale",
    .args = PROJECT_ARGS,
    .nargs = 1,
    .needs_store = true,
    .group = "Move",
    .run = run_project,
};

static int run_models(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n;
    size_t applied = 0;
    if (!command_store(env, e) || !migrate_models_apply(env->store, env->catalog, &applied, env->stop, e))
        return err_exit_code(e->kind);
    fprintf(env->messages, "%zu models applied\n", applied);
    return 0;
}

const command command_migrate_models = {
    .name = "migrate models",
    .summary = "take the models' files into the database where they changed",
    .needs_store = true,
    .group = "Move",
    .run = run_models,
};

static int run_status(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n;
    if (!command_store(env, e))
        return err_exit_code(e->kind);
    output *o = output_new(env, NULL);
    store_sink sink = output_sink(o);
    bool ok = migrate_status(env->store, env->catalog, &sink, env->stop, e) && output_end(o, e);
    output_free(o);
    return ok ? 0 : err_exit_code(e->kind);
}

const command command_migrate_status = {
    .name = "migrate status",
    .summary = "per model: documents = projected + quarantined + tombstones, and warnings",
    .needs_store = true,
    .group = "Move",
    .run = run_status,
};
