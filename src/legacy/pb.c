#include "legacy/pb.h"
#include <string.h>

pb_in pb_start(pb_slice bytes)
{
    return (pb_in){.p = bytes.p, .end = bytes.n ? bytes.p + bytes.n : bytes.p};
}

static bool fail(pb_in *in, const char *why)
{
    in->why = why;
    return false;
}

static bool varint(pb_in *in, uint64_t *ret)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (in->p == in->end)
            return fail(in, "a number is cut off");
        uint8_t byte = *in->p++;
        if (shift == 63 && byte > 1)
            return fail(in, "a number has more than 64 bits");
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret = v;
            return true;
        }
    }
    return fail(in, "a number has more than 64 bits"); /* not reached: the tenth byte decides */
}

static bool fixed(pb_in *in, size_t bytes, uint64_t *ret)
{
    if ((size_t)(in->end - in->p) < bytes)
        return fail(in, "a fixed number is cut off");
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v |= (uint64_t)in->p[i] << (8 * i);
    in->p += bytes;
    *ret = v;
    return true;
}

/* One field, where a group gives only its start. */
static bool item(pb_in *in, pb_field *ret)
{
    uint64_t tag, n;
    if (!varint(in, &tag))
        return false;
    if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
        return fail(in, "a field number is out of range");
    *ret = (pb_field){.number = (uint32_t)(tag >> 3), .wire = (pb_wire)(tag & 7)};
    switch (ret->wire) {
    case PB_VARINT:
        return varint(in, &ret->value);
    case PB_FIXED64:
        return fixed(in, 8, &ret->value);
    case PB_FIXED32:
        return fixed(in, 4, &ret->value);
    case PB_BYTES:
        if (!varint(in, &n))
            return false;
        if (n > (uint64_t)(in->end - in->p))
            return fail(in, "a field is longer than what it stands in");
        ret->bytes = (pb_slice){.p = in->p, .n = (size_t)n};
        in->p += n;
        return true;
    case PB_GROUP:
    case PB_GROUP_END:
        return true;
    default:
        return fail(in, "a wire type is unknown");
    }
}

/* Runs to the end that belongs to the group just begun. */
static bool group(pb_in *in, pb_field *ret)
{
    uint32_t open[PB_MAX_GROUPS] = {ret->number};
    size_t depth = 1;
    ret->bytes.p = in->p;
    while (depth > 0) {
        if (in->p == in->end)
            return fail(in, "a group has no end");
        const uint8_t *before = in->p;
        pb_field f;
        if (!item(in, &f))
            return false;
        if (f.wire == PB_GROUP) {
            if (depth == PB_MAX_GROUPS)
                return fail(in, "groups are nested too deeply");
            open[depth++] = f.number;
        } else if (f.wire == PB_GROUP_END) {
            if (open[--depth] != f.number)
                return fail(in, "a group ends that was not begun");
            ret->bytes.n = (size_t)(before - ret->bytes.p);
        }
    }
    return true;
}

bool pb_next(pb_in *in, pb_field *ret)
{
    if (in->p == in->end || in->why)
        return false;
    if (!item(in, ret))
        return false;
    if (ret->wire == PB_GROUP_END)
        return fail(in, "a group ends that was not begun");
    return ret->wire != PB_GROUP || group(in, ret);
}

double pb_double(uint64_t fixed64)
{
    double v;
    memcpy(&v, &fixed64, sizeof v);
    return v;
}
