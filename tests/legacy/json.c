/* The json: source: files of node-firestore-import-export as they are, and as they should not be. */
#include "base/mem.h"
#include "kit.h"
#include "legacy/jsonfile.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kit_all read_text(const char *text, const char *behind)
{
    const char *dir = support_folder();
    kit_write(dir, "dump.json", text, strlen(text));
    char *source = mem_printf("%s/dump.json%s", dir, behind);
    kit_all all = kit_read_all(jsonfile_open, source);
    free(source);
    return all;
}

static void gives(const char *text, const char *behind, const char *documents)
{
    kit_all all = read_text(text, behind);
    ck_assert_str_eq(all.documents.data, documents);
    ck_assert_msg(all.n_damages == 0, "%s", all.damages.data);
    kit_all_done(&all);
}

START_TEST(values_become_what_the_exporter_made_them_of)
{
    gives("{\"__collections__\":{\"c\":{\"d\":{"
          "\"s\":\"\\u00e9\",\"i\":9007199254740993,\"f\":1.5,\"big\":1e+21,\"n\":null,\"t\":true,\"a\":[1,{"
          "\"b\":false}],\"e\":[],\"m\":{},"
          "\"at\":{\"__datatype__\":\"timestamp\",\"value\":{\"_seconds\":-1,\"_nanoseconds\":500000999}},"
          "\"old\":{\"__datatype__\":\"timestamp\",\"value\":\"2018-01-01T00:00:00.000Z\"},"
          "\"hand\":{\"value\":{\"seconds\":1,\"nanoseconds\":0},\"__datatype__\":\"Timestamp\"},"
          "\"g\":{\"__datatype__\":\"geopoint\",\"value\":{\"_latitude\":30.25,\"_longitude\":-97}},"
          "\"r\":{\"__datatype__\":\"documentReference\",\"value\":\"cities/austin\"},"
          "\"own\":{\"__datatype__\":\"colour\",\"value\":1},"
          "\"__collections__\":{}}}}}",
          "",
          "c/d "
          "{\"s\":{\"stringValue\":\"\xc3\xa9\"},\"i\":{\"integerValue\":\"9007199254740993\"},\"f\":{"
          "\"doubleValue\":1.5},"
          "\"big\":{\"doubleValue\":1e+21},\"n\":{\"nullValue\":null},\"t\":{\"booleanValue\":true},"
          "\"a\":{\"arrayValue\":{\"values\":[{\"integerValue\":\"1\"},{\"mapValue\":{\"fields\":{\"b\":{"
          "\"booleanValue\":false}}}}]}},"
          "\"e\":{\"arrayValue\":{}},\"m\":{\"mapValue\":{}},"
          "\"at\":{\"timestampValue\":\"1969-12-31T23:59:59.500Z\"},"
          "\"old\":{\"timestampValue\":\"2018-01-01T00:00:00Z\"},\"hand\":{\"timestampValue\":\"1970-01-"
          "01T00:00:01Z\"},"
          "\"g\":{\"geoPointValue\":{\"latitude\":30.25,\"longitude\":-97}},"
          "\"r\":{\"referenceValue\":\"projects/-/databases/(default)/documents/cities/austin\"},"
          "\"own\":{\"mapValue\":{\"fields\":{\"__datatype__\":{\"stringValue\":\"colour\"},\"value\":{"
          "\"integerValue\":\"1\"}}}}}\n");
}
END_TEST

START_TEST(documents_below_documents_come_wherever_they_stand)
{
    gives("{\"__collections__\":{\"a\":{\"1\":{\"__collections__\":{\"b\":{\"2\":{\"x\":1,\"__collections__"
          "\":{\"c\":{\"3\":{\"__collections__\":{}}}}}}},\"y\":2},"
          "\"4\":{\"__collections__\":{\"b\":{\"5\":{\"z\":3}}}},\"6\":{}},\"q\":{}}}\n",
          "",
          "a/1 {\"y\":{\"integerValue\":\"2\"}}\na/1/b/2 {\"x\":{\"integerValue\":\"1\"}}\na/1/b/2/c/3 {}\n"
          "a/4/b/5 {\"z\":{\"integerValue\":\"3\"}}\na/6 {}\n"); /* a/4 is a parent that is missing */
}
END_TEST

START_TEST(an_export_begun_elsewhere_is_read_when_its_place_is_said)
{
    gives("{\"f1\":{\"x\":1},\"f2\":{\"x\":2}}", "#fans",
          "fans/f1 {\"x\":{\"integerValue\":\"1\"}}\nfans/f2 {\"x\":{\"integerValue\":\"2\"}}\n");
    gives("{\"__collections__\":{\"follows\":{\"a\":{}}},\"x\":1}", "#fans/f1@2026-11-22T18:00:00Z",
          "fans/f1 {\"x\":{\"integerValue\":\"1\"}}\nfans/f1/follows/a {}\n");
    kit_all all = read_text("{\"f1\":{\"x\":1}}", "");
    ck_assert_uint_eq(all.n_damages, 1);
    ck_assert_ptr_nonnull(strstr(all.damages.data, "say json:FILE#PATH"));
    kit_all_done(&all);
}
END_TEST

