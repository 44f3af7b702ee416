/* The limits of a tour as a person reads and types them: one row a field, each with its text, its reading and what it is for. */
#include "base/money.h"
#include "base/time.h"
#include "ui/builder.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const build_field_names[BUILD_FIELDS] = {"From",
                                                     "Until",
                                                     "Start in",
                                                     "End in",
                                                     "Shows",
                                                     "Drive to a show",
                                                     "Drive on a free day",
                                                     "Show days : free",
                                                     "Shows in 7 days",
                                                     "Countries",
                                                     "Reach",
                                                     "Any city",
                                                     "Ticket price",
                                                     "Budget",
                                                     "Caution"};
const char *const build_field_help[BUILD_FIELDS] = {
    "first day of the window: YYYY-MM-DD",
    "last day of the window: YYYY-MM-DD",
    "where the tour sets out, or - for anywhere",
    "where it comes home to, or - for anywhere",
    "how many: 10-18, 12, or - for as many as pay",
    "the most driving on the day of a show: 7h",
    "the most driving on a day without one: 8h",
    "show days on end : free days in seven, as 5:1",
    "the most shows in any seven days, or -",
    "two letters each: US CA; - for any",
    "how far from the fans a venue may be: 100km, 60mi; - for any",
    "yes: cities without a known venue too (a room to be found)",
    "what a ticket costs; - for the artist's own mean",
    "what the tour may cost; - for no bound",
    "how much a risk counts, in percent: 0 to 300",
};

static bool nothing(const char *text)
{
    return !*text || strcmp(text, "-") == 0;
}

static void say_day(int32_t day, buf *out)
{
    char text[16];
    time_format_date(day, text);
    buf_str(out, text);
}

static void say_city(const builder *b, const char *id, buf *out)
{
    char label[160];
    const cities *places = builder_places(b);
    size_t at = places && *id ? cities_by_id(places, id) : SIZE_MAX;
    if (at != SIZE_MAX)
        cities_label(places, at, label);
    buf_str(out, !*id ? "-" : at == SIZE_MAX ? id : label);
}

static void say_hours(int32_t minutes, buf *out)
{
    if (minutes % 60)
        buf_printf(out, "%dh%02d", (int)minutes / 60, (int)minutes % 60);
    else
        buf_printf(out, "%dh", (int)minutes / 60);
}

static void say_number(int64_t n, buf *out)
{
    if (n)
        buf_printf(out, "%lld", (long long)n);
    else
        buf_char(out, '-');
}

static void say_shows(const tour_limits *l, buf *out)
{
    if (!l->shows_min && !l->shows_max)
        buf_char(out, '-');
    else if (!l->shows_max)
        buf_printf(out, "%d-", (int)l->shows_min);
    else if (l->shows_min == l->shows_max)
        buf_printf(out, "%d", (int)l->shows_min);
    else
        buf_printf(out, "%d-%d", (int)l->shows_min, (int)l->shows_max);
}

static void say_money(const builder *b, int64_t minor, buf *out)
{
    char text[48];
    const plan_doc *d = builder_shown(b);
    if (minor == 0) {
        buf_char(out, '-');
        return;
    }
    money_format(minor, d ? d->currency : "USD", false, text);
    buf_str(out, text);
}

void builder_field(const builder *b, build_field f, buf *out)
{
    const plan_request *r = &b->request;
    const tour_limits *l = &r->limits;
    switch (f) {
    case FIELD_FROM:
    case FIELD_UNTIL:
        say_day(f == FIELD_FROM ? r->from : r->until, out);
        return;
    case FIELD_START:
    case FIELD_END:
        say_city(b, f == FIELD_START ? r->start : r->end, out);
        return;
    case FIELD_SHOWS:
        say_shows(l, out);
        return;
    case FIELD_DRIVE:
    case FIELD_DRIVE_FREE:
        say_hours(f == FIELD_DRIVE ? l->drive_show_day : l->drive_free_day, out);
        return;
    case FIELD_REST:
        buf_printf(out, "%d:%d", (int)l->run_days, (int)l->free_7);
        return;
    case FIELD_SHOWS_7:
        say_number(l->shows_7, out);
        return;
    case FIELD_COUNTRIES:
        buf_str(out, *r->countries ? r->countries : "-");
        return;
    case FIELD_REACH:
        say_number(r->reach_km, out);
        buf_str(out, r->reach_km ? " km" : "");
        return;
    case FIELD_ANY_CITY:
        buf_str(out, r->any_city ? "yes" : "no");
        return;
    case FIELD_PRICE:
    case FIELD_BUDGET:
        say_money(b, f == FIELD_PRICE ? r->ticket_price : l->budget, out);
        return;
    case FIELD_AVERSION:
        buf_printf(out, "%d%%", (int)r->prices.aversion / 100);
        return;
    case BUILD_FIELDS:
        return;
    }
}

