/* demo: the embedded default. A private Postgres, a made-up messy old database, the way in, and then the
 * console.
 *
 * A demo is either ready (its file `ready` names seed and scale) or made anew from nothing: a start that was
 * cut short leaves no half a demo behind. */
#include "command/private.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/path.h"
#include "demo/demo.h"
#include "demo/server.h"
#include "legacy/legacy.h"
#include "migrate/migrate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEED 1

typedef struct progress {
    command_env *env;
    const char *stage;
    progress_line line;
} progress;

static void stage_begin(progress *p, const char *stage)
{
    progress_end(&p->line);
    p->stage = stage;
    p->line = progress_begin(p->env, true);
    fprintf(p->env->messages, "%s\n", stage);
    fflush(p->env->messages);
}

/* ---- is it there already ---- */

static char *ready_file(void)
{
    return path_state("demo-ready");
}

static double ready_scale(void)
{
    demo_status status;
    demo_server_status(&status);
    if (!status.made)
        return 0;
    char *file = ready_file();
    buf text;
    buf_init(&text);
    double scale = path_read(file, 100, &text, NULL) ? strtod(text.data, NULL) : 0;
    buf_done(&text);
    free(file);
    return scale;
}

static bool mark_ready(double scale, err *e)
{
    char text[64];
    char *file = ready_file();
    int n = snprintf(text, sizeof text, "%g\n", scale);
    bool ok = path_write_atomic(file, text, (size_t)n, 0600, e);
    free(file);
    return ok;
}

static void mark_unready(void)
{
    char *file = ready_file();
    unlink(file);
    free(file);
}

/* ---- making it ---- */

static bool fill_schema(command_env *env, progress *p, err *e)
{
    size_t files = 0, models = 0;
    int64_t places = 0;
    stage_begin(p, "schema, models and the gazetteer");
    return schema_up(env->store, NULL, NULL, &files, env->stop, e) &&
           gazetteer_load(env->store, env->catalog, &places, env->stop, e) &&
           migrate_models_apply(env->store, env->catalog, &models, env->stop, e);
}

static bool fill_documents(command_env *env, progress *p, const char *dir, err *e)
{
    char *source = mem_printf("file:%s", dir);
    legacy *l = NULL;
    migrate_counts counts = {0};
    migrate_progress m = {progress_told, &p->line};
    migrate_options options = {.defer_projection = true};
    stage_begin(p, "documents into the mirror");
    bool ok = legacy_open(source, &l, e) &&
              migrate_load(l, env->store, env->catalog, &options, m, &counts, env->stop, e);
    legacy_close(l);
    free(source);
    if (ok)
        stage_begin(p, "documents become rows");
    return ok && command_project(env, NULL, m, NULL, e);
}

static bool settle_statistics(command_env *env, err *e)
{
    const query *q = catalog_query(env->catalog, "migrate_analyze");
    store_request request = {.name = q->file, .sql = q->body[STORE_POSTGRES]};
    return env->store->run(env->store, &request, NULL, NULL, env->stop, e);
}

static bool make(command_env *env, double scale, progress *p, err *e)
{
    char *dir = path_state("demo-legacy");
    demo_spec spec = {.dir = dir, .seed = SEED, .scale = scale};
    demo_progress watch = {progress_told, &p->line};
    mark_unready();
    stage_begin(p, "a private Postgres");
    bool ok = demo_server_reset(e) && demo_server_start(e) && command_store(env, e) && fill_schema(env, p, e);
    if (ok) {
        stage_begin(p, "the old database, made up");
        ok = demo_generate(&spec, watch, NULL, env->stop, e);
    }
    ok = ok && fill_documents(env, p, dir, e);
    if (ok) {
        stage_begin(p, "statistics");
        ok = settle_statistics(env, e);
    }
    if (ok) {
        stage_begin(p, "demand");
        demand_freshen(env);
        ok = mark_ready(scale, e);
    }
    progress_end(&p->line);
    free(dir);
    return ok;
}

/* A demo that is there, brought to what this program carries. */
static bool take_up(command_env *env, progress *p, err *e)
{
    size_t files = 0, models = 0;
    int64_t places = 0;
    bool ok = demo_server_start(e) && command_store(env, e) &&
              schema_up(env->store, NULL, NULL, &files, env->stop, e) &&
              gazetteer_load(env->store, env->catalog, &places, env->stop, e) &&
              migrate_models_apply(env->store, env->catalog, &models, env->stop, e) &&
              (!models || command_project(env, NULL, (migrate_progress){progress_told, &p->line}, NULL, e));
    if (ok && (models || files))
        demand_freshen(env);
    return ok;
}

/* Leaves env->store connected to a demo that is ready. scale 0: whatever is there, else 1. A demo whose schema is another than this
 * program's is made anew: everything in it was made up, and a schema file that was edited is refused. */
static bool start(command_env *env, double scale, err *e)
{
    progress p = {.env = env, .line = progress_begin(env, true)};
    double have = ready_scale();
    env->options = (store_options){0};
    env->demo = true;
    if (have > 0 && (scale <= 0 || scale == have)) {
        if (take_up(env, &p, e))
            return true;
        if (e->kind != ERR_REFUSED)
            return false;
        fprintf(env->messages, "the demo was made by another showx (%s); making it anew\n", e->text);
        *e = (err){0};
        scale = have;
        store_close(env->store);
        env->store = NULL;
    } else if (have > 0) {
        fprintf(env->messages, "the demo holds scale %g; making it anew at scale %g\n", have, scale);
    }
    if (!make(env, scale > 0 ? scale : 1, &p, e))
        return err_wrap(e, "%s", p.stage ? p.stage : "demo");
    return true;
}

