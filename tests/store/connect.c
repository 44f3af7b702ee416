/* Finding a server, as users of libpq expect, and saying what is wrong when there is none. */
#include "suites.h"
#include "support/pg.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fails_with(const store_options *o, const char *part, const char *advice)
{
    store *s;
    err e = {0};
    must(store_open_postgres(o, &s, E));
    ck_assert(!s->connect(s, NULL, &e));
    ck_assert_msg(e.kind == ERR_CONNECT, "%s: %s", err_word(e.kind), e.text);
    ck_assert_msg(strstr(e.text, part) && strstr(e.text, advice), "%s", e.text);
    ck_assert_ptr_null(strchr(e.text, '\n'));
    store_close(s);
}

static char *write_file(const char *name, const char *text, mode_t mode)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", support_folder(), name);
    FILE *f = fopen(path, "w");
    ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0 && chmod(path, mode) == 0);
    return path;
}

static const char *socket_folder(void)
{
    static char folder[128];
    snprintf(folder, sizeof folder, "%.*s", (int)strcspn(support_pg() + 5, " "), support_pg() + 5);
    return folder;
}

START_TEST(a_database_name_options_and_variables_find_the_server)
{
    store *s;
    free(support_pg_database("found"));
    const store_options by_options = {
        .conninfo = "found", .host = socket_folder(), .port = "5432", .user = "boot"};
    must(store_open_postgres(&by_options, &s, E));
    ck_assert_str_eq(must_ask(s, "select current_database()"), "found");
    ck_assert_str_eq(s->identity.label, "found");
    ck_assert_str_eq(s->identity.user, "boot");
    ck_assert(s->identity.local && !s->identity.encrypted && !s->identity.production);
    ck_assert(strstr(s->identity.server, "PostgreSQL ") && strstr(s->identity.server, socket_folder()));
    store_close(s);
    setenv("PGHOST", socket_folder(), 1);
    setenv("PGUSER", "boot", 1);
    setenv("PGDATABASE", "found", 1);
    s = open_at(NULL);
    ck_assert_str_eq(must_ask(s, "select current_database() || current_user"), "foundboot");
    ck_assert_str_eq(must_ask(s, "select current_setting('application_name')"), "showx tests");
    store_close(s);
    char uri[256];
    snprintf(uri, sizeof uri, "postgresql://boot@/found?host=%s", socket_folder());
    unsetenv("PGHOST");
    s = open_at(uri);
    ck_assert_str_eq(must_ask(s, "select current_database()"), "found");
    store_close(s);
}
END_TEST

START_TEST(a_service_file_is_read_and_names_the_connection)
{
    char text[256];
    free(support_pg_database("served"));
    snprintf(text, sizeof text, "[eu-prod]\nhost=%s\nuser=boot\ndbname=served\n", socket_folder());
    setenv("PGSERVICEFILE", write_file("service", text, 0600), 1);
    store *s = open_at("service=eu-prod");
    ck_assert_str_eq(must_ask(s, "select current_database()"), "served");
    ck_assert_str_eq(s->identity.label, "eu-prod");
    ck_assert(s->identity.production);
    store_close(s);
    setenv("PGSERVICE", "eu-prod", 1);
    setenv("SHOWX_LABEL", "calm", 1);
    s = open_at(NULL);
    must(s->connect(s, NULL, E));
    ck_assert_str_eq(s->identity.label, "calm");
    ck_assert(s->identity.production);
    store_close(s);
    unsetenv("PGSERVICE");
    const store_options o = {.conninfo = "service=nowhere"};
    fails_with(&o, "nowhere", "PGSERVICEFILE");
}
END_TEST

START_TEST(a_role_is_known_by_the_group_its_login_is_in)
{
    char conninfo[256];
    free(support_pg_ready("roles"));
    store *boot = open_at(support_pg());
    must_run(boot, "do $$ begin if not exists (select from pg_roles where rolname = 'anna') then create role "
                   "anna login; end if; end $$");
    must_run(boot, "grant showx_support to anna");
    must_run(boot, "alter database roles set showx.production = 'on'");
    snprintf(conninfo, sizeof conninfo, "host=%s user=anna dbname=roles", socket_folder());
    store *s = open_at(conninfo);
    must(s->connect(s, NULL, E));
    ck_assert_str_eq(s->identity.role, "support");
    ck_assert_str_eq(s->identity.user, "anna");
    ck_assert(s->identity.production);
    store_close(s);
    store_close(boot);
}
END_TEST

