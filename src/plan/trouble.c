/* Why there is no tour, in a manager's words: what is in the way, and the smallest change that makes one possible.
 *
 * A limit is said in two ways: as it stands ("that drives at most 7.0 h on a show day"), and as far as it would have to give way ("up to
 * 26.7 h of driving on a show day"). Hours that would do are rounded up, so that what is said also does when it is typed in. */
#include "plan/private.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const double METRES_A_MILE = 1609.344;
enum { TENTH_OF_AN_HOUR = 6 };

static void say_enough_hours(int64_t minutes, buf *out)
{
    say_hours((minutes + TENTH_OF_AN_HOUR - 1) / TENTH_OF_AN_HOUR * TENTH_OF_AN_HOUR, out);
}

/* ---- a limit ---- */

typedef struct limit_words { /* around the number */
    tour_rule rule;
    const char *strict;                         /* "There is no tour ..." */
    const char *one, *many;                     /* behind the number, as it stands */
    const char *loose, *loose_one, *loose_many; /* as far as it would have to give way */
    const char *none;                           /* that, where it is 0 */
} limit_words;

static const limit_words WORDS[] = {
    {TOUR_DRIVE, "that drives at most", "on a show day", "on a show day", "up to", "of driving on a show day",
     "of driving on a show day", NULL},
    {TOUR_DRIVE_7, "that drives at most", "in seven days", "in seven days", "up to",
     "of driving in seven days", "of driving in seven days", NULL},
    {TOUR_RUN, "with at most", "show day on end", "show days on end", "up to", "show day on end",
     "show days on end", NULL},
    {TOUR_SHOWS_7, "with at most", "show in seven days", "shows in seven days", "up to", "show in seven days",
     "shows in seven days", NULL},
    {TOUR_FREE_7, "with at least", "free day in seven", "free days in seven", "only", "free day in seven",
     "free days in seven", "no free day in seven"},
    {TOUR_MARKET, "with at most", "show in one place", "shows in one place", "up to", "show in one place",
     "shows in one place", NULL},
    {TOUR_COOLDOWN, "with at least", "day between two shows in one place",
     "days between two shows in one place", "only", "day between two shows in one place",
     "days between two shows in one place", "no days between two shows in one place"},
    {TOUR_SHOWS_MIN, "of at least", "show", "shows", "only", "show", "shows", "any number of shows"},
    {TOUR_SHOWS_MAX, "of at most", "show", "shows", "up to", "show", "shows", NULL},
    {TOUR_BUDGET, "for at most", "of costs", "of costs", "up to", "of costs", "of costs", NULL},
};

static const limit_words *words_of(tour_rule rule)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (WORDS[i].rule == rule)
            return &WORDS[i];
    return NULL;
}

static void say_number(const plan_input *in, tour_rule rule, int64_t value, buf *out)
{
    if (rule == TOUR_DRIVE || rule == TOUR_DRIVE_7)
        say_enough_hours(value, out);
    else if (rule == TOUR_BUDGET)
        say_money(in, value, out);
    else
        buf_printf(out, "%lld", (long long)value);
}

static void say_clause(const plan_input *in, int32_t clause, buf *out)
{
    buf_str(out, "a radius clause");
    if (clause < 0 || (size_t)clause >= in->problem->nclauses)
        return;
    const tour_clause *k = &in->problem->clauses[clause];
    buf_printf(out, " of %s (%d miles)", market_name(in, in->problem->venues[k->venue].market),
               (int)(k->metres / METRES_A_MILE + 0.5));
}

/* "with at most 6 shows in seven days" */
static void say_strict(const plan_input *in, tour_rule rule, int64_t limit, buf *out)
{
    const limit_words *w = words_of(rule);
    if (!w) {
        buf_printf(out, "under the rule '%s'", tour_rule_word(rule));
        return;
    }
    buf_printf(out, "%s ", w->strict);
    say_number(in, rule, limit, out);
    buf_printf(out, " %s", limit == 1 ? w->one : w->many);
}

/* "up to 7 shows in seven days" */
static void say_loose(const plan_input *in, tour_rule rule, int32_t clause, int64_t to, buf *out)
{
    const limit_words *w = words_of(rule);
    if (rule == TOUR_START || rule == TOUR_END) {
        long long days = (long long)to - in->problem->days;
        buf_printf(out, "%lld more day%s %s", days, days == 1 ? "" : "s",
                   rule == TOUR_START ? "before the window" : "behind the window");
    } else if (rule == TOUR_RADIUS) {
        say_clause(in, clause, out);
        buf_printf(out, " that reaches only %d miles", (int)((double)to / METRES_A_MILE));
    } else if (!w) {
        buf_printf(out, "another '%s'", tour_rule_word(rule));
    } else if (to == 0 && w->none) {
        buf_str(out, w->none);
    } else {
        buf_printf(out, "%s ", w->loose);
        say_number(in, rule, to, out);
        buf_printf(out, " %s", to == 1 ? w->loose_one : w->loose_many);
    }
}

