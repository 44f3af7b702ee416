/* Single questions to a Firestore database, and its writes. */
#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "legacy/document.h"
#include "legacy/fire.h"
#include "legacy/jsonin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 100, LIST_PAGE = 300, PAGES_MOST = 10000 };

bool fire_post(fire *x, const char *method, wire_read read, void *ctx, bool writes, bool *ret_too_long,
               stop *s, err *e)
{
    char *target = mem_printf("%s:%s", x->root, method);
    wire_ask ask = {.target = target,
                    .body = &x->ask,
                    .read = read,
                    .ctx = ctx,
                    .writes = writes,
                    .ret_too_long = ret_too_long};
    bool ok = wire_post(x->wire, &ask, s, e);
    free(target);
    return ok;
}

void fire_quote(buf *to, const char *key, const char *text)
{
    json_quote(to, key, strlen(key));
    buf_char(to, ':');
    json_quote(to, text, strlen(text));
}

void fire_query(buf *to, const char *collection)
{
    buf_str(to, "{\"from\":[{");
    if (collection) {
        fire_quote(to, "collectionId", collection);
        buf_char(to, ',');
    }
    buf_str(to, "\"allDescendants\":true}],\"orderBy\":[{\"field\":{\"fieldPath\":\"__name__\"},"
                "\"direction\":\"ASCENDING\"}]");
}

static void quote_time(buf *to, const char *key, int64_t us)
{
    char text[32];
    time_format(us, text);
    fire_quote(to, key, text);
}

void fire_read_time(const fire *x, buf *to)
{
    if (x->read_us == 0)
        return;
    buf_char(to, ',');
    quote_time(to, "readTime", x->read_us);
}

/* ---- lists by token ---- */

typedef struct lister {
    fire_list_read read;
    rest_texts *into;
} lister;

static bool read_list(void *ctx, const char *body, size_t n, rest_refusal *refusal, err *e)
{
    lister *l = ctx;
    return l->read(body, n, l->into, refusal, e);
}

static bool seen(const rest_texts *tokens, const char *token)
{
    for (size_t i = 0; i < tokens->n; i++)
        if (strcmp(tokens->texts[i], token) == 0)
            return true;
    return false;
}

bool fire_list(fire *x, const char *method, const char *request, fire_list_read read, rest_texts *ret,
               stop *s, err *e)
{
    rest_texts tokens = {0};
    lister l = {read, ret};
    bool ok = true;
    do {
        buf_clear(&x->ask);
        buf_str(&x->ask, request);
        if (ret->token) {
            buf_char(&x->ask, ',');
            fire_quote(&x->ask, "pageToken", ret->token);
        }
        buf_char(&x->ask, '}');
        ok = fire_post(x, method, read_list, &l, false, NULL, s, e) ||
             err_wrap(e, "%.100s, %s, page %zu", x->label, method, tokens.n + 1);
        if (!ok || !ret->token)
            break;
        if (seen(&tokens, ret->token) || tokens.n == PAGES_MOST) {
            ok = err_set(e, ERR_INPUT,
                         "%.100s, %s, page %zu: its page token came before, so it would go in a circle",
                         x->label, method, tokens.n + 1);
            break;
        }
        MEM_ROOM(tokens.texts, tokens.n, tokens.cap);
        tokens.texts[tokens.n++] = mem_str(ret->token);
    } while (ok);
    rest_texts_done(&tokens);
    return ok;
}

bool fire_collections(fire *x, rest_texts *ret, stop *s, err *e)
{
    buf request;
    buf_init(&request);
    buf_printf(&request, "{\"pageSize\":%d", LIST_PAGE);
    fire_read_time(x, &request);
    bool ok = fire_list(x, "listCollectionIds", request.data, rest_collections_read, ret, s, e);
    buf_done(&request);
    return ok;
}

static bool read_count(void *ctx, const char *body, size_t n, rest_refusal *refusal, err *e)
{
    return rest_count_read(body, n, ctx, refusal, e);
}

bool fire_count(fire *x, const char *collection, int64_t *ret, stop *s, err *e)
{
    buf_clear(&x->ask);
    buf_str(&x->ask, "{\"structuredAggregationQuery\":{\"structuredQuery\":");
    fire_query(&x->ask, collection);
    buf_str(&x->ask, "},\"aggregations\":[{\"alias\":\"aggregate_0\",\"count\":{}}]}");
    fire_read_time(x, &x->ask);
    buf_char(&x->ask, '}');
    return fire_post(x, "runAggregationQuery", read_count, ret, false, NULL, s, e);
}

