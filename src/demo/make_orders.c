/* Orders with their tickets: the bulk of the old database. */
#include "base/time.h"
#include "demo/generate.h"
#include <stdio.h>
#include <string.h>

enum { TICKETS_MOST = 6 };

typedef enum { PENDING, PAID, REFUNDED, PARTLY, CANCELLED, FAILED } paid;

typedef struct order {
    uint64_t index, fan; /* fan: an index, or WORLD_NEVER and beyond */
    uint32_t concert;
    bool over; /* the concert was played */
    paid status;
    const char *currency;
    unsigned n, types[TICKETS_MOST];
    int64_t prices[TICKETS_MOST], sum, fees;
    int64_t ordered_us, starts_us;
} order;

/* The on-sale curve: a rush at the start, a plain, and a rise in the last days. Never after today. */
static int64_t order_time(const gen *g, rng *r, const concert *c, int64_t starts_us)
{
    int64_t from = c->sale_day * DAY_US + INT64_C(16) * 3600000000, end = g->w.today * DAY_US;
    int64_t to = starts_us - INT64_C(3600000000) < end ? starts_us - INT64_C(3600000000) : end;
    int64_t minutes = (to - from) / 60000000;
    if (minutes < 2)
        return from - 60000000;
    uint64_t u = rng_below(r, 1000), way = rng_below(r, 100);
    uint64_t cube = u * u / 1000 * u / 1000;
    int64_t days_2 = 2880 < minutes ? 2880 : minutes, days_10 = 14400 < minutes ? 14400 : minutes, at;
    if (way < 35)
        at = days_2 * (int64_t)cube / 1000;
    else if (way < 75)
        at = minutes * (int64_t)u / 1000;
    else
        at = minutes - 1 - days_10 * (int64_t)cube / 1001;
    return from + at * 60000000;
}

/* Mostly somebody of the city, always somebody whose row will be there. */
static uint64_t order_fan(const gen *g, rng *r, const concert *c)
{
    uint32_t at = g->w.venues[c->venue].place;
    uint64_t low = at ? g->w.fan_ends[at - 1] : 0, high = g->w.fan_ends[at];
    bool local = high > low && rng_chance(r, 7500);
    uint64_t fan = local ? low + rng_below(r, high - low) : rng_below(r, g->w.nfans);
    for (uint64_t i = 0; i < g->w.nfans; i++, fan = (fan + 1) % g->w.nfans) {
        plan p = world_plan(&g->w, MODEL_FANS, fan);
        if (!world_bad(&g->w, MODEL_FANS, &p) && !(p.kinds & world_bit(&g->w, FAN_ERASED)))
            break;
    }
    return fan;
}

static paid order_status(const gen *g, rng *r, const order *o)
{
    uint64_t u = rng_below(r, 1000);
    if (g->w.concerts[o->concert].status == SHOW_CANCELLED)
        return u < 950 ? REFUNDED : CANCELLED;
    return u < 930               ? PAID
           : u < 950             ? REFUNDED
           : u < 960             ? PARTLY
           : u < 980             ? CANCELLED
           : u < 985 && !o->over ? PENDING
                                 : FAILED;
}

static void order_plan(const gen *g, order *o)
{
    const concert *c = &g->w.concerts[o->concert];
    rng r;
    world_rng(&g->w, &r, DRAW_WORLD, MODEL_ORDERS, o->index);
    unsigned types = world_types(&g->w, o->concert);
    o->starts_us = world_concert_start(&g->w, c);
    o->over = c->status == SHOW_PLAYED;
    o->ordered_us = order_time(g, &r, c, o->starts_us);
    o->fan = order_fan(g, &r, c);
    o->status = order_status(g, &r, o);
    o->currency = world_concert_currency(&g->w, c);
    uint64_t u = rng_below(&r, 100);
    o->n = u < 22 ? 1 : u < 75 ? 2 : u < 84 ? 3 : u < 95 ? 4 : (unsigned)rng_between(&r, 5, TICKETS_MOST);
    unsigned type = (unsigned)rng_below(&r, types);
    for (unsigned i = 0; i < o->n; i++) {
        o->types[i] = rng_chance(&r, 1500) ? (unsigned)rng_below(&r, types) : type;
        o->prices[i] = world_type_price(&g->w, o->concert, o->types[i]);
        o->sum += o->prices[i];
    }
    o->fees = o->sum * 12 / 100;
}

