/* A plan in words as JSON and back. What is written depends on the plan alone, not on when or how fast it was made, so that the same
 * plan is the same bytes. */
#include "plan/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

enum { SENTENCES_MOST = 4096 };

static const char *const DAYS[] = {"off", "show", "drive", "held", "blocked", "appearance", "home"};
static const char *const STATES[] = {"open", "held", "confirmed", "blocked"};

const char *plan_day_word(uint8_t day)
{
    return day < sizeof DAYS / sizeof *DAYS ? DAYS[day] : "";
}

static void put_str(json_out *j, const char *key, const char *text)
{
    json_key(j, key);
    json_str(j, text);
}

static void put_int(json_out *j, const char *key, int64_t n)
{
    json_key(j, key);
    json_int(j, n);
}

static void put_real(json_out *j, const char *key, double x)
{
    json_key(j, key);
    json_double(j, x);
}

static void put_bool(json_out *j, const char *key, bool b)
{
    json_key(j, key);
    json_bool(j, b);
}

static void put_time(json_out *j, const char *key, int64_t us)
{
    char text[32];
    if (us)
        time_format(us, text);
    put_str(j, key, us ? text : NULL);
}

static void write_leg(json_out *j, const char *key, const plan_leg *l)
{
    json_key(j, key);
    json_open(j, '{');
    put_int(j, "minutes", l->minutes);
    put_int(j, "metres", l->metres);
    put_int(j, "days", l->days);
    put_int(j, "limit", l->limit);
    put_int(j, "cost", l->cost);
    json_close(j, '}');
}

static void write_stop(json_out *j, const plan_stop *s)
{
    json_open(j, '{');
    json_key(j, "date");
    json_day(j, s->day);
    put_str(j, "city_id", s->city_id);
    put_str(j, "venue_id", s->venue_id);
    put_str(j, "city", s->city);
    put_str(j, "region", s->region);
    put_str(j, "country", s->country);
    put_str(j, "venue", s->venue);
    put_real(j, "latitude", s->latitude);
    put_real(j, "longitude", s->longitude);
    put_int(j, "capacity", s->capacity);
    put_int(j, "low", s->low);
    put_int(j, "mid", s->mid);
    put_int(j, "high", s->high);
    put_int(j, "fans", s->fans);
    put_int(j, "shared_fans", s->shared_fans);
    put_int(j, "chance", s->chance);
    put_int(j, "sells_out", s->sells_out);
    put_int(j, "shows", s->shows);
    put_int(j, "buyers", s->buyers);
    put_real(j, "raw", s->raw);
    put_real(j, "shrunk", s->shrunk);
    put_int(j, "gross", s->gross);
    put_int(j, "payout", s->payout);
    put_int(j, "net", s->net);
    put_int(j, "risk", s->risk);
    put_str(j, "state", STATES[s->state]);
    put_int(j, "rank", s->rank);
    put_time(j, "expires_at", s->expires_us);
    put_bool(j, "pinned", s->pinned);
    put_bool(j, "appearance", s->appearance);
    put_bool(j, "challenged", s->challenged);
    put_str(j, "booking_id", s->booking_id);
    put_str(j, "note", s->note);
    put_str(j, "fallback", s->fallback);
    write_leg(j, "leg", &s->leg);
    json_close(j, '}');
}

static void write_terms(json_out *j, const tour_terms *t)
{
    json_key(j, "terms");
    json_open(j, '{');
    put_int(j, "total", t->total);
    put_int(j, "worth", t->worth);
    put_int(j, "legs", t->legs);
    put_int(j, "late", t->late);
    put_int(j, "rest", t->rest);
    put_int(j, "overlap", t->overlap);
    put_int(j, "warn", t->warn);
    put_int(j, "change", t->change);
    put_int(j, "costs", t->costs);
    put_int(j, "metres", t->metres);
    put_int(j, "minutes", t->minutes);
    put_int(j, "idle_days", t->idle_days);
    put_int(j, "nights", t->nights);
    put_int(j, "shows", t->shows);
    json_close(j, '}');
}

static void write_place(json_out *j, const char *key, const char *label, const double at[2])
{
    json_key(j, key);
    if (!label) {
        json_none(j);
        return;
    }
    json_open(j, '{');
    put_str(j, "city", label);
    put_real(j, "latitude", at[0]);
    put_real(j, "longitude", at[1]);
    json_close(j, '}');
}

