/* What keys, the mouse, and answers do to the console. Keys of the view itself (go, do) come first, then what
 * the place does by itself (moving), then the console's own, in the table at the end. */
#include "base/mem.h"
#include "base/time.h"
#include "ui/console.h"
#include "ui/format.h"
#include "ui/routing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANCEL_AFTER_MS = 300 };

void console_key_state(console *u, key_state *ret)
{
    place *p = console_here(u);
    *ret = (key_state){.can_go_back = u->depth > 1};
    if (!p)
        return;
    place *in = place_inner(p);
    const view *v;
    const rowset *rows;
    size_t row;
    ret->view = in->view;
    ret->table = place_is_table(in);
    ret->tree = p->panel == &panel_tree;
    ret->searchable = place_searchable(in);
    ret->has_rows = place_row(in, &v, &rows, &row);
    if (!ret->has_rows)
        v = in->view;
    ret->sortable_column = ret->table && in->column < v->ncolumns && v->columns[in->column].sortable;
    size_t n = in->view->nkey == 1 ? strlen(in->view->key[0]) : 0;
    ret->has_entity =
        u->pin.param || (ret->has_rows && n > 3 && strcmp(in->view->key[0] + n - 3, "_id") == 0);
    ret->has_sensitive = reveal_possible(u);
    ret->can_undo = in->panel == &panel_routing && routing_can_undo(in);
}

/* ---- going ---- */

static void go(console *u, const view_go *g, const rowset *rows, size_t row, const view *of)
{
    const view *v = catalog_view(u->catalog, g->view);
    if (!v) {
        console_notice(u, STYLE_BAD, "there is no screen '%s'", g->view);
        return;
    }
    values bound = {0};
    buf title;
    buf_init(&title);
    values_bind(&bound, g->binds, g->nbinds, rows, row);
    for (size_t i = 0; i < g->nbinds; i++)
        if (!values_get(&bound, g->binds[i].param)) {
            console_notice(u, STYLE_WARN, "this row has no %s to go to", g->title ? g->title : g->view);
            goto done;
        }
    if (!view_is_list(v))
        row_title(of, rows, row, &title);
    console_open_view(u, v, bound.items, bound.n, title.len ? title.data : NULL);
done:
    values_done(&bound);
    buf_done(&title);
}

static const char *home_text(const rowset *rows, size_t row, const char *column)
{
    int c = rowset_column(rows, column);
    return c < 0 ? NULL : rowset_cell(rows, row, (size_t)c)->text;
}

/* The home's rows carry their way in themselves. */
static void go_home_row(console *u, const rowset *rows, size_t row)
{
    enum { MOST = 16 };
    const char *name = home_text(rows, row, "view"), *with = home_text(rows, row, "with");
    const view *v = name ? catalog_view(u->catalog, name) : NULL;
    if (!v) {
        console_notice(u, STYLE_WARN, "there is no screen '%s' yet", name ? name : "");
        return;
    }
    char *text = mem_str(with ? with : "");
    query_value given[MOST];
    size_t n = with_split(text, given, MOST);
    console_open_view(u, v, given, n, NULL);
    free(text);
}

static bool no_row(console *u)
{
    console_notice(u, STYLE_WARN, "Not here: there is no row under the cursor");
    return true;
}

static bool view_key(console *u, place *p, int key)
{
    const view *v;
    const rowset *rows;
    size_t row;
    if (!p || keys_reserved(key))
        return false;
    bool has = place_row(p, &v, &rows, &row);
    for (size_t i = 0; i < p->view->ngos; i++)
        if (keys_named(p->view->gos[i].key) == key) {
            if (!has)
                return no_row(u);
            go(u, p->view->gos + i, rows, row, v);
            return true;
        }
    for (size_t i = 0; i < p->view->ndos; i++)
        if (keys_named(p->view->dos[i].key) == key) {
            if (!has)
                return no_row(u);
            form_open(u, p->view->dos + i, rows, row, v);
            return true;
        }
    for (size_t i = 0; p->panel->does && i < p->view->nacts; i++)
        if (keys_named(p->view->acts[i].key) == key)
            return p->panel->does(p, u, p->view->acts[i].name);
    if (key == K_ENTER && has && v->kind == VIEW_HOME) {
        go_home_row(u, rows, row);
        return true;
    }
    return false;
}

