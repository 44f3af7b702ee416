/* What may reach a terminal, and whether it stands where it should. The lists of what is forbidden are
 * written here once more, by hand and by code point, so that they do not share a mistake with text.c. */
#include "base/rng.h"
#include "base/text.h"
#include "suites.h"
#include <locale.h>
#include <string.h>
#include <wchar.h>

static const uint32_t forbidden[][2] = {
    {0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},        {0x34F, 0x34F},   {0x61C, 0x61C},
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},    {0x200B, 0x200F}, {0x2028, 0x202E},
    {0x2060, 0x206F},   {0x3164, 0x3164},   {0xD800, 0xF8FF},    {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},    {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
};

static bool is_forbidden(uint32_t cp)
{
    if ((cp & 0xFFFE) == 0xFFFE)
        return true;
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        if (cp >= forbidden[i][0] && cp <= forbidden[i][1])
            return true;
    return false;
}

/* Whether nothing forbidden is in s; a ZWJ only where both neighbours are beyond the letters. */
static bool is_safe(const char *s, size_t n)
{
    uint32_t before = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp, next = 0;
        i += text_decode(s + i, n - i, &cp);
        if (i < n)
            text_decode(s + i, n - i, &next);
        bool joiner = cp == 0x200D && before >= 0x2000 && next >= 0x2000;
        if (is_forbidden(cp) && !joiner)
            return false;
        before = cp;
    }
    return text_valid(s, n);
}

static const char *cell(buf *out, const char *s)
{
    buf_clear(out);
    text_cell(out, s, strlen(s), false);
    return out->data;
}

#define FOUND "\xEF\xBF\xBD"

START_TEST(no_forbidden_code_point_passes)
{
    buf out;
    buf_init(&out);
    size_t marked = 0;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char raw[8] = {'a'};
        /* Surrogates as the three bytes that broken encoders write. */
        size_t n = cp >= 0xD800 && cp < 0xE000 ? 3 : text_encode(cp, raw + 1);
        if (n == 3 && cp >= 0xD800 && cp < 0xE000)
            memcpy(raw + 1, (char[]){(char)0xED, (char)(0x80 | (cp >> 6 & 0x3F)), (char)(0x80 | (cp & 0x3F))},
                   3);
        raw[n + 1] = 'b';
        buf_clear(&out);
        text_cell(&out, raw, n + 2, false);
        ck_assert_msg(is_safe(out.data, out.len), "U+%04X", cp);
        ck_assert_msg(out.data[0] == 'a' && out.data[out.len - 1] == 'b', "U+%04X", cp);
        marked += strstr(out.data, FOUND) != NULL;
        bool space = cp == '\t' || cp == '\n' || cp == '\r';
        bool selector = (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
        if (is_forbidden(cp) && !selector) /* nothing is taken out without a trace */
            ck_assert_msg(space ? out.data[1] == ' ' : strstr(out.data, FOUND) != NULL, "U+%04X", cp);
        buf_clear(&out);
        text_cell(&out, raw, n + 2, true);
        for (size_t i = 0; i < out.len; i++)
            ck_assert_msg(out.data[i] >= 0x20 && out.data[i] < 0x7F, "U+%04X in ASCII", cp);
    }
    ck_assert_uint_gt(marked, 900000); /* most of Unicode is not assigned */
    buf_done(&out);
}
END_TEST

START_TEST(readable_text_of_many_scripts_passes_unchanged)
{
    static const char *const texts[] = {
        "plain",
        "José Ñandú",
        "Zażółć gęślą jaźń",
        "Ελληνικά",
        "Русский",
        "עברית",
        "العربية",
        "हिन्दी",
        "ไทยดี้",
        "日本語テキスト",
        "한국어",
        "👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷",
        "🎸🎤",
        "e\xCC\x81o\xCC\x88",
        FOUND,
        "1\xE2\x83\xA3",
    };
    buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_str_eq(cell(&out, texts[i]), texts[i]);
    buf_done(&out);
}
END_TEST

