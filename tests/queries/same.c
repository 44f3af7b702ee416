/* The same question gives the same answer online and offline, byte for byte; and a list read page by page,
 * forwards or backwards, in any order, is the list read whole. */
#include "suites.h"
#include <stdlib.h>
#include <string.h>

enum { WHOLE = 1000, VALUES_MOST = 24 };

/* What a parameter of that name is tried with. */
static const struct sample {
    const char *name, *values[8];
} samples[] = {
    {"artist_id", {"a1", "a2", "a3", "nobody"}},
    {"concert_id", {"c1", "c2", "c3"}},
    {"venue_id", {"v1", "v2"}},
    {"city_id", {"g1", "g2", "g4"}},
    {"fan_id", {"f1", "f2", "f4", "f6"}},
    {"order_id", {"o1", "o2", "o3", "o4"}},
    {"booking_id", {"b1", "b2", "b4"}},
    {"tour_id", {"t1", "t2"}},
    {"plan_id", {"p1", "p2", "nobody"}},
    {"genre_id", {"folk", "rock"}},
    {"status", {"hold", "on_sale", "paid", "pending", "valid", "running"}},
    {"active", {"yes", "no"}},
    {"consent", {"yes", "no"}},
    {"challenged", {"yes", "no"}},
    {"with_errors", {"yes", "no"}},
    {"from", {"2026-11-25"}},
    {"until", {"2026-11-25"}},
    {"since", {"2025-05-05T08:00:00.5Z", "2026-02-01T09:00:00.25Z"}},
    {"expires_until", {"2026-11-24T18:10:00Z"}},
    {"on_sale_from", {"2026-11-22T18:10:00Z"}},
    {"on_sale_until", {"2026-11-29T18:10:00Z"}},
    {"country", {"US"}},
    {"artist", {"a1", "Luna Park", "jos", "nobody"}},
    {"model", {"fans", "follows"}},
    {"state", {"projected", "quarantined", "tombstone", "all", "resolved", "done"}},
    {"collection", {"fans", "fans/follows"}},
    {"parent", {"fans/f1"}},
    {"path", {"fans/f1", "fans/f9", "fans/f1/follows/a1", "odd/ü"}},
    {"code", {"bad_email"}},
    {"severity", {"blocking", "warning"}},
    {"planning_id", {"per_km", "rate.EUR", "nobody"}},
    {"issue_id", {"1", "2", "3"}},
    {"load_id", {"1", "2"}},
    {"today", {"2026-03-01"}},
    {"now", {"2026-11-18T00:00:00Z"}},
    {"whole", {"true", "false"}},
};

static const struct sample *sample_of(const char *name)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (strcmp(samples[i].name, name) == 0)
            return &samples[i];
    ck_abort_msg("there is no sample for the parameter :%s: give it one here", name);
}

/* Asks both stores and compares; returns the rows (the caller's), or NULL when it cannot run on SQLite. */
static char *ask(both *b, const page_request *p, const query *q, const query_value *values, size_t n,
                 const char *what)
{
    char *got[2];
    for (int d = 0; d < 2; d++) {
        statement st = {0};
        err e = {0};
        bool ok =
            p ? page_bind(p, (store_dialect)d, &st, &e) : query_bind(q, (store_dialect)d, values, n, &st, &e);
        ck_assert_msg(ok, "%s: %s", what, e.text);
        got[d] = rows_of(b->stores[d], &st);
        statement_done(&st);
    }
    ck_assert_msg(got[0][0] != '!', "%s: %s", what, got[0]);
    ck_assert_msg(strcmp(got[0], got[1]) == 0, "%s\nPostgres:\n%s\nSQLite:\n%s", what, got[0], got[1]);
    free(got[1]);
    return got[0];
}

static bool is_list(const view *v)
{
    return view_is_list(v) || v->kind == VIEW_HOME;
}

static size_t views_of(const both *b, const view *const **ret)
{
    size_t n = catalog_views(b->catalog, ret);
    ck_assert_uint_gt(n, 30);
    return n;
}

