#include "legacy/event.h"
#include "kit.h"
#include "legacy/events.h"
#include "legacy/typed.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "projects/p/databases/(default)/documents/fans/f1"

static event ev;
static const char *code;
static err why;

static void set_up(void)
{
    event_init(&ev);
}

static void tear_down(void)
{
    event_done(&ev);
}

static buf fresh(void)
{
    buf b;
    buf_init(&b);
    return b;
}

static void reads(const void *bytes, size_t n)
{
    code = NULL;
    why = (err){0};
    ck_assert_msg(event_decode(bytes, n, &ev, &code, &why), "%s: %s", code ? code : "?", why.text);
}

static void reads_text(const char *json)
{
    reads(json, strlen(json));
}

static void refuses(const void *bytes, size_t n, const char *want, const char *part)
{
    code = NULL;
    why = (err){0};
    ck_assert_msg(!event_decode(bytes, n, &ev, &code, &why), "it was read, which should say %s", part);
    ck_assert_str_eq(code, want);
    ck_assert_msg(strstr(why.text, part) != NULL, "\"%s\" is not in \"%s\"", part, why.text);
}

static void refuses_text(const char *json, const char *want, const char *part)
{
    refuses(json, strlen(json), want, part);
}

/* ---- an encoder ---- */

static void part(buf *to, unsigned field, buf *inside)
{
    kit_bytes(to, field, inside->data, inside->len);
    buf_done(inside);
}

static void put_time(buf *to, unsigned field, int64_t seconds, int64_t nanos)
{
    buf t = fresh();
    if (seconds)
        kit_int(&t, 1, seconds);
    if (nanos)
        kit_int(&t, 2, nanos);
    part(to, field, &t);
}

/* One field of a document or a map; the value is freed. */
static void put_field(buf *to, unsigned field, const char *key, buf *value)
{
    buf entry = fresh();
    kit_str(&entry, 1, key);
    part(&entry, 2, value);
    part(to, field, &entry);
}

static buf of_int(int64_t v)
{
    buf b = fresh();
    kit_int(&b, 2, v);
    return b;
}

static buf of_str(const char *s)
{
    buf b = fresh();
    kit_str(&b, 17, s);
    return b;
}

static buf document(int64_t update_s, const buf *fields)
{
    buf d = fresh();
    kit_str(&d, 1, NAME);
    if (fields)
        buf_add(&d, fields->data, fields->len);
    put_time(&d, 3, 1000, 0);
    put_time(&d, 4, update_s, 5999);
    return d;
}

/* DocumentEventData; either may be NULL; they are freed. */
static buf data_of(buf *value, buf *old)
{
    buf d = fresh(), mask = fresh();
    if (value)
        part(&d, 1, value);
    if (old)
        part(&d, 2, old);
    kit_str(&mask, 1, "a");
    part(&d, 3, &mask);
    return d;
}

static void fields_are(buf *fields, const char *want)
{
    buf d = document(2000, fields), data = data_of(&d, NULL);
    reads(data.data, data.len);
    ck_assert_str_eq(ev.fields.data, want);
    buf_done(&data);
    buf_done(fields);
}

static void fields_refused(buf *fields, const char *want, const char *words)
{
    buf d = document(2000, fields), data = data_of(&d, NULL);
    refuses(data.data, data.len, want, words);
    buf_done(&data);
    buf_done(fields);
}

static void value_refused(buf *value, const char *want, const char *words)
{
    buf f = fresh();
    put_field(&f, 2, "x", value);
    fields_refused(&f, want, words);
}

/* ---- forms ---- */