/* The same behind a sentence that has said already what is counted: "26.7 h". */
static void say_change_alone(const plan_input *in, const tour_trouble *t, buf *out)
{
    if (words_of(t->rule) && (t->to > 0 || !words_of(t->rule)->none))
        say_number(in, t->rule, t->to, out);
    else
        say_loose(in, t->rule, t->clause, t->to, out);
}

/* ---- wishes ---- */

/* The request's pins come first; behind them stand the confirmed shows, which nobody pinned. */
static void say_wish(const plan_input *in, int32_t pin, buf *out)
{
    buf_str(out, (size_t)pin < in->request.npins ? "the pin " : "the confirmed show in ");
    say_pin(in, pin, out);
}

static void say_between(const plan_input *in, const tour_trouble *t, buf *out)
{
    long long is = (long long)t->is, limit = (long long)t->limit;
    switch (t->rule) {
    case TOUR_DRIVE:
    case TOUR_DRIVE_7:
        say_hours(t->is, out);
        buf_str(out, t->rule == TOUR_DRIVE ? " of driving where " : " of driving in seven days where ");
        say_hours(t->limit, out);
        buf_str(out, " are allowed");
        break;
    case TOUR_RADIUS:
        say_clause(in, t->clause, out);
        buf_str(out, " forbids the two");
        break;
    case TOUR_PIN:
        buf_str(out, "one show a day");
        break;
    case TOUR_ANCHOR:
        buf_str(out, "one stop a day");
        break;
    case TOUR_RUN:
        buf_printf(out, "%lld show days on end where %lld are allowed", is, limit);
        break;
    case TOUR_SHOWS_7:
        buf_printf(out, "%lld shows in seven days where %lld are allowed", is, limit);
        break;
    case TOUR_FREE_7:
        buf_printf(out, "they leave %lld free days in seven where %lld are wanted", is, limit);
        break;
    case TOUR_COOLDOWN:
        buf_printf(out, "%lld days between two shows in one place where %lld are wanted", is, limit);
        break;
    case TOUR_MARKET:
        buf_printf(out, "at most %lld show%s in one place", limit, limit == 1 ? "" : "s");
        break;
    default:
        buf_printf(out, "the rule '%s'", tour_rule_word(t->rule));
    }
}

/* Two wishes by name; false when the trouble names fewer. */
static bool say_contradiction(const plan_input *in, const tour_trouble *t, buf *out)
{
    int32_t pins[2] = {t->pin, t->other_pin}, slots[2] = {t->slot, t->other_slot};
    int named = 0;
    if (t->rule == TOUR_BLOCKED)
        return false;
    for (int i = 0; i < 2; i++)
        named += (pins[i] != TOUR_NONE) + (slots[i] != TOUR_NONE);
    if (named < 2)
        return false;
    named = 0;
    buf_str(out, "There is no tour: ");
    for (int i = 0; i < 4; i++) {
        int32_t at = i < 2 ? pins[i] : slots[i - 2];
        if (at == TOUR_NONE)
            continue;
        buf_str(out, named++ ? " and " : "");
        if (i < 2) {
            say_wish(in, at, out);
        } else {
            buf_str(out, "the appearance in ");
            say_stop(in, at, out);
        }
    }
    buf_str(out, " contradict each other: ");
    say_between(in, t, out);
    buf_char(out, '.');
    return true;
}

/* Why no room of a pin is to be had: each of its days is blocked, or nothing is known there. */
static void say_no_room(const plan_input *in, int32_t pin, buf *out)
{
    const tour_pin *p = &in->problem->pins[pin];
    for (size_t i = 0; i < in->problem->nslots; i++) {
        const tour_slot *s = &in->problem->slots[i];
        if (s->market != p->market || (p->day != TOUR_NONE && s->day != p->day) || s->state != SLOT_BLOCKED ||
            s->appearance || (p->venue != TOUR_NONE && p->venue != s->venue))
            continue;
        say_blocked(in, (int32_t)i, out);
        return;
    }
    city_place at = cities_at(in->places, in->markets[p->market].place);
    const char *countries = in->request.countries;
    if (*countries && !strstr(countries, at.country))
        buf_printf(out, "%s is not among the tour's countries (%s)", at.country, countries);
    else
        buf_str(out, "no room is known there");
}

