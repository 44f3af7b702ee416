/* generate: inside the generator: how a document gets out, and how values were spelt over the years. */
#ifndef SHOWX_DEMO_GENERATE_H
#define SHOWX_DEMO_GENERATE_H

#include "demo/doc.h"
#include "demo/world.h"

typedef struct gen gen;
struct gen {
    world w;
    struct out {
        int fd;
        char *path;
        buf buf;
    } documents[MODEL_COUNT], changes;
    int64_t seq, done, expected;
    demo_planted planted;
    demo_progress progress;
    stop *stop;
    err *e;
    bool failed;
};

/* Writes the members of a document. arg is its subject. */
typedef void (*gen_shape)(gen *g, doc *d, const void *arg);

/* One document through its fate: into its model's file, the change log, or both; what its last version holds
 * is counted. index is its place in the model, path what stands after /documents/. False when writing failed
 * or was stopped: g->e is set. */
bool gen_emit(gen *g, mess_model m, const char *path, uint64_t index, plan p, int64_t created_us,
              gen_shape shape, const void *arg);

bool make_places(gen *g);   /* cities, artists, venues */
bool make_fans(gen *g);     /* fans, follows */
bool make_concerts(gen *g); /* concerts, ticketTypes */
void fan_path(const gen *g, uint64_t fan, char out[96]);
void fan_name(const gen *g, uint64_t fan, char out[128]);
void fan_address(const gen *g, uint64_t fan, char out[96]);
bool make_orders(gen *g);
bool make_tours(gen *g);
bool make_bookings(gen *g);

/* ---- spelling ---- */

/* A document that has its parents' loss to tell and nothing else. */
plan plan_lost(const gen *g, plan p, mess_id lost);
bool plan_blocked(const gen *g, mess_model m, plan p);

typedef enum { TIME_STAMP, TIME_MS, TIME_S, TIME_ISO, TIME_PLAIN, TIME_SLASH } time_form;
time_form spell_time_form(doc *d); /* as usual in the document's era */
void spell_time(doc *d, const char *key, int64_t us,
                time_form form); /* us: whole minutes for TIME_PLAIN, TIME_SLASH */
void spell_time_usual(doc *d, const char *key, int64_t us);
void spell_bad_time(doc *d, const char *key);

/* Where a document's city stands and how well. */
typedef enum { CITY_FINE, CITY_GUESSED, CITY_NOWHERE } city_state;
void spell_city(gen *g, doc *d, const char *key, uint32_t place, city_state state);
uint32_t spell_misspellable(const gen *g,
                            uint32_t place); /* the place, or one near it in the list that can be misspelt */

void spell_yes(doc *d, const char *key, bool yes, bool text); /* text: as text or number */
void spell_email(doc *d, const char *key, const char *address, bool mixed);
void spell_bad_email(doc *d, const char *key);
void spell_bad_currency(doc *d, const char *key);
void spell_control(doc *d, const char *key, const char *name); /* with control characters inside */
void spell_phone(doc *d, const char *key, const char *country, bool *ret_national);
void spell_parent(doc *d, const char *c, const char *b, const char *a,
                  const char *path); /* reference, "ID", by era */
/* The key of the era. */
const char *spell_key(const doc *d, const char *c, const char *b, const char *a);

typedef enum { MONEY_MAP, MONEY_CENTS, MONEY_NUMBER, MONEY_TEXT } money_form;
/* bare: without a currency inside. */
money_form spell_money_form(doc *d, bool bare);
void spell_money(doc *d, const char *key, const char *key_cents, int64_t minor, const char *currency,
                 money_form form, bool bare);
unsigned spell_digits(const char *currency);

#endif
