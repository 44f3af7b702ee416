/* Reading a Firestore database from its first name to its last.
 *
 * One query over everything ("from" with allDescendants and no collection id, which is how Google's own clients
 * delete recursively) ordered by name, a page at a time, each beginning behind the last name. No page token is
 * needed, so none can be lost; documents under parents that are missing come like all others; and whoever was
 * interrupted can go on from a name. What a page must be is checked while it is asked for (look_at), because what
 * is wrong with it may be mended by asking again. */
#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "legacy/document.h"
#include "legacy/fire.h"
#include "legacy/typed.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000 };

static legacy_got damage(fire *x, legacy_damage *ret, const char *code, const char *place, const char *why)
{
    *ret = (legacy_damage){.file = x->label, .code = code, .raw = ""};
    snprintf(ret->place, sizeof ret->place, "%s", place);
    snprintf(ret->sentence, sizeof ret->sentence, "%.150s%s%s: %.280s", x->label, *place ? ", " : "", place,
             why);
    return LEGACY_DAMAGE;
}

/* ---- a page ---- */

static void lie(fire *x, const char *code, const char *why)
{
    char place[64];
    snprintf(place, sizeof place, "page %llu", x->number);
    damage(x, &x->lie, code, place, why);
    x->lied = true;
}

/* The names of a page: behind the cursor, growing, of this database. *last becomes the last one. */
static bool names_fit(fire *x, const char *body, char **last, err *e)
{
    size_t prefix = strlen(x->prefix);
    for (size_t i = 0; i < x->page.n; i++) {
        const rest_piece *p = &x->page.pieces[i];
        const char *before = *last ? *last : x->cursor, *code = NULL;
        char *name = rest_name(body + p->at, p->n);
        if (!name && i + 1 < x->page.n)
            continue; /* a damage of its own, later */
        if (!name)
            return err_set(
                e, ERR_INPUT,
                "the last document has no name that can be read, so nothing can be asked for behind it");
        if (strncmp(name, x->prefix, prefix) != 0 || name[prefix] != '/')
            code = "foreign";
        else if (before && rest_compare_names(name, before) <= 0)
            code = "repeated";
        if (code) {
            err_set(e, ERR_INPUT,
                    *code == 'f'
                        ? "%.200s came, which is of another database"
                        : "%.200s came again, or too late: the page is not what follows the one before",
                    strcmp(code, "foreign") == 0 ? name : name + prefix + 1);
            lie(x, code, e->text);
            free(name);
            return false;
        }
        free(*last);
        *last = name;
    }
    return true;
}

static bool time_fits(fire *x, err *e)
{
    char asked[32], got[32];
    if (x->page.read_us == 0)
        return err_set(e, ERR_INPUT, "the page does not say as of which time it was read");
    if (x->read_us == 0 || x->page.read_us == x->read_us)
        return true;
    time_format(x->read_us, asked);
    time_format(x->page.read_us, got);
    err_set(e, ERR_INPUT, "it was to be read as of %s, but was read as of %s", asked, got);
    lie(x, "read_time", e->text);
    return false;
}

static bool look_at(void *ctx, const char *body, size_t n, rest_refusal *refusal, err *e)
{
    fire *x = ctx;
    char *last = NULL;
    x->at = 0;
    if (!rest_page_read(REST_QUERY, body, n, &x->page, refusal, e))
        return false;
    if (!time_fits(x, e) || !names_fit(x, body, &last, e)) {
        x->page.n = 0;
        free(last);
        return false;
    }
    x->read_us = x->page.read_us;
    buf_clear(&x->body);
    buf_add(&x->body, body, n);
    free(x->next_cursor);
    x->next_cursor = last;
    return true;
}

static void add_cursor(buf *to, const char *key, const char *name, bool before)
{
    buf_printf(to, ",\"%s\":{\"values\":[{", key);
    fire_quote(to, "referenceValue", name);
    buf_printf(to, "}],\"before\":%s}", before ? "true" : "false");
}

