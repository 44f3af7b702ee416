/* word_similarity() gives what pg_trgm's gives, so that a search offline finds in the same order. Its
 * document (PostgreSQL, F.35) says what it is: the greatest similarity between the set of trigrams of the
 * first string and any stretch of the ordered trigrams of the second. It does not try every stretch: one that
 * ends at a wanted trigram is tried from the best start found so far onwards, and it may only shrink from the
 * left. That matters to the result, so it is done the same way here. */
#include "store/sqlite_functions.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint32_t codepoint;

typedef struct trigram {
    codepoint c[3];
    size_t place; /* in its string */
    bool wanted;  /* of the first string */
} trigram;

typedef struct trigrams {
    trigram *all;
    size_t n, capacity;
} trigrams;

static bool word_point(codepoint c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static void add_word(trigrams *t, const codepoint *word, size_t n, bool wanted)
{
    for (size_t i = 0; i + 2 < n; i++) {
        MEM_ROOM(t->all, t->n, t->capacity);
        t->all[t->n] = (trigram){{word[i], word[i + 1], word[i + 2]}, t->n, wanted};
        t->n++;
    }
}

/* Each word with two spaces before it and one behind. */
static void add_text(trigrams *t, const char *s, size_t n, bool wanted)
{
    codepoint *word = MEM_ARRAY(codepoint, n + 4);
    size_t len = 2, at = 0;
    word[0] = word[1] = ' ';
    while (at <= n) {
        codepoint c = ' ';
        at += at < n ? text_decode(s + at, n - at, &c) : 1;
        if (word_point(c)) {
            word[len++] = c;
        } else if (len > 2) {
            word[len++] = ' ';
            add_word(t, word, len, wanted);
            len = 2;
        }
    }
    free(word);
}

static int by_points(const void *a, const void *b)
{
    const trigram *x = a, *y = b;
    for (int i = 0; i < 3; i++)
        if (x->c[i] != y->c[i])
            return x->c[i] < y->c[i] ? -1 : 1;
    return 0;
}

/* The second string as numbers of distinct trigrams, and which of those the first string has. */
typedef struct stretch {
    size_t *ids, n;      /* of the second string, in order */
    bool *wanted;        /* by id */
    size_t *last;        /* by id: one behind its last place in the stretch looked at; 0 = not in it */
    size_t wanted_kinds; /* distinct ones in the first string */
} stretch;

static void number_them(stretch *s, trigrams *t, size_t n_second)
{
    s->n = n_second;
    s->ids = MEM_ARRAY(size_t, n_second + 1);
    s->wanted = MEM_ARRAY(bool, t->n + 1);
    s->last = MEM_ARRAY(size_t, t->n + 1);
    qsort(t->all, t->n, sizeof *t->all, by_points);
    for (size_t i = 0, id = 0; i < t->n; i++) {
        if (i && by_points(&t->all[i - 1], &t->all[i]) != 0)
            id++;
        if (!t->all[i].wanted) {
            s->ids[t->all[i].place] = id;
        } else {
            s->wanted_kinds += !s->wanted[id];
            s->wanted[id] = true;
        }
    }
}

static float likeness(size_t common, size_t first, size_t second)
{
    return (float)common / (float)(first + second - common);
}

typedef struct window {
    bool open;
    size_t from, kinds, common; /* distinct trigrams in it; those of them that are wanted */
} window;

/* The best start for a stretch that ends at `end`; what falls out on the left is forgotten. */
static float shrink(stretch *s, window *w, size_t end)
{
    window try = *w, start = *w;
    float best = likeness(w->common, s->wanted_kinds, w->kinds);
    for (; try.from <= end; try.from++) {
        float now = likeness(try.common, s->wanted_kinds, try.kinds);
        if (now > best) {
            best = now;
            *w = try;
        }
        size_t id = s->ids[try.from];
        if (s->last[id] == try.from + 1) { /* it comes not again */
            try.kinds--;
            try.common -= s->wanted[id];
        }
    }
    for (; start.from < w->from; start.from++)
        if (s->last[s->ids[start.from]] == start.from + 1)
            s->last[s->ids[start.from]] = 0;
    return best;
}

static float best_stretch(stretch *s)
{
    window w = {0};
    float best = 0;
    for (size_t i = 0; i < s->n; i++) {
        size_t id = s->ids[i];
        if (!w.open && !s->wanted[id])
            continue;
        if (!w.open)
            w = (window){.open = true, .from = i};
        if (!s->last[id]) {
            w.kinds++;
            w.common += s->wanted[id];
        }
        s->last[id] = i + 1;
        if (s->wanted[id]) {
            float now = shrink(s, &w, i);
            best = now > best ? now : best;
        }
    }
    return best;
}

float word_likeness(const char *a, size_t na, const char *b, size_t nb)
{
    trigrams t = {0};
    add_text(&t, b, nb, false);
    size_t n_second = t.n;
    add_text(&t, a, na, true);
    stretch s = {0};
    float best = 0;
    if (n_second > 0 && t.n > n_second) {
        number_them(&s, &t, n_second);
        best = best_stretch(&s);
    }
    free(s.ids);
    free(s.wanted);
    free(s.last);
    free(t.all);
    return best;
}

/* ---- as SQL ---- */

static const char *argument(sqlite3_value *v, size_t *ret_n)
{
    const char *s = (const char *)sqlite3_value_text(v);
    *ret_n = s ? (size_t)sqlite3_value_bytes(v) : 0;
    return s;
}

static void fold_function(sqlite3_context *c, int n, sqlite3_value **args)
{
    size_t len;
    const char *s = argument(args[0], &len);
    buf out;
    (void)n;
    if (!s)
        return; /* null */
    buf_init(&out);
    text_fold(&out, s, len);
    sqlite3_result_text(c, out.data, (int)out.len, SQLITE_TRANSIENT);
    buf_done(&out);
}

/* A real in Postgres, whose shortest text is read here, so that 0.6 is 0.6 and not 0.600000024. */
static void likeness_function(sqlite3_context *c, int n, sqlite3_value **args)
{
    size_t na, nb;
    const char *a = argument(args[0], &na), *b = argument(args[1], &nb);
    (void)n;
    if (!a || !b)
        return;
    char text[32];
    float v = word_likeness(a, na, b, nb);
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)v);
        if (strtof(text, NULL) == v)
            break;
    }
    sqlite3_result_double(c, strtod(text, NULL));
}

/* bool(x), as Postgres casts by it too: how a query says that an expression is one. */
static void bool_function(sqlite3_context *c, int n, sqlite3_value **args)
{
    (void)n;
    if (sqlite3_value_type(args[0]) != SQLITE_NULL)
        sqlite3_result_text(c, sqlite3_value_double(args[0]) != 0 ? "true" : "false", -1, SQLITE_STATIC);
}

int sqlite_functions(sqlite3 *db)
{
    static const struct {
        const char *name;
        int arguments;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    } all[] = {
        {"fold", 1, fold_function}, {"word_similarity", 2, likeness_function}, {"bool", 1, bool_function}};
    int code = SQLITE_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && code == SQLITE_OK; i++)
        code = sqlite3_create_function(db, all[i].name, all[i].arguments,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                       all[i].call, NULL, NULL);
    return code;
}
