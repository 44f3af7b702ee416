/* document: the value model. Reads Firestore's typed JSON (REST v1) strictly and writes it canonically.
 *
 * Canonical: keys in the order met; integerValue a string; doubleValue a number in shortest form or "NaN",
 * "Infinity", "-Infinity"; timestampValue in UTC with Z and 0, 3 or 6 digits; bytesValue standard padded
 * base64; empty array {"arrayValue":{}}, empty map {"mapValue":{}}; both geo point members present.
 * Refused with a sentence naming the field path: duplicate keys, unknown value keys, more or less than one
 * key in a value, an array directly in an array, more than 20 levels + slack, invalid UTF-8, NUL or a lone surrogate. */
#ifndef SHOWX_LEGACY_DOCUMENT_H
#define SHOWX_LEGACY_DOCUMENT_H

#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

#define DOCUMENT_MAX_DEPTH 32
#define DOCUMENT_MAX_BYTES (1u << 20)

/* Splits "projects/P/databases/D/documents/a/b/c/d" or a bare path; fills prefix, path, collection, parent, id as
 * NUL-terminated pieces appended to `store` (offsets stay valid until it grows: so it reserves first). */
typedef struct document_name {
    const char *prefix, *path, *collection, *parent, *id;
} document_name;
bool document_split(const char *name, buf *store, document_name *ret, err *e);

/* Canonicalises a REST document object {"name","fields","createTime","updateTime"}. fields_out is cleared first. */
typedef struct document_head {
    char *name; /* the caller's to free() */
    int64_t create_us, update_us;
} document_head;
bool document_parse(const char *json, size_t n, document_head *ret, buf *fields_out, err *e);
/* The same for a bare fields object. */
bool document_parse_fields(const char *json, size_t n, buf *fields_out, err *e);

/* Walks canonical fields for display: one call a node, depth first, in order. type is "string", "integer", ...; value is
 * plain text ("" for map and array, with count the number of members). */
typedef struct document_node {
    const char *key; /* member name or "[3]" */
    const char *type;
    const char *value;
    size_t count;
    unsigned depth;
    const char *path; /* full field path, back-quoted where needed */
} document_node;
bool document_walk(const char *fields, size_t n, bool (*visit)(void *ctx, const document_node *node),
                   void *ctx, err *e);

#endif
