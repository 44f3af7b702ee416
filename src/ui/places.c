/* The panel of VIEW_PLACES: cities as you type, with figures around them and a map. Everybody else sees such a view as a list; here
 * no row comes from the view's own query. Three things are asked for, each on a worker:
 *
 *   the atlas      the index of cities, shared by all screens (data_want_atlas)
 *   the figures    two queries, rolled up by distance; again at each refresh, and for another artist
 *   the finding    in memory: at once what begins as typed, then (a second question) what is spelt nearly so. The next key cancels it; an
 *                  answer whose serial is no longer waited for is dropped.
 *
 * What was found is a row of numbers; the list's pages are made of it when they are wished for, so that the list, its keys
 * and marks are those of every table. An answer brings the atlas and the figures that it was found in: they are shown together or not at all. */
#include "base/mem.h"
#include "ui/console.h"
#include "ui/finder.h"
#include "ui/map.h"
#include "ui/place.h"
#include "ui/table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAP_FROM_COLUMNS = 100, MAP_FROM_LINES = 14, HITS_ON_MAP = 300, FIGURES_MOST = 1000000 };

/* A count comes whole or not at all: its least width is its most. */
static const view_column all_columns[] = {
    {.name = "name", .title = "City", .type = COL_TEXT, .width_min = 12, .width_max = 20, .keep = 1},
    {.name = "miles", .title = "Miles", .type = COL_COUNT, .width_min = 6, .width_max = 6, .keep = 1},
    {.name = "region", .title = "Region", .type = COL_TEXT, .width_min = 4, .width_max = 12, .keep = 2},
    {.name = "country", .title = "In", .type = COL_TEXT, .width_min = 2, .width_max = 4, .keep = 2},
    {.name = "population", .title = "People", .type = COL_COUNT, .width_min = 11, .width_max = 11, .keep = 3},
    {.name = "venues", .title = "Venues", .type = COL_COUNT, .width_min = 8, .width_max = 8, .keep = 4},
    {.name = "largest", .title = "Room", .type = COL_COUNT, .width_min = 8, .width_max = 8, .keep = 5},
    {.name = "fans", .title = "Fans 60mi", .type = COL_COUNT, .width_min = 10, .width_max = 10, .keep = 2},
    {.name = "followers", .title = "Follow", .type = COL_COUNT, .width_min = 10, .width_max = 10, .keep = 2},
    {.name = "buyers", .title = "Buyers", .type = COL_COUNT, .width_min = 10, .width_max = 10, .keep = 4},
    {.name = "last_show",
     .title = "Last show",
     .type = COL_DATE,
     .width_min = 10,
     .width_max = 12,
     .keep = 5},
    {.name = "tickets", .title = "Tickets", .type = COL_COUNT, .width_min = 8, .width_max = 8, .keep = 2},
    {.name = "city_id", .title = "Id", .type = COL_TEXT, .width_min = 4, .width_max = 12, .keep = 0},
};
enum { COLUMNS = sizeof all_columns / sizeof *all_columns };

typedef enum { MAP_BY_ROOM, MAP_ON, MAP_OFF } map_wish;

typedef struct places {
    view shown; /* the place's view with the columns that are shown here */
    view_column columns[COLUMNS];
    table_column fitted[TABLE_COLUMNS];
    size_t nfitted;
    int natural[TABLE_COLUMNS];
    atlas *next_atlas; /* what the next finding looks into; NULL = not read yet */
    figures *next_figures;
    bool atlas_wanted;
    atlas *atlas; /* what was found last, and where */
    figures *figures;
    found found;
    bool has_found;
    char *asked; /* the question that the finding under way, or the last one, answers */
    uint64_t finding;
    bool exact, find_again;
    uintptr_t find_tag;
    char *around; /* city_id, NULL = everywhere */
    map_wish map_wish;
    map *map;
    char *mapped; /* what the map's ground was drawn for */
    area table;   /* as last drawn, relative to the panel's */
} places;

static uint64_t next_serial(void)
{
    static uint64_t last;
    return ++last;
}

