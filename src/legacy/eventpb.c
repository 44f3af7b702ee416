#include "legacy/eventpb.h"
#include "base/json.h"
#include "base/mem.h"
#include "legacy/document.h"
#include "legacy/typed.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 1500 };

typedef struct decoder {
    buf *out;
    buf path; /* of the field at hand, for what is said of it */
    unsigned depth;
    const char *code;
    err *e;
} decoder;

static bool refuse(decoder *d, const char *code, const char *why)
{
    if (d->code)
        return false; /* the first mistake is the one to tell */
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

static bool bad_wire(decoder *d, const char *why)
{
    return refuse(d, "bad_protobuf", why);
}

static bool ended(decoder *d, const pb_in *in)
{
    return !in->why || bad_wire(d, in->why);
}

static bool wire_is(decoder *d, const pb_field *f, pb_wire wire)
{
    return f->wire == wire || bad_wire(d, "a field has the wrong form");
}

static bool text_ok(pb_slice s)
{
    return typed_text_ok((const char *)s.p, s.n);
}

/* Timestamp: seconds and nanoseconds; below a microsecond is cut off, as Firestore does. */
static bool read_time(decoder *d, pb_slice bytes, int64_t *ret_us)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    int64_t seconds = 0, nanos = 0;
    while (pb_next(&in, &f)) {
        if (f.number != 1 && f.number != 2)
            continue;
        if (!wire_is(d, &f, PB_VARINT))
            return false;
        *(f.number == 1 ? &seconds : &nanos) = (int64_t)f.value;
    }
    if (!ended(d, &in))
        return false;
    if (seconds < -INT64_C(62135596800) || seconds >= INT64_C(253402300800) || nanos < 0 || nanos > 999999999)
        return bad_value(d, "is a time outside the years 0001 to 9999");
    *ret_us = seconds * 1000000 + nanos / 1000;
    return true;
}

static bool write_time(decoder *d, pb_slice bytes)
{
    int64_t us = 0;
    if (!read_time(d, bytes, &us))
        return false;
    typed_time(d->out, us);
    return true;
}

static bool write_geo(decoder *d, pb_slice bytes)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    double at[2] = {0, 0}; /* proto3 leaves out what is 0 */
    while (pb_next(&in, &f)) {
        if (f.number != 1 && f.number != 2)
            continue;
        if (!wire_is(d, &f, PB_FIXED64))
            return false;
        at[f.number - 1] = pb_double(f.value);
        if (!isfinite(at[f.number - 1]))
            return bad_value(d, "is a geo point without latitude and longitude");
    }
    if (!ended(d, &in))
        return false;
    typed_geo(d->out, at[0], at[1]);
    return true;
}

static bool write_text(decoder *d, pb_slice s)
{
    if (!text_ok(s))
        return bad_value(d, "is a string that is not valid UTF-8 or holds NUL");
    typed_string(d->out, (const char *)s.p, s.n);
    return true;
}

static bool write_reference(decoder *d, pb_slice s)
{
    if (s.n == 0 || !text_ok(s))
        return bad_value(d, "is a reference that names nothing");
    typed_reference(d->out, (const char *)s.p, s.n);
    return true;
}

static bool value(decoder *d, pb_slice bytes, bool in_array);

static bool deeper(decoder *d)
{
    return ++d->depth <= DOCUMENT_MAX_DEPTH || bad_value(d, "is nested more than 32 levels deep");
}

static bool write_array(decoder *d, pb_slice bytes)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    size_t mark, path = d->path.len, i = 0;
    if (!deeper(d))
        return false;
    typed_open_array(d->out, &mark);
    while (pb_next(&in, &f)) {
        if (f.number != 1)
            continue;
        if (i > 0)
            buf_char(d->out, ',');
        typed_path_index(&d->path, i++);
        if (!wire_is(d, &f, PB_BYTES) || !value(d, f.bytes, true))
            return false;
        typed_path_cut(&d->path, path);
    }
    typed_close_array(d->out, mark);
    d->depth--;
    return ended(d, &in);
}

/* ---- maps ---- */

typedef struct keys {
    pb_slice *all;
    size_t n, cap;
} keys;