/* On the home screen a digit or letter of the menu opens its screen. */
static bool menu_key(console *u, int key)
{
    const view *v = home_menu_named(console_here(u), key);
    if (!v && key == K_ENTER)
        v = home_menu(console_here(u));
    if (v)
        console_open_view(u, v, NULL, 0, NULL);
    return v != NULL;
}

/* ---- the console's own actions ---- */

static void escape(console *u)
{
    place *p = console_here(u), *in = p ? place_inner(p) : NULL;
    if (u->busy) {
        data_cancel(u->data, u->tag);
        return;
    }
    if (!p)
        return;
    if (place_waiting(in) && ui_clock_ms() - in->asked_ms >= CANCEL_AFTER_MS) {
        place_cancel(in, u->data);
        return;
    }
    if (*in->search) {
        place_filter(in, "");
        return;
    }
    if (u->depth > 1)
        console_back(u);
    else
        console_notice(u, STYLE_DIM, "This is where you came in; q quits");
}

static void home(console *u)
{
    while (u->depth > 1)
        console_back(u);
    if (console_here(u)->view->kind != VIEW_HOME && catalog_view(u->catalog, "home"))
        console_open_view(u, catalog_view(u->catalog, "home"), NULL, 0, NULL);
}

static void filter(console *u)
{
    place *in = place_inner(console_here(u));
    free(u->filter_before);
    u->filter_before = mem_str(in->search);
    console_ask(u, ASKING_FILTER, "/ ", in->search);
}

static void command_line(console *u)
{
    console_ask(u, ASKING_COMMAND, ": ", NULL);
}

static void copy(console *u)
{
    place *in = place_inner(console_here(u));
    const view *v;
    const rowset *rows;
    size_t row;
    if (!place_row(in, &v, &rows, &row))
        return;
    bool table = place_is_table(in) && in->column < v->ncolumns;
    const char *column = table ? v->columns[in->column].name : v->nkey ? v->key[0] : "";
    if (table && v->columns[in->column].sensitive && !in->reveal) {
        console_notice(u, STYLE_WARN, "This is personal data: v shows it, then y copies it");
        return;
    }
    int c = rowset_column(rows, column);
    const store_cell *cell = c < 0 ? NULL : rowset_cell(rows, row, (size_t)c);
    if (!cell || !cell->text) {
        console_notice(u, STYLE_WARN, "There is no value here");
        return;
    }
    screen_copy(u->screen, cell->text, cell->len);
    console_notice(u, STYLE_GOOD, "Copied %s", table ? v->columns[in->column].title : column);
}

static void export(console *u)
{
    place *in = place_inner(console_here(u));
    char path[128];
    bool masked = reveal_possible(u) && !in->reveal;
    if (in->panel == &panel_places &&
        (*in->search || in->crumb)) { /* found in memory, not by the query that an export runs */
        console_notice(
            u, STYLE_WARN,
            "A file gets the whole list: Esc goes back to it. `showx city` writes what is found or near");
        return;
    }
    snprintf(path, sizeof path, "%.100s.csv", in->view->name);
    console_ask(u, ASKING_EXPORT,
                masked ? "Export, personal data masked, to (.csv or .json): "
                       : "Export all rows to (.csv or .json): ",
                path);
}

static void reload_all(console *u)
{
    for (size_t i = 0; i < u->depth; i++) {
        place *p = u->stack[i];
        if (!u->pin.param || !query_takes(p->view->query, u->pin.param))
            continue;
        place_reveal(p, false); /* other rows than those that the audit knows of */
        place_reload(p);
    }
}

static void set_pin(console *u, const char *param, const char *value, const char *label)
{
    for (size_t i = 0; u->pin.param && i < u->depth; i++) {
        values *v = &u->stack[i]->values;
        const char *now = values_get(v, u->pin.param);
        bool table = place_is_table(u->stack[i]);
        if (table && now && strcmp(now, u->pin.value) == 0)
            values_unset(v, u->pin.param);
    }
    if (!param)
        reload_all(u);
    free(u->pin.param);
    free(u->pin.value);
    free(u->pin.label);
    u->pin = (pin){mem_str(param), mem_str(value), mem_str(label)};
    for (size_t i = 0; param && i < u->depth; i++) {
        place *p = u->stack[i];
        if (place_is_table(p) && query_takes(p->view->query, param) && !values_has(&p->values, param))
            values_set(&p->values, param, value);
    }
    reload_all(u);
}

