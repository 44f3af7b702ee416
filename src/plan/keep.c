/* Kept plans: saved as versions, opened, shared, and turned into holds, by the schema's own functions, each in one audited write. */
#include "plan/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

static bool write_one(store *s, const catalog *c, const char *name, const query_value *values, size_t n,
                      const char *reason, rowset **ret, stop *halt, err *e)
{
    const query *q = catalog_query(c, name);
    statement st;
    char key[37];
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", name);
    if (q->offline_not && s->dialect == STORE_SQLITE)
        return err_set(e, ERR_REFUSED, "offline: %s", q->offline_not);
    if (!reason || !reason[strspn(reason, " \t\r\n")])
        return err_set(e, ERR_USAGE, "a reason is wanted: it goes into the audit");
    if (!query_bind(q, s->dialect, values, n, &st, e))
        return false;
    store_new_key(key);
    store_request request = {.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams};
    store_write write = {key, reason, &request, 1};
    bool ok = store_do(s, &write, ret, halt, e);
    statement_done(&st);
    return ok;
}

/* What the schema wants of the stops, to keep them as rows. */
static void stops_json(const plan_doc *d, buf *out)
{
    json_out j;
    json_init(&j, out);
    json_open(&j, '[');
    for (size_t i = 0; i < d->n; i++) {
        const plan_stop *s = &d->stops[i];
        json_open(&j, '{');
        json_key(&j, "date");
        json_day(&j, s->day);
        json_key(&j, "city_id");
        json_str(&j, s->city_id);
        json_key(&j, "venue_id");
        json_str(&j, *s->venue_id ? s->venue_id : NULL);
        json_key(&j, "appearance");
        json_bool(&j, s->appearance);
        json_key(&j, "net");
        json_int(&j, s->net);
        json_close(&j, '}');
    }
    json_close(&j, ']');
}

bool plan_save(store *s, const catalog *c, const plan_doc *d, const char *plan_id, int64_t expected_version,
               const char *name, const char *reason, char ret_plan_id[64], int64_t *ret_version, stop *halt,
               err *e)
{
    buf request, doc, stops;
    char expected[24];
    rowset *r = NULL;
    buf_init(&request);
    buf_init(&doc);
    buf_init(&stops);
    plan_request_json(&d->request, &request);
    plan_doc_json(d, &doc);
    stops_json(d, &stops);
    snprintf(expected, sizeof expected, "%lld", (long long)expected_version);
    query_value values[] = {{"plan_id", plan_id},   {"artist_id", d->artist_id}, {"name", name},
                            {"expected", expected}, {"request", request.data},   {"doc", doc.data},
                            {"stops", stops.data}};
    bool ok = write_one(s, c, "plan_save", values, 7, reason, &r, halt, e);
    if (ok && r && r->nrows) {
        text_copy(ret_plan_id, 64, cell_of(r, 0, "plan_id"));
        if (ret_version)
            *ret_version = cell_int(r, 0, "plan_version", 0);
    }
    rowset_free(r);
    buf_done(&request);
    buf_done(&doc);
    buf_done(&stops);
    return ok;
}

bool plan_open(store *s, const catalog *c, const char *plan_id, int64_t version, plan_doc *ret, stop *halt,
               err *e)
{
    char text[24];
    rowset *r = NULL;
    plan_doc d;
    snprintf(text, sizeof text, "%lld", (long long)version);
    query_value values[] = {{"plan_id", plan_id}, {"plan_version", version ? text : NULL}};
    if (!plan_fetch(s, c, "plan_open", values, 2, 1, &r, halt, e))
        return false;
    bool ok = r->nrows ||
              (version ? err_set(e, ERR_MISSING, "there is no version %s of the plan '%s'", text, plan_id)
                       : err_set(e, ERR_MISSING, "there is no plan '%s'", plan_id));
    ok = ok && plan_doc_parse(cell_of(r, 0, "doc"), &d, e);
    if (ok) {
        text_copy(d.plan_id, sizeof d.plan_id, cell_of(r, 0, "plan_id"));
        d.name = mem_str(cell_of(r, 0, "name"));
        d.version = cell_int(r, 0, "plan_version", 0);
        text_copy(d.source, sizeof d.source, s->identity.server);
        if (cell_of(r, 0, "made_at"))
            (void)time_parse(cell_of(r, 0, "made_at"), &d.read_us, NULL);
        *ret = d;
    }
    rowset_free(r);
    return ok;
}

bool plan_share(store *s, const catalog *c, const char *plan_id, const char *login, const char *reason,
                stop *halt, err *e)
{
    query_value values[] = {{"plan_id", plan_id}, {"login", login}};
    rowset *r = NULL;
    bool ok = write_one(s, c, "plan_share", values, 2, reason, &r, halt, e);
    rowset_free(r);
    return ok;
}

/* The refusal's detail: a list of {date, city, venue, rule, sentence}, a line each. */
static void say_refusals(const char *detail, buf *out)
{
    json_t *list = *detail ? json_loads(detail, 0, NULL) : NULL, *item;
    size_t i;
    json_array_foreach(list, i, item)
    {
        const char *date = json_string_value(json_object_get(item, "date"));
        const char *city = json_string_value(json_object_get(item, "city"));
        const char *venue = json_string_value(json_object_get(item, "venue"));
        const char *sentence = json_string_value(json_object_get(item, "sentence"));
        buf_printf(out, "%s  %s%s%s: %s\n", date ? date : "", city ? city : "", venue && *venue ? ", " : "",
                   venue ? venue : "", sentence ? sentence : "");
    }
    json_decref(list);
}

bool plan_hold(store *s, const catalog *c, const char *plan_id, int64_t version, int64_t expires_us,
               const char *reason, buf *ret_say, stop *halt, err *e)
{
    char text[24], expires[32];
    rowset *r = NULL;
    snprintf(text, sizeof text, "%lld", (long long)version);
    if (expires_us)
        time_format(expires_us, expires);
    query_value values[] = {{"plan_id", plan_id},
                            {"plan_version", version ? text : NULL},
                            {"expires", expires_us ? expires : NULL}};
    s->detail[0] = '\0';
    bool ok = write_one(s, c, "plan_hold", values, 3, reason, &r, halt, e);
    for (size_t i = 0; ok && ret_say && r && i < r->nrows; i++) {
        const char *venue = cell_of(r, i, "venue"), *rank = cell_of(r, i, "hold_rank");
        buf_printf(ret_say, "%s  %s%s%s: %s%s%s\n", cell_of(r, i, "stop_date"), cell_of(r, i, "city"),
                   venue ? ", " : "", venue ? venue : "", cell_of(r, i, "done"), rank ? ", hold " : "",
                   rank ? rank : "");
    }
    if (!ok && ret_say)
        say_refusals(s->detail, ret_say);
    rowset_free(r);
    return ok;
}
