/* A plan as files for others: a calendar (RFC 5545), rows (RFC 4180), and a routing sheet to print. */
#include "plan/private.h"

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#include <string.h>

enum { LINE_MOST = 75, PAGE_LINES = 60, COLUMNS = 80 };

/* The doc's stop on a day, or NULL. */
static const plan_stop *stop_on(const plan_doc *d, int32_t day)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->stops[i].day == day)
            return &d->stops[i];
    return NULL;
}

static const char *venue_of(const plan_stop *s)
{
    return s->appearance ? (s->note ? s->note : "appearance") : s->venue ? s->venue : "room to be found";
}

static void state_words(const plan_stop *s, char out[32])
{
    if (s->appearance)
        snprintf(out, 32, "appearance");
    else if (s->state == SLOT_CONFIRMED)
        snprintf(out, 32, "confirmed");
    else if (s->state == SLOT_HELD)
        snprintf(out, 32, "hold %d", s->rank);
    else if (s->rank > 0)
        snprintf(out, 32, "open, %d before us", s->rank);
    else
        snprintf(out, 32, "open");
}

/* ---- iCalendar ---- */

/* A content line: folded at 75 bytes between characters, ended by CR LF. */
static void ical_line(buf *out, const char *line, size_t n)
{
    size_t room = LINE_MOST;
    while (n > room) {
        size_t cut = room;
        while (cut > 1 && ((unsigned char)line[cut] & 0xC0) == 0x80)
            cut--;
        buf_add(out, line, cut);
        buf_str(out, "\r\n ");
        line += cut;
        n -= cut;
        room = LINE_MOST - 1; /* the space counts */
    }
    buf_add(out, line, n);
    buf_str(out, "\r\n");
}

static void ical_escape(buf *out, const char *s)
{
    for (; s && *s; s++)
        if (*s == '\n')
            buf_str(out, "\\n");
        else if ((unsigned char)*s >= 0x20) {
            if (strchr(",;\\", *s))
                buf_char(out, '\\');
            buf_char(out, *s);
        }
}

static void ical_text(buf *out, const char *name, const char *value)
{
    buf line;
    buf_init(&line);
    buf_printf(&line, "%s:", name);
    ical_escape(&line, value);
    ical_line(out, line.data, line.len);
    buf_done(&line);
}

static void ical_date(buf *out, const char *name, int32_t day)
{
    int y, m, d;
    time_civil(day, &y, &m, &d);
    buf_printf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, y, m, d);
}

/* An id that stays: by plan (or artist, before it is kept) and day, so that a calendar replaces what it had. */
static void ical_uid(buf *out, const plan_doc *d, int32_t day)
{
    char date[16];
    time_format_date(day, date);
    buf line;
    buf_init(&line);
    buf_printf(&line, "UID:%s-%s@showx", d->plan_id[0] ? d->plan_id : d->artist_id, date);
    ical_line(out, line.data, line.len);
    buf_done(&line);
}

static void ical_stamp(buf *out, const plan_doc *d)
{
    int32_t day = (int32_t)(d->read_us / US_A_DAY);
    int64_t s = (d->read_us % US_A_DAY) / 1000000;
    int y, m, dd;
    time_civil(day, &y, &m, &dd);
    buf_printf(out, "DTSTAMP:%04d%02d%02dT%02d%02d%02dZ\r\n", y, m, dd, (int)(s / 3600), (int)(s / 60 % 60),
               (int)(s % 60));
}

static void ical_describe(buf *out, const plan_doc *d, const plan_stop *s)
{
    char money[48], state[32], hours[16];
    state_words(s, state);
    buf_printf(out, "%s", state);
    if (s->leg.minutes) {
        word_hours(s->leg.minutes, hours);
        buf_printf(out, "\n%s h of driving, %d km", hours, (int)(s->leg.metres / 1000));
    }
    if (!s->appearance) {
        money_format(s->net, d->currency, true, money);
        buf_printf(out, "\nTickets %d (%d to %d)\nNet %s", s->mid, s->low, s->high, money);
    }
}

