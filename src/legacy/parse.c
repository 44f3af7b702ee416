#include "legacy/parse.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "legacy/document.h"
#include "legacy/jsonin.h"
#include "legacy/typed.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 1500, FEW_KEYS = 16 };

/* A key where it was written into the output: canonical, so that equal keys are equal bytes. */
typedef struct key_at {
    size_t at, n;
} key_at;

typedef struct parser {
    jsonin in;
    buf *out;
    buf path, bytes;
    key_at *keys; /* of all open maps, the innermost last */
    size_t n_keys, cap_keys;
    unsigned depth;
    const char *code;
    err *e;
} parser;

static bool refuse(parser *p, const char *code, const char *why)
{
    if (p->code)
        return false; /* the first mistake is the one to tell */
    p->code = code;
    if (p->path.len > 0)
        err_set(p->e, ERR_INPUT, "field %.200s%s %s (byte %zu)", p->path.data,
                p->path.len > 200 ? "...:" : ":", why, jsonin_at(&p->in));
    else
        err_set(p->e, ERR_INPUT, "%s (byte %zu)", why, jsonin_at(&p->in));
    return false;
}

static bool bad_value(parser *p, const char *why)
{
    return refuse(p, "bad_value", why);
}

/* What the JSON reader found wrong; also behind loops that end either way. */
static bool bad_json(parser *p)
{
    return refuse(p, "bad_json", p->in.why ? p->in.why : "it is not JSON");
}

static bool value(parser *p, bool in_array);

