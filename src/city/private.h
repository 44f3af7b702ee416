/* private: how the index is laid out; what the files of city/ share.
 *
 * A key is one folded name of one place. Keys stand sorted by their text in parallel arrays, with the number of bytes that each
 * shares with the one before it: a prefix is then one range, and the walk with typos (find.c) is one pass that skips what cannot
 * match by reading one byte a key. Texts stand in the order of the keys, one that begins the next is stored with it. */
#ifndef SHOWX_CITY_PRIVATE_H
#define SHOWX_CITY_PRIVATE_H

#include "base/buf.h"
#include "city/city.h"

enum { MOST_NAME = 120 /* bytes of a folded name that are kept */, NONE = -1 };

/* What kind of name a key is: bits. */
enum {
    KEY_OTHER = 1, /* another name, not the place's own */
    KEY_CODE = 2,  /* three capital letters: an airport's code more often than a word */
    KEY_WEAK = 4,  /* a romanisation of another script: all lower case */
    KEY_WORD = 8,  /* a later word of a name */
};

typedef struct area { /* a region of a country, as places spell it; offsets into words */
    uint32_t country, country_name, admin1, admin1_name;
    uint32_t group; /* the same for all spellings of one (country, admin1) */
} area;

typedef struct place {
    int32_t geonameid;
    uint32_t id, name, ascii; /* offsets into words; 0 = none */
    uint32_t area;
    uint16_t time_zone, feature; /* numbers of small words */
    int64_t population;
    double latitude, longitude;
} place;

typedef struct region { /* a word for a region or a country: "texas", "tx", "uk" */
    uint32_t text;      /* offset into words */
    uint8_t len;
    bool country, code;
    uint32_t target; /* a group, or any group of the country */
} region;

/* Strings kept once. */
typedef struct pool {
    buf text;
    uint32_t *slots; /* open addressing: offset + 1 */
    size_t n, nslots;
} pool;

typedef struct raw_key {
    uint64_t head; /* the first eight bytes, big-endian: most comparisons end here */
    uint32_t text, place;
    uint8_t len, kind;
} raw_key;

struct cities {
    char home[3];
    pool words;
    uint32_t *small; /* small words: offsets of time zones and features */
    size_t nsmall, capsmall;
    place *places;
    size_t n, cap;
    uint32_t *by_geonameid; /* open addressing: place + 1 */
    size_t nslots;
    area *areas;
    size_t nareas, capareas;
    uint32_t *area_slots; /* open addressing: area + 1 */
    size_t narea_slots;
    uint32_t *group_area; /* group -> an area of it */
    size_t ngroups;
    region *regions; /* sorted by text */
    size_t nregions, capregions;
    raw_key *raw; /* while it is built */
    size_t nraw, capraw;
    buf raw_text;
    char *text;
    uint32_t *key_text, *key_place;
    uint8_t *key_len, *key_kind, *key_lcp;
    size_t nkeys;
    float *
        weight; /* what a place is worth before any text: population, and that it is more than a neighbourhood */
    sphere *points;
    bool ready;
};

uint32_t pool_add(pool *p, const char *s, size_t n);
#define WORD(c, offset) ((c)->words.text.data + (offset))

/* Keys of one folded name: itself, joined, St/Saint and its kin, later words. own: the place's own name. */
void keys_add(cities *c, uint32_t at, const char *folded, size_t n, uint8_t kind);
void keys_add_plain(cities *c, uint32_t at, const char *folded, size_t n, uint8_t kind); /* itself alone */
bool keys_sort(cities *c, stop *halt, err *e);
/* The keys that begin with the text: *ret_from until the returned end. */
size_t keys_prefix(const cities *c, const char *text, size_t n, size_t *ret_from);
static inline const char *key_text(const cities *c, size_t k)
{
    return c->text + c->key_text[k];
}

void regions_build(cities *c);
/* What the words name: bonus[group] is set to 0 (no), or how well it is named, up to 1. Returns whether anything is.
 * last: the words end the query, so that the last may be half typed. */
bool regions_match(const cities *c, const char *words, size_t n, bool last, bool typos, float *bonus);
void nicknames_add(cities *c);
size_t fold_into(char *out, size_t size, const char *s, size_t n); /* text_fold, cut between characters */

#endif
