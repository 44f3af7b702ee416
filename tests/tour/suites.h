/* The suites of the room's tests, one a file. */
#ifndef SHOWX_TESTS_TOUR_SUITES_H
#define SHOWX_TESTS_TOUR_SUITES_H

#include "support/support.h"

Suite *problem_suite(void);
Suite *rules_suite(void);
Suite *oracles_suite(void);
Suite *check_solve_suite(void);
Suite *reasons_suite(void);
Suite *solver_suite(void);

#endif
