#include "ui/canvas.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *utf8, *ascii;
} glyphs[GLYPHS] = {
    [GLYPH_RULE] = {"─", "-"},      [GLYPH_CRUMB] = {"›", ">"},     [GLYPH_UP] = {"▲", "^"},
    [GLYPH_DOWN] = {"▼", "v"},      [GLYPH_MARK] = {"●", "*"},      [GLYPH_DOT] = {"·", "."},
    [GLYPH_FULL] = {"█", "#"},      [GLYPH_SHADE] = {"░", "."},     [GLYPH_ARROW] = {"→", "->"},
    [GLYPH_OPEN] = {"▾", "-"},      [GLYPH_CLOSED] = {"▸", "+"},    [GLYPH_MASK] = {"•", "*"},
    [GLYPH_SIDE] = {"│", "|"},      [GLYPH_CORNER_NW] = {"┌", "+"}, [GLYPH_CORNER_NE] = {"┐", "+"},
    [GLYPH_CORNER_SW] = {"└", "+"}, [GLYPH_CORNER_SE] = {"┘", "+"}, [GLYPH_PIN] = {"◆", "@"},
};

const char *canvas_glyph(const canvas *c, glyph g)
{
    return c->ascii ? glyphs[g].ascii : glyphs[g].utf8;
}

