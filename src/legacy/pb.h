/* pb: reads protobuf's wire format, field by field, without a schema and without allocating. It knows groups
 * (wire types 3 and 4), which proto2 entities are made of. Bounded: varints of 10 bytes, groups 32 deep. */
#ifndef SHOWX_LEGACY_PB_H
#define SHOWX_LEGACY_PB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PB_MAX_GROUPS 32

typedef enum { PB_VARINT, PB_FIXED64, PB_BYTES, PB_GROUP, PB_GROUP_END, PB_FIXED32 } pb_wire;

typedef struct pb_slice {
    const uint8_t *p;
    size_t n;
} pb_slice;

typedef struct pb_field {
    uint32_t number;
    pb_wire wire;
    uint64_t value; /* PB_VARINT, PB_FIXED64, PB_FIXED32 */
    pb_slice bytes; /* PB_BYTES and PB_GROUP: what is inside, borrowed */
} pb_field;

typedef struct pb_in {
    const uint8_t *p, *end;
    const char *why; /* static, set when pb_next ended early */
} pb_in;

pb_in pb_start(pb_slice bytes);
/* False at the end, and at a mistake: then in->why says which. */
bool pb_next(pb_in *in, pb_field *ret);
double pb_double(uint64_t fixed64);

#endif
