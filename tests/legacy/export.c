#include "legacy/export.h"
#include "kit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A document "c/dN" with a text of n bytes. */
static buf document(int id, size_t n)
{
    buf e, v, text;
    char path[32];
    buf_init(&e);
    buf_init(&v);
    buf_init(&text);
    snprintf(path, sizeof path, "c/d%d", id);
    kit_key(&e, "dev~p", NULL, NULL, path);
    for (size_t i = 0; i < n; i++)
        buf_char(&text, (char)('a' + i % 26));
    kit_bytes(&v, 3, text.data, text.len);
    kit_property(&e, 15, 0, "t", false, &v);
    buf_done(&v);
    buf_done(&text);
    return e;
}

static void add_document(buf *file, int id, size_t n)
{
    buf e = document(id, n);
    kit_record(file, e.data, e.len);
    buf_done(&e);
}

static kit_all read_output(const buf *output, int64_t documents)
{
    const char *dir = support_folder();
    kit_export(dir, output, documents, -1);
    return kit_read_all(export_open, dir);
}

static void expect(const buf *output, int64_t said, size_t documents, size_t damages, const char *part)
{
    kit_all all = read_output(output, said);
    ck_assert_msg(all.n_documents == documents && all.n_damages == damages && strstr(all.damages.data, part),
                  "%zu documents, damages: %s", all.n_documents, all.damages.data);
    kit_all_done(&all);
}

START_TEST(a_record_is_joined_over_blocks)
{
    buf file;
    buf_init(&file);
    add_document(&file, 1, 10);
    add_document(&file, 2, 100000); /* FIRST, MIDDLE, MIDDLE, LAST */
    add_document(&file, 3, 10);
    ck_assert_uint_gt(file.len, 3 * 32768);
    expect(&file, 3, 3, 0, "");
    buf_done(&file);
}
END_TEST

START_TEST(every_place_for_a_blocks_end_is_read)
{
    for (size_t n = 32640; n < 32780;
         n++) { /* the next record begins at each of the last bytes of the block, and behind */
        buf file;
        buf_init(&file);
        add_document(&file, 1, n);
        add_document(&file, 2, 50);
        expect(&file, 2, 2, 0, "");
        buf_done(&file);
    }
}
END_TEST

START_TEST(an_empty_first_in_the_last_seven_bytes_is_read)
{
    for (int full = 0; full < 2; full++) { /* followed by the rest of it, or by a record of its own */
        buf file, e = document(1, 32700), b = document(2, 10);
        size_t over = e.len - 32700; /* what stands around the text */
        buf_done(&e);
        e = document(1, 32761 - 7 - over);
        buf_init(&file);
        kit_fragment(&file, 1, e.data, e.len);
        ck_assert_uint_eq(file.len, 32761);
        kit_fragment(&file, 2, "", 0);
        kit_fragment(&file, full ? 1 : 4, b.data, b.len);
        expect(&file, 2, 2, 0, "");
        buf_done(&file);
        buf_done(&e);
        buf_done(&b);
    }
}
END_TEST

START_TEST(zero_padding_to_the_blocks_end_is_skipped)
{
    buf file;
    buf_init(&file);
    add_document(&file, 1, 10);
    while (file.len < 32768)
        buf_char(&file, 0);
    add_document(&file, 2, 10);
    while (file.len < 65536)
        buf_char(&file, 0);
    expect(&file, 2, 2, 0, "");
    file.data[40000] = 1;
    expect(&file, 2, 2, 1, "padding");
    buf_done(&file);
}
END_TEST

START_TEST(bytes_where_no_header_fits_are_told_and_cost_nothing)
{
    for (size_t n = 32640; n < 32780; n++) {
        buf file;
        buf_init(&file);
        add_document(&file, 1, n);
        size_t end = file.len;
        add_document(&file, 2, 50);
        if (end > 32761 && end < 32768) {
            file.data[32767] = 1;
            expect(&file, 2, 2, 1, "padding");
        }
        buf_done(&file);
    }
}
END_TEST

START_TEST(a_full_record_of_length_0_is_a_record_without_a_key)
{
    buf file;
    buf_init(&file);
    add_document(&file, 1, 10);
    kit_fragment(&file, 1, "", 0);
    add_document(&file, 2, 10);
    expect(&file, 3, 2, 1, "bad_key");
    buf_done(&file);
}
END_TEST

START_TEST(an_empty_database_is_no_damage)
{
    const char *dir = support_folder();
    buf file;
    buf_init(&file);
    kit_record(&file, "3", 1);
    kit_record(&file, "", 0);
    kit_write(dir, "e.overall_export_metadata", file.data, file.len);
    kit_all all = kit_read_all(export_open, dir);
    ck_assert_uint_eq(all.n_documents, 0);
    ck_assert_msg(all.n_damages == 0, "%s", all.damages.data);
    kit_all_done(&all);
    buf_done(&file);
}
END_TEST

