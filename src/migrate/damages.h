/* damages: what could not become a document or an event, kept while a batch is read and written when the batch is: each
 * with its file, its place, why, and the first bytes of what was there. The inside of load.c and sync.c. */
#ifndef SHOWX_MIGRATE_DAMAGES_H
#define SHOWX_MIGRATE_DAMAGES_H

#include "migrate/private.h"

#define DAMAGES_RAW_MOST 4096

typedef struct damage {
    char *file, *place, *code, *sentence, *raw; /* raw in hexadecimal; may be NULL */
} damage;

typedef struct damages {
    damage *all;
    size_t n, cap;
} damages;

void damages_keep(damages *d, const legacy_damage *bad); /* copies it */
/* Writes all to migration.load_error under this load, in the transaction at hand. */
bool damages_write(const damages *d, store *db, const catalog *c, const char *load, stop *s, err *e);
void damages_drop(damages *d); /* empties it, keeping its memory */
void damages_done(damages *d);

#endif
