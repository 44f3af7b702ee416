/* json: a streaming writer. (Reading is jansson's, in the rooms that read.) Output is valid JSON whatever
 * goes in: strings are escaped, broken UTF-8 becomes U+FFFD, NaN and infinities become null. What does not
 * belong on a terminal (text_hidden) is written as \uXXXX: the same string, harmless when printed.
 * No name here may be one of jansson's (hence json_double and json_none): the linker would give its parser
 * ours. */
#ifndef SHOWX_BASE_JSON_H
#define SHOWX_BASE_JSON_H

#include "base/buf.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct json_out {
    buf *out;       /* borrowed; may be emptied between calls when it was written away */
    unsigned depth; /* any depth; items at depth 0 are separated by the caller (one a line) */
    bool comma;     /* whether the next item here needs one */
    bool after_key;
} json_out;

void json_init(json_out *j, buf *out);
void json_open(json_out *j, char bracket);  /* '{' or '[' */
void json_close(json_out *j, char bracket); /* '}' or ']' */
void json_key(json_out *j, const char *key);
void json_str(json_out *j, const char *s); /* NULL writes null */
void json_strn(json_out *j, const char *s, size_t n);
void json_int(json_out *j, int64_t v);
void json_double(json_out *j, double v); /* shortest form that reads back the same */
void json_bool(json_out *j, bool v);
void json_none(json_out *j);
void json_raw(json_out *j, const char *json);       /* already JSON; what text_hidden() names is escaped */
void json_quote(buf *out, const char *s, size_t n); /* one quoted string, by itself */

#endif
