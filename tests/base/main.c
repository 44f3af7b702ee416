#include "suites.h"

Suite *suite_of(const char *name, const TTest *const tests[])
{
    Suite *s = suite_create(name);
    TCase *tc = tcase_create(name);
    suite_add_tcase(s, tc);
    for (size_t i = 0; tests[i]; i++)
        tcase_add_test(tc, tests[i]);
    return s;
}

int main(void)
{
    Suite *(*const suites[])(void) = {
        err_suite,  mem_suite, buf_suite, json_suite, time_suite,     money_suite,
        path_suite, log_suite, rng_suite, text_suite, terminal_suite, job_suite,
    };
    return support_run(suites, sizeof suites / sizeof *suites);
}
