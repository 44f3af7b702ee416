#include "base/buf.h"
#include "base/mem.h"
#include "suites.h"
#include <stdlib.h>
#include <string.h>

START_TEST(an_empty_buf_is_an_empty_string_and_owns_nothing)
{
    buf b;
    buf_init(&b);
    ck_assert_str_eq(b.data, "");
    ck_assert_uint_eq(b.cap, 0);
    buf_clear(&b);
    buf_add(&b, NULL, 0);
    buf_str(&b, NULL);
    ck_assert_str_eq(b.data, "");
    buf_done(&b);
    buf_done(&b);
}
END_TEST

START_TEST(a_buf_grows_byte_by_byte_and_stays_terminated)
{
    buf b;
    buf_init(&b);
    for (size_t i = 0; i < 300; i++) {
        buf_char(&b, (char)('a' + i % 26));
        ck_assert_uint_eq(b.len, i + 1);
        ck_assert_uint_eq(strlen(b.data), i + 1);
        ck_assert_uint_gt(b.cap, b.len);
    }
    ck_assert_int_eq(b.data[299], 'a' + 299 % 26);
    buf_done(&b);
}
END_TEST

START_TEST(nul_bytes_are_kept)
{
    buf b;
    buf_init(&b);
    buf_add(&b, "a\0b", 3);
    buf_add(&b, "\0", 1);
    ck_assert_uint_eq(b.len, 4);
    ck_assert_int_eq(memcmp(b.data, "a\0b\0", 5), 0);
    buf_done(&b);
}
END_TEST

/* Lengths around every size that the buffer passes through while growing from 4. */
START_TEST(printing_fits_whatever_its_length)
{
    for (int n = 0; n < 70; n++) {
        buf b;
        buf_init(&b);
        buf_str(&b, "ab");
        buf_printf(&b, "%*s|", n, "x");
        ck_assert_uint_eq(b.len, 2 + (size_t)(n ? n : 1) + 1);
        ck_assert_uint_eq(strlen(b.data), b.len);
        ck_assert_int_eq(b.data[b.len - 1], '|');
        buf_done(&b);
    }
}
END_TEST

START_TEST(taking_hands_over_the_string_and_empties_the_buf)
{
    buf b;
    buf_init(&b);
    buf_str(&b, "hello");
    char *s = buf_take(&b);
    ck_assert_str_eq(s, "hello");
    ck_assert_uint_eq(b.len, 0);
    char *empty = buf_take(&b);
    ck_assert_str_eq(empty, "");
    buf_str(&b, "again");
    ck_assert_str_eq(b.data, "again");
    ck_assert_str_eq(s, "hello");
    free(s);
    free(empty);
    buf_done(&b);
}
END_TEST

START_TEST(clearing_keeps_the_memory)
{
    buf b;
    buf_init(&b);
    buf_str(&b, "hello");
    size_t cap = b.cap;
    buf_clear(&b);
    ck_assert_str_eq(b.data, "");
    ck_assert_uint_eq(b.cap, cap);
    buf_done(&b);
}
END_TEST

Suite *buf_suite(void)
{
    return suite_of("buf", (const TTest *const[]){an_empty_buf_is_an_empty_string_and_owns_nothing,
                                                  a_buf_grows_byte_by_byte_and_stays_terminated,
                                                  nul_bytes_are_kept, printing_fits_whatever_its_length,
                                                  taking_hands_over_the_string_and_empties_the_buf,
                                                  clearing_keeps_the_memory, NULL});
}
