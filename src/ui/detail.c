/* The panel of VIEW_DETAIL: labelled fields, then the related lists as sections. All of it is one tall page
 * that scrolls so that what the cursor is on is to be seen; Tab goes from the fields to each section. A
 * section is a place of its own, with its own paging, cursor and keys. */
#include "base/mem.h"
#include "ui/format.h"
#include "ui/place.h"
#include <stdlib.h>
#include <string.h>

typedef struct section {
    place *place;
    int y, height; /* on the page, title line included; as last drawn */
} section;

typedef struct detail {
    section *sections;
    size_t n;
    size_t focus; /* 0 = fields, else section focus - 1 */
    int scroll;   /* first page line on the screen */
    int height, fields_height, page_height;
} detail;

static void open_detail(place *p)
{
    detail *d = MEM_NEW(detail);
    d->sections = MEM_ARRAY(section, p->view->nsections + 1);
    p->state = d;
}

static void close_detail(place *p)
{
    detail *d = p->state;
    for (size_t i = 0; i < d->n; i++)
        place_free(d->sections[i].place);
    free(d->sections);
    free(d);
}

/* Sections can be asked for once the row that they hang on is known. */
static void make_sections(place *p)
{
    detail *d = p->state;
    if (d->n || !p->rows || p->rows->nrows == 0)
        return;
    for (size_t i = 0; i < p->view->nsections; i++) {
        const view_section *s = p->view->sections + i;
        const view *v = catalog_view(p->catalog, s->view);
        if (!v || !view_is_list(v))
            continue;
        values bound = {0};
        values_bind(&bound, s->binds, s->nbinds, p->rows, 0);
        place *inner = place_new(p->catalog, v, bound.items, bound.n);
        inner->want_estimate = false;
        inner->reveal = p->reveal;
        free(inner->crumb);
        inner->crumb = mem_str(s->title ? s->title : v->title);
        inner->list.page_rows = (size_t)(s->rows > 0 ? s->rows : 5) * 4;
        inner->list.max_rows = inner->list.page_rows * 8;
        d->sections[d->n++] = (section){.place = inner};
        values_done(&bound);
    }
}

static void pump_detail(place *p, data *dt)
{
    detail *d = p->state;
    bool again = p->want && p->refreshing;
    place_pump_rows(p, dt, 1);
    for (size_t i = 0; i < d->n; i++) {
        if (again)
            list_refresh(&d->sections[i].place->list);
        place_pump(d->sections[i].place, dt);
    }
}

static bool take_detail(place *p, answer *a)
{
    detail *d = p->state;
    if (place_take_rows(p, a)) {
        make_sections(p);
        return true;
    }
    for (size_t i = 0; i < d->n; i++)
        if (place_take(d->sections[i].place, a))
            return true;
    return false;
}

/* ---- drawing ---- */

static int label_width(const view *v)
{
    size_t widest = 0;
    for (size_t i = 0; i < v->ncolumns; i++) {
        size_t w = text_width(v->columns[i].title, strlen(v->columns[i].title));
        if (v->columns[i].keep > 0 && w > widest)
            widest = w;
    }
    return widest > 24 ? 24 : (int)widest;
}

/* Short fields stand in two columns where there is room; what is too long for one has the width of the page
 * to itself, below them: a value in a detail is not cut. */
static bool is_long(place *p, const view_column *vc, int room)
{
    int k = rowset_column(p->rows, vc->name);
    const store_cell *cell = k < 0 ? NULL : rowset_cell(p->rows, 0, (size_t)k);
    if (vc->type == COL_JSON || vc->width_max > 50)
        return true;
    return vc->type == COL_TEXT && cell && cell->text && (int)text_width(cell->text, cell->len) > room;
}

static int draw_field(place *p, canvas *c, area a, const view_column *vc, int labels, bool wrap)
{
    formatted f;
    buf_init(&f.text);
    format_options o = {c->ascii, p->reveal, false, 12};
    format_cell(vc, p->rows, 0, &o, &f);
    int x = a.x + 2 + labels + 2, width = a.width - labels - 5, lines = 1;
    canvas_fit(c, a.y, a.x + 2, labels, STYLE_DIM, TEXT_LEFT, vc->title);
    if (f.text.len == 0)
        canvas_text(c, a.y, x, width, STYLE_DIM, canvas_glyph(c, GLYPH_DOT));
    else if (wrap)
        lines = canvas_wrap(c, a.y, x, width, 12, f.style, f.text.data);
    else
        canvas_text(c, a.y, x, width, f.style == STYLE_TEXT && vc->keep == 1 ? STYLE_TITLE : f.style,
                    f.text.data);
    buf_done(&f.text);
    return lines;
}

