/* A pseudo-terminal. TERM=xterm lets showx ask whether the terminal knows synchronised output; we say yes, and
 * then every repaint ends in a mark that can be timed. Bytes are looked at one by one, so that it does not
 * matter where a read cuts them. */
#include "base/mem.h"
#include "bench/bench.h"
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASKED "\033[?2026$p"
#define ANSWER "\033[?2026;2$y"
#define FRAME_BEGINS "\033[?2026h"
#define FRAME_ENDS "\033[?2026l"

typedef struct match {
    const char *text;
    size_t at;
} match;

struct term {
    pid_t pid;
    int fd, code;
    bool ended;
    double began, read_at; /* when the bytes at hand arrived */
    char bytes[65536];
    size_t n, at; /* read, and looked at already */
    match asked, begins, ends;
    size_t frame; /* bytes of the repaint so far */
};

/* Good for texts whose first byte does not come again in them, which all of ours are near enough: on a miss
 * only the byte at hand can begin anew. */
static bool matches(match *m, char c)
{
    if (c != m->text[m->at])
        m->at = 0;
    if (c == m->text[m->at])
        m->at++;
    if (m->text[m->at])
        return false;
    m->at = 0;
    return true;
}

static void set_environment(const bench *b)
{
    static const char *const away[] = {"PGHOST",    "PGPORT",   "PGDATABASE", "PGUSER",
                                       "PGSERVICE", "NO_COLOR", "SHOWX_NOW"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        unsetenv(away[i]);
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("XDG_STATE_HOME", b->folder, 1);
    setenv("XDG_CONFIG_HOME", b->folder, 1);
}

term *term_start(const bench *b, const char *const argv[])
{
    term *t = MEM_NEW(term);
    *t = (term){.asked = {ASKED, 0}, .begins = {FRAME_BEGINS, 0}, .ends = {FRAME_ENDS, 0}};
    struct winsize size = {.ws_row = 36, .ws_col = 120};
    fflush(NULL);
    t->began = now_ms();
    t->pid = forkpty(&t->fd, NULL, NULL, &size);
    if (t->pid < 0) {
        perror("bench: a pseudo-terminal");
        exit(EXIT_FAILURE);
    }
    if (t->pid == 0) {
        set_environment(b);
        if (chdir(b->folder) == 0)
            execvp(argv[0], (char *const *)argv);
        perror(argv[0]);
        _exit(127);
    }
    return t;
}

pid_t term_pid(const term *t)
{
    return t->pid;
}

double term_began(const term *t)
{
    return t->began;
}

void term_type(term *t, const char *keys)
{
    ssize_t ignored = write(t->fd, keys, strlen(keys));
    (void)ignored;
}

/* More bytes, within so many ms; false when none came or it ended. */
static bool more(term *t, double within_ms)
{
    struct pollfd p = {t->fd, POLLIN, 0};
    int ms = within_ms > 0 ? (int)within_ms + 1 : 0;
    if (t->ended || poll(&p, 1, ms) <= 0)
        return false;
    ssize_t n = read(t->fd, t->bytes, sizeof t->bytes);
    t->read_at = now_ms();
    t->n = n > 0 ? (size_t)n : 0;
    t->at = 0;
    t->ended = n == 0 || (n < 0 && errno != EINTR);
    return n > 0;
}

/* The next byte, answering what the program asks of its terminal. */
static bool next(term *t, double until, char *ret)
{
    while (t->at == t->n)
        if (!more(t, until - now_ms()) && (t->ended || now_ms() >= until))
            return false;
    *ret = t->bytes[t->at++];
    if (matches(&t->asked, *ret))
        term_type(t, ANSWER);
    t->frame++;
    if (matches(&t->begins, *ret))
        t->frame = 0;
    return true;
}

void term_drain(term *t)
{
    char c;
    while (next(t, 0, &c))
        (void)matches(&t->ends, c);
}

double term_until(term *t, const char *text, double most_ms)
{
    match wanted = {text, 0};
    double until = now_ms() + most_ms;
    char c;
    while (next(t, until, &c)) {
        (void)matches(&t->ends, c);
        if (matches(&wanted, c))
            return t->read_at;
    }
    return -1;
}

double term_painted(term *t, size_t least, double most_ms)
{
    double until = now_ms() + most_ms;
    char c;
    while (next(t, until, &c))
        if (matches(&t->ends, c) && t->frame >= least + strlen(FRAME_ENDS))
            return t->read_at;
    return -1;
}

int term_ended(term *t, double most_ms)
{
    double until = now_ms() + most_ms;
    int status = 0;
    while (waitpid(t->pid, &status, WNOHANG) == 0) {
        term_drain(t); /* a program that still has something to say ends only when it is read */
        if (now_ms() > until) {
            kill(t->pid, SIGKILL);
            waitpid(t->pid, &status, 0);
            t->pid = 0;
            return -1;
        }
        pause_ms(0.2);
    }
    t->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void term_free(term *t)
{
    if (t->pid) {
        kill(t->pid, SIGKILL);
        waitpid(t->pid, NULL, 0);
    }
    close(t->fd);
    free(t);
}
