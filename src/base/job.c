/* One lock guards a pool: its queue, what runs, what is done. Callbacks (run, free_*) are never called under
 * it.
 *
 * Who owns a job: the queue, then the worker that runs it, then the done list, then whoever takes it. The
 * pool itself belongs to the caller until jobs_free(). If a thread does not come back in time, jobs_free()
 * empties the pool and leaves its shell to the threads; the last one to end frees it. So an abandoned
 * thread touches only what it or the shell owns. */
#include "base/job.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* ---- stop -------------------------------------------------------------------------------------- */

bool stop_init(stop *s, int64_t timeout_ms, err *e)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0)
        return err_errno(e, "no descriptor is left to stop work by");
    atomic_init(&s->asked, false);
    atomic_init(&s->deadline_ms, timeout_ms > 0 ? time_mono_ms() + timeout_ms : 0);
    s->fd = fd;
    return true;
}

void stop_done(stop *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

/* A full counter (EAGAIN) is as readable as one. */
static void raise_fd(int fd)
{
    int kept = errno;
    uint64_t one = 1;
    ssize_t ignored = fd >= 0 ? write(fd, &one, sizeof one) : 0;
    (void)ignored;
    errno = kept;
}

void stop_ask(stop *s)
{
    atomic_store(&s->asked, true);
    raise_fd(s->fd);
}

bool stop_now(stop *s, err *e)
{
    if (!s)
        return false;
    int64_t deadline = atomic_load(&s->deadline_ms);
    if (atomic_load(&s->asked))
        err_set(e, ERR_CANCELLED, "stopped before it was done");
    else if (deadline && time_mono_ms() >= deadline)
        err_set(e, ERR_TIMEOUT, "stopped: it took longer than its time limit");
    else
        return false;
    return true;
}

int stop_poll_ms(stop *s, int most)
{
    int64_t deadline = s ? atomic_load(&s->deadline_ms) : 0;
    if (s && atomic_load(&s->asked))
        return 0;
    if (!deadline)
        return most < 0 ? -1 : most;
    int64_t left = deadline - time_mono_ms();
    if (left <= 0)
        return 0;
    if (most >= 0 && most < left)
        return most;
    return left > INT_MAX ? INT_MAX : (int)left;
}

/* ---- pool -------------------------------------------------------------------------------------- */

struct job {
    job *next;
    jobs *pool;
    uint64_t id;
    job_spec spec;
    stop stop;
    int64_t done, total; /* progress */
    char what[64];
    bool ok;
    err error;
    void *result;
    int64_t took_ms;
};

typedef struct worker {
    jobs *pool;
    pthread_t thread;
    bool ended;
} worker;

typedef struct list {
    job *first, **end;
    size_t n;
} list;

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t work, ended;
    void (*free_context)(void *context);
    list queue, running, done;
    int fd; /* readable while done is not empty */
    uint64_t last_id;
    size_t idle, started, alive, most;
    bool closing, abandoned;
    worker workers[];
};

static void list_init(list *l)
{
    *l = (list){.end = &l->first};
}

static void list_push(list *l, job *j)
{
    j->next = NULL;
    *l->end = j;
    l->end = &j->next;
    l->n++;
}

/* Takes out what *at points to. */
static job *list_take(list *l, job **at)
{
    job *j = *at;
    *at = j->next;
    if (l->end == &j->next)
        l->end = at;
    l->n--;
    return j;
}

static job **list_find(list *l, uint64_t id)
{
    job **at = &l->first;
    while (*at && (*at)->id != id)
        at = &(*at)->next;
    return *at ? at : NULL;
}

/* Takes out the job of that id, which is in there. */
static void list_remove(list *l, uint64_t id)
{
    job **at = list_find(l, id);
    if (at)
        list_take(l, at);
}

static void free_arg(job *j)
{
    if (j->spec.arg && j->spec.free_arg)
        j->spec.free_arg(j->spec.arg);
    j->spec.arg = NULL;
}

static void free_job(job *j)
{
    free_arg(j);
    if (j->result && j->spec.free_result)
        j->spec.free_result(j->result);
    free(j);
}

static void free_all(list *l)
{
    while (l->first)
        free_job(list_take(l, &l->first));
}

/* Under the lock. */
static void finish(jobs *p, job *j)
{
    list_push(&p->done, j);
    raise_fd(p->fd);
}

