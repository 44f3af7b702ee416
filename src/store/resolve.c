/* A question belongs to both the asker and its thread; the second of them to let go of it frees it. */
#include "store/resolve.h"
#include "base/mem.h"
#include "base/time.h"
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct question {
    char *host;
    int done_fd; /* readable once answered */
    atomic_int holders;
    atomic_bool answered; /* what follows is the thread's until this is true, the asker's after */
    int failed;           /* getaddrinfo's code */
    struct addrinfo *answer;
} question;

static void let_go(question *q)
{
    if (atomic_fetch_sub(&q->holders, 1) != 1)
        return;
    if (q->answer)
        freeaddrinfo(q->answer);
    close(q->done_fd);
    free(q->host);
    free(q);
}

static void *ask(void *arg)
{
    question *q = arg;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    q->failed = getaddrinfo(q->host, NULL, &hints, &q->answer);
    atomic_store(&q->answered, true);
    uint64_t one = 1;
    ssize_t ignored = write(q->done_fd, &one, sizeof one);
    (void)ignored;
    let_go(q);
    return NULL;
}

static bool start(question *q, err *e)
{
    pthread_t thread;
    pthread_attr_t attr;
    sigset_t all, before;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    sigfillset(&all); /* signals are for the thread that draws */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&thread, &attr, ask, q);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return failed ? err_set(e, ERR_FAILED, "no thread to look up %s with: %s", q->host, strerror(failed))
                  : true;
}

static bool wait_for(question *q, int64_t until_ms, stop *st, err *e)
{
    struct pollfd fds[2] = {{.fd = q->done_fd, .events = POLLIN}, {.fd = st ? st->fd : -1, .events = POLLIN}};
    for (;;) {
        if (stop_now(st, e))
            return false;
        int64_t left = until_ms - time_mono_ms();
        if (left <= 0)
            return err_set(e, ERR_CONNECT, "the name %s was not resolved in time; is the network there?",
                           q->host);
        int most = st && st->fd < 0 ? 20 : 60000;
        if (poll(fds, 2, stop_poll_ms(st, left < most ? (int)left : most)) > 0 && fds[0].revents &&
            atomic_load(&q->answered))
            return true;
    }
}

static size_t collect(const struct addrinfo *answer, char ***ret)
{
    char **all = NULL, number[NI_MAXHOST];
    size_t n = 0, capacity = 0;
    for (const struct addrinfo *a = answer; a; a = a->ai_next) {
        if (getnameinfo(a->ai_addr, a->ai_addrlen, number, sizeof number, NULL, 0, NI_NUMERICHOST) != 0)
            continue;
        MEM_ROOM(all, n, capacity);
        all[n++] = mem_str(number);
    }
    *ret = all;
    return n;
}

bool resolve_name(const char *host, int64_t until_ms, char ***ret, size_t *ret_n, stop *st, err *e)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0)
        return err_errno(e, "no descriptor is left to look up %s", host);
    question *q = MEM_NEW(question);
    q->host = mem_str(host);
    q->done_fd = fd;
    atomic_init(&q->holders, 2);
    atomic_init(&q->answered, false);
    if (!start(q, e)) {
        atomic_store(&q->holders, 1); /* no thread holds it */
        let_go(q);
        return false;
    }
    bool ok = wait_for(q, until_ms, st, e);
    if (ok && q->failed)
        ok = err_set(e, ERR_CONNECT, "no address for %s (%s); check the host's name (-h, PGHOST)", host,
                     gai_strerror(q->failed));
    char **addresses = NULL;
    size_t n = ok ? collect(q->answer, &addresses) : 0;
    let_go(q);
    if (ok && n == 0)
        return err_set(e, ERR_CONNECT, "no address for %s", host);
    if (!ok)
        return false;
    *ret = addresses;
    *ret_n = n;
    return true;
}