static void ask_page(fire *x)
{
    buf_clear(&x->ask);
    buf_str(&x->ask, "{\"structuredQuery\":");
    fire_query(&x->ask, x->collection);
    if (x->cursor)
        add_cursor(&x->ask, "startAt", x->cursor, false);
    else if (x->from)
        add_cursor(&x->ask, "startAt", x->from, true);
    if (x->to)
        add_cursor(&x->ask, "endAt", x->to, true);
    buf_printf(&x->ask, ",\"limit\":%zu}", x->limit);
    fire_read_time(x, &x->ask);
    buf_char(&x->ask, '}');
}

/* Where a page that cannot be had would have begun. */
static bool no_page(const fire *x, err *e)
{
    const char *behind = x->cursor ? x->cursor + strlen(x->prefix) + 1 : NULL;
    if (!e || e->kind == ERR_CANCELLED)
        return false;
    if (e->kind == ERR_FAILED && x->read_us && strstr(e->text, "too old"))
        err_wrap(e, "the read time has passed out of the database's memory (270 s without point-in-time "
                    "recovery; with "
                    "it, say firestore:PROJECT@MINUTE)");
    return err_wrap(e, "%.100s, page %llu%s%.200s", x->label, x->number, behind ? ", behind " : "",
                    behind ? behind : "");
}

static bool next_page(fire *x, stop *s, err *e)
{
    x->number++;
    for (;;) {
        bool too_long = false;
        ask_page(x);
        if (fire_post(x, "runQuery", look_at, x, false, &too_long, s, e))
            break;
        if (!too_long || x->limit == 1)
            return no_page(x, e);
        x->limit = x->limit > 8 ? x->limit / 8 : 1;
    }
    x->ended = x->page.n == 0;
    if (x->next_cursor) {
        free(x->cursor);
        x->cursor = x->next_cursor;
        x->next_cursor = NULL;
    }
    return true;
}

/* ---- a document ---- */

static void count(fire *x, const char *id, size_t n)
{
    size_t i = x->last_met;
    if (i >= x->n_met || strncmp(x->met[i].id, id, n) != 0 || x->met[i].id[n])
        for (i = 0; i < x->n_met && (strncmp(x->met[i].id, id, n) != 0 || x->met[i].id[n]); i++)
            ;
    if (i == x->n_met) {
        MEM_ROOM(x->met, x->n_met, x->cap_met);
        x->met[x->n_met++] = (fire_met){.id = mem_strn(id, n)};
    }
    x->met[i].n++;
    x->last_met = i;
}

/* Counts a document by its name, that of a broken one too. */
static void count_name(fire *x, const char *name)
{
    const char *id = strrchr(name, '/'), *from = id;
    while (from && from > name && from[-1] != '/')
        from--;
    if (id && from > name)
        count(x, from, (size_t)(id - from));
}

static void place_of(const fire *x, char place[64])
{
    snprintf(place, 64, "page %llu, document %zu", x->number, x->at);
}

static legacy_got give(fire *x, legacy_document *ret, legacy_damage *ret_damage)
{
    document_name d;
    err e = {0};
    char place[64];
    place_of(x, place);
    buf_clear(&x->pieces);
    if (!document_split(x->head.name, &x->pieces, &d, &e))
        return damage(x, ret_damage, "bad_key", place, e.text);
    *ret = (legacy_document){.prefix = d.prefix,
                             .path = d.path,
                             .collection = d.collection,
                             .parent = d.parent,
                             .id = d.id,
                             .fields = x->fields.data,
                             .fields_len = x->fields.len,
                             .create_us = x->head.create_us,
                             .update_us = x->head.update_us,
                             .file = x->label};
    memcpy(ret->place, place, sizeof place);
    return LEGACY_DOCUMENT;
}

static legacy_got broken(fire *x, const rest_piece *p, const char *code, const char *why, legacy_damage *ret)
{
    char place[64];
    place_of(x, place);
    damage(x, ret, code, place, why);
    ret->raw = x->body.data + p->at;
    ret->raw_len = p->n;
    return LEGACY_DAMAGE;
}

