#include "optw_suite.h"
#include "suites.h"

int main(void)
{
    Suite *(*const suites[])(void) = {problem_suite, rules_suite, oracles_suite, check_solve_suite,
                                      reasons_suite, optw_suite,  solver_suite};
    return support_run(suites, sizeof suites / sizeof *suites);
}
