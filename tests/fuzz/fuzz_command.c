/* Typed lines: split, completed and run against a store that has one row of hostile cells. The first line of the
 * input is the command line, the rest is the text in the cells. Commands that would touch files, servers or
 * the terminal are read to the last argument and then not run. */
#include "base/mem.h"
#include "base/text.h"
#include "command/command.h"
#include "fuzz.h"
#include <jansson.h>
#include <string.h>

static store_cell cells[] = {{NULL, 0},   {NULL, 0}, {NULL, 0}, {"-42", 3}, {"2026-11-22T18:10:00Z", 20},
                             {"true", 4}, {"{}", 2}};
static const store_column columns[] = {{"name", STORE_TEXT},       {"artist_id", STORE_TEXT},
                                       {"currency", STORE_TEXT},   {"total_minor", STORE_INT},
                                       {"created_at", STORE_TIME}, {"active", STORE_BOOL},
                                       {"fields", STORE_JSON}};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* ---- the store ---- */

static bool fake_connect(store *s, stop *asked, err *e)
{
    (void)s, (void)asked, (void)e;
    return true;
}

static bool fake_begin(store *s, bool read_only, stop *asked, err *e)
{
    (void)read_only;
    return fake_connect(s, asked, e);
}

static bool fake_run(store *s, const store_request *request, const store_sink *sink, int64_t *ret_affected,
                     stop *asked, err *e)
{
    (void)s, (void)asked;
    fuzz_must(request->name && request->sql);
    for (size_t i = 0; i < request->nparams; i++) {
        const char *text = request->params[i].text;
        fuzz_must(!text || text_valid(text, strlen(text)));
    }
    if (ret_affected)
        *ret_affected = 1;
    return !sink || ((!sink->head || sink->head(sink->ctx, columns, COLUMNS, e)) &&
                     sink->row(sink->ctx, cells, COLUMNS, e));
}

static store fake = {.connect = fake_connect,
                     .run = fake_run,
                     .begin = fake_begin,
                     .commit = fake_connect,
                     .rollback = fake_connect};

/* ---- the commands ---- */

static int not_run(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)env, (void)e;
    for (size_t i = 0; i < n; i++)
        fuzz_must(values[i].name && values[i].text);
    for (size_t a = 0; a < self->nargs; a++) {
        const char *name = self->args[a].name + strspn(self->args[a].name, "-");
        bool given = !self->args[a].required;
        for (size_t i = 0; i < n; i++)
            given |= strcmp(values[i].name, name) == 0;
        fuzz_must(given);
    }
    return 0;
}

static bool harmless(const command *c)
{
    return strcmp(c->group, "Look") == 0 || strcmp(c->group, "Act") == 0 || strcmp(c->name, "help") == 0 ||
           strcmp(c->name, "version") == 0;
}

static const commands *make(const catalog **ret)
{
    static catalog *cat;
    static commands *all;
    if (!all) {
        const command *const *rows;
        cat = catalog_new(NULL, NULL);
        all = commands_new(cat);
        for (size_t i = commands_all(all, &rows); i-- > 0;)
            if (!harmless(rows[i]))
                ((command *)rows[i])->run = not_run; /* the registry's own copy */
    }
    *ret = cat;
    return all;
}

/* ---- what must hold ---- */

static void split(const char *line)
{
    char **argv, **again;
    int argc, count;
    err e = {0};
    if (!commands_split(line, &argv, &argc, &e)) {
        fuzz_must(e.kind == ERR_USAGE && *e.text);
        return;
    }
    buf quoted; /* each word in quotes gives the same words again */
    buf_init(&quoted);
    for (int i = 0; i < argc; i++) {
        buf_str(&quoted, " '");
        for (const char *c = argv[i]; *c; c++)
            buf_str(&quoted, *c == '\'' ? "'\\''" : (char[]){*c, '\0'});
        buf_char(&quoted, '\'');
    }
    fuzz_must(!argv[argc] && commands_split(quoted.data, &again, &count, &e) && count == argc);
    for (int i = 0; i < argc; i++)
        fuzz_must(strcmp(argv[i], again[i]) == 0);
    commands_split_free(argv, argc);
    commands_split_free(again, count);
    buf_done(&quoted);
}

static void complete(const commands *all, const char *line)
{
    for (size_t at = 0, n = strlen(line); at <= n; at += n > 8 ? n / 8 : 1) {
        char **found;
        size_t count = commands_complete(all, line, at, &found);
        for (size_t i = 0; i < count; i++) {
            fuzz_must(*found[i] && text_valid(found[i], strlen(found[i])));
            fuzz_must(i == 0 || strcmp(found[i - 1], found[i]) < 0);
        }
        for (size_t i = 0; i < count; i++)
            free(found[i]);
        free(found);
    }
}

/* No control character and nothing invisible, but for the newlines of the output itself. */
static void must_be_plain(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += text_decode(s + i, n - i, &cp);
        fuzz_must(cp == '\n' || cp == 0x200D || !text_hidden(cp));
    }
}

static void must_be_json(const char *s)
{
    for (const char *end; *s; s = end + 1) {
        end = strchr(s, '\n');
        fuzz_must(end);
        json_t *value = json_loadb(s, (size_t)(end - s), JSON_ALLOW_NUL, NULL);
        fuzz_must(value && json_is_object(value));
        json_decref(value);
    }
}

static void run(const catalog *cat, const commands *all, int argc, char **argv, out_format format)
{
    char *out, *messages;
    size_t nout, nmessages;
    command_env env = {.catalog = cat,
                       .format = format,
                       .store = &fake,
                       .out = open_memstream(&out, &nout),
                       .messages = open_memstream(&messages, &nmessages)};
    int code = commands_run(all, &env, argc, argv);
    fclose(env.out);
    fclose(env.messages);
    fuzz_must((code >= 0 && code <= 4) || code == 130);
    must_be_plain(messages, nmessages);
    if (env.format == OUT_PLAIN || env.format == OUT_AUTO)
        must_be_plain(out, nout);
    else if (env.format == OUT_JSON && *out == '{') /* --help is no object */
        must_be_json(out);
    free(out);
    free(messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const catalog *cat;
    const commands *all = make(&cat);
    const uint8_t *newline = n ? memchr(data, '\n', n) : NULL;
    size_t length = newline ? (size_t)(newline - data) : n;
    char *line = mem_strn((const char *)data, length);
    char *text = mem_strn((const char *)data + length, n - length);
    for (int i = 0; i < 3; i++)
        cells[i] = (store_cell){text, strlen(text)};
    split(line);
    complete(all, line);
    char **argv;
    int argc;
    if (commands_split(line, &argv, &argc, NULL)) {
        for (int format = OUT_AUTO; argc && format <= OUT_CSV; format++)
            run(cat, all, argc, argv, (out_format)format);
        commands_split_free(argv, argc);
    }
    free(line);
    free(text);
    return 0;
}