START_TEST(every_list_is_the_same_in_every_order)
{
    both b;
    both_open(&b);
    const view *const *views;
    for (size_t i = views_of(&b, &views); i-- > 0;) {
        const view *v = views[i];
        for (size_t k = 0; is_list(v) && k < 2 * v->ncolumns; k++) {
            const view_column *c = &v->columns[k / 2];
            page_request p = {.view = v, .tier = -1, .sort = c->name, .descending = k % 2, .limit = WHOLE};
            char *what = mem_printf("%s by %s%s", v->name, c->name, k % 2 ? ", descending" : "");
            char *rows = c->sortable ? ask(&b, &p, NULL, NULL, 0, what) : NULL;
            ck_assert_msg(!rows || strchr(rows, '\n'), "%s has no row: it proves nothing", v->name);
            free(rows);
            free(what);
        }
    }
    both_close(&b);
}
END_TEST

START_TEST(every_list_is_the_same_however_narrowed)
{
    both b;
    both_open(&b);
    const view *const *views;
    for (size_t i = views_of(&b, &views); i-- > 0;)
        for (size_t k = 0; is_list(views[i]) && k < views[i]->query->nparams; k++) {
            const char *name = views[i]->query->params[k].name;
            const struct sample *s = sample_of(name);
            for (size_t j = 0; j < 8 && s->values[j]; j++) {
                query_value value = {name, s->values[j]};
                page_request p = {
                    .view = views[i], .tier = -1, .limit = WHOLE, .values = &value, .nvalues = 1};
                char *what = mem_printf("%s with %s = %s", views[i]->name, name, value.text);
                free(ask(&b, &p, NULL, NULL, 0, what));
                free(what);
            }
        }
    both_close(&b);
}
END_TEST

START_TEST(every_detail_is_the_same)
{
    both b;
    both_open(&b);
    const view *const *views;
    for (size_t i = views_of(&b, &views); i-- > 0;) {
        if (is_list(views[i]))
            continue;
        ck_assert_uint_eq(views[i]->nkey, 1);
        const struct sample *s = sample_of(views[i]->key[0]);
        bool any = false;
        for (size_t j = 0; j < 8 && s->values[j]; j++) {
            query_value value = {s->name, s->values[j]};
            char *what = mem_printf("%s %s", views[i]->name, value.text);
            char *rows = ask(&b, NULL, views[i]->query, &value, 1, what);
            any |= strchr(rows, '\n') != NULL;
            free(rows);
            free(what);
        }
        ck_assert_msg(any, "%s has no row: it proves nothing", views[i]->name);
    }
    both_close(&b);
}
END_TEST

START_TEST(every_count_is_the_same)
{
    both b;
    both_open(&b);
    const view *const *views;
    size_t counts = 0;
    for (size_t i = views_of(&b, &views); i-- > 0;) {
        if (!views[i]->count)
            continue;
        char *rows = ask(&b, NULL, views[i]->count, NULL, 0, views[i]->count->name);
        ck_assert_msg(strncmp(rows, "n\n", 2) == 0 && atoi(rows + 2) > 0, "%s: %s", views[i]->count->name,
                      rows);
        free(rows);
        counts++;
    }
    ck_assert_uint_ge(counts, 8);
    both_close(&b);
}
END_TEST

START_TEST(every_estimate_is_a_number_on_both)
{
    both b;
    both_open(&b);
    const view *const *views;
    for (size_t i = views_of(&b, &views); i-- > 0;)
        for (int d = 0; views[i]->estimate && d < 2; d++) {
            statement st = {0};
            ck_assert(query_bind(views[i]->estimate, (store_dialect)d, NULL, 0, &st, NULL));
            char *rows = rows_of(b.stores[d], &st);
            ck_assert_msg(strncmp(rows, "n\n", 2) == 0 && atoi(rows + 2) >= 0, "%s: %s",
                          views[i]->estimate->name, rows);
            free(rows);
            statement_done(&st);
        }
    both_close(&b);
}
END_TEST

/* ---- search ---- */

START_TEST(every_search_is_the_same)
{
    static const char *const words[] = {
        "jose",
        "José García",
        "garcia mar",
        "MARIA",
        "mail",
        "luna",
        "luna austin",
        "park luna",
        "SX-1001",
        "sx-1003",
        "maria.g@MAIL.test",
        "+1 512 555 0101",
        "f4",
        "jsoe garcai",
        "continetal",
        "gurzenich",
        "zoe",
        "zoe sm",
        "koln",
        "san jo",
        "fans/f1",
        "f1",
        "odd/ü",
        "bad_email",
        "B1",
        "c1",
        "rio",
        "zzz",
        "'; drop table fan; --",
        "%",
        "_",
        "\"",
    };
    both b;
    both_open(&b);
    const view *const *views;
    for (size_t i = views_of(&b, &views); i-- > 0;)
        for (size_t tier = 0; tier < views[i]->nsearch; tier++) {
            bool any = false;
            for (size_t j = 0; j < sizeof words / sizeof *words; j++) {
                query_value value = {"search", words[j]};
                page_request p = {
                    .view = views[i], .tier = (int)tier, .limit = WHOLE, .values = &value, .nvalues = 1};
                char *what = mem_printf("%s: '%s'", views[i]->search[tier]->name, words[j]);
                char *rows = ask(&b, &p, NULL, NULL, 0, what);
                any |= strchr(rows, '\n') != NULL;
                free(rows);
                free(what);
            }
            ck_assert_msg(any, "%s finds nothing at all", views[i]->search[tier]->name);
        }
    both_close(&b);
}
END_TEST

