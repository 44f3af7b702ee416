#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"
#include "suites.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Counted by the free functions: each argument, result and context must be freed exactly once. */
static atomic_int args, results, contexts, ran;
/* Jobs that wait do so at the gate: opened by writing to it. */
static int gate[2];

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void free_arg(void *arg)
{
    free(arg);
    atomic_fetch_sub(&args, 1);
}

static void free_result(void *result)
{
    free(result);
    atomic_fetch_sub(&results, 1);
}

static void free_context(void *context)
{
    free(context);
    atomic_fetch_sub(&contexts, 1);
}

static jobs *begin(size_t threads)
{
    ck_assert_int_eq(pipe(gate), 0);
    jobs *p = jobs_new(threads, free_context, NULL);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void expect_all_freed(void)
{
    ck_assert_int_eq(atomic_load(&args), 0);
    ck_assert_int_eq(atomic_load(&results), 0);
    ck_assert_int_eq(atomic_load(&contexts), 0);
}

/* Doubles a number; each thread's first job makes its context. */
static bool twice(job *j, void **context, void *arg, void **ret_result, err *e)
{
    (void)j, (void)e;
    if (!*context) {
        *context = mem_new(1, 1);
        atomic_fetch_add(&contexts, 1);
    }
    int *out = MEM_NEW(int);
    *out = *(int *)arg * 2;
    atomic_fetch_add(&results, 1);
    atomic_fetch_add(&ran, 1);
    *ret_result = out;
    return true;
}

/* Waits until stopped, as a well-behaved job does. */
static bool until_stopped(job *j, void **context, void *arg, void **ret_result, err *e)
{
    (void)context, (void)arg, (void)ret_result;
    stop *s = job_stop(j);
    atomic_fetch_add(&ran, 1);
    job_progress(j, 3, 10, "waiting");
    while (!stop_now(s, e))
        poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, stop_poll_ms(s, 1000));
    return false;
}

/* Waits at the gate and hears nothing else, as a name look-up does. */
static bool deaf(job *j, void **context, void *arg, void **ret_result, err *e)
{
    char c;
    bool ok = twice(j, context, arg, ret_result, e);
    while (read(gate[0], &c, 1) < 0 && errno == EINTR)
        ;
    return ok;
}

static uint64_t start(jobs *p, bool (*run)(job *, void **, void *, void **, err *), int number, job_spec spec)
{
    int *arg = MEM_NEW(int);
    *arg = number;
    atomic_fetch_add(&args, 1);
    spec.name = "test";
    spec.run = run;
    spec.arg = arg;
    spec.free_arg = free_arg;
    spec.free_result = free_result;
    return jobs_start(p, &spec);
}

static job_done take(jobs *p)
{
    job_done d;
    while (!jobs_take(p, &d))
        ck_assert_int_eq(poll(&(struct pollfd){.fd = jobs_fd(p), .events = POLLIN}, 1, 60000), 1);
    return d;
}

static void wait_for_ran(int n)
{
    while (atomic_load(&ran) < n)
        pause_ms(1);
}

