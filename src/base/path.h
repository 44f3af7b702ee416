/* path: XDG folders, made on demand with 0700. Returned strings are the caller's to free(). */
#ifndef SHOWX_BASE_PATH_H
#define SHOWX_BASE_PATH_H

#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>

char *path_state(const char *tail);  /* $XDG_STATE_HOME/showx/TAIL, else ~/.local/state/showx/TAIL */
char *path_config(const char *tail); /* $XDG_CONFIG_HOME/showx/TAIL */
char *path_cache(const char *tail);  /* $XDG_CACHE_HOME/showx/TAIL */
char *path_join(const char *dir, const char *name);
bool path_make_dirs(const char *dir, unsigned mode, err *e); /* mkdir -p */
/* Reads a whole file up to max bytes; the error names the file. */
bool path_read(const char *file, size_t max, buf *out, err *e);
/* Writes to a temporary beside it, fsync, rename, fsync of the folder: the old or the new file whole. */
bool path_write_atomic(const char *file, const void *bytes, size_t n, unsigned mode, err *e);

#endif
