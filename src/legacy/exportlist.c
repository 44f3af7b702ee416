#include "legacy/exportlist.h"
#include "base/mem.h"
#include "base/path.h"
#include "legacy/pb.h"
#include "legacy/record.h"
#include "legacy/typed.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART_MAX_BYTES = 64 << 20, PART_DEPTH = 4 };

static const char overall_suffix[] = ".overall_export_metadata", part_suffix[] = ".export_metadata";

void exportlist_note(exportlist *l, const char *file, const char *place, const char *code, const char *format,
                     ...)
{
    export_note n = {.file = mem_str(file), .code = code};
    buf text;
    va_list args;
    buf_init(&text);
    buf_printf(&text, "%s%s%s: ", file, *place ? ", " : "", place);
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    snprintf(n.place, sizeof n.place, "%s", place);
    n.sentence = buf_take(&text);
    MEM_ROOM(l->notes, l->n_notes, l->cap_notes);
    l->notes[l->n_notes++] = n;
}

void exportlist_done(exportlist *l)
{
    for (size_t i = 0; i < l->n_notes; i++) {
        free(l->notes[i].file);
        free(l->notes[i].sentence);
    }
    for (size_t i = 0; i < l->n_outputs; i++)
        free(l->outputs[i]);
    free(l->notes);
    free(l->outputs);
    free(l->overall);
    free(l->dir);
    *l = (exportlist){0};
}

static bool ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), k = strlen(suffix);
    return n >= k && strcmp(s + n - k, suffix) == 0;
}

/* ---- folders ---- */

typedef struct names {
    char **s;
    size_t n, cap;
} names;

/* "output-2" before "output-10": by length where only digits differ. */
static int by_number(const void *a, const void *b)
{
    const char *s = *(char *const *)a, *t = *(char *const *)b;
    size_t n = strlen(s), k = strlen(t);
    return n != k ? (n > k) - (n < k) : strcmp(s, t);
}

static names list_folder(const char *dir)
{
    names all = {0};
    DIR *d = opendir(dir);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        MEM_ROOM(all.s, all.n, all.cap);
        all.s[all.n++] = mem_str(entry->d_name);
    }
    if (d)
        closedir(d);
    if (all.n > 0)
        qsort(all.s, all.n, sizeof *all.s, by_number);
    return all;
}

static void names_done(names *all)
{
    for (size_t i = 0; i < all->n; i++)
        free(all->s[i]);
    free(all->s);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *overall_of(const char *dir)
{
    char *found = NULL;
    names all = list_folder(dir);
    for (size_t i = 0; i < all.n && !found; i++)
        if (ends_with(all.s[i], overall_suffix))
            found = mem_str(all.s[i]);
    names_done(&all);
    return found;
}

static bool looks_like_export(const char *dir)
{
    char *overall = overall_of(dir), *parts = path_join(dir, "all_namespaces");
    bool yes = overall || is_folder(parts);
    free(overall);
    free(parts);
    return yes;
}

char *exportlist_find(const char *dir)
{
    if (looks_like_export(dir))
        return mem_str(dir);
    char *found = NULL;
    size_t n = 0;
    names all = list_folder(dir);
    for (size_t i = 0; i < all.n; i++) {
        char *inner = path_join(dir, all.s[i]);
        if (is_folder(inner) && looks_like_export(inner) && n++ == 0)
            found = mem_str(inner);
        free(inner);
    }
    names_done(&all);
    if (n > 1) { /* which one is not ours to guess */
        free(found);
        return NULL;
    }
    return found;
}

/* ---- output files ---- */

static bool is_output(const char *name)
{
    size_t n = strlen("output-");
    return strncmp(name, "output-", n) == 0 && name[n] && strspn(name + n, "0123456789") == strlen(name + n);
}

static void add_output(exportlist *l, char *output)
{
    MEM_ROOM(l->outputs, l->n_outputs, l->cap_outputs);
    l->outputs[l->n_outputs++] = output;
}

/* The folder of a file within the export, with its '/', or "". The caller frees. */
static char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    return mem_strn(file, slash ? (size_t)(slash - file) + 1 : 0);
}

