/* doc: one document being written, as Firestore's typed JSON, member by member, by hand: no tree, no
 * allocation.
 *
 * A document carries the mess planned for it (`plan`) and what was in fact written (`kinds`): doc_take() asks
 * for a planned kind and notes it, so that nothing is counted that is not there. Keys are plain words; values
 * may be any UTF-8. */
#ifndef SHOWX_DEMO_DOC_H
#define SHOWX_DEMO_DOC_H

#include "base/buf.h"
#include "base/rng.h"
#include "demo/mess.h"
#include "demo/places.h"
#include <stdbool.h>
#include <stdint.h>

#define DOC_PREFIX "projects/showx-demo/databases/(default)/documents"

typedef enum { ERA_A, ERA_B, ERA_C } doc_era;

typedef struct doc {
    buf *out; /* borrowed */
    const places *places;
    uint64_t plan, kinds; /* bit = mess_id - first of the model */
    mess_id first;
    doc_era era;
    int64_t created_us;
    rng r; /* the document's own: the same for all its versions */
} doc;

bool doc_has(const doc *d, mess_id kind); /* planned */
bool doc_take(doc *d, mess_id kind);      /* planned; then it counts as written */
void doc_note(doc *d, mess_id kind);      /* written, planned or not */

/* key NULL: a member of an array. */
void doc_s(doc *d, const char *key, const char *value);
void doc_i(doc *d, const char *key, int64_t value);
void doc_decimal(doc *d, const char *key, int64_t value, unsigned digits); /* doubleValue value / 10^digits */
void doc_b(doc *d, const char *key, bool value);
void doc_t(doc *d, const char *key, int64_t us);
void doc_r(doc *d, const char *key, const char *path);         /* path: "fans/ID" */
void doc_g(doc *d, const char *key, int32_t lat, int32_t lng); /* 1/100,000 degree */
void doc_null(doc *d, const char *key);
void doc_map(doc *d, const char *key);
void doc_map_end(doc *d);
void doc_array(doc *d, const char *key);
void doc_array_end(doc *d);

/* Numbers as text: "1,234,567"; "12.5" for 12500 with 3 digits, no zeros behind. */
void text_grouped(int64_t v, char out[32]);
void text_decimal(int64_t v, unsigned digits, bool keep_zeros, char out[32]);
/* "2026-11-22T20:00:00Z", with .dddddd when not whole seconds. */
void text_instant(int64_t us, char out[32]);
void text_date(int32_t day, char out[16]);       /* 2026-11-22 */
void text_slash_date(int32_t day, char out[16]); /* 11/22/2026 */

#endif
