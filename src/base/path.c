#include "base/path.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* HOME, or what the password file says; "/" when neither knows. Not a temporary folder: others write there.
 */
static char *home(void)
{
    const char *set = getenv("HOME");
    if (set && set[0] == '/')
        return mem_str(set);
    struct passwd entry, *found = NULL;
    char space[4096];
    if (getpwuid_r(getuid(), &entry, space, sizeof space, &found) == 0 && found && found->pw_dir[0] == '/')
        return mem_str(found->pw_dir);
    return mem_str("/");
}

static void make_parent(const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!slash || slash == file)
        return;
    char *dir = mem_strn(file, (size_t)(slash - file));
    path_make_dirs(dir, 0700, NULL); /* whoever opens the file has the better sentence */
    free(dir);
}

/* The XDG base directory specification: a relative value is to be ignored. */
static char *xdg(const char *variable, const char *fallback, const char *tail)
{
    const char *set = getenv(variable);
    char *start = NULL;
    if (set && set[0] == '/') {
        start = mem_str(set);
    } else {
        char *h = home();
        start = path_join(h, fallback);
        free(h);
    }
    char *base = path_join(start, "showx");
    char *full = path_join(base, tail && *tail ? tail : "");
    make_parent(full);
    if (!tail || !*tail)
        full[strlen(full) - 1] = '\0'; /* the folder itself, made above */
    free(start);
    free(base);
    return full;
}

char *path_state(const char *tail)
{
    return xdg("XDG_STATE_HOME", ".local/state", tail);
}

char *path_config(const char *tail)
{
    return xdg("XDG_CONFIG_HOME", ".config", tail);
}

char *path_cache(const char *tail)
{
    return xdg("XDG_CACHE_HOME", ".cache", tail);
}

char *path_join(const char *dir, const char *name)
{
    size_t n = strlen(dir);
    return mem_printf("%s%s%s", dir, n > 0 && dir[n - 1] != '/' ? "/" : "", name);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool path_make_dirs(const char *dir, unsigned mode, err *e)
{
    char *at = mem_str(dir);
    bool ok = true;
    for (char *p = at + (*at == '/'); ok; p++) {
        if (*p && *p != '/')
            continue;
        char kept = *p;
        *p = '\0';
        if (*at && mkdir(at, (mode_t)mode) != 0) {
            int why = errno; /* EROFS and EACCES also come for folders that are there */
            if (!is_folder(at)) {
                errno = why == EEXIST ? ENOTDIR : why;
                ok = err_errno(e, "the folder %s cannot be made", at);
            }
        }
        *p = kept;
        if (!kept)
            break;
    }
    free(at);
    return ok;
}

/* err_errno, and a kind of its own for what is not there. */
static bool file_error(err *e, const char *file)
{
    err_kind kind = errno == ENOENT || errno == ENOTDIR ? ERR_MISSING : ERR_FAILED;
    err_errno(e, "%s", file);
    if (e)
        e->kind = kind;
    return false;
}

static bool read_all(int fd, const char *file, size_t max, buf *out, err *e)
{
    char chunk[16384];
    size_t got = 0;
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_error(e, file);
        if (n == 0)
            return true;
        if ((size_t)n > max - got)
            return err_set(e, ERR_INPUT, "%s is larger than the %zu bytes that are read of such a file", file,
                           max);
        got += (size_t)n;
        buf_add(out, chunk, (size_t)n);
    }
}

bool path_read(const char *file, size_t max, buf *out, err *e)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return file_error(e, file);
    size_t before = out->len;
    bool ok = read_all(fd, file, max, out, e);
    if (!ok && out->len > before) {
        out->len = before;
        out->data[before] = '\0';
    }
    close(fd);
    return ok;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, bytes, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        bytes += k;
        n -= (size_t)k;
    }
    return true;
}

/* After a rename only the folder's own fsync makes the new name survive a power cut. Some file systems
 * know no fsync of a folder (EINVAL); there is nothing more to do there. */
static bool sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0 || errno == EINVAL;
    int why = errno;
    close(fd);
    errno = why;
    return ok;
}

bool path_write_atomic(const char *file, const void *bytes, size_t n, unsigned mode, err *e)
{
    const char *slash = strrchr(file, '/');
    char *dir = slash ? mem_strn(file, slash == file ? 1 : (size_t)(slash - file)) : mem_str(".");
    char *temporary = mem_printf("%s/.%s.XXXXXX", dir, slash ? slash + 1 : file);
    int fd = mkostemp(temporary, O_CLOEXEC);
    bool made = fd >= 0;
    bool ok = made && fchmod(fd, (mode_t)mode) == 0 && write_all(fd, bytes, n) && fsync(fd) == 0;
    int why = errno;
    if (made && close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    errno = why;
    ok = ok && rename(temporary, file) == 0;
    why = errno;
    if (made && !ok)
        unlink(temporary);
    errno = why;
    ok = ok && sync_folder(dir);
    if (!ok)
        err_errno(e, "%s could not be written", file);
    free(temporary);
    free(dir);
    return ok;
}
