/* The registry: finding a command by its words, reading its arguments, running it. */
#include "command/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

/* One a line, whatever their number: so that two who add one do not meet. */
/* clang-format off */
static const command *const BUILT_IN[] = {
    &command_check,
    &command_city,
    &command_demand_evaluate,
    &command_demand_refresh,
    &command_demo,
    &command_demo_start,
    &command_demo_stop,
    &command_demo_reset,
    &command_demo_status,
    &command_help,
    &command_import_cities,
    &command_man,
    &command_migrate_load,
    &command_migrate_models,
    &command_migrate_project,
    &command_migrate_read,
    &command_migrate_reread,
    &command_migrate_status,
    &command_schema_status,
    &command_schema_up,
    &command_shell,
    &command_sync,
    &command_tour_optw,
    &command_tour_alternatives,
    &command_tour_compare,
    &command_tour_export,
    &command_tour_hold,
    &command_tour_plan,
    &command_tour_share,
    &command_tour_show,
    &command_tour_why,
    &command_version,
};
/* clang-format on */

static const command_arg GLOBALS[] = {
    {"-d", ARG_TEXT, false, NULL, "database name, connection string or URI, as for psql (\"service=prod\")"},
    {"-h", ARG_TEXT, false, NULL, "host name or socket folder"},
    {"-p", ARG_TEXT, false, NULL, "port"},
    {"-U", ARG_TEXT, false, NULL,
     "user; passwords come from ~/.pgpass or PGPASSFILE, never from an argument"},
    {"--json", ARG_FLAG, false, NULL, "print one JSON object a line"},
    {"--csv", ARG_FLAG, false, NULL, "print CSV (RFC 4180)"},
    {"--plain", ARG_FLAG, false, NULL, "print an aligned table"},
    {"--raw", ARG_FLAG, false, NULL,
     "CSV without the quote that keeps a spreadsheet from running a cell as a formula"},
    {"--reveal", ARG_FLAG, false, NULL, "show personal data unmasked; this is audited"},
};

/* The registry in use, for the commands that speak of commands (help, man, shell). Set while one runs. */
static const commands *registry;

const commands *command_registry(void)
{
    return registry;
}

size_t command_globals(const command_arg **ret)
{
    *ret = GLOBALS;
    return sizeof GLOBALS / sizeof *GLOBALS;
}

void *commands_own(commands *cs, void *p)
{
    MEM_ROOM(cs->owned, cs->nowned, cs->capowned);
    cs->owned[cs->nowned++] = p;
    return p;
}

void commands_add(commands *cs, const command *row)
{
    command *copy = MEM_NEW(command);
    *copy = *row;
    MEM_ROOM(cs->rows, cs->n, cs->cap);
    cs->rows[cs->n++] = copy;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(command *const *)a)->name, (*(command *const *)b)->name);
}

commands *commands_new(const catalog *c)
{
    commands *cs = MEM_NEW(commands);
    cs->catalog = c;
    for (size_t i = 0; i < sizeof BUILT_IN / sizeof *BUILT_IN; i++)
        commands_add(cs, BUILT_IN[i]);
    view_commands_add(cs);
    action_commands_add(cs);
    qsort(cs->rows, cs->n, sizeof *cs->rows, by_name);
    registry = cs;
    return cs;
}

void commands_free(commands *cs)
{
    if (!cs)
        return;
    for (size_t i = 0; i < cs->n; i++)
        free(cs->rows[i]);
    for (size_t i = 0; i < cs->nowned; i++)
        free(cs->owned[i]);
    free(cs->rows);
    free(cs->owned);
    free(cs);
    registry = NULL;
}

size_t commands_all(const commands *cs, const command *const **ret)
{
    *ret = (const command *const *)cs->rows;
    return cs->n;
}

/* How many words of the command's name argv begins with; 0 unless all of them match. */
static int words_matched(const char *name, int argc, char *const *argv)
{
    int words = 0;
    while (*name) {
        size_t n = strcspn(name, " ");
        if (words >= argc || strlen(argv[words]) != n || strncmp(argv[words], name, n) != 0)
            return 0;
        words++;
        name += n;
        name += *name == ' ';
    }
    return words;
}

/* The nearest of all, however far: better than none for somebody who does not know the words. */
static const char *least_far(const char *word, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t d = text_distance(word, names[i], 64);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}

