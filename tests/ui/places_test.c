/* The Cities screen without a terminal: over a store that gives six places, through the real workers. */
#include "base/mem.h"
#include "fake.h"
#include "suites.h"
#include "ui/finder.h"
#include "ui/place.h"
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static catalog *cat;
static data *dt;
static char sentence[400];
static atomic_int versions, reads, broken; /* the data's version; how often places were read; figures fail */

/* ---- a store of six places ---- */

static const char *const place_head[] = {"city_id",     "geonameid",  "name",         "admin1",
                                         "admin1_name", "country",    "country_name", "time_zone",
                                         "feature",     "population", "latitude",     "longitude"};
static const char *const place_rows[] = {"g1",        "1",       "Springfield",   "MO",
                                         "Missouri",  "US",      "United States", "America/Chicago",
                                         "PPL",       "166810",  "37.21533",      "-93.29824",
                                         "g2",        "2",       "Springfield",   "IL",
                                         "Illinois",  "US",      "United States", "America/Chicago",
                                         "PPLA",      "116565",  "39.80172",      "-89.64371",
                                         "g3",        "3",       "Chicago",       "IL",
                                         "Illinois",  "US",      "United States", "America/Chicago",
                                         "PPLA2",     "2720546", "41.85003",      "-87.65005",
                                         "g4",        "4",       "Cicero",        "IL",
                                         "Illinois",  "US",      "United States", "America/Chicago",
                                         "PPL",       "83886",   "41.84559",      "-87.75394",
                                         "g5",        "5",       "Milwaukee",     "WI",
                                         "Wisconsin", "US",      "United States", "America/Chicago",
                                         "PPLA2",     "600155",  "43.0389",       "-87.90647",
                                         "g6",        "6",       "München",       "02",
                                         "Bavaria",   "DE",      "Germany",       "Europe/Berlin",
                                         "PPLA",      "1260391", "48.13743",      "11.57549"};
static const char *const figure_head[] = {"city_id", "venues", "largest", "followers",
                                          "buyers",  "fans",   "shows"};
static const char *const figure_rows[] = {"g3", "2", "900", "9",  "9", "40",  "1", "g4", "0", NULL, "2",
                                          "1",  "7", "0",   "g6", "1", "400", "0", "0",  "3", "0"};
static const char *const demand_head[] = {"city_id", "followers", "buyers", "last_show", "tickets"};
static const char *const demand_rows[] = {"g3", "30", "6", "2026-02-03", "240",
                                          "g4", "4",  "1", "2026-05-06", NULL};
static const char *const name_head[] = {"geonameid", "name"};
static const char *const name_rows[] = {"6", "Munich"};

typedef struct six {
    store s;
} six;

static bool give(const char *const *head, size_t n, const char *const *cells, size_t rows,
                 const store_sink *sink, err *e)
{
    store_column columns[16];
    for (size_t i = 0; i < n; i++)
        columns[i] = (store_column){head[i], STORE_TEXT};
    if (sink->head && !sink->head(sink->ctx, columns, n, e))
        return false;
    for (size_t r = 0; r < rows; r++) {
        store_cell row[16];
        for (size_t i = 0; i < n; i++) {
            const char *text = cells[r * n + i];
            row[i] = (store_cell){text, text ? strlen(text) : 0};
        }
        if (!sink->row(sink->ctx, row, n, e))
            return false;
    }
    return true;
}

static bool run(store *s, const store_request *request, const store_sink *sink, int64_t *ret_affected,
                stop *until, err *e)
{
    (void)s;
    (void)ret_affected;
    (void)until;
    if (strstr(request->name, "city_version")) {
        char text[16];
        const char *head[] = {"version"}, *cells[] = {text};
        snprintf(text, sizeof text, "%d", versions);
        return give(head, 1, cells, 1, sink, e);
    }
    if (strstr(request->name, "city_places"))
        reads++;
    if (strstr(request->name, "city_figures") && broken)
        return err_set(e, ERR_FAILED, "the figures broke");
    return strstr(request->name, "city_places")    ? give(place_head, 12, place_rows, 6, sink, e)
           : strstr(request->name, "city_names")   ? give(name_head, 2, name_rows, 1, sink, e)
           : strstr(request->name, "city_figures") ? give(figure_head, 7, figure_rows, 3, sink, e)
                                                   : give(demand_head, 5, demand_rows, 2, sink, e);
}

