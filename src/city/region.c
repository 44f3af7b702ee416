/* Regions: the words behind a name that say which of them is meant: "springfield il", "perth western australia",
 * "paris texas usa". They come from the places themselves (region and country, name and code) and from what people
 * write besides. A code that is both a region at home and a country ("CA", "DE", "IN") means first the one at home. */
#include "city/private.h"

#include "base/mem.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *country, *admin1; /* admin1 NULL: the country */
} SAID[] = {
    {"usa", "US", NULL},
    {"u s a", "US", NULL},
    {"us of a", "US", NULL},
    {"u s", "US", NULL},
    {"america", "US", NULL},
    {"united states of america", "US", NULL},
    {"uk", "GB", NULL},
    {"u k", "GB", NULL},
    {"great britain", "GB", NULL},
    {"britain", "GB", NULL},
    {"eng", "GB", "ENG"},
    {"gb", "GB", NULL},
    {"holland", "NL", NULL},
    {"the netherlands", "NL", NULL},
    {"nederland", "NL", NULL},
    {"deutschland", "DE", NULL},
    {"ger", "DE", NULL},
    {"osterreich", "AT", NULL},
    {"schweiz", "CH", NULL},
    {"suisse", "CH", NULL},
    {"svizzera", "CH", NULL},
    {"belgie", "BE", NULL},
    {"belgique", "BE", NULL},
    {"espana", "ES", NULL},
    {"esp", "ES", NULL},
    {"italia", "IT", NULL},
    {"ita", "IT", NULL},
    {"fra", "FR", NULL},
    {"brasil", "BR", NULL},
    {"bra", "BR", NULL},
    {"polska", "PL", NULL},
    {"sverige", "SE", NULL},
    {"norge", "NO", NULL},
    {"danmark", "DK", NULL},
    {"suomi", "FI", NULL},
    {"eire", "IE", NULL},
    {"republic of ireland", "IE", NULL},
    {"czech republic", "CZ", NULL},
    {"czech", "CZ", NULL},
    {"magyarorszag", "HU", NULL},
    {"turkiye", "TR", NULL},
    {"hellas", "GR", NULL},
    {"russian federation", "RU", NULL},
    {"korea", "KR", NULL},
    {"republic of korea", "KR", NULL},
    {"uae", "AE", NULL},
    {"emirates", "AE", NULL},
    {"burma", "MM", NULL},
    {"north macedonia", "MK", NULL},
    {"eswatini", "SZ", NULL},
    {"bosnia", "BA", NULL},
    {"ivory coast", "CI", NULL},
    {"cote d ivoire", "CI", NULL},
    {"cote divoire", "CI", NULL},
    {"drc", "CD", NULL},
    {"congo", "CD", NULL},
    {"palestine", "PS", NULL},
    {"macau", "MO", NULL},
    {"can", "CA", NULL},
    {"aus", "AU", NULL},
    {"oz", "AU", NULL},
    {"aotearoa", "NZ", NULL},
    {"mex", "MX", NULL},
    {"rsa", "ZA", NULL},
    {"calif", "US", "CA"},
    {"cali", "US", "CA"},
    {"penn", "US", "PA"},
    {"penna", "US", "PA"},
    {"tenn", "US", "TN"},
    {"conn", "US", "CT"},
    {"ill", "US", "IL"},
    {"mass", "US", "MA"},
    {"fla", "US", "FL"},
    {"mo", "US", "MO"},
    {"wash", "US", "WA"},
    {"washington state", "US", "WA"},
    {"new york state", "US", "NY"},
    {"upstate new york", "US", "NY"},
    {"okla", "US", "OK"},
    {"tex", "US", "TX"},
    {"n carolina", "US", "NC"},
    {"s carolina", "US", "SC"},
    {"n dakota", "US", "ND"},
    {"s dakota", "US", "SD"},
    {"w virginia", "US", "WV"},
    {"n mexico", "US", "NM"},
    {"d c", "US", "DC"},
    {"district of columbia", "US", "DC"},
    {"ab", "CA", "01"},
    {"alta", "CA", "01"},
    {"bc", "CA", "02"},
    {"b c", "CA", "02"},
    {"mb", "CA", "03"},
    {"man", "CA", "03"},
    {"nb", "CA", "04"},
    {"nl", "CA", "05"},
    {"nfld", "CA", "05"},
    {"newfoundland", "CA", "05"},
    {"labrador", "CA", "05"},
    {"ns", "CA", "07"},
    {"on", "CA", "08"},
    {"ont", "CA", "08"},
    {"pe", "CA", "09"},
    {"pei", "CA", "09"},
    {"qc", "CA", "10"},
    {"pq", "CA", "10"},
    {"que", "CA", "10"},
    {"sk", "CA", "11"},
    {"sask", "CA", "11"},
    {"yt", "CA", "12"},
    {"nt", "CA", "13"},
    {"nwt", "CA", "13"},
    {"nu", "CA", "14"},
    {"act", "AU", "01"},
    {"nsw", "AU", "02"},
    {"n s w", "AU", "02"},
    {"nt", "AU", "03"},
    {"qld", "AU", "04"},
    {"sa", "AU", "05"},
    {"tas", "AU", "06"},
    {"tassie", "AU", "06"},
    {"vic", "AU", "07"},
    {"wa", "AU", "08"},
    {"sct", "GB", "SCT"},
    {"ni", "GB", "NIR"},
    {"cymru", "GB", "WLS"},
    {"ulster", "GB", "NIR"},
    {"bayern", "DE", "02"},
    {"hessen", "DE", "05"},
    {"niedersachsen", "DE", "06"},
    {"nrw", "DE", "07"},
    {"nordrhein westfalen", "DE", "07"},
    {"rhineland palatinate", "DE", "08"},
    {"sachsen", "DE", "13"},
    {"sachsen anhalt", "DE", "14"},
    {"thuringen", "DE", "15"},
    {"baden wurttemberg", "DE", "01"},
    {"catalunya", "ES", "56"},
    {"cataluna", "ES", "56"},
    {"andalucia", "ES", "51"},
    {"pais vasco", "ES", "59"},
    {"euskadi", "ES", "59"},
    {"rj", "BR", "21"},
    {"sp", "BR", "27"},
    {"mg", "BR", "15"},
    {"rs", "BR", "23"},
    {"pr", "BR", "18"},
    {"ba", "BR", "05"},
    {"bc", "MX", "02"},
    {"edomex", "MX", "15"},
};

