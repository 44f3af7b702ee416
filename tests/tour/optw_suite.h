/* The benchmark's suite, apart from those of the tour problem. */
#ifndef SHOWX_TESTS_TOUR_OPTW_SUITE_H
#define SHOWX_TESTS_TOUR_OPTW_SUITE_H

#include "support/support.h"

Suite *optw_suite(void);
void optw_search_tests(Suite *s); /* check_optw_search.c: adds its case */

#endif