/* The names that the first tier with rows finds, joined by commas. */
static char *found(both *b, const char *view_name, const char *column, const char *search)
{
    const view *v = catalog_view(b->catalog, view_name);
    buf names;
    buf_init(&names);
    for (size_t tier = 0; tier < v->nsearch && names.len == 0; tier++) {
        query_value value = {"search", search};
        page_request p = {.view = v, .tier = (int)tier, .limit = WHOLE, .values = &value, .nvalues = 1};
        statement st = {0};
        rowset *rows = NULL;
        err e = {0};
        ck_assert_msg(page_bind(&p, STORE_POSTGRES, &st, &e), "%s", e.text);
        store_request q = {.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams};
        ck_assert_msg(store_fetch(b->stores[STORE_POSTGRES], &q, WHOLE, &rows, NULL, &e), "%s", e.text);
        for (size_t i = 0; i < rows->nrows; i++)
            buf_printf(&names, "%s%s", i ? "," : "",
                       rowset_cell(rows, i, (size_t)rowset_column(rows, column))->text);
        rowset_free(rows);
        statement_done(&st);
    }
    return buf_take(&names);
}

static void finds(both *b, const char *view_name, const char *column, const char *search, const char *wanted)
{
    char *got = found(b, view_name, column, search);
    ck_assert_msg(strcmp(got, wanted) == 0, "%s '%s': got '%s', wanted '%s'", view_name, search, got, wanted);
    free(got);
}

START_TEST(people_and_orders_are_found_by_what_staff_know)
{
    both b;
    both_open(&b);
    finds(&b, "fans", "fan_id", "jose", "f1,f3");           /* José and Josephine, each once */
    finds(&b, "fans", "fan_id", "Maria.G@mail.test", "f2"); /* exactly, whatever the case */
    finds(&b, "fans", "fan_id", "+1 512-555-0101", "f1");
    finds(&b, "fans", "fan_id", "sx-1004", "f2");
    finds(&b, "fans", "fan_id", "garcia jos", "f1"); /* each word, in any order */
    finds(&b, "fans", "fan_id", "josepine", "f3");   /* a typo */
    finds(&b, "fans", "fan_id", "xyzzy", "");
    finds(&b, "orders", "order_id", "SX-1002", "o2");
    finds(&b, "orders", "order_id", "JOSE@mail.test", "o1,o2");
    finds(&b, "orders", "order_id", "B2", "o1");
    finds(&b, "orders", "order_id", "garcia", "o1,o2,o4");
    finds(&b, "orders", "order_id", "zoe", "o3"); /* a buyer who is no fan */
    finds(&b, "artists", "artist_id", "jose", "a2");
    finds(&b, "artists", "artist_id", "aero", "a3");
    finds(&b, "concerts", "concert_id", "luna continental", "c1,c4");
    finds(&b, "documents", "path", "f1", "fans/f1");
    finds(&b, "documents", "path", "fans/f1/", "fans/f1/follows/a1");
    both_close(&b);
}
END_TEST

/* ---- paging ---- */

typedef struct walk {
    both *b;
    page_request p;
    char *from[8];
    buf keys; /* the key of each row met, one a line */
} walk;

static rowset *walk_page(walk *w, store_dialect d)
{
    statement st = {0};
    rowset *rows = NULL;
    err e = {0};
    ck_assert_msg(page_bind(&w->p, d, &st, &e), "%s: %s", w->p.view->name, e.text);
    store_request q = {.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams};
    ck_assert_msg(store_fetch(w->b->stores[d], &q, w->p.limit, &rows, NULL, &e), "%s", e.text);
    statement_done(&st);
    return rows;
}