static void open_places(place *p)
{
    places *s = MEM_NEW(places);
    s->shown = *p->view;
    memcpy(s->columns, all_columns, sizeof all_columns);
    s->shown.columns = s->columns;
    s->shown.ncolumns = COLUMNS;
    s->find_tag = p->tag + UINTPTR_MAX / 2; /* cancelled by itself, not with the figures */
    for (size_t i = 0; i < TABLE_COLUMNS; i++)
        s->natural[i] = -1;
    p->want_estimate = false;
    p->column = 0;
    p->state = s;
}

static void close_places(place *p)
{
    places *s = p->state;
    atlas_drop(s->next_atlas);
    figures_drop(s->next_figures);
    found_done(&s->found);
    atlas_drop(s->atlas);
    figures_drop(s->figures);
    map_free(s->map);
    free(s->mapped);
    free(s->asked);
    free(s->around);
    free(s);
}

/* ---- the figures, on a worker ---- */

typedef struct figures_wish {
    const catalog *catalog;
    atlas *atlas;
    char *artist;
} figures_wish;

typedef struct figures_got {
    atlas *atlas;
    figures *figures;
} figures_got;

static void free_figures_wish(void *arg)
{
    figures_wish *w = arg;
    atlas_drop(w->atlas);
    free(w->artist);
    free(w);
}

static void free_figures_got(void *result)
{
    figures_got *g = result;
    atlas_drop(g->atlas);
    figures_drop(g->figures);
    free(g);
}

static bool read_query(const catalog *c, const char *name, const query_value *v, size_t n, store *st,
                       rowset **ret, stop *halt, err *e)
{
    const query *q = catalog_query(c, name);
    statement stmt;
    if (!q)
        return err_set(e, ERR_MISSING, "queries/%s.sql is missing", name);
    if (!query_bind(q, st->dialect, v, n, &stmt, e))
        return false;
    store_request r = {.name = stmt.name, .sql = stmt.sql, .params = stmt.params, .nparams = stmt.nparams};
    bool ok = store_fetch(st, &r, FIGURES_MOST, ret, halt, e);
    statement_done(&stmt);
    return ok;
}

static bool read_figures(void *arg, store *st, job *j, void **ret, err *e)
{
    const figures_wish *w = arg;
    rowset *own = NULL, *artist = NULL;
    query_value who = {"artist_id", w->artist};
    figures *f = NULL;
    bool ok = read_query(w->catalog, "city_figures", NULL, 0, st, &own, job_stop(j), e) &&
              (!w->artist || read_query(w->catalog, "places_demand", &who, 1, st, &artist, job_stop(j), e)) &&
              figures_new(w->atlas, own, artist, &f, job_stop(j), e);
    rowset_free(own);
    rowset_free(artist);
    if (!ok)
        return false;
    figures_got *g = MEM_NEW(figures_got);
    *g = (figures_got){atlas_keep(w->atlas), f};
    *ret = g;
    return true;
}

static void ask_figures(place *p, data *d)
{
    figures_wish *w = MEM_NEW(figures_wish);
    *w = (figures_wish){p->catalog, atlas_keep(data_atlas(d)), mem_str(values_get(&p->values, "artist_id"))};
    p->serial = next_serial();
    data_ask(d, &(question){.kind = ASK_WORK,
                            .tag = p->tag,
                            .serial = p->serial,
                            .work = {read_figures, w, free_figures_wish, free_figures_got, false}});
}

static void take_figures(place *p, answer *a)
{
    places *s = p->state;
    p->serial = 0;
    p->refreshing = false;
    p->error = a->error;
    if (!a->ok)
        return;
    figures_got *g = a->result;
    atlas_drop(s->next_atlas);
    figures_drop(s->next_figures);
    s->next_atlas = atlas_keep(g->atlas);
    s->next_figures = figures_keep(g->figures);
    s->find_again = true;
    p->error = (err){0};
    p->loaded_ms = ui_clock_ms();
}

/* ---- the finding, on a worker ---- */

