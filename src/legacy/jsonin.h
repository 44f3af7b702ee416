/* jsonin: pulls JSON apart in place, strictly (RFC 8259). Not jansson, because a typed document needs what
 * its tree has lost: where it was when something is wrong, 1e20 written without exponent, the sign of -0, and
 * 64-bit integers beside doubles. It allocates only to unescape; nothing it hands out outlives the next call.
 */
#ifndef SHOWX_LEGACY_JSONIN_H
#define SHOWX_LEGACY_JSONIN_H

#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSONIN_MAX_DEPTH 128 /* of what is skipped */
#define JSONIN_PASS_DEPTH 512

typedef struct jsonin {
    const char *start, *p, *end;
    buf text;        /* the last unescaped string */
    const char *why; /* static; what was wrong, once something returned false */
} jsonin;

typedef struct jsonin_text {
    const char *s; /* not terminated */
    size_t n;
} jsonin_text;

void jsonin_init(jsonin *j, const char *s, size_t n); /* s is borrowed */
void jsonin_done(jsonin *j);
void jsonin_again(jsonin *j, const char *s, size_t n); /* the same with other text, keeping its memory */

char jsonin_peek(jsonin *j);         /* the next character that is not space; 0 at the end */
bool jsonin_take(jsonin *j, char c); /* takes it when it is c; no mistake when it is not */
bool jsonin_need(jsonin *j, char c); /* a mistake when it is not */
bool jsonin_word(jsonin *j, const char *word);
/* Valid UTF-8 without NUL and lone surrogates, or a mistake. */
bool jsonin_string(jsonin *j, jsonin_text *ret);
bool jsonin_number(jsonin *j, jsonin_text *ret, bool *ret_whole); /* whole: digits and a sign only */
bool jsonin_skip(jsonin *j);
/* Past a value by its brackets and quotes alone, whatever is in them; ret (may be NULL) is where it lies. So what is
 * wrong inside is found by whoever reads it, and costs nothing of what stands beside it. */
bool jsonin_pass(jsonin *j, jsonin_text *ret);
bool jsonin_end(jsonin *j); /* a mistake when more follows */
size_t jsonin_at(const jsonin *j);

/* Over the members of an object: `for (bool first = true; jsonin_member(j, &first, &key);)` after the '{' was
 * taken; ends with true in *first's place never: check j->why behind the loop. Likewise the elements of an
 * array. */
bool jsonin_member(jsonin *j, bool *first, jsonin_text *ret_key);
bool jsonin_element(jsonin *j, bool *first);

bool jsonin_is(jsonin_text t, const char *word);
bool jsonin_int(jsonin_text t, int64_t *ret);   /* all of it, decimal, within 64 bits */
bool jsonin_double(jsonin_text t, double *ret); /* all of it; false beyond the range of a double */

#endif
