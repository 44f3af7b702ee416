/* sync: the old database's trigger events into the mirror and into rows, as they come. */
#include "command/private.h"

#include "base/json.h"
#include "legacy/events.h"
#include "migrate/migrate.h"

#include <stdlib.h>
#include <string.h>

static void say_json(command_env *env, const char *source, const migrate_sync_counts *n)
{
    json_out j;
    buf line;
    buf_init(&line);
    json_init(&j, &line);
    json_open(&j, '{');
    json_key(&j, "source");
    json_str(&j, source);
    const struct {
        const char *name;
        int64_t value;
    } figures[] = {{"load", n->load_id}, {"events", n->events},   {"applied", n->applied},
                   {"stale", n->stale},  {"repeats", n->repeats}, {"to_read", n->to_read},
                   {"errors", n->errors}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        json_key(&j, figures[i].name);
        json_int(&j, figures[i].value);
    }
    json_close(&j, '}');
    fprintf(env->out, "%s\n", line.data);
    buf_done(&line);
}

static void say(command_env *env, const char *source, const migrate_sync_counts *n)
{
    if (env->format == OUT_JSON)
        say_json(env, source, n);
    else if (env->format == OUT_CSV)
        fprintf(env->out,
                "load,events,applied,stale,repeats,to_read,errors\r\n%lld,%lld,%lld,%lld,%lld,%lld,%lld\r\n",
                (long long)n->load_id, (long long)n->events, (long long)n->applied, (long long)n->stale,
                (long long)n->repeats, (long long)n->to_read, (long long)n->errors);
    else
        fprintf(env->out,
                "%lld events: %lld applied, %lld stale, %lld repeats, %lld to be read; %lld errors\n",
                (long long)n->events, (long long)n->applied, (long long)n->stale, (long long)n->repeats,
                (long long)n->to_read, (long long)n->errors);
}

static int sync_from(command_env *env, events *source, const migrate_sync_options *options, err *e)
{
    migrate_sync_counts n = {0};
    progress_line w = progress_begin(env, false);
    bool ok = migrate_sync(source, env->store, env->catalog, options, (migrate_progress){progress_told, &w},
                           &n, env->stop, e);
    progress_end(&w);
    if (n.load_id)
        say(env, events_source(source), &n);
    if (ok && n.applied)
        demand_freshen(env);
    if (ok && n.errors)
        ok = say_load_errors(env, n.load_id, e);
    if (!ok)
        return err_exit_code(e->kind);
    return n.errors ? 1 : 0;
}

/* Models are taken in where the login may: they are their owner's. Documents of one that is not there yet wait in the mirror. */
static bool ready(command_env *env, err *e)
{
    err refused = {0};
    if (!command_store(env, e))
        return false;
    if (migrate_prepare(env->store, env->catalog, NULL, env->stop, &refused) || refused.kind == ERR_REFUSED)
        return true;
    return err_set(e, refused.kind, "%s", refused.text);
}

static int run_sync(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    const char *where = value_of(values, n, "SOURCE"), *batch = value_of(values, n, "batch");
    bool follow = value_of(values, n, "follow") != NULL;
    migrate_sync_options options = {.from_start = value_of(values, n, "from-start") != NULL,
                                    .patient = follow};
    events *source = NULL;
    if (batch) {
        long long size = atoll(batch);
        if (size < 1 || size > 500)
            return err_set(e, ERR_USAGE, "--batch wants a number from 1 to 500"), 2;
        options.batch = (size_t)size;
    }
    if (!events_open(where ? where : "-", follow, &source, e))
        return err_exit_code(e->kind == ERR_USAGE ? ERR_USAGE : ERR_FAILED);
    int code = ready(env, e) ? sync_from(env, source, &options, e) : err_exit_code(e->kind);
    events_close(source);
    return code;
}

static const command_arg ARGS[] = {
    {"SOURCE", ARG_FILE, false, "file",
     "a file of JSON events, one a line; a folder of events, one a file; - or nothing: standard input"},
    {"--follow", ARG_FLAG, false, NULL,
     "go on as the file grows, over log rotation and lost connections, until Ctrl-C"},
    {"--from-start", ARG_FLAG, false, NULL,
     "read a file from its start, not from where the last sync left it"},
    {"--batch", ARG_INT, false, NULL,
     "events a transaction, 1 to 500; what is at hand is applied at once anyway"},
};

const command command_sync = {
    .name = "sync",
    .summary = "apply the old database's trigger events as they come",
    .help = "Events of Firestore triggers of both generations: JSON, CloudEvents in JSON and in protobuf, "
            "and the "
            "protobuf alone. They may come twice, late and in any order: only what is newer than what is "
            "there applies. "
            "A file is taken up where the last sync left it. What is no event is kept with its file and line "
            "(showx load_errors), holds up nothing, and makes the exit code 1. Documents whose event did not "
            "carry "
            "them are counted as to be read.",
    .args = ARGS,
    .nargs = sizeof ARGS / sizeof *ARGS,
    .needs_store = true,
    .group = "Move",
    .run = run_sync,
};
