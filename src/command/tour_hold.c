/* tour hold, share: from a kept plan to its holds, all or nothing; and who else may read it. */
#include "command/tour.h"

#include "base/time.h"

#include <stdlib.h>
#include <string.h>

static bool need_reason(const command *self, const query_value *values, size_t n, err *e)
{
    const char *reason = value_of(values, n, "reason");
    return reason[strspn(reason, " \t\r\n")] != '\0' ||
           err_set(e, ERR_USAGE, "%s: --reason wants a sentence: it goes into the audit", self->name);
}

/* A day counts to its end. */
static bool expiry(const query_value *values, size_t n, int64_t *ret_us, err *e)
{
    const char *text = value_of(values, n, "expires");
    int32_t day;
    *ret_us = 0;
    if (!text)
        return true;
    if (!time_parse_date(text, &day, e))
        return false;
    *ret_us = ((int64_t)day + 1) * INT64_C(86400000000);
    return *ret_us > time_now_us() || err_set(e, ERR_USAGE, "--expires %s is over", text);
}

static int run_hold(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    tour_env t = {0};
    char id[64];
    int64_t expires = 0;
    const char *version = value_of(values, n, "version");
    buf say;
    buf_init(&say);
    bool ok = need_reason(self, values, n, e) && expiry(values, n, &expires, e) &&
              tour_begin(&t, env, self, false, e) && tour_plan_id(&t, value_of(values, n, "PLAN"), id, e) &&
              plan_hold(env->store, env->catalog, id, version ? strtoll(version, NULL, 10) : 0, expires,
                        value_of(values, n, "reason"), &say, env->stop, e);
    fputs(say.data, ok ? env->out : env->messages);
    buf_done(&say);
    tour_end(&t);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg HOLD_ARGS[] = {
    {"PLAN", ARG_TEXT, true, "plans", "a kept plan"},
    {"--reason", ARG_TEXT, true, NULL, "why: it goes into the audit with the holds"},
    {"--expires", ARG_DATE, false, NULL,
     "the last day on which the holds stand; else until they are released"},
    {"--version", ARG_INT, false, NULL, "an older version; else the newest"},
};

const command command_tour_hold = {
    .name = "tour hold",
    .summary = "place a hold for every stop of a plan, all or none",
    .args = HOLD_ARGS,
    .nargs = sizeof HOLD_ARGS / sizeof *HOLD_ARGS,
    .danger = DANGER_CONFIRM,
    .needs_store = true,
    .group = "Act",
    .run = run_hold,
};

static int run_share(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    tour_env t = {0};
    char id[64];
    bool ok = need_reason(self, values, n, e) && tour_begin(&t, env, self, false, e) &&
              tour_plan_id(&t, value_of(values, n, "PLAN"), id, e) &&
              plan_share(env->store, env->catalog, id, value_of(values, n, "LOGIN"),
                         value_of(values, n, "reason"), env->stop, e);
    if (ok)
        fprintf(env->messages, "tour share: done\n");
    tour_end(&t);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg SHARE_ARGS[] = {
    {"PLAN", ARG_TEXT, true, "plans", "a kept plan"},
    {"LOGIN", ARG_WORD, true, NULL, "who may read it"},
    {"--reason", ARG_TEXT, true, NULL, "why: it goes into the audit"},
};

const command command_tour_share = {
    .name = "tour share",
    .summary = "let another login read a plan",
    .args = SHARE_ARGS,
    .nargs = sizeof SHARE_ARGS / sizeof *SHARE_ARGS,
    .danger = DANGER_CONFIRM,
    .needs_store = true,
    .group = "Act",
    .run = run_share,
};