const char *canvas_spinner(const canvas *c, long frame)
{
    static const char *const braille[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    static const char *const plain[] = {"|", "/", "-", "\\"};
    return c->ascii ? plain[frame % 4] : braille[frame % 10];
}

void canvas_init(canvas *c, int height, int width, bool ascii)
{
    *c = (canvas){.width = width, .height = height, .ascii = ascii};
    c->cells = mem_new((size_t)height * (size_t)width + 1, sizeof *c->cells);
    buf_init(&c->scratch);
    canvas_clear(c);
}

void canvas_done(canvas *c)
{
    free(c->cells);
    buf_done(&c->scratch);
    c->cells = NULL;
}

void canvas_clip(canvas *c, area a)
{
    bool all = a.height <= 0 && a.width <= 0;
    c->y0 = all || a.y < 0 ? 0 : a.y;
    c->x0 = all || a.x < 0 ? 0 : a.x;
    c->y1 = all || a.y + a.height > c->height ? c->height : a.y + a.height;
    c->x1 = all || a.x + a.width > c->width ? c->width : a.x + a.width;
}

void canvas_clear(canvas *c)
{
    size_t n = (size_t)c->height * (size_t)c->width;
    for (size_t i = 0; i < n; i++) {
        c->cells[i].text[0] = 0;
        c->cells[i].columns = 1;
        c->cells[i].style = STYLE_TEXT;
    }
    c->cursor_y = c->cursor_x = -1;
    canvas_clip(c, (area){0});
}

static canvas_cell *cell_at(canvas *c, int y, int x)
{
    return c->cells + (size_t)y * (size_t)c->width + (size_t)x;
}

/* A wide grapheme of which one half is overwritten leaves a blank in the other. */
static void blank(canvas *c, int y, int x)
{
    canvas_cell *cell = cell_at(c, y, x);
    if (cell->columns == 0 && x > 0) {
        canvas_cell *left = cell_at(c, y, x - 1);
        left->text[0] = 0;
        left->columns = 1;
    } else if (cell->columns == 2 && x + 1 < c->width) {
        canvas_cell *right = cell_at(c, y, x + 1);
        right->text[0] = 0;
        right->columns = 1;
    }
    cell->text[0] = 0;
    cell->columns = 1;
}

static void put(canvas *c, int y, int x, int st, const char *s, size_t n, int columns)
{
    if (y < c->y0 || y >= c->y1 || x < c->x0 || x + columns > c->x1)
        return;
    for (int i = 0; i < columns; i++) {
        blank(c, y, x + i);
        cell_at(c, y, x + i)->style = (unsigned char)st;
    }
    canvas_cell *cell = cell_at(c, y, x);
    if (n >= CELL_BYTES) /* too many marks for a cell: whole code points that fit */
        for (n = CELL_BYTES - 1; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80;)
            n--;
    memcpy(cell->text, s, n);
    cell->text[n] = 0;
    cell->columns = (unsigned char)columns;
    if (columns == 2)
        cell_at(c, y, x + 1)->columns = 0;
}

/* Sanitised text, already cut to fit. */
static int put_line(canvas *c, int y, int x, int st, const char *s, size_t n)
{
    int at = x;
    for (size_t i = 0; i < n;) {
        int columns;
        size_t k = text_grapheme(s + i, n - i, &columns);
        if (columns > 0) {
            if (columns > 2)
                columns = 2;
            put(c, y, at, st, s + i, k, columns);
            at += columns;
        }
        i += k;
    }
    return at - x;
}

int canvas_textn(canvas *c, int y, int x, int width, int st, const char *s, size_t n)
{
    if (width <= 0 || y < c->y0 || y >= c->y1)
        return 0;
    /* What cannot be seen need not be made safe: a cell of a megabyte costs no more than its first columns.
     */
    size_t most = (size_t)width * 64 + 64;
    bool cut = n > most;
    buf safe;
    buf_init(&safe);
    text_cell(&safe, s, cut ? most : n, c->ascii);
    size_t columns = text_width(safe.data, safe.len);
    if (columns > (size_t)width) {
        buf_clear(&c->scratch);
        text_fit(&c->scratch, safe.data, safe.len, (size_t)width, TEXT_LEFT, c->ascii);
        columns = (size_t)put_line(c, y, x, st, c->scratch.data, c->scratch.len);
    } else {
        columns = (size_t)put_line(c, y, x, st, safe.data, safe.len);
    }
    buf_done(&safe);
    return (int)columns;
}

int canvas_text(canvas *c, int y, int x, int width, int st, const char *s)
{
    return s ? canvas_textn(c, y, x, width, st, s, strlen(s)) : 0;
}

void canvas_fit(canvas *c, int y, int x, int width, int st, text_align align, const char *s)
{
    if (width <= 0)
        return;
    canvas_fill(c, (area){y, x, 1, width}, st, " ");
    if (align == TEXT_RIGHT) {
        buf safe;
        buf_init(&safe);
        text_cell(&safe, s, strlen(s), c->ascii);
        size_t columns = text_width(safe.data, safe.len);
        buf_done(&safe);
        if (columns < (size_t)width) {
            canvas_text(c, y, x + width - (int)columns, (int)columns, st, s);
            return;
        }
    }
    canvas_text(c, y, x, width, st, s);
}

void canvas_fill(canvas *c, area a, int st, const char *grapheme)
{
    const char *g = strcmp(grapheme, " ") == 0 ? "" : grapheme;
    for (int y = a.y; y < a.y + a.height; y++)
        for (int x = a.x; x < a.x + a.width; x++)
            put(c, y, x, st, g, strlen(g), 1);
}

void canvas_add_style(canvas *c, area a, int flag)
{
    for (int y = a.y; y < a.y + a.height; y++)
        for (int x = a.x; x < a.x + a.width; x++)
            if (y >= c->y0 && y < c->y1 && x >= c->x0 && x < c->x1)
                cell_at(c, y, x)->style |= (unsigned char)flag;
}

area canvas_box(canvas *c, area a, int st, const char *title)
{
    if (a.height < 3 || a.width < 4) {
        canvas_fill(c, a, STYLE_PANEL, " ");
        return a;
    }
    int y1 = a.y + a.height - 1, x1 = a.x + a.width - 1;
    canvas_fill(c, a, STYLE_PANEL, " ");
    canvas_fill(c, (area){a.y, a.x, 1, a.width}, st, canvas_glyph(c, GLYPH_RULE));
    canvas_fill(c, (area){y1, a.x, 1, a.width}, st, canvas_glyph(c, GLYPH_RULE));
    canvas_fill(c, (area){a.y, a.x, a.height, 1}, st, canvas_glyph(c, GLYPH_SIDE));
    canvas_fill(c, (area){a.y, x1, a.height, 1}, st, canvas_glyph(c, GLYPH_SIDE));
    canvas_text(c, a.y, a.x, 1, st, canvas_glyph(c, GLYPH_CORNER_NW));
    canvas_text(c, a.y, x1, 1, st, canvas_glyph(c, GLYPH_CORNER_NE));
    canvas_text(c, y1, a.x, 1, st, canvas_glyph(c, GLYPH_CORNER_SW));
    canvas_text(c, y1, x1, 1, st, canvas_glyph(c, GLYPH_CORNER_SE));
    if (title && a.width > 8) {
        int used = canvas_text(c, a.y, a.x + 3, a.width - 6, STYLE_TITLE, title);
        canvas_text(c, a.y, a.x + 2, 1, st, " ");
        canvas_text(c, a.y, a.x + 3 + used, 1, st, " ");
    }
    return (area){a.y + 1, a.x + 2, a.height - 2, a.width - 4};
}

int canvas_wrap(canvas *c, int y, int x, int width, int most, int st, const char *s)
{
    size_t n = strlen(s), at = 0;
    int lines = 0;
    while (at < n && lines < most && width > 0) {
        size_t end = at, cut = at;
        int columns = 0, wide;
        while (end < n && s[end] != '\n') {
            size_t k = text_grapheme(s + end, n - end, &wide);
            if (columns + wide > width)
                break;
            if (s[end] == ' ')
                cut = end;
            columns += wide;
            end += k;
        }
        bool whole = end == n || s[end] == '\n' || s[end] == ' ';
        size_t stop = whole || cut == at ? end : cut;
        if (lines == most - 1)
            stop = n; /* the last line is cut with an ellipsis */
        canvas_textn(c, y + lines++, x, width, st, s + at, stop - at);
        at = stop == at ? at + 1 : stop;
        while (at < n && (s[at] == ' ' || (s[at] == '\n' && at == stop)))
            at++;
    }
    return lines;
}

char *canvas_line(const canvas *c, int y)
{
    buf b;
    buf_init(&b);
    for (int x = 0; x < c->width; x++) {
        const canvas_cell *cell = c->cells + (size_t)y * (size_t)c->width + (size_t)x;
        if (cell->columns)
            buf_str(&b, cell->text[0] ? cell->text : " ");
    }
    while (b.len && b.data[b.len - 1] == ' ')
        b.data[--b.len] = 0;
    return buf_take(&b);
}
