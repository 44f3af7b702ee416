#include "kit.h"
#include "base/path.h"
#include "legacy/record.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char kit_output[] = "all_namespaces/all_kinds/output-0";
static const char part_name[] = "all_namespaces/all_kinds/all_namespaces_all_kinds.export_metadata";

void kit_varint(buf *to, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_char(to, (char)(v | 0x80));
    buf_char(to, (char)v);
}

void kit_tag(buf *to, unsigned field, unsigned wire)
{
    kit_varint(to, field << 3 | wire);
}

void kit_int(buf *to, unsigned field, int64_t v)
{
    kit_tag(to, field, 0);
    kit_varint(to, (uint64_t)v);
}

void kit_bytes(buf *to, unsigned field, const void *bytes, size_t n)
{
    kit_tag(to, field, 2);
    kit_varint(to, n);
    buf_add(to, bytes, n);
}

void kit_str(buf *to, unsigned field, const char *s)
{
    kit_bytes(to, field, s, strlen(s));
}

void kit_double(buf *to, unsigned field, double v)
{
    kit_tag(to, field, 1);
    buf_add(to, &v, sizeof v); /* little endian, as this machine */
}

static void elements(buf *to, unsigned group, unsigned type, const char *path)
{
    char *copy = strdup(path), *rest = copy, *segment;
    for (bool collection = true; *path && (segment = strsep(&rest, "/")); collection = !collection) {
        if (collection) {
            kit_tag(to, group, 3);
            kit_str(to, type, segment);
            continue;
        }
        if (*segment == '#')
            kit_int(to, type + 1, strtoll(segment + 1, NULL, 10));
        else
            kit_str(to, type + 2, segment);
        kit_tag(to, group, 4);
    }
    free(copy);
}

void kit_key(buf *entity, const char *app, const char *space, const char *database, const char *path)
{
    buf key, p;
    buf_init(&key);
    buf_init(&p);
    elements(&p, 1, 2, path);
    kit_str(&key, 13, app);
    kit_bytes(&key, 14, p.data, p.len);
    if (space)
        kit_str(&key, 20, space);
    if (database)
        kit_str(&key, 23, database);
    kit_bytes(entity, 13, key.data, key.len);
    buf_done(&key);
    buf_done(&p);
}

void kit_reference(buf *value, const char *app, const char *space, const char *database, const char *path)
{
    kit_tag(value, 12, 3);
    kit_str(value, 13, app);
    elements(value, 14, 15, path);
    if (space)
        kit_str(value, 20, space);
    if (database)
        kit_str(value, 23, database);
    kit_tag(value, 12, 4);
}

void kit_property(buf *entity, unsigned field, unsigned meaning, const char *name, bool multiple,
                  const buf *value)
{
    buf p;
    buf_init(&p);
    if (meaning)
        kit_int(&p, 1, meaning);
    kit_str(&p, 3, name);
    kit_int(&p, 4, multiple);
    if (value)
        kit_bytes(&p, 5, value->data, value->len);
    kit_bytes(entity, field, p.data, p.len);
    buf_done(&p);
}

void kit_fragment(buf *file, unsigned type, const void *bytes, size_t n)
{
    uint8_t header[7] = {0, 0, 0, 0, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)type};
    uint32_t crc = record_mask(record_crc(record_crc(0, header + 6, 1), bytes, n));
    for (int i = 0; i < 4; i++)
        header[i] = (uint8_t)(crc >> (8 * i));
    buf_add(file, header, 7);
    buf_add(file, bytes, n);
}

void kit_record(buf *file, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    for (bool first = true;; first = false) {
        size_t left = RECORD_BLOCK - file->len % RECORD_BLOCK;
        if (left < RECORD_HEADER) {
            buf_add(file, "\0\0\0\0\0\0", left);
            left = RECORD_BLOCK;
        }
        size_t fits = left - RECORD_HEADER, k = n < fits ? n : fits;
        bool last = k == n;
        kit_fragment(file, first ? last ? 1 : 2 : last ? 4 : 3, p, k);
        p += k;
        n -= k;
        if (last)
            return;
    }
}

