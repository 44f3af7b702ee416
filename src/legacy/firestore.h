/* firestore: a Firestore database over REST (v1), the old database where it lives.
 *
 *   firestore:PROJECT[/DATABASE][@READTIME]      DATABASE is (default) where it is not said
 *
 * Everything is read as of one time: READTIME, else the time of the first answer. A database without
 * point-in-time recovery remembers 270 s; with it, any whole minute of the last seven days may be said.
 *
 * Where it is: FIRESTORE_EMULATOR_HOST (loopback only, no TLS, the emulator's owner token), else
 * https://firestore.googleapis.com with its certificate verified and the token that the command in
 * SHOWX_FIRESTORE_TOKEN_COMMAND prints ("gcloud auth print-access-token" where it is not set). No token is ever
 * sent in clear to another machine.
 *
 * Invariants of reading:
 *   - documents come in the order of their names, by pages that begin behind the last name: nothing is read
 *     twice, and a page that is lost or broken is asked for again;
 *   - a page is taken whole or not at all. One that repeats names, steps back, was read at another time than
 *     asked, or is of another database is never taken: it is told as a damage ("repeated", "read_time",
 *     "foreign") and asked for again, and when that does not help reading fails with its place;
 *   - a document that changed behind the read time is told beside it ("changed");
 *   - at the end the server is asked how many documents each collection has at that time, and which
 *     collections there are; what does not agree is a damage ("count").
 * 429, 5xx and lost connections are tried again with growing, jittered waits, longer where Retry-After says so. */
#ifndef SHOWX_LEGACY_FIRESTORE_H
#define SHOWX_LEGACY_FIRESTORE_H

#include "base/buf.h"
#include "legacy/legacy.h"

/* All borrowed for the call; zero or NULL is the usual. */
typedef struct firestore_options {
    const char *project; /* needed */
    const char *database;
    const char
        *collection;       /* a collection's id: only the documents in collections of that id, at any depth */
    const char *from, *to; /* full names: from this one on, up to but without that one */
    int64_t read_us;
    const char *url; /* "https://HOST" or "http://LOOPBACK:PORT"; NULL: the environment decides */
    const char *token_command;
    int attempts;   /* at one request before giving up */
    int backoff_ms; /* the first wait, at most */
    int quiet_s;    /* a connection on which nothing comes is given up after that */
    size_t page;    /* documents a request */
} firestore_options;

/* "PROJECT[/DATABASE][@READTIME]". Asks nothing of the server yet: that begins with the first read. */
bool firestore_open(const char *source, legacy **ret, err *e);
bool firestore_open_with(const firestore_options *options, legacy **ret, err *e);

/* ---- verbs beside the port, on a legacy that firestore_open gave; s may be NULL ---- */

/* Reads documents by their full names, as of now: each name is told once, in any order. found: its canonical
 * fields and times; not there: deleted is true. visit returns false to end early, which is no failure. */
bool firestore_get(legacy *l, const char *const *names, size_t n,
                   bool (*visit)(void *ctx, const legacy_document *d), void *ctx, stop *s, err *e);

/* Cuts a collection group into at most `most` ranges of about the same size: the names between them, sorted, for
 * options.from and .to; n names make n + 1 ranges. Freed by firestore_ranges_done. */
typedef struct firestore_ranges {
    char **names;
    size_t n;
} firestore_ranges;
bool firestore_partition(legacy *l, const char *collection, size_t most, firestore_ranges *ret, stop *s,
                         err *e);
void firestore_ranges_done(firestore_ranges *r);

/* One write of a commit: the whole document, or its deletion, if the precondition holds. */
typedef struct firestore_write {
    const char *path;   /* after /documents/ */
    const char *fields; /* typed JSON; NULL deletes */
    enum { FIRESTORE_ALWAYS, FIRESTORE_IF_THERE, FIRESTORE_IF_NEW, FIRESTORE_IF_AT } when;
    int64_t at_us; /* FIRESTORE_IF_AT: the update time that the document must still have */
} firestore_write;
/* All of them or none. ret_us (may be NULL): each write's update time. ERR_CONFLICT: a precondition does not
 * hold; ERR_UNKNOWN: sent, but the answer was lost, so read the documents to know. */
bool firestore_commit(legacy *l, const firestore_write *writes, size_t n, int64_t *ret_us, stop *s, err *e);

#endif