/* ---- money: one form for the whole order ---- */

static void order_money(doc *d, const order *o, int64_t total, money_form form, bool bare)
{
    static const char *const bad[] = {"TBD", "call", "n/a", "free??"};
    const char *key = form == MONEY_CENTS ? "totalCents" : "total";
    if (doc_take(d, ORDER_NO_TOTAL))
        doc_null(d, key);
    else if (doc_take(d, ORDER_BAD_TOTAL))
        doc_s(d, key, bad[rng_below(&d->r, 4)]);
    else if (doc_take(d, ORDER_NEGATIVE_TOTAL))
        spell_money(d, "total", "totalCents", -total, o->currency, form == MONEY_TEXT ? MONEY_NUMBER : form,
                    bare);
    else
        spell_money(d, "total", "totalCents", total, o->currency, form, bare);
    if (o->fees)
        spell_money(d, d->era == ERA_A ? "service_fee" : "fees", "feesCents", o->fees, o->currency, form,
                    bare);
    int64_t refunded = o->status == REFUNDED ? total : o->status == PARTLY ? total / 2 : 0;
    if (doc_take(d, ORDER_REFUND_HIGH))
        refunded = total + 1000;
    if (refunded)
        spell_money(d, d->era == ERA_A ? "refund" : "refunded", "refundedCents", refunded, o->currency, form,
                    bare);
    if (form != MONEY_MAP)
        doc_note(d, form == MONEY_CENTS  ? ORDER_MONEY_CENTS
                    : form == MONEY_TEXT ? ORDER_MONEY_TEXT
                                         : ORDER_MONEY_DOUBLE);
}

/* ---- tickets ---- */

static const char *ticket_status(doc *d, const order *o)
{
    static const char *const old_scanned[] = {"used", "checked_in"};
    if (o->status == REFUNDED)
        return "refunded";
    if (o->status == CANCELLED || o->status == FAILED)
        return d->era == ERA_C ? "void" : "cancelled";
    uint64_t u = rng_below(&d->r, 100);
    if (u < 2)
        return "transferred";
    if (!o->over || u < 9)
        return d->era == ERA_A ? "ok" : "valid";
    return d->era == ERA_C ? "scanned" : old_scanned[u % 2];
}

static void ticket(doc *d, const order *o, unsigned i, money_form form, bool bare)
{
    char barcode[32];
    bool odd = i == 0 && doc_take(d, ORDER_TICKET_STATUS),
         unreadable = i == 0 && doc_take(d, ORDER_TICKET_SCAN);
    const char *status = ticket_status(d, o);
    bool scanned =
        strcmp(status, "scanned") == 0 || strcmp(status, "used") == 0 || strcmp(status, "checked_in") == 0;
    text_decimal((int64_t)(rng_next(&d->r) % UINT64_C(900000000000)) + INT64_C(100000000000), 0, false,
                 barcode);
    doc_map(d, NULL);
    doc_s(d, spell_key(d, "type", "ticketType", "type"), world_type_id(o->types[i]));
    spell_money(d, "price", "priceCents", o->prices[i], o->currency, form, bare);
    doc_s(d, "status", odd ? "??" : status);
    doc_s(d, spell_key(d, "barcode", "barcode", "code"), barcode);
    const char *at = spell_key(d, "scannedAt", "scannedAt", "scanned");
    if (unreadable)
        spell_bad_time(d, at);
    else if (scanned)
        spell_time_usual(d, at, o->starts_us - rng_between(&d->r, 0, 60) * 60000000);
    doc_map_end(d);
}

static void order_tickets(doc *d, const order *o, money_form form, bool bare)
{
    doc_array(d, "tickets");
    if (!doc_take(d, ORDER_NO_TICKETS))
        for (unsigned i = 0; i < o->n; i++)
            ticket(d, o, i, form, bare);
    if (doc_take(d, ORDER_TICKET_NULL)) {
        if (d->era == ERA_A)
            doc_s(d, NULL, "see the other system");
        else
            doc_null(d, NULL);
    }
    doc_array_end(d);
}

/* ---- the order ---- */

