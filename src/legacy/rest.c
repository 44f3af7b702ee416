#include "legacy/rest.h"
#include "base/mem.h"
#include "base/time.h"
#include "legacy/jsonin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rest_page_done(rest_page *p)
{
    free(p->pieces);
    *p = (rest_page){0};
}

void rest_texts_done(rest_texts *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->texts[i]);
    free(t->texts);
    free(t->token);
    *t = (rest_texts){0};
}

/* ---- reading ---- */

static bool fail(jsonin *j, const char *why)
{
    if (!j->why)
        j->why = why;
    return false;
}

static bool time_value(jsonin *j, int64_t *ret_us)
{
    jsonin_text t;
    char text[40] = "";
    if (!jsonin_string(j, &t))
        return false;
    if (t.n < sizeof text)
        memcpy(text, t.s, t.n);
    return (*text && time_parse(text, ret_us, NULL)) || fail(j, "a time is none");
}

static void keep_text(char *to, size_t size, jsonin_text t)
{
    snprintf(to, size, "%.*s", (int)(t.n < size ? t.n : size - 1), t.s);
}

/* {"code":404,"message":"...","status":"NOT_FOUND","details":[...]} */
static bool refusal_value(jsonin *j, rest_refusal *r)
{
    jsonin_text key, t;
    bool first = true, whole;
    int64_t code = 0;
    *r = (rest_refusal){.code = 500};
    if (!jsonin_need(j, '{'))
        return false;
    while (jsonin_member(j, &first, &key)) {
        bool ok;
        if (jsonin_is(key, "code") && jsonin_peek(j) != '"') {
            ok = jsonin_number(j, &t, &whole);
            if (ok && jsonin_int(t, &code) && code >= 400 && code < 600)
                r->code = (int)code;
        } else if ((jsonin_is(key, "message") || jsonin_is(key, "status")) && jsonin_peek(j) == '"') {
            bool message = jsonin_is(key, "message");
            ok = jsonin_string(j, &t);
            if (ok)
                keep_text(message ? r->message : r->status, message ? sizeof r->message : sizeof r->status,
                          t);
        } else {
            ok = jsonin_pass(j, NULL);
        }
        if (!ok)
            return false;
    }
    return !j->why;
}

typedef struct reader {
    jsonin in;
    rest_refusal *refusal;
    err *e;
} reader;

static void begin(reader *r, const char *body, size_t n, rest_refusal *refusal, err *e)
{
    *r = (reader){.refusal = refusal, .e = e};
    *refusal = (rest_refusal){0};
    jsonin_init(&r->in, body, n);
}

/* The reader's last word: whether everything was right, and nothing follows. */
static bool end(reader *r, bool ok)
{
    ok = ok && !r->in.why && !r->refusal->code && jsonin_end(&r->in);
    if (r->refusal->code)
        err_set(r->e, ERR_FAILED, "%s: %s", r->refusal->status, r->refusal->message);
    else if (!ok)
        err_set(r->e, ERR_INPUT, "the answer is broken: %s (byte %zu of %zu)",
                r->in.why ? r->in.why : "it is not what was asked for", jsonin_at(&r->in),
                (size_t)(r->in.end - r->in.start));
    jsonin_done(&r->in);
    return ok;
}

/* Over the objects of a server stream: an array of them, or one alone, as errors come. member() takes a member's
 * value, or passes it by. */
static bool stream(reader *r, bool (*member)(reader *r, jsonin_text key, void *ctx), void *ctx)
{
    jsonin *j = &r->in;
    jsonin_text key;
    bool array = jsonin_take(j, '['), first_element = true;
    while (array ? jsonin_element(j, &first_element) : first_element) {
        bool first = true;
        first_element = false;
        if (!jsonin_need(j, '{'))
            return false;
        while (jsonin_member(j, &first, &key)) {
            bool ok = jsonin_is(key, "error") ? refusal_value(j, r->refusal) : member(r, key, ctx);
            if (!ok || r->refusal->code)
                return false;
        }
    }
    return !j->why;
}

/* ---- documents ---- */

typedef struct page_reader {
    rest_kind kind;
    rest_page *page;
} page_reader;

static void keep_piece(reader *r, rest_page *p, jsonin_text t, bool missing)
{
    MEM_ROOM(p->pieces, p->n, p->cap);
    p->pieces[p->n++] = (rest_piece){.at = (size_t)(t.s - r->in.start), .n = t.n, .missing = missing};
}

static bool missing_name(reader *r, rest_page *p)
{
    jsonin_peek(&r->in);
    const char *from = r->in.p;
    jsonin_text t;
    if (!jsonin_string(&r->in, &t))
        return false;
    keep_piece(r, p, (jsonin_text){from, (size_t)(r->in.p - from)}, true);
    return true;
}

