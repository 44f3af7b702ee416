/* bench: what `make bench` measures, side by side in one run on one machine.
 *
 * main.c brings up a private Postgres with a million fans (fans.sql), lets the drills run one after the other,
 * and prints one table (report.c). A drill drives the built program from outside, as a person or a script
 * does: term.c is a terminal that knows when a repaint is complete, proc.c reads what the kernel says of a
 * process, server.c asks the server. Each kind of measurement has a control: something known to miss the
 * target is measured in the same way, and must be seen to miss it. */
#ifndef SHOWX_BENCH_BENCH_H
#define SHOWX_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct bench {
    const char *showx;  /* the program */
    const char *where;  /* conninfo of the database as its owner */
    const char *boot;   /* the same as the server's superuser */
    const char *folder; /* for what drills write; goes away afterwards */
    const char *page;   /* the first page of Fans, as psql takes it */
    const char *all;    /* all rows of Fans in order, as psql takes it */
} bench;

/* ---- drills: each reports its rows; false when it could not be run ---- */

bool drill_start(const bench *b);
bool drill_keys(const bench *b);
bool drill_paging(const bench *b);
bool drill_explain(const bench *b);
bool drill_idle(const bench *b);
bool drill_headless(const bench *b);
bool drill_frozen(const bench *b);
bool drill_tour(const bench *b); /* tour.c: needs no database */
bool drill_optw(const bench *b);
bool drill_city(const bench *b);

/* ---- report.c ---- */

typedef enum { TARGET_NONE, TARGET_MET, TARGET_MISSED, CONTROL_SEEN, CONTROL_UNSEEN } verdict;

void report_opening(const char *format, ...) __attribute__((format(printf, 1, 2)));
void report_section(const char *title, const char *how);
/* One row. All strings are copied. */
void report_row(verdict v, const char *what, const char *target, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
verdict target_of(bool met);
verdict control_of(bool seen);
bool report_print(const char *path); /* false when it cannot be written */
size_t report_unseen(void);          /* controls that were not seen */

/* ---- numbers ---- */

double now_ms(void);                                   /* monotonic */
double median(double *values, size_t n);               /* sorts */
double percentile(double *values, size_t n, double p); /* sorts */
void pause_ms(double ms);

/* ---- term.c: a terminal of 120 x 36 that offers synchronised output, so that each repaint says where it ends
 * ---- */

typedef struct term term;

term *term_start(const bench *b, const char *const argv[]);
pid_t term_pid(const term *t);
double term_began(const term *t); /* now_ms() just before the fork */
void term_type(term *t, const char *keys);
/* Reads what has come by now and forgets it. */
void term_drain(term *t);
/* Until the text came (as it is drawn, within one repaint); the moment, or -1 when it did not. */
double term_until(term *t, const char *text, double most_ms);
/* Until the end of a repaint of at least `least` bytes; the moment, or -1. */
double term_painted(term *t, size_t least, double most_ms);
/* Until it ended by itself: its exit code, or -1 when it did not (it is killed then). */
int term_ended(term *t, double most_ms);
void term_free(term *t);

/* ---- proc.c ---- */

/* A figure of /proc/PID/status in kB ("VmHWM"), -1 when it is not there. */
long proc_kb(pid_t pid, const char *name);
long proc_ticks(pid_t pid);       /* CPU of all its threads, in clock ticks */
double proc_thread_ms(pid_t pid); /* CPU of its first thread */

typedef struct ran {
    double wall_ms, cpu_ms;
    long peak_kb;
    int code;
} ran;

/* Runs a program with its output to a file (NULL = nowhere). */
ran proc_run(const bench *b, const char *const argv[], const char *to);

/* ---- server.c ---- */

/* One value, copied into out; false when there was none. */
bool server_ask(const bench *b, const char *sql, char *out, size_t size);
long server_number(const bench *b, const char *sql); /* -1 when there was none */
/* Statements that showx runs right now. */
long server_busy(const bench *b);
/* Connects, asks for the first page, reads all of it, in ms: what the server itself takes. */
double server_page_ms(const bench *b);
/* Locks fans against every reader, or lets them go on: whatever asks for them takes as long as we like. */
void server_lock(const bench *b, bool locked);
/* Stops or continues the postmaster and all that serve the database. */
void server_freeze(const bench *b, bool frozen);

#endif