/* ---- building ---- */

static void add_region(cities *c, const char *folded, size_t n, bool country, bool code, uint32_t group)
{
    if (n == 0 || n >= MOST_NAME)
        return;
    MEM_ROOM(c->regions, c->nregions, c->capregions);
    c->regions[c->nregions++] = (region){pool_add(&c->words, folded, n), (uint8_t)n, country, code, group};
}

/* The name, and where it falls apart into single letters ("washington d c") those together as well. */
static void add_region_name(cities *c, const char *name, bool country, uint32_t group)
{
    char folded[MOST_NAME], joined[MOST_NAME];
    size_t n = fold_into(folded, sizeof folded, name, strlen(name)), len = 0;
    add_region(c, folded, n, country, false, group);
    for (size_t i = 0; i < n; i++) {
        bool single = folded[i] == ' ' && i >= 2 && i + 1 < n && folded[i - 2] == ' ' &&
                      (i + 2 == n || folded[i + 2] == ' ');
        if (!single)
            joined[len++] = folded[i];
    }
    if (len != n)
        add_region(c, joined, len, country, false, group);
}

static void add_code(cities *c, const char *code, bool country, uint32_t group)
{
    char folded[8];
    size_t n = strlen(code);
    if (n < 2 || n > 3 || !isalpha((unsigned char)code[0]) || !isalpha((unsigned char)code[1]))
        return;
    add_region(c, folded, fold_into(folded, sizeof folded, code, n), country, true, group);
}

static void group_areas(cities *c)
{
    c->group_area = MEM_ARRAY(uint32_t, c->nareas);
    for (size_t i = 0; i < c->nareas; i++) {
        area *a = &c->areas[i];
        size_t g = 0;
        for (; g < c->ngroups; g++) {
            const area *known = &c->areas[c->group_area[g]];
            if (known->country == a->country && known->admin1 == a->admin1)
                break;
        }
        if (g == c->ngroups)
            c->group_area[c->ngroups++] = (uint32_t)i;
        a->group = (uint32_t)g;
    }
}

static void add_said(cities *c, const char *country, const char *admin1, uint32_t group, bool first)
{
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) {
        if (strcmp(SAID[i].country, country) != 0)
            continue;
        size_t n = strlen(SAID[i].word);
        if (!SAID[i].admin1 && first)
            add_region(c, SAID[i].word, n, true, n <= 3, group);
        else if (SAID[i].admin1 && strcmp(SAID[i].admin1, admin1) == 0)
            add_region(c, SAID[i].word, n, false, n <= 3, group);
    }
}

