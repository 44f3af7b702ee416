/* typed: writes Firestore's typed values canonically (document.h says how). Every source writes through here,
 * so that the same value is the same text wherever it came from. */
#ifndef SHOWX_LEGACY_TYPED_H
#define SHOWX_LEGACY_TYPED_H

#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void typed_null(buf *out);
void typed_bool(buf *out, bool v);
void typed_int(buf *out, int64_t v);
void typed_double(buf *out, double v);
void typed_time(buf *out, int64_t us); /* within typed_time_ok */
void typed_string(buf *out, const char *s, size_t n);
void typed_bytes(buf *out, const void *bytes, size_t n);
void typed_reference(buf *out, const char *name, size_t n);
void typed_geo(buf *out, double latitude, double longitude);

bool typed_time_ok(int64_t us);              /* the years 0001 to 9999 */
bool typed_text_ok(const char *s, size_t n); /* UTF-8 without NUL */

/* Maps and arrays: *mark is for the close, which writes the empty ones as they are written. */
void typed_open_map(buf *out, size_t *mark);
void typed_close_map(buf *out, size_t mark);
void typed_open_array(buf *out, size_t *mark);
void typed_close_array(buf *out, size_t mark);

/* Base64 either way: standard or URL-safe, padded or not, nothing else between. Appends the bytes. */
bool typed_base64(buf *out, const char *s, size_t n);

/* Field paths as Firestore writes them: a.b.`c d`, with [3] for an element. */
void typed_path_key(buf *path, const char *key, size_t n);
void typed_path_index(buf *path, size_t index);
void typed_path_cut(buf *path, size_t len);

#endif
