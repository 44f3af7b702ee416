/* bind: a query and values become a statement. Nothing is ever pasted: each parameter is a numbered place
 * with its type as a cast, so that a server never has to guess it. */
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "catalog/private.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *type_cast(store_type type)
{
    static const char *const casts[] = {
        [STORE_TEXT] = "text",    [STORE_INT] = "bigint",       [STORE_REAL] = "double precision",
        [STORE_BOOL] = "boolean", [STORE_TIME] = "timestamptz", [STORE_DATE] = "date",
        [STORE_JSON] = "jsonb",
    };
    return casts[type];
}

const query_param *query_param_find(const query *q, const char *name, size_t n)
{
    for (size_t i = 0; i < q->nparams; i++)
        if (strlen(q->params[i].name) == n && memcmp(q->params[i].name, name, n) == 0)
            return &q->params[i];
    return NULL;
}

/* ---- values ---- */

static bool check_int(const char *text, char **ret, err *e)
{
    char *end = NULL;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno || *end || end == text)
        return err_set(e, ERR_USAGE, "is not a whole number");
    *ret = mem_printf("%lld", v);
    return true;
}

static bool check_real(const char *text, char **ret, err *e)
{
    char *end = NULL;
    double v = strtod(text, &end);
    if (*end || end == text || !isfinite(v))
        return err_set(e, ERR_USAGE, "is not a number");
    *ret = mem_printf("%.17g", v);
    return true;
}

static bool check_bool(const char *text, char **ret, err *e)
{
    static const char *const words[2][5] = {{"false", "no", "off", "0", "f"},
                                            {"true", "yes", "on", "1", "t"}};
    for (int v = 0; v < 2; v++)
        for (int i = 0; i < 5; i++)
            if (strcasecmp(text, words[v][i]) == 0) {
                *ret = mem_str(words[v][0]);
                return true;
            }
    return err_set(e, ERR_USAGE, "is neither yes nor no");
}

static bool check_time(const char *text, char **ret, err *e)
{
    int64_t us;
    char out[32];
    err why = {0};
    if (strcasecmp(text, "now") == 0)
        us = time_now_us();
    else if (!time_parse(text, &us, &why))
        return err_set(e, ERR_USAGE, "is not an instant such as 2026-11-22T18:10:00Z");
    time_format(us, out);
    *ret = mem_str(out);
    return true;
}

static int32_t day_of(int64_t us)
{
    const int64_t day = INT64_C(86400000000);
    return (int32_t)(us / day - (us % day < 0));
}

static bool check_date(const char *text, char **ret, err *e)
{
    int32_t days;
    char out[16];
    err why = {0};
    if (strcasecmp(text, "today") == 0)
        days = day_of(time_now_us());
    else if (!time_parse_date(text, &days, &why))
        return err_set(e, ERR_USAGE, "is not a date such as 2026-11-22");
    time_format_date(days, out);
    *ret = mem_str(out);
    return true;
}

bool value_check(store_type type, const char *text, char **ret_text, err *e)
{
    char *checked = NULL;
    bool ok = true;
    if (text && type == STORE_TEXT) {
        ok = text_valid(text, strlen(text)) || err_set(e, ERR_USAGE, "is not valid UTF-8");
        checked = ok ? mem_str(text) : NULL;
    } else if (text && *text) { /* an empty text is no number and no date: null */
        ok = type == STORE_INT    ? check_int(text, &checked, e)
             : type == STORE_REAL ? check_real(text, &checked, e)
             : type == STORE_BOOL ? check_bool(text, &checked, e)
             : type == STORE_TIME ? check_time(text, &checked, e)
             : type == STORE_DATE ? check_date(text, &checked, e)
                                  : (checked = mem_str(text), true);
    }
    if (ok && ret_text)
        *ret_text = checked;
    else
        free(checked);
    return ok;
}

/* ---- statements ---- */

void statement_done(statement *s)
{
    for (size_t i = 0; i < s->nowned; i++)
        free(s->owned[i]);
    free(s->owned);
    free(s->params);
    free(s->name);
    free(s->sql);
    *s = (statement){0};
}

static const query_value *given(const query_value *values, size_t n, const char *name)
{
    for (size_t i = n; i-- > 0;) /* the last one wins: a narrower value after a wider one */
        if (strcmp(values[i].name, name) == 0)
            return &values[i];
    return NULL;
}

