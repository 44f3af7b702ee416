/* One suite for each header of base. */
#ifndef SHOWX_TESTS_BASE_SUITES_H
#define SHOWX_TESTS_BASE_SUITES_H

#include "support/support.h"

Suite *err_suite(void);
Suite *mem_suite(void);
Suite *buf_suite(void);
Suite *json_suite(void);
Suite *time_suite(void);
Suite *money_suite(void);
Suite *path_suite(void);
Suite *log_suite(void);
Suite *rng_suite(void);
Suite *text_suite(void);
Suite *terminal_suite(void);
Suite *job_suite(void);

/* A suite of one case from a NULL-ended list of tests. */
Suite *suite_of(const char *name, const TTest *const tests[]);

#endif
