/* GeoNames' files: fields out of lines, and broken lines said with their place while reading goes on. */
#include "suites.h"

#include "base/mem.h"
#include "base/path.h"
#include "city/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE(id, lat, country, people)                                                                       \
    id "\tKöln\tKoeln\tCologne,Keulen\t" lat "\t6.95\tP\tPPLA2\t" country                                    \
       "\t\t07\t053\t05315\t05315000\t" people "\t\t58\tEurope/Berlin\t2022-01-01\n"

static dump *open_text(const char *text, dump_kind kind)
{
    char *path = path_join(support_folder(), "places.txt");
    FILE *f = fopen(path, "w");
    dump *d = NULL;
    err e = {0};
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    ck_assert_msg(dump_open(path, kind, &d, &e), "%s", e.text);
    free(path);
    return d;
}

START_TEST(a_places_line_gives_its_fields)
{
    dump *d = open_text(LINE("2886242", "50.93333", "DE", "963395"), DUMP_CITIES);
    city_place p;
    err e = {0};
    ck_assert_msg(dump_next(d, &p, &e), "%s", e.text);
    ck_assert_int_eq(p.geonameid, 2886242);
    ck_assert_str_eq(p.name, "Köln");
    ck_assert_str_eq(p.ascii, "Koeln");
    ck_assert_str_eq(p.others, "Cologne,Keulen");
    ck_assert_str_eq(p.feature, "PPLA2");
    ck_assert_str_eq(p.country, "DE");
    ck_assert_str_eq(p.admin1, "07");
    ck_assert_str_eq(p.time_zone, "Europe/Berlin");
    ck_assert_int_eq(p.population, 963395);
    ck_assert(p.latitude > 50.9 && p.latitude < 51 && p.longitude > 6.9 && p.longitude < 7);
    ck_assert(!dump_next(d, &p, &e) && e.kind == ERR_NONE);
    dump_close(d);
}
END_TEST

START_TEST(broken_lines_are_said_with_line_and_field_and_the_others_are_all_read)
{
    static const char *const SAID[] = {":2: geonameid 'x' is no whole number",
                                       ":3: latitude '95.0' is no number from -90 to 90",
                                       ":4: country 'de' is no two capital letters",
                                       ":5: population '-7' is no whole number", ":7: 3 fields, not 19"};
    dump *d = open_text(LINE("1", "5", "DE", "1") LINE("x", "5", "DE", "1") LINE("3", "95.0", "DE", "1")
                            LINE("4", "5", "de", "1")
                                LINE("5", "5", "DE", "-7") "\n7\ta\tb\n" LINE("8", "5", "DE", ""),
                        DUMP_CITIES);
    city_place p;
    size_t good = 0, bad = 0;
    for (;;) {
        err e = {0};
        if (dump_next(d, &p, &e)) {
            good++;
            continue;
        }
        if (e.kind == ERR_NONE)
            break;
        ck_assert_int_eq(e.kind, ERR_INPUT);
        ck_assert_msg(bad < 5 && strstr(e.text, SAID[bad]), "%s", e.text);
        bad++;
    }
    ck_assert_uint_eq(good, 2);
    ck_assert_uint_eq(bad, 5);
    dump_close(d);
}
END_TEST

START_TEST(names_and_regions_give_theirs)
{
    city_place p;
    err e = {0};
    dump *d = open_text("1284819\t2886242\ten\tCologne\t1\t\t\t\t\t\n", DUMP_NAMES);
    ck_assert_msg(dump_next(d, &p, &e), "%s", e.text);
    ck_assert(p.geonameid == 2886242 && strcmp(p.name, "Cologne") == 0 && strcmp(p.ascii, "en") == 0);
    dump_close(d);
    d = open_text("US.TX\tTexas\tTexas\t4736286\nUSTX\tTexas\n", DUMP_ADMIN1);
    ck_assert_msg(dump_next(d, &p, &e), "%s", e.text);
    ck_assert(strcmp(p.country, "US") == 0 && strcmp(p.admin1, "TX") == 0 &&
              strcmp(p.admin1_name, "Texas") == 0);
    ck_assert(!dump_next(d, &p, &e) && strstr(e.text, ":2: admin1 code 'USTX'"));
    dump_close(d);
}
END_TEST

START_TEST(a_file_without_its_heading_or_with_a_zero_byte_is_refused_where_it_breaks)
{
    err e = {0};
    dump *d = NULL;
    city_place p;
    char *path = path_join(support_folder(), "zero.txt");
    FILE *f = fopen(path, "w");
    fwrite("geonameid\tname\n5\tA\0B\n6\tC\n", 1, 26, f);
    fclose(f);
    ck_assert(dump_open(path, DUMP_MERGED_NAMES, &d, &e));
    ck_assert(!dump_next(d, &p, &e) && strstr(e.text, ":2:"));
    ck_assert(dump_next(d, &p, &e) && p.geonameid == 6);
    dump_close(d);
    ck_assert(!dump_open(path, DUMP_MERGED_CITIES, &d, &e) && e.kind == ERR_INPUT);
    ck_assert(!dump_open("/there/is/none", DUMP_CITIES, &d, &e) && e.kind == ERR_FAILED);
    free(path);
}
END_TEST

Suite *dump_suite(void)
{
    Suite *s = suite_create("dump");
    TCase *tc = tcase_create("dump");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_places_line_gives_its_fields);
    tcase_add_test(tc, broken_lines_are_said_with_line_and_field_and_the_others_are_all_read);
    tcase_add_test(tc, names_and_regions_give_theirs);
    tcase_add_test(tc, a_file_without_its_heading_or_with_a_zero_byte_is_refused_where_it_breaks);
    return s;
}
