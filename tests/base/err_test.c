#include "base/err.h"
#include "base/text.h"
#include "suites.h"
#include <errno.h>
#include <string.h>

START_TEST(an_error_keeps_its_kind_and_sentence)
{
    err e = {0};
    ck_assert(!err_set(&e, ERR_INPUT, "%s:%d: no such column", "artists.view", 7));
    ck_assert_int_eq(e.kind, ERR_INPUT);
    ck_assert_str_eq(e.text, "artists.view:7: no such column");
}
END_TEST

START_TEST(nobody_caring_for_the_error_is_fine)
{
    ck_assert(!err_set(NULL, ERR_INPUT, "x"));
    ck_assert(!err_wrap(NULL, "x"));
    ck_assert(!err_errno(NULL, "x"));
}
END_TEST

START_TEST(a_prefix_goes_before_the_sentence_and_keeps_the_kind)
{
    err e = {0};
    err_set(&e, ERR_CONFLICT, "changed by somebody else");
    ck_assert(!err_wrap(&e, "artist %d", 12));
    ck_assert_int_eq(e.kind, ERR_CONFLICT);
    ck_assert_str_eq(e.text, "artist 12: changed by somebody else");
}
END_TEST

START_TEST(an_error_can_be_made_from_its_own_text)
{
    err e = {0};
    err_set(&e, ERR_FAILED, "inner");
    err_set(&e, ERR_FAILED, "outer: %s", e.text);
    ck_assert_str_eq(e.text, "outer: inner");
}
END_TEST

START_TEST(errno_becomes_words_and_stays_set)
{
    err e = {0};
    errno = ENOENT;
    err_errno(&e, "%s", "/nowhere");
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(e.kind, ERR_FAILED);
    ck_assert_str_eq(e.text, "/nowhere: No such file or directory");
}
END_TEST

/* Every way a two, three and four byte character can straddle the cut. */
START_TEST(a_long_sentence_is_cut_between_characters)
{
    static const char *const wide[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8E\xB8"};
    for (size_t w = 0; w < 3; w++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char long_text[2000] = "";
            memset(long_text, 'x', shift);
            while (strlen(long_text) < 1500)
                strcat(long_text, wide[w]);
            err e = {0};
            err_set(&e, ERR_FAILED, "%s", long_text);
            size_t n = strlen(e.text);
            ck_assert(text_valid(e.text, n));
            ck_assert_uint_gt(n, sizeof e.text - 1 - strlen(wide[w]));
            ck_assert_int_eq(memcmp(e.text, long_text, n), 0);
            err_wrap(&e, "prefix");
            ck_assert(text_valid(e.text, strlen(e.text)));
        }
    }
}
END_TEST

START_TEST(broken_bytes_in_a_long_sentence_do_no_harm)
{
    char junk[1000];
    memset(junk, 0x80, sizeof junk);
    junk[sizeof junk - 1] = '\0';
    err e = {0};
    err_set(&e, ERR_FAILED, "%s", junk);
    ck_assert_uint_eq(strlen(e.text), sizeof e.text - 1);
}
END_TEST

START_TEST(each_kind_has_a_word_and_an_exit_code)
{
    static const struct {
        err_kind kind;
        const char *word;
        int code;
    } want[] = {
        {ERR_NONE, "none", 0},
        {ERR_FAILED, "failed", 1},
        {ERR_USAGE, "usage", 2},
        {ERR_CONNECT, "connect", 3},
        {ERR_REFUSED, "refused", 4},
        {ERR_CONFLICT, "conflict", 4},
        {ERR_CANCELLED, "cancelled", 130},
        {ERR_TIMEOUT, "timeout", 1},
        {ERR_UNKNOWN, "unknown", 1},
        {ERR_INPUT, "input", 1},
        {ERR_MISSING, "missing", 1},
        {(err_kind)99, "failed", 1},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        ck_assert_str_eq(err_word(want[i].kind), want[i].word);
        ck_assert_int_eq(err_exit_code(want[i].kind), want[i].code);
    }
}
END_TEST

Suite *err_suite(void)
{
    return suite_of("err",
                    (const TTest *const[]){
                        an_error_keeps_its_kind_and_sentence, nobody_caring_for_the_error_is_fine,
                        a_prefix_goes_before_the_sentence_and_keeps_the_kind,
                        an_error_can_be_made_from_its_own_text, errno_becomes_words_and_stays_set,
                        a_long_sentence_is_cut_between_characters, broken_bytes_in_a_long_sentence_do_no_harm,
                        each_kind_has_a_word_and_an_exit_code, NULL});
}
