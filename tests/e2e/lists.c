/* Every list in every format, its first row's own screen, searches, and data that would like to drive the
 * terminal. */
#include "e2e/read.h"
#include "e2e/suites.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A list, and the command that shows one of its rows (NULL: none) by the column that names it. */
static const struct {
    const char *list, *detail, *key;
} LISTS[] = {
    {"artists", "artist", "artist_id"},
    {"concerts", "concert", "concert_id"},
    {"fans", "fan", "fan_id"},
    {"venues", "venue", "venue_id"},
    {"bookings", "booking", "booking_id"},
    {"orders", "order", "order_id"},
    {"cities", "city", "city_id"},
    {"documents", "document", "path"},
    {"issues", "issue", "issue_id"},
    {"loads", "load", "load_id"},
    {"tours", "tour", "tour_id"},
    {"collections", NULL, NULL},
    {"models", NULL, NULL},
    {"follows", NULL, NULL},
    {"line_up", NULL, NULL},
    {"artist_genres", NULL, NULL},
    {"radius_clauses", NULL, NULL},
    {"ticket_types", NULL, NULL},
    {"tickets", NULL, NULL},
    {"tour_stops", NULL, NULL},
};
enum { NLISTS = sizeof LISTS / sizeof *LISTS };

static json_t *rows_of(const outcome *o)
{
    ck_assert_msg(o->code == 0, "ended with %d: %s", o->code, o->messages);
    return read_json_lines(o->out, o->nout);
}

/* What a JSON value looks like in a CSV cell. */
static char *as_cell(const json_t *v)
{
    if (json_is_string(v))
        return drive_keep(mem_str(json_string_value(v)));
    if (json_is_null(v))
        return drive_keep(mem_str(""));
    return drive_keep(json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT));
}

START_TEST(a_list_says_the_same_as_json_as_csv_and_as_a_table)
{
    const char *list = LISTS[_i].list;
    const outcome *as_json = showx(list, "--json", "--limit", "40"),
                  *as_csv = showx(list, "--csv", "--raw", "--limit", "40"),
                  *plain = showx(list, "--plain", "--limit", "40"), *piped = showx(list, "--limit", "40");
    json_t *rows = rows_of(as_json), *row, *value;
    ck_assert_msg(json_array_size(rows) > 0, "%s is empty", list);
    csv table = read_csv(as_csv->out, as_csv->nout);
    ck_assert_uint_eq(table.rows, json_array_size(rows) + 1);
    size_t i;
    const char *key;
    json_array_foreach(rows, i, row)
    {
        ck_assert_uint_eq(json_object_size(row), table.columns);
        json_object_foreach(row, key, value)
        {
            if (!json_is_object(value) && !json_is_real(value)) /* their text is free to differ */
                ck_assert_msg(strcmp(csv_cell(&table, i + 1, key), as_cell(value)) == 0,
                              "%s: row %zu, %s: %s in CSV, %s", list, i, key, csv_cell(&table, i + 1, key),
                              as_cell(value));
        }
    }
    ck_assert_int_eq(plain->code, 0);
    ck_assert_uint_eq(count_lines(plain->out), table.rows);
    assert_harmless(plain->out, plain->nout, list);
    ck_assert_str_eq(piped->out, plain->out);
    ck_assert_str_eq(as_json->messages, "");
    ck_assert_str_eq(as_csv->messages, "");
    json_decref(rows);
}
END_TEST

START_TEST(a_row_of_a_list_has_its_own_screen)
{
    if (!LISTS[_i].detail)
        return;
    json_t *rows = rows_of(showx(LISTS[_i].list, "--json", "--limit", "1"));
    char *id = as_cell(json_object_get(json_array_get(rows, 0), LISTS[_i].key));
    ck_assert_msg(*id, "no %s", LISTS[_i].key);
    json_t *own = rows_of(showx(LISTS[_i].detail, id, "--json"));
    ck_assert_uint_eq(json_array_size(own), 1);
    ck_assert_str_eq(as_cell(json_object_get(json_array_get(own, 0), LISTS[_i].key)), id);
    const outcome *plain = showx(LISTS[_i].detail, id, "--plain"),
                  *as_csv = showx(LISTS[_i].detail, id, "--csv");
    ck_assert_msg(plain->code == 0, "%s", plain->messages);
    ck_assert_uint_gt(count_lines(plain->out), 3);
    assert_harmless(plain->out, plain->nout, LISTS[_i].detail);
    ck_assert_uint_eq(read_csv(as_csv->out, as_csv->nout).rows, 2);
    json_decref(rows);
    json_decref(own);
}
END_TEST

