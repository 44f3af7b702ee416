/* rest: what a Firestore server answers (REST v1), taken apart. Pure: text in, pieces of that text out.
 *
 * A page is good as a whole or not at all: a body that ends in the middle, or is not what was asked for, gives
 * no piece of itself. The documents in it are only found here, by their brackets; whether each is a document
 * is for parse.h, so that one with a broken value costs itself and not its page. */
#ifndef SHOWX_LEGACY_REST_H
#define SHOWX_LEGACY_REST_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    REST_QUERY, /* runQuery:  [{"document":{...},"readTime":...}, ...] */
    REST_BATCH, /* batchGet:  [{"found":{...}} or {"missing":NAME}, ...] */
} rest_kind;

typedef struct rest_piece {
    size_t at, n; /* in the body: an object, or a missing document's name, a JSON string */
    bool missing;
} rest_piece;

typedef struct rest_page {
    rest_piece *pieces;
    size_t n, cap;
    int64_t read_us; /* the time that was read at; 0 = not said */
} rest_page;
void rest_page_done(rest_page *p);

/* The server's own error, wherever in the body it stood: code 0 = there was none. */
typedef struct rest_refusal {
    int code;        /* as HTTP's: 404, 429 ... */
    char status[40]; /* "NOT_FOUND" */
    char message[300];
} rest_refusal;

/* Reads a whole page; ret is cleared first and keeps its memory. False: *ret_refusal says what the server
 * said, or its code is 0 and e says where the body is broken. */
bool rest_page_read(rest_kind kind, const char *body, size_t n, rest_page *ret, rest_refusal *ret_refusal,
                    err *e);

/* The name of a document, found even where its fields are broken; NULL when there is none. The caller frees. */
char *rest_name(const char *document, size_t n);

/* A list of texts with a token for more of them: {"collectionIds":["a","b"],"nextPageToken":"t"} or
 * {"partitions":[{"values":[{"referenceValue":NAME}]}], ...}. They are added to ret. */
typedef struct rest_texts {
    char **texts;
    size_t n, cap;
    char *token; /* of the last answer that was read; NULL = no more */
} rest_texts;
void rest_texts_done(rest_texts *t);
bool rest_collections_read(const char *body, size_t n, rest_texts *ret, rest_refusal *ret_refusal, err *e);
bool rest_partitions_read(const char *body, size_t n, rest_texts *ret, rest_refusal *ret_refusal, err *e);

/* runAggregationQuery with one count. */
bool rest_count_read(const char *body, size_t n, int64_t *ret, rest_refusal *ret_refusal, err *e);
/* commit: the update times of its writes, in their order; ret has room for `writes` of them, 0 = not said. */
bool rest_commit_read(const char *body, size_t n, int64_t *ret, size_t writes, rest_refusal *ret_refusal,
                      err *e);
/* The body of an answer that HTTP calls an error; false when it says nothing of itself. */
bool rest_refusal_read(const char *body, size_t n, rest_refusal *ret);

/* Firestore's order of names: segment by segment, __id7__ by number before all others, the rest by bytes. */
int rest_compare_names(const char *a, const char *b);

#endif
