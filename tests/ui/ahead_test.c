/* Keys typed before their rows are there: they wait, act on the rows that answer, and are dropped by what else is done. */
#include "base/mem.h"
#include "fake.h"
#include "suites.h"
#include "ui/console.h"
#include <stdlib.h>
#include <string.h>

static catalog *cat;
static console u;
static const char *const head[] = {"id", "name"};
static const char *const all[] = {"1", "Anna", "2", "Bela"}, *const found[] = {"7", "Luna", "8", "Luna Park"};

static void add(const char *path, const char *text)
{
    err e = {0};
    ck_assert_msg(catalog_add(cat, path, text, strlen(text), &e), "%s", e.text);
}

static void told(void *ctx, const char *s)
{
    (void)ctx;
    ck_abort_msg("%s", s);
}

static void set_up(void)
{
    cat = catalog_empty();
    add("queries/things.sql", "-- things: things\nselect id, name from thing\n");
    add("queries/things_by_word.sql",
        "-- things_by_word: things by word\n-- :search fold = ''   what\nselect id, name from thing where "
        ":search = name\n");
    add("queries/thing.sql",
        "-- thing: one\n-- :id text = ''   which\nselect id, name from thing where id = :id\n");
    add("views/things.view",
        "title = Things\nquery = things\nkey = id\nsort = name\nsearch = things_by_word: by word\n"
        "empty = No thing. Esc clears the filter.\n[column name]\nkeep = 1\n[column id]\nkeep = 2\n"
        "[go thing]\nkey = P\nview = thing\nwith = id\n");
    add("views/thing.view", "title = Thing\nkind = detail\nquery = thing\nkey = id\n[column name]\nkeep = "
                            "1\n[column id]\nkeep = 2\n");
    catalog_link(cat, told, NULL);
    u = (console){.catalog = cat};
    console_open_view(&u, catalog_view(cat, "things"), NULL, 0, NULL);
}

static void tear_down(void)
{
    while (u.depth)
        place_free(u.stack[--u.depth]);
    free(u.stack);
    catalog_free(cat);
}

/* Answers what the list wants now. */
static void answered(const char *const *cells, size_t n)
{
    place *p = console_here(&u);
    list_wish w;
    ck_assert(list_wish_next(&p->list, &w));
    answer a = {.kind = ASK_PAGE,
                .tag = p->tag,
                .serial = w.serial,
                .wish = w.kind,
                .ok = true,
                .tier = -1,
                .rows = fake_rows(head, 2, cells, n)};
    console_answered(&u, &a);
}

static const char *opened(void)
{
    return values_get(&console_here(&u)->values, "id");
}

START_TEST(a_key_typed_before_the_first_rows_acts_on_them)
{
    console_key(&u, 'P');
    ck_assert_str_eq(u.notice, "P waits for the rows; Esc drops it");
    ck_assert(!ahead_plays(&u));
    answered(all, 2);
    ck_assert(ahead_plays(&u));
    ck_assert_str_eq(opened(), "1");
}
END_TEST

START_TEST(behind_a_filter_a_key_means_what_is_found_and_never_the_rows_still_shown)
{
    answered(all, 2);
    place_filter(console_here(&u), "luna");
    console_key(&u, K_DOWN);
    console_key(&u, 'P');
    ck_assert_uint_eq(u.depth, 1);
    answered(found, 2);
    ck_assert(ahead_plays(&u));
    ck_assert_uint_eq(u.depth, 2);
    ck_assert_str_eq(opened(), "8");
}
END_TEST

START_TEST(where_nothing_is_found_the_key_says_why_it_does_nothing)
{
    answered(all, 2);
    place_filter(console_here(&u), "nobody");
    console_key(&u, 'P');
    answered(NULL, 0);
    ck_assert(ahead_plays(&u));
    ck_assert_uint_eq(u.depth, 1);
    ck_assert_str_eq(u.notice, "Not here: there is no row under the cursor");
}
END_TEST

START_TEST(escape_drops_what_was_typed_ahead_and_nothing_else)
{
    answered(all, 2);
    place_filter(console_here(&u), "luna");
    console_key(&u, 'P');
    console_key(&u, K_ESC);
    ck_assert_str_eq(u.notice, "Dropped what was typed ahead");
    ck_assert_str_eq(console_here(&u)->search, "luna");
    answered(found, 2);
    ck_assert(!ahead_plays(&u));
    ck_assert_uint_eq(u.depth, 1);
}
END_TEST

START_TEST(a_key_that_needs_no_rows_acts_at_once)
{
    console_key(&u, 'P');
    console_key(&u, '?');
    ck_assert_ptr_nonnull(u.popup);
    console_close_popup(&u);
    answered(all, 2);
    ck_assert(!ahead_plays(&u));
    ck_assert_uint_eq(u.depth, 1);
}
END_TEST

START_TEST(a_failure_drops_what_waited_for_it)
{
    console_key(&u, 'P');
    console_here(&u)->error = (err){.kind = ERR_CONNECT, .text = "the server is gone"};
    ck_assert(!ahead_plays(&u));
    console_here(&u)->error = (err){0};
    answered(all, 2);
    ck_assert(!ahead_plays(&u));
    ck_assert_uint_eq(u.depth, 1);
}
END_TEST

Suite *ahead_suite(void)
{
    Suite *s = suite_create("keys typed ahead");
    TCase *t = tcase_create("ahead");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, a_key_typed_before_the_first_rows_acts_on_them);
    tcase_add_test(t, behind_a_filter_a_key_means_what_is_found_and_never_the_rows_still_shown);
    tcase_add_test(t, where_nothing_is_found_the_key_says_why_it_does_nothing);
    tcase_add_test(t, escape_drops_what_was_typed_ahead_and_nothing_else);
    tcase_add_test(t, a_key_that_needs_no_rows_acts_at_once);
    tcase_add_test(t, a_failure_drops_what_waited_for_it);
    suite_add_tcase(s, t);
    return s;
}
