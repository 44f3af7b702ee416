/* help, man, version: printed from the same rows that dispatch and completion use. */
#include "command/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SHOWX_VERSION "0.1"

static const char *const GROUPS[] = {"Look", "Act", "Move", "Schema", "Demo", "Help"};

static const char INTRO[] =
    "showx is the terminal console of a live-music ticketing company: bookings, orders and fans for "
    "support staff, cities and tours for artists' managers, the move from Firestore to Postgres for "
    "engineers. Without a command it opens the console; with one it prints, or, on a terminal, opens the "
    "console there.";
static const char CONNECT[] =
    "showx connects as psql does: -d -h -p -U, the PG* variables, ~/.pg_service.conf and ~/.pgpass. With "
    "no connection named it uses a running demo ('showx demo start'). No password is ever an argument.";

static const struct {
    int code;
    const char *means;
} EXITS[] = {{0, "done"},
             {1, "failed"},
             {2, "misused"},
             {3, "could not connect"},
             {4, "refused: rights, state, or somebody else changed it first"},
             {130, "cancelled"}};

/* Wraps plain text at `columns`, each line indented. */
static void wrap(buf *out, const char *text, size_t indent, size_t columns)
{
    size_t at = 0;
    while (*text) {
        while (*text == ' ')
            text++;
        size_t n = strcspn(text, " ");
        size_t w = text_width(text, n);
        if (at && at + 1 + w > columns) {
            buf_char(out, '\n');
            at = 0;
        }
        if (!at) {
            buf_printf(out, "%*s", (int)indent, "");
            at = indent;
        } else {
            buf_char(out, ' ');
            at++;
        }
        buf_add(out, text, n);
        at += w;
        text += n;
    }
    buf_char(out, '\n');
}

static const char *value_word(const command_arg *a)
{
    switch (a->kind) {
    case ARG_FLAG:
        return "";
    case ARG_INT:
        return "N";
    case ARG_REAL:
        return "X";
    case ARG_DATE:
        return "DATE";
    case ARG_FILE:
        return "FILE";
    case ARG_ID:
        return "ID";
    case ARG_WORD:
        return "WORD";
    case ARG_TEXT:
        break;
    }
    return "TEXT";
}

static void arg_label(buf *out, const command_arg *a)
{
    buf_str(out, a->name);
    if (a->name[0] == '-' && a->kind != ARG_FLAG)
        buf_printf(out, " %s", value_word(a));
}

static void usage_line(buf *out, const command *c)
{
    buf_printf(out, "showx %s", c->name);
    for (size_t i = 0; i < c->nargs; i++) {
        buf label;
        buf_init(&label);
        arg_label(&label, &c->args[i]);
        buf_printf(out, c->args[i].required ? " %s" : " [%s]", label.data);
        buf_done(&label);
    }
}

static void args_help(buf *out, const command_arg *args, size_t n, int columns)
{
    for (size_t i = 0; i < n; i++) {
        buf label;
        buf_init(&label);
        arg_label(&label, &args[i]);
        if (label.len <= 22)
            buf_printf(out, "  %-22s ", label.data);
        else
            buf_printf(out, "  %s\n%25s", label.data, "");
        buf text;
        buf_init(&text);
        wrap(&text, args[i].help ? args[i].help : "", 25, (size_t)columns);
        buf_str(out, text.data + strspn(text.data, " "));
        buf_done(&text);
        buf_done(&label);
    }
}

static void help_command(buf *out, const command *c, int columns)
{
    buf usage;
    buf_init(&usage);
    usage_line(&usage, c);
    wrap(out, usage.data, 0, (size_t)columns);
    buf_done(&usage);
    buf_char(out, '\n');
    wrap(out, c->summary, 0, (size_t)columns);
    if (c->help)
        wrap(out, c->help, 0, (size_t)columns);
    if (c->nargs) {
        buf_char(out, '\n');
        args_help(out, c->args, c->nargs, columns);
    }
    if (c->danger != DANGER_SAFE)
        buf_str(out, "\nThis changes data: it wants --reason, and the change is audited.\n");
}

