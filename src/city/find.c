/* Finding: what was typed, read in several ways, against all keys; the best text of each place, plus its weight, ranks it.
 *
 * A query is read as a name, as a name without its spaces, and as a name with one or two regions behind it. Each reading is
 * looked up as a prefix (a range of the sorted keys) and, where the query is long enough, with typos: one walk over all keys that
 * keeps the rows of the edit distance for the letters shared with the key before, and skips by key_lcp what lies under a dead
 * prefix. That is a walk of the trie that the sorted keys are, without the trie. */
#include "city/private.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { READINGS = 8, MOST_TYPED = 64 /* letters */, BAND = 2, POOL = 256 };

/* What a match is worth. Tuned on the development queries and on generated ones (tests/bench city). */
#define EXACT 1.15f
#define EXACT_AGAIN 1.02f /* beyond the two largest places of that very name */
#define PREFIX 0.86f
#define PREFIX_SHARE 0.12f
#define PREFIX_AT_WORD 0.04f /* the name goes on with another word */
#define TYPO 0.30f           /* each, in six letters or fewer; less in longer ones */
#define TYPO_IN_PREFIX 0.10f
#define TYPO_PREFIX_SHARE 0.10f
#define OTHER_NAME_SHARE 0.12f /* for what is not typed yet of another name ("bandaraya new york") */
#define FIRST_LETTER 0.12f
#define OTHER_NAME 0.04f
#define OTHER_NAME_GUESSED                                                                                   \
    0.10f /* besides, when half typed or with typos: every large city has fifty names */
#define CODE 0.12f
#define WEAK 0.15f
#define LATER_WORD 0.15f
#define JOINED 0.03f
#define REGION 0.35f
#define REGION_PREFIX 0.10f
#define HALF_SAID 0.45f /* a letter or two of a region: more likely the next word of a name */
#define REGION_HARDLY 0.18f
#define DEMAND_BAND 0.03f /* half as many people again */

typedef struct reading {
    char text[MOST_NAME];
    size_t n;
    float *bonus; /* by group; NULL: any region */
    float minus;
    bool typos;
} reading;

typedef struct candidate {
    uint32_t place, key;
    float text;
    uint8_t tier, typos;
    bool region;
} candidate;

typedef struct search {
    const cities *c;
    const city_query *q;
    reading readings[READINGS];
    size_t nreadings;
    uint32_t *seen; /* place -> candidate + 1 */
    candidate *all;
    size_t n, cap;
    stop *halt;
    err *e;
} search;

/* ---- scoring ---- */

static float kind_minus(uint8_t kind)
{
    return (kind & KEY_OTHER ? OTHER_NAME : 0) + (kind & KEY_CODE ? CODE : 0) + (kind & KEY_WEAK ? WEAK : 0) +
           (kind & KEY_WORD ? LATER_WORD : 0);
}

static void consider(search *s, const reading *r, size_t k, city_tier tier, uint8_t typos, bool whole,
                     float text)
{
    const cities *c = s->c;
    uint32_t at = c->key_place[k];
    text -= kind_minus(c->key_kind[k]) + r->minus;
    if ((c->key_kind[k] & KEY_OTHER) && tier != CITY_EXACT)
        text -= OTHER_NAME_GUESSED;
    if (r->bonus || s->q->country) {
        const area *a = &c->areas[c->places[at].area];
        if (s->q->country && strcmp(WORD(c, a->country), s->q->country) != 0)
            return;
        if (r->bonus && r->bonus[a->group] <= 0)
            return;
        if (r->bonus)
            text += (whole ? REGION : REGION_PREFIX) * r->bonus[a->group] -
                    (r->bonus[a->group] < HALF_SAID ? REGION_HARDLY : 0);
    }
    candidate new = {at, (uint32_t)k, text, (uint8_t)tier, typos, r->bonus != NULL};
    if (!s->seen[at]) {
        MEM_ROOM(s->all, s->n, s->cap);
        s->all[s->n++] = new;
        s->seen[at] = (uint32_t)s->n;
    } else if (s->all[s->seen[at] - 1].text < text) {
        s->all[s->seen[at] - 1] = new;
    }
}

