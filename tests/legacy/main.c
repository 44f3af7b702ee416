#include "kit.h"

static Suite *(*const suites[])(void) = {document_suite,  entity_suite, export_suite, file_suite,
                                         contract_suite,  flip_suite,   event_suite,  json_suite,
                                         firestore_suite, client_suite};

int main(void)
{
    return support_run(suites, sizeof suites / sizeof *suites);
}
