/* private: what the files of plan/ share among themselves. */
#ifndef SHOWX_PLAN_PRIVATE_H
#define SHOWX_PLAN_PRIVATE_H

#include "base/json.h"
#include "demand/demand.h"
#include "plan/plan.h"

#include <jansson.h>

enum { DAY_NONE = INT32_MIN, US_A_DAY_H = 24 };
#define US_A_DAY INT64_C(86400000000)

/* ---- words.c: dates, hours and money in sentences ---- */
void word_date(int32_t day, char out[32]);      /* "14 March 2027" */
void word_day(int32_t day, char out[32]);       /* "14 March" */
const char *word_weekday(int32_t day);          /* "Sun" */
void word_hours(int32_t minutes, char out[16]); /* "6.4" */
void word_list(buf *out, size_t i, size_t n);   /* what stands before item i of n: "", ", " or " and " */

/* ---- reading JSON: the first thing that is wrong becomes the sentence, the rest reads as 0 ---- */
typedef struct json_reader {
    const char *what; /* "request", "plan" */
    err *e;
    bool ok;
} json_reader;
json_t *read_root(const char *text, json_reader *r); /* an object, or NULL with e set */
int64_t read_int(json_reader *r, const json_t *o, const char *key, int64_t least, int64_t most);
double read_real(json_reader *r, const json_t *o, const char *key);
bool read_bool(json_reader *r, const json_t *o, const char *key);
const char *read_text(json_reader *r, const json_t *o, const char *key, bool may_be_null);
void read_fixed(json_reader *r, const json_t *o, const char *key, char *out, size_t size);
int32_t read_day(json_reader *r, const json_t *o, const char *key, bool may_be_null);
const json_t *read_array(json_reader *r, const json_t *o, const char *key, size_t most);
const json_t *read_object(json_reader *r, const json_t *o, const char *key);
bool read_bad(json_reader *r, const char *key, const char *wants);

void request_write(const plan_request *r, json_out *j);
bool request_read(json_reader *r, const json_t *o, plan_request *ret);
void json_day(json_out *j, int32_t day); /* "2027-03-01", or null for DAY_NONE */

/* ---- figures.c: the editable settings (queries/plan_prices.sql), in the artist's currency ---- */
typedef struct plan_figures {
    int64_t merch_per_head, show_cost, ticket_price;
    int32_t percentage, expense_share; /* 1/10000: the artist's share of net; expenses of gross */
    int32_t chance_first, chance_second, chance_later, chance_open, chance_open_1, chance_open_2,
        chance_offer;
    int64_t weekday[7], hold_expiring; /* money, Sunday first */
    int32_t fade_days, follow_miles, market_km;
    tour_limits limits;
    tour_prices prices;
} plan_figures;

typedef struct plan_rate {
    char currency[4], as_of[16];
    int64_t millionths; /* of a US dollar, for one unit */
} plan_rate;

typedef struct plan_rates {
    plan_rate rows[64];
    size_t n;
} plan_rates;
/* An amount in minor units of one currency in another's; false (ret untouched) where a rate is missing. */
bool rates_convert(const plan_rates *r, int64_t amount, const char *from, const char *to, int64_t *ret);

/* ---- what was read ---- */
typedef struct plan_venue {
    char *id, *name, *city_id, currency[4];
    size_t place; /* row of the cities */
    double latitude, longitude;
    int32_t capacity;
} plan_venue;

typedef enum { AVAIL_HOLD, AVAIL_OFFER, AVAIL_CONFIRMED } avail_kind;

typedef struct plan_avail { /* somebody's date at a venue */
    int32_t venue, day;     /* row of venues */
    avail_kind kind;
    int32_t rank;
    bool mine, challenged;
    int64_t expires_us;
    char *booking_id, *who;      /* who: the artist, where we may know */
    int64_t guarantee, expenses; /* in the artist's currency; -1 = not said */
    int32_t percentage;          /* -1 = not said */
} plan_avail;

typedef struct plan_rule { /* a radius clause: a confirmed booking's (day known) or a venue's own */
    int32_t venue;         /* row of venues, or TOUR_NONE where it is not among them */
    double latitude, longitude;
    int32_t day; /* DAY_NONE: whenever one plays there */
    int32_t miles, before, after;
    bool forbid, tentative; /* tentative: of a hold or an offer, so it counts only where the plan plays it */
    char *booking_id, *label; /* label: the venue's name */
} plan_rule;

typedef struct plan_black {
    int32_t venue; /* TOUR_NONE: the artist */
    int32_t from, until;
    char *reason;
} plan_black;

typedef struct plan_anchor {
    size_t place;
    int32_t day;
    char *what;
} plan_anchor;

typedef struct plan_road {
    size_t a, b; /* rows of the cities */
    int32_t metres, minutes;
} plan_road;

