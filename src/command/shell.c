/* shell: a readline prompt with the same commands, history and completion. Blocking readline is right here,
 * where nothing else is on the screen; the console has its own prompt (ui/prompt.c). */
#include "command/private.h"

#include "base/mem.h"
#include "base/path.h"

#include <readline/history.h>
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *next_match(const char *text, int state)
{
    static char **found; /* readline asks one by one and calls in no other way */
    static size_t n, at;
    (void)text;
    if (state == 0) {
        free(found);
        n = commands_complete(command_registry(), rl_line_buffer, (size_t)rl_point, &found);
        at = 0;
    }
    return at < n ? found[at++] : NULL;
}

static char **complete(const char *text, int start, int end)
{
    (void)start, (void)end;
    rl_attempted_completion_over = 1;
    return rl_completion_matches(text, next_match);
}

/* One line of input without its newline, or NULL at the end. From a pipe, no prompt and no echo. */
static char *read_line(bool terminal)
{
    if (terminal)
        return readline("showx> ");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n = getline(&line, &cap, stdin);
    if (n < 0) {
        free(line);
        return NULL;
    }
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
        line[--n] = 0;
    return line;
}

static int run_line(command_env *env, const char *line)
{
    char **argv = NULL;
    int argc = 0, code = 0;
    err e = {0};
    const char *text = line + strspn(line, " \t");
    if (*text == '#' || !*text)
        return 0;
    if (!commands_split(text, &argv, &argc, &e))
        return print_error(env, &e);
    command_env own = *env; /* a format given on one line does not stay */
    if (argc && strcmp(argv[0], "shell") == 0)
        fprintf(env->messages, "this is the shell\n");
    else if (argc)
        code = commands_run(command_registry(), &own, argc, argv);
    env->store = own.store;
    env->demo_conninfo = own.demo_conninfo;
    commands_split_free(argv, argc);
    return code;
}

static int run_shell(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self, (void)values, (void)n, (void)e;
    bool terminal = isatty(STDIN_FILENO) && env->terminal;
    char *history = path_state("shell-history");
    int code = 0;
    if (terminal) {
        rl_readline_name = "showx";
        rl_attempted_completion_function = complete;
        rl_basic_word_break_characters = " \t";
        using_history();
        read_history(history);
        fprintf(env->messages, "help lists the commands; Ctrl-D leaves\n");
    }
    env->terminal = false; /* commands print here, they do not open the console */
    for (char *line; (line = read_line(terminal));) {
        if (strcmp(line, "quit") == 0 || strcmp(line, "exit") == 0) {
            free(line);
            break;
        }
        if (terminal && *line)
            add_history(line);
        int last = run_line(env, line);
        code = terminal ? 0 : last ? last : code;
        free(line);
    }
    if (terminal && write_history(history) == 0)
        history_truncate_file(history, 1000);
    free(history);
    return code;
}

const command command_shell = {
    .name = "shell",
    .summary = "a prompt with the same commands, history and completion",
    .help =
        "From a pipe it runs one command a line (# begins a comment) and exits with the last failure's code.",
    .group = "Help",
    .run = run_shell,
};