void plan_doc_json(const plan_doc *d, buf *out)
{
    json_out j;
    json_init(&j, out);
    json_open(&j, '{');
    put_str(&j, "artist_id", d->artist_id);
    put_str(&j, "artist", d->artist);
    put_str(&j, "currency", d->currency);
    write_terms(&j, &d->terms);
    put_int(&j, "low", d->low);
    put_int(&j, "mid", d->mid);
    put_int(&j, "high", d->high);
    put_int(&j, "fixed_costs", d->fixed_costs);
    put_int(&j, "break_even", d->break_even);
    put_int(&j, "day_off", d->day_off);
    put_int(&j, "iterations", d->iterations);
    put_bool(&j, "complete", d->complete);
    write_place(&j, "start", d->start, d->start_at);
    json_key(&j, "stops");
    json_open(&j, '[');
    for (size_t i = 0; i < d->n; i++)
        write_stop(&j, &d->stops[i]);
    json_close(&j, ']');
    write_place(&j, "end", d->end, d->end_at);
    write_leg(&j, "home", &d->home);
    json_key(&j, "days");
    json_open(&j, '[');
    for (int32_t i = 0; i < d->window; i++)
        json_str(&j, plan_day_word(d->days[i]));
    json_close(&j, ']');
    json_key(&j, "conflicts");
    json_open(&j, '[');
    for (size_t i = 0; i < d->nconflicts; i++)
        json_str(&j, d->conflicts[i]);
    json_close(&j, ']');
    json_key(&j, "request");
    request_write(&d->request, &j);
    json_close(&j, '}');
}

void plan_doc_done(plan_doc *d)
{
    for (size_t i = 0; i < d->n; i++) {
        plan_stop *s = &d->stops[i];
        free(s->city);
        free(s->region);
        free(s->country);
        free(s->venue);
        free(s->note);
        free(s->fallback);
    }
    for (size_t i = 0; i < d->nconflicts; i++)
        free(d->conflicts[i]);
    free(d->artist);
    free(d->name);
    free(d->stops);
    free(d->start);
    free(d->end);
    free(d->days);
    free(d->conflicts);
    tour_plan_done(&d->plan);
    *d = (plan_doc){0};
}

/* ---- and back ---- */

static const int64_t MONEY_MOST = INT64_C(4000000000000000000);

static int64_t money(json_reader *r, const json_t *o, const char *key)
{
    return read_int(r, o, key, -MONEY_MOST, MONEY_MOST);
}

static int32_t count(json_reader *r, const json_t *o, const char *key)
{
    return (int32_t)read_int(r, o, key, INT32_MIN, INT32_MAX);
}

static uint8_t word_in(json_reader *r, const char *key, const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return (uint8_t)i;
    read_bad(r, key, "has a word that is not known");
    return 0;
}

static void read_leg(json_reader *r, const json_t *o, const char *key, plan_leg *ret)
{
    const json_t *l = read_object(r, o, key);
    ret->minutes = count(r, l, "minutes");
    ret->metres = count(r, l, "metres");
    ret->days = count(r, l, "days");
    ret->limit = count(r, l, "limit");
    ret->cost = money(r, l, "cost");
}

static int64_t read_time(json_reader *r, const json_t *o, const char *key)
{
    const char *text = read_text(r, o, key, true);
    int64_t us = 0;
    if (text && !time_parse(text, &us, NULL))
        read_bad(r, key, "is no instant such as 2027-03-14T18:00:00Z");
    return us;
}

static void read_demand(json_reader *r, const json_t *o, plan_stop *s)
{
    s->capacity = count(r, o, "capacity");
    s->low = count(r, o, "low");
    s->mid = count(r, o, "mid");
    s->high = count(r, o, "high");
    s->fans = count(r, o, "fans");
    s->shared_fans = count(r, o, "shared_fans");
    s->chance = count(r, o, "chance");
    s->sells_out = count(r, o, "sells_out");
    s->shows = count(r, o, "shows");
    s->buyers = count(r, o, "buyers");
    s->raw = read_real(r, o, "raw");
    s->shrunk = read_real(r, o, "shrunk");
    s->gross = money(r, o, "gross");
    s->payout = money(r, o, "payout");
    s->net = money(r, o, "net");
    s->risk = money(r, o, "risk");
}

static void read_stop(json_reader *r, const json_t *o, plan_stop *s)
{
    s->slot = TOUR_NONE;
    s->day = read_day(r, o, "date", false);
    read_fixed(r, o, "city_id", s->city_id, sizeof s->city_id);
    read_fixed(r, o, "venue_id", s->venue_id, sizeof s->venue_id);
    s->city = mem_str(read_text(r, o, "city", true));
    s->region = mem_str(read_text(r, o, "region", true));
    s->country = mem_str(read_text(r, o, "country", true));
    s->venue = mem_str(read_text(r, o, "venue", true));
    s->latitude = read_real(r, o, "latitude");
    s->longitude = read_real(r, o, "longitude");
    read_demand(r, o, s);
    s->state = (slot_state)word_in(r, "state", read_text(r, o, "state", false), STATES, 4);
    s->rank = count(r, o, "rank");
    s->expires_us = read_time(r, o, "expires_at");
    s->pinned = read_bool(r, o, "pinned");
    s->appearance = read_bool(r, o, "appearance");
    s->challenged = read_bool(r, o, "challenged");
    read_fixed(r, o, "booking_id", s->booking_id, sizeof s->booking_id);
    s->note = mem_str(read_text(r, o, "note", true));
    s->fallback = mem_str(read_text(r, o, "fallback", true));
    read_leg(r, o, "leg", &s->leg);
}