START_TEST(reading_goes_on_at_the_next_block_after_damage)
{
    buf file;
    buf_init(&file);
    for (int i = 0; i < 300; i++)
        add_document(&file, i, 400);
    ck_assert_uint_gt(file.len, 3 * 32768);
    file.data[32768 + 5000] ^= 1; /* in the second block */
    kit_all all = read_output(&file, 300);
    ck_assert_uint_gt(all.n_documents, 200);
    ck_assert_uint_lt(all.n_documents, 300);
    ck_assert_uint_eq(all.n_damages, 2); /* the place, and the count */
    ck_assert_msg(strncmp(all.damages.data, "crc all_namespaces/all_kinds/output-0 record ", 45) == 0, "%s",
                  all.damages.data);
    ck_assert(strstr(all.damages.data, "count x.overall_export_metadata") != NULL);
    ck_assert(strstr(all.documents.data, "c/d299 ") != NULL);
    kit_all_done(&all);
    buf_done(&file);
}
END_TEST

START_TEST(a_wrong_checksum_costs_only_its_own_record)
{
    buf file;
    buf_init(&file);
    for (int i = 0; i < 40; i++)
        add_document(&file, i, 100);
    file.data[1000] ^= 1;
    expect(&file, 40, 39, 2, "crc all_namespaces/all_kinds/output-0 record "); /* the place, and the count */
    buf_done(&file);
}
END_TEST

START_TEST(a_wrong_length_costs_its_block_and_invents_nothing)
{
    buf file;
    buf_init(&file);
    for (int i = 0; i < 300; i++)
        add_document(&file, i, 400);
    file.data[4] ^= 4; /* of the first record of the first block */
    kit_all all = read_output(&file, 300);
    ck_assert_uint_gt(all.n_documents, 200);
    ck_assert_uint_lt(all.n_documents, 299);
    ck_assert_uint_eq(all.n_damages, 2);
    kit_all_done(&all);
    buf_done(&file);
}
END_TEST

START_TEST(fragments_out_of_order_are_told)
{
    buf file, e = document(1, 10);
    buf_init(&file);
    kit_fragment(&file, 3, "x", 1);
    kit_fragment(&file, 4, "x", 1);
    kit_fragment(&file, 1, e.data, e.len);
    expect(&file, 1, 1, 1, "beginning is missing");
    buf_clear(&file);
    kit_fragment(&file, 2, "x", 1);
    kit_fragment(&file, 1, e.data, e.len);
    expect(&file, -1, 1, 1, "another record begins before it");
    buf_clear(&file);
    kit_fragment(&file, 1, e.data, e.len);
    kit_fragment(&file, 2, "x", 1);
    expect(&file, -1, 1, 1, "the file ends before its last part");
    buf_clear(&file);
    kit_fragment(&file, 9, e.data, e.len);
    expect(&file, -1, 0, 1, "type is unknown");
    buf_clear(&file);
    kit_fragment(&file, 1, e.data, e.len);
    file.data[5] = (char)0xff;
    expect(&file, -1, 0, 1, "over the end of its block");
    buf_done(&file);
    buf_done(&e);
}
END_TEST

START_TEST(a_record_that_never_ends_is_refused_in_bounded_memory)
{
    buf file, e = document(1, 10);
    char *chunk = calloc(1, 32761);
    buf_init(&file);
    for (int i = 0; i < 1100; i++) /* 34 MiB */
        kit_fragment(&file, i ? 3 : 2, chunk, 32761);
    kit_fragment(&file, 4, "x", 1);
    kit_fragment(&file, 1, e.data, e.len);
    expect(&file, -1, 1, 1, "longer than any document");
    free(chunk);
    buf_done(&file);
    buf_done(&e);
}
END_TEST

START_TEST(a_bad_record_does_not_stop_the_next)
{
    buf file, e;
    buf_init(&file);
    buf_init(&e);
    add_document(&file, 1, 10);
    kit_key(&e, "dev~p", NULL, NULL, "c"); /* no id */
    kit_record(&file, e.data, e.len);
    buf_clear(&e);
    kit_key(&e, "dev~p", NULL, NULL, "c/..");
    kit_record(&file, e.data, e.len);
    kit_record(&file, "\xff\xff", 2);
    add_document(&file, 2, 10);
    expect(&file, 5, 2, 3, "bad_record all_namespaces/all_kinds/output-0 record 4 at byte ");
    buf_done(&file);
    buf_done(&e);
}
END_TEST