START_TEST(a_result_comes_back_with_its_tag_and_generation)
{
    jobs *p = begin(2);
    int tag;
    uint64_t id = start(p, twice, 21, (job_spec){.tag = &tag, .generation = 7});
    job_done d = take(p);
    ck_assert(d.ok && d.id == id && id > 0 && d.tag == &tag && d.generation == 7);
    ck_assert_str_eq(d.name, "test");
    ck_assert_int_eq(*(int *)d.result, 42);
    ck_assert_int_ge(d.took_ms, 0);
    d.free_result(d.result);
    ck_assert_uint_eq(jobs_busy(p), 0);
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

START_TEST(many_jobs_on_few_threads_all_come_back_once)
{
    jobs *p = begin(3);
    bool seen[500] = {false};
    for (int i = 0; i < 500; i++)
        start(p, twice, i, (job_spec){.timeout_ms = 60000});
    for (int i = 0; i < 500; i++) {
        job_done d = take(p);
        int n = *(int *)d.result / 2;
        ck_assert(d.ok && !seen[n]);
        seen[n] = true;
        d.free_result(d.result);
    }
    job_done none;
    ck_assert(!jobs_take(p, &none));
    ck_assert_int_eq(poll(&(struct pollfd){.fd = jobs_fd(p), .events = POLLIN}, 1, 0), 0);
    ck_assert_int_le(atomic_load(&contexts), 3);
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

START_TEST(a_running_job_is_stopped_and_says_so)
{
    jobs *p = begin(1);
    uint64_t id = start(p, until_stopped, 0, (job_spec){0});
    wait_for_ran(1);
    ck_assert_uint_eq(jobs_busy(p), 1);
    jobs_cancel(p, id);
    jobs_cancel(p, id + 99);
    job_done d = take(p);
    ck_assert(!d.ok && d.id == id);
    ck_assert_ptr_null(d.result);
    ck_assert_int_eq(d.error.kind, ERR_CANCELLED);
    jobs_cancel(p, id);
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

START_TEST(a_waiting_job_is_cancelled_at_once_though_every_thread_is_blocked)
{
    jobs *p = begin(1);
    start(p, deaf, 1, (job_spec){0});
    wait_for_ran(1);
    uint64_t id = start(p, twice, 2, (job_spec){0}), other = start(p, twice, 3, (job_spec){0});
    jobs_cancel(p, id);
    job_done d = take(p);
    ck_assert(!d.ok && d.id == id && d.error.kind == ERR_CANCELLED);
    ck_assert_int_eq(atomic_load(&ran), 1);
    ck_assert_int_eq(write(gate[1], "x", 1), 1);
    for (int i = 0; i < 2; i++) {
        d = take(p);
        ck_assert(d.ok && d.id != id && d.id <= other);
        d.free_result(d.result);
    }
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

START_TEST(all_jobs_of_one_screen_are_cancelled_by_its_tag)
{
    jobs *p = begin(2);
    int mine, other;
    start(p, until_stopped, 0, (job_spec){.tag = &mine});
    uint64_t kept = start(p, until_stopped, 0, (job_spec){.tag = &other});
    wait_for_ran(2);
    start(p, twice, 0, (job_spec){.tag = &mine});
    uint64_t waits = start(p, twice, 0, (job_spec){.tag = &other});
    start(p, twice, 0, (job_spec){.tag = &mine});
    jobs_cancel_tag(p, &mine);
    int cancelled = 0;
    for (int i = 0; i < 4; i++) {
        job_done d = take(p);
        ck_assert_uint_ne(d.id, kept);
        ck_assert_int_eq(d.ok, d.id == waits);
        cancelled += d.tag == &mine && d.error.kind == ERR_CANCELLED;
        if (d.ok)
            d.free_result(d.result);
    }
    ck_assert_int_eq(cancelled, 3);
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

START_TEST(a_job_past_its_deadline_is_stopped_by_it)
{
    jobs *p = begin(1);
    start(p, until_stopped, 0, (job_spec){.timeout_ms = 20});
    job_done d = take(p);
    ck_assert(!d.ok);
    ck_assert_int_eq(d.error.kind, ERR_TIMEOUT);
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

static bool fail_silently(job *j, void **context, void *arg, void **ret_result, err *e)
{
    (void)e;
    twice(j, context, arg, ret_result, e);
    return false; /* with a result that nobody may get, and no reason */
}

START_TEST(a_job_that_fails_without_a_word_still_has_an_error)
{
    jobs *p = begin(1);
    start(p, fail_silently, 0, (job_spec){0});
    job_done d = take(p);
    ck_assert(!d.ok && !d.result);
    ck_assert_int_eq(d.error.kind, ERR_FAILED);
    ck_assert_ptr_nonnull(strstr(d.error.text, "test"));
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

START_TEST(progress_is_seen_while_a_job_runs_and_not_after)
{
    jobs *p = begin(1);
    int64_t done = 0, total = 0;
    char what[64];
    uint64_t id = start(p, until_stopped, 0, (job_spec){0});
    while (!jobs_progress(p, id, &done, &total, what) || done == 0)
        pause_ms(1);
    ck_assert_int_eq(done, 3);
    ck_assert_int_eq(total, 10);
    ck_assert_str_eq(what, "waiting");
    jobs_cancel(p, id);
    take(p);
    ck_assert(!jobs_progress(p, id, &done, &total, what));
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
}
END_TEST

START_TEST(results_that_nobody_took_are_freed_with_the_pool)
{
    jobs *p = begin(2);
    for (int i = 0; i < 20; i++)
        start(p, twice, i, (job_spec){0});
    wait_for_ran(5);
    start(p, until_stopped, 0, (job_spec){0});
    ck_assert(jobs_free(p, 60000));
    expect_all_freed();
    ck_assert(jobs_free(NULL, 0));
    ck_assert(jobs_free(jobs_new(0, NULL, NULL), 0)); /* nothing ever started */
}
END_TEST

static int thread_count(void)
{
    char line[128];
    int n = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Threads: %d", &n) == 1)
            break;
    if (f)
        fclose(f);
    return n;
}

START_TEST(a_blocked_thread_is_abandoned_and_cleans_up_after_itself)
{
    jobs *p = begin(1); /* a sanitizer starts a thread of its own with the first of ours */
    start(p, twice, 0, (job_spec){0});
    wait_for_ran(1);
    ck_assert(jobs_free(p, 60000));
    int before = thread_count();
    atomic_store(&ran, 0);
    p = begin(3);
    start(p, deaf, 1, (job_spec){0});
    start(p, deaf, 2, (job_spec){0});
    start(p, twice, 3, (job_spec){0});
    wait_for_ran(3);
    start(p, deaf, 4, (job_spec){0}); /* takes the third thread, or waits in the queue */
    start(p, twice, 5, (job_spec){0});
    ck_assert(!jobs_free(p, 50)); /* the pool is gone for us now */
    ck_assert_int_gt(atomic_load(&results), 0);
    ck_assert_int_eq(write(gate[1], "xxx", 3), 3);
    for (int i = 0; i < 60000 && (thread_count() > before || atomic_load(&contexts)); i++)
        pause_ms(1);
    ck_assert_int_eq(thread_count(), before);
    expect_all_freed();
}
END_TEST

START_TEST(a_stop_is_heard_by_poll_and_from_a_signal_handler)
{
    stop s;
    err e = {0};
    ck_assert(stop_init(&s, 0, &e));
    ck_assert(!stop_now(&s, &e));
    ck_assert_int_eq(stop_poll_ms(&s, 500), 500);
    ck_assert_int_eq(stop_poll_ms(&s, -1), -1);
    ck_assert_int_eq(poll(&(struct pollfd){.fd = s.fd, .events = POLLIN}, 1, 0), 0);
    stop_ask(&s);
    stop_ask(&s);
    ck_assert_int_eq(poll(&(struct pollfd){.fd = s.fd, .events = POLLIN}, 1, 0), 1);
    ck_assert(stop_now(&s, &e));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    ck_assert_int_eq(stop_poll_ms(&s, 500), 0);
    stop_done(&s);
    stop_done(&s);
    ck_assert(!stop_now(NULL, &e));
    ck_assert_int_eq(stop_poll_ms(NULL, 9), 9);
}
END_TEST

START_TEST(a_deadline_shortens_the_wait_and_then_stops)
{
    stop s;
    err e = {0};
    ck_assert(stop_init(&s, 3600000, &e));
    ck_assert_int_eq(stop_poll_ms(&s, 10), 10);
    int all = stop_poll_ms(&s, -1);
    ck_assert(all > 3000000 && all <= 3600000);
    ck_assert(!stop_now(&s, &e));
    atomic_store(&s.deadline_ms, INT64_MAX);
    ck_assert_int_eq(stop_poll_ms(&s, -1), INT32_MAX);
    atomic_store(&s.deadline_ms, 1); /* long ago */
    ck_assert_int_eq(stop_poll_ms(&s, 10), 0);
    ck_assert(stop_now(&s, &e));
    ck_assert_int_eq(e.kind, ERR_TIMEOUT);
    stop_done(&s);
}
END_TEST

static atomic_int signalled_elsewhere;
static pthread_t drawing;

static void on_signal(int signal_number)
{
    (void)signal_number;
    if (!pthread_equal(pthread_self(), drawing))
        atomic_store(&signalled_elsewhere, 1);
}

START_TEST(signals_are_left_to_the_drawing_thread)
{
    drawing = pthread_self();
    signal(SIGUSR1, on_signal);
    jobs *p = begin(4);
    for (int i = 0; i < 4; i++)
        start(p, until_stopped, i, (job_spec){0});
    wait_for_ran(4);
    for (int i = 0; i < 50; i++)
        kill(getpid(), SIGUSR1);
    ck_assert(jobs_free(p, 60000));
    ck_assert_int_eq(atomic_load(&signalled_elsewhere), 0);
    expect_all_freed();
}
END_TEST

Suite *job_suite(void)
{
    return suite_of(
        "job",
        (const TTest *const[]){
            a_result_comes_back_with_its_tag_and_generation, many_jobs_on_few_threads_all_come_back_once,
            a_running_job_is_stopped_and_says_so,
            a_waiting_job_is_cancelled_at_once_though_every_thread_is_blocked,
            all_jobs_of_one_screen_are_cancelled_by_its_tag, a_job_past_its_deadline_is_stopped_by_it,
            a_job_that_fails_without_a_word_still_has_an_error,
            progress_is_seen_while_a_job_runs_and_not_after, results_that_nobody_took_are_freed_with_the_pool,
            a_blocked_thread_is_abandoned_and_cleans_up_after_itself,
            a_stop_is_heard_by_poll_and_from_a_signal_handler, a_deadline_shortens_the_wait_and_then_stops,
            signals_are_left_to_the_drawing_thread, NULL});
}
