#include "suites.h"

void hear(void *ctx, const char *sentence)
{
    heard *h = ctx;
    buf_printf(&h->lines, "%s\n", sentence);
}

catalog *with_file(const char *path, const char *text, err *e)
{
    catalog *c = catalog_empty();
    if (catalog_add(c, path, text, strlen(text), e))
        return c;
    catalog_free(c);
    return NULL;
}

int main(void)
{
    Suite *(*const suites[])(void) = {suite_sql,  suite_query, suite_view,
                                      suite_link, suite_page,  suite_builtin};
    return support_run(suites, sizeof suites / sizeof *suites);
}