static bool find_prefix(search *s, const reading *r)
{
    const cities *c = s->c;
    size_t from, until = keys_prefix(c, r->text, r->n, &from);
    for (size_t k = from; k < until; k++) {
        if (((k - from) & 4095) == 4095 && stop_now(s->halt, s->e))
            return false;
        bool whole = c->key_len[k] == r->n, word = c->key_kind[k] & KEY_WORD;
        float text = PREFIX + PREFIX_SHARE * (float)r->n / (float)c->key_len[k];
        if (!whole && key_text(c, k)[r->n] == ' ')
            text += PREFIX_AT_WORD;
        if (c->key_kind[k] & KEY_OTHER)
            text -= OTHER_NAME_SHARE * (1 - (float)r->n / (float)c->key_len[k]);
        if (whole && !word)
            text = EXACT;
        consider(s, r, k, word ? CITY_WORD : whole ? CITY_EXACT : CITY_PREFIX, 0, whole && !word, text);
    }
    return true;
}

/* ---- typos ---- */

/* Rows of the edit distance (optimal string alignment) between what was typed and the letters on the path to the present key:
 * row[i] after i letters. Only BAND cells beside the diagonal can matter. */
typedef struct walk {
    uint32_t typed[MOST_TYPED];
    size_t n, most;
    uint8_t row[MOST_NAME + 1][MOST_TYPED + 2];
    uint8_t begun[MOST_NAME + 1]; /* the least distance of what was typed to a beginning of the path */
    uint32_t letter[MOST_NAME + 1];
    uint8_t bytes[MOST_NAME + 1]; /* where letter i ends */
    size_t letters;
} walk;

static void walk_start(walk *w, const char *s, size_t n, size_t most)
{
    w->n = 0;
    for (size_t i = 0; i < n && w->n < MOST_TYPED; w->n++)
        i += text_decode(s + i, n - i, &w->typed[w->n]);
    w->most = most;
    w->letters = 0;
    w->bytes[0] = 0;
    for (size_t j = 0; j <= w->n + 1; j++)
        w->row[0][j] = (uint8_t)(j <= most ? j : most + 1);
    w->begun[0] = w->row[0][w->n];
}