static int by_bytes(const void *a, const void *b)
{
    const pb_slice *x = a, *y = b;
    int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* Protobuf lets the last of two equal keys win; which that was is then no longer to be seen. */
static bool keys_differ(decoder *d, keys *k)
{
    if (k->n > 1)
        qsort(k->all, k->n, sizeof *k->all, by_bytes);
    for (size_t i = 1; i < k->n; i++) {
        if (by_bytes(&k->all[i - 1], &k->all[i]) != 0)
            continue;
        typed_path_key(&d->path, (const char *)k->all[i].p, k->all[i].n);
        return bad_value(d, "stands twice in its map");
    }
    return true;
}

/* An entry of a map: 1 key, 2 value. */
static bool entry(decoder *d, pb_slice bytes, keys *k, bool first)
{
    pb_in in = pb_start(bytes);
    pb_field f, key = {0}, of = {0};
    while (pb_next(&in, &f)) {
        pb_field *to = f.number == 1 ? &key : f.number == 2 ? &of : NULL;
        if (!to)
            continue;
        if (!wire_is(d, &f, PB_BYTES))
            return false;
        if (to->number)
            return bad_wire(d, "an entry of a map has its key or its value twice");
        *to = f;
    }
    if (!ended(d, &in))
        return false;
    if (!text_ok(key.bytes))
        return bad_wire(d, "a field's name is not valid UTF-8 or holds NUL");
    typed_path_key(&d->path, (const char *)key.bytes.p, key.bytes.n);
    if (key.bytes.n == 0 || key.bytes.n > NAME_MAX_BYTES)
        return bad_value(d, key.bytes.n ? "has a name of more than 1,500 bytes" : "has an empty name");
    if (!of.number)
        return bad_value(d, "holds no value at all");
    MEM_ROOM(k->all, k->n, k->cap);
    k->all[k->n++] = key.bytes;
    if (!first)
        buf_char(d->out, ',');
    json_quote(d->out, (const char *)key.bytes.p, key.bytes.n);
    buf_char(d->out, ':');
    return value(d, of.bytes, false);
}

/* "a":VALUE,... of the map field `number` of a message; its other fields are left to the caller. */
static bool entries(decoder *d, pb_slice bytes, uint32_t number)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    keys k = {0};
    size_t path = d->path.len;
    bool ok = true;
    while (ok && pb_next(&in, &f)) {
        if (f.number != number)
            continue;
        ok = wire_is(d, &f, PB_BYTES) && entry(d, f.bytes, &k, k.n == 0);
        if (ok)
            typed_path_cut(&d->path, path);
    }
    ok = ok && ended(d, &in) && keys_differ(d, &k);
    free(k.all);
    return ok;
}

static bool write_map(decoder *d, pb_slice bytes)
{
    size_t mark;
    if (!deeper(d))
        return false;
    typed_open_map(d->out, &mark);
    if (!entries(d, bytes, 1))
        return false;
    typed_close_map(d->out, mark);
    d->depth--;
    return true;
}

/* ---- values ---- */

static bool write_scalar(decoder *d, const pb_field *f)
{
    switch (f->number) {
    case 1:
        typed_bool(d->out, f->value != 0);
        return true;
    case 2:
        typed_int(d->out, (int64_t)f->value);
        return true;
    case 3:
        typed_double(d->out, pb_double(f->value));
        return true;
    default:
        typed_null(d->out);
        return f->value == 0 || bad_value(d, "is a null that is not null");
    }
}

static bool write_message(decoder *d, const pb_field *f)
{
    switch (f->number) {
    case 5:
        return write_reference(d, f->bytes);
    case 6:
        return write_map(d, f->bytes);
    case 8:
        return write_geo(d, f->bytes);
    case 9:
        return write_array(d, f->bytes);
    case 10:
        return write_time(d, f->bytes);
    case 17:
        return write_text(d, f->bytes);
    default:
        typed_bytes(d->out, f->bytes.p, f->bytes.n);
        return true;
    }
}

/* The form of each member of Value's oneof; the tag that is there says the type, whatever it holds. */
static bool form_of(uint32_t number, pb_wire *ret)
{
    static const uint32_t varints[] = {1, 2, 11}, messages[] = {5, 6, 8, 9, 10, 17, 18};
    *ret = number == 3 ? PB_FIXED64 : PB_GROUP;
    for (size_t i = 0; i < sizeof varints / sizeof *varints; i++)
        if (varints[i] == number)
            *ret = PB_VARINT;
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (messages[i] == number)
            *ret = PB_BYTES;
    return *ret != PB_GROUP;
}

static bool value(decoder *d, pb_slice bytes, bool in_array)
{
    pb_in in = pb_start(bytes);
    pb_field f, only = {0};
    pb_wire wire;
    while (pb_next(&in, &f)) {
        if (!form_of(f.number, &wire)) /* unlike elsewhere: skipping it would make another value of it */
            return bad_value(d, "has a value type that Firestore does not know");
        if (!wire_is(d, &f, wire))
            return false;
        if (only.number)
            return bad_value(d, "has more than one value");
        only = f;
    }
    if (!ended(d, &in))
        return false;
    if (!only.number)
        return bad_value(d, "holds no value at all");
    if (in_array && only.number == 9)
        return bad_value(d, "is an array directly in an array");
    return only.wire == PB_BYTES ? write_message(d, &only) : write_scalar(d, &only);
}

