/* The benchmark: its reader and its verifier, each shown to refuse every kind of broken input. */
#include "optw_suite.h"

#include "base/buf.h"
#include "tour/optw.h"

#include <string.h>

/* Four points on a line, 10 apart: 1 and 2 to the right, 3 and 4 to the left. Point 4 opens late. */
#define HEAD "4 1 4 1\n0 200\n 0 0 0 0 0 0 0 0 100\n"
#define POINTS " 1 10 0 5 10 1 1 1 0 50\n 2 20 0 5 20 1 1 1 0 60\n 3 -10 0 5 30 1 1 1 0 30\n"
#define LINE HEAD POINTS " 4 -20 0 5 40 1 2 1 2 80 90\n"

static optw *read_line(const char *text)
{
    err e = {0};
    optw *o = optw_read("line.txt", text, strlen(text), -1, &e);
    ck_assert_msg(o != NULL, "%s", e.text);
    return o;
}

START_TEST(a_file_gives_its_points_with_the_window_from_the_last_two_fields)
{
    optw *o = read_line(LINE);
    ck_assert_str_eq(o->name, "line");
    ck_assert_uint_eq(o->n, 5);
    ck_assert_int_eq(o->points[4].score, 40);
    ck_assert(o->points[4].open > 79.9 && o->points[4].open < 80.1 && o->points[4].close > 89.9);
    ck_assert(o->points[0].close > 99.9 && o->points[4].duration > 4.9 && o->points[4].x < -19.9);
    optw_free(o);
}
END_TEST

START_TEST(lines_may_end_in_cr_and_blank_lines_may_follow)
{
    static const char text[] = "4 1 1 1\r\n0 200\r\n 0 0 0 0 0 0 0 0 100\r\n 1 1 0 5 10 1 1 1 0 50\r\n\r\n\n";
    optw_free(read_line(text));
}
END_TEST

START_TEST(the_family_follows_from_the_name_and_else_from_the_coordinates)
{
    static const char halves[] = "4 1 1 1\n0 200\n 0 0.5 0 0 0 0 0 0 100\n 1 1 0 5 10 1 1 1 0 50\n";
    static const struct {
        const char *file, *text;
        int asked, decimals;
    } cases[] = {
        {"a/c101.txt", halves, -1, 1}, {"R201.TXT", halves, -1, 1}, {"rc103.txt", halves, -1, 1},
        {"x/pr07.txt", LINE, -1, 2},   {"other.txt", LINE, -1, 1},  {"other.txt", halves, -1, 2},
        {"road.txt", halves, -1, 2},   {"c101.txt", LINE, 3, 3},    {"pr", LINE, -1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err e = {0};
        optw *o = optw_read(cases[i].file, cases[i].text, strlen(cases[i].text), cases[i].asked, &e);
        ck_assert_msg(o && o->decimals == cases[i].decimals, "case %zu: %s", i, e.text);
        optw_free(o);
    }
}
END_TEST

START_TEST(a_broken_file_is_said_in_one_sentence_with_its_line)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "f:1: the file is empty"},
        {"4 1\n", "f:1: the first line must be 'k v N t', N the number of points besides point 0"},
        {"4 1 x 1\n", "f:1: field 3, the number of points, is 'x', no number from 0 to 2000"},
        {"4 1 2.5 1\n", "f:1: field 3, the number of points, is '2.5', no whole number"},
        {"4 1 9999 1\n", "f:1: field 3, the number of points, is '9999', no number from 0 to 2000"},
        {"4 1 4 1\n", "f:2: the second line is missing"},
        {HEAD, "f:4: the file ends before point 1 of 4"},
        {HEAD " 1 10 0\n", "f:4: 3 fields where a point has 9 or more (i x y d S f a list... O C)"},
        {HEAD " 2 10 0 5 10 1 1 1 0 50\n", "f:4: point 2 where point 1 is due"},
        {HEAD " 1 nan 0 5 10 1 1 1 0 50\n",
         "f:4: field 2, the x, is 'nan', no number from -100000 to 100000"},
        {HEAD " 1 10 0 -5 10 1 1 1 0 50\n",
         "f:4: field 4, the duration, is '-5', no number from 0 to 100000"},
        {HEAD " 1 10 0 5 1.5 1 1 1 0 50\n", "f:4: field 5, the score, is '1.5', no whole number"},
        {HEAD " 1 10 0 5 10 1 3 1 0 50\n", "f:4: 10 fields where a list of 3 makes 12"},
        {HEAD " 1 10 0 5 10 1 1 1 60 50\n", "f:4: point 1 closes at 50, before it opens at 60"},
        {HEAD " 1 10 0 5 10 1 1 1 0 0x40\n",
         "f:4: field 10, the closing, is '0x40', no number from 0 to 100000"},
        {LINE " 5 0 0 5 10 1 1 1 0 50\n", "f:8: more lines than the 4 points that line 1 promises"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err e = {0};
        ck_assert(!optw_read("f", cases[i].text, strlen(cases[i].text), -1, &e));
        ck_assert_int_eq(e.kind, ERR_INPUT);
        ck_assert_str_eq(e.text, cases[i].said);
    }
}
END_TEST

