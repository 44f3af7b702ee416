#include "support/support.h"

Suite *rights_suite(void), *rows_suite(void), *audit_suite(void), *versions_suite(void), *notes_suite(void),
    *bookings_suite(void), *demand_suite(void), *avails_suite(void), *plans_suite(void), *sync_suite(void);

int main(void)
{
    Suite *(*const suites[])(void) = {rights_suite,   rows_suite,   audit_suite,  versions_suite, notes_suite,
                                      bookings_suite, demand_suite, avails_suite, plans_suite,    sync_suite};
    return support_run(suites, sizeof suites / sizeof *suites);
}