/* ---- ranges ---- */

static int by_name(const void *a, const void *b)
{
    return rest_compare_names(*(char *const *)a, *(char *const *)b);
}

/* The pages are in no order between themselves, and may share a cut. */
static void sort_cuts(rest_texts *cuts)
{
    size_t n = 0;
    if (cuts->n == 0)
        return;
    qsort(cuts->texts, cuts->n, sizeof *cuts->texts, by_name);
    for (size_t i = 0; i < cuts->n; i++)
        if (n > 0 && strcmp(cuts->texts[n - 1], cuts->texts[i]) == 0)
            free(cuts->texts[i]);
        else
            cuts->texts[n++] = cuts->texts[i];
    cuts->n = n;
}

bool firestore_partition(legacy *l, const char *collection, size_t most, firestore_ranges *ret, stop *s,
                         err *e)
{
    fire *x = (fire *)l;
    rest_texts cuts = {0};
    buf request;
    if (most <= 1) {
        *ret = (firestore_ranges){0};
        return true;
    }
    buf_init(&request);
    buf_str(&request, "{\"structuredQuery\":");
    fire_query(&request, collection);
    buf_printf(&request, "},\"partitionCount\":\"%zu\",\"pageSize\":%d", most - 1, LIST_PAGE);
    fire_read_time(x, &request);
    bool ok = fire_list(x, "partitionQuery", request.data, rest_partitions_read, &cuts, s, e);
    buf_done(&request);
    if (!ok) {
        rest_texts_done(&cuts);
        return false;
    }
    sort_cuts(&cuts);
    *ret = (firestore_ranges){cuts.texts, cuts.n};
    free(cuts.token);
    return true;
}

void firestore_ranges_done(firestore_ranges *r)
{
    for (size_t i = 0; i < r->n; i++)
        free(r->names[i]);
    free(r->names);
    *r = (firestore_ranges){0};
}

/* ---- documents by name ---- */

typedef struct batch {
    fire *x;
    const char *const *names;
    size_t n;
    bool *told;
    buf body;
    rest_page page;
} batch;

static char *piece_name(const char *body, const rest_piece *p)
{
    jsonin j;
    jsonin_text t;
    if (!p->missing)
        return rest_name(body + p->at, p->n);
    jsonin_init(&j, body + p->at, p->n);
    char *name = jsonin_string(&j, &t) ? mem_strn(t.s, t.n) : NULL;
    jsonin_done(&j);
    return name;
}

/* Each that was asked for must come once, and nothing else. */
static bool all_came(batch *b, const char *body, err *e)
{
    memset(b->told, 0, b->n * sizeof *b->told);
    for (size_t i = 0; i < b->page.n; i++) {
        char *name = piece_name(body, &b->page.pieces[i]);
        size_t k = 0;
        while (name && k < b->n && (b->told[k] || strcmp(name, b->names[k]) != 0))
            k++;
        free(name);
        if (!name || k == b->n)
            return err_set(e, ERR_INPUT, "a document came that was not asked for, or came twice");
        b->told[k] = true;
    }
    return b->page.n == b->n ||
           err_set(e, ERR_INPUT, "%zu documents were asked for, but %zu came", b->n, b->page.n);
}

static bool read_batch(void *ctx, const char *body, size_t n, rest_refusal *refusal, err *e)
{
    batch *b = ctx;
    if (!rest_page_read(REST_BATCH, body, n, &b->page, refusal, e) || !all_came(b, body, e))
        return false;
    buf_clear(&b->body);
    buf_add(&b->body, body, n);
    return true;
}

static bool visit_piece(batch *b, const rest_piece *p, bool (*visit)(void *ctx, const legacy_document *d),
                        void *ctx, bool *ret_more, err *e)
{
    fire *x = b->x;
    parse_head head = {0};
    document_name name;
    const char *code;
    const char *text = b->body.data + p->at;
    buf_clear(&x->pieces);
    if (p->missing) {
        head.name = piece_name(b->body.data, p);
        buf_clear(&x->fields);
        buf_str(&x->fields, "{}");
    } else if (!parse_document(text, p->n, PARSE_DOCUMENT, &head, &x->fields, &code, e)) {
        char *which = rest_name(text, p->n);
        err_wrap(e, "%.300s", which);
        free(which);
        return false;
    }
    bool ok = document_split(head.name, &x->pieces, &name, e);
    if (ok) {
        legacy_document d = {.prefix = name.prefix,
                             .path = name.path,
                             .collection = name.collection,
                             .parent = name.parent,
                             .id = name.id,
                             .fields = x->fields.data,
                             .fields_len = x->fields.len,
                             .create_us = head.create_us,
                             .update_us = p->missing ? b->page.read_us : head.update_us,
                             .deleted = p->missing,
                             .file = x->label,
                             .place = "by name"};
        *ret_more = visit(ctx, &d);
    }
    free(head.name);
    return ok;
}