START_TEST(a_first_generation_event_is_read_in_both_its_shapes)
{
    static const char *const shapes[] = {
        "{\"eventId\":\"e1\",\"eventType\":\"providers/cloud.firestore/eventTypes/"
        "document.update\",\"notSupported\":{},"
        "\"resource\":\"" NAME
        "\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"params\":{\"f\":\"f1\"},\"data\":%s}",
        "{\"data\":%s,\"context\":{\"eventId\":\"e1\",\"resource\":{\"service\":\"firestore.googleapis.com\","
        "\"name\":\"" NAME "\"},\"eventType\":\"providers/cloud.firestore/eventTypes/document.write\"}}"};
    for (int i = 0; i < 2; i++) {
        char json[2048];
        snprintf(json, sizeof json, shapes[i],
                 "{\"oldValue\":{\"name\":\"" NAME "\",\"fields\":{},\"createTime\":\"2026-01-01T00:00:00Z\","
                 "\"updateTime\":\"2026-01-01T00:00:00Z\"},\"updateMask\":{\"fieldPaths\":[\"a\"]},"
                 "\"value\":{\"name\":\"" NAME "\",\"fields\":{\"a\":{\"integerValue\":\"1\"}},"
                 "\"createTime\":\"2026-01-01T00:00:00Z\",\"updateTime\":\"2026-01-01T00:00:01.000005Z\"}}");
        reads_text(json);
        ck_assert_int_eq(ev.kind, EVENT_UPDATE);
        ck_assert_str_eq(ev.id.data, "e1");
        ck_assert_str_eq(ev.name.path, "fans/f1");
        ck_assert_str_eq(ev.name.prefix, "projects/p/databases/(default)/documents");
        ck_assert(ev.has_fields);
        ck_assert_str_eq(ev.fields.data, "{\"a\":{\"integerValue\":\"1\"}}");
        ck_assert_int_eq(ev.update_us, 1767225601000005);
        ck_assert_int_eq(ev.create_us, 1767225600000000);
    }
}
END_TEST

START_TEST(an_empty_value_is_a_delete_and_an_empty_old_value_a_create)
{
    static const char *const none[] = {"{}", "null", " { } "};
    char json[1024];
    for (int i = 0; i < 3; i++) {
        snprintf(json, sizeof json,
                 "{\"id\":\"e\",\"type\":\"google.cloud.firestore.document.v1.written\",\"data\":{\"value\":%"
                 "s,\"oldValue\":"
                 "{\"name\":\"" NAME
                 "\",\"updateTime\":\"1970-01-01T00:00:07Z\",\"fields\":{\"a\":{\"odd\":1}}}}}",
                 none[i]);
        reads_text(json);
        ck_assert_int_eq(ev.kind, EVENT_DELETE);
        ck_assert_int_eq(ev.old_update_us, 7000000);
        ck_assert(!ev.has_fields);
        snprintf(json, sizeof json,
                 "{\"type\":\"google.cloud.firestore.document.v1.written.withAuthContext\",\"data\":{"
                 "\"oldValue\":%s,\"value\":"
                 "{\"name\":\"" NAME "\",\"updateTime\":\"1970-01-01T00:00:07Z\"}}}",
                 none[i]);
        reads_text(json);
        ck_assert_int_eq(ev.kind, EVENT_CREATE);
        ck_assert(ev.has_fields);
        ck_assert_str_eq(ev.fields.data, "{}");
        ck_assert_str_eq(ev.id.data, "");
    }
}
END_TEST

