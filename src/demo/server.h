/* server: the demo's own private Postgres. Its folder is $XDG_STATE_HOME/showx/demo (the "home" below).
 *
 * Unix socket only (listen_addresses = ''), no password: the socket stands in a folder of mode 0700, so only
 * its owner (and root) gets as far as connecting. Made for a demo, not for data: fsync is off, a power cut
 * may cost the cluster; `reset` makes a new one.
 *
 * Postgres refuses to run as root. For root the server runs as `postgres`, else as `nobody`, and the data
 * stands where that user can reach it: under /var/lib/showx-demo, in a folder named after the home. Where
 * things stand is kept in home/place (one line each: data folder, socket folder, user), written before
 * anything is made; nobody has to guess it later.
 *
 * Starting and stopping are under a flock on home/lock: two starts at once give one server, and both succeed.
 */
#ifndef SHOWX_DEMO_SERVER_H
#define SHOWX_DEMO_SERVER_H

#include "base/err.h"
#include <stdbool.h>
#include <sys/types.h>

#define DEMO_DATABASE "showx"
#define DEMO_USER "showx" /* the bootstrap superuser */

typedef struct demo_status {
    bool made; /* a cluster is there */
    bool running;
    pid_t pid;        /* of the postmaster, 0 when not running */
    char data[512];   /* folder of the cluster, "" when nothing was made yet */
    char socket[128]; /* folder of the socket */
    char user[64];    /* who it runs as */
    char version[16]; /* "15", from PG_VERSION */
} demo_status;

/* Makes the cluster where there is none, starts it where it does not run, makes the database `showx` where it
 * is missing. Returns once it answers. Quick when it already runs. */
bool demo_server_start(err *e);
/* Stops it (sessions are cut off); fine when it does not run. */
bool demo_server_stop(err *e);
/* Stops it and removes the cluster with all that is in it. The old database's folder is not touched. */
bool demo_server_reset(err *e);
/* Looks at files and asks the kernel; starts no process and opens no connection. */
void demo_server_status(struct demo_status *ret);
/* The conninfo of the running demo, the caller's to free(); ERR_MISSING when it does not run. As quick as the
 * status. */
bool demo_conninfo(char **ret, err *e);

#endif
