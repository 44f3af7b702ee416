/* One thread moves bytes between pairs of sockets. It knows just enough of the protocol to find COMMIT in
 * what a client sends (Parse of an unnamed statement) and the process id in what a server says
 * (BackendKeyData). */
#include "base/mem.h"
#include "suites.h"
#include "support/pg.h"
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_PAIRS = 16 };

typedef struct pair {
    int client, server; /* -1 = none */
    bool eating;        /* COMMIT went through; its answer does not */
    bool started;       /* the server has said its process id */
} pair;

struct proxy {
    pthread_t thread;
    int listener, wake[2], port;
    char folder[128], conninfo[512];
    atomic_int mode, cuts;
    atomic_bool cut, refuse, ended;
    pair pairs[MOST_PAIRS];
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_pair(pair *p)
{
    close_end(&p->client);
    close_end(&p->server);
}

/* The server's socket folder stands first in its conninfo: "host=/tmp/... port=5432 ..." */
static int connect_server(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    const char *host = support_pg() + strlen("host=");
    snprintf(a.sun_path, sizeof a.sun_path, "%.*s/.s.PGSQL.5432", (int)strcspn(host, " "), host);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return fd;
    close_end(&fd);
    return -1;
}

static void take_client(proxy *x)
{
    int fd = accept4(x->listener, NULL, NULL, SOCK_CLOEXEC);
    for (size_t i = 0; fd >= 0 && i < MOST_PAIRS && !x->refuse; i++) {
        pair *p = &x->pairs[i];
        if (p->client >= 0 || p->server >= 0)
            continue;
        *p = (pair){fd, x->mode == PROXY_SILENT ? -1 : connect_server(), false, false};
        return;
    }
    close_end(&fd);
}

static bool has_commit(const char *bytes, size_t n)
{
    return memmem(bytes, n, "\0commit", 8) != NULL;
}

/* 'K', length 12, process id, key: the first that looks so. */
static void change_process(char *bytes, size_t n)
{
    char *at = memmem(bytes, n, "K\0\0\0\014", 5);
    if (at && at + 9 <= bytes + n)
        at[6] = (char)(at[6] ^ 0x55);
}

static void send_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = send(fd, bytes, n, MSG_NOSIGNAL);
        if (done <= 0)
            return;
        bytes += done;
        n -= (size_t)done;
    }
}

static void from_client(proxy *x, pair *p)
{
    char bytes[16384];
    ssize_t n = recv(p->client, bytes, sizeof bytes, 0);
    if (n <= 0) {
        close_pair(p);
        return;
    }
    bool commit = has_commit(bytes, (size_t)n);
    if (commit && x->mode == PROXY_EAT_COMMIT) {
        atomic_fetch_add(&x->cuts, 1);
        close_end(&p->client); /* the server's end stays open: it notices nothing */
        return;
    }
    p->eating = commit && x->mode == PROXY_EAT_ANSWER;
    if (p->server >= 0)
        send_all(p->server, bytes, (size_t)n);
}

static void from_server(proxy *x, pair *p)
{
    char bytes[16384];
    ssize_t n = recv(p->server, bytes, sizeof bytes, 0);
    if (n <= 0) {
        close_pair(p);
        return;
    }
    if (p->eating) {
        atomic_fetch_add(&x->cuts, 1);
        close_pair(p);
        return;
    }
    if (x->mode == PROXY_POOLER && !p->started)
        change_process(bytes, (size_t)n);
    p->started = p->started || memmem(bytes, (size_t)n, "K\0\0\0\014", 5) != NULL;
    if (p->client >= 0)
        send_all(p->client, bytes, (size_t)n);
}

static void *work(void *arg)
{
    proxy *x = arg;
    while (!x->ended) {
        struct pollfd fds[2 + 2 * MOST_PAIRS] = {{x->listener, POLLIN, 0}, {x->wake[0], POLLIN, 0}};
        for (size_t i = 0; i < MOST_PAIRS; i++) {
            fds[2 + 2 * i] = (struct pollfd){x->pairs[i].client, POLLIN, 0};
            fds[3 + 2 * i] = (struct pollfd){x->pairs[i].server, POLLIN, 0};
        }
        poll(fds, 2 + 2 * MOST_PAIRS, -1);
        char byte;
        if (fds[1].revents && read(x->wake[0], &byte, 1) == 1 && atomic_exchange(&x->cut, false))
            for (size_t i = 0; i < MOST_PAIRS; i++)
                close_pair(&x->pairs[i]);
        for (size_t i = 0; i < MOST_PAIRS; i++) {
            if (fds[2 + 2 * i].revents && x->pairs[i].client >= 0)
                from_client(x, &x->pairs[i]);
            if (fds[3 + 2 * i].revents && x->pairs[i].server >= 0)
                from_server(x, &x->pairs[i]);
        }
        if (fds[0].revents)
            take_client(x);
    }
    return NULL;
}

static int listen_tcp(proxy *x)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0);
    ck_assert(getsockname(fd, (struct sockaddr *)&a, &n) == 0);
    x->port = ntohs(a.sin_port);
    snprintf(x->folder, sizeof x->folder, "127.0.0.1");
    return fd;
}

static int listen_unix(proxy *x)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(x->folder, sizeof x->folder, "%s", support_folder());
    snprintf(a.sun_path, sizeof a.sun_path, "%.80s/.s.PGSQL.5432", x->folder);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0);
    x->port = 5432;
    return fd;
}

proxy *proxy_start(bool tcp, proxy_mode mode)
{
    proxy *x = MEM_NEW(proxy);
    for (size_t i = 0; i < MOST_PAIRS; i++)
        x->pairs[i].client = x->pairs[i].server = -1;
    x->mode = (int)mode;
    x->listener = tcp ? listen_tcp(x) : listen_unix(x);
    ck_assert(listen(x->listener, 16) == 0 && pipe(x->wake) == 0);
    ck_assert(pthread_create(&x->thread, NULL, work, x) == 0);
    return x;
}

static void wake(proxy *x)
{
    ck_assert(write(x->wake[1], "w", 1) == 1);
}

void proxy_set(proxy *x, proxy_mode mode)
{
    x->mode = (int)mode;
}

void proxy_cut(proxy *x)
{
    x->cut = true;
    wake(x);
}

void proxy_refuse(proxy *x, bool on)
{
    x->refuse = on;
}

int proxy_cuts(proxy *x)
{
    return x->cuts;
}

const char *proxy_folder(proxy *x)
{
    return x->folder;
}

int proxy_port(proxy *x)
{
    return x->port;
}

const char *proxy_conninfo(proxy *x, const char *database, const char *more)
{
    snprintf(x->conninfo, sizeof x->conninfo, "host=%s port=%d user=boot dbname=%s %s", x->folder, x->port,
             database, more ? more : "");
    return x->conninfo;
}

void proxy_stop(proxy *x)
{
    x->ended = true;
    wake(x);
    pthread_join(x->thread, NULL);
    for (size_t i = 0; i < MOST_PAIRS; i++)
        close_pair(&x->pairs[i]);
    close_end(&x->listener);
    close_end(&x->wake[0]);
    close_end(&x->wake[1]);
    free(x);
}
