/* event: one trigger event of Firestore, in any form in which it is told, becomes what happened to one document.
 *
 *   1st generation   JSON: data{value,oldValue,updateMask}, eventId, eventType, resource (or these under context)
 *   2nd generation   a CloudEvent: structured JSON with data or data_base64, or CloudEvents' own protobuf; and the bare
 *                    DocumentEventData protobuf, the body of an HTTP request in binary mode, which has no id
 *
 * Pure and bounded: nothing is read beyond the bytes given, maps DOCUMENT_MAX_DEPTH deep, memory a small multiple of the event's.
 * Strict where a guess could change a value, as every source of this room. The old document counts for a delete alone: of
 * it only name and update time are looked at, so that what was wrong with what is gone holds up nothing. */
#ifndef SHOWX_LEGACY_EVENT_H
#define SHOWX_LEGACY_EVENT_H

#include "base/buf.h"
#include "base/err.h"
#include "legacy/document.h"
#include <stdbool.h>
#include <stdint.h>

/* An event with a whole document of 1 MiB twice, spelled out in JSON with escapes, or in base64. */
#define EVENT_MAX_BYTES (64u << 20)

typedef enum { EVENT_CREATE, EVENT_UPDATE, EVENT_DELETE } event_kind;

typedef struct event {
    event_kind kind;
    document_name name;                          /* pieces are borrowed from `pieces` */
    bool has_fields;                             /* false: the event does not carry the document (rule 3) */
    buf fields;                                  /* canonical typed JSON, "{}" without a document */
    int64_t create_us, update_us, old_update_us; /* 0 = not told */
    buf id;                                      /* "" = none */
    buf pieces;
} event;

void event_init(event *ev);
void event_done(event *ev);

/* Decodes one event; the form is told by its first bytes. ret keeps its memory between calls and is undefined after a
 * failure, when *ret_code (static) is "bad_json", "bad_protobuf", "bad_value", "bad_document", "bad_key" or "bad_event", and e
 * says what is wrong and where in the event. */
bool event_decode(const void *bytes, size_t n, event *ret, const char **ret_code, err *e);

#endif
