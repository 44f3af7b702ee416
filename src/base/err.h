/* err: an error is a kind for the program and a sentence for the person.
 *
 * It is made where it happened and shown only at the edge (a status line, stderr, --json). A function
 * that can fail returns bool (true = done) or a pointer (NULL = failed) and takes `err *e` last; e is
 * written only on failure and may be NULL where the caller does not care. Outputs named ret_x are left
 * untouched on failure. The sentence names what it happened to (file, line, record, field, key) and,
 * where there is one, what to try; it never carries a password or a person's data. */
#ifndef SHOWX_BASE_ERR_H
#define SHOWX_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    ERR_NONE = 0,
    ERR_FAILED,    /* it did not work */
    ERR_USAGE,     /* the person or the caller asked wrongly */
    ERR_CONNECT,   /* no connection, or it was lost; trying again may help */
    ERR_REFUSED,   /* rights or state forbid it */
    ERR_CONFLICT,  /* somebody else changed the row first */
    ERR_CANCELLED, /* the person stopped it */
    ERR_TIMEOUT,   /* its deadline passed */
    ERR_UNKNOWN,   /* a commit whose answer was lost: look it up by the operation's key */
    ERR_INPUT,     /* data that came in is broken; the place is in the sentence */
    ERR_MISSING,   /* the thing asked for is not there */
} err_kind;

typedef struct err {
    err_kind kind;
    char text[768];
} err;

/* Writes kind and sentence (printf-like, cut at 767 bytes on a character boundary). Always returns
 * false, so that `return err_set(e, ...)` reads well. e may be NULL. */
bool err_set(err *e, err_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the sentence, keeping the kind. Always returns false. */
bool err_wrap(err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ERR_FAILED with "WHAT: strerror(errno)". Always returns false. */
bool err_errno(err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef STATIC_ANALYSIS /* analysers read one file at a time: tell them of the `always` above */
#define err_set(...) (err_set(__VA_ARGS__), false)
#define err_wrap(...) (err_wrap(__VA_ARGS__), false)
#define err_errno(...) (err_errno(__VA_ARGS__), false)
#endif

/* The program's exit code for a kind: 0 done, 1 failed, 2 misused, 3 could not connect, 4 refused
 * (rights, state, conflict), 130 cancelled. */
int err_exit_code(err_kind kind);

/* One word for --json and the log: "failed", "usage", "connect", ... */
const char *err_word(err_kind kind);

#endif