static const char *cell(const rowset *rows, size_t row, const char *column)
{
    int k = rowset_column(rows, column);
    ck_assert_msg(k >= 0, "no column %s", column);
    return rowset_cell(rows, row, (size_t)k)->text;
}

static void walk_on_from(walk *w, const rowset *rows, size_t row)
{
    const view *v = w->p.view;
    for (size_t k = 0; k <= v->nkey; k++) {
        const char *text = cell(rows, row, k ? v->key[k - 1] : page_sort(v, w->p.tier, w->p.sort, NULL));
        free(w->from[k]);
        w->from[k] = mem_str(text);
    }
    w->p.from = (const char *const *)w->from;
}

/* Reads on, page by page, until there is no more. */
static char *walk_keys(walk *w, store_dialect d)
{
    for (bool more = true; more;) {
        rowset *rows = walk_page(w, d);
        more = rows->more;
        for (size_t i = 0; i < rows->nrows; i++) {
            for (size_t k = 0; k < w->p.view->nkey; k++)
                buf_printf(&w->keys, "%s ", cell(rows, i, w->p.view->key[k]));
            buf_str(&w->keys, "\n");
        }
        ck_assert_msg(w->keys.len < 100000, "%s never ends", w->p.view->name);
        if (rows->nrows)
            walk_on_from(w, rows, rows->nrows - 1);
        rowset_free(rows);
    }
    return buf_take(&w->keys);
}

static void walk_done(walk *w)
{
    for (size_t k = 0; k < 8; k++)
        free(w->from[k]);
}

static char *reversed(const char *lines)
{
    buf out;
    buf_init(&out);
    for (const char *end = lines + strlen(lines); end > lines;) {
        const char *begin = end - 1;
        while (begin > lines && begin[-1] != '\n')
            begin--;
        buf_add(&out, begin, (size_t)(end - begin));
        end = begin;
    }
    return buf_take(&out);
}

static void check_walk(both *b, page_request p, store_dialect d)
{
    walk whole = {.b = b, .p = p}, forward = {.b = b, .p = p}, backward = {.b = b, .p = p};
    buf_init(&whole.keys);
    buf_init(&forward.keys);
    buf_init(&backward.keys);
    whole.p.limit = WHOLE;
    char *all = walk_keys(&whole, d), *paged = walk_keys(&forward, d);
    ck_assert_msg(strcmp(all, paged) == 0, "%s by %s%s: whole:\n%spaged:\n%s", p.view->name, p.sort,
                  p.descending ? " desc" : "", all, paged);
    backward.p.backward = true;
    for (size_t k = 0; k <= p.view->nkey; k++)
        backward.from[k] = mem_str(whole.from[k]);
    backward.p.from = (const char *const *)backward.from;
    char *back = walk_keys(&backward, d), *wanted = reversed(all);
    const char *behind = strchr(wanted, '\n'); /* the last row is where it starts: not in it */
    ck_assert_msg(behind && strcmp(back, behind + 1) == 0, "%s by %s%s backwards: got\n%swanted:\n%s",
                  p.view->name, p.sort, p.descending ? " desc" : "", back, behind ? behind + 1 : "");
    free(all);
    free(paged);
    free(back);
    free(wanted);
    walk_done(&whole);
    walk_done(&forward);
    walk_done(&backward);
}

START_TEST(pages_in_any_order_and_direction_are_the_whole_list)
{
    both b;
    both_open(&b);
    const view *const *views;
    for (size_t i = views_of(&b, &views); i-- > 0;)
        for (size_t k = 0; view_is_list(views[i]) && k < 4 * views[i]->ncolumns; k++) {
            const view_column *c = &views[i]->columns[k / 4];
            page_request p = {.view = views[i], .tier = -1, .sort = c->name, .descending = k % 2, .limit = 1};
            if (c->sortable)
                check_walk(&b, p, (store_dialect)(k / 2 % 2));
        }
    both_close(&b);
}
END_TEST