static bool connected(store *s, stop *until, err *e)
{
    (void)s;
    (void)until;
    (void)e;
    return true;
}

static void close_six(store *s)
{
    free(s);
}

static bool open_six(void *ctx, store **ret, stop *until, err *e)
{
    (void)ctx;
    (void)until;
    (void)e;
    six *f = MEM_NEW(six);
    f->s = (store){.connect = connected, .run = run, .close = close_six};
    *ret = &f->s;
    return true;
}

/* ---- a catalog of what the screen asks ---- */

static void told(void *ctx, const char *s)
{
    (void)ctx;
    snprintf(sentence, sizeof sentence, "%s", s);
}

static void add(const char *path, const char *text)
{
    err e = {0};
    ck_assert_msg(catalog_add(cat, path, text, strlen(text), &e), "%s", e.text);
}

static void set_up(void)
{
    cat = catalog_empty();
    add("queries/city_version.sql", "-- city_version: which\nselect version from city_data\n");
    add("queries/city_places.sql", "-- city_places: all\nselect * from city\n");
    add("queries/city_names.sql", "-- city_names: all\nselect * from city_name\n");
    add("queries/city_figures.sql",
        "-- city_figures: all\n-- :artist_id text = null   whose\nselect :artist_id from x\n");
    add("queries/places_demand.sql",
        "-- places_demand: one\n-- :artist_id text   whose\nselect :artist_id from x\n");
    add("queries/cities.sql",
        "-- cities: all\n-- :artist_id text = null   whose\nselect :artist_id from city\n");
    add("queries/cities_by_word.sql", "-- cities_by_word: all\n-- :search fold = ''  what\n-- :artist_id "
                                      "text = null   whose\nselect :search, :artist_id from "
                                      "city\n");
    add("views/cities.view",
        "title = Cities\nkind = places\nquery = cities\nkey = city_id\nsort = name\n"
        "search = cities_by_word: by word\nempty = No city here. Esc clears the filter.\n"
        "[column name]\nkeep = 1\n[column city_id]\nkeep = 0\n"
        "[act near]\nkey = n\n[act order]\nkey = t\n[act map]\nkey = m\n");
    size_t wrong = catalog_link(cat, told, NULL);
    ck_assert_msg(wrong == 0, "%s", sentence);
    data_source source = {open_six, NULL};
    dt = data_new(&source, NULL, NULL, NULL);
    versions = 1;
    reads = broken = 0;
}

static void tear_down(void)
{
    ck_assert(data_free(dt));
    catalog_free(cat);
}

/* Pumps until nothing is asked any more. */
static void settle(place *p)
{
    answer a;
    for (int quiet = 0; quiet < 3;) {
        place_pump(p, dt);
        struct pollfd pf = {data_fd(dt), POLLIN, 0};
        quiet = poll(&pf, 1, place_waiting(p) ? 10000 : 60) > 0 ? 0 : quiet + 1;
        while (data_next(dt, &a)) {
            place_take(p, &a);
            answer_done(&a);
        }
    }
}

static place *opened(const char *artist)
{
    query_value who = {"artist_id", artist};
    place *p = place_new(cat, catalog_view(cat, "cities"), &who, artist ? 1 : 0);
    settle(p);
    return p;
}

static char *screen_of(place *p, int height, int width, bool ascii)
{
    canvas c;
    buf b;
    buf_init(&b);
    canvas_init(&c, height, width, ascii);
    place_draw(p, &c, (area){0, 0, height, width});
    for (int y = 0; y < height; y++) {
        char *line = canvas_line(&c, y);
        buf_printf(&b, "%s\n", line);
        free(line);
    }
    canvas_done(&c);
    return buf_take(&b);
}

