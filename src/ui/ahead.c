/* Keys typed before the rows that they mean are there: `/luna park`, Enter and P in one breath. The rows on the screen
 * are then still those of the question before, and P on one of them would plan somebody else's tour. So keys that mean a
 * row wait, in order, until the rows answer what was asked; any other key means that the person went on to something
 * else, and drops them. */
#include "ui/console.h"
#include <string.h>

static bool moves(action act)
{
    static const action all[] = {ACT_UP, ACT_DOWN, ACT_PAGE_UP, ACT_PAGE_DOWN, ACT_FIRST, ACT_LAST};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] == act)
            return true;
    return false;
}

static bool of_row(action act)
{
    return act == ACT_ENTER || act == ACT_MARK || act == ACT_COPY || act == ACT_PIN;
}

static bool of_view(const place *p, int key)
{
    const view *v = p->view;
    for (size_t i = 0; i < v->ngos; i++)
        if (keys_named(v->gos[i].key) == key)
            return true;
    for (size_t i = 0; i < v->ndos; i++)
        if (keys_named(v->dos[i].key) == key)
            return true;
    for (size_t i = 0; p->panel->behind && i < v->nacts; i++)
        if (keys_named(v->acts[i].key) == key)
            return true;
    return false;
}

static bool must_wait(place *p, int key)
{
    place *in = place_inner(p);
    action act = keys_action(key);
    if (!keys_reserved(key) && of_view(in, key))
        return place_behind(in);
    if (!keys_reserved(key) && of_view(p, key))
        return place_behind(p);
    if (moves(act)) /* where the first rows are there, the list itself knows how far it still has to go */
        return place_is_table(in) && place_behind(in) && in->list.owed == 0;
    return of_row(act) && place_is_table(in) && place_behind(in);
}

bool ahead_takes(console *u, int key)
{
    place *p = console_here(u);
    bool waits = p && u->nahead < AHEAD_MOST && must_wait(p, key);
    if (!waits && u->nahead) {
        u->nahead = 0;
        if (keys_action(key) == ACT_ESCAPE) {
            console_notice(u, STYLE_DIM, "Dropped what was typed ahead");
            return true;
        }
    }
    if (!waits)
        return false;
    u->ahead[u->nahead++] = key;
    u->ahead_of = p;
    buf name;
    buf_init(&name);
    keys_name(key, &name);
    console_notice(u, STYLE_DIM, "%s waits for the rows; Esc drops it", name.data);
    buf_done(&name);
    return true;
}

bool ahead_plays(console *u)
{
    place *p = console_here(u);
    if (!u->nahead || u->popup || u->prompt)
        return false;
    if (p != u->ahead_of || place_inner(p)->error.kind != ERR_NONE) {
        u->nahead = 0;
        return false;
    }
    int keys[AHEAD_MOST];
    size_t n = u->nahead;
    if (must_wait(p, u->ahead[0]))
        return false;
    memcpy(keys, u->ahead, n * sizeof *keys);
    u->nahead = 0;
    u->dirty = true;
    for (size_t i = 0; i < n && !u->prompt;
         i++) /* as if typed now: wherever the one before led, and waiting anew */
        console_key(u, keys[i]);
    return true;
}