START_TEST(protobuf_alone_in_base64_and_in_a_cloud_event_say_the_same)
{
    buf f = fresh(), v = of_int(1), text = fresh();
    put_field(&f, 2, "a", &v);
    buf d = document(2000, &f), data = data_of(&d, NULL);
    typed_bytes(&text, data.data, data.len);
    for (int form = 0; form < 3; form++) {
        buf whole = fresh(), attribute = fresh(), s = fresh();
        if (form == 0) {
            buf_add(&whole, data.data, data.len);
        } else if (form == 1) {
            buf_printf(&whole,
                       "{\"specversion\":\"1.0\",\"id\":\"e1\",\"type\":\"google.cloud.firestore.document.v1."
                       "created\","
                       "\"data_base64\":%.*s}",
                       (int)(text.len - 15), text.data + 14);
        } else {
            kit_str(&whole, 1, "e1");
            kit_str(&whole, 2, "//firestore.googleapis.com/projects/p/databases/(default)");
            kit_str(&whole, 3, "1.0");
            kit_str(&whole, 4, "google.cloud.firestore.document.v1.created");
            kit_str(&attribute, 1, "subject");
            kit_str(&s, 3, "documents/fans/f1");
            part(&attribute, 2, &s);
            part(&whole, 5, &attribute);
            kit_bytes(&whole, 6, data.data, data.len);
        }
        reads(whole.data, whole.len);
        ck_assert_str_eq(ev.id.data, form ? "e1" : "");
        ck_assert_int_eq(ev.kind, EVENT_CREATE);
        ck_assert_str_eq(ev.name.path, "fans/f1");
        ck_assert_str_eq(ev.fields.data, "{\"a\":{\"integerValue\":\"1\"}}");
        ck_assert_int_eq(ev.update_us, 2000000005);
        ck_assert_int_eq(ev.create_us, 1000000000);
        buf_done(&whole);
    }
    buf_done(&text);
    buf_done(&data);
    buf_done(&f);
}
END_TEST

START_TEST(a_body_that_begins_like_a_blank_line_of_json_is_told_apart)
{
    for (int pad = 0; pad < 200; pad++) { /* one of these is 123 bytes long, and 123 is a brace */
        buf f = fresh(), s = fresh();
        for (int i = 0; i < pad; i++)
            buf_char(&s, 'x');
        buf v = of_str(s.data);
        put_field(&f, 2, "a", &v);
        buf d = document(2000, &f), data = data_of(&d, NULL);
        reads(data.data, data.len);
        ck_assert_str_eq(ev.name.path, "fans/f1");
        buf_done(&data), buf_done(&f), buf_done(&s);
    }
    reads_text("\n{\n\"value\":{\"name\":\"" NAME "\",\"updateTime\":\"2026-01-01T00:00:00Z\"}}\n");
}
END_TEST

START_TEST(an_event_without_its_document_is_named_by_its_attributes)
{
    reads_text("{\"type\":\"google.cloud.firestore.document.v1.updated\",\"subject\":\"documents/fans/"
               "f1\",\"data\":{}}");
    ck_assert_str_eq(ev.name.path, "fans/f1");
    ck_assert(!ev.has_fields);
    ck_assert_int_eq(ev.kind, EVENT_UPDATE);
    reads_text("{\"type\":\"google.cloud.firestore.document.v1.deleted\",\"document\":\"fans/f1\"}");
    ck_assert_int_eq(ev.kind, EVENT_DELETE);
    ck_assert_int_eq(ev.old_update_us, 0);
    reads_text("{\"eventType\":\"providers/cloud.firestore/eventTypes/document.create\",\"resource\":\"" NAME
               "\",\"data\":{\"value\":{}}}");
    ck_assert_int_eq(ev.kind, EVENT_CREATE);
    ck_assert(!ev.has_fields);
    refuses_text("{\"type\":\"google.cloud.firestore.document.v1.updated\",\"data\":{}}", "bad_event",
                 "names no document");
}
END_TEST

/* ---- values ---- */

