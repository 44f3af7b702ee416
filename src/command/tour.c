/* What the tour commands share: who and what an argument means, a solve that shows how it goes, a plan as text. */
#include "command/tour.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CANDIDATES = 6, PLANS_MOST = 100000, BETTER_MS = 100, PLACE_COLUMNS = 24 };

bool tour_begin(tour_env *t, command_env *env, const command *self, bool with_places, err *e)
{
    *t = (tour_env){.env = env, .what = self->name};
    return command_store(env, e) &&
           (!with_places || plan_cities(env->store, env->catalog, &t->places, NULL, env->stop, e));
}

void tour_end(tour_env *t)
{
    cities_free(t->places);
}

/* ---- who ---- */

static bool fetch(tour_env *t, const statement *st, size_t most, rowset **ret, err *e)
{
    store_request request = request_of(st);
    return store_fetch(t->env->store, &request, most, ret, t->env->stop, e);
}

static const char *cell(const rowset *r, size_t row, const char *column)
{
    int k = rowset_column(r, column);
    const char *text = k < 0 ? NULL : rowset_cell(r, row, (size_t)k)->text;
    return text ? text : "";
}

static bool named(tour_env *t, const char *name, const query_value *values, size_t n, size_t most,
                  rowset **ret, err *e)
{
    const query *q = catalog_query(t->env->catalog, name);
    statement st;
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", name);
    if (!query_bind(q, t->env->store->dialect, values, n, &st, e))
        return false;
    bool ok = fetch(t, &st, most, ret, e);
    statement_done(&st);
    return ok;
}

static bool search_artists(tour_env *t, const view *v, size_t tier, const char *text, rowset **ret, err *e)
{
    query_value value = {"search", text};
    page_request page = {.view = v, .tier = (int)tier, .limit = CANDIDATES, .values = &value, .nvalues = 1};
    statement st;
    if (!page_bind(&page, t->env->store->dialect, &st, e))
        return false;
    bool ok = fetch(t, &st, CANDIDATES, ret, e);
    statement_done(&st);
    return ok;
}

static bool same_name(const char *a, const char *b)
{
    buf x, y;
    buf_init(&x);
    buf_init(&y);
    text_fold(&x, a, strlen(a));
    text_fold(&y, b, strlen(b));
    bool same = strcmp(x.data, y.data) == 0;
    buf_done(&x);
    buf_done(&y);
    return same;
}

/* The row meant: the only one, or the only one of exactly that name; SIZE_MAX when it is not clear. */
static size_t row_meant(const rowset *r, const char *text)
{
    size_t at = SIZE_MAX, n = 0;
    if (r->nrows == 1 && !r->more)
        return 0;
    for (size_t i = 0; i < r->nrows; i++)
        if (same_name(cell(r, i, "name"), text)) {
            at = i;
            n++;
        }
    return n == 1 ? at : SIZE_MAX;
}

static bool say_candidates(const rowset *r, const char *kind, const char *key, const char *text, err *e)
{
    buf list;
    buf_init(&list);
    for (size_t i = 0; i < r->nrows && i < CANDIDATES - 1; i++)
        buf_printf(&list, "%s%s (%s)", i ? "; " : "", cell(r, i, "name"), cell(r, i, key));
    err_set(e, ERR_USAGE, "'%s' may be more than one %s: %s%s", text, kind, list.data,
            r->nrows >= CANDIDATES ? "; ..." : "");
    buf_done(&list);
    return false;
}

bool tour_artist(tour_env *t, const char *text, char ret_id[64], err *e)
{
    const view *v = catalog_view(t->env->catalog, "artists");
    query_value id = {"artist_id", text};
    rowset *r = NULL;
    if (!named(t, "plan_artist", &id, 1, 1, &r, e))
        return false;
    bool found = r->nrows == 1;
    if (found)
        text_copy(ret_id, 64, cell(r, 0, "artist_id"));
    rowset_free(r);
    for (size_t tier = 0; !found && v && tier < v->nsearch; tier++) {
        if (!search_artists(t, v, tier, text, &r, e))
            return false;
        size_t at = tier ? SIZE_MAX : row_meant(r, text);
        if (at != SIZE_MAX)
            text_copy(ret_id, 64, cell(r, at, "artist_id"));
        else if (r->nrows)
            say_candidates(r, "artist", "artist_id", text, e);
        found = at != SIZE_MAX;
        bool said = !found && r->nrows;
        rowset_free(r);
        if (said)
            return false;
    }
    return found || err_set(e, ERR_USAGE, "there is no artist '%s'", text);
}