typedef struct find_wish {
    atlas *atlas;
    figures *figures;
    char *text, *around, *country;
    const char *sort;
    bool descending, exact;
} find_wish;

typedef struct find_got {
    atlas *atlas;
    figures *figures;
    found found;
} find_got;

static void free_find_wish(void *arg)
{
    find_wish *w = arg;
    atlas_drop(w->atlas);
    figures_drop(w->figures);
    free(w->text);
    free(w->around);
    free(w->country);
    free(w);
}

static void free_find_got(void *result)
{
    find_got *g = result;
    atlas_drop(g->atlas);
    figures_drop(g->figures);
    found_done(&g->found);
    free(g);
}

static bool find(void *arg, store *st, job *j, void **ret, err *e)
{
    const find_wish *w = arg;
    (void)st;
    finder_query q = {.text = w->text,
                      .exact_only = w->exact,
                      .around = w->around ? cities_by_id(atlas_cities(w->atlas), w->around) : SIZE_MAX,
                      .sort = w->sort,
                      .descending = w->descending,
                      .country = w->country};
    found f;
    if (!finder_find(w->atlas, w->figures, &q, &f, job_stop(j), e))
        return false;
    find_got *g = MEM_NEW(find_got);
    *g = (find_got){atlas_keep(w->atlas), figures_keep(w->figures), f};
    *ret = g;
    return true;
}

static void ask_find(place *p, data *d, bool exact)
{
    places *s = p->state;
    find_wish *w = MEM_NEW(find_wish);
    *w = (find_wish){.atlas = atlas_keep(s->next_atlas),
                     .figures = figures_keep(s->next_figures),
                     .text = mem_str(p->search),
                     .around = mem_str(s->around),
                     .country = mem_str(values_get(&p->values, "country")),
                     .sort = p->sort,
                     .descending = p->descending,
                     .exact = exact};
    data_cancel(d, s->find_tag); /* the question before is of no use any more */
    s->exact = exact;
    s->finding = next_serial();
    data_ask(d, &(question){.kind = ASK_WORK,
                            .tag = s->find_tag,
                            .serial = s->finding,
                            .work = {find, w, free_find_wish, free_find_got, true}});
}

static bool has_text(const place *p)
{
    return p->search[strspn(p->search, " ")] != 0;
}

static char *question_of(const place *p)
{
    const places *s = p->state;
    return mem_printf("%s\n%s\n%d\n%s", p->search, p->sort ? p->sort : "", p->descending,
                      s->around ? s->around : "");
}

static void take_found(place *p, answer *a)
{
    places *s = p->state;
    s->finding = 0;
    if (!a->ok) {
        if (a->error.kind != ERR_CANCELLED)
            p->error = a->error;
        return;
    }
    find_got *g = a->result;
    bool first = !s->has_found || (p->list.cursor == 0 && p->list.top == 0) || p->list.want_first;
    atlas_drop(s->atlas);
    figures_drop(s->figures);
    found_done(&s->found);
    s->atlas = atlas_keep(g->atlas);
    s->figures = figures_keep(g->figures);
    s->found = g->found;
    g->found = (found){0};
    s->has_found = true;
    p->count = (int64_t)s->found.n;
    p->tier = -1;
    if (first)
        p->list.want_first = true;
    else
        list_refresh(&p->list); /* the cursor stays with its city */
}

/* ---- pages of what was found ---- */

static size_t position_of(const places *s, const rowset *rows, size_t row)
{
    int id = rowset_column(rows, "city_id"), position = rowset_column(rows, "position");
    size_t was = strtoul(rowset_cell(rows, row, (size_t)position)->text, NULL, 10);
    size_t at = cities_by_id(atlas_cities(s->atlas), rowset_cell(rows, row, (size_t)id)->text);
    if (was < s->found.n && s->found.at[was] == at)
        return was;
    for (size_t i = 0; i < s->found.n; i++)
        if (s->found.at[i] == at)
            return i;
    return SIZE_MAX;
}

