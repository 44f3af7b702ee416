/* embedded: the files built into the program (views/, queries/, migrations/, the gazetteer), sorted by path. */
#ifndef SHOWX_CATALOG_EMBEDDED_H
#define SHOWX_CATALOG_EMBEDDED_H

#include <stddef.h>

typedef struct embedded_file {
    const char *path; /* as in the checkout: "queries/artists.sql" */
    const char *text; /* NUL-terminated after length bytes */
    size_t length;
} embedded_file;

extern const embedded_file embedded_files[];
extern const size_t embedded_count;

const embedded_file *embedded_find(const char *path); /* NULL when there is none */

#endif
