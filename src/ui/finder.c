#include "ui/finder.h"
#include "base/mem.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HITS_MOST = 300, NOTHING = INT32_MIN };

typedef struct figure {
    int32_t venues, largest, fans, followers, buyers, tickets; /* tickets: NOTHING = no estimate near */
    int32_t last_show; /* year * 10000 + month * 100 + day; 0 = never */
} figure;

struct figures {
    figure *items;
    int64_t *demand; /* what breaks ties in a text tier */
    size_t n;
    bool artist;
    atomic_int holders;
};

/* ---- rolling up ---- */

static long number(const rowset *r, size_t row, int column, long none)
{
    const store_cell *c = column < 0 ? NULL : rowset_cell(r, row, (size_t)column);
    return c && c->text ? strtol(c->text, NULL, 10) : none;
}

static int32_t day_of(const rowset *r, size_t row, int column)
{
    int y, m, d;
    const store_cell *c = column < 0 ? NULL : rowset_cell(r, row, (size_t)column);
    return c && c->text && sscanf(c->text, "%d-%d-%d", &y, &m, &d) == 3 ? y * 10000 + m * 100 + d : 0;
}

static size_t city_of(const cities *c, const rowset *r, size_t row, int column)
{
    const store_cell *cell = column < 0 ? NULL : rowset_cell(r, row, (size_t)column);
    return cell && cell->text ? cities_by_id(c, cell->text) : SIZE_MAX;
}

/* A city gives what it has to all cities around it: cheaper than each of a hundred thousand asking around. */
typedef struct around {
    const cities *cities;
    sphere_hit *hits;
    size_t most;
} around;

static size_t cities_around(around *w, size_t at)
{
    city_place p = cities_at(w->cities, at);
    double km = FINDER_MILES * FINDER_KM_MILE;
    size_t n = sphere_within(cities_sphere(w->cities), p.latitude, p.longitude, km, w->hits, w->most);
    if (n > w->most) {
        w->most = n;
        free(w->hits);
        w->hits = MEM_ARRAY(sphere_hit, n);
        sphere_within(cities_sphere(w->cities), p.latitude, p.longitude, km, w->hits, w->most);
    }
    return n;
}

static bool add_own(figures *f, around *w, const rowset *r, stop *halt, err *e)
{
    int id = rowset_column(r, "city_id"), venues = rowset_column(r, "venues"),
        largest = rowset_column(r, "largest"), fans = rowset_column(r, "fans");
    for (size_t row = 0; row < r->nrows; row++) {
        size_t at = city_of(w->cities, r, row, id);
        if (stop_now(halt, e))
            return false;
        if (at == SIZE_MAX)
            continue;
        f->items[at].venues += (int32_t)number(r, row, venues, 0);
        f->items[at].largest = (int32_t)number(r, row, largest, 0);
        int32_t people = (int32_t)number(r, row, fans, 0);
        size_t n = people ? cities_around(w, at) : 0;
        for (size_t i = 0; i < n; i++)
            f->items[w->hits[i].at].fans += people;
    }
    return true;
}

static bool add_artist(figures *f, around *w, const rowset *r, stop *halt, err *e)
{
    int id = rowset_column(r, "city_id"), followers = rowset_column(r, "followers"),
        buyers = rowset_column(r, "buyers"), shown = rowset_column(r, "last_show"),
        tickets = rowset_column(r, "tickets");
    double *far = MEM_ARRAY(double, f->n); /* how far the estimate came from that a city has */
    bool ok = true;
    for (size_t row = 0; row < r->nrows && (ok = !stop_now(halt, e)); row++) {
        size_t at = city_of(w->cities, r, row, id), n = at == SIZE_MAX ? 0 : cities_around(w, at);
        int32_t day = day_of(r, row, shown);
        long sells = number(r, row, tickets, NOTHING);
        for (size_t i = 0; i < n; i++) {
            figure *g = f->items + w->hits[i].at;
            double km = w->hits[i].km;
            g->followers += (int32_t)number(r, row, followers, 0);
            g->buyers += (int32_t)number(r, row, buyers, 0);
            g->last_show = day > g->last_show ? day : g->last_show;
            if (sells != NOTHING && (g->tickets == NOTHING || km < far[w->hits[i].at])) {
                g->tickets = (int32_t)sells;
                far[w->hits[i].at] = km;
            }
        }
    }
    free(far);
    return ok;
}

