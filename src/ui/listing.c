/* The panel of VIEW_LIST: a table over keyset pages. */
#include "base/mem.h"
#include "ui/place.h"
#include "ui/table.h"
#include <stdlib.h>
#include <string.h>

typedef struct listing {
    table_column columns[TABLE_COLUMNS];
    size_t n;
    int natural
        [TABLE_COLUMNS]; /* the widest cell seen; grows only, so that reading on does not make columns shrink and jump */
} listing;

static void open_listing(place *p)
{
    listing *t = MEM_NEW(listing);
    for (size_t i = 0; i < TABLE_COLUMNS; i++)
        t->natural[i] = -1;
    p->state = t;
}

static void close_listing(place *p)
{
    free(p->state);
}

/* ---- asking and taking ---- */

static void ask_page(place *p, data *d, const list_wish *w)
{
    bool whole = w->kind == WISH_FIRST || w->kind == WISH_LAST;
    if (whole)
        data_cancel(d, p->tag); /* the question changed: what was asked before is of no use */
    if (whole || !p->asked_ms)
        p->asked_ms = ui_clock_ms();
    data_ask(d, &(question){.kind = ASK_PAGE,
                            .tag = p->tag,
                            .serial = w->serial,
                            .view = p->view,
                            .values = p->values.items,
                            .nvalues = p->values.n,
                            .search = p->search,
                            .tier = p->tier,
                            .sort = p->sort,
                            .descending = p->descending,
                            .wish = w->kind,
                            .backward = w->backward,
                            .from_rows = w->from_rows,
                            .from_row = w->from_row,
                            .limit = w->limit});
}

static void ask_number(place *p, data *d, ask_kind kind, const query *q)
{
    values v = {0};
    values_copy(&v, p->values.items, p->values.n);
    if (*p->search)
        values_set(&v, "search", p->search);
    values_keep(&v, q);
    data_ask(
        d, &(question){
               .kind = kind, .tag = p->tag, .view = p->view, .query = q, .values = v.items, .nvalues = v.n});
    values_done(&v);
}

static void pump_listing(place *p, data *d)
{
    list_wish w;
    if (p->error.kind != ERR_NONE && !p->list.want_first && !p->list.want_refresh)
        return; /* what failed is asked again by a refresh or a change, not in a circle */
    while (list_wish_next(&p->list, &w))
        ask_page(p, d, &w);
    if (p->want_count && p->view->count)
        ask_number(p, d, ASK_COUNT, p->view->count);
    p->want_count = false;
    if (p->want_estimate && p->list.loaded && !(p->list.at_start && p->list.at_end)) {
        ask_number(p, d, ASK_ESTIMATE, p->view->estimate);
        p->want_estimate = false;
    }
}

static void take_page(place *p, answer *a)
{
    list *l = &p->list;
    if (l->expected[a->wish] != a->serial)
        return; /* an old question */
    if (!a->ok) {
        list_failed(l, a->wish, a->serial);
        p->refreshing = false;
        if (a->error.kind != ERR_CANCELLED)
            p->error = a->error;
        return;
    }
    p->error = (err){0};
    p->refreshing = false;
    if (a->wish == WISH_FIRST || a->wish == WISH_LAST || a->wish == WISH_REFRESH)
        p->loaded_ms = ui_clock_ms();
    if (a->wish == WISH_FIRST)
        p->tier = a->tier;
    rowset *rows = a->rows;
    table_measure(p->view, rows, false, ((listing *)p->state)->natural);
    a->rows = NULL;
    list_take(l, a->wish, a->serial, rows, rows->nrows, rows->more);
    if (list_said_gone(l))
        p->said = "the row you were on is gone from here";
}

static bool take_listing(place *p, answer *a)
{
    if (a->tag != p->tag)
        return false;
    if (a->kind == ASK_PAGE) {
        take_page(p, a);
    } else if (a->kind == ASK_COUNT) {
        if (a->ok)
            p->count = a->number;
        else
            p->said = "the rows could not be counted";
    } else if (a->kind == ASK_ESTIMATE) {
        p->estimate = a->ok ? a->number : -1;
    } else {
        return false;
    }
    return true;
}

/* ---- drawing ---- */

static void draw_empty(place *p, canvas *c, area a)
{
    int y = a.y + a.height / 3, x = a.x + 2, width = a.width - 4;
    if (p->error.kind != ERR_NONE) {
        canvas_wrap(c, a.y + 1, x, width, a.height - 1, STYLE_BAD, p->error.text);
        return;
    }
    if (!p->list.loaded)
        return;
    const char *said = p->view->empty ? p->view->empty : "There is nothing here. Backspace goes back.";
    int w = (int)text_width(said, strlen(said));
    canvas_wrap(c, y, w < width ? x + (width - w) / 2 : x, width, 4, STYLE_DIM, said);
}

