/* Query files: taken or refused with a sentence; what was taken binds, and a bound statement has one value
 * for each place. */
#include "base/text.h"
#include "catalog/catalog.h"
#include "fuzz.h"
#include <string.h>

static void bind(const query *q, store_dialect dialect)
{
    static const char *const texts[] = {"1", "2026-11-22", "2026-11-22T18:10:00Z", "x"};
    query_value values[64];
    for (size_t round = 0; round < sizeof texts / sizeof *texts; round++) {
        size_t n = 0;
        for (; n < q->nparams && n < 64; n++)
            values[n] = (query_value){q->params[n].name, texts[round]};
        statement s = {0};
        err e = {0};
        if (!query_bind(q, dialect, values, n, &s, &e)) {
            fuzz_must(*e.text && !s.sql);
            continue;
        }
        fuzz_must(s.sql && text_valid(s.sql, strlen(s.sql)) && s.name && s.nparams <= q->nparams);
        for (size_t i = 0; i < s.nparams; i++)
            fuzz_must(!s.params[i].text || text_valid(s.params[i].text, strlen(s.params[i].text)));
        statement_done(&s);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char other[] = "-- other: a\n-- :x text = null\nselect :x from {{fuzzed}} as f";
    catalog *c = catalog_empty();
    err e = {0};
    fuzz_must(catalog_add(c, "queries/other.sql", other, strlen(other), &e));
    if (!catalog_add(c, "queries/fuzzed.sql", (const char *)data, n, &e))
        fuzz_must(e.kind == ERR_INPUT && strncmp(e.text, "queries/fuzzed.sql:", 19) == 0);
    catalog_link(c, NULL, NULL);
    const query *const *queries;
    for (size_t i = catalog_queries(c, &queries); i-- > 0;) {
        bind(queries[i], STORE_POSTGRES);
        bind(queries[i], STORE_SQLITE);
    }
    catalog_free(c);
    return 0;
}