START_TEST(every_value_type_of_protobuf_is_written_as_json_has_it)
{
    buf f = fresh(), v, in, inner;
    v = fresh(), kit_int(&v, 1, 1), put_field(&f, 2, "b", &v);
    v = of_int(0), put_field(&f, 2, "i", &v);
    v = of_int(INT64_MIN), put_field(&f, 2, "low", &v);
    v = fresh(), kit_double(&v, 3, 5), put_field(&f, 2, "d", &v);
    v = fresh(), kit_str(&v, 5, NAME), put_field(&f, 2, "r", &v);
    in = fresh(), inner = of_str("\xc3\xa9"), put_field(&in, 1, "k", &inner);
    v = fresh(), part(&v, 6, &in), put_field(&f, 2, "m", &v);
    v = fresh(), kit_str(&v, 6, ""), put_field(&f, 2, "em", &v);
    in = fresh(), kit_double(&in, 2, -97.5), v = fresh(), part(&v, 8, &in), put_field(&f, 2, "g", &v);
    in = fresh(), inner = of_int(1), part(&in, 1, &inner), inner = of_str(""), part(&in, 1, &inner);
    v = fresh(), part(&v, 9, &in), put_field(&f, 2, "a", &v);
    v = fresh(), kit_str(&v, 9, ""), put_field(&f, 2, "ea", &v);
    v = fresh(), put_time(&v, 10, -1, 999999999), put_field(&f, 2, "t", &v);
    v = fresh(), kit_int(&v, 11, 0), put_field(&f, 2, "n", &v);
    v = fresh(), kit_bytes(&v, 18, "\0\xff", 2), put_field(&f, 2, "y", &v);
    fields_are(
        &f,
        "{\"b\":{\"booleanValue\":true},\"i\":{\"integerValue\":\"0\"},"
        "\"low\":{\"integerValue\":\"-9223372036854775808\"},\"d\":{\"doubleValue\":5},"
        "\"r\":{\"referenceValue\":\"" NAME "\"},"
        "\"m\":{\"mapValue\":{\"fields\":{\"k\":{\"stringValue\":\"\xc3\xa9\"}}}},\"em\":{\"mapValue\":{}},"
        "\"g\":{\"geoPointValue\":{\"latitude\":0,\"longitude\":-97.5}},"
        "\"a\":{\"arrayValue\":{\"values\":[{\"integerValue\":\"1\"},{\"stringValue\":\"\"}]}},"
        "\"ea\":{\"arrayValue\":{}},\"t\":{\"timestampValue\":\"1969-12-31T23:59:59.999999Z\"},"
        "\"n\":{\"nullValue\":null},\"y\":{\"bytesValue\":\"AP8=\"}}");
}
END_TEST

START_TEST(a_value_that_would_have_to_be_guessed_is_refused_with_its_field)
{
    buf v = fresh(), in;
    value_refused(&v, "bad_value", "field x: holds no value at all");
    v = of_int(1), kit_int(&v, 1, 1), value_refused(&v, "bad_value", "more than one value");
    v = fresh(), kit_int(&v, 4, 1), value_refused(&v, "bad_value", "does not know");
    v = fresh(), kit_str(&v, 2, "1"), value_refused(&v, "bad_protobuf", "wrong form");
    v = fresh(), kit_bytes(&v, 17, "a\0b", 3), value_refused(&v, "bad_value", "NUL");
    v = fresh(), kit_bytes(&v, 17, "\xed\xa0\x80", 3), value_refused(&v, "bad_value", "UTF-8");
    v = fresh(), put_time(&v, 10, INT64_MAX, 0), value_refused(&v, "bad_value", "years 0001 to 9999");
    v = fresh(), put_time(&v, 10, 1, 1000000000), value_refused(&v, "bad_value", "years 0001 to 9999");
    v = fresh(), kit_str(&v, 5, ""), value_refused(&v, "bad_value", "names nothing");
    in = fresh(), kit_str(&in, 9, ""), v = fresh();
    buf array = fresh();
    part(&array, 1, &in), part(&v, 9, &array);
    value_refused(&v, "bad_value", "field x[0]: is an array directly in an array");
}
END_TEST

START_TEST(a_field_twice_is_refused_also_among_many)
{
    buf f = fresh(), v;
    char key[16];
    for (int i = 0; i < 40; i++) {
        snprintf(key, sizeof key, "k%d", i % 39);
        v = of_int(i), put_field(&f, 2, key, &v);
    }
    fields_refused(&f, "bad_value", "field k0: stands twice");
    f = fresh(), v = of_int(1), put_field(&f, 2, "", &v);
    fields_refused(&f, "bad_value", "empty name");
}
END_TEST

