/* Maps: small ones, whole, in both charsets. */
#include "suites.h"
#include "ui/map.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The lines of the drawing, joined. */
static char *drawn(const map *m, bool ascii)
{
    area a = map_area(m);
    canvas c;
    buf b;
    buf_init(&b);
    canvas_init(&c, a.y + a.height, a.x + a.width, ascii);
    map_draw(m, &c);
    for (int y = 0; y < c.height; y++) {
        char *line = canvas_line(&c, y);
        buf_printf(&b, "%s\n", line);
        free(line);
    }
    canvas_done(&c);
    return buf_take(&b);
}

static void is(const map *m, bool ascii, const char *expected)
{
    char *got = drawn(m, ascii);
    ck_assert_msg(strcmp(got, expected) == 0, "drawn:\n%s\nexpected:\n%s", got, expected);
    free(got);
}

static const map_box around_null = {-10, 10, -10, 10}; /* the equator: a degree is as wide as it is high */

START_TEST(dots_stand_where_they_are_and_the_brighter_layer_wins)
{
    for (int ascii = 0; ascii < 2; ascii++) {
        map *m = map_new((area){0, 0, 3, 6}, around_null, ascii);
        map_dot(m, MAP_GROUND, 10, -10);
        map_dot(m, MAP_GROUND, 10, 10);
        map_dot(m, MAP_GROUND, 0, 0);
        map_dot(m, MAP_GROUND, 40, 0); /* not to be seen */
        map_dot(m, MAP_PLACE, 0, 0.1);
        map_dot(m, MAP_HIT, -10, 10);
        is(m, ascii, ascii ? ".    .\n   o\n     *\n" : "⠐    ⠂\n   ⠄\n     ⠄\n");
        map_reset(m); /* the ground and the places stay */
        is(m, ascii, ascii ? ".    .\n   o\n\n" : "⠐    ⠂\n   ⠄\n\n");
        map_free(m);
    }
}
END_TEST

START_TEST(a_route_is_a_line_and_labels_win_over_it)
{
    static const double lat[] = {9, 9, -9}, lon[] = {-9, 9, -9};
    for (int ascii = 0; ascii < 2; ascii++) {
        map *m = map_new((area){0, 0, 3, 6}, around_null, ascii);
        ck_assert(map_label(m, 9, -9, "1", STYLE_TITLE));
        ck_assert(map_label(m, 9, 9, "2", STYLE_TITLE));
        map_route(m, lat, lon, 3, STYLE_ACCENT);
        ck_assert(map_label(m, -9, -9, "3", STYLE_TITLE));
        is(m, ascii, ascii ? "1---/2\n  //\n3/\n" : "1⠒⠒⠒⡲2\n  ⡠⠊\n3⠊\n");
        map_free(m);
    }
}
END_TEST

START_TEST(labels_that_would_cover_each_other_move_aside_or_are_refused)
{
    map *m = map_new((area){0, 0, 3, 6}, around_null, true);
    ck_assert(map_label(m, 0, 0, "11", STYLE_TITLE));
    ck_assert(map_label(m, 0, 0, "12", STYLE_TITLE));
    ck_assert(map_name(m, 0, 0, "Rome", STYLE_TITLE));
    ck_assert(!map_name(m, 0, 0, "Constantinople", STYLE_TITLE));
    ck_assert(!map_label(m, 80, 0, "13", STYLE_TITLE)); /* outside */
    is(m, true, " Rome\n  1112\n\n");
    map_free(m);
}
END_TEST

START_TEST(the_last_line_says_what_signs_mean_and_how_far_it_is)
{
    for (int ascii = 0; ascii < 2; ascii++) {
        map *m = map_new((area){0, 0, 5, 44}, around_null, ascii);
        map_key(m, STYLE_ACCENT, "1", "a stop");
        map_key(m, map_style(MAP_PLACE), map_sign(m, MAP_PLACE), "venues");
        map_key(m, STYLE_DIM, "x", "what has no room any more");
        is(m, ascii,
           ascii ? "\n\n\n\n1 a stop  o venues    |---| 1000 mi, 1609 km\n"
                 : "\n\n\n\n1 a stop  ⠶ venues    ├───┤ 1000 mi, 1609 km\n");
        map_free(m);
    }
}
END_TEST

