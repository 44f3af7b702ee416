/* The list over a made-up set of numbers, in pages of 3 rows and a window of 9, so that every boundary is
 * near. */
#include "base/mem.h"
#include "base/rng.h"
#include "suites.h"
#include "ui/list.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 3, MOST = 9, LINES = 3 };

typedef struct numbers { /* a page: what list.h calls rows */
    int *at;
    size_t n;
} numbers;

typedef struct set { /* the set itself; alive = pages that were not freed */
    int items[400];
    size_t n;
    int alive;
} set;

static set all;
static list l;

static void number_key(void *ctx, const void *rows, size_t row, buf *out)
{
    (void)ctx;
    buf_printf(out, "%d", ((const numbers *)rows)->at[row]);
}

static void number_free(void *ctx, void *rows)
{
    ((set *)ctx)->alive--;
    free(((numbers *)rows)->at);
    free(rows);
}

static void set_up(void)
{
    all.n = 40;
    all.alive = 0;
    for (size_t i = 0; i < all.n; i++)
        all.items[i] = (int)i * 10;
    list_reader reader = {number_key, number_free, &all};
    list_init(&l, &reader, PAGE, MOST);
    list_height(&l, LINES);
}

static void tear_down(void)
{
    list_done(&l);
    ck_assert_int_eq(all.alive, 0);
}

/* What keyset paging gives: `limit` items behind (or before) a value. */
static numbers *fetch(const list_wish *w, bool *ret_more)
{
    numbers *page = MEM_NEW(numbers);
    page->at = MEM_ARRAY(int, w->limit);
    int from = w->from_rows ? ((const numbers *)w->from_rows)->at[w->from_row] : 0;
    *ret_more = false;
    for (size_t k = 0; k < all.n; k++) {
        int item = all.items[w->backward ? all.n - 1 - k : k];
        if (w->from_rows && (w->backward ? item >= from : item <= from))
            continue;
        if (page->n == w->limit) {
            *ret_more = true;
            break;
        }
        page->at[page->n++] = item;
    }
    all.alive++;
    return page;
}

static bool answer_one(void)
{
    list_wish w;
    bool more;
    if (!list_wish_next(&l, &w))
        return false;
    numbers *page = fetch(&w, &more);
    list_take(&l, w.kind, w.serial, page, page->n, more);
    return true;
}

static void answer_all(void)
{
    for (int i = 0; answer_one(); i++)
        ck_assert_int_lt(i, 1000); /* it must come to rest */
}

static int number_at(size_t i)
{
    size_t row;
    const numbers *rows = list_row(&l, i, &row);
    ck_assert_ptr_nonnull(rows);
    return rows->at[row];
}

static int cursor(void)
{
    return number_at(l.cursor);
}

/* The held rows are a run of the set without hole or doublet, the cursor is among them and on the screen. */
static void whole(void)
{
    size_t first = 0;
    ck_assert_uint_gt(l.held, 0);
    while (first < all.n && all.items[first] != number_at(0))
        first++;
    ck_assert_uint_le(first + l.held, all.n);
    for (size_t i = 0; i < l.held; i++)
        ck_assert_int_eq(number_at(i), all.items[first + i]);
    ck_assert_uint_lt(l.cursor, l.held);
    ck_assert_uint_ge(l.cursor, l.top);
    ck_assert_uint_lt(l.cursor, l.top + l.height);
    ck_assert(l.before < 0 || l.before == (int64_t)first);
}

START_TEST(the_first_page_comes_first_and_the_next_is_there_before_it_is_needed)
{
    answer_all();
    ck_assert_int_eq(cursor(), 0);
    ck_assert(l.at_start);
    ck_assert_uint_ge(l.held, LINES + PAGE);
    whole();
}
END_TEST

START_TEST(going_down_meets_every_row_once_in_order)
{
    answer_all();
    for (size_t i = 0; i < all.n; i++) {
        ck_assert_int_eq(cursor(), all.items[i]);
        ck_assert_int_eq((int)list_number(&l, l.cursor), (int)i + 1);
        list_move(&l, 1);
        answer_all();
        whole();
    }
    ck_assert_int_eq(cursor(), all.items[all.n - 1]);
    ck_assert(l.at_end);
}
END_TEST

START_TEST(going_back_up_meets_every_row_once_in_order)
{
    answer_all();
    list_end(&l);
    answer_all();
    for (size_t i = all.n; i-- > 0;) {
        ck_assert_int_eq(cursor(), all.items[i]);
        list_move(&l, -1);
        answer_all();
        whole();
    }
    ck_assert(l.at_start);
}
END_TEST

