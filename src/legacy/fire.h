/* fire: what the files of the firestore: source share. firestore.h says what it promises; firestore.c is its wire,
 * rest.c takes answers apart, fireread.c reads everything, fireverbs.c asks for single things and writes. */
#ifndef SHOWX_LEGACY_FIRE_H
#define SHOWX_LEGACY_FIRE_H

#include "legacy/firestore.h"
#include "legacy/parse.h"
#include "legacy/rest.h"
#include "legacy/wire.h"

typedef struct fire_met { /* how many documents of a collection id came */
    char *id;
    int64_t n;
} fire_met;

typedef struct fire {
    legacy port;
    wire *wire;
    char *label;      /* "shop/(default)" */
    char *prefix;     /* "projects/P/databases/D/documents" */
    char *root;       /* the same: the target of requests, percent-encoded */
    char *collection; /* one collection group; NULL: everything */
    char *from, *to;
    int64_t read_us; /* 0 until the first answer */
    size_t limit;    /* documents a page; smaller once they were too long */
    /* the page at hand */
    buf ask, body;
    rest_page page;
    size_t at;
    unsigned long long number; /* of the page, from 1 */
    char *cursor;              /* the last name that came; NULL at first */
    char *next_cursor;         /* of a page that is being looked at */
    legacy_damage lie;         /* what was wrong with a page that was asked for again */
    bool lied;
    bool ended, asked_ids;
    /* the document at hand */
    parse_head head; /* name owned */
    buf fields, pieces;
    bool held; /* a document was read, but a damage had to be told before it */
    /* the completeness check */
    fire_met *met;
    size_t n_met, cap_met, last_met, at_met;
    rest_texts ids;
    size_t at_id;
    unsigned calls;
} fire;

/* The port's get: by paths of this database. */
bool fire_get(legacy *l, const char *const *paths, size_t n,
              bool (*visit)(void *ctx, const legacy_document *d), void *ctx, stop *s, err *e);

/* Posts x->ask to the database's METHOD ("runQuery"). */
bool fire_post(fire *x, const char *method, wire_read read, void *ctx, bool writes, bool *ret_too_long,
               stop *s, err *e);

/* {"from":[...],"orderBy":[{__name__ ascending}]} for a collection group, or everything. Left open: the caller goes on
 * with members and closes. */
void fire_query(buf *to, const char *collection);
void fire_quote(buf *to, const char *key, const char *text); /* "key":"text" */
void fire_read_time(const fire *x, buf *to);                 /* ,"readTime":"..." where there is one */

/* Asks until there are no more pages; a token that comes twice is a lie (ERR_INPUT). begin writes the request up
 * to its members pageToken and the closing brace. */
typedef bool (*fire_list_read)(const char *body, size_t n, rest_texts *ret, rest_refusal *ret_refusal,
                               err *e);
bool fire_list(fire *x, const char *method, const char *request, fire_list_read read, rest_texts *ret,
               stop *s, err *e);
/* How many documents a collection group has as of the read time. */
bool fire_count(fire *x, const char *collection, int64_t *ret, stop *s, err *e);
bool fire_collections(fire *x, rest_texts *ret, stop *s, err *e); /* at the root */

#endif
