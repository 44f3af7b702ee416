/* exportlist: what an export says of itself: its output files, counts and start, read from its metadata.
 * Whatever of that is missing or broken becomes a note, and the folder's own listing stands in for it. */
#ifndef SHOWX_LEGACY_EXPORTLIST_H
#define SHOWX_LEGACY_EXPORTLIST_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct export_note { /* becomes a legacy_damage */
    char *file;
    char place[64];
    const char *code; /* static */
    char *sentence;
} export_note;

typedef struct exportlist {
    char *dir;      /* where the metadata lies */
    char *overall;  /* the overall metadata's file name; NULL when there is none */
    char **outputs; /* relative to dir, in the order of the metadata */
    size_t n_outputs, cap_outputs;
    export_note *notes;
    size_t n_notes, cap_notes;
    int64_t said_documents, said_bytes; /* -1 = not said */
    int64_t start_us;                   /* the earliest; 0 = not said */
} exportlist;

/* Fails only when DIR holds no export. */
bool exportlist_read(const char *dir, exportlist *ret, err *e);
void exportlist_done(exportlist *l);
/* Adds a note; the sentence gets "FILE, PLACE: " in front. */
void exportlist_note(exportlist *l, const char *file, const char *place, const char *code, const char *format,
                     ...) __attribute__((format(printf, 5, 6)));
/* The folder that holds the metadata: DIR or the one export folder in it; NULL if none. The caller frees. */
char *exportlist_find(const char *dir);

#endif
