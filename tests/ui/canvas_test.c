#include "base/rng.h"
#include "suites.h"
#include "ui/canvas.h"
#include <stdlib.h>
#include <string.h>

static char *drawn(canvas *c, const char *s)
{
    canvas_clear(c);
    canvas_text(c, 0, 0, c->width, STYLE_TEXT, s);
    return canvas_line(c, 0);
}

static void shows(canvas *c, const char *s, const char *expected)
{
    char *line = drawn(c, s);
    ck_assert_str_eq(line, expected);
    free(line);
}

START_TEST(text_is_cut_with_an_ellipsis_at_the_edge)
{
    canvas c;
    canvas_init(&c, 2, 8, false);
    shows(&c, "Luna", "Luna");
    shows(&c, "Luna Park", "Luna Pa…");
    shows(&c, "日本語日本語", "日本語 …");
    canvas_done(&c);
    canvas_init(&c, 2, 8, true);
    shows(&c, "Luna Park", "Luna Pa.");
    canvas_done(&c);
}
END_TEST

START_TEST(escapes_newlines_and_direction_marks_never_reach_a_cell)
{
    canvas c;
    canvas_init(&c, 1, 30, false);
    static const char *const hostile[] = {"\033[2J\033[H",
                                          "a\rb\nc\td",
                                          "\xe2\x80\xae evil",
                                          "\xc2\x9b"
                                          "31m",
                                          "zero\xe2\x80\x8bwidth",
                                          "\xff\xfe broken",
                                          "\xf3\xa0\x81\x81tag"};
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char *line = drawn(&c, hostile[i]);
        for (const char *p = line; *p;) {
            uint32_t cp;
            p += text_decode(p, strlen(p), &cp);
            ck_assert_msg(cp >= ' ' && cp != 0x7f && !(cp >= 0x80 && cp < 0xa0) && cp != 0x202e &&
                              cp != 0x200b,
                          "U+%04X of string %zu", cp, i);
        }
        free(line);
    }
    canvas_done(&c);
}
END_TEST

START_TEST(half_of_an_overwritten_wide_character_becomes_a_blank)
{
    canvas c;
    canvas_init(&c, 1, 6, false);
    canvas_text(&c, 0, 0, 6, STYLE_TEXT, "日本語");
    canvas_text(&c, 0, 1, 1, STYLE_TEXT, "x");
    char *line = canvas_line(&c, 0);
    ck_assert_str_eq(line, " x本語");
    free(line);
    canvas_done(&c);
}
END_TEST

START_TEST(nothing_is_drawn_outside_the_clip)
{
    canvas c;
    canvas_init(&c, 3, 10, false);
    canvas_clip(&c, (area){1, 2, 1, 4});
    for (int y = -2; y < 6; y++)
        canvas_text(&c, y, 0, 10, STYLE_TEXT, "0123456789");
    char *line = canvas_line(&c, 1), *other = canvas_line(&c, 0);
    ck_assert_str_eq(line, "  2345");
    ck_assert_str_eq(other, "");
    free(line);
    free(other);
    canvas_done(&c);
}
END_TEST

START_TEST(wrapped_text_breaks_at_spaces_and_loses_nothing_but_them)
{
    canvas c;
    canvas_init(&c, 5, 10, false);
    static const char *const expected[] = {"one two", "three", "fourteenle", "tters x"};
    ck_assert_int_eq(canvas_wrap(&c, 0, 0, 10, 5, STYLE_TEXT, "one two three fourteenletters x"), 4);
    for (int y = 0; y < 4; y++) {
        char *line = canvas_line(&c, y);
        ck_assert_str_eq(line, expected[y]);
        free(line);
    }
    canvas_done(&c);
}
END_TEST

/* Every line is as wide as the screen, whatever was drawn where. */
START_TEST(random_bytes_anywhere_leave_every_line_in_its_columns)
{
    rng r;
    rng_seed(&r, support_seed(11) + (uint64_t)_i);
    canvas c;
    canvas_init(&c, 5, 17, _i % 2 == 1);
    for (int k = 0; k < 300; k++) {
        char s[40];
        size_t n = rng_below(&r, sizeof s);
        for (size_t i = 0; i < n; i++)
            s[i] = (char)rng_below(&r, 256);
        canvas_textn(&c, (int)rng_below(&r, 9) - 2, (int)rng_below(&r, 25) - 4, (int)rng_below(&r, 25) - 2,
                     (int)rng_below(&r, STYLES), s, n);
        for (int y = 0; y < c.height; y++) {
            int columns = 0;
            for (int x = 0; x < c.width; x++) {
                const canvas_cell *cell = c.cells + y * c.width + x;
                columns += cell->columns;
                ck_assert(cell->columns != 2 || (x + 1 < c.width && cell[1].columns == 0));
                ck_assert(cell->columns != 0 || (x > 0 && cell[-1].columns == 2));
            }
            ck_assert_int_eq(columns, c.width);
        }
    }
    canvas_done(&c);
}
END_TEST

START_TEST(a_canvas_of_one_cell_or_none_is_no_trouble)
{
    for (int size = 0; size < 4; size++) {
        canvas c;
        canvas_init(&c, size, size, false);
        canvas_text(&c, 0, 0, 80, STYLE_TEXT, "日 showx");
        canvas_box(&c, (area){0, 0, size, size}, STYLE_RULE, "title");
        canvas_wrap(&c, 0, 0, size, size, STYLE_TEXT, "some words");
        canvas_fit(&c, 0, 0, 10, STYLE_TEXT, TEXT_RIGHT, "1");
        canvas_done(&c);
    }
}
END_TEST

Suite *canvas_suite(void)
{
    Suite *s = suite_create("canvas");
    TCase *tc = tcase_create("canvas");
    tcase_add_test(tc, text_is_cut_with_an_ellipsis_at_the_edge);
    tcase_add_test(tc, escapes_newlines_and_direction_marks_never_reach_a_cell);
    tcase_add_test(tc, half_of_an_overwritten_wide_character_becomes_a_blank);
    tcase_add_test(tc, nothing_is_drawn_outside_the_clip);
    tcase_add_test(tc, wrapped_text_breaks_at_spaces_and_loses_nothing_but_them);
    tcase_add_loop_test(tc, random_bytes_anywhere_leave_every_line_in_its_columns, 0, 10);
    tcase_add_test(tc, a_canvas_of_one_cell_or_none_is_no_trouble);
    suite_add_tcase(s, tc);
    return s;
}
