/* Cities by name and around another, from the database and from files alone; and the demand behind them. */
#include "e2e/read.h"
#include "e2e/suites.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static const outcome *refused(const outcome *o, int code, const char *naming)
{
    ck_assert_msg(o->code == code, "ended with %d, not %d: %s", o->code, code, o->messages);
    ck_assert_str_eq(o->out, "");
    ck_assert_msg(count_lines(o->messages) == 1, "not one sentence: %s", o->messages);
    ck_assert_msg(strstr(o->messages, naming) != NULL, "no %s: %s", naming, o->messages);
    return o;
}

static char *file_with(const char *name, const char *text)
{
    char *path = drive_path(name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    return path;
}

START_TEST(a_city_is_found_as_it_is_typed)
{
    static const struct {
        const char *typed, *meant, *region;
    } cases[] = {{"san fran", "San Francisco", "California"},
                 {"sprigfield il", "Springfield", "Illinois"},
                 {"portland me", "Portland", "Maine"},
                 {"montréal", "Montreal", "Quebec"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const outcome *o = showx("city", cases[i].typed, "--json");
        ck_assert_msg(o->code == 0, "%s", o->messages);
        json_t *rows = read_json_lines(o->out, o->nout), *first = json_array_get(rows, 0);
        ck_assert_str_eq(str_of(first, "city"), cases[i].meant);
        ck_assert_msg(strstr(str_of(first, "region"), cases[i].region) != NULL, "%s: %s", cases[i].typed,
                      str_of(first, "region"));
        json_decref(rows);
    }
    const outcome *none = showx("city", "xqzzyq", "--json");
    ck_assert_int_eq(none->code, 0);
    ck_assert_str_eq(none->out, "");
}
END_TEST

START_TEST(what_is_around_a_city_is_sorted_by_miles_and_within_them)
{
    const outcome *o = showx("city", "--near", "Austin", "--within", "50mi", "--json");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    json_t *rows = read_json_lines(o->out, o->nout), *row;
    size_t i;
    double last = 0;
    ck_assert_uint_gt(json_array_size(rows), 5);
    json_array_foreach(rows, i, row)
    {
        double miles = json_number_value(json_object_get(row, "miles"));
        ck_assert(miles >= last && miles <= 50);
        last = miles;
    }
    ck_assert_str_eq(str_of(json_array_get(rows, 0), "city"), "Austin");
    json_decref(rows);
    const outcome *nearest = showx("city", "--near", "Austin", "--nearest", "3", "--json");
    ck_assert_uint_eq(count_lines(nearest->out), 3);
}
END_TEST

START_TEST(a_centre_that_is_unknown_or_unclear_is_refused_with_its_candidates)
{
    refused(showx("city", "--near", "xqzzyq"), 2, "xqzzyq");
    const outcome *o = refused(showx("city", "--near", "Springfield"), 2, "Springfield, Missouri");
    ck_assert_ptr_nonnull(strstr(o->messages, "Springfield, Illinois"));
    refused(showx("city", "--near", "Austin", "--within", "far"), 2, "far");
    refused(showx("city", "Austin", "--within", "5mi"), 2, "--near");
    refused(showx("city"), 2, "QUERY");
    refused(showx("city", "Austin", "--artist", "nobody at all"), 2, "nobody at all");
}
END_TEST

START_TEST(a_batch_answers_every_line_in_its_order)
{
    char *file = file_with("batch", "austin\n\nnyc\r\nxqzzyq\n\xff\xfe\nsan fran");
    const outcome *o = showx("city", "--batch", file, "--json");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    json_t *rows = read_json_lines(o->out, o->nout), *row;
    size_t i;
    ck_assert_uint_eq(json_array_size(rows), 6);
    json_array_foreach(rows, i, row) ck_assert_int_eq(int_of(row, "line"), (int64_t)i + 1);
    static const int64_t first[] = {4671654, 0, 5128581, 0, 0, 5391959};
    for (i = 0; i < 6; i++) {
        json_t *ids = json_object_get(json_array_get(rows, i), "geonameids");
        ck_assert(json_is_array(ids));
        if (first[i])
            ck_assert_int_eq(json_integer_value(json_array_get(ids, 0)), first[i]);
    }
    json_decref(rows);
    refused(showx("city", "--batch", "no/such/file"), 1, "no/such/file");
}
END_TEST

START_TEST(a_nul_byte_in_a_batch_hides_nothing)
{
    char *path = drive_path("nul");
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fwrite("nyc\nsan\0fran\n", 1, 13, f);
    fclose(f);
    const outcome *o = showx("city", "--batch", path, "--json");
    ck_assert_msg(o->code == 0 && strstr(o->messages, "line 2"), "%s", o->messages);
    json_t *rows = read_json_lines(o->out, o->nout);
    json_t *ids = json_object_get(json_array_get(rows, 1), "geonameids");
    ck_assert_int_eq(json_integer_value(json_array_get(ids, 0)), 5391959);
    json_decref(rows);
}
END_TEST

START_TEST(files_answer_without_a_database)
{
    static const char *const nowhere[] = {"PGHOST=/nonexistent", "PGPORT=1", NULL};
    drive_how how = {.env = nowhere};
    ck_assert_int_eq(showx_how(&how, "city", "Austin")->code, 3); /* there is no database indeed */
    char *cities =
        file_with("cities15000.txt",
                  "4671654\tAustin\tAustin\t\t30.26715\t-97.74306\tP\tPPLA\tUS\t\tTX\t453\t\t\t931830\t149\t"
                  "165\tAmerica/Chicago\t2019-09-05\n"
                  "4726206\tSan Antonio\tSan Antonio\t\t29.42412\t-98.49363\tP\tPPLA2\tUS\t\tTX\t029\t\t\t"
                  "1469845\t198\t202\tAmerica/Chicago\t2019-09-05\n");
    char *batch = file_with("batch", "san ant\naustn\n");
    const outcome *o = showx_how(&how, "city", "--batch", batch, "--cities", cities, "--json");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    ck_assert_str_eq(o->out, "{\"line\":1,\"query\":\"san ant\",\"geonameids\":[4726206]}\n"
                             "{\"line\":2,\"query\":\"austn\",\"geonameids\":[4671654]}\n");
    const outcome *near = showx_how(&how, "city", "--near", "Austin", "--cities", cities, "--json");
    ck_assert_msg(near->code == 0, "%s", near->messages);
    ck_assert_uint_eq(count_lines(near->out), 2);
    char *broken = file_with("broken.txt", "4671654\tAustin\n");
    refused(showx_how(&how, "city", "Austin", "--cities", broken), 1, "broken.txt");
    refused(showx_how(&how, "city", "Austin", "--names", cities), 2, "--cities");
}
END_TEST

START_TEST(demand_is_counted_once_and_then_there_is_nothing_to_do)
{
    ck_assert_int_eq(showx("demand", "refresh", "--json")->code, 0);
    const outcome *again = showx("demand", "refresh", "--json");
    ck_assert_str_eq(again->out, "{\"artists\":0,\"places\":0,\"refitted\":false,\"estimates\":0}\n");
    char *artist =
        sql("select artist_id from showx.city_demand group by 1 order by count(*) desc, 1 limit 1");
    const outcome *list = showx("demand", "--artist", artist, "--json");
    ck_assert_msg(list->code == 0 && list->nout > 100, "%s", list->messages);
    json_decref(read_json_lines(list->out, list->nout));
    char *name = sql(drive_keep(mem_printf("select name from showx.artist where artist_id = '%s'", artist)));
    ck_assert_str_eq(showx("demand", "--artist", name, "--json")->out, list->out);
    refused(showx("demand", "--artist", "xqzzyq"), 2, "there is no artist 'xqzzyq'");
    refused(showx("demand", "--city", "Springfield"), 2, "Illinois");
}
END_TEST

START_TEST(the_model_is_held_against_three_rivals)
{
    static const char *const names[] = {"model", "raw mean", "population share", "follower share"};
    const outcome *o = showx("demand", "evaluate", "--json");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    json_t *rows = read_json_lines(o->out, o->nout);
    ck_assert_uint_eq(json_array_size(rows), 4);
    for (size_t i = 0; i < 4; i++) {
        const json_t *row = json_array_get(rows, i);
        ck_assert_str_eq(str_of(row, "name"), names[i]);
        ck_assert_int_eq(int_of(row, "shows"), int_of(json_array_get(rows, 0), "shows"));
        ck_assert_int_gt(int_of(row, "shows"), 0);
    }
    json_decref(rows);
    refused(showx("demand", "evaluate", "--artist", "nobody"), 1, "there is no artist 'nobody'");
}
END_TEST

Suite *suite_cities(void)
{
    Suite *s = suite_create("cities");
    TCase *tc = e2e_case(s, "cities");
    tcase_add_test(tc, a_city_is_found_as_it_is_typed);
    tcase_add_test(tc, what_is_around_a_city_is_sorted_by_miles_and_within_them);
    tcase_add_test(tc, a_centre_that_is_unknown_or_unclear_is_refused_with_its_candidates);
    tcase_add_test(tc, a_batch_answers_every_line_in_its_order);
    tcase_add_test(tc, a_nul_byte_in_a_batch_hides_nothing);
    tcase_add_test(tc, files_answer_without_a_database);
    tcase_add_test(tc, demand_is_counted_once_and_then_there_is_nothing_to_do);
    tcase_add_test(tc, the_model_is_held_against_three_rivals);
    return s;
}