START_TEST(counts_that_disagree_are_told)
{
    buf file;
    buf_init(&file);
    add_document(&file, 1, 10);
    expect(&file, 1, 1, 0, "");
    expect(&file, 2, 1, 1, "count");
    expect(&file, -1, 1, 0, "");
    const char *dir = support_folder();
    kit_export(dir, &file, 1, (int64_t)file.len + 1);
    kit_all all = kit_read_all(export_open, dir);
    ck_assert_uint_eq(all.n_damages, 1);
    kit_all_done(&all);
    kit_export(dir, &file, 1, (int64_t)file.len - 7); /* the managed service counts the records alone */
    all = kit_read_all(export_open, dir);
    ck_assert_msg(all.n_damages == 0, "%s", all.damages.data);
    kit_all_done(&all);
    buf_done(&file);
}
END_TEST

static kit_all without(const char *remove_name)
{
    static const char *dir;
    char path[512];
    buf file;
    buf_init(&file);
    add_document(&file, 1, 10);
    dir = support_folder();
    kit_export(dir, &file, 1, -1);
    snprintf(path, sizeof path, "%s/%s", dir, remove_name);
    ck_assert_int_eq(unlink(path), 0);
    buf_done(&file);
    return kit_read_all(export_open, dir);
}

START_TEST(missing_files_are_told_and_the_rest_is_read)
{
    kit_all all = without(kit_output);
    ck_assert_uint_eq(all.n_documents, 0);
    ck_assert(strstr(all.damages.data, "missing_file all_namespaces/all_kinds/output-0") != NULL);
    ck_assert(strstr(all.damages.data, "count") != NULL);
    kit_all_done(&all);
    all = without("x.overall_export_metadata");
    ck_assert_uint_eq(all.n_documents, 1);
    ck_assert(strstr(all.damages.data, "missing_file *.overall_export_metadata") != NULL);
    kit_all_done(&all);
    all = without("all_namespaces/all_kinds/all_namespaces_all_kinds.export_metadata");
    ck_assert_uint_eq(all.n_documents, 1);
    ck_assert(strstr(all.damages.data, "missing_file all_namespaces/all_kinds/all_namespaces_all_kinds") !=
              NULL);
    kit_all_done(&all);
}
END_TEST

START_TEST(a_file_that_nothing_names_is_told)
{
    const char *dir = support_folder();
    buf file;
    buf_init(&file);
    add_document(&file, 1, 10);
    kit_export(dir, &file, 1, -1);
    kit_write(dir, "all_namespaces/all_kinds/output-1", file.data, file.len);
    kit_all all = kit_read_all(export_open, dir);
    ck_assert_uint_eq(all.n_documents, 1);
    ck_assert(strstr(all.damages.data, "unnamed_file all_namespaces/all_kinds/output-1") != NULL);
    kit_all_done(&all);
    buf_done(&file);
}
END_TEST

/* Overall metadata with the given version and path; the rest as kit_export made it. */
static kit_all with_overall(const char *version, const char *path, bool more)
{
    const char *dir = support_folder();
    buf file, part, list;
    buf_init(&file);
    buf_init(&part);
    buf_init(&list);
    add_document(&file, 1, 10);
    kit_export(dir, &file, 1, -1);
    buf_clear(&file);
    kit_str(&part, 2, path);
    kit_int(&part, 3, 1);
    kit_bytes(&list, 1, part.data, part.len);
    kit_record(&file, version, 1);
    kit_record(&file, list.data, list.len);
    if (more)
        kit_record(&file, "x", 1);
    kit_write(dir, "x.overall_export_metadata", file.data, file.len);
    buf_done(&file);
    buf_done(&part);
    buf_done(&list);
    return kit_read_all(export_open, dir);
}

START_TEST(backslashes_of_windows_are_read_and_ways_out_of_the_folder_are_not)
{
    kit_all all =
        with_overall("3", "all_namespaces\\all_kinds\\all_namespaces_all_kinds.export_metadata", false);
    ck_assert_msg(all.n_documents == 1 && all.n_damages == 0, "%s", all.damages.data);
    kit_all_done(&all);
    static const char *const out[] = {"../x.export_metadata", "/etc/passwd", "a\\..\\..\\x", ""};
    for (int i = 0; i < 4; i++) {
        all = with_overall("3", out[i], false);
        ck_assert_uint_eq(all.n_documents, 1); /* found by its name instead */
        ck_assert(strstr(all.damages.data, "parts is broken") != NULL);
        kit_all_done(&all);
    }
    all = with_overall("4", "all_namespaces/all_kinds/all_namespaces_all_kinds.export_metadata", true);
    ck_assert_uint_eq(all.n_documents, 1);
    ck_assert(strstr(all.damages.data, "version is not 3") != NULL);
    ck_assert(strstr(all.damages.data, "more follows") != NULL);
    kit_all_done(&all);
}
END_TEST