START_TEST(never_more_rows_are_held_than_the_bound_and_the_screen_need)
{
    answer_all();
    for (int i = 0; i < 100; i++) {
        list_leaf(&l, i < 50 ? 1 : -1);
        answer_all();
        ck_assert_uint_le(l.held, MOST + 2 * PAGE);
        whole();
    }
}
END_TEST

START_TEST(the_end_is_reached_by_one_page_from_behind)
{
    answer_all();
    list_end(&l);
    list_wish w;
    ck_assert(list_wish_next(&l, &w));
    ck_assert(w.kind == WISH_LAST && w.backward && !w.from_rows);
    bool more;
    numbers *page = fetch(&w, &more);
    ck_assert(list_take(&l, w.kind, w.serial, page, page->n, more));
    ck_assert_int_eq(cursor(), all.items[all.n - 1]);
    ck_assert_int_eq((int)list_number(&l, l.cursor), 0); /* unknown, and says so */
    answer_all();
    whole();
}
END_TEST

START_TEST(home_after_end_is_the_first_row_again)
{
    answer_all();
    list_end(&l);
    answer_all();
    list_home(&l);
    answer_all();
    ck_assert_int_eq(cursor(), 0);
    ck_assert_int_eq((int)list_number(&l, 0), 1);
    whole();
}
END_TEST

START_TEST(a_late_answer_to_an_old_question_is_dropped)
{
    list_wish old, fresh;
    bool more;
    ck_assert(list_wish_next(&l, &old));
    numbers *late = fetch(&old, &more);
    list_reset(&l);
    ck_assert(list_wish_next(&l, &fresh));
    ck_assert(!list_take(&l, old.kind, old.serial, late, late->n, more));
    ck_assert_uint_eq(l.held, 0);
    numbers *page = fetch(&fresh, &more);
    ck_assert(list_take(&l, fresh.kind, fresh.serial, page, page->n, more));
    whole();
}
END_TEST

START_TEST(a_refresh_leaves_the_cursor_on_its_row_and_line_though_rows_came_in_above)
{
    answer_all();
    list_move(&l, 7);
    answer_all();
    list_scroll(&l, 1);
    int row = cursor();
    size_t line = l.cursor - l.top;
    /* Two rows come in above what is on the screen. */
    memmove(all.items + 6, all.items + 4, (all.n - 4) * sizeof *all.items);
    all.items[4] = 31;
    all.items[5] = 32;
    all.n += 2;
    list_home(&l); /* so that the refresh begins at the start */
    answer_all();
    while (cursor() != row)
        list_move(&l, 1), answer_all();
    line = l.cursor - l.top;
    all.items[all.n++] = 9999;
    list_refresh(&l);
    answer_all();
    ck_assert_int_eq(cursor(), row);
    ck_assert_uint_eq(l.cursor - l.top, line);
    ck_assert(!list_said_gone(&l));
}
END_TEST

START_TEST(a_row_that_went_away_is_said_to_be_gone)
{
    answer_all();
    list_move(&l, 2);
    memmove(all.items + 2, all.items + 3, (all.n - 3) * sizeof *all.items);
    all.n--;
    list_refresh(&l);
    answer_all();
    ck_assert(list_said_gone(&l));
    ck_assert(!list_said_gone(&l)); /* once */
    ck_assert_uint_eq(l.cursor, 2);
    whole();
}
END_TEST

START_TEST(marks_hold_keys_and_outlive_pages_and_sorting)
{
    answer_all();
    list_move(&l, 2);
    list_mark(&l);
    list_end(&l);
    answer_all();
    list_mark(&l);
    list_reset(&l);
    answer_all();
    ck_assert_uint_eq(l.nmarks, 2);
    ck_assert(list_marked(&l, 2));
    ck_assert(!list_marked(&l, 1));
    list_move(&l, 2);
    list_mark(&l);
    ck_assert(!list_marked(&l, 2));
}
END_TEST

START_TEST(a_step_beyond_what_is_held_goes_on_when_the_page_comes)
{
    list_height(&l, 5);
    answer_one();
    list_move(&l, 2); /* the last held row */
    list_move(&l, 2);
    ck_assert(list_waiting(&l));
    answer_all();
    ck_assert_int_eq(cursor(), 40);
}
END_TEST

