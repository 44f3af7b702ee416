#include "suites.h"

#define VIEW "title = T\nquery = q\nkey = id\n[column id]\nkeep = 0\n[column name]\n"

static const draft *only(const catalog *c)
{
    ck_assert_ptr_nonnull(c);
    ck_assert_uint_eq(c->ndrafts, 1);
    return c->drafts[0];
}

static void refused(const char *text, const char *sentence)
{
    err e = {0};
    catalog *c = with_file("views/v.view", text, &e);
    ck_assert_msg(c == NULL, "was taken: %s", text);
    ck_contains(e.text, sentence);
}

START_TEST(settings_land_where_they_belong)
{
    catalog *c =
        with_file("views/v.view",
                  "title = T ; a comment\nkind = detail\nquery = q\nkey = a, b\nrefresh = 2m\noffline = yes\n"
                  "[column a]\ntype = money\ncurrency = b\nwidth = 4-9\nkeep = 2\nsensitive = yes\n"
                  "[column some_name]\nwidth = 7\nsortable = no\n"
                  "[go x]\nkey = Enter\nview = w\nwith = a, other: b\n"
                  "[do y]\nkey = n\nquery = p\ninput = note reason\ndanger = severe\n"
                  "[section z]\nview = w\nrows = 3\n",
                  NULL);
    const draft *d = only(c);
    ck_assert_str_eq(d->v.title, "T");
    ck_assert_int_eq(d->v.kind, VIEW_DETAIL);
    ck_assert_uint_eq(d->v.nkey, 2);
    ck_assert_str_eq(d->v.key[1], "b");
    ck_assert(d->v.refresh_s == 120 && d->v.offline);
    ck_assert_int_eq(d->columns[0].type, COL_MONEY);
    ck_assert(d->columns[0].width_min == 4 && d->columns[0].width_max == 9 && d->columns[0].keep == 2);
    ck_assert(d->columns[0].sensitive && d->columns[0].line == 7);
    ck_assert_str_eq(d->columns[1].title, "Some name");
    ck_assert(d->columns[1].width_max == 7 && !d->columns[1].sortable);
    ck_assert_str_eq(d->gos[0].binds[1].param, "other");
    ck_assert_str_eq(d->gos[0].binds[1].column, "b");
    ck_assert_uint_eq(d->dos[0].ninputs, 2);
    ck_assert_int_eq(d->dos[0].danger, DANGER_SEVERE);
    ck_assert_int_eq(d->sections[0].rows, 3);
    catalog_free(c);
}
END_TEST

START_TEST(a_wrong_line_refuses_the_file_by_its_number)
{
    refused(VIEW "widht = 3\n", "views/v.view:7: 'widht' is no setting here; did you mean 'width'?");
    refused(VIEW "width = 9-3\n", "views/v.view:7: width is columns");
    refused(VIEW "width = 3x\n", "views/v.view:7: width is columns");
    refused(VIEW "type = munny\n", "views/v.view:7: 'munny' is no column type");
    refused(VIEW "keep = 12\n", "views/v.view:7: keep is 0");
    refused(VIEW "sensitive = maybe\n", "views/v.view:7: 'maybe' is neither yes nor no");
    refused(VIEW "[colum x]\ntitle = a\n", "views/v.view:7: [colum x] is none of");
    refused(VIEW "nonsense\n", "views/v.view:7: neither `name = value` nor [section]");
    refused(VIEW "title = a\ntitle = b\n", "views/v.view:8: 'title' is set twice");
    refused(VIEW "title =\n", "views/v.view:7: 'title' has no value");
    refused("title = T\nquery = Q\n", "views/v.view:2: 'Q' is no name");
    refused("title = T\nquery = q\nrefresh = soon\n[column a]\n", "views/v.view:3: 'soon' is no span");
    refused(VIEW "[go x]\nkey = a\n", "[go x] needs a key and a view");
    refused(VIEW "[go x]\nkey = a\nview = w\nwith = a b\n", "views/v.view:10: `with` is a list");
    refused("title = T\n", "a view needs a title and a query");
    refused("title = T\nquery = q\n", "a view needs at least one [column NAME]");
    refused(VIEW "[column abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz]\n",
            "views/v.view:7: the name in []");
    refused("", "a view needs a title and a query");
}
END_TEST

START_TEST(a_line_longer_than_the_reader_is_told_not_cut)
{
    char text[1024] = VIEW "title = ";
    size_t n = strlen(text);
    memset(text + n, 'x', 600);
    refused(text, "views/v.view:7: the line is too long");
}
END_TEST

START_TEST(a_section_without_settings_counts)
{
    catalog *c = with_file("views/v.view", VIEW "[column more]\n[column most]", NULL);
    ck_assert_uint_eq(only(c)->v.ncolumns, 4);
    catalog_free(c);
}
END_TEST

Suite *suite_view(void)
{
    Suite *s = suite_create("view");
    TCase *tc = tcase_create("view");
    tcase_add_test(tc, settings_land_where_they_belong);
    tcase_add_test(tc, a_wrong_line_refuses_the_file_by_its_number);
    tcase_add_test(tc, a_line_longer_than_the_reader_is_told_not_cut);
    tcase_add_test(tc, a_section_without_settings_counts);
    suite_add_tcase(s, tc);
    return s;
}
