/* The serving half of the stand-in: HTTP/1.1 over loopback, one thread for all connections, and the faults
 * that belong to HTTP. standin_answers.c knows Firestore. */
#include "base/mem.h"
#include "base/time.h"
#include "support/standin_private.h"
#include "support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 64, REQUEST_MOST = 64 << 20 };

typedef struct connection {
    int fd; /* -1 = free */
    buf in;
} connection;

/* ---- one request ---- */

typedef struct request {
    char method[8], target[2048], query[4096];
    const char *body;
    size_t body_n, all_n;
    bool authorized;
} request;

static const char *header(const char *head, const char *end, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = strstr(head, "\r\n"); p && p < end; p = strstr(p + 2, "\r\n"))
        if (strncasecmp(p + 2, name, n) == 0 && p[2 + n] == ':')
            return p + 3 + n + strspn(p + 3 + n, " ");
    return NULL;
}

static void percent_decode(char *s)
{
    char *to = s;
    for (; *s; s++, to++) {
        unsigned c;
        if (*s == '%' && sscanf(s + 1, "%2x", &c) == 1) {
            *to = (char)c;
            s += 2;
        } else {
            *to = *s;
        }
    }
    *to = '\0';
}

/* Takes the chunks apart in place behind `body`. False while the last is not there. */
static bool join_chunks(buf *in, size_t body, size_t *ret_n, size_t *ret_all)
{
    size_t from = body, to = body;
    for (;;) {
        char *line = in->data + from, *end = strstr(line, "\r\n");
        if (!end)
            return false;
        size_t n = strtoul(line, NULL, 16), data = (size_t)(end + 2 - in->data);
        if (in->len < data + n + 2)
            return false;
        if (n == 0) {
            *ret_n = to - body;
            *ret_all = data + 2;
            return true;
        }
        memmove(in->data + to, in->data + data, n);
        to += n;
        from = data + n + 2;
    }
}

static bool chunks_whole(const buf *in, size_t body)
{
    return in->len >= body + 5 && memcmp(in->data + in->len - 5, "0\r\n\r\n", 5) == 0;
}

/* Whether a whole request stands at the beginning of the connection. */
static bool read_request(const standin *s, buf *in, request *r)
{
    char *end = strstr(in->data, "\r\n\r\n");
    char url[4096] = "", bearer[512];
    if (!end)
        return false;
    size_t body = (size_t)(end + 4 - in->data);
    const char *length = header(in->data, end, "content-length"),
               *chunked = header(in->data, end, "transfer-encoding"),
               *auth = header(in->data, end, "authorization");
    *r = (request){.body_n = length ? strtoul(length, NULL, 10) : 0};
    r->all_n = body + r->body_n;
    snprintf(bearer, sizeof bearer, "Bearer %s\r\n", s->token);
    r->authorized = auth && strncmp(auth, bearer, strlen(bearer)) == 0;
    ck_assert_int_eq(sscanf(in->data, "%7s %4095s", r->method, url), 2);
    if (chunked ? !chunks_whole(in, body) || !join_chunks(in, body, &r->body_n, &r->all_n)
                : in->len < r->all_n)
        return false;
    r->body = in->data + body;
    char *mark = strchr(url, '?');
    if (mark) {
        *mark = '\0';
        snprintf(r->query, sizeof r->query, "%s", mark + 1);
    }
    percent_decode(url);
    snprintf(r->target, sizeof r->target, "%.2047s", url);
    return true;
}

/* ---- one answer ---- */

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}

typedef enum { WHOLE, CUT_LENGTH, CUT_CHUNKS, CUT_JSON } ending;

static void add_chunks(buf *out, const char *p, size_t n)
{
    for (size_t size = 7; n > 0; size = size * 3 + 1) { /* small and large, across any border there is */
        size_t k = n < size ? n : size;
        buf_printf(out, "%zx\r\n", k);
        buf_add(out, p, k);
        buf_str(out, "\r\n");
        p += k;
        n -= k;
    }
}

