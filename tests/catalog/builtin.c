/* The files that are built in: what can be held against them without a database. */
#include "catalog/embedded.h"
#include "suites.h"

START_TEST(every_built_in_file_is_taken_in_silence)
{
    heard h;
    buf_init(&h.lines);
    catalog *c = catalog_new(hear, &h);
    ck_assert_ptr_nonnull(c);
    ck_assert_str_eq(h.lines.data, "");
    buf_done(&h.lines);
    catalog_free(c);
}
END_TEST

START_TEST(every_screen_of_the_first_console_is_there)
{
    static const char *const names[] = {
        "home",    "artists", "artist", "concerts", "concert",     "line_up",    "ticket_types", "fans",
        "fan",     "follows", "venues", "venue",    "bookings",    "booking",    "orders",       "order",
        "tickets", "cities",  "city",   "tours",    "tour",        "tour_stops", "documents",    "document",
        "issues",  "issue",   "models", "loads",    "load_errors", "collections"};
    catalog *c = catalog_new(NULL, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg(catalog_view(c, names[i]) != NULL, "%s", names[i]);
    catalog_free(c);
}
END_TEST

START_TEST(every_list_fits_eighty_columns_by_dropping_the_less_needed)
{
    catalog *c = catalog_new(NULL, NULL);
    const view *const *views;
    size_t n = catalog_views(c, &views);
    for (size_t i = 0; i < n; i++) {
        int first = 0;
        for (size_t k = 0; k < views[i]->ncolumns; k++)
            if (views[i]->columns[k].keep == 1)
                first += views[i]->columns[k].width_min + 1;
        if (view_is_list(views[i]) || views[i]->kind == VIEW_HOME)
            ck_assert_msg(first > 0 && first <= 78, "%s: its first columns take %d", views[i]->name, first);
    }
    catalog_free(c);
}
END_TEST

/* Personal data of fans and buyers is masked until revealed, on whatever screen it stands. */
START_TEST(personal_data_is_marked_everywhere)
{
    catalog *c = catalog_new(NULL, NULL);
    const view *const *views;
    size_t n = catalog_views(c, &views), seen = 0;
    for (size_t i = 0; i < n; i++) {
        bool fans = strstr(views[i]->name, "fan") || strstr(views[i]->name, "order") ||
                    strstr(views[i]->name, "follow") || strstr(views[i]->name, "ticket");
        for (size_t k = 0; fans && k < views[i]->ncolumns; k++) {
            const char *name = views[i]->columns[k].name;
            bool personal =
                strcmp(name, "email") == 0 || strcmp(name, "phone") == 0 || strcmp(name, "birth_year") == 0;
            ck_assert_msg(!personal || views[i]->columns[k].sensitive, "%s.%s", views[i]->name, name);
            seen += personal;
        }
    }
    ck_assert_uint_ge(seen, 8);
    catalog_free(c);
}
END_TEST

START_TEST(every_view_says_what_to_do_when_it_is_empty)
{
    catalog *c = catalog_new(NULL, NULL);
    const view *const *views;
    size_t n = catalog_views(c, &views);
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(strcmp(views[i]->empty, "Nothing here.") != 0, "%s", views[i]->name);
        ck_assert_msg(views[i]->summary != views[i]->title, "%s", views[i]->name);
    }
    catalog_free(c);
}
END_TEST

START_TEST(embedded_files_are_found_by_path)
{
    ck_assert_ptr_nonnull(embedded_find("queries/_page.sql"));
    ck_assert_ptr_nonnull(embedded_find("views/artists.view"));
    ck_assert_ptr_null(embedded_find("views/nothing.view"));
    ck_assert_ptr_null(embedded_find(""));
}
END_TEST

Suite *suite_builtin(void)
{
    Suite *s = suite_create("built in");
    TCase *tc = tcase_create("built in");
    tcase_add_test(tc, every_built_in_file_is_taken_in_silence);
    tcase_add_test(tc, every_screen_of_the_first_console_is_there);
    tcase_add_test(tc, every_list_fits_eighty_columns_by_dropping_the_less_needed);
    tcase_add_test(tc, personal_data_is_marked_everywhere);
    tcase_add_test(tc, every_view_says_what_to_do_when_it_is_empty);
    tcase_add_test(tc, embedded_files_are_found_by_path);
    suite_add_tcase(s, tc);
    return s;
}
