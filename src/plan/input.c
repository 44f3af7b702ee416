/* A question, its checks, and the same question put another way. */
#include "plan/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

/* ---- what cannot be asked ---- */

static void pin_words(const cities *places, const plan_pin *p, char out[224])
{
    size_t at = cities_by_id(places, p->city_id);
    char date[16] = "";
    if (p->day != DAY_NONE)
        time_format_date(p->day, date);
    snprintf(out, 224, "%s%s%s", at == SIZE_MAX ? p->city_id : cities_at(places, at).name,
             *date ? " on " : "", date);
}

static bool pin_inside(const plan_request *r, const cities *places, const plan_pin *p, err *e)
{
    char words[224], from[16], until[16];
    if (p->day == DAY_NONE || (p->day >= r->from && p->day <= r->until))
        return true;
    pin_words(places, p, words);
    time_format_date(r->from, from);
    time_format_date(r->until, until);
    return err_set(e, ERR_USAGE, "the pin %s is outside the window of %s to %s", words, from, until);
}

static bool pins_agree(const plan_request *r, const cities *places, const plan_pin *a, const plan_pin *b,
                       err *e)
{
    char one[224], other[224];
    bool same_city = strcmp(a->city_id, b->city_id) == 0;
    bool same_day = a->day != DAY_NONE && a->day == b->day;
    pin_words(places, a, one);
    pin_words(places, b, other);
    if (same_day && !same_city)
        return err_set(e, ERR_USAGE, "the pins %s and %s contradict each other: one show a day", one, other);
    if (same_city && !same_day && a->day != DAY_NONE && b->day != DAY_NONE && r->limits.market_times == 1)
        return err_set(e, ERR_USAGE, "the pins %s and %s contradict each other: one show in a city", one,
                       other);
    return true;
}

static bool pin_wanted(const plan_request *r, const cities *places, const plan_pin *p, err *e)
{
    char words[224];
    for (size_t i = 0; i < r->navoid; i++) {
        const plan_pin *a = &r->avoid[i];
        if (strcmp(a->city_id, p->city_id) != 0 || (*a->venue_id && strcmp(a->venue_id, p->venue_id) != 0) ||
            (a->day != DAY_NONE && a->day != p->day))
            continue;
        pin_words(places, p, words);
        return err_set(e, ERR_USAGE, "%s is both pinned and to be avoided", words);
    }
    return true;
}

bool plan_request_check(const plan_request *r, const cities *places, err *e)
{
    char from[16], until[16];
    time_format_date(r->from, from);
    time_format_date(r->until, until);
    if (r->until < r->from)
        return err_set(e, ERR_USAGE, "the window ends on %s, before it begins on %s", until, from);
    if (r->until - r->from >= TOUR_DAYS_MOST)
        return err_set(e, ERR_USAGE, "the window of %s to %s has %d days; a tour has at most %d", from, until,
                       r->until - r->from + 1, TOUR_DAYS_MOST);
    for (size_t i = 0; i < r->npins; i++) {
        if (!pin_inside(r, places, &r->pins[i], e) || !pin_wanted(r, places, &r->pins[i], e))
            return false;
        for (size_t k = 0; k < i; k++)
            if (!pins_agree(r, places, &r->pins[k], &r->pins[i], e))
                return false;
    }
    return true;
}

/* ---- life ---- */

bool plan_load(store *s, const catalog *c, const cities *places, const plan_request *r, plan_input **ret,
               stop *halt, err *e)
{
    if (!plan_request_check(r, places, e))
        return false;
    plan_input *in = MEM_NEW(plan_input);
    in->places = places;
    in->request = *r;
    if (data_read(s, c, places, r, &in->data, halt, e) && build(in, e)) {
        *ret = in;
        return true;
    }
    plan_input_free(in);
    return false;
}

void plan_input_free(plan_input *in)
{
    if (!in)
        return;
    build_done(in);
    data_done(&in->data);
    free(in);
}

bool plan_again(plan_input *in, const plan_request *r, err *e)
{
    if (strcmp(r->artist_id, in->data.artist_id) != 0)
        return err_set(e, ERR_USAGE, "another artist's tour needs data that was not read");
    if (r->from != in->data.from || r->until != in->data.until)
        return err_set(e, ERR_USAGE, "another window needs data that was not read");
    if (strcmp(r->countries, in->data.countries) != 0)
        return err_set(e, ERR_USAGE, "other countries need data that was not read");
    if (!plan_request_check(r, in->places, e))
        return false;
    plan_request before = in->request;
    err why = {0}, ignored = {0};
    build_done(in);
    in->request = *r;
    if (build(in, &why))
        return true;
    build_done(in); /* as it was: what was asked before could be asked */
    in->request = before;
    (void)build(in, &ignored);
    return err_set(e, why.kind, "%s", why.text);
}

const tour_problem *plan_problem(const plan_input *in)
{
    return in->problem;
}

const plan_request *plan_asked(const plan_input *in)
{
    return &in->request;
}

const char *plan_currency(const plan_input *in)
{
    return in->data.currency;
}

int64_t plan_read_at(const plan_input *in)
{
    return in->data.read_at;
}

/* ---- a doc's stops as slots ---- */

static int32_t slot_again(const plan_input *in, const plan_stop *s)
{
    const tour_problem *p = in->problem;
    int32_t t = s->day - in->data.from, market = market_of_city(in, s->city_id);
    if (t < 0 || t >= p->days)
        return TOUR_NONE;
    for (size_t i = 0; i < p->nslots; i++) {
        const tour_slot *k = &p->slots[i];
        if (k->day != t || k->market != market || k->appearance != s->appearance)
            continue;
        int32_t row = k->appearance ? TOUR_NONE : in->venue_row[k->venue];
        if (s->appearance || strcmp(row == TOUR_NONE ? "" : in->data.venues[row].id, s->venue_id) == 0)
            return (int32_t)i;
    }
    return TOUR_NONE;
}

bool plan_into(const plan_input *in, const plan_doc *d, tour_plan *ret, buf *ret_say)
{
    tour_plan t = {.stops = MEM_ARRAY(int32_t, d->n + 1), .complete = d->complete};
    bool all = true;
    for (size_t i = 0; i < d->n; i++) {
        int32_t slot = slot_again(in, &d->stops[i]);
        bool blocked = slot != TOUR_NONE && in->problem->slots[slot].state == SLOT_BLOCKED;
        if (slot != TOUR_NONE && !blocked) {
            t.stops[t.n++] = slot;
            continue;
        }
        all = false;
        if (!ret_say)
            continue;
        char date[32];
        word_day(d->stops[i].day, date);
        buf_printf(ret_say, "%s on %s is not to be had any more", d->stops[i].city, date);
        if (blocked) {
            buf_str(ret_say, ": ");
            say_blocked(in, slot, ret_say);
        }
        buf_str(ret_say, ".\n");
    }
    tour_broken broken;
    tour_terms terms;
    tour_measure(in->problem, t.stops, t.n, &terms);
    t.total = terms.total;
    *ret = t;
    return tour_verify(in->problem, t.stops, t.n, &broken) == TOUR_OK && all;
}

size_t plan_stop_of(const plan_input *in, const tour_plan *t, const char *city_id)
{
    int32_t market = market_of_city(in, city_id);
    for (size_t i = 0; market != TOUR_NONE && i < t->n; i++)
        if (in->problem->slots[t->stops[i]].market == market)
            return i;
    return SIZE_MAX;
}
