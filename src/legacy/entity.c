/* Sources: GoogleCloudPlatform/appengine-python-standard, datastore/entity_bytes_pb2.py (fields) and
 * datastore_pbs.py (meanings). A property's name comes again with every element of an array, so properties
 * are gathered first, joined by name, and written in the order in which their names were met. */
#include "legacy/entity.h"
#include "base/json.h"
#include "base/mem.h"
#include "legacy/document.h"
#include "legacy/pb.h"
#include "legacy/typed.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { /* EntityProto */
       ENTITY_KEY = 13,
       ENTITY_PROPERTY = 14,
       ENTITY_RAW_PROPERTY = 15
};

enum { /* Property.Meaning */
       MEANING_NONE = 0,
       MEANING_WHEN = 7,
       MEANING_POINT = 9,
       MEANING_PERCENT = 13,
       MEANING_BLOB = 14,
       MEANING_TEXT = 15,
       MEANING_BYTES = 16,
       MEANING_BLOBKEY = 17,
       MEANING_INDEX_ONLY = 18,
       MEANING_ENTITY = 19,
       MEANING_ZLIB = 22,
       MEANING_BARE_POINT = 23,
       MEANING_EMPTY_LIST = 24
};

typedef struct decoder {
    buf *out;
    buf path;  /* of the field being read, for sentences */
    buf *name; /* of the document */
    buf segments, reference;
    unsigned depth;
    const char *code;
    err *e;
} decoder;

typedef struct property {
    pb_slice name, value;
    uint64_t meaning;
    bool multiple, zipped, has_value, head;
    size_t next; /* the next element of the same name; 0 = none (an element is never the first) */
} property;

typedef enum {
    KIND_NULL,
    KIND_INT,
    KIND_BOOL,
    KIND_STRING,
    KIND_DOUBLE,
    KIND_POINT,
    KIND_USER,
    KIND_REFERENCE
} kind;

typedef struct property_value {
    kind kind;
    uint64_t number; /* int, bool, the double's bits */
    pb_slice bytes;  /* string, point, reference */
} property_value;

static bool refuse(decoder *d, const char *code, const char *why)
{
    if (d->code)
        return false;
    d->code = code;
    if (d->path.len > 0)
        err_set(d->e, ERR_INPUT, "field %.200s%s %s", d->path.data, d->path.len > 200 ? "...:" : ":", why);
    else
        err_set(d->e, ERR_INPUT, "%s", why);
    return false;
}

static bool bad_value(decoder *d, const char *why)
{
    return refuse(d, "bad_value", why);
}

/* Behind a loop over pb_next: whether it ended well. */
static bool ended(decoder *d, const pb_in *in)
{
    return !in->why || refuse(d, "bad_record", in->why);
}

static bool wire_is(decoder *d, const pb_field *f, pb_wire wire)
{
    return f->wire == wire || refuse(d, "bad_record", "a field stands in a form that is not its own");
}

static bool text_ok(pb_slice s)
{
    return typed_text_ok((const char *)s.p, s.n);
}

/* ---- keys and references ---- */

typedef struct key_fields { /* the same message stands under other numbers in a reference value */
    uint32_t element, type, id, name;
} key_fields;

static const key_fields path_fields = {.element = 1, .type = 2, .id = 3, .name = 4};
static const key_fields reference_fields = {.element = 14, .type = 15, .id = 16, .name = 17};

typedef struct key {
    pb_slice app, space, database;
} key;

static bool add_segment(decoder *d, pb_slice s)
{
    if (s.n == 0 || !text_ok(s) || memchr(s.p, '/', s.n))
        return refuse(d, "bad_key", "a part of the key is empty, not UTF-8, or holds a slash");
    if (d->segments.len > 0)
        buf_char(&d->segments, '/');
    buf_add(&d->segments, s.p, s.n);
    return true;
}

