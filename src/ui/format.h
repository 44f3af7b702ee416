/* format: a cell as people read it, by its column's type: money with its currency, counts grouped, "3 d ago",
 * badges with a word and a colour, bars. Pure; what comes out still goes through canvas_text. */
#ifndef SHOWX_UI_FORMAT_H
#define SHOWX_UI_FORMAT_H

#include "base/text.h"
#include "catalog/catalog.h"
#include "store/store.h"
#include "ui/canvas.h"

typedef struct formatted {
    buf text;
    int style;
    text_align align;
} formatted;

typedef struct format_options {
    bool ascii, reveal;
    bool narrow; /* a column of its own width, not a field of a detail */
    int columns; /* for bars and sparks */
} format_options;

/* ret->text must be initialised; it is cleared first. column -1 = the result has no such column. */
void format_cell(const view_column *c, const rowset *rows, size_t row, const format_options *o,
                 formatted *ret);
bool format_right(column_type t);
void format_grouped(int64_t n, buf *out); /* 12,345 */
void format_short(int64_t n, buf *out);   /* 9.8M */
/* Enough of a personal datum to tell two people apart, not enough to write to them. */
void format_masked(const char *s, size_t n, bool ascii, buf *out);

#endif
