/* Which code points may reach a terminal, and how wide they are there.
 *
 * Safety: text_hidden() names everything that is invisible, steers the terminal or has no agreed shape;
 * text_cell() lets none of it pass except a ZWJ between two emoji. Whatever passes either has a width of
 * its own or joins to something before it in the same text, so a cell cannot reach into its neighbour.
 *
 * Width: ncurses and most terminals add up wcwidth() code point by code point, while emoji sequences are
 * drawn as one by some terminals and as several by others. text_fit() therefore writes of such a sequence
 * only the first emoji: the one form that every terminal and ncurses agree takes two columns. */
#include "base/text.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

enum {
    BROKEN = 0xFFFD,
    ZWJ = 0x200D,
    MOST_JOINED = 8, /* marks and joiners a grapheme */
};

size_t text_decode(const char *s, size_t n, uint32_t *ret_cp)
{
    const unsigned char *u = (const unsigned char *)s;
    unsigned char lead = u[0], low = 0x80, high = 0xBF;
    size_t need;
    uint32_t cp;
    *ret_cp = lead;
    if (lead < 0x80)
        return 1;
    *ret_cp = BROKEN;
    if (lead < 0xC2 || lead > 0xF4)
        return 1;
    if (lead < 0xE0) {
        need = 2;
        cp = lead & 0x1FU;
    } else if (lead < 0xF0) {
        need = 3;
        cp = lead & 0x0FU;
        low = lead == 0xE0 ? 0xA0 : 0x80;  /* overlong */
        high = lead == 0xED ? 0x9F : 0xBF; /* surrogates */
    } else {
        need = 4;
        cp = lead & 0x07U;
        low = lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xF4 ? 0x8F : 0xBF; /* beyond 10FFFF */
    }
    for (size_t i = 1; i < need; i++) {
        if (i >= n || u[i] < low || u[i] > high)
            return i;
        cp = cp << 6 | (u[i] & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    *ret_cp = cp;
    return need;
}

size_t text_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        cp = BROKEN;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80U | (cp & 0x3FU));
    out[0] = (char)(leads[n] | cp);
    return n;
}

void text_copy(char *out, size_t size, const char *s)
{
    size_t n = strnlen(s, size), at = 0;
    if (n == size) { /* too long: keep whole characters only */
        uint32_t cp;
        for (size_t took; at < size - 1; at += took) {
            took = text_decode(s + at, n - at, &cp);
            if (at + took > size - 1)
                break;
        }
        n = at;
    }
    memcpy(out, s, n);
    out[n] = '\0';
}

static bool is_broken(uint32_t cp, size_t took, const char *s)
{
    return cp == BROKEN && !(took == 3 && memcmp(s, "\xEF\xBF\xBD", 3) == 0);
}

bool text_valid(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t took = text_decode(s + i, n - i, &cp);
        if (is_broken(cp, took, s + i))
            return false;
        i += took;
    }
    return true;
}

static void put(buf *out, uint32_t cp)
{
    char bytes[4];
    buf_add(out, bytes, text_encode(cp, bytes));
}

static bool within(uint32_t cp, uint32_t low, uint32_t high)
{
    return cp >= low && cp <= high;
}

static utf8proc_category_t category(uint32_t cp)
{
    return utf8proc_category((utf8proc_int32_t)cp);
}

static utf8proc_boundclass_t boundclass(uint32_t cp)
{
    return (utf8proc_boundclass_t)utf8proc_get_property((utf8proc_int32_t)cp)->boundclass;
}

static bool is_selector(uint32_t cp)
{
    return within(cp, 0xFE00, 0xFE0F) || within(cp, 0xE0100, 0xE01EF);
}

static bool is_mark(uint32_t cp)
{
    utf8proc_category_t c = category(cp);
    return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC || c == UTF8PROC_CATEGORY_ME;
}

static bool is_regional(uint32_t cp)
{
    return within(cp, 0x1F1E6, 0x1F1FF);
}