/* False: the connection is to be closed. */
static bool send_answer(int fd, int status, int retry_after, const buf *body, bool chunked, ending how)
{
    buf out;
    size_t n = how == WHOLE ? body->len : body->len * 2 / 3;
    buf_init(&out);
    buf_printf(&out, "HTTP/1.1 %d X\r\nContent-Type: application/json; charset=UTF-8\r\n", status);
    if (retry_after > 0)
        buf_printf(&out, "Retry-After: %d\r\n", retry_after);
    chunked = how == CUT_CHUNKS || (chunked && how != CUT_LENGTH);
    if (chunked) {
        buf_str(&out, "Transfer-Encoding: chunked\r\n\r\n");
        add_chunks(&out, body->data, n);
        if (how != CUT_CHUNKS)
            buf_str(&out, "0\r\n\r\n");
    } else {
        buf_printf(&out, "Content-Length: %zu\r\n\r\n", how == CUT_LENGTH ? body->len : n);
        buf_add(&out, body->data, n);
    }
    bool ok = write_all(fd, out.data, out.len) && how != CUT_CHUNKS && how != CUT_LENGTH;
    buf_done(&out);
    return ok;
}

static void say_error(buf *out, int code, const char *status, const char *message)
{
    buf_clear(out);
    buf_printf(out, "{\"error\":{\"code\":%d,\"message\":\"%s\",\"status\":\"%s\"}}", code, message, status);
}

bool standin_chance(standin *s, unsigned per_10000)
{
    return per_10000 && rng_chance(&s->dice, per_10000);
}

static void churn(standin *s)
{
    char path[64];
    if (!s->faults.churn)
        return;
    for (size_t i = s->n_versions; i-- > 0;) /* one that is still to be read */
        if (s->versions[i].to_us == INT64_MAX && !s->versions[i].raw) {
            char *same = mem_str(s->versions[i].path);
            standin_set(s, same, "{\"churned\":{\"booleanValue\":true}}", NULL);
            free(same);
            break;
        }
    snprintf(path, sizeof path, "churn/%08zu", s->churned++);
    standin_set(s, path, "{}", NULL);
}

/* The whole of a request but the sending, with the lock held. */
static int decide(standin *s, const request *r, buf *body, ending *ret_how)
{
    size_t turn = s->requests++;
    int status = 200;
    *ret_how = WHOLE;
    if (!r->authorized) {
        say_error(body, 401, "UNAUTHENTICATED", "the token is not the one that counts");
        return 401;
    }
    if (standin_chance(s, s->faults.busy)) {
        s->faulted++;
        status = turn % 2 ? 429 : 503;
        say_error(body, status, turn % 2 ? "RESOURCE_EXHAUSTED" : "UNAVAILABLE", "come back later");
        return status;
    }
    if (s->faults.always) {
        buf_str(body, s->faults.always);
        return s->faults.always_status ? s->faults.always_status : 200;
    }
    status = standin_answer(s, r->method, r->target, r->query, r->body, r->body_n, body);
    if (status == 200 && body->len > 2 && standin_chance(s, s->faults.cut)) {
        *ret_how = (ending)(CUT_LENGTH + s->faulted % 3);
        s->faulted++;
    }
    churn(s);
    return status;
}

static void wait_ms(standin *s, int ms)
{
    for (int64_t until = time_mono_ms() + ms; time_mono_ms() < until && !atomic_load(&s->ending);)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

static bool serve(standin *s, connection *c, const request *r)
{
    buf body;
    ending how;
    buf_init(&body);
    pthread_mutex_lock(&s->lock);
    int slow = s->faults.slow_ms, retry_after = s->faults.retry_after;
    int status = decide(s, r, &body, &how);
    pthread_mutex_unlock(&s->lock);
    wait_ms(s, slow);
    bool stream = strstr(r->target, ":runQuery") || strstr(r->target, ":batchGet");
    bool ok =
        send_answer(c->fd, status, status == 429 || status == 503 ? retry_after : 0, &body, stream, how);
    buf_done(&body);
    return ok;
}

/* ---- connections ---- */

static void hang_up(connection *c)
{
    close(c->fd);
    c->fd = -1;
    buf_done(&c->in);
}

static void hear(standin *s, connection *c)
{
    char some[65536];
    request r;
    ssize_t n = recv(c->fd, some, sizeof some, 0);
    if (n <= 0 || c->in.len > REQUEST_MOST) {
        hang_up(c);
        return;
    }
    buf_add(&c->in, some, (size_t)n);
    while (c->fd >= 0 && read_request(s, &c->in, &r)) {
        size_t all = r.all_n;
        if (!serve(s, c, &r)) {
            hang_up(c);
            return;
        }
        memmove(c->in.data, c->in.data + all, c->in.len - all + 1);
        c->in.len -= all;
    }
}

static void take_call(standin *s, connection *all)
{
    int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC), one = 1;
    struct timeval most = {.tv_sec =
                               5}; /* a client that does not read must not hold up the others for ever */
    for (int i = 0; fd >= 0 && i < CONNECTIONS; i++)
        if (all[i].fd < 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
            all[i].fd = fd;
            buf_init(&all[i].in);
            return;
        }
    if (fd >= 0)
        close(fd);
}