static void help_all(const commands *cs, buf *out, int columns)
{
    const command_arg *globals;
    size_t nglobals = command_globals(&globals);
    buf_str(out, "usage: showx [OPTION...] [COMMAND [ARGUMENT...]]\n\n");
    wrap(out, INTRO, 0, (size_t)columns);
    for (size_t g = 0; g < sizeof GROUPS / sizeof *GROUPS; g++) {
        buf_printf(out, "\n%s\n", GROUPS[g]);
        for (size_t i = 0; i < cs->n; i++)
            if (strcmp(cs->rows[i]->group, GROUPS[g]) == 0)
                buf_printf(out, "  %-18s %s\n", cs->rows[i]->name, cs->rows[i]->summary);
    }
    buf_str(out, "\nOptions of every command\n");
    args_help(out, globals, nglobals, columns);
    buf_char(out, '\n');
    wrap(out, CONNECT, 0, (size_t)columns);
    buf_str(out, "\nExit codes:");
    for (size_t i = 0; i < sizeof EXITS / sizeof *EXITS; i++)
        buf_printf(out, "%s %d %s", i ? ";" : "", EXITS[i].code, EXITS[i].means);
    buf_str(out, ".\n'showx help COMMAND' says more of one command.\n");
}

void commands_help(const commands *cs, buf *out, const char *topic, int columns)
{
    bool found = false;
    for (size_t i = 0; topic && i < cs->n; i++)
        if (strcmp(cs->rows[i]->name, topic) == 0) {
            help_command(out, cs->rows[i], columns);
            found = true;
        }
    size_t n = topic ? strlen(topic) : 0;
    for (size_t i = 0; topic && i < cs->n; i++)
        if (strncmp(cs->rows[i]->name, topic, n) == 0 && cs->rows[i]->name[n] == ' ') {
            buf_printf(out, "  %-18s %s\n", cs->rows[i]->name, cs->rows[i]->summary);
            found = true;
        }
    if (!found)
        help_all(cs, out, columns);
}

/* ---- the man page ---- */

/* roff: a leading dot or quote would be a request, a backslash an escape, a hyphen a soft one. */
static void roff(buf *out, const char *s)
{
    if (*s == '.' || *s == '\'')
        buf_str(out, "\\&");
    for (; *s; s++) {
        if (*s == '\\')
            buf_str(out, "\\e");
        else if (*s == '-')
            buf_str(out, "\\-");
        else
            buf_char(out, *s);
    }
}

static void roff_line(buf *out, const char *macro, const char *s)
{
    buf_str(out, macro);
    roff(out, s);
    buf_char(out, '\n');
}

static void man_args(buf *out, const command_arg *args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf label;
        buf_init(&label);
        arg_label(&label, &args[i]);
        buf_str(out, ".TP\n");
        roff_line(out, ".B ", label.data);
        roff_line(out, "", args[i].help ? args[i].help : "");
        buf_done(&label);
    }
}

static void man_command(buf *out, const command *c)
{
    buf usage;
    buf_init(&usage);
    usage_line(&usage, c);
    roff_line(out, ".SS ", c->name);
    roff_line(out, ".B ", usage.data);
    buf_str(out, ".PP\n");
    roff_line(out, "", c->summary);
    if (c->help)
        roff_line(out, "", c->help);
    man_args(out, c->args, c->nargs);
    buf_done(&usage);
}

