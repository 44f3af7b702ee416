/* The wire: HTTPS by libcurl, and nothing else in here.
 *
 * Each request runs on a multi handle, so that its waiting is poll() over the sockets and the stop's eventfd:
 * a name server, a handshake or a body that does not come holds up nobody. A request is repeated as a whole
 * until its answer is whole and its reader is content; the waits between are the usual full jitter (a random part
 * of a span that doubles), so that many clients that were turned away together do not come back together. */
#include "legacy/firestore.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/time.h"
#include "legacy/wire.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ANSWER_MOST = 32 << 20, /* more than the longest document, less than a worker may have */
    ATTEMPTS = 10,
    ATTEMPTS_UNHEARD = 3, /* of a server that never answered: most likely it is not there */
    ATTEMPTS_BROKEN = 6,  /* of an answer that is always the same broken one */
    BACKOFF_MS = 100,
    BACKOFF_MOST_MS = 30000,
    RETRY_AFTER_MOST_S = 600,
    CONNECT_MS = 10000,
    QUIET_S = 30,
    TOKEN_MS = 60000
};

struct wire {
    wire_options options; /* with the usual filled in; its texts owned */
    char *url, *token_command;
    bool loopback, heard; /* heard: it has answered before */
    buf token;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    buf body;
    bool too_long;
    int64_t moved_ms; /* when something last came or went */
    curl_off_t sent;
    rng dice;
};

/* ---- where to, and who we are ---- */

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080": the host as numbers, since localhost is a name that somebody may
 * have pointed elsewhere. NULL when it is not this machine. */
static char *loopback_host(const char *host)
{
    const char *colon = strrchr(host, ':'), *port = colon ? colon : host + strlen(host);
    char *name = mem_strn(host, (size_t)(port - host));
    struct in_addr four;
    struct in6_addr six;
    size_t n = strlen(name);
    bool ok = strspn(port, ":0123456789") == strlen(port) && strlen(port) < 7;
    char *ret = NULL;
    if (ok && strcmp(name, "localhost") == 0)
        ret = mem_printf("127.0.0.1%s", port);
    else if (ok && inet_pton(AF_INET, name, &four) == 1 && ntohl(four.s_addr) >> 24 == 127)
        ret = mem_str(host);
    else if (ok && n > 2 && *name == '[' && name[n - 1] == ']') {
        name[n - 1] = '\0';
        if (inet_pton(AF_INET6, name + 1, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six))
            ret = mem_str(host);
    }
    free(name);
    return ret;
}

static bool choose_url(wire *w, const char *url, err *e)
{
    const char *emulator = getenv("FIRESTORE_EMULATOR_HOST"), *host = NULL;
    if (!url && emulator && *emulator)
        host = emulator;
    else if (url && strncmp(url, "http://", 7) == 0)
        host = url + 7;
    if (!host) {
        w->url = mem_str(url ? url : "https://firestore.googleapis.com");
        return strncmp(w->url, "https://", 8) == 0 ||
               err_set(e, ERR_REFUSED,
                       "%s is neither https:// nor this machine: documents and tokens go nowhere else",
                       w->url);
    }
    char *here = loopback_host(host);
    if (!here)
        return err_set(e, ERR_REFUSED,
                       "%s is not this machine, and without TLS documents and tokens go nowhere else: say "
                       "127.0.0.1:PORT%s",
                       host, host == emulator ? " in FIRESTORE_EMULATOR_HOST" : "");
    w->url = mem_printf("http://%s", here);
    w->loopback = true;
    free(here);
    return true;
}

static void set_token(wire *w)
{
    char *bearer = mem_printf("Authorization: Bearer %s", w->token.data);
    curl_slist_free_all(w->headers);
    w->headers = curl_slist_append(NULL, bearer);
    w->headers = curl_slist_append(w->headers, "Content-Type: application/json");
    w->headers = curl_slist_append(w->headers, "Expect:"); /* no second's wait before a long body */
    curl_easy_setopt(w->easy, CURLOPT_HTTPHEADER, w->headers);
    explicit_bzero(bearer, strlen(bearer));
    free(bearer);
}