bool figures_new(const atlas *a, const rowset *own, const rowset *artist, figures **ret, stop *halt, err *e)
{
    around w = {.cities = atlas_cities(a), .most = 1024};
    figures *f = MEM_NEW(figures);
    f->n = cities_count(w.cities);
    f->items = MEM_ARRAY(figure, f->n + 1);
    f->demand = MEM_ARRAY(int64_t, f->n + 1);
    f->artist = artist != NULL;
    atomic_init(&f->holders, 1);
    for (size_t i = 0; i < f->n; i++)
        f->items[i].tickets = NOTHING;
    w.hits = MEM_ARRAY(sphere_hit, w.most);
    bool ok = add_own(f, &w, own, halt, e) && (!artist || add_artist(f, &w, artist, halt, e));
    free(w.hits);
    for (size_t i = 0; i < f->n; i++)
        f->demand[i] = artist ? f->items[i].followers : f->items[i].fans;
    if (ok)
        *ret = f;
    else
        figures_drop(f);
    return ok;
}

figures *figures_keep(figures *f)
{
    atomic_fetch_add(&f->holders, 1);
    return f;
}

void figures_drop(figures *f)
{
    if (!f || atomic_fetch_sub(&f->holders, 1) > 1)
        return;
    free(f->items);
    free(f->demand);
    free(f);
}

bool figures_of_artist(const figures *f)
{
    return f->artist;
}

int32_t figures_venues(const figures *f, size_t at)
{
    return f->items[at].venues;
}

/* ---- finding ---- */

static bool wanted(const cities *c, const finder_query *q, size_t at)
{
    return !q->country || strcmp(cities_at(c, at).country, q->country) == 0;
}

static bool find_named(const atlas *a, const figures *f, const finder_query *q, found *ret, stop *halt,
                       err *e)
{
    city_query named = {q->text, q->exact_only, f->demand, q->country};
    city_hit *hits = MEM_ARRAY(city_hit, HITS_MOST);
    size_t n = 0;
    bool ok = cities_find(atlas_cities(a), &named, hits, HITS_MOST, &n, halt, e);
    ret->at = MEM_ARRAY(size_t, n + 1);
    for (size_t i = 0; ok && i < n; i++) {
        city_place p = cities_at(atlas_cities(a), hits[i].at);
        if (!ret->near || sphere_km(ret->latitude, ret->longitude, p.latitude, p.longitude) <=
                              FINDER_AROUND_MILES * FINDER_KM_MILE)
            ret->at[ret->n++] = hits[i].at;
    }
    free(hits);
    return ok;
}

static void find_around(const atlas *a, const finder_query *q, found *ret)
{
    const cities *c = atlas_cities(a);
    double km = FINDER_AROUND_MILES * FINDER_KM_MILE;
    size_t most = cities_count(c), n;
    sphere_hit *hits = MEM_ARRAY(sphere_hit, most + 1);
    n = sphere_within(cities_sphere(c), ret->latitude, ret->longitude, km, hits, most);
    ret->at = MEM_ARRAY(size_t, n + 1);
    for (size_t i = 0; i < n; i++)
        if (wanted(c, q, hits[i].at))
            ret->at[ret->n++] = hits[i].at;
    free(hits);
}

static void find_all(const atlas *a, const finder_query *q, found *ret)
{
    const cities *c = atlas_cities(a);
    ret->at = MEM_ARRAY(size_t, cities_count(c) + 1);
    for (size_t i = 0; i < cities_count(c); i++)
        if (wanted(c, q, i))
            ret->at[ret->n++] = i;
}

/* ---- orders ---- */

typedef struct ordering {
    const cities *cities;
    const figures *figures;
    const found *found;
    const char *sort;
    int way;
} ordering;

