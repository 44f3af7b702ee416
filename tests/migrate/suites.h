/* The migrate room's suites and what they share. */
#ifndef SHOWX_TESTS_MIGRATE_SUITES_H
#define SHOWX_TESTS_MIGRATE_SUITES_H

#include "support/pg.h"
#include "support/support.h"

#include <libpq-fe.h>

Suite *readers_suite(void);
Suite *engine_suite(void);
Suite *whole_suite(void);
Suite *rules_suite(void);
Suite *sync_suite(void);
Suite *trigger_suite(void);
Suite *sources_suite(void);

/* A session on a new database with the schema, a few places and the models. */
PGconn *migrate_database(const char *name);
/* The first cell ("" for null), valid until the next call. A failing statement fails the test. */
const char *migrate_ask(PGconn *db, const char *sql);

#endif
