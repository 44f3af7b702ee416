#include "suites.h"

/* id: the key; name: indexed ascending; day: indexed, newest first; price: not indexed. */
static catalog *shop(void)
{
    static const char q[] = "-- q: a\n-- :city text = null\nselect 1 where :city is null";
    static const char tier[] =
        "-- tier: a\n-- :search fold\n-- sort: word text indexed\nselect :search from {{q}} as x";
    static const char v[] =
        "title = T\nquery = q\nsearch = tier: by word\nkey = id\nsort = name\n[column id]\nkeep = 0\n"
        "[column name]\nindexed = yes\n[column day]\ntype = date\nindexed = yes\ndescending = yes\n"
        "[column price]\ntype = count\n[column note]\nsortable = no\n";
    catalog *c = with_file("queries/q.sql", q, NULL);
    ck_assert(catalog_add(c, "queries/tier.sql", tier, strlen(tier), NULL));
    ck_assert(catalog_add(c, "views/v.view", v, strlen(v), NULL));
    ck_assert_uint_eq(catalog_link(c, NULL, NULL), 0);
    return c;
}

/* What stands behind "as page", in one line, and the parameters. */
static char *page(page_request p, store_dialect dialect)
{
    catalog *c = shop();
    p.view = catalog_view(c, "v");
    p.limit = 50;
    statement s = {0};
    err e = {0};
    if (!page_bind(&p, dialect, &s, &e)) {
        catalog_free(c);
        return mem_printf("! %s", e.text);
    }
    const char *tail = strstr(s.sql, "as page\n");
    ck_assert_ptr_nonnull(tail);
    buf out;
    buf_init(&out);
    buf_str(&out, tail + strlen("as page\n"));
    for (char *nl; (nl = strchr(out.data, '\n'));)
        *nl = ' ';
    for (size_t i = 0; i < s.nparams; i++)
        buf_printf(&out, " | %s", s.params[i].text ? s.params[i].text : "NULL");
    statement_done(&s);
    catalog_free(c);
    return buf_take(&out);
}

static void gives(page_request p, const char *wanted)
{
    if (!p.tier)
        p.tier = -1;
    else if (p.tier == 99)
        p.tier = 0;
    char *got = page(p, STORE_SQLITE);
    ck_assert_str_eq(got, wanted);
    free(got);
}

#define FROM(...) ((const char *const[]){__VA_ARGS__})

START_TEST(an_index_in_one_direction_is_a_row_comparison)
{
    gives((page_request){0}, "where true order by page.name, page.id limit ?2 | NULL | 51");
    gives(
        (page_request){.from = FROM("Luna", "a1")},
        "where (page.name, page.id) > (?2, ?3) order by page.name, page.id limit ?4 | NULL | Luna | a1 | 51");
    gives((page_request){.from = FROM("Luna", "a1"), .backward = true},
          "where (page.name, page.id) < (?2, ?3) order by page.name desc, page.id desc limit ?4 | NULL | "
          "Luna | a1 | 51");
    gives((page_request){.sort = "name", .descending = true, .from = FROM("Luna", "a1")},
          "where (page.name, page.id) < (?2, ?3) order by page.name desc, page.id desc limit ?4 | NULL | "
          "Luna | a1 | 51");
}
END_TEST

START_TEST(an_index_in_two_directions_is_a_range)
{
    gives((page_request){.sort = "day", .descending = true, .from = FROM("2026-01-02", "a1")},
          "where page.day <= ?2 and (page.day < ?2 or (page.id) > (?3)) order by page.day desc, page.id "
          "limit ?4 "
          "| NULL | 2026-01-02 | a1 | 51");
    gives(
        (page_request){.sort = "day", .descending = true, .backward = true, .from = FROM("2026-01-02", "a1")},
        "where page.day >= ?2 and (page.day > ?2 or (page.id) < (?3)) order by page.day, page.id desc limit "
        "?4 "
        "| NULL | 2026-01-02 | a1 | 51");
    gives((page_request){.sort = "day", .from = FROM("2026-01-02", "a1")},
          "where page.day >= ?2 and (page.day > ?2 or (page.id) < (?3)) order by page.day, page.id desc "
          "limit ?4 "
          "| NULL | 2026-01-02 | a1 | 51");
}
END_TEST

