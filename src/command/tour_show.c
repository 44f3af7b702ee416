/* tour show, compare, export: kept plans as text, side by side, and as files for others. */
#include "command/tour.h"

#include "base/text.h"

#include <string.h>

static int run_show(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    tour_env t;
    plan_doc d;
    bool ok = tour_begin(&t, env, self, false, e) &&
              tour_open(&t, value_of(values, n, "PLAN"), value_of(values, n, "version"), &d, e);
    if (ok) {
        tour_print_as(env, &d);
        plan_doc_done(&d);
    }
    tour_end(&t);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg SHOW_ARGS[] = {
    {"PLAN", ARG_TEXT, true, "plans", "a kept plan: its id, or a name that only one has"},
    {"--version", ARG_INT, false, NULL, "an older version; else the newest"},
};

const command command_tour_show = {
    .name = "tour show",
    .summary = "show a kept plan",
    .args = SHOW_ARGS,
    .nargs = sizeof SHOW_ARGS / sizeof *SHOW_ARGS,
    .needs_store = true,
    .group = "Look",
    .run = run_show,
};

/* ---- compare ---- */

static void print_compared(command_env *env, const plan_doc *a, const plan_doc *b)
{
    buf out;
    buf_init(&out);
    if (env->format == OUT_JSON) {
        plan_compare(a, b, TOUR_COLUMNS, NULL, &out);
        buf_char(&out, '\n');
    } else {
        plan_compare(a, b, TOUR_COLUMNS, &out, NULL);
    }
    fwrite(out.data, 1, out.len, env->out);
    buf_done(&out);
}

static bool open_two(tour_env *t, const query_value *values, size_t n, plan_doc docs[2], err *e)
{
    const char *plan = value_of(values, n, "PLAN"), *other = value_of(values, n, "OTHER");
    const char *version = value_of(values, n, "version"), *with = value_of(values, n, "with");
    if (!other && !with)
        return err_set(e, ERR_USAGE, "%s: wants another plan, or --with another version", t->what);
    if (!tour_open(t, plan, version, &docs[0], e))
        return false;
    if (tour_open(t, other ? other : plan, with, &docs[1], e))
        return true;
    plan_doc_done(&docs[0]);
    return false;
}

static int run_compare(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    tour_env t;
    plan_doc docs[2];
    bool ok = tour_begin(&t, env, self, false, e) && open_two(&t, values, n, docs, e);
    if (ok) {
        print_compared(env, &docs[0], &docs[1]);
        plan_doc_done(&docs[0]);
        plan_doc_done(&docs[1]);
    }
    tour_end(&t);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg COMPARE_ARGS[] = {
    {"PLAN", ARG_TEXT, true, "plans", "a kept plan"},
    {"OTHER", ARG_TEXT, false, "plans", "another; without it, another version of the same"},
    {"--version", ARG_INT, false, NULL, "version of the first; else its newest"},
    {"--with", ARG_INT, false, NULL, "version of the second; else its newest"},
};

const command command_tour_compare = {
    .name = "tour compare",
    .summary = "two plans side by side, day by day",
    .args = COMPARE_ARGS,
    .nargs = sizeof COMPARE_ARGS / sizeof *COMPARE_ARGS,
    .needs_store = true,
    .group = "Look",
    .run = run_compare,
};

/* ---- export ---- */

typedef struct format {
    const char *name;
    void (*write)(const plan_doc *d, buf *out);
} format;

static const format FORMATS[] = {
    {"ical", plan_ical}, {"csv", plan_csv}, {"sheet", plan_sheet}, {"json", plan_doc_json}};

static const format *format_named(const char *name)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++)
        if (strcmp(FORMATS[i].name, name) == 0)
            return &FORMATS[i];
    return NULL;
}

static int run_export(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    tour_env t = {0};
    plan_doc d;
    const char *file = value_of(values, n, "FILE");
    const format *f = format_named(value_of(values, n, "format"));
    if (!f)
        return err_set(e, ERR_USAGE, "%s: --format is ical, csv, sheet or json, not '%s'", self->name,
                       value_of(values, n, "format")),
               2;
    bool ok = tour_begin(&t, env, self, false, e) &&
              tour_open(&t, value_of(values, n, "PLAN"), value_of(values, n, "version"), &d, e);
    if (ok) {
        buf out;
        buf_init(&out);
        f->write(&d, &out);
        if (file)
            ok = tour_write_file(file, &out, e);
        else
            fwrite(out.data, 1, out.len, env->out);
        buf_done(&out);
        plan_doc_done(&d);
    }
    tour_end(&t);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg EXPORT_ARGS[] = {
    {"PLAN", ARG_TEXT, true, "plans", "a kept plan"},
    {"FILE", ARG_FILE, false, "file", "where to; without it to the output"},
    {"--format", ARG_WORD, true, NULL, "ical (a calendar), csv, sheet (to print) or json"},
    {"--version", ARG_INT, false, NULL, "an older version; else the newest"},
};

const command command_tour_export = {
    .name = "tour export",
    .summary = "a kept plan as a calendar, rows, or a sheet to print",
    .args = EXPORT_ARGS,
    .nargs = sizeof EXPORT_ARGS / sizeof *EXPORT_ARGS,
    .needs_store = true,
    .group = "Look",
    .run = run_export,
};
