#include "migrate/damages.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

static char *hex(const unsigned char *bytes, size_t n)
{
    char *out = MEM_ARRAY(char, n * 2 + 1);
    for (size_t i = 0; i < n; i++)
        snprintf(out + i * 2, 3, "%02x", bytes[i]);
    return out;
}

void damages_keep(damages *d, const legacy_damage *bad)
{
    MEM_ROOM(d->all, d->n, d->cap);
    d->all[d->n++] = (damage){
        .file = mem_str(bad->file ? bad->file : ""),
        .place = mem_str(bad->place),
        .code = mem_str(bad->code ? bad->code : "damage"),
        .sentence = mem_str(bad->sentence),
        .raw = bad->raw ? hex(bad->raw, bad->raw_len < DAMAGES_RAW_MOST ? bad->raw_len : DAMAGES_RAW_MOST)
                        : NULL,
    };
}

bool damages_write(const damages *d, store *db, const catalog *c, const char *load, stop *s, err *e)
{
    for (size_t i = 0; i < d->n; i++) {
        const damage *x = &d->all[i];
        query_value values[] = {{"load", load},    {"file", x->file},         {"place", x->place},
                                {"code", x->code}, {"sentence", x->sentence}, {"raw", x->raw}};
        if (!run_named(db, c, "migrate_load_error", values, 6, NULL, s, e))
            return false;
    }
    return true;
}

void damages_drop(damages *d)
{
    for (size_t i = 0; i < d->n; i++) {
        damage *x = &d->all[i];
        free(x->file), free(x->place), free(x->code), free(x->sentence), free(x->raw);
    }
    d->n = 0;
}

void damages_done(damages *d)
{
    damages_drop(d);
    free(d->all);
    *d = (damages){0};
}
