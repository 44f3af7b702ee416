/* tour plan: proposes a dated route. */
#include "command/tour.h"

#include "base/text.h"
#include "base/time.h"

#include <string.h>

typedef struct asked {
    tour_env t;
    const query_value *values;
    size_t n;
    err *e;
} asked;

static const char *given(const asked *a, const char *name)
{
    return value_of(a->values, a->n, name);
}

static bool usage(const asked *a, const char *option)
{
    return err_wrap(a->e, "%s: --%s", a->t.what, option);
}

static bool read_city(asked *a, const char *option, char ret[32])
{
    const char *text = given(a, option);
    size_t at;
    if (!text)
        return true;
    if (!cities_one(a->t.places, text, &at, a->e))
        return usage(a, option);
    plan_city_id(a->t.places, at, ret);
    return true;
}

/* --pin and --avoid come as often as one likes; --avoid takes a day too. */
static bool read_pins(asked *a, const char *option, plan_pin *ret, size_t *ret_n)
{
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->values[i].name, option) != 0)
            continue;
        if (*ret_n >= PLAN_PINS_MOST)
            return err_set(a->e, ERR_USAGE, "%s: --%s may come %d times", a->t.what, option, PLAN_PINS_MOST);
        if (!plan_parse_pin(a->t.places, a->values[i].text, &ret[*ret_n], a->e))
            return usage(a, option);
        ++*ret_n;
    }
    return true;
}

static bool read_limits(asked *a, plan_request *r)
{
    const char *shows = given(a, "shows"), *drive = given(a, "max-drive"), *rest = given(a, "rest");
    if (shows && !plan_parse_shows(shows, &r->limits, a->e))
        return usage(a, "shows");
    if (drive && !plan_parse_hours(drive, &r->limits.drive_show_day, a->e))
        return usage(a, "max-drive");
    if (drive && r->limits.drive_free_day < r->limits.drive_show_day)
        r->limits.drive_free_day = r->limits.drive_show_day;
    if (rest && !plan_parse_rest(rest, &r->limits, a->e))
        return usage(a, "rest");
    return true;
}

static bool read_more(asked *a, plan_request *r)
{
    const char *reach = given(a, "reach"), *countries = given(a, "countries");
    double km;
    if (reach) {
        if (!sphere_parse(reach, &km, a->e))
            return usage(a, "reach");
        r->reach_km = km > 20000 ? 0 : (int32_t)km;
    }
    if (countries && !plan_parse_countries(a->t.places, countries, r->countries, a->e))
        return usage(a, "countries");
    r->any_city |= given(a, "any-city") != NULL;
    return true;
}

static bool read_request(asked *a, plan_request *r)
{
    char artist[64];
    if (!tour_artist(&a->t, given(a, "artist"), artist, a->e) ||
        !plan_defaults(a->t.env->store, a->t.env->catalog, artist, r, a->t.env->stop, a->e))
        return false;
    if (!time_parse_date(given(a, "from"), &r->from, a->e))
        return usage(a, "from");
    if (!time_parse_date(given(a, "to"), &r->until, a->e))
        return usage(a, "to");
    r->end[0] = '\0';
    return read_city(a, "start", r->start) && read_city(a, "end", r->end) && read_limits(a, r) &&
           read_more(a, r) && read_pins(a, "pin", r->pins, &r->npins) &&
           read_pins(a, "avoid", r->avoid, &r->navoid) &&
           (plan_request_check(r, a->t.places, a->e) || err_wrap(a->e, "%s", a->t.what));
}

static bool save(asked *a, plan_doc *d)
{
    const char *name = given(a, "save");
    char id[64], before[64];
    int64_t version = 0, newest;
    if (!name)
        return true;
    /* Under a name that a plan of the artist has already it is that plan's next version: two of one name could not be told apart. */
    if (!tour_plan_named(&a->t, name, d->artist_id, before, &newest, a->e) ||
        !plan_save(a->t.env->store, a->t.env->catalog, d, *before ? before : NULL, newest, name,
                   given(a, "reason"), id, &version, NULL, a->e))
        return false;
    text_copy(d->plan_id, sizeof d->plan_id, id);
    d->version = version;
    fprintf(a->t.env->messages, "kept as '%s', plan %s, version %lld\n", name, id, (long long)version);
    return true;
}