/* Gets a token where there is none yet. */
static bool need_token(wire *w, stop *s, err *e)
{
    if (w->token.len > 0)
        return true;
    if (w->loopback && !w->token_command)
        buf_str(&w->token, "owner");
    else if (!token_run(w->token_command, TOKEN_MS, &w->token, s, e))
        return false;
    set_token(w);
    return true;
}

static void drop_token(wire *w)
{
    explicit_bzero(w->token.data, w->token.len);
    buf_clear(&w->token);
}

/* ---- life ---- */

static size_t take_body(char *bytes, size_t size, size_t n, void *ctx)
{
    wire *w = ctx;
    (void)size;
    w->moved_ms = time_mono_ms();
    if (w->body.len + n > ANSWER_MOST) {
        w->too_long = true;
        return CURL_WRITEFUNC_ERROR;
    }
    buf_add(&w->body, bytes, n);
    return n;
}

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void set_up(wire *w)
{
    CURL *c = w->easy;
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, w->loopback ? "http" : "https");
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L); /* nowhere but where we were sent */
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    if (w->loopback)
        curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L); /* a name server that hangs is left to itself */
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(c, CURLOPT_USERAGENT, "showx");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, w);
}

bool wire_new(const wire_options *options, wire **ret, err *e)
{
    wire *w = MEM_NEW(wire);
    const char *command = options->token_command;
    w->options = *options;
    w->options.attempts = options->attempts ? options->attempts : ATTEMPTS;
    w->options.backoff_ms = options->backoff_ms ? options->backoff_ms : BACKOFF_MS;
    w->options.quiet_s = options->quiet_s ? options->quiet_s : QUIET_S;
    buf_init(&w->token);
    buf_init(&w->body);
    rng_seed(&w->dice, (uint64_t)time_mono_ms() ^ (uint64_t)getpid() << 32);
    pthread_once(&curl_once, init_curl);
    w->multi = curl_multi_init();
    w->easy = curl_easy_init();
    bool ok = (w->multi && w->easy) || err_set(e, ERR_FAILED, "libcurl cannot be started");
    ok = ok && choose_url(w, options->url, e);
    if (!ok) {
        wire_free(w);
        return false;
    }
    if (!command && !w->loopback)
        command = getenv("SHOWX_FIRESTORE_TOKEN_COMMAND");
    w->token_command = mem_str(command && *command ? command
                               : w->loopback       ? NULL
                                                   : "gcloud auth print-access-token");
    set_up(w);
    *ret = w;
    return true;
}

void wire_free(wire *w)
{
    if (!w)
        return;
    curl_easy_cleanup(w->easy);
    curl_multi_cleanup(w->multi);
    curl_slist_free_all(w->headers);
    drop_token(w);
    buf_done(&w->token);
    buf_done(&w->body);
    free(w->url);
    free(w->token_command);
    free(w);
}

/* ---- one attempt ---- */

typedef struct outcome {
    CURLcode code;
    int status;
    long retry_after_s;
    bool sent; /* at least some of it may have reached the server */
} outcome;

/* Whether nothing has come or gone for too long. Not libcurl's own low speed limit: that takes an average in
 * which the request itself counts for seconds. */
