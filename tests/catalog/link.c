#include "suites.h"

#define Q "-- q: a\n-- :city_id text = null\nselect :city_id"
#define ONE "-- one: a\n-- :id text\nselect :id"
#define COLUMNS "[column id]\nkeep = 0\n[column name]\n[column price]\ntype = count\nsortable = no\n"
#define HEAD "title = T\nquery = q\nkey = id\n"

/* Links q, one and two views: `v` as given, and `w`, a detail by :id. Returns what was told. */
static char *linked(const char *v, const char *extra_path, const char *extra, catalog **ret)
{
    static const char w[] = "title = W\nkind = detail\nquery = one\nkey = id\n[column id]\n";
    heard h;
    buf_init(&h.lines);
    catalog *c = with_file("queries/q.sql", Q, NULL);
    err e = {0};
    ck_assert(catalog_add(c, "queries/one.sql", ONE, strlen(ONE), &e));
    ck_assert(catalog_add(c, "views/w.view", w, strlen(w), &e));
    ck_assert_msg(catalog_add(c, "views/v.view", v, strlen(v), &e), "%s", e.text);
    if (extra)
        ck_assert_msg(catalog_add(c, extra_path, extra, strlen(extra), &e), "%s", e.text);
    size_t n = catalog_link(c, hear, &h), lines = 0;
    for (const char *p = h.lines.data; (p = strchr(p, '\n')); p++)
        lines++;
    ck_assert_uint_eq(n, lines);
    if (ret)
        *ret = c;
    else
        catalog_free(c);
    return buf_take(&h.lines);
}

static void tells(const char *v, const char *sentence)
{
    char *told = linked(v, NULL, NULL, NULL);
    ck_contains(told, sentence);
    free(told);
}

START_TEST(what_fits_is_linked_in_silence)
{
    catalog *c;
    char *told =
        linked(HEAD "search = tier: by word\n" COLUMNS
                    "[go w]\nkey = Enter\nview = w\nwith = id\n[section s]\nview = v\nwith = city_id: name\n",
               "queries/tier.sql", "-- tier: t\n-- :search text\nselect :search from {{q}} as x", &c);
    ck_assert_str_eq(told, "");
    const view *v = catalog_view(c, "v");
    ck_assert_ptr_eq(v->query, catalog_query(c, "q"));
    ck_assert_uint_eq(v->nsearch, 1);
    ck_assert_str_eq(v->search_said[0], "by word");
    ck_assert_str_eq(v->sort, "id");
    ck_assert_uint_eq(v->ngos + v->nsections, 2);
    free(told);
    catalog_free(c);
}
END_TEST

START_TEST(a_view_without_its_query_is_left_out_and_the_rest_stays)
{
    catalog *c;
    char *told = linked("title = T\nquery = qq\nkey = id\n" COLUMNS, NULL, NULL, &c);
    ck_assert_str_eq(told, "views/v.view:2: there is no query 'qq'; did you mean 'q'?\n");
    ck_assert_ptr_null(catalog_view(c, "v"));
    ck_assert_ptr_nonnull(catalog_view(c, "w"));
    free(told);
    catalog_free(c);
}
END_TEST

START_TEST(a_way_that_leads_nowhere_is_dropped_alone)
{
    catalog *c;
    char *told =
        linked(HEAD COLUMNS "[go x]\nkey = x\nview = nowhere\n[go w]\nkey = w\nview = w\nwith = id\n", NULL,
               NULL, &c);
    ck_assert_str_eq(told, "views/v.view:10: there is no view 'nowhere'\n");
    ck_assert_uint_eq(catalog_view(c, "v")->ngos, 1);
    ck_assert_str_eq(catalog_view(c, "v")->gos[0].name, "w");
    free(told);
    catalog_free(c);
}
END_TEST