/* ---- setting ---- */

static bool read_number(const char *text, long most, int32_t *ret, err *e)
{
    char *end;
    long n = strtol(nothing(text) ? "0" : text, &end, 10);
    if (*end || n < 0 || n > most)
        return err_set(e, ERR_USAGE, "'%.40s' is no number from 0 to %ld", text, most);
    *ret = (int32_t)n;
    return true;
}

static bool read_reach(const char *text, int32_t *ret_km, err *e)
{
    double km = 0;
    if (!nothing(text) && !sphere_parse(text, &km, e))
        return false;
    *ret_km = (int32_t)(km + 0.5);
    return true;
}

/* With its sign or without: "10%", "10". */
static bool read_percent(const char *text, long most, int32_t *ret, err *e)
{
    char number[16];
    size_t n = strcspn(text, " %");
    if (text[n + strspn(text + n, " ")] != '%' || n >= sizeof number)
        return read_number(text, most, ret, e);
    memcpy(number, text, n);
    number[n] = 0;
    return read_number(number, most, ret, e);
}

static bool read_city(const builder *b, const char *text, char ret[32], err *e)
{
    char label[160];
    if (!nothing(text))
        return builder_city(b, text, ret, label, e);
    ret[0] = 0;
    return true;
}

static bool read_money(const builder *b, const char *text, int64_t most, int64_t *ret, err *e)
{
    char currency[4];
    const plan_doc *d = builder_shown(b);
    int64_t minor = 0;
    if (!nothing(text) && !money_parse(text, d ? d->currency : "USD", &minor, currency, e))
        return false;
    if (minor < 0 || minor > most)
        return err_set(e, ERR_USAGE, "'%.40s' is no such amount", text);
    *ret = minor;
    return true;
}

static bool read_yes(const char *text, bool *ret, err *e)
{
    bool yes = strcasecmp(text, "yes") == 0 || strcasecmp(text, "y") == 0;
    if (!yes && strcasecmp(text, "no") != 0 && strcasecmp(text, "n") != 0 && !nothing(text))
        return err_set(e, ERR_USAGE, "'%.40s' is neither yes nor no", text);
    *ret = yes;
    return true;
}

static bool read_field(const builder *b, plan_request *r, build_field f, const char *text, err *e)
{
    int64_t minor;
    int32_t n;
    switch (f) {
    case FIELD_FROM:
        return time_parse_date(text, &r->from, e);
    case FIELD_UNTIL:
        return time_parse_date(text, &r->until, e);
    case FIELD_START:
        return read_city(b, text, r->start, e);
    case FIELD_END:
        return read_city(b, text, r->end, e);
    case FIELD_SHOWS:
        if (!nothing(text))
            return plan_parse_shows(text, &r->limits, e);
        r->limits.shows_min = r->limits.shows_max = 0;
        return true;
    case FIELD_DRIVE:
        return plan_parse_hours(text, &r->limits.drive_show_day, e);
    case FIELD_DRIVE_FREE:
        return plan_parse_hours(text, &r->limits.drive_free_day, e);
    case FIELD_REST:
        return plan_parse_rest(text, &r->limits, e);
    case FIELD_SHOWS_7:
        return read_number(text, 7, &r->limits.shows_7, e);
    case FIELD_COUNTRIES:
        return plan_parse_countries(builder_places(b), nothing(text) ? "all" : text, r->countries, e);
    case FIELD_REACH:
        return read_reach(text, &r->reach_km, e);
    case FIELD_ANY_CITY:
        return read_yes(text, &r->any_city, e);
    case FIELD_PRICE:
        if (!read_money(b, text, INT32_MAX, &minor, e))
            return false;
        r->ticket_price = (int32_t)minor;
        return true;
    case FIELD_BUDGET:
        return read_money(b, text, INT64_MAX / 4, &r->limits.budget, e);
    case FIELD_AVERSION:
        if (!read_percent(text, 300, &n, e))
            return false;
        r->prices.aversion = n * 100;
        return true;
    case BUILD_FIELDS:
        break;
    }
    return false;
}

bool builder_set(builder *b, build_field f, const char *text, err *e)
{
    plan_request changed = b->request;
    if (f >= BUILD_FIELDS)
        return err_set(e, ERR_USAGE, "there is no such limit");
    while (*text == ' ')
        text++;
    if (!read_field(b, &changed, f, text, e))
        return err_wrap(e, "%s", build_field_names[f]);
    b->request = changed;
    return true;
}