void kit_write(const char *dir, const char *name, const void *bytes, size_t n)
{
    char *file = path_join(dir, name), *folder = strdup(file);
    *strrchr(folder, '/') = '\0';
    ck_assert(path_make_dirs(folder, 0700, NULL));
    FILE *f = fopen(file, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    fclose(f);
    free(file);
    free(folder);
}

buf kit_read(const char *dir, const char *name)
{
    buf b;
    err e = {0};
    char *file = path_join(dir, name);
    buf_init(&b);
    ck_assert_msg(path_read(file, 64 << 20, &b, &e), "%s", e.text);
    free(file);
    return b;
}

void kit_export(const char *dir, const buf *output, int64_t documents, int64_t bytes)
{
    buf file, part, list, start, outputs;
    buf *all[] = {&file, &part, &list, &start, &outputs};
    for (int i = 0; i < 5; i++)
        buf_init(all[i]);
    kit_str(&start, 1, "firestore_export");
    kit_int(&start, 2, 1700000000000000);
    kit_bytes(&part, 1, start.data, start.len);
    kit_str(&outputs, 1, "");
    kit_str(&outputs, 2, "output-0");
    kit_bytes(&part, 2, outputs.data, outputs.len);
    kit_write(dir, part_name, part.data, part.len);
    kit_write(dir, kit_output, output->data, output->len);

    buf_clear(&part);
    kit_str(&part, 2, part_name);
    if (documents >= 0)
        kit_int(&part, 3, documents);
    if (bytes >= 0)
        kit_int(&part, 4, bytes);
    kit_bytes(&list, 1, part.data, part.len);
    kit_record(&file, "3", 1);
    kit_record(&file, list.data, list.len);
    kit_write(dir, "x.overall_export_metadata", file.data, file.len);
    for (int i = 0; i < 5; i++)
        buf_done(all[i]);
}

void kit_copy_export(const char *from, const char *to)
{
    const char *const files[] = {kit_output, part_name, "firestore_export.overall_export_metadata"};
    for (int i = 0; i < 3; i++) {
        buf b = kit_read(from, files[i]);
        kit_write(to, files[i], b.data, b.len);
        buf_done(&b);
    }
}

kit_all kit_read_all(kit_open open, const char *source)
{
    kit_all all = {0};
    legacy *l;
    legacy_document d;
    legacy_damage g;
    legacy_got got;
    err e = {0};
    buf_init(&all.documents);
    buf_init(&all.damages);
    ck_assert_msg(open(source, &l, &e), "%s", e.text);
    while ((got = l->next(l, &d, &g, NULL, &e)) != LEGACY_END) {
        ck_assert_int_ne(got, LEGACY_FAILED);
        if (got == LEGACY_DOCUMENT) {
            all.n_documents++;
            buf_printf(&all.documents, "%s %s%s\n", d.path, d.fields, d.deleted ? " deleted" : "");
            ck_assert_uint_eq(strlen(d.fields), d.fields_len);
        } else {
            all.n_damages++;
            buf_printf(&all.damages, "%s %s %s: %s\n", g.code, g.file, g.place, g.sentence);
            ck_assert(g.code && g.file && *g.file && *g.sentence); /* located, and said */
        }
    }
    ck_assert_int_eq(l->next(l, &d, &g, NULL, &e), LEGACY_END);
    legacy_close(l);
    return all;
}

void kit_all_done(kit_all *all)
{
    buf_done(&all->documents);
    buf_done(&all->damages);
}

const char *kit_shared(const char *tail)
{
    static char path[512];
    struct stat st;
    const char *shared = getenv("SHOWX_SHARED");
    snprintf(path, sizeof path, "%s/%s", shared ? shared : "../shared", tail);
    return stat(path, &st) == 0 ? path : NULL;
}