static bool page_member(reader *r, jsonin_text key, void *ctx)
{
    page_reader *p = ctx;
    jsonin_text t = {0};
    int64_t us;
    if (jsonin_is(key, p->kind == REST_QUERY ? "document" : "found")) {
        if (jsonin_peek(&r->in) != '{' ? !jsonin_need(&r->in, '{') : !jsonin_pass(&r->in, &t))
            return false;
        keep_piece(r, p->page, t, false);
        return true;
    }
    if (p->kind == REST_BATCH && jsonin_is(key, "missing"))
        return missing_name(r, p->page);
    if (!jsonin_is(key, "readTime"))
        return jsonin_pass(&r->in, NULL);
    if (!time_value(&r->in, &us))
        return false;
    if (p->page->read_us && p->page->read_us != us)
        return fail(&r->in, "two read times stand in one answer");
    p->page->read_us = us;
    return true;
}

bool rest_page_read(rest_kind kind, const char *body, size_t n, rest_page *ret, rest_refusal *ret_refusal,
                    err *e)
{
    reader r;
    page_reader p = {kind, ret};
    ret->n = 0;
    ret->read_us = 0;
    begin(&r, body, n, ret_refusal, e);
    bool ok = end(&r, stream(&r, page_member, &p));
    if (!ok)
        ret->n = 0;
    return ok;
}

char *rest_name(const char *document, size_t n)
{
    jsonin j;
    jsonin_text key, t;
    bool first = true;
    char *name = NULL;
    jsonin_init(&j, document, n);
    bool ok = jsonin_need(&j, '{');
    while (ok && !name && jsonin_member(&j, &first, &key)) {
        bool found = jsonin_is(key, "name");
        ok = found ? jsonin_peek(&j) == '"' && jsonin_string(&j, &t) : jsonin_pass(&j, NULL);
        if (ok && found)
            name = mem_strn(t.s, t.n);
    }
    jsonin_done(&j);
    return name;
}

/* ---- lists with a token ---- */

typedef struct list_reader {
    const char *member;
    bool (*item)(reader *r, rest_texts *t);
    rest_texts *texts;
} list_reader;

static void keep_item(rest_texts *t, jsonin_text text)
{
    MEM_ROOM(t->texts, t->n, t->cap);
    t->texts[t->n++] = mem_strn(text.s, text.n);
}

static bool text_item(reader *r, rest_texts *t)
{
    jsonin_text text;
    if (!jsonin_string(&r->in, &text))
        return false;
    keep_item(t, text);
    return true;
}

/* [{"referenceValue":NAME}]: a cursor by name has this one value. */
static bool cursor_values(reader *r, rest_texts *t)
{
    jsonin *j = &r->in;
    jsonin_text key, text;
    bool first = true, more = true;
    if (!jsonin_need(j, '[') || !jsonin_need(j, '{') || !jsonin_member(j, &first, &key))
        return fail(j, "a partition has no value");
    if (!jsonin_is(key, "referenceValue"))
        return fail(j, "a partition is cut by something that is no name");
    if (!jsonin_string(j, &text))
        return false;
    keep_item(t, text);
    more = jsonin_take(j, '}') && jsonin_take(j, ']');
    return more || fail(j, "a partition has more than one value");
}

static bool partition_item(reader *r, rest_texts *t)
{
    jsonin_text key;
    bool first = true, met = false;
    if (!jsonin_need(&r->in, '{'))
        return false;
    while (jsonin_member(&r->in, &first, &key)) {
        if (!jsonin_is(key, "values") ? !jsonin_pass(&r->in, NULL) : met || !cursor_values(r, t))
            return fail(&r->in, "a partition has values twice");
        met = met || jsonin_is(key, "values");
    }
    return !r->in.why && (met || fail(&r->in, "a partition has no value"));
}

static bool list_member(reader *r, jsonin_text key, void *ctx)
{
    list_reader *l = ctx;
    jsonin_text t;
    bool first = true;
    if (jsonin_is(key, "nextPageToken")) {
        if (!jsonin_string(&r->in, &t))
            return false;
        free(l->texts->token);
        l->texts->token = t.n ? mem_strn(t.s, t.n) : NULL;
        return true;
    }
    if (!jsonin_is(key, l->member))
        return jsonin_pass(&r->in, NULL);
    if (!jsonin_need(&r->in, '['))
        return false;
    while (jsonin_element(&r->in, &first))
        if (!l->item(r, l->texts))
            return false;
    return !r->in.why;
}

/* What a broken answer has added is taken away again. */
static bool list_read(list_reader *l, const char *body, size_t n, rest_refusal *ret_refusal, err *e)
{
    reader r;
    rest_texts *t = l->texts;
    size_t before = t->n;
    free(t->token);
    t->token = NULL;
    begin(&r, body, n, ret_refusal, e);
    if (end(&r, stream(&r, list_member, l)))
        return true;
    while (t->n > before)
        free(t->texts[--t->n]);
    free(t->token);
    t->token = NULL;
    return false;
}

bool rest_collections_read(const char *body, size_t n, rest_texts *ret, rest_refusal *ret_refusal, err *e)
{
    list_reader l = {"collectionIds", text_item, ret};
    return list_read(&l, body, n, ret_refusal, e);
}

bool rest_partitions_read(const char *body, size_t n, rest_texts *ret, rest_refusal *ret_refusal, err *e)
{
    list_reader l = {"partitions", partition_item, ret};
    return list_read(&l, body, n, ret_refusal, e);
}