static void pin_row(console *u)
{
    place *in = place_inner(console_here(u));
    const view *v;
    const rowset *rows;
    size_t row;
    if (u->pin.param) {
        set_pin(u, NULL, NULL, NULL);
        console_notice(u, STYLE_DIM, "Nothing is pinned any more");
        return;
    }
    if (!place_row(in, &v, &rows, &row) || v->nkey != 1)
        return;
    int c = rowset_column(rows, v->key[0]);
    const char *value = c < 0 ? NULL : rowset_cell(rows, row, (size_t)c)->text;
    if (!value)
        return;
    buf title;
    buf_init(&title);
    row_title(v, rows, row, &title);
    set_pin(u, v->key[0], value, title.len ? title.data : value);
    console_notice(u, STYLE_DIM, "Pinned %.80s: other screens narrow to it; f unpins",
                   title.len ? title.data : value);
    buf_done(&title);
}

static void refresh(console *u)
{
    place *p = console_here(u);
    if (data_lost(u->data))
        data_retrying(u->data);
    place_refresh(p);
}

static void redraw(console *u)
{
    screen_forget(u->screen);
}

static void suspend(console *u)
{
    screen_suspend(u->screen);
}

static void quit(console *u)
{
    u->quit = true;
}

static const struct {
    action act;
    void (*run)(console *u);
} actions[] = {
    {ACT_ESCAPE, escape},
    {ACT_BACK, console_back},
    {ACT_HOME, home},
    {ACT_FILTER, filter},
    {ACT_COMMAND, command_line},
    {ACT_PALETTE, palette_open},
    {ACT_REVEAL, reveal_toggle},
    {ACT_COPY, copy},
    {ACT_EXPORT, export},
    {ACT_PIN, pin_row},
    {ACT_REFRESH, refresh},
    {ACT_HELP, help_open},
    {ACT_REDRAW, redraw},
    {ACT_SUSPEND, suspend},
    {ACT_QUIT, quit},
};

void console_key(console *u, int key)
{
    place *p = console_here(u);
    key_state state;
    if (u->popup) {
        u->popup->key(u, key);
        return;
    }
    u->notice[0] = 0;
    if (ahead_takes(u, key))
        return;
    if (p && (view_key(u, place_inner(p), key) || (place_inner(p) != p && view_key(u, p, key)) ||
              menu_key(u, key)))
        return;
    action act = keys_action(key);
    console_key_state(u, &state);
    const char *why = keys_why_not(act, &state);
    if (why) {
        console_notice(u, STYLE_WARN, "Not here: %s", why);
        return;
    }
    if (p && place_act(p, act)) {
        place *in = place_inner(p);
        if (in->said)
            console_notice(u, STYLE_WARN, "%s", in->said);
        in->said = NULL;
        return;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (actions[i].act == act && (p || act == ACT_QUIT || act == ACT_COMMAND)) {
            actions[i].run(u);
            return;
        }
}

void console_mouse(console *u, const screen_mouse *m)
{
    place *p = console_here(u);
    if (u->popup) {
        u->popup->key(u, m->wheel < 0 ? K_UP : m->wheel > 0 ? K_DOWN : K_NONE);
        return;
    }
    if (!p)
        return;
    if (m->wheel) {
        place *in = place_inner(p);
        if (place_is_table(in))
            list_scroll(&in->list, 3 * m->wheel);
        else
            place_act(p, m->wheel < 0 ? ACT_UP : ACT_DOWN);
        return;
    }
    if (m->y == 0) {
        size_t to = u->depth;
        for (size_t i = 0; i < u->crumbs; i++)
            if (u->crumb_x[i] >= 0 && m->x >= u->crumb_x[i])
                to = i + 1;
        while (u->depth > to && to > 0)
            console_back(u);
        return;
    }
    if (m->y < u->canvas.height - 1)
        p->panel->click(p, m->y - 1, m->x);
}

/* ---- prompts ---- */

void console_prompt_typed(console *u)
{
    if (u->asking == ASKING_FILTER)
        place_filter(place_inner(console_here(u)), prompt_text(u->prompt));
}

static void start_busy(console *u, const char *with)
{
    u->busy = true;
    u->busy_with = with;
    u->busy_since_ms = time_mono_ms();
}

static void start_export(console *u, const char *path)
{
    place *in = place_inner(console_here(u));
    if (!*path || u->busy)
        return;
    start_busy(u, "exporting");
    data_ask(u->data, &(question){.kind = ASK_EXPORT,
                                  .tag = u->tag,
                                  .view = in->view,
                                  .values = in->values.items,
                                  .nvalues = in->values.n,
                                  .search = in->search,
                                  .tier = in->tier,
                                  .sort = place_has_column(in, in->sort) ? in->sort : NULL,
                                  .descending = in->descending,
                                  .expected = in->count >= 0     ? in->count
                                              : in->estimate > 0 ? in->estimate
                                                                 : 0,
                                  .reveal = in->reveal,
                                  .line = path});
}

static void start_command(console *u, const char *line)
{
    static const char *const leaving[] = {"q", "quit", "exit"};
    while (*line == ' ')
        line++;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(line, leaving[i]) == 0) {
            u->quit = true;
            return;
        }
    if (!*line)
        return;
    if (u->busy) {
        console_notice(u, STYLE_WARN, "One thing at a time: Esc cancels what still runs");
        return;
    }
    start_busy(u, "running");
    data_ask(u->data, &(question){.kind = ASK_COMMAND, .tag = u->tag, .line = line});
}

