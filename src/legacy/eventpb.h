/* eventpb: google.events.cloud.firestore.v1.DocumentEventData and io.cloudevents.v1.CloudEvent off the wire. The inside of
 * event.h. */
#ifndef SHOWX_LEGACY_EVENTPB_H
#define SHOWX_LEGACY_EVENTPB_H

#include "base/buf.h"
#include "base/err.h"
#include "legacy/pb.h"
#include <stdbool.h>
#include <stdint.h>

/* A Document message. A missing time is 0. */
typedef struct eventpb_document {
    bool there;
    pb_slice name;
    int64_t create_us, update_us;
} eventpb_document;

/* fields is cleared first and gets value's fields; old's are not read. On failure *ret_code is "bad_protobuf" or "bad_value". */
bool eventpb_data(pb_slice bytes, eventpb_document *ret_value, eventpb_document *ret_old, buf *fields,
                  const char **ret_code, err *e);

/* The parts of a CloudEvent that count; empty slices where they are missing. */
typedef struct eventpb_cloud {
    pb_slice id, type, subject, document;
    pb_slice data; /* DocumentEventData, or the same as JSON text */
} eventpb_cloud;

/* True when the bytes are a CloudEvent, told by its type (field 4), which DocumentEventData does not have. */
bool eventpb_is_cloud(pb_slice bytes);
bool eventpb_cloud_read(pb_slice bytes, eventpb_cloud *ret, const char **ret_code, err *e);

#endif
