/* End to end: the built program, driven from outside, on a demo of its own. The order matters in one place:
 * what takes the demo away comes last. */
#include "e2e/suites.h"

int main(void)
{
    static Suite *(*const suites[])(void) = {suite_demo,    suite_move,    suite_lists,
                                             suite_acts,    suite_cities,  suite_tours,
                                             suite_manners, suite_console, suite_end};
    drive_begin();
    return support_run(suites, sizeof suites / sizeof *suites);
}
