/* The panel of VIEW_HOME: what needs attention today, a figure and a way in per line, by area. The query's
 * rows carry area, figure, what, view, with: Enter opens the screen `view` narrowed by `with`. */
#include "base/mem.h"
#include "ui/format.h"
#include "ui/place.h"
#include "ui/theme.h"
#include <stdlib.h>
#include <string.h>

typedef struct home {
    size_t cursor, top;
    int height;
    size_t *lines; /* what each line of the screen shows: row + 1, 0 = an area's heading or a gap */
    size_t nlines, cap;
    int columns; /* of the menu as last drawn; 0 = there was no room for it */
} home;

static void open_home(place *p)
{
    p->state = MEM_NEW(home);
}

static void close_home(place *p)
{
    home *h = p->state;
    free(h->lines);
    free(h);
}

static void pump_home(place *p, data *d)
{
    place_pump_rows(p, d, 200);
}

static bool take_home(place *p, answer *a)
{
    bool mine = place_take_rows(p, a);
    home *h = p->state;
    if (mine && p->rows && !h->columns && h->cursor >= p->rows->nrows)
        h->cursor = p->rows->nrows ? p->rows->nrows - 1 : 0;
    return mine;
}

static const char *text_of(const place *p, size_t row, const char *column)
{
    int c = rowset_column(p->rows, column);
    const char *s = c < 0 ? NULL : rowset_cell(p->rows, row, (size_t)c)->text;
    return s ? s : "";
}

static void add_line(home *h, size_t what)
{
    MEM_ROOM(h->lines, h->nlines, h->cap);
    h->lines[h->nlines++] = what;
}

static bool same_area(const place *p, size_t row)
{
    return row > 0 && strcmp(text_of(p, row, "area"), text_of(p, row - 1, "area")) == 0;
}

static void lay_out(place *p, int height)
{
    home *h = p->state;
    size_t areas = 0;
    h->nlines = 0;
    for (size_t i = 0; i < p->rows->nrows; i++)
        areas += !same_area(p, i);
    bool gaps = p->rows->nrows + areas < (size_t)height;
    for (size_t i = 0; i < p->rows->nrows; i++) {
        if (gaps && !same_area(p, i))
            add_line(h, 0);
        add_line(h, i + 1);
    }
}

static void draw_figure(place *p, canvas *c, area a, size_t row, bool heading, bool selected)
{
    int left = a.width < 50 ? 10 : 14, figure = a.width < 50 ? 8 : 11;
    formatted f;
    buf_init(&f.text);
    const view_column count = {.name = "figure", .title = "", .type = COL_COUNT};
    format_options o = {.ascii = c->ascii};
    format_cell(&count, p->rows, row, &o, &f);
    bool none = strcmp(f.text.data, "0") == 0;
    if (heading)
        canvas_text(c, a.y, a.x + 2, left - 2, STYLE_ACCENT, text_of(p, row, "area"));
    canvas_fit(c, a.y, a.x + left, figure, none ? STYLE_DIM : STYLE_TITLE, TEXT_RIGHT, f.text.data);
    canvas_text(c, a.y, a.x + left + figure + 2, a.width - left - figure - 3, none ? STYLE_DIM : STYLE_TEXT,
                text_of(p, row, "what"));
    if (selected)
        canvas_add_style(c, a, STYLE_SELECTED);
    buf_done(&f.text);
}

/* "3 Fans": the key, a blank, and what it opens. */
static const char *menu_key(const view *v)
{
    const char *name =
        v->menu ? strchr(v->menu, ' ') : NULL; /* "3 Fans", or from ten on by a letter: "10 i Issues" */
    if (name && name - v->menu > 1)
        return name[1] && name[2] == ' ' ? name + 1 : NULL;
    return name ? v->menu : NULL;
}

/* The menu's i-th screen, or NULL. The cursor goes there below the last figure. */
static const view *menu_item(const place *p, size_t at)
{
    const view *const *all;
    size_t n = catalog_views(p->catalog, &all);
    for (size_t i = 0; i < n; i++)
        if (all[i] != p->view && menu_key(all[i]) && at-- == 0)
            return all[i];
    return NULL;
}

const view *home_menu_named(const place *p, int key)
{
    const view *v = NULL;
    for (size_t i = 0; p->panel == &panel_home && (v = menu_item(p, i)) != NULL; i++)
        if (menu_key(v)[0] == key)
            return v;
    return NULL;
}

const view *home_menu(const place *p)
{
    const home *h = p->state;
    size_t n = p->rows ? p->rows->nrows : 0;
    return p->panel == &panel_home && h->columns && h->cursor >= n ? menu_item(p, h->cursor - n) : NULL;
}

