/* The gazetteer's reader: places out of lines, and broken lines said with their place. */
#include "suites.h"

#include "base/buf.h"
#include "base/path.h"
#include "city/city.h"

#include <string.h>

#define HEAD "geonameid\tname\tadmin1\tadmin1_name\tcountry\tcountry_name\ttimezone\tpopulation\tlat\tlon\n"
#define AUSTIN "4671654\tAustin\tTX\tTexas\tUS\tUnited States\tAmerica/Chicago\t931830\t30.26715\t-97.74306"

START_TEST(a_line_gives_its_ten_fields)
{
    static const char text[] = HEAD AUSTIN "\r\n";
    gazetteer g;
    gazetteer_field f[GAZETTEER_FIELDS];
    err e = {0};
    gazetteer_init(&g, "x.tsv", text, strlen(text));
    ck_assert(gazetteer_next(&g, f, &e));
    ck_assert(f[1].len == 6 && memcmp(f[1].text, "Austin", 6) == 0);
    ck_assert(f[9].len == 9 && memcmp(f[9].text, "-97.74306", 9) == 0);
    ck_assert_int_eq(g.line, 2);
    ck_assert(!gazetteer_next(&g, f, &e) && e.kind == ERR_NONE);
}
END_TEST

START_TEST(a_broken_line_is_said_with_file_line_and_field_and_reading_goes_on)
{
    static const char text[] = HEAD "1\tA\tB\n" AUSTIN "\n5\tX\t\t\tUS\t\tUTC\t7\t95.0\t1\n" AUSTIN;
    gazetteer g;
    gazetteer_field f[GAZETTEER_FIELDS];
    err e = {0};
    gazetteer_init(&g, "x.tsv", text, strlen(text));
    ck_assert(!gazetteer_next(&g, f, &e));
    ck_assert_str_eq(e.text, "x.tsv:2: 3 fields, not 10: admin1_name is missing");
    ck_assert(gazetteer_next(&g, f, &e));
    ck_assert(!gazetteer_next(&g, f, &e));
    ck_assert_str_eq(e.text, "x.tsv:4: lat '95.0' is no number from -90 to 90");
    ck_assert(gazetteer_next(&g, f, &e));
}
END_TEST

START_TEST(the_carried_gazetteer_has_no_broken_line)
{
    buf text;
    err e = {0};
    buf_init(&text);
    ck_assert_msg(path_read("src/city/cities15k.tsv", 1u << 24, &text, &e), "%s", e.text);
    gazetteer g;
    gazetteer_field f[GAZETTEER_FIELDS];
    gazetteer_init(&g, "cities15k.tsv", text.data, text.len);
    long places = 0;
    while (gazetteer_next(&g, f, &e))
        places++;
    ck_assert_msg(e.kind == ERR_NONE, "%s", e.text);
    ck_assert_int_eq(places, 24361);
    buf_done(&text);
}
END_TEST

static Suite *gazetteer_suite(void)
{
    Suite *s = suite_create("gazetteer");
    TCase *tc = tcase_create("gazetteer");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_line_gives_its_ten_fields);
    tcase_add_test(tc, a_broken_line_is_said_with_file_line_and_field_and_reading_goes_on);
    tcase_add_test(tc, the_carried_gazetteer_has_no_broken_line);
    return s;
}

int main(void)
{
    Suite *(*const suites[])(void) = {gazetteer_suite, cities_suite, typed_suite, sphere_suite, dump_suite};
    return support_run(suites, 5);
}
