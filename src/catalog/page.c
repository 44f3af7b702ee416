/* page: one page of a list as a statement, in keyset order: never an OFFSET, never a COUNT.
 *
 * The order is the sort column, then the key. `indexed` columns have an index (column in its natural
 * direction, key ascending); such an index is read forwards or backwards, so sort and key turn round
 * together. The other columns sort nulls last, their key always ascending, and only a page read backwards
 * turns all of it round. The SQL itself stands in queries/_page.sql. */
#include "base/mem.h"
#include "base/text.h"
#include "catalog/embedded.h"
#include "catalog/private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_MOST = 8 };

typedef struct slot { /* {{name}} in a piece of the template */
    const char *name, *text;
} slot;

typedef struct order {
    const char *sort;
    store_type type;
    bool indexed, natural_descending;
    const char *keys[KEYS_MOST]; /* without the sort column, when that is part of the key */
    store_type key_types[KEYS_MOST];
    const char *key_from[KEYS_MOST];
    size_t nkeys;
    bool sort_descends, key_descends; /* as this page is read */
} order;

static const view_column *column_find(const view *v, const char *name)
{
    for (size_t i = 0; i < v->ncolumns; i++)
        if (strcmp(v->columns[i].name, name) == 0)
            return &v->columns[i];
    return NULL;
}

static store_type type_of(const view_column *c)
{
    switch (c ? c->type : COL_TEXT) {
    case COL_COUNT:
    case COL_MONEY:
        return STORE_INT;
    case COL_DATE:
        return STORE_DATE;
    case COL_TIME:
    case COL_AGO:
        return STORE_TIME;
    case COL_DURATION:
    case COL_PERCENT:
    case COL_BAR:
        return STORE_REAL;
    case COL_YESNO:
        return STORE_BOOL;
    case COL_JSON:
        return STORE_JSON;
    default:
        return STORE_TEXT;
    }
}

static const query *tier_query(const view *v, int tier)
{
    return tier >= 0 && (size_t)tier < v->nsearch ? v->search[tier] : v->query;
}

const char *page_sort(const view *v, int tier, const char *sort, bool *ret_descending)
{
    const query *q = tier_query(v, tier);
    if (!sort)
        sort = q->sort ? q->sort : v->sort;
    const view_column *c = column_find(v, sort);
    if (ret_descending)
        *ret_descending = q->sort && strcmp(q->sort, sort) == 0 ? q->sort_descending : c && c->descending;
    return sort;
}

/* ---- what is asked ---- */

