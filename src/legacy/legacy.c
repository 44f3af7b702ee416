#include "legacy/legacy.h"
#include "base/mem.h"
#include "base/path.h"
#include "legacy/export.h"
#include "legacy/file.h"
#include "legacy/firestore.h"
#include "legacy/jsonfile.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct adapter {
    const char *word;
    bool (*open)(const char *source, legacy **ret, err *e);
    const char *what; /* stands behind the word; a DIR must be one before it is opened */
} adapter;

static const adapter adapters[] = {{"export", export_open, "DIR"},
                                   {"file", file_open, "DIR"},
                                   {"json", jsonfile_open, "FILE"},
                                   {"firestore", firestore_open, "PROJECT"}};

/* The word before the colon: small letters only, so that "./a:b" and "/x:y" are folders. */
static size_t word_length(const char *source)
{
    size_t n = strspn(source, "abcdefghijklmnopqrstuvwxyz");
    return n > 0 && source[n] == ':' ? n : 0;
}

static bool holds(const char *dir, const char *name)
{
    char *file = path_join(dir, name);
    struct stat st;
    bool there = stat(file, &st) == 0;
    free(file);
    return there;
}

static bool is_folder(const char *dir, err *e)
{
    struct stat st;
    if (stat(dir, &st) != 0)
        return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_FAILED, "the folder %s cannot be read: %s", dir,
                       strerror(errno));
    return S_ISDIR(st.st_mode) || err_set(e, ERR_USAGE, "%s is not a folder", dir);
}

bool legacy_open(const char *source, legacy **ret, err *e)
{
    size_t n = word_length(source);
    const char *dir = n ? source + n + 1 : source;
    const adapter *found = NULL;
    for (size_t i = 0; i < sizeof adapters / sizeof *adapters; i++)
        if (n && strlen(adapters[i].word) == n && memcmp(adapters[i].word, source, n) == 0)
            found = &adapters[i];
    if (n && !found)
        return err_set(e, ERR_USAGE,
                       "\"%.*s:\" is no kind of old database; there are export:DIR, file:DIR, json:FILE and "
                       "firestore:PROJECT",
                       (int)n, source);
    if (!*dir)
        return err_set(e, ERR_USAGE, "the old database is missing behind the colon: say %s:%s",
                       found ? found->word : "file", found ? found->what : "DIR");
    if (found && strcmp(found->what, "DIR") != 0)
        return found->open(dir, ret, e);
    if (!is_folder(dir, e))
        return false;
    if (!found && export_is(dir))
        found = &adapters[0];
    if (!found && holds(dir, "manifest.json"))
        found = &adapters[1];
    if (!found)
        return err_set(
            e, ERR_USAGE,
            "the folder %s is neither a managed export (no *.overall_export_metadata) nor a file: folder (no "
            "manifest.json)",
            dir);
    return found->open(dir, ret, e);
}

void legacy_close(legacy *l)
{
    if (l)
        l->close(l);
}
