/* Two plans day by day: their windows may differ, what they share is shown side by side. */
#include "plan/private.h"

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#include <string.h>

static const char *const WORDS[] = {"same", "only_a", "only_b", "other_city", "other_venue", "empty"};

static const plan_stop *stop_on(const plan_doc *d, int32_t day)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->stops[i].day == day)
            return &d->stops[i];
    return NULL;
}

static day_compare compare_day(const plan_stop *a, const plan_stop *b)
{
    if (!a || !b)
        return a ? DAY_ONLY_A : b ? DAY_ONLY_B : DAY_EMPTY;
    if (strcmp(a->city_id, b->city_id) != 0)
        return DAY_OTHER_CITY;
    return strcmp(a->venue_id, b->venue_id) == 0 ? DAY_SAME : DAY_OTHER_VENUE;
}

static void side(buf *out, const plan_stop *s, size_t columns)
{
    buf cell;
    buf_init(&cell);
    if (s)
        buf_printf(&cell, "%s, %s", s->city,
                   s->venue        ? s->venue
                   : s->appearance ? "appearance"
                                   : "room to be found");
    text_fit(out, cell.data, cell.len, columns, TEXT_LEFT, false);
    buf_done(&cell);
}

static void trim(buf *out)
{
    while (out->len && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    buf_char(out, '\n');
}

static void text_day(buf *out, int32_t day, const plan_stop *a, const plan_stop *b, day_compare how,
                     size_t half)
{
    char date[16];
    time_format_date(day, date);
    buf_printf(out, "%s %s %c ", word_weekday(day), date, "=<>!~ "[how]);
    side(out, a, half);
    buf_str(out, "  ");
    side(out, b, half);
    trim(out);
}

static void json_side(json_out *j, const char *key, const plan_stop *s)
{
    json_key(j, key);
    if (!s) {
        json_none(j);
        return;
    }
    json_open(j, '{');
    json_key(j, "city_id");
    json_str(j, s->city_id);
    json_key(j, "city");
    json_str(j, s->city);
    json_key(j, "venue_id");
    json_str(j, s->venue_id);
    json_key(j, "venue");
    json_str(j, s->venue);
    json_key(j, "net");
    json_int(j, s->net);
    json_close(j, '}');
}

static void text_totals(buf *out, const plan_doc *a, const plan_doc *b, size_t half)
{
    const plan_doc *both[2] = {a, b};
    buf cell;
    buf_init(&cell);
    buf_printf(out, "%-17s", "");
    for (size_t i = 0; i < 2; i++) {
        char money[48];
        money_format(both[i]->terms.total, both[i]->currency, true, money);
        buf_clear(&cell);
        buf_printf(&cell, "%d shows, %lld km, %s", both[i]->terms.shows,
                   (long long)(both[i]->terms.metres / 1000), money);
        text_fit(out, cell.data, cell.len, half, TEXT_LEFT, false);
        buf_str(out, i ? "" : "  ");
    }
    trim(out);
    buf_str(out, "= same  ~ other venue  ! other city  < only the first  > only the second\n");
    buf_done(&cell);
}

static void json_totals(json_out *j, const plan_doc *a, const plan_doc *b)
{
    const plan_doc *both[2] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        json_key(j, i ? "b" : "a");
        json_open(j, '{');
        json_key(j, "plan_id");
        json_str(j, both[i]->plan_id);
        json_key(j, "version");
        json_int(j, both[i]->version);
        json_key(j, "shows");
        json_int(j, both[i]->terms.shows);
        json_key(j, "metres");
        json_int(j, both[i]->terms.metres);
        json_key(j, "total");
        json_int(j, both[i]->terms.total);
        json_key(j, "currency");
        json_str(j, both[i]->currency);
        json_close(j, '}');
    }
}

void plan_compare(const plan_doc *a, const plan_doc *b, int columns, buf *text, buf *json)
{
    int32_t from = a->request.from < b->request.from ? a->request.from : b->request.from;
    int32_t until = a->request.until > b->request.until ? a->request.until : b->request.until;
    size_t half = columns > 60 ? ((size_t)columns - 19) / 2 : 20;
    json_out j;
    if (json) {
        json_init(&j, json);
        json_open(&j, '{');
        json_totals(&j, a, b);
        json_key(&j, "days");
        json_open(&j, '[');
    }
    for (int32_t day = from; day <= until; day++) {
        const plan_stop *sa = stop_on(a, day), *sb = stop_on(b, day);
        day_compare how = compare_day(sa, sb);
        if (text && how != DAY_EMPTY)
            text_day(text, day, sa, sb, how, half);
        if (json && how != DAY_EMPTY) {
            json_open(&j, '{');
            json_key(&j, "date");
            json_day(&j, day);
            json_key(&j, "is");
            json_str(&j, WORDS[how]);
            json_side(&j, "a", sa);
            json_side(&j, "b", sb);
            json_close(&j, '}');
        }
    }
    if (json) {
        json_close(&j, ']');
        json_close(&j, '}');
    }
    if (text)
        text_totals(text, a, b, half);
}
