/* How the tour builder looks: what the tour makes, a calendar strip, the stops with their legs, the stop under the cursor in full,
 * and a map with the numbered route. Draws from a plan_doc alone. */
#include "base/mem.h"
#include "base/money.h"
#include "base/time.h"
#include "ui/format.h"
#include "ui/routing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_MAP = 44, MARK_WIDTH = 8, LONG_MARK_WIDTH = 18, DETAIL_MOST = 9 };

static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const WEEKDAYS[] = {"Th", "Fr", "Sa", "Su", "Mo", "Tu", "We"}; /* day 0 was a Thursday */

static const char *weekday(int32_t day)
{
    return WEEKDAYS[(day % 7 + 7) % 7];
}

static void say_date(int32_t day, bool year, buf *out)
{
    int y, m, d;
    time_civil(day, &y, &m, &d);
    buf_printf(out, "%d %s", d, MONTHS[m - 1]);
    if (year)
        buf_printf(out, " %d", y);
}

/* Whole units: 12,340 USD. */
static void say_money(int64_t minor, const char *currency, bool named, buf *out)
{
    int64_t unit = 1;
    for (int i = money_digits(currency); i > 0; i--)
        unit *= 10;
    format_grouped((minor + (minor < 0 ? -unit : unit) / 2) / unit, out);
    if (named)
        buf_printf(out, " %s", currency);
}

static void say_hours(int32_t minutes, buf *out)
{
    buf_printf(out, "%d.%d", (int)minutes / 60, (int)(minutes % 60) * 10 / 60);
}

