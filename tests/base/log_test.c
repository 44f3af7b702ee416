/* log.c is linked here with a turn-over at 300 bytes (small.c). */
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "suites.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *file;
static buf text;

static void begin(log_level least)
{
    unsetenv("SHOWX_LOG");
    setenv("SHOWX_NOW", "2026-11-22T18:10:00Z", 1);
    file = mem_printf("%s/deep/showx.log", support_folder());
    buf_init(&text);
    log_open(file, least);
}

static const char *read_log(void)
{
    err e = {0};
    buf_clear(&text);
    ck_assert_msg(path_read(file, 1 << 20, &text, &e), "%s", e.text);
    return text.data;
}

static void end(void)
{
    log_close();
    buf_done(&text);
    free(file);
}

START_TEST(a_line_has_time_level_process_and_message_in_a_private_file)
{
    umask(0);
    begin(LOG_INFO);
    log_info("connected to %s", "demo");
    char *want = mem_printf("2026-11-22T18:10:00Z info  %d connected to demo\n", (int)getpid());
    ck_assert_str_eq(read_log(), want);
    struct stat st;
    ck_assert_int_eq(stat(file, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    free(want);
    end();
}
END_TEST

START_TEST(a_file_that_others_could_read_is_closed_to_them)
{
    begin(LOG_INFO);
    log_close();
    ck_assert_int_eq(chmod(file, 0644), 0);
    log_open(file, LOG_INFO);
    struct stat st;
    ck_assert_int_eq(stat(file, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    end();
}
END_TEST

START_TEST(lines_below_the_level_are_left_out_and_the_environment_decides)
{
    begin(LOG_WARN);
    log_info("quiet");
    log_error("loud");
    ck_assert_ptr_null(strstr(read_log(), "quiet"));
    ck_assert_ptr_nonnull(strstr(read_log(), "error"));
    setenv("SHOWX_LOG", "debug", 1);
    log_open(file, LOG_ERROR);
    log_debug("now heard");
    ck_assert_ptr_nonnull(strstr(read_log(), "now heard"));
    end();
}
END_TEST

START_TEST(a_message_cannot_make_a_second_line_or_steer_the_reader)
{
    begin(LOG_INFO);
    log_warn("name \x1b[2J\n2026 error forged \xE2\x80\xAE|");
    const char *said = read_log();
    ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
    ck_assert_ptr_null(strchr(said, '\x1b'));
    ck_assert_ptr_null(strstr(said, "\xE2\x80\xAE"));
    end();
}
END_TEST

START_TEST(a_full_log_is_turned_over_once)
{
    begin(LOG_INFO);
    for (int i = 0; i < 20; i++)
        log_info("line %02d ......................................", i);
    ck_assert_ptr_nonnull(strstr(read_log(), "line 19"));
    ck_assert_uint_le(text.len, 300);
    char *old = mem_printf("%s.1", file);
    buf_clear(&text);
    ck_assert(path_read(old, 1 << 20, &text, NULL));
    ck_assert_uint_le(text.len, 300);
    ck_assert_ptr_nonnull(strstr(text.data, "line "));
    free(old);
    end();
}
END_TEST

START_TEST(a_log_that_another_program_turned_over_is_followed)
{
    begin(LOG_INFO);
    log_info("first");
    char *old = mem_printf("%s.1", file);
    ck_assert_int_eq(rename(file, old), 0);
    log_info("second");
    ck_assert_ptr_nonnull(strstr(read_log(), "second"));
    ck_assert_ptr_null(strstr(read_log(), "first"));
    free(old);
    end();
}
END_TEST

START_TEST(logging_nowhere_and_into_what_cannot_be_opened_is_quiet_and_keeps_errno)
{
    log_open(NULL, LOG_DEBUG);
    errno = EAGAIN;
    log_error("x");
    ck_assert_int_eq(errno, EAGAIN);
    log_open("/dev/null/no/such.log", LOG_DEBUG);
    errno = EAGAIN;
    log_error("x");
    ck_assert_int_eq(errno, EAGAIN);
    begin(LOG_INFO);
    log_close();
    char *target = mem_printf("%s.target", file);
    ck_assert_int_eq(unlink(file), 0);
    ck_assert_int_eq(symlink(target, file), 0);
    log_open(file, LOG_INFO); /* a link could point at anything */
    log_error("x");
    ck_assert_int_ne(access(target, F_OK), 0);
    free(target);
    end();
}
END_TEST

static void *write_many(void *arg)
{
    for (int i = 0; i < 3; i++)
        log_info("%s", (const char *)arg);
    return NULL;
}

START_TEST(lines_of_two_threads_do_not_mix)
{
    begin(LOG_INFO);
    pthread_t a, b;
    ck_assert_int_eq(pthread_create(&a, NULL, write_many, "aaaa"), 0);
    ck_assert_int_eq(pthread_create(&b, NULL, write_many, "bbbb"), 0);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    int lines = 0;
    for (char *line = strtok((char *)read_log(), "\n"); line; line = strtok(NULL, "\n"), lines++) {
        size_t n = strlen(line);
        ck_assert_msg(strcmp(line + n - 5, " aaaa") == 0 || strcmp(line + n - 5, " bbbb") == 0, "%s", line);
    }
    ck_assert_int_eq(lines, 6);
    end();
}
END_TEST

Suite *log_suite(void)
{
    return suite_of(
        "log", (const TTest *const[]){a_line_has_time_level_process_and_message_in_a_private_file,
                                      a_file_that_others_could_read_is_closed_to_them,
                                      lines_below_the_level_are_left_out_and_the_environment_decides,
                                      a_message_cannot_make_a_second_line_or_steer_the_reader,
                                      a_full_log_is_turned_over_once,
                                      a_log_that_another_program_turned_over_is_followed,
                                      logging_nowhere_and_into_what_cannot_be_opened_is_quiet_and_keeps_errno,
                                      lines_of_two_threads_do_not_mix, NULL});
}