static bool read_element(decoder *d, pb_slice bytes, const key_fields *k)
{
    pb_in in = pb_start(bytes);
    pb_field f, type = {0}, id = {0}, name = {0};
    while (pb_next(&in, &f)) {
        pb_field *to = f.number == k->type   ? &type
                       : f.number == k->id   ? &id
                       : f.number == k->name ? &name
                                             : NULL;
        if (!to)
            continue;
        if (!wire_is(d, &f, to == &id ? PB_VARINT : PB_BYTES))
            return false;
        if (to->number)
            return refuse(d, "bad_key", "a part of the key has the same thing twice");
        *to = f;
    }
    if (!ended(d, &in))
        return false;
    if (!type.number || !!id.number == !!name.number)
        return refuse(d, "bad_key", "a part of the key has no collection, or not exactly one of id and name");
    if (!add_segment(d, type.bytes))
        return false;
    if (name.number)
        return add_segment(d, name.bytes);
    buf_printf(&d->segments, "/__id%lld__", (long long)id.value); /* Firestore's spelling of a numeric id */
    return true;
}

static bool read_path(decoder *d, pb_slice bytes)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    while (pb_next(&in, &f))
        if (f.number == path_fields.element &&
            (!wire_is(d, &f, PB_GROUP) || !read_element(d, f.bytes, &path_fields)))
            return false;
    return ended(d, &in);
}

/* Reference (in_value = false) or ReferenceValue; the path goes to d->segments. */
static bool read_key(decoder *d, pb_slice bytes, bool in_value, key *ret)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    buf_clear(&d->segments);
    while (pb_next(&in, &f)) {
        bool ok = true;
        pb_slice *to = f.number == 13   ? &ret->app
                       : f.number == 20 ? &ret->space
                       : f.number == 23 ? &ret->database
                                        : NULL;
        if (to) {
            ok = wire_is(d, &f, PB_BYTES);
            *to = f.bytes;
        } else if (f.number == 14 && in_value) {
            ok = wire_is(d, &f, PB_GROUP) && read_element(d, f.bytes, &reference_fields);
        } else if (f.number == 14) {
            ok = wire_is(d, &f, PB_BYTES) && read_path(d, f.bytes);
        }
        if (!ok)
            return false;
    }
    return ended(d, &in);
}

/* The resource name of a key read before. app is "dev~PROJECT", "s~PROJECT" or "e~PROJECT". */
static bool write_name(decoder *d, const key *k, buf *to)
{
    pb_slice project = k->app;
    for (size_t i = 0; i < k->app.n; i++)
        if (k->app.p[i] == '~')
            project = (pb_slice){k->app.p + i + 1, k->app.n - i - 1};
    bool text = text_ok(project) && text_ok(k->database);
    if (project.n == 0 || !text || memchr(project.p, '/', project.n) ||
        (k->database.n && memchr(k->database.p, '/', k->database.n)))
        return refuse(d, "bad_key", "the key has no project, or one that cannot be named");
    if (k->space.n > 0)
        return refuse(d, "bad_key", "it lies in a namespace, which a document's path cannot say");
    if (d->segments.len == 0)
        return refuse(d, "bad_key", "the key is empty");
    buf_clear(to);
    buf_str(to, "projects/");
    buf_add(to, project.p, project.n);
    buf_str(to, "/databases/");
    if (k->database.n)
        buf_add(to, k->database.p, k->database.n);
    else
        buf_str(to, "(default)");
    buf_str(to, "/documents/");
    buf_add(to, d->segments.data, d->segments.len);
    return true;
}

/* ---- values ---- */

static kind kind_of(uint32_t field, pb_wire *ret_wire)
{
    static const struct {
        kind kind;
        pb_wire wire;
    } fields[] = {
        [1] = {KIND_INT, PB_VARINT},       [2] = {KIND_BOOL, PB_VARINT}, [3] = {KIND_STRING, PB_BYTES},
        [4] = {KIND_DOUBLE, PB_FIXED64},   [5] = {KIND_POINT, PB_GROUP}, [8] = {KIND_USER, PB_GROUP},
        [12] = {KIND_REFERENCE, PB_GROUP},
    };
    if (field >= sizeof fields / sizeof *fields)
        return KIND_NULL;
    *ret_wire = fields[field].wire;
    return fields[field].kind;
}