static const char *s_of(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- what the tour makes ---- */

static void say_window(const plan_doc *d, bool narrow, buf *out)
{
    say_date(d->request.from, false, out);
    buf_str(out, " - ");
    say_date(d->request.until, !narrow, out);
    buf_printf(out, "   %d show%s   ", (int)d->terms.shows, s_of(d->terms.shows));
    format_grouped(d->terms.metres / 1000, out);
    buf_str(out, " km   ");
    say_hours((int32_t)d->terms.minutes, out);
    buf_str(out, narrow ? " h" : " h driving");
    if (!narrow)
        buf_printf(out, "   %lld day%s off", (long long)d->terms.idle_days, s_of(d->terms.idle_days));
}

/* Two figures: what the plan is worth, each date counted by its chance (what the solver raises and `why` speaks of), and what it
 * makes if every date comes about. */
static void say_makes(const plan_doc *d, bool narrow, buf *out)
{
    buf_str(out, "Worth ");
    say_money(d->terms.total, d->currency, true, out);
    buf_str(out, narrow ? "; all dates " : " by each date's chance; all dates ");
    say_money(d->mid, d->currency, false, out);
    buf_str(out, narrow ? " (" : " (8 in 10: ");
    say_money(d->low, d->currency, false, out);
    buf_str(out, narrow ? "-" : " to ");
    say_money(d->high, d->currency, false, out);
    buf_char(out, ')');
    if (d->break_even > 0)
        buf_printf(out, narrow ? "  even at %lld" : "   even at %lld ticket%s a show",
                   (long long)d->break_even, s_of(d->break_even));
}

static const char *const STEPS[] = {[STEP_ARTIST] = "looking for the artist",
                                    [STEP_DEFAULTS] = "reading the last tour",
                                    [STEP_OPEN] = "opening",
                                    [STEP_SOLVE] = "planning",
                                    [STEP_WHY] = "trying it",
                                    [STEP_OTHERS] = "looking for others",
                                    [STEP_SAVE] = "keeping",
                                    [STEP_SHARE] = "sharing",
                                    [STEP_HOLD] = "placing holds"};

static void say_state(const builder *b, const plan_doc *d, buf *out)
{
    if (b->step != STEP_NONE)
        buf_printf(out, "%s%s", STEPS[b->step], b->stopping ? ", ending" : " ...");
    else if (b->other)
        buf_printf(out, "alternative %zu of %zu", b->other, b->nothers);
    else if (b->repaired && !b->dirty)
        buf_printf(out, "kept version %lld", (long long)b->version);
    else if (d && getenv("SHOWX_NOW")) /* time stands still */
        buf_printf(out, "searched %lld plans", (long long)d->iterations);
    else if (d && d->seconds > 0)
        buf_printf(out, "searched %.1f s%s", d->seconds, d->complete ? "" : ", cut short");
}

static int draw_header(const builder *b, const plan_doc *d, canvas *c, area a)
{
    buf line;
    buf_init(&line);
    say_state(b, d, &line);
    int w = (int)text_width(line.data, line.len);
    canvas_text(c, a.y, a.x + a.width - w - 1, w, b->step ? STYLE_ACCENT : STYLE_DIM, line.data);
    buf_clear(&line);
    buf_str(&line, *b->name ? b->name : d->artist);
    if (*b->name && b->dirty)
        buf_str(&line, " (changed)");
    buf_str(&line, "   ");
    int x = a.x + 1 + canvas_text(c, a.y, a.x + 1, a.width - w - 3, STYLE_TITLE, line.data);
    buf_clear(&line);
    bool narrow = a.width < 110;
    say_window(d, narrow, &line);
    canvas_text(c, a.y, x, a.x + a.width - w - 2 - x, STYLE_TEXT, line.data);
    buf_clear(&line);
    say_makes(d, narrow, &line);
    if (!narrow && (int)text_width(line.data, line.len) > a.width - MARK_WIDTH) {
        buf_clear(&line);
        say_makes(d, true, &line);
    }
    x = a.x + 1 +
        canvas_text(c, a.y + 1, a.x + 1, a.width - 2, d->mid > 0 ? STYLE_GOOD : STYLE_BAD, line.data);
    buf_clear(&line);
    if (d->nconflicts)
        buf_printf(&line, a.x + a.width - x < LONG_MARK_WIDTH ? "  ! %zu" : "   ! %zu to look at",
                   d->nconflicts);
    canvas_text(c, a.y + 1, x, a.x + a.width - x, STYLE_WARN, line.data);
    buf_done(&line);
    return 2;
}

/* ---- the calendar strip ---- */

const char *routing_days(const plan_doc *d, int32_t day, int *ret_style, bool ascii)
{
    static const struct {
        const char *sign, *plain;
        int look;
    } looks[] = {[PLAN_OFF] = {"·", ".", STYLE_DIM},      [PLAN_SHOW] = {"■", "#", STYLE_GOOD},
                 [PLAN_DRIVE] = {"─", "-", STYLE_ACCENT}, [PLAN_HELD] = {"■", "H", STYLE_WARN},
                 [PLAN_BLOCKED] = {"×", "x", STYLE_BAD},  [PLAN_APPEARANCE] = {"◆", "A", STYLE_INFO},
                 [PLAN_HOME] = {" ", " ", STYLE_DIM}};
    int32_t at = day - d->request.from;
    uint8_t what = d->days && at >= 0 && at < d->window ? d->days[at] : PLAN_HOME;
    if (what >= sizeof looks / sizeof *looks)
        what = PLAN_OFF;
    *ret_style = looks[what].look;
    return ascii ? looks[what].plain : looks[what].sign;
}

/* One day of the strip, `step` columns wide: its sign, and above it Mondays' dates and the months where they begin. */
static void draw_day(const plan_doc *d, canvas *c, int y, int x, int step, int32_t day, int32_t nth, bool at)
{
    int look, year, month, dom;
    char mark[16];
    time_civil(day, &year, &month, &dom);
    bool begins = dom == 1 || nth == 0, monday = (day % 7 + 7) % 7 == 4;
    if (begins)
        canvas_text(c, y, x, 3, STYLE_TITLE, MONTHS[month - 1]);
    snprintf(mark, sizeof mark, "%d", dom);
    if (!begins && (monday || step >= 3) && (dom - 1) * step >= 4 && nth * step >= 4)
        canvas_text(c, y, x, 2, STYLE_DIM, mark);
    const char *sign = routing_days(d, day, &look, c->ascii);
    for (int i = 0; i < (step > 1 ? step - 1 : 1); i++)
        canvas_text(c, y + 1, x + i, 1, at ? look | STYLE_SELECTED : look, sign);
}

static int draw_strip(const plan_doc *d, canvas *c, area a, int32_t at, int most)
{
    int width = a.width - 2, lines = 0, step = d->window > 0 ? width / d->window : 1;
    step = step < 1 ? 1 : step > 3 ? 3 : step;
    int32_t row = width / step;
    for (int32_t from = 0; from < d->window && lines + 2 <= most; from += row, lines += 2)
        for (int32_t i = from; i < d->window && i < from + row; i++) {
            int32_t day = d->request.from + i;
            draw_day(d, c, a.y + lines, a.x + 1 + (int)(i - from) * step, step, day, i - from, day == at);
        }
    return lines;
}

/* ---- the stops ---- */

static const char *hold_word(const plan_stop *s, char out[24])
{
    if (s->appearance)
        return "appearance";
    if (s->state == SLOT_CONFIRMED)
        return "confirmed";
    if (s->state == SLOT_HELD)
        snprintf(out, 24, s->challenged ? "hold %d !" : "hold %d", (int)s->rank);
    else
        snprintf(out, 24, "open %d%%", (int)s->chance / 100);
    return out;
}

/* Where the columns stand: the venue only where there is room for it, and avails in words where there is more. */
typedef struct layout {
    int city, venue, drive, tickets, net, avail; /* columns from the left */
    int city_width, venue_width, tickets_width, net_width, avail_width;
    bool wide;
} layout;

static layout layout_of(area a)
{
    int x = a.x + 14, room = a.x + a.width - x;
    layout l = {.wide = room >= 64, .city = x};
    l.venue_width = l.wide ? room - 51 : room >= 50 ? room - 39 : 0;
    l.city_width = l.venue_width ? 16 : room - 22;
    l.tickets_width = l.wide ? 5 : 4;
    l.net_width = l.wide ? 8 : 7;
    l.avail_width = l.wide ? 10 : 1;
    l.venue = l.city + l.city_width + 1;
    l.drive = l.venue_width ? l.venue + l.venue_width + 1 : l.venue;
    l.tickets = l.drive + 7;
    l.net = l.tickets + l.tickets_width + 1;
    l.avail = l.net + l.net_width + 1;
    return l;
}

static const char *avail_sign(const plan_stop *s)
{
    return s->appearance ? "A" : s->state == SLOT_CONFIRMED ? "C" : s->state == SLOT_HELD ? "H" : "";
}

static int avail_style(const plan_stop *s)
{
    return s->state == SLOT_CONFIRMED ? STYLE_GOOD : s->state == SLOT_HELD ? STYLE_WARN : STYLE_DIM;
}

static void draw_figures(const plan_doc *d, const plan_stop *s, canvas *c, int y, const layout *l)
{
    char held[24];
    buf b;
    buf_init(&b);
    if (s->leg.days > 0) {
        say_hours(s->leg.minutes, &b);
        buf_str(&b, " h");
    }
    bool close = s->leg.minutes * 10 > s->leg.limit * 9;
    canvas_fit(c, y, l->drive, 6, close ? STYLE_WARN : STYLE_TEXT, TEXT_RIGHT, b.data);
    if (!s->appearance) {
        buf_clear(&b);
        format_grouped(s->mid, &b);
        canvas_fit(c, y, l->tickets, l->tickets_width, STYLE_TEXT, TEXT_RIGHT, b.data);
        buf_clear(&b);
        say_money(s->net, d->currency, false, &b);
        canvas_fit(c, y, l->net, l->net_width, s->net < 0 ? STYLE_BAD : STYLE_TEXT, TEXT_RIGHT, b.data);
    }
    canvas_fit(c, y, l->avail, l->avail_width, avail_style(s), TEXT_LEFT,
               l->wide ? hold_word(s, held) : avail_sign(s));
    buf_done(&b);
}

static void draw_stop(const routing *r, const plan_doc *d, canvas *c, area a, size_t i)
{
    const plan_stop *s = d->stops + i;
    layout l = layout_of(a);
    buf b;
    buf_init(&b);
    buf_printf(&b, "%2zu", i + 1);
    canvas_text(c, a.y, a.x + 1, 2, STYLE_ACCENT, b.data);
    buf_clear(&b);
    buf_printf(&b, "%s ", weekday(s->day));
    say_date(s->day, false, &b);
    canvas_fit(c, a.y, a.x + 4, 9, STYLE_TEXT, TEXT_LEFT, b.data);
    if (builder_pinned(r->b, i))
        canvas_text(c, a.y, l.city - 1, 1, STYLE_WARN, canvas_glyph(c, GLYPH_PIN));
    if (l.city_width > 0)
        canvas_fit(c, a.y, l.city, l.city_width, STYLE_TITLE, TEXT_LEFT, s->city);
    if (l.venue_width > 0)
        canvas_fit(c, a.y, l.venue, l.venue_width, STYLE_TEXT, TEXT_LEFT,
                   s->venue        ? s->venue
                   : s->appearance ? s->note
                                   : "a room to be found");
    draw_figures(d, s, c, a.y, &l);
    buf_done(&b);
}

static void draw_head(canvas *c, area a)
{
    layout l = layout_of(a);
    canvas_text(c, a.y, a.x + 4, 8, STYLE_DIM, "Date");
    canvas_text(c, a.y, l.city, 6, STYLE_DIM, "City");
    if (l.venue_width)
        canvas_text(c, a.y, l.venue, l.venue_width, STYLE_DIM, "Venue");
    canvas_fit(c, a.y, l.drive, 6, STYLE_DIM, TEXT_RIGHT, "Drive");
    canvas_fit(c, a.y, l.tickets, l.tickets_width, STYLE_DIM, TEXT_RIGHT, "Tix");
    canvas_fit(c, a.y, l.net, l.net_width, STYLE_DIM, TEXT_RIGHT, "Net");
    if (l.wide)
        canvas_text(c, a.y, l.avail, l.avail_width, STYLE_DIM, "Avail");
}

static void draw_stops(routing *r, const plan_doc *d, canvas *c, area a, bool focused)
{
    draw_head(c, a);
    area body = {a.y + 1, a.x, a.height - 1, a.width};
    r->height = body.height > 0 ? body.height : 1;
    r->list_y = body.y;
    r->list_x = body.x;
    r->list_width = body.width;
    if (r->top > r->cursor)
        r->top = r->cursor;
    if (r->cursor >= r->top + (size_t)r->height)
        r->top = r->cursor - (size_t)r->height + 1;
    for (int i = 0; i < r->height && r->top + (size_t)i < d->n; i++) {
        area line = {body.y + i, body.x, 1, body.width};
        draw_stop(r, d, c, line, r->top + (size_t)i);
        if (focused && r->top + (size_t)i == r->cursor)
            canvas_add_style(c, line, STYLE_SELECTED);
    }
    if (d->n == 0)
        canvas_wrap(c, body.y, body.x + 2, body.width - 4, 3, STYLE_DIM,
                    "No show pays in this window. l changes the limits; n asks why a city is not in.");
}

/* ---- the stop under the cursor ---- */

static void say_tickets(const plan_doc *d, const plan_stop *s, bool narrow, buf *out)
{
    (void)d;
    buf_printf(out, narrow ? "tickets %d (%d to %d)" : "tickets %d, 8 in 10: %d to %d", (int)s->mid,
               (int)s->low, (int)s->high);
    if (s->capacity)
        buf_printf(out, narrow ? " of %d; sells out %d%%" : ", room for %d; sells out %d%%", (int)s->capacity,
                   (int)s->sells_out / 100);
}

static void say_fans(const plan_doc *d, const plan_stop *s, bool narrow, buf *out)
{
    (void)d;
    format_grouped(s->fans, out);
    buf_printf(out, " fan%s within 60 mi", s_of(s->fans));
    if (s->shared_fans)
        buf_printf(out, ", %d of them near another stop", (int)s->shared_fans);
    if (s->shows + s->buyers > 0)
        buf_printf(out, "; rests on %d show%s, %d buyer%s", (int)s->shows, s_of(s->shows), (int)s->buyers,
                   s_of(s->buyers));
    else
        buf_str(out, narrow ? "; never played near" : "; never played near: what all artists' shows say");
    if (s->raw >= 0)
        buf_printf(out, ": sold %.0f, counted as %.0f", s->raw, s->shrunk);
}

static void say_deal(const plan_doc *d, const plan_stop *s, bool narrow, buf *out)
{
    (void)narrow;
    char held[24];
    buf_str(out, "deal ");
    say_money(s->payout, d->currency, false, out);
    buf_str(out, " of ");
    say_money(s->gross, d->currency, false, out);
    buf_str(out, ", net ");
    say_money(s->net, d->currency, true, out);
    buf_printf(out, "; %s", hold_word(s, held));
    if (s->expires_us) {
        buf_str(out, " until ");
        say_date((int32_t)(s->expires_us / INT64_C(86400000000)), false, out);
    }
}

static void say_leg(const plan_doc *d, const plan_stop *s, bool narrow, buf *out)
{
    buf_str(out, "drive ");
    say_hours(s->leg.minutes, out);
    buf_str(out, " of ");
    say_hours(s->leg.limit, out);
    buf_printf(out, " h, %d km in %d day%s; %s", (int)s->leg.metres / 1000, (int)s->leg.days,
               s_of(s->leg.days), narrow ? "" : "costs ");
    say_money(s->leg.cost, d->currency, true, out);
}

static void say_note(const plan_doc *d, const plan_stop *s, bool narrow, buf *out)
{
    (void)d, (void)narrow;
    buf_str(out, s->note);
}

static void say_fallback(const plan_doc *d, const plan_stop *s, bool narrow, buf *out)
{
    (void)d, (void)narrow;
    buf_printf(out, "else %s", s->fallback);
}

static int draw_detail(const plan_doc *d, const plan_stop *s, canvas *c, area a)
{
    buf b;
    buf_init(&b);
    int y = a.y, last = a.y + a.height;
    canvas_fill(c, (area){y++, a.x, 1, a.width}, STYLE_RULE, canvas_glyph(c, GLYPH_RULE));
    buf_printf(&b, " %s%s%s  %s ", s->city, *s->region ? ", " : "", s->region, s->venue ? s->venue : "");
    canvas_text(c, a.y, a.x + 2, a.width - 4, STYLE_TITLE, b.data);
    char held[24];
    bool narrow = a.width < 60, show = !s->appearance;
    /* The longest last: what does not fit any more is the least to be missed. */
    const struct {
        void (*say)(const plan_doc *, const plan_stop *, bool, buf *);
        int look;
        bool there;
    } lines[] = {{say_tickets, STYLE_TEXT, show},
                 {say_deal, STYLE_TEXT, show},
                 {say_leg, STYLE_TEXT, s->leg.days > 0},
                 {say_note, STYLE_WARN, s->note && strcmp(s->note, hold_word(s, held)) != 0},
                 {say_fallback, STYLE_WARN, s->fallback != NULL},
                 {say_fans, STYLE_DIM, show}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines && y < last; i++) {
        if (!lines[i].there)
            continue;
        buf_clear(&b);
        lines[i].say(d, s, narrow, &b);
        y += canvas_wrap(c, y, a.x + 2, a.width - 3, last - y, lines[i].look, b.data);
    }
    buf_done(&b);
    return y - a.y;
}

/* ---- the map ---- */

static bool toured(const plan_doc *d, const char *country)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->stops[i].country && strcmp(d->stops[i].country, country) == 0)
            return true;
    return false;
}

