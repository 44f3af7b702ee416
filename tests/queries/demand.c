/* What src/demand learns from is the same online and offline; and few people in a place are not shown as a figure. */
#include "suites.h"
#include <stdlib.h>
#include <string.h>

static char *asked(both *b, store_dialect d, const char *name, const char *artist)
{
    statement st = {0};
    err e = {0};
    query_value value = {"artist_id", artist};
    const query *q = catalog_query(b->catalog, name);
    ck_assert_msg(q != NULL, "%s", name);
    ck_assert_msg(query_bind(q, d, &value, artist ? 1 : 0, &st, &e), "%s: %s", name, e.text);
    char *rows = rows_of(b->stores[d], &st);
    statement_done(&st);
    return rows;
}

static void same(both *b, const char *name, const char *artist, const char *expected)
{
    char *got = asked(b, STORE_POSTGRES, name, artist), *offline = asked(b, STORE_SQLITE, name, artist);
    ck_assert_msg(got[0] != '!' && strcmp(got, offline) == 0, "%s\nPostgres:\n%s\nSQLite:\n%s", name, got,
                  offline);
    ck_assert_msg(!expected || strcmp(got, expected) == 0, "%s of %s: %s", name, artist, got);
    free(got);
    free(offline);
}

START_TEST(what_is_learnt_from_is_the_same_on_both)
{
    both b;
    both_open(&b);
    static const char *const artists[] = {NULL, "a1", "a2", "a3", "nobody"};
    for (size_t i = 0; i < sizeof artists / sizeof *artists; i++) {
        same(&b, "demand_cells", artists[i], NULL);
        same(&b, "demand_shows", artists[i], NULL);
    }
    same(&b, "demand_cells", "a1", "artist_id|city_id|followers|buyers|tickets\na1|g1|2|1|2\na1|g2|1|0|0");
    same(&b, "demand_shows", "a3",
         "artist_id|concert_id|city_id|local_date|sold|capacity|sold_out|price|currency\na3|c2|g2|2026-03-01|"
         "0|1300|false|0|EUR");
    same(&b, "demand_cities", NULL, NULL);
    same(&b, "demand_model", NULL,
         "version|parameters|shows|artists|fitted_at\n2|showx-demand 1|2|2|2026-01-02T00:00:00Z");
    both_close(&b);
}
END_TEST

START_TEST(fewer_than_five_people_in_a_place_are_no_figure)
{
    both b;
    both_open(&b);
    for (int d = 0; d < 2; d++) {
        char *one = asked(&b, (store_dialect)d, "demand", "a1"),
             *two = asked(&b, (store_dialect)d, "demand", "a2");
        ck_assert_msg(strstr(one, "a1|g1|Luna Park|Austin|US|-|-|<5 followers, <5 buyers|") != NULL, "%s",
                      one);
        ck_assert_msg(strstr(one, "a1|g2|Luna Park|Köln|DE|-|0|<5 followers|") != NULL, "%s", one);
        ck_assert_msg(strstr(two, "|Austin|US|7|-|<5 buyers|2|2026-02-01|30|80|200|77|60|8012|100|") != NULL,
                      "%s", two);
        ck_assert_msg(strstr(two, "|Austin|US|-|6|<5 followers|") != NULL, "%s", two);
        free(one);
        free(two);
    }
    both_close(&b);
}
END_TEST

Suite *suite_demand(void)
{
    Suite *s = suite_create("demand's questions");
    TCase *tc = tcase_create("demand");
    suite_add_tcase(s, tc);
    tcase_add_unchecked_fixture(tc, both_make, NULL);
    tcase_add_test(tc, what_is_learnt_from_is_the_same_on_both);
    tcase_add_test(tc, fewer_than_five_people_in_a_place_are_no_figure);
    return s;
}
