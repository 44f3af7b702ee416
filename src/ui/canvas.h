/* canvas: a screen as a grid of cells, without a terminal. Everything drawn goes through canvas_text, which
 * makes it safe (text_cell) and keeps it within its columns; so no screen can tear, whatever the data holds.
 * Styles are meanings ("bad", "title"); theme.c gives them their looks. */
#ifndef SHOWX_UI_CANVAS_H
#define SHOWX_UI_CANVAS_H

#include "base/text.h"
#include <stdbool.h>
#include <stddef.h>

typedef enum {
    STYLE_TEXT,
    STYLE_DIM,
    STYLE_TITLE,
    STYLE_ACCENT,
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_BAD,
    STYLE_INFO,
    STYLE_RULE,
    STYLE_BRAND,
    STYLE_PRODUCTION,
    STYLE_BAR,
    STYLE_PANEL,
    STYLES,
    STYLE_SELECTED = 0x40, /* may be added to any: the row under the cursor */
    STYLE_UNDER = 0x80,    /* underlined: the column under the cursor */
} style;

typedef enum {
    GLYPH_RULE,
    GLYPH_CRUMB,
    GLYPH_UP,
    GLYPH_DOWN,
    GLYPH_MARK,
    GLYPH_DOT,
    GLYPH_FULL,
    GLYPH_SHADE,
    GLYPH_ARROW,
    GLYPH_OPEN,
    GLYPH_CLOSED,
    GLYPH_MASK,
    GLYPH_SIDE,
    GLYPH_CORNER_NW,
    GLYPH_CORNER_NE,
    GLYPH_CORNER_SW,
    GLYPH_CORNER_SE,
    GLYPH_PIN,
    GLYPHS,
} glyph;

enum { CELL_BYTES = 28 };

typedef struct canvas_cell {
    char text[CELL_BYTES]; /* one grapheme, "" = a blank, or the right half of a wide one */
    unsigned char columns; /* 1, 2; 0 = right half */
    unsigned char style;
} canvas_cell;

typedef struct canvas {
    int width, height;
    canvas_cell *cells;
    int y0, x0, y1, x1; /* drawing outside is dropped */
    bool ascii;
    int cursor_y, cursor_x; /* -1 = none */
    buf scratch;
} canvas;

typedef struct area {
    int y, x, height, width;
} area;

void canvas_init(canvas *c, int height, int width, bool ascii);
void canvas_done(canvas *c);
void canvas_clear(canvas *c);
void canvas_clip(canvas *c, area a); /* an area of no height and width: the whole canvas */
/* Writes s from (y, x) in at most `width` columns; a cut ends in an ellipsis. Returns the columns used. */
int canvas_text(canvas *c, int y, int x, int width, int style, const char *s);
int canvas_textn(canvas *c, int y, int x, int width, int style, const char *s, size_t n);
/* Exactly `width` columns, padded. */
void canvas_fit(canvas *c, int y, int x, int width, int style, text_align align, const char *s);
void canvas_fill(canvas *c, area a, int style, const char *grapheme);
void canvas_add_style(canvas *c, area a, int flag);
/* A cleared box with a border and a title, for panels over a screen; returns its inside. */
area canvas_box(canvas *c, area a, int style, const char *title);
const char *canvas_glyph(const canvas *c, glyph g);
const char *canvas_spinner(const canvas *c, long frame);
/* Text broken at spaces into at most `most` lines of `width` columns. Returns the lines drawn. */
int canvas_wrap(canvas *c, int y, int x, int width, int most, int style, const char *s);
/* One line as text with trailing spaces cut, for tests. The caller frees it. */
char *canvas_line(const canvas *c, int y);

#endif