/* Everything that is named like an output file beside a part's metadata, when that cannot be read. */
static void add_outputs_found(exportlist *l, const char *part)
{
    char *folder = folder_of(part), *full = path_join(l->dir, folder);
    names all = list_folder(full);
    for (size_t i = 0; i < all.n; i++)
        if (is_output(all.s[i]))
            add_output(l, mem_printf("%s%s", folder, all.s[i]));
    names_done(&all);
    free(folder);
    free(full);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Output files that lie beside a part's metadata and that it does not name (it names those from `first` on).
 */
static void note_unnamed(exportlist *l, const char *part, size_t first)
{
    char *folder = folder_of(part), *full = path_join(l->dir, folder);
    names all = list_folder(full);
    size_t n = l->n_outputs - first;
    char **named = MEM_ARRAY(char *, n + 1);
    if (n > 0)
        memcpy(named, l->outputs + first, n * sizeof *named);
    qsort(named, n, sizeof *named, by_text);
    for (size_t i = 0; i < all.n; i++) {
        char *output = mem_printf("%s%s", folder, all.s[i]);
        if (is_output(all.s[i]) && !bsearch(&output, named, n, sizeof *named, by_text))
            exportlist_note(l, output, "", "unnamed_file", "it is not named by %s, so it was not read", part);
        free(output);
    }
    free(named);
    names_done(&all);
    free(folder);
    free(full);
}

/* ---- a part's metadata: one bare protobuf {1:{2: start us}, 2:{2: output file name, ...}} ---- */

static bool plain_name(pb_slice s)
{
    return s.n > 0 && typed_text_ok((const char *)s.p, s.n) && !memchr(s.p, '/', s.n) &&
           !memchr(s.p, '\\', s.n) && s.p[0] != '.';
}

static bool read_start(pb_slice bytes, int64_t *ret_us)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    while (pb_next(&in, &f))
        if (f.number == 2 && f.wire == PB_VARINT)
            *ret_us = (int64_t)f.value;
    return !in.why;
}

static bool read_outputs(exportlist *l, const char *folder, pb_slice bytes)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    while (pb_next(&in, &f)) {
        if (f.number != 2)
            continue;
        if (f.wire != PB_BYTES || !plain_name(f.bytes))
            return false;
        add_output(l, mem_printf("%s%.*s", folder, (int)f.bytes.n, (const char *)f.bytes.p));
    }
    return !in.why;
}

static bool parse_part(exportlist *l, const char *folder, pb_slice bytes, int64_t *ret_us)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    bool listed = false;
    while (pb_next(&in, &f)) {
        if (f.number == 1 && (f.wire != PB_BYTES || !read_start(f.bytes, ret_us)))
            return false;
        if (f.number == 2) {
            if (f.wire != PB_BYTES || !read_outputs(l, folder, f.bytes))
                return false;
            listed = true;
        }
    }
    return !in.why && listed;
}

static void forget_outputs(exportlist *l, size_t first)
{
    while (l->n_outputs > first)
        free(l->outputs[--l->n_outputs]);
}

static void read_part(exportlist *l, const char *part)
{
    buf text;
    err e = {0};
    int64_t start = 0;
    size_t first = l->n_outputs;
    char *full = path_join(l->dir, part), *folder = folder_of(part);
    buf_init(&text);
    if (!path_read(full, PART_MAX_BYTES, &text, &e)) {
        exportlist_note(l, part, "", "missing_file",
                        "the metadata cannot be read (%s); the output files beside it were read instead",
                        e.text);
        add_outputs_found(l, part);
    } else if (!parse_part(l, folder, (pb_slice){(const uint8_t *)text.data, text.len}, &start)) {
        exportlist_note(l, part, "", "metadata",
                        "the metadata is broken; the output files beside it were read instead");
        forget_outputs(l, first);
        add_outputs_found(l, part);
        start = 0;
    } else {
        note_unnamed(l, part, first);
    }
    if (start <= 0 || !typed_time_ok(start))
        exportlist_note(l, part, "", "metadata",
                        "it does not say when the export began, so its documents have no version");
    else if (l->start_us == 0 || start < l->start_us)
        l->start_us = start;
    buf_done(&text);
    free(full);
    free(folder);
}

/* Without the overall metadata: every part's metadata below a folder. */
static size_t find_parts(exportlist *l, const char *folder, int depth)
{
    size_t found = 0;
    char *full = path_join(l->dir, folder);
    names all = list_folder(full);
    for (size_t i = 0; i < all.n; i++) {
        char *name = mem_printf("%s%s", folder, all.s[i]);
        char *path = path_join(l->dir, name);
        if (ends_with(name, part_suffix)) {
            read_part(l, name);
            found++;
        } else if (depth > 0 && is_folder(path)) {
            char *inner = mem_printf("%s/", name);
            found += find_parts(l, inner, depth - 1);
            free(inner);
        }
        free(name);
        free(path);
    }
    names_done(&all);
    free(full);
    return found;
}

/* ---- the overall metadata: records "3" and {1: {2: part, 3: documents, 4: bytes}, ...} ---- */

typedef struct overall_part {
    char *path;
    int64_t documents, bytes;
} overall_part;