START_TEST(a_part_that_names_odd_files_is_told)
{
    static const char *const names[] = {"../output-0", ".output-0", "a/output-0", ""};
    for (int i = 0; i < 4; i++) {
        const char *dir = support_folder();
        buf file, part, outputs;
        buf_init(&file);
        buf_init(&part);
        buf_init(&outputs);
        add_document(&file, 1, 10);
        kit_export(dir, &file, 1, -1);
        kit_str(&outputs, 2, names[i]);
        kit_bytes(&part, 2, outputs.data, outputs.len);
        kit_write(dir, "all_namespaces/all_kinds/all_namespaces_all_kinds.export_metadata", part.data,
                  part.len);
        kit_all all = kit_read_all(export_open, dir);
        ck_assert_uint_eq(all.n_documents, 1);
        ck_assert(strstr(all.damages.data, "the metadata is broken") != NULL);
        ck_assert(strstr(all.damages.data, "no version") != NULL);
        kit_all_done(&all);
        buf_done(&file);
        buf_done(&part);
        buf_done(&outputs);
    }
}
END_TEST

START_TEST(the_emulators_outer_folder_is_good_enough)
{
    const char *dir = support_folder();
    char inner[300];
    snprintf(inner, sizeof inner, "%s/firestore_export", dir);
    buf file;
    buf_init(&file);
    add_document(&file, 1, 10);
    ck_assert(!export_is(dir));
    kit_export(inner, &file, 1, -1);
    ck_assert(export_is(dir));
    kit_all all = kit_read_all(export_open, dir);
    ck_assert_uint_eq(all.n_documents, 1);
    kit_all_done(&all);
    snprintf(inner, sizeof inner, "%s/second", dir); /* two: which is not ours to guess */
    kit_export(inner, &file, 1, -1);
    legacy *l;
    err e = {0};
    ck_assert(!export_open(dir, &l, &e));
    ck_assert_int_eq(e.kind, ERR_MISSING);
    buf_done(&file);
}
END_TEST

START_TEST(an_output_that_is_no_file_does_not_hang)
{
    const char *dir = support_folder();
    char path[512];
    buf file;
    buf_init(&file);
    kit_export(dir, &file, 0, -1);
    snprintf(path, sizeof path, "%s/%s", dir, kit_output);
    unlink(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    kit_all all = kit_read_all(export_open, dir);
    ck_assert(strstr(all.damages.data, "is not a file") != NULL);
    kit_all_done(&all);
    buf_done(&file);
}
END_TEST

Suite *export_suite(void)
{
    Suite *s = suite_create("export");
    TCase *tc = tcase_create("export");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_record_is_joined_over_blocks);
    tcase_add_test(tc, every_place_for_a_blocks_end_is_read);
    tcase_add_test(tc, an_empty_first_in_the_last_seven_bytes_is_read);
    tcase_add_test(tc, zero_padding_to_the_blocks_end_is_skipped);
    tcase_add_test(tc, bytes_where_no_header_fits_are_told_and_cost_nothing);
    tcase_add_test(tc, a_full_record_of_length_0_is_a_record_without_a_key);
    tcase_add_test(tc, an_empty_database_is_no_damage);
    tcase_add_test(tc, reading_goes_on_at_the_next_block_after_damage);
    tcase_add_test(tc, a_wrong_checksum_costs_only_its_own_record);
    tcase_add_test(tc, a_wrong_length_costs_its_block_and_invents_nothing);
    tcase_add_test(tc, fragments_out_of_order_are_told);
    tcase_add_test(tc, a_record_that_never_ends_is_refused_in_bounded_memory);
    tcase_add_test(tc, a_bad_record_does_not_stop_the_next);
    tcase_add_test(tc, counts_that_disagree_are_told);
    tcase_add_test(tc, missing_files_are_told_and_the_rest_is_read);
    tcase_add_test(tc, a_file_that_nothing_names_is_told);
    tcase_add_test(tc, backslashes_of_windows_are_read_and_ways_out_of_the_folder_are_not);
    tcase_add_test(tc, a_part_that_names_odd_files_is_told);
    tcase_add_test(tc, the_emulators_outer_folder_is_good_enough);
    tcase_add_test(tc, an_output_that_is_no_file_does_not_hang);
    suite_add_tcase(s, tc);
    return s;
}
