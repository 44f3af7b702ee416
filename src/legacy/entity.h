/* entity: one record of an export, a Datastore EntityProto (proto2 with groups), becomes a document. Bounded:
 * maps DOCUMENT_MAX_DEPTH deep, groups PB_MAX_GROUPS deep, memory a small multiple of the record's.
 *
 * Strict where a guess could change a value: a value of a kind or meaning that is not known, two values in
 * one, a map with a key of its own, a record in a namespace, a name twice: each refuses the record with a
 * sentence. */
#ifndef SHOWX_LEGACY_ENTITY_H
#define SHOWX_LEGACY_ENTITY_H

#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

/* name becomes "projects/P/databases/D/documents/PATH", fields canonical typed JSON; both are cleared first.
 * On failure *ret_code is "bad_record" (not an EntityProto), "bad_key" or "bad_value"; name holds what was
 * read of it. */
bool entity_decode(const void *record, size_t n, buf *name, buf *fields, const char **ret_code, err *e);

#endif
