#include "e2e/suites.h"
Suite *suite_console(void)
{
    return suite_create("console");
}
