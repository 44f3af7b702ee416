#include "demo/keyset.h"
#include "base/mem.h"
#include <stdlib.h>

static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ (x >> 33);
}

uint64_t key_text(const char *s, size_t n, uint64_t start)
{
    uint64_t h = start ^ UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * UINT64_C(0x100000001b3);
    h = mix(h);
    return h ? h : 1;
}

uint64_t key_pair(uint64_t a, uint64_t b)
{
    uint64_t h = mix(mix(a + 1) ^ (b + UINT64_C(0x9E3779B97F4A7C15)));
    return h ? h : 1;
}

void keyset_done(keyset *k)
{
    free(k->keys);
    free(k->values);
    *k = (keyset){0};
}

/* Where the key is, or the empty place where it would be. */
static size_t slot(const keyset *k, uint64_t key)
{
    size_t at = (size_t)key & (k->cap - 1);
    while (k->keys[at] && k->keys[at] != key)
        at = (at + 1) & (k->cap - 1);
    return at;
}

bool keyset_get(const keyset *k, uint64_t key, uint32_t *ret_value)
{
    if (!k->cap)
        return false;
    size_t at = slot(k, key);
    if (!k->keys[at])
        return false;
    if (ret_value)
        *ret_value = k->values[at];
    return true;
}

static void grow(keyset *k)
{
    keyset old = *k;
    k->cap = old.cap ? old.cap * 2 : 64;
    k->keys = MEM_ARRAY(uint64_t, k->cap);
    k->values = MEM_ARRAY(uint32_t, k->cap);
    for (size_t i = 0; i < old.cap; i++) {
        if (!old.keys[i])
            continue;
        size_t at = slot(k, old.keys[i]);
        k->keys[at] = old.keys[i];
        k->values[at] = old.values[i];
    }
    free(old.keys);
    free(old.values);
}

uint32_t *keyset_put(keyset *k, uint64_t key)
{
    if (k->n * 3 >= k->cap * 2)
        grow(k);
    size_t at = slot(k, key);
    if (!k->keys[at]) {
        k->keys[at] = key;
        k->values[at] = 0;
        k->n++;
    }
    return &k->values[at];
}
