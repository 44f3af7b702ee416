/* Keys: the folded names of all places, sorted. */
#include "city/private.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Words that are written in two ways; either way finds the other. */
static const char *const SPELT[][2] = {
    {"st", "saint"}, {"ste", "sainte"}, {"ft", "fort"}, {"mt", "mount"},
    {"n", "north"},  {"s", "south"},    {"e", "east"},  {"w", "west"},
};

static uint64_t head_of(const char *s, size_t n)
{
    uint64_t h = 0;
    for (size_t i = 0; i < 8; i++)
        h = h << 8 | (i < n ? (uint8_t)s[i] : 0);
    return h;
}

void keys_add_plain(cities *c, uint32_t at, const char *s, size_t n, uint8_t kind)
{
    MEM_ROOM(c->raw, c->nraw, c->capraw);
    c->raw[c->nraw++] = (raw_key){head_of(s, n), (uint32_t)c->raw_text.len, at, (uint8_t)n, kind};
    buf_add(&c->raw_text, s, n);
}

/* The first word that is written in two ways, the other way. Points of the compass only where they begin a name. */
static void add_spelt(cities *c, uint32_t at, const char *s, size_t n, uint8_t kind)
{
    char other[MOST_NAME + 8];
    for (size_t from = 0; from < n;) {
        const char *space = memchr(s + from, ' ', n - from);
        size_t len = space ? (size_t)(space - s) - from : n - from;
        for (size_t i = 0; i < sizeof SPELT / sizeof *SPELT; i++)
            for (int way = 0; way < 2; way++) {
                const char *mine = SPELT[i][way], *theirs = SPELT[i][!way];
                size_t more = strlen(theirs);
                if (strlen(mine) != len || memcmp(mine, s + from, len) != 0 || !space ||
                    (i >= 4 && (from > 0 || (kind & KEY_OTHER))) || n - len + more >= MOST_NAME)
                    continue;
                memcpy(other, s, from);
                memcpy(other + from, theirs, more);
                memcpy(other + from + more, s + from + len, n - from - len);
                keys_add_plain(c, at, other, n - len + more, kind);
                return;
            }
        from += len + 1;
    }
}

/* Later words: those of its own name; also of another name where the place is known by that. */
static void add_words(cities *c, uint32_t at, const char *s, size_t n, uint8_t kind)
{
    for (size_t i = 1; i + 3 < n; i++)
        if (s[i - 1] == ' ')
            keys_add_plain(c, at, s + i, n - i, kind | KEY_WORD);
}

void keys_add(cities *c, uint32_t at, const char *s, size_t n, uint8_t kind)
{
    keys_add_plain(c, at, s, n, kind);
    if (!memchr(s, ' ', n) || (kind & (KEY_CODE | KEY_WEAK)))
        return;
    add_spelt(c, at, s, n, kind);
    if (kind & KEY_OTHER)
        return;
    add_words(c, at, s, n, kind);
    char joined[MOST_NAME];
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        if (s[i] != ' ')
            joined[len++] = s[i];
    keys_add_plain(c, at, joined, len, kind);
}

/* ---- sorting ---- */

static int order(const void *a, const void *b, void *text)
{
    const raw_key *x = a, *y = b;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    size_t n = x->len < y->len ? x->len : y->len;
    int d = n > 8 ? memcmp((const char *)text + x->text + 8, (const char *)text + y->text + 8, n - 8) : 0;
    if (d)
        return d;
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

/* The same name of the same place once, of the best kind: those stand together, the best (least) kind first. */
static void drop_doubles(cities *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->nraw; i++) {
        const raw_key *k = &c->raw[i], *last = kept ? &c->raw[kept - 1] : NULL;
        if (last && last->place == k->place && last->len == k->len &&
            memcmp(c->raw_text.data + last->text, c->raw_text.data + k->text, k->len) == 0)
            continue;
        c->raw[kept++] = *k;
    }
    c->nraw = kept;
}

static uint8_t shared(const cities *c, size_t i)
{
    const raw_key *a = &c->raw[i - 1], *b = &c->raw[i];
    const char *s = c->raw_text.data + a->text, *t = c->raw_text.data + b->text;
    size_t n = a->len < b->len ? a->len : b->len, k = 0;
    while (k < n && s[k] == t[k])
        k++;
    return (uint8_t)k;
}

/* Texts in the order of keys; a key that begins the next one lies in it. */
static void lay_texts(cities *c)
{
    buf text;
    buf_init(&text);
    for (size_t i = 0; i < c->nkeys;) {
        size_t last = i;
        while (last + 1 < c->nkeys && c->key_lcp[last + 1] == c->raw[last].len)
            last++;
        for (; i <= last; i++)
            c->key_text[i] = (uint32_t)text.len;
        buf_add(&text, c->raw_text.data + c->raw[last].text, c->raw[last].len);
    }
    c->text = mem_strn(text.data, text.len);
    buf_done(&text);
}

bool keys_sort(cities *c, stop *halt, err *e)
{
    if (stop_now(halt, e))
        return false;
    if (c->nraw)
        qsort_r(c->raw, c->nraw, sizeof *c->raw, order, c->raw_text.data);
    if (stop_now(halt, e))
        return false;
    drop_doubles(c);
    size_t n = c->nkeys = c->nraw;
    c->key_text = MEM_ARRAY(uint32_t, n);
    c->key_place = MEM_ARRAY(uint32_t, n);
    c->key_len = MEM_ARRAY(uint8_t, n);
    c->key_kind = MEM_ARRAY(uint8_t, n);
    c->key_lcp = MEM_ARRAY(uint8_t, n);
    for (size_t i = 0; i < n; i++) {
        c->key_place[i] = c->raw[i].place;
        c->key_len[i] = c->raw[i].len;
        c->key_kind[i] = c->raw[i].kind;
        c->key_lcp[i] = i ? shared(c, i) : 0;
    }
    lay_texts(c);
    free(c->raw);
    c->raw = NULL;
    c->nraw = c->capraw = 0;
    buf_done(&c->raw_text);
    return true;
}

/* -1 below every text with the prefix, 0 with it, 1 above. */
static int side(const cities *c, size_t k, const char *text, size_t n)
{
    size_t len = c->key_len[k] < n ? c->key_len[k] : n;
    int d = memcmp(key_text(c, k), text, len);
    return d ? d : c->key_len[k] < n ? -1 : 0;
}

static size_t bound(const cities *c, const char *text, size_t n, int until)
{
    size_t low = 0, high = c->nkeys;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (side(c, middle, text, n) < until)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t keys_prefix(const cities *c, const char *text, size_t n, size_t *ret_from)
{
    *ret_from = bound(c, text, n, 0);
    return bound(c, text, n, 1);
}
