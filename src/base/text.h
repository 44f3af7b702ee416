/* text: UTF-8, columns, graphemes, folding, and the one door to the terminal.
 *
 * Everything that came from data, a server, a file or an error goes through text_cell() before it
 * reaches a terminal: no control character, no bidirectional override, zero-width or tag character
 * passes. Widths are terminal columns by Unicode (utf8proc), grapheme by grapheme. */
#ifndef SHOWX_BASE_TEXT_H
#define SHOWX_BASE_TEXT_H

#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads one code point at s (n bytes left, n > 0). Returns the bytes it took (>= 1); *ret_cp is
 * 0xFFFD for a broken sequence, which takes its maximal invalid prefix. */
size_t text_decode(const char *s, size_t n, uint32_t *ret_cp);
size_t text_encode(uint32_t cp, char out[4]); /* bytes written */
/* Copies s into a fixed array of `size` bytes (> 0), terminated, cut between two characters. */
void text_copy(char *out, size_t size, const char *s);
bool text_valid(const char *s, size_t n); /* strict UTF-8: no overlong, surrogate, > 10FFFF */

/* Appends s made safe for one line of a terminal or a log: controls (CR, LF and TAB included, as a
 * space), escapes, C1, bidi controls, zero-width, tags, soft hyphens, private use, non-characters and
 * broken bytes become a visible mark (U+FFFD; one space for CR, LF, TAB). Combining marks stay with
 * their base, at most 8 a grapheme; ZWJ inside an emoji sequence stays. ascii = true writes '?' for all
 * beyond ASCII that cannot be transliterated (non-UTF-8 locale). */
void text_cell(buf *out, const char *s, size_t n, bool ascii);

/* True for a code point that text_cell never passes by itself: controls, format characters, what is
 * invisible by definition, private use, unassigned, non-characters and surrogates. */
bool text_hidden(uint32_t cp);

size_t text_width(const char *s, size_t n); /* columns of sanitised text */

/* Bytes of the next grapheme cluster (>= 1 when n > 0) and its columns. */
size_t text_grapheme(const char *s, size_t n, int *ret_columns);

/* Appends s cut or padded to exactly `columns` columns; a cut ends in `…` ("." when ascii). Never
 * splits a grapheme; a wide grapheme that does not fit is replaced by spaces. */
typedef enum { TEXT_LEFT, TEXT_RIGHT } text_align;
void text_fit(buf *out, const char *s, size_t n, size_t columns, text_align align, bool ascii);

/* The search key: lower case, NFKD without marks, ß=ss æ=ae ø=o ł=l đ=d þ=th ı=i, apostrophes dropped, every
 * other run of punctuation and space one space, trimmed. The same text as showx.fold() in the schema:
 * tests/ compares them. */
void text_fold(buf *out, const char *s, size_t n);

/* Edit distance with transpositions (optimal string alignment) over code points; gives up above max
 * and returns max + 1. For "did you mean". */
size_t text_distance(const char *a, const char *b, size_t max);

/* The candidate nearest to word within 2 typos or sharing a prefix, or NULL. Borrowed from candidates. */
const char *text_nearest(const char *word, const char *const *candidates, size_t n);

#endif