static void serve(place *p)
{
    places *s = p->state;
    list_wish w;
    while (list_wish_next(&p->list, &w)) {
        size_t from = w.from_rows ? position_of(s, w.from_rows, w.from_row) : SIZE_MAX, first, n;
        if (w.backward) {
            size_t end = from == SIZE_MAX ? (w.from_rows ? 0 : s->found.n) : from;
            first = end > w.limit ? end - w.limit : 0;
            n = end - first;
        } else {
            first = from == SIZE_MAX ? 0 : from + 1;
            n = first < s->found.n ? s->found.n - first : 0;
            n = n < w.limit ? n : w.limit;
        }
        rowset *rows = finder_rows(s->atlas, s->figures, &s->found, first, n, w.backward);
        table_measure(&s->shown, rows, false, s->natural);
        list_take(&p->list, w.kind, w.serial, rows, rows->nrows,
                  w.backward ? first > 0 : first + n < s->found.n);
    }
    list_said_gone(&p->list); /* the city that the cursor was on no longer matches what is typed */
}

static void pump_places(place *p, data *d)
{
    places *s = p->state;
    if (p->want && !p->serial && !s->atlas_wanted) {
        p->asked_ms = ui_clock_ms();
        data_want_atlas(d, p->catalog);
        s->atlas_wanted = true;
    } else if (p->want && !p->serial && !data_atlas_reading(d)) {
        p->want = s->atlas_wanted = false;
        if (data_atlas_error(d)->kind == ERR_NONE && data_atlas(d)) {
            ask_figures(p, d);
        } else {
            p->refreshing = false;
            p->error = *data_atlas_error(d);
        }
    }
    if (s->next_figures) {
        char *now = question_of(p);
        if (s->find_again || !s->asked || strcmp(now, s->asked) != 0) {
            s->find_again = false;
            free(s->asked);
            s->asked = mem_str(now);
            ask_find(p, d, has_text(p));
        } else if (!s->finding && s->exact) {
            ask_find(p, d, false); /* what begins so is on the screen; now what is spelt nearly so */
        }
        free(now);
    }
    if (s->has_found && (!s->finding || !s->exact))
        serve(p);
}

static bool take_places(place *p, answer *a)
{
    places *s = p->state;
    if (a->kind != ASK_WORK || (a->tag != p->tag && a->tag != s->find_tag))
        return false;
    if (a->tag == p->tag && a->serial == p->serial)
        take_figures(p, a);
    else if (a->tag == s->find_tag && a->serial == s->finding)
        take_found(p, a);
    return true;
}

/* ---- drawing ---- */

static void choose_columns(place *p)
{
    places *s = p->state;
    static const char *const of_artist[] = {"followers", "buyers", "last_show", "tickets"};
    for (size_t i = 0; i < COLUMNS; i++) {
        view_column *c = s->columns + i;
        c->sortable = true;
        c->descending = c->type == COL_COUNT || c->type == COL_DATE;
        c->keep = all_columns[i].keep;
        if (strcmp(c->name, "miles") == 0) {
            c->descending = false;
            c->keep = s->found.near ? c->keep : 0;
        }
        for (size_t k = 0; k < 4; k++)
            if (strcmp(c->name, of_artist[k]) == 0 && !figures_of_artist(s->figures))
                c->keep = 0;
        if (strcmp(c->name, "fans") == 0 && figures_of_artist(s->figures))
            c->keep = 5; /* everybody's; the artist's own are asked for */
    }
}

static const char *order_now(const place *p, bool *ret_descending)
{
    const places *s = p->state;
    *ret_descending = p->sort ? p->descending : !s->found.near;
    return p->sort ? p->sort : has_text(p) ? NULL : s->found.near ? "miles" : "population";
}

