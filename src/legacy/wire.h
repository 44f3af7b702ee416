/* wire: requests to a Firestore server, each until it has a good answer or there is no hope of one. Implemented
 * by firestore.c, the one file that sees libcurl; what the answers mean is for those who ask.
 *
 * One thread at a time. Nothing blocks but for the deadlines of its own: a stop ends it at once. */
#ifndef SHOWX_LEGACY_WIRE_H
#define SHOWX_LEGACY_WIRE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/job.h"
#include "legacy/rest.h"

typedef struct wire wire;

typedef struct wire_options {
    const char *url;                   /* NULL: by the environment */
    const char *token_command;         /* NULL: by the environment */
    int attempts, backoff_ms, quiet_s; /* 0: the usual */
} wire_options;

/* Connects to nothing yet. ERR_REFUSED where the address is neither https nor loopback. */
bool wire_new(const wire_options *options, wire **ret, err *e);
void wire_free(wire *w); /* NULL is fine */

/* Reads an answer's body. False: refusal says what the server said, else e what is wrong with the answer, and
 * then it is asked for again. */
typedef bool (*wire_read)(void *ctx, const char *body, size_t n, rest_refusal *refusal, err *e);

typedef struct wire_ask {
    const char *target; /* behind "/v1/" */
    const buf *body;
    wire_read read;
    void *ctx;
    bool writes;        /* a lost answer is ERR_UNKNOWN, and it is not sent again */
    bool *ret_too_long; /* where not NULL: set, and failed at once, when the answer is longer than is taken */
} wire_ask;
bool wire_post(wire *w, const wire_ask *ask, stop *s, err *e);

/* token.c: what COMMAND prints, without the line's end, added to ret; killed after most_ms. The sentence of a failure has the
 * first line of its complaint, and never the token. */
bool token_run(const char *command, int most_ms, buf *ret, stop *s, err *e);

#endif