static legacy_got next_document(fire *x, legacy_document *ret, legacy_damage *ret_damage)
{
    const rest_piece *p = &x->page.pieces[x->at++];
    const char *text = x->body.data + p->at, *code = "bad_json";
    char place[64], now[32], changed[32], why[200];
    err e = {0};
    char *name = rest_name(text, p->n);
    count_name(x, name ? name : "");
    free(name);
    free(x->head.name);
    x->head = (parse_head){0};
    if (!parse_document(text, p->n, PARSE_DOCUMENT, &x->head, &x->fields, &code, &e))
        return broken(x, p, code, e.text, ret_damage);
    if (x->head.update_us == 0)
        return broken(x, p, "bad_document",
                      "the document has no updateTime, so nobody can tell its versions apart", ret_damage);
    if (x->head.update_us <= x->read_us)
        return give(x, ret, ret_damage);
    place_of(x, place);
    time_format(x->read_us, now);
    time_format(x->head.update_us, changed);
    snprintf(why, sizeof why, "it changed at %s, though everything is read as of %s", changed, now);
    x->held = true;
    return damage(x, ret_damage, "changed", place, why);
}

/* ---- the end: is that all? ---- */

static legacy_got compare_count(fire *x, legacy_damage *ret, stop *s, err *e)
{
    char why[300];
    const fire_met *m = &x->met[x->at_met++];
    int64_t said = 0;
    if (!fire_count(x, m->id, &said, s, e))
        return e->kind == ERR_CANCELLED || e->kind == ERR_TIMEOUT ? LEGACY_FAILED
                                                                  : LEGACY_DOCUMENT; /* not said */
    if (said == m->n)
        return LEGACY_DOCUMENT;
    snprintf(why, sizeof why, "the server counts %lld documents in the collections %.100s, but %lld came",
             (long long)said, m->id, (long long)m->n);
    return damage(x, ret, "count", "", why);
}

/* Whether a document of the root collection, or of one below it, has come: the ids that were met do not tell. */
static legacy_got compare_collection(fire *x, legacy_damage *ret, stop *s, err *e)
{
    char why[200];
    const char *id = x->ids.texts[x->at_id++];
    int64_t said = 0;
    for (size_t i = 0; i < x->n_met; i++)
        if (strcmp(x->met[i].id, id) == 0)
            return LEGACY_DOCUMENT;
    /* parents that are missing are no documents: then it counts none */
    if (!fire_count(x, id, &said, s, e) || said == 0)
        return e->kind == ERR_CANCELLED || e->kind == ERR_TIMEOUT ? LEGACY_FAILED : LEGACY_DOCUMENT;
    snprintf(why, sizeof why, "the server has a collection %.60s with %lld documents, but none came", id,
             (long long)said);
    return damage(x, ret, "count", "", why);
}

/* LEGACY_DOCUMENT: nothing to say, there is more to compare. */
static legacy_got compare(fire *x, legacy_damage *ret, stop *s, err *e)
{
    err local = {0};
    bool part = x->from || x->to;
    if (part)
        return LEGACY_END;
    if (x->at_met < x->n_met) {
        legacy_got got = compare_count(x, ret, s, &local);
        if (got == LEGACY_FAILED)
            err_set(e, local.kind, "%s", local.text);
        return got;
    }
    if (!x->asked_ids && !x->collection) {
        x->asked_ids = true;
        if (fire_collections(x, &x->ids, s, &local))
            return LEGACY_DOCUMENT;
        if (local.kind == ERR_CANCELLED || local.kind == ERR_TIMEOUT)
            return err_set(e, local.kind, "%s", local.text), LEGACY_FAILED;
        return damage(x, ret, "count", "", local.text);
    }
    if (x->at_id < x->ids.n) {
        legacy_got got = compare_collection(x, ret, s, &local);
        if (got == LEGACY_FAILED)
            err_set(e, local.kind, "%s", local.text);
        return got;
    }
    return LEGACY_END;
}

/* ---- the port ---- */

