/* plan: from the store to the pure rooms and back. Reads the places, an artist's demand, avails and rules by named queries, makes
 * the tour problem of them, and turns the solver's answer into words, rows, files and holds. The same for `showx tour ...`, for
 * the console and, through a SQLite snapshot, offline. Knows store.h, catalog, city, demand and tour; draws nothing and prints
 * nothing. Everything here may take long: call it from a worker, with a stop.
 *
 * A plan_input is one artist's question with all it was answered from (and the moment it was read); it owns its problem. A
 * plan_doc is a plan in words: what screens draw, --json writes and the database keeps; it does not need the input any more. */
#ifndef SHOWX_PLAN_PLAN_H
#define SHOWX_PLAN_PLAN_H

#include "base/buf.h"
#include "base/err.h"
#include "catalog/catalog.h"
#include "city/city.h"
#include "store/store.h"
#include "tour/tour.h"

/* ---- places for everybody ---- */
/* The city index from the store, or, where the store has none yet, the carried gazetteer. ret_version: the data's version (queries/city_version.sql), to know
 * when to read again. */
bool plan_cities(store *s, const catalog *c, cities **ret, int64_t *ret_version, stop *halt, err *e);
void plan_city_id(const cities *places, size_t at,
                  char out[32]); /* the row's key, as requests and docs carry it */

/* ---- a question ---- */
typedef struct plan_pin {
    char city_id[32], venue_id[64]; /* venue "" = any */
    int32_t day;                    /* since 1970; INT32_MIN = any day */
} plan_pin;

enum { PLAN_PINS_MOST = 64 };

typedef struct plan_request {
    char artist_id[64];
    int32_t from, until;     /* days since 1970, both in the window */
    char start[32], end[32]; /* city ids, "" = none */
    tour_limits limits;
    tour_prices prices;
    int32_t reach_km;     /* venues farther from any fan than this are left out; 0 = all */
    char countries[64];   /* "US CA", "" = any */
    bool any_city;        /* also cities with demand but without a known venue ("room to be found") */
    int32_t ticket_price; /* minor units; 0 = the artist's own mean */
    plan_pin pins[PLAN_PINS_MOST], avoid[PLAN_PINS_MOST]; /* avoid: venue and day may narrow it */
    size_t npins, navoid;
} plan_request;

/* Defaults from the artist's last tour: window of the same length from four weeks ahead, start and end at home (or its first and
 * last stop), at most a fifth more shows, no longer runs; tour_defaults and the prices of queries/plan_prices.sql else. */
bool plan_defaults(store *s, const catalog *c, const char *artist_id, plan_request *ret, stop *halt, err *e);
/* "7h" (7.5h, 7h30, 450min), "5:1" (show days on end : free days in seven), "10-18", "CITY@2027-03-04" (day optional): ERR_USAGE sentences. */
bool plan_parse_hours(const char *text, int32_t *ret_minutes, err *e);
bool plan_parse_rest(const char *text, tour_limits *l, err *e);
bool plan_parse_shows(const char *text, tour_limits *l, err *e);
/* "US,CA": two letters each, with a city known in them (places may be NULL); "all" is "". */
bool plan_parse_countries(const cities *places, const char *text, char ret[64], err *e);
bool plan_parse_pin(const cities *places, const char *text, plan_pin *ret, err *e);
void plan_request_json(const plan_request *r, buf *out);
bool plan_request_parse(const char *json, plan_request *ret,
                        err *e); /* what plan_request_json wrote; saved plans carry it */
/* Windows back to front or too long, pins outside the window or against each other or against what is to be avoided: ERR_USAGE naming the cities. */
bool plan_request_check(const plan_request *r, const cities *places, err *e);

typedef struct plan_input plan_input;
bool plan_load(store *s, const catalog *c, const cities *places, const plan_request *r, plan_input **ret,
               stop *halt, err *e);
void plan_input_free(plan_input *in);
/* Another question on the same data, without reading anything (a pin, a limit): false with a sentence when it needs data that
 * was not read (another artist or window). */
bool plan_again(plan_input *in, const plan_request *r, err *e);
const tour_problem *plan_problem(const plan_input *in);
const plan_request *plan_asked(const plan_input *in);
int64_t plan_read_at(const plan_input *in); /* us */
const char *plan_currency(const plan_input *in);

/* ---- a plan in words ---- */
typedef struct plan_leg {
    int32_t minutes, metres, days, limit; /* limit: minutes allowed for these days: "6.4 of 7.0 h" */
    int64_t cost;
} plan_leg;

typedef struct plan_stop {
    int32_t slot, day; /* day since 1970 */
    char city_id[32], venue_id[64];
    char *city, *region, *country, *venue; /* owned by the doc */
    double latitude, longitude;
    int32_t capacity, low, mid, high, fans, shared_fans, chance,
        sells_out;         /* chances in 1/10000; fans within 60 miles, of these served by another stop too */
    int32_t shows, buyers; /* what the demand rests on */
    double raw, shrunk;
    int64_t gross, payout, net, risk;
    slot_state state;
    int32_t rank;
    int64_t expires_us; /* hold's end; 0 = none */
    bool pinned, appearance, challenged;
    char booking_id[64];
    char *note,
        *fallback; /* "hold 1 expires in 2 days; The Copper Room on the 14th is the ready fallback", or NULL */
    plan_leg leg;  /* to get here */
} plan_stop;

