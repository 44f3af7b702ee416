/* The commands: words, arguments, completion, output. No database here: tests/queries and the end-to-end
 * suite have one. */
#include "support/support.h"

#include "base/mem.h"
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

static catalog *cat;
static commands *all;

static void set_up(void)
{
    cat = catalog_new(NULL, NULL);
    all = commands_new(cat);
}

static void tear_down(void)
{
    commands_free(all);
    catalog_free(cat);
}

typedef struct said {
    char *out, *messages;
    int code;
} said;

/* Runs a typed line with the outputs caught. */
static said run(const char *line)
{
    said s = {0};
    size_t n, m;
    command_env env = {
        .catalog = cat, .out = open_memstream(&s.out, &n), .messages = open_memstream(&s.messages, &m)};
    char **argv;
    int argc;
    ck_assert(commands_split(line, &argv, &argc, NULL));
    s.code = commands_run(all, &env, argc, argv);
    commands_split_free(argv, argc);
    fclose(env.out);
    fclose(env.messages);
    store_close(env.store);
    free(env.demo_conninfo);
    return s;
}

static void said_done(said *s)
{
    free(s->out);
    free(s->messages);
}

START_TEST(a_line_splits_as_a_shell_would_split_it)
{
    char **argv;
    int argc;
    ck_assert(commands_split("a 'b c' \"d \\\" e\" f\\ g ''", &argv, &argc, NULL));
    ck_assert_int_eq(argc, 5);
    ck_assert_str_eq(argv[1], "b c");
    ck_assert_str_eq(argv[2], "d \" e");
    ck_assert_str_eq(argv[3], "f g");
    ck_assert_str_eq(argv[4], "");
    ck_assert_ptr_null(argv[5]);
    commands_split_free(argv, argc);
}
END_TEST

