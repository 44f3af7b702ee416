/* Reasons as sentences and as JSON: why a stop is in, why a city is not. The figures are the solver's own. */
#include "plan/private.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { REASONS_SHOWN = 3, DIFFERENCES_SHOWN = 4 };

/* ---- a rule that is broken, with its figures ---- */

static void say_drive(const plan_input *in, int64_t is, int64_t limit, int32_t gap, buf *out)
{
    const tour_limits *l = &in->problem->limits;
    say_hours(is, out);
    buf_str(out, " of driving where ");
    if (gap > 1) {
        say_hours(l->drive_show_day, out);
        for (int32_t i = 1; i < gap && i < 3; i++) {
            buf_str(out, " + ");
            say_hours(l->drive_free_day, out);
        }
        buf_str(out, gap > 3 ? " + ..." : "");
    } else {
        say_hours(limit, out);
    }
    buf_str(out, " are allowed");
}

static int32_t gap_between(const plan_input *in, const tour_plan *t, const tour_broken *b)
{
    if (b->at < 0 || b->other < 0 || (size_t)b->at >= t->n || (size_t)b->other >= t->n)
        return 1;
    int32_t gap = in->problem->slots[t->stops[b->other]].day - in->problem->slots[t->stops[b->at]].day;
    return gap < 0 ? -gap : gap;
}

static void say_pair(const plan_input *in, const tour_plan *t, const tour_broken *b, const char *before,
                     buf *out)
{
    if (b->at < 0 || b->other < 0 || (size_t)b->at >= t->n || (size_t)b->other >= t->n)
        return;
    buf_str(out, before);
    say_stop(in, t->stops[b->at], out);
    buf_str(out, " to ");
    say_stop(in, t->stops[b->other], out);
}

static void say_radius(const plan_input *in, const tour_plan *t, const tour_broken *b, buf *out)
{
    const tour_problem *p = in->problem;
    if (b->clause < 0 || (size_t)b->clause >= p->nclauses) {
        buf_str(out, "a radius clause forbids it");
        return;
    }
    const tour_clause *k = &p->clauses[b->clause];
    buf_printf(out, "a radius clause of %s (%d miles, %d days before, %d after) forbids it",
               market_name(in, p->venues[k->venue].market), (int)(k->metres / 1609.344 + 0.5), k->days_before,
               k->days_after);
    say_pair(in, t, b, ": ", out);
}

static void say_broken(const plan_input *in, const tour_plan *t, const tour_broken *b, buf *out)
{
    long long is = (long long)b->is, limit = (long long)b->limit;
    switch (b->rule) {
    case TOUR_DRIVE:
        say_drive(in, b->is, b->limit, gap_between(in, t, b), out);
        say_pair(in, t, b, " from ", out);
        break;
    case TOUR_START:
    case TOUR_END:
        buf_printf(out, "the drive %s takes %lld days and there are %lld",
                   b->rule == TOUR_START ? "from the start" : "to the end", is, limit);
        break;
    case TOUR_RUN:
        buf_printf(out, "it would be %lld show days on end where %lld are allowed", is, limit);
        break;
    case TOUR_SHOWS_7:
        buf_printf(out, "it would be %lld shows in seven days where %lld are allowed", is, limit);
        break;
    case TOUR_DRIVE_7:
        say_hours(b->is, out);
        buf_str(out, " of driving in seven days where ");
        say_hours(b->limit, out);
        buf_str(out, " are allowed");
        break;
    case TOUR_FREE_7:
        buf_printf(out, "it would leave %lld free days in seven where %lld are wanted", is, limit);
        break;
    case TOUR_MARKET:
        buf_printf(out, "it would be show number %lld there where %lld is allowed", is, limit);
        break;
    case TOUR_COOLDOWN:
        buf_printf(out, "it would be %lld days after another show there where %lld are wanted", is, limit);
        break;
    case TOUR_RADIUS:
        say_radius(in, t, b, out);
        break;
    case TOUR_PIN:
        buf_str(out, "the pin ");
        say_pin(in, b->at, out);
        buf_str(out, " would not be met");
        break;
    case TOUR_ANCHOR:
        buf_str(out, "the appearance in ");
        say_stop(in, b->at, out);
        buf_str(out, " would not be met");
        break;
    case TOUR_SHOWS_MIN:
        buf_printf(out, "there would be %lld shows where at least %lld are wanted", is, limit);
        break;
    case TOUR_SHOWS_MAX:
        buf_printf(out, "there would be %lld shows where at most %lld are wanted", is, limit);
        break;
    case TOUR_BUDGET:
        buf_str(out, "it would cost ");
        say_money(in, b->is, out);
        buf_str(out, " where the budget is ");
        say_money(in, b->limit, out);
        break;
    case TOUR_OK:
    case TOUR_WINDOW:
    case TOUR_BLOCKED:
    case TOUR_RULES:
        buf_printf(out, "the rule '%s' forbids it", tour_rule_word(b->rule));
        break;
    }
}