/* "afaf7194-... (Luna Park, 10 shows from 2027-03-15)" */
static bool say_plans(const tour_env *t, const rowset *r, const char *text, const char *artist_id, err *e)
{
    buf list;
    size_t n = 0;
    buf_init(&list);
    for (size_t i = 0; i < r->nrows; i++) {
        if (!same_name(cell(r, i, "name"), text) ||
            (artist_id && strcmp(cell(r, i, "artist_id"), artist_id) != 0))
            continue;
        if (++n < CANDIDATES)
            buf_printf(&list, "%s%s (%s, %s shows from %s)", n > 1 ? "; " : "", cell(r, i, "plan_id"),
                       cell(r, i, "artist"), cell(r, i, "shows"), cell(r, i, "from_date"));
    }
    err_set(e, ERR_USAGE, "%s: more than one plan is called '%s': name one by its id: %s%s", t->what, text,
            list.data, n >= CANDIDATES ? "; ..." : "");
    buf_done(&list);
    return false;
}

/* The row of the plan of that id, or of that name; SIZE_MAX: none; nrows: more than one. */
static size_t plan_meant(const rowset *r, const char *text, const char *artist_id)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < r->nrows; i++) {
        if (artist_id && strcmp(cell(r, i, "artist_id"), artist_id) != 0)
            continue;
        if (!artist_id && strcmp(cell(r, i, "plan_id"), text) == 0)
            return i;
        if (same_name(cell(r, i, "name"), text))
            at = at == SIZE_MAX ? i : r->nrows;
    }
    return at;
}

bool tour_plan_id(tour_env *t, const char *text, char ret_id[64], err *e)
{
    rowset *r = NULL;
    if (!named(t, "plans", NULL, 0, PLANS_MOST, &r, e))
        return false;
    size_t at = plan_meant(r, text, NULL);
    bool ok = at < r->nrows;
    if (ok)
        text_copy(ret_id, 64, cell(r, at, "plan_id"));
    else if (at == SIZE_MAX)
        err_set(e, ERR_MISSING, "there is no plan '%s' ('showx plans' lists them)", text);
    else
        say_plans(t, r, text, NULL, e);
    rowset_free(r);
    return ok;
}

bool tour_plan_named(tour_env *t, const char *name, const char *artist_id, char ret_id[64],
                     int64_t *ret_newest, err *e)
{
    rowset *r = NULL;
    ret_id[0] = '\0';
    *ret_newest = 0;
    if (!named(t, "plans", NULL, 0, PLANS_MOST, &r, e))
        return false;
    size_t at = plan_meant(r, name, artist_id);
    bool ok = at == SIZE_MAX || at < r->nrows || say_plans(t, r, name, artist_id, e);
    if (ok && at != SIZE_MAX) {
        text_copy(ret_id, 64, cell(r, at, "plan_id"));
        *ret_newest = strtoll(cell(r, at, "newest"), NULL, 10);
    }
    rowset_free(r);
    return ok;
}

/* Of the plan's stops, the one of that very name: who asks about a city means the one that is played. */
static bool stop_named(const tour_env *t, const plan_doc *d, const char *text, size_t *ret_place)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < d->n; i++) {
        size_t place = cities_by_id(t->places, d->stops[i].city_id);
        if (place == SIZE_MAX || place == at || !same_name(d->stops[i].city, text))
            continue;
        if (at != SIZE_MAX)
            return false;
        at = place;
    }
    *ret_place = at;
    return at != SIZE_MAX;
}

bool tour_city_of(const tour_env *t, const plan_doc *d, const char *text, size_t *ret_place, err *e)
{
    return stop_named(t, d, text, ret_place) || cities_one(t->places, text, ret_place, e) ||
           err_wrap(e, "%s", t->what);
}

bool tour_open(tour_env *t, const char *text, const char *version, plan_doc *ret, err *e)
{
    char id[64];
    int64_t which = version ? strtoll(version, NULL, 10) : 0;
    if (version && which < 1)
        return err_set(e, ERR_USAGE, "%s: a plan's versions are 1, 2, 3 ..., not '%s'", t->what, version);
    return tour_plan_id(t, text, id, e) &&
           plan_open(t->env->store, t->env->catalog, id, which, ret, t->env->stop, e);
}