/* ---- the event ---- */

/* Document: 1 name, 2 fields, 3 create_time, 4 update_time. */
static bool read_head(decoder *d, pb_slice bytes, eventpb_document *ret)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    bool ok = true;
    *ret = (eventpb_document){.there = bytes.n > 0};
    while (ok && pb_next(&in, &f)) {
        if (f.number == 0 || f.number > 4)
            continue;
        ok = wire_is(d, &f, PB_BYTES);
        if (ok && f.number == 1)
            ret->name = f.bytes;
        if (ok && f.number > 2)
            ok = read_time(d, f.bytes, f.number == 3 ? &ret->create_us : &ret->update_us);
    }
    return ok && ended(d, &in);
}

/* DocumentEventData: 1 value, 2 old_value, 3 update_mask. */
static bool read_data(decoder *d, pb_slice bytes, eventpb_document *value_head, eventpb_document *old_head)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    pb_slice part[2] = {{0}, {0}};
    bool seen[2] = {false, false};
    while (pb_next(&in, &f)) {
        if (f.number == 0 || f.number > 3)
            return bad_wire(d, "it has a field that an event of Firestore does not have");
        if (!wire_is(d, &f, PB_BYTES))
            return false;
        if (f.number == 3)
            continue;
        if (seen[f.number - 1])
            return bad_wire(d, "it has the same document twice");
        seen[f.number - 1] = true;
        part[f.number - 1] = f.bytes;
    }
    if (!ended(d, &in) || !read_head(d, part[0], value_head) || !read_head(d, part[1], old_head))
        return false;
    buf_char(d->out, '{');
    if (!entries(d, part[0], 2))
        return false;
    buf_char(d->out, '}');
    return true;
}

bool eventpb_data(pb_slice bytes, eventpb_document *ret_value, eventpb_document *ret_old, buf *fields,
                  const char **ret_code, err *e)
{
    decoder d = {.out = fields, .e = e};
    buf_init(&d.path);
    buf_clear(fields);
    bool ok = read_data(&d, bytes, ret_value, ret_old);
    if (!ok)
        *ret_code = d.code;
    buf_done(&d.path);
    return ok;
}

/* ---- CloudEvents' own protobuf: 1 id, 2 source, 3 spec_version, 4 type, 5 attributes, 6 binary, 7 text, 8 Any ---- */

bool eventpb_is_cloud(pb_slice bytes)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    while (pb_next(&in, &f))
        if (f.number == 4 && f.wire == PB_BYTES)
            return true;
    return false;
}

static bool is(pb_slice s, const char *word)
{
    return s.n == strlen(word) && memcmp(s.p, word, s.n) == 0;
}

/* The one field of that number in a message, of bytes. */
static bool inner(decoder *d, pb_slice bytes, uint32_t number, pb_slice *ret)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    while (pb_next(&in, &f))
        if (f.number == number && f.wire == PB_BYTES)
            *ret = f.bytes;
    return ended(d, &in);
}

/* attributes: key, and a value of which 3 is a string, 5 a URI, 6 a reference. */
static bool attribute(decoder *d, pb_slice bytes, eventpb_cloud *ret)
{
    pb_slice key = {0}, of = {0}, text = {0};
    if (!inner(d, bytes, 1, &key) || !inner(d, bytes, 2, &of))
        return false;
    for (uint32_t number = 3; number <= 6; number++)
        if (number != 4 && !inner(d, of, number, &text))
            return false;
    if (is(key, "subject"))
        ret->subject = text;
    if (is(key, "document"))
        ret->document = text;
    return true;
}

static bool cloud_field(decoder *d, const pb_field *f, eventpb_cloud *ret)
{
    if (f->wire != PB_BYTES)
        return bad_wire(d, "a field has the wrong form");
    switch (f->number) {
    case 1:
        ret->id = f->bytes;
        return true;
    case 4:
        ret->type = f->bytes;
        return true;
    case 5:
        return attribute(d, f->bytes, ret);
    case 6:
    case 7:
        ret->data = f->bytes;
        return true;
    case 8:
        return inner(d, f->bytes, 2, &ret->data);
    default:
        return true;
    }
}

bool eventpb_cloud_read(pb_slice bytes, eventpb_cloud *ret, const char **ret_code, err *e)
{
    decoder d = {.e = e};
    pb_in in = pb_start(bytes);
    pb_field f;
    bool ok = true;
    *ret = (eventpb_cloud){0};
    buf_init(&d.path);
    while (ok && pb_next(&in, &f))
        ok = cloud_field(&d, &f, ret);
    ok = ok && ended(&d, &in);
    if (!ok)
        *ret_code = d.code;
    buf_done(&d.path);
    return ok;
}