static void draw_line(place *p, canvas *c, area line, size_t i, const table_look *look, bool focused)
{
    listing *t = p->state;
    size_t row;
    const rowset *rows = list_row(&p->list, i, &row);
    table_row(c, line, p->view, t->columns, t->n, rows, row, look);
    if (list_marked(&p->list, i))
        canvas_text(c, line.y, line.x, 1, STYLE_WARN, canvas_glyph(c, GLYPH_MARK));
    if (focused && i == p->list.cursor)
        canvas_add_style(c, line, STYLE_SELECTED);
}

static void draw_listing(place *p, canvas *c, area a, bool focused)
{
    listing *t = p->state;
    list *l = &p->list;
    list_height(l, a.height > 1 ? (size_t)(a.height - 1) : 1);
    t->n = table_fit(p->view, &p->values, t->natural, a.width - 1, t->columns);
    const char *sort = page_sort(p->view, p->tier, p->sort, NULL);
    bool descending = p->descending;
    if (!p->sort)
        page_sort(p->view, p->tier, NULL, &descending);
    table_look look = {sort, descending, p->reveal, focused ? p->column : SIZE_MAX};
    if (!l->loaded && p->error.kind == ERR_NONE)
        return; /* nothing that would jump when the first rows come */
    table_head(c, (area){a.y, a.x, 1, a.width}, p->view, t->columns, t->n, &look);
    if (l->held == 0) {
        draw_empty(p, c, (area){a.y + 1, a.x, a.height - 1, a.width});
        return;
    }
    for (size_t i = l->top; i < l->held && i < l->top + l->height; i++)
        draw_line(p, c, (area){a.y + 1 + (int)(i - l->top), a.x, 1, a.width}, i, &look, focused);
}

/* ---- acting ---- */

/* The column cursor goes among the columns that are on the screen. */
static void move_column(place *p, int step)
{
    listing *t = p->state;
    size_t at = 0;
    if (t->n == 0)
        return;
    while (at < t->n && t->columns[at].index < p->column)
        at++;
    if (at == t->n)
        at = t->n - 1;
    if (step < 0 && at > 0)
        at--;
    else if (step > 0 && at + 1 < t->n)
        at++;
    p->column = t->columns[at].index;
}

static bool sort_here(place *p)
{
    const view_column *c = p->view->columns + p->column;
    if (!c->sortable)
        return false;
    bool natural;
    const char *now = page_sort(p->view, p->tier, p->sort, &natural);
    bool descending = p->sort ? p->descending : natural;
    if (now && strcmp(now, c->name) == 0) {
        p->descending = !descending;
    } else {
        p->descending = c->descending;
    }
    p->sort = c->name;
    place_reload(p);
    return true;
}

static bool act_listing(place *p, action act)
{
    list *l = &p->list;
    static const struct {
        action act;
        void (*move)(list *, long);
        long by;
    } moves[] = {{ACT_UP, list_move, -1}, {ACT_DOWN, list_move, 1}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].act == act) {
            moves[i].move(l, moves[i].by);
            return true;
        }
    switch (act) {
    case ACT_PAGE_UP:
        list_leaf(l, -1);
        return true;
    case ACT_PAGE_DOWN:
        list_leaf(l, 1);
        return true;
    case ACT_FIRST:
        list_home(l);
        return true;
    case ACT_LAST:
        list_end(l);
        return true;
    case ACT_LEFT:
        move_column(p, -1);
        return true;
    case ACT_RIGHT:
        move_column(p, 1);
        return true;
    case ACT_SORT:
        return sort_here(p);
    case ACT_MARK:
        list_mark(l);
        list_move(l, 1);
        return true;
    case ACT_COUNT:
        p->want_count = true;
        if (!p->view->count)
            p->said = "this list has no exact count; G goes to its end";
        return true;
    default:
        return false;
    }
}

static void click_listing(place *p, int y, int x)
{
    listing *t = p->state;
    if (y == 0) {
        for (size_t i = 0; i < t->n; i++)
            if (x >= t->columns[i].x && x < t->columns[i].x + t->columns[i].width)
                p->column = t->columns[i].index;
        return;
    }
    size_t i = p->list.top + (size_t)(y - 1);
    if (i < p->list.held)
        list_select(&p->list, i);
}

static bool row_listing(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row)
{
    *ret_view = p->view;
    *ret_rows = list_row(&p->list, p->list.cursor, ret_row);
    return *ret_rows != NULL;
}

const panel panel_list = {.kind = VIEW_LIST,
                          .open = open_listing,
                          .close = close_listing,
                          .pump = pump_listing,
                          .take = take_listing,
                          .draw = draw_listing,
                          .act = act_listing,
                          .click = click_listing,
                          .row = row_listing};