static int draw_fields(place *p, canvas *c, area a)
{
    const view *v = p->view;
    int labels = label_width(v), columns = a.width >= 2 * (labels + 20) ? 2 : 1;
    int width = a.width / columns, room = width - labels - 5;
    size_t shorts = 0;
    for (size_t i = 0; i < v->ncolumns; i++)
        shorts += v->columns[i].keep > 0 && !is_long(p, v->columns + i, room);
    int rows = (int)((shorts + (size_t)columns - 1) / (size_t)columns), y = a.y + rows;
    int row = 0, column = 0;
    for (size_t i = 0; i < v->ncolumns; i++) {
        if (v->columns[i].keep <= 0)
            continue;
        if (is_long(p, v->columns + i, room)) {
            y += draw_field(p, c, (area){y, a.x, 1, a.width}, v->columns + i, labels, true);
            continue;
        }
        draw_field(p, c, (area){a.y + row, a.x + column * width, 1, width}, v->columns + i, labels, false);
        if (++row == rows) {
            row = 0;
            column++;
        }
    }
    return y - a.y;
}

static int section_lines(const view_section *vs, const list *l)
{
    int most = vs->rows > 0 ? vs->rows : 5;
    int have = l->loaded ? (int)(l->held < (size_t)most ? l->held : (size_t)most) : 1;
    return 2 + (have > 0 ? have : 1); /* title, head, rows or the word that there are none */
}

static void draw_section(place *inner, canvas *c, area a, bool focused)
{
    buf title;
    buf_init(&title);
    buf_str(&title, inner->crumb);
    int used = canvas_text(c, a.y, a.x + 1, a.width - 2, focused ? STYLE_ACCENT : STYLE_TITLE, title.data);
    buf_clear(&title);
    list *l = &inner->list;
    if (l->loaded && !(l->at_end && l->at_start && l->held <= (size_t)(a.height - 2)))
        place_counts(inner, &title);
    canvas_fill(c, (area){a.y, a.x + 2 + used, 1, a.width - 3 - used}, STYLE_RULE,
                canvas_glyph(c, GLYPH_RULE));
    if (title.len) {
        int w = (int)text_width(title.data, title.len);
        canvas_text(c, a.y, a.x + a.width - w - 4, 1, STYLE_DIM, " ");
        canvas_text(c, a.y, a.x + a.width - w - 3, w + 1, STYLE_DIM, title.data);
        canvas_text(c, a.y, a.x + a.width - 3, 1, STYLE_DIM, " ");
    }
    buf_done(&title);
    area body = {a.y + 1, a.x, a.height - 1, a.width};
    if (l->loaded && l->held == 0 && inner->error.kind == ERR_NONE) {
        canvas_text(c, body.y, body.x + 2, body.width - 4, STYLE_DIM,
                    inner->view->empty ? inner->view->empty : "none");
        return;
    }
    inner->panel->draw(inner, c, body, focused);
}

static void keep_in_sight(detail *d, int from, int lines)
{
    if (from + lines > d->scroll + d->height)
        d->scroll = from + lines - d->height;
    if (from < d->scroll)
        d->scroll = from;
    int most = d->page_height > d->height ? d->page_height - d->height : 0;
    if (d->scroll > most)
        d->scroll = most;
    if (d->scroll < 0)
        d->scroll = 0;
}

/* Heights come from the last drawing; after the first they no longer change but with the data. */
static void measure(place *p)
{
    detail *d = p->state;
    int y = d->fields_height + 1;
    for (size_t i = 0; i < d->n; i++) {
        const list *l = &d->sections[i].place->list;
        d->sections[i].y = y;
        d->sections[i].height = section_lines(p->view->sections + i, l) - (l->loaded && l->held == 0 ? 1 : 0);
        y += d->sections[i].height + 1;
    }
    d->page_height = y;
}

static void draw_missing(place *p, canvas *c, area a)
{
    if (p->error.kind != ERR_NONE)
        canvas_wrap(c, a.y + 1, a.x + 2, a.width - 4, a.height - 1, STYLE_BAD, p->error.text);
    else if (p->rows)
        canvas_wrap(c, a.y + 1, a.x + 2, a.width - 4, a.height - 1, STYLE_DIM,
                    p->view->empty ? p->view->empty
                                   : "There is no such thing any more. Backspace goes back.");
}

