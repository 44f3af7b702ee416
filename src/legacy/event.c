#include "legacy/event.h"
#include "base/time.h"
#include "legacy/eventpb.h"
#include "legacy/jsonin.h"
#include "legacy/parse.h"
#include "legacy/typed.h"
#include <stdlib.h>
#include <string.h>

enum { ID_MAX_BYTES = 1024 };

typedef struct head {
    bool there;
    buf name;
    int64_t create_us, update_us;
} head;

/* What an event says, whatever its form. */
typedef struct facts {
    event *ev;
    head value, old;
    buf type, resource, subject, document, data; /* data: decoded data_base64 */
    bool has_data;
    const char **code;
    err *e;
} facts;

static bool refuse(facts *f, const char *code, const char *why)
{
    *f->code = code;
    return err_set(f->e, ERR_INPUT, "%s", why);
}

void event_init(event *ev)
{
    *ev = (event){0};
    buf_init(&ev->fields);
    buf_init(&ev->id);
    buf_init(&ev->pieces);
}

void event_done(event *ev)
{
    buf_done(&ev->fields);
    buf_done(&ev->id);
    buf_done(&ev->pieces);
}

/* ---- JSON ---- */

static bool bad_json(facts *f, const jsonin *j)
{
    *f->code = "bad_json";
    return err_set(f->e, ERR_INPUT, "%s (byte %zu)", j->why ? j->why : "it is not JSON", jsonin_at(j));
}

static bool twice(facts *f, jsonin_text key)
{
    *f->code = "bad_event";
    return err_set(f->e, ERR_INPUT, "its member %.*s stands twice", (int)key.n, key.s);
}

/* A string, or null for none. */
static bool text_member(facts *f, jsonin *j, jsonin_text key, buf *to)
{
    jsonin_text t;
    if (jsonin_peek(j) == 'n')
        return jsonin_word(j, "null") || bad_json(f, j);
    if (to->len > 0)
        return twice(f, key);
    if (!jsonin_string(j, &t))
        return bad_json(f, j);
    buf_add(to, t.s, t.n);
    return true;
}

/* A document's text as it stands, so that it is read by what reads documents. */
static bool span(facts *f, jsonin *j, jsonin_text *ret)
{
    jsonin_peek(j);
    const char *from = j->p;
    if (!jsonin_skip(j))
        return bad_json(f, j);
    *ret = (jsonin_text){from, (size_t)(j->p - from)};
    return true;
}

/* {} and null are no document. */
static bool is_document(jsonin_text t)
{
    jsonin j;
    jsonin_init(&j, t.s, t.n);
    bool none = jsonin_word(&j, "null") || (jsonin_take(&j, '{') && jsonin_take(&j, '}'));
    jsonin_done(&j);
    return !none;
}

static bool value_member(facts *f, jsonin *j, jsonin_text key)
{
    jsonin_text t = {0};
    parse_head h = {0};
    if (f->value.there)
        return twice(f, key);
    if (!span(f, j, &t))
        return false;
    if (!is_document(t))
        return true;
    if (!parse_document(t.s, t.n, PARSE_DOCUMENT, &h, &f->ev->fields, f->code, f->e))
        return err_wrap(f->e, "in its value, which begins at byte %zu", (size_t)(t.s - j->start));
    f->value.there = true;
    buf_str(&f->value.name, h.name);
    f->value.create_us = h.create_us;
    f->value.update_us = h.update_us;
    free(h.name);
    return true;
}

static bool time_member(facts *f, jsonin *j, int64_t *ret_us)
{
    jsonin_text t;
    char text[40] = "";
    if (!jsonin_string(j, &t))
        return bad_json(f, j);
    if (t.n < sizeof text)
        memcpy(text, t.s, t.n);
    if (t.n >= sizeof text || t.n < 11 || text[10] == ' ' || !time_parse(text, ret_us, NULL))
        return refuse(f, "bad_event", "the old document's updateTime is no time of the years 0001 to 9999");
    return true;
}

