/* A request: parsed from what people type, checked, and kept as JSON beside a saved plan. */
#include "plan/private.h"

#include "base/text.h"
#include "base/time.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { HOURS_MOST = 48 };

/* A whole number of at most 6 digits at *at, moved behind it; -1 when there is none. */
static int32_t number_at(const char **at)
{
    int32_t n = 0;
    int digits = 0;
    while (**at >= '0' && **at <= '9' && digits < 7) {
        n = n * 10 + (*(*at)++ - '0');
        digits++;
    }
    return digits && digits < 7 ? n : -1;
}

/* Tenths behind a point, in minutes: ".5" is 30. */
static bool fraction_at(const char **at, int32_t *minutes)
{
    if (**at != '.')
        return true;
    ++*at;
    if (**at < '0' || **at > '9')
        return false;
    double part = 0, unit = 0.1;
    for (; **at >= '0' && **at <= '9'; ++*at, unit /= 10)
        part += unit * (**at - '0');
    *minutes += (int32_t)(part * 60 + 0.5);
    return true;
}

bool plan_parse_hours(const char *text, int32_t *ret_minutes, err *e)
{
    const char *at = text;
    int32_t hours = number_at(&at), minutes = hours * 60;
    bool ok = hours >= 0;
    if (ok && strcmp(at, "min") == 0) {
        minutes = hours;
        at += 3;
    } else if (ok && *at == ':') {
        at++;
        int32_t more = number_at(&at);
        ok = more >= 0 && more < 60;
        minutes += more;
    } else if (ok) {
        ok = fraction_at(&at, &minutes);
        if (ok && *at == 'h') {
            at++;
            int32_t more = *at ? number_at(&at) : 0;
            ok = more >= 0 && more < 60;
            minutes += more;
        }
    }
    if (!ok || *at)
        return err_set(e, ERR_USAGE, "'%s' is no length of time such as 7h, 7.5h, 7h30 or 450min", text);
    if (minutes == 0)
        return err_set(e, ERR_USAGE, "'%s' leaves no time to drive", text);
    if (minutes > HOURS_MOST * 60)
        return err_set(e, ERR_USAGE, "'%s' is more than %d hours of driving in a day", text, HOURS_MOST);
    *ret_minutes = minutes;
    return true;
}

/* "5:1": five show days on end, one free day in seven. "5:2" leaves two of seven. */
bool plan_parse_rest(const char *text, tour_limits *l, err *e)
{
    const char *at = text;
    int32_t run = number_at(&at), off = -1;
    if (run >= 1 && *at == ':') {
        at++;
        off = number_at(&at);
    }
    if (off < 0 || *at)
        return err_set(e, ERR_USAGE, "'%s' is no rest such as 5:1 (show days on end : free days in seven)",
                       text);
    if (run > TOUR_DAYS_MOST || off > 6)
        return err_set(e, ERR_USAGE, "'%s': at most %d show days on end and 6 free days in seven", text,
                       TOUR_DAYS_MOST);
    l->run_days = run;
    l->free_7 = off;
    return true;
}

bool plan_parse_shows(const char *text, tour_limits *l, err *e)
{
    const char *at = text;
    int32_t least = *at == '-' ? 0 : number_at(&at), most = least;
    if (least >= 0 && *at == '-') {
        at++;
        most = *at ? number_at(&at) : 0;
    }
    if (least < 0 || most < 0 || *at || (!least && !most))
        return err_set(e, ERR_USAGE, "'%s' is no number of shows such as 12, 10-18, 10- or -18", text);
    if (most && most < least)
        return err_set(e, ERR_USAGE, "'%s': the smaller number comes first", text);
    if (least > TOUR_DAYS_MOST || most > TOUR_DAYS_MOST)
        return err_set(e, ERR_USAGE, "'%s': a tour has at most %d shows", text, TOUR_DAYS_MOST);
    l->shows_min = least;
    l->shows_max = most;
    return true;
}

