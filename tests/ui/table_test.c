#include "base/rng.h"
#include "fake.h"
#include "suites.h"
#include "ui/format.h"
#include "ui/table.h"
#include <stdlib.h>
#include <string.h>

static view_column columns[] = {
    {.name = "name", .title = "Artist", .type = COL_TEXT, .width_min = 10, .width_max = 20, .keep = 1},
    {.name = "home", .title = "Home", .type = COL_TEXT, .width_min = 8, .width_max = 12, .keep = 4},
    {.name = "followers", .title = "Followers", .type = COL_COUNT, .width_min = 6, .width_max = 9, .keep = 2},
    {.name = "state", .title = "State", .type = COL_BADGE, .width_min = 8, .width_max = 10, .keep = 3},
    {.name = "fee",
     .title = "Fee",
     .type = COL_MONEY,
     .currency = "cur",
     .width_min = 10,
     .width_max = 14,
     .keep = 3},
    {.name = "email",
     .title = "E-mail",
     .type = COL_TEXT,
     .width_min = 10,
     .width_max = 24,
     .keep = 5,
     .sensitive = true},
    {.name = "hidden", .title = "Hidden", .type = COL_TEXT, .width_min = 4, .width_max = 4, .keep = 0},
};
static const view artists = {
    .name = "artists", .columns = columns, .ncolumns = sizeof columns / sizeof *columns};
static const char *const names[] = {"name", "home", "followers", "state", "fee", "cur", "email", "hidden"};

START_TEST(columns_fit_any_width_and_never_overlap)
{
    for (int width = 1; width <= 200; width++) {
        table_column t[TABLE_COLUMNS];
        size_t n = table_fit(&artists, NULL, NULL, width, t);
        ck_assert_uint_ge(n, 1);
        int x = 0;
        for (size_t i = 0; i < n; i++) {
            ck_assert_int_ge(t[i].x, x);
            if (n > 1)
                ck_assert_int_le(t[i].x + t[i].width, width);
            ck_assert(t[i].width <= columns[t[i].index].width_max || t[i].width <= 9);
            x = t[i].x + t[i].width;
        }
    }
}
END_TEST

START_TEST(the_least_wanted_column_goes_first_and_the_name_stays)
{
    table_column t[TABLE_COLUMNS];
    size_t wide = table_fit(&artists, NULL, NULL, 120, t);
    ck_assert_uint_eq(wide, 6); /* the hidden one never */
    size_t n = table_fit(&artists, NULL, NULL, 40, t);
    ck_assert_uint_lt(n, wide);
    ck_assert_uint_eq(t[0].index, 0);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_ne(t[i].index, 5);
    n = table_fit(&artists, NULL, NULL, 8, t);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(t[0].index, 0);
}
END_TEST

START_TEST(what_a_list_is_narrowed_by_has_no_column)
{
    values v = {0};
    table_column t[TABLE_COLUMNS];
    values_set(&v, "home_id", "c1");
    size_t n = table_fit(&artists, &v, NULL, 120, t);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_ne(t[i].index, 1);
    values_set(&v, "home_id", NULL);
    ck_assert_uint_eq(table_fit(&artists, &v, NULL, 120, t), n + 1);
    values_done(&v);
}
END_TEST

static void row_is(const char *const *cells, bool reveal, int width, const char *expected)
{
    canvas c;
    table_column t[TABLE_COLUMNS];
    canvas_init(&c, 1, width, false);
    rowset *rows = fake_rows(names, 8, cells, 1);
    ck_assert_ptr_nonnull(rows);
    size_t n = table_fit(&artists, NULL, NULL, width, t);
    table_look look = {.reveal = reveal, .column = SIZE_MAX};
    table_row(&c, (area){0, 0, 1, width}, &artists, t, n, rows, 0, &look);
    char *line = canvas_line(&c, 0);
    ck_assert_str_eq(line, expected);
    free(line);
    rowset_free(rows);
    canvas_done(&c);
}