static bool write_ical(asked *a, const plan_doc *d)
{
    const char *file = given(a, "ical");
    if (!file)
        return true;
    buf text;
    buf_init(&text);
    plan_ical(d, &text);
    bool ok = tour_write_file(file, &text, a->e);
    buf_done(&text);
    return ok;
}

static bool plan_it(asked *a)
{
    plan_request r;
    plan_input *in = NULL;
    tour_plan best = {0};
    tour_effort effort;
    double seconds = 0;
    if (given(a, "save") && !given(a, "reason"))
        return err_set(a->e, ERR_USAGE, "%s: --save wants --reason: it goes into the audit", a->t.what);
    if (!tour_effort_of(&a->t, a->values, a->n, &effort, a->e) || !read_request(a, &r) ||
        !plan_load(a->t.env->store, a->t.env->catalog, a->t.places, &r, &in, a->t.env->stop, a->e))
        return false;
    bool ok = tour_solved(&a->t, in, &effort, &best, &seconds, a->e);
    if (ok) {
        plan_doc d;
        plan_describe(in, &best, seconds, &d);
        ok = save(
            a,
            &d); /* first: a kept plan gives output and calendar its lasting ids. One that is refused is printed too */
        tour_print_as(a->t.env, &d);
        ok = ok && write_ical(a, &d);
        plan_doc_done(&d);
        tour_plan_done(&best);
    }
    plan_input_free(in);
    return ok;
}

static int run_plan(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    asked a = {.values = values, .n = n, .e = e};
    bool ok = tour_begin(&a.t, env, self, true, e) && plan_it(&a);
    tour_end(&a.t);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg ARGS[] = {
    {"--artist", ARG_TEXT, true, "artists", "who: an artist's id or name"},
    {"--from", ARG_DATE, true, NULL, "first day of the window"},
    {"--to", ARG_DATE, true, NULL, "last day"},
    {"--start", ARG_TEXT, false, NULL, "where the tour leaves from: a city; else the artist's home"},
    {"--end", ARG_TEXT, false, NULL, "where it ends; else where the last show is"},
    {"--shows", ARG_TEXT, false, NULL, "how many: 12, 10-18, 10- or -18"},
    {"--max-drive", ARG_TEXT, false, NULL, "the longest drive on a show day: 7h, 7.5h, 7h30"},
    {"--rest", ARG_TEXT, false, NULL, "show days on end : free days in seven, such as 5:1"},
    {"--pin", ARG_TEXT, false, NULL, "a city that must be in, CITY or CITY@2027-03-14; may come often"},
    {"--avoid", ARG_TEXT, false, NULL, "a city that must not, CITY or CITY@2027-03-14; may come often"},
    {"--reach", ARG_TEXT, false, NULL, "leave out rooms farther than this from any fan: 100km, 60mi"},
    {"--countries", ARG_TEXT, false, NULL,
     "only these: US,CA; or all; else the artist's own and those it played"},
    {"--any-city", ARG_FLAG, false, NULL, "also cities with fans but no known room"},
    {"--seconds", ARG_REAL, false, NULL, "how long to search; 2 without it"},
    {"--iterations", ARG_INT, false, NULL, "how much to search instead: the same plan on every machine"},
    {"--seed", ARG_INT, false, NULL, "of the search; 1 without it"},
    {"--ical", ARG_FILE, false, "file", "write a calendar to this file too"},
    {"--save", ARG_TEXT, false, NULL,
     "keep the plan under this name; a plan of the artist that has it gets a new version"},
    {"--reason", ARG_TEXT, false, NULL, "why: it goes into the audit with what is kept"},
};

const command command_tour_plan = {
    .name = "tour plan",
    .summary = "propose a dated route for an artist",
    .help = "Rooms, holds, confirmed shows, blackouts, radius clauses and demand come from the database; "
            "costs, chances and "
            "limits from the planning figures (showx planning). Confirmed shows in the window stay. Ctrl-C "
            "keeps the best plan so "
            "far. Exit 1 when no tour is possible, with the rule and the smallest change.",
    .args = ARGS,
    .nargs = sizeof ARGS / sizeof *ARGS,
    .needs_store = true,
    .group = "Look",
    .run = run_plan,
};