static bool is_emoji(uint32_t cp)
{
    return boundclass(cp) == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_skin_tone(uint32_t cp)
{
    return within(cp, 0x1F3FB, 0x1F3FF);
}

/* Hangul vowels and finals, which join to the letter before them. */
static bool is_joining_jamo(uint32_t cp)
{
    return within(cp, 0x1160, 0x11FF) || within(cp, 0xD7B0, 0xD7FB);
}

/* Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties) as far as it is not in a category that is
 * hidden as a whole: fillers, invisible vowels, the grapheme joiner, variation selectors. */
static bool is_ignorable(uint32_t cp)
{
    return cp == 0x034F || cp == 0x115F || cp == 0x1160 || cp == 0x17B4 || cp == 0x17B5 ||
           within(cp, 0x180B, 0x180F) || cp == 0x3164 || cp == 0xFFA0 || is_selector(cp);
}

bool text_hidden(uint32_t cp)
{
    if (cp < 0x7F)
        return cp < 0x20;
    if (cp > 0x10FFFF)
        return true;
    switch (category(cp)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return is_ignorable(cp);
    }
}

/* A C library older than utf8proc does not know the newest characters, and ncurses asks the C library. */
static bool unknown_here(uint32_t cp)
{
    return wcwidth((wchar_t)cp) < 0 && wcwidth(0xE9) == 1;
}

/* ---- the door ---------------------------------------------------------------------------------- */

/* What of one text has gone out so far. */
typedef struct cell {
    buf *out;
    uint32_t last;   /* the last code point that went out; 0 at the start of the text */
    uint32_t base;   /* the last one that was no mark, skin tone or ZWJ */
    unsigned joined; /* marks, skin tones and joiners of the grapheme at hand */
    bool selected;   /* a variation selector was just dropped */
} cell;

static void pass(cell *c, uint32_t cp)
{
    put(c->out, cp);
    c->last = cp;
    c->selected = false;
}

static void begin(cell *c, uint32_t cp)
{
    pass(c, cp);
    c->base = cp;
    c->joined = 0;
}

/* A run of what has to go shows as one mark where it is the surplus of a grapheme, else one mark each. */
static void surplus(cell *c)
{
    if (c->joined++ == MOST_JOINED)
        pass(c, BROKEN);
}

static void join(cell *c, uint32_t cp)
{
    if (c->joined >= MOST_JOINED) {
        surplus(c);
        return;
    }
    pass(c, cp);
    c->joined++;
}

static uint32_t peek(const char *s, size_t n)
{
    uint32_t cp = 0;
    if (n)
        text_decode(s, n, &cp);
    return cp;
}

/* What may stand beside a ZWJ. Not the two signs among the emoji that are Latin-1: no sequence has them; nor
 * what will be taken out, or a ZWJ would be left without its neighbour. */
static bool joins_emoji(uint32_t cp)
{
    return cp >= 0x2000 && (is_emoji(cp) || is_skin_tone(cp)) && !text_hidden(cp) && !unknown_here(cp);
}

/* One code point of `rest` bytes following it; returns how many of those it took as well. */
static size_t door(cell *c, uint32_t cp, const char *after, size_t rest)
{
    if (cp == '\r' || cp == '\n' || cp == '\t') {
        begin(c, ' ');
    } else if (is_selector(cp) && c->last && c->last != BROKEN && !c->selected) {
        c->selected = true; /* a choice of glyph; terminals disagree on its width. A second one hides data. */
    } else if (cp == ZWJ && joins_emoji(c->last) && joins_emoji(peek(after, rest)) &&
               c->joined + 1 < MOST_JOINED) { /* both must go out, or neither */
        join(c, cp);
    } else if (text_hidden(cp) || unknown_here(cp) || (is_skin_tone(cp) && !is_emoji(c->base))) {
        begin(c, BROKEN); /* a skin tone without an emoji would join to any neighbour */
    } else if (is_regional(cp)) {
        uint32_t next;
        size_t took = rest ? text_decode(after, rest, &next) : 0;
        if (!took || !is_regional(next)) {
            begin(c, BROKEN); /* half a flag: one column or two, depending on the terminal */
            return 0;
        }
        begin(c, cp);
        begin(c, next);
        return took;
    } else if (is_mark(cp) || is_joining_jamo(cp)) {
        bool joins = c->last && (is_mark(cp) ||
                                 !utf8proc_grapheme_break((utf8proc_int32_t)c->last, (utf8proc_int32_t)cp));
        if (joins)
            join(c, cp);
        else
            begin(c, BROKEN); /* it would join to whatever stands before the cell */
    } else if (c->last == ZWJ || is_skin_tone(cp)) {
        join(c, cp);
        c->base = is_skin_tone(cp) ? c->base : cp;
    } else {
        begin(c, cp);
    }
    return 0;
}

static void ascii_cell(buf *out, const char *s, size_t n);

void text_cell(buf *out, const char *s, size_t n, bool ascii)
{
    cell c = {.out = out};
    if (ascii) {
        ascii_cell(out, s, n);
        return;
    }
    for (size_t i = 0; i < n;) {
        size_t plain = i;
        while (i < n && (unsigned char)s[i] >= 0x20 && (unsigned char)s[i] < 0x7F)
            i++;
        if (i > plain) {
            buf_add(out, s + plain, i - plain - 1);
            begin(&c, (unsigned char)s[i - 1]);
            continue;
        }
        uint32_t cp;
        i += text_decode(s + i, n - i, &cp);
        i += door(&c, cp, s + i, n - i);
    }
}

/* ---- letters that do not decompose ------------------------------------------------------------- */

typedef struct spelling {
    uint32_t cp;
    const char *ascii;
} spelling;

/* Lower case, since folding is; ascii_cell capitalises. The same list stands in showx.fold(). */
static const spelling letters[] = {
    {0xDF, "ss"}, {0xE6, "ae"}, {0xF8, "o"},  {0x142, "l"},
    {0x111, "d"}, {0xFE, "th"}, {0x131, "i"}, {0x153, "oe"},
};

static const spelling signs[] = {
    {0xA0, " "},    {0xAB, "<<"},  {0xB4, "'"},     {0xBB, ">>"},    {0x2010, "-"},
    {0x2011, "-"},  {0x2012, "-"}, {0x2013, "-"},   {0x2014, "-"},   {0x2015, "-"},
    {0x2018, "'"},  {0x2019, "'"}, {0x201A, ","},   {0x201C, "\""},  {0x201D, "\""},
    {0x201E, "\""}, {0x2022, "*"}, {0x2026, "..."}, {0x20AC, "EUR"}, {0x2212, "-"},
    {0x2044, "/"},  {0xA3, "GBP"}, {0xD7, "x"},     {0xF0, "d"},     {0x2BC, "'"},
};

static const char *spelled(const spelling *table, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (table[i].cp == cp)
            return table[i].ascii;
    return NULL;
}

#define SPELLED(table, cp) spelled((table), sizeof(table) / sizeof *(table), (cp))

enum { MOST_PARTS = 32 }; /* the longest compatibility decomposition has 18 */

static size_t decompose(uint32_t cp, utf8proc_int32_t parts[MOST_PARTS])
{
    int last = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, MOST_PARTS,
                                                 UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &last);
    if (n < 1 || n > MOST_PARTS) {
        parts[0] = (utf8proc_int32_t)cp;
        return 1;
    }
    return (size_t)n;
}

