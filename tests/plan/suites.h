#ifndef SHOWX_TESTS_PLAN_SUITES_H
#define SHOWX_TESTS_PLAN_SUITES_H

#include "support/support.h"

Suite *request_suite(void), *doc_suite(void), *load_suite(void), *trouble_suite(void), *keep_suite(void);

#endif
