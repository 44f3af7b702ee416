/* tour why, alternatives: what a kept plan is made of, asked of the data as it is now. */
#include "command/tour.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

typedef struct question {
    tour_env t;
    plan_doc doc;
    plan_input *in;
    tour_plan plan; /* the kept plan in the slots of now, repaired where it must be */
    tour_effort effort;
    size_t place; /* of tour why */
} question;

/* Stops that are gone are said; what is left is repaired by a solve from there. */
static bool into_now(question *q, err *e)
{
    buf gone;
    tour_plan found;
    double seconds;
    buf_init(&gone);
    bool whole = plan_into(q->in, &q->doc, &q->plan, &gone);
    fputs(gone.data, q->t.env->messages);
    buf_done(&gone);
    if (whole)
        return true;
    tour_effort repair = q->effort;
    repair.from = &q->plan;
    bool ok = tour_solved(&q->t, q->in, &repair, &found, &seconds, e);
    tour_plan_done(&q->plan);
    q->plan = ok ? found : (tour_plan){0};
    if (ok)
        fprintf(q->t.env->messages,
                "The plan no longer holds as it was kept; this speaks of the nearest one that does.\n");
    return ok;
}

static bool ask(question *q, command_env *env, const command *self, const query_value *values, size_t n,
                err *e)
{
    const char *city = value_of(values, n, "CITY");
    if (!tour_begin(&q->t, env, self, true, e) || !tour_effort_of(&q->t, values, n, &q->effort, e) ||
        !tour_open(&q->t, value_of(values, n, "PLAN"), value_of(values, n, "version"), &q->doc, e))
        return false;
    /* Before anything is solved: a mistyped city is said at once. */
    return (!city || tour_city_of(&q->t, &q->doc, city, &q->place, e)) &&
           plan_load(env->store, env->catalog, q->t.places, &q->doc.request, &q->in, env->stop, e) &&
           into_now(q, e);
}

static void done_asking(question *q)
{
    tour_plan_done(&q->plan);
    plan_input_free(q->in);
    plan_doc_done(&q->doc);
    tour_end(&q->t);
}

static bool answer(question *q, err *e)
{
    char id[32];
    buf out, json;
    command_env *env = q->t.env;
    plan_city_id(q->t.places, q->place, id);
    buf_init(&out);
    buf_init(&json);
    size_t at = plan_stop_of(q->in, &q->plan, id);
    bool ok = at != SIZE_MAX ? plan_why(q->in, &q->plan, at, &q->effort, &out, &json, e)
                             : plan_why_not(q->in, &q->plan, id, &q->effort, &out, &json, e);
    if (ok && env->format == OUT_JSON) {
        fwrite(json.data, 1, json.len, env->out);
    } else if (ok) {
        buf safe;
        buf_init(&safe);
        text_cell(&safe, out.data, out.len, false);
        fwrite(safe.data, 1, safe.len, env->out);
        buf_done(&safe);
    }
    if (ok)
        fputc('\n', env->out);
    buf_done(&out);
    buf_done(&json);
    return ok;
}

static int run_why(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    question q = {0};
    bool ok = ask(&q, env, self, values, n, e) && answer(&q, e);
    done_asking(&q);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg WHY_ARGS[] = {
    {"PLAN", ARG_TEXT, true, "plans", "a kept plan"},
    {"CITY", ARG_TEXT, true, NULL, "a city in it, or one that is not"},
    {"--version", ARG_INT, false, NULL, "an older version; else the newest"},
    {"--seconds", ARG_REAL, false, NULL, "how long each search may take; 2 without it"},
    {"--iterations", ARG_INT, false, NULL, "how much to search instead"},
    {"--seed", ARG_INT, false, NULL, "of the search; 1 without it"},
};

const command command_tour_why = {
    .name = "tour why",
    .summary = "why a city is in a plan, or why it is not",
    .help = "In the plan: what the tour makes with it and without it, solved anew. Not in it: the rule that "
            "keeps it out on its "
            "best day, or the money it would lose. Asked of the data as it is now.",
    .args = WHY_ARGS,
    .nargs = sizeof WHY_ARGS / sizeof *WHY_ARGS,
    .needs_store = true,
    .group = "Look",
    .run = run_why,
};

/* ---- alternatives ---- */

enum { ALTERNATIVES = 3 };

static int run_alternatives(const command *self, command_env *env, const query_value *values, size_t n,
                            err *e)
{
    question q = {0};
    tour_plan others[ALTERNATIVES];
    bool ok = ask(&q, env, self, values, n, e);
    size_t found = ok ? tour_alternatives(plan_problem(q.in), &q.plan, &q.effort, others, ALTERNATIVES) : 0;
    for (size_t i = 0; i < found; i++) {
        plan_doc d;
        plan_describe(q.in, &others[i], 0, &d);
        tour_print_as(env, &d);
        if (env->format == OUT_AUTO || env->format == OUT_PLAIN)
            fputc('\n', env->out);
        plan_doc_done(&d);
        tour_plan_done(&others[i]);
    }
    if (ok && !found)
        ok = err_set(e, ERR_MISSING, "there is no other plan that differs in at least a third of its stops");
    done_asking(&q);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg ALTERNATIVE_ARGS[] = {
    {"PLAN", ARG_TEXT, true, "plans", "a kept plan"},
    {"--version", ARG_INT, false, NULL, "an older version; else the newest"},
    {"--seconds", ARG_REAL, false, NULL, "how long each search may take; 2 without it"},
    {"--iterations", ARG_INT, false, NULL, "how much to search instead"},
    {"--seed", ARG_INT, false, NULL, "of the search; 1 without it"},
};

const command command_tour_alternatives = {
    .name = "tour alternatives",
    .summary = "up to three other plans that really differ",
    .args = ALTERNATIVE_ARGS,
    .nargs = sizeof ALTERNATIVE_ARGS / sizeof *ALTERNATIVE_ARGS,
    .needs_store = true,
    .group = "Look",
    .run = run_alternatives,
};