START_TEST(a_row_that_is_not_there_is_a_sentence)
{
    if (!LISTS[_i].detail)
        return;
    /* What is no key is searched for among cities, and not finding any is no failure. */
    const outcome *o = showx(LISTS[_i].detail, strcmp(LISTS[_i].detail, "city") == 0 ? "g0" : "0");
    ck_assert_msg(o->code == 1, "%s 0 ended with %d: %s", LISTS[_i].detail, o->code, o->messages);
    ck_assert_uint_eq(count_lines(o->messages), 1);
    ck_assert_str_eq(o->out, "");
    ck_assert_int_eq(showx(LISTS[_i].detail)->code, 2);
}
END_TEST

START_TEST(home_says_what_needs_attention_and_where_to_go)
{
    json_t *rows = rows_of(showx("home", "--json")), *row;
    size_t i;
    ck_assert_uint_ge(json_array_size(rows), 7);
    json_array_foreach(rows, i, row)
    {
        ck_assert(*str_of(row, "area") && *str_of(row, "what"));
        ck_assert_int_ge(int_of(row, "figure"), 0);
        ck_assert_msg(showx(str_of(row, "view"), "--limit", "1", "--json")->code == 0, "no way into %s",
                      str_of(row, "view"));
    }
    json_decref(rows);
}
END_TEST

/* ---- searching ---- */

static bool finds(const char *list, const char *search, const char *key, const char *id)
{
    json_t *rows = rows_of(showx(list, "--search", search, "--json")), *row;
    size_t i;
    bool found = false;
    json_array_foreach(rows, i, row) found |= strcmp(str_of(row, key), id) == 0;
    json_decref(rows);
    return found;
}

START_TEST(a_search_ignores_case_and_accents)
{
    json_t *rows = rows_of(showx("fans", "--search", "jose", "--json")), *row;
    size_t i, accented = 0;
    json_array_foreach(rows, i, row) accented += strstr(str_of(row, "name"), "José") != NULL;
    ck_assert_uint_gt(accented, 0);
    json_t *loud = rows_of(showx("fans", "--search", "JOSÉ", "--json"));
    ck_assert(json_equal(rows, loud));
    json_decref(rows);
    json_decref(loud);
    ck_assert_str_eq(showx("fans", "--search", "qqqxzzz", "--json")->out, "");
}
END_TEST

START_TEST(an_address_a_number_or_an_order_finds_its_row)
{
    char *fan =
        sql("select fan_id, email, phone from showx.fan f where merged_into is null and phone is not null and"
            " (select count(*) from showx.fan g where g.email = f.email) = 1 order by fan_id limit 1");
    char *save = NULL, *id = strtok_r(fan, "|", &save), *email = strtok_r(NULL, "|", &save),
         *phone = strtok_r(NULL, "|", &save);
    ck_assert(id && email && phone);
    ck_assert_msg(finds("fans", email, "fan_id", id), "not by e-mail");
    ck_assert_uint_eq(count_lines(showx("fans", "--search", email, "--json")->out), 1);
    ck_assert_msg(finds("fans", phone, "fan_id", id), "not by phone");
    char *order = sql("select order_id, order_number from showx.ticket_order where order_number is not null "
                      "order by 1 limit 1");
    char *number = strchr(order, '|');
    *number++ = '\0';
    ck_assert_msg(finds("orders", number, "order_id", order), "not by order number");
    ck_assert_uint_eq(count_lines(showx("orders", "--search", number, "--json")->out), 1);
}
END_TEST

START_TEST(a_typo_finds_what_was_meant)
{
    char *artist = sql("select artist_id from showx.artist where name = 'Luna Park'");
    ck_assert_msg(*artist, "no Luna Park in the demo");
    ck_assert(finds("artists", "luna prak", "artist_id", artist));
}
END_TEST

START_TEST(a_list_sorts_and_stops_where_it_is_told_to)
{
    json_t *up = rows_of(showx("artists", "--sort", "followers:asc", "--json")), *row;
    size_t i;
    int64_t last = -1;
    json_array_foreach(up, i, row)
    {
        ck_assert_int_ge(int_of(row, "followers"), last);
        last = int_of(row, "followers");
    }
    json_decref(up);
    ck_assert_uint_eq(count_lines(showx("fans", "--limit", "3", "--json")->out), 3);
    ck_assert_int_eq(showx("fans", "--limit", "0")->code, 2);
    ck_assert_int_eq(showx("fans", "--limit", "few")->code, 2);
    const outcome *o = showx("artists", "--sort", "smell");
    ck_assert_int_eq(o->code, 2);
    ck_assert_ptr_nonnull(strstr(o->messages, "followers"));
}
END_TEST

/* ---- personal and hostile data ---- */

START_TEST(personal_data_is_masked_until_revealed)
{
    char *fan = sql("select fan_id, email from showx.fan where email is not null and merged_into is null "
                    "order by 1 limit 1");
    char *email = strchr(fan, '|');
    *email++ = '\0';
    static const char *const formats[] = {"--json", "--csv", "--plain"};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_ptr_null(strstr(showx("fan", fan, formats[i])->out, email));
        ck_assert_ptr_nonnull(strstr(showx("fan", fan, formats[i], "--reveal")->out, email));
    }
}
END_TEST