START_TEST(a_limit_that_an_administrator_set_is_kept)
{
    store *boot = open_at(support_pg());
    free(support_pg_database("limits"));
    must_run(boot, "alter database limits set statement_timeout = '77s'");
    char conninfo[256];
    snprintf(conninfo, sizeof conninfo, "%s dbname=limits", support_pg());
    store *s = open_at(conninfo);
    ck_assert_str_eq(must_ask(s, "show statement_timeout"), "77s");
    ck_assert_str_eq(must_ask(s, "show lock_timeout"), "30s");
    store_close(s);
    store_close(boot);
}
END_TEST

START_TEST(no_server_no_database_no_user_each_say_what_to_try)
{
    char text[256];
    const store_options nowhere = {.conninfo = "host=/nonexistent dbname=x"};
    fails_with(&nowhere, "/nonexistent", "showx demo start");
    const store_options closed = {.conninfo = "host=127.0.0.1 port=1 dbname=x"};
    fails_with(&closed, "127.0.0.1:1", "showx demo start");
    snprintf(text, sizeof text, "host=%s user=boot dbname=no_such_database", socket_folder());
    const store_options database = {.conninfo = text};
    fails_with(&database, "no_such_database", "PGDATABASE");
    char other[256];
    snprintf(other, sizeof other, "host=%s user=nobody_here dbname=postgres", socket_folder());
    const store_options user = {.conninfo = other};
    fails_with(&user, "nobody_here", "PGUSER");
    const store_options crooked = {.conninfo = "host=a,b hostaddr=1.1.1.1 dbname=x"};
    fails_with(&crooked, "hostaddr", "");
    const store_options nonsense = {.conninfo = "host=a nonsense=1"};
    fails_with(&nonsense, "nonsense", "");
    const store_options unresolved = {.conninfo = "host=no-such-host.invalid dbname=x"};
    fails_with(&unresolved, "no-such-host.invalid", "");
}
END_TEST

START_TEST(a_wrong_or_missing_password_says_where_to_put_it)
{
    char text[256], line[256];
    store *boot = open_at(support_pg());
    must_run(boot, "set password_encryption = 'scram-sha-256'");
    must_run(boot, "do $$ begin if not exists (select from pg_roles where rolname = 'locked') then create "
                   "role locked login password 'right'; end if; end $$");
    must_run(boot,
             "do $$ begin execute format('copy (select unnest(array[''local all locked scram-sha-256'', "
             "''local all all trust''])) to %L', current_setting('hba_file')); end $$");
    must_run(boot, "select pg_reload_conf()");
    must_run(boot, "select pg_sleep(0.5)");
    snprintf(text, sizeof text, "host=%s user=locked dbname=postgres", socket_folder());
    const store_options o = {.conninfo = text};
    fails_with(&o, "no password supplied", "~/.pgpass");
    setenv("PGPASSWORD", "canary-wrong", 1);
    fails_with(&o, "password authentication failed", "PGPASSWORD");
    unsetenv("PGPASSWORD");
    snprintf(line, sizeof line, "*:*:*:locked:right\n");
    setenv("PGPASSFILE", write_file("pgpass", line, 0644), 1); /* others can read it */
    fails_with(&o, "", "others can read it");
    setenv("PGPASSFILE", write_file("pgpass", line, 0600), 1);
    store *s = open_at(text);
    ck_assert_str_eq(must_ask(s, "select current_user"), "locked");
    /* the cancel on a second connection has the password too */
    stop st;
    err e = {0};
    must(stop_init(&st, 100, E));
    const store_request slow = {.name = "slow", .sql = "select pg_sleep(600)"};
    ck_assert(!s->run(s, &slow, NULL, NULL, &st, &e));
    ck_assert_int_eq(e.kind, ERR_TIMEOUT);
    stop_done(&st);
    store_close(s);
    store_close(boot);
}
END_TEST

