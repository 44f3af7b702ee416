/* migrate read on the sources that need no folder: what is printed, and what is said when it goes wrong. */
#include "support/standin.h"
#include "support/support.h"

#include "command/command.h"

#include <stdlib.h>
#include <string.h>

typedef struct said {
    char *out, *messages;
    int code;
} said;

static said run(const char *source)
{
    said s = {0};
    size_t n, m;
    catalog *cat = catalog_new(NULL, NULL);
    commands *all = commands_new(cat);
    command_env env = {
        .catalog = cat, .out = open_memstream(&s.out, &n), .messages = open_memstream(&s.messages, &m)};
    char *argv[] = {"migrate", "read", (char *)(uintptr_t)source, "--json", NULL};
    s.code = commands_run(all, &env, 4, argv);
    fclose(env.out);
    fclose(env.messages);
    commands_free(all);
    catalog_free(cat);
    return s;
}

static void said_done(said *s)
{
    free(s->out);
    free(s->messages);
}

START_TEST(read_prints_a_firestore_database_a_document_a_line)
{
    standin *server = standin_start("shop");
    setenv("FIRESTORE_EMULATOR_HOST", standin_host(server), 1);
    standin_put(server, "fans/f1", "{\"name\":{\"stringValue\":\"Jo\"}}");
    standin_put(server, "fans/f1/follows/a", "{}");
    said s = run("firestore:shop");
    ck_assert_int_eq(s.code, 0);
    ck_assert_str_eq(s.out,
                     "{\"name\":\"fans/f1\",\"fields\":{\"name\":{\"stringValue\":\"Jo\"}},\"createTime\":"
                     "\"2025-11-22T08:26:40.001Z\",\"updateTime\":\"2025-11-22T08:26:40.001Z\"}\n"
                     "{\"name\":\"fans/f1/follows/a\",\"fields\":{},\"createTime\":"
                     "\"2025-11-22T08:26:40.002Z\",\"updateTime\":\"2025-11-22T08:26:40.002Z\"}\n");
    ck_assert_str_eq(s.messages, "2 documents, 0 errors in firestore:shop\n");
    said_done(&s);
    s = run("firestore:shop@2025-11-22T08:26:40.001Z"); /* as of then, one was there */
    ck_assert_int_eq(s.code, 0);
    ck_assert_str_eq(s.messages, "1 documents, 0 errors in firestore:shop\n");
    said_done(&s);
    standin_fault(server, &(standin_faults){.count_off = 1});
    s = run("firestore:shop");
    ck_assert_int_eq(s.code, 1);
    ck_assert_ptr_nonnull(strstr(
        s.messages,
        "showx: shop/(default): the server counts 2 documents in the collections fans, but 1 came (count)"));
    said_done(&s);
    standin_stop(server);
}
END_TEST

START_TEST(read_says_which_server_it_will_not_speak_to)
{
    setenv("FIRESTORE_EMULATOR_HOST", "db.example.com:8080", 1);
    said s = run("firestore:shop");
    ck_assert_int_ne(s.code, 0);
    ck_assert_str_eq(s.out, "");
    said_done(&s);
    s = run("firestore:a/b/c");
    ck_assert_int_eq(s.code, 2);
    said_done(&s);
}
END_TEST

Suite *migrate_command_suite(void);
Suite *migrate_command_suite(void)
{
    Suite *s = suite_create("migrate");
    TCase *tc = tcase_create("migrate read");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, read_prints_a_firestore_database_a_document_a_line);
    tcase_add_test(tc, read_says_which_server_it_will_not_speak_to);
    return s;
}
