/* What a console costs that nobody uses, output for scripts, and a server that no longer answers. */
#include "bench/bench.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_MS = 10000 };

static term *open_fans(const bench *b)
{
    const char *argv[] = {b->showx, "-d", b->where, "fans", NULL};
    term *t = term_start(b, argv);
    term_until(t, "Ada", MOST_MS);
    pause_ms(500);
    term_drain(t);
    return t;
}

static long ticks_over(const bench *b, const char *const argv[], double ms)
{
    term *t = argv ? term_start(b, argv) : open_fans(b);
    long before = proc_ticks(term_pid(t));
    double until = now_ms() + ms;
    while (now_ms() < until) {
        pause_ms(100);
        term_drain(t);
    }
    long ticks = proc_ticks(term_pid(t)) - before;
    term_free(t);
    return ticks;
}

bool drill_idle(const bench *b)
{
    const char *busy[] = {"sh", "-c", "while :; do :; done", NULL};
    report_section(
        "Idle", "Clock ticks of CPU (user and system, all threads; 100 a second) with nobody at the keys.");
    long ticks = ticks_over(b, NULL, 5000), control = ticks_over(b, busy, 1000);
    report_row(target_of(ticks >= 0 && ticks <= 1), "Fans, over 5 s", "nothing but the age", "%ld of 500",
               ticks);
    report_row(control_of(control > 5), "a busy loop, over 1 s", "nothing", "%ld of 100", control);
    return true;
}

/* ---- headless ---- */

static double mb(long kb)
{
    return (double)kb / 1024;
}

bool drill_headless(const bench *b)
{
    char path[256];
    snprintf(path, sizeof path, "%s/rows", b->folder);
    const char *json[] = {b->showx, "-d", b->where, "fans", "--json", NULL};
    const char *csv[] = {b->showx, "-d", b->where, "fans", "--csv", NULL};
    const char *copy[] = {"psql", "-X", "-q", "-d", b->where, "-c", b->all, NULL};
    ran j = proc_run(b, json, path), c = proc_run(b, csv, path), p = proc_run(b, copy, path);
    unlink(path);
    if (j.code || c.code || p.code)
        return false;
    report_section("Scripts", "All million fans in order into a file, once each, beside psql's COPY of the "
                              "same query as CSV. What the server "
                              "takes is the same for each.");
    report_row(target_of(c.wall_ms <= 1.25 * p.wall_ms), "`fans --csv` beside psql", "1.25 times",
               "%.2f times as long; CPU of its own %.1f s to %.1f s", c.wall_ms / p.wall_ms, c.cpu_ms / 1e3,
               p.cpu_ms / 1e3);
    report_row(target_of(j.wall_ms <= 1.25 * p.wall_ms), "`fans --json` beside psql", "1.25 times",
               "%.2f times as long; CPU of its own %.1f s to %.1f s", j.wall_ms / p.wall_ms, j.cpu_ms / 1e3,
               p.cpu_ms / 1e3);
    report_row(target_of(mb(j.peak_kb) <= 25 && mb(c.peak_kb) <= 25), "memory at most: JSON, CSV, psql",
               "25 MB", "%.1f, %.1f, %.1f MB", mb(j.peak_kb), mb(c.peak_kb), mb(p.peak_kb));
    return true;
}

/* ---- a server that stops answering ---- */

enum { QUITS = 7, FROZEN_KEYS = 100 };

typedef struct frozen {
    double keys[FROZEN_KEYS], quits[QUITS];
    size_t ended;
} frozen;

static void press_frozen(term *t, double *ret)
{
    for (size_t i = 0; i < FROZEN_KEYS; i++) {
        pause_ms(5 + (double)(i * 7 % 11));
        term_drain(t);
        double at = now_ms();
        term_type(t, i % 2 ? "k" : "j");
        double painted = term_painted(t, 90, 1000);
        ret[i] = painted < 0 ? 1000 : painted - at;
    }
}

/* Freezes it while the console waits for a page of it. */
static void quit_once(const bench *b, frozen *f, size_t i)
{
    term *t = open_fans(b);
    server_freeze(b, true);
    term_type(t, i % 2 ? "#" : "r"); /* a count, or all read anew: an answer that does not come */
    pause_ms(300);
    if (i == 0)
        press_frozen(t, f->keys);
    term_drain(t);
    double at = now_ms();
    term_type(t, "q");
    f->ended += term_ended(t, 3000) == 0;
    f->quits[i] = now_ms() - at;
    server_freeze(b, false);
    term_free(t);
}

static bool psql_hangs(const bench *b)
{
    const char *argv[] = {"psql", "-X", "-q", "-d", b->where, "-c", "select 1", NULL};
    server_freeze(b, true);
    term *t = term_start(b, argv);
    bool hangs = term_ended(t, 1500) < 0;
    server_freeze(b, false);
    term_free(t);
    return hangs;
}

bool drill_frozen(const bench *b)
{
    static frozen f;
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before); /* nobody ends us while the server is stopped: it would stay so */
    for (size_t i = 0; i < QUITS; i++)
        quit_once(b, &f, i);
    bool hangs = psql_hangs(b);
    sigprocmask(SIG_SETMASK, &before, NULL);
    double p50 = percentile(f.keys, FROZEN_KEYS, 0.5), p99 = percentile(f.keys, FROZEN_KEYS, 0.99),
           quit = median(f.quits, QUITS);
    double worst = percentile(f.quits, QUITS, 1);
    report_section("A frozen server", "The postmaster and all its backends are stopped (SIGSTOP) while the "
                                      "console waits for an answer of theirs.");
    report_row(target_of(p99 <= 50), "a line up or down", "p99 50 ms", "p50 %.1f ms, p99 %.1f ms of %d", p50,
               p99, FROZEN_KEYS);
    report_row(target_of(worst <= 100 && f.ended == QUITS), "q until the program has ended", "100 ms",
               "%.0f ms, at most %.0f ms of %d; exit code 0 %zu times", quit, worst, QUITS, f.ended);
    report_row(control_of(hangs), "`psql -c 'select 1'` at the same server", "100 ms",
               hangs ? "not ended after 1500 ms" : "ended");
    return true;
}
