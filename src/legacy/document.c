#include "legacy/document.h"
#include "legacy/parse.h"
#include "legacy/typed.h"
#include <string.h>

/* "projects/P/databases/D/documents/" in front of the path: its length without the last '/', or 0. */
static size_t prefix_length(const char *name)
{
    static const char *const words[] = {"projects", NULL, "databases", NULL, "documents"};
    const char *p = name;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strcspn(p, "/");
        if (p[n] != '/' || n == 0 || (words[i] && (strlen(words[i]) != n || memcmp(p, words[i], n) != 0)))
            return 0;
        p += n + 1;
    }
    return (size_t)(p - name) - 1;
}

/* Checks the segments of a path and counts them. */
static bool count_segments(const char *path, size_t *ret, err *e)
{
    size_t segments = 0;
    for (const char *p = path;; segments++) {
        size_t n = strcspn(p, "/");
        if (n == 0)
            return err_set(e, ERR_INPUT, "the name has an empty part");
        if ((n == 1 && *p == '.') || (n == 2 && memcmp(p, "..", 2) == 0))
            return err_set(e, ERR_INPUT, "the name has a part that is . or ..");
        p += n;
        if (!*p)
            break;
        p++;
    }
    segments++;
    if (segments % 2)
        return err_set(e, ERR_INPUT, "the name is a collection's, not a document's");
    *ret = segments;
    return true;
}

/* A piece at the store's end, where there is room. */
static char *piece(buf *store, const char *s, size_t n)
{
    char *at = store->data + store->len;
    memcpy(at, s, n);
    at[n] = '\0';
    store->len += n + 1;
    return at;
}

static void fill(const char *prefix, size_t prefix_n, const char *path, size_t segments, buf *store,
                 document_name *ret)
{
    size_t n = strlen(path), i = 0;
    document_name d = {.prefix = piece(store, prefix, prefix_n), .path = piece(store, path, n)};
    const char *p = path, *id = path, *parent_end = NULL;
    char *collection = store->data + store->len, *to = collection;
    for (; i < segments; i++) {
        size_t k = strcspn(p, "/");
        if (i % 2 == 0) {
            if (i > 0) {
                *to++ = '/';
                parent_end = p - 1;
            }
            memcpy(to, p, k);
            to += k;
        } else {
            id = p;
        }
        p += k + 1;
    }
    *to++ = '\0';
    store->len += (size_t)(to - collection);
    d.collection = collection;
    d.parent = parent_end ? piece(store, path, (size_t)(parent_end - path)) : NULL;
    d.id = piece(store, id, strlen(id));
    store->data[store->len] = '\0';
    *ret = d;
}

bool document_split(const char *name, buf *store, document_name *ret, err *e)
{
    size_t segments = 0, n = strlen(name), prefix = prefix_length(name), len = store->len;
    const char *path = prefix ? name + prefix + 1 : name;
    if (!typed_text_ok(name, n))
        return err_set(e, ERR_INPUT, "the name is not valid UTF-8");
    if (!count_segments(path, &segments, e))
        return false;
    for (int i = 0; i < 5; i++) /* five pieces, none longer than the name: now they will not move */
        buf_add(store, name, n + 1);
    store->len = len;
    fill(name, prefix, path, segments, store, ret);
    return true;
}

bool document_parse(const char *json, size_t n, document_head *ret, buf *fields_out, err *e)
{
    const char *code;
    parse_head h;
    if (!parse_document(json, n, PARSE_DOCUMENT, &h, fields_out, &code, e))
        return false;
    *ret = (document_head){.name = h.name, .create_us = h.create_us, .update_us = h.update_us};
    return true;
}

bool document_parse_fields(const char *json, size_t n, buf *fields_out, err *e)
{
    const char *code;
    return parse_fields(json, n, fields_out, &code, e);
}