/* Of what is gone, only which and when. */
static bool old_member(facts *f, jsonin *j, jsonin_text key)
{
    bool first = true;
    jsonin_text member;
    if (f->old.there)
        return twice(f, key);
    if (jsonin_peek(j) == 'n')
        return jsonin_word(j, "null") || bad_json(f, j);
    if (!jsonin_need(j, '{'))
        return bad_json(f, j);
    while (jsonin_member(j, &first, &member)) {
        f->old.there = true;
        bool ok = jsonin_is(member, "name")         ? text_member(f, j, member, &f->old.name)
                  : jsonin_is(member, "updateTime") ? time_member(f, j, &f->old.update_us)
                                                    : jsonin_skip(j) || bad_json(f, j);
        if (!ok)
            return false;
    }
    return !j->why || bad_json(f, j);
}

static bool is_old(jsonin_text key)
{
    return jsonin_is(key, "oldValue") || jsonin_is(key, "old_value");
}

static bool data_member(facts *f, jsonin *j, jsonin_text key)
{
    bool first = true;
    jsonin_text member;
    if (f->has_data)
        return twice(f, key);
    f->has_data = true;
    if (jsonin_peek(j) == 'n')
        return jsonin_word(j, "null") || bad_json(f, j);
    if (!jsonin_need(j, '{'))
        return bad_json(f, j);
    while (jsonin_member(j, &first, &member)) {
        bool ok = jsonin_is(member, "value") ? value_member(f, j, member)
                  : is_old(member)           ? old_member(f, j, member)
                                             : jsonin_skip(j) || bad_json(f, j);
        if (!ok)
            return false;
    }
    return !j->why || bad_json(f, j);
}

static bool base64_member(facts *f, jsonin *j, jsonin_text key)
{
    jsonin_text t;
    if (f->has_data)
        return twice(f, key);
    f->has_data = true;
    if (!jsonin_string(j, &t))
        return bad_json(f, j);
    return typed_base64(&f->data, t.s, t.n) || refuse(f, "bad_event", "its data_base64 is not base64");
}

/* A string, or {"service", "name"}. */
static bool resource_member(facts *f, jsonin *j, jsonin_text key)
{
    bool first = true;
    jsonin_text member;
    if (!jsonin_take(j, '{'))
        return text_member(f, j, key, &f->resource);
    while (jsonin_member(j, &first, &member)) {
        bool ok = jsonin_is(member, "name") ? text_member(f, j, member, &f->resource)
                                            : jsonin_skip(j) || bad_json(f, j);
        if (!ok)
            return false;
    }
    return !j->why || bad_json(f, j);
}

static bool members(facts *f, jsonin *j, bool in_context);

static bool event_member(facts *f, jsonin *j, jsonin_text key, bool in_context)
{
    if (jsonin_is(key, "id") || jsonin_is(key, "eventId"))
        return text_member(f, j, key, &f->ev->id);
    if (jsonin_is(key, "type") || jsonin_is(key, "eventType"))
        return text_member(f, j, key, &f->type);
    if (jsonin_is(key, "resource"))
        return resource_member(f, j, key);
    if (jsonin_is(key, "subject"))
        return text_member(f, j, key, &f->subject);
    if (jsonin_is(key, "document"))
        return text_member(f, j, key, &f->document);
    if (jsonin_is(key, "data"))
        return data_member(f, j, key);
    if (jsonin_is(key, "data_base64"))
        return base64_member(f, j, key);
    if (jsonin_is(key, "context") && !in_context)
        return members(f, j, true);
    if (jsonin_is(key, "value")) /* the data alone */
        return value_member(f, j, key);
    if (is_old(key))
        return old_member(f, j, key);
    return jsonin_skip(j) || bad_json(f, j);
}