static bool read_value(decoder *d, pb_slice bytes, property_value *ret)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    while (pb_next(&in, &f)) {
        pb_wire wire = PB_VARINT;
        kind k = kind_of(f.number, &wire);
        if (k == KIND_NULL) /* unlike elsewhere: skipping it would make a null of it */
            return bad_value(d, "is a value of a kind that is not known");
        if (ret->kind != KIND_NULL)
            return bad_value(d, "holds more than one value");
        if (!wire_is(d, &f, wire))
            return false;
        *ret = (property_value){.kind = k, .number = f.value, .bytes = f.bytes};
    }
    return ended(d, &in);
}

static bool write_point(decoder *d, pb_slice bytes)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    double at[2] = {0, 0};
    bool seen[2] = {false, false};
    while (pb_next(&in, &f)) {
        if (f.number != 6 && f.number != 7)
            continue;
        if (!wire_is(d, &f, PB_FIXED64))
            return false;
        at[f.number - 6] = pb_double(f.value);
        seen[f.number - 6] = true;
    }
    if (!ended(d, &in))
        return false;
    if (!seen[0] || !seen[1] || !isfinite(at[0]) || !isfinite(at[1]))
        return bad_value(d, "is a geo point without latitude and longitude");
    typed_geo(d->out, at[0], at[1]);
    return true;
}

static bool write_reference(decoder *d, pb_slice bytes)
{
    key k = {0};
    if (!read_key(d, bytes, true, &k) || !write_name(d, &k, &d->reference))
        return false;
    typed_reference(d->out, d->reference.data, d->reference.len);
    return true;
}

static bool write_int(decoder *d, int64_t v, uint64_t meaning)
{
    if (meaning == MEANING_NONE || meaning == MEANING_PERCENT) {
        typed_int(d->out, v);
        return true;
    }
    if (meaning != MEANING_WHEN)
        return bad_value(d, "is an integer with a meaning that is not known");
    if (!typed_time_ok(v))
        return bad_value(d, "is a time outside the years 0001 to 9999");
    typed_time(d->out, v);
    return true;
}

static bool write_map(decoder *d, pb_slice bytes);

static bool write_string(decoder *d, pb_slice s, uint64_t meaning)
{
    switch (meaning) {
    case MEANING_BLOB:
    case MEANING_BYTES:
        typed_bytes(d->out, s.p, s.n);
        return true;
    case MEANING_ENTITY:
        return write_map(d, s);
    case MEANING_WHEN:
    case MEANING_POINT:
    case MEANING_PERCENT:
    case MEANING_INDEX_ONLY:
        return bad_value(d, "is a string with a meaning that no string has");
    case MEANING_ZLIB:
        return bad_value(d, "is compressed (ZLIB), which is not read");
    default: /* none, TEXT, BLOBKEY and the lower ones: URL, e-mail, phone number ...: all are text */
        if (meaning > MEANING_BLOBKEY)
            return bad_value(d, "is a string with a meaning that is not known");
    }
    if (!text_ok(s))
        return bad_value(d, "is a string that is not valid UTF-8 or holds NUL");
    typed_string(d->out, (const char *)s.p, s.n);
    return true;
}

static bool write_null(decoder *d, uint64_t meaning)
{
    if (meaning > MEANING_BLOBKEY)
        return bad_value(d, "has a meaning but no value");
    typed_null(d->out);
    return true;
}