START_TEST(keys_that_come_faster_than_pages_are_all_followed_up_and_down)
{
    list_height(&l, 5);
    answer_one();
    for (int i = 0; i < 4; i++)
        list_move(&l, 3); /* nothing arrives meanwhile */
    answer_all();
    ck_assert_int_eq(cursor(), all.items[12]);
    list_end(&l);
    answer_one();
    for (int i = 0; i < 4; i++)
        list_move(&l, -3);
    ck_assert(list_waiting(&l));
    answer_all();
    ck_assert_int_eq(cursor(), all.items[all.n - 1 - 12]);
    whole();
}
END_TEST

START_TEST(an_empty_set_is_no_trouble)
{
    all.n = 0;
    answer_all();
    list_move(&l, 1);
    list_move(&l, -1);
    list_leaf(&l, 1);
    list_end(&l);
    answer_all();
    list_mark(&l);
    list_refresh(&l);
    answer_all();
    ck_assert_uint_eq(l.held, 0);
    ck_assert_uint_eq(l.nmarks, 0);
}
END_TEST

START_TEST(a_failed_page_can_be_wished_again)
{
    list_wish w, again;
    ck_assert(list_wish_next(&l, &w));
    list_failed(&l, w.kind, w.serial);
    list_refresh(&l);
    ck_assert(list_wish_next(&l, &again));
    ck_assert(again.kind == WISH_FIRST);
}
END_TEST

START_TEST(a_list_below_others_keeps_what_is_on_the_screen)
{
    answer_all();
    for (int i = 0; i < 10; i++)
        list_move(&l, 1), answer_all();
    int row = cursor();
    list_shrink(&l);
    ck_assert_int_eq(cursor(), row);
    ck_assert_uint_le(l.held, LINES + 2 * PAGE);
    answer_all();
    whole();
}
END_TEST

/* Anything in any order, answers late or never, the set changing: the list stays whole. */
START_TEST(random_walks_never_break_the_window)
{
    rng r;
    rng_seed(&r, support_seed(7) + (uint64_t)_i);
    answer_all();
    for (int step = 0; step < 400; step++) {
        switch (rng_below(&r, 9)) {
        case 0:
            list_move(&l, (long)rng_below(&r, 9) - 4);
            break;
        case 1:
            list_leaf(&l, (int)rng_below(&r, 5) - 2);
            break;
        case 2:
            list_home(&l);
            break;
        case 3:
            list_end(&l);
            break;
        case 4:
            list_height(&l, 1 + rng_below(&r, 7));
            break;
        case 5:
            list_refresh(&l);
            break;
        case 6:
            list_scroll(&l, (long)rng_below(&r, 9) - 4);
            break;
        case 7:
            answer_one();
            continue;
        default: {
            list_wish w; /* lost on the way */
            if (list_wish_next(&l, &w))
                list_failed(&l, w.kind, w.serial);
            break;
        }
        }
        if (rng_below(&r, 2))
            answer_all();
    }
    list_refresh(&l);
    answer_all();
    whole();
}
END_TEST

Suite *list_suite(void)
{
    Suite *s = suite_create("list");
    TCase *tc = tcase_create("list");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, the_first_page_comes_first_and_the_next_is_there_before_it_is_needed);
    tcase_add_test(tc, going_down_meets_every_row_once_in_order);
    tcase_add_test(tc, going_back_up_meets_every_row_once_in_order);
    tcase_add_test(tc, never_more_rows_are_held_than_the_bound_and_the_screen_need);
    tcase_add_test(tc, the_end_is_reached_by_one_page_from_behind);
    tcase_add_test(tc, home_after_end_is_the_first_row_again);
    tcase_add_test(tc, a_late_answer_to_an_old_question_is_dropped);
    tcase_add_test(tc, a_refresh_leaves_the_cursor_on_its_row_and_line_though_rows_came_in_above);
    tcase_add_test(tc, a_row_that_went_away_is_said_to_be_gone);
    tcase_add_test(tc, marks_hold_keys_and_outlive_pages_and_sorting);
    tcase_add_test(tc, a_step_beyond_what_is_held_goes_on_when_the_page_comes);
    tcase_add_test(tc, keys_that_come_faster_than_pages_are_all_followed_up_and_down);
    tcase_add_test(tc, an_empty_set_is_no_trouble);
    tcase_add_test(tc, a_failed_page_can_be_wished_again);
    tcase_add_test(tc, a_list_below_others_keeps_what_is_on_the_screen);
    tcase_add_loop_test(tc, random_walks_never_break_the_window, 0, 20);
    suite_add_tcase(s, tc);
    return s;
}