START_TEST(the_time_it_was_begun_becomes_the_version)
{
    legacy *l;
    err e = {0};
    const char *dir = support_folder();
    kit_write(dir, "d.json", "{\"__collections__\":{}}", 22);
    char *source = mem_printf("json:%s/d.json@1970-01-01T00:00:01Z", dir),
         *wrong = mem_printf("json:%s/d.json@noon", dir);
    ck_assert_msg(legacy_open(source, &l, &e), "%s", e.text);
    ck_assert_int_eq(l->info.start_us, 1000000);
    legacy_close(l);
    ck_assert(!legacy_open(wrong, &l, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "behind @"));
    free(source);
    free(wrong);
}
END_TEST

START_TEST(a_broken_document_costs_itself_alone)
{
    static const struct {
        const char *document, *says;
    } broken[] = {{"{\"a\":\"\\u0000\"}", "bad_json "},
                  {"{\"a\":[[1]]}", "an array directly in an array"},
                  {"{\"a\":1,\"a\":2}", "stands twice"},
                  {"{\"a\":{\"__datatype__\":\"timestamp\",\"value\":{\"_seconds\":1e300}}}",
                   "field a: is a timestamp that is no time"},
                  {"{\"a\":01}", "a number is not written"},
                  {"{\"a\":1e999}", "beyond the range"},
                  {"[]", "not an object"},
                  {"{\"a\":nil}", "bad_json "},
                  {"{\"x\":{\"y\":{\"__datatype__\":\"geopoint\",\"value\":{\"_latitude\":1}}}}",
                   "field x.y: is a geopoint"}};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char *text = mem_printf("{\"__collections__\":{\"c\":{\n\"a\":{},\n\"b\":%s,\n\"d\":{}}}}",
                                broken[i].document);
        kit_all all = read_text(text, "");
        ck_assert_str_eq(all.documents.data, "c/a {}\nc/d {}\n");
        ck_assert_uint_eq(all.n_damages, 1);
        ck_assert_msg(strstr(all.damages.data, broken[i].says) && strstr(all.damages.data, "line 3, byte ") &&
                          strstr(all.damages.data, "c/b: ") && !strstr(all.damages.data, "(byte"),
                      "%s", all.damages.data);
        kit_all_done(&all);
        free(text);
    }
}
END_TEST

START_TEST(a_file_cut_anywhere_says_so_and_gives_what_is_whole)
{
    static const char text[] =
        "{\"__collections__\":{\"c\":{\"a\":{\"x\":\"}\",\"__collections__\":{\"s\":{\"t\":{}}}},\"b\":{}}}}";
    const char *dir = support_folder();
    char *source = mem_printf("%s/cut.json", dir);
    for (size_t n = 1; n < sizeof text - 1; n++) {
        kit_write(dir, "cut.json", text, n);
        kit_all all = kit_read_all(jsonfile_open, source);
        ck_assert_msg(all.n_damages == 1, "%zu: %s", n, all.damages.data);
        ck_assert_msg(strstr(all.damages.data, "what follows cannot be read") != NULL, "%s",
                      all.damages.data);
        ck_assert_uint_le(all.n_documents, 3);
        kit_all_done(&all);
    }
    free(source);
}
END_TEST

START_TEST(what_stands_behind_the_end_is_said)
{
    kit_all all = read_text("{\"__collections__\":{\"c\":{\"a\":{}}}} x", "");
    ck_assert_uint_eq(all.n_documents, 1);
    ck_assert_uint_eq(all.n_damages, 1);
    kit_all_done(&all);
    all = read_text("{\"__collections__\":{\"c\":{\"a\":{}}},\"x\":1}", "");
    ck_assert_uint_eq(all.n_damages, 1);
    kit_all_done(&all);
}
END_TEST

START_TEST(depth_has_an_end)
{
    buf text;
    buf_init(&text);
    buf_str(&text, "{\"__collections__\":{\"c\":{\"a\":");
    for (int i = 0; i < 5000; i++)
        buf_str(&text, "{\"a\":");
    buf_str(&text, "1");
    for (int i = 0; i < 5000; i++)
        buf_str(&text, "}");
    buf_str(&text, "}}}");
    kit_all all = read_text(text.data, "");
    ck_assert_uint_eq(all.n_documents, 0);
    ck_assert_uint_eq(all.n_damages, 1);
    ck_assert_ptr_nonnull(strstr(all.damages.data, "nested too deeply"));
    kit_all_done(&all);
    buf_done(&text);
}
END_TEST

Suite *json_suite(void)
{
    Suite *s = suite_create("json");
    TCase *tc = tcase_create("files");
    tcase_add_test(tc, values_become_what_the_exporter_made_them_of);
    tcase_add_test(tc, documents_below_documents_come_wherever_they_stand);
    tcase_add_test(tc, an_export_begun_elsewhere_is_read_when_its_place_is_said);
    tcase_add_test(tc, the_time_it_was_begun_becomes_the_version);
    tcase_add_test(tc, a_broken_document_costs_itself_alone);
    tcase_add_test(tc, a_file_cut_anywhere_says_so_and_gives_what_is_whole);
    tcase_add_test(tc, what_stands_behind_the_end_is_said);
    tcase_add_test(tc, depth_has_an_end);
    suite_add_tcase(s, tc);
    return s;
}
