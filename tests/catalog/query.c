#include "suites.h"

#define QUERY                                                                                                \
    "-- q: what it answers\n"                                                                                \
    "-- :name fold = ''     part of the name\n"                                                              \
    "-- :n int              how many\n"                                                                      \
    "-- :day date = null\n"                                                                                  \
    "-- some prose\n"                                                                                        \
    "select * from t where a = :name and b < :n and (:day is null or c = :day)\n"

static const query *read_one(catalog *c)
{
    ck_assert_ptr_nonnull(c);
    ck_assert_uint_eq(catalog_link(c, NULL, NULL), 0);
    const query *q = catalog_query(c, "q");
    ck_assert_ptr_nonnull(q);
    return q;
}

static void refused(const char *text, const char *sentence)
{
    err e = {0};
    catalog *c = with_file("queries/q.sql", text, &e);
    ck_assert_msg(c == NULL, "was taken: %s", text);
    ck_assert_int_eq(e.kind, ERR_INPUT);
    ck_contains(e.text, sentence);
}

static char *bound(const query *q, store_dialect dialect, const query_value *values, size_t n)
{
    statement s = {0};
    err e = {0};
    if (!query_bind(q, dialect, values, n, &s, &e))
        return mem_printf("! %s", e.text);
    buf out;
    buf_init(&out);
    buf_str(&out, s.sql);
    for (size_t i = 0; i < s.nparams; i++)
        buf_printf(&out, " | %s", s.params[i].text ? s.params[i].text : "NULL");
    statement_done(&s);
    return buf_take(&out);
}

static void binds(const query *q, store_dialect dialect, const query_value *values, size_t n,
                  const char *wanted)
{
    char *got = bound(q, dialect, values, n);
    ck_assert_str_eq(got, wanted);
    free(got);
}

START_TEST(a_head_gives_summary_and_parameters)
{
    catalog *c = with_file("queries/q.sql", QUERY, NULL);
    const query *q = read_one(c);
    ck_assert_str_eq(q->summary, "what it answers");
    ck_assert_uint_eq(q->nparams, 3);
    ck_assert_str_eq(q->params[0].name, "name");
    ck_assert(q->params[0].fold && !q->params[0].required);
    ck_assert_str_eq(q->params[0].fallback, "");
    ck_assert_str_eq(q->params[0].help, "part of the name");
    ck_assert(q->params[1].required && q->params[1].type == STORE_INT);
    ck_assert(!q->params[2].required && !q->params[2].fallback);
    catalog_free(c);
}
END_TEST

START_TEST(one_place_serves_a_parameter_each_time)
{
    catalog *c = with_file("queries/q.sql", QUERY, NULL);
    const query *q = read_one(c);
    query_value values[] = {{"n", "+7"}, {"name", "José"}, {"day", "2026-02-03"}};
    binds(q, STORE_POSTGRES, values, 3,
          "select * from t where a = $1::text and b < $2::bigint and ($3::date is null or c = $3::date) | "
          "jose | 7 | "
          "2026-02-03");
    binds(q, STORE_SQLITE, values, 2,
          "select * from t where a = ?1 and b < ?2 and (?3 is null or c = ?3) | jose | 7 | NULL");
    catalog_free(c);
}
END_TEST

START_TEST(wrong_values_are_told_by_query_and_parameter)
{
    catalog *c = with_file("queries/q.sql", QUERY, NULL);
    const query *q = read_one(c);
    query_value none[] = {{"name", "x"}}, unknown[] = {{"n", "1"}, {"nmae", "x"}}, text[] = {{"n", "many"}},
                day[] = {{"n", "1"}, {"day", "2026-02-30"}}, bytes[] = {{"n", "1"}, {"name", "\xff"}};
    binds(q, STORE_POSTGRES, none, 1, "! q needs n (how many)");
    binds(q, STORE_POSTGRES, unknown, 2, "! q has no parameter 'nmae'; did you mean 'name'?");
    binds(q, STORE_POSTGRES, text, 1, "! q: n 'many' is not a whole number");
    binds(q, STORE_POSTGRES, day, 2, "! q: day '2026-02-30' is not a date such as 2026-11-22");
    char *got = bound(q, STORE_POSTGRES, bytes, 2);
    ck_contains(got, "is not valid UTF-8");
    free(got);
    catalog_free(c);
}
END_TEST

START_TEST(now_and_today_come_by_themselves)
{
    setenv("SHOWX_NOW", "2026-11-22T18:10:00Z", 1);
    catalog *c =
        with_file("queries/q.sql", "-- q: a\n-- :now time\n-- :today date\nselect :now, :today", NULL);
    const query *q = read_one(c);
    binds(q, STORE_SQLITE, NULL, 0, "select ?1, ?2 | 2026-11-22T18:10:00Z | 2026-11-22");
    query_value given[] = {{"today", "2020-01-01"}};
    binds(q, STORE_SQLITE, given, 1, "select ?1, ?2 | 2026-11-22T18:10:00Z | 2020-01-01");
    catalog_free(c);
}
END_TEST

