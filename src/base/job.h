/* job: slow work on worker threads, so that the thread that draws never waits.
 *
 * A `stop` is how anything slow is told to end: a flag, an eventfd to poll beside a socket, and an
 * absolute deadline on the monotonic clock. A `jobs` pool runs jobs on a fixed number of threads; each
 * thread owns one context (a store connection) made by the first job that needs it and freed when the
 * thread ends. A job's result is handed over by ownership: the pool keeps it until jobs_take(), and frees
 * it with the job's own free_result when nobody takes it. Generations are the caller's: jobs_take()
 * hands back tag and generation, and a late answer to an old question is freed, never drawn. */
#ifndef SHOWX_BASE_JOB_H
#define SHOWX_BASE_JOB_H

#include "base/err.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct stop {
    atomic_bool asked;
    int fd;                           /* eventfd, readable once asked; -1 if none */
    atomic_int_least64_t deadline_ms; /* monotonic; 0 = none */
} stop;

bool stop_init(stop *s, int64_t timeout_ms, err *e); /* timeout 0 = none */
void stop_done(stop *s);
void stop_ask(stop *s); /* async-signal-safe, any thread, any number of times */
/* True when work should end; e then says ERR_CANCELLED or ERR_TIMEOUT. s may be NULL: never. */
bool stop_now(stop *s, err *e);
/* Milliseconds for poll(): -1 without deadline, 0 when passed; the smaller of that and `most` (>= 0). */
int stop_poll_ms(stop *s, int most);

typedef struct job job;
typedef struct jobs jobs;

typedef struct job_spec {
    const char *name; /* for the log and the busy line; static */
    /* context: the thread's own slot, NULL until a job fills it. */
    bool (*run)(job *j, void **context, void *arg, void **ret_result, err *e);
    void *arg; /* owned by the job */
    void (*free_arg)(void *arg);
    void (*free_result)(void *result);
    int64_t timeout_ms; /* 0 = none */
    uint64_t generation;
    void *tag; /* borrowed; handed back as is */
} job_spec;

typedef struct job_done {
    uint64_t id, generation;
    void *tag;
    const char *name;
    bool ok;
    err error;    /* when !ok */
    void *result; /* the taker's when ok */
    void (*free_result)(void *);
    int64_t took_ms;
} job_done;

/* threads >= 1, started on first use. free_context frees a thread's slot when its thread ends. */
jobs *jobs_new(size_t threads, void (*free_context)(void *context), err *e);
/* Cancels all, waits up to grace_ms for the threads, and abandons those that do not come back (a blocked
 * name look-up must not hold up quitting). Returns false when some were abandoned: then exit by _exit. */
bool jobs_free(jobs *p, int grace_ms);
uint64_t jobs_start(jobs *p, const job_spec *spec); /* takes arg; returns an id > 0 */
void jobs_cancel(jobs *p, uint64_t id);             /* unknown or ended id: nothing */
void jobs_cancel_tag(jobs *p, void *tag);
int jobs_fd(jobs *p);                   /* readable when something waits in jobs_take */
bool jobs_take(jobs *p, job_done *ret); /* false when nothing waits */
size_t jobs_busy(jobs *p);

/* Inside a job. */
stop *job_stop(job *j);
void job_progress(job *j, int64_t done, int64_t total, const char *what); /* total 0 = unknown */
/* From the drawing thread: the last progress of a running job; false when it is not running. */
bool jobs_progress(jobs *p, uint64_t id, int64_t *done, int64_t *total, char what[64]);

#endif