static void spell_part(buf *out, uint32_t cp)
{
    uint32_t lower = (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
    const char *known = SPELLED(letters, lower);
    if (within(cp, 0x20, 0x7E)) {
        buf_char(out, (char)cp);
    } else if (known && lower != cp) {
        buf_char(out, (char)(known[0] - 'a' + 'A'));
        buf_str(out, known + 1);
    } else if (known || (known = SPELLED(signs, cp)) != NULL) {
        buf_str(out, known);
    } else if (!is_mark(cp)) {
        buf_char(out, '?');
    }
}

static void ascii_cell(buf *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += text_decode(s + i, n - i, &cp);
        if (within(cp, 0x20, 0x7E)) {
            buf_char(out, (char)cp);
        } else if (cp == '\r' || cp == '\n' || cp == '\t') {
            buf_char(out, ' ');
        } else if (is_selector(cp) || (is_mark(cp) && !text_hidden(cp))) {
            continue; /* goes with its letter */
        } else if (text_hidden(cp)) {
            buf_char(out, '?');
        } else if (SPELLED(signs, cp)) {
            buf_str(out, SPELLED(signs, cp));
        } else {
            utf8proc_int32_t parts[MOST_PARTS] = {(utf8proc_int32_t)cp};
            bool syllable = category(cp) == UTF8PROC_CATEGORY_LO; /* one '?', not one a Hangul letter */
            size_t count = syllable ? 1 : decompose(cp, parts);
            for (size_t k = 0; k < count; k++)
                spell_part(out, (uint32_t)parts[k]);
        }
    }
}