static int by_text(const void *a, const void *b, void *words)
{
    const region *x = a, *y = b;
    int d = strcmp((const char *)words + x->text, (const char *)words + y->text);
    return d ? d : (x->target > y->target) - (x->target < y->target);
}

void regions_build(cities *c)
{
    group_areas(c);
    for (size_t i = 0; i < c->nareas; i++) {
        area a = c->areas[i]; /* a copy: adding words moves them */
        bool first_spelling = c->group_area[a.group] == i, first = first_spelling;
        for (size_t g = 0; g < a.group && first; g++)
            first = c->areas[c->group_area[g]].country != a.country;
        char country[8], admin1[24];
        text_copy(country, sizeof country, WORD(c, a.country));
        text_copy(admin1, sizeof admin1, WORD(c, a.admin1));
        char *name = mem_str(WORD(c, a.admin1_name)), *country_name = mem_str(WORD(c, a.country_name));
        add_region_name(c, name, false, a.group);
        if (first_spelling)
            add_code(c, admin1, false, a.group);
        if (first) {
            add_region_name(c, country_name, true, a.group);
            add_code(c, country, true, a.group);
        }
        if (first_spelling)
            add_said(c, country, admin1, a.group, first);
        free(name);
        free(country_name);
    }
    if (c->nregions)
        qsort_r(c->regions, c->nregions, sizeof *c->regions, by_text, c->words.text.data);
}

/* ---- matching ---- */

static bool at_home(const cities *c, uint32_t group)
{
    return strcmp(WORD(c, c->areas[c->group_area[group]].country), c->home) == 0;
}

static void mark(const cities *c, const region *r, float how, float *bonus)
{
    if (!r->country) {
        if (bonus[r->target] < how)
            bonus[r->target] = how;
        return;
    }
    uint32_t country = c->areas[c->group_area[r->target]].country;
    for (size_t g = 0; g < c->ngroups; g++)
        if (c->areas[c->group_area[g]].country == country && bonus[g] < how)
            bonus[g] = how;
}

/* A region of another country by its code alone is less likely than what the code means at home or as a country. */
static float worth(const cities *c, const region *r)
{
    return !r->code || at_home(c, r->target) ? 1.0f : r->country ? 0.75f : 0.7f;
}

static bool match_typo(const cities *c, const char *s, size_t n, float *bonus)
{
    char word[MOST_NAME];
    bool any = false;
    if (n < 5 || n >= sizeof word)
        return false;
    memcpy(word, s, n);
    word[n] = 0;
    for (size_t i = 0; i < c->nregions; i++) {
        const region *r = &c->regions[i];
        size_t len = r->len;
        const char *text = WORD(c, r->text);
        if (text[0] != word[0] || len < 5 || len + 1 < n || len > n + 1 || text_distance(word, text, 1) > 1)
            continue;
        mark(c, r, 0.6f * worth(c, r), bonus);
        any = true;
    }
    return any;
}

static bool match_one(const cities *c, const char *s, size_t n, bool last, bool typos, float *bonus)
{
    size_t low = 0, high = c->nregions;
    bool any = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(WORD(c, c->regions[middle].text), s, n) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < c->nregions; low++) {
        const region *r = &c->regions[low];
        if (strncmp(WORD(c, r->text), s, n) != 0)
            break;
        if (r->len != n && !last)
            continue;
        float how = r->len == n ? 1.0f : 0.25f + 0.55f * (float)n / (float)r->len;
        mark(c, r, how * worth(c, r), bonus);
        any = true;
    }
    return any || (typos && match_typo(c, s, n, bonus));
}

bool regions_match(const cities *c, const char *words, size_t n, bool last, bool typos, float *bonus)
{
    memset(bonus, 0, c->ngroups * sizeof *bonus);
    bool any = match_one(c, words, n, last, typos, bonus);
    float *first = MEM_ARRAY(float, 2 * c->ngroups), *second = first + c->ngroups;
    for (size_t i = 1; i + 1 < n; i++) { /* a region, then a country */
        if (words[i] != ' ')
            continue;
        memset(first, 0, 2 * c->ngroups * sizeof *first);
        if (!match_one(c, words, i, false, typos, first) ||
            !match_one(c, words + i + 1, n - i - 1, last, typos, second))
            continue;
        for (size_t g = 0; g < c->ngroups; g++)
            if (first[g] > 0 && second[g] > 0) {
                float both = first[g] < second[g] ? first[g] : second[g];
                bonus[g] = bonus[g] > both ? bonus[g] : both;
                any = true;
            }
    }
    free(first);
    return any;
}
