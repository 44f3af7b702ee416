#include "ui/table.h"
#include "ui/format.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, GUTTER = 2, SHORT_TITLE = 8, LONGER_TITLE = 6, FIRST_KEEPS = 2 };

/* With room for the arrow where it will often stand. */
static int title_of(const view_column *c)
{
    return (int)text_width(c->title, strlen(c->title)) + (c->indexed ? 2 : 0);
}

/* How wide the column would like to be: as its widest cell, within its bounds, where cells are known. An amount has no upper
 * bound: one without its currency, or its last digits, is a wrong one. */
static int wanted(const view_column *c, const int *natural, size_t i)
{
    int most = c->width_max, title = title_of(c);
    if (natural && natural[i] >= 0) {
        most = natural[i] < c->width_max || c->type == COL_MONEY ? natural[i] : c->width_max;
        if (most < title)
            most = title <= c->width_max + LONGER_TITLE ? title : c->width_max;
    }
    return most > 0 ? most : 1;
}

/* A name may be cut, down to a point; a date, an amount or a state would tell something else, and stays away instead. */
static int least(const view_column *c, const int *natural, size_t i)
{
    int most = wanted(c, natural, i), title = title_of(c), w = c->width_min > 0 ? c->width_min : 1;
    if (natural &&
        (c->type == COL_MONEY || c->type == COL_DATE || c->type == COL_TIME || c->type == COL_BADGE))
        return most;
    w = w < most ? w : most;
    return title > w && (title <= c->width_max || title <= SHORT_TITLE) ? title : w;
}

static int title_width(const view_column *c, const int *natural, size_t i)
{
    int title = title_of(c), most = c->width_max + LONGER_TITLE;
    (void)natural;
    (void)i;
    return title < most ? title : most;
}

/* Widens the columns by turns, those of keep up to `keep`. */
static void grow(const view *v, const int *natural, table_column *cols, size_t n, int keep,
                 int (*until)(const view_column *, const int *, size_t), int *left)
{
    for (bool grew = true; grew && *left > 0;) {
        grew = false;
        for (size_t i = 0; i<n && * left> 0; i++) {
            const view_column *c = v->columns + cols[i].index;
            if (c->keep <= keep && cols[i].width < until(c, natural, cols[i].index)) {
                cols[i].width++;
                --*left;
                grew = true;
            }
        }
    }
}

/* A list narrowed by artist_id need not say the artist on every row. */
static bool said_already(const view_column *c, const values *narrowed)
{
    char param[80];
    snprintf(param, sizeof param, "%.70s_id", c->name);
    return narrowed && values_get(narrowed, param);
}

static int by_index(const void *a, const void *b)
{
    const table_column *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

size_t table_fit(const view *v, const values *narrowed, const int *natural, int width,
                 table_column ret[TABLE_COLUMNS])
{
    size_t count = v->ncolumns < TABLE_COLUMNS ? v->ncolumns : TABLE_COLUMNS, n = 0;
    int left = width - GUTTER;
    for (int keep = 1; keep <= 9; keep++) {
        for (size_t i = 0; i < count; i++) {
            int need = least(v->columns + i, natural, i) + (n ? GAP : 0);
            if (v->columns[i].keep != keep || (need > left && n) || said_already(v->columns + i, narrowed))
                continue;
            ret[n] = (table_column){i, 0, need - (n ? GAP : 0)};
            n++;
            left -= need;
        }
        if (keep == FIRST_KEEPS) /* what a row is about is read whole before there is more of it */
            grow(v, natural, ret, n, keep, wanted, &left);
    }
    qsort(ret, n, sizeof *ret, by_index);
    grow(v, natural, ret, n, 9, title_width, &left); /* a title is read before the longest cell is */
    grow(v, natural, ret, n, 9, wanted, &left);
    int x = GUTTER;
    for (size_t i = 0; i < n; i++) {
        ret[i].x = x;
        if (x + ret[i].width > width)
            ret[i].width = width > x ? width - x : 0; /* one column on a terminal narrower than it */
        x += ret[i].width + GAP;
    }
    return n;
}

void table_measure(const view *v, const rowset *rows, bool ascii, int natural[TABLE_COLUMNS])
{
    formatted f;
    buf_init(&f.text);
    for (size_t i = 0; i < v->ncolumns && i < TABLE_COLUMNS; i++) {
        const view_column *c = v->columns + i;
        /* Personal data is measured as it is, so that showing it moves nothing. */
        format_options o = {ascii, true, true, c->width_max};
        for (size_t row = 0; c->keep > 0 && row < rows->nrows; row++) {
            format_cell(c, rows, row, &o, &f);
            int w = (int)text_width(f.text.data, f.text.len);
            if (w > natural[i])
                natural[i] = w;
        }
    }
    buf_done(&f.text);
}

static void head_cell(canvas *c, area a, const view_column *vc, const table_column *t, const table_look *look)
{
    int st = STYLE_DIM;
    bool sorted = look->sort && strcmp(look->sort, vc->name) == 0;
    bool under = look->column == t->index;
    if (sorted)
        st = STYLE_ACCENT;
    if (under)
        st = (sorted ? STYLE_ACCENT : STYLE_TITLE) | STYLE_UNDER;
    char title[128];
    const char *arrow = sorted ? canvas_glyph(c, look->descending ? GLYPH_DOWN : GLYPH_UP) : "";
    snprintf(title, sizeof title, "%s%s%s", vc->title, sorted ? " " : "", arrow);
    int w = (int)text_width(title, strlen(title));
    int x = a.x + t->x;
    if (sorted && w > t->width && w - 2 <= t->width) { /* without the blank, and one column into the gap */
        snprintf(title, sizeof title, "%s%s", vc->title, arrow);
        w = (int)text_width(title, strlen(title));
        if (w <= t->width || x + w < a.x + a.width) {
            canvas_text(c, a.y, w > t->width && format_right(vc->type) ? x - 1 : x, w, st, title);
            return;
        }
    }
    if (w > t->width && sorted) { /* the arrow tells more than the last letters */
        canvas_text(c, a.y, x, t->width - 1, st, vc->title);
        canvas_text(c, a.y, x + t->width - 1, 1, st, arrow);
        return;
    }
    if (format_right(vc->type) && w < t->width)
        x += t->width - w;
    canvas_text(c, a.y, x, t->width - (x - a.x - t->x), st, title);
}

void table_head(canvas *c, area a, const view *v, const table_column *cols, size_t n, const table_look *look)
{
    for (size_t i = 0; i < n; i++)
        head_cell(c, a, v->columns + cols[i].index, cols + i, look);
}

void table_row(canvas *c, area a, const view *v, const table_column *cols, size_t n, const rowset *rows,
               size_t row, const table_look *look)
{
    formatted f;
    buf_init(&f.text);
    for (size_t i = 0; i < n; i++) {
        const view_column *vc = v->columns + cols[i].index;
        format_options o = {c->ascii, look->reveal, true, cols[i].width};
        format_cell(vc, rows, row, &o, &f);
        if (f.text.len == 0 && vc->keep == 1 &&
            vc->type == COL_TEXT) { /* a row without its name is still a row */
            buf_str(&f.text, canvas_glyph(c, GLYPH_DOT));
            f.style = STYLE_DIM;
        }
        if (i == 0 && f.style == STYLE_TEXT)
            f.style = STYLE_TITLE;
        canvas_fit(c, a.y, a.x + cols[i].x, cols[i].width, f.style, f.align, f.text.data);
    }
    buf_done(&f.text);
}
