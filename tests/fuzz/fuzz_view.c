/* View files: whatever the bytes are, a file is taken or refused with a sentence that names it, and what was
 * taken links without leaving a name unresolved. */
#include "base/text.h"
#include "catalog/catalog.h"
#include "fuzz.h"
#include <string.h>

static void told(void *ctx, const char *sentence)
{
    size_t *n = ctx;
    fuzz_must(*sentence && text_valid(sentence, strlen(sentence)));
    ++*n;
}

static void add(catalog *c, const char *path, const char *text)
{
    err e = {0};
    fuzz_must(catalog_add(c, path, text, strlen(text), &e));
}

static void look(const view *v)
{
    fuzz_must(v->name && v->title && v->summary && v->empty && v->query && v->ncolumns > 0);
    for (size_t i = 0; i < v->ncolumns; i++)
        fuzz_must(v->columns[i].title && v->columns[i].width_min >= 1 &&
                  v->columns[i].width_max >= v->columns[i].width_min && column_type_word(v->columns[i].type));
    for (size_t i = 0; i < v->ngos; i++)
        fuzz_must(v->gos[i].key && v->gos[i].view && v->gos[i].line > 0);
    for (size_t i = 0; i < v->nsearch; i++)
        fuzz_must(v->search[i] && v->search_said[i]);
    if (v->kind == VIEW_HOME)
        return;
    page_request p = {.view = v, .tier = -1, .limit = 10};
    statement s = {0};
    err e = {0};
    if (page_bind(&p, STORE_SQLITE, &s, &e))
        statement_done(&s);
    else
        fuzz_must(*e.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    catalog *c = catalog_empty();
    err e = {0};
    size_t sentences = 0;
    add(c, "queries/artists.sql", "-- artists: a\n-- :city_id text = null\nselect 1 where :city_id is null");
    add(c, "queries/artist.sql", "-- artist: a\n-- :artist_id text\nselect :artist_id");
    add(c, "queries/by_word.sql", "-- by_word: a\n-- :search fold\nselect :search from {{artists}} as x");
    add(c, "views/artist.view",
        "title = A\nkind = detail\nquery = artist\nkey = artist_id\n[column artist_id]\n");
    if (!catalog_add(c, "views/fuzzed.view", (const char *)data, n, &e))
        fuzz_must(e.kind == ERR_INPUT && strncmp(e.text, "views/fuzzed.view:", 18) == 0);
    fuzz_must(catalog_link(c, told, &sentences) == sentences);
    const view *const *views;
    for (size_t i = catalog_views(c, &views); i-- > 0;)
        look(views[i]);
    catalog_free(c);
    return 0;
}
