/* Places against the fake store: what they ask, what they make of late answers, failures and filters. */
#include "base/mem.h"
#include "fake.h"
#include "suites.h"
#include "ui/place.h"
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static catalog *cat;
static const char *const head[] = {"id", "name"};
static char sentence[400];

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
    add("queries/things.sql", "-- things: things\nselect id, name from thing\n");
    add("queries/things_by_word.sql",
        "-- things_by_word: things by word\n-- :search fold = ''   what\nselect id, name from thing where "
        ":search = name\n");
    add("views/things.view",
        "title = Things\nquery = things\nkey = id\nsort = name\nsearch = things_by_word: by word\n"
        "empty = No thing. Esc clears the filter.\n[column name]\nkeep = 1\n[column id]\nkeep = 2\n");
    size_t wrong = catalog_link(cat, told, NULL);
    ck_assert_msg(wrong == 0, "%s", sentence);
}

static void tear_down(void)
{
    catalog_free(cat);
}

static answer page(place *p, const list_wish *w, const char *const *cells, size_t n)
{
    return (answer){.kind = ASK_PAGE,
                    .tag = p->tag,
                    .serial = w->serial,
                    .wish = w->kind,
                    .ok = true,
                    .tier = -1,
                    .rows = fake_rows(head, 2, cells, n)};
}

static char *screen_line(place *p, int y)
{
    canvas c;
    canvas_init(&c, 8, 60, false);
    place_draw(p, &c, (area){0, 0, 8, 60});
    char *line = canvas_line(&c, y);
    canvas_done(&c);
    return line;
}

static void line_is(place *p, int y, const char *expected)
{
    char *line = screen_line(p, y);
    ck_assert_str_eq(line, expected);
    free(line);
}

START_TEST(rows_are_shown_when_they_come_and_late_ones_never)
{
    static const char *const first[] = {"1", "Anna", "2", "Bela"}, *const late[] = {"9", "Zoe"};
    place *p = place_new(cat, catalog_view(cat, "things"), NULL, 0);
    list_wish w, again;
    ck_assert(list_wish_next(&p->list, &w));
    place_filter(p, "anna");
    ck_assert(list_wish_next(&p->list, &again));
    answer old = page(p, &w, late, 1);
    place_take(p, &old);
    answer_done(&old);
    ck_assert_uint_eq(p->list.held, 0);
    answer a = page(p, &again, first, 2);
    a.tier = 0;
    ck_assert(place_take(p, &a));
    answer_done(&a);
    line_is(p, 1, "  Anna  1");
    buf b;
    buf_init(&b);
    place_counts(p, &b);
    ck_assert_str_eq(b.data, "1 of 2, filter \"anna\" by word on all rows");
    buf_done(&b);
    place_free(p);
}
END_TEST

START_TEST(a_failure_is_a_sentence_and_is_not_asked_again_in_a_circle)
{
    place *p = place_new(cat, catalog_view(cat, "things"), NULL, 0);
    list_wish w;
    ck_assert(list_wish_next(&p->list, &w));
    answer a = {.kind = ASK_PAGE, .tag = p->tag, .serial = w.serial, .wish = w.kind};
    err_set(&a.error, ERR_FAILED, "it broke");
    ck_assert(place_take(p, &a));
    line_is(p, 2, "  it broke");
    ck_assert(!place_waiting(p));
    place_pump(p, NULL); /* would crash if it asked */
    place_free(p);
}
END_TEST

START_TEST(another_filter_masks_personal_data_again)
{
    place *p = place_new(cat, catalog_view(cat, "things"), NULL, 0);
    place_reveal(p, true);
    place_refresh(p);
    ck_assert(p->reveal); /* the same question: the audit knows of it */
    place_filter(p, "anna");
    ck_assert(!p->reveal);
    p->revealing = 3;
    place_filter(p, "bela");
    ck_assert_uint_eq(p->revealing, 0); /* an answer about the old filter shows nothing */
    place_free(p);
}
END_TEST

START_TEST(an_empty_list_says_what_to_do)
{
    place *p = place_new(cat, catalog_view(cat, "things"), NULL, 0);
    list_wish w;
    ck_assert(list_wish_next(&p->list, &w));
    answer a = page(p, &w, NULL, 0);
    place_take(p, &a);
    char *line = screen_line(p, 3);
    ck_assert_ptr_nonnull(strstr(line, "Esc clears the filter"));
    free(line);
    place_free(p);
}
END_TEST

START_TEST(an_answer_for_another_place_is_not_taken)
{
    place *p = place_new(cat, catalog_view(cat, "things"), NULL, 0);
    place *q = place_new(cat, catalog_view(cat, "things"), NULL, 0);
    answer a = {.kind = ASK_PAGE, .tag = q->tag};
    ck_assert(!place_take(p, &a));
    ck_assert(place_take(q, &a));
    place_free(p);
    place_free(q);
}
END_TEST