void commands_man(const commands *cs, buf *out)
{
    const command_arg *globals;
    size_t nglobals = command_globals(&globals);
    buf_str(out, ".\\\" printed by 'showx man' from the table of commands: do not edit\n"
                 ".TH SHOWX 1 \"\" \"showx " SHOWX_VERSION "\" \"User Commands\"\n"
                 ".SH NAME\nshowx \\- terminal console of a live\\-music ticketing company\n"
                 ".SH SYNOPSIS\n.B showx\n[\\fIOPTION\\fR...] [\\fICOMMAND\\fR [\\fIARGUMENT\\fR...]]\n.SH "
                 "DESCRIPTION\n");
    roff_line(out, "", INTRO);
    buf_str(out, ".PP\n");
    roff_line(out, "", CONNECT);
    buf_str(out, ".SH OPTIONS\n");
    man_args(out, globals, nglobals);
    buf_str(out, ".SH COMMANDS\n");
    for (size_t g = 0; g < sizeof GROUPS / sizeof *GROUPS; g++)
        for (size_t i = 0; i < cs->n; i++)
            if (strcmp(cs->rows[i]->group, GROUPS[g]) == 0)
                man_command(out, cs->rows[i]);
    buf_str(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof EXITS / sizeof *EXITS; i++)
        buf_printf(out, ".TP\n.B %d\n%s\n", EXITS[i].code, EXITS[i].means);
    buf_str(
        out,
        ".SH FILES\n.TP\n.I ~/.local/state/showx/showx.log\nwhat happened, for engineers\n.TP\n.I "
        "~/.local/state/showx/demo\n"
        "the demo's private Postgres\n.TP\n.I ~/.pg_service.conf, ~/.pgpass\nconnections and passwords, as "
        "for psql\n"
        ".SH ENVIRONMENT\n.TP\n.B PGHOST, PGDATABASE, PGSERVICE, ...\nas for psql\n.TP\n.B NO_COLOR\nno "
        "colour\n.TP\n"
        ".B FIRESTORE_EMULATOR_HOST\na Firestore emulator on this machine (127.0.0.1:PORT), in place of the "
        "real one\n.TP\n"
        ".B SHOWX_FIRESTORE_TOKEN_COMMAND\nprints a token for Firestore; gcloud auth print\\-access\\-token "
        "where it is not set\n.TP\n"
        ".B SHOWX_LOG\ndebug, info, warn or error\n.TP\n.B SHOWX_LABEL\nthe connection's name in the frame\n"
        ".SH SEE ALSO\n.BR psql (1)\n.SH CREDITS\nPlaces: GeoNames (www.geonames.org), CC BY 4.0.\n");
}

static int run_help(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    (void)e;
    buf out, topic;
    buf_init(&out);
    buf_init(&topic);
    const char *words[] = {value_of(values, n, "COMMAND"), value_of(values, n, "WORD")};
    for (size_t i = 0; i < 2; i++)
        if (words[i])
            buf_printf(&topic, "%s%s", topic.len ? " " : "", words[i]);
    char *name = mem_strn(topic.data, strcspn(topic.data, " "));
    char *argv[] = {name};
    int used;
    bool known = !topic.len || commands_find(command_registry(), 1, argv, &used, e) ||
                 strstr(e->text, "one more word");
    if (known) {
        *e = (err){0};
        commands_help(command_registry(), &out, topic.len ? topic.data : NULL, 100);
        fputs(out.data, env->out);
    }
    free(name);
    buf_done(&out);
    buf_done(&topic);
    return known ? 0 : 2;
}

static const command_arg HELP_ARGS[] = {
    {"COMMAND", ARG_WORD, false, "command", "the command to explain"},
    {"WORD", ARG_WORD, false, NULL, "its second word, if it has one"},
};
const command command_help = {
    .name = "help",
    .summary = "what the commands are, or what one of them does",
    .args = HELP_ARGS,
    .nargs = 2,
    .group = "Help",
    .run = run_help,
};

static int run_man(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n, (void)e;
    buf out;
    buf_init(&out);
    commands_man(command_registry(), &out);
    fputs(out.data, env->out);
    buf_done(&out);
    return 0;
}

const command command_man = {
    .name = "man",
    .summary = "print the manual page's source (man/showx.1)",
    .group = "Help",
    .run = run_man,
};

static int run_version(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n, (void)e;
    fputs("showx " SHOWX_VERSION "\n", env->out);
    return 0;
}

const command command_version = {
    .name = "version",
    .summary = "print the version",
    .group = "Help",
    .run = run_version,
};
