/* The one door to the terminal: whatever goes in, what comes out holds no forbidden code point, has the width it
 * says, and does not change when it goes through again. The first byte is the number of columns to fit into. */
#include "base/text.h"
#include "fuzz.h"
#include <locale.h>
#include <string.h>

typedef struct range {
    uint32_t low, high;
} range;

/* Written down here once more, from the Unicode charts and not from text.c: an oracle that shares the code
 * shares its mistakes. ZWJ (200D) is looked at by its neighbours. */
static const range forbidden[] = {
    {0x0, 0x1F},           {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},
    {0x115F, 0x1160},      {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200C},   {0x200E, 0x200F},
    {0x2028, 0x202E},      {0x2060, 0x206F},   {0x3164, 0x3164},   {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF},
    {0xFE00, 0xFE0F},      {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},
    {0x13430, 0x1343F},    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF}, {0xE0000, 0xE0FFF},
    {0xF0000, UINT32_MAX},
};

static bool is_forbidden(uint32_t cp)
{
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        if (cp >= forbidden[i].low && cp <= forbidden[i].high)
            return true;
    return false;
}

static void must_be_safe(const buf *b)
{
    fuzz_must(text_valid(b->data, b->len));
    uint32_t before = 0, cp;
    for (size_t i = 0; i < b->len; before = cp) {
        i += text_decode(b->data + i, b->len - i, &cp);
        fuzz_must(!is_forbidden(cp));
        fuzz_must(cp != 0x200D || (before >= 0x2000 && before != 0xFFFD && i < b->len));
        fuzz_must(before != 0x200D || (cp >= 0x2000 && cp != 0xFFFD && cp != 0x200D));
    }
}

static void cell(const char *s, size_t n, size_t columns)
{
    buf once, twice;
    buf_init(&once);
    buf_init(&twice);
    text_cell(&once, s, n, false);
    must_be_safe(&once);
    text_cell(&twice, once.data, once.len, false);
    fuzz_must(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
    for (int align = TEXT_LEFT; align <= TEXT_RIGHT; align++) {
        buf_clear(&twice);
        text_fit(&twice, once.data, once.len, columns, (text_align)align, false);
        must_be_safe(&twice);
        fuzz_must(text_width(twice.data, twice.len) == columns);
    }
    buf_done(&once);
    buf_done(&twice);
}

static void ascii(const char *s, size_t n, size_t columns)
{
    buf once, fitted;
    buf_init(&once);
    buf_init(&fitted);
    text_cell(&once, s, n, true);
    for (size_t i = 0; i < once.len; i++)
        fuzz_must(once.data[i] >= 0x20 && once.data[i] < 0x7F);
    text_fit(&fitted, once.data, once.len, columns, TEXT_LEFT, true);
    fuzz_must(fitted.len == columns);
    buf_done(&once);
    buf_done(&fitted);
}

static void fold(const char *s, size_t n)
{
    buf once, twice;
    buf_init(&once);
    buf_init(&twice);
    text_fold(&once, s, n);
    fuzz_must(text_valid(once.data, once.len));
    fuzz_must(!once.len || (once.data[0] != ' ' && once.data[once.len - 1] != ' '));
    fuzz_must(!strstr(once.data, "  ") && strlen(once.data) == once.len);
    text_fold(&twice, once.data, once.len);
    fuzz_must(strcmp(once.data, twice.data) == 0);
    buf_done(&once);
    buf_done(&twice);
}

static void pieces(const char *s, size_t n, size_t size)
{
    char room[256], *copy = strndup(s, n);
    for (size_t i = 0, took; i < n; i += took) {
        int wide;
        took = text_grapheme(s + i, n - i, &wide);
        fuzz_must(took >= 1 && took <= n - i && wide >= 0);
    }
    text_copy(room, size + 1, copy);
    fuzz_must(strncmp(copy, room, strlen(room)) == 0 && strlen(room) <= size);
    fuzz_must(!text_valid(copy, strlen(copy)) || text_valid(room, strlen(room)));
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static bool ready;
    if (!ready)
        ready = setlocale(LC_ALL, "C.UTF-8") != NULL; /* text_cell asks the C library what it can draw */
    if (n == 0)
        return 0;
    const char *s = (const char *)data + 1;
    cell(s, n - 1, *data);
    ascii(s, n - 1, *data);
    fold(s, n - 1);
    pieces(s, n - 1, *data % 255);
    return 0;
}