static bool read_scale(const query_value *values, size_t n, double *ret, err *e)
{
    const char *text = value_of(values, n, "scale");
    *ret = text ? strtod(text, NULL) : 0;
    if (text && !(*ret >= 0.01 && *ret <= 1000))
        return err_set(e, ERR_USAGE, "demo: --scale wants a number from 0.01 to 1000, not '%s'", text);
    return true;
}

static int run_start(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    double scale;
    if (!read_scale(values, n, &scale, e) || !start(env, scale, e))
        return err_exit_code(e->kind);
    fprintf(env->messages, "the demo is running at scale %g; 'showx' opens it\n", ready_scale());
    return 0;
}

/* Without a terminal: the home and the first screens as text. */
static int print_screens(command_env *env)
{
    static const char *const SCREENS[] = {"home",     "artists", "concerts", "fans",  "venues",
                                          "bookings", "orders",  "issues",   "models"};
    int worst = 0;
    for (size_t i = 0; i < sizeof SCREENS / sizeof *SCREENS; i++) {
        const view *v = catalog_view(env->catalog, SCREENS[i]);
        if (!v)
            continue;
        fprintf(env->out, "%s== %s ==\n", i ? "\n" : "", v->title);
        char *argv[] = {(char *)v->name, (char[]){"--plain"}, (char[]){"--limit"}, (char[]){"8"}, NULL};
        int code = commands_run(command_registry(), env, view_is_list(v) ? 4 : 2, argv);
        worst = code > worst ? code : worst;
    }
    return worst;
}

static int run_demo(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    double scale;
    if (!read_scale(values, n, &scale, e) || !start(env, scale, e))
        return err_exit_code(e->kind);
    if (env->terminal && isatty(STDIN_FILENO) && env->console && env->format == OUT_AUTO)
        return env->console(env, NULL, NULL, 0);
    return print_screens(env);
}

static int run_stop(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n;
    if (!demo_server_stop(e))
        return err_exit_code(e->kind);
    fprintf(env->messages, "the demo's server is stopped; its data stays ('showx demo reset' removes it)\n");
    return 0;
}

static int run_reset(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    double scale;
    if (!read_scale(values, n, &scale, e))
        return 2;
    mark_unready();
    if (!demo_server_stop(e) || !demo_server_reset(e))
        return err_exit_code(e->kind);
    if (scale <= 0) {
        fprintf(env->messages, "the demo is gone; 'showx demo start' makes another\n");
        return 0;
    }
    return start(env, scale, e) ? 0 : err_exit_code(e->kind);
}

static const command_arg SCALE[] = {
    {"--scale", ARG_REAL, false, NULL,
     "its size: 1 is 20,000 fans and 60,000 orders, 50 a million fans; 0.01 to 1000"},
};

const command command_demo = {
    .name = "demo",
    .summary = "start the demo, making it if need be, and open the console on it",
    .help = "The demo is a private Postgres of its own (unix socket only, no password) filled from a made-up "
            "old database through "
            "the migration. Without a terminal it prints the first screens.",
    .args = SCALE,
    .nargs = 1,
    .group = "Demo",
    .run = run_demo,
};

const command command_demo_start = {
    .name = "demo start",
    .summary = "start the demo's server, making the demo if need be",
    .help = "With --scale it is made anew when it holds another size.",
    .args = SCALE,
    .nargs = 1,
    .group = "Demo",
    .run = run_start,
};

const command command_demo_stop = {
    .name = "demo stop",
    .summary = "stop the demo's server; its data stays",
    .group = "Demo",
    .run = run_stop,
};

const command command_demo_reset = {
    .name = "demo reset",
    .summary = "remove the demo and its data; with --scale make another",
    .args = SCALE,
    .nargs = 1,
    .group = "Demo",
    .run = run_reset,
};

/* conninfo is null while it does not run. */
static void print_status_json(command_env *env, const char *conninfo, double scale)
{
    buf line;
    json_out j;
    buf_init(&line);
    json_init(&j, &line);
    json_open(&j, '{');
    json_key(&j, "running");
    json_bool(&j, conninfo != NULL);
    json_key(&j, "ready");
    json_bool(&j, scale > 0);
    json_key(&j, "scale");
    json_double(&j, scale);
    json_key(&j, "conninfo");
    json_str(&j, conninfo);
    json_close(&j, '}');
    fprintf(env->out, "%s\n", line.data);
    buf_done(&line);
}

static int run_status(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n, (void)e;
    char *conninfo = NULL;
    bool running = demo_conninfo(&conninfo, NULL);
    double scale = ready_scale();
    if (env->format == OUT_JSON)
        print_status_json(env, conninfo, scale);
    else if (running)
        fprintf(env->out, "running%s at scale %g\nconnect with psql \"%s\"\n", scale > 0 ? "" : ", not ready",
                scale, conninfo);
    else
        fprintf(env->out, scale > 0 ? "stopped; holds scale %g\n" : "not made yet\n", scale);
    free(conninfo);
    return 0;
}

const command command_demo_status = {
    .name = "demo status",
    .summary = "whether the demo runs, its size, and how to reach it with psql",
    .group = "Demo",
    .run = run_status,
};
