/* The editable figures of planning, in the artist's currency; and exchange by dated rates. */
#include "plan/private.h"

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

static const plan_rate *rate_of(const plan_rates *r, const char *currency)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->rows[i].currency, currency) == 0)
            return &r->rows[i];
    return NULL;
}

bool rates_convert(const plan_rates *r, int64_t amount, const char *from, const char *to, int64_t *ret)
{
    if (strcmp(from, to) == 0) {
        *ret = amount;
        return true;
    }
    const plan_rate *a = rate_of(r, from), *b = rate_of(r, to);
    if (!a || !b)
        return false;
    /* long double's 64 bits of mantissa hold every amount that comes near this; rounded to the nearest minor unit. */
    long double x = (long double)amount * (long double)a->millionths / (long double)b->millionths;
    for (int k = money_digits(from); k < money_digits(to); k++)
        x *= 10;
    for (int k = money_digits(to); k < money_digits(from); k++)
        x /= 10;
    *ret = (int64_t)(x + (x < 0 ? -0.5L : 0.5L));
    return true;
}

typedef struct setting {
    const char *name;
    size_t at;
    char kind; /* 'm' money (int64), 'n' a number (int32) */
} setting;

#define MONEY(name, member)                                                                                  \
    {                                                                                                        \
        name, offsetof(plan_figures, member), 'm'                                                            \
    }
#define NUMBER(name, member)                                                                                 \
    {                                                                                                        \
        name, offsetof(plan_figures, member), 'n'                                                            \
    }

static const setting SETTINGS[] = {
    MONEY("per_km", prices.per_km),
    MONEY("per_hour", prices.per_hour),
    MONEY("per_night", prices.per_night),
    MONEY("per_idle", prices.per_idle),
    MONEY("late_per_hour", prices.late_per_hour),
    MONEY("rest_bonus", prices.rest_bonus),
    MONEY("warn_cost", prices.warn_cost),
    MONEY("change", prices.change),
    NUMBER("late_after", prices.late_after),
    NUMBER("aversion", prices.aversion),
    MONEY("merch_per_head", merch_per_head),
    MONEY("show_cost", show_cost),
    MONEY("ticket_price", ticket_price),
    NUMBER("percentage", percentage),
    NUMBER("expense_share", expense_share),
    NUMBER("chance_first", chance_first),
    NUMBER("chance_second", chance_second),
    NUMBER("chance_later", chance_later),
    NUMBER("chance_open", chance_open),
    NUMBER("chance_open_one", chance_open_1),
    NUMBER("chance_open_more", chance_open_2),
    NUMBER("chance_offer", chance_offer),
    MONEY("weekday_sun", weekday[0]),
    MONEY("weekday_mon", weekday[1]),
    MONEY("weekday_tue", weekday[2]),
    MONEY("weekday_wed", weekday[3]),
    MONEY("weekday_thu", weekday[4]),
    MONEY("weekday_fri", weekday[5]),
    MONEY("weekday_sat", weekday[6]),
    MONEY("hold_expiring", hold_expiring),
    NUMBER("fade_days", fade_days),
    NUMBER("follow_miles", follow_miles),
    NUMBER("market_km", market_km),
    NUMBER("drive_show_day", limits.drive_show_day),
    NUMBER("drive_free_day", limits.drive_free_day),
    NUMBER("run_days", limits.run_days),
    NUMBER("shows_7", limits.shows_7),
    NUMBER("drive_7", limits.drive_7),
    NUMBER("free_7", limits.free_7),
    NUMBER("free_drive", limits.free_drive),
    NUMBER("market_times", limits.market_times),
    NUMBER("market_cooldown", limits.market_cooldown),
    NUMBER("road_factor", limits.road_factor),
    NUMBER("speed", limits.speed),
};

static void take_rate(plan_rates *rates, const char *name, int64_t value, const char *as_of)
{
    if (rates->n >= sizeof rates->rows / sizeof *rates->rows || value <= 0)
        return;
    plan_rate *r = &rates->rows[rates->n++];
    text_copy(r->currency, sizeof r->currency, name + 5); /* behind "rate." */
    r->millionths = value;
    text_copy(r->as_of, sizeof r->as_of, as_of ? as_of : "");
}

static const setting *setting_named(const char *name)
{
    for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++)
        if (strcmp(SETTINGS[i].name, name) == 0)
            return &SETTINGS[i];
    return NULL;
}

/* The company's money is in US cents, an artist's own in the artist's currency. */
static bool take_setting(plan_figures *f, const plan_rates *rates, const char *currency, const rowset *r,
                         size_t row, err *e)
{
    const char *name = cell_of(r, row, "setting");
    const setting *s = setting_named(name);
    int64_t value = cell_int(r, row, "value", 0);
    if (!s)
        return true;
    if (s->kind == 'm') {
        if (!cell_int(r, row, "own", 0) && !rates_convert(rates, value, "USD", currency, &value))
            return err_set(
                e, ERR_MISSING,
                "there is no rate for %s: add rate.%s to the planning figures, or the artist's own %s",
                currency, currency, name);
        memcpy((char *)f + s->at, &value, sizeof value);
        return true;
    }
    int32_t number = value > INT32_MAX ? INT32_MAX : value < 0 ? 0 : (int32_t)value;
    memcpy((char *)f + s->at, &number, sizeof number);
    return true;
}

bool figures_read(store *s, const catalog *c, const char *artist_id, const char *currency, plan_figures *ret,
                  plan_rates *rates, stop *halt, err *e)
{
    rowset *r = NULL;
    query_value value = {"artist_id", artist_id};
    plan_figures f = {
        .percentage = 8500, .expense_share = 2000, .market_km = 30, .fade_days = 120, .follow_miles = 100};
    tour_defaults(&f.limits, &f.prices);
    if (!plan_fetch(s, c, "plan_prices", &value, 1, 10000, &r, halt, e))
        return false;
    *rates = (plan_rates){0};
    for (size_t i = 0; i < r->nrows; i++)
        if (strncmp(cell_of(r, i, "setting"), "rate.", 5) == 0)
            take_rate(rates, cell_of(r, i, "setting"), cell_int(r, i, "value", 0), cell_of(r, i, "as_of"));
    bool ok = true;
    for (size_t i = 0; ok && i < r->nrows; i++)
        ok = take_setting(&f, rates, currency, r, i, e);
    rowset_free(r);
    if (ok)
        *ret = f;
    return ok;
}
