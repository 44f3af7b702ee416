/* main: arguments -> command, and the console when there is none. The only file that knows both command/ and
 * ui/. */
#include "base/log.h"
#include "base/path.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "command/command.h"
#include "ui/ui.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static stop interrupted; /* asked by Ctrl-C: a signal handler can reach nothing else */

static void on_interrupt(int signal)
{
    (void)signal;
    stop_ask(&interrupted);
}

/* What was typed may hold anything: it reaches the terminal through the one door. */
static void told(void *ctx, const char *sentence)
{
    (void)ctx;
    buf line;
    buf_init(&line);
    text_cell(&line, sentence, strlen(sentence), false);
    fprintf(stderr, "showx: %s\n", line.data);
    buf_done(&line);
}

/* A headless command ends by Ctrl-C with exit code 130; a closed pipe ends it as it ends any filter. */
static void catch_signals(void)
{
    struct sigaction act = {.sa_handler = on_interrupt};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
}

static int run_console(command_env *env, const view *v, const query_value *values, size_t n);
static const commands *the_commands; /* for run_console, which command/ calls back */

static int run_console(command_env *env, const view *v, const query_value *values, size_t n)
{
    signal(SIGINT, SIG_DFL);
    return ui_run(env, the_commands, v, values, n);
}

static int run_words(commands *cs, command_env *env, int argc, char **argv)
{
    err e = {0};
    int at = 1;
    for (int took; at < argc;) {
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-?") == 0)
            return commands_run(cs, env, 1, (char *[]){(char[]){"help"}, NULL});
        if (strcmp(argv[at], "--version") == 0)
            return commands_run(cs, env, 1, (char *[]){(char[]){"version"}, NULL});
        took = command_global(env, argc, argv, &at, &e);
        if (took < 0 || (took == 0 && argv[at][0] == '-')) {
            if (took == 0)
                err_set(&e, ERR_USAGE, "there is no option '%s'; 'showx --help' lists them", argv[at]);
            told(NULL, e.text);
            return 2;
        }
        if (took == 0)
            break;
    }
    if (at < argc)
        return commands_run(cs, env, argc - at, argv + at);
    if (env->console && env->terminal && isatty(STDIN_FILENO) && env->format == OUT_AUTO)
        return run_console(env, NULL, NULL, 0);
    return commands_run(cs, env, 1, (char *[]){(char[]){"home"}, NULL});
}

/* What was printed in passing (help, version, the manual) may have gone to a full disk; ferror remembers a
 * failure that an earlier flush met. A command that has said so itself has its code already. */
static int end_output(int code)
{
    int was = fflush(stdout) != 0 ? errno : ferror(stdout) ? EIO : 0;
    if (was == 0 || code != 0)
        return code;
    fprintf(stderr, "showx: writing the output: %s\n", strerror(was));
    return 1;
}

int main(int argc, char **argv)
{
    err e = {0};
    if (!setlocale(LC_ALL, ""))
        setlocale(LC_ALL, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
    char *log = path_state("showx.log");
    log_open(log, LOG_INFO);
    free(log);
    if (!stop_init(&interrupted, 0, &e)) {
        fprintf(stderr, "showx: %s\n", e.text);
        return 1;
    }
    catch_signals();
    catalog *c = catalog_new(told, NULL);
    if (!c)
        return 1;
    commands *cs = commands_new(c);
    the_commands = cs;
    command_env env = {
        .catalog = c,
        .out = stdout,
        .messages = stderr,
        .stop = &interrupted,
        .terminal = isatty(STDOUT_FILENO) == 1,
        .console = run_console,
    };
    const char *term = getenv("TERM");
    if (!term || !*term || strcmp(term, "dumb") == 0)
        env.console = NULL;
    int code = run_words(cs, &env, argc, argv);
    store_close(env.store);
    free(env.demo_conninfo);
    commands_free(cs);
    catalog_free(c);
    stop_done(&interrupted);
    log_close();
    return end_output(code);
}