static bool write_value(decoder *d, const property *p)
{
    property_value v = {.kind = KIND_NULL};
    if (!p->has_value)
        return bad_value(d, "has no value");
    if (p->zipped)
        return bad_value(d, "is compressed (ZLIB), which is not read");
    if (!read_value(d, p->value, &v))
        return false;
    bool plain = p->meaning == MEANING_NONE;
    switch (v.kind) {
    case KIND_NULL:
        return write_null(d, p->meaning);
    case KIND_INT:
        return write_int(d, (int64_t)v.number, p->meaning);
    case KIND_BOOL:
        typed_bool(d->out, v.number != 0);
        return plain || bad_value(d, "is a boolean with a meaning");
    case KIND_DOUBLE:
        typed_double(d->out, pb_double(v.number));
        return plain || bad_value(d, "is a double with a meaning");
    case KIND_STRING:
        return write_string(d, v.bytes, p->meaning);
    case KIND_POINT:
        return (plain || p->meaning == MEANING_POINT || p->meaning == MEANING_BARE_POINT ||
                bad_value(d, "is a geo point with a meaning that is not known")) &&
               write_point(d, v.bytes);
    case KIND_REFERENCE:
        return (plain || bad_value(d, "is a reference with a meaning")) && write_reference(d, v.bytes);
    case KIND_USER:
        break;
    }
    return bad_value(d, "is an App Engine user, which Firestore has no type for");
}

/* ---- entities ---- */

typedef struct properties {
    property *p;
    size_t n, cap;
} properties;

static bool read_property(decoder *d, pb_slice bytes, property *p)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    bool named = false;
    while (pb_next(&in, &f)) {
        bool ok = true;
        switch (f.number) {
        case 1:
            ok = wire_is(d, &f, PB_VARINT);
            p->meaning = f.value;
            break;
        case 2:
            ok = wire_is(d, &f, PB_BYTES);
            p->zipped = f.bytes.n == 4 && memcmp(f.bytes.p, "ZLIB", 4) == 0;
            break;
        case 3:
            ok = wire_is(d, &f, PB_BYTES);
            p->name = f.bytes;
            named = true;
            break;
        case 4:
            ok = wire_is(d, &f, PB_VARINT);
            p->multiple = f.value != 0;
            break;
        case 5:
            ok = wire_is(d, &f, PB_BYTES);
            if (ok && p->has_value)
                return refuse(d, "bad_record", "a property has two values");
            p->value = f.bytes;
            p->has_value = true;
            break;
        default:
            break;
        }
        if (!ok)
            return false;
    }
    if (!ended(d, &in))
        return false;
    return (named && p->name.n > 0 && text_ok(p->name)) ||
           refuse(d, "bad_record", "a field's name is missing, empty, not UTF-8, or holds NUL");
}

static int by_name(const void *a, const void *b, void *all)
{
    const property *p = (const property *)all + *(const size_t *)a,
                   *q = (const property *)all + *(const size_t *)b;
    int order = memcmp(p->name.p, q->name.p, p->name.n < q->name.n ? p->name.n : q->name.n);
    if (order == 0)
        order = (p->name.n > q->name.n) - (p->name.n < q->name.n);
    return order ? order : (p > q) - (p < q);
}

/* Chains the elements of each array in the order of the wire, and marks the first of each name. */
static bool join(decoder *d, properties *all)
{
    size_t *order = MEM_ARRAY(size_t, all->n + 1);
    bool ok = true;
    for (size_t i = 0; i < all->n; i++)
        order[i] = i;
    qsort_r(order, all->n, sizeof *order, by_name, all->p);
    for (size_t i = 0; i < all->n && ok; i++) {
        property *p = &all->p[order[i]], *before = i > 0 ? &all->p[order[i - 1]] : NULL;
        p->head = !before || before->name.n != p->name.n || memcmp(before->name.p, p->name.p, p->name.n) != 0;
        if (p->head)
            continue;
        if (!before->multiple || !p->multiple) {
            typed_path_key(&d->path, (const char *)p->name.p, p->name.n);
            ok = bad_value(d, "stands twice in its map");
        }
        before->next = order[i];
    }
    free(order);
    return ok;
}

static bool write_array(decoder *d, const properties *all, const property *p)
{
    size_t mark, path = d->path.len;
    typed_open_array(d->out, &mark);
    for (size_t i = 0;; i++, p = &all->p[p->next]) {
        if (i > 0)
            buf_char(d->out, ',');
        typed_path_index(&d->path, i);
        if (p->meaning == MEANING_EMPTY_LIST)
            return bad_value(d, "is an array directly in an array");
        if (!write_value(d, p))
            return false;
        typed_path_cut(&d->path, path);
        if (!p->next)
            break;
    }
    typed_close_array(d->out, mark);
    return true;
}

