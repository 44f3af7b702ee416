/* data: turns what screens want to know into jobs on two worker threads, each with its own connection, and
 * brings the answers back. Every question carries a tag (who asked) and a serial (which of their questions);
 * the asker drops an answer whose serial it no longer waits for. Nothing here waits. */
#ifndef SHOWX_UI_DATA_H
#define SHOWX_UI_DATA_H

#include "base/job.h"
#include "catalog/catalog.h"
#include "command/command.h"
#include "store/store.h"
#include "ui/atlas.h"
#include "ui/list.h"
#include "ui/values.h"

typedef struct data data;

/* Opens a connection for a worker thread; called there. */
typedef struct data_source {
    bool (*open)(void *ctx, store **ret, stop *until, err *e);
    void *ctx;
} data_source;

typedef enum {
    ASK_PAGE,
    ASK_ROWS,
    ASK_COUNT,
    ASK_ESTIMATE,
    ASK_WRITE,
    ASK_EXPORT,
    ASK_COMMAND,
    ASK_WORK
} ask_kind;

/* Work of our own on a worker thread: a search, a solver, several queries in a row. run gets the thread's store, connected (NULL
 * where `storeless`), looks at job_stop(j), may tell job_progress(j, ...), and may leave a result also when it fails (the best plan so
 * far). It must touch nothing of the drawing thread's: what it needs is in arg. arg is the question's from data_ask on and is freed
 * by free_arg, also when it never ran; a result that nobody takes is freed by free_result. */
typedef struct data_work {
    bool (*run)(void *arg, store *s, job *j, void **ret_result, err *e);
    void *arg;
    void (*free_arg)(void *arg);
    void (*free_result)(void *result);
    bool storeless; /* says nothing about the connection, and works without one */
} data_work;

/* All borrowed: data_ask copies what it needs. */
typedef struct question {
    ask_kind kind;
    uintptr_t tag;
    uint64_t serial;
    const view *view;
    const query *query; /* ROWS, COUNT, ESTIMATE, WRITE */
    const query_value *values;
    size_t nvalues;
    const char *search; /* PAGE, EXPORT: NULL or "" = none */
    int tier;           /* PAGE: the tier that answered the first page; -1 = find it */
    const char *sort;
    bool descending;
    wish_kind wish;
    bool backward;
    const rowset *from_rows; /* PAGE: start behind this row */
    size_t from_row;
    size_t limit;
    const char *reason; /* WRITE */
    const char *line;   /* COMMAND: what was typed; EXPORT: the file's path */
    bool reveal;        /* EXPORT: personal data as it is; the audit knows */
    int64_t expected;   /* EXPORT: about how many rows, for the time left; 0 = unknown */
    data_work work;     /* WORK; tag and serial come back with the answer, data_cancel(tag) stops it */
} question;

typedef struct answer {
    ask_kind kind;
    uintptr_t tag;
    uint64_t serial;
    wish_kind wish;
    bool ok;
    err error;
    char detail[1024];
    rowset *rows; /* PAGE, ROWS, WRITE: the taker's when it sets this to NULL */
    int tier;
    int64_t number;   /* COUNT, ESTIMATE; EXPORT: rows written; COMMAND: exit code */
    char *text;       /* COMMAND: what it printed */
    const view *open; /* COMMAND: the screen it wants opened, with `values` */
    values values;
    void *result; /* WORK: the taker's when it sets this to NULL */
    void (*free_result)(void *result);
    bool storeless; /* WORK */
} answer;

data *data_new(const data_source *source, const command_env *env, const commands *cs, err *e);
/* False when a worker had to be left behind: leave by _exit then. */
bool data_free(data *d);
void data_ask(data *d, const question *q);
void data_cancel(data *d, uintptr_t tag);
int data_fd(data *d);
bool data_next(data *d, answer *ret);
void answer_done(answer *a);
/* The store's identity as the last answer saw it. */
const store_identity *data_identity(const data *d);
bool data_progress(data *d, uintptr_t tag, int64_t *done, int64_t *total);
/* 0 while the connection stands; else how often it was tried in vain. data_retry_ms: when to try again
 * (monotonic). */
int data_lost(const data *d);
int64_t data_retry_ms(const data *d);
/* The cities, read once for all screens: wanted here, they come while answers are taken (data_next), which wakes the loop. Wanted
 * again they are read again only when the store has others by now. NULL until then; what came with the last try: data_atlas_error. */
void data_want_atlas(data *d, const catalog *c);
atlas *data_atlas(const data *d);           /* borrowed: atlas_keep() what outlives the next data_next() */
const err *data_atlas_error(const data *d); /* kind ERR_NONE: it went well, or is on its way */
bool data_atlas_reading(const data *d);
void data_retrying(data *d); /* asked again: the next failure counts on */

#endif
