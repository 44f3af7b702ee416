/* Typed JSON: what is read is canonical (reading it again changes nothing) and can be walked. */
#include "base/text.h"
#include "fuzz.h"
#include "legacy/document.h"
#include <stdlib.h>
#include <string.h>

static bool visit(void *ctx, const document_node *n)
{
    (void)ctx;
    fuzz_must(n->key && n->type && n->value && n->path && n->depth <= DOCUMENT_MAX_DEPTH);
    return true;
}

static void must_be_canonical(const buf *fields)
{
    buf again;
    err e = {0};
    buf_init(&again);
    fuzz_must(text_valid(fields->data, fields->len) && strlen(fields->data) == fields->len);
    fuzz_must(document_parse_fields(fields->data, fields->len, &again, &e));
    fuzz_must(strcmp(again.data, fields->data) == 0);
    fuzz_must(document_walk(fields->data, fields->len, visit, NULL, &e));
    buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    buf fields, again;
    document_head h;
    document_name d;
    err e = {0};
    buf_init(&fields);
    buf_init(&again);
    document_walk((const char *)data, n, visit, NULL, NULL); /* whatever it is, it ends */
    if (document_parse_fields((const char *)data, n, &fields, &e))
        must_be_canonical(&fields);
    else
        fuzz_must(*e.text);
    if (document_parse((const char *)data, n, &h, &fields, &e)) {
        must_be_canonical(&fields);
        document_split(h.name, &again, &d, &e);
        free(h.name);
    }
    buf_done(&fields);
    buf_done(&again);
    return 0;
}
