#include "base/json.h"
#include "base/rng.h"
#include "base/text.h"
#include "suites.h"
#include <float.h>
#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static buf out;
static json_out j; /* jansson reads back what it wrote */

static void fresh(void)
{
    buf_init(&out);
    json_init(&j, &out);
}

START_TEST(objects_and_arrays_nest_with_commas_where_they_belong)
{
    fresh();
    json_open(&j, '{');
    json_key(&j, "a");
    json_int(&j, -1);
    json_key(&j, "b");
    json_open(&j, '[');
    json_open(&j, '{');
    json_close(&j, '}');
    json_open(&j, '[');
    json_close(&j, ']');
    json_none(&j);
    json_bool(&j, true);
    json_bool(&j, false);
    json_str(&j, NULL);
    json_close(&j, ']');
    json_key(&j, NULL);
    json_raw(&j, "{\"x\":1}");
    json_close(&j, '}');
    ck_assert_str_eq(out.data, "{\"a\":-1,\"b\":[{},[],null,true,false,null],\"\":{\"x\":1}}");
    buf_done(&out);
}
END_TEST

START_TEST(raw_json_loses_what_drives_a_terminal_and_stays_the_same_json)
{
    fresh();
    json_raw(&j, "{\"k\":\"a\xe2\x80\xae\xc3\xa9\xc2\x9b\x7f\",\n \"\xf0\x9f\x94\xa5\":1}");
    ck_assert_str_eq(out.data, "{\"k\":\"a\\u202e\xc3\xa9\\u009b\\u007f\",\n \"\xf0\x9f\x94\xa5\":1}");
    buf_done(&out);
}
END_TEST

START_TEST(values_at_the_top_are_not_joined_by_commas)
{
    fresh();
    json_int(&j, 1);
    buf_char(&out, '\n');
    json_open(&j, '{');
    json_close(&j, '}');
    ck_assert_str_eq(out.data, "1\n{}");
    buf_done(&out);
}
END_TEST

START_TEST(the_buf_may_be_emptied_in_the_middle)
{
    fresh();
    json_open(&j, '[');
    json_int(&j, 1);
    buf_clear(&out);
    json_int(&j, 2);
    ck_assert_str_eq(out.data, ",2");
    buf_done(&out);
}
END_TEST

START_TEST(a_thousand_levels_are_valid)
{
    fresh();
    for (int i = 0; i < 1000; i++) {
        json_open(&j, '[');
        json_int(&j, i);
    }
    for (int i = 0; i < 1000; i++)
        json_close(&j, ']');
    json_t *read = json_loadb(out.data, out.len, 0, NULL);
    ck_assert_ptr_nonnull(read);
    json_decref(read);
    buf_done(&out);
}
END_TEST

START_TEST(a_key_without_a_value_and_a_close_too_many_stay_valid)
{
    fresh();
    json_open(&j, '{');
    json_key(&j, "k");
    json_close(&j, '}');
    ck_assert_str_eq(out.data, "{\"k\":null}");
    json_close(&j, '}');
    ck_assert_uint_eq(j.depth, 0);
    buf_done(&out);
}
END_TEST

START_TEST(strings_are_escaped)
{
    fresh();
    json_strn(&j, "\"\\\b\f\n\r\t\x01\x7f\0é", 12);
    ck_assert_str_eq(out.data, "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f\\u0000é\"");
    buf_done(&out);
}
END_TEST

START_TEST(broken_bytes_become_marks_and_a_real_mark_stays)
{
    fresh();
    json_str(&j, "a\xFFz\xE2\x82|\xEF\xBF\xBD|\xED\xA0\x80");
    ck_assert_str_eq(out.data,
                     "\"a\xEF\xBF\xBDz\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    buf_done(&out);
}
END_TEST

/* Every code point, read back by jansson; nothing that steers a terminal is in the bytes. */
START_TEST(every_character_survives_and_none_steers_a_terminal)
{
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        char bytes[4];
        size_t n = text_encode(cp, bytes);
        buf_init(&out);
        json_quote(&out, bytes, n);
        for (size_t i = 0; i < out.len;) {
            uint32_t seen;
            i += text_decode(out.data + i, out.len - i, &seen);
            ck_assert_msg(!text_hidden(seen), "U+%04X", cp);
        }
        if (cp < 0x3000 || cp % 97 == 0 || text_hidden(cp)) {
            json_t *read = json_loadb(out.data, out.len, JSON_DECODE_ANY, NULL);
            ck_assert_msg(read && json_string_length(read) == n &&
                              memcmp(json_string_value(read), bytes, n) == 0,
                          "U+%04X", cp);
            json_decref(read);
        }
        buf_done(&out);
    }
}
END_TEST

static void check_real(double v, const char *want)
{
    fresh();
    json_double(&j, v);
    if (want)
        ck_assert_str_eq(out.data, want);
    ck_assert_msg(strtod(out.data, NULL) == v, "%s", out.data);
    buf_done(&out);
}

START_TEST(numbers_are_short_and_read_back_the_same)
{
    check_real(0.1, "0.1");
    check_real(5, "5");
    check_real(-0.0, "-0");
    check_real(1e23, "1e+23");
    check_real(5e-324, "5e-324");
    check_real(DBL_MAX, "1.7976931348623157e+308");
    check_real(1.0 / 3, "0.3333333333333333");
    rng r;
    rng_seed(&r, support_seed(7));
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rng_next(&r);
        double v;
        memcpy(&v, &bits, sizeof v);
        if (isfinite(v))
            check_real(v, NULL);
    }
}
END_TEST

START_TEST(what_is_no_number_is_null)
{
    fresh();
    json_open(&j, '[');
    json_double(&j, NAN);
    json_double(&j, INFINITY);
    json_double(&j, -INFINITY);
    json_int(&j, INT64_MIN);
    json_close(&j, ']');
    ck_assert_str_eq(out.data, "[null,null,null,-9223372036854775808]");
    buf_done(&out);
}
END_TEST

START_TEST(a_locale_with_decimal_commas_changes_nothing)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        support_skip("no de_DE.UTF-8 locale on this machine");
    fresh();
    json_double(&j, 0.5);
    ck_assert_str_eq(out.data, "0.5");
    buf_done(&out);
}
END_TEST

Suite *json_suite(void)
{
    return suite_of(
        "json", (const TTest *const[]){objects_and_arrays_nest_with_commas_where_they_belong,
                                       raw_json_loses_what_drives_a_terminal_and_stays_the_same_json,
                                       values_at_the_top_are_not_joined_by_commas,
                                       the_buf_may_be_emptied_in_the_middle, a_thousand_levels_are_valid,
                                       a_key_without_a_value_and_a_close_too_many_stay_valid,
                                       strings_are_escaped, broken_bytes_become_marks_and_a_real_mark_stays,
                                       every_character_survives_and_none_steers_a_terminal,
                                       numbers_are_short_and_read_back_the_same, what_is_no_number_is_null,
                                       a_locale_with_decimal_commas_changes_nothing, NULL});
}