typedef struct points {
    double *lat, *lon;
    size_t n;
} points;

static points route_points(const plan_doc *d)
{
    points p = {MEM_ARRAY(double, d->n + 2), MEM_ARRAY(double, d->n + 2), 0};
    if (d->start) {
        p.lat[p.n] = d->start_at[0];
        p.lon[p.n++] = d->start_at[1];
    }
    for (size_t i = 0; i < d->n; i++) {
        p.lat[p.n] = d->stops[i].latitude;
        p.lon[p.n++] = d->stops[i].longitude;
    }
    if (d->end) {
        p.lat[p.n] = d->end_at[0];
        p.lon[p.n++] = d->end_at[1];
    }
    return p;
}

static map_box wider(map_box b, double part)
{
    double high = (b.north - b.south) * part, wide = (b.east - b.west) * part;
    return (map_box){b.south - high, b.north + high, b.west - wide, b.east + wide};
}

/* A small map of a whole country says less than a larger one of where the tour goes. */
static map_box box_of(const routing *r, const plan_doc *d, const points *route, int width)
{
    const cities *places = builder_places(r->b);
    map_box b;
    if (r->look == MAP_TOUR || width < SMALL_MAP || !places || route->n == 0) {
        b = map_box_of(route->lat, route->lon, route->n, 0);
        map_box_least(&b, 400);
        return wider(b, r->look == MAP_TOUR ? .05 : .2);
    }
    size_t all = cities_count(places), n = 0;
    points in = {MEM_ARRAY(double, all + 1), MEM_ARRAY(double, all + 1), 0};
    for (size_t i = 0; i < all; i++) {
        city_place at = cities_at(places, i);
        if (!toured(d, at.country))
            continue;
        in.lat[n] = at.latitude;
        in.lon[n++] = at.longitude;
    }
    b = n ? map_box_of(in.lat, in.lon, n, .01) : map_box_of(route->lat, route->lon, route->n, 0);
    for (size_t i = 0; i < route->n; i++)
        map_box_include(&b, route->lat[i], route->lon[i]);
    free(in.lat);
    free(in.lon);
    return wider(b, .03);
}

