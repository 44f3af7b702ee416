/* A file: folder whose change log is the input: each line gives a document or a damage, and a change written
 * behind it is read back. */
#include "fuzz.h"
#include "legacy/legacy.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];

static void put(const char *name, const void *bytes, size_t n)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    fuzz_must(f && fwrite(bytes, 1, n, f) == n);
    fclose(f);
}

static void clean(void)
{
    char path[128];
    static const char *const names[] = {"changes.ndjson", "manifest.json"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/documents", dir);
    rmdir(path);
    rmdir(dir);
}

static void make(void)
{
    static const char manifest[] = "{\"format\":\"showx-file\",\"version\":1,\"project\":\"p\"}";
    char path[128];
    if (*dir)
        return;
    strcpy(dir, "/tmp/showx-fuzz-XXXXXX");
    fuzz_must(mkdtemp(dir) != NULL);
    atexit(clean);
    snprintf(path, sizeof path, "%s/documents", dir);
    fuzz_must(mkdir(path, 0700) == 0);
    put("manifest.json", manifest, strlen(manifest));
}

/* Documents and damages; *ret_last says whether the last document was the marker. */
static size_t read_all(bool *ret_last)
{
    legacy *l;
    legacy_document d;
    legacy_damage g;
    legacy_got got;
    size_t n = 0;
    err e = {0};
    *ret_last = false;
    fuzz_must(legacy_open(dir, &l, &e));
    for (; (got = l->next(l, &d, &g, NULL, &e)) != LEGACY_END; n++) {
        fuzz_must(got != LEGACY_FAILED);
        if (got == LEGACY_DOCUMENT)
            *ret_last = strcmp(d.path, "fuzz/marker") == 0 && d.update_us == 12345;
        else
            fuzz_must(g.code && g.file && *g.sentence);
    }
    legacy_close(l);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    size_t lines = n > 0 && data[n - 1] != '\n';
    bool marker;
    legacy *l;
    legacy_document d = {.path = "fuzz/marker", .update_us = 12345};
    err e = {0};
    make();
    put("changes.ndjson", data, n);
    for (size_t i = 0; i < n; i++)
        lines += data[i] == '\n';
    fuzz_must(read_all(&marker) >= lines);
    fuzz_must(legacy_open(dir, &l, &e));
    bool wrote = l->write(l, &d, &e);
    legacy_close(l);
    read_all(&marker);
    fuzz_must(wrote ? marker : *e.text);
    return 0;
}