static double miles(const found *f, const city_place *p)
{
    return sphere_km(f->latitude, f->longitude, p->latitude, p->longitude) / FINDER_KM_MILE;
}

/* What people do not see does not order either. */
static int32_t people(int32_t n)
{
    return n > 0 && n < FINDER_CELL_LEAST ? 0 : n;
}

static const struct {
    const char *name;
    size_t offset;
    bool people;
} figure_columns[] = {
    {"venues", offsetof(figure, venues), false},
    {"largest", offsetof(figure, largest), false},
    {"fans", offsetof(figure, fans), true},
    {"followers", offsetof(figure, followers), true},
    {"buyers", offsetof(figure, buyers), true},
    {"tickets", offsetof(figure, tickets), false},
    {"last_show", offsetof(figure, last_show), false},
};

static bool figure_named(const figures *f, size_t at, const char *column, int32_t *ret)
{
    for (size_t i = 0; i < sizeof figure_columns / sizeof *figure_columns; i++)
        if (strcmp(figure_columns[i].name, column) == 0) {
            const char *base = (const char *)(f->items + at);
            memcpy(ret, base + figure_columns[i].offset, sizeof *ret);
            if (figure_columns[i].people)
                *ret = people(*ret);
            return true;
        }
    return false;
}

static int by_order(const void *a, const void *b, void *ctx)
{
    const ordering *o = ctx;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    city_place p = cities_at(o->cities, x), q = cities_at(o->cities, y);
    int32_t left, right;
    int order = 0;
    if (figure_named(o->figures, x, o->sort, &left)) {
        figure_named(o->figures, y, o->sort, &right);
        order = left < right ? -1 : left > right;
    } else if (strcmp(o->sort, "miles") == 0) {
        double from = miles(o->found, &p), to = miles(o->found, &q);
        order = from < to ? -1 : from > to;
    } else if (strcmp(o->sort, "population") == 0) {
        order = p.population < q.population ? -1 : p.population > q.population;
    } else {
        const char *l = strcmp(o->sort, "region") == 0    ? p.admin1_name
                        : strcmp(o->sort, "country") == 0 ? p.country
                                                          : p.name;
        const char *r = strcmp(o->sort, "region") == 0    ? q.admin1_name
                        : strcmp(o->sort, "country") == 0 ? q.country
                                                          : q.name;
        order = strcmp(l, r);
    }
    if (order)
        return o->way * order;
    if (p.population != q.population)
        return p.population > q.population ? -1 : 1;
    return x < y ? -1 : x > y;
}

bool finder_find(const atlas *a, const figures *f, const finder_query *q, found *ret, stop *halt, err *e)
{
    *ret = (found){.near = q->around != SIZE_MAX};
    bool ok = true;
    const char *sort = q->sort;
    bool descending = q->descending;
    if (ret->near) {
        city_place p = cities_at(atlas_cities(a), q->around);
        ret->latitude = p.latitude;
        ret->longitude = p.longitude;
    }
    if (q->text[strspn(q->text, " ")]) {
        ok = find_named(a, f, q, ret, halt, e);
    } else if (ret->near) {
        find_around(a, q, ret);
    } else {
        find_all(a, q, ret);
        if (!sort)
            descending = true;
        sort = sort ? sort : "population";
    }
    ordering o = {atlas_cities(a), f, ret, sort, descending ? -1 : 1};
    if (ok && sort)
        qsort_r(ret->at, ret->n, sizeof *ret->at, by_order, &o);
    if (!ok || stop_now(halt, e)) {
        found_done(ret);
        return false;
    }
    return true;
}

void found_done(found *f)
{
    free(f->at);
    *f = (found){0};
}

/* ---- rows ---- */

/* A store that gives what it is told, so that what was found becomes rows as everything else does. */
typedef struct row_source {
    store s;
    const atlas *atlas;
    const figures *figures;
    const found *found;
    size_t first, n;
    bool backward;
} row_source;

static const char *const row_columns[] = {"city_id",    "name",      "region",  "country", "country_name",
                                          "population", "venues",    "largest", "fans",    "followers",
                                          "buyers",     "last_show", "tickets", "miles",   "position"};
