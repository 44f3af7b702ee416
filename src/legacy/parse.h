/* parse: typed JSON in any allowed spelling in, canonical typed JSON out, in one pass. The room's inside of
 * document.h's parsers; file.c needs the members of a change beside them. */
#ifndef SHOWX_LEGACY_PARSE_H
#define SHOWX_LEGACY_PARSE_H

#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { PARSE_DOCUMENT, PARSE_CHANGE } parse_kind;

typedef struct parse_head {
    char *name; /* the caller's to free() */
    int64_t create_us, update_us;
    int64_t seq;  /* of a change */
    bool deleted; /* a change with op "delete" */
} parse_head;

/* fields is cleared first, and "{}" where there are none. On failure *ret_code is a damage's word: "bad_json"
 * (not JSON), "bad_value" (not a typed value), "bad_document" (around the fields); e names the field. */
bool parse_document(const char *json, size_t n, parse_kind kind, parse_head *ret, buf *fields,
                    const char **ret_code, err *e);
bool parse_fields(const char *json, size_t n, buf *fields, const char **ret_code, err *e);

#endif
