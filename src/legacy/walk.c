#include "legacy/document.h"
#include "legacy/jsonin.h"
#include "legacy/typed.h"
#include <string.h>

typedef struct walker {
    jsonin in;
    buf key, value, path;
    bool (*visit)(void *ctx, const document_node *node);
    void *ctx;
    bool stopped; /* the visitor has seen enough */
} walker;

static bool typed(walker *w, unsigned depth);

static bool fail(walker *w, const char *why)
{
    if (!w->in.why)
        w->in.why = why;
    return false;
}

static bool visit(walker *w, const char *type, size_t count, unsigned depth)
{
    document_node node = {.key = w->key.data,
                          .type = type,
                          .value = w->value.data,
                          .count = count,
                          .depth = depth,
                          .path = w->path.data};
    w->stopped = !w->visit(w->ctx, &node);
    return !w->stopped;
}

/* How many members or elements stand ahead, without moving. */
static bool count_ahead(walker *w, size_t *ret)
{
    jsonin ahead = w->in;
    jsonin_text key;
    size_t n = 0;
    bool first = true, map = jsonin_peek(&ahead) == '{';
    buf_init(&ahead.text);
    ahead.p++;
    while (map ? jsonin_member(&ahead, &first, &key) : jsonin_element(&ahead, &first)) {
        if (!jsonin_skip(&ahead))
            break;
        n++;
    }
    const char *why = ahead.why;
    jsonin_done(&ahead);
    *ret = n;
    return !why || fail(w, why);
}

static bool members(walker *w, unsigned depth)
{
    size_t path = w->path.len;
    bool first = true;
    jsonin_text key;
    if (!jsonin_need(&w->in, '{'))
        return false;
    while (jsonin_member(&w->in, &first, &key)) {
        buf_clear(&w->key);
        buf_add(&w->key, key.s, key.n);
        typed_path_key(&w->path, key.s, key.n);
        if (!typed(w, depth))
            return false;
        typed_path_cut(&w->path, path);
    }
    return !w->in.why;
}

static bool elements(walker *w, unsigned depth)
{
    size_t path = w->path.len, i = 0;
    if (!jsonin_need(&w->in, '['))
        return false;
    for (bool first = true; jsonin_element(&w->in, &first); i++) {
        buf_clear(&w->key);
        typed_path_index(&w->key, i);
        typed_path_index(&w->path, i);
        if (!typed(w, depth))
            return false;
        typed_path_cut(&w->path, path);
    }
    return !w->in.why;
}

static bool nested(walker *w, const char *type, const char *inside, unsigned depth)
{
    bool first = true;
    jsonin_text key;
    size_t count = 0;
    if (depth >= DOCUMENT_MAX_DEPTH)
        return fail(w, "it is nested too deeply");
    if (!jsonin_need(&w->in, '{'))
        return false;
    bool there = jsonin_member(&w->in, &first, &key);
    if (w->in.why)
        return false;
    if (!there)
        return visit(w, type, 0, depth);
    char opens = *inside == 'f' ? '{' : '[';
    if (!jsonin_is(key, inside) || jsonin_peek(&w->in) != opens)
        return fail(w, "it is not a typed value");
    if (!count_ahead(w, &count) || !visit(w, type, count, depth))
        return false;
    return (opens == '{' ? members(w, depth + 1) : elements(w, depth + 1)) && jsonin_need(&w->in, '}');
}

static bool geo(walker *w)
{
    bool first = true, whole;
    jsonin_text key, t;
    if (!jsonin_need(&w->in, '{'))
        return false;
    for (size_t i = 0; jsonin_member(&w->in, &first, &key); i++) {
        if (!jsonin_number(&w->in, &t, &whole))
            return false;
        if (i > 0)
            buf_str(&w->value, ", ");
        buf_add(&w->value, t.s, t.n);
    }
    return !w->in.why;
}

/* Fills w->value with the plain text of what comes. */
static bool scalar(walker *w, bool point)
{
    jsonin_text t;
    bool whole;
    char c = jsonin_peek(&w->in);
    static const char *const words[] = {"null", "true", "false"};
    if (point)
        return geo(w);
    for (size_t i = 0; i < 3; i++)
        if (c == *words[i] && jsonin_word(&w->in, words[i])) {
            buf_str(&w->value, words[i]);
            return true;
        }
    if (c == '"' ? !jsonin_string(&w->in, &t) : !jsonin_number(&w->in, &t, &whole))
        return false;
    buf_add(&w->value, t.s, t.n);
    return true;
}

static bool typed(walker *w, unsigned depth)
{
    static const char *const types[] = {"null",  "boolean", "integer",   "double",   "timestamp", "string",
                                        "bytes", "array",   "reference", "geoPoint", "map"};
    bool first = true;
    jsonin_text key;
    const char *type = NULL;
    buf_clear(&w->value);
    if (!jsonin_need(&w->in, '{') || !jsonin_member(&w->in, &first, &key))
        return fail(w, "a value is empty");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t n = strlen(types[i]);
        if (key.n == n + 5 && memcmp(key.s, types[i], n) == 0 && memcmp(key.s + n, "Value", 5) == 0)
            type = types[i];
    }
    if (!type)
        return fail(w, "a value's type is unknown");
    bool map = strcmp(type, "map") == 0, array = strcmp(type, "array") == 0;
    if (map || array) {
        if (!nested(w, type, map ? "fields" : "values", depth))
            return false;
    } else if (!scalar(w, strcmp(type, "geoPoint") == 0) || !visit(w, type, 0, depth)) {
        return false;
    }
    return jsonin_need(&w->in, '}');
}

bool document_walk(const char *fields, size_t n, bool (*visitor)(void *ctx, const document_node *node),
                   void *ctx, err *e)
{
    walker w = {.visit = visitor, .ctx = ctx};
    jsonin_init(&w.in, fields, n);
    buf_init(&w.key);
    buf_init(&w.value);
    buf_init(&w.path);
    bool ok = (members(&w, 0) && jsonin_end(&w.in)) || w.stopped;
    if (!ok)
        err_set(e, ERR_INPUT, "the fields are not typed JSON: %s (byte %zu)", w.in.why, jsonin_at(&w.in));
    jsonin_done(&w.in);
    buf_done(&w.key);
    buf_done(&w.value);
    buf_done(&w.path);
    return ok;
}