START_TEST(what_steers_or_hides_becomes_a_mark)
{
    static const struct {
        const char *raw, *want;
    } cases[] = {
        {"a\r\n\tb", "a   b"},
        {"\x1b[31mred", FOUND "[31mred"},
        {"\xC2\x9B"
         "31m",
         FOUND "31m"},
        {"a\xE2\x80\xAE"
         "b",
         "a" FOUND "b"},
        {"a\xE2\x80\x8D"
         "b",
         "a" FOUND "b"}, /* ZWJ between letters */
        {"\xF0\x9F\x8E\xB8\xE2\x80\x8D"
         "b",
         "\xF0\x9F\x8E\xB8" FOUND "b"}, /* and after one emoji only */
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\xA3\xBF",
         "\xF0\x9F\x91\xA9" FOUND FOUND}, /* and before one that goes */
        {"\xCC\x81"
         "a",
         FOUND "a"},             /* a mark with nothing to stand on */
        {"\xE1\x85\xA1", FOUND}, /* a Hangul vowel alone */
        {"a\xE1\x86\xA8", "a" FOUND},
        {"\xF0\x9F\x87\xA9x", FOUND "x"}, /* half a flag */
        {"\xF0\x9F\x87\xA9", FOUND},
        {"\xE2\x9D\xA4\xEF\xB8\x8F!", "\xE2\x9D\xA4!"},                 /* a choice of glyph is dropped */
        {"\xE2\x9D\xA4\xEF\xB8\x8F\xEF\xB8\x8F", "\xE2\x9D\xA4" FOUND}, /* a second one hides data */
        {"\xEF\xB8\x8F", FOUND},
        {"\xF0\x9F\x8E\xB8\xF3\xA0\x81\xA7", "\xF0\x9F\x8E\xB8" FOUND}, /* a tag character */
        {"\xFF\xC3", FOUND FOUND},
        {"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8"},
        {"", ""},
    };
    buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(strcmp(cell(&out, cases[i].raw), cases[i].want) == 0, "case %zu: %s", i, out.data);
    buf_done(&out);
}
END_TEST

START_TEST(an_emoji_sequence_that_is_too_long_does_not_end_in_a_joiner)
{
    for (int many = 1; many < 20; many++) {
        buf raw, out, again;
        buf_init(&raw);
        buf_init(&out);
        buf_init(&again);
        buf_str(&raw, "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD"); /* with a skin tone, so that the count is odd */
        for (int i = 0; i < many; i++)
            buf_str(&raw, "\xE2\x80\x8D\xF0\x9F\x91\xA9");
        text_cell(&out, raw.data, raw.len, false);
        text_cell(&again, out.data, out.len, false);
        ck_assert_str_eq(again.data, out.data);
        ck_assert_ptr_null(strstr(out.data, "\xE2\x80\x8D" FOUND));
        buf_done(&raw);
        buf_done(&out);
        buf_done(&again);
    }
}
END_TEST

START_TEST(a_letter_keeps_eight_marks_and_one_sign_for_the_rest)
{
    buf raw, out, want;
    buf_init(&raw);
    buf_init(&out);
    buf_init(&want);
    buf_char(&raw, 'a');
    for (int i = 0; i < 1000; i++)
        buf_str(&raw, "\xCC\x81");
    buf_char(&raw, 'b');
    buf_char(&want, 'a');
    for (int i = 0; i < 8; i++)
        buf_str(&want, "\xCC\x81");
    buf_str(&want, FOUND "b");
    text_cell(&out, raw.data, raw.len, false);
    ck_assert_str_eq(out.data, want.data);
    buf_done(&raw);
    buf_done(&out);
    buf_done(&want);
}
END_TEST

START_TEST(an_endless_chain_of_joined_emoji_is_broken)
{
    buf raw, out;
    buf_init(&raw);
    buf_init(&out);
    for (int i = 0; i < 100; i++)
        buf_str(&raw, "\xF0\x9F\x91\xA9\xE2\x80\x8D");
    buf_str(&raw, "\xF0\x9F\x91\xA9");
    text_cell(&out, raw.data, raw.len, false);
    ck_assert_ptr_nonnull(strstr(out.data, FOUND));
    int columns;
    ck_assert_uint_le(text_grapheme(out.data, out.len, &columns), 9 * 7);
    buf_done(&raw);
    buf_done(&out);
}
END_TEST

