/* demo: the made-up old database (a file: folder, see legacy/file.h) and the demo's own private Postgres.
 *
 * The old database is as messy as ten years of a live platform make it (mess.h, shapes.h), and still the same
 * to the byte for the same seed, scale and today, on any machine: no clock, no locale, no libm function whose
 * last bit may differ. It is written as a stream: what stays in memory is what children must know of their
 * parents (some 40 bytes a concert), never documents. */
#ifndef SHOWX_DEMO_DEMO_H
#define SHOWX_DEMO_DEMO_H

#include "base/err.h"
#include "base/job.h"
#include "demo/mess.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct demo_spec {
    const char *dir; /* made if it is not there; an old database in it is replaced */
    uint64_t seed;
    double scale; /* 1 = 300 artists, 400 venues, 20,000 fans, 3,000 concerts, 60,000 orders; 0.01 .. 1000 */
    const char *today; /* "YYYY-MM-DD", NULL = DEMO_TODAY: what is past and what is to come */
} demo_spec;

#define DEMO_TODAY "2026-11-22"

/* Told now and then from the calling thread. total is an estimate. what: "fans", "orders", ... */
typedef struct demo_progress {
    void (*told)(void *ctx, int64_t done, int64_t total, const char *what); /* NULL: nobody wants to know */
    void *ctx;
} demo_progress;

/* What must come out when all of it went through the models: also written as DIR/planted.json. */
typedef struct demo_planted {
    struct {
        int64_t documents; /* distinct paths, tombstones included: projected + quarantined + tombstones */
        int64_t projected, quarantined, tombstones;
        int64_t warnings; /* issues of severity warning; they stand on projected documents only */
    } models[MODEL_COUNT];
    int64_t kinds[MESS_COUNT];
    int64_t lines, changes; /* lines in documents/, lines in changes.ndjson */
} demo_planted;

/* Writes manifest.json, documents/, changes.ndjson and planted.json; the manifest comes last, so that a
 * folder that was cut short is not taken for a database. ret and s may be NULL. */
bool demo_generate(const demo_spec *spec, demo_progress progress, demo_planted *ret, stop *s, err *e);

#endif