/* One wish by name, or the appearance that is one. */
static bool say_lost(const plan_input *in, const tour_trouble *t, buf *out)
{
    bool way = t->rule == TOUR_START || t->rule == TOUR_END;
    if ((t->pin == TOUR_NONE && t->slot == TOUR_NONE) || (t->pin == TOUR_NONE && !way))
        return false;
    buf_str(out, "There is no tour: ");
    if (t->pin != TOUR_NONE) {
        say_wish(in, t->pin, out);
    } else {
        buf_str(out, "the appearance in ");
        say_stop(in, t->slot, out);
    }
    if (way) {
        buf_printf(out, " %s in time: that is %lld days of driving where there %s %lld.",
                   t->rule == TOUR_START ? "cannot be reached from the start" : "is too far from the end",
                   (long long)t->is, t->limit == 1 ? "is" : "are", (long long)t->limit);
    } else {
        buf_str(out, " cannot be met: ");
        say_no_room(in, t->pin, out);
        buf_char(out, '.');
    }
    return true;
}

/* ---- limits ---- */

/* Places that could be played at all. */
static size_t open_markets(const plan_input *in)
{
    bool *open = MEM_ARRAY(bool, in->nmarkets + 1);
    size_t n = 0;
    for (size_t i = 0; i < in->problem->nslots; i++) {
        const tour_slot *s = &in->problem->slots[i];
        if (s->state != SLOT_BLOCKED && !s->appearance)
            open[s->market] = true;
    }
    for (size_t m = 0; m < in->nmarkets; m++)
        n += open[m];
    free(open);
    return n;
}

static void say_limit(const plan_input *in, const tour_trouble *t, buf *out)
{
    switch (t->rule) {
    case TOUR_START:
    case TOUR_END:
        buf_printf(out, "There is no tour that %s in this window",
                   t->rule == TOUR_START ? "comes from the start" : "reaches the end");
        break;
    case TOUR_RADIUS:
        buf_str(out, "There is no tour: ");
        say_clause(in, t->clause, out);
        buf_str(out, " forbids it");
        break;
    case TOUR_PIN:
    case TOUR_ANCHOR:
        buf_str(out, "There is no tour that meets every pin, confirmed show and appearance");
        break;
    case TOUR_SHOWS_MIN:
        buf_str(out, "There is no tour ");
        say_strict(in, t->rule, t->limit, out);
        buf_printf(out, " (%zu places have a room and a day that is not blocked)", open_markets(in));
        break;
    default:
        buf_str(out, "There is no tour ");
        say_strict(in, t->rule, t->limit, out);
    }
}

/* With what there is one; more than one thing may be wrong, and then it takes both. */
static void say_change(const plan_input *in, const tour_trouble *t, bool named, buf *out)
{
    buf_str(out, named ? " With " : "; with ");
    if (named)
        say_loose(in, t->rule, t->clause, t->to, out);
    else
        say_change_alone(in, t, out);
    if (t->also_rule != TOUR_OK) {
        buf_str(out, " and ");
        say_loose(in, t->also_rule, t->also_clause, t->also_to, out);
    }
    buf_str(out, " there is one.");
}

static void say_drop(const plan_input *in, const tour_trouble *t, buf *out)
{
    buf_str(out, " Without ");
    say_wish(in, t->drop_pin, out);
    if (t->drop_also != TOUR_NONE) {
        buf_str(out, " and ");
        say_wish(in, t->drop_also, out);
    }
    if (t->also_rule != TOUR_OK && !t->change_known) {
        buf_str(out, ", and with ");
        say_loose(in, t->also_rule, t->also_clause, t->also_to, out);
        buf_char(out, ',');
    }
    buf_str(out, " there is one.");
}

void plan_say_trouble(const plan_input *in, const tour_trouble *t, buf *out)
{
    if (t->rule == TOUR_OK) {
        buf_str(out, "No tour was found in the time given; there is one when it may search longer.");
        return;
    }
    if (t->rule == TOUR_BLOCKED && t->slot != TOUR_NONE) {
        buf_str(out, "There is no tour unless ");
        say_stop(in, t->slot, out);
        buf_str(out, " is opened: ");
        say_blocked(in, t->slot, out);
        buf_char(out, '.');
    } else if (say_contradiction(in, t, out) || say_lost(in, t, out)) {
        if (t->change_known)
            say_change(in, t, true, out);
    } else {
        say_limit(in, t, out);
        if (t->change_known)
            say_change(in, t, false, out);
        else
            buf_str(out, t->drop_pin == TOUR_NONE ? ", and no one change was found that helps." : ".");
    }
    if (t->drop_pin != TOUR_NONE)
        say_drop(in, t, out);
}
