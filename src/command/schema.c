/* schema up, schema status: the relational schema, brought to what this program carries. */
#include "command/private.h"

#include "base/json.h"
#include "migrate/migrate.h"

#include <stdlib.h>

static void told(void *ctx, const char *file)
{
    command_env *env = ctx;
    fprintf(env->messages, "applied %s\n", file);
}

static int run_up(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n;
    size_t applied = 0, models = 0;
    int64_t places = 0;
    bool ok = command_store(env, e) && schema_up(env->store, told, env, &applied, env->stop, e) &&
              gazetteer_load(env->store, env->catalog, &places, env->stop, e) &&
              migrate_models_apply(env->store, env->catalog, &models, env->stop, e);
    if (!ok)
        return err_exit_code(e->kind);
    fprintf(env->messages,
            applied || models ? "%zu schema files and %zu models applied\n" : "nothing to do\n", applied,
            models);
    return 0;
}

const command command_schema_up = {
    .name = "schema up",
    .summary = "apply the schema files and models that are not applied yet",
    .help = "Each file runs in a transaction of its own under an advisory lock; a file that was edited after "
            "it was applied is "
            "refused by name, and nothing is applied then.",
    .needs_store = true,
    .danger = DANGER_SAFE,
    .group = "Schema",
    .run = run_up,
};

static const char *word(const schema_file *f)
{
    return f->missing ? "unknown" : f->changed ? "edited" : f->applied ? "applied" : "waiting";
}

static void print_json(command_env *env, const schema_file *f)
{
    buf line;
    json_out j;
    buf_init(&line);
    json_init(&j, &line);
    json_open(&j, '{');
    json_key(&j, "file");
    json_str(&j, f->name);
    json_key(&j, "state");
    json_str(&j, word(f));
    json_key(&j, "applied_at");
    json_str(&j, f->applied ? f->applied_at : NULL);
    json_close(&j, '}');
    fprintf(env->out, "%s\n", line.data);
    buf_done(&line);
}

static int run_status(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n;
    schema_file *files = NULL;
    size_t count = 0;
    if (!command_store(env, e) || !schema_status(env->store, &files, &count, env->stop, e))
        return err_exit_code(e->kind);
    bool bad = false;
    for (size_t i = 0; i < count; i++) {
        if (env->format == OUT_JSON)
            print_json(env, &files[i]);
        else
            fprintf(env->out, env->format == OUT_CSV ? "%s,%s,%s\r\n" : "%-32s %-8s %s\n", files[i].name,
                    word(&files[i]), files[i].applied ? files[i].applied_at : "");
        bad |= files[i].changed;
    }
    free(files);
    return bad ? 4 : 0;
}

const command command_schema_status = {
    .name = "schema status",
    .summary = "which schema files are applied, waiting, or were edited since",
    .needs_store = true,
    .group = "Schema",
    .run = run_status,
};