typedef struct plan_doc {
    char artist_id[64], *artist, currency[4];
    plan_request request;
    plan_stop *stops;
    size_t n;
    plan_leg home;     /* to the end place */
    char *start, *end; /* labels, or NULL */
    double start_at[2], end_at[2];
    uint8_t *days; /* [window] plan_day */
    int32_t window;
    tour_terms terms;
    int64_t low, mid, high;          /* of the whole tour's net, with the shared shock */
    int64_t fixed_costs, break_even; /* tickets a show it takes to earn the costs back */
    int64_t day_off;                 /* what an idle day costs */
    int64_t iterations;
    double seconds;
    bool complete;
    char **
        conflicts; /* radius circles with dates, holds near expiry, rates of exchange used ...: one sentence each */
    size_t nconflicts;
    tour_plan
        plan; /* in the input's slots; empty in a doc that was opened or parsed (plan_into finds them again) */
    /* Not in the JSON, which is the same for the same plan: */
    int64_t read_us;         /* when its data was read; 0 = unknown */
    char source[128];        /* where it was read: the server's word for itself */
    char plan_id[64], *name; /* of a kept plan; "" and NULL else */
    int64_t version;
} plan_doc;

typedef enum {
    PLAN_OFF,
    PLAN_SHOW,
    PLAN_DRIVE,
    PLAN_HELD,
    PLAN_BLOCKED,
    PLAN_APPEARANCE,
    PLAN_HOME
} plan_day;

/* low, mid, high: p10, p50 and p90 of what the tour makes (the shows' net less its legs) if every one of its dates comes about. terms.total
 * weighs each show by its chance besides. */
void plan_describe(const plan_input *in, const tour_plan *t, double seconds, plan_doc *ret);
/* A doc's stops as slots of this input (for tour_effort.from, plan_why): those that are not there any more are left out, and
 * named in ret_say (may be NULL), one sentence a line. True when all are there and the plan keeps every rule. */
bool plan_into(const plan_input *in, const plan_doc *d, tour_plan *ret, buf *ret_say);
/* Where in the plan the city is played, SIZE_MAX = nowhere: a city counts for the market it belongs to (Round Rock is Austin). */
size_t plan_stop_of(const plan_input *in, const tour_plan *t, const char *city_id);
/* A day's word for screens and files: "off", "show", "drive", "held", "blocked", "appearance", "home". */
const char *plan_day_word(uint8_t day);
void plan_doc_done(plan_doc *d);
void plan_doc_json(const plan_doc *d, buf *out);              /* byte-identical for the same plan */
bool plan_doc_parse(const char *json, plan_doc *ret, err *e); /* for saved plans */
/* Sentences: why there is none, why a stop is in, why a city is not. */
void plan_say_trouble(const plan_input *in, const tour_trouble *t, buf *out);
bool plan_why(const plan_input *in, const tour_plan *t, size_t at, const tour_effort *effort, buf *out,
              buf *json, err *e);
bool plan_why_not(const plan_input *in, const tour_plan *t, const char *city_id, const tour_effort *effort,
                  buf *out, buf *json, err *e);

/* ---- files ---- */
void plan_ical(const plan_doc *d, buf *out); /* RFC 5545, whole days, UIDs stable by plan and day */
void plan_csv(const plan_doc *d, buf *out);  /* RFC 4180, a line a day */
void plan_sheet(const plan_doc *d,
                buf *out); /* a routing sheet to print: 80 columns of plain text, pages by form feed */
/* Two plans day by day, as text of `columns` columns and as JSON (either may be NULL). */
void plan_compare(const plan_doc *a, const plan_doc *b, int columns, buf *text, buf *json);

/* ---- kept plans (tables tour_plan, tour_plan_version, tour_plan_stop) ---- */
/* plan_id NULL makes one. expected_version: what the person saw (0 for a new one); ERR_CONFLICT when somebody else saved meanwhile. */
bool plan_save(store *s, const catalog *c, const plan_doc *d, const char *plan_id, int64_t expected_version,
               const char *name, const char *reason, char ret_plan_id[64], int64_t *ret_version, stop *halt,
               err *e);
bool plan_open(store *s, const catalog *c, const char *plan_id, int64_t version /* 0 = newest */,
               plan_doc *ret, stop *halt, err *e);
/* The same plan on data as it is now: input, and the plan repaired into it (ERR_MISSING with the sentence when it cannot be). */
bool plan_share(store *s, const catalog *c, const char *plan_id, const char *login, const char *reason,
                stop *halt, err *e);
/* A hold for every stop that has none, all or nothing, by the bookings' rules. ret_say: one line a stop. */
bool plan_hold(store *s, const catalog *c, const char *plan_id, int64_t version,
               int64_t expires_us /* 0 = none */, const char *reason, buf *ret_say, stop *halt, err *e);

#endif
