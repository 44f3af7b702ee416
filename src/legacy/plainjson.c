/* Each value is written again as typed JSON, strings as they stand, and then read by parse.c like any other
 * document: so what may be in one (names, depth, NUL, names twice) is said in one place. */
#include "legacy/plainjson.h"
#include "base/mem.h"
#include "base/time.h"
#include "legacy/document.h"
#include "legacy/parse.h"
#include "legacy/typed.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char plainjson_collections[] = "__collections__";

typedef struct plain {
    jsonin in;
    const char *prefix, *why;
    buf *out, path;
    unsigned depth;
} plain;

static bool value(plain *p);

static bool fail(plain *p, const char *why)
{
    if (!p->why)
        p->why = why;
    return false;
}

/* ---- the exporter's own types ---- */

typedef struct pair { /* {"_seconds":1,"_nanoseconds":2} */
    double number[2];
    bool met[2];
} pair;

/* An object of two numbers under these names, with or without the underscore. */
static bool read_pair(jsonin_text text, const char *first_name, const char *second_name, pair *ret)
{
    jsonin j;
    jsonin_text key, t;
    bool first = true, whole, ok;
    *ret = (pair){0};
    jsonin_init(&j, text.s, text.n);
    ok = jsonin_need(&j, '{');
    while (ok && jsonin_member(&j, &first, &key)) {
        if (key.n > 0 && *key.s == '_')
            key = (jsonin_text){key.s + 1, key.n - 1};
        int i = jsonin_is(key, first_name) ? 0 : 1;
        ok = (i == 0 || jsonin_is(key, second_name)) && !ret->met[i] && jsonin_number(&j, &t, &whole) &&
             jsonin_double(t, &ret->number[i]);
        ret->met[i] = true;
    }
    ok = ok && !j.why && ret->met[0];
    jsonin_done(&j);
    return ok;
}

static bool timestamp(plain *p, jsonin_text text)
{
    pair at;
    int64_t us = 0;
    char iso[40] = "";
    if (*text.s == '"') { /* as older exporters wrote it */
        if (text.n - 2 < sizeof iso)
            memcpy(iso, text.s + 1, text.n - 2);
        if (!time_parse(iso, &us, NULL))
            return fail(p, "is a timestamp that is no time");
    } else {
        if (!read_pair(text, "seconds", "nanoseconds", &at) || at.number[0] < -62135596800.0 ||
            at.number[0] >= 253402300800.0 || at.number[1] < 0 || at.number[1] >= 1e9)
            return fail(p, "is a timestamp that is no time");
        us = (int64_t)at.number[0] * 1000000 + (int64_t)at.number[1] / 1000;
    }
    typed_time(p->out, us);
    return true;
}

static bool geopoint(plain *p, jsonin_text text)
{
    pair at;
    if (!read_pair(text, "latitude", "longitude", &at) || !at.met[1])
        return fail(p, "is a geopoint without latitude and longitude");
    typed_geo(p->out, at.number[0], at.number[1]);
    return true;
}

static bool reference(plain *p, jsonin_text text)
{
    jsonin j;
    jsonin_text t;
    jsonin_init(&j, text.s, text.n);
    bool ok = *text.s == '"' && jsonin_string(&j, &t) && t.n > 0;
    if (ok) {
        char *path = mem_strn(t.s, t.n);
        char *name =
            strncmp(path, "projects/", 9) == 0 ? mem_str(path) : mem_printf("%s/%s", p->prefix, path);
        typed_reference(p->out, name, strlen(name));
        free(path);
        free(name);
    }
    jsonin_done(&j);
    return ok || fail(p, "is a documentReference that names nothing");
}

static const struct datatype {
    const char *word;
    bool (*write)(plain *p, jsonin_text text);
} datatypes[] = {{"timestamp", timestamp}, {"geopoint", geopoint}, {"documentReference", reference}};

/* Whether the object ahead is {"__datatype__":WORD,"value":...} and nothing else; then *ret_value is the value. */
static const struct datatype *datatype_ahead(jsonin_text object, jsonin_text *ret_value)
{
    jsonin j;
    jsonin_text key, t;
    const struct datatype *found = NULL;
    bool first = true, has_value = false;
    size_t members = 0;
    jsonin_init(&j, object.s, object.n);
    jsonin_need(&j, '{');
    for (; members < 3 && jsonin_member(&j, &first, &key); members++) {
        bool type = jsonin_is(key, "__datatype__"), is_value = jsonin_is(key, "value");
        if ((!type && !is_value) || !jsonin_pass(&j, &t))
            break;
        if (is_value) {
            *ret_value = t;
            has_value = true;
        }
        for (size_t i = 0; type && i < sizeof datatypes / sizeof *datatypes; i++)
            if (t.n == strlen(datatypes[i].word) + 2 && strncasecmp(t.s + 1, datatypes[i].word, t.n - 2) == 0)
                found = &datatypes[i];
    }
    bool ends = !j.why && jsonin_end(&j);
    jsonin_done(&j);
    return ends && members == 2 && has_value ? found : NULL;
}

/* ---- plain values ---- */

static bool deeper(plain *p)
{
    return ++p->depth <= DOCUMENT_MAX_DEPTH + 1 || fail(p, "is nested more than 32 levels deep");
}