/* The screens that a key opens, in columns, below the figures where there is room. */
static void draw_screens(place *p, canvas *c, area a)
{
    home *h = p->state;
    size_t rows = p->rows->nrows;
    int x = a.x + 2, y = a.y + 1;
    h->columns = a.height < 3 ? 0 : (a.width - 2) / 18;
    if (h->columns < 1)
        return;
    canvas_fill(c, (area){a.y, a.x + 2, 1, a.width - 4}, STYLE_RULE, canvas_glyph(c, GLYPH_RULE));
    canvas_text(c, a.y, a.x + 4, a.width - 8, STYLE_DIM, " Screens: their key, or Tab and Enter ");
    const view *v;
    for (size_t i = 0; (v = menu_item(p, i)) != NULL && y < a.y + a.height; i++) {
        const char *m = menu_key(v);
        canvas_textn(c, y, x, 1, STYLE_ACCENT, m, 1);
        canvas_text(c, y, x + 2, 14, STYLE_TEXT, m + 2);
        if (h->cursor == rows + i)
            canvas_add_style(c, (area){y, x - 1, 1, 16}, STYLE_SELECTED);
        x += 18;
        if (x + 18 > a.x + a.width) {
            x = a.x + 2;
            y++;
        }
    }
}

static void draw_home(place *p, canvas *c, area a, bool focused)
{
    home *h = p->state;
    if (!p->rows || p->rows->nrows == 0) {
        const char *said = p->error.kind != ERR_NONE ? p->error.text : p->rows ? p->view->empty : "";
        canvas_wrap(c, a.y + 1, a.x + 2, a.width - 4, a.height - 2, p->error.kind ? STYLE_BAD : STYLE_DIM,
                    said ? said : "");
        return;
    }
    h->height = a.height;
    lay_out(p, a.height);
    size_t at = 0, shown = h->cursor < p->rows->nrows ? h->cursor : p->rows->nrows - 1;
    while (at < h->nlines && h->lines[at] != shown + 1)
        at++;
    if (at < h->top || h->cursor == 0)
        h->top = h->cursor == 0 ? 0 : at;
    if (at >= h->top + (size_t)a.height)
        h->top = at - (size_t)a.height + 1;
    int y = a.y;
    for (size_t i = h->top; i < h->nlines && y < a.y + a.height; i++, y++)
        if (h->lines[i]) {
            size_t row = h->lines[i] - 1;
            bool heading = !same_area(p, row) || y == a.y;
            draw_figure(p, c, (area){y, a.x, 1, a.width}, row, heading, focused && row == h->cursor);
        }
    draw_screens(p, c, (area){y + 1, a.x, a.y + a.height - y - 1, a.width});
}

static bool act_home(place *p, action act)
{
    home *h = p->state;
    size_t n = p->rows ? p->rows->nrows : 0, all = n;
    while (h->columns && menu_item(p, all - n))
        all++;
    bool menu = h->cursor >= n;
    switch (act) {
    case ACT_NEXT:
    case ACT_PREVIOUS:
        h->cursor = menu || all == n ? 0 : n;
        return true;
    case ACT_LEFT:
        h->cursor -= h->cursor > n;
        return true;
    case ACT_RIGHT:
        h->cursor += menu && h->cursor + 1 < all;
        return true;
    case ACT_UP:
        if (!menu)
            h->cursor -= h->cursor > 0;
        else if (h->cursor - n >= (size_t)h->columns)
            h->cursor -= (size_t)h->columns;
        else
            h->cursor = n ? n - 1 : n;
        return true;
    case ACT_DOWN:
        if (!menu)
            h->cursor += h->cursor + 1 < all;
        else if (h->cursor + (size_t)h->columns < all)
            h->cursor += (size_t)h->columns;
        return true;
    case ACT_FIRST:
    case ACT_PAGE_UP:
        h->cursor = 0;
        return true;
    case ACT_LAST:
    case ACT_PAGE_DOWN:
        h->cursor = n ? n - 1 : 0;
        return true;
    default:
        return false;
    }
}

static void click_home(place *p, int y, int x)
{
    home *h = p->state;
    size_t at = h->top + (size_t)y;
    if (h->columns && at > h->nlines + 1 && x >= 2) { /* a gap and a rule, then the menu */
        size_t item = (at - h->nlines - 2) * (size_t)h->columns + (size_t)(x - 2) / 18;
        if (menu_item(p, item))
            h->cursor = p->rows->nrows + item;
    }
    if (at < h->nlines && h->lines[at])
        h->cursor = h->lines[at] - 1;
}

static bool row_home(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row)
{
    home *h = p->state;
    *ret_view = p->view;
    *ret_rows = p->rows;
    *ret_row = h->cursor;
    return p->rows && h->cursor < p->rows->nrows;
}

const panel panel_home = {.kind = VIEW_HOME,
                          .open = open_home,
                          .close = close_home,
                          .pump = pump_home,
                          .take = take_home,
                          .draw = draw_home,
                          .act = act_home,
                          .click = click_home,
                          .row = row_home};