typedef struct plan_data {
    char artist_id[64], *artist, currency[4];
    size_t home; /* row of the cities, or SIZE_MAX */
    int32_t from, until, today;
    char countries[64];
    plan_venue *venues;
    size_t nvenues, capvenues;
    plan_avail *avails;
    size_t navails, capavails;
    plan_rule *rules;
    size_t nrules, caprules;
    plan_black *blacks;
    size_t nblacks, capblacks;
    plan_anchor *anchors;
    size_t nanchors, capanchors;
    plan_road *roads;
    size_t nroads, caproads;
    plan_figures figures;
    plan_rates rates;
    char **notes; /* sentences about the data: rates that were used, rooms without a place */
    size_t nnotes, capnotes;
    demand_model *demand;
    demand_cell *cells; /* the artist's own */
    size_t ncells;
    demand_show *shows;
    size_t nshows;
    double *latitudes, *longitudes; /* of all places, for the model */
    int64_t *population;
    size_t nplaces;
    int64_t read_at;
    char source[128];
} plan_data;

bool data_read(store *s, const catalog *c, const cities *places, const plan_request *r, plan_data *d,
               stop *halt, err *e);
bool demand_read(store *s, const catalog *c, const cities *places, plan_data *d, stop *halt, err *e);
void data_done(plan_data *d);
void data_note(plan_data *d, char *sentence); /* takes it; once each */

/* A named query into a rowset. */
bool plan_fetch(store *s, const catalog *c, const char *name, const query_value *values, size_t n,
                size_t most, rowset **ret, stop *halt, err *e);
const char *cell_of(const rowset *r, size_t row,
                    const char *column); /* NULL for null; the column must be there */
int64_t cell_int(const rowset *r, size_t row, const char *column, int64_t otherwise);
double cell_real(const rowset *r, size_t row, const char *column, double otherwise);
bool cell_true(const rowset *r, size_t row, const char *column);
int32_t cell_day(const rowset *r, size_t row, const char *column);
bool figures_read(store *s, const catalog *c, const char *artist_id, const char *currency, plan_figures *ret,
                  plan_rates *rates, stop *halt, err *e);

/* ---- the question made of it ---- */
typedef enum {
    WHY_NONE,
    WHY_CONFIRMED, /* by another artist: a = avail */
    WHY_BLACK,     /* a = black */
    WHY_PAST,
    WHY_RULE, /* a = rule */
    WHY_AVOID,
} why_kind;

typedef struct slot_more { /* beside each slot of the problem */
    uint8_t why;
    int32_t a;      /* what of */
    int32_t avail;  /* our own booking, or TOUR_NONE */
    int32_t others; /* holds that stand before ours, or before the one we would place */
    int64_t gross, payout;
} slot_more;

typedef struct plan_market {
    size_t place;
    char *label; /* "Denver" */
} plan_market;

struct plan_input {
    plan_data data;
    const cities *places; /* borrowed */
    plan_request request;
    tour_problem *problem;
    plan_market *markets;
    size_t nmarkets;
    int32_t *venue_row; /* [problem's venue] -> row of data.venues, or TOUR_NONE: a room to be found */
    int32_t *row_venue; /* [row of data.venues] -> problem's venue, or TOUR_NONE */
    slot_more *more;    /* [slot] */
    plan_pin *pins;     /* as many as the problem's: the request's, then the confirmed shows */
    int64_t price;      /* of a ticket */
};

bool build(plan_input *in, err *e); /* data + request -> problem and the arrays beside it */
void build_done(plan_input *in);
int32_t market_of_city(const plan_input *in, const char *city_id); /* TOUR_NONE */
bool slot_avoided(const plan_input *in, int32_t slot);             /* the request would not have it */
int32_t slot_of(const plan_input *in, int32_t venue, int16_t day);
void say_blocked(const plan_input *in, int32_t slot,
                 buf *out); /* "blocked on 14 March by Luna's confirmed show" */

/* ---- say.c: what sentences are made of; each appends ---- */
const char *market_name(const plan_input *in, int32_t market);
void say_stop(const plan_input *in, int32_t slot, buf *out); /* "Denver on 14 March" */
void say_pin(const plan_input *in, int32_t pin, buf *out);   /* the same, or "Denver" */
void say_money(const plan_input *in, int64_t amount, buf *out);
void say_hours(int64_t minutes, buf *out); /* "6.4 h" */

/* ---- money of a show ---- */
typedef struct plan_deal {
    int64_t guarantee, expenses; /* expenses -1: a share of the gross */
    int32_t percentage, expense_share;
    int64_t merch_per_head, show_cost, price;
} plan_deal;
plan_deal deal_of(const plan_input *in, const plan_avail *own);
int64_t deal_payout(const plan_deal *d, int64_t gross);
int64_t deal_net(const plan_deal *d, double tickets);
/* Expected tickets, payout and net, and mean - p10 of net. */
void deal_expect(const plan_deal *d, const demand_estimate *e, int32_t capacity, int64_t *ret_gross,
                 int64_t *ret_payout, int64_t *ret_net, int64_t *ret_risk);

#endif
