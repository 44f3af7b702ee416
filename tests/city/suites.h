/* suites: what the files of tests/city hand to main.c. */
#ifndef SHOWX_TESTS_CITY_SUITES_H
#define SHOWX_TESTS_CITY_SUITES_H

#include "support/support.h"

Suite *cities_suite(void);
Suite *typed_suite(void);
Suite *sphere_suite(void);
Suite *dump_suite(void);

#endif
