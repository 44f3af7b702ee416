#include "suites.h"

int main(void)
{
    Suite *(*const suites[])(void) = {suite_same};
    return support_run(suites, sizeof suites / sizeof *suites);
}