static bool unsortable(const page_request *p, const char *sort, err *e)
{
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < p->view->ncolumns && n < 64; i++)
        if (p->view->columns[i].sortable)
            names[n++] = p->view->columns[i].name;
    const char *near = text_nearest(sort, names, n);
    return err_set(e, ERR_USAGE, "%s cannot be sorted by '%.64s'%s%s%s", p->view->name, sort,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool order_sort(const page_request *p, const query *q, order *o, err *e)
{
    o->sort = page_sort(p->view, p->tier, p->sort, &o->natural_descending);
    const view_column *c = column_find(p->view, o->sort);
    if (q->sort && strcmp(q->sort, o->sort) == 0) {
        o->type = q->sort_type;
        o->indexed = q->sort_indexed;
    } else if (c && c->sortable) {
        o->type = type_of(c);
        o->indexed = c->indexed;
    } else {
        return unsortable(p, o->sort, e);
    }
    /* A null cannot be compared as a row. */
    o->indexed = o->indexed && !(p->from && !p->from[0]);
    bool descending = p->sort ? p->descending : o->natural_descending;
    bool turned = descending != o->natural_descending;
    o->sort_descends = descending != p->backward;
    o->key_descends = (o->indexed && turned) != p->backward;
    return true;
}

static bool order_keys(const page_request *p, order *o, err *e)
{
    if (p->view->nkey > KEYS_MOST)
        return err_set(e, ERR_USAGE, "%s: a key has at most %d columns", p->view->name, (int)KEYS_MOST);
    for (size_t i = 0; i < p->view->nkey; i++) {
        if (strcmp(p->view->key[i], o->sort) == 0)
            continue;
        o->keys[o->nkeys] = p->view->key[i];
        o->key_types[o->nkeys] = type_of(column_find(p->view, p->view->key[i]));
        o->key_from[o->nkeys++] = p->from ? p->from[i + 1] : NULL;
    }
    return true;
}

/* ---- what is written ---- */

/* The place of a new parameter: "$7::text" or "?7". NULL when the value is not of its type. */
static bool add_value(statement *s, store_dialect dialect, store_type type, const char *text, buf *out,
                      err *e)
{
    char *checked = NULL;
    err why = {0};
    if (!value_check(type, text, &checked, &why))
        return err_set(e, ERR_USAGE, "%s: the row to go on from: '%.60s' %s", s->name, text, why.text);
    s->owned = mem_grow(s->owned, s->nowned + 1, sizeof *s->owned);
    s->params = mem_grow(s->params, s->nparams + 1, sizeof *s->params);
    s->owned[s->nowned++] = checked;
    s->params[s->nparams++] = (store_param){type, checked};
    if (dialect == STORE_POSTGRES)
        buf_printf(out, "$%zu::%s", s->nparams, type_cast(type));
    else
        buf_printf(out, "?%zu", s->nparams);
    return true;
}

/* The piece `-- [name]` of the template, without its last newlines; false when there is none. */
static bool piece_find(const char *name, const char **ret, size_t *ret_n)
{
    const embedded_file *f = embedded_find("queries/_page.sql");
    char head[32];
    snprintf(head, sizeof head, "-- [%s]\n", name);
    const char *at = f ? strstr(f->text, head) : NULL;
    if (!at)
        return false;
    at += strlen(head);
    const char *end = strstr(at, "\n-- [");
    size_t n = end ? (size_t)(end - at) : strlen(at);
    while (n && at[n - 1] == '\n')
        n--;
    *ret = at;
    *ret_n = n;
    return true;
}

static const char *slot_text(const slot *slots, const char *name, size_t n)
{
    for (; slots->name; slots++)
        if (strlen(slots->name) == n && memcmp(slots->name, name, n) == 0)
            return slots->text;
    return NULL;
}

static bool piece_write(buf *out, const char *name, const slot *slots, err *e)
{
    const char *at, *next, *text;
    size_t n;
    if (!piece_find(name, &at, &n))
        return err_set(e, ERR_FAILED, "queries/_page.sql: there is no piece [%s]", name);
    for (const char *end = at + n; at < end; at = next) {
        const char *open = memmem(at, (size_t)(end - at), "{{", 2);
        const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;
        next = close ? close + 2 : end;
        buf_add(out, at, (size_t)((close ? open : end) - at));
        if (!close)
            continue;
        text = slot_text(slots, open + 2, (size_t)(close - open - 2));
        if (!text)
            return err_set(e, ERR_FAILED,
                           "queries/_page.sql: the piece [%s] has a {{name}} that nothing fills", name);
        buf_str(out, text);
    }
    return true;
}

static const char *condition_of(const page_request *p, const order *o)
{
    if (!p->from)
        return "start";
    if (o->indexed || o->nkeys == 0) /* a lone key column is never null */
        return o->sort_descends == o->key_descends || o->nkeys == 0 ? "row" : "range";
    if (p->backward)
        return p->from[0] ? "before" : "before_null";
    return p->from[0] ? "behind" : "behind_null";
}

static bool write_condition(const page_request *p, const order *o, store_dialect dialect, statement *s,
                            buf *out, err *e)
{
    const char *piece = condition_of(p, o);
    buf sort, value, keys, key_values, columns, values;
    buf *const all[] = {&sort, &value, &keys, &key_values, &columns, &values};
    for (size_t i = 0; i < 6; i++)
        buf_init(all[i]);
    buf_printf(&sort, "page.%s", o->sort);
    bool ok = !p->from || strstr(piece, "_null") || add_value(s, dialect, o->type, p->from[0], &value, e);
    for (size_t i = 0; ok && p->from && i < o->nkeys; i++) {
        buf_printf(&keys, "%spage.%s", i ? ", " : "", o->keys[i]);
        buf_str(&key_values, i ? ", " : "");
        ok = add_value(s, dialect, o->key_types[i], o->key_from[i], &key_values, e);
    }
    buf_printf(&columns, "%s%s%s", sort.data, keys.len ? ", " : "", keys.data);
    buf_printf(&values, "%s%s%s", value.data, keys.len ? ", " : "", key_values.data);
    const slot slots[] = {{"sort", sort.data},
                          {"value", value.data},
                          {"keys", keys.data},
                          {"key_values", key_values.data},
                          {"columns", columns.data},
                          {"values", values.data},
                          {"op", o->sort_descends ? "<" : ">"},
                          {"key_op", o->key_descends ? "<" : ">"},
                          {NULL, NULL}};
    ok = ok && piece_write(out, piece, slots, e);
    for (size_t i = 0; i < 6; i++)
        buf_done(all[i]);
    return ok;
}

static void write_order(const page_request *p, const order *o, buf *out)
{
    buf_printf(out, "page.%s%s", o->sort, o->sort_descends ? " desc" : "");
    if (!o->indexed && o->nkeys > 0)
        buf_str(out, p->backward ? " nulls first" : " nulls last");
    for (size_t i = 0; i < o->nkeys; i++)
        buf_printf(out, ", page.%s%s", o->keys[i], o->key_descends ? " desc" : "");
}

static bool write_page(const page_request *p, const order *o, store_dialect dialect, statement *s, err *e)
{
    buf condition, by, limit, out;
    char count[32];
    buf_init(&condition);
    buf_init(&by);
    buf_init(&limit);
    buf_init(&out);
    snprintf(count, sizeof count, "%zu", p->limit + 1);
    write_order(p, o, &by);
    bool ok = write_condition(p, o, dialect, s, &condition, e) &&
              add_value(s, dialect, STORE_INT, count, &limit, e);
    const slot slots[] = {
        {"body", s->sql}, {"behind", condition.data}, {"order", by.data}, {"limit", limit.data}, {NULL, NULL},
    };
    ok = ok && piece_write(&out, "page", slots, e);
    if (ok) {
        free(s->sql);
        s->sql = buf_take(&out);
    }
    buf_done(&condition);
    buf_done(&by);
    buf_done(&limit);
    buf_done(&out);
    return ok;
}

/* A search text is for the tiers; the plain list has nothing to do with it. */
static query_value *values_for(const page_request *p, const query *q, size_t *ret_n)
{
    query_value *values = MEM_ARRAY(query_value, p->nvalues + 2);
    size_t n = 0;
    for (size_t i = 0; i < p->nvalues; i++)
        if (p->tier >= 0 || strcmp(p->values[i].name, "search") != 0 || query_param_find(q, "search", 6))
            values[n++] = p->values[i];
    if (p->whole && query_param_find(q, "whole", 5))
        values[n++] = (query_value){"whole", "true"};
    *ret_n = n;
    return values;
}

bool page_bind(const page_request *p, store_dialect dialect, statement *ret, err *e)
{
    if (p->tier >= 0 && (size_t)p->tier >= p->view->nsearch)
        return err_set(e, ERR_USAGE, "%s cannot be searched", p->view->name);
    const query *q = tier_query(p->view, p->tier);
    order o = {0};
    if (!order_sort(p, q, &o, e) || !order_keys(p, &o, e))
        return false;
    size_t n;
    query_value *values = values_for(p, q, &n);
    statement s = {0};
    bool ok = query_bind(q, dialect, values, n, &s, e);
    free(values);
    if (ok)
        ok = write_page(p, &o, dialect, &s, e);
    if (ok)
        *ret = s;
    else
        statement_done(&s);
    return ok;
}

static void percent_decode(char *s)
{
    char *out = s;
    for (; *s; s++) {
        unsigned byte;
        int taken = 0;
        if (*s == '%' && sscanf(s + 1, "%2x%n", &byte, &taken) == 1 && taken == 2 && byte) {
            *out++ = (char)byte;
            s += 2;
        } else {
            *out++ = *s;
        }
    }
    *out = '\0';
}

size_t with_split(char *with, query_value *ret, size_t most)
{
    size_t n = 0;
    char *rest = with, *pair;
    while (n < most && (pair = strsep(&rest, "&"))) {
        char *equals = strchr(pair, '=');
        if (!equals || equals == pair)
            continue;
        *equals = '\0';
        percent_decode(equals + 1);
        ret[n++] = (query_value){pair, equals + 1};
    }
    return n;
}