/* "a":VALUE, ... after the '{' was taken, up to and with the '}'; keys are written as they stand. */
static bool members(plain *p, jsonin_text *ret_below, size_t *ret_n)
{
    jsonin_text key;
    size_t path = p->path.len;
    *ret_n = 0;
    if (jsonin_take(&p->in, '}'))
        return true;
    do {
        if (jsonin_peek(&p->in) != '"')
            return jsonin_need(&p->in, '"');
        if (!jsonin_pass(&p->in, &key) || !jsonin_need(&p->in, ':'))
            return false;
        key = (jsonin_text){key.s + 1, key.n - 2};
        if (ret_below && jsonin_is(key, plainjson_collections)) {
            if (ret_below->n > 0)
                return fail(p, "the document has __collections__ twice");
            if (!jsonin_pass(&p->in, ret_below))
                return false;
            continue;
        }
        if ((*ret_n)++ > 0)
            buf_char(p->out, ',');
        buf_add(p->out, key.s - 1, key.n + 2);
        buf_char(p->out, ':');
        typed_path_key(&p->path, key.s, key.n);
        if (!value(p))
            return false;
        typed_path_cut(&p->path, path);
    } while (jsonin_take(&p->in, ','));
    return jsonin_need(&p->in, '}');
}

static bool object(plain *p)
{
    jsonin_text whole, inside;
    jsonin ahead = p->in;
    size_t n;
    if (!jsonin_pass(&ahead, &whole))
        return fail(p, ahead.why);
    const struct datatype *special = datatype_ahead(whole, &inside);
    if (special) {
        p->in.p = ahead.p;
        return special->write(p, inside);
    }
    p->in.p++;
    buf_str(p->out, "{\"mapValue\":{\"fields\":{");
    if (!deeper(p) || !members(p, NULL, &n))
        return false;
    buf_str(p->out, "}}}");
    p->depth--;
    return true;
}

static bool array(plain *p)
{
    size_t path = p->path.len, i = 0;
    p->in.p++;
    buf_str(p->out, "{\"arrayValue\":{\"values\":[");
    if (!deeper(p))
        return false;
    for (bool first = true; jsonin_element(&p->in, &first); i++) {
        if (i > 0)
            buf_char(p->out, ',');
        typed_path_index(&p->path, i);
        if (!value(p))
            return false;
        typed_path_cut(&p->path, path);
    }
    buf_str(p->out, "]}}");
    p->depth--;
    return !p->in.why;
}

static bool number(plain *p)
{
    jsonin_text t;
    bool is_whole;
    int64_t n;
    double d;
    if (!jsonin_number(&p->in, &t, &is_whole))
        return false;
    if (is_whole && jsonin_int(t, &n)) {
        typed_int(p->out, n);
        return true;
    }
    if (!jsonin_double(t, &d))
        return fail(p, "is a number beyond the range of a double");
    typed_double(p->out, d);
    return true;
}

static bool value(plain *p)
{
    jsonin_text t;
    char c = jsonin_peek(&p->in);
    if (c == '{')
        return object(p);
    if (c == '[')
        return array(p);
    if (c == '"') {
        if (!jsonin_pass(&p->in, &t))
            return false;
        buf_str(p->out, "{\"stringValue\":");
        buf_add(p->out, t.s, t.n);
        buf_char(p->out, '}');
        return true;
    }
    if (jsonin_word(&p->in, "null"))
        typed_null(p->out);
    else if (jsonin_word(&p->in, "true"))
        typed_bool(p->out, true);
    else if (jsonin_word(&p->in, "false"))
        typed_bool(p->out, false);
    else
        return number(p);
    return true;
}

/* The sentence of parse.c without its byte, which counts in a text that nobody sees. */
static void drop_byte(err *e)
{
    char *at = strstr(e->text, " (byte ");
    if (at)
        *at = '\0';
}

static bool refuse(const plain *p, const char **ret_code, err *e)
{
    const char *why = p->why ? p->why : p->in.why ? p->in.why : "it is not JSON";
    *ret_code = p->why ? "bad_value" : "bad_json";
    return p->path.len ? err_set(e, ERR_INPUT, "field %.200s: %s", p->path.data, why)
                       : err_set(e, ERR_INPUT, "%s", why);
}

bool plainjson_fields(jsonin_text text, const char *prefix, buf *fields, jsonin_text *ret_below,
                      size_t *ret_members, const char **ret_code, err *e)
{
    buf out;
    err local = {0};
    plain p = {.prefix = prefix, .out = &out};
    jsonin_text below = {0};
    size_t n = 0;
    jsonin_init(&p.in, text.s, text.n);
    buf_init(&p.path);
    buf_init(&out);
    buf_char(&out, '{');
    bool ok = (jsonin_need(&p.in, '{') && members(&p, &below, &n)) || refuse(&p, ret_code, &local);
    buf_char(&out, '}');
    if (ok && !parse_fields(out.data, out.len, fields, ret_code, &local)) {
        drop_byte(&local);
        ok = false;
    }
    if (!ok)
        err_set(e, local.kind, "%s", local.text);
    *ret_below = below;
    *ret_members = n;
    jsonin_done(&p.in);
    buf_done(&p.path);
    buf_done(&out);
    return ok;
}