static void draw_table(place *p, canvas *c, area a, bool focused)
{
    places *s = p->state;
    list *l = &p->list;
    table_look look = {.column = focused ? p->column : SIZE_MAX};
    look.sort = order_now(p, &look.descending);
    list_height(l, a.height > 1 ? (size_t)(a.height - 1) : 1);
    s->nfitted = table_fit(&s->shown, NULL, s->natural, a.width - 1, s->fitted);
    table_head(c, (area){a.y, a.x, 1, a.width}, &s->shown, s->fitted, s->nfitted, &look);
    if (l->held == 0 && l->loaded)
        canvas_wrap(c, a.y + 1 + a.height / 3, a.x + 2, a.width - 4, 3, STYLE_DIM,
                    p->view->empty ? p->view->empty : "There is nothing here.");
    for (size_t i = l->top; i < l->held && i < l->top + l->height; i++) {
        area line = {a.y + 1 + (int)(i - l->top), a.x, 1, a.width};
        size_t row;
        const rowset *rows = list_row(l, i, &row);
        table_row(c, line, &s->shown, s->fitted, s->nfitted, rows, row, &look);
        if (list_marked(l, i))
            canvas_text(c, line.y, line.x, 1, STYLE_WARN, canvas_glyph(c, GLYPH_MARK));
        if (focused && i == l->cursor)
            canvas_add_style(c, line, STYLE_SELECTED);
    }
}

static size_t cursor_city(const place *p)
{
    const places *s = p->state;
    size_t row;
    const rowset *rows = list_row(&p->list, p->list.cursor, &row);
    size_t at = rows ? position_of(s, rows, row) : SIZE_MAX;
    return at == SIZE_MAX ? SIZE_MAX : s->found.at[at];
}

/* The whole of the country that the cursor is in, or the circle. */
static map_box box_around(const places *s, const city_place *here)
{
    const cities *c = atlas_cities(s->atlas);
    size_t all = cities_count(c), n = 0;
    double *lat = MEM_ARRAY(double, all + 1), *lon = MEM_ARRAY(double, all + 1);
    map_box b;
    for (size_t i = 0; i < all && !s->found.near; i++) {
        city_place q = cities_at(c, i);
        if (strcmp(q.country, here->country) == 0) {
            lat[n] = q.latitude;
            lon[n++] = q.longitude;
        }
    }
    if (s->found.near) {
        b = (map_box){s->found.latitude, s->found.latitude, s->found.longitude, s->found.longitude};
        map_box_circle(&b, s->found.latitude, s->found.longitude, FINDER_AROUND_MILES * FINDER_KM_MILE);
    } else {
        b = map_box_of(lat, lon, n, .01);
        map_box_include(&b, here->latitude, here->longitude);
    }
    map_box_least(&b, 150);
    free(lat);
    free(lon);
    return b;
}

/* The ground changes with the country, the circle, the size and the data; not with each move of the cursor. */
static void ground(places *s, area a, bool ascii, const city_place *here)
{
    char *what = mem_printf("%p %p %d %d %d %d %d %.4f %.4f %s", (void *)s->atlas, (void *)s->figures, a.y,
                            a.x, a.height, a.width, s->found.near, s->found.latitude, s->found.longitude,
                            s->found.near ? "" : here->country);
    if (s->map && strcmp(what, s->mapped) == 0 &&
        (s->found.near || map_sees(s->map, here->latitude, here->longitude))) {
        free(what);
        map_reset(s->map);
        return;
    }
    const cities *c = atlas_cities(s->atlas);
    map_free(s->map);
    free(s->mapped);
    s->mapped = what;
    s->map = map_new(a, box_around(s, here), ascii);
    for (size_t i = 0; i < cities_count(c); i++) {
        city_place q = cities_at(c, i);
        map_dot(s->map, figures_venues(s->figures, i) > 0 ? MAP_PLACE : MAP_GROUND, q.latitude, q.longitude);
    }
}

