#include "legacy/document.h"
#include "kit.h"
#include "legacy/pb.h"
#include "legacy/record.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void canonical(const char *json, const char *want)
{
    buf out;
    err e = {0};
    buf_init(&out);
    ck_assert_msg(document_parse_fields(json, strlen(json), &out, &e), "%s: %s", json, e.text);
    ck_assert_str_eq(out.data, want);
    buf again;
    buf_init(&again); /* canonical text is its own canonical form */
    ck_assert_msg(document_parse_fields(out.data, out.len, &again, &e), "%s", e.text);
    ck_assert_str_eq(again.data, want);
    buf_done(&again);
    buf_done(&out);
}

static void refused_n(const char *json, size_t n, const char *part)
{
    buf out;
    err e = {0};
    buf_init(&out);
    ck_assert_msg(!document_parse_fields(json, n, &out, &e), "%s was read: %s", json, out.data);
    ck_assert_int_eq(e.kind, ERR_INPUT);
    ck_assert_msg(strstr(e.text, part) != NULL, "\"%s\" is not in \"%s\"", part, e.text);
    buf_done(&out);
}

static void refused(const char *json, const char *part)
{
    refused_n(json, strlen(json), part);
}

START_TEST(each_type_has_one_spelling)
{
    canonical(" { } ", "{}");
    canonical("{\"a\":{\"nullValue\":\"NULL_VALUE\"},\"b\":{\"nullValue\":0},\"c\":{\"nullValue\":null}}",
              "{\"a\":{\"nullValue\":null},\"b\":{\"nullValue\":null},\"c\":{\"nullValue\":null}}");
    canonical("{\"a\":{\"integerValue\":5},\"b\":{\"integerValue\":\"-9223372036854775808\"},\"c\":{"
              "\"integerValue\":1e3}}",
              "{\"a\":{\"integerValue\":\"5\"},\"b\":{\"integerValue\":\"-9223372036854775808\"},\"c\":{"
              "\"integerValue\":"
              "\"1000\"}}");
    canonical(
        "{\"a\":{\"doubleValue\":5},\"b\":{\"doubleValue\":100000000000000000000},\"c\":{\"doubleValue\":-0},"
        "\"d\":{\"doubleValue\":\"NaN\"},\"e\":{\"doubleValue\":\"-Infinity\"},\"f\":{\"doubleValue\":"
        "\"Infinity\"},"
        "\"g\":{\"doubleValue\":0.1000000000000000055511151231257827}}",
        "{\"a\":{\"doubleValue\":5},\"b\":{\"doubleValue\":1e+20},\"c\":{\"doubleValue\":-0},"
        "\"d\":{\"doubleValue\":\"NaN\"},\"e\":{\"doubleValue\":\"-Infinity\"},\"f\":{\"doubleValue\":"
        "\"Infinity\"},"
        "\"g\":{\"doubleValue\":0.1}}");
    canonical("{\"a\":{\"timestampValue\":\"2020-01-01T01:00:00.123456789+01:00\"},\"b\":{\"timestampValue\":"
              "\"2020-01-"
              "01T00:00:00.500Z\"}}",
              "{\"a\":{\"timestampValue\":\"2020-01-01T00:00:00.123456Z\"},\"b\":{\"timestampValue\":\"2020-"
              "01-01T00:00:"
              "00.500Z\"}}");
    canonical(
        "{\"a\":{\"bytesValue\":\"-_8\"},\"b\":{\"bytesValue\":\"AA==\"},\"c\":{\"bytesValue\":\"\"}}",
        "{\"a\":{\"bytesValue\":\"+/8=\"},\"b\":{\"bytesValue\":\"AA==\"},\"c\":{\"bytesValue\":\"\"}}");
    canonical(
        "{\"a\":{\"geoPointValue\":{}},\"b\":{\"geoPointValue\":{\"longitude\":-97.74,\"latitude\":30}}}",
        "{\"a\":{\"geoPointValue\":{\"latitude\":0,\"longitude\":0}},\"b\":{\"geoPointValue\":{\"latitude\":"
        "30,"
        "\"longitude\":-97.74}}}");
    canonical(
        "{\"a\":{\"arrayValue\":{\"values\":[]}},\"b\":{\"mapValue\":{\"fields\":{}}},\"c\":{\"arrayValue\":{"
        "}},"
        "\"d\":{\"mapValue\":{}},\"e\":{\"arrayValue\":{\"values\":[{\"mapValue\":{\"fields\":{\"x\":{"
        "\"booleanValue\":true}}}},{\"booleanValue\":false}]}}}",
        "{\"a\":{\"arrayValue\":{}},\"b\":{\"mapValue\":{}},\"c\":{\"arrayValue\":{}},\"d\":{\"mapValue\":{}}"
        ","
        "\"e\":{\"arrayValue\":{\"values\":[{\"mapValue\":{\"fields\":{\"x\":{\"booleanValue\":true}}}},"
        "{\"booleanValue\":false}]}}}");
    canonical("{\"\\u0061\\/\":{\"stringValue\":\"\\ud83d\\ude00 \\u00e9\\n\\\\\"},\"r\":{\"referenceValue\":"
              "\"projects/p/databases/d/documents/a/b\"}}",
              "{\"a/\":{\"stringValue\":\"\xF0\x9F\x98\x80 \xC3\xA9\\n\\\\\"},\"r\":{\"referenceValue\":"
              "\"projects/p/databases/d/documents/a/b\"}}");
}
END_TEST