START_TEST(an_open_quote_is_said)
{
    char **argv;
    int argc;
    err e = {0};
    ck_assert(!commands_split("artists 'luna", &argv, &argc, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert_str_eq(e.text, "a quote is not closed");
}
END_TEST

START_TEST(an_unknown_command_exits_2_with_a_suggestion)
{
    said s = run("artsts");
    ck_assert_int_eq(s.code, 2);
    ck_assert_ptr_nonnull(strstr(s.messages, "did you mean 'artists'?"));
    said_done(&s);
}
END_TEST

START_TEST(half_a_command_says_its_other_words)
{
    said s = run("migrate");
    ck_assert_int_eq(s.code, 2);
    ck_assert_ptr_nonnull(strstr(s.messages, "migrate load"));
    said_done(&s);
}
END_TEST

START_TEST(an_unknown_option_exits_2_with_a_suggestion)
{
    said s = run("artists --serch luna");
    ck_assert_int_eq(s.code, 2);
    ck_assert_ptr_nonnull(strstr(s.messages, "did you mean '--search'?"));
    said_done(&s);
}
END_TEST

START_TEST(a_missing_argument_is_named)
{
    said s = run("artist");
    ck_assert_int_eq(s.code, 2);
    ck_assert_ptr_nonnull(strstr(s.messages, "artist_id is missing"));
    said_done(&s);
}
END_TEST

START_TEST(a_number_that_is_none_is_refused_before_anything_runs)
{
    said s = run("artists --limit many");
    ck_assert_int_eq(s.code, 2);
    ck_assert_ptr_nonnull(strstr(s.messages, "--limit wants a whole number, not 'many'"));
    said_done(&s);
}
END_TEST

START_TEST(control_characters_in_an_argument_do_not_reach_the_terminal)
{
    said s = run("'\033[2Jx'");
    ck_assert_int_eq(s.code, 2);
    ck_assert_ptr_null(strchr(s.messages, '\033'));
    said_done(&s);
}
END_TEST

static bool offers(const char *line, const char *word)
{
    char **found;
    size_t n = commands_complete(all, line, strlen(line), &found);
    bool yes = false;
    for (size_t i = 0; i < n; i++) {
        yes |= strcmp(found[i], word) == 0;
        free(found[i]);
    }
    free(found);
    return yes;
}

START_TEST(tab_offers_commands_their_second_words_options_and_values)
{
    ck_assert(offers("art", "artists"));
    ck_assert(offers("migrate ", "load"));
    ck_assert(offers("migrate l", "load"));
    ck_assert(offers("artists --s", "--search"));
    ck_assert(offers("artists --j", "--json"));
    ck_assert(offers("artists --sort n", "name"));
    ck_assert(offers("help art", "artists"));
    ck_assert(!offers("artists --sort n", "--json"));
}
END_TEST

START_TEST(every_command_is_in_help_and_in_the_manual)
{
    buf help, man;
    buf_init(&help);
    buf_init(&man);
    commands_help(all, &help, NULL, 100);
    commands_man(all, &man);
    const command *const *rows;
    size_t n = commands_all(all, &rows);
    ck_assert_uint_gt(n, 20);
    for (size_t i = 0; i < n; i++) {
        char *heading = mem_printf(".SS %s\n", rows[i]->name);
        char *dashed = mem_str(heading);
        ck_assert_msg(strstr(help.data, rows[i]->name), "%s is not in --help", rows[i]->name);
        ck_assert_msg(strstr(man.data, heading) || strchr(dashed, '-'), "%s is not in the manual",
                      rows[i]->name);
        ck_assert_msg(rows[i]->summary && *rows[i]->summary, "%s has no summary", rows[i]->name);
        free(heading);
        free(dashed);
    }
    buf_done(&help);
    buf_done(&man);
}
END_TEST

/* ---- output ---- */

static char *write_rows(out_format format, bool raw, const store_cell *cells, size_t n)
{
    char *out = NULL;
    size_t len;
    command_env env = {.catalog = cat,
                       .format = format,
                       .raw_csv = raw,
                       .out = open_memstream(&out, &len),
                       .messages = stderr};
    store_column columns[8] = {{"a", STORE_TEXT}, {"b", STORE_INT}, {"c", STORE_BOOL}};
    output *o = output_new(&env, NULL);
    store_sink sink = output_sink(o);
    err e = {0};
    ck_assert(sink.head(sink.ctx, columns, n, &e));
    ck_assert(sink.row(sink.ctx, cells, n, &e));
    ck_assert(output_end(o, &e));
    output_free(o);
    fclose(env.out);
    return out;
}

START_TEST(json_keeps_numbers_and_truth_as_they_are_and_escapes_text)
{
    store_cell row[] = {{"a\"\n\033", 4}, {"9007199254740993", 16}, {NULL, 0}};
    char *out = write_rows(OUT_JSON, false, row, 3);
    ck_assert_str_eq(out, "{\"a\":\"a\\\"\\n\\u001b\",\"b\":9007199254740993,\"c\":null}\n");
    free(out);
}
END_TEST

START_TEST(csv_quotes_as_rfc_4180_and_disarms_formulas)
{
    store_cell row[] = {{"=1+1,\"x\"", 8}, {"-5", 2}, {"true", 4}};
    char *out = write_rows(OUT_CSV, false, row, 3), *raw = write_rows(OUT_CSV, true, row, 3);
    ck_assert_str_eq(out, "a,b,c\r\n\"'=1+1,\"\"x\"\"\",-5,true\r\n");
    ck_assert_str_eq(raw, "a,b,c\r\n\"=1+1,\"\"x\"\"\",-5,true\r\n");
    free(out);
    free(raw);
}
END_TEST

START_TEST(a_plain_table_is_aligned_and_safe)
{
    store_cell row[] = {{"山田\033[0m", 10}, {"7", 1}, {"true", 4}};
    char *out = write_rows(OUT_PLAIN, false, row, 3);
    ck_assert_ptr_null(strchr(out, '\033'));
    ck_assert_ptr_nonnull(strstr(out, "  7  yes\n"));
    free(out);
}
END_TEST

static Suite *words_suite(void)
{
    Suite *s = suite_create("commands");
    TCase *tc = tcase_create("commands");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_line_splits_as_a_shell_would_split_it);
    tcase_add_test(tc, an_open_quote_is_said);
    tcase_add_test(tc, an_unknown_command_exits_2_with_a_suggestion);
    tcase_add_test(tc, half_a_command_says_its_other_words);
    tcase_add_test(tc, an_unknown_option_exits_2_with_a_suggestion);
    tcase_add_test(tc, a_missing_argument_is_named);
    tcase_add_test(tc, a_number_that_is_none_is_refused_before_anything_runs);
    tcase_add_test(tc, control_characters_in_an_argument_do_not_reach_the_terminal);
    tcase_add_test(tc, tab_offers_commands_their_second_words_options_and_values);
    tcase_add_test(tc, every_command_is_in_help_and_in_the_manual);
    tcase_add_test(tc, json_keeps_numbers_and_truth_as_they_are_and_escapes_text);
    tcase_add_test(tc, csv_quotes_as_rfc_4180_and_disarms_formulas);
    tcase_add_test(tc, a_plain_table_is_aligned_and_safe);
    return s;
}

Suite *demand_command_suite(void), *sync_command_suite(void), *migrate_command_suite(void);

int main(void)
{
    Suite *(*const suites[])(void) = {words_suite, demand_command_suite, sync_command_suite,
                                      migrate_command_suite};
    return support_run(suites, sizeof suites / sizeof *suites);
}