static void draw_detail(place *p, canvas *c, area a, bool focused)
{
    detail *d = p->state;
    (void)focused;
    if (!p->rows || p->rows->nrows == 0) {
        draw_missing(p, c, a);
        return;
    }
    d->height = a.height;
    canvas_clip(c, a);
    if (!d->fields_height)
        d->fields_height = draw_fields(p, c, a);
    measure(p);
    if (d->focus) {
        section *s = d->sections + d->focus - 1;
        int line = 2 + (int)(s->place->list.cursor - s->place->list.top);
        keep_in_sight(d, s->y, s->height < d->height ? s->height : line + 1);
    }
    keep_in_sight(d, d->scroll, d->height);
    canvas_fill(c, a, STYLE_TEXT, " ");
    d->fields_height = draw_fields(p, c, (area){a.y - d->scroll, a.x, 1, a.width});
    for (size_t i = 0; i < d->n; i++) {
        section *s = d->sections + i;
        area at = {a.y + s->y - d->scroll, a.x, s->height, a.width};
        draw_section(s->place, c, at, d->focus == i + 1);
    }
    canvas_clip(c, (area){0});
}

/* ---- acting ---- */

static void scroll_fields(detail *d, int lines)
{
    d->scroll += lines;
    keep_in_sight(d, d->scroll, d->height);
}

static bool act_fields(detail *d, action act)
{
    switch (act) {
    case ACT_UP:
        scroll_fields(d, -1);
        return true;
    case ACT_DOWN:
        /* When all of the fields is in sight there is nothing to scroll: the first section is what comes
         * next. */
        if (d->n && d->scroll + d->height > d->fields_height)
            d->focus = 1;
        else
            scroll_fields(d, 1);
        return true;
    case ACT_PAGE_UP:
        scroll_fields(d, -d->height);
        return true;
    case ACT_PAGE_DOWN:
        scroll_fields(d, d->height);
        return true;
    case ACT_FIRST:
        d->scroll = 0;
        return true;
    case ACT_LAST:
        d->scroll = d->page_height;
        keep_in_sight(d, d->scroll, d->height);
        return true;
    default:
        return false;
    }
}

static bool leave_section(detail *d, action act)
{
    list *l = &d->sections[d->focus - 1].place->list;
    if (act == ACT_UP && l->cursor == 0 && (l->at_start || !l->loaded)) {
        d->focus--;
        if (d->focus == 0)
            d->scroll = 0;
        return true;
    }
    if (act == ACT_DOWN && d->focus < d->n && (l->held == 0 || (l->at_end && l->cursor + 1 == l->held))) {
        d->focus++;
        return true;
    }
    return false;
}

static bool act_detail(place *p, action act)
{
    detail *d = p->state;
    if (act == ACT_NEXT || act == ACT_PREVIOUS) {
        size_t all = d->n + 1;
        d->focus = (d->focus + (act == ACT_NEXT ? 1 : all - 1)) % all;
        if (d->focus == 0)
            d->scroll = 0;
        return true;
    }
    if (d->focus == 0)
        return act_fields(d, act);
    return leave_section(d, act) || place_act(d->sections[d->focus - 1].place, act);
}

static void click_detail(place *p, int y, int x)
{
    detail *d = p->state;
    int line = y + d->scroll;
    for (size_t i = 0; i < d->n; i++) {
        section *s = d->sections + i;
        if (line < s->y || line >= s->y + s->height)
            continue;
        d->focus = i + 1;
        if (line > s->y)
            s->place->panel->click(s->place, line - s->y - 1, x);
        return;
    }
    d->focus = 0;
}

static bool row_detail(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row)
{
    *ret_view = p->view;
    *ret_rows = p->rows;
    *ret_row = 0;
    return p->rows && p->rows->nrows > 0;
}

static void reveal_detail(place *p)
{
    detail *d = p->state;
    for (size_t i = 0; i < d->n; i++)
        place_reveal(d->sections[i].place, p->reveal);
}

place *place_inner(place *p)
{
    if (p->panel != &panel_detail)
        return p;
    detail *d = p->state;
    return d->focus ? d->sections[d->focus - 1].place : p;
}

const panel panel_detail = {.kind = VIEW_DETAIL,
                            .open = open_detail,
                            .close = close_detail,
                            .pump = pump_detail,
                            .take = take_detail,
                            .draw = draw_detail,
                            .act = act_detail,
                            .click = click_detail,
                            .row = row_detail,
                            .reveal = reveal_detail};
