/* Damage drills on the two real exports: every flipped byte and every length. A check counts only with its
 * control: the same drill on the reader without CRC must find silently different documents. */
#include "kit.h"
#include "legacy/document.h"
#include "legacy/export.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const exports[] = {"data/firestore-exports/faker-jobs/seed/firestore_export",
                                      "data/firestore-exports/swift-firestore-guide/data/firestore_export"};
static const char missing[] = "the real exports are not there (SHOWX_SHARED says where)";

/* Whether each document read is, to the byte, one of the undamaged export's. */
static bool all_known(const kit_all *got, const kit_all *good)
{
    for (const char *p = got->documents.data, *end; *p; p = end + 1) {
        end = strchr(p, '\n');
        char *one = strndup(p, (size_t)(end - p) + 1);
        bool known = strstr(good->documents.data, one) != NULL;
        free(one);
        if (!known)
            return false;
    }
    return true;
}

/* Silently different, or different at all: what must never be. */
static bool lies(kit_open open, const char *dir, const kit_all *good)
{
    kit_all got = kit_read_all(open, dir);
    bool same = strcmp(got.documents.data, good->documents.data) == 0;
    bool lie = got.n_damages == 0 ? !same : !all_known(&got, good);
    kit_all_done(&got);
    return lie;
}

/* Every byte of an export's output with each bit flipped, and all of them; the number of lies. */
static size_t flip_all(kit_open open, const char *from)
{
    static const unsigned char masks[] = {1, 2, 4, 8, 16, 32, 64, 128, 255};
    size_t found = 0;
    const char *dir = support_folder();
    kit_copy_export(from, dir);
    kit_all good = kit_read_all(export_open, dir);
    buf output = kit_read(dir, kit_output);
    char file[512];
    snprintf(file, sizeof file, "%s/%s", dir, kit_output);
    FILE *f = fopen(file, "r+");
    ck_assert_uint_eq(good.n_damages, 0);
    for (size_t i = 0; i < output.len; i++) {
        for (size_t m = 0; m < sizeof masks; m++) {
            fseek(f, (long)i, SEEK_SET);
            fputc((unsigned char)output.data[i] ^ masks[m], f);
            fflush(f);
            found += lies(open, dir, &good);
        }
        fseek(f, (long)i, SEEK_SET);
        fputc((unsigned char)output.data[i], f);
        fflush(f);
    }
    ck_assert(!lies(open, dir, &good)); /* all is back: the drill itself changed nothing */
    fclose(f);
    buf_done(&output);
    kit_all_done(&good);
    return found;
}

START_TEST(every_flipped_byte_of_a_real_export_is_located)
{
    const char *from = kit_shared(exports[_i]);
    if (!from)
        support_skip(missing);
    ck_assert_uint_eq(flip_all(export_open, from), 0);
}
END_TEST

START_TEST(without_the_checksum_the_flip_drill_finds_lies)
{
    const char *from = kit_shared(exports[_i]);
    if (!from)
        support_skip(missing);
    ck_assert_uint_gt(flip_all(kit_unchecked_export, from), 0);
}
END_TEST

START_TEST(every_truncation_of_a_real_export_is_located)
{
    const char *from = kit_shared(exports[_i]);
    if (!from)
        support_skip(missing);
    const char *dir = support_folder();
    kit_copy_export(from, dir);
    kit_all good = kit_read_all(export_open, dir);
    buf output = kit_read(dir, kit_output);
    for (size_t n = 0; n < output.len; n++) {
        kit_write(dir, kit_output, output.data, n);
        kit_all got = kit_read_all(export_open, dir);
        ck_assert_msg(got.n_damages > 0, "cut to %zu bytes, nothing said", n);
        ck_assert(all_known(&got, &good));
        ck_assert_uint_lt(got.n_documents, good.n_documents);
        kit_all_done(&got);
    }
    buf_done(&output);
    kit_all_done(&good);
}
END_TEST

/* Also the metadata: nothing in it may change a document. */
START_TEST(every_flipped_byte_of_the_metadata_leaves_the_documents_true)
{
    const char *const files[] = {"all_namespaces/all_kinds/all_namespaces_all_kinds.export_metadata",
                                 "firestore_export.overall_export_metadata"};
    const char *from = kit_shared(exports[0]);
    if (!from)
        support_skip(missing);
    const char *dir = support_folder();
    kit_copy_export(from, dir);
    kit_all good = kit_read_all(export_open, dir);
    buf b = kit_read(dir, files[_i]);
    for (size_t i = 0; i < b.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            b.data[i] = (char)(b.data[i] ^ (1 << bit));
            kit_write(dir, files[_i], b.data, b.len);
            ck_assert_msg(!lies(export_open, dir, &good), "byte %zu, bit %u", i, bit);
            b.data[i] = (char)(b.data[i] ^ (1 << bit));
        }
    }
    buf_done(&b);
    kit_all_done(&good);
}
END_TEST

static json_t *expected(const char *from)
{
    buf text = kit_read(from, "decoded.ndjson"), fields;
    json_t *all = json_object();
    buf_init(&fields);
    for (char *p = text.data, *end; *p; p = end + 1) {
        document_head h;
        err e = {0};
        end = strchrnul(p, '\n');
        ck_assert_msg(document_parse(p, (size_t)(end - p), &h, &fields, &e), "%s", e.text);
        json_object_set_new(all, h.name, json_loads(fields.data, JSON_REJECT_DUPLICATES, NULL));
        free(h.name);
        if (!*end)
            break;
    }
    buf_done(&text);
    buf_done(&fields);
    return all;
}

START_TEST(a_real_export_decodes_to_exactly_its_documents)
{
    const char *from = kit_shared(exports[_i]);
    if (!from)
        support_skip(missing);
    json_t *want = expected(from), *got = json_object();
    legacy *l;
    legacy_document d;
    legacy_damage g;
    err e = {0};
    ck_assert(export_open(from, &l, &e));
    while (l->next(l, &d, &g, NULL, &e) == LEGACY_DOCUMENT) {
        char name[512];
        snprintf(name, sizeof name, "%s/%s", d.prefix, d.path);
        ck_assert_ptr_null(json_object_get(got, name));
        json_object_set_new(got, name, json_loads(d.fields, JSON_REJECT_DUPLICATES, NULL));
    }
    ck_assert_int_gt(l->info.start_us, INT64_C(1600000000000000));
    ck_assert_int_eq(l->info.said_documents, (int64_t)json_object_size(want));
    legacy_close(l);
    ck_assert_uint_gt(json_object_size(want), 0);
    ck_assert(json_equal(got, want));
    json_decref(got);
    json_decref(want);
}
END_TEST

Suite *flip_suite(void)
{
    Suite *s = suite_create("flip");
    TCase *tc = tcase_create("real exports");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, a_real_export_decodes_to_exactly_its_documents, 0, 2);
    tcase_add_loop_test(tc, every_flipped_byte_of_a_real_export_is_located, 0, 2);
    tcase_add_loop_test(tc, without_the_checksum_the_flip_drill_finds_lies, 0, 1);
    tcase_add_loop_test(tc, every_truncation_of_a_real_export_is_located, 0, 2);
    tcase_add_loop_test(tc, every_flipped_byte_of_the_metadata_leaves_the_documents_true, 0, 2);
    suite_add_tcase(s, tc);
    return s;
}
