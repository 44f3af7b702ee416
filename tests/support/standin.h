/* standin: a small Firestore of the tests' own, spoken to by REST (v1, firestore-formats in the design): one
 * thread in the test's process, on a loopback port, documents in memory with all their versions, so that a
 * read time shows what was there then.
 *
 * It knows documents.get and .list, :runQuery (by __name__, with cursors and limit, in one collection, a
 * collection group or over everything), :runAggregationQuery (count), :partitionQuery, :batchGet,
 * :listCollectionIds and :commit (update, delete, preconditions) and :batchWrite. What it does not know it refuses with 400,
 * so that no test passes on a guess. As real servers may, it gives the pages of partitions in no order, the
 * documents of a batch in another order, and lists shorter than was asked.
 *
 * Its faults are chances per 10,000 answers, drawn from a seed; they may be changed at any time. */
#ifndef SHOWX_SUPPORT_STANDIN_H
#define SHOWX_SUPPORT_STANDIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct standin standin;

typedef struct standin_faults {
    uint64_t seed;
    unsigned busy;      /* 429 or 503 in its place */
    int retry_after;    /* seconds, said with those; 0 = not said */
    unsigned cut;       /* the body ends in the middle: less than announced, chunks without their end, or
                                whole for HTTP but not for JSON, in turn */
    unsigned repeated;  /* a query is answered with the page before */
    int slow_ms;        /* before each answer */
    int64_t count_off;  /* added to each count */
    bool token_loops;   /* page tokens lead in a circle */
    bool live;          /* read times are ignored: what is there now is given */
    bool churn;         /* behind each answer one document is rewritten and one made ("churn/N") */
    const char *always; /* this is the body of every answer; borrowed */
    int always_status;  /* with it; 0 = 200 */
} standin_faults;

/* Starts serving project's database (default). Whatever cannot be done ends the test with a sentence. */
standin *standin_start(const char *project);
void standin_stop(standin *s);                /* NULL is fine */
const char *standin_host(const standin *s);   /* "127.0.0.1:PORT", for FIRESTORE_EMULATOR_HOST */
const char *standin_prefix(const standin *s); /* "projects/P/databases/(default)/documents" */

/* fields is a typed JSON object and is given out as it is written here. Returns the update time. */
int64_t standin_put(standin *s, const char *path, const char *fields);
/* The document's object as it will be given out, whatever it is. */
void standin_put_raw(standin *s, const char *path, const char *document);
void standin_remove(standin *s, const char *path);
/* Each line of an NDJSON file: {"name":PATH,"fields":{...}}; returns how many. */
size_t standin_load(standin *s, const char *file);
size_t standin_count(standin *s);

void standin_fault(standin *s, const standin_faults *faults); /* NULL: none any more */
void standin_want_token(standin *s, const char *token);       /* "owner" at first; borrowed */
size_t standin_requests(standin *s);                          /* so far */
size_t standin_faulted(standin *s);                           /* of those, not answered as they should be */

#endif
