#include "suites.h"

static Suite *(*const suites[])(void) = {readers_suite, engine_suite,  whole_suite,  rules_suite,
                                         sync_suite,    trigger_suite, sources_suite};

int main(void)
{
    return support_run(suites, sizeof suites / sizeof *suites);
}
