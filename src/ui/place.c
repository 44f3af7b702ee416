#include "ui/place.h"
#include "base/mem.h"
#include "base/time.h"
#include "ui/format.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 150, MAX_ROWS = 1200 };

int64_t ui_clock_ms(void)
{
    return getenv("SHOWX_NOW") ? time_now_us() / 1000 : time_mono_ms();
}

static const panel *panel_of(view_kind kind)
{
    static const panel *const panels[] = {&panel_list, &panel_detail,  &panel_home,
                                          &panel_tree, &panel_routing, &panel_places};
    for (size_t i = 0; i < sizeof panels / sizeof *panels; i++)
        if (panels[i]->kind == kind)
            return panels[i];
    return &panel_list;
}

bool place_is_table(const place *p)
{
    return p->panel == &panel_list || p->panel == &panel_places;
}

bool place_has_column(const place *p, const char *name)
{
    for (size_t i = 0; name && i < p->view->ncolumns; i++)
        if (strcmp(p->view->columns[i].name, name) == 0)
            return true;
    return false;
}

/* ---- identity of rows ---- */

static void row_key(void *ctx, const void *rows, size_t row, buf *out)
{
    const view *v = ctx;
    for (size_t i = 0; i < v->nkey; i++) {
        int c = rowset_column(rows, v->key[i]);
        const store_cell *cell = c < 0 ? NULL : rowset_cell(rows, row, (size_t)c);
        buf_char(out, i ? '\x1f' : ' ');
        if (cell && cell->text)
            buf_add(out, cell->text, cell->len);
    }
}

static void free_rows(void *ctx, void *rows)
{
    (void)ctx;
    rowset_free(rows);
}

void row_title(const view *v, const rowset *rows, size_t row, buf *out)
{
    for (size_t i = 0; i < v->ncolumns; i++) {
        const view_column *c = v->columns + i;
        int k = c->keep == 1 && c->type == COL_TEXT && !c->sensitive ? rowset_column(rows, c->name) : -1;
        const store_cell *cell = k < 0 ? NULL : rowset_cell(rows, row, (size_t)k);
        if (cell && cell->text) {
            buf_add(out, cell->text, cell->len);
            return;
        }
    }
}

/* ---- life ---- */

place *place_new(const catalog *c, const view *v, const query_value *given, size_t n)
{
    static uintptr_t last_tag;
    place *p = MEM_NEW(place);
    *p = (place){.view = v,
                 .catalog = c,
                 .panel = panel_of(v->kind),
                 .tag = ++last_tag,
                 .tier = -1,
                 .search = mem_str(""),
                 .want = true,
                 .count = -1,
                 .estimate = -1};
    values_copy(&p->values, given, n);
    const char *search = values_get(&p->values, "search");
    if (search && v->nsearch) {
        free(p->search);
        p->search = mem_str(search);
    }
    if (v->nsearch)
        values_unset(&p->values, "search");
    list_reader reader = {row_key, free_rows, (void *)(uintptr_t)v};
    list_init(&p->list, &reader, PAGE_ROWS, MAX_ROWS);
    while (p->column + 1 < v->ncolumns && v->columns[p->column].keep == 0)
        p->column++;
    p->want_estimate = v->estimate != NULL;
    if (p->panel->open)
        p->panel->open(p);
    return p;
}

void place_free(place *p)
{
    if (!p)
        return;
    if (p->panel->close)
        p->panel->close(p);
    list_done(&p->list);
    rowset_free(p->rows);
    values_done(&p->values);
    free(p->crumb);
    free(p->search);
    free(p);
}

/* ---- what goes to the panel ---- */

void place_pump(place *p, data *d)
{
    p->panel->pump(p, d);
}

bool place_take(place *p, answer *a)
{
    return p->panel->take(p, a);
}

void place_draw(place *p, canvas *c, area a)
{
    p->panel->draw(p, c, a, true);
}

bool place_act(place *p, action act)
{
    return p->panel->act(p, act);
}

bool place_row(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row)
{
    return p->panel->row(p, ret_view, ret_rows, ret_row);
}

bool place_searchable(const place *p)
{
    return p->view->nsearch > 0;
}

void place_reload(place *p)
{
    p->tier = -1;
    p->count = -1;
    p->want = true;
    p->cancelled = false;
    p->asked_ms = ui_clock_ms();
    list_reset(&p->list);
}

void place_refresh(place *p)
{
    p->want = true;
    p->refreshing = true;
    p->cancelled = false;
    p->tried_ms = ui_clock_ms();
    list_refresh(&p->list);
}

