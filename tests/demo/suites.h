#ifndef SHOWX_TESTS_DEMO_SUITES_H
#define SHOWX_TESTS_DEMO_SUITES_H

#include "support/support.h"

Suite *generate_suite(void);
Suite *server_suite(void);

#endif