static void free_pool(jobs *p)
{
    close(p->fd);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->ended);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* ---- workers ----------------------------------------------------------------------------------- */

static void run(job *j, void **context)
{
    int64_t start = time_mono_ms();
    void *result = NULL;
    j->ok = !stop_now(&j->stop, &j->error) && j->spec.run(j, context, j->spec.arg, &result, &j->error);
    j->result = result;
    if (!j->ok) {
        if (j->error.kind == ERR_NONE)
            err_set(&j->error, ERR_FAILED, "%s failed and did not say why", j->spec.name);
        if (result && j->spec.free_result)
            j->spec.free_result(result);
        j->result = NULL;
    }
    j->took_ms = time_mono_ms() - start;
    free_arg(j);
}

/* Takes the next job to where it can be cancelled. Under the lock. */
static job *next_job(jobs *p)
{
    job *j = list_take(&p->queue, &p->queue.first);
    if (!stop_init(&j->stop, j->spec.timeout_ms, &j->error)) {
        finish(p, j);
        return NULL;
    }
    list_push(&p->running, j);
    return j;
}

static void work_on(jobs *p, job *j, void **context)
{
    pthread_mutex_unlock(&p->lock);
    run(j, context);
    pthread_mutex_lock(&p->lock);
    list_remove(&p->running, j->id);
    stop_done(&j->stop); /* nobody can find it to ask any more */
    if (!p->closing) {
        finish(p, j);
        return;
    }
    pthread_mutex_unlock(&p->lock);
    free_job(j);
    pthread_mutex_lock(&p->lock);
}

static void *work(void *arg)
{
    worker *w = arg;
    jobs *p = w->pool;
    void *context = NULL;
    pthread_mutex_lock(&p->lock);
    while (!p->closing) {
        job *j = p->queue.first ? next_job(p) : NULL;
        if (j) {
            work_on(p, j, &context);
        } else if (!p->queue.first) {
            p->idle++;
            pthread_cond_wait(&p->work, &p->lock);
            p->idle--;
        }
    }
    pthread_mutex_unlock(&p->lock);
    if (context && p->free_context)
        p->free_context(context);

    pthread_mutex_lock(&p->lock);
    w->ended = true;
    p->alive--;
    bool last = p->abandoned && p->alive == 0;
    pthread_cond_broadcast(&p->ended);
    pthread_mutex_unlock(&p->lock);
    if (last)
        free_pool(p);
    return NULL;
}

/* A thread for the queue when none is free. Signals are the drawing thread's. Under the lock. */
static bool start_thread(jobs *p, err *e)
{
    if (p->queue.n <= p->idle || p->started == p->most)
        return true;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    worker *w = &p->workers[p->started];
    w->pool = p;
    int why = pthread_create(&w->thread, NULL, work, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (why == 0) {
        p->started++;
        p->alive++;
        return true;
    }
    if (p->alive > 0)
        return true; /* those that run get to it */
    errno = why;
    return err_errno(e, "no thread could be started");
}

/* ---- the caller's side ------------------------------------------------------------------------- */

jobs *jobs_new(size_t threads, void (*free_context)(void *context), err *e)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) {
        err_errno(e, "no descriptor is left for worker threads");
        return NULL;
    }
    threads = threads ? threads : 1;
    jobs *p = mem_new(1, sizeof *p + threads * sizeof(worker));
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    p->free_context = free_context;
    p->fd = fd;
    p->most = threads;
    list_init(&p->queue);
    list_init(&p->running);
    list_init(&p->done);
    return p;
}

/* Waits until all threads ended or the grace is over. Under the lock. */
static void wait_for_threads(jobs *p, int grace_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(grace_ms > 0 ? grace_ms : 0) * 1000000;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    while (p->alive > 0)
        if (pthread_cond_timedwait(&p->ended, &p->lock, &until) == ETIMEDOUT)
            return;
}