bool plan_parse_pin(const cities *places, const char *text, plan_pin *ret, err *e)
{
    const char *sign = strrchr(text, '@');
    char name[160];
    plan_pin pin = {.day = DAY_NONE};
    size_t place, n = sign ? (size_t)(sign - text) : strlen(text);
    if (!n || n >= sizeof name)
        return err_set(e, ERR_USAGE, "'%.60s' names no city: it wants CITY or CITY@2027-03-14", text);
    memcpy(name, text, n);
    name[n] = '\0';
    err why = {0};
    if (sign && !time_parse_date(sign + 1, &pin.day, &why))
        return err_set(e, ERR_USAGE, "'%s': %s", text, why.text);
    if (!cities_one(places, name, &place, e))
        return false;
    plan_city_id(places, place, pin.city_id);
    *ret = pin;
    return true;
}

static bool country_known(const cities *places, const char *code)
{
    size_t n = places ? cities_count(places) : 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(cities_at(places, i).country, code) == 0)
            return true;
    return n == 0;
}

bool plan_parse_countries(const cities *places, const char *text, char ret[64], err *e)
{
    char out[64] = "";
    size_t n = 0;
    for (const char *p = strcmp(text, "all") == 0 ? "" : text; *p;) {
        size_t len = strcspn(p, " ,;");
        char code[3] = {(char)toupper((unsigned char)p[0]),
                        len > 1 ? (char)toupper((unsigned char)p[1]) : '\0'};
        if (len && (len != 2 || !isalpha((unsigned char)p[0]) || !isalpha((unsigned char)p[1])))
            return err_set(e, ERR_USAGE, "'%.*s' is no country's two letters, such as US or CA",
                           (int)(len > 20 ? 20 : len), p);
        if (len && !country_known(places, code))
            return err_set(e, ERR_USAGE,
                           "no city is known in '%s': a country is two letters, such as US or CA", code);
        if (len && n + 4 >= sizeof out)
            return err_set(e, ERR_USAGE, "that is more than %d countries: 'all' takes every one",
                           (int)(sizeof out / 3));
        if (len)
            n += (size_t)snprintf(out + n, sizeof out - n, "%s%s", n ? " " : "", code);
        p += len + strspn(p + len, " ,;");
    }
    memcpy(ret, out, sizeof out);
    return true;
}

/* ---- JSON ---- */

typedef struct figure {
    const char *key;
    size_t at;
    bool wide; /* int64 */
} figure;

#define LIMIT(name)                                                                                          \
    {                                                                                                        \
#name, offsetof(tour_limits, name), sizeof(((tour_limits *)0)->name) == 8                            \
    }
#define PRICE(name)                                                                                          \
    {                                                                                                        \
#name, offsetof(tour_prices, name), sizeof(((tour_prices *)0)->name) == 8                            \
    }

static const figure LIMITS[] = {
    LIMIT(drive_show_day),  LIMIT(drive_free_day), LIMIT(run_days),   LIMIT(shows_7),
    LIMIT(drive_7),         LIMIT(free_7),         LIMIT(free_drive), LIMIT(market_times),
    LIMIT(market_cooldown), LIMIT(shows_min),      LIMIT(shows_max),  LIMIT(budget),
    LIMIT(road_factor),     LIMIT(speed),
};
static const figure PRICES[] = {
    PRICE(per_km),     PRICE(per_hour),  PRICE(per_night), PRICE(per_idle),   PRICE(late_per_hour),
    PRICE(rest_bonus), PRICE(warn_cost), PRICE(change),    PRICE(late_after), PRICE(aversion),
};

static void write_figures(json_out *j, const char *key, const figure *rows, size_t n, const void *of)
{
    json_key(j, key);
    json_open(j, '{');
    for (size_t i = 0; i < n; i++) {
        const char *at = (const char *)of + rows[i].at;
        int64_t wide = 0;
        int32_t narrow = 0;
        if (rows[i].wide)
            memcpy(&wide, at, sizeof wide);
        else
            memcpy(&narrow, at, sizeof narrow);
        json_key(j, rows[i].key);
        json_int(j, rows[i].wide ? wide : narrow);
    }
    json_close(j, '}');
}

