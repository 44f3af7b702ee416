#include "base/rng.h"
#include "suites.h"

/* The names of all parameters and includes, joined by spaces; "!" and why at something broken. */
static char *names(const char *sql)
{
    sql_reader r = {sql, sql + strlen(sql), sql};
    buf out;
    buf_init(&out);
    for (sql_piece p; (p = sql_next(&r)).kind != SQL_END;) {
        if (p.kind == SQL_BROKEN) {
            buf_printf(&out, "!%s", p.text);
            break;
        }
        if (p.kind == SQL_PARAM || p.kind == SQL_INCLUDE)
            buf_printf(&out, "%s%.*s ", p.kind == SQL_INCLUDE ? "@" : "", (int)p.len, p.text);
    }
    return buf_take(&out);
}

static void expect(const char *sql, const char *wanted)
{
    char *got = names(sql);
    ck_assert_msg(strcmp(got, wanted) == 0, "%s: got '%s', wanted '%s'", sql, got, wanted);
    free(got);
}

START_TEST(parameters_are_found_where_they_stand)
{
    expect("select :a, :b_2 where x=:a", "a b_2 a ");
    expect(":a", "a ");
    expect("(:a)", "a ");
    expect("a<:b and :c>d", "b c ");
}
END_TEST

START_TEST(a_cast_is_no_parameter)
{
    expect("select x::text, :a::int, '1'::date", "a ");
    expect("select a:::b", "");
}
END_TEST

START_TEST(strings_and_quoted_names_hold_no_parameters)
{
    expect("select ':a', 'it''s :b', \"c:d \"\" :e\", :f", "f ");
    expect("select 'a\\', :b", "b ");
    expect("select E'a\\' :b', :c", "c ");
    expect("select e'\\\\', :c", "c ");
    expect("select like'\\', :c", "c "); /* the e belongs to a word */
}
END_TEST

START_TEST(comments_hold_no_parameters)
{
    expect("select 1 -- :a 'never closed\n, :b", "b ");
    expect("select /* :a /* :b */ :c */ :d", "d ");
    expect("select 1 -- :a", "");
}
END_TEST

START_TEST(dollar_quotes_hold_no_parameters)
{
    expect("select $$ :a ' $$, :b", "b ");
    expect("select $x$ :a $$ :b $y$ $x$, :c", "c ");
    expect("select a$b$, :c", "c "); /* part of a name */
}
END_TEST

START_TEST(includes_are_told_from_braces)
{
    expect("select * from {{artists}} as list where :a", "@artists a ");
    expect("select '{{no}}', '{1}'::int[]", "");
    expect("select {{", "!a name that is empty or longer than 63 letters");
    expect("select {{a}", "!'{{' without a name and '}}'");
}
END_TEST

START_TEST(what_never_ends_is_broken)
{
    expect("select 'a", "!a string that never ends");
    expect("select 'a''", "!a string that never ends");
    expect("select \"a", "!a quoted name that never ends");
    expect("select /* /* */", "!a comment that never ends");
    expect("select $q$ a $$", "!a dollar quote that never ends");
}
END_TEST

START_TEST(a_second_statement_is_refused)
{
    expect("select 1; drop table fan", "!a ';': a query file holds one statement");
    expect("select ';' /* ; */ -- ;\n", "");
}
END_TEST

START_TEST(the_pieces_together_are_the_text)
{
    static const char *const parts[] = {"'",  "''", "\"", "--",    "\n",  "/*", "*/", "$$", "$a$",
                                        ":a", "::", ":",  "{{a}}", "{{",  "E'", "\\", "x",  " ",
                                        "?",  "$1", "1",  "é",     "a:b", "}}", "$"};
    rng r;
    rng_seed(&r, support_seed(7));
    for (int round = 0; round < 20000; round++) {
        buf sql, again;
        buf_init(&sql);
        buf_init(&again);
        for (uint64_t i = rng_below(&r, 14); i-- > 0;)
            buf_str(&sql, parts[rng_below(&r, sizeof parts / sizeof *parts)]);
        sql_reader s = {sql.data, sql.data + sql.len, sql.data};
        sql_piece p;
        while ((p = sql_next(&s)).kind != SQL_END && p.kind != SQL_BROKEN) {
            buf_str(&again, p.kind == SQL_PARAM ? ":" : p.kind == SQL_INCLUDE ? "{{" : "");
            buf_add(&again, p.text, p.len);
            buf_str(&again, p.kind == SQL_INCLUDE ? "}}" : "");
        }
        if (p.kind == SQL_END)
            ck_assert_str_eq(again.data, sql.data);
        buf_done(&sql);
        buf_done(&again);
    }
}
END_TEST

Suite *suite_sql(void)
{
    Suite *s = suite_create("sql");
    TCase *tc = tcase_create("sql");
    tcase_add_test(tc, parameters_are_found_where_they_stand);
    tcase_add_test(tc, a_cast_is_no_parameter);
    tcase_add_test(tc, strings_and_quoted_names_hold_no_parameters);
    tcase_add_test(tc, comments_hold_no_parameters);
    tcase_add_test(tc, dollar_quotes_hold_no_parameters);
    tcase_add_test(tc, includes_are_told_from_braces);
    tcase_add_test(tc, what_never_ends_is_broken);
    tcase_add_test(tc, a_second_statement_is_refused);
    tcase_add_test(tc, the_pieces_together_are_the_text);
    suite_add_tcase(s, tc);
    return s;
}