static uint8_t least(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

/* One more letter; false when no cell is within reach any more. */
static bool walk_letter(walk *w, uint32_t cp, size_t took)
{
    size_t i = ++w->letters, over = w->most + 1;
    uint8_t *now = w->row[i];
    const uint8_t *old = w->row[i - 1];
    size_t from = i > w->most ? i - w->most : 1, until = i + w->most < w->n ? i + w->most : w->n;
    bool alive = false;
    w->letter[i] = cp;
    w->bytes[i] = (uint8_t)(w->bytes[i - 1] + took);
    now[from - 1] = (uint8_t)(from == 1 && i <= w->most ? i : over);
    for (size_t j = from; j <= until; j++) {
        uint8_t d = (uint8_t)(old[j - 1] + (w->typed[j - 1] != cp));
        uint8_t above = j < i + w->most ? old[j] : (uint8_t)over;
        d = least(d, (uint8_t)(least(above, now[j - 1]) + 1));
        if (i > 1 && j > 1 && w->typed[j - 2] == cp && w->typed[j - 1] == w->letter[i - 1])
            d = least(d, (uint8_t)(w->row[i - 2][j - 2] + 1));
        now[j] = least(d, (uint8_t)over);
        alive = alive || now[j] <= w->most;
    }
    if (from == 1 && now[0] <= w->most)
        alive = true;
    now[until + 1] = (uint8_t)over;
    w->begun[i] = least(w->begun[i - 1], until == w->n && from <= w->n ? now[w->n] : (uint8_t)over);
    return alive;
}

static void typo_hit(search *s, const reading *r, const walk *w, size_t k, uint8_t d, bool whole)
{
    const cities *c = s->c;
    if (d == 0 || (c->key_kind[k] & (KEY_CODE | KEY_WEAK)))
        return;
    float text = 1 - TYPO * (float)d * 6 / (float)(w->n > 6 ? w->n : 6);
    if (!whole)
        text -= TYPO_IN_PREFIX +
                TYPO_PREFIX_SHARE * (1 - (float)r->n / (float)(c->key_len[k] > r->n ? c->key_len[k] : r->n));
    if (key_text(c, k)[0] != r->text[0])
        text -= FIRST_LETTER;
    consider(s, r, k, CITY_TYPO, d, whole, text);
}

static bool find_typos(search *s, const reading *r)
{
    const cities *c = s->c;
    walk w;
    walk_start(&w, r->text, r->n, 2);
    size_t most = w.n < 4 ? 0 : w.n < 8 ? 1 : 2;
    if (!most)
        return true;
    walk_start(&w, r->text, r->n, most);
    size_t dead = SIZE_MAX, full = SIZE_MAX; /* bytes of the path: nothing, or everything below it matches */
    for (size_t k = 0; k < c->nkeys; k++) {
        size_t same = c->key_lcp[k];
        if ((k & 4095) == 4095 && stop_now(s->halt, s->e))
            return false;
        if (same >= dead)
            continue;
        if (same >= full) {
            typo_hit(s, r, &w, k, w.begun[w.letters], false);
            continue;
        }
        dead = full = SIZE_MAX;
        while (w.bytes[w.letters] > same)
            w.letters--;
        const char *text = key_text(c, k);
        size_t len = c->key_len[k];
        bool alive = true;
        while (alive && w.bytes[w.letters] < len) {
            uint32_t cp;
            size_t took = text_decode(text + w.bytes[w.letters], len - w.bytes[w.letters], &cp);
            alive = walk_letter(&w, cp, took);
        }
        uint8_t begun = w.begun[w.letters];
        if (alive && w.row[w.letters][w.n] <= most && w.letters + most >= w.n)
            typo_hit(s, r, &w, k, w.row[w.letters][w.n], true);
        else if (begun <= most)
            typo_hit(s, r, &w, k, begun, false);
        if (!alive && begun <= most)
            full = w.bytes[w.letters];
        else if (!alive)
            dead = w.bytes[w.letters];
    }
    return true;
}

/* ---- readings ---- */

static reading *add_reading(search *s, const char *text, size_t n)
{
    reading *r = &s->readings[s->nreadings++];
    memcpy(r->text, text, n);
    r->text[n] = 0;
    r->n = n;
    r->bonus = NULL;
    r->minus = 0;
    r->typos = false;
    return r;
}

static void read_joined(search *s, const char *text, size_t n)
{
    char joined[MOST_NAME];
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        if (text[i] != ' ')
            joined[len++] = text[i];
    if (len != n && len > 0)
        add_reading(s, joined, len)->minus = JOINED;
}

/* Up to three trailing words as a region, three more as its country. */
static void read_regions(search *s, const char *text, size_t n)
{
    size_t words = 0;
    for (size_t i = n; i-- > 1 && words < 6 && s->nreadings < READINGS;) {
        if (text[i] != ' ')
            continue;
        words++;
        float *bonus = MEM_ARRAY(float, s->c->ngroups + 1);
        if (!regions_match(s->c, text + i + 1, n - i - 1, true, !s->q->exact_only, bonus)) {
            free(bonus);
            continue;
        }
        reading *r = add_reading(s, text, i);
        r->bonus = bonus;
        r->typos = true;
    }
}

/* A name and a region, both in full: nothing can be mistyped. */
static bool named_whole(const search *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->all[i].region && s->all[i].tier == CITY_EXACT && s->all[i].text > EXACT + REGION / 2)
            return true;
    return false;
}

static bool find_all(search *s)
{
    char text[MOST_NAME];
    size_t n = fold_into(text, sizeof text, s->q->text, strlen(s->q->text));
    if (n == 0)
        return true;
    add_reading(s, text, n)->typos = true;
    read_joined(s, text, n);
    read_regions(s, text, n);
    for (size_t i = 0; i < s->nreadings; i++)
        if (stop_now(s->halt, s->e) || !find_prefix(s, &s->readings[i]))
            return false;
    if (s->q->exact_only || named_whole(s))
        return true;
    for (size_t i = 0; i < s->nreadings; i++)
        if (s->readings[i].typos && !find_typos(s, &s->readings[i]))
            return false;
    return true;
}

