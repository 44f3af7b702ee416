#include "base/mem.h"
#include "suites.h"
#include "ui/prompt.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static prompt *p;
static size_t used; /* of what was typed last */

static size_t words(void *ctx, const char *line, size_t at, char ***ret)
{
    static const char *const all[] = {"artists", "artist", "bookings"};
    size_t n = 0;
    (void)ctx;
    *ret = MEM_ARRAY(char *, 3);
    for (size_t i = 0; i < 3; i++)
        if (strncmp(all[i], line, at) == 0)
            (*ret)[n++] = mem_str(all[i]);
    return n;
}

static void set_up(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("XDG_STATE_HOME", support_folder(), 1);
    p = prompt_open(&(prompt_spec){.kind = "test", .label = ": ", .complete = words}, 80);
}

static void tear_down(void)
{
    prompt_free(p);
}

static prompt_state type(const char *s)
{
    return prompt_type(p, s, strlen(s), &used);
}

START_TEST(one_of_several_fields_is_left_by_up_down_and_tab_with_its_text)
{
    static const struct {
        const char *keys;
        prompt_state state;
    } ways[] = {{"\033[A", PROMPT_PREVIOUS},
                {"\033OB", PROMPT_NEXT},
                {"\t", PROMPT_NEXT},
                {"\033[Z", PROMPT_PREVIOUS}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        prompt_free(p);
        p = prompt_open(&(prompt_spec){.label = "note: ", .initial = "old", .fields = true}, 80);
        ck_assert_int_eq(type("er"), PROMPT_OPEN);
        ck_assert_int_eq(type(ways[i].keys), ways[i].state);
        ck_assert_str_eq(prompt_text(p), "older");
    }
    prompt_free(p);
    p = prompt_open(&(prompt_spec){.label = ": "}, 80);
    ck_assert_int_eq(type("\033[A"), PROMPT_OPEN); /* elsewhere Up is the history's */
}
END_TEST

START_TEST(a_line_is_typed_edited_and_entered)
{
    ck_assert(type("artistx\177s") == PROMPT_OPEN);
    ck_assert_str_eq(prompt_text(p), "artists");
    ck_assert(type("\r") == PROMPT_DONE);
    ck_assert_str_eq(prompt_text(p), "artists");
}
END_TEST

START_TEST(keys_behind_the_end_of_the_line_are_not_the_prompts)
{
    ck_assert(type("luna park\rPj") == PROMPT_DONE);
    ck_assert_str_eq(prompt_text(p), "luna park");
    ck_assert_uint_eq(used, strlen("luna park\r"));
}
END_TEST

START_TEST(a_pasted_newline_does_not_run_the_line)
{
    ck_assert(type("\033[200~first\nsecond\r\n\033[201~") == PROMPT_OPEN);
    ck_assert_str_eq(prompt_text(p), "first second  ");
}
END_TEST

START_TEST(a_paste_that_comes_in_pieces_is_one_paste)
{
    static const char pasted[] = "\033[200~one\ntwo\033[201~";
    ck_assert(prompt_type(p, pasted, 6, &used) == PROMPT_OPEN);
    for (size_t i = 6; i + 1 < sizeof pasted; i++)
        ck_assert(prompt_type(p, pasted + i, 1, &used) == PROMPT_OPEN);
    ck_assert_str_eq(prompt_text(p), "one two");
}
END_TEST

START_TEST(a_lone_escape_cancels_and_keeps_the_text_readable)
{
    type("half a line");
    ck_assert(type("\033") == PROMPT_CANCELLED);
    ck_assert_str_eq(prompt_text(p), "half a line");
}
END_TEST

START_TEST(arrow_keys_move_and_do_not_cancel)
{
    type("bc");
    ck_assert(type("\033[D\033[D") == PROMPT_OPEN);
    type("a");
    ck_assert_str_eq(prompt_text(p), "abc");
}
END_TEST

START_TEST(half_a_character_waits_for_the_other_half)
{
    ck_assert(prompt_type(p, "\xc3", 1, &used) == PROMPT_OPEN);
    ck_assert_str_eq(prompt_text(p), "");
    ck_assert(prompt_type(p, "\xa9", 1, &used) == PROMPT_OPEN);
    ck_assert_str_eq(prompt_text(p), "é");
}
END_TEST

START_TEST(tab_completes_the_common_part_and_shows_the_rest)
{
    canvas c;
    canvas_init(&c, 6, 40, false);
    type("ar\t");
    ck_assert_str_eq(prompt_text(p), "artist");
    prompt_draw(p, &c, 5);
    char *line = canvas_line(&c, 4);
    ck_assert_str_eq(line, "  artists  artist");
    free(line);
    type("\025bo\t");
    ck_assert_ptr_nonnull(strstr(prompt_text(p), "bookings"));
    canvas_done(&c);
}
END_TEST

START_TEST(history_is_kept_a_kind_and_found_again)
{
    type("remember me\r");
    prompt_free(p);
    p = prompt_open(&(prompt_spec){.kind = "other", .label = "/ "}, 80);
    type("\033[A");
    ck_assert_str_eq(prompt_text(p), "");
    prompt_free(p);
    p = prompt_open(&(prompt_spec){.kind = "test", .label = ": "}, 80);
    type("\033[A");
    ck_assert_str_eq(prompt_text(p), "remember me");
    prompt_free(p);
    p = prompt_open(&(prompt_spec){.kind = "test", .label = ": "}, 80);
    type("\022member");
    ck_assert_ptr_nonnull(strstr(prompt_text(p), "remember me"));
}
END_TEST

START_TEST(a_line_longer_than_the_screen_keeps_the_cursor_on_it)
{
    canvas c;
    canvas_init(&c, 2, 20, false);
    for (int i = 0; i < 50; i++)
        type("日");
    prompt_draw(p, &c, 1);
    ck_assert_int_lt(c.cursor_x, 20);
    ck_assert_int_ge(c.cursor_x, 2);
    canvas_done(&c);
}
END_TEST

Suite *prompt_suite(void)
{
    Suite *s = suite_create("prompt");
    TCase *tc = tcase_create("prompt");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_line_is_typed_edited_and_entered);
    tcase_add_test(tc, keys_behind_the_end_of_the_line_are_not_the_prompts);
    tcase_add_test(tc, a_pasted_newline_does_not_run_the_line);
    tcase_add_test(tc, a_paste_that_comes_in_pieces_is_one_paste);
    tcase_add_test(tc, a_lone_escape_cancels_and_keeps_the_text_readable);
    tcase_add_test(tc, arrow_keys_move_and_do_not_cancel);
    tcase_add_test(tc, half_a_character_waits_for_the_other_half);
    tcase_add_test(tc, tab_completes_the_common_part_and_shows_the_rest);
    tcase_add_test(tc, history_is_kept_a_kind_and_found_again);
    tcase_add_test(tc, one_of_several_fields_is_left_by_up_down_and_tab_with_its_text);
    tcase_add_test(tc, a_line_longer_than_the_screen_keeps_the_cursor_on_it);
    suite_add_tcase(s, tc);
    return s;
}