START_TEST(nesting_ends_at_32_levels)
{
    for (int levels = 32; levels <= 33; levels++) {
        buf v = of_int(1), f = fresh();
        for (int i = 0; i < levels; i++) {
            buf map = fresh(), outer = fresh();
            put_field(&map, 1, "m", &v);
            part(&outer, 6, &map);
            v = outer;
        }
        put_field(&f, 2, "m", &v);
        buf d = document(2000, &f), data = data_of(&d, NULL);
        if (levels == 33)
            refuses(data.data, data.len, "bad_value", "32 levels");
        else
            reads(data.data, data.len);
        buf_done(&data), buf_done(&f);
    }
}
END_TEST

/* ---- bad events ---- */

START_TEST(what_is_no_event_of_firestore_is_refused_with_the_place)
{
    refuses_text("", "bad_event", "empty");
    refuses_text("hello", "bad_json", "an object ({) is missing (byte 0)");
    refuses_text("{\"a\":", "bad_json", "(byte 5)");
    refuses_text("{} x", "bad_json", "");
    refuses_text("{}", "bad_event", "names no document");
    refuses_text("{\"type\":\"google.cloud.storage.object.v1.deleted\",\"subject\":\"documents/a/b\"}",
                 "bad_event", "no write");
    refuses_text("{\"type\":\"google.cloud.firestore.document.v1.pondered\",\"subject\":\"documents/a/b\"}",
                 "bad_event", "no write");
    refuses_text(
        "{\"type\":\"google.cloud.firestore.document.v1.deleted\",\"data\":{\"value\":{\"name\":\"" NAME
        "\"}}}",
        "bad_event", "carries a document");
    refuses_text("{\"id\":\"1\",\"id\":\"2\"}", "bad_event", "id stands twice");
    refuses_text("{\"value\":{\"name\":\"" NAME "\"},\"data\":{\"value\":{\"name\":\"" NAME "\"}}}",
                 "bad_event", "value stands twice");
    refuses_text("{\"value\":{\"name\":\"fans\"}}", "bad_key", "collection");
    refuses_text("{\"value\":{\"name\":\"" NAME "\",\"updateTime\":\"1969-01-01T00:00:00Z\"}}", "bad_event",
                 "before 1970");
    refuses_text("{\"data\":{\"value\":{\"name\":\"" NAME "\",\"fields\":{\"a\":{\"b\":1}}}}}", "bad_value",
                 "in its value, which begins at byte 17: field a: has a value type");
    refuses_text("{\"data\":{\"value\":{\"name\":\"" NAME
                 "\",\"fields\":{\"a\":{\"stringValue\":\"\\u0000\"}}}}}",
                 "bad_json", "NUL");
    refuses_text("{\"data_base64\":\"a\"}", "bad_event", "not base64");
    refuses_text("{\"data_base64\":\"CgE=\"}", "bad_protobuf", "in its data_base64");
    refuses("\x0a\x05xy", 4, "bad_protobuf", "longer than");
    refuses("\x0a\x01x\x22\x01x", 6, "bad_event", "no write");
    refuses("\x12\x00\x2a\x01x", 5, "bad_protobuf", "does not have");
}
END_TEST

START_TEST(a_cut_event_is_never_a_smaller_one)
{
    buf f = fresh(), v = of_str("hello");
    put_field(&f, 2, "a", &v);
    buf d = document(2000, &f), data = fresh();
    part(&data, 1, &d);
    for (size_t n = 0; n < data.len; n++)
        ck_assert_msg(!event_decode(data.data, n, &ev, &code, NULL), "%zu of %zu bytes were read", n,
                      data.len);
    reads(data.data, data.len);
    static const char json[] = "{\"id\":\"e\",\"data\":{\"value\":{\"name\":\"" NAME
                               "\",\"fields\":{\"a\":{\"integerValue\":\"12\"}}}}}";
    for (size_t n = 0; n < sizeof json - 1; n++)
        ck_assert_msg(!event_decode(json, n, &ev, &code, NULL), "%zu bytes of JSON were read", n);
    buf_done(&data), buf_done(&f);
}
END_TEST