/* ---- solving ---- */

bool tour_effort_of(tour_env *t, const query_value *values, size_t n, tour_effort *ret, err *e)
{
    const char *seconds = value_of(values, n, "seconds"), *iterations = value_of(values, n, "iterations"),
               *seed = value_of(values, n, "seed");
    tour_effort f = {.seconds = 2, .seed = 1};
    errno = 0;
    if (iterations) {
        f.iterations = strtoll(iterations, NULL, 10);
        f.seconds = 0;
        if (errno || f.iterations < 1)
            return err_set(e, ERR_USAGE, "%s: --iterations is %s, not 1 or more", t->what, iterations);
    }
    if (seconds) {
        f.seconds = strtod(seconds, NULL);
        if (!(f.seconds > 0 && f.seconds <= 86400))
            return err_set(e, ERR_USAGE, "%s: --seconds is %s, not above 0 and at most a day", t->what,
                           seconds);
    }
    if (seed) {
        long long v = strtoll(seed, NULL, 10);
        if (errno || v < 0)
            return err_set(e, ERR_USAGE, "%s: --seed is %s, not 0 or more", t->what, seed);
        f.seed = (uint64_t)v;
    }
    f.stop = t->env->stop;
    *ret = f;
    return true;
}

typedef struct watch {
    command_env *env;
    const tour_problem *problem;
    const char *currency;
    int64_t said_ms;
    bool tty, open;
} watch;

/* Over itself on a terminal: each better plan as it is found. */
static void told_better(void *ctx, const tour_plan *plan, double seconds)
{
    watch *w = ctx;
    tour_terms terms;
    char worth[48];
    if (!w->tty || time_mono_ms() - w->said_ms < BETTER_MS)
        return;
    w->said_ms = time_mono_ms();
    tour_measure(w->problem, plan->stops, plan->n, &terms);
    money_format(terms.total, w->currency, true, worth);
    fprintf(w->env->messages, "\r  %.1f s  %d shows  %lld km  worth %s\033[K", seconds, terms.shows,
            (long long)(terms.metres / 1000), worth);
    fflush(w->env->messages);
    w->open = true;
}

/* After Ctrl-C the work goes on with what there is: the stop must not end the rest. */
static void say_why_none(const plan_input *in, const tour_trouble *why, err *e)
{
    buf text;
    buf_init(&text);
    plan_say_trouble(in, why, &text);
    err_set(e, ERR_FAILED, "%s", text.data);
    buf_done(&text);
}

bool tour_solved(tour_env *t, const plan_input *in, const tour_effort *effort, tour_plan *ret,
                 double *ret_seconds, err *e)
{
    tour_trouble why = {.rule = TOUR_OK,
                        .pin = TOUR_NONE,
                        .other_pin = TOUR_NONE,
                        .slot = TOUR_NONE,
                        .other_slot = TOUR_NONE,
                        .clause = TOUR_NONE,
                        .drop_pin = TOUR_NONE,
                        .drop_also = TOUR_NONE};
    watch w = {.env = t->env,
               .problem = plan_problem(in),
               .currency = plan_currency(in),
               .tty = isatty(fileno(t->env->messages)) == 1};
    int64_t began = time_mono_ms();
    err none = {0};
    tour_effort watched = *effort;
    watched.better = told_better;
    watched.ctx = &w;
    bool ok = tour_solve(plan_problem(in), &watched, ret, &why, &none);
    *ret_seconds = (double)(time_mono_ms() - began) / 1000;
    if (w.open)
        fputs("\r\033[K", t->env->messages);
    if (!ok && (none.kind == ERR_CANCELLED || none.kind == ERR_TIMEOUT))
        return err_set(e, none.kind, "stopped before there was a plan");
    if (!ok && none.kind == ERR_MISSING)
        say_why_none(in, &why, e);
    else if (!ok)
        err_set(e, none.kind, "%s", none.text);
    if (ok && stop_now(t->env->stop, NULL))
        fprintf(t->env->messages, "showx: stopped: this is the best plan so far\n");
    return ok;
}

/* ---- a plan as text ---- */

