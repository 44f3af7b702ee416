/* filelog: the writing side of a file: folder's change log; file.h says what stands in it. */
#ifndef SHOWX_LEGACY_FILELOG_H
#define SHOWX_LEGACY_FILELOG_H

#include "legacy/legacy.h"

typedef struct filelog {
    char *file;   /* owned */
    int fd;       /* -1 until the first write */
    int64_t size; /* of the log after our last write: unchanged = seq is still the last */
    int64_t seq;
} filelog;

#define FILELOG_CUT "#cut" /* what the next writer puts behind a line that was cut */

void filelog_init(filelog *l, char *file); /* takes file */
void filelog_done(filelog *l);
/* One change: one line, one write(2), fsync. ERR_UNKNOWN when it was written but not known to be on disk. */
bool filelog_append(filelog *l, const char *default_prefix, const legacy_document *change, err *e);

#endif