static void read_figures(json_reader *r, const json_t *o, const char *key, const figure *rows, size_t n,
                         void *of)
{
    const json_t *from = read_object(r, o, key);
    for (size_t i = 0; r->ok && i < n; i++) {
        char *at = (char *)of + rows[i].at;
        int64_t wide =
            read_int(r, from, rows[i].key, 0, rows[i].wide ? INT64_C(1000000000000000) : INT32_MAX);
        int32_t narrow = (int32_t)wide;
        memcpy(at, rows[i].wide ? (const void *)&wide : (const void *)&narrow,
               rows[i].wide ? sizeof wide : sizeof narrow);
    }
}

static void write_pins(json_out *j, const char *key, const plan_pin *pins, size_t n)
{
    json_key(j, key);
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        json_key(j, "city_id");
        json_str(j, pins[i].city_id);
        json_key(j, "venue_id");
        json_str(j, pins[i].venue_id);
        json_key(j, "day");
        json_day(j, pins[i].day);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void read_pins(json_reader *r, const json_t *o, const char *key, plan_pin *ret, size_t *ret_n)
{
    const json_t *list = read_array(r, o, key, PLAN_PINS_MOST), *item;
    size_t i;
    json_array_foreach(list, i, item)
    {
        if (!r->ok || i >= PLAN_PINS_MOST)
            return;
        read_fixed(r, item, "city_id", ret[i].city_id, sizeof ret[i].city_id);
        read_fixed(r, item, "venue_id", ret[i].venue_id, sizeof ret[i].venue_id);
        ret[i].day = read_day(r, item, "day", true);
        *ret_n = i + 1;
    }
}

void request_write(const plan_request *r, json_out *j)
{
    json_open(j, '{');
    json_key(j, "artist_id");
    json_str(j, r->artist_id);
    json_key(j, "from");
    json_day(j, r->from);
    json_key(j, "until");
    json_day(j, r->until);
    json_key(j, "start");
    json_str(j, r->start);
    json_key(j, "end");
    json_str(j, r->end);
    write_figures(j, "limits", LIMITS, sizeof LIMITS / sizeof *LIMITS, &r->limits);
    write_figures(j, "prices", PRICES, sizeof PRICES / sizeof *PRICES, &r->prices);
    json_key(j, "reach_km");
    json_int(j, r->reach_km);
    json_key(j, "countries");
    json_str(j, r->countries);
    json_key(j, "any_city");
    json_bool(j, r->any_city);
    json_key(j, "ticket_price");
    json_int(j, r->ticket_price);
    write_pins(j, "pins", r->pins, r->npins);
    write_pins(j, "avoid", r->avoid, r->navoid);
    json_close(j, '}');
}

void plan_request_json(const plan_request *r, buf *out)
{
    json_out j;
    json_init(&j, out);
    request_write(r, &j);
}

bool request_read(json_reader *r, const json_t *o, plan_request *ret)
{
    plan_request q = {0};
    read_fixed(r, o, "artist_id", q.artist_id, sizeof q.artist_id);
    q.from = read_day(r, o, "from", false);
    q.until = read_day(r, o, "until", false);
    read_fixed(r, o, "start", q.start, sizeof q.start);
    read_fixed(r, o, "end", q.end, sizeof q.end);
    read_figures(r, o, "limits", LIMITS, sizeof LIMITS / sizeof *LIMITS, &q.limits);
    read_figures(r, o, "prices", PRICES, sizeof PRICES / sizeof *PRICES, &q.prices);
    q.reach_km = (int32_t)read_int(r, o, "reach_km", 0, 20040);
    read_fixed(r, o, "countries", q.countries, sizeof q.countries);
    q.any_city = read_bool(r, o, "any_city");
    q.ticket_price = (int32_t)read_int(r, o, "ticket_price", 0, INT32_MAX);
    read_pins(r, o, "pins", q.pins, &q.npins);
    read_pins(r, o, "avoid", q.avoid, &q.navoid);
    if (r->ok && (q.until < q.from || q.until - q.from >= TOUR_DAYS_MOST))
        read_bad(r, "until", "is before 'from' or more than 366 days behind it");
    if (r->ok)
        *ret = q;
    return r->ok;
}

bool plan_request_parse(const char *text, plan_request *ret, err *e)
{
    json_reader r = {"request", e, true};
    json_t *root = read_root(text, &r);
    bool ok = root && request_read(&r, root, ret);
    json_decref(root);
    return ok;
}
