/* What the stand-in knows of Firestore: its documents, each with its versions, and an answer to each method.
 * Requests are read by jansson, not by the program's own reader, so that a mistake there is not made twice. */
#include "base/mem.h"
#include "base/time.h"
#include "support/standin_private.h"
#include "support/support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- documents ---- */

/* __id123__: numeric ids come before all others, by number. */
static bool numeric(const char *p, size_t n, long long *ret)
{
    int end = 0;
    return n > 6 && strncmp(p, "__id", 4) == 0 && sscanf(p, "__id%lld__%n", ret, &end) == 1 &&
           (size_t)end == n;
}

static int compare_segments(const char *a, size_t n, const char *b, size_t m)
{
    long long x = 0, y = 0;
    bool nx = numeric(a, n, &x), ny = numeric(b, m, &y);
    if (nx || ny)
        return nx && ny ? (x > y) - (x < y) : nx ? -1 : 1;
    int order = memcmp(a, b, n < m ? n : m);
    return order ? order : (n > m) - (n < m);
}

static int compare_paths(const char *a, const char *b)
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

static int compare_versions(const void *a, const void *b)
{
    const standin_version *x = a, *y = b;
    int order = compare_paths(x->path, y->path);
    return order ? order : (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

static void sort(standin *s)
{
    if (!s->sorted && s->n_versions)
        qsort(s->versions, s->n_versions, sizeof *s->versions, compare_versions);
    s->sorted = true;
}

/* The first version whose path is not before `path`. */
static size_t find(standin *s, const char *path)
{
    size_t low = 0, high = s->n_versions;
    sort(s);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare_paths(s->versions[mid].path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static standin_version *version_at(standin *s, const char *path, int64_t us)
{
    for (size_t i = find(s, path); i < s->n_versions && strcmp(s->versions[i].path, path) == 0; i++)
        if (s->versions[i].from_us <= us && us < s->versions[i].to_us)
            return &s->versions[i];
    return NULL;
}

int64_t standin_tick(standin *s)
{
    return s->clock_us += 1000;
}

bool standin_drop(standin *s, const char *path)
{
    standin_version *v = version_at(s, path, INT64_MAX - 1);
    if (v)
        v->to_us = standin_tick(s);
    return v != NULL;
}

int64_t standin_set(standin *s, const char *path, const char *fields, const char *raw)
{
    standin_version *old = s->n_versions && compare_paths(s->versions[s->n_versions - 1].path, path) < 0
                               ? NULL /* in order: the usual way to fill it */
                               : version_at(s, path, INT64_MAX - 1);
    int64_t now = standin_tick(s), create = old ? old->create_us : now;
    if (old)
        old->to_us = now;
    s->sorted =
        s->sorted && (s->n_versions == 0 || compare_paths(s->versions[s->n_versions - 1].path, path) < 0);
    MEM_ROOM(s->versions, s->n_versions, s->cap_versions);
    s->versions[s->n_versions++] = (standin_version){.path = mem_str(path),
                                                     .fields = mem_str(fields),
                                                     .raw = mem_str(raw),
                                                     .create_us = create,
                                                     .from_us = now,
                                                     .to_us = INT64_MAX};
    return now;
}

int64_t standin_put(standin *s, const char *path, const char *fields)
{
    pthread_mutex_lock(&s->lock);
    int64_t us = standin_set(s, path, fields, NULL);
    pthread_mutex_unlock(&s->lock);
    return us;
}

void standin_put_raw(standin *s, const char *path, const char *document)
{
    pthread_mutex_lock(&s->lock);
    standin_set(s, path, NULL, document);
    pthread_mutex_unlock(&s->lock);
}

void standin_remove(standin *s, const char *path)
{
    pthread_mutex_lock(&s->lock);
    standin_drop(s, path);
    pthread_mutex_unlock(&s->lock);
}

size_t standin_count(standin *s)
{
    size_t n = 0;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n_versions; i++)
        n += s->versions[i].to_us == INT64_MAX;
    pthread_mutex_unlock(&s->lock);
    return n;
}

size_t standin_load(standin *s, const char *file)
{
    FILE *f = fopen(file, "r");
    char *line = NULL;
    size_t cap = 0, n = 0;
    ck_assert_msg(f != NULL, "%s cannot be read", file);
    for (; getline(&line, &cap, f) > 0; n++) {
        json_t *document = json_loads(line, JSON_ALLOW_NUL, NULL);
        const char *name = json_string_value(json_object_get(document, "name"));
        ck_assert_msg(name != NULL, "%s: line %zu is no document", file, n + 1);
        const char *path = strstr(name, "/documents/");
        char *fields = json_dumps(json_object_get(document, "fields"), JSON_COMPACT);
        standin_put(s, path ? path + 11 : name, fields ? fields : "{}");
        free(fields);
        json_decref(document);
    }
    free(line);
    fclose(f);
    return n;
}

/* ---- a request at hand ---- */

typedef struct call {
    standin *s;
    json_t *body;
    const char *parent; /* the path before the ':', "" for the root */
    int64_t read_us;
    buf *out;
    int status;
} call;

static int refuse(call *c, int code, const char *status, const char *message)
{
    buf_clear(c->out);
    buf_printf(c->out, "{\"error\":{\"code\":%d,\"message\":\"%s\",\"status\":\"%s\"}}", code, message,
               status);
    return c->status = code;
}

static int invalid(call *c, const char *message)
{
    return refuse(c, 400, "INVALID_ARGUMENT", message);
}

static void say_time(buf *out, const char *key, int64_t us)
{
    char text[32];
    time_format(us, text);
    buf_printf(out, "\"%s\":\"%s\"", key, text);
}

static void say_document(call *c, const standin_version *v, bool with_fields)
{
    if (v->raw) {
        buf_str(c->out, v->raw);
        return;
    }
    buf_printf(c->out, "{\"name\":\"%s/", c->s->prefix);
    for (const char *p = v->path; *p; p++)
        if (*p == '"' || *p == '\\')
            buf_printf(c->out, "\\%c", *p);
        else
            buf_char(c->out, *p);
    buf_str(c->out, "\",");
    if (with_fields && strcmp(v->fields, "{}") != 0)
        buf_printf(c->out, "\"fields\":%s,", v->fields);
    say_time(c->out, "createTime", v->create_us);
    buf_char(c->out, ',');
    say_time(c->out, "updateTime", v->from_us);
    buf_char(c->out, '}');
}

/* The time that is read at: what was asked for, else now. What is told is always what was asked for. */
static int64_t seen_us(const call *c)
{
    return c->s->faults.live ? c->s->clock_us : c->read_us;
}

static bool visible(const call *c, const standin_version *v)
{
    int64_t us = seen_us(c);
    return v->from_us <= us && us < v->to_us;
}

/* A name in full, as its path; NULL when it is another database's. */
static const char *path_of(const call *c, const char *name)
{
    size_t n = strlen(c->s->prefix);
    return name && strncmp(name, c->s->prefix, n) == 0 && name[n] == '/' ? name + n + 1 : NULL;
}

static json_int_t number(json_t *v)
{
    if (json_is_object(v))
        v = json_object_get(v, "value"); /* a wrapper, as some clients write it */
    return json_is_string(v) ? atoll(json_string_value(v)) : json_integer_value(v);
}

/* ---- queries ---- */

typedef struct query {
    const char *collection; /* NULL: any */
    bool deep;
    const char *start, *end; /* paths */
    bool start_included, end_included;
    size_t limit;
} query;

static bool collection_fits(const call *c, const query *q, const char *path)
{
    size_t n = strlen(c->parent);
    if (n && (strncmp(path, c->parent, n) != 0 || path[n] != '/'))
        return false;
    const char *rest = n ? path + n + 1 : path, *slash = strrchr(rest, '/'), *from = slash;
    while (from > rest && from[-1] != '/')
        from--;
    size_t k = (size_t)(slash - from);
    if (!q->deep && from != rest)
        return false;
    return !q->collection || (strlen(q->collection) == k && memcmp(q->collection, from, k) == 0);
}

static bool read_cursor(call *c, json_t *query_object, const char *key, const char **ret_path,
                        bool *ret_before)
{
    json_t *cursor = json_object_get(query_object, key);
    if (!cursor)
        return true;
    json_t *values = json_object_get(cursor, "values");
    const char *name = json_string_value(json_object_get(json_array_get(values, 0), "referenceValue"));
    *ret_path = path_of(c, name);
    *ret_before = json_is_true(json_object_get(cursor, "before"));
    return (json_array_size(values) == 1 && *ret_path) ||
           (invalid(c, "the cursor is no name of this database"), false);
}

static bool ordered_by_name(json_t *query_object)
{
    json_t *by = json_object_get(query_object, "orderBy"), *first = json_array_get(by, 0),
           *direction = json_object_get(first, "direction");
    const char *field = json_string_value(json_object_get(json_object_get(first, "field"), "fieldPath"));
    const char *word = json_string_value(direction);
    bool ascending =
        !direction || (word && strcmp(word, "ASCENDING") == 0) || json_integer_value(direction) == 1;
    return json_array_size(by) == 0 ||
           (json_array_size(by) == 1 && field && strcmp(field, "__name__") == 0 && ascending);
}

static bool read_query(call *c, json_t *q, query *ret)
{
    json_t *from = json_array_get(json_object_get(q, "from"), 0), *limit = json_object_get(q, "limit");
    bool start_before = true, end_before = false;
    *ret = (query){.collection = json_string_value(json_object_get(from, "collectionId")),
                   .deep = json_is_true(json_object_get(from, "allDescendants")),
                   .limit = limit ? (size_t)number(limit) : SIZE_MAX};
    if (!q || !from || json_array_size(json_object_get(q, "from")) != 1)
        return invalid(c, "a query needs one collection in from"), false;
    if (ret->collection && !*ret->collection)
        ret->collection = NULL;
    if (json_object_get(q, "where") || !ordered_by_name(q))
        return invalid(c, "the stand-in knows no other order than by __name__, and no where"), false;
    if (!read_cursor(c, q, "startAt", &ret->start, &start_before) ||
        !read_cursor(c, q, "endAt", &ret->end, &end_before))
        return false;
    ret->start_included = start_before;
    ret->end_included = !end_before;
    return true;
}

/* The next version that the query wants from *at on; NULL at its end. */
static const standin_version *query_next(call *c, const query *q, size_t *at)
{
    for (; *at < c->s->n_versions; (*at)++) {
        const standin_version *v = &c->s->versions[*at];
        int end = q->end ? compare_paths(v->path, q->end) : -1;
        if (end > 0 || (end == 0 && !q->end_included))
            return NULL;
        if (q->start && !q->start_included && strcmp(v->path, q->start) == 0)
            continue;
        if (visible(c, v) && collection_fits(c, q, v->path)) {
            (*at)++;
            return v;
        }
    }
    return NULL;
}

static void remember_cursor(standin *s, const char *start)
{
    free(s->cursor_before);
    s->cursor_before = s->cursor;
    s->cursor = mem_str(start ? start : "");
}

static int run_query(call *c)
{
    query q;
    json_t *select = json_object_get(json_object_get(c->body, "structuredQuery"), "select");
    if (!read_query(c, json_object_get(c->body, "structuredQuery"), &q))
        return c->status;
    char *again = NULL;
    if (c->s->cursor && q.start && standin_chance(c->s, c->s->faults.repeated)) {
        q.start = *c->s->cursor ? (again = mem_str(c->s->cursor)) : NULL;
        c->s->faulted++;
    } else {
        remember_cursor(c->s, q.start);
    }
    size_t at = find(c->s, q.start ? q.start : ""), n = 0;
    const standin_version *v;
    buf_char(c->out, '[');
    for (; n < q.limit && (v = query_next(c, &q, &at)); n++) {
        buf_str(c->out, n ? ",\r\n{\"document\":" : "{\"document\":");
        say_document(c, v, !select);
        buf_char(c->out, ',');
        say_time(c->out, "readTime", c->read_us);
        buf_char(c->out, '}');
    }
    if (n == 0) {
        buf_char(c->out, '{');
        say_time(c->out, "readTime", c->read_us);
        buf_char(c->out, '}');
    }
    buf_char(c->out, ']');
    free(again);
    return 200;
}

static size_t count_query(call *c, const query *q)
{
    size_t at = find(c->s, q->start ? q->start : ""), n = 0;
    while (query_next(c, q, &at))
        n++;
    return n;
}

static int run_count(call *c)
{
    json_t *aggregation = json_object_get(c->body, "structuredAggregationQuery"),
           *what = json_array_get(json_object_get(aggregation, "aggregations"), 0);
    const char *alias = json_string_value(json_object_get(what, "alias"));
    query q;
    if (!json_object_get(what, "count"))
        return invalid(c, "the stand-in counts, and knows no other aggregation");
    if (!read_query(c, json_object_get(aggregation, "structuredQuery"), &q))
        return c->status;
    buf_printf(c->out, "[{\"result\":{\"aggregateFields\":{\"%s\":{\"integerValue\":\"%lld\"}}},",
               alias && *alias ? alias : "aggregate_0",
               (long long)count_query(c, &q) + (long long)c->s->faults.count_off);
    say_time(c->out, "readTime", c->read_us);
    buf_str(c->out, "}]");
    return 200;
}

/* ---- pages with tokens ---- */

/* The page's first item by its token "tN"; false when it is none of ours. */
static bool page_from(call *c, const char *token, size_t *ret)
{
    *ret = 0;
    if (!token || !*token)
        return true;
    return sscanf(token, "t%zu", ret) == 1 || (invalid(c, "the page token is not one of mine"), false);
}

static void say_token(call *c, size_t next, size_t all)
{
    if (c->s->faults.token_loops)
        buf_str(c->out, ",\"nextPageToken\":\"t0\"");
    else if (next < all)
        buf_printf(c->out, ",\"nextPageToken\":\"t%zu\"", next);
}

static int partition_query(call *c)
{
    query q;
    size_t from, at = 0, i = 0, n = 0;
    size_t wanted = (size_t)number(json_object_get(c->body, "partitionCount")),
           page = (size_t)number(json_object_get(c->body, "pageSize"));
    if (!read_query(c, json_object_get(c->body, "structuredQuery"), &q) ||
        !page_from(c, json_string_value(json_object_get(c->body, "pageToken")), &from))
        return c->status;
    if (*c->parent || !q.collection || !q.deep || wanted == 0)
        return invalid(c, "only a collection group can be partitioned, from the root");
    size_t all = count_query(c, &q), cuts = wanted < all ? wanted : all ? all - 1 : 0;
    page = page ? page : cuts;
    size_t end = from + page < cuts ? from + page : cuts;
    const standin_version *v;
    sort(c->s);
    buf_str(c->out, "{\"partitions\":[");
    /* from the last cut to the first: nobody may take them for sorted */
    for (; (v = query_next(c, &q, &at)); i++)
        for (size_t k = from; k < end; k++)
            if (i == (cuts - k) * all / (cuts + 1)) {
                buf_printf(c->out, "%s{\"values\":[{\"referenceValue\":\"%s/%s\"}]}", n++ ? "," : "",
                           c->s->prefix, v->path);
            }
    buf_char(c->out, ']');
    say_token(c, end, cuts);
    buf_char(c->out, '}');
    return 200;
}

static int list_collection_ids(call *c)
{
    char ids[256][128];
    size_t n = 0, from, under = strlen(c->parent),
           page = (size_t)number(json_object_get(c->body, "pageSize"));
    if (!page_from(c, json_string_value(json_object_get(c->body, "pageToken")), &from))
        return c->status;
    sort(c->s);
    for (size_t i = 0; i < c->s->n_versions && n < 256; i++) {
        const char *path = c->s->versions[i].path;
        if (!visible(c, &c->s->versions[i]) ||
            (under && (strncmp(path, c->parent, under) != 0 || path[under] != '/')))
            continue;
        path += under ? under + 1 : 0;
        snprintf(ids[n], sizeof ids[n], "%.*s", (int)strcspn(path, "/"), path);
        n += n == 0 || strcmp(ids[n - 1], ids[n]) != 0;
    }
    page = page && page < 3 ? page : 3; /* shorter than asked, as it may be */
    buf_str(c->out, "{\"collectionIds\":[");
    for (size_t i = from; i < n && i < from + page; i++)
        buf_printf(c->out, "%s\"%s\"", i > from ? "," : "", ids[i]);
    buf_char(c->out, ']');
    say_token(c, from + page, n);
    buf_char(c->out, '}');
    return 200;
}

/* ---- documents by name ---- */

static int batch_get(call *c)
{
    json_t *names = json_object_get(c->body, "documents");
    size_t n = json_array_size(names);
    buf_char(c->out, '[');
    for (size_t i = n; i-- > 0;) { /* in another order than asked, as it may be */
        const char *name = json_string_value(json_array_get(names, i)), *path = path_of(c, name);
        if (!path)
            return invalid(c, "a name is not of this database");
        const standin_version *v = version_at(c->s, path, seen_us(c));
        buf_str(c->out, i + 1 < n ? ",{" : "{");
        if (v) {
            buf_str(c->out, "\"found\":");
            say_document(c, v, true);
        } else {
            buf_printf(c->out, "\"missing\":\"%s\"", name);
        }
        buf_char(c->out, ',');
        say_time(c->out, "readTime", c->read_us);
        buf_char(c->out, '}');
    }
    buf_char(c->out, ']');
    return 200;
}

static int get_document(call *c, const char *path)
{
    const standin_version *v = version_at(c->s, path, seen_us(c));
    if (!v)
        return refuse(c, 404, "NOT_FOUND", "there is no such document");
    say_document(c, v, true);
    return 200;
}

static bool parameter(const char *query_text, const char *name, char *ret, size_t size)
{
    size_t n = strlen(name);
    for (const char *p = query_text; p && *p; p = strchr(p, '&') ? strchr(p, '&') + 1 : NULL)
        if (strncmp(p, name, n) == 0 && p[n] == '=') {
            snprintf(ret, size, "%.*s", (int)strcspn(p + n + 1, "&"), p + n + 1);
            return true;
        }
    return false;
}

/* GET documents/PARENT/COLLECTION */
static int list_documents(call *c, const char *path, const char *query_text)
{
    char token[64] = "", size[16] = "";
    const char *slash = strrchr(path, '/');
    char *parent = slash ? mem_strn(path, (size_t)(slash - path)) : mem_str("");
    query q = {.collection = slash ? slash + 1 : path, .limit = SIZE_MAX};
    size_t from, at = 0, i = 0, n = 0;
    parameter(query_text, "pageToken", token, sizeof token);
    size_t page = parameter(query_text, "pageSize", size, sizeof size) ? strtoul(size, NULL, 10) : 300;
    if (!page_from(c, token, &from)) {
        free(parent);
        return c->status;
    }
    c->parent = parent;
    size_t all = count_query(c, &q);
    const standin_version *v;
    buf_str(c->out, "{\"documents\":[");
    for (; (v = query_next(c, &q, &at)) && n < page; i++)
        if (i >= from) {
            buf_str(c->out, n++ ? "," : "");
            say_document(c, v, true);
        }
    buf_char(c->out, ']');
    say_token(c, from + n, all);
    buf_char(c->out, '}');
    free(parent);
    return 200;
}

/* ---- commit ---- */

static bool precondition_holds(call *c, json_t *write, const char *path)
{
    json_t *current = json_object_get(write, "currentDocument"), *exists = json_object_get(current, "exists");
    const char *time = json_string_value(json_object_get(current, "updateTime"));
    const standin_version *v = version_at(c->s, path, INT64_MAX - 1);
    int64_t us = 0;
    if (exists && json_is_true(exists) != (v != NULL))
        return v     ? refuse(c, 409, "ALREADY_EXISTS", "the document is there"),
               false : (refuse(c, 404, "NOT_FOUND", "there is no document to update"), false);
    if (!time)
        return true;
    if (!time_parse(time, &us, NULL))
        return invalid(c, "updateTime is no time"), false;
    return (v && v->from_us == us) ||
           (refuse(c, 400, "FAILED_PRECONDITION", "the stored version does not match the required one"),
            false);
}

static const char *write_path(call *c, json_t *write)
{
    json_t *update = json_object_get(write, "update");
    const char *name = update ? json_string_value(json_object_get(update, "name"))
                              : json_string_value(json_object_get(write, "delete"));
    return path_of(c, name);
}

static void apply(call *c, json_t *write)
{
    json_t *update = json_object_get(write, "update"), *fields = json_object_get(update, "fields");
    char *text = fields ? json_dumps(fields, JSON_COMPACT) : mem_str("{}");
    if (update)
        standin_set(c->s, write_path(c, write), text, NULL);
    else
        standin_drop(c->s, write_path(c, write));
    free(text);
}

/* All or nothing, as the server does: first every precondition, then every write. */
static int commit(call *c)
{
    json_t *writes = json_object_get(c->body, "writes");
    size_t n = json_array_size(writes);
    for (size_t i = 0; i < n; i++) {
        json_t *write = json_array_get(writes, i);
        const char *path = write_path(c, write);
        if (!path || json_object_get(write, "updateMask") || json_object_get(write, "updateTransforms"))
            return invalid(c, "the stand-in writes whole documents of its own database");
        if (!precondition_holds(c, write, path))
            return c->status;
    }
    buf_str(c->out, "{\"writeResults\":[");
    for (size_t i = 0; i < n; i++) {
        apply(c, json_array_get(writes, i));
        buf_str(c->out, i ? ",{" : "{");
        say_time(c->out, "updateTime", c->s->clock_us);
        buf_char(c->out, '}');
    }
    buf_str(c->out, "],");
    say_time(c->out, "commitTime", c->s->clock_us);
    buf_char(c->out, '}');
    return 200;
}

/* Each write for itself, as bulk writers send them: some may be done and others not. */
static int batch_write(call *c)
{
    json_t *writes = json_object_get(c->body, "writes");
    size_t n = json_array_size(writes);
    buf status, results;
    buf_init(&status);
    buf_init(&results);
    for (size_t i = 0; i < n; i++) {
        json_t *write = json_array_get(writes, i);
        const char *path = write_path(c, write);
        bool ok = path && !json_object_get(write, "updateMask") && precondition_holds(c, write, path);
        if (ok)
            apply(c, write);
        buf_printf(&status, "%s{\"code\":%d}", i ? "," : "", ok ? 0 : 9);
        buf_str(&results, i ? ",{" : "{");
        if (ok)
            say_time(&results, "updateTime", c->s->clock_us);
        buf_char(&results, '}');
    }
    buf_clear(c->out);
    buf_printf(c->out, "{\"writeResults\":[%s],\"status\":[%s]}", results.data, status.data);
    buf_done(&status);
    buf_done(&results);
    return 200;
}

/* ---- which method ---- */

static const struct method {
    const char *verb;
    int (*answer)(call *c);
} methods[] = {
    {"runQuery", run_query},
    {"runAggregationQuery", run_count},
    {"batchGet", batch_get},
    {"listCollectionIds", list_collection_ids},
    {"commit", commit},
    {"batchWrite", batch_write},
    {"partitionQuery", partition_query},
};

static bool read_time(call *c, const char *query_text)
{
    char text[40] = "";
    const char *asked = json_string_value(json_object_get(c->body, "readTime"));
    if (!asked && parameter(query_text, "readTime", text, sizeof text))
        asked = text;
    c->read_us = c->s->clock_us;
    if (asked && !time_parse(asked, &c->read_us, NULL))
        return invalid(c, "readTime is no time"), false;
    return c->read_us <= c->s->clock_us || (invalid(c, "readTime is in the future"), false);
}

int standin_answer(standin *s, const char *method, const char *target, const char *query_text,
                   const char *body, size_t n, buf *out)
{
    call c = {.s = s, .out = out, .body = n ? json_loadb(body, n, JSON_ALLOW_NUL, NULL) : json_object()};
    size_t prefix = strlen(s->prefix);
    int status = 404;
    char *path = NULL;
    const char *at = strncmp(target, "/v1/", 4) == 0 ? target + 4 : "";
    if (!c.body)
        status = invalid(&c, "the body is not JSON");
    else if (strncmp(at, s->prefix, prefix) != 0)
        status = refuse(&c, 404, "NOT_FOUND", "there is no such database");
    else if (read_time(&c, query_text)) {
        path = mem_str(at + prefix + (at[prefix] == '/'));
        char *verb = strrchr(path, ':');
        if (verb)
            *verb++ = '\0';
        c.parent = path;
        size_t segments = 1;
        for (const char *p = path; *p; p++)
            segments += *p == '/';
        status = invalid(&c, "the stand-in does not know this method");
        for (size_t i = 0; verb && i < sizeof methods / sizeof *methods; i++)
            if (strcmp(method, "POST") == 0 && strcmp(methods[i].verb, verb) == 0) {
                buf_clear(out);
                status = methods[i].answer(&c);
            }
        if (!verb && strcmp(method, "GET") == 0) {
            buf_clear(out);
            status = segments % 2 ? list_documents(&c, path, query_text) : get_document(&c, path);
        }
    } else
        status = c.status;
    free(path);
    json_decref(c.body);
    return status;
}