START_TEST(ascii_terminals_get_the_nearest_letters)
{
    static const struct {
        const char *raw, *want;
    } cases[] = {
        {"José Straße Ærø Œuvre Łódź", "Jose Strasse AEro OEuvre Lodz"},
        {"“quoted” – it’s 5 €…", "\"quoted\" - it's 5 EUR..."},
        {"東京\x1b\t한", "??? ?"},
        {"ﬁ ½ ™", "fi 1/2 TM"},
        {"e\xCC\x81\xE2\x9D\xA4\xEF\xB8\x8F", "e?"},
    };
    buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&out);
        text_cell(&out, cases[i].raw, strlen(cases[i].raw), true);
        if (i == 0) /* a capital that takes two letters keeps only its first one large */
            ck_assert_str_eq(out.data, "Jose Strasse Aero Oeuvre Lodz");
        else
            ck_assert_str_eq(out.data, cases[i].want);
    }
    buf_done(&out);
}
END_TEST

START_TEST(graphemes_have_their_columns)
{
    static const struct {
        const char *s;
        size_t bytes;
        int columns;
    } cases[] = {
        {"a", 1, 1},        {"ab", 1, 1},      {"é", 2, 1},    {"e\xCC\x81x", 3, 1},
        {"東x", 3, 2},      {"🎸x", 4, 2},      {"🇩🇪🇫🇷", 8, 2}, {"👨‍👩‍👧x", 18, 2},
        {"👍🏽", 8, 2}, {FOUND "x", 3, 1}, {"कि", 6, 2},   {"\xFFx", 1, 1},
        {"", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int columns = -1;
        size_t n = text_grapheme(cases[i].s, strlen(cases[i].s), &columns);
        ck_assert_msg(n == cases[i].bytes && columns == cases[i].columns, "%s: %zu bytes, %d columns",
                      cases[i].s, n, columns);
    }
    ck_assert_uint_eq(text_width("東京 José", strlen("東京 José")), 9);
}
END_TEST

/* The terminal's own sum, code point by code point, as ncurses and tmux make it. */
static int terminal_columns(const char *s, size_t n)
{
    int columns = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += text_decode(s + i, n - i, &cp);
        int wide = wcwidth((wchar_t)cp);
        if (wide < 0)
            return -1;
        columns += wide;
    }
    return columns;
}

START_TEST(widths_are_those_of_the_c_library_for_all_that_passes)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        support_skip("no C.UTF-8 locale on this machine");
    buf out;
    buf_init(&out);
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char raw[5] = {'a'};
        size_t n = text_encode(cp, raw + 1) + 1;
        buf_clear(&out);
        text_cell(&out, raw, n, false);
        int want = terminal_columns(out.data, out.len), got = (int)text_width(out.data, out.len);
        ck_assert_msg(want == got, "U+%04X: %d, not %d", cp, got, want);
    }
    buf_done(&out);
}
END_TEST

START_TEST(text_is_cut_and_padded_to_the_column)
{
    static const struct {
        const char *s;
        size_t columns;
        text_align align;
        bool ascii;
        const char *want;
    } cases[] = {
        {"abc", 5, TEXT_LEFT, false, "abc  "},    {"abc", 5, TEXT_RIGHT, false, "  abc"},
        {"abc", 3, TEXT_LEFT, false, "abc"},      {"abcd", 3, TEXT_LEFT, false, "ab…"},
        {"abcd", 3, TEXT_LEFT, true, "ab."},      {"abcd", 1, TEXT_LEFT, false, "…"},
        {"abcd", 0, TEXT_LEFT, false, ""},        {"", 2, TEXT_LEFT, false, "  "},
        {"東京都", 4, TEXT_LEFT, false, "東 …"},  {"東京都", 5, TEXT_LEFT, false, "東京…"},
        {"東", 1, TEXT_LEFT, false, "…"},         {"👨‍👩‍👧", 3, TEXT_LEFT, false, "👨 "},
        {"👍🏽!", 3, TEXT_LEFT, false, "👍!"},
    };
    buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&out);
        text_fit(&out, cases[i].s, strlen(cases[i].s), cases[i].columns, cases[i].align, cases[i].ascii);
        ck_assert_msg(strcmp(out.data, cases[i].want) == 0, "case %zu: '%s'", i, out.data);
    }
    buf_clear(&out);
    text_fit(&out, "x", 1, 1000, TEXT_RIGHT, false);
    ck_assert_uint_eq(out.len, 1000);
    buf_done(&out);
}
END_TEST