static bool quiet(wire *w)
{
    curl_off_t sent = 0;
    int64_t now = time_mono_ms();
    curl_easy_getinfo(w->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (sent != w->sent)
        w->moved_ms = now;
    w->sent = sent;
    return now - w->moved_ms > (int64_t)w->options.quiet_s * 1000;
}

/* Until the transfer ends, or is given up. False: told to stop. */
static bool drive(wire *w, CURLcode *ret, stop *s, err *e)
{
    int running = 1, left;
    struct curl_waitfd wake = {.fd = s ? s->fd : -1, .events = CURL_WAIT_POLLIN};
    while (running) {
        if (stop_now(s, e))
            return false;
        CURLMcode m = curl_multi_perform(w->multi, &running);
        if (running && quiet(w)) {
            *ret = CURLE_OPERATION_TIMEDOUT;
            return true;
        }
        if (m == CURLM_OK && running)
            m = curl_multi_poll(w->multi, &wake, s && s->fd >= 0 ? 1 : 0, stop_poll_ms(s, 1000), NULL);
        if (m != CURLM_OK)
            return err_set(e, ERR_FAILED, "libcurl: %s", curl_multi_strerror(m));
    }
    const CURLMsg *message = curl_multi_info_read(w->multi, &left);
    *ret = message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_RECV_ERROR;
    return true;
}

static bool attempt(wire *w, const wire_ask *ask, outcome *ret, stop *s, err *e)
{
    curl_off_t after = 0;
    long status = 0, request = 0;
    char *url = mem_printf("%s/v1/%s", w->url, ask->target);
    *ret = (outcome){.code = CURLE_RECV_ERROR};
    buf_clear(&w->body);
    w->too_long = false;
    w->moved_ms = time_mono_ms();
    w->sent = 0;
    curl_easy_setopt(w->easy, CURLOPT_URL, url);
    curl_easy_setopt(w->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(w->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body->len);
    curl_easy_setopt(w->easy, CURLOPT_POSTFIELDS, ask->body->data);
    free(url);
    bool ok = curl_multi_add_handle(w->multi, w->easy) == CURLM_OK ||
              err_set(e, ERR_FAILED, "libcurl cannot begin");
    ok = ok && drive(w, &ret->code, s, e);
    curl_easy_getinfo(w->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(w->easy, CURLINFO_RETRY_AFTER, &after);
    curl_easy_getinfo(w->easy, CURLINFO_REQUEST_SIZE, &request);
    ret->status = (int)status;
    ret->retry_after_s = (long)after;
    ret->sent = request > 0;
    curl_multi_remove_handle(w->multi, w->easy);
    w->heard = w->heard || status > 0;
    return ok;
}

/* ---- what to make of it ---- */

typedef enum { DONE, AGAIN, AGAIN_BROKEN, NEW_TOKEN, HOPELESS } verdict;

static err_kind kind_of(const rest_refusal *r)
{
    if (strcmp(r->status, "FAILED_PRECONDITION") == 0 || strcmp(r->status, "ABORTED") == 0 || r->code == 409)
        return ERR_CONFLICT;
    return r->code == 404 ? ERR_MISSING : r->code == 401 || r->code == 403 ? ERR_REFUSED : ERR_FAILED;
}

static verdict refused(const wire *w, const rest_refusal *r, err *e)
{
    err_set(e, r->code == 429 || r->code >= 500 ? ERR_CONNECT : kind_of(r), "%s says: %s%s%s (%d)", w->url,
            *r->status ? r->status : "no", *r->message ? ": " : "", r->message, r->code);
    return r->code == 401 ? NEW_TOKEN : r->code == 429 || r->code >= 500 ? AGAIN : HOPELESS;
}

/* What no repetition mends: the certificate is the wrong one, the address is none. */
static bool hopeless(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
           code == CURLE_SSL_ISSUER_ERROR;
}

static verdict judge(wire *w, const wire_ask *ask, const outcome *o, err *e)
{
    rest_refusal r = {0};
    if (w->too_long) {
        err_set(e, ERR_INPUT, "the answer is longer than %d MiB", ANSWER_MOST >> 20);
        if (ask->ret_too_long)
            *ask->ret_too_long = true;
        return HOPELESS;
    }
    if (o->code == CURLE_OK && o->status == 200)
        return ask->read(ask->ctx, w->body.data, w->body.len, &r, e) ? DONE
               : r.code                                              ? refused(w, &r, e)
                                                                     : AGAIN_BROKEN;
    if (o->code != CURLE_OK && (o->status == 0 || o->status == 200)) {
        err_set(e, ERR_CONNECT, "%s: %s%s", w->url, curl_easy_strerror(o->code),
                o->code == CURLE_PARTIAL_FILE || w->body.len > 0 ? " (the answer was cut short)" : "");
        return hopeless(o->code) ? HOPELESS : w->body.len > 0 ? AGAIN_BROKEN : AGAIN;
    }
    if (!rest_refusal_read(w->body.data, w->body.len, &r))
        r.code = o->status;
    return refused(w, &r, e);
}

/* False: told to stop, or it would be too long. */
static bool wait_before(wire *w, int turn, long retry_after_s, stop *s, err *e)
{
    int64_t span = w->options.backoff_ms;
    for (int i = 0; i < turn && span < BACKOFF_MOST_MS; i++)
        span *= 2;
    span = span < BACKOFF_MOST_MS ? span : BACKOFF_MOST_MS;
    if (retry_after_s > RETRY_AFTER_MOST_S)
        return err_wrap(e, "it wants to be left alone for %ld s", retry_after_s);
    int64_t until = time_mono_ms() + (int64_t)rng_below(&w->dice, (uint64_t)span + 1) + retry_after_s * 1000;
    for (int64_t left; (left = until - time_mono_ms()) > 0;) {
        if (stop_now(s, e))
            return false;
        struct pollfd wake = {.fd = s ? s->fd : -1, .events = POLLIN};
        poll(&wake, 1, stop_poll_ms(s, left < 1000 ? (int)left : 1000));
    }
    return true;
}

static int attempts_for(const wire *w, verdict v)
{
    int most = v == AGAIN_BROKEN ? ATTEMPTS_BROKEN : v == AGAIN && !w->heard ? ATTEMPTS_UNHEARD : ATTEMPTS;
    return most < w->options.attempts ? most : w->options.attempts;
}

/* A write that may have been done: nobody knows, so it is neither sent again nor called failed. */
static bool outcome_unknown(const wire_ask *ask, const outcome *o, verdict v)
{
    bool answered = o->status > 0 && o->status != 200; /* with a refusal */
    return ask->writes && o->sent && !answered && v != DONE;
}

bool wire_post(wire *w, const wire_ask *ask, stop *s, err *e)
{
    bool renewed = false, doubtful = false; /* doubtful: a 5xx to a write may have come behind the write */
    err local = {0};
    e = e ? e : &local;
    for (int turn = 0;; turn++) {
        outcome o;
        if (!need_token(w, s, e))
            return false;
        if (!attempt(w, ask, &o, s, e)) {
            if (ask->writes && o.sent)
                e->kind = ERR_UNKNOWN; /* stopped, but it was on its way */
            return false;
        }
        verdict v = judge(w, ask, &o, e);
        if (v == DONE)
            return true;
        if (outcome_unknown(ask, &o, v)) {
            e->kind = ERR_UNKNOWN;
            return err_wrap(e, "the answer to a write was lost, so nobody knows yet whether it was done");
        }
        if (v == NEW_TOKEN && w->token_command && !renewed) {
            renewed = true;
            drop_token(w);
            continue;
        }
        if (doubtful && e->kind == ERR_CONFLICT) {
            e->kind = ERR_UNKNOWN;
            return err_wrap(e, "a write was answered with an error first, so it may be its own conflict");
        }
        doubtful = doubtful || (ask->writes && o.status >= 500);
        if (v == HOPELESS || v == NEW_TOKEN)
            return false;
        log_info("firestore: turn %d: HTTP %d, %s", turn + 1, o.status, curl_easy_strerror(o.code));
        if (turn + 1 >= attempts_for(w, v))
            return err_wrap(e, "asked %d times", turn + 1);
        if (!wait_before(w, turn, o.retry_after_s, s, e))
            return false;
    }
}