static int compare_keys(const void *a, const void *b, void *out)
{
    const key_at *x = a, *y = b;
    int order = memcmp((const char *)out + x->at, (const char *)out + y->at, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* Few keys are compared as they come; many are sorted once when their map ends. */
static bool new_key(parser *p, size_t base, size_t at)
{
    key_at key = {at, p->out->len - at};
    if (p->n_keys - base < FEW_KEYS)
        for (size_t i = base; i < p->n_keys; i++)
            if (compare_keys(&p->keys[i], &key, p->out->data) == 0)
                return bad_value(p, "stands twice in its map");
    MEM_ROOM(p->keys, p->n_keys, p->cap_keys);
    p->keys[p->n_keys++] = key;
    return true;
}

static bool keys_differ(parser *p, size_t base)
{
    size_t n = p->n_keys - base;
    if (n <= FEW_KEYS)
        return true;
    qsort_r(p->keys + base, n, sizeof *p->keys, compare_keys, p->out->data);
    for (size_t i = base + 1; i < p->n_keys; i++) {
        if (compare_keys(&p->keys[i - 1], &p->keys[i], p->out->data) != 0)
            continue;
        typed_path_key(&p->path, p->out->data + p->keys[i].at + 1, p->keys[i].n - 2);
        return bad_value(p, "stands twice in its map");
    }
    return true;
}

/* "a":VALUE,... after the '{' was taken, up to and with the '}'. */
static bool members(parser *p)
{
    size_t base = p->n_keys, path = p->path.len;
    bool first = true, comma = false;
    jsonin_text key;
    while (jsonin_member(&p->in, &first, &key)) {
        if (comma)
            buf_char(p->out, ',');
        comma = true;
        size_t at = p->out->len;
        json_quote(p->out, key.s, key.n);
        typed_path_key(&p->path, key.s, key.n);
        if (key.n == 0 || key.n > NAME_MAX_BYTES)
            return bad_value(p, key.n ? "has a name of more than 1,500 bytes" : "has an empty name");
        if (!new_key(p, base, at))
            return false;
        buf_char(p->out, ':');
        if (!value(p, false))
            return false;
        typed_path_cut(&p->path, path);
    }
    if (p->in.why)
        return bad_json(p);
    if (!keys_differ(p, base))
        return false;
    p->n_keys = base;
    return true;
}

static bool deeper(parser *p)
{
    return ++p->depth <= DOCUMENT_MAX_DEPTH || bad_value(p, "is nested more than 32 levels deep");
}

/* {} or {"NAME": then what the caller reads then }. True: the member is there, the caller goes on with `need
 * }`. */
static bool only_member(parser *p, const char *name, bool *ret_there)
{
    bool first = true;
    jsonin_text key;
    if (!jsonin_need(&p->in, '{'))
        return bad_json(p);
    *ret_there = jsonin_member(&p->in, &first, &key);
    if (p->in.why)
        return bad_json(p);
    return !*ret_there || jsonin_is(key, name) || bad_value(p, "has an unknown member in its map or array");
}

static bool close_member(parser *p)
{
    if (jsonin_peek(&p->in) == ',')
        return bad_value(p, "has more than one member in its map or array");
    return jsonin_need(&p->in, '}') || bad_json(p);
}

static bool map_value(parser *p)
{
    size_t mark;
    bool there;
    if (!deeper(p) || !only_member(p, "fields", &there))
        return false;
    typed_open_map(p->out, &mark);
    if (there) {
        if (!jsonin_need(&p->in, '{'))
            return bad_json(p);
        if (!members(p) || !close_member(p))
            return false;
    }
    typed_close_map(p->out, mark);
    p->depth--;
    return true;
}

static bool elements(parser *p)
{
    size_t path = p->path.len, i = 0;
    if (!jsonin_need(&p->in, '['))
        return bad_json(p);
    for (bool first = true; jsonin_element(&p->in, &first); i++) {
        if (i > 0)
            buf_char(p->out, ',');
        typed_path_index(&p->path, i);
        if (!value(p, true))
            return false;
        typed_path_cut(&p->path, path);
    }
    return !p->in.why || bad_json(p);
}

static bool array_value(parser *p)
{
    size_t mark;
    bool there;
    if (!deeper(p) || !only_member(p, "values", &there))
        return false;
    typed_open_array(p->out, &mark);
    if (there && (!elements(p) || !close_member(p)))
        return false;
    typed_close_array(p->out, mark);
    p->depth--;
    return true;
}

static bool null_value(parser *p)
{
    jsonin_text t;
    bool whole;
    int64_t zero = 1;
    char c = jsonin_peek(&p->in);
    bool ok = c == '"'   ? jsonin_string(&p->in, &t) && jsonin_is(t, "NULL_VALUE")
              : c == 'n' ? jsonin_word(&p->in, "null")
                         : jsonin_number(&p->in, &t, &whole) && jsonin_int(t, &zero) && zero == 0;
    if (!ok)
        return p->in.why ? bad_json(p) : bad_value(p, "is a nullValue that is not null");
    typed_null(p->out);
    return true;
}

static bool boolean_value(parser *p)
{
    bool yes = jsonin_word(&p->in, "true");
    if (!yes && !jsonin_word(&p->in, "false"))
        return bad_value(p, "is a booleanValue that is neither true nor false");
    typed_bool(p->out, yes);
    return true;
}

/* A bare 5.0 or 1e3 is whole too; beyond 2^53 it would have been rounded on its way. */
static bool whole_double(jsonin_text t, int64_t *ret)
{
    double d;
    if (!jsonin_double(t, &d) || d != trunc(d) || fabs(d) > 9007199254740992.0)
        return false;
    *ret = (int64_t)d;
    return true;
}

static bool integer_value(parser *p)
{
    jsonin_text t;
    bool whole = true;
    int64_t v = 0;
    bool bare = jsonin_peek(&p->in) != '"';
    if (bare ? !jsonin_number(&p->in, &t, &whole) : !jsonin_string(&p->in, &t))
        return bad_json(p);
    if (whole ? !jsonin_int(t, &v) : !whole_double(t, &v))
        return bad_value(p, "is an integerValue that is no whole number of 64 bits");
    typed_int(p->out, v);
    return true;
}

static bool number(parser *p, double *ret)
{
    jsonin_text t;
    bool whole;
    if (!jsonin_number(&p->in, &t, &whole))
        return bad_json(p);
    return jsonin_double(t, ret) || bad_value(p, "is a number beyond the range of a double");
}

static bool double_value(parser *p)
{
    jsonin_text t;
    double v = 0;
    if (jsonin_peek(&p->in) == '"') {
        if (!jsonin_string(&p->in, &t))
            return bad_json(p);
        if (!jsonin_is(t, "NaN") && !jsonin_is(t, "Infinity") && !jsonin_is(t, "-Infinity"))
            return bad_value(p, "is a doubleValue that is neither a number nor NaN, Infinity or -Infinity");
        v = jsonin_is(t, "NaN") ? (double)NAN : jsonin_is(t, "Infinity") ? HUGE_VAL : -HUGE_VAL;
    } else if (!number(p, &v)) {
        return false;
    }
    typed_double(p->out, v);
    return true;
}

static bool read_time(parser *p, int64_t *ret_us)
{
    jsonin_text t;
    char text[40] = "";
    if (!jsonin_string(&p->in, &t))
        return bad_json(p);
    if (t.n < sizeof text)
        memcpy(text, t.s, t.n);
    /* base takes a space for the T, for people; a document does not. */
    if (t.n >= sizeof text || t.n < 11 || text[10] == ' ' || !time_parse(text, ret_us, NULL))
        return bad_value(p, "is not an existing time like 2026-11-22T18:10:00Z of the years 0001 to 9999");
    return true;
}

static bool timestamp_value(parser *p)
{
    int64_t us;
    if (!read_time(p, &us))
        return false;
    typed_time(p->out, us);
    return true;
}

static bool string_value(parser *p)
{
    jsonin_text t;
    if (!jsonin_string(&p->in, &t))
        return bad_json(p);
    typed_string(p->out, t.s, t.n);
    return true;
}

static bool bytes_value(parser *p)
{
    jsonin_text t;
    if (!jsonin_string(&p->in, &t))
        return bad_json(p);
    buf_clear(&p->bytes);
    if (!typed_base64(&p->bytes, t.s, t.n))
        return bad_value(p, "is a bytesValue that is not base64");
    typed_bytes(p->out, p->bytes.data, p->bytes.len);
    return true;
}

static bool reference_value(parser *p)
{
    jsonin_text t;
    if (!jsonin_string(&p->in, &t))
        return bad_json(p);
    if (t.n == 0)
        return bad_value(p, "is a referenceValue that names nothing");
    typed_reference(p->out, t.s, t.n);
    return true;
}

static bool geo_value(parser *p)
{
    double at[2] = {0, 0}; /* protobuf's JSON leaves out what is 0 */
    bool seen[2] = {false, false}, first = true;
    jsonin_text key;
    if (!jsonin_need(&p->in, '{'))
        return bad_json(p);
    while (jsonin_member(&p->in, &first, &key)) {
        bool latitude = jsonin_is(key, "latitude");
        int i = latitude ? 0 : 1;
        if (!latitude && !jsonin_is(key, "longitude"))
            return bad_value(p, "is a geoPointValue with a member that is neither latitude nor longitude");
        if (seen[i])
            return bad_value(p, "is a geoPointValue with a member twice");
        seen[i] = true;
        if (!number(p, &at[i]))
            return false;
    }
    if (p->in.why)
        return bad_json(p);
    typed_geo(p->out, at[0], at[1]);
    return true;
}

typedef struct value_type {
    const char *key;
    bool (*read)(parser *p);
} value_type;

static const value_type types[] = {
    {"stringValue", string_value}, {"integerValue", integer_value},     {"mapValue", map_value},
    {"nullValue", null_value},     {"timestampValue", timestamp_value}, {"booleanValue", boolean_value},
    {"doubleValue", double_value}, {"arrayValue", array_value},         {"referenceValue", reference_value},
    {"geoPointValue", geo_value},  {"bytesValue", bytes_value},
};

static const value_type *type_of(jsonin_text key)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (jsonin_is(key, types[i].key))
            return &types[i];
    return NULL;
}

static bool value(parser *p, bool in_array)
{
    bool first = true;
    jsonin_text key;
    if (!jsonin_need(&p->in, '{'))
        return jsonin_peek(&p->in) ? bad_value(p, "is not a typed value like {\"stringValue\": ...}")
                                   : bad_json(p);
    if (!jsonin_member(&p->in, &first, &key))
        return p->in.why ? bad_json(p) : bad_value(p, "holds no value at all");
    const value_type *type = type_of(key);
    if (!type)
        return bad_value(p, "has a value type that Firestore does not know");
    if (in_array && type->read == array_value)
        return bad_value(p, "is an array directly in an array");
    if (!type->read(p))
        return false;
    if (jsonin_peek(&p->in) == ',')
        return bad_value(p, "has more than one value");
    return jsonin_need(&p->in, '}') || bad_json(p);
}

static void parser_init(parser *p, const char *json, size_t n, buf *out, err *e)
{
    *p = (parser){.out = out, .e = e};
    jsonin_init(&p->in, json, n);
    buf_init(&p->path);
    buf_init(&p->bytes);
    buf_clear(out);
}

static void parser_done(parser *p)
{
    jsonin_done(&p->in);
    buf_done(&p->path);
    buf_done(&p->bytes);
    free(p->keys);
}

static bool fields_object(parser *p)
{
    buf_clear(p->out);
    buf_char(p->out, '{');
    if (!jsonin_need(&p->in, '{'))
        return bad_json(p);
    if (!members(p))
        return false;
    buf_char(p->out, '}');
    return true;
}

bool parse_fields(const char *json, size_t n, buf *fields, const char **ret_code, err *e)
{
    parser p;
    parser_init(&p, json, n, fields, e);
    bool ok = fields_object(&p) && (jsonin_end(&p.in) || bad_json(&p));
    if (!ok)
        *ret_code = p.code;
    parser_done(&p);
    return ok;
}

/* Which members of the document's object were met. */
typedef struct met {
    bool name, fields, create, update, seq, op;
} met;

static bool once(parser *p, bool *seen)
{
    if (*seen)
        return refuse(p, "bad_document", "a member of the document stands twice");
    return *seen = true;
}

static bool read_seq(parser *p, parse_head *h)
{
    jsonin_text t;
    bool whole;
    if (!jsonin_number(&p->in, &t, &whole))
        return bad_json(p);
    return (jsonin_int(t, &h->seq) && h->seq > 0) ||
           refuse(p, "bad_document", "seq is not a whole number above 0");
}

static bool read_op(parser *p, parse_head *h)
{
    jsonin_text t;
    if (!jsonin_string(&p->in, &t))
        return bad_json(p);
    h->deleted = jsonin_is(t, "delete");
    return h->deleted || jsonin_is(t, "set") ||
           refuse(p, "bad_document", "op is neither \"set\" nor \"delete\"");
}

static bool read_name(parser *p, parse_head *h)
{
    jsonin_text t;
    if (!jsonin_string(&p->in, &t))
        return bad_json(p);
    h->name = mem_strn(t.s, t.n);
    return true;
}

/* The times are not fields, so their mistakes are told by their own names. */
static bool document_time(parser *p, const char *which, int64_t *ret_us)
{
    typed_path_key(&p->path, which, strlen(which));
    bool ok = read_time(p, ret_us);
    typed_path_cut(&p->path, 0);
    return ok;
}

static bool document_member(parser *p, jsonin_text key, parse_kind kind, parse_head *h, met *m)
{
    if (jsonin_is(key, "name"))
        return once(p, &m->name) && read_name(p, h);
    if (jsonin_is(key, "fields"))
        return once(p, &m->fields) && fields_object(p);
    if (jsonin_is(key, "createTime"))
        return once(p, &m->create) && document_time(p, "createTime", &h->create_us);
    if (jsonin_is(key, "updateTime"))
        return once(p, &m->update) && document_time(p, "updateTime", &h->update_us);
    if (kind == PARSE_CHANGE && jsonin_is(key, "seq"))
        return once(p, &m->seq) && read_seq(p, h);
    if (kind == PARSE_CHANGE && jsonin_is(key, "op"))
        return once(p, &m->op) && read_op(p, h);
    return refuse(p, "bad_document",
                  "the document has a member that is none of name, fields, createTime, updateTime");
}

static bool whole_document(parser *p, parse_kind kind, parse_head *h)
{
    met m = {0};
    bool first = true;
    jsonin_text key;
    buf_str(p->out, "{}");
    if (!jsonin_need(&p->in, '{'))
        return bad_json(p);
    while (jsonin_member(&p->in, &first, &key))
        if (!document_member(p, key, kind, h, &m))
            return false;
    if (p->in.why || !jsonin_end(&p->in))
        return bad_json(p);
    if (!m.name)
        return refuse(p, "bad_document", "the document has no name");
    if (kind == PARSE_CHANGE && !(m.seq && m.op && m.update))
        return refuse(p, "bad_document", "the change lacks seq, op or updateTime");
    if (h->deleted) {
        buf_clear(p->out);
        buf_str(p->out, "{}");
    }
    return true;
}

bool parse_document(const char *json, size_t n, parse_kind kind, parse_head *ret, buf *fields,
                    const char **ret_code, err *e)
{
    parser p;
    parse_head h = {0};
    parser_init(&p, json, n, fields, e);
    bool ok = whole_document(&p, kind, &h);
    if (ok)
        *ret = h;
    else
        *ret_code = p.code, free(h.name);
    parser_done(&p);
    return ok;
}
