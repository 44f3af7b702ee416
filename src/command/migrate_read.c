/* migrate read SOURCE: the reading alone, with no database: one document a line, damages on stderr with their
 * place. */
#include "command/private.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "legacy/legacy.h"

#include <string.h>

static bool print_document(command_env *env, const legacy_document *d, buf *line, err *e)
{
    char time[32];
    json_out j;
    buf_clear(line);
    json_init(&j, line);
    json_open(&j, '{');
    json_key(&j, "name");
    json_str(&j, d->path);
    if (d->deleted) {
        json_key(&j, "deleted");
        json_bool(&j, true);
    } else {
        json_key(&j, "fields");
        json_raw(&j, d->fields);
    }
    if (d->create_us) {
        time_format(d->create_us, time);
        json_key(&j, "createTime");
        json_str(&j, time);
    }
    if (d->update_us) {
        time_format(d->update_us, time);
        json_key(&j, "updateTime");
        json_str(&j, time);
    }
    json_close(&j, '}');
    buf_char(line, '\n');
    return fwrite(line->data, 1, line->len, env->out) == line->len || err_errno(e, "writing the output");
}

static void print_plain(command_env *env, const legacy_document *d)
{
    buf safe;
    buf_init(&safe);
    text_cell(&safe, d->path, strlen(d->path), false);
    fprintf(env->out, "%s  %zu bytes%s\n", safe.data, d->fields_len, d->deleted ? "  deleted" : "");
    buf_done(&safe);
}

static void print_damage(command_env *env, const legacy_damage *d)
{
    buf safe;
    buf_init(&safe);
    text_cell(&safe, d->sentence, strlen(d->sentence), false);
    fprintf(env->messages, "showx: %s (%s)\n", safe.data, d->code); /* the sentence names file and place */
    buf_done(&safe);
}

static int run_read(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    const char *source = value_of(values, n, "SOURCE");
    legacy *l;
    legacy_document d;
    legacy_damage damage;
    long long documents = 0, damages = 0;
    bool ok = true;
    if (!legacy_open(source, &l, e))
        return err_exit_code(e->kind == ERR_USAGE ? ERR_USAGE : ERR_FAILED);
    buf line;
    buf_init(&line);
    while (ok) {
        legacy_got got = l->next(l, &d, &damage, env->stop, e);
        if (got == LEGACY_END)
            break;
        ok = got != LEGACY_FAILED;
        if (got == LEGACY_DAMAGE) {
            damages++;
            print_damage(env, &damage);
        } else if (got == LEGACY_DOCUMENT) {
            documents++;
            if (env->format == OUT_JSON)
                ok = print_document(env, &d, &line, e);
            else
                print_plain(env, &d);
        }
    }
    if (ok && fflush(env->out) != 0)
        ok = err_errno(e, "writing the output");
    fprintf(env->messages, "%lld documents, %lld errors in %s\n", documents, damages, l->info.source);
    buf_done(&line);
    legacy_close(l);
    if (!ok)
        return err_exit_code(e->kind);
    return damages ? 1 : 0;
}

static const command_arg ARGS[] = {
    {"SOURCE", ARG_FILE, true, "file",
     "export:DIR (a managed Firestore export), file:DIR (a folder of NDJSON), or the folder alone; "
     "json:FILE[#PATH][@TIME] (a node-firestore-import-export file, of the place where and time when it was "
     "begun); "
     "firestore:PROJECT[/DATABASE][@READTIME] (the database itself, as of one time)"},
};

const command command_migrate_read = {
    .name = "migrate read",
    .summary = "read an old database and print its documents, without a database",
    .help = "With --json each line is one document: its path as name, its fields in Firestore's typed form. "
            "What cannot become a "
            "document is said on stderr with file and place; then the exit code is 1.",
    .args = ARGS,
    .nargs = 1,
    .group = "Move",
    .run = run_read,
};
