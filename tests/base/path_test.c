#include "base/mem.h"
#include "base/path.h"
#include "suites.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static bool same(char *got, const char *want)
{
    bool ok = strcmp(got, want) == 0;
    if (!ok)
        fprintf(stderr, "got %s, not %s\n", got, want);
    free(got);
    return ok;
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    ck_assert_msg(stat(path, &st) == 0, "%s: %s", path, strerror(errno));
    return st.st_mode & 07777;
}

static int files_in(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *entry; d && (entry = readdir(d));)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(d);
    return n;
}

START_TEST(folders_follow_xdg_and_are_made_private)
{
    const char *dir = support_folder();
    char want[256];
    umask(0);
    setenv("XDG_STATE_HOME", dir, 1);
    snprintf(want, sizeof want, "%s/showx/demo/pid", dir);
    ck_assert(same(path_state("demo/pid"), want));
    *strrchr(want, '/') = '\0';
    ck_assert_uint_eq(mode_of(want), 0700);
    snprintf(want, sizeof want, "%s/showx", dir);
    ck_assert(same(path_state(NULL), want));
    ck_assert(same(path_state(""), want));
    ck_assert_uint_eq(mode_of(want), 0700);
}
END_TEST

START_TEST(without_xdg_the_home_folder_is_used)
{
    const char *dir = support_folder();
    char want[256];
    setenv("HOME", dir, 1);
    unsetenv("XDG_STATE_HOME");
    setenv("XDG_CONFIG_HOME", "relative/is/ignored", 1);
    setenv("XDG_CACHE_HOME", "", 1);
    snprintf(want, sizeof want, "%s/.local/state/showx/log", dir);
    ck_assert(same(path_state("log"), want));
    snprintf(want, sizeof want, "%s/.config/showx/showx.conf", dir);
    ck_assert(same(path_config("showx.conf"), want));
    snprintf(want, sizeof want, "%s/.cache/showx/x", dir);
    ck_assert(same(path_cache("x"), want));
}
END_TEST

START_TEST(without_home_the_password_file_is_asked)
{
    const char *dir = support_folder();
    setenv("XDG_CACHE_HOME", dir, 1); /* nothing must be made in the real home */
    unsetenv("HOME");
    char *p = path_cache("x");
    ck_assert_int_eq(strncmp(p, dir, strlen(dir)), 0);
    free(p);
}
END_TEST

START_TEST(joining_puts_one_slash)
{
    ck_assert(same(path_join("/a", "b"), "/a/b"));
    ck_assert(same(path_join("/a/", "b"), "/a/b"));
    ck_assert(same(path_join("/", "b"), "/b"));
    ck_assert(same(path_join("", "b"), "b"));
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_named)
{
    char *file = path_join(support_folder(), "file");
    err e = {0};
    ck_assert(path_write_atomic(file, "x", 1, 0600, &e));
    char *below = path_join(file, "sub/sub");
    ck_assert(!path_make_dirs(below, 0700, &e));
    ck_assert_ptr_nonnull(strstr(e.text, file));
    ck_assert(!path_make_dirs(file, 0700, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "Not a directory"));
    ck_assert(path_make_dirs("/", 0700, &e));
    free(below);
    free(file);
}
END_TEST

START_TEST(a_file_is_read_whole_after_what_is_there)
{
    char *file = path_join(support_folder(), "f");
    size_t n = 100000;
    char *bytes = mem_new(n, 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i * 7 % 251);
    err e = {0};
    ck_assert(path_write_atomic(file, bytes, n, 0600, &e));
    buf b;
    buf_init(&b);
    buf_str(&b, "before");
    ck_assert_msg(path_read(file, n, &b, &e), "%s", e.text);
    ck_assert_uint_eq(b.len, 6 + n);
    ck_assert_int_eq(memcmp(b.data + 6, bytes, n), 0);
    buf_done(&b);
    free(bytes);
    free(file);
}
END_TEST