static void whole_money(int64_t minor, const char *currency, char out[32])
{
    char text[48];
    money_format(minor, currency, true, text);
    text[strcspn(text, ". ")] = '\0';
    snprintf(out, 32, "%.31s", text);
}

static void state_short(const plan_stop *s, char out[16])
{
    if (s->appearance)
        snprintf(out, 16, "there");
    else if (s->state == SLOT_CONFIRMED)
        snprintf(out, 16, "conf.");
    else if (s->state == SLOT_HELD)
        snprintf(out, 16, "hold %d", s->rank);
    else
        snprintf(out, 16, s->rank ? "open+%d" : "open", s->rank);
}

static void hours(int32_t minutes, char out[16])
{
    int32_t tenths = (minutes * 10 + 30) / 60;
    snprintf(out, 16, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
}

static void print_drive(const plan_leg *l, char out[40])
{
    char is[16], limit[16];
    hours(l->minutes, is);
    hours(l->limit, limit);
    if (l->limit)
        snprintf(out, 40, "%s/%s", is, limit);
    else
        snprintf(out, 40, "-");
}

static const char *const WEEKDAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* By how much a cell is wider than its column: the place gives that way. */
static size_t over(const char *cell, size_t columns)
{
    size_t n = strlen(cell);
    return n > columns ? n - columns : 0;
}

static void print_stop(const plan_doc *d, const plan_stop *s, buf *out)
{
    char date[16], drive[40], tickets[40] = "", net[32] = "", state[16];
    buf line, place, tail;
    buf_init(&line);
    buf_init(&place);
    time_format_date(s->day, date);
    print_drive(&s->leg, drive);
    state_short(s, state);
    buf_printf(&place, "%s, %s", s->city,
               s->appearance ? (s->note ? s->note : "")
               : s->venue    ? s->venue
                             : "room to be found");
    if (!s->appearance) {
        snprintf(tickets, sizeof tickets, "%d/%d/%d", s->low, s->mid, s->high);
        whole_money(s->net, d->currency, net);
    }
    buf_init(&tail);
    buf_printf(&tail, " %9s %14s %7s %s%s", drive, tickets, net, state, s->pinned ? "*" : "");
    buf_printf(&line, "%s %s ", WEEKDAYS[((s->day % 7) + 11) % 7], date);
    text_fit(&line, place.data, place.len, PLACE_COLUMNS - over(drive, 9) - over(tickets, 14) - over(net, 7),
             TEXT_LEFT, false);
    buf_add(&line, tail.data, tail.len);
    text_cell(out, line.data, line.len, false);
    buf_char(out, '\n');
    buf_done(&line);
    buf_done(&place);
    buf_done(&tail);
}

static void print_totals(const plan_doc *d, buf *out)
{
    char money[5][48], from[16], until[16];
    int64_t amounts[5] = {d->terms.total, d->low, d->mid, d->high, d->day_off};
    for (int i = 0; i < 5; i++)
        money_format(amounts[i], d->currency, true, money[i]);
    time_format_date(d->request.from, from);
    time_format_date(d->request.until, until);
    text_cell(out, d->artist, strlen(d->artist), false);
    if (d->name) {
        buf_str(out, ", ");
        text_cell(out, d->name, strlen(d->name), false);
    }
    if (d->version)
        buf_printf(out, " (version %lld)", (long long)d->version);
    buf_printf(out, "\n%s to %s: %d show%s, %lld km, %lld night%s on the road\n", from, until, d->terms.shows,
               d->terms.shows == 1 ? "" : "s", (long long)(d->terms.metres / 1000),
               (long long)d->terms.nights, d->terms.nights == 1 ? "" : "s");
    buf_printf(out, "worth %s, each show weighed by its chance\n", money[0]);
    buf_printf(out, "makes %s if every date comes about\n      (p10 %s, p90 %s)\n", money[2], money[1],
               money[3]);
    buf_printf(out, "breaks even at %lld tickets a show; a day off costs %s\n\n", (long long)d->break_even,
               money[4]);
}

/* A sentence in lines of at most TOUR_COLUMNS, broken at spaces, the later ones set in by two. A word wider than
 * that (a socket's path) has a line of its own. */
static void print_sentence(buf *out, const char *text)
{
    buf safe;
    buf_init(&safe);
    text_cell(&safe, text, strlen(text), false);
    size_t at = 0;
    for (const char *p = safe.data; *p;) {
        size_t n = strcspn(p, " "), width = text_width(p, n);
        if (at && at + 1 + width > TOUR_COLUMNS) {
            buf_str(out, "\n ");
            at = 1;
        }
        buf_printf(out, "%s%.*s", at ? " " : "", (int)n, p);
        at += width + (at > 0);
        p += n + strspn(p + n, " ");
    }
    buf_char(out, '\n');
    buf_done(&safe);
}

static void print_ends(const plan_doc *d, buf *out)
{
    char drive[40];
    print_drive(&d->home, drive);
    if (d->end && d->n)
        buf_printf(out, "home to %s: %s h, %d km\n", d->end, drive, (int)(d->home.metres / 1000));
    for (size_t i = 0; i < d->n; i++)
        if (d->stops[i].fallback && d->stops[i].note) {
            buf line;
            buf_init(&line);
            buf_printf(&line, "%s: %s; %s is the ready fallback", d->stops[i].city, d->stops[i].note,
                       d->stops[i].fallback);
            print_sentence(out, line.data);
            buf_done(&line);
        }
    for (size_t i = 0; i < d->nconflicts; i++) {
        buf line;
        buf_init(&line);
        buf_printf(&line, "! %s", d->conflicts[i]);
        print_sentence(out, line.data);
        buf_done(&line);
    }
}

static void print_age(const plan_doc *d, buf *out)
{
    char age[16], at[32];
    if (!d->read_us)
        return;
    buf line;
    buf_init(&line);
    time_format(d->read_us - d->read_us % 1000000, at);
    time_span(time_now_us() - d->read_us, age);
    buf_printf(&line, "%s %s (%s ago)", d->plan_id[0] ? "made" : "data of", at, age);
    if (d->source[0])
        buf_printf(&line, " from %s", d->source);
    if (!d->plan_id[0])
        buf_printf(&line, "; %lld iterations in %.1f s%s", (long long)d->iterations, d->seconds,
                   d->complete ? "" : ", not complete");
    print_sentence(out, line.data);
    buf_done(&line);
}

void tour_print(const plan_doc *d, buf *out)
{
    print_totals(d, out);
    if (d->start)
        buf_printf(out, "from %s\n", d->start);
    buf_printf(out, "%-14s %-24s %9s %14s %7s state\n", "date", "city, venue", "drive h", "p10/p50/p90",
               "net");
    for (size_t i = 0; i < d->n; i++)
        print_stop(d, &d->stops[i], out);
    if (!d->n)
        print_sentence(
            out, "No room that is free would earn what it costs to get there; --shows 3- asks for three "
                 "all the same, or says what stands in the way");
    print_ends(d, out);
    print_age(d, out);
}

/* A kept plan says first which it is, for the command that comes next. */
static void print_json(const plan_doc *d, buf *out)
{
    buf doc;
    buf_init(&doc);
    plan_doc_json(d, &doc);
    if (d->plan_id[0]) {
        json_out j;
        json_init(&j, out);
        json_open(&j, '{');
        json_key(&j, "plan_id");
        json_str(&j, d->plan_id);
        json_key(&j, "version");
        json_int(&j, d->version);
        buf_char(out, ',');
        buf_add(out, doc.data + 1, doc.len - 1); /* the document without its brace */
    } else {
        buf_add(out, doc.data, doc.len);
    }
    buf_done(&doc);
    buf_char(out, '\n');
}

void tour_print_as(command_env *env, const plan_doc *d)
{
    buf out;
    buf_init(&out);
    if (env->format == OUT_JSON) {
        print_json(d, &out);
    } else if (env->format == OUT_CSV) {
        plan_csv(d, &out);
    } else {
        tour_print(d, &out);
    }
    fwrite(out.data, 1, out.len, env->out);
    buf_done(&out);
}

bool tour_write_file(const char *file, const buf *text, err *e)
{
    FILE *f = fopen(file, "wb");
    if (!f)
        return err_errno(e, "%s", file);
    bool ok = fwrite(text->data, 1, text->len, f) == text->len;
    ok = fflush(f) == 0 && ok;
    if (!ok)
        err_errno(e, "%s", file);
    if (fclose(f) != 0 && ok)
        ok = err_errno(e, "%s", file);
    return ok;
}
