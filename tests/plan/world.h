/* world: the small shop that plans are tested on, in a private Postgres and, the same rows, in SQLite. It is 15 January 2030.
 *
 *   Ada (a1, USD) lives in Austin and is to tour from 1 to 21 March. Confirmed: Austin on the 8th, with a radius clause of 80 miles and 30
 *   days; and, before the window, Dallas on 20 February with 50 miles, 10 days before, 20 after. A first hold in Houston on the 12th that ends on
 *   20 January. Away on the 15th and 16th. A radio session in San Antonio on the 18th.
 *   Bea (a2) plays in Tulsa on every day, holds Denver on the 5th and has an offer out in Kansas City on the 5th.
 *   Oklahoma City's room is closed on the 6th. Round Rock lies beside Austin: one market. Cleo's (a3) money is in EUR. */
#ifndef SHOWX_TESTS_PLAN_WORLD_H
#define SHOWX_TESTS_PLAN_WORLD_H

#include "plan/plan.h"

typedef struct world {
    catalog *catalog;
    store *stores[2]; /* by store_dialect */
    cities *places;
} world;

void world_again(void); /* a fresh Postgres */
void world_make(void);  /* unchecked fixture */
void world_open(world *w);
void world_close(world *w);
void world_run(const char *sql); /* on Postgres, with a reason */
plan_request world_request(void);
const char *world_conninfo(void);

#endif
