#include "world.h"

int main(void)
{
    Suite *(*const suites[])(void) = {place_suite, count_suite, model_suite, score_suite, keep_suite};
    return support_run(suites, sizeof suites / sizeof *suites);
}
