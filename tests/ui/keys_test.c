#include "base/mem.h"
#include "suites.h"
#include "ui/keys.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t said;
static char last[512];

static void told(void *ctx, const char *sentence)
{
    (void)ctx;
    said++;
    snprintf(last, sizeof last, "%s", sentence);
}

START_TEST(no_key_of_the_table_stands_for_two_actions)
{
    for (size_t i = 0; i < key_count; i++)
        for (size_t k = 0; k < 3 && key_rows[i].keys[k]; k++)
            ck_assert_msg(keys_action(key_rows[i].keys[k]) == key_rows[i].action, "a key of %s is taken",
                          key_rows[i].word);
}
END_TEST

START_TEST(every_action_has_a_key_a_word_and_help)
{
    for (int a = ACT_NONE + 1; a < ACTIONS; a++) {
        const key_row *row = NULL;
        for (size_t i = 0; i < key_count; i++)
            if (key_rows[i].action == (action)a)
                row = key_rows + i;
        ck_assert_msg(row && row->keys[0] && row->word && row->help && row->group, "action %d", a);
    }
}
END_TEST

START_TEST(a_key_and_its_name_are_one)
{
    for (size_t i = 0; i < key_count; i++)
        for (size_t k = 0; k < 3 && key_rows[i].keys[k]; k++) {
            buf b;
            buf_init(&b);
            keys_name(key_rows[i].keys[k], &b);
            if (b.data[0] != '^' || b.len == 1)
                ck_assert_int_eq(keys_named(b.data), key_rows[i].keys[k]);
            buf_done(&b);
        }
    ck_assert_int_eq(keys_named("^P"), 16);
    ck_assert_int_eq(keys_named("é"), 0xE9);
    ck_assert_int_eq(keys_named("Nonsense"), K_NONE);
    ck_assert_int_eq(keys_named(""), K_NONE);
    ck_assert_int_eq(keys_named(NULL), K_NONE);
}
END_TEST

START_TEST(a_view_that_uses_a_key_twice_is_told_with_file_and_line)
{
    view_go gos[] = {{.name = "concerts", .key = "c", .line = 4}, {.name = "cities", .key = "c", .line = 9}};
    view v = {.name = "x", .file = "views/x.view", .gos = gos, .ngos = 2};
    said = 0;
    ck_assert_uint_eq(keys_clashes(&v, told, NULL), 1);
    ck_assert_uint_eq(said, 1);
    ck_assert_ptr_nonnull(strstr(last, "views/x.view:9: key c of cities"));
    ck_assert_ptr_nonnull(strstr(last, "line 4"));
}
END_TEST

START_TEST(a_view_may_not_take_the_keys_that_lead_out)
{
    static const char *const taken[] = {"q", "?", ":", "/", "Esc", "Backspace", "Up", "k", "f", "v", "^P"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        view_do d = {.name = "harm", .key = taken[i], .line = 3};
        view v = {.name = "x", .file = "views/x.view", .dos = &d, .ndos = 1};
        ck_assert_msg(keys_clashes(&v, told, NULL) == 1, "%s", taken[i]);
    }
    view_go fine = {.name = "open", .key = "Enter"};
    view v = {.name = "x", .file = "views/x.view", .gos = &fine, .ngos = 1};
    ck_assert_uint_eq(keys_clashes(&v, told, NULL), 0);
}
END_TEST

START_TEST(the_built_in_views_have_no_clash)
{
    catalog *c = catalog_new(told, NULL);
    const view *const *all;
    size_t n = catalog_views(c, &all), found = 0;
    ck_assert_uint_gt(n, 5);
    for (size_t i = 0; i < n; i++)
        found += keys_clashes(all[i], told, NULL);
    ck_assert_msg(found == 0, "%s", last);
    catalog_free(c);
}
END_TEST

START_TEST(what_cannot_be_done_says_why)
{
    key_state s = {0};
    for (size_t i = 0; i < key_count; i++)
        if (key_rows[i].why_not) {
            const char *why = keys_why_not(key_rows[i].action, &s);
            ck_assert_msg(why && *why, "%s", key_rows[i].word);
        }
    s.searchable = true;
    ck_assert_ptr_null(keys_why_not(ACT_FILTER, &s));
}
END_TEST

Suite *keys_suite(void)
{
    Suite *s = suite_create("keys");
    TCase *tc = tcase_create("keys");
    tcase_add_test(tc, no_key_of_the_table_stands_for_two_actions);
    tcase_add_test(tc, every_action_has_a_key_a_word_and_help);
    tcase_add_test(tc, a_key_and_its_name_are_one);
    tcase_add_test(tc, a_view_that_uses_a_key_twice_is_told_with_file_and_line);
    tcase_add_test(tc, a_view_may_not_take_the_keys_that_lead_out);
    tcase_add_test(tc, the_built_in_views_have_no_clash);
    tcase_add_test(tc, what_cannot_be_done_says_why);
    suite_add_tcase(s, tc);
    return s;
}
