/* What the Cities screen sums up by distance is the same online and offline. */
#include "suites.h"
#include <stdlib.h>
#include <string.h>

static void same(both *b, const char *name, const char *artist, const char *has)
{
    query_value value = {"artist_id", artist};
    char *got[2];
    for (int d = 0; d < 2; d++) {
        statement st = {0};
        err e = {0};
        const query *q = catalog_query(b->catalog, name);
        ck_assert_msg(q && query_bind(q, (store_dialect)d, &value, artist ? 1 : 0, &st, &e), "%s: %s", name,
                      e.text);
        got[d] = rows_of(b->stores[d], &st);
        statement_done(&st);
    }
    ck_assert_msg(got[0][0] != '!' && strcmp(got[0], got[1]) == 0, "%s\nPostgres:\n%s\nSQLite:\n%s", name,
                  got[0], got[1]);
    ck_assert_msg(strstr(got[0], has) != NULL, "%s: %s", name, got[0]);
    free(got[0]);
    free(got[1]);
}

START_TEST(what_cities_have_is_the_same_on_both)
{
    both b;
    both_open(&b);
    same(&b, "city_figures", NULL, "city_id|venues|largest|");
    same(&b, "city_figures", "a1", "city_id|venues|largest|");
    same(&b, "places_demand", "a1", "\ng1|2|1|-|9\ng2|1|0|-|-");
    same(&b, "places_demand", "a2", "|80");
    same(&b, "places_demand", "nobody", "city_id|followers|buyers|last_show|tickets");
    both_close(&b);
}
END_TEST

START_TEST(the_index_of_places_is_the_same_on_both)
{
    both b;
    both_open(&b);
    static const char *const names[] = {"city_version", "city_places", "city_names"};
    for (size_t i = 0; i < 3; i++) {
        const query *q = catalog_query(b.catalog, names[i]);
        ck_assert_msg(q && !q->offline_not, "%s", names[i]);
        same(&b, names[i], NULL, "|");
    }
    both_close(&b);
}
END_TEST

Suite *suite_places(void)
{
    Suite *s = suite_create("places");
    TCase *tc = tcase_create("places");
    tcase_add_unchecked_fixture(tc, both_make, NULL);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, what_cities_have_is_the_same_on_both);
    tcase_add_test(tc, the_index_of_places_is_the_same_on_both);
    suite_add_tcase(s, tc);
    return s;
}