static bool write_empty_array(decoder *d, const property *p)
{
    size_t mark;
    if (p->value.n > 0)
        return bad_value(d, "is an empty array with a value");
    typed_open_array(d->out, &mark);
    typed_close_array(d->out, mark);
    return true;
}

/* "a":VALUE,... */
static bool write_members(decoder *d, properties *all)
{
    size_t path = d->path.len;
    bool comma = false, ok = true;
    if (!join(d, all))
        return false;
    for (size_t i = 0; i < all->n && ok; i++) {
        const property *p = &all->p[i];
        if (!p->head)
            continue;
        if (comma)
            buf_char(d->out, ',');
        comma = true;
        typed_path_key(&d->path, (const char *)p->name.p, p->name.n);
        json_quote(d->out, (const char *)p->name.p, p->name.n);
        buf_char(d->out, ':');
        if (p->multiple)
            ok = write_array(d, all, p);
        else
            ok = p->meaning == MEANING_EMPTY_LIST ? write_empty_array(d, p) : write_value(d, p);
        if (ok)
            typed_path_cut(&d->path, path);
    }
    return ok;
}

/* Reads an entity's properties; its key goes to *ret_key and d->segments. */
static bool read_entity(decoder *d, pb_slice bytes, properties *all, key *ret_key, bool *ret_has_key)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    while (pb_next(&in, &f)) {
        if (f.number == ENTITY_KEY) {
            if (*ret_has_key)
                return refuse(d, "bad_key", "it has two keys");
            *ret_has_key = true;
            if (!wire_is(d, &f, PB_BYTES) || !read_key(d, f.bytes, false, ret_key))
                return false;
        } else if (f.number == ENTITY_PROPERTY || f.number == ENTITY_RAW_PROPERTY) {
            MEM_ROOM(all->p, all->n, all->cap);
            all->p[all->n] = (property){0};
            if (!wire_is(d, &f, PB_BYTES) || !read_property(d, f.bytes, &all->p[all->n]))
                return false;
            all->n++;
        }
    }
    return ended(d, &in);
}

static bool write_map(decoder *d, pb_slice bytes)
{
    properties all = {0};
    key k = {0};
    bool has_key = false;
    size_t mark;
    if (d->depth >= DOCUMENT_MAX_DEPTH)
        return bad_value(d, "is nested more than 32 levels deep");
    d->depth++;
    buf_clear(&d->segments);
    bool ok = read_entity(d, bytes, &all, &k, &has_key);
    if (ok && d->segments.len > 0)
        ok = bad_value(d, "is an embedded entity with a key of its own, which a map cannot keep");
    typed_open_map(d->out, &mark);
    ok = ok && write_members(d, &all);
    typed_close_map(d->out, mark);
    d->depth--;
    free(all.p);
    return ok;
}

static bool whole(decoder *d, pb_slice bytes)
{
    properties all = {0};
    key k = {0};
    bool has_key = false;
    bool ok = read_entity(d, bytes, &all, &k, &has_key);
    if (ok && !has_key)
        ok = refuse(d, "bad_key", "it has no key");
    ok = ok && write_name(d, &k, d->name);
    buf_char(d->out, '{');
    ok = ok && write_members(d, &all);
    buf_char(d->out, '}');
    free(all.p);
    return ok;
}

bool entity_decode(const void *record, size_t n, buf *name, buf *fields, const char **ret_code, err *e)
{
    decoder d = {.out = fields, .name = name, .e = e};
    buf_init(&d.path);
    buf_init(&d.segments);
    buf_init(&d.reference);
    buf_clear(name);
    buf_clear(fields);
    bool ok = whole(&d, (pb_slice){record, n});
    if (!ok)
        *ret_code = d.code;
    buf_done(&d.path);
    buf_done(&d.segments);
    buf_done(&d.reference);
    return ok;
}