START_TEST(a_circle_is_round_and_as_wide_as_it_says)
{
    map *m = map_new((area){0, 0, 5, 9}, around_null, false);
    map *plain = map_new((area){0, 0, 7, 14}, around_null, true);
    map_circle(m, 0, 0, 8 * 111.195, STYLE_INFO);
    map_circle(plain, 0, 0, 8 * 111.195, STYLE_INFO);
    is(m, false, "  ⢀⣠⠤⣄⡀\n ⢠⠏   ⠹⡄\n ⠘⣆   ⣰⠃\n  ⠈⠙⠒⠋⠁\n\n");
    is(plain, true, "     ----\n   /--  -\\\\\n  |/      ||\n  ||      /|\n   \\\\-  --/\n     ----\n\n");
    map_free(m);
    map_free(plain);
}
END_TEST

START_TEST(a_box_over_the_antimeridian_is_the_small_one)
{
    static const double fiji[] = {-17, -18, -16}, lons[] = {178, -179, 177};
    map_box b = map_box_of(fiji, lons, 3, 0);
    ck_assert_msg(fabs(b.east - b.west - 4) < 1e-9, "%g..%g", b.west, b.east);
    map_box_include(&b, -17, -178);
    ck_assert(fabs(b.east - b.west - 5) < 1e-9);
    map *m = map_new((area){0, 0, 2, 6}, b, true);
    ck_assert(map_sees(m, -17, 178) && map_sees(m, -17, -178.5));
    ck_assert(!map_sees(m, -17, 0));
    static const double lat[] = {-17, -17}, over[] = {177.2, -178.2};
    map_route(m, lat, over, 2, STYLE_ACCENT);
    char *got = drawn(m, true);
    ck_assert_msg(strstr(got, "-----"), "%s", got); /* not once round the world */
    free(got);
    map_free(m);
}
END_TEST

START_TEST(a_few_far_islands_do_not_shrink_a_country)
{
    double lat[200], lon[200];
    for (int i = 0; i < 200; i++) {
        lat[i] = 30 + i % 10;
        lon[i] = -100 + i / 10;
    }
    lon[0] = -160;
    ck_assert(fabs(map_box_of(lat, lon, 200, 0).west + 160) < 1e-9);
    ck_assert(map_box_of(lat, lon, 200, .01).west > -101);
    map_box one = map_box_of(lat, lon, 1, .4); /* one point is its own box */
    ck_assert(one.west == one.east && one.south == one.north);
    map_box_least(&one, 222.39);
    ck_assert(fabs(one.north - one.south - 2) < 1e-6);
}
END_TEST

START_TEST(any_size_and_any_place_is_drawn_within_its_area)
{
    static const double lats[] = {90, -90, 0, 45, -45}, lons[] = {180, -180, 0, 179.99, -720};
    for (int i = 0; i < 120; i++) {
        area a = {i % 3, i % 4, i % 9, i % 13};
        map *m = map_new(a, map_box_of(lats, lons, (size_t)(i % 6), 0), i % 2);
        for (size_t k = 0; k < 5; k++) {
            map_dot(m, (map_layer)(k % MAP_LAYERS), lats[k], lons[k]);
            map_circle(m, lats[k], lons[k], 30000, STYLE_INFO);
            map_label(m, lats[k], lons[k], "99", STYLE_TITLE);
            map_name(m, lats[k], lons[k], "\033[2J\xff", STYLE_TITLE);
        }
        map_route(m, lats, lons, 5, STYLE_ACCENT);
        map_key(m, STYLE_DIM, "o", "word");
        free(drawn(m, i % 2));
        map_free(m);
    }
}
END_TEST

Suite *map_suite(void)
{
    Suite *s = suite_create("map");
    TCase *tc = tcase_create("map");
    tcase_add_test(tc, dots_stand_where_they_are_and_the_brighter_layer_wins);
    tcase_add_test(tc, a_route_is_a_line_and_labels_win_over_it);
    tcase_add_test(tc, labels_that_would_cover_each_other_move_aside_or_are_refused);
    tcase_add_test(tc, the_last_line_says_what_signs_mean_and_how_far_it_is);
    tcase_add_test(tc, a_circle_is_round_and_as_wide_as_it_says);
    tcase_add_test(tc, a_box_over_the_antimeridian_is_the_small_one);
    tcase_add_test(tc, a_few_far_islands_do_not_shrink_a_country);
    tcase_add_test(tc, any_size_and_any_place_is_drawn_within_its_area);
    suite_add_tcase(s, tc);
    return s;
}