static void order_state(doc *d, const order *o)
{
    static const char *const now[] = {"pending",         "paid",      "refunded",
                                      "partly_refunded", "cancelled", "failed"};
    static const char *const old[] = {"PENDING",  "complete", "refunded", "partially_refunded",
                                      "canceled", "failed"};
    static const int numbers[] = {0, 1, 2, -1, 3, -1};
    const char *key = spell_key(d, "status", "status", "state");
    if (doc_take(d, ORDER_BAD_STATUS)) {
        doc_s(d, key, "on fire");
    } else if (d->era == ERA_C) {
        doc_s(d, key, now[o->status]);
    } else {
        doc_note(d, ORDER_STATUS_OLD);
        if (d->era == ERA_A && numbers[o->status] >= 0)
            doc_i(d, key, numbers[o->status]);
        else
            doc_s(d, key, old[o->status]);
    }
}

static void order_number(doc *d, const order *o)
{
    char text[32];
    if (doc_take(d, ORDER_NO_NUMBER))
        return;
    snprintf(text, sizeof text, "SX-%llu", 100000 + (unsigned long long)o->index);
    if (d->era == ERA_A)
        doc_i(d, "number", (int64_t)(100000 + o->index));
    else
        doc_s(d, spell_key(d, "orderNumber", "orderNo", ""), text);
}

static void order_buyer(gen *g, doc *d, const order *o)
{
    char path[96], name[128], address[96];
    const char *mail = spell_key(d, "email", "email", "mail");
    fan_name(g, o->fan, name);
    fan_address(g, o->fan, address);
    if (doc_take(d, ORDER_LOST_FAN)) {
        world_path(&g->w, MODEL_FANS, WORLD_NEVER + o->index, path);
        spell_parent(d, "fan", "fanId", "user_id", path);
    } else if (!doc_take(d, ORDER_NO_FAN)) {
        fan_path(g, o->fan, path);
        spell_parent(d, "fan", "fanId", "user_id", path);
    }
    if (doc_take(d, ORDER_BAD_EMAIL))
        spell_bad_email(d, mail);
    else
        spell_email(d, mail, address, doc_take(d, ORDER_EMAIL_CASE));
    if (d->era == ERA_C) {
        doc_map(d, "buyer");
        doc_s(d, "name", name);
        doc_map_end(d);
    } else {
        doc_s(d, spell_key(d, "", "buyerName", "name"), name);
    }
}

static void order_shape(gen *g, doc *d, const void *arg)
{
    const order *o = arg;
    static const char *const channels[] = {"web", "app", "box office", "partner"};
    const char *when = spell_key(d, "createdAt", "orderedAt", "date");
    char path[64];
    doc_take(d, ORDER_LOST_CONCERT);
    if (d->era != ERA_C)
        doc_note(d, ORDER_OLD_NAMES);
    order_number(d, o);
    order_buyer(g, d, o);
    world_path(&g->w, MODEL_CONCERTS, doc_take(d, ORDER_NO_CONCERT) ? WORLD_NEVER + o->index : o->concert,
               path);
    spell_parent(d, "concert", "concertId", "event_id", path);
    if (doc_take(d, ORDER_BAD_TIME))
        spell_bad_time(d, when);
    else if (!doc_take(d, ORDER_NO_TIME))
        spell_time_usual(d, when, o->ordered_us);
    order_state(d, o);
    bool bare = doc_take(d, ORDER_BAD_CURRENCY);
    money_form form = spell_money_form(d, bare);
    int64_t total = o->sum + o->fees + (doc_take(d, ORDER_SUM) ? 700 : 0);
    order_money(d, o, total, form, bare);
    if (bare)
        spell_bad_currency(d, "currency");
    else
        doc_s(d, "currency", o->currency);
    doc_s(d, spell_key(d, "channel", "channel", "via"), channels[rng_below(&d->r, 4)]);
    order_tickets(d, o, form, bare);
}

bool make_orders(gen *g)
{
    uint64_t index = 0;
    for (uint32_t c = 0; c < g->w.nconcerts; c++) {
        uint64_t end = c + 1 < g->w.nconcerts ? g->w.concerts[c + 1].orders_before : g->w.norders;
        for (; index < end; index++) {
            order o = {.index = index, .concert = c};
            char path[64];
            order_plan(g, &o);
            plan p = world_plan(&g->w, MODEL_ORDERS, index);
            if (g->w.concerts[c].bad)
                p = plan_lost(g, p, ORDER_LOST_CONCERT);
            world_path(&g->w, MODEL_ORDERS, index, path);
            if (!gen_emit(g, MODEL_ORDERS, path, index, p, o.ordered_us, order_shape, &o))
                return false;
        }
    }
    return true;
}