START_TEST(elsewhere_nulls_are_last_and_are_passed)
{
    gives((page_request){.sort = "price", .from = FROM("7", "a1")},
          "where (page.price > ?2 or page.price is null or (page.price = ?2 and (page.id) > (?3))) "
          "order by page.price nulls last, page.id limit ?4 | NULL | 7 | a1 | 51");
    gives((page_request){.sort = "price", .descending = true, .from = FROM(NULL, "a1")},
          "where page.price is null and (page.id) > (?2) "
          "order by page.price desc nulls last, page.id limit ?3 | NULL | a1 | 51");
    gives((page_request){.sort = "price", .backward = true, .from = FROM("7", "a1")},
          "where (page.price < ?2 or (page.price = ?2 and (page.id) < (?3))) "
          "order by page.price desc nulls first, page.id desc limit ?4 | NULL | 7 | a1 | 51");
    gives((page_request){.sort = "price", .backward = true, .from = FROM(NULL, "a1")},
          "where (page.price is not null or (page.id) < (?2)) "
          "order by page.price desc nulls first, page.id desc limit ?3 | NULL | a1 | 51");
}
END_TEST

START_TEST(the_key_itself_needs_no_second_column)
{
    gives((page_request){.sort = "id", .from = FROM("a1", "a1")},
          "where (page.id) > (?2) order by page.id limit ?3 | NULL | a1 | 51");
}
END_TEST

START_TEST(a_tier_may_have_an_order_of_its_own)
{
    query_value search[] = {{"search", "José"}};
    gives((page_request){.tier = 99, .values = search, .nvalues = 1, .from = FROM("jose", "a1")},
          "where (page.word, page.id) > (?3, ?4) order by page.word, page.id limit ?5 | jose | NULL | jose | "
          "a1 | 51");
    gives((page_request){.tier = 99, .values = search, .nvalues = 1, .sort = "name"},
          "where true order by page.name, page.id limit ?3 | jose | NULL | 51");
    catalog *c = shop();
    bool descending = true;
    ck_assert_str_eq(page_sort(catalog_view(c, "v"), 0, NULL, &descending), "word");
    ck_assert(!descending);
    ck_assert_str_eq(page_sort(catalog_view(c, "v"), -1, NULL, NULL), "name");
    ck_assert_str_eq(page_sort(catalog_view(c, "v"), 0, "day", &descending), "day");
    ck_assert(descending);
    catalog_free(c);
}
END_TEST

START_TEST(a_search_text_does_not_disturb_the_plain_list)
{
    query_value search[] = {{"search", "x"}};
    gives((page_request){.values = search, .nvalues = 1},
          "where true order by page.name, page.id limit ?2 | NULL | 51");
}
END_TEST

START_TEST(what_cannot_be_sorted_or_gone_on_from_is_told)
{
    gives((page_request){.sort = "nmae"}, "! v cannot be sorted by 'nmae'; did you mean 'name'?");
    gives((page_request){.sort = "note"}, "! v cannot be sorted by 'note'; did you mean 'name'?");
    gives((page_request){.sort = "name; drop table fan"},
          "! v cannot be sorted by 'name; drop table fan'; did you mean 'name'?");
    gives((page_request){.tier = 7}, "! v cannot be searched");
    gives((page_request){.sort = "day", .from = FROM("soon", "a1")},
          "! queries/q.sql: the row to go on from: 'soon' is not a date such as 2026-11-22");
}
END_TEST

START_TEST(postgres_is_told_every_type)
{
    char *got =
        page((page_request){.tier = -1, .sort = "day", .descending = true, .from = FROM("2026-01-02", "a1")},
             STORE_POSTGRES);
    ck_contains(got, "page.day <= $2::date and (page.day < $2::date or (page.id) > ($3::text))");
    ck_contains(got, "limit $4::bigint");
    free(got);
}
END_TEST

START_TEST(a_way_in_is_taken_apart_in_place)
{
    char with[] = "status=hold&until=2026-11-24&odd&=x&name=a%26b%3";
    query_value values[8];
    ck_assert_uint_eq(with_split(with, values, 8), 3);
    ck_assert_str_eq(values[0].name, "status");
    ck_assert_str_eq(values[1].text, "2026-11-24");
    ck_assert_str_eq(values[2].text, "a&b%3");
    char none[] = "";
    ck_assert_uint_eq(with_split(none, values, 8), 0);
}
END_TEST

Suite *suite_page(void)
{
    Suite *s = suite_create("page");
    TCase *tc = tcase_create("page");
    tcase_add_test(tc, an_index_in_one_direction_is_a_row_comparison);
    tcase_add_test(tc, an_index_in_two_directions_is_a_range);
    tcase_add_test(tc, elsewhere_nulls_are_last_and_are_passed);
    tcase_add_test(tc, the_key_itself_needs_no_second_column);
    tcase_add_test(tc, a_tier_may_have_an_order_of_its_own);
    tcase_add_test(tc, a_search_text_does_not_disturb_the_plain_list);
    tcase_add_test(tc, what_cannot_be_sorted_or_gone_on_from_is_told);
    tcase_add_test(tc, postgres_is_told_every_type);
    tcase_add_test(tc, a_way_in_is_taken_apart_in_place);
    suite_add_tcase(s, tc);
    return s;
}
