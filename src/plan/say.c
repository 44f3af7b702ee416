/* What sentences are made of: a market, a stop, a pin, money and hours, and why a slot is blocked. */
#include "plan/private.h"

#include "base/money.h"
#include "base/time.h"

#include <string.h>

const char *market_name(const plan_input *in, int32_t market)
{
    return in->markets[market].label;
}

static void day_of(const plan_input *in, int32_t day, char out[32])
{
    word_day(in->data.from + day, out);
}

void say_stop(const plan_input *in, int32_t slot, buf *out)
{
    char date[32];
    const tour_slot *s = &in->problem->slots[slot];
    day_of(in, s->day, date);
    buf_printf(out, "%s on %s", market_name(in, s->market), date);
}

void say_pin(const plan_input *in, int32_t pin, buf *out)
{
    char date[32];
    const tour_pin *p = &in->problem->pins[pin];
    buf_str(out, market_name(in, p->market));
    if (p->day == TOUR_NONE)
        return;
    day_of(in, p->day, date);
    buf_printf(out, " on %s", date);
}

void say_money(const plan_input *in, int64_t amount, buf *out)
{
    char text[48];
    money_format(amount, in->data.currency, true, text);
    buf_str(out, text);
}

void say_hours(int64_t minutes, buf *out)
{
    char text[16];
    word_hours((int32_t)minutes, text);
    buf_printf(out, "%s h", text);
}

static void say_confirmed(const plan_avail *a, buf *out)
{
    if (a->who && *a->who)
        buf_printf(out, "%s plays there", a->who);
    else
        buf_str(out, "somebody else plays there");
}

static void say_rule(const plan_rule *k, int32_t day, buf *out)
{
    char date[32];
    int32_t apart = day < k->day ? k->day - day : day - k->day;
    word_date(k->day, date);
    buf_printf(out,
               "the radius clause of the show at %s on %s (%d miles, %d days before, %d after) reaches it %d "
               "days off",
               k->label, date, k->miles, k->before, k->after, apart);
    if (*k->booking_id)
        buf_printf(out, " (booking %s)", k->booking_id);
}

void say_blocked(const plan_input *in, int32_t slot, buf *out)
{
    const slot_more *m = &in->more[slot];
    const plan_data *d = &in->data;
    const char *reason;
    switch ((why_kind)m->why) {
    case WHY_CONFIRMED:
        say_confirmed(&d->avails[m->a], out);
        return;
    case WHY_BLACK:
        reason = d->blacks[m->a].reason;
        buf_printf(out, "%s is not to be had%s%s",
                   d->blacks[m->a].venue == TOUR_NONE ? d->artist : "the room", reason && *reason ? ": " : "",
                   reason ? reason : "");
        return;
    case WHY_PAST:
        buf_str(out, "the day is over");
        return;
    case WHY_RULE:
        say_rule(&d->rules[m->a], d->from + in->problem->slots[slot].day, out);
        return;
    case WHY_AVOID:
        buf_str(out, "you avoid it");
        return;
    case WHY_NONE:
        break;
    }
    buf_str(out, "it is not blocked");
}