/* ---- ranking ---- */

typedef struct ranked {
    const candidate *what;
    float score;
} ranked;

/* Of many places of the very same name the two largest are meant; the rest must not push out what the text may yet become. */
static void temper_exact(search *s)
{
    float first = -1, second = -1;
    for (size_t i = 0; i < s->n; i++) {
        if (s->all[i].tier != CITY_EXACT || s->all[i].region)
            continue;
        float w = s->c->weight[s->all[i].place];
        second = w > first ? first : w > second ? w : second;
        first = w > first ? w : first;
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->all[i].tier == CITY_EXACT && !s->all[i].region && s->c->weight[s->all[i].place] < second)
            s->all[i].text -= EXACT - EXACT_AGAIN;
}

static bool before(const search *s, const ranked *a, const ranked *b)
{
    if (a->score < b->score || a->score > b->score)
        return a->score > b->score;
    return s->c->places[a->what->place].geonameid < s->c->places[b->what->place].geonameid;
}

static size_t rank(const search *s, ranked *best, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        ranked r = {&s->all[i], s->all[i].text + s->c->weight[s->all[i].place]};
        if (n == most && !before(s, &r, &best[n - 1]))
            continue;
        size_t at = n < most ? n++ : n - 1;
        for (; at > 0 && before(s, &r, &best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = r;
    }
    return n;
}

static bool same_text(const candidate *a, const candidate *b)
{
    float d = a->text - b->text;
    return a->tier == b->tier && a->typos == b->typos && d < 1e-4f && d > -1e-4f;
}

static float own_score(const search *s, const candidate *k)
{
    return k->text + s->c->weight[k->place];
}

/* Places that the text fits equally well and that are about as large share out the positions that they hold: the most wanted
 * first. None rises past one that scores more than DEMAND_BAND above it, or a suburb of a large city would pass its namesakes. */
static void by_demand(const search *s, ranked *best, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n && best[k].score >= best[i].score - DEMAND_BAND; k++)
            if (same_text(best[i].what, best[k].what) &&
                own_score(s, best[k].what) >= best[i].score - DEMAND_BAND &&
                s->q->demand[best[k].what->place] > s->q->demand[best[i].what->place]) {
                const candidate *swap = best[i].what;
                best[i].what = best[k].what;
                best[k].what = swap;
            }
}

static void hand_out(const search *s, const ranked *best, size_t n, city_hit *ret)
{
    for (size_t i = 0; i < n; i++) {
        const candidate *k = best[i].what;
        size_t len = s->c->key_len[k->key];
        char name[MOST_NAME];
        ret[i] = (city_hit){k->place, best[i].score, k->tier, k->typos, ""};
        memcpy(name, key_text(s->c, k->key), len);
        name[len] = 0;
        text_copy(ret[i].name, sizeof ret[i].name, name);
    }
}

bool cities_find(const cities *c, const city_query *q, city_hit *ret, size_t most, size_t *ret_n, stop *halt,
                 err *e)
{
    search *s = MEM_NEW(search);
    *s = (search){.c = c, .q = q, .halt = halt, .e = e};
    s->seen = MEM_ARRAY(uint32_t, c->n + 1);
    bool ok = find_all(s);
    if (ok) {
        size_t kept = q->demand && most < POOL ? POOL : most;
        ranked *best = MEM_ARRAY(ranked, kept + 1);
        temper_exact(s);
        size_t n = kept ? rank(s, best, kept) : 0;
        if (q->demand)
            by_demand(s, best, n);
        *ret_n = n < most ? n : most;
        hand_out(s, best, *ret_n, ret);
        free(best);
    }
    for (size_t i = 0; i < s->nreadings; i++)
        free(s->readings[i].bonus);
    free(s->seen);
    free(s->all);
    free(s);
    return ok;
}