START_TEST(a_server_without_tls_is_refused_when_tls_is_asked_for)
{
    proxy *x = proxy_start(true, PROXY_PASS);
    const store_options o = {.conninfo = proxy_conninfo(x, "postgres", "sslmode=require")};
    fails_with(&o, "does not support SSL", "sslmode");
    proxy_stop(x);
}
END_TEST

START_TEST(a_name_is_resolved_and_each_host_of_a_list_is_tried)
{
    proxy *x = proxy_start(true, PROXY_PASS), *mute = proxy_start(true, PROXY_SILENT);
    char text[256];
    store *s;
    snprintf(text, sizeof text, "host=localhost port=%d user=boot dbname=postgres sslmode=disable",
             proxy_port(x));
    s = open_at(text);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    ck_assert(s->identity.local);
    store_close(s);
    snprintf(text, sizeof text,
             "host=no-such-host.invalid,127.0.0.1,localhost port=1,%d,%d user=boot dbname=postgres "
             "sslmode=disable connect_timeout=1",
             proxy_port(mute), proxy_port(x));
    s = open_at(text);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    store_close(s);
    snprintf(text, sizeof text,
             "host=localhost port=%d user=boot dbname=postgres sslmode=disable "
             "target_session_attrs=prefer-standby",
             proxy_port(x));
    s = open_at(text);
    ck_assert_str_eq(must_ask(s, "select 42"), "42");
    store_close(s);
    proxy_stop(mute);
    proxy_stop(x);
}
END_TEST

START_TEST(a_black_hole_ends_at_the_deadline_and_at_a_stop)
{
    for (int tcp = 0; tcp < 2; tcp++) {
        proxy *x = proxy_start(tcp, PROXY_SILENT);
        store *s;
        stop st;
        err e = {0};
        asker a;
        const store_options o = {.conninfo = proxy_conninfo(x, "postgres", ""), .connect_timeout_ms = 300};
        fails_with(&o, "no answer", "-h");
        s = open_at(proxy_conninfo(x, "postgres", ""));
        must(stop_init(&st, 200, E));
        ck_assert(!s->connect(s, &st, &e));
        ck_assert_int_eq(e.kind, ERR_TIMEOUT);
        stop_done(&st);
        must(stop_init(&st, 0, E));
        asker_start(&a, &st, 100);
        ck_assert(!s->connect(s, &st, &e));
        ck_assert_int_eq(e.kind, ERR_CANCELLED);
        asker_join(&a);
        stop_done(&st);
        store_close(s);
        proxy_stop(x);
    }
}
END_TEST

START_TEST(nothing_is_ever_written_to_the_terminal)
{
    int saved = dup(2), ends[2];
    char said[256];
    ck_assert(pipe(ends) == 0);
    char *conninfo = support_pg_database("quiet");
    setenv("PGPASSFILE", write_file("pgpass", "x\n", 0666), 1);
    dup2(ends[1], 2);
    store *s = open_at(conninfo);
    free(conninfo);
    must_run(s, "do $$ begin raise notice 'torn screen'; raise warning 'torn'; end $$");
    store_close(s);
    dup2(saved, 2);
    close(saved);
    close(ends[1]);
    ssize_t n = read(ends[0], said, sizeof said - 1);
    ck_assert_msg(n == 0, "%.*s", (int)n, said);
    close(ends[0]);
}
END_TEST

Suite *connect_suite(void)
{
    Suite *suite = suite_create("connect");
    TCase *tc = tcase_create("connect");
    tcase_add_test(tc, a_database_name_options_and_variables_find_the_server);
    tcase_add_test(tc, a_service_file_is_read_and_names_the_connection);
    tcase_add_test(tc, a_role_is_known_by_the_group_its_login_is_in);
    tcase_add_test(tc, a_limit_that_an_administrator_set_is_kept);
    tcase_add_test(tc, no_server_no_database_no_user_each_say_what_to_try);
    tcase_add_test(tc, a_wrong_or_missing_password_says_where_to_put_it);
    tcase_add_test(tc, a_server_without_tls_is_refused_when_tls_is_asked_for);
    tcase_add_test(tc, a_name_is_resolved_and_each_host_of_a_list_is_tried);
    tcase_add_test(tc, a_black_hole_ends_at_the_deadline_and_at_a_stop);
    tcase_add_test(tc, nothing_is_ever_written_to_the_terminal);
    suite_add_tcase(suite, tc);
    return suite;
}
