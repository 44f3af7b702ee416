/* read: what the program printed, read by somebody else's JSON and by a CSV reader written from RFC 4180
 * alone. A line or a field that does not read fails the test. */
#ifndef SHOWX_E2E_READ_H
#define SHOWX_E2E_READ_H

#include "e2e/drive.h"
#include <jansson.h>

/* One object a line, as an array; the caller's to json_decref(). */
json_t *read_json_lines(const char *text, size_t n);
const char *str_of(const json_t *object, const char *key); /* "" for null and missing */
int64_t int_of(const json_t *object, const char *key);

/* rows x fields; kept until drive_forget. Every row must have as many fields as the first. */
typedef struct csv {
    char **cells;
    size_t rows, columns; /* the heading is row 0 */
} csv;
csv read_csv(const char *text, size_t n);
const char *csv_cell(const csv *c, size_t row, const char *column);

/* Fails unless every line of text is valid UTF-8 and holds nothing that text_cell() would have taken out. */
void assert_harmless(const char *text, size_t n, const char *what);
size_t count_lines(const char *text);

#endif