/* ---- why a stop is in ---- */

static bool plays(const plan_input *in, const tour_plan *t, const tour_slot *s)
{
    for (size_t i = 0; i < t->n; i++) {
        const tour_slot *o = &in->problem->slots[t->stops[i]];
        if (o->market == s->market && o->day == s->day)
            return true;
    }
    return false;
}

/* Stops of `other` that the plan has not, as a list; how many. */
static size_t say_new(const plan_input *in, const tour_plan *plan, const tour_plan *other, buf *out,
                      json_out *j)
{
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < other->n; i++)
        n += !plays(in, plan, &in->problem->slots[other->stops[i]]);
    size_t most = n < DIFFERENCES_SHOWN ? n : DIFFERENCES_SHOWN, items = most + (n > most);
    json_open(j, '[');
    for (size_t i = 0; i < other->n; i++) {
        const tour_slot *s = &in->problem->slots[other->stops[i]];
        if (plays(in, plan, s))
            continue;
        if (shown < most) {
            word_list(out, shown++, items);
            say_stop(in, other->stops[i], out);
        }
        json_open(j, '{');
        json_key(j, "date");
        json_day(j, in->data.from + s->day);
        json_key(j, "city");
        json_str(j, market_name(in, s->market));
        json_close(j, '}');
    }
    json_close(j, ']');
    if (n > most)
        buf_printf(out, " and %zu more", n - most);
    return n;
}

static void say_swap(const plan_input *in, const tour_why *w, json_out *j, buf *out)
{
    json_key(j, "swap");
    if (w->swap == TOUR_NONE) {
        json_none(j);
        return;
    }
    int32_t row = in->problem->slots[w->swap].venue == TOUR_NONE
                      ? TOUR_NONE
                      : in->venue_row[in->problem->slots[w->swap].venue];
    const char *room = row == TOUR_NONE ? "a room to be found" : in->data.venues[row].name;
    json_open(j, '{');
    json_key(j, "city");
    json_str(j, market_name(in, in->problem->slots[w->swap].market));
    json_key(j, "venue");
    json_str(j, room);
    json_key(j, "total");
    json_int(j, w->swap_total);
    json_close(j, '}');
    buf_printf(out, " The best swap that day, with all else as it is, is %s (%s): the tour would make ",
               market_name(in, in->problem->slots[w->swap].market), room);
    say_money(in, w->swap_total, out);
    buf_str(out, ".");
}

static void say_why(const plan_input *in, const tour_plan *t, size_t at, const tour_why *w, buf *out,
                    json_out *j)
{
    buf instead;
    buf_init(&instead);
    json_key(j, "in");
    json_bool(j, true);
    json_key(j, "must");
    json_bool(j, w->must);
    json_key(j, "with");
    json_int(j, w->with);
    say_stop(in, t->stops[at], out);
    if (w->must) {
        const tour_slot *s = &in->problem->slots[t->stops[at]];
        buf_str(out, s->appearance ? " must be in: the artist is awaited there."
                     : s->state == SLOT_CONFIRMED
                         ? " must be in: it is confirmed."
                         : " must be in: it is pinned, or no tour was found without it.");
    } else {
        json_key(j, "without");
        json_int(j, w->without);
        json_key(j, "brings");
        json_int(j, w->with - w->without);
        json_key(j, "instead");
        buf_str(out, " brings ");
        say_money(in, w->with - w->without, out);
        buf_str(out, ": with it the tour makes ");
        say_money(in, w->with, out);
        buf_str(out, ", without it ");
        say_money(in, w->without, out);
        if (say_new(in, t, &w->instead, &instead, j))
            buf_printf(out, ", with %s in its place", instead.data);
        buf_str(out, ".");
    }
    say_swap(in, w, j, out);
    buf_done(&instead);
}

