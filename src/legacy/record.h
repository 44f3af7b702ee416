/* record: the framing of an export's files, as leveldb's log has it (github.com/google/leveldb,
 * doc/log_format.md): blocks of 32,768 bytes, fragments of masked CRC-32C, length, type and data, records
 * joined from fragments.
 *
 * Nothing is skipped silently. What the checksum, the length, the type or the order of a fragment
 * gives away comes back as RECORD_DAMAGE, once. Reading goes on right behind the fragment when only its checksum is wrong and another
 * whole one stands behind it, else at the next block, with the next fragment that begins a record; so one damage may stand for several
 * records. The caller compares counts. */
#ifndef SHOWX_LEGACY_RECORD_H
#define SHOWX_LEGACY_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RECORD_BLOCK 32768
#define RECORD_HEADER 7
/* A document is at most 1 MiB as Firestore counts, but an array repeats its field's name with each element.
 */
#ifndef RECORD_MAX
#define RECORD_MAX (32u << 20)
#endif

typedef enum { RECORD_GOT, RECORD_DAMAGE, RECORD_END } record_got;

typedef struct record {
    const uint8_t *data; /* the record, or what was there instead; borrowed until the next read */
    size_t n;
    uint64_t number; /* 1, 2, 3 ... in this file */
    int64_t at;      /* where its first fragment, or the damage, begins */
    const char
        *code; /* a damage's: "crc", "length", "type", "truncated", "order", "padding", "too_long", "io" */
    char why[160];
} record;

typedef struct record_reader record_reader;

record_reader *record_open(FILE *file); /* takes the file */
record_got record_next(record_reader *r, record *ret);
void record_close(record_reader *r); /* NULL is fine */

/* CRC-32C (Castagnoli), going on from crc (0 at the start), and its masked form as it stands in a header. */
uint32_t record_crc(uint32_t crc, const uint8_t *bytes, size_t n);
uint32_t record_mask(uint32_t crc);

#endif