static void ical_event(buf *out, const plan_doc *d, const plan_stop *s)
{
    buf text;
    char at[64];
    buf_init(&text);
    buf_str(out, "BEGIN:VEVENT\r\n");
    ical_uid(out, d, s->day);
    ical_stamp(out, d);
    ical_date(out, "DTSTART", s->day);
    ical_date(out, "DTEND", s->day + 1);
    buf_printf(&text, "%s: %s, %s", d->artist, s->city, venue_of(s));
    ical_text(out, "SUMMARY", text.data);
    buf_clear(&text);
    buf_printf(&text, "%s, %s%s%s, %s", venue_of(s), s->city, s->region && *s->region ? ", " : "",
               s->region ? s->region : "", s->country ? s->country : "");
    ical_text(out, "LOCATION", text.data);
    snprintf(at, sizeof at, "%.5f;%.5f", s->latitude, s->longitude);
    buf_printf(out, "GEO:%s\r\n", at);
    buf_printf(out, "STATUS:%s\r\n", s->appearance || s->state == SLOT_CONFIRMED ? "CONFIRMED" : "TENTATIVE");
    buf_clear(&text);
    ical_describe(&text, d, s);
    ical_text(out, "DESCRIPTION", text.data);
    buf_str(out, "END:VEVENT\r\n");
    buf_done(&text);
}

