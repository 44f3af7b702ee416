/* shop: the small world of the schema's tests. Every test gets a fresh database with the schema and these
 * rows:
 *
 *   logins   anna (support), mona (manager of the artists a1 and a2), max (manager of a3), enno (engineer),
 * rita (readonly); the owner is `shop`, which ran the migrations venues   v1 and v2 in Austin, v3 in Dallas
 * (182 miles away) concerts c1 (a1, opened by a3), c2 (a3) fans     f1 follows a1 with consent, f2 follows a1
 * without, f3 follows a3 with consent orders   o1 for c1 by f1, o2 for c2 by f3, one ticket each tours    t1
 * of a1, t3 of a3, one stop each bookings b1 and b2 of a1 and a2: holds 1 and 2 of v1 on 2030-05-01; b3 of
 * a3: hold 1 of v2 on that day */
#ifndef SHOWX_TESTS_SCHEMA_SHOP_H
#define SHOWX_TESTS_SCHEMA_SHOP_H

#include "support/pg.h"
#include "support/support.h"
#include <libpq-fe.h>

void shop_cluster(void); /* unchecked fixture: the server and the logins */
void shop_open(void);    /* checked fixture: the database */
void shop_close(void);

PGconn *as(const char *login); /* a new connection, closed by shop_close */
PGconn *as_owner(void);        /* as shop, its writes taken for the migration's */

/* Runs it; the test fails unless it works. */
void ok(PGconn *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same in a transaction with a reason. */
void done(PGconn *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Runs it in a transaction with a reason; the test fails unless it is refused with this SQLSTATE and a
 * message having `words`. */
void refused(PGconn *c, const char *state, const char *words, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The first cell, "" for null or no row. Lives until some 16 calls later. */
const char *ask(PGconn *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The DETAIL of the last refusal. */
const char *last_detail(void);

TCase *shop_case(Suite *s, const char *name); /* a case with the fixtures above */

#endif