void place_filter(place *p, const char *search)
{
    if (strcmp(p->search, search) == 0)
        return;
    free(p->search);
    p->search = mem_str(search);
    place_reveal(p, false);
    /* The rows shown stay until the answer is there: no blank screen between two letters. */
    p->tier = -1;
    p->count = -1;
    p->cancelled = false;
    p->asked_ms = ui_clock_ms();
    p->list.want_first = true;
}

void place_reveal(place *p, bool on)
{
    p->reveal = on;
    p->revealing = 0;
    if (p->panel->reveal)
        p->panel->reveal(p);
}

void place_cancel(place *p, data *d)
{
    data_cancel(d, p->tag);
    memset(p->list.expected, 0, sizeof p->list.expected);
    p->list.want_first = p->list.want_last = p->list.want_refresh = false;
    p->list.owed = 0;
    p->serial = 0;
    p->want = p->refreshing = p->want_count = false;
    p->cancelled = true;
}

bool place_waiting(const place *p)
{
    return p->panel->kind == VIEW_LIST
               ? list_waiting(&p->list) && p->error.kind == ERR_NONE
               : (p->serial != 0 || p->want) && !p->refreshing && p->error.kind == ERR_NONE;
}

bool place_behind(const place *p)
{
    if (p->error.kind != ERR_NONE || p->cancelled)
        return false;
    return p->panel->behind ? p->panel->behind(p) : place_waiting(p) && (p->panel == &panel_list || !p->rows);
}

/* ---- whole results ---- */

void place_pump_rows(place *p, data *d, size_t most)
{
    static uint64_t last;
    if (!p->want || p->serial)
        return;
    p->want = false;
    p->serial = ++last;
    p->asked_ms = ui_clock_ms();
    data_ask(d, &(question){.kind = ASK_ROWS,
                            .tag = p->tag,
                            .serial = p->serial,
                            .view = p->view,
                            .query = p->view->query,
                            .values = p->values.items,
                            .nvalues = p->values.n,
                            .limit = most});
}

bool place_take_rows(place *p, answer *a)
{
    if (a->tag != p->tag || a->kind != ASK_ROWS)
        return false;
    if (a->serial != p->serial)
        return true;
    p->serial = 0;
    p->refreshing = false;
    p->error = a->error;
    if (!a->ok)
        return true;
    rowset_free(p->rows);
    p->rows = a->rows;
    a->rows = NULL;
    p->error.kind = ERR_NONE;
    p->loaded_ms = ui_clock_ms();
    if (p->rows->nrows && p->view->kind == VIEW_DETAIL) {
        buf b;
        buf_init(&b);
        row_title(p->view, p->rows, 0, &b);
        free(p->crumb);
        p->crumb = buf_take(&b);
    }
    return true;
}

/* ---- the bottom line ---- */

static void add_total(place *p, buf *out)
{
    list *l = &p->list;
    bool filtered = *p->search != 0;
    if (l->at_start && l->at_end) {
        format_grouped((int64_t)l->held, out);
    } else if (p->count >= 0) {
        format_grouped(p->count, out);
    } else if (!filtered && p->values.n == 0 && p->estimate > 0) {
        buf_char(out, '~');
        format_short(p->estimate, out);
    } else if (l->at_end && l->before >= 0) {
        format_grouped(l->before + (int64_t)l->held, out);
    } else {
        format_grouped(l->before < 0 ? (int64_t)l->held : l->before + (int64_t)l->held, out);
        buf_str(out, " or more");
    }
}

void place_counts(place *p, buf *out)
{
    list *l = &p->list;
    if (!l->loaded)
        return;
    int64_t number = list_number(l, l->cursor);
    if (l->held) {
        if (number > 0)
            format_grouped(number, out);
        else
            buf_str(out, l->at_end && l->cursor + 1 == l->held ? "last" : "near the end");
        buf_str(out, " of ");
    }
    if (l->held)
        add_total(p, out);
    else
        buf_str(out, "no rows");
    if (l->nmarks)
        buf_printf(out, ", %zu marked", l->nmarks);
    if (*p->search) {
        buf_printf(out, ", filter \"%s\"", p->search);
        if (p->tier >= 0 && (size_t)p->tier < p->view->nsearch && p->view->search_said &&
            p->view->search_said[p->tier])
            buf_printf(out, " %s", p->view->search_said[p->tier]);
        buf_str(out, " on all rows");
    }
}
