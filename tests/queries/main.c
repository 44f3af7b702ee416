#include "suites.h"

int main(void)
{
    Suite *(*const suites[])(void) = {suite_same, suite_demand, suite_places};
    return support_run(suites, sizeof suites / sizeof *suites);
}
