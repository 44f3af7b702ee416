/* Long work on the command line: what is done, how fast, how long it still takes; on stderr, over itself on a terminal, once a second as
 * lines where somebody may read a log. */
#include "command/private.h"

#include "base/time.h"

#include <string.h>
#include <unistd.h>

enum { OVER_ITSELF_MS = 200, LINE_MS = 1000 };

progress_line progress_begin(command_env *env, bool lines)
{
    int64_t now = time_mono_ms();
    return (progress_line){.env = env,
                           .tty = isatty(fileno(env->messages)) == 1,
                           .lines = lines,
                           .began_ms = now,
                           .said_ms = now};
}

/* Each piece of the work has its own speed: where the next one begins, the clock does too. Counts may go on or begin at 0. */
static void next_piece(progress_line *p, int64_t done, int64_t now, const char *what)
{
    if (strncmp(p->what, what, sizeof p->what - 1) != 0) {
        snprintf(p->what, sizeof p->what, "%s", what);
        p->began_ms = now;
        p->base = done >= p->last ? p->last : 0;
    }
    p->last = done;
}

void progress_told(void *ctx, int64_t done, int64_t total, const char *what)
{
    progress_line *p = ctx;
    int64_t now = time_mono_ms();
    next_piece(p, done, now, what ? what : "");
    if ((!p->tty && !p->lines) || now - p->said_ms < (p->tty ? OVER_ITSELF_MS : LINE_MS))
        return;
    p->said_ms = now;
    int64_t took = now - p->began_ms, rate = took > 0 ? (done - p->base) * 1000 / took : 0;
    fprintf(p->env->messages, "%s  %-12s %lld", p->tty ? "\r" : "", p->what, (long long)done);
    if (total > done)
        fprintf(p->env->messages, " of ~%lld", (long long)total);
    if (rate > 0)
        fprintf(p->env->messages, "  %lld/s", (long long)rate);
    if (total > done && rate > 0)
        fprintf(p->env->messages, "  %lld s left", (long long)((total - done) / rate));
    fprintf(p->env->messages, p->tty ? "\033[K" : "\n");
    p->open = p->tty;
    fflush(p->env->messages);
}

void progress_end(progress_line *p)
{
    if (p->open)
        fputs("\r\033[K", p->env->messages);
    p->open = false;
}