/* ---- sources ---- */

#define LINE(id)                                                                                             \
    "{\"id\":\"" id "\",\"value\":{\"name\":\"" NAME "\",\"updateTime\":\"2026-01-01T00:00:00Z\"}}"

static events *x;

static void opens(const char *where, bool follow)
{
    err e = {0};
    events_close(x);
    ck_assert_msg(events_open(where, follow, &x, &e), "%s", e.text);
}

/* "e1 e2 !code@place ." : events by id, damages, then . at the end or ~ when there is nothing more for now. */
static const char *all(void)
{
    static char out[1024];
    legacy_damage bad;
    err e = {0};
    size_t n = 0;
    for (;;) {
        events_got got = events_next(x, &ev, &bad, NULL, &e);
        ck_assert_msg(got != EVENTS_FAILED, "%s", e.text);
        if (got == EVENTS_GOT)
            n += (size_t)snprintf(out + n, sizeof out - n, "%s ", ev.id.data);
        else if (got == EVENTS_DAMAGE)
            n += (size_t)snprintf(out + n, sizeof out - n, "!%s@%s ", bad.code,
                                  *bad.place ? bad.place : bad.file);
        if (got == EVENTS_END || got == EVENTS_WAIT) {
            snprintf(out + n, sizeof out - n, "%c", got == EVENTS_END ? '.' : '~');
            return out;
        }
    }
}

static char *path_in(const char *dir, const char *name)
{
    char *path = malloc(strlen(dir) + strlen(name) + 2);
    sprintf(path, "%s/%s", dir, name);
    return path;
}

