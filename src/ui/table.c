#include "ui/table.h"
#include "ui/format.h"
#include <stdio.h>
#include <string.h>

enum { GAP = 2, GUTTER = 2, SHORT_TITLE = 8, LONGER_TITLE = 6 };

static int least(const view_column *c)
{
    int title = (int)text_width(c->title, strlen(c->title));
    int w = c->width_min > 0 ? c->width_min : 1;
    return title > w && (title <= c->width_max || title <= SHORT_TITLE) ? title : w;
}

static int title_width(const view_column *c)
{
    int title = (int)text_width(c->title, strlen(c->title)), most = c->width_max + LONGER_TITLE;
    return title < most ? title : most;
}

static int most_width(const view_column *c)
{
    return c->width_max;
}

static void grow(const view *v, table_column *cols, size_t n, int (*until)(const view_column *), int *left)
{
    for (bool grew = true; grew && *left > 0;) {
        grew = false;
        for (size_t i = 0; i<n && * left> 0; i++)
            if (cols[i].width < until(v->columns + cols[i].index)) {
                cols[i].width++;
                --*left;
                grew = true;
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

size_t table_fit(const view *v, const values *narrowed, int width, table_column ret[TABLE_COLUMNS])
{
    bool in[TABLE_COLUMNS] = {false};
    size_t count = v->ncolumns < TABLE_COLUMNS ? v->ncolumns : TABLE_COLUMNS, n = 0;
    int left = width - GUTTER;
    for (int keep = 1; keep <= 9; keep++)
        for (size_t i = 0; i < count; i++) {
            int need = least(v->columns + i) + (n ? GAP : 0);
            if (v->columns[i].keep != keep || (need > left && n) || said_already(v->columns + i, narrowed))
                continue;
            in[i] = true;
            left -= need;
            n++;
        }
    n = 0;
    for (size_t i = 0; i < count; i++)
        if (in[i])
            ret[n++] = (table_column){i, 0, least(v->columns + i)};
    grow(v, ret, n, title_width, &left); /* a title is read before the longest cell is */
    grow(v, ret, n, most_width, &left);
    int x = GUTTER;
    for (size_t i = 0; i < n; i++) {
        ret[i].x = x;
        if (x + ret[i].width > width)
            ret[i].width = width > x ? width - x : 0; /* one column on a terminal narrower than it */
        x += ret[i].width + GAP;
    }
    return n;
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
        if (i == 0 && f.style == STYLE_TEXT)
            f.style = STYLE_TITLE;
        canvas_fit(c, a.y, a.x + cols[i].x, cols[i].width, f.style, f.align, f.text.data);
    }
    buf_done(&f.text);
}
