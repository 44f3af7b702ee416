/* json: a streaming writer. (Reading is jansson's, in the rooms that read.) Output is valid JSON whatever
 * goes in: strings are escaped, broken UTF-8 becomes U+FFFD, NaN and infinities become null. */
#ifndef SHOWX_BASE_JSON_H
#define SHOWX_BASE_JSON_H

#include "base/buf.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct json_out {
    buf *out;           /* borrowed */
    unsigned depth;
    bool comma[64];     /* whether the next item at this depth needs one */
    bool after_key;
} json_out;

void json_init(json_out *j, buf *out);
void json_open(json_out *j, char bracket);          /* '{' or '[' */
void json_close(json_out *j, char bracket);         /* '}' or ']' */
void json_key(json_out *j, const char *key);
void json_str(json_out *j, const char *s);          /* NULL writes null */
void json_strn(json_out *j, const char *s, size_t n);
void json_int(json_out *j, int64_t v);
void json_real(json_out *j, double v);              /* shortest form that reads back the same */
void json_bool(json_out *j, bool v);
void json_null(json_out *j);
void json_raw(json_out *j, const char *json);       /* already JSON */
void json_quote(buf *out, const char *s, size_t n); /* one quoted string, by itself */

#endif
