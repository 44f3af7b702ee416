/* resolve: names of hosts to addresses without being held up: getaddrinfo() can block for longer than anybody
 * waits and cannot be ended, so it runs on a thread that is left behind when the stop or the deadline comes
 * first. */
#ifndef SHOWX_STORE_RESOLVE_H
#define SHOWX_STORE_RESOLVE_H

#include "base/err.h"
#include "base/job.h"

/* The addresses of host as numbers, best first, malloced each and as a whole; at least one. */
bool resolve_name(const char *host, int64_t until_ms, char ***ret, size_t *ret_n, stop *st, err *e);

#endif