static void draw_map(place *p, canvas *c, area a)
{
    places *s = p->state;
    size_t at = cursor_city(p);
    if (at == SIZE_MAX || a.height < 3 || a.width < 10)
        return;
    const cities *all = atlas_cities(s->atlas);
    city_place here = cities_at(all, at);
    ground(s, a, c->ascii, &here);
    map_label(s->map, here.latitude, here.longitude, canvas_glyph(c, GLYPH_PIN), STYLE_ACCENT);
    map_name(s->map, here.latitude, here.longitude, here.name, STYLE_TITLE);
    size_t middle = s->around ? cities_by_id(all, s->around) : SIZE_MAX;
    if (middle != SIZE_MAX && middle != at) {
        city_place q = cities_at(all, middle);
        map_label(s->map, q.latitude, q.longitude, "+", STYLE_INFO);
        map_name(s->map, q.latitude, q.longitude, q.name, STYLE_INFO);
    }
    for (size_t i = 0; has_text(p) && i < s->found.n && i < HITS_ON_MAP; i++) {
        city_place q = cities_at(all, s->found.at[i]);
        map_dot(s->map, MAP_HIT, q.latitude, q.longitude);
    }
    map_key(s->map, map_style(MAP_PLACE), map_sign(s->map, MAP_PLACE), "venues");
    if (has_text(p))
        map_key(s->map, map_style(MAP_HIT), map_sign(s->map, MAP_HIT), "found");
    if (s->found.near) {
        map_circle(s->map, s->found.latitude, s->found.longitude, FINDER_AROUND_MILES * FINDER_KM_MILE,
                   STYLE_INFO);
        map_key(s->map, STYLE_INFO, c->ascii ? "-" : "⠒", "150 mi");
    }
    map_draw(s->map, c);
}

static void draw_places(place *p, canvas *c, area a, bool focused)
{
    places *s = p->state;
    if (!s->has_found) {
        const char *said = p->error.kind != ERR_NONE ? p->error.text : "Reading places ...";
        canvas_wrap(c, a.y + 1, a.x + 2, a.width - 4, a.height - 1,
                    p->error.kind != ERR_NONE ? STYLE_BAD : STYLE_DIM, said);
        return;
    }
    choose_columns(p);
    bool wide = a.width >= MAP_FROM_COLUMNS;
    bool on = s->map_wish == MAP_BY_ROOM ? wide : s->map_wish == MAP_ON;
    area table = a, drawn = {0, 0, 0, 0};
    if (on && wide) {
        table.width = a.width * 3 / 5;
        drawn = (area){a.y, a.x + table.width + 1, a.height, a.width - table.width - 2};
    } else if (on && a.height >= MAP_FROM_LINES) {
        table.height = a.height * 2 / 5;
        drawn = (area){a.y + table.height, a.x + 1, a.height - table.height, a.width - 2};
    }
    s->table = (area){0, 0, table.height, table.width};
    draw_table(p, c, table, focused);
    if (drawn.height)
        draw_map(p, c, drawn);
}

/* ---- acting ---- */

static void move_column(place *p, int step)
{
    places *s = p->state;
    size_t at = 0;
    while (at < s->nfitted && s->fitted[at].index < p->column)
        at++;
    if (s->nfitted == 0)
        return;
    at = at == s->nfitted ? at - 1 : at;
    if (step < 0 && at > 0)
        at--;
    else if (step > 0 && at + 1 < s->nfitted)
        at++;
    p->column = s->fitted[at].index;
}

static void sort_by(place *p, const char *column, bool descending)
{
    p->sort = column;
    p->descending = descending;
    p->list.want_first = true;
}

static void sort_here(place *p)
{
    const places *s = p->state;
    const view_column *c = s->columns + p->column;
    bool descending;
    const char *now = order_now(p, &descending);
    sort_by(p, all_columns[p->column].name, now && strcmp(now, c->name) == 0 ? !descending : c->descending);
}

static void go_around(place *p, const char *city_id, const char *name)
{
    places *s = p->state;
    free(s->around);
    s->around = mem_str(city_id);
    free(p->crumb);
    p->crumb = city_id ? mem_printf("Cities near %s", name) : NULL;
    sort_by(p, NULL, false);
}