void plan_ical(const plan_doc *d, buf *out)
{
    buf_str(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//showx//tour//EN\r\nCALSCALE:GREGORIAN\r\n");
    buf name;
    buf_init(&name);
    buf_printf(&name, "%s tour", d->artist);
    ical_text(out, "X-WR-CALNAME", d->name ? d->name : name.data);
    buf_done(&name);
    for (size_t i = 0; i < d->n; i++)
        ical_event(out, d, &d->stops[i]);
    buf_str(out, "END:VCALENDAR\r\n");
}

/* ---- CSV ---- */

/* A leading quote keeps a spreadsheet from running a cell as a formula. */
static void csv_text(buf *out, const char *s)
{
    bool formula = s && *s && strchr("=+-@\t\r", *s), quoted = formula;
    for (const char *p = s; p && *p; p++)
        quoted |= strchr(",\"\r\n", *p) != NULL;
    if (quoted)
        buf_char(out, '"');
    if (formula)
        buf_char(out, '\'');
    for (; s && *s; s++) {
        if (*s == '"')
            buf_char(out, '"');
        buf_char(out, *s);
    }
    if (quoted)
        buf_char(out, '"');
    buf_char(out, ',');
}

static void csv_money(buf *out, int64_t minor, const char *currency)
{
    char text[48];
    money_format(minor, currency, false, text);
    buf_printf(out, "%.*s,", (int)strcspn(text, " "), text);
}

static void csv_stop(buf *out, const plan_doc *d, const plan_stop *s)
{
    char state[32];
    state_words(s, state);
    csv_text(out, s->city);
    csv_text(out, s->region);
    csv_text(out, s->country);
    csv_text(out, venue_of(s));
    csv_text(out, state);
    buf_printf(out, "%d,%d,", (int)s->leg.minutes, (int)(s->leg.metres / 1000));
    if (s->appearance) {
        buf_str(out, ",,,,,,");
    } else {
        if (s->capacity)
            buf_printf(out, "%d", s->capacity);
        buf_printf(out, ",%d,%d,%d,", s->low, s->mid, s->high);
        csv_money(out, s->gross, d->currency);
        csv_money(out, s->net, d->currency);
    }
    csv_text(out, d->currency);
    csv_text(out, s->venue_id);
    csv_text(out, s->booking_id);
}

void plan_csv(const plan_doc *d, buf *out)
{
    buf_str(out, "date,weekday,day,city,region,country,venue,state,drive_minutes,drive_km,capacity,p10,p50,"
                 "p90,gross,net,"
                 "currency,venue_id,booking_id\r\n");
    for (int32_t i = 0; i < d->window; i++) {
        char date[16];
        const plan_stop *s = stop_on(d, d->request.from + i);
        time_format_date(d->request.from + i, date);
        buf_printf(out, "%s,%s,%s,", date, word_weekday(d->request.from + i), plan_day_word(d->days[i]));
        if (s)
            csv_stop(out, d, s);
        else
            buf_str(out, ",,,,,,,,,,,,,,,,");
        out->data[--out->len] = '\0'; /* the comma behind the last field */
        buf_str(out, "\r\n");
    }
}

/* ---- the sheet ---- */

typedef struct sheet {
    buf *out;
    const plan_doc *d;
    int line, page;
} sheet;

static void sheet_head(sheet *s)
{
    char from[32], until[32];
    buf head;
    word_date(s->d->request.from, from);
    word_date(s->d->request.until, until);
    buf_init(&head);
    buf_printf(&head, "%s%s%s", s->d->artist, s->d->name ? ": " : "", s->d->name ? s->d->name : "");
    text_fit(s->out, head.data, head.len, COLUMNS - 10, TEXT_LEFT, false);
    buf_printf(s->out, "%4s%6d\n", "page", ++s->page);
    buf_printf(s->out, "%s to %s\n\n", from, until);
    buf_done(&head);
    s->line = 3;
}

/* Begins a new page where fewer than `lines` are left on this one. */
static void sheet_room(sheet *s, int lines)
{
    if (s->page && s->line + lines <= PAGE_LINES)
        return;
    if (s->page)
        buf_char(s->out, '\f');
    sheet_head(s);
}

/* One line, cut at 80 columns, without blanks at its end. */
static void sheet_line(sheet *s, const char *text)
{
    buf cut;
    buf_init(&cut);
    text_fit(&cut, text, strlen(text), COLUMNS, TEXT_LEFT, false);
    while (cut.len && cut.data[cut.len - 1] == ' ')
        cut.data[--cut.len] = '\0';
    buf_str(s->out, cut.data);
    buf_char(s->out, '\n');
    buf_done(&cut);
    s->line++;
}

static void sheet_stop(sheet *s, const plan_stop *at, const char *date)
{
    char hours[16], state[32], money[48], limit[16];
    buf line;
    buf_init(&line);
    state_words(at, state);
    buf_printf(&line, "%s %s  %s%s%s, %s", word_weekday(at->day), date, at->city,
               at->region && *at->region ? ", " : "", at->region ? at->region : "", venue_of(at));
    sheet_line(s, line.data);
    buf_clear(&line);
    word_hours(at->leg.minutes, hours);
    word_hours(at->leg.limit, limit);
    buf_printf(&line, "                %s; drive %s of %s h, %d km", state, hours, limit,
               (int)(at->leg.metres / 1000));
    sheet_line(s, line.data);
    if (!at->appearance) {
        buf_clear(&line);
        money_format(at->net, s->d->currency, true, money);
        buf_printf(&line, "                tickets %d (%d to %d)", at->mid, at->low, at->high);
        if (at->capacity)
            buf_printf(&line, " of %d", at->capacity);
        buf_printf(&line, "; net %s", money);
        sheet_line(s, line.data);
    }
    sheet_line(s, "                load-in ______  doors ______  show ______  curfew ______");
    sheet_line(s, "                hotel ____________________  contact ____________________");
    buf_done(&line);
}

static void sheet_totals(sheet *s)
{
    const plan_doc *d = s->d;
    char money[3][48];
    buf line;
    buf_init(&line);
    sheet_room(s, 6 + (int)d->nconflicts);
    sheet_line(s, "");
    money_format(d->low, d->currency, true, money[0]);
    money_format(d->mid, d->currency, true, money[1]);
    money_format(d->high, d->currency, true, money[2]);
    buf_printf(&line, "%d %s, %lld km, %lld nights", d->terms.shows, d->terms.shows == 1 ? "show" : "shows",
               (long long)(d->terms.metres / 1000), (long long)d->terms.nights);
    sheet_line(s, line.data);
    buf_clear(&line);
    buf_printf(&line, "net if every date comes about: %s (%s to %s)", money[1], money[0], money[2]);
    sheet_line(s, line.data);
    for (size_t i = 0; i < d->nconflicts; i++) {
        sheet_room(s, 1);
        sheet_line(s, d->conflicts[i]);
    }
    buf_done(&line);
}

void plan_sheet(const plan_doc *d, buf *out)
{
    sheet s = {out, d, 0, 0};
    for (int32_t i = 0; i < d->window; i++) {
        int32_t day = d->request.from + i;
        const plan_stop *at = stop_on(d, day);
        char date[16];
        buf line;
        time_format_date(day, date);
        sheet_room(&s, at ? 6 : 1);
        if (at) {
            sheet_stop(&s, at, date);
            continue;
        }
        buf_init(&line);
        buf_printf(&line, "%s %s  %s", word_weekday(day), date, plan_day_word(d->days[i]));
        sheet_line(&s, line.data);
        buf_done(&line);
    }
    sheet_totals(&s);
}
