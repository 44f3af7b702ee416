/* keyset: a growing hash table from 64-bit keys to 32-bit values, by open addressing. Key 0 is not allowed.
 */
#ifndef SHOWX_DEMO_KEYSET_H
#define SHOWX_DEMO_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct keyset {
    uint64_t *keys;
    uint32_t *values;
    size_t n, cap; /* cap is a power of two, or 0 */
} keyset;

void keyset_done(keyset *k);
bool keyset_get(const keyset *k, uint64_t key, uint32_t *ret_value); /* ret_value may be NULL */
/* The place of the key's value, made 0 where the key is new; valid until the next call. */
uint32_t *keyset_put(keyset *k, uint64_t key);

/* A key out of text (FNV-1a, mixed); out of two numbers. Never 0. */
uint64_t key_text(const char *s, size_t n, uint64_t start);
uint64_t key_pair(uint64_t a, uint64_t b);

#endif