START_TEST(a_file_that_is_too_large_or_not_there_is_named_and_nothing_is_added)
{
    char *file = path_join(support_folder(), "f"), *none = path_join(support_folder(), "none");
    err e = {0};
    buf b;
    buf_init(&b);
    buf_str(&b, "before");
    ck_assert(path_write_atomic(file, "0123456789", 10, 0600, &e));
    ck_assert(path_read(file, 10, &b, &e));
    buf_clear(&b);
    buf_str(&b, "before");
    ck_assert(!path_read(file, 9, &b, &e));
    ck_assert_int_eq(e.kind, ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(e.text, file));
    ck_assert(!path_read(none, 9, &b, &e));
    ck_assert_int_eq(e.kind, ERR_MISSING);
    ck_assert_ptr_nonnull(strstr(e.text, none));
    ck_assert(!path_read(support_folder(), 9, &b, &e));
    ck_assert_int_eq(e.kind, ERR_FAILED);
    ck_assert_str_eq(b.data, "before");
    buf_done(&b);
    free(file);
    free(none);
}
END_TEST

START_TEST(a_file_is_replaced_whole_with_the_mode_asked_for)
{
    const char *dir = support_folder();
    char *file = path_join(dir, "f");
    err e = {0};
    umask(077);
    ck_assert(path_write_atomic(file, "old", 3, 0600, &e));
    ck_assert_uint_eq(mode_of(file), 0600);
    ck_assert(path_write_atomic(file, "newer", 5, 0644, &e));
    ck_assert_uint_eq(mode_of(file), 0644);
    buf b;
    buf_init(&b);
    ck_assert(path_read(file, 99, &b, &e));
    ck_assert_str_eq(b.data, "newer");
    ck_assert_int_eq(files_in(dir), 1);
    ck_assert_int_eq(chdir(dir), 0);
    ck_assert(path_write_atomic("here", "x", 1, 0600, &e));
    buf_done(&b);
    free(file);
}
END_TEST

START_TEST(a_failed_write_leaves_the_old_file_and_no_temporary)
{
    const char *dir = support_folder();
    char *file = path_join(dir, "f");
    err e = {0};
    ck_assert(path_write_atomic(file, "old", 3, 0600, &e));
    struct rlimit tiny = {.rlim_cur = 4, .rlim_max = 4}; /* a disk that is full after 4 bytes */
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    ck_assert(!path_write_atomic(file, "longer", 6, 0600, &e));
    ck_assert_msg(strstr(e.text, file) && strstr(e.text, "File too large"), "%s", e.text);
    buf b;
    buf_init(&b);
    ck_assert(path_read(file, 99, &b, &e));
    ck_assert_str_eq(b.data, "old");
    ck_assert_int_eq(files_in(dir), 1);
    buf_done(&b);
    free(file);
}
END_TEST

START_TEST(writing_into_no_folder_or_over_a_folder_is_an_error)
{
    const char *dir = support_folder();
    char *none = path_join(dir, "none/f"), *sub = path_join(dir, "sub");
    err e = {0};
    ck_assert(!path_write_atomic(none, "x", 1, 0600, &e));
    ck_assert_ptr_nonnull(strstr(e.text, none));
    ck_assert(path_make_dirs(sub, 0700, &e));
    ck_assert(!path_write_atomic(sub, "x", 1, 0600, &e));
    ck_assert_int_eq(files_in(dir), 1);
    free(none);
    free(sub);
}
END_TEST

Suite *path_suite(void)
{
    return suite_of("path",
                    (const TTest *const[]){
                        folders_follow_xdg_and_are_made_private, without_xdg_the_home_folder_is_used,
                        without_home_the_password_file_is_asked, joining_puts_one_slash,
                        a_folder_that_cannot_be_made_is_named, a_file_is_read_whole_after_what_is_there,
                        a_file_that_is_too_large_or_not_there_is_named_and_nothing_is_added,
                        a_file_is_replaced_whole_with_the_mode_asked_for,
                        a_failed_write_leaves_the_old_file_and_no_temporary,
                        writing_into_no_folder_or_over_a_folder_is_an_error, NULL});
}