static legacy_got fire_next(legacy *l, legacy_document *ret, legacy_damage *ret_damage, stop *s, err *e)
{
    fire *x = (fire *)l;
    err local = {0};
    e = e ? e : &local;
    if (s && x->calls++ % 16 == 0 && stop_now(s, e))
        return LEGACY_FAILED;
    if (x->held) {
        x->held = false;
        return give(x, ret, ret_damage);
    }
    for (;;) {
        if (x->lied) {
            x->lied = false;
            *ret_damage = x->lie;
            return LEGACY_DAMAGE;
        }
        if (x->at < x->page.n)
            return next_document(x, ret, ret_damage);
        if (!x->ended) {
            if (!next_page(x, s, e))
                return LEGACY_FAILED;
            x->port.info.start_us = x->read_us;
            continue;
        }
        legacy_got got = compare(x, ret_damage, s, e);
        if (got != LEGACY_DOCUMENT)
            return got;
    }
}

/* A set is the whole document, whatever is there; a delete that knows its document's time takes that one only. */
static bool fire_write(legacy *l, const legacy_document *change, err *e)
{
    firestore_write w = {.path = change->path, .fields = change->deleted ? NULL : change->fields};
    if (change->deleted && change->update_us) {
        w.when = FIRESTORE_IF_AT;
        w.at_us = change->update_us;
    }
    return firestore_commit(l, &w, 1, NULL, NULL, e);
}

static void fire_close(legacy *l)
{
    fire *x = (fire *)l;
    char *owned[] = {x->label, x->prefix, x->root,        x->collection, x->from,
                     x->to,    x->cursor, x->next_cursor, x->head.name};
    buf *bufs[] = {&x->ask, &x->body, &x->fields, &x->pieces};
    wire_free(x->wire);
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        buf_done(bufs[i]);
    for (size_t i = 0; i < x->n_met; i++)
        free(x->met[i].id);
    free(x->met);
    rest_page_done(&x->page);
    rest_texts_done(&x->ids);
    free(x);
}

/* ---- opening ---- */

/* Letters, digits and what ids are made of; "(default)" alone has brackets. It becomes part of an address. */
static bool id_fits(const char *id)
{
    return strcmp(id, "(default)") == 0 ||
           (*id &&
            strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") == strlen(id));
}

bool firestore_open_with(const firestore_options *o, legacy **ret, err *e)
{
    wire *w;
    wire_options wires = {.url = o->url,
                          .token_command = o->token_command,
                          .attempts = o->attempts,
                          .backoff_ms = o->backoff_ms,
                          .quiet_s = o->quiet_s};
    const char *database = o->database ? o->database : "(default)";
    if (!o->project || !id_fits(o->project) || !id_fits(database))
        return err_set(e, ERR_USAGE,
                       "a Firestore database is said as firestore:PROJECT[/DATABASE][@READTIME]");
    if (!wire_new(&wires, &w, e))
        return false;
    fire *x = MEM_NEW(fire);
    x->wire = w;
    x->label = mem_printf("%s/%s", o->project, database);
    x->prefix = mem_printf("projects/%s/databases/%s/documents", o->project, database);
    x->root = mem_str(x->prefix); /* id_fits: nothing in it needs to be encoded */
    x->collection = mem_str(o->collection);
    x->from = mem_str(o->from);
    x->to = mem_str(o->to);
    x->read_us = o->read_us;
    x->limit = o->page ? o->page : PAGE;
    buf_init(&x->ask);
    buf_init(&x->body);
    buf_init(&x->fields);
    buf_init(&x->pieces);
    x->port = (legacy){
        .kind = "firestore", .next = fire_next, .get = fire_get, .write = fire_write, .close = fire_close};
    x->port.info = (legacy_info){.said_documents = -1, .said_bytes = -1, .start_us = o->read_us};
    snprintf(x->port.info.source, sizeof x->port.info.source, "firestore:%s%s%s", o->project,
             o->database ? "/" : "", o->database ? o->database : "");
    *ret = &x->port;
    return true;
}

bool firestore_open(const char *source, legacy **ret, err *e)
{
    firestore_options o = {0};
    char *copy = mem_str(source), *at = strrchr(copy, '@'), *slash = strchr(copy, '/');
    bool ok = true;
    if (at) {
        *at = '\0';
        ok = time_parse(at + 1, &o.read_us, e) || err_wrap(e, "the read time behind @");
    }
    if (slash) {
        *slash = '\0';
        o.database = slash + 1;
    }
    o.project = copy;
    ok = ok && firestore_open_with(&o, ret, e);
    free(copy);
    return ok;
}
