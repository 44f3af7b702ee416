/* From a key to the end of the repaint that shows it. A list's row under the cursor is drawn anew as a whole, so
 * only repaints of at least a row's bytes count: the spinner and the age of the data repaint too, in fewer. */
#include "bench/bench.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_MS = 5000, ROW_BYTES = 90, KEYS = 300 };

static term *open_fans(const bench *b)
{
    const char *argv[] = {b->showx, "-d", b->where, "fans", NULL};
    term *t = term_start(b, argv);
    if (term_until(t, "Ada", MOST_MS) < 0)
        fprintf(stderr, "bench: Fans did not show its rows\n");
    pause_ms(400);
    return t;
}

/* Presses a key and then b key in turn; a paint that does not come within 1 s counts as 1 s. */
static size_t press(term *t, const char *one, const char *other, size_t least, size_t n, double *ret)
{
    for (size_t i = 0; i < n; i++) {
        pause_ms(5 + (double)(i * 7 % 11)); /* out of step with whatever has a beat */
        term_drain(t);
        double at = now_ms();
        term_type(t, i % 2 ? other : one);
        double painted = term_painted(t, least, 1000);
        ret[i] = painted < 0 ? 1000 : painted - at;
    }
    return n;
}

static void report_keys(const char *what, double most, double *took, size_t n, double cpu_ms)
{
    double p50 = percentile(took, n, 0.5), p99 = percentile(took, n, 0.99);
    char target[32], cpu[64] = "";
    snprintf(target, sizeof target, "p99 %.0f ms", most);
    if (cpu_ms >= 0)
        snprintf(cpu, sizeof cpu, ", %.2f ms of CPU a key", cpu_ms / (double)n);
    report_row(target_of(p99 <= most), what, target, "p50 %.1f ms, p99 %.1f ms of %zu%s", p50, p99, n, cpu);
}

static void control(const bench *b)
{
    const char *argv[] = {
        "sh", "-c",
        "stty raw -echo; printf READY; while :; do dd bs=1 count=1 >/dev/null 2>&1; sleep 0.05; "
        "printf '\\033[?2026h%0120d\\033[?2026l' 0; done",
        NULL};
    double took[20];
    term *t = term_start(b, argv);
    term_until(t, "READY", MOST_MS);
    size_t n = press(t, "j", "k", ROW_BYTES, 20, took);
    term_free(t);
    double p99 = percentile(took, n, 0.99);
    report_row(control_of(p99 > 33), "a program that sleeps 50 ms before it paints", "p99 33 ms",
               "p99 %.1f ms of %zu", p99, n);
}

static void idle_keys(term *t)
{
    double took[KEYS], cpu = proc_thread_ms(term_pid(t));
    size_t n = press(t, "j", "k", ROW_BYTES, KEYS, took);
    report_keys("a line up or down, nothing else going on", 33, took, n, proc_thread_ms(term_pid(t)) - cpu);
    n = press(t, "\x06", "\x06", ROW_BYTES * 4, KEYS, took);
    report_keys("a screen down, 300 times on (prefetched)", 33, took, n, -1);
    term_type(t, "g");
    pause_ms(500);
}

/* From Esc until it is said, and until the server has nothing of ours to do. */
static void cancel(const bench *b, term *t, const char *what, const char *said)
{
    char row[120];
    long busy = server_busy(b);
    term_drain(t);
    double at = now_ms();
    term_type(t, "\033");
    double shown = term_until(t, said, MOST_MS), freed = -1;
    for (int i = 0; i < 2000 && freed < 0; i++)
        if (server_busy(b) == 0)
            freed = now_ms();
        else
            pause_ms(1);
    snprintf(row, sizeof row, "Esc, %s, until it is said", what);
    report_row(target_of(busy > 0 && shown > 0 && shown - at <= 58), row,
               "a frame after the 25 ms that tell Esc from a key sequence", "%.1f ms",
               shown < 0 ? -1 : shown - at);
    snprintf(row, sizeof row, "Esc, %s, until the server is free of it", what);
    report_row(target_of(busy > 0 && freed > 0 && freed - at <= 1000), row, "1 s",
               "%ld statements running before, 0 after %.0f ms", busy, freed < 0 ? -1 : freed - at);
}

/* The table is locked, so that the sort takes as long as the drill does and not as long as the machine likes. */
static void while_sorting(const bench *b)
{
    double took[100];
    term *t = open_fans(b);
    server_lock(b, true);
    term_type(t, "\033OC");
    pause_ms(100);
    term_type(t, "s");
    pause_ms(500);
    size_t n = press(t, "?", "?", ROW_BYTES, 100, took);
    report_keys("help opened or closed, while a sort does not come back", 33, took, n, -1);
    cancel(b, t, "while a sort does not come back", "cancelled");
    server_lock(b, false);
    term_free(t);
}

/* Each letter asks anew and cancels what was asked before. No fan and no city has these letters in a row. */
static void while_searching(const bench *b)
{
    static const char letters[] = "XWYZVU";
    double took[60];
    term *t = open_fans(b);
    term_type(t, "/");
    pause_ms(100);
    for (size_t i = 0; i < 60; i++) {
        char key[2] = {letters[i % 6], 0};
        pause_ms(30 + (double)(i * 7 % 23));
        term_drain(t);
        double at = now_ms(), shown;
        term_type(t, key);
        shown = term_until(t, key, 1000);
        took[i] = shown < 0 ? 1000 : shown - at;
    }
    report_keys("a letter of a filter, each asking a million rows anew", 33, took, 60, -1);
    term_free(t);
}

static void while_streaming(const bench *b)
{
    double took[KEYS];
    char line[300], path[256];
    term *t = open_fans(b);
    snprintf(path, sizeof path, "%s/export.json", b->folder);
    snprintf(line, sizeof line, "\x15%s\r", path);
    term_type(t, "e");
    pause_ms(150);
    term_type(t, line);
    pause_ms(700);
    double cpu = proc_thread_ms(term_pid(t));
    size_t n = press(t, "j", "k", ROW_BYTES, KEYS, took);
    cpu = proc_thread_ms(term_pid(t)) - cpu;
    bool still = server_busy(b) > 0;
    report_keys(still ? "a line up or down, while a million rows stream into a file"
                      : "a line up or down (the export ended too soon)",
                33, took, n, cpu);
    cancel(b, t, "while a million rows stream", "ancelled");
    term_free(t);
    unlink(path);
}

bool drill_keys(const bench *b)
{
    report_section("Keys", "From writing a key to the terminal until the next repaint of at least a row's "
                           "bytes has come whole (the end "
                           "of a synchronised update), with the server on the same machine.");
    term *t = open_fans(b);
    idle_keys(t);
    term_free(t);
    while_sorting(b);
    while_searching(b);
    while_streaming(b);
    control(b);
    return true;
}
