/* What the files of this room's tests share. */
#ifndef TESTS_CATALOG_SUITES_H
#define TESTS_CATALOG_SUITES_H

#include "base/mem.h"
#include "catalog/catalog.h"
#include "catalog/private.h"
#include "support/support.h"
#include <stdlib.h>
#include <string.h>

Suite *suite_sql(void);
Suite *suite_query(void);
Suite *suite_view(void);
Suite *suite_link(void);
Suite *suite_page(void);
Suite *suite_builtin(void);

/* Collects the sentences that a catalog tells, one a line. */
typedef struct heard {
    buf lines;
} heard;
void hear(void *ctx, const char *sentence);

/* A catalog with one file; NULL and the sentence in e when it is refused. */
catalog *with_file(const char *path, const char *text, err *e);

#define ck_contains(text, part)                                                                              \
    ck_assert_msg(strstr((text), (part)) != NULL, "'%s' does not hold '%s'", (text), (part))

#endif