/* ---- the verifier ---- */

static bool verdict(const char *text, int routes, int64_t score, const int32_t *a, size_t na,
                    const int32_t *b, size_t nb, err *e)
{
    int32_t first[8], second[8];
    optw_result r = {.routes = routes, .score = score, .length = {na, nb}, .visits = {first, second}};
    memcpy(first, a, na * sizeof *a);
    memcpy(second, b, nb * sizeof *b);
    optw *o = read_line(text);
    bool ok = optw_verify(o, &r, e);
    optw_free(o);
    return ok;
}

START_TEST(the_verifier_takes_routes_that_keep_every_rule)
{
    static const int32_t right[] = {1, 2}, left[] = {3, 4}, all[] = {3, 1, 2};
    err e = {0};
    ck_assert_msg(verdict(LINE, 2, 100, right, 2, left, 0, &e) == false, "the score is that of one route: %s",
                  e.text);
    ck_assert_msg(verdict(LINE, 2, 30, right, 2, left, 0, &e), "%s", e.text);
    ck_assert_msg(verdict(LINE, 1, 60, all, 3, all, 0, &e), "%s", e.text);
    ck_assert_msg(verdict(LINE, 1, 0, all, 0, all, 0, &e), "%s", e.text);
}
END_TEST

START_TEST(the_verifier_rejects_each_kind_of_broken_route)
{
    static const int32_t twice[] = {1, 1}, home[] = {0, 1}, none[] = {5}, negative[] = {-1},
                         late[] = {2, 1, 3}, over[] = {4}, right[] = {1, 2};
    static const struct {
        const int32_t *a, *b;
        size_t na, nb;
        int routes;
        int64_t score;
        const char *said;
    } cases[] = {
        {twice, twice, 2, 0, 1, 20, "route 1, position 2: point 1 is visited twice"},
        {right, right, 2, 1, 2, 40, "route 2, position 1: point 1 is visited twice"},
        {home, home, 2, 0, 1, 10, "route 1, position 1: there is no point 0 to visit"},
        {none, none, 1, 0, 1, 0, "route 1, position 1: there is no point 5 to visit"},
        {negative, negative, 1, 0, 1, 0, "route 1, position 1: there is no point -1 to visit"},
        {late, late, 3, 0, 1, 60,
         "route 1, position 3: point 3 is reached at 60.000, after it closed at 30.000"},
        {over, over, 1, 0, 1, 40, "route 1 ends at 105.000, after point 0 closed at 100.000"},
        {right, right, 2, 0, 1, 31, "the routes score 30, not 31"},
        {right, right, 2, 0, 0, 0, "0 routes where 1 to 4 are possible"},
        {right, right, 2, 0, 5, 30, "5 routes where 1 to 4 are possible"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        err e = {0};
        ck_assert_msg(!verdict(LINE, cases[i].routes, cases[i].score, cases[i].a, cases[i].na, cases[i].b,
                               cases[i].nb, &e),
                      "case %zu was taken", i);
        ck_assert_int_eq(e.kind, ERR_FAILED);
        ck_assert_str_eq(e.text, cases[i].said);
    }
}
END_TEST

START_TEST(the_verifier_counts_waiting_and_the_cut_off_travel_time)
{
    /* Point 1 is 1.4142 away: 1.4 with one decimal, just in time at its closing of 1.4; 1.41 with two, too late. */
    static const char text[] = "4 1 1 1\n0 200\n 0 0 0 0 0 0 0 0 100\n 1 1 1 0 10 1 1 1 0 1.4\n";
    static const int32_t one[] = {1};
    optw_result r = {.routes = 1, .score = 10, .length = {1}};
    int32_t visits[] = {one[0]};
    err e = {0};
    r.visits[0] = visits;
    optw *o = optw_read("c1", text, strlen(text), -1, &e), *two = optw_read("c1", text, strlen(text), 2, &e);
    ck_assert_msg(o && two, "%s", e.text);
    ck_assert_msg(optw_verify(o, &r, &e), "%s", e.text);
    ck_assert(!optw_verify(two, &r, &e));
    optw_free(o);
    optw_free(two);
}
END_TEST

Suite *optw_suite(void)
{
    Suite *s = suite_create("optw");
    TCase *tc = tcase_create("file and verifier");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_file_gives_its_points_with_the_window_from_the_last_two_fields);
    tcase_add_test(tc, lines_may_end_in_cr_and_blank_lines_may_follow);
    tcase_add_test(tc, the_family_follows_from_the_name_and_else_from_the_coordinates);
    tcase_add_test(tc, a_broken_file_is_said_in_one_sentence_with_its_line);
    tcase_add_test(tc, the_verifier_takes_routes_that_keep_every_rule);
    tcase_add_test(tc, the_verifier_rejects_each_kind_of_broken_route);
    tcase_add_test(tc, the_verifier_counts_waiting_and_the_cut_off_travel_time);
    optw_search_tests(s);
    return s;
}
