/* What the stand-in's two files share: its documents and what one request is answered. */
#ifndef SHOWX_SUPPORT_STANDIN_PRIVATE_H
#define SHOWX_SUPPORT_STANDIN_PRIVATE_H

#include "base/buf.h"
#include "base/rng.h"
#include "support/standin.h"
#include <pthread.h>
#include <stdatomic.h>

/* A document between two times; raw stands in the place of the whole object where it is not NULL. */
typedef struct standin_version {
    char *path, *fields, *raw;
    int64_t create_us, from_us, to_us; /* to_us: INT64_MAX while it is the last */
} standin_version;

struct standin {
    char host[32], *prefix;
    pthread_mutex_t lock;
    pthread_t thread;
    int listener;
    atomic_bool ending;
    /* under lock */
    standin_version *versions; /* by path in Firestore's order, then from_us */
    size_t n_versions, cap_versions;
    bool sorted;
    int64_t clock_us; /* of the last change; strictly growing */
    standin_faults faults;
    rng dice;
    const char *token;
    char *cursor_before; /* of the last query but one */
    char *cursor;
    size_t requests, faulted, churned;
};

/* Appends the JSON body of the answer; returns the HTTP status. target is decoded, without "/v1/". */
int standin_answer(standin *s, const char *method, const char *target, const char *query, const char *body,
                   size_t n, buf *out);
bool standin_chance(standin *s, unsigned per_10000);
/* The same as the public verbs, with the lock held. */
int64_t standin_set(standin *s, const char *path, const char *fields, const char *raw);
bool standin_drop(standin *s, const char *path);
int64_t standin_tick(standin *s); /* a new time, later than all before */

#endif
