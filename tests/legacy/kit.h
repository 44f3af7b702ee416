/* kit: what the legacy room's tests share: an encoder for exports, folders to read, and everything a source
 * gives as one text that can be compared. */
#ifndef SHOWX_TESTS_LEGACY_KIT_H
#define SHOWX_TESTS_LEGACY_KIT_H

#include "base/buf.h"
#include "legacy/legacy.h"
#include "support/support.h"

/* Protobuf. */
void kit_varint(buf *to, uint64_t v);
void kit_tag(buf *to, unsigned field, unsigned wire);
void kit_int(buf *to, unsigned field, int64_t v);
void kit_bytes(buf *to, unsigned field, const void *bytes, size_t n);
void kit_str(buf *to, unsigned field, const char *s);
void kit_double(buf *to, unsigned field, double v);

/* Entities. Path: "coll/doc/coll/#12" where #12 is a numeric id. */
void kit_key(buf *entity, const char *app, const char *space, const char *database, const char *path);
void kit_reference(buf *value, const char *app, const char *space, const char *database, const char *path);
/* One property; meaning 0 = none. value NULL = no value field at all. */
void kit_property(buf *entity, unsigned field, unsigned meaning, const char *name, bool multiple,
                  const buf *value);

/* Framing. */
void kit_fragment(buf *file, unsigned type, const void *bytes, size_t n);
void kit_record(buf *file, const void *bytes, size_t n); /* split over blocks as the writer does */

/* Folders. */
void kit_write(const char *dir, const char *name, const void *bytes,
               size_t n); /* makes the folders of name too */
buf kit_read(const char *dir, const char *name);
/* An export of one output file; documents and bytes as said in its metadata, -1 = left out. */
void kit_export(const char *dir, const buf *output, int64_t documents, int64_t bytes);
void kit_copy_export(const char *from, const char *to); /* output-0 and the two metadata files */
extern const char kit_output[];                         /* "all_namespaces/all_kinds/output-0" */

/* Reads a source to its end: "PATH FIELDS [deleted]\n" a document, "CODE FILE PLACE: SENTENCE\n" a damage. */
typedef struct kit_all {
    buf documents, damages;
    size_t n_documents, n_damages;
} kit_all;
typedef bool (*kit_open)(const char *dir, legacy **ret, err *e);
kit_all kit_read_all(kit_open open, const char *source);
void kit_all_done(kit_all *all);

/* ../shared or SHOWX_SHARED, with tail; NULL when it is not there. Static storage. */
const char *kit_shared(const char *tail);

extern kit_open
    kit_unchecked_export; /* the export reader built without its CRC check: the positive control */

Suite *document_suite(void);
Suite *entity_suite(void);
Suite *export_suite(void);
Suite *file_suite(void);
Suite *contract_suite(void);
Suite *flip_suite(void);
Suite *event_suite(void);
Suite *json_suite(void);
Suite *firestore_suite(void);
Suite *client_suite(void);

#endif
