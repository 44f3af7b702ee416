/* pg: a private Postgres for tests. Nothing has to run beforehand, no port is opened, nothing stays behind.
 *
 * The server starts on the first call of support_pg() in a folder of its own under /tmp: unix socket only,
 * fsync off, trust; when the tests run as root it drops to `postgres` or `nobody`. A watcher process owns it
 * and takes it down and away when the process that started it ends, however it ends. Check runs each test in
 * a fork: start it from main or from an unchecked fixture (tcase_add_unchecked_fixture), so that all tests
 * share one server; started inside a test it works too, but then it lives for that test alone and costs a
 * second or two.
 *
 * A failure to start ends the process with a sentence: without its server a test can tell nothing. */
#ifndef SHOWX_SUPPORT_PG_H
#define SHOWX_SUPPORT_PG_H

#include "base/err.h"
#include <stdbool.h>

/* The conninfo of the server's bootstrap superuser (database postgres). Borrowed. Repeat a key behind it to
 * change it:
 * "... user=somebody" (the last one counts; any role may log in). */
const char *support_pg(void);

/* A fresh, empty UTF-8 database of that name; one that was there is dropped with its sessions. It belongs to
 * the role `shop`, which is what a managed service gives: CREATEROLE and the database, no superuser. Returns
 * shop's conninfo, the caller's to free(). */
char *support_pg_database(const char *name);

/* Applies migrations/schema/[0-9]*.sql in order from the disk, each in its transaction, under $SHOWX_ROOT or
 * the current folder. Stops at the first that fails: e names the file and has the server's sentence. */
bool support_pg_schema(const char *conninfo, err *e);

/* As support_pg_database, with the schema in it: copied from a database to which it was applied once. */
char *support_pg_ready(const char *name);

#endif