static bool act_places(place *p, action act)
{
    places *s = p->state;
    switch (act) {
    case ACT_ESCAPE:
        if (!s->around || *p->search)
            return false;
        go_around(p, NULL, NULL);
        return true;
    case ACT_LEFT:
        move_column(p, -1);
        return true;
    case ACT_RIGHT:
        move_column(p, 1);
        return true;
    case ACT_SORT:
        if (s->has_found)
            sort_here(p);
        return true;
    case ACT_COUNT: /* it always says how many there are */
        return true;
    default:
        return panel_list.act(p, act);
    }
}

static void near_here(place *p)
{
    places *s = p->state;
    size_t at = s->has_found ? cursor_city(p) : SIZE_MAX;
    if (at == SIZE_MAX)
        return;
    city_place here = cities_at(atlas_cities(s->atlas), at);
    char id[32];
    if (here.id)
        snprintf(id, sizeof id, "%s", here.id);
    else
        snprintf(id, sizeof id, "g%d", here.geonameid);
    if (s->around && strcmp(id, s->around) == 0)
        go_around(p, NULL, NULL);
    else
        go_around(p, id, here.name);
    place_filter(p, "");
}

/* The orders that a person goes through with one key; any other by the column under the cursor. */
static void next_order(place *p)
{
    static const char *const orders[] = {NULL, "fans", "followers", "population", "largest"};
    enum { ORDERS = sizeof orders / sizeof *orders };
    const places *s = p->state;
    size_t at = 0;
    while (at < ORDERS && (orders[at] ? !p->sort || strcmp(orders[at], p->sort) != 0 : p->sort != NULL))
        at++;
    at = at >= ORDERS - 1 ? 0 : at + 1;
    if (orders[at] && strcmp(orders[at], "followers") == 0 &&
        !(s->has_found && figures_of_artist(s->figures)))
        at++;
    sort_by(p, orders[at], orders[at] != NULL);
    p->said = !orders[at] ? "in order: best match, nearest, or largest first" : NULL;
}

static bool does_places(place *p, struct console *u, const char *name)
{
    places *s = p->state;
    if (strcmp(name, "near") == 0) {
        near_here(p);
    } else if (strcmp(name, "order") == 0) {
        next_order(p);
    } else if (strcmp(name, "map") == 0) {
        bool wide = u->canvas.width >= MAP_FROM_COLUMNS;
        bool on = s->map_wish == MAP_BY_ROOM ? wide : s->map_wish == MAP_ON;
        s->map_wish = on ? MAP_OFF : MAP_ON;
        if (!on && !wide && u->canvas.height - 2 < MAP_FROM_LINES)
            console_notice(u, STYLE_WARN, "There is no room for the map: it takes %d columns or %d lines",
                           MAP_FROM_COLUMNS, MAP_FROM_LINES + 2);
    } else {
        return false;
    }
    return true;
}

static void click_places(place *p, int y, int x)
{
    places *s = p->state;
    if (y >= s->table.height || x >= s->table.width)
        return;
    for (size_t i = 0; y == 0 && i < s->nfitted; i++)
        if (x >= s->fitted[i].x && x < s->fitted[i].x + s->fitted[i].width)
            p->column = s->fitted[i].index;
    size_t i = p->list.top + (size_t)(y - 1);
    if (y > 0 && i < p->list.held)
        list_select(&p->list, i);
}

static bool row_places(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row)
{
    *ret_view = &((places *)p->state)->shown;
    *ret_rows = list_row(&p->list, p->list.cursor, ret_row);
    return *ret_rows != NULL;
}

/* What is spelt exactly so is enough to act on; what is nearly so may still be on its way. */
static bool behind_places(const place *p)
{
    const places *s = p->state;
    char *now = question_of(p);
    bool other = !s->asked || strcmp(now, s->asked) != 0;
    free(now);
    return other || !s->has_found || list_waiting(&p->list) || (s->finding && (s->exact || !p->list.held));
}

const panel panel_places = {
    .kind = VIEW_PLACES,
    .open = open_places,
    .close = close_places,
    .pump = pump_places,
    .take = take_places,
    .draw = draw_places,
    .act = act_places,
    .click = click_places,
    .row = row_places,
    .behind = behind_places,
    .does = does_places,
};