/* The workers: a store that cannot be opened, over and over. */
static bool no_server(void *ctx, store **ret, stop *until, err *e)
{
    (void)ctx;
    (void)ret;
    (void)until;
    return err_set(e, ERR_CONNECT, "no server");
}

START_TEST(a_lost_connection_is_counted_and_tried_again_later)
{
    data_source source = {no_server, NULL};
    data *d = data_new(&source, NULL, NULL, NULL);
    const view *v = catalog_view(cat, "things");
    for (int tries = 1; tries <= 3; tries++) {
        data_ask(d, &(question){.kind = ASK_PAGE, .tag = 7, .serial = 1, .view = v, .limit = 3, .tier = -1});
        answer a;
        struct pollfd pf = {data_fd(d), POLLIN, 0};
        while (!data_next(d, &a))
            ck_assert_int_gt(poll(&pf, 1, 10000), 0);
        ck_assert(!a.ok && a.error.kind == ERR_CONNECT);
        ck_assert_uint_eq(a.tag, 7);
        ck_assert_int_eq(data_lost(d), tries);
        answer_done(&a);
        data_retrying(d);
    }
    ck_assert(data_free(d));
}
END_TEST

/* ---- work of our own on a worker ---- */

static atomic_int freed_args, freed_results;

static void free_arg(void *arg)
{
    free(arg);
    freed_args++;
}

static void free_number(void *result)
{
    free(result);
    freed_results++;
}

/* Doubles its number; a number below zero fails and leaves what it had. */
static bool twice(void *arg, store *s, job *j, void **ret, err *e)
{
    const int *number = arg;
    int *result = MEM_NEW(int);
    *result = 2 * *number;
    *ret = result;
    if (s || stop_now(job_stop(j), e))
        return false;
    return *number >= 0 || err_set(e, ERR_INPUT, "it is below zero");
}

static answer worked(data *d, int number, bool storeless)
{
    int *arg = MEM_NEW(int);
    *arg = number;
    data_ask(d, &(question){.kind = ASK_WORK,
                            .tag = 7,
                            .serial = 3,
                            .work = {twice, arg, free_arg, free_number, storeless}});
    answer a;
    struct pollfd pf = {data_fd(d), POLLIN, 0};
    while (!data_next(d, &a))
        ck_assert_int_gt(poll(&pf, 1, 10000), 0);
    ck_assert(a.kind == ASK_WORK && a.tag == 7 && a.serial == 3);
    return a;
}

START_TEST(work_comes_back_with_its_result_and_everything_is_freed_once)
{
    data_source source = {no_server, NULL};
    data *d = data_new(&source, NULL, NULL, NULL);
    freed_args = freed_results = 0;
    answer a = worked(d, 21, true);
    ck_assert(a.ok && *(int *)a.result == 42);
    ck_assert_int_eq(data_lost(d), 0); /* no connection was asked for */
    int *mine = a.result;
    a.result = NULL; /* taken over */
    answer_done(&a);
    free(mine);
    ck_assert_int_eq(freed_results, 0);
    a = worked(d, -4, true);
    ck_assert(!a.ok && a.error.kind == ERR_INPUT);
    ck_assert_int_eq(*(int *)a.result, -8); /* what it had when it failed */
    answer_done(&a);
    ck_assert_int_eq(freed_results, 1);
    a = worked(d, 1, false);
    ck_assert(!a.ok && a.error.kind == ERR_CONNECT && !a.result);
    ck_assert_int_eq(data_lost(d), 1);
    answer_done(&a);
    a = worked(d, 1, true);
    ck_assert_int_eq(data_lost(d), 1); /* work without a store says nothing about the connection */
    answer_done(&a);
    ck_assert(data_free(d));
    ck_assert_int_eq(freed_args, 4);
    ck_assert_int_eq(freed_results, 2);
}
END_TEST

Suite *place_suite(void)
{
    Suite *s = suite_create("place");
    TCase *tc = tcase_create("place");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, rows_are_shown_when_they_come_and_late_ones_never);
    tcase_add_test(tc, a_failure_is_a_sentence_and_is_not_asked_again_in_a_circle);
    tcase_add_test(tc, another_filter_masks_personal_data_again);
    tcase_add_test(tc, an_empty_list_says_what_to_do);
    tcase_add_test(tc, an_answer_for_another_place_is_not_taken);
    tcase_add_test(tc, a_lost_connection_is_counted_and_tried_again_later);
    tcase_add_test(tc, work_comes_back_with_its_result_and_everything_is_freed_once);
    suite_add_tcase(s, tc);
    return s;
}