/* ---- width ------------------------------------------------------------------------------------- */

/* utf8proc's width where it and the C library agree; the rest as C libraries and terminals have it. */
static int columns_of(uint32_t cp)
{
    if (within(cp, 0x20, 0x7E))
        return 1;
    if (text_hidden(cp) || is_joining_jamo(cp))
        return 0;
    if (within(cp, 0x3248, 0x324F) || within(cp, 0x4DC0, 0x4DFF))
        return 2;
    int columns = utf8proc_charwidth((utf8proc_int32_t)cp);
    return columns == 0 && category(cp) == UTF8PROC_CATEGORY_MC ? 1 : columns;
}

size_t text_grapheme(const char *s, size_t n, int *ret_columns)
{
    int columns;
    *ret_columns = 0;
    if (n == 0)
        return 0;
    if ((unsigned char)s[0] < 0x80 && (n == 1 || (unsigned char)s[1] < 0x80)) {
        *ret_columns = columns_of((unsigned char)s[0]);
        return 1;
    }
    uint32_t cp, next;
    utf8proc_int32_t state = 0;
    size_t i = text_decode(s, n, &cp);
    bool sequence = false;
    int first = columns = columns_of(cp);
    while (i < n) {
        size_t took = text_decode(s + i, n - i, &next);
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next, &state))
            break;
        sequence = sequence || next == ZWJ || is_skin_tone(next);
        columns += columns_of(next);
        cp = next;
        i += took;
    }
    *ret_columns = sequence ? first : columns;
    return i;
}

size_t text_width(const char *s, size_t n)
{
    size_t columns = 0;
    for (size_t i = 0; i < n;) {
        int wide;
        i += text_grapheme(s + i, n - i, &wide);
        columns += (size_t)wide;
    }
    return columns;
}

/* Writes of a grapheme the code points that make up its columns (see the top of this file). */
static void put_grapheme(buf *out, const char *s, size_t n, int columns)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t took = text_decode(s + i, n - i, &cp);
        int wide = columns_of(cp);
        if (cp == ZWJ || wide > columns)
            return;
        buf_add(out, s + i, took);
        columns -= wide;
        i += took;
    }
}

static void pad(buf *out, size_t columns)
{
    static const char spaces[] = "                                ";
    for (; columns >= sizeof spaces - 1; columns -= sizeof spaces - 1)
        buf_add(out, spaces, sizeof spaces - 1);
    buf_add(out, spaces, columns);
}

/* Writes graphemes while they fit; returns the columns written. */
static size_t put_graphemes(buf *out, const char *s, size_t n, size_t columns)
{
    size_t used = 0;
    for (size_t i = 0; i < n;) {
        int wide;
        size_t took = text_grapheme(s + i, n - i, &wide);
        if (used + (size_t)wide > columns)
            break;
        put_grapheme(out, s + i, took, wide);
        used += (size_t)wide;
        i += took;
    }
    return used;
}

/* The width of s, counted no further than just above most: a cell may hold a megabyte. */
static size_t width_up_to(const char *s, size_t n, size_t most)
{
    size_t columns = 0;
    for (size_t i = 0; i < n && columns <= most;) {
        int wide;
        i += text_grapheme(s + i, n - i, &wide);
        columns += (size_t)wide;
    }
    return columns;
}

void text_fit(buf *out, const char *s, size_t n, size_t columns, text_align align, bool ascii)
{
    size_t width = width_up_to(s, n, columns);
    if (width <= columns) {
        if (align == TEXT_RIGHT)
            pad(out, columns - width);
        put_graphemes(out, s, n, width);
        if (align == TEXT_LEFT)
            pad(out, columns - width);
    } else if (columns > 0) {
        pad(out, columns - 1 - put_graphemes(out, s, n, columns - 1));
        buf_str(out, ascii ? "." : "\xE2\x80\xA6");
    }
}