START_TEST(pages_of_a_search_in_its_own_order_are_the_whole)
{
    both b;
    both_open(&b);
    static const struct {
        const char *view;
        int tier;
        const char *search;
    } cases[] = {{"fans", 1, "m"},
                 {"fans", 1, "j"},
                 {"fans", 2, "maria garcia"},
                 {"artists", 1, "luna"},
                 {"orders", 1, "garcia"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        query_value value = {"search", cases[i].search};
        page_request p = {.view = catalog_view(b.catalog, cases[i].view),
                          .tier = cases[i].tier,
                          .limit = 1,
                          .values = &value,
                          .nvalues = 1};
        check_walk(&b, p, STORE_POSTGRES);
        check_walk(&b, p, STORE_SQLITE);
    }
    both_close(&b);
}
END_TEST

/* ---- home ---- */

START_TEST(the_way_in_from_home_shows_as_many_rows_as_it_says)
{
    both b;
    both_open(&b);
    const view *home = catalog_view(b.catalog, "home");
    statement st = {0};
    err e = {0};
    ck_assert_msg(query_bind(home->query, STORE_POSTGRES, NULL, 0, &st, &e), "%s", e.text);
    rowset *rows = NULL;
    store_request q = {.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams};
    ck_assert_msg(store_fetch(b.stores[STORE_POSTGRES], &q, WHOLE, &rows, NULL, &e), "%s", e.text);
    ck_assert_uint_ge(rows->nrows, 10);
    for (size_t i = 0; i < rows->nrows; i++) {
        char *with = mem_str(cell(rows, i, "with"));
        query_value values[VALUES_MOST];
        const view *v = catalog_view(b.catalog, cell(rows, i, "view"));
        ck_assert_msg(v != NULL, "%s", cell(rows, i, "view"));
        size_t n = with_split(with, values, VALUES_MOST);
        walk w = {.b = &b, .p = {.view = v, .tier = -1, .limit = WHOLE, .values = values, .nvalues = n}};
        rowset *shown = walk_page(&w, STORE_POSTGRES);
        if (n > 0 && strcmp(v->name, "concerts") != 0) /* that list also shows the cancelled ones */
            ck_assert_msg((long)shown->nrows == atol(cell(rows, i, "figure")), "%s: %s says %s, %s shows %zu",
                          v->name, cell(rows, i, "what"), cell(rows, i, "figure"), cell(rows, i, "with"),
                          shown->nrows);
        rowset_free(shown);
        free(with);
    }
    rowset_free(rows);
    statement_done(&st);
    both_close(&b);
}
END_TEST

START_TEST(staff_who_may_not_see_the_move_have_all_the_other_screens)
{
    static const char *const roles[] = {"showx_support", "showx_manager", "showx_readonly", "showx_engineer"};
    both b;
    both_open(&b);
    const view *const *views;
    size_t n = views_of(&b, &views), refused = 0;
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        store *s = open_as(roles[r]);
        for (size_t i = 0; i < n; i++)
            for (int tier = -1; is_list(views[i]) && tier < (int)views[i]->nsearch; tier++) {
                query_value value = {"search", "luna"};
                page_request p = {.view = views[i], .tier = tier, .limit = 5, .values = &value, .nvalues = 1};
                statement st = {0};
                ck_assert(page_bind(&p, STORE_POSTGRES, &st, NULL));
                char *rows = rows_of(s, &st);
                bool move = strstr(st.sql, "migration.") || strstr(st.sql, "legacy.");
                ck_assert_msg(rows[0] != '!' || (move && r < 2), "%s, %s: %s", roles[r], views[i]->name,
                              rows);
                refused += rows[0] == '!';
                statement_done(&st);
                free(rows);
            }
        store_close(s);
    }
    ck_assert_uint_ge(refused, 12);
    both_close(&b);
}
END_TEST

Suite *suite_same(void)
{
    Suite *s = suite_create("queries");
    TCase *tc = tcase_create("queries");
    tcase_add_unchecked_fixture(tc, both_make, NULL);
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, every_list_is_the_same_in_every_order);
    tcase_add_test(tc, every_list_is_the_same_however_narrowed);
    tcase_add_test(tc, every_detail_is_the_same);
    tcase_add_test(tc, every_count_is_the_same);
    tcase_add_test(tc, every_estimate_is_a_number_on_both);
    tcase_add_test(tc, every_search_is_the_same);
    tcase_add_test(tc, people_and_orders_are_found_by_what_staff_know);
    tcase_add_test(tc, pages_in_any_order_and_direction_are_the_whole_list);
    tcase_add_test(tc, pages_of_a_search_in_its_own_order_are_the_whole);
    tcase_add_test(tc, the_way_in_from_home_shows_as_many_rows_as_it_says);
    tcase_add_test(tc, staff_who_may_not_see_the_move_have_all_the_other_screens);
    suite_add_tcase(s, tc);
    return s;
}