/* Windows' emulator writes backslashes. Nothing outside of the folder is read whatever it says. */
static char *part_path(pb_slice s)
{
    if (s.n == 0 || !typed_text_ok((const char *)s.p, s.n))
        return NULL;
    char *path = mem_strn((const char *)s.p, s.n);
    for (char *p = path; *p; p++)
        if (*p == '\\')
            *p = '/';
    bool outside = *path == '/';
    for (const char *p = path; p; p = strchr(p, '/') ? strchr(p, '/') + 1 : NULL)
        outside = outside || strncmp(p, "../", 3) == 0 || strcmp(p, "..") == 0;
    if (!outside)
        return path;
    free(path);
    return NULL;
}

static bool parse_overall_part(pb_slice bytes, overall_part *ret)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    *ret = (overall_part){.documents = -1, .bytes = -1};
    while (pb_next(&in, &f)) {
        if (f.number == 2 && f.wire == PB_BYTES) {
            free(ret->path);
            ret->path = part_path(f.bytes);
        } else if (f.number == 3 && f.wire == PB_VARINT && f.value <= INT64_MAX / 2) {
            ret->documents = (int64_t)f.value;
        } else if (f.number == 4 && f.wire == PB_VARINT && f.value <= INT64_MAX / 2) {
            ret->bytes = (int64_t)f.value;
        }
    }
    if (in.why || !ret->path) {
        free(ret->path);
        ret->path = NULL;
        return false;
    }
    return true;
}

static int64_t sum(int64_t total, int64_t more)
{
    int64_t v; /* one part that does not say makes the sum unsaid */
    return total < 0 || more < 0 || __builtin_add_overflow(total, more, &v) ? -1 : v;
}

static bool parse_overall(exportlist *l, pb_slice bytes)
{
    pb_in in = pb_start(bytes);
    pb_field f;
    bool ok = true;
    l->said_documents = l->said_bytes = 0;
    while (ok && pb_next(&in, &f)) {
        overall_part part;
        if (f.number != 1)
            continue;
        ok = f.wire == PB_BYTES && parse_overall_part(f.bytes, &part);
        if (!ok)
            break;
        l->said_documents = sum(l->said_documents, part.documents);
        l->said_bytes = sum(l->said_bytes, part.bytes);
        read_part(l, part.path);
        free(part.path);
    }
    ok = ok && !in.why;
    if (!ok)
        l->said_documents = l->said_bytes = -1;
    return ok;
}

/* False when its two records could not be had. */
static bool read_overall(exportlist *l, FILE *file)
{
    record r;
    record_got got;
    unsigned n = 0;
    bool parts = false;
    record_reader *reader = record_open(file);
    while ((got = record_next(reader, &r)) != RECORD_END) {
        char place[64];
        snprintf(place, sizeof place, "record %llu at byte %lld", (unsigned long long)r.number,
                 (long long)r.at);
        if (got == RECORD_DAMAGE)
            exportlist_note(l, l->overall, place, r.code, "%s", r.why);
        else if (++n == 1 && (r.n != 1 || r.data[0] != '3'))
            exportlist_note(l, l->overall, place, "metadata", "its version is not 3, the only one known");
        else if (n == 2 && !(parts = parse_overall(l, (pb_slice){r.data, r.n})))
            exportlist_note(l, l->overall, place, "metadata", "the list of the export's parts is broken");
        else if (n > 2)
            exportlist_note(l, l->overall, place, "metadata", "more follows than the two records known");
    }
    record_close(reader);
    if (n < 2)
        exportlist_note(l, l->overall, "", "metadata", "the list of the export's parts is missing");
    return parts;
}

bool exportlist_read(const char *dir, exportlist *ret, err *e)
{
    exportlist l = {.dir = exportlist_find(dir), .said_documents = -1, .said_bytes = -1};
    if (!l.dir)
        return err_set(e, ERR_MISSING,
                       "the folder %s holds no Firestore export (no *.overall_export_metadata)", dir);
    l.overall = overall_of(l.dir);
    bool listed = false;
    if (l.overall) {
        char *full = path_join(l.dir, l.overall);
        FILE *f = is_folder(full) ? NULL : fopen(full, "re");
        if (f)
            listed = read_overall(&l, f);
        else
            exportlist_note(&l, l.overall, "", "missing_file", "it cannot be read");
        free(full);
    } else {
        exportlist_note(&l, "*.overall_export_metadata", "", "missing_file",
                        "it is missing, so nothing says how many documents there should be");
    }
    if (!listed) {
        forget_outputs(&l, 0);
        if (find_parts(&l, "", PART_DEPTH) == 0)
            exportlist_note(&l, "*.export_metadata", "", "missing_file", "there is none below %s", l.dir);
    }
    *ret = l;
    return true;
}