static bool unknown_command(const commands *cs, int argc, char *const *argv, err *e)
{
    const char **names = MEM_ARRAY(const char *, cs->n);
    buf group;
    buf_init(&group);
    size_t first = strlen(argv[0]);
    for (size_t i = 0; i < cs->n; i++) {
        names[i] = cs->rows[i]->name;
        if (strncmp(names[i], argv[0], first) == 0 && names[i][first] == ' ')
            buf_printf(&group, "%s%s", group.len ? ", " : "", names[i]);
    }
    const char *near = text_nearest(argv[0], names, cs->n);
    if (!near)
        near = least_far(argv[0], names, cs->n);
    buf safe;
    buf_init(&safe);
    text_cell(&safe, argv[argc > 1 && group.len ? 1 : 0], strlen(argv[argc > 1 && group.len ? 1 : 0]), false);
    if (group.len)
        err_set(e, ERR_USAGE, "'%s' wants one more word: %s", argv[0], group.data);
    else if (near)
        err_set(e, ERR_USAGE, "there is no command '%s'; did you mean '%s'? ('showx help' lists them)",
                safe.data, near);
    else
        err_set(e, ERR_USAGE, "there is no command '%s'; 'showx help' lists them", safe.data);
    buf_done(&safe);
    buf_done(&group);
    free(names);
    return false;
}

const command *commands_find(const commands *cs, int argc, char *const *argv, int *ret_used, err *e)
{
    const command *best = NULL;
    int used = 0;
    for (size_t i = 0; i < cs->n; i++) {
        int words = words_matched(cs->rows[i]->name, argc, argv);
        if (words > used) {
            best = cs->rows[i];
            used = words;
        }
    }
    if (!best) {
        unknown_command(cs, argc, argv, e);
        return NULL;
    }
    *ret_used = used;
    return best;
}

/* ---- arguments ---- */

typedef struct parsed {
    query_value *values;
    size_t n, cap;
} parsed;

static void parsed_add(parsed *p, const char *name, const char *text)
{
    MEM_ROOM(p->values, p->n, p->cap);
    p->values[p->n++] = (query_value){name + strspn(name, "-"), text};
}

const char *value_of(const query_value *values, size_t n, const char *name)
{
    for (size_t i = n; i-- > 0;) /* an option given twice counts as given last */
        if (strcmp(values[i].name, name) == 0)
            return values[i].text;
    return NULL;
}

static bool check_kind(const command *c, const command_arg *a, const char *text, err *e)
{
    char *end;
    int32_t days;
    err why = {0};
    switch (a->kind) {
    case ARG_INT:
        (void)strtoll(text, &end, 10);
        if (!*text || *end)
            return err_set(e, ERR_USAGE, "%s: %s wants a whole number, not '%s'", c->name, a->name, text);
        return true;
    case ARG_REAL:
        (void)strtod(text, &end);
        if (!*text || *end)
            return err_set(e, ERR_USAGE, "%s: %s wants a number, not '%s'", c->name, a->name, text);
        return true;
    case ARG_DATE:
        return time_parse_date(text, &days, &why) ||
               err_set(e, ERR_USAGE, "%s: %s: %s", c->name, a->name, why.text);
    case ARG_FLAG:
    case ARG_TEXT:
    case ARG_FILE:
    case ARG_ID:
    case ARG_WORD:
        break;
    }
    if (!text_valid(text, strlen(text)))
        return err_set(e, ERR_USAGE, "%s: %s is not valid UTF-8", c->name, a->name);
    return true;
}

static const command_arg *find_option(const command *c, const char *word, size_t n)
{
    for (size_t i = 0; i < c->nargs; i++)
        if (c->args[i].name[0] == '-' && strlen(c->args[i].name) == n &&
            strncmp(c->args[i].name, word, n) == 0)
            return &c->args[i];
    return NULL;
}

static bool unknown_option(const command *c, const char *word, err *e)
{
    const char **names = MEM_ARRAY(const char *, c->nargs + sizeof GLOBALS / sizeof *GLOBALS);
    size_t n = 0;
    for (size_t i = 0; i < c->nargs; i++)
        if (c->args[i].name[0] == '-')
            names[n++] = c->args[i].name;
    for (size_t i = 0; i < sizeof GLOBALS / sizeof *GLOBALS; i++)
        names[n++] = GLOBALS[i].name;
    const char *near = text_nearest(word, names, n);
    if (near)
        err_set(e, ERR_USAGE, "%s: there is no option '%s'; did you mean '%s'?", c->name, word, near);
    else
        err_set(e, ERR_USAGE, "%s: there is no option '%s'; 'showx help %s' lists them", c->name, word,
                c->name);
    free(names);
    return false;
}

/* One option at argv[*i]: --name VALUE or --name=VALUE. */
static bool parse_option(const command *c, int argc, char *const *argv, int *i, parsed *out, err *e)
{
    const char *word = argv[*i];
    const char *equals = strchr(word, '=');
    const command_arg *a = find_option(c, word, equals ? (size_t)(equals - word) : strlen(word));
    if (!a)
        return unknown_option(c, word, e);
    if (a->kind == ARG_FLAG) {
        if (equals)
            return err_set(e, ERR_USAGE, "%s: %s takes no value", c->name, a->name);
        parsed_add(out, a->name, "");
        return true;
    }
    const char *text = equals ? equals + 1 : *i + 1 < argc ? argv[++*i] : NULL;
    if (!text)
        return err_set(e, ERR_USAGE, "%s: %s wants a value: %s", c->name, a->name, a->help);
    parsed_add(out, a->name, text);
    return check_kind(c, a, text, e);
}