static void is(place *p, int height, int width, const char *expected)
{
    char *got = screen_of(p, height, width, true);
    ck_assert_msg(strcmp(got, expected) == 0, "shown:\n%s\nexpected:\n%s", got, expected);
    free(got);
}

static void names_are(place *p, const char *expected)
{
    buf b;
    buf_init(&b);
    for (size_t i = 0; i < p->list.held; i++) {
        size_t row;
        const rowset *rows = list_row(&p->list, i, &row);
        buf_printf(&b, "%s%s", i ? " " : "",
                   rowset_cell(rows, row, (size_t)rowset_column(rows, "city_id"))->text);
    }
    ck_assert_str_eq(b.data, expected);
    buf_done(&b);
}

START_TEST(nothing_blocks_while_places_are_read_and_then_they_stand_by_size)
{
    place *p = place_new(cat, catalog_view(cat, "cities"), NULL, 0);
    is(p, 3, 30, "\n  Reading places ...\n\n");
    settle(p);
    is(p, 8, 72,
       "  City         Region     In   People v  Venues  Room  Fans 60mi\n"
       "  Chicago      Illinois   US  2,720,546       2   900         47\n"
       "  Munchen      Bavaria    DE  1,260,391       1   400\n"
       "  Milwaukee    Wisconsin  US    600,155       0                0\n"
       "  Springfield  Missouri   US    166,810       0                0\n"
       "  Springfield  Illinois   US    116,565       0                0\n"
       "  Cicero       Illinois   US     83,886       0               47\n\n");
    place_free(p);
}
END_TEST

START_TEST(what_begins_so_comes_first_and_a_typing_error_is_forgiven)
{
    place *p = opened(NULL);
    place_filter(p, "ci");
    settle(p);
    names_are(p, "g4");
    place_filter(p, "chicgo");
    settle(p);
    names_are(p, "g3");
    place_filter(p, "munich");
    settle(p);
    names_are(p, "g6");
    place_filter(p, "springfield il");
    settle(p);
    size_t row;
    const rowset *rows = list_row(&p->list, 0, &row);
    ck_assert_str_eq(rowset_cell(rows, row, 0)->text, "g2");
    place_filter(p, "zzzzzz");
    settle(p);
    char *got = screen_of(p, 9, 60, true);
    ck_assert_ptr_nonnull(strstr(got, "No city here"));
    free(got);
    place_free(p);
}
END_TEST

START_TEST(a_late_answer_is_dropped)
{
    place *p = opened(NULL);
    place_filter(p, "cicero");
    place_pump(p, dt); /* asked, and not taken */
    place_filter(p, "milw");
    settle(p);
    names_are(p, "g5");
    answer late = {.kind = ASK_WORK, .tag = p->tag + UINTPTR_MAX / 2, .serial = 1, .ok = true};
    ck_assert(place_take(p, &late)); /* it is this screen's, and changes nothing */
    names_are(p, "g5");
    place_free(p);
}
END_TEST

START_TEST(around_a_city_stands_what_is_near_by_distance_and_escape_leaves)
{
    place *p = opened(NULL);
    ck_assert(p->panel->does(p, NULL, "near")); /* the cursor is on Chicago */
    settle(p);
    names_are(p, "g3 g4 g5");
    ck_assert_str_eq(p->crumb, "Cities near Chicago");
    ck_assert(place_act(p, ACT_ESCAPE));
    settle(p);
    ck_assert_uint_eq(p->list.held, 6);
    ck_assert_ptr_null(p->crumb);
    ck_assert(!place_act(p, ACT_ESCAPE)); /* the console's own from here on */
    place_free(p);
}
END_TEST