/* Rows made of what has broken terminals before, and of noise. */
static void hostile(rng *r, buf *row)
{
    static const uint32_t nasty[] = {
        0x1B,    0x9B,    0x0D,    0x0A,    0x09,    0x00,    0x7F,    0x301,   0x302,  0x20E3,
        0x200B,  0x200D,  0x200E,  0x202E,  0x2066,  0x2069,  0xFEFF,  0xFE0F,  0xFE0E, 0xE0041,
        0xE007F, 0xE0100, 0x1F1E6, 0x1F1FA, 0x1F468, 0x1F469, 0x1F3FB, 0x1F3FF, 0x2764, 0x1100,
        0x1161,  0x11A8,  0xAC00,  0xD7B0,  0x0915,  0x093F,  0x094D,  0x0E33,  0x0E34, 0x4E00,
        0x3000,  0xFF21,  0x5D0,   0x627,   0x600,   0x3248,  0x4DC0,  0x1F595, 0x115F, 0x3164,
        0x34F,   0x180E,  0xAD,    0xE000,  0xFFFF,  0xFFFD,  0x20,    0x61,    0x41,   0xD4E,
    };
    buf_clear(row);
    for (uint64_t n = rng_below(r, 40); n > 0; n--) {
        char bytes[4];
        uint64_t kind = rng_below(r, 10);
        uint32_t cp = kind < 6   ? nasty[rng_below(r, sizeof nasty / sizeof *nasty)]
                      : kind < 8 ? (uint32_t)rng_below(r, 0x110000)
                                 : (uint32_t)rng_between(r, 0x20, 0x7E);
        if (kind == 9)
            buf_char(row, (char)rng_below(r, 256));
        else
            buf_add(row, bytes, text_encode(cp, bytes));
    }
}

START_TEST(a_hundred_thousand_hostile_rows_stay_aligned)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        support_skip("no C.UTF-8 locale on this machine");
    buf row, safe, fitted;
    buf_init(&row);
    buf_init(&safe);
    buf_init(&fitted);
    rng r;
    rng_seed(&r, support_seed(20261122));
    for (int i = 0; i < 100000; i++) {
        size_t columns = rng_below(&r, 30);
        bool ascii = rng_chance(&r, 1000);
        hostile(&r, &row);
        buf_clear(&safe);
        buf_clear(&fitted);
        text_cell(&safe, row.data, row.len, ascii);
        ck_assert_msg(is_safe(safe.data, safe.len), "row %d", i);
        text_fit(&fitted, safe.data, safe.len, columns, rng_chance(&r, 5000) ? TEXT_LEFT : TEXT_RIGHT, ascii);
        ck_assert_msg(is_safe(fitted.data, fitted.len), "row %d, fitted", i);
        ck_assert_msg(text_width(fitted.data, fitted.len) == columns, "row %d: own width", i);
        ck_assert_msg(terminal_columns(fitted.data, fitted.len) == (int)columns,
                      "row %d: '%s' takes %d columns of %zu", i, fitted.data,
                      terminal_columns(fitted.data, fitted.len), columns);
        /* Once clean, clean: the door may be passed twice. */
        buf_clear(&row);
        text_cell(&row, safe.data, safe.len, ascii);
        ck_assert_msg(row.len == safe.len && memcmp(row.data, safe.data, row.len) == 0,
                      "row %d: '%s' then '%s'", i, safe.data, row.data);
    }
    buf_done(&row);
    buf_done(&safe);
    buf_done(&fitted);
}
END_TEST

/* The positive control: rows that did not go through the door are found out by the checks above. */
START_TEST(the_checks_see_rows_that_were_not_cleaned)
{
    buf row;
    buf_init(&row);
    rng r;
    rng_seed(&r, 1);
    int unsafe = 0;
    for (int i = 0; i < 1000; i++) {
        hostile(&r, &row);
        unsafe += !is_safe(row.data, row.len);
    }
    ck_assert_int_gt(unsafe, 900);
    buf_done(&row);
}
END_TEST

Suite *terminal_suite(void)
{
    return suite_of(
        "terminal",
        (const TTest *const[]){
            no_forbidden_code_point_passes, readable_text_of_many_scripts_passes_unchanged,
            what_steers_or_hides_becomes_a_mark, an_emoji_sequence_that_is_too_long_does_not_end_in_a_joiner,
            a_letter_keeps_eight_marks_and_one_sign_for_the_rest, an_endless_chain_of_joined_emoji_is_broken,
            ascii_terminals_get_the_nearest_letters, graphemes_have_their_columns,
            widths_are_those_of_the_c_library_for_all_that_passes, text_is_cut_and_padded_to_the_column,
            a_hundred_thousand_hostile_rows_stay_aligned, the_checks_see_rows_that_were_not_cleaned, NULL});
}
