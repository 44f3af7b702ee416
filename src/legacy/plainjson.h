/* plainjson: one document of a node-firestore-import-export file: plain JSON in, canonical typed fields out. */
#ifndef SHOWX_LEGACY_PLAINJSON_H
#define SHOWX_LEGACY_PLAINJSON_H

#include "base/buf.h"
#include "base/err.h"
#include "legacy/jsonin.h"
#include <stdbool.h>

extern const char plainjson_collections[]; /* "__collections__": no field, but what lies below */

/* text is an object. fields is cleared first. *ret_below is where the value of __collections__ lies in text, n 0 when
 * it has none; *ret_members how many fields there are. prefix makes references whole. *ret_code as parse.h. */
bool plainjson_fields(jsonin_text text, const char *prefix, buf *fields, jsonin_text *ret_below,
                      size_t *ret_members, const char **ret_code, err *e);

#endif