bool plan_why(const plan_input *in, const tour_plan *t, size_t at, const tour_effort *effort, buf *out,
              buf *json, err *e)
{
    tour_why w = {0};
    buf scratch, text;
    json_out j;
    buf_init(&scratch);
    buf_init(&text);
    bool ok = tour_explain(in->problem, t, at, effort, &w, e);
    if (ok) {
        const tour_slot *s = &in->problem->slots[t->stops[at]];
        json_init(&j, json ? json : &scratch);
        json_open(&j, '{');
        json_key(&j, "city");
        json_str(&j, market_name(in, s->market));
        json_key(&j, "date");
        json_day(&j, in->data.from + s->day);
        json_key(&j, "currency");
        json_str(&j, in->data.currency);
        say_why(in, t, at, &w, &text, &j);
        json_key(&j, "sentence");
        json_str(&j, text.data);
        json_close(&j, '}');
        tour_why_done(&w);
        if (out)
            buf_add(out, text.data, text.len);
    }
    buf_done(&scratch);
    buf_done(&text);
    return ok;
}

/* ---- why a city is not in ---- */

typedef struct reason {
    char *text;
    size_t n;
} reason;

static int by_count(const void *a, const void *b)
{
    const reason *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return strcmp(x->text, y->text);
}

static void count_reason(reason **all, size_t *n, size_t *cap, char *text)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp((*all)[i].text, text) == 0) {
            (*all)[i].n++;
            free(text);
            return;
        }
    MEM_ROOM(*all, *n, *cap);
    (*all)[(*n)++] = (reason){text, 1};
}

/* "12 because Cain plays there, 3 because ..."; false when the market has a day that is not blocked, or no day at all. */
static bool say_all_blocked(const plan_input *in, int32_t market, buf *out)
{
    reason *all = NULL;
    size_t n = 0, cap = 0, days = 0, open = 0;
    for (size_t i = 0; i < in->problem->nslots; i++) {
        const tour_slot *s = &in->problem->slots[i];
        if (s->market != market || s->appearance)
            continue;
        days++;
        open += s->state != SLOT_BLOCKED;
        if (s->state != SLOT_BLOCKED)
            continue;
        buf text;
        buf_init(&text);
        say_blocked(in, (int32_t)i, &text);
        count_reason(&all, &n, &cap, buf_take(&text));
    }
    if (n)
        qsort(all, n, sizeof *all, by_count);
    if (days && !open) {
        buf_str(out, "every day is blocked: ");
        for (size_t i = 0; i < n && i < REASONS_SHOWN; i++)
            buf_printf(out, "%s%zu because %s", i ? ", " : "", all[i].n, all[i].text);
        if (n > REASONS_SHOWN)
            buf_printf(out, ", and %zu further reasons", n - REASONS_SHOWN);
    }
    for (size_t i = 0; i < n; i++)
        free(all[i].text);
    free(all);
    return days && !open;
}

/* How many of the market's days are blocked, beside what the open ones break. */
static size_t blocked_days(const plan_input *in, int32_t market)
{
    size_t n = 0;
    for (size_t i = 0; i < in->problem->nslots; i++)
        n += in->problem->slots[i].market == market && in->problem->slots[i].state == SLOT_BLOCKED;
    return n;
}

static void say_impossible(const plan_input *in, int32_t market, const tour_why_not *w, buf *out)
{
    buf_printf(out, "%s is not in: ", market_name(in, market));
    if (!say_all_blocked(in, market, out)) {
        if (w->slot == TOUR_NONE) {
            buf_str(out, "no room is known there");
        } else {
            char date[32];
            size_t blocked = blocked_days(in, market);
            if (blocked)
                buf_printf(out, "%zu of its dates are blocked, and ", blocked);
            word_day(in->data.from + in->problem->slots[w->slot].day, date);
            buf_printf(out, "on its best day, %s, ", date);
            say_broken(in, &w->tried, &w->broken, out);
        }
    }
    buf_str(out, ".");
}

