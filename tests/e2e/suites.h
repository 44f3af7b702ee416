#ifndef SHOWX_E2E_SUITES_H
#define SHOWX_E2E_SUITES_H

#include "e2e/drive.h"
#include "support/support.h"

Suite *suite_demo(void);    /* demo.c: from nothing, and again */
Suite *suite_move(void);    /* move.c: from documents to rows, counted */
Suite *suite_lists(void);   /* lists.c: every list in every format */
Suite *suite_acts(void);    /* acts.c: notes, rights, conflicts */
Suite *suite_cities(void);  /* cities.c: places and the demand there */
Suite *suite_tours(void);   /* tours.c: tours planned, kept, asked and held */
Suite *suite_manners(void); /* manners.c: exit codes, pipes, places without a terminal */
Suite *suite_console(void); /* console.c: in a terminal */
Suite *suite_end(void);     /* demo.c: what takes the demo away */

/* A case whose tests share the demo; what they were handed is freed behind each. */
static inline TCase *e2e_case(Suite *s, const char *name)
{
    TCase *tc = tcase_create(name);
    tcase_add_checked_fixture(tc, NULL, drive_forget);
    suite_add_tcase(s, tc);
    return tc;
}

#endif
