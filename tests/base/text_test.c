#include "base/rng.h"
#include "base/text.h"
#include "suites.h"
#include <string.h>

static buf out;

static const char *fold(const char *s)
{
    buf_done(&out);
    text_fold(&out, s, strlen(s));
    return out.data;
}

static void setup_out(void)
{
    buf_init(&out);
}

START_TEST(every_code_point_survives_encoding)
{
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        uint32_t back;
        size_t n = text_encode(cp, bytes);
        bool surrogate = cp >= 0xD800 && cp < 0xE000;
        ck_assert_uint_eq(text_decode(bytes, n, &back), n);
        ck_assert_msg(back == (surrogate ? 0xFFFD : cp), "U+%04X", cp);
        ck_assert(text_valid(bytes, n));
    }
    char bytes[4];
    ck_assert_uint_eq(text_encode(0x110000, bytes), 3);
}
END_TEST

/* Unicode 15, table 3-8 and its neighbours: the maximal invalid prefix is one mark. */
START_TEST(broken_bytes_take_their_maximal_prefix)
{
    static const struct {
        const char *bytes;
        size_t n, took;
    } cases[] = {
        {"\x80", 1, 1},         {"\xC0\xAF", 2, 1},     {"\xC1\x81", 2, 1},     {"\xC3", 1, 1},
        {"\xE0\x80\x80", 3, 1}, {"\xE0\xA0", 2, 2},     {"\xED\xA0\x80", 3, 1}, {"\xE2\x82x", 3, 2},
        {"\xF0\x80\x80", 3, 1}, {"\xF0\x9F\x8E", 3, 3}, {"\xF4\x90\x80", 3, 1}, {"\xF4\x8F\xBFz", 4, 3},
        {"\xF5\x80", 2, 1},     {"\xFF", 1, 1},         {"\xF1\x80z", 3, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t cp;
        ck_assert_msg(text_decode(cases[i].bytes, cases[i].n, &cp) == cases[i].took && cp == 0xFFFD,
                      "case %zu", i);
        ck_assert(!text_valid(cases[i].bytes, cases[i].n));
    }
    ck_assert(text_valid("\xEF\xBF\xBD", 3));
    ck_assert(text_valid("", 0));
}
END_TEST

START_TEST(copies_into_a_fixed_array_end_between_characters)
{
    static const char s[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xB8z";
    for (size_t size = 1; size <= sizeof s + 1; size++) {
        char copy[32];
        memset(copy, '!', sizeof copy);
        text_copy(copy, size, s);
        size_t n = strlen(copy);
        ck_assert_uint_lt(n, size);
        ck_assert(text_valid(copy, n) && memcmp(copy, s, n) == 0);
        ck_assert_int_eq(copy[size], '!');
        ck_assert(n == sizeof s - 1 || n + 4 >= size);
    }
}
END_TEST

START_TEST(names_fold_to_their_search_key)
{
    static const struct {
        const char *name, *key;
    } cases[] = {
        {"José", "jose"},
        {"Jose\xCC\x81", "jose"},
        {"  AC/DC -- Live!  ", "ac dc live"},
        {"Rock 'n' Roll", "rock n roll"},
        {"O’Connor", "oconnor"},
        {"Straße ẞ", "strasse ss"},
        {"Ærøskøbing", "aeroskobing"},
        {"Łódź Đà Þór Œuvre", "lodz da thor oeuvre"},
        {"İstanbul ısı", "istanbul isi"},
        {"ﬁne ＦＵＬＬ ½", "fine full 1 2"},
        {"Björk Guðmundsdóttir", "bjork guðmundsdottir"},
        {"ΑΒΓ Ж", "αβγ ж"},
        {"東京", "東京"},
        {"", ""},
        {" - ", ""},
        {"\xFF", ""},
        {"x\xE2\x80\x8By", "x y"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(fold(cases[i].name), cases[i].key);
    buf_done(&out);
}
END_TEST

START_TEST(folding_twice_changes_nothing)
{
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        char bytes[4], once[256];
        size_t n = text_encode(cp, bytes);
        buf_done(&out);
        text_fold(&out, bytes, n);
        ck_assert_uint_lt(out.len, sizeof once);
        memcpy(once, out.data, out.len + 1);
        ck_assert_msg(strcmp(fold(once), once) == 0, "U+%04X: %s then %s", cp, once, out.data);
    }
    buf_done(&out);
}
END_TEST

START_TEST(a_key_is_added_after_what_is_there)
{
    buf_str(&out, "key: ");
    text_fold(&out, " A ", 3);
    ck_assert_str_eq(out.data, "key: a");
    buf_done(&out);
}
END_TEST

START_TEST(distance_counts_typos_and_swaps)
{
    ck_assert_uint_eq(text_distance("artists", "artists", 3), 0);
    ck_assert_uint_eq(text_distance("artsits", "artists", 3), 1);
    ck_assert_uint_eq(text_distance("atrists", "artits", 3), 2);
    ck_assert_uint_eq(text_distance("kitten", "sitting", 9), 3);
    ck_assert_uint_eq(text_distance("kitten", "sitting", 2), 3);
    ck_assert_uint_eq(text_distance("", "abc", 5), 3);
    ck_assert_uint_eq(text_distance("", "abc", 1), 2);
    ck_assert_uint_eq(text_distance("caf\xC3\xA9", "cafe", 2), 1);
    ck_assert_uint_eq(text_distance("ca", "abc", 5), 3); /* optimal string alignment, not full Damerau */
    ck_assert_uint_eq(text_distance("aaaaaaaaaa", "bbbbbbbbbb", 2), 3);
}
END_TEST

/* The plain recursive definition, with nothing given up early. */
static size_t slow(const char *a, size_t na, const char *b, size_t nb)
{
    if (!na || !nb)
        return na + nb;
    size_t best = slow(a, na - 1, b, nb - 1) + (a[na - 1] != b[nb - 1]);
    size_t del = slow(a, na - 1, b, nb) + 1, ins = slow(a, na, b, nb - 1) + 1;
    best = del < best ? del : best;
    best = ins < best ? ins : best;
    if (na > 1 && nb > 1 && a[na - 1] == b[nb - 2] && a[na - 2] == b[nb - 1]) {
        size_t swap = slow(a, na - 2, b, nb - 2) + 1;
        best = swap < best ? swap : best;
    }
    return best;
}

START_TEST(distance_agrees_with_its_definition)
{
    rng r;
    rng_seed(&r, support_seed(13));
    for (int i = 0; i < 3000; i++) {
        char a[8] = "", b[8] = "";
        for (uint64_t k = rng_below(&r, 7); k > 0; k--)
            a[k - 1] = (char)('a' + rng_below(&r, 3));
        for (uint64_t k = rng_below(&r, 7); k > 0; k--)
            b[k - 1] = (char)('a' + rng_below(&r, 3));
        size_t want = slow(a, strlen(a), b, strlen(b)), max = rng_below(&r, 7);
        ck_assert_msg(text_distance(a, b, max) == (want > max ? max + 1 : want), "%s %s %zu", a, b, max);
    }
}
END_TEST

START_TEST(the_nearest_word_is_suggested_and_a_strange_one_is_not)
{
    static const char *const words[] = {"artists", "artist", "concerts", "fans", "tour plan", ""};
    ck_assert_str_eq(text_nearest("artsts", words, 6), "artists");
    ck_assert_str_eq(text_nearest("artist", words, 6), "artist");
    ck_assert_str_eq(text_nearest("conc", words, 6), "concerts");
    ck_assert_str_eq(text_nearest("fnas", words, 6), "fans");
    ck_assert_str_eq(text_nearest("tour", words, 6), "tour plan");
    ck_assert_str_eq(text_nearest("fansclub", words, 6), "fans");
    ck_assert_ptr_null(text_nearest("zebra", words, 6));
    ck_assert_ptr_null(text_nearest("", words, 6));
    ck_assert_ptr_null(text_nearest("x", words, 6));
    ck_assert_ptr_null(text_nearest("fans", words, 0));
}
END_TEST

Suite *text_suite(void)
{
    setup_out();
    return suite_of("text",
                    (const TTest *const[]){
                        every_code_point_survives_encoding, broken_bytes_take_their_maximal_prefix,
                        copies_into_a_fixed_array_end_between_characters, names_fold_to_their_search_key,
                        folding_twice_changes_nothing, a_key_is_added_after_what_is_there,
                        distance_counts_typos_and_swaps, distance_agrees_with_its_definition,
                        the_nearest_word_is_suggested_and_a_strange_one_is_not, NULL});
}
