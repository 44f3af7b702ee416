/* A trigger event in any form, JSON or protobuf. What was decoded is canonical already, names a document, and can be told to the
 * database; what was not says why. */
#include "fuzz.h"
#include "legacy/event.h"
#include <string.h>

static void must_be_whole(const event *ev)
{
    buf again;
    err e = {0};
    buf_init(&again);
    fuzz_must(document_parse_fields(ev->fields.data, ev->fields.len, &again, &e));
    fuzz_must(strcmp(again.data, ev->fields.data) == 0);
    fuzz_must(ev->name.path && ev->name.path[0] && ev->name.id[0] && ev->name.collection[0]);
    fuzz_must(ev->update_us >= 0 && ev->old_update_us >= 0);
    fuzz_must(ev->has_fields || strcmp(ev->fields.data, "{}") == 0);
    fuzz_must(strlen(ev->id.data) == ev->id.len);
    buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static event ev; /* reused, as a sync does: nothing of the last event may shine through */
    static bool ready;
    const char *code = NULL;
    err e = {0};
    if (!ready)
        event_init(&ev);
    ready = true;
    uint8_t *own = malloc(n ? n : 1); /* not a byte more, so that reading on is seen */
    if (n)
        memcpy(own, data, n);
    if (event_decode(own, n, &ev, &code, &e))
        must_be_whole(&ev);
    else
        fuzz_must(code && *e.text && e.kind == ERR_INPUT);
    free(own);
    return 0;
}