static void read_terms(json_reader *r, const json_t *o, tour_terms *t)
{
    const json_t *from = read_object(r, o, "terms");
    t->total = money(r, from, "total");
    t->worth = money(r, from, "worth");
    t->legs = money(r, from, "legs");
    t->late = money(r, from, "late");
    t->rest = money(r, from, "rest");
    t->overlap = money(r, from, "overlap");
    t->warn = money(r, from, "warn");
    t->change = money(r, from, "change");
    t->costs = money(r, from, "costs");
    t->metres = money(r, from, "metres");
    t->minutes = money(r, from, "minutes");
    t->idle_days = money(r, from, "idle_days");
    t->nights = money(r, from, "nights");
    t->shows = count(r, from, "shows");
}

static char *read_place(json_reader *r, const json_t *o, const char *key, double at[2])
{
    const json_t *from = json_object_get(o, key);
    if (json_is_null(from))
        return NULL;
    from = read_object(r, o, key);
    at[0] = read_real(r, from, "latitude");
    at[1] = read_real(r, from, "longitude");
    return mem_str(read_text(r, from, "city", false));
}

static void read_lists(json_reader *r, const json_t *o, plan_doc *d)
{
    const json_t *stops = read_array(r, o, "stops", TOUR_DAYS_MOST),
                 *days = read_array(r, o, "days", TOUR_DAYS_MOST),
                 *said = read_array(r, o, "conflicts", SENTENCES_MOST);
    if (!r->ok)
        return;
    size_t n = json_array_size(stops);
    d->stops = MEM_ARRAY(plan_stop, n + 1);
    for (d->n = 0; r->ok && d->n < n; d->n++)
        read_stop(r, json_array_get(stops, d->n), &d->stops[d->n]);
    d->window = (int32_t)json_array_size(days);
    d->days = MEM_ARRAY(uint8_t, (size_t)d->window + 1);
    for (int32_t i = 0; i < d->window; i++) {
        const char *word = json_string_value(json_array_get(days, (size_t)i));
        d->days[i] = word_in(r, "days", word ? word : "", DAYS, sizeof DAYS / sizeof *DAYS);
    }
    n = json_array_size(said);
    d->conflicts = MEM_ARRAY(char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(said, i));
        if (!text)
            read_bad(r, "conflicts", "has something that is no text");
        else
            d->conflicts[d->nconflicts++] = mem_str(text);
    }
}

static void read_doc(json_reader *r, const json_t *o, plan_doc *d)
{
    read_fixed(r, o, "artist_id", d->artist_id, sizeof d->artist_id);
    d->artist = mem_str(read_text(r, o, "artist", false));
    read_fixed(r, o, "currency", d->currency, sizeof d->currency);
    read_terms(r, o, &d->terms);
    d->low = money(r, o, "low");
    d->mid = money(r, o, "mid");
    d->high = money(r, o, "high");
    d->fixed_costs = money(r, o, "fixed_costs");
    d->break_even = money(r, o, "break_even");
    d->day_off = money(r, o, "day_off");
    d->iterations = money(r, o, "iterations");
    d->complete = read_bool(r, o, "complete");
    d->start = read_place(r, o, "start", d->start_at);
    d->end = read_place(r, o, "end", d->end_at);
    read_leg(r, o, "home", &d->home);
    const json_t *request = read_object(r, o, "request");
    if (r->ok)
        (void)request_read(r, request, &d->request);
    read_lists(r, o, d);
    if (r->ok && d->window != d->request.until - d->request.from + 1)
        read_bad(r, "days", "is not as long as the request's window");
    for (size_t i = 0; r->ok && i < d->n; i++)
        if (d->stops[i].day < d->request.from || d->stops[i].day > d->request.until)
            read_bad(r, "stops", "has a day outside the window");
}

bool plan_doc_parse(const char *text, plan_doc *ret, err *e)
{
    json_reader r = {"plan", e, true};
    plan_doc d = {0};
    json_t *root = read_root(text, &r);
    if (root)
        read_doc(&r, root, &d);
    json_decref(root);
    d.plan.total = d.terms.total;
    d.plan.iterations = d.iterations;
    d.plan.complete = d.complete;
    if (r.ok)
        *ret = d;
    else
        plan_doc_done(&d);
    return r.ok;
}