/* ---- folding ----------------------------------------------------------------------------------- */

/* The marks that showx.fold() takes out; other scripts' vowel signs are part of their words. */
static bool is_accent(uint32_t cp)
{
    return within(cp, 0x300, 0x36F) || within(cp, 0x483, 0x489) || within(cp, 0x591, 0x5BD) ||
           within(cp, 0x64B, 0x65F) || within(cp, 0x1AB0, 0x1AFF) || within(cp, 0x1DC0, 0x1DFF) ||
           within(cp, 0x20D0, 0x20FF) || within(cp, 0xFE20, 0xFE2F);
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == '`' || cp == 0x2019 || cp == 0x2BC || cp == 0x2BB || cp == 0xB4;
}

static bool is_word(uint32_t cp)
{
    utf8proc_category_t c = category(cp);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO) && !is_ignorable(cp);
}

static void fold_part(buf *out, size_t start, bool *gap, uint32_t cp)
{
    if (is_accent(cp))
        return;
    cp = (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
    const char *known = SPELLED(letters, cp);
    if (is_apostrophe(cp))
        return;
    if (!known && !is_word(cp)) {
        *gap = true;
        return;
    }
    if (*gap && out->len > start)
        buf_char(out, ' ');
    *gap = false;
    if (known)
        buf_str(out, known);
    else
        put(out, cp);
}

void text_fold(buf *out, const char *s, size_t n)
{
    size_t start = out->len;
    bool gap = false;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        utf8proc_int32_t parts[MOST_PARTS];
        i += text_decode(s + i, n - i, &cp);
        size_t count = decompose(cp, parts);
        for (size_t k = 0; k < count; k++)
            fold_part(out, start, &gap, (uint32_t)parts[k]);
    }
}

/* ---- did you mean ------------------------------------------------------------------------------ */

static size_t points(const char *s, uint32_t **ret)
{
    size_t n = strlen(s), count = 0;
    uint32_t *cps = MEM_ARRAY(uint32_t, n + 1);
    for (size_t i = 0; i < n; count++)
        i += text_decode(s + i, n - i, &cps[count]);
    *ret = cps;
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the usual table: two back for the transposition. */
static size_t distance(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, size_t max)
{
    size_t *rows = MEM_ARRAY(size_t, 3 * (nb + 1));
    size_t *older = rows, *old = rows + nb + 1, *now = rows + 2 * (nb + 1);
    for (size_t j = 0; j <= nb; j++)
        old[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t best = now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            now[j] = least(least(old[j], now[j - 1]) + 1, old[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], older[j - 2] + 1);
            best = least(best, now[j]);
        }
        /* A row above max can only be undercut by a transposition from the row before it. */
        if (best > max + 1) {
            free(rows);
            return max + 1;
        }
        size_t *spare = older;
        older = old;
        old = now;
        now = spare;
    }
    size_t d = old[nb];
    free(rows);
    return d > max ? max + 1 : d;
}

size_t text_distance(const char *a, const char *b, size_t max)
{
    uint32_t *pa, *pb;
    size_t na = points(a, &pa), nb = points(b, &pb);
    size_t gap = na > nb ? na - nb : nb - na;
    size_t d = gap > max ? max + 1 : distance(pa, na, pb, nb, max);
    free(pa);
    free(pb);
    return d;
}

const char *text_nearest(const char *word, const char *const *candidates, size_t n)
{
    size_t length = strlen(word), best = 3, found = n;
    if (length == 0)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        size_t most = length > 3 ? 2 : length > 1 ? 1 : 0; /* two typos in three letters are another word */
        size_t d = text_distance(word, candidates[i], most);
        if (d <= most && d < best) {
            best = d;
            found = i;
        }
    }
    for (size_t i = 0; i < n && found == n; i++) {
        size_t other = strlen(candidates[i]);
        if (other && strncmp(word, candidates[i], least(length, other)) == 0)
            found = i;
    }
    return found < n ? candidates[found] : NULL;
}
