#ifndef SHOWX_TESTS_UI_SUITES_H
#define SHOWX_TESTS_UI_SUITES_H

#include "support/support.h"

Suite *list_suite(void);
Suite *keys_suite(void);
Suite *table_suite(void);
Suite *canvas_suite(void);
Suite *place_suite(void);
Suite *prompt_suite(void);
Suite *map_suite(void);
Suite *builder_suite(void);
Suite *places_suite(void);
Suite *ahead_suite(void);

#endif
