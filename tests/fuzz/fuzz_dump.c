/* GeoNames' files: each line is taken whole or said with its place; every kind reads to the end of every file. */
#include "base/text.h"
#include "city/city.h"
#include "fuzz.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void check_place(const city_place *p, dump_kind kind)
{
    fuzz_must(p->name && text_valid(p->name, strlen(p->name)));
    if (kind == DUMP_ADMIN1) {
        fuzz_must(strlen(p->country) == 2 && *p->admin1 && *p->admin1_name);
        return;
    }
    fuzz_must(p->geonameid > 0 && *p->name);
    fuzz_must(p->latitude >= -90 && p->latitude <= 90 && p->longitude >= -180 && p->longitude <= 180);
    fuzz_must(p->population >= 0);
}

static void read_as(const char *path, dump_kind kind)
{
    dump *d = NULL;
    err e = {0};
    city_place p;
    long last = 0;
    if (!dump_open(path, kind, &d, &e)) {
        fuzz_must(e.kind == ERR_INPUT && strstr(e.text, ":1: "));
        return;
    }
    for (;;) {
        e = (err){0};
        if (dump_next(d, &p, &e)) {
            check_place(&p, kind);
            continue;
        }
        if (e.kind == ERR_NONE)
            break;
        fuzz_must(e.kind == ERR_INPUT && strncmp(e.text, path, strlen(path)) == 0);
        long line = strtol(e.text + strlen(path) + 1, NULL, 10);
        fuzz_must(line > last); /* reading goes on */
        last = line;
    }
    dump_close(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char path[40];
    static int fd = -1;
    if (fd < 0) {
        fd = memfd_create("dump", MFD_CLOEXEC);
        fuzz_must(fd >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    fuzz_must(ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
    for (int kind = DUMP_CITIES; kind <= DUMP_MERGED_NAMES; kind++)
        read_as(path, (dump_kind)kind);
    return 0;
}