static void say_possible(const plan_input *in, const tour_plan *t, int32_t market, const tour_why_not *w,
                         buf *out, json_out *j)
{
    buf list;
    buf_init(&list);
    json_key(j, "total");
    json_int(j, w->total);
    json_key(j, "loses");
    json_int(j, w->best - w->total);
    json_key(j, "then");
    size_t n = say_new(in, t, &w->plan, &list, j);
    buf_printf(out, "%s could be in", market_name(in, market));
    for (size_t i = 0; i < w->plan.n; i++)
        if (in->problem->slots[w->plan.stops[i]].market == market) {
            char date[32];
            word_day(in->data.from + in->problem->slots[w->plan.stops[i]].day, date);
            buf_printf(out, ", on %s", date);
            break;
        }
    buf_str(out, ": the tour would then make ");
    say_money(in, w->total, out);
    buf_str(out, w->total > w->best ? ", which is " : " instead of ");
    if (w->total > w->best) {
        say_money(in, w->total - w->best, out);
        buf_str(out, " more than this plan");
    } else {
        say_money(in, w->best, out);
        buf_str(out, ": ");
        say_money(in, w->best - w->total, out);
        buf_str(out, " less");
    }
    if (n)
        buf_printf(out, " (with %s)", list.data);
    buf_str(out, ".");
    buf_done(&list);
}

/* A city that is no market at all: beyond the countries, the reach, or without a room. */
static void say_unread(const plan_input *in, const char *city_id, buf *out)
{
    size_t at = cities_by_id(in->places, city_id);
    if (at == SIZE_MAX) {
        buf_printf(out, "There is no city '%s'.", city_id);
        return;
    }
    city_place p = cities_at(in->places, at);
    const char *countries = in->request.countries;
    bool country = !*countries || strstr(countries, p.country);
    buf_printf(out, "%s is not in: ", p.name);
    if (!country)
        buf_printf(out, "%s is not among the tour's countries (%s).", p.country, countries);
    else if (in->request.reach_km)
        buf_printf(out, "there is no room known within %d km of it, or no fan within %d km.",
                   in->data.figures.market_km, in->request.reach_km);
    else
        buf_printf(out, "there is no room known within %d km of it.", in->data.figures.market_km);
}

static bool market_has_room(const plan_input *in, int32_t market)
{
    for (size_t v = 0; v < in->problem->nvenues; v++)
        if (in->problem->venues[v].market == market)
            return true;
    return false;
}

static bool explain_not(const plan_input *in, const tour_plan *t, int32_t market, const tour_effort *effort,
                        buf *out, json_out *j, err *e)
{
    tour_why_not w = {0};
    if (!tour_explain_not(in->problem, t, market, effort, &w, e))
        return false;
    json_key(j, "possible");
    json_bool(j, w.possible);
    json_key(j, "best");
    json_int(j, w.best);
    if (w.possible) {
        say_possible(in, t, market, &w, out, j);
    } else {
        json_key(j, "rule");
        json_str(j, tour_rule_word(w.rule));
        json_key(j, "is");
        json_int(j, w.broken.is);
        json_key(j, "limit");
        json_int(j, w.broken.limit);
        say_impossible(in, market, &w, out);
    }
    tour_why_not_done(&w);
    return true;
}

bool plan_why_not(const plan_input *in, const tour_plan *t, const char *city_id, const tour_effort *effort,
                  buf *out, buf *json, err *e)
{
    int32_t market = market_of_city(in, city_id);
    buf scratch, text;
    json_out j;
    buf_init(&scratch);
    buf_init(&text);
    json_init(&j, json ? json : &scratch);
    json_open(&j, '{');
    json_key(&j, "city");
    size_t at = cities_by_id(in->places, city_id);
    json_str(&j, market != TOUR_NONE ? market_name(in, market)
                 : at == SIZE_MAX    ? city_id
                                     : cities_at(in->places, at).name);
    json_key(&j, "in");
    json_bool(&j, false);
    json_key(&j, "currency");
    json_str(&j, in->data.currency);
    bool ok = true;
    if (market != TOUR_NONE && market_has_room(in, market)) {
        ok = explain_not(in, t, market, effort, &text, &j, e);
    } else {
        json_key(&j, "possible");
        json_bool(&j, false);
        say_unread(in, city_id, &text);
    }
    json_key(&j, "sentence");
    json_str(&j, text.data);
    json_close(&j, '}');
    if (ok && out)
        buf_add(out, text.data, text.len);
    buf_done(&scratch);
    buf_done(&text);
    return ok;
}