START_TEST(what_does_not_fit_is_told_by_its_line)
{
    tells("title = T\nquery = q\nkey = nix\n" COLUMNS, "views/v.view:3: the key 'nix' is no column here");
    tells("title = T\nquery = q\n" COLUMNS, "there is no `key`");
    tells(HEAD "sort = nix\n" COLUMNS, "views/v.view:4: 'nix' is no column here: it cannot be the order");
    tells(HEAD "sort = price\n" COLUMNS, "the column 'price' says that it is not sortable");
    tells(HEAD COLUMNS "[column m]\ntype = money\n", "views/v.view:10: the column 'm' is money");
    tells(HEAD COLUMNS "[column m]\ntype = money\ncurrency = nix\n",
          "there is no column 'nix' for the currency");
    tells(HEAD COLUMNS "[go w]\nkey = w\nview = w\n", "the query 'one' needs :id, which is not given here");
    tells(HEAD COLUMNS "[go w]\nkey = w\nview = w\nwith = id: nix\n", "'nix' is no column here");
    tells(HEAD COLUMNS "[go w]\nkey = w\nview = w\nwith = nix: id\n",
          "the query 'one' has no parameter :nix");
    tells(HEAD COLUMNS "[do a]\nkey = w\nquery = one\ninput = nix\n", "has no parameter :nix to ask for");
    tells(HEAD COLUMNS "[do a]\nkey = w\nquery = one\n", "needs :id, which is not given here");
    tells(HEAD "narrow = city_id nix\n" COLUMNS, "views/v.view:2: `narrow` names 'nix'");
    tells(HEAD COLUMNS "[section s]\nview = w\nwith = id\n",
          "views/v.view:10: a section shows a list, and 'w' is none");
    tells(HEAD "search = q: x\n" COLUMNS, "the query 'q' has no parameter :search");
    tells(HEAD "count = one\n" COLUMNS, "the query 'one' needs :id, which 'q' does not take");
    tells("title = T\nquery = one\nkey = id\n" COLUMNS, "the query 'one' needs :id, which nobody gives");
    tells(HEAD COLUMNS "[go w]\nkey = w\nview = w\nwith = id\n[go w2]\nkey = w\nview = w\nwith = id\n",
          "views/v.view:14: the key w is taken by 'w' already");
}
END_TEST

START_TEST(a_tier_that_cannot_be_narrowed_like_its_list_is_told)
{
    char *told = linked(HEAD "search = tier: x\n" COLUMNS, "queries/tier.sql",
                        "-- tier: t\n-- :search text\nselect :search", NULL);
    ck_contains(told, "views/v.view:4: the query 'tier' cannot be narrowed by :city_id as 'q' can");
    free(told);
}
END_TEST

START_TEST(views_come_by_menu_then_name)
{
    catalog *c;
    char *told = linked(HEAD "menu = 10 Ten\n" COLUMNS, "views/z.view",
                        "title = Z\nquery = q\nkey = id\nmenu = 9 Nine\n[column id]\n", &c);
    const view *const *views;
    ck_assert_uint_eq(catalog_views(c, &views), 3);
    ck_assert_str_eq(views[0]->name, "z");
    ck_assert_str_eq(views[1]->name, "v");
    ck_assert_str_eq(views[2]->name, "w");
    free(told);
    catalog_free(c);
}
END_TEST

START_TEST(a_name_twice_is_refused)
{
    catalog *c = with_file("queries/q.sql", Q, NULL);
    err e = {0};
    ck_assert(!catalog_add(c, "queries/q.sql", Q, strlen(Q), &e));
    ck_contains(e.text, "there is a query q already");
    ck_assert(!catalog_add(c, "README", "x", 1, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert(!catalog_add(c, "queries/n.sql", "-- n: a\0b", 9, &e));
    ck_contains(e.text, "holds a NUL byte");
    catalog_free(c);
}
END_TEST

Suite *suite_link(void)
{
    Suite *s = suite_create("link");
    TCase *tc = tcase_create("link");
    tcase_add_test(tc, what_fits_is_linked_in_silence);
    tcase_add_test(tc, a_view_without_its_query_is_left_out_and_the_rest_stays);
    tcase_add_test(tc, a_way_that_leads_nowhere_is_dropped_alone);
    tcase_add_test(tc, what_does_not_fit_is_told_by_its_line);
    tcase_add_test(tc, a_tier_that_cannot_be_narrowed_like_its_list_is_told);
    tcase_add_test(tc, views_come_by_menu_then_name);
    tcase_add_test(tc, a_name_twice_is_refused);
    suite_add_tcase(s, tc);
    return s;
}
