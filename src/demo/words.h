/* words: the made-up names. Every name of a person comes with its letters in ASCII, for addresses. */
#ifndef SHOWX_DEMO_WORDS_H
#define SHOWX_DEMO_WORDS_H

#include "base/rng.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct person {
    const char *given, *family;             /* as written */
    const char *given_ascii, *family_ascii; /* small letters */
    bool family_first;                      /* 山田 太郎 */
    bool rtl;                               /* Arabic or Hebrew letters */
} person;

/* A person as one might meet in that country (ISO code). */
void words_person(rng *r, const char *country, person *ret);

typedef struct word_list {
    const char *const *words;
    size_t n;
} word_list;

extern const word_list words_adjectives, words_nouns, words_venues, words_genres, words_streets, words_emoji,
    words_rooms;

const char *words_pick(const word_list *list, rng *r);

#endif
