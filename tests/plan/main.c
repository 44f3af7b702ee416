#include "suites.h"

int main(void)
{
    Suite *(*const suites[])(void) = {request_suite, doc_suite, load_suite, trouble_suite, keep_suite};
    return support_run(suites, sizeof suites / sizeof *suites);
}