START_TEST(cells_are_shown_by_their_types)
{
    const char *const row[] = {"Luna Park", "Gdańsk", "1234567",         "on_sale",
                               "1250050",   "EUR",    "jo@luna.example", "x"};
    row_is(row, true, 110,
           "  Luna Park             Gdańsk        1,234,567  on sale      12,500.50 EUR  jo@luna.example");
}
END_TEST

START_TEST(personal_data_is_masked_until_it_is_revealed)
{
    const char *const row[] = {"Luna Park", "Gdańsk", "5", "hold", "0", "JPY", "jo@luna.example", "x"};
    row_is(row, false, 110,
           "  Luna Park             Gdańsk                5  hold                 0 JPY  j•••@luna.example");
}
END_TEST

START_TEST(nulls_are_blank_and_wide_names_are_cut_on_their_columns)
{
    const char *const row[] = {"月光公園の音楽祭と夜の歌", NULL, NULL, NULL, NULL, NULL, NULL, NULL};
    row_is(row, true, 60, "  月光公園の音楽祭と …");
}
END_TEST

START_TEST(a_row_without_its_name_shows_a_dot_and_other_blanks_stay_blank)
{
    const char *const row[] = {NULL, "Oslo", NULL, NULL, NULL, NULL, NULL, NULL};
    row_is(row, true, 110, "  ·                     Oslo");
}
END_TEST

static int width_of_fee(const int *natural, int width)
{
    table_column t[TABLE_COLUMNS];
    size_t n = table_fit(&artists, NULL, natural, width, t);
    for (size_t i = 0; i < n; i++)
        if (t[i].index == 4)
            return t[i].width;
    return 0;
}

START_TEST(an_amount_comes_whole_or_not_at_all)
{
    const char *const row[] = {"Luna Park",       "Oslo", "1", "hold", "123456789012", "USD",
                               "jo@luna.example", "x"};
    int natural[TABLE_COLUMNS];
    memset(natural, -1, sizeof natural);
    rowset *rows = fake_rows(names, 8, row, 1);
    table_measure(&artists, rows, false, natural);
    rowset_free(rows);
    ck_assert_int_eq(natural[4], (int)strlen("1,234,567,890.12 USD"));
    ck_assert_int_lt(width_of_fee(NULL, 120), natural[4]); /* without measuring it would be cut */
    for (int width = 1; width <= 200; width++) {
        int w = width_of_fee(natural, width);
        ck_assert_msg(w == 0 || w == natural[4], "%d wide: %d", width, w);
    }
    ck_assert_int_eq(width_of_fee(natural, 120), natural[4]);
}
END_TEST

START_TEST(names_are_whole_before_there_are_more_columns)
{
    const char *const row[] = {
        "A name as long as it", "A home so long", "1", "hold", "1", "USD", "jo@luna.example", "x"};
    int natural[TABLE_COLUMNS];
    memset(natural, -1, sizeof natural);
    rowset *rows = fake_rows(names, 8, row, 1);
    table_measure(&artists, rows, false, natural);
    rowset_free(rows);
    for (int width = 40; width <= 200; width++) {
        table_column t[TABLE_COLUMNS];
        size_t n = table_fit(&artists, NULL, natural, width, t);
        ck_assert_uint_ge(n, 2);
        ck_assert_int_eq(t[0].width, 20);
    }
}
END_TEST

/* The second column begins where it must, whatever stands in the first. */
START_TEST(hostile_rows_never_shift_a_column)
{
    rng r;
    rng_seed(&r, support_seed(3));
    canvas c;
    canvas_init(&c, 1, 80, false);
    table_column t[TABLE_COLUMNS];
    size_t n = table_fit(&artists, NULL, NULL, 80, t);
    table_look look = {.reveal = true, .column = SIZE_MAX};
    for (int k = 0; k < 2000; k++) {
        char junk[64];
        size_t len = rng_below(&r, sizeof junk - 1);
        for (size_t i = 0; i < len; i++)
            junk[i] = (char)(1 + rng_below(&r, 255));
        junk[len] = 0;
        const char *const row[] = {junk, "HOME", "7", "hold", "1", "USD", "x", "x"};
        rowset *rows = fake_rows(names, 8, row, 1);
        canvas_clear(&c);
        table_row(&c, (area){0, 0, 1, 80}, &artists, t, n, rows, 0, &look);
        for (size_t i = 0; i < n; i++)
            if (t[i].index == 2)
                ck_assert_str_eq(c.cells[t[i].x + t[i].width - 1].text, "7");
        rowset_free(rows);
    }
    canvas_done(&c);
}
END_TEST