/* ---- count, commit, errors ---- */

typedef struct count_reader {
    int64_t count;
    bool met;
} count_reader;

/* Down through {"aggregateFields":{"aggregate_0":{"integerValue":"102"}}}: the only number in it. */
static bool count_value(reader *r, count_reader *c)
{
    jsonin *j = &r->in;
    jsonin_text key, t;
    bool first = true, whole;
    if (jsonin_peek(j) != '{') {
        bool ok = jsonin_peek(j) == '"' ? jsonin_string(j, &t) : jsonin_number(j, &t, &whole);
        if (ok && (c->met || !jsonin_int(t, &c->count) || c->count < 0))
            return fail(j, "a count is none");
        c->met = true;
        return ok;
    }
    j->p++;
    for (int members = 0; jsonin_member(j, &first, &key); members++) {
        if (members > 0 || !(jsonin_is(key, "aggregateFields") || jsonin_is(key, "aggregate_0") ||
                             jsonin_is(key, "integerValue")))
            return fail(j, "a count has an unknown form");
        if (!count_value(r, c))
            return false;
    }
    return !j->why;
}

static bool count_member(reader *r, jsonin_text key, void *ctx)
{
    return jsonin_is(key, "result") ? count_value(r, ctx) : jsonin_pass(&r->in, NULL);
}

bool rest_count_read(const char *body, size_t n, int64_t *ret, rest_refusal *ret_refusal, err *e)
{
    reader r;
    count_reader c = {0};
    begin(&r, body, n, ret_refusal, e);
    bool ok = end(&r, stream(&r, count_member, &c) && (c.met || fail(&r.in, "the count is not in it")));
    if (ok)
        *ret = c.count;
    return ok;
}

typedef struct commit_reader {
    int64_t *times;
    size_t n, room;
} commit_reader;

static bool write_result(reader *r, commit_reader *c)
{
    jsonin_text key;
    bool first = true;
    int64_t us = 0;
    if (!jsonin_need(&r->in, '{'))
        return false;
    while (jsonin_member(&r->in, &first, &key))
        if (!(jsonin_is(key, "updateTime") ? time_value(&r->in, &us) : jsonin_pass(&r->in, NULL)))
            return false;
    if (c->n == c->room)
        return fail(&r->in, "it has more results than there were writes");
    c->times[c->n++] = us;
    return !r->in.why;
}

static bool commit_member(reader *r, jsonin_text key, void *ctx)
{
    bool first = true;
    if (!jsonin_is(key, "writeResults"))
        return jsonin_pass(&r->in, NULL);
    if (!jsonin_need(&r->in, '['))
        return false;
    while (jsonin_element(&r->in, &first))
        if (!write_result(r, ctx))
            return false;
    return !r->in.why;
}

bool rest_commit_read(const char *body, size_t n, int64_t *ret, size_t writes, rest_refusal *ret_refusal,
                      err *e)
{
    reader r;
    commit_reader c = {.times = ret, .room = writes};
    begin(&r, body, n, ret_refusal, e);
    return end(&r, stream(&r, commit_member, &c) &&
                       (c.n == writes || fail(&r.in, "it has fewer results than there were writes")));
}

static bool no_member(reader *r, jsonin_text key, void *ctx)
{
    (void)key, (void)ctx;
    return jsonin_pass(&r->in, NULL);
}

bool rest_refusal_read(const char *body, size_t n, rest_refusal *ret)
{
    reader r;
    begin(&r, body, n, ret, NULL);
    end(&r, stream(&r, no_member, NULL));
    return ret->code != 0;
}

/* ---- names ---- */

static bool numeric(const char *p, size_t n, uint64_t *ret)
{
    size_t i = 4;
    uint64_t v = 0;
    bool negative = n > 4 && p[4] == '-';
    if (n < 7 || memcmp(p, "__id", 4) != 0 || memcmp(p + n - 2, "__", 2) != 0)
        return false;
    for (i += negative; i < n - 2; i++) {
        if (p[i] < '0' || p[i] > '9' || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, (uint64_t)(p[i] - '0'), &v))
            return false;
    }
    /* as one growing scale over negative and positive ids */
    *ret = negative ? (UINT64_C(1) << 63) - v : (UINT64_C(1) << 63) + v;
    return n - 6 > (size_t)negative && v <= (UINT64_C(1) << 63);
}

static int compare_segments(const char *a, size_t n, const char *b, size_t m)
{
    uint64_t x = 0, y = 0;
    bool nx = numeric(a, n, &x), ny = numeric(b, m, &y);
    if (nx != ny || x != y)
        return nx && ny ? (x > y) - (x < y) : nx ? -1 : 1;
    int order = memcmp(a, b, n < m ? n : m);
    return order ? order : (n > m) - (n < m);
}

int rest_compare_names(const char *a, const char *b)
{
    for (;;) {
        size_t n = strcspn(a, "/"), m = strcspn(b, "/");
        int order = compare_segments(a, n, b, m);
        if (order)
            return order;
        a += n;
        b += m;
        if (!*a || !*b)
            return (*a != '\0') - (*b != '\0');
        a++, b++;
    }
}
