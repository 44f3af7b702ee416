#include "suites.h"

int main(void)
{
    Suite *(*const suites[])(void) = {generate_suite, server_suite};
    return support_run(suites, sizeof suites / sizeof *suites);
}
