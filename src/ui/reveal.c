/* Looking at personal data. What a person sees unmasked is first put into the audit, as the command line does it: until the answer
 * came, and when it is a refusal, everything stays masked. What was put down is the screen, what it is narrowed to and the filter; so
 * another filter masks again. A detail is one look: its fields and all its sections. */
#include "base/json.h"
#include "ui/console.h"
#include <string.h>

static bool hides(const view *v)
{
    for (size_t i = 0; i < v->ncolumns; i++)
        if (v->columns[i].sensitive)
            return true;
    return false;
}

bool reveal_possible(const console *u)
{
    const place *p = console_here(u);
    bool found = p && hides(p->view);
    for (size_t i = 0; p && p->panel == &panel_detail && i < p->view->nsections; i++) {
        const view *v = catalog_view(u->catalog, p->view->sections[i].view);
        found = found || (v && hides(v));
    }
    return found;
}

static void write_about(const place *p, buf *out)
{
    json_out j;
    json_init(&j, out);
    json_open(&j, '{');
    for (size_t i = 0; i < p->values.n; i++) {
        json_key(&j, p->values.items[i].name);
        json_str(&j, p->values.items[i].text);
    }
    if (*p->search) {
        json_key(&j, "search");
        json_str(&j, p->search);
    }
    json_close(&j, '}');
}

void reveal_toggle(console *u)
{
    static uint64_t last;
    place *p = console_here(u);
    const query *q = catalog_query(u->catalog, "reveal");
    if (p->reveal || p->revealing) {
        place_reveal(p, false);
        console_notice(u, STYLE_DIM, "Personal data is hidden");
        return;
    }
    if (!q) {
        console_notice(u, STYLE_BAD, "Personal data stays hidden: queries/reveal.sql is missing");
        return;
    }
    buf about;
    buf_init(&about);
    write_about(p, &about);
    query_value own[] = {{"screen", p->view->name}, {"about", about.data}};
    p->revealing = ++last;
    data_ask(u->data, &(question){.kind = ASK_WRITE,
                                  .tag = p->tag,
                                  .serial = p->revealing,
                                  .view = p->view,
                                  .query = q,
                                  .values = own,
                                  .nvalues = 2,
                                  .reason = "looked at personal data"});
    buf_done(&about);
    console_notice(u, STYLE_DIM, "Putting the look at personal data into the audit ...");
}

bool reveal_take(console *u, const answer *a)
{
    for (size_t i = 0; a->kind == ASK_WRITE && i < u->depth; i++) {
        place *p = u->stack[i];
        if (p->tag != a->tag)
            continue;
        if (!p->revealing || p->revealing != a->serial)
            return true; /* hidden again, or another filter, meanwhile */
        p->revealing = 0;
        if (a->ok)
            place_reveal(p, true);
        if (i + 1 == u->depth && a->ok)
            console_notice(u, STYLE_DIM, "Personal data is shown, and the audit says so; v hides it again");
        else if (i + 1 == u->depth)
            console_notice(u, STYLE_BAD,
                           "Personal data stays hidden, since the look could not be put into the audit: %s",
                           a->error.text);
        return true;
    }
    return false;
}