START_TEST(a_wrong_value_is_refused_by_its_field)
{
    static const char *const cases[][2] = {
        {"{\"a\":{\"booleanValue\":1}}", "field a: is a booleanValue"},
        {"{\"a\":{\"nullValue\":1}}", "field a: is a nullValue"},
        {"{\"a\":{\"nullValue\":\"x\"}}", "field a: is a nullValue"},
        {"{\"a\":{\"integerValue\":\"9223372036854775808\"}}", "field a: is an integerValue"},
        {"{\"a\":{\"integerValue\":\"-9223372036854775809\"}}", "field a: is an integerValue"},
        {"{\"a\":{\"integerValue\":\"\"}}", "field a: is an integerValue"},
        {"{\"a\":{\"integerValue\":\" 1\"}}", "field a: is an integerValue"},
        {"{\"a\":{\"integerValue\":1.5}}", "field a: is an integerValue"},
        {"{\"a\":{\"integerValue\":1e30}}", "field a: is an integerValue"},
        {"{\"a\":{\"doubleValue\":\"1\"}}", "field a: is a doubleValue"},
        {"{\"a\":{\"doubleValue\":1e999}}", "field a: is a number beyond"},
        {"{\"a\":{\"timestampValue\":\"2020-02-30T00:00:00Z\"}}", "field a: is not an existing time"},
        {"{\"a\":{\"timestampValue\":\"2020-02-20 00:00:00Z\"}}", "field a: is not an existing time"},
        {"{\"a\":{\"timestampValue\":\"0000-01-01T00:00:00Z\"}}", "field a: is not an existing time"},
        {"{\"a\":{\"timestampValue\":\"2020\"}}", "field a: is not an existing time"},
        {"{\"a\":{\"bytesValue\":\"A\"}}", "field a: is a bytesValue"},
        {"{\"a\":{\"bytesValue\":\"AB==\"}}", "field a: is a bytesValue"},
        {"{\"a\":{\"bytesValue\":\"A A=\"}}", "field a: is a bytesValue"},
        {"{\"a\":{\"bytesValue\":\"AAA==\"}}", "field a: is a bytesValue"},
        {"{\"a\":{\"referenceValue\":\"\"}}", "field a: is a referenceValue"},
        {"{\"a\":{\"geoPointValue\":{\"lat\":1}}}", "field a: is a geoPointValue"},
        {"{\"a\":{\"geoPointValue\":{\"latitude\":1,\"latitude\":1}}}", "field a: is a geoPointValue"},
        {"{\"a\":{\"arrayValue\":{\"values\":[{\"arrayValue\":{}}]}}}",
         "field a[0]: is an array directly in an array"},
        {"{\"a\":{\"arrayValue\":{\"value\":[]}}}", "field a: has an unknown member"},
        {"{\"a\":{\"mapValue\":{\"fields\":{},\"fields\":{}}}}", "field a: has more than one member"},
        {"{\"a\":{}}", "field a: holds no value"},
        {"{\"a\":{\"fooValue\":1}}", "field a: has a value type"},
        {"{\"a\":{\"stringValue\":\"x\",\"integerValue\":\"1\"}}", "field a: has more than one value"},
        {"{\"a\":\"x\"}", "field a: is not a typed value"},
        {"{\"\":{\"nullValue\":null}}", "has an empty name"},
        {"{\"a\":{\"mapValue\":{\"fields\":{\"b c\":{\"mapValue\":{\"fields\":{\"d\":{}}}}}}}}",
         "field a.`b c`.d: holds"},
        {"{\"a\":{\"stringValue\":\"x\"},\"\\u0061\":{\"stringValue\":\"x\"}}", "field a: stands twice"},
        {"{\"a\":{\"stringValue\":\"\\u0000\"}}", "field a: a string holds NUL"},
        {"{\"a\":{\"stringValue\":\"\\ud800\"}}", "half a surrogate"},
        {"{\"a\":{\"stringValue\":\"\\ud800\\u0041\"}}", "half a surrogate"},
        {"{\"a\":{\"stringValue\":\"\\udc00\"}}", "half a surrogate"},
        {"{\"a\":{\"stringValue\":\"\xED\xA0\x80\"}}", "not valid UTF-8"},
        {"{\"a\":{\"stringValue\":\"\x01\"}}", "control character"},
        {"{\"a\":{\"stringValue\":\"\\x\"}}", "an escape is unknown"},
        {"{\"a\":{\"stringValue\":\"\\u00g0\"}}", "hexadecimal"},
        {"{\"a\":{\"stringValue\":\"x", "no end"},
        {"{\"a\":{\"stringValue\":\"\\", "in the middle"},
        {"{\"a\":{\"stringValue\":\"\\u00", "in the middle"},
        {"{\"a\":{\"stringValue\" \"x\"}}", ": is missing"},
        {"{\"a\":{\"doubleValue\":01}}", "a number"},
        {"{\"a\":{\"doubleValue\":1.}}", "a number"},
        {"{\"a\":{\"doubleValue\":1e}}", "a number"},
        {"{\"a\":{\"doubleValue\":-}}", "a number"},
        {"{\"a\":{\"nullValue\":null},}", "a string is missing"},
        {"{\"a\":{\"nullValue\":null} \"b\"", "} or , is missing"},
        {"{\"a\":{\"arrayValue\":{\"values\":[{\"nullValue\":null} 1]}}}", "] or , is missing"},
        {"{\"a\":{\"arrayValue\":{\"values\":5}}}", "an array ([) is missing"},
        {"{\"a\":{\"mapValue\":{\"fields\":5}}}", "an object ({) is missing"},
        {"{\"a\":{\"mapValue\":5}}", "an object ({) is missing"},
        {"{\"a\":{\"nullValue\":null}} x", "follows after its end"},
        {"[]", "an object ({) is missing"},
        {"", "in the middle"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(cases[i][0], cases[i][1]);
    refused_n("{\"a\":{\"stringValue\":\"x\0\"}}", 25, "control character");
}
END_TEST

/* {"k0":..,"k1":..,...}, then one of them again. */
static buf many_keys(int n, int again)
{
    buf b;
    buf_init(&b);
    for (int i = 0; i <= n; i++)
        buf_printf(&b, "%c\"k%d\":{\"nullValue\":null}", i ? ',' : '{', i == n ? again : i);
    buf_char(&b, '}');
    return b;
}

START_TEST(a_key_twice_is_found_among_many)
{
    for (int n = 1; n < 300; n += n < 40 ? 1 : 37) {
        for (int again = 0; again < n; again += n / 3 + 1) {
            buf b = many_keys(n, again);
            refused_n(b.data, b.len, "stands twice");
            buf_done(&b);
        }
        buf good = many_keys(n, n), out;
        err e = {0};
        buf_init(&out);
        ck_assert_msg(document_parse_fields(good.data, good.len, &out, &e), "%s", e.text);
        ck_assert_str_eq(out.data, good.data);
        buf_done(&good);
        buf_done(&out);
    }
}
END_TEST

static buf nested(int levels)
{
    buf b;
    buf_init(&b);
    for (int i = 0; i < levels; i++)
        buf_str(&b, "{\"m\":{\"mapValue\":{\"fields\":");
    buf_str(&b, "{}");
    for (int i = 0; i < levels; i++)
        buf_str(&b, "}}}");
    return b;
}

START_TEST(twenty_levels_are_read_and_a_tower_is_refused)
{
    for (int levels = 1; levels <= 100000; levels = levels < 40 ? levels + 1 : levels * 5) {
        buf b = nested(levels), out;
        buf_init(&out);
        ck_assert_int_eq(document_parse_fields(b.data, b.len, &out, NULL), levels <= DOCUMENT_MAX_DEPTH);
        buf_done(&b);
        buf_done(&out);
    }
    refused("{\"a\":[[[[]]]]}", "is not a typed value");
}
END_TEST

START_TEST(a_document_is_read_around_its_fields)
{
    static const char json[] =
        " {\"createTime\":\"2020-01-01T00:00:00Z\",\"fields\":{\"a\":{\"integerValue\":\"1\"}},"
        "\"name\":\"projects/p/databases/(default)/documents/c/d\",\"updateTime\":"
        "\"2020-01-01T00:00:01.5Z\"}\n";
    document_head h;
    buf fields;
    err e = {0};
    buf_init(&fields);
    ck_assert_msg(document_parse(json, strlen(json), &h, &fields, &e), "%s", e.text);
    ck_assert_str_eq(h.name, "projects/p/databases/(default)/documents/c/d");
    ck_assert_int_eq(h.create_us, INT64_C(1577836800000000));
    ck_assert_int_eq(h.update_us, INT64_C(1577836801500000));
    ck_assert_str_eq(fields.data, "{\"a\":{\"integerValue\":\"1\"}}");
    free(h.name);
    ck_assert(document_parse("{\"name\":\"c/d\"}", 14, &h, &fields, &e));
    ck_assert_str_eq(fields.data, "{}");
    free(h.name);
    static const char *const bad[][2] = {
        {"{}", "no name"},
        {"{\"name\":\"a/b\",\"name\":\"a/b\"}", "twice"},
        {"{\"name\":\"a/b\",\"extra\":1}", "none of name, fields"},
        {"{\"name\":5}", "a string is missing"},
        {"{\"name\":\"a/b\",\"updateTime\":\"x\"}", "field updateTime: is not an existing time"},
        {"{\"name\":\"a/b\",\"fields\":{\"x\":{}}}", "field x: holds no value"},
        {"{\"name\":\"a/b\"", "in the middle"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert(!document_parse(bad[i][0], strlen(bad[i][0]), &h, &fields, &e));
        ck_assert_msg(strstr(e.text, bad[i][1]) != NULL, "%s", e.text);
    }
    buf_done(&fields);
}
END_TEST

static void split(const char *name, const char *want)
{
    buf store, got;
    document_name d;
    err e = {0};
    buf_init(&store);
    buf_init(&got);
    buf_str(&store, "before");
    ck_assert_msg(document_split(name, &store, &d, &e), "%s: %s", name, e.text);
    buf_printf(&got, "%s|%s|%s|%s|%s", d.prefix, d.path, d.collection, d.parent ? d.parent : "-", d.id);
    ck_assert_str_eq(got.data, want);
    ck_assert_mem_eq(store.data, "before", 6);
    buf_done(&store);
    buf_done(&got);
}

START_TEST(a_name_splits_into_its_parts)
{
    split("projects/P/databases/(default)/documents/fans/f1",
          "projects/P/databases/(default)/documents|fans/f1|fans|-|f1");
    split("projects/P/databases/D/documents/fans/f1/follows/a",
          "projects/P/databases/D/documents|fans/f1/follows/a|fans/follows|fans/f1|a");
    split("a/b/c/d/e/f", "|a/b/c/d/e/f|a/c/e|a/b/c/d|f");
    split("projects/P", "|projects/P|projects|-|P");
    split("caf\xC3\xA9/\xF0\x9F\x98\x80", "|caf\xC3\xA9/\xF0\x9F\x98\x80|caf\xC3\xA9|-|\xF0\x9F\x98\x80");
    static const char *const bad[] = {"",
                                      "a",
                                      "a/b/c",
                                      "/a",
                                      "a/",
                                      "a//b/c",
                                      "a/..",
                                      "./b",
                                      "a/\xff",
                                      "projects/P/databases/D/documents/",
                                      "projects/P/databases/D/documents/a"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        buf store;
        document_name d;
        buf_init(&store);
        ck_assert_msg(!document_split(bad[i], &store, &d, NULL), "%s", bad[i]);
        buf_done(&store);
    }
}
END_TEST

static bool note(void *ctx, const document_node *n)
{
    buf_printf(ctx, "%u %s %s(%s,%zu) %s\n", n->depth, n->key, n->type, n->value, n->count, n->path);
    return true;
}

static bool note_two(void *ctx, const document_node *n)
{
    note(ctx, n);
    return strchr(((buf *)ctx)->data, '\n') == strrchr(((buf *)ctx)->data, '\n');
}

static const char walked[] =
    "{\"a\":{\"mapValue\":{\"fields\":{\"b "
    "c\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"x\\n\"},{\"nullValue\":null},"
    "{\"mapValue\":{}}]}},\"t\":{\"booleanValue\":true}}}},\"g\":{\"geoPointValue\":{\"latitude\":1.5,"
    "\"longitude\":-2}},"
    "\"e\":{\"arrayValue\":{}},\"n\":{\"doubleValue\":1.5}}";

START_TEST(a_walk_visits_every_node_in_order)
{
    buf got;
    err e = {0};
    buf_init(&got);
    ck_assert_msg(document_walk(walked, strlen(walked), note, &got, &e), "%s", e.text);
    ck_assert_str_eq(got.data,
                     "0 a map(,2) a\n1 b c array(,3) a.`b c`\n2 [0] string(x\n,0) a.`b c`[0]\n"
                     "2 [1] null(null,0) a.`b c`[1]\n2 [2] map(,0) a.`b c`[2]\n1 t boolean(true,0) a.t\n"
                     "0 g geoPoint(1.5, -2,0) g\n0 e array(,0) e\n0 n double(1.5,0) n\n");
    buf_clear(&got);
    ck_assert(document_walk(walked, strlen(walked), note_two, &got, &e)); /* enough seen is no failure */
    ck_assert_str_eq(got.data, "0 a map(,2) a\n1 b c array(,3) a.`b c`\n");
    buf_done(&got);
}
END_TEST

START_TEST(a_walk_over_broken_fields_says_so)
{
    buf got, tower = nested(40);
    err e = {0};
    buf_init(&got);
    for (size_t n = 0; n < strlen(walked); n++)
        ck_assert_msg(!document_walk(walked, n, note, &got, &e), "%zu", n);
    ck_assert(!document_walk("{\"a\":{\"x\":1}}", 13, note, &got, &e));
    ck_assert(!document_walk("{\"a\":{\"mapValue\":{\"x\":1}}}", 26, note, &got, &e));
    ck_assert(!document_walk("{\"a\":{}}", 8, note, &got, &e));
    ck_assert(!document_walk(tower.data, tower.len, note, &got, &e));
    ck_assert(strstr(e.text, "not typed JSON") != NULL);
    buf_done(&got);
    buf_done(&tower);
}
END_TEST

START_TEST(a_comma_for_a_point_in_the_locale_changes_nothing)
{
    bool set = setlocale(LC_NUMERIC, "de_DE.UTF-8") || setlocale(LC_NUMERIC, "fr_FR.UTF-8");
    if (!set)
        support_skip("no locale with a decimal comma is installed");
    canonical("{\"a\":{\"doubleValue\":1.25}}", "{\"a\":{\"doubleValue\":1.25}}");
}
END_TEST

START_TEST(a_name_of_a_field_has_its_limit)
{
    for (int n = 1500; n <= 1501; n++) {
        buf b, out;
        buf_init(&b);
        buf_init(&out);
        buf_printf(&b, "{\"%0*d\":{\"doubleValue\":0.%0100d}}", n, 0, 0);
        ck_assert_int_eq(document_parse_fields(b.data, b.len, &out, NULL), n == 1500);
        buf_done(&b);
        buf_done(&out);
    }
}
END_TEST

START_TEST(the_checksum_is_castagnolis)
{
    uint8_t zeros[32] = {0};
    ck_assert_uint_eq(record_crc(0, (const uint8_t *)"123456789", 9), 0xe3069283); /* its check value */
    ck_assert_uint_eq(record_crc(0, zeros, 32), 0x8a9136aa);                       /* RFC 3720, B.4 */
    ck_assert_uint_eq(record_crc(record_crc(0, (const uint8_t *)"1234", 4), (const uint8_t *)"56789", 5),
                      0xe3069283);
}
END_TEST

Suite *document_suite(void)
{
    Suite *s = suite_create("document");
    TCase *tc = tcase_create("document");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, each_type_has_one_spelling);
    tcase_add_test(tc, a_wrong_value_is_refused_by_its_field);
    tcase_add_test(tc, a_key_twice_is_found_among_many);
    tcase_add_test(tc, twenty_levels_are_read_and_a_tower_is_refused);
    tcase_add_test(tc, a_document_is_read_around_its_fields);
    tcase_add_test(tc, a_name_splits_into_its_parts);
    tcase_add_test(tc, a_walk_visits_every_node_in_order);
    tcase_add_test(tc, a_walk_over_broken_fields_says_so);
    tcase_add_test(tc, a_comma_for_a_point_in_the_locale_changes_nothing);
    tcase_add_test(tc, a_name_of_a_field_has_its_limit);
    tcase_add_test(tc, the_checksum_is_castagnolis);
    suite_add_tcase(s, tc);
    return s;
}