static bool same_area(area a, area b)
{
    return a.y == b.y && a.x == b.x && a.height == b.height && a.width == b.width;
}

static bool same_box(const map_box *a, const map_box *b)
{
    return a->south == b->south && a->north == b->north && a->west == b->west && a->east == b->east;
}

static void need_map(routing *r, const plan_doc *d, canvas *c, area a, const points *route)
{
    map_box b = box_of(r, d, route, a.width);
    const cities *places = builder_places(r->b);
    if (r->map && same_area(map_area(r->map), a) && same_box(&b, &r->box) && r->ground == places)
        return;
    map_free(r->map);
    r->map = map_new(a, b, c->ascii);
    r->box = b;
    r->ground = places;
    for (size_t i = 0; places && i < cities_count(places); i++) {
        city_place at = cities_at(places, i);
        map_dot(r->map, MAP_GROUND, at.latitude, at.longitude);
    }
}

static void draw_map(routing *r, const plan_doc *d, canvas *c, area a)
{
    points route = route_points(d);
    need_map(r, d, c, a, &route);
    map_reset(r->map);
    if (r->cursor < d->n) {
        char own[24];
        snprintf(own, sizeof own, "%zu", r->cursor + 1);
        map_label(r->map, d->stops[r->cursor].latitude, d->stops[r->cursor].longitude, own,
                  STYLE_ACCENT | STYLE_SELECTED);
    }
    for (size_t i = 0; i < d->n; i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        if (i != r->cursor)
            map_label(r->map, d->stops[i].latitude, d->stops[i].longitude, number, STYLE_TITLE);
    }
    if (d->start)
        map_label(r->map, d->start_at[0], d->start_at[1], "S", STYLE_INFO);
    map_route(r->map, route.lat, route.lon, route.n, STYLE_ACCENT);
    map_key(r->map, STYLE_TITLE, "1", "a stop");
    if (d->start)
        map_key(r->map, STYLE_INFO, "S", "start");
    map_draw(r->map, c);
    free(route.lat);
    free(route.lon);
}

