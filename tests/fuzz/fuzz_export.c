/* A managed export's records and entities. The first byte says how the rest is taken: 0 as a file of records
 * (whose checksums are put right first, or nothing would come through), else as one entity. */
#include "fuzz.h"
#include "legacy/document.h"
#include "legacy/entity.h"
#include "legacy/record.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Walks the fragments as they say they lie, and gives each the checksum that it should have. */
static void mend(uint8_t *file, size_t n)
{
    for (size_t at = 0; at + RECORD_HEADER <= n;) {
        size_t left = RECORD_BLOCK - at % RECORD_BLOCK,
               length = (size_t)file[at + 4] | (size_t)file[at + 5] << 8;
        if (left < RECORD_HEADER || length + RECORD_HEADER > left || at + RECORD_HEADER + length > n) {
            at += left;
            continue;
        }
        uint32_t crc = record_mask(record_crc(0, file + at + 6, length + 1));
        for (int i = 0; i < 4; i++)
            file[at + (size_t)i] = (uint8_t)(crc >> (8 * i));
        at += RECORD_HEADER + length;
    }
}

/* What was decoded must be canonical already, and its name must split or be refused with a sentence. */
static void decode(const void *bytes, size_t n)
{
    buf name, fields, again;
    const char *code = NULL;
    document_name d;
    err e = {0};
    buf_init(&name);
    buf_init(&fields);
    buf_init(&again);
    if (entity_decode(bytes, n, &name, &fields, &code, &e)) {
        fuzz_must(document_parse_fields(fields.data, fields.len, &again, &e));
        fuzz_must(strcmp(again.data, fields.data) == 0);
        buf_clear(&again);
        fuzz_must(document_split(name.data, &again, &d, &e) || *e.text);
    } else {
        fuzz_must(code && *e.text);
    }
    buf_done(&name);
    buf_done(&fields);
    buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    record r;
    if (n < 2)
        return 0;
    if (*data) {
        decode(data + 1, n - 1);
        return 0;
    }
    uint8_t *file = malloc(n - 1);
    memcpy(file, data + 1, n - 1);
    mend(file, n - 1);
    record_reader *reader = record_open(fmemopen(file, n - 1, "r"));
    for (record_got got; (got = record_next(reader, &r)) != RECORD_END;) {
        if (got == RECORD_GOT)
            decode(r.data, r.n);
        else
            fuzz_must(r.code && *r.why);
    }
    record_close(reader);
    free(file);
    return 0;
}