START_TEST(types_have_one_spelling)
{
    static const struct {
        store_type type;
        const char *in, *out;
    } cases[] = {
        {STORE_INT, "-12", "-12"},
        {STORE_INT, "1.5", NULL},
        {STORE_INT, "99999999999999999999", NULL},
        {STORE_REAL, "1e3", "1000"},
        {STORE_REAL, "nan", NULL},
        {STORE_REAL, "inf", NULL},
        {STORE_BOOL, "Yes", "true"},
        {STORE_BOOL, "0", "false"},
        {STORE_BOOL, "maybe", NULL},
        {STORE_DATE, "2024-02-29", "2024-02-29"},
        {STORE_DATE, "2023-02-29", NULL},
        {STORE_TIME, "2026-11-22 18:10:00+01:00", "2026-11-22T17:10:00Z"},
        {STORE_TIME, "yesterday", NULL},
        {STORE_TEXT, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *out = NULL;
        bool ok = value_check(cases[i].type, cases[i].in, &out, NULL);
        ck_assert_msg(ok == (cases[i].out != NULL), "%s", cases[i].in);
        if (ok)
            ck_assert_str_eq(out, cases[i].out);
        free(out);
    }
}
END_TEST

START_TEST(a_second_section_is_for_sqlite)
{
    catalog *c = with_file("queries/q.sql",
                           "-- q: a\n-- :x text = null\nselect now(), :x\n-- sqlite\nselect 1, :x\n", NULL);
    const query *q = read_one(c);
    binds(q, STORE_POSTGRES, NULL, 0, "select now(), $1::text | NULL");
    binds(q, STORE_SQLITE, NULL, 0, "select 1, ?1 | NULL");
    catalog_free(c);
}
END_TEST

START_TEST(a_query_that_cannot_run_offline_says_why)
{
    catalog *c = with_file("queries/q.sql", "-- q: a\n-- offline: no it writes\nselect 1", NULL);
    binds(read_one(c), STORE_SQLITE, NULL, 0, "! q cannot run without the server: it writes");
    catalog_free(c);
}
END_TEST

START_TEST(broken_query_files_are_told_by_their_line)
{
    refused("", "queries/q.sql:1: the first line is not `-- q: what it answers`");
    refused("-- other: a\nselect 1", "queries/q.sql:1:");
    refused("-- q: a\n", "there is no statement");
    refused("-- q: a\n-- :x number\nselect :x", "queries/q.sql:2: the type of :x is none of");
    refused("-- q: a\n-- :X text\nselect 1", "queries/q.sql:2: a parameter's name");
    refused("-- q: a\n-- :x text\n-- :x int\nselect :x",
            "queries/q.sql:3: the parameter :x is declared twice");
    refused("-- q: a\n-- :x int = many\nselect :x",
            "queries/q.sql:2: the default of :x is not a whole number");
    refused("-- q: a\n-- :x text = 'a\nselect :x", "queries/q.sql:2: the default of :x never ends");
    refused("-- q: a\n-- :x text\nselect 1", "the parameter :x is declared but never used");
    refused("-- q: a\nselect 1,\n  :y", "queries/q.sql:3: the parameter :y is not declared");
    refused("-- q: a\nselect\n\n'", "queries/q.sql:4: the statement holds a string that never ends");
    refused("-- q: a\n-- :x text\nselect :x, $1",
            "queries/q.sql:3: the statement holds a parameter by position");
    refused("-- q: a\n-- offline: yes\nselect 1", "queries/q.sql:2: `offline:`");
    refused("-- q: a\n-- ofline: no x\nselect 1", "queries/q.sql:2: a head line is");
    refused("-- q: a\n-- sort: x\nselect 1", "queries/q.sql:2: `sort:`");
    refused("-- q: a\nselect 1\n-- sqlite\nselect :z", "queries/q.sql:4: the parameter :z is not declared");
    refused("-- q: \xff\nselect 1", "is not valid UTF-8");
}
END_TEST

START_TEST(an_include_brings_text_and_parameters)
{
    catalog *c = with_file("queries/q.sql",
                           "-- q: a\n-- :search text\nselect * from {{base}} as b where b.x = :search", NULL);
    static const char base[] = "-- base: b\n-- :city text = null\nselect x from t where :city is null";
    ck_assert(catalog_add(c, "queries/base.sql", base, strlen(base), NULL));
    const query *q = read_one(c);
    ck_assert_uint_eq(q->nparams, 2);
    query_value values[] = {{"search", "s"}, {"city", "c"}};
    binds(q, STORE_SQLITE, values, 2,
          "select * from (\nselect x from t where ?1 is null\n) as b where b.x = ?2 | c | s");
    catalog_free(c);
}
END_TEST

START_TEST(an_include_of_itself_is_refused)
{
    heard h;
    buf_init(&h.lines);
    catalog *c = with_file("queries/q.sql", "-- q: a\nselect * from {{q}} as b", NULL);
    static const char missing[] = "-- m: b\nselect * from {{nowhere}} as x";
    ck_assert(catalog_add(c, "queries/m.sql", missing, strlen(missing), NULL));
    ck_assert_uint_eq(catalog_link(c, hear, &h), 2);
    ck_contains(h.lines.data, "queries/q.sql: {{q}} stands for itself");
    ck_contains(h.lines.data, "queries/m.sql: there is no query for {{nowhere}}");
    ck_assert_ptr_null(catalog_query(c, "q"));
    buf_done(&h.lines);
    catalog_free(c);
}
END_TEST

Suite *suite_query(void)
{
    Suite *s = suite_create("query");
    TCase *tc = tcase_create("query");
    tcase_add_test(tc, a_head_gives_summary_and_parameters);
    tcase_add_test(tc, one_place_serves_a_parameter_each_time);
    tcase_add_test(tc, wrong_values_are_told_by_query_and_parameter);
    tcase_add_test(tc, now_and_today_come_by_themselves);
    tcase_add_test(tc, types_have_one_spelling);
    tcase_add_test(tc, a_second_section_is_for_sqlite);
    tcase_add_test(tc, a_query_that_cannot_run_offline_says_why);
    tcase_add_test(tc, broken_query_files_are_told_by_their_line);
    tcase_add_test(tc, an_include_brings_text_and_parameters);
    tcase_add_test(tc, an_include_of_itself_is_refused);
    suite_add_tcase(s, tc);
    return s;
}
