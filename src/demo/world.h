/* world: what the made-up world is like, before any document of it is written: who plays where and when, what
 * will be missing, and what children must know of their parents.
 *
 * Everything is a function of (seed, model, index), drawn from a stream of its own, so that a child can ask
 * what became of its parent without the parent's document: world_plan() gives the same answer to everybody.
 */
#ifndef SHOWX_DEMO_WORLD_H
#define SHOWX_DEMO_WORLD_H

#include "base/err.h"
#include "base/rng.h"
#include "demo/demo.h"
#include "demo/keyset.h"
#include "demo/places.h"
#include "demo/words.h"
#include <stdbool.h>
#include <stdint.h>

#define DAY_US INT64_C(86400000000)
#define NOT_ONE UINT32_MAX

/* What happens to a document after the documents' folder was written. */
typedef enum {
    FATE_STAYS,
    FATE_DELETED,      /* a delete in the change log */
    FATE_BORN_DELETED, /* set and deleted, both in the log */
    FATE_UPDATED,      /* another version of it in the folder, this one in the log */
    FATE_BORN_LATE,    /* in the log only */
    FATE_STALE,        /* an older version comes late, in the log */
    FATE_REPEATED,     /* set twice in the log, the same */
} fate;

typedef struct plan {
    uint64_t kinds; /* bit = mess_id - first of the model */
    fate fate;
} plan;

typedef struct artist {
    uint32_t home;   /* place */
    uint32_t price;  /* cents of a dollar, a usual ticket */
    uint32_t weight; /* popularity */
    uint8_t genres[3];
    uint8_t ngenres;
    bool bad; /* no row in the end */
} artist;

typedef struct venue {
    uint32_t place, capacity;
    bool bad;
} venue;

typedef enum {
    SHOW_DRAFT,
    SHOW_ANNOUNCED,
    SHOW_ON_SALE,
    SHOW_SOLD_OUT,
    SHOW_CANCELLED,
    SHOW_POSTPONED,
    SHOW_PLAYED
} show;

typedef struct concert {
    uint32_t artist, venue, tour; /* tour NOT_ONE: a single date */
    int32_t day, sale_day;
    int16_t minute; /* local */
    uint8_t status;
    bool bad;
    uint64_t orders_before; /* orders of all concerts in front of it */
} concert;

typedef struct tour {
    uint32_t artist, first, n; /* concerts first .. first + n - 1 */
    bool bad;
} tour;

typedef struct world {
    uint64_t seed;
    int32_t today;
    places places;
    artist *artists;
    venue *venues;
    concert *concerts;
    tour *tours;
    size_t ncities, nartists, nvenues, nfans, nconcerts, ntours, norders, nbookings;
    bool *city_bad;         /* by place: its document gives no row of that place */
    uint64_t *fan_ends;     /* by place: fans of this and all places in front */
    uint32_t *venue_starts; /* by place: first in venue_order */
    uint32_t *venue_order;
    uint64_t *artist_ends;          /* weights added up */
    keyset artist_days, venue_days; /* what is taken */
    mess_id first[MODEL_COUNT + 1];
    uint64_t blocking[MODEL_COUNT], warning[MODEL_COUNT]; /* masks */
} world;

bool world_init(world *w, const demo_spec *spec, err *e);
void world_done(world *w);

/* A stream of its own for each purpose. */
typedef enum { DRAW_PLAN = 1, DRAW_SHAPE, DRAW_WORLD, DRAW_PERSON, DRAW_ID, DRAW_TIME, DRAW_ALT } draw;
void world_rng(const world *w, rng *r, draw purpose, mess_model m, uint64_t index);

plan world_plan(const world *w, mess_model m, uint64_t index);
/* Another version's mess: clean where the last one is blocked, blocked where it is clean. */
uint64_t world_alt(const world *w, mess_model m, uint64_t index, uint64_t kinds);
bool world_gone(fate f);                                     /* ends as a tombstone */
bool world_bad(const world *w, mess_model m, const plan *p); /* blocked or gone */
uint64_t world_bit(const world *w, mess_id kind);

/* 20 letters and digits; out >= 24 bytes. */
void world_id(const world *w, mess_model m, uint64_t index, char out[24]);
/* "artists/" and the like, and the id, out >= 64 bytes. An id that was never given: index WORLD_NEVER +
 * anything. */
#define WORLD_NEVER (UINT64_C(1) << 39)
void world_path(const world *w, mess_model m, uint64_t index, char out[64]);
void world_city_id(const world *w, uint64_t index, char out[64]);

uint32_t world_fan_place(const world *w, uint64_t fan);
bool world_fan_bad(const world *w, uint64_t fan);
void world_person(const world *w, uint64_t fan, person *ret);
void world_artist_name(const world *w, uint32_t artist, char out[96]);
uint32_t world_some_artist(const world *w, rng *r); /* by popularity */
/* 0 .. 1000: how much this city likes that artist. */
unsigned world_liking(const world *w, uint32_t place, uint32_t artist);

int64_t world_concert_start(const world *w, const concert *c);             /* UTC, us */
unsigned world_types(const world *w, uint32_t concert);                    /* how many ticket types */
int64_t world_type_price(const world *w, uint32_t concert, unsigned type); /* minor units */
const char *world_type_id(unsigned type);
const char *world_concert_currency(const world *w, const concert *c);

/* Takes the day for both, or says false. */
bool world_take_day(world *w, uint32_t artist, uint32_t venue, int32_t day);
bool world_venue_free(const world *w, uint32_t venue, int32_t day);
bool world_artist_free(const world *w, uint32_t artist, int32_t day);

#endif