bool jobs_free(jobs *p, int grace_ms)
{
    if (!p)
        return true;
    list queue, done;
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    for (job *j = p->running.first; j; j = j->next)
        stop_ask(&j->stop);
    pthread_cond_broadcast(&p->work);
    wait_for_threads(p, grace_ms);
    bool all = p->alive == 0;
    p->abandoned = !all;
    queue = p->queue;
    done = p->done;
    list_init(&p->queue);
    list_init(&p->done);
    pthread_t ended[64];
    size_t n = 0;
    /* Those that ended hold nothing any more: joining them cannot block. */
    for (size_t i = 0; i < p->started; i++) {
        if (!p->workers[i].ended || n == sizeof ended / sizeof *ended)
            pthread_detach(p->workers[i].thread);
        else
            ended[n++] = p->workers[i].thread;
    }
    pthread_mutex_unlock(&p->lock); /* from here on an abandoned pool is the threads' */
    for (size_t i = 0; i < n; i++)
        pthread_join(ended[i], NULL);
    free_all(&queue);
    free_all(&done);
    if (all)
        free_pool(p);
    return all;
}

uint64_t jobs_start(jobs *p, const job_spec *spec)
{
    job *j = MEM_NEW(job);
    err e = {0};
    j->pool = p;
    j->spec = *spec;
    j->stop.fd = -1;
    pthread_mutex_lock(&p->lock);
    uint64_t id = j->id = ++p->last_id;
    list_push(&p->queue, j);
    if (start_thread(p, &e)) {
        pthread_cond_signal(&p->work);
    } else {
        list_remove(&p->queue, id);
        j->error = e;
        finish(p, j);
    }
    pthread_mutex_unlock(&p->lock);
    return id;
}

/* One that waits in the queue ends at once, even if no thread ever gets free. Under the lock. */
static void cancel_queued(jobs *p, job **at)
{
    job *j = list_take(&p->queue, at);
    err_set(&j->error, ERR_CANCELLED, "stopped before it began");
    finish(p, j);
}

void jobs_cancel(jobs *p, uint64_t id)
{
    pthread_mutex_lock(&p->lock);
    job **at = list_find(&p->queue, id);
    if (at)
        cancel_queued(p, at);
    else if ((at = list_find(&p->running, id)) != NULL)
        stop_ask(&(*at)->stop);
    pthread_mutex_unlock(&p->lock);
}

void jobs_cancel_tag(jobs *p, void *tag)
{
    pthread_mutex_lock(&p->lock);
    for (job **at = &p->queue.first; *at;) {
        if ((*at)->spec.tag == tag)
            cancel_queued(p, at);
        else
            at = &(*at)->next;
    }
    for (job *j = p->running.first; j; j = j->next)
        if (j->spec.tag == tag)
            stop_ask(&j->stop);
    pthread_mutex_unlock(&p->lock);
}

int jobs_fd(jobs *p)
{
    return p->fd;
}

bool jobs_take(jobs *p, job_done *ret)
{
    pthread_mutex_lock(&p->lock);
    job *j = p->done.first ? list_take(&p->done, &p->done.first) : NULL;
    if (!p->done.first) {
        uint64_t count;
        ssize_t ignored = read(p->fd, &count, sizeof count); /* not readable any more */
        (void)ignored;
    }
    pthread_mutex_unlock(&p->lock);
    if (!j)
        return false;
    *ret = (job_done){
        .id = j->id,
        .generation = j->spec.generation,
        .tag = j->spec.tag,
        .name = j->spec.name,
        .ok = j->ok,
        .error = j->error,
        .result = j->result,
        .free_result = j->spec.free_result,
        .took_ms = j->took_ms,
    };
    j->result = NULL; /* the taker's */
    free_job(j);
    return true;
}

size_t jobs_busy(jobs *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->queue.n + p->running.n;
    pthread_mutex_unlock(&p->lock);
    return n;
}

stop *job_stop(job *j)
{
    return &j->stop;
}

void job_progress(job *j, int64_t done, int64_t total, const char *what)
{
    pthread_mutex_lock(&j->pool->lock);
    j->done = done;
    j->total = total;
    text_copy(j->what, sizeof j->what, what ? what : "");
    pthread_mutex_unlock(&j->pool->lock);
}

bool jobs_progress(jobs *p, uint64_t id, int64_t *done, int64_t *total, char what[64])
{
    pthread_mutex_lock(&p->lock);
    job **at = list_find(&p->running, id);
    if (at) {
        *done = (*at)->done;
        *total = (*at)->total;
        memcpy(what, (*at)->what, sizeof(*at)->what);
    }
    pthread_mutex_unlock(&p->lock);
    return at != NULL;
}
