/* command: one word, three places. A command is the same as an argument of the program, at the `:` prompt and
 * in `showx shell`. Its row carries name, arguments, completion, danger, help: dispatch, Tab, --help, the man
 * page, `?` and "are you sure" all come from it. One command, one file: src/command/NAME.c ending in one
 * const struct. Every view of the catalog is a command too (view.c makes their rows). */
#ifndef SHOWX_COMMAND_COMMAND_H
#define SHOWX_COMMAND_COMMAND_H

#include "base/buf.h"
#include "base/err.h"
#include "base/job.h"
#include "catalog/catalog.h"
#include "store/store.h"
#include <stdbool.h>
#include <stdio.h>

typedef enum { OUT_AUTO, OUT_PLAIN, OUT_JSON, OUT_CSV } out_format;

/* What a command runs in: made by main, the shell or the prompt. */
typedef struct command_env {
    const catalog *catalog;
    store *store;          /* not connected yet; NULL until command_store() */
    store_options options; /* from -d -h -p -U and the environment */
    out_format format;
    bool raw_csv;         /* --raw: no leading ' before = + - @ TAB CR */
    bool reveal;          /* --reveal: personal data unmasked on output meant for people */
    FILE *out, *messages; /* data; everything else */
    stop *stop;           /* Ctrl-C */
    bool terminal;        /* stdout is one */
    /* Opens a screen instead of printing, when the console runs; NULL headless. */
    bool (*open_view)(void *ctx, const view *v, const query_value *values, size_t n, err *e);
    void *ctx;
    bool demo;           /* this command is about the demo, whatever PG* say */
    char *demo_conninfo; /* where the running demo was found; owned, freed by whoever made the env */
    /* Starts the whole console at a view; set by main so that command/ need not know ui/. Returns an exit
     * code. */
    int (*console)(struct command_env *env, const view *v, const query_value *values, size_t n);
} command_env;

typedef enum { ARG_FLAG, ARG_TEXT, ARG_INT, ARG_REAL, ARG_DATE, ARG_FILE, ARG_ID, ARG_WORD } arg_kind;

typedef struct command_arg {
    const char *name; /* "--search" or, positional, "ID" */
    arg_kind kind;
    bool required;
    const char *completes; /* NULL, "file", "view", "query", "command", or a view's name: its keys */
    const char *help;
} command_arg;

typedef struct command {
    const char *name;    /* "schema up": words separated by one space */
    const char *summary; /* one line */
    const char *help;    /* more, may be NULL */
    const command_arg *args;
    size_t nargs;
    view_danger danger;
    bool needs_store;
    const char *group; /* "Look", "Move", "Demo", "Schema", "Help" */
    /* values: one a given argument, by name without dashes; flags have text "". Returns an exit code;
     * messages were printed. */
    int (*run)(const struct command *self, command_env *env, const query_value *values, size_t n, err *e);
    const void *data; /* a view, for view commands */
} command;

typedef struct commands commands;
commands *commands_new(const catalog *c);
void commands_free(commands *cs);
size_t commands_all(const commands *cs, const command *const **ret);
/* The longest command that begins argv; *ret_used its words. NULL with a suggestion in e when there is none.
 */
const command *commands_find(const commands *cs, int argc, char *const *argv, int *ret_used, err *e);

/* The options that every command takes (-d, --json, ...): their rows, and reading one at argv[*at]. Returns 1
 * when argv[*at] was one (and moves *at behind it), 0 when it is none, -1 with e when its value is missing or
 * wrong. */
size_t command_globals(const command_arg **ret);
int command_global(command_env *env, int argc, char *const *argv, int *at, err *e);

/* Parses the rest and runs. Errors are printed to env->messages as one sentence. Returns the exit code. */
int commands_run(const commands *cs, command_env *env, int argc, char *const *argv);
/* Splits a typed line as a shell would (quotes, backslash), no expansion. */
bool commands_split(const char *line, char ***ret_argv, int *ret_argc, err *e);
void commands_split_free(char **argv, int argc);
/* Completions of the word under `at` in line: full words, sorted; the caller frees each and the list. */
size_t commands_complete(const commands *cs, const char *line, size_t at, char ***ret);

/* Help, man page and key help come from the same rows. */
void commands_help(const commands *cs, buf *out, const char *topic, int columns);
void commands_man(const commands *cs, buf *out); /* man/showx.1 as mdoc or man source */

/* Opens env->store by options, finding a running demo when nothing was named. */
bool command_store(command_env *env, err *e);

/* ---- output: one writer for headless and export ---- */
typedef struct output output;
output *output_new(command_env *env, const view *v); /* v may be NULL: all columns as text */
store_sink output_sink(output *o);
bool output_end(output *o, err *e); /* flushes; reports write errors such as a full disk */
int64_t output_rows(const output *o);
void output_free(output *o);

#endif
