/* What a Firestore server answers: taken apart whole or not at all, its pieces where they are said to be, and each
 * piece a document or a sentence. The first byte chooses what the rest is read as. */
#include "base/mem.h"
#include "fuzz.h"
#include "legacy/parse.h"
#include "legacy/rest.h"
#include <stdlib.h>
#include <string.h>

static void page(rest_kind kind, const char *body, size_t n)
{
    rest_page p = {0};
    rest_refusal r;
    err e = {0};
    size_t behind = 0;
    buf fields;
    buf_init(&fields);
    if (!rest_page_read(kind, body, n, &p, &r, &e))
        fuzz_must(p.n == 0 && *e.text && (r.code == 0 || (r.code >= 400 && r.code < 600)));
    for (size_t i = 0; i < p.n; i++) {
        const rest_piece *piece = &p.pieces[i];
        parse_head head = {0};
        const char *code = NULL;
        fuzz_must(piece->at >= behind && piece->n >= 2 && piece->at + piece->n <= n);
        fuzz_must(body[piece->at] == (piece->missing ? '"' : '{'));
        behind = piece->at + piece->n;
        char *name = piece->missing ? NULL : rest_name(body + piece->at, piece->n);
        e = (err){0};
        if (parse_document(body + piece->at, piece->n, PARSE_DOCUMENT, &head, &fields, &code, &e))
            fuzz_must(name && strcmp(name, head.name) == 0); /* both readers saw the same name */
        else
            fuzz_must(code && *e.text);
        free(name);
        free(head.name);
    }
    buf_done(&fields);
    rest_page_done(&p);
}

static void list(bool (*read)(const char *, size_t, rest_texts *, rest_refusal *, err *), const char *body,
                 size_t n)
{
    rest_texts t = {0};
    rest_refusal r;
    err e = {0};
    bool ok = read(body, n, &t, &r, &e);
    fuzz_must(ok || (*e.text && t.n == 0 && !t.token));
    for (size_t i = 1; i < t.n; i++) {
        int order = rest_compare_names(t.texts[i - 1], t.texts[i]);
        int turned = rest_compare_names(t.texts[i], t.texts[i - 1]);
        fuzz_must((order > 0) == (turned < 0) && (order == 0) == (strcmp(t.texts[i - 1], t.texts[i]) == 0));
    }
    rest_texts_done(&t);
}

static void numbers(const char *body, size_t n)
{
    int64_t count = -1, us[3];
    rest_refusal r;
    err e = {0};
    fuzz_must(rest_count_read(body, n, &count, &r, &e) ? count >= 0 : *e.text != '\0');
    e = (err){0};
    fuzz_must(rest_commit_read(body, n, us, 3, &r, &e) || *e.text);
    rest_refusal_read(body, n, &r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    char *body = mem_strn((const char *)data + 1, n - 1); /* a block of its own: reading past it is seen */
    switch (data[0] % 5) {
    case 0:
        page(REST_QUERY, body, n - 1);
        break;
    case 1:
        page(REST_BATCH, body, n - 1);
        break;
    case 2:
        list(rest_collections_read, body, n - 1);
        break;
    case 3:
        list(rest_partitions_read, body, n - 1);
        break;
    default:
        numbers(body, n - 1);
    }
    free(body);
    return 0;
}