void console_prompt_done(console *u, bool entered)
{
    asking what = u->asking;
    char *text = mem_str(prompt_text(u->prompt));
    console_close_prompt(u);
    if (what == ASKING_FILTER)
        place_filter(place_inner(console_here(u)), entered ? text : u->filter_before);
    else if (what == ASKING_COMMAND && entered)
        start_command(u, text);
    else if (what == ASKING_EXPORT && entered)
        start_export(u, text);
    else if (what == ASKING_FIELD)
        form_field_done(u, entered, text);
    else if (what == ASKING_LIMIT)
        limits_answered(u, entered, text);
    else if (what == ASKING_PANEL && console_here(u)->panel->asked)
        console_here(u)->panel->asked(console_here(u), u, entered, text);
    free(text);
}

/* ---- answers ---- */

static void trim(char *s)
{
    size_t n = strlen(s);
    while (n && (s[n - 1] == '\n' || s[n - 1] == ' '))
        s[--n] = 0;
}

static void command_done(console *u, answer *a)
{
    u->busy = false;
    if (!a->ok) {
        console_notice(u, STYLE_BAD, "%s", a->error.kind == ERR_CANCELLED ? "Cancelled" : a->error.text);
        return;
    }
    if (a->open) {
        console_open_view(u, a->open, a->values.items, a->values.n, NULL);
        return;
    }
    trim(a->text);
    if (strncmp(a->text, "showx: ", 7) == 0) /* who says it is clear here */
        memmove(a->text, a->text + 7, strlen(a->text + 7) + 1);
    if (strchr(a->text, '\n')) {
        pager_open(u, "Result", a->text);
        a->text = NULL;
    } else if (*a->text) {
        console_notice(u, a->number ? STYLE_BAD : STYLE_GOOD, "%s", a->text);
    } else {
        console_notice(u, a->number ? STYLE_BAD : STYLE_GOOD, a->number ? "It did not work" : "Done");
    }
}

static void export_done(console *u, answer *a)
{
    u->busy = false;
    if (a->ok)
        console_notice(u, STYLE_GOOD, "Exported %lld rows", (long long)a->number);
    else
        console_notice(u, STYLE_BAD, "%s",
                       a->error.kind == ERR_CANCELLED ? "The export was cancelled; nothing was left behind"
                                                      : a->error.text);
}

void console_answered(console *u, answer *a)
{
    if (a->kind == ASK_COMMAND) {
        command_done(u, a);
        return;
    }
    if (a->kind == ASK_EXPORT) {
        export_done(u, a);
        return;
    }
    if (reveal_take(u, a))
        return;
    if (u->popup && u->popup->take && u->popup->take(u, a))
        return;
    for (size_t i = 0; i < u->depth; i++)
        if (place_take(u->stack[i], a)) {
            place *in = place_inner(u->stack[i]);
            if (i + 1 == u->depth && !u->popup && in->panel->wants)
                in->panel->wants(in, u);
            if (in->said && i + 1 == u->depth) {
                console_notice(u, STYLE_WARN, "%s", in->said);
                in->said = NULL;
            }
            return;
        }
}
