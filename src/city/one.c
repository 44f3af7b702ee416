/* One place for a command's argument, and how to write a place so that it is no other. */
#include "city/private.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { CANDIDATES = 5, LOOKED_AT = 40 };

void cities_label(const cities *c, size_t at, char out[160])
{
    city_place p = cities_at(c, at);
    char folded[MOST_NAME];
    bool named = p.admin1_name[0] && strcmp(p.admin1_name, p.name) != 0;
    size_t n = fold_into(folded, sizeof folded, p.name, strlen(p.name)), from = 0;
    size_t until = n ? keys_prefix(c, folded, n, &from) : 0;
    bool twin = false;
    for (size_t k = from; k < until && c->key_len[k] == n; k++) {
        const place *other = &c->places[c->key_place[k]];
        twin = twin || (c->key_place[k] != at && c->key_kind[k] == 0 &&
                        c->areas[other->area].group == c->areas[c->places[at].area].group &&
                        strcmp(WORD(c, other->name), p.name) == 0);
    }
    char line[640], id[16] = "";
    if (twin && p.geonameid)
        snprintf(id, sizeof id, " (g%d)", (int)p.geonameid);
    snprintf(line, sizeof line, "%.200s%s%.200s, %s%s", p.name, named ? ", " : "", named ? p.admin1_name : "",
             p.country, id);
    text_copy(out, 160, line);
}

static bool list(const cities *c, const char *text, const city_hit *hits, size_t n, const char *how, err *e)
{
    char names[640] = "";
    size_t len = 0;
    for (size_t i = 0; i < n && i < CANDIDATES && len < sizeof names - 1; i++) {
        char label[160];
        cities_label(c, hits[i].at, label);
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", i ? "; " : "", label);
    }
    return err_set(e, ERR_USAGE, how, text, names);
}

static bool was_region_given(const cities *c, const char *text, const city_hit *first)
{
    char folded[MOST_NAME];
    size_t n = fold_into(folded, sizeof folded, text, strlen(text));
    return n != strlen(first->name) && strlen(first->name) < n && first->tier == CITY_EXACT && c->n > 0;
}

bool cities_one(const cities *c, const char *text, size_t *ret_at, err *e)
{
    size_t at = cities_by_id(c, text), n = 0, rivals = 0;
    city_hit hits[LOOKED_AT], same[LOOKED_AT];
    city_query q = {.text = text};
    if (at != SIZE_MAX) {
        *ret_at = at;
        return true;
    }
    if (!cities_find(c, &q, hits, LOOKED_AT, &n, NULL, e))
        return false;
    if (n == 0)
        return err_set(e, ERR_USAGE, "there is no city '%.60s'", text);
    if (hits[0].tier != CITY_EXACT)
        return list(c, text, hits, n, "there is no city '%.60s'; near it: %s", e);
    /* With a region given, only places in it were hit exactly; a name alone is clear when nothing else of it comes near in size. */
    int64_t people = c->places[hits[0].at].population;
    bool given = was_region_given(c, text, &hits[0]);
    for (size_t i = 0; i < n; i++) {
        if (hits[i].tier != CITY_EXACT || (given && strcmp(hits[i].name, hits[0].name) != 0))
            continue;
        if (i == 0 || c->places[hits[i].at].population >= people / 10)
            same[rivals++] = hits[i];
    }
    if (rivals > 1)
        return list(c, text, same, rivals, "'%.60s' is ambiguous: %s", e);
    *ret_at = hits[0].at;
    return true;
}