START_TEST(one_key_goes_through_the_orders_and_a_column_sorts_too)
{
    place *p = opened(NULL);
    p->panel->does(p, NULL, "order");
    settle(p);
    names_are(p, "g3 g4 g6 g5 g1 g2"); /* fans within 60 miles; below 5 is as none */
    p->panel->does(p, NULL, "order");
    ck_assert_str_eq(p->sort, "population"); /* no artist: no followers */
    p->panel->does(p, NULL, "order");
    ck_assert_str_eq(p->sort, "largest");
    p->panel->does(p, NULL, "order");
    ck_assert_ptr_null(p->sort);
    settle(p);
    free(screen_of(p, 8, 72, true));
    p->column = 0;
    place_act(p, ACT_SORT);
    settle(p);
    names_are(p, "g3 g4 g5 g6 g1 g2");
    place_act(p, ACT_SORT);
    settle(p);
    names_are(p, "g1 g2 g6 g5 g4 g3");
    place_free(p);
}
END_TEST

START_TEST(an_artists_figures_are_those_within_sixty_miles)
{
    place *p = opened("a1");
    place_filter(p, "cicero");
    settle(p);
    size_t row;
    const rowset *rows = list_row(&p->list, 0, &row);
    static const char *const what[][2] = {{"followers", "34"},
                                          {"buyers", "7"},
                                          {"last_show", "2026-05-06"},
                                          {"tickets", "240"},
                                          {"venues", "0"}};
    for (size_t i = 0; i < 5; i++)
        ck_assert_str_eq(rowset_cell(rows, row, (size_t)rowset_column(rows, what[i][0]))->text, what[i][1]);
    place_free(p);
}
END_TEST

START_TEST(the_map_shows_the_country_and_the_city_under_the_cursor)
{
    place *p = opened(NULL);
    char *got = screen_of(p, 12, 110, true);
    ck_assert_msg(strstr(got, "@ Chicago") || strstr(got, "Chicago @"), "%s", got);
    ck_assert_ptr_nonnull(strstr(got, "o venues"));
    ck_assert_ptr_nonnull(strstr(got, " mi, "));
    free(got);
    got = screen_of(p, 20, 80, true); /* too narrow for both, unless it is asked for */
    ck_assert_ptr_null(strstr(got, "@ "));
    free(got);
    place_free(p);
}
END_TEST

START_TEST(places_are_read_once_and_again_when_there_are_others)
{
    place *p = opened(NULL), *q = opened(NULL);
    ck_assert_int_eq(reads, 1);
    place_refresh(p);
    settle(p);
    ck_assert_int_eq(reads, 1);
    versions = 2;
    list_move(&p->list, 2);
    place_refresh(p);
    settle(p);
    ck_assert_int_eq(reads, 2);
    ck_assert_uint_eq(p->list.cursor, 2); /* the cursor stays with its city */
    names_are(q, "g3 g6 g5 g1 g2 g4");    /* still in the atlas it was found in */
    settle(q);
    place_free(p);
    place_free(q);
}
END_TEST

START_TEST(a_failure_is_a_sentence_and_r_tries_again)
{
    broken = 1;
    place *p = opened(NULL);
    is(p, 3, 40, "\n  the figures broke\n\n");
    ck_assert(!place_waiting(p));
    broken = 0;
    place_refresh(p);
    settle(p);
    ck_assert_uint_eq(p->list.held, 6);
    ck_assert(p->error.kind == ERR_NONE);
    place_free(p);
}
END_TEST

Suite *places_suite(void)
{
    Suite *s = suite_create("places");
    TCase *tc = tcase_create("places");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, nothing_blocks_while_places_are_read_and_then_they_stand_by_size);
    tcase_add_test(tc, what_begins_so_comes_first_and_a_typing_error_is_forgiven);
    tcase_add_test(tc, a_late_answer_is_dropped);
    tcase_add_test(tc, around_a_city_stands_what_is_near_by_distance_and_escape_leaves);
    tcase_add_test(tc, one_key_goes_through_the_orders_and_a_column_sorts_too);
    tcase_add_test(tc, an_artists_figures_are_those_within_sixty_miles);
    tcase_add_test(tc, the_map_shows_the_country_and_the_city_under_the_cursor);
    tcase_add_test(tc, places_are_read_once_and_again_when_there_are_others);
    tcase_add_test(tc, a_failure_is_a_sentence_and_r_tries_again);
    suite_add_tcase(s, tc);
    return s;
}
