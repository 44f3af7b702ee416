/* The stand-in, as Google's own client sees it (client.js): where they do not agree, what the other suites prove is
 * worth nothing. */
#include "kit.h"
#include "support/standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char *const promised[] = {
    "collection: [\"fans/f1\",\"fans/f2\",\"fans/f3\"]",
    "behind: [\"fans/f2\"]",
    "upTo: [\"fans/f1\"]",
    "group: [\"fans/f1/follows/a\",\"fans/f1/follows/b\",\"fans/f3/follows/a\"]",
    "count: 3",
    "collections: [\"cities\",\"fans\"]",
    "documents: [\"fans/f1\",\"fans/f2\",\"fans/f3\"]",
    "all: [true,false,true]",
    "partitions: [\"fans/f1/follows/a\",\"fans/f1/follows/b\",\"fans/f3/follows/a\"]",
    "written: [1,\"two\",null]",
    "late: 400",                         /* the update time is no longer its */
    "again: 409",                        /* it is there already */
    "before: {\"name\":\"Jo\",\"n\":1,", /* read as of a time before the write */
    "left: [\"fans/f3/follows/a\"]",
};

static const char values[] =
    "values: {\"name\":\"Jo\",\"n\":1,\"at\":\"2024-05-03T20:00:00.000Z\",\"where\":30.25,\"like\":"
    "\"cities/austin\"}";

static void fill(standin *server)
{
    standin_put(server, "cities/austin", "{}");
    standin_put(
        server, "fans/f1",
        "{\"name\":{\"stringValue\":\"Jo\"},\"n\":{\"integerValue\":\"1\"},\"at\":{\"timestampValue\":"
        "\"2024-05-03T20:00:00Z\"},\"where\":{\"geoPointValue\":{\"latitude\":30.25,\"longitude\":-97}},"
        "\"like\":{"
        "\"referenceValue\":\"projects/shop/databases/(default)/documents/cities/austin\"}}");
    standin_put(server, "fans/f2", "{}");
    standin_put(server, "fans/f3", "{}");
    standin_put(server, "fans/f1/follows/a", "{}");
    standin_put(server, "fans/f1/follows/b", "{}");
    standin_put(server, "fans/f3/follows/a", "{}");
}

START_TEST(googles_own_client_finds_in_it_what_it_knows_of_firestore)
{
    char said[8192];
    if (system("command -v node >/dev/null") != 0)
        support_skip("node is not installed");
    standin *server = standin_start("shop");
    fill(server);
    setenv("FIRESTORE_EMULATOR_HOST", standin_host(server), 1);
    FILE *f = popen("node tests/legacy/client.js 2>&1", "r");
    size_t n = fread(said, 1, sizeof said - 1, f);
    int status = pclose(f);
    said[n] = '\0';
    standin_stop(server);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        support_skip("there is no @google-cloud/firestore; NODE_PATH says where it is");
    ck_assert_msg(status == 0, "%s", said);
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        ck_assert_msg(strstr(said, promised[i]) != NULL, "not there: %s\nit said:\n%s", promised[i], said);
    ck_assert_msg(strstr(said, values) != NULL, "not there: %s\nit said:\n%s", values, said);
}
END_TEST

Suite *client_suite(void)
{
    Suite *s = suite_create("client");
    TCase *tc = tcase_create("the npm client");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, googles_own_client_finds_in_it_what_it_knows_of_firestore);
    suite_add_tcase(s, tc);
    return s;
}