static void *run(void *ctx)
{
    standin *s = ctx;
    connection all[CONNECTIONS];
    struct pollfd fds[CONNECTIONS + 1];
    for (int i = 0; i < CONNECTIONS; i++)
        all[i].fd = -1;
    while (!atomic_load(&s->ending)) {
        for (int i = 0; i < CONNECTIONS; i++)
            fds[i] = (struct pollfd){.fd = all[i].fd, .events = POLLIN};
        fds[CONNECTIONS] = (struct pollfd){.fd = s->listener, .events = POLLIN};
        if (poll(fds, CONNECTIONS + 1, 20) <= 0)
            continue;
        for (int i = 0; i < CONNECTIONS; i++)
            if (fds[i].fd >= 0 && fds[i].revents)
                hear(s, &all[i]);
        if (fds[CONNECTIONS].revents)
            take_call(s, all);
    }
    for (int i = 0; i < CONNECTIONS; i++)
        if (all[i].fd >= 0)
            hang_up(&all[i]);
    return NULL;
}

standin *standin_start(const char *project)
{
    standin *s = MEM_NEW(standin);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_msg(s->listener >= 0 && bind(s->listener, (struct sockaddr *)&at, n) == 0 &&
                      listen(s->listener, 64) == 0 &&
                      getsockname(s->listener, (struct sockaddr *)&at, &n) == 0,
                  "the stand-in has no port: %s", strerror(errno));
    snprintf(s->host, sizeof s->host, "127.0.0.1:%d", ntohs(at.sin_port));
    s->prefix = mem_printf("projects/%s/databases/(default)/documents", project);
    s->token = "owner";
    s->clock_us = INT64_C(1763800000000000);
    rng_seed(&s->dice, 1);
    pthread_mutex_init(&s->lock, NULL);
    ck_assert_int_eq(pthread_create(&s->thread, NULL, run, s), 0);
    return s;
}

void standin_stop(standin *s)
{
    if (!s)
        return;
    atomic_store(&s->ending, true);
    pthread_join(s->thread, NULL);
    close(s->listener);
    pthread_mutex_destroy(&s->lock);
    for (size_t i = 0; i < s->n_versions; i++)
        free(s->versions[i].path), free(s->versions[i].fields), free(s->versions[i].raw);
    free(s->versions);
    free(s->cursor);
    free(s->cursor_before);
    free(s->prefix);
    free(s);
}

const char *standin_host(const standin *s)
{
    return s->host;
}

const char *standin_prefix(const standin *s)
{
    return s->prefix;
}

void standin_fault(standin *s, const standin_faults *faults)
{
    pthread_mutex_lock(&s->lock);
    s->faults = faults ? *faults : (standin_faults){0};
    rng_seed(&s->dice, s->faults.seed);
    pthread_mutex_unlock(&s->lock);
}

void standin_want_token(standin *s, const char *token)
{
    pthread_mutex_lock(&s->lock);
    s->token = token;
    pthread_mutex_unlock(&s->lock);
}

size_t standin_requests(standin *s)
{
    pthread_mutex_lock(&s->lock);
    size_t n = s->requests;
    pthread_mutex_unlock(&s->lock);
    return n;
}

size_t standin_faulted(standin *s)
{
    pthread_mutex_lock(&s->lock);
    size_t n = s->faulted;
    pthread_mutex_unlock(&s->lock);
    return n;
}