static void formats(column_type type, const char *cell, const char *expected)
{
    static const char *const head[] = {"v"};
    const char *const cells[] = {cell};
    view_column c = {.name = "v", .type = type};
    rowset *rows = fake_rows(head, 1, cells, 1);
    formatted f;
    buf_init(&f.text);
    format_options o = {.columns = 4};
    format_cell(&c, rows, 0, &o, &f);
    ck_assert_str_eq(f.text.data, expected);
    buf_done(&f.text);
    rowset_free(rows);
}

START_TEST(every_type_has_its_form)
{
    setenv("SHOWX_NOW", "2026-11-22T12:00:00Z", 1);
    formats(COL_COUNT, "-1234", "-1,234");
    formats(COL_COUNT, "no number", "no number");
    formats(COL_AGO, "2026-11-22T11:46:00Z", "14 min");
    formats(COL_AGO, "2026-11-24T12:00:00Z", "in 2 d");
    formats(COL_AGO, "rubbish", "rubbish");
    formats(COL_TIME, "2026-11-22T11:46:00.123Z", "2026-11-22 11:46");
    formats(COL_DATE, "2026-11-22", "2026-11-22");
    formats(COL_PERCENT, "12.5", "12.5%");
    formats(COL_PERCENT, "75", "75%");
    formats(COL_AGO, "2021-11-22T12:00:00Z", "5 y");
    formats(COL_BAR, "0.5", "██░░");
    formats(COL_BAR, "rubbish", "░░░░");
    formats(COL_BAR, "9", "████");
    formats(COL_SPARK, "0,1,2", "▁▅█");
    formats(COL_YESNO, "true", "yes");
    formats(COL_YESNO, "false", "no");
    formats(COL_BADGE, "sold_out", "sold out");
    formats(COL_DURATION, "90", "1 min");
    unsetenv("SHOWX_NOW");
}
END_TEST

START_TEST(large_numbers_are_short_on_the_bottom_line)
{
    static const struct {
        int64_t n;
        const char *text;
    } cases[] = {{0, "0"},         {9999, "9,999"},   {12345, "12k"},
                 {999999, "999k"}, {1050000, "1.0M"}, {10000000, "10M"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf b;
        buf_init(&b);
        format_short(cases[i].n, &b);
        ck_assert_str_eq(b.data, cases[i].text);
        buf_done(&b);
    }
}
END_TEST

Suite *table_suite(void)
{
    Suite *s = suite_create("table");
    TCase *tc = tcase_create("table");
    tcase_add_test(tc, columns_fit_any_width_and_never_overlap);
    tcase_add_test(tc, the_least_wanted_column_goes_first_and_the_name_stays);
    tcase_add_test(tc, what_a_list_is_narrowed_by_has_no_column);
    tcase_add_test(tc, cells_are_shown_by_their_types);
    tcase_add_test(tc, personal_data_is_masked_until_it_is_revealed);
    tcase_add_test(tc, nulls_are_blank_and_wide_names_are_cut_on_their_columns);
    tcase_add_test(tc, a_row_without_its_name_shows_a_dot_and_other_blanks_stay_blank);
    tcase_add_test(tc, an_amount_comes_whole_or_not_at_all);
    tcase_add_test(tc, names_are_whole_before_there_are_more_columns);
    tcase_add_test(tc, hostile_rows_never_shift_a_column);
    tcase_add_test(tc, every_type_has_its_form);
    tcase_add_test(tc, large_numbers_are_short_on_the_bottom_line);
    suite_add_tcase(s, tc);
    return s;
}