START_TEST(a_look_at_unmasked_data_is_in_the_audit)
{
    char *fan = sql("select min(fan_id) from showx.fan where email is not null");
    int64_t before = sql_count("select count(*) from audit.entry");
    ck_assert_int_eq(showx("fan", fan, "--json")->code, 0);
    ck_assert_int_eq(sql_count("select count(*) from audit.entry"), before);
    ck_assert_int_eq(showx("fan", fan, "--json", "--reveal")->code, 0);
    ck_assert_int_gt(sql_count("select count(*) from audit.entry"), before);
}
END_TEST

START_TEST(hostile_text_never_reaches_the_terminal)
{
    /* There is something to keep back. */
    ck_assert_int_gt(
        sql_count("select count(*) from showx.fan where name ~ U&'[\\202A-\\202E\\2066-\\2069]'"), 0);
    char *path =
        sql("select path from legacy.document where fields::text like '%\\u001b%' order by 1 limit 1");
    ck_assert_msg(*path, "no document with an escape");
    char *source = drive_keep(mem_printf("file:%s", drive_path("demo-legacy")));
    const outcome *said[] = {
        showx("fans", "--plain"),           showx("issues", "--plain"),
        showx("documents", "--plain"),      showx("document", path),
        showx("document", path, "--plain"), showx("migrate", "read", source),
        showx("orders", "--plain"),         showx("fans", "--json"),
        showx("issues", "--json"),          showx("migrate", "read", source, "--json"),
        showx("documents", "--json"),
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        char name[24];
        snprintf(name, sizeof name, "output %zu", i);
        ck_assert_msg(said[i]->code == 0 && said[i]->nout > 100, "%s: %s", name, said[i]->messages);
        assert_harmless(said[i]->out, said[i]->nout, name);
    }
}
END_TEST

START_TEST(hostile_words_come_back_harmless)
{
    static const char *const words[] = {"\033[2Jartists",
                                        "a\xe2\x80\xae"
                                        "b",
                                        "\xff\xfe", "a\nb",
                                        "\xc2\x9b"
                                        "31m"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const outcome *said[] = {showx(words[i]),
                                 showx("artists", words[i]),
                                 showx("fan", words[i]),
                                 showx("fans", "--search", words[i]),
                                 showx("fans", "--sort", words[i]),
                                 showx("migrate", "read", words[i]),
                                 showx("demo", "start", "--scale", words[i])};
        for (size_t k = 0; k < sizeof said / sizeof *said; k++) {
            ck_assert_int_ne(said[k]->code, -1);
            assert_harmless(said[k]->messages, said[k]->nmessages, "stderr");
            assert_harmless(said[k]->out, said[k]->nout, "stdout");
        }
    }
}
END_TEST

START_TEST(a_formula_is_no_formula_in_csv_unless_asked_for)
{
    const char *where = demo_where();
    sql_as(where, "set showx.actor = 'migration'; update showx.venue set note = '=cmd()' where venue_id = "
                  "(select min(venue_id) from showx.venue)");
    char *venue = sql("select min(venue_id) from showx.venue");
    const outcome *kept_off = showx("venue", venue, "--csv"), *raw = showx("venue", venue, "--csv", "--raw");
    csv a = read_csv(kept_off->out, kept_off->nout), b = read_csv(raw->out, raw->nout);
    ck_assert_str_eq(csv_cell(&a, 1, "note"), "'=cmd()");
    ck_assert_str_eq(csv_cell(&b, 1, "note"), "=cmd()");
    sql_as(where, "set showx.actor = 'migration'; update showx.venue set note = null where note = '=cmd()'");
}
END_TEST

Suite *suite_lists(void)
{
    Suite *s = suite_create("lists");
    TCase *tc = e2e_case(s, "lists");
    tcase_add_loop_test(tc, a_list_says_the_same_as_json_as_csv_and_as_a_table, 0, NLISTS);
    tcase_add_loop_test(tc, a_row_of_a_list_has_its_own_screen, 0, NLISTS);
    tcase_add_loop_test(tc, a_row_that_is_not_there_is_a_sentence, 0, NLISTS);
    tcase_add_test(tc, home_says_what_needs_attention_and_where_to_go);
    tcase_add_test(tc, a_search_ignores_case_and_accents);
    tcase_add_test(tc, an_address_a_number_or_an_order_finds_its_row);
    tcase_add_test(tc, a_typo_finds_what_was_meant);
    tcase_add_test(tc, a_list_sorts_and_stops_where_it_is_told_to);
    tcase_add_test(tc, personal_data_is_masked_until_revealed);
    tcase_add_test(tc, a_look_at_unmasked_data_is_in_the_audit);
    tcase_add_test(tc, hostile_text_never_reaches_the_terminal);
    tcase_add_test(tc, hostile_words_come_back_harmless);
    tcase_add_test(tc, a_formula_is_no_formula_in_csv_unless_asked_for);
    return s;
}
