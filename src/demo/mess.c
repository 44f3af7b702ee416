#include "demo/mess.h"

#define MESS_ROW(id, model, kind, field, code, severity, rate, sentence)                                     \
    {MODEL_##model, kind, field, code, MESS_##severity, rate, sentence},

const mess_kind mess_kinds[MESS_COUNT] = {MESS_TABLE(MESS_ROW)};

static const struct {
    const char *name, *collection;
} models[MODEL_COUNT] = {
    [MODEL_CITIES] = {"cities", "cities"},
    [MODEL_ARTISTS] = {"artists", "artists"},
    [MODEL_VENUES] = {"venues", "venues"},
    [MODEL_FANS] = {"fans", "fans"},
    [MODEL_FOLLOWS] = {"follows", "fans/follows"},
    [MODEL_CONCERTS] = {"concerts", "concerts"},
    [MODEL_TICKET_TYPES] = {"ticketTypes", "concerts/ticketTypes"},
    [MODEL_ORDERS] = {"orders", "orders"},
    [MODEL_TOURS] = {"tours", "tours"},
    [MODEL_BOOKINGS] = {"bookings", "bookings"},
};

const char *mess_model_name(mess_model m)
{
    return models[m].name;
}

const char *mess_model_collection(mess_model m)
{
    return models[m].collection;
}

const char *mess_severity_word(mess_severity s)
{
    return s == MESS_NONE ? "none" : s == MESS_WARNING ? "warning" : "blocking";
}