static bool check_names(const query *q, const query_value *values, size_t n, err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (query_param_find(q, values[i].name, strlen(values[i].name)))
            continue;
        const char *names[64];
        size_t known = 0;
        for (; known < q->nparams && known < 64; known++)
            names[known] = q->params[known].name;
        const char *near = text_nearest(values[i].name, names, known);
        return err_set(e, ERR_USAGE, "%s has no parameter '%.64s'%s%s%s", q->name, values[i].name,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    return true;
}

static char *moment(const query_param *p)
{
    char *out = NULL;
    if (p->type == STORE_TIME && strcmp(p->name, "now") == 0)
        check_time("now", &out, NULL);
    else if (p->type == STORE_DATE && strcmp(p->name, "today") == 0)
        check_date("today", &out, NULL);
    return out;
}

static char *folded(char *text)
{
    buf key;
    buf_init(&key);
    text_fold(&key, text, strlen(text));
    free(text);
    return buf_take(&key);
}

/* The parameter's text, malloced, or NULL for null. */
static bool value_of(const query *q, const query_param *p, const query_value *values, size_t n, char **ret,
                     err *e)
{
    const query_value *v = given(values, n, p->name);
    const char *text = v ? v->text : p->fallback;
    char *checked = NULL;
    if (!text && !v && (checked = moment(p))) {
        *ret = checked;
        return true;
    }
    err why = {0};
    if (!value_check(p->type, text, &checked, &why))
        return err_set(e, ERR_USAGE, "%s: %s '%.60s' %s", q->name, p->name, text, why.text);
    if (!checked && p->required)
        return err_set(e, ERR_USAGE, "%s needs %s%s%s%s", q->name, p->name, *p->help ? " (" : "", p->help,
                       *p->help ? ")" : "");
    *ret = p->fold && checked ? folded(checked) : checked;
    return true;
}

/* The place of the parameter in the statement, from 1: the same each time it is met. */
static bool place_of(const query *q, const query_param *p, const query_value *values, size_t n,
                     size_t *places, statement *s, size_t *ret, err *e)
{
    size_t i = (size_t)(p - q->params);
    if (places[i] == 0) {
        char *text = NULL;
        if (!value_of(q, p, values, n, &text, e))
            return false;
        s->owned[s->nowned++] = text;
        s->params[s->nparams++] = (store_param){p->type, text};
        places[i] = s->nparams;
    }
    *ret = places[i];
    return true;
}

static bool write_sql(const query *q, store_dialect dialect, const query_value *values, size_t n,
                      size_t *places, statement *s, buf *out, err *e)
{
    const char *body = q->body[dialect];
    sql_reader r = {body, body + strlen(body), body};
    for (sql_piece p; (p = sql_next(&r)).kind != SQL_END;) {
        const query_param *param = p.kind == SQL_PARAM ? query_param_find(q, p.text, p.len) : NULL;
        size_t place = 0;
        if (p.kind == SQL_TEXT || p.kind == SQL_PLACE)
            buf_add(out, p.text, p.len);
        else if (!param)
            return err_set(e, ERR_INPUT, "%s: has an include or a parameter that was never resolved",
                           q->file);
        else if (!place_of(q, param, values, n, places, s, &place, e))
            return false;
        else if (dialect == STORE_POSTGRES)
            buf_printf(out, "$%zu::%s", place, type_cast(param->type));
        else
            buf_printf(out, "?%zu", place);
    }
    return true;
}

bool query_bind(const query *q, store_dialect dialect, const query_value *values, size_t n, statement *ret,
                err *e)
{
    if (!q->body[dialect])
        return err_set(e, ERR_REFUSED, "%s cannot run without the server: %s", q->name, q->offline_not);
    if (!check_names(q, values, n, e))
        return false;
    statement s = {.params = MEM_ARRAY(store_param, q->nparams + 1),
                   .owned = MEM_ARRAY(char *, q->nparams + 1),
                   .name = mem_str(q->file)};
    size_t *places = MEM_ARRAY(size_t, q->nparams + 1);
    buf out;
    buf_init(&out);
    bool ok = write_sql(q, dialect, values, n, places, &s, &out, e);
    s.sql = buf_take(&out);
    free(places);
    if (ok)
        *ret = s;
    else
        statement_done(&s);
    return ok;
}