static void append(const char *path, const char *text)
{
    FILE *f = fopen(path, "a");
    ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

START_TEST(lines_give_events_and_what_is_none_is_told_by_its_line)
{
    char *file = path_in(support_folder(), "e.ndjson");
    append(file, LINE("e1") "\n\n{\"broken\n" LINE("e2") "\r\nnonsense\n" LINE("e3"));
    opens(file, false);
    ck_assert_str_eq(all(), "e1 !bad_json@line 3 e2 !bad_json@line 5 e3 .");
    ck_assert_ptr_nonnull(strstr(events_source(x), "event:/"));
    free(file);
}
END_TEST

START_TEST(a_folder_gives_a_file_an_event_in_either_form)
{
    const char *dir = support_folder();
    buf d = document(2000, NULL), data = data_of(&d, NULL);
    kit_write(dir, "1.json", "\n" LINE("e1") "\n", strlen(LINE("e1")) + 2);
    kit_write(dir, "2.pb", data.data, data.len);
    kit_write(dir, "3.pb", data.data, data.len - 1);
    kit_write(dir, ".hidden", "x", 1);
    kit_write(dir, "4/inner", "x", 1);
    opens(dir, false);
    ck_assert_str_eq(all(), "e1  !bad_protobuf@3.pb !missing_file@4 .");
    char *file = path_in(dir, "2.pb");
    opens(file, false); /* alone too */
    ck_assert_str_eq(all(), " .");
    free(file);
    buf_done(&data);
}
END_TEST

START_TEST(a_file_is_gone_on_with_where_it_was_left_and_another_from_its_start)
{
    char *file = path_in(support_folder(), "e.ndjson");
    events_position at = {0};
    append(file, LINE("e1") "\n" LINE("e2") "\n{\"cut");
    opens(file, false);
    ck_assert_str_eq(all(), "e1 e2 !truncated@line 3 .");
    ck_assert(events_at(x, &at));
    ck_assert_int_eq(at.line, 2);
    ck_assert_int_eq(at.at, 2 * (int64_t)strlen(LINE("e1") "\n"));
    append(file, "\":1}\n" LINE("e3") "\n"); /* the cut line is read once more, whole */
    opens(file, false);
    ck_assert(events_resume(x, &at));
    ck_assert_str_eq(all(), "!bad_event@line 3 e3 .");
    unlink(file);
    append(file, LINE("x1") "\n" LINE("x2") "\n" LINE("x3") "\n" LINE("x4") "\n");
    opens(file, false);
    ck_assert(!events_resume(x, &at));
    ck_assert_str_eq(all(), "x1 x2 x3 x4 .");
    free(file);
}
END_TEST

START_TEST(a_followed_file_is_read_as_it_grows_and_over_its_rotation)
{
    const char *dir = support_folder();
    char *file = path_in(dir, "e.ndjson"), *old = path_in(dir, "e.ndjson.1");
    append(file, LINE("e1") "\n{\"id\":\"e2\",");
    opens(file, true);
    ck_assert_str_eq(all(), "e1 ~");
    ck_assert_str_eq(all(), "~");
    append(file, "\"value\":{\"name\":\"" NAME "\"}}\n" LINE("e3") "\n");
    ck_assert_str_eq(all(), "e2 e3 ~");
    ck_assert_int_eq(rename(file, old), 0);
    ck_assert_str_eq(all(), "~"); /* nobody has the name now */
    append(file, "");             /* made for the writer, who still has the old one */
    append(old, LINE("late") "\n{\"never whole");
    ck_assert_str_eq(all(), "late ~");
    append(file, LINE("n1") "\n");
    ck_assert_str_eq(all(), "!truncated@line 5 n1 ~");
    ck_assert_int_eq(truncate(file, 0), 0);
    append(file, LINE("n") "\n");
    ck_assert_str_eq(all(), "!cut_short@e.ndjson n ~");
    free(file), free(old);
}
END_TEST

START_TEST(what_cannot_be_read_is_said)
{
    err e = {0};
    events *none = NULL;
    ck_assert(!events_open("/nowhere/at/all", false, &none, &e));
    ck_assert_int_eq(e.kind, ERR_MISSING);
    ck_assert(!events_open(support_folder(), true, &none, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert(!events_open("-", true, &none, &e));
    ck_assert_ptr_null(none);
}
END_TEST

static void close_events(void)
{
    events_close(x);
    x = NULL;
    event_done(&ev);
}

Suite *event_suite(void)
{
    Suite *s = suite_create("event");
    TCase *tc = tcase_create("event"), *from = tcase_create("sources");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_first_generation_event_is_read_in_both_its_shapes);
    tcase_add_test(tc, an_empty_value_is_a_delete_and_an_empty_old_value_a_create);
    tcase_add_test(tc, protobuf_alone_in_base64_and_in_a_cloud_event_say_the_same);
    tcase_add_test(tc, a_body_that_begins_like_a_blank_line_of_json_is_told_apart);
    tcase_add_test(tc, an_event_without_its_document_is_named_by_its_attributes);
    tcase_add_test(tc, every_value_type_of_protobuf_is_written_as_json_has_it);
    tcase_add_test(tc, a_value_that_would_have_to_be_guessed_is_refused_with_its_field);
    tcase_add_test(tc, a_field_twice_is_refused_also_among_many);
    tcase_add_test(tc, nesting_ends_at_32_levels);
    tcase_add_test(tc, what_is_no_event_of_firestore_is_refused_with_the_place);
    tcase_add_test(tc, a_cut_event_is_never_a_smaller_one);
    suite_add_tcase(s, tc);
    tcase_add_checked_fixture(from, set_up, close_events);
    tcase_add_test(from, lines_give_events_and_what_is_none_is_told_by_its_line);
    tcase_add_test(from, a_folder_gives_a_file_an_event_in_either_form);
    tcase_add_test(from, a_file_is_gone_on_with_where_it_was_left_and_another_from_its_start);
    tcase_add_test(from, a_followed_file_is_read_as_it_grows_and_over_its_rotation);
    tcase_add_test(from, what_cannot_be_read_is_said);
    suite_add_tcase(s, from);
    return s;
}
