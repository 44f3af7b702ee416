#include "suites.h"

int main(void)
{
    static Suite *(*const suites[])(void) = {list_suite,    keys_suite,   canvas_suite, table_suite,
                                             place_suite,   prompt_suite, map_suite,    places_suite,
                                             builder_suite, ahead_suite};
    return support_run(suites, sizeof suites / sizeof *suites);
}