enum { ROW_COLUMNS = sizeof row_columns / sizeof *row_columns, FIRST_FIGURE = 6, LAST_FIGURE = 12 };

typedef struct row_text {
    char text[ROW_COLUMNS][32];
} row_text;

static const char *figure_text(const figures *f, size_t at, const char *column, char out[32])
{
    int32_t n = 0;
    figure_named(f, at, column, &n);
    const figure *g = f->items + at;
    bool of_artist =
        strcmp(column, "venues") != 0 && strcmp(column, "largest") != 0 && strcmp(column, "fans") != 0;
    if ((of_artist && !f->artist) || n == NOTHING)
        return NULL;
    if (strcmp(column, "last_show") == 0) {
        if (!n)
            return NULL;
        snprintf(out, 32, "%04d-%02d-%02d", n / 10000, n / 100 % 100, n % 100);
        return out;
    }
    if (strcmp(column, "largest") == 0 && n == 0)
        return NULL;
    bool few = (strcmp(column, "fans") == 0 && g->fans && !n) ||
               (strcmp(column, "followers") == 0 && g->followers && !n) ||
               (strcmp(column, "buyers") == 0 && g->buyers && !n);
    snprintf(out, 32, "%d", n);
    return few ? NULL : out;
}

static void fill_row(const row_source *src, size_t position, row_text *t, store_cell cells[ROW_COLUMNS])
{
    size_t at = src->found->at[position];
    city_place p = cities_at(atlas_cities(src->atlas), at);
    const char *texts[ROW_COLUMNS] = {p.id, p.name, p.admin1_name, p.country, p.country_name, t->text[5]};
    if (!p.id) {
        snprintf(t->text[0], 32, "g%d", p.geonameid);
        texts[0] = t->text[0];
    }
    snprintf(t->text[5], 32, "%lld", (long long)p.population);
    for (size_t i = FIRST_FIGURE; i <= LAST_FIGURE; i++)
        texts[i] = figure_text(src->figures, at, row_columns[i], t->text[i]);
    snprintf(t->text[13], 32, "%.0f", src->found->near ? miles(src->found, &p) : 0);
    texts[13] = src->found->near ? t->text[13] : NULL;
    snprintf(t->text[14], 32, "%zu", position);
    texts[14] = t->text[14];
    for (size_t i = 0; i < ROW_COLUMNS; i++)
        cells[i] = (store_cell){texts[i], texts[i] ? strlen(texts[i]) : 0};
}

static bool give_rows(store *s, const store_request *request, const store_sink *sink, int64_t *ret_affected,
                      stop *until, err *e)
{
    const row_source *src = (const row_source *)s;
    store_column head[ROW_COLUMNS];
    (void)request;
    (void)until;
    for (size_t i = 0; i < ROW_COLUMNS; i++)
        head[i] = (store_column){row_columns[i], STORE_TEXT};
    if (sink->head && !sink->head(sink->ctx, head, ROW_COLUMNS, e))
        return false;
    for (size_t i = 0; i < src->n; i++) {
        row_text t;
        store_cell cells[ROW_COLUMNS];
        fill_row(src, src->backward ? src->first + src->n - 1 - i : src->first + i, &t, cells);
        if (!sink->row(sink->ctx, cells, ROW_COLUMNS, e))
            return false;
    }
    if (ret_affected)
        *ret_affected = (int64_t)src->n;
    return true;
}

rowset *finder_rows(const atlas *a, const figures *f, const found *fd, size_t first, size_t n, bool backward)
{
    first = first < fd->n ? first : fd->n;
    n = n < fd->n - first ? n : fd->n - first;
    row_source src = {.s = {.run = give_rows},
                      .atlas = a,
                      .figures = f,
                      .found = fd,
                      .first = first,
                      .n = n,
                      .backward = backward};
    store_request request = {.name = "places", .sql = ""};
    rowset *rows = NULL;
    return store_fetch(&src.s, &request, n + 1, &rows, NULL, NULL) ? rows : NULL;
}