static bool members(facts *f, jsonin *j, bool in_context)
{
    bool first = true;
    jsonin_text key;
    if (!jsonin_need(j, '{'))
        return bad_json(f, j);
    while (jsonin_member(j, &first, &key)) {
        char name[32] = ""; /* key does not outlive the next string */
        if (key.n < sizeof name)
            memcpy(name, key.s, key.n);
        if (!event_member(f, j, (jsonin_text){name, strlen(name)}, in_context))
            return false;
    }
    return !j->why || bad_json(f, j);
}

static bool read_json(facts *f, const char *s, size_t n)
{
    jsonin j;
    jsonin_init(&j, s, n);
    bool ok = members(f, &j, false) && (jsonin_end(&j) || bad_json(f, &j));
    jsonin_done(&j);
    return ok;
}

/* ---- protobuf ---- */

static bool take_text(facts *f, buf *to, pb_slice s)
{
    if (!typed_text_ok((const char *)s.p, s.n))
        return refuse(f, "bad_protobuf", "an attribute of it is not valid UTF-8 or holds NUL");
    buf_add(to, s.p, s.n);
    return true;
}

static bool read_data(facts *f, pb_slice data)
{
    eventpb_document value, old;
    if (!eventpb_data(data, &value, &old, &f->ev->fields, f->code, f->e))
        return false;
    f->value.there = value.there;
    f->value.create_us = value.create_us;
    f->value.update_us = value.update_us;
    f->old.there = old.there;
    f->old.update_us = old.update_us;
    return take_text(f, &f->value.name, value.name) && take_text(f, &f->old.name, old.name);
}

/* Protobuf begins with its first fields, 0x0a, 0x12 or 0x1a; whatever else there is was meant to be JSON. 0x0a is a line's end in
 * JSON too, which is never well-formed protobuf behind it. */
static bool is_json(pb_slice s)
{
    jsonin j;
    pb_field field;
    if (*s.p != 0x0a)
        return *s.p != 0x12 && *s.p != 0x1a;
    jsonin_init(&j, (const char *)s.p, s.n);
    bool brace = jsonin_peek(&j) == '{';
    jsonin_done(&j);
    if (!brace)
        return false;
    pb_in in = pb_start(s);
    while (pb_next(&in, &field))
        continue;
    return in.why != NULL;
}

static bool read_cloud(facts *f, pb_slice bytes)
{
    eventpb_cloud c;
    if (!eventpb_cloud_read(bytes, &c, f->code, f->e))
        return false;
    if (!take_text(f, &f->ev->id, c.id) || !take_text(f, &f->type, c.type) ||
        !take_text(f, &f->subject, c.subject) || !take_text(f, &f->document, c.document))
        return false;
    if (c.data.n > 0 && is_json(c.data)) {
        jsonin j;
        jsonin_init(&j, (const char *)c.data.p, c.data.n);
        bool ok = data_member(f, &j, (jsonin_text){"data", 4}) && (jsonin_end(&j) || bad_json(f, &j));
        jsonin_done(&j);
        return ok;
    }
    return read_data(f, c.data);
}

/* ---- what it comes to ---- */

typedef enum { TYPE_NONE, TYPE_CREATED, TYPE_UPDATED, TYPE_DELETED, TYPE_WRITTEN, TYPE_OTHER } event_type;

/* "google.cloud.firestore.document.v1.written.withAuthContext", "providers/cloud.firestore/eventTypes/document.write" */
static event_type type_of(buf *type)
{
    static const struct {
        const char *word;
        event_type type;
    } words[] = {{"created", TYPE_CREATED}, {"create", TYPE_CREATED},  {"updated", TYPE_UPDATED},
                 {"update", TYPE_UPDATED},  {"deleted", TYPE_DELETED}, {"delete", TYPE_DELETED},
                 {"written", TYPE_WRITTEN}, {"write", TYPE_WRITTEN}};
    static const char auth[] = ".withAuthContext";
    const size_t tail = sizeof auth - 1;
    if (type->len == 0)
        return TYPE_NONE;
    if (type->len > tail && strcmp(type->data + type->len - tail, auth) == 0)
        typed_path_cut(type, type->len - tail);
    const char *last = strrchr(type->data, '.');
    for (size_t i = 0; last && strstr(type->data, "firestore") && i < sizeof words / sizeof *words; i++)
        if (strcmp(last + 1, words[i].word) == 0)
            return words[i].type;
    return TYPE_OTHER;
}