static bool get_batch(batch *b, bool (*visit)(void *ctx, const legacy_document *d), void *ctx, bool *ret_more,
                      stop *s, err *e)
{
    fire *x = b->x;
    buf_clear(&x->ask);
    buf_str(&x->ask, "{\"documents\":[");
    for (size_t i = 0; i < b->n; i++) {
        buf_str(&x->ask, i ? "," : "");
        json_quote(&x->ask, b->names[i], strlen(b->names[i]));
    }
    buf_str(&x->ask, "]}");
    bool ok = fire_post(x, "batchGet", read_batch, b, false, NULL, s, e);
    for (size_t i = 0; ok && *ret_more && i < b->page.n; i++)
        ok = visit_piece(b, &b->page.pieces[i], visit, ctx, ret_more, e);
    return ok;
}

bool firestore_get(legacy *l, const char *const *names, size_t n,
                   bool (*visit)(void *ctx, const legacy_document *d), void *ctx, stop *s, err *e)
{
    bool ok = true, more = true, told[BATCH];
    batch b = {.x = (fire *)l, .told = told};
    buf_init(&b.body);
    for (size_t i = 0; ok && more && i < n; i += BATCH) {
        b.names = names + i;
        b.n = n - i < BATCH ? n - i : BATCH;
        ok = get_batch(&b, visit, ctx, &more, s, e);
    }
    rest_page_done(&b.page);
    buf_done(&b.body);
    return ok;
}

bool fire_get(legacy *l, const char *const *paths, size_t n,
              bool (*visit)(void *ctx, const legacy_document *d), void *ctx, stop *s, err *e)
{
    const fire *x = (fire *)l;
    char **names = MEM_ARRAY(char *, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = mem_printf("%s/%s", x->prefix, paths[i]);
    bool ok = firestore_get(l, (const char *const *)names, n, visit, ctx, s, e);
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
    return ok;
}

/* ---- writes ---- */

static void add_write(fire *x, const firestore_write *w)
{
    char *name = mem_printf("%s/%s", x->prefix, w->path);
    buf *to = &x->ask;
    buf_char(to, '{');
    if (w->fields) {
        buf_str(to, "\"update\":{");
        fire_quote(to, "name", name);
        buf_printf(to, ",\"fields\":%s}", w->fields);
    } else {
        fire_quote(to, "delete", name);
    }
    if (w->when == FIRESTORE_IF_AT) {
        buf_str(to, ",\"currentDocument\":{");
        quote_time(to, "updateTime", w->at_us);
        buf_char(to, '}');
    } else if (w->when != FIRESTORE_ALWAYS) {
        buf_printf(to, ",\"currentDocument\":{\"exists\":%s}",
                   w->when == FIRESTORE_IF_THERE ? "true" : "false");
    }
    buf_char(to, '}');
    free(name);
}

typedef struct results {
    int64_t *us;
    size_t n;
} results;

static bool read_results(void *ctx, const char *body, size_t n, rest_refusal *refusal, err *e)
{
    results *r = ctx;
    return rest_commit_read(body, n, r->us, r->n, refusal, e);
}

bool firestore_commit(legacy *l, const firestore_write *writes, size_t n, int64_t *ret_us, stop *s, err *e)
{
    fire *x = (fire *)l;
    buf checked;
    bool ok = true;
    buf_init(&checked);
    buf_clear(&x->ask);
    buf_str(&x->ask, "{\"writes\":[");
    for (size_t i = 0; ok && i < n; i++) {
        ok = !writes[i].fields ||
             document_parse_fields(writes[i].fields, strlen(writes[i].fields), &checked, e);
        buf_str(&x->ask, i ? "," : "");
        if (ok)
            add_write(x, &writes[i]);
    }
    buf_str(&x->ask, "]}");
    buf_done(&checked);
    results r = {MEM_ARRAY(int64_t, n + 1), n};
    ok = ok && fire_post(x, "commit", read_results, &r, true, NULL, s, e);
    if (ok && ret_us)
        memcpy(ret_us, r.us, n * sizeof *ret_us);
    free(r.us);
    return ok;
}
