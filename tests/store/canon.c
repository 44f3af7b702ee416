#include "base/sha256.h"
#include "store/private.h"
#include "suites.h"
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *number(const char *s)
{
    static buf out;
    if (!out.data)
        buf_init(&out);
    buf_clear(&out);
    canon_number(&out, s, strlen(s));
    return out.data;
}

START_TEST(a_number_is_written_with_no_needless_digit)
{
    static const char *const pairs[][2] = {
        {"1.50", "1.5"},
        {"0", "0"},
        {"-0", "0"},
        {"0.000", "0"},
        {"100", "100"},
        {"100.00", "100"},
        {"-12.340", "-12.34"},
        {"0.1", "0.1"},
        {"1e+20", "100000000000000000000"},
        {"1e21", "1e+21"},
        {"1.25e-7", "1.25e-7"},
        {"0.000001", "0.000001"},
        {"NaN", "NaN"},
        {"-Infinity", "-Infinity"},
        {"00012", "12"},
        {"12345678901234567890.5", "12345678901234567890.5"},
        {"1e-05", "0.00001"},
        {"", ""},
        {"1e", "1e"},
        {"x1", "x1"},
        {"1.5.5", "1.5.5"},
        {"+3", "3"},
        {".5", "0.5"},
        {"-", "-"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ck_assert_str_eq(number(pairs[i][0]), pairs[i][1]);
}
END_TEST

START_TEST(a_real_reads_back_the_same)
{
    static const double values[] = {0.1,  1.0 / 3, 1e300,  -2.5e-300, DBL_MAX, DBL_MIN, 123456789.125,
                                    1e15, 1e16,    5e-324, 0.3,       100,     -1e-6,   2.0 / 3};
    buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        buf_clear(&out);
        canon_real(&out, values[i]);
        ck_assert_msg(strtod(out.data, NULL) == values[i], "%s is not %a", out.data, values[i]);
    }
    buf_clear(&out);
    canon_real(&out, 0.1);
    ck_assert_str_eq(out.data, "0.1");
    buf_clear(&out);
    canon_real(&out, (double)INFINITY);
    ck_assert_str_eq(out.data, "Infinity");
    buf_done(&out);
}
END_TEST

START_TEST(an_instant_has_one_form_whatever_its_offset)
{
    static const char *const pairs[][2] = {
        {"2026-11-22 18:10:00+00", "2026-11-22T18:10:00Z"},
        {"2026-11-22 18:10:00.5+00", "2026-11-22T18:10:00.500Z"},
        {"2026-11-22 18:10:00.000001+00", "2026-11-22T18:10:00.000001Z"},
        {"2026-11-22 23:40:00+05:30", "2026-11-22T18:10:00Z"},
        {"2026-11-22 14:10:00-04", "2026-11-22T18:10:00Z"},
        {"2026-11-22T18:10:00Z", "2026-11-22T18:10:00Z"},
        {"infinity", "infinity"},
        {"0044-03-15 00:00:00+00 BC", "0044-03-15 00:00:00+00 BC"},
    };
    buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        buf_clear(&out);
        canon_time(&out, pairs[i][0], strlen(pairs[i][0]));
        ck_assert_str_eq(out.data, pairs[i][1]);
    }
    buf_clear(&out);
    char longer[200];
    memset(longer, 'x', sizeof longer);
    canon_time(&out, longer, sizeof longer);
    ck_assert_uint_eq(out.len, sizeof longer);
    buf_done(&out);
}
END_TEST

START_TEST(json_loses_space_between_tokens_and_none_within)
{
    buf out;
    buf_init(&out);
    static const char text[] = " {\"a b\" : [1, 2 ,\t3], \"q\\\" \": \"x  y\"}\n";
    canon_json(&out, text, sizeof text - 1);
    ck_assert_str_eq(out.data, "{\"a b\":[1,2,3],\"q\\\" \":\"x  y\"}");
    buf_done(&out);
}
END_TEST

START_TEST(rewritten_cells_of_a_row_keep_their_lengths_and_ends)
{
    canon_row r;
    canon_row_init(&r, 4);
    for (int round = 0; round < 2; round++) {
        canon_row_clear(&r);
        canon_row_from(&r, 0); /* empty */
        canon_row_as_is(&r, 1, "as", 2);
        canon_row_from(&r, 2);
        buf_str(&r.made, "made");
        canon_row_from(&r, 3); /* empty, at the end */
        const store_cell *cells = canon_row_cells(&r);
        ck_assert_str_eq(cells[0].text, "");
        ck_assert_uint_eq(cells[0].len, 0);
        ck_assert_str_eq(cells[1].text, "as");
        ck_assert_str_eq(cells[2].text, "made");
        ck_assert_uint_eq(cells[2].len, 4);
        ck_assert_str_eq(cells[3].text, "");
    }
    canon_row_done(&r);
}
END_TEST

/* FIPS 180-4 and its example values (NIST, SHA256.pdf and the long ones of CAVP). */
START_TEST(sha256_gives_the_standards_own_digests)
{
    char hex[65], *million = malloc(1000000);
    sha256_hex("", 0, hex);
    ck_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex("abc", 3, hex);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
    ck_assert_str_eq(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(million, 'a', 1000000);
    sha256_hex(million, 1000000, hex);
    ck_assert_str_eq(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}
END_TEST

START_TEST(sha256_does_not_depend_on_how_the_bytes_come)
{
    unsigned char bytes[300], whole[32], parts[32];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        sha256 a, b;
        sha256_init(&a);
        sha256_add(&a, bytes, n);
        sha256_done(&a, whole);
        sha256_init(&b);
        for (size_t i = 0; i < n; i += 13)
            sha256_add(&b, bytes + i, n - i < 13 ? n - i : 13);
        sha256_done(&b, parts);
        ck_assert_mem_eq(whole, parts, 32);
    }
}
END_TEST

Suite *canon_suite(void)
{
    Suite *s = suite_create("canon");
    TCase *tc = tcase_create("canon");
    tcase_add_test(tc, a_number_is_written_with_no_needless_digit);
    tcase_add_test(tc, a_real_reads_back_the_same);
    tcase_add_test(tc, an_instant_has_one_form_whatever_its_offset);
    tcase_add_test(tc, json_loses_space_between_tokens_and_none_within);
    tcase_add_test(tc, rewritten_cells_of_a_row_keep_their_lengths_and_ends);
    tcase_add_test(tc, sha256_gives_the_standards_own_digests);
    tcase_add_test(tc, sha256_does_not_depend_on_how_the_bytes_come);
    suite_add_tcase(s, tc);
    return s;
}