static bool decide_kind(facts *f)
{
    switch (type_of(&f->type)) {
    case TYPE_CREATED:
        f->ev->kind = EVENT_CREATE;
        return true;
    case TYPE_UPDATED:
        f->ev->kind = EVENT_UPDATE;
        return true;
    case TYPE_DELETED:
        f->ev->kind = EVENT_DELETE;
        return !f->value.there || refuse(f, "bad_event", "it tells of a delete and carries a document");
    case TYPE_OTHER:
        *f->code = "bad_event";
        return err_set(f->e, ERR_INPUT, "its type \"%.100s\" is no write of Firestore's", f->type.data);
    case TYPE_NONE:
    case TYPE_WRITTEN:
        break;
    }
    f->ev->kind = f->value.there ? f->old.there ? EVENT_UPDATE : EVENT_CREATE
                  : f->old.there ? EVENT_DELETE
                                 : EVENT_UPDATE; /* of what, the reading will show */
    return true;
}

static bool decide_name(facts *f)
{
    static const char before[] = "documents/";
    const char *subject = f->subject.data;
    if (strncmp(subject, before, sizeof before - 1) == 0)
        subject += sizeof before - 1;
    const char *name = f->value.name.len ? f->value.name.data
                       : f->old.name.len ? f->old.name.data
                       : f->resource.len ? f->resource.data
                       : f->document.len ? f->document.data
                       : f->subject.len  ? subject
                                         : NULL;
    if (!name)
        return refuse(f, "bad_event", "it names no document");
    *f->code = "bad_key";
    return document_split(name, &f->ev->pieces, &f->ev->name, f->e);
}

static bool conclude(facts *f)
{
    event *ev = f->ev;
    if (!decide_kind(f) || !decide_name(f))
        return false;
    if (ev->id.len > ID_MAX_BYTES)
        return refuse(f, "bad_event", "its id is longer than 1,024 bytes");
    if (f->value.update_us < 0 || f->old.update_us < 0)
        return refuse(f, "bad_event", "its update time lies before 1970");
    ev->create_us = f->value.create_us;
    ev->update_us = f->value.update_us;
    ev->old_update_us = f->old.update_us;
    ev->has_fields = f->value.there && ev->kind != EVENT_DELETE;
    if (!ev->has_fields) {
        buf_clear(&ev->fields);
        buf_str(&ev->fields, "{}");
    }
    return true;
}

static bool read_any(facts *f, pb_slice bytes)
{
    if (bytes.n == 0)
        return refuse(f, "bad_event", "it is empty");
    if (!is_json(bytes))
        return eventpb_is_cloud(bytes) ? read_cloud(f, bytes) : read_data(f, bytes);
    if (!read_json(f, (const char *)bytes.p, bytes.n))
        return false;
    if (f->data.len == 0)
        return true;
    if (f->value.there || f->old.there)
        return refuse(f, "bad_event", "it has its data twice");
    return read_data(f, (pb_slice){(const uint8_t *)f->data.data, f->data.len}) ||
           err_wrap(f->e, "in its data_base64");
}

bool event_decode(const void *bytes, size_t n, event *ret, const char **ret_code, err *e)
{
    facts f = {.ev = ret, .code = ret_code, .e = e};
    buf *const texts[] = {&f.value.name, &f.old.name, &f.type, &f.resource, &f.subject, &f.document, &f.data};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        buf_init(texts[i]);
    buf_clear(&ret->fields);
    buf_clear(&ret->id);
    buf_clear(&ret->pieces);
    bool ok = n <= EVENT_MAX_BYTES ? read_any(&f, (pb_slice){bytes, n})
                                   : refuse(&f, "bad_event", "it is longer than 64 MiB");
    ok = ok && conclude(&f);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        buf_done(texts[i]);
    return ok;
}
