/* run: other programs, without a shell; and folders removed whole. */
#ifndef SHOWX_DEMO_RUN_H
#define SHOWX_DEMO_RUN_H

#include "base/err.h"
#include <stdbool.h>
#include <sys/types.h>

/* Runs a program of Postgres (argv[0] its bare name: found in PATH, beside pg_config, or in the newest
 * /usr/lib/postgresql/N/bin) as that user, in / with no terminal, and waits. What it says last is the
 * sentence of its failure. */
bool run_program(const char *const argv[], uid_t uid, gid_t gid, err *e);
/* Starts a program that stays, in a session of its own, its output appended to log. Returns its process, 0
 * when that failed. */
pid_t run_server(const char *const argv[], uid_t uid, gid_t gid, const char *log, err *e);
/* Removes a folder with all that is in it, without following links; fine when it is not there. */
bool run_remove(const char *dir, err *e);
/* The last line that is not blank. */
void run_last_line(const char *text, char *out, size_t size);

#endif