/* ---- the whole ---- */

static void draw_nothing(const place *p, const builder *b, canvas *c, area a)
{
    int y = a.y + 1, x = a.x + 2, width = a.width - 4;
    if (b->step != STEP_NONE || b->next) {
        char line[80];
        snprintf(line, sizeof line, "%s ...", STEPS[b->step ? b->step : STEP_DEFAULTS]);
        canvas_text(c, y, x, width, STYLE_ACCENT, line);
        return;
    }
    if (b->said[0])
        y += canvas_wrap(c, y, x, width, a.height - 6, b->said_bad ? STYLE_BAD : STYLE_TEXT, b->said) + 1;
    canvas_wrap(c, y, x, width, 4, STYLE_DIM,
                b->has_request ? "l shows the limits: change them, then p there plans. Backspace goes back."
                               : p->view->empty);
}

/* A sentence above the stops: what was asked for could not be done, or was. */
static int draw_said(const builder *b, canvas *c, area a)
{
    if (!b->said[0] || b->step != STEP_NONE)
        return 0;
    return canvas_wrap(c, a.y, a.x + 1, a.width - 2, 4, b->said_bad ? STYLE_BAD : STYLE_GOOD, b->said);
}

void routing_draw(place *p, canvas *c, area a, bool focused)
{
    routing *r = p->state;
    const plan_doc *d = builder_shown(r->b);
    if (!d) {
        draw_nothing(p, r->b, c, a);
        return;
    }
    if (r->cursor >= d->n)
        r->cursor = d->n ? d->n - 1 : 0;
    int y = a.y + draw_header(r->b, d, c, a), bottom = a.y + a.height;
    int32_t at = d->n ? d->stops[r->cursor].day : INT32_MIN;
    y += draw_strip(d, c, (area){y, a.x, bottom - y, a.width}, at, a.height > 24 ? 8 : 4);
    y += draw_said(r->b, c, (area){y, a.x, 4, a.width});
    bool map_there = r->look != MAP_OFF && a.width >= 72 && bottom - y >= 6;
    int width = !map_there       ? a.width
                : a.width >= 130 ? a.width * 6 / 10
                : a.width >= 100 ? a.width * 56 / 100
                                 : 48;
    int room = bottom - y, detail = room >= 14 && d->n ? (room >= 22 ? 8 : 6) : 0;
    if (detail && (int)d->n + 1 + detail < room) /* the list leaves it more */
        detail = room - (int)d->n - 1 < DETAIL_MOST ? room - (int)d->n - 1 : DETAIL_MOST;
    draw_stops(r, d, c, (area){y, a.x, bottom - y - detail, width}, focused);
    if (detail)
        draw_detail(d, d->stops + r->cursor, c, (area){bottom - detail, a.x, detail, width});
    if (map_there)
        draw_map(r, d, c, (area){y, a.x + width + 1, bottom - y, a.width - width - 1});
}