/* "demo strat": a command of one word that others begin with. Sets e and returns true when one is near. */
static bool misspelt_word(const command *c, const char *word, err *e)
{
    const char **names = MEM_ARRAY(const char *, registry->n + 1);
    size_t n = 0, first = strlen(c->name);
    for (size_t i = 0; i < registry->n; i++)
        if (strncmp(registry->rows[i]->name, c->name, first) == 0 && registry->rows[i]->name[first] == ' ')
            names[n++] = registry->rows[i]->name + first + 1;
    const char *near = text_nearest(word, names, n);
    if (near)
        err_set(e, ERR_USAGE, "there is no command '%s %s'; did you mean '%s %s'?", c->name, word, c->name,
                near);
    free(names);
    return near != NULL;
}

static bool parse_positional(const command *c, size_t *position, const char *word, parsed *out, err *e)
{
    while (*position < c->nargs && c->args[*position].name[0] == '-')
        ++*position;
    if (*position == c->nargs && misspelt_word(c, word, e))
        return false;
    if (*position == c->nargs)
        return err_set(e, ERR_USAGE, "%s: '%s' is one argument too many; see 'showx help %s'", c->name, word,
                       c->name);
    const command_arg *a = &c->args[(*position)++];
    parsed_add(out, a->name, word);
    return check_kind(c, a, word, e);
}

static bool require_all(const command *c, const parsed *p, err *e)
{
    for (size_t i = 0; i < c->nargs; i++) {
        const command_arg *a = &c->args[i];
        if (a->required && !value_of(p->values, p->n, a->name + strspn(a->name, "-")))
            return err_set(e, ERR_USAGE, "%s: %s is missing: %s", c->name, a->name, a->help);
    }
    return true;
}

static bool parse_all(const command *c, command_env *env, int argc, char *const *argv, parsed *out,
                      bool *ret_help, err *e)
{
    size_t position = 0;
    bool only_words = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (only_words || word[0] != '-' || !word[1]) {
            if (!parse_positional(c, &position, word, out, e))
                return false;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0) {
            *ret_help = true;
            return true;
        }
        const char *equals = strchr(word, '=');
        if (!find_option(c, word, equals ? (size_t)(equals - word) : strlen(word))) {
            int took = command_global(env, argc, argv, &i, e);
            if (took < 0)
                return err_wrap(e, "%s", c->name);
            if (took > 0) {
                i--;
                continue;
            }
        }
        if (!parse_option(c, argc, argv, &i, out, e))
            return false;
    }
    return require_all(c, out, e);
}

int command_global(command_env *env, int argc, char *const *argv, int *at, err *e)
{
    const char *word = argv[*at];
    if (strcmp(word, "--json") == 0 || strcmp(word, "--csv") == 0 || strcmp(word, "--plain") == 0) {
        env->format = word[2] == 'j' ? OUT_JSON : word[2] == 'c' ? OUT_CSV : OUT_PLAIN;
        ++*at;
        return 1;
    }
    if (strcmp(word, "--raw") == 0 || strcmp(word, "--reveal") == 0) {
        *(word[3] == 'a' ? &env->raw_csv : &env->reveal) = true;
        ++*at;
        return 1;
    }
    const char **slot = strncmp(word, "-d", 2) == 0   ? &env->options.conninfo
                        : strncmp(word, "-h", 2) == 0 ? &env->options.host
                        : strncmp(word, "-p", 2) == 0 ? &env->options.port
                        : strncmp(word, "-U", 2) == 0 ? &env->options.user
                                                      : NULL;
    if (!slot)
        return 0;
    if (!word[2] && *at + 1 >= argc) {
        err_set(e, ERR_USAGE, "%s wants a value", word);
        return -1;
    }
    *slot = word[2] ? word + 2 : argv[++*at];
    ++*at;
    return 1;
}

int print_error(command_env *env, const err *e)
{
    buf line;
    buf_init(&line);
    text_cell(&line, e->text, strlen(e->text), false);
    fprintf(env->messages, "showx: %s\n", line.data);
    buf_done(&line);
    return err_exit_code(e->kind);
}

int commands_run(const commands *cs, command_env *env, int argc, char *const *argv)
{
    err e = {0};
    int used = 0, code;
    bool help = false;
    parsed p = {0};
    const command *c = commands_find(cs, argc, argv, &used, &e);
    if (!c || !parse_all(c, env, argc - used, argv + used, &p, &help, &e)) {
        code = print_error(env, &e);
    } else if (help) {
        buf text;
        buf_init(&text);
        commands_help(cs, &text, c->name, 80);
        fputs(text.data, env->out);
        buf_done(&text);
        code = 0;
    } else {
        code = c->run(c, env, p.values, p.n, &e);
        if (e.kind != ERR_NONE) {
            int told = print_error(env, &e);
            code = code ? code : told;
        }
    }
    free(p.values);
    return code;
}
