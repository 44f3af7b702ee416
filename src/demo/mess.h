/* mess: every kind of mess that the demo's old database holds, in one table.
 *
 * The generator plants by it and counts by it (planted.json); the models in migrations/models/ find by it: for each
 * kind that is a warning or blocks, one row of migration.issue (path, field, code) must come out, no more and no fewer. The
 * document shapes that the kinds happen in are told in shapes.h.
 *
 *   MESS(ID, model, kind, field, code, severity, rate, sentence)
 *
 * field     the field by its newest name; members of embedded arrays go by the array's field ("tickets.status"), no matter
 *           which one. An issue's field should start with it. At most one issue of a kind is planted in a document, and
 *           never two kinds with the same field and code in one document, so positions may be added ("tickets[2].status").
 * severity  NONE: the readers take it without a word, no issue; WARNING: the row is made, something was lost or guessed;
 *           BLOCKING: no row.
 * rate      planted per 10,000 documents of the model; 0: it follows from something else (a cascade, an era's spelling).
 *
 * Promises the generator keeps:
 * - a document with a blocking kind has exactly one blocking issue and no warning; so has one that lost its parent;
 * - a tombstone has no issue and counts in no kind;
 * - what is not planted is clean: a document without a kind below gives a row without an issue. */
#ifndef SHOWX_DEMO_MESS_H
#define SHOWX_DEMO_MESS_H

#include <stddef.h>

typedef enum { MESS_NONE, MESS_WARNING, MESS_BLOCKING } mess_severity;

/* In projection order: a model's parents come before it. */
typedef enum {
    MODEL_CITIES,
    MODEL_ARTISTS,
    MODEL_VENUES,
    MODEL_FANS,
    MODEL_FOLLOWS,
    MODEL_CONCERTS,
    MODEL_TICKET_TYPES,
    MODEL_ORDERS,
    MODEL_TOURS,
    MODEL_BOOKINGS,
    MODEL_COUNT
} mess_model;

/* clang-format off */
#define MESS_TABLE(MESS) \
/* cities ------------------------------------------------------------------------------------------------------- */ \
MESS(CITY_OLD_NAMES,      CITIES, "old_names",           "name",        "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(CITY_NUMBER_TEXT,    CITIES, "number_text",         "population",  "",                    NONE,     0,   "numbers written as text, with thousands commas") \
MESS(CITY_OWN_PLACE,      CITIES, "own_place",           "name",        "",                    NONE,     100, "a place GeoNames does not know, with coordinates, country and time zone: a city of its own") \
MESS(CITY_SAME_PLACE,     CITIES, "same_place",          "name",        "",                    NONE,     100, "a second document of the same place: both refer to it") \
MESS(CITY_MISSPELT,       CITIES, "misspelt",            "name",        "guessed_city",        WARNING,  150, "the name is misspelt; the place was guessed by state and sound") \
MESS(CITY_SWAPPED,        CITIES, "swapped_coordinates", "location",    "swapped_coordinates", WARNING,  100, "latitude and longitude stood the wrong way round") \
MESS(CITY_BAD_POPULATION, CITIES, "bad_population",      "population",  "bad_value",           WARNING,  100, "the population cannot be read; it was left out") \
MESS(CITY_NO_NAME,        CITIES, "no_name",             "name",        "missing_field",       BLOCKING, 70,  "the place has no name") \
MESS(CITY_UNKNOWN,        CITIES, "unknown_place",       "name",        "unknown_city",        BLOCKING, 70,  "GeoNames does not know the place and the document has no coordinates to make it one") \
/* artists ------------------------------------------------------------------------------------------------------ */ \
MESS(ARTIST_OLD_NAMES,    ARTISTS, "old_names",          "name",        "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(ARTIST_GENRE_TEXT,   ARTISTS, "genre_text",         "genres",      "",                    NONE,     0,   "genres as one text with commas") \
MESS(ARTIST_BOOL_TEXT,    ARTISTS, "bool_text",          "active",      "",                    NONE,     0,   "yes and no as text or number") \
MESS(ARTIST_EMOJI,        ARTISTS, "emoji",              "name",        "",                    NONE,     200, "an emoji in the name") \
MESS(ARTIST_NULLS,        ARTISTS, "nulls",              "",            "",                    NONE,     400, "nulls, empty maps and empty arrays where values could be") \
MESS(ARTIST_DEEP,         ARTISTS, "deep_nesting",       "rider",       "",                    NONE,     150, "a map twenty levels deep that no row needs; the mirror keeps it") \
MESS(ARTIST_CITY_GUESSED, ARTISTS, "city_guessed",       "homeCity",    "guessed_city",        WARNING,  200, "the home city is misspelt; it was guessed by state and sound") \
MESS(ARTIST_CITY_UNKNOWN, ARTISTS, "city_unknown",       "homeCity",    "unknown_city",        WARNING,  150, "the home city is not known; it was left out") \
MESS(ARTIST_CONTROL,      ARTISTS, "control_characters", "name",        "control_characters",  WARNING,  150, "control characters were taken out of the name") \
MESS(ARTIST_BAD_EMAIL,    ARTISTS, "bad_email",          "email",       "bad_email",           WARNING,  200, "the e-mail address cannot be one; it was left out") \
MESS(ARTIST_BAD_ACTIVE,   ARTISTS, "bad_active",         "active",      "bad_value",           WARNING,  100, "active is neither yes nor no; taken as yes") \
MESS(ARTIST_BAD_CREATED,  ARTISTS, "bad_created",        "createdAt",   "bad_time",            WARNING,  150, "the time it was made cannot be read; the document's own was taken") \
MESS(ARTIST_BAD_CURRENCY, ARTISTS, "bad_currency",       "currency",    "guessed_value",       WARNING,  100, "the currency is no ISO code; taken from the home city's country, else USD") \
MESS(ARTIST_NO_NAME,      ARTISTS, "no_name",            "name",        "missing_field",       BLOCKING, 120, "the artist has no name") \
/* venues ------------------------------------------------------------------------------------------------------- */ \
MESS(VENUE_OLD_NAMES,     VENUES, "old_names",           "name",        "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(VENUE_NUMBER_TEXT,   VENUES, "number_text",         "capacity",    "",                    NONE,     0,   "numbers written as text, with thousands commas") \
MESS(VENUE_NO_ZONE,       VENUES, "no_zone",             "timeZone",    "",                    NONE,     0,   "no time zone: the city's") \
MESS(VENUE_CITY_GUESSED,  VENUES, "city_guessed",        "city",        "guessed_city",        WARNING,  250, "the city is misspelt; it was guessed by state and sound") \
MESS(VENUE_SWAPPED,       VENUES, "swapped_coordinates", "location",    "swapped_coordinates", WARNING,  200, "latitude and longitude stood the wrong way round") \
MESS(VENUE_BAD_LOCATION,  VENUES, "bad_location",        "location",    "bad_value",           WARNING,  100, "the coordinates are out of range; they were left out") \
MESS(VENUE_BAD_CAPACITY,  VENUES, "bad_capacity",        "capacity",    "bad_value",           WARNING,  200, "the capacity is not a positive number; it was left out") \
MESS(VENUE_BAD_ZONE,      VENUES, "bad_zone",            "timeZone",    "guessed_value",       WARNING,  150, "the time zone is not known; the city's was taken") \
MESS(VENUE_BAD_EMAIL,     VENUES, "bad_email",           "contactEmail", "bad_email",          WARNING,  100, "the e-mail address cannot be one; it was left out") \
MESS(VENUE_BAD_HOURS,     VENUES, "bad_challenge_hours", "challengeHours", "bad_value",        WARNING,  100, "the challenge hours are not between 1 and 720; 48 were taken") \
MESS(VENUE_CONTROL,       VENUES, "control_characters",  "name",        "control_characters",  WARNING,  100, "control characters were taken out of the name") \
MESS(VENUE_NO_NAME,       VENUES, "no_name",             "name",        "missing_field",       BLOCKING, 80,  "the venue has no name") \
MESS(VENUE_CITY_UNKNOWN,  VENUES, "city_unknown",        "city",        "unknown_city",        BLOCKING, 80,  "the city is not known, and a venue must be somewhere") \
/* fans --------------------------------------------------------------------------------------------------------- */ \
MESS(FAN_OLD_NAMES,       FANS, "old_names",             "name",        "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(FAN_EMAIL_CASE,      FANS, "email_case",            "email",       "",                    NONE,     700, "e-mail in mixed case or with spaces around it") \
MESS(FAN_NO_FULL_NAME,    FANS, "no_full_name",          "name",        "",                    NONE,     100, "no name, but an e-mail address: the name is empty") \
MESS(FAN_PHONE_NATIONAL,  FANS, "phone_national",        "phone",       "",                    NONE,     0,   "a US phone number in the national form") \
MESS(FAN_RTL,             FANS, "right_to_left",         "name",        "",                    NONE,     0,   "a name in Arabic or Hebrew letters") \
MESS(FAN_BIDI,            FANS, "bidi_override",         "name",        "",                    NONE,     5,   "a bidirectional override in the name: data keeps it, screens do not show it") \
MESS(FAN_EMOJI,           FANS, "emoji",                 "name",        "",                    NONE,     50,  "an emoji in the name") \
MESS(FAN_ERASED,          FANS, "erased",                "erasedAt",    "",                    NONE,     20,  "erased on request: nothing personal left, the row stays for the books") \
MESS(FAN_DUPLICATE,       FANS, "duplicate",             "email",       "duplicate",           WARNING,  80,  "the same e-mail address as an earlier fan") \
MESS(FAN_BAD_EMAIL,       FANS, "bad_email",             "email",       "bad_email",           WARNING,  60,  "the e-mail address cannot be one; it was left out") \
MESS(FAN_BAD_PHONE,       FANS, "bad_phone",             "phone",       "bad_value",           WARNING,  60,  "the phone number cannot be one; it was left out") \
MESS(FAN_BAD_BIRTH,       FANS, "bad_birth_year",        "birthYear",   "bad_value",           WARNING,  60,  "the year of birth cannot be one; it was left out") \
MESS(FAN_BAD_CREATED,     FANS, "bad_created",           "createdAt",   "bad_time",            WARNING,  40,  "the time it was made cannot be read; the document's own was taken") \
MESS(FAN_CITY_GUESSED,    FANS, "city_guessed",          "city",        "guessed_city",        WARNING,  100, "the city is misspelt; it was guessed by state and sound") \
MESS(FAN_CITY_UNKNOWN,    FANS, "city_unknown",          "city",        "unknown_city",        WARNING,  60,  "the city is not known; it was left out") \
MESS(FAN_CONTROL,         FANS, "control_characters",    "name",        "control_characters",  WARNING,  30,  "control characters were taken out of the name") \
MESS(FAN_NOBODY,          FANS, "nobody",                "email",       "missing_field",       BLOCKING, 30,  "neither name nor e-mail nor phone: nobody could find this fan") \
/* follows ------------------------------------------------------------------------------------------------------ */ \
MESS(FOLLOW_OLD_NAMES,    FOLLOWS, "old_names",          "artist",      "",                    NONE,     0,   "the artist in a field instead of the document's id") \
MESS(FOLLOW_BAD_TIME,     FOLLOWS, "bad_time",           "followedAt",  "bad_time",            WARNING,  40,  "the time cannot be read; the document's own was taken") \
MESS(FOLLOW_BAD_CONSENT,  FOLLOWS, "bad_consent",        "consent",     "bad_value",           WARNING,  40,  "consent is neither yes nor no; taken as no") \
MESS(FOLLOW_NO_ARTIST,    FOLLOWS, "unknown_artist",     "artist",      "missing_parent",      BLOCKING, 60,  "follows an artist who was never there") \
MESS(FOLLOW_TWICE,        FOLLOWS, "twice",              "artist",      "duplicate",           BLOCKING, 40,  "the same fan follows the same artist in an earlier document") \
MESS(FOLLOW_LOST_ARTIST,  FOLLOWS, "lost_artist",        "artist",      "missing_parent",      BLOCKING, 0,   "the artist is quarantined or deleted") \
MESS(FOLLOW_LOST_FAN,     FOLLOWS, "lost_fan",           "fan",         "missing_parent",      BLOCKING, 0,   "the fan is quarantined or deleted, or never was there") \
/* concerts ----------------------------------------------------------------------------------------------------- */ \
MESS(CONCERT_OLD_NAMES,   CONCERTS, "old_names",         "title",       "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(CONCERT_STATUS_OLD,  CONCERTS, "status_alias",      "status",      "",                    NONE,     0,   "an older word for a known status") \
MESS(CONCERT_TIME_EPOCH,  CONCERTS, "time_epoch",        "startsAt",    "",                    NONE,     0,   "times as seconds or milliseconds since 1970") \
MESS(CONCERT_TIME_TEXT,   CONCERTS, "time_text",         "startsAt",    "",                    NONE,     0,   "times as text, at the venue where no zone is given") \
MESS(CONCERT_NO_TITLE,    CONCERTS, "no_title",          "title",       "",                    NONE,     100, "no title: the artist's name") \
MESS(CONCERT_BAD_STATUS,  CONCERTS, "bad_status",        "status",      "unknown_enum",        WARNING,  80,  "the status is not known; taken as announced") \
MESS(CONCERT_DATE_ONLY,   CONCERTS, "date_only",         "startsAt",    "ambiguous_time",      WARNING,  80,  "a date without a time; 20:00 at the venue was taken") \
MESS(CONCERT_BAD_ON_SALE, CONCERTS, "bad_on_sale",       "onSaleAt",    "bad_time",            WARNING,  80,  "the on-sale time cannot be read; it was left out") \
MESS(CONCERT_BAD_CAPACITY, CONCERTS, "bad_capacity",     "capacity",    "bad_value",           WARNING,  60,  "the capacity is not a positive number; it was left out") \
MESS(CONCERT_BAD_CURRENCY, CONCERTS, "bad_currency",     "currency",    "guessed_value",       WARNING,  60,  "the currency is no ISO code; the venue's was taken") \
MESS(CONCERT_LOST_SUPPORT, CONCERTS, "lost_support",     "lineUp",      "missing_parent",      WARNING,  60,  "a support act is not known; it was left out of the line-up") \
MESS(CONCERT_CONTROL,     CONCERTS, "control_characters", "title",      "control_characters",  WARNING,  30,  "control characters were taken out of the title") \
MESS(CONCERT_NO_TIME,     CONCERTS, "no_time",           "startsAt",    "missing_field",       BLOCKING, 40,  "the concert has no date") \
MESS(CONCERT_BAD_TIME,    CONCERTS, "bad_time",          "startsAt",    "bad_time",            BLOCKING, 50,  "the concert's date cannot be read") \
MESS(CONCERT_NO_ARTIST,   CONCERTS, "unknown_artist",    "artist",      "missing_parent",      BLOCKING, 30,  "the artist was never there") \
MESS(CONCERT_NO_VENUE,    CONCERTS, "unknown_venue",     "venue",       "missing_parent",      BLOCKING, 30,  "the venue was never there") \
MESS(CONCERT_LOST_ARTIST, CONCERTS, "lost_artist",       "artist",      "missing_parent",      BLOCKING, 0,   "the artist is quarantined or deleted") \
MESS(CONCERT_LOST_VENUE,  CONCERTS, "lost_venue",        "venue",       "missing_parent",      BLOCKING, 0,   "the venue is quarantined or deleted") \
/* ticketTypes -------------------------------------------------------------------------------------------------- */ \
MESS(TYPE_OLD_NAMES,      TICKET_TYPES, "old_names",     "name",        "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(TYPE_MONEY_DOUBLE,   TICKET_TYPES, "money_double",  "price",       "",                    NONE,     0,   "money as a number of whole units (12.5)") \
MESS(TYPE_MONEY_CENTS,    TICKET_TYPES, "money_cents",   "price",       "",                    NONE,     0,   "money as integer minor units (1250)") \
MESS(TYPE_MONEY_TEXT,     TICKET_TYPES, "money_text",    "price",       "",                    NONE,     0,   "money as text ($12.50; 12,50 EUR)") \
MESS(TYPE_NO_CURRENCY,    TICKET_TYPES, "no_currency",   "currency",    "",                    NONE,     0,   "no currency: the concert's") \
MESS(TYPE_PRECISION,      TICKET_TYPES, "lost_precision", "price",      "lost_precision",      WARNING,  60,  "a fraction of a minor unit was rounded, half away from zero") \
MESS(TYPE_BAD_QUANTITY,   TICKET_TYPES, "bad_quantity",  "quantity",    "bad_value",           WARNING,  80,  "the quantity cannot be read; taken as 0") \
MESS(TYPE_BAD_SALE,       TICKET_TYPES, "bad_sale_start", "saleStart",  "bad_time",            WARNING,  60,  "the start of the sale cannot be read; it was left out") \
MESS(TYPE_BAD_CURRENCY,   TICKET_TYPES, "bad_currency",  "currency",    "guessed_value",       WARNING,  40,  "the currency is no ISO code; the concert's was taken") \
MESS(TYPE_NO_PRICE,       TICKET_TYPES, "no_price",      "price",       "missing_field",       BLOCKING, 50,  "there is no price") \
MESS(TYPE_BAD_PRICE,      TICKET_TYPES, "bad_price",     "price",       "bad_money",           BLOCKING, 50,  "the price cannot be read") \
MESS(TYPE_NEGATIVE_PRICE, TICKET_TYPES, "negative_price", "price",      "bad_value",           BLOCKING, 30,  "the price is below zero") \
MESS(TYPE_LOST_CONCERT,   TICKET_TYPES, "lost_concert",  "concert",     "missing_parent",      BLOCKING, 0,   "the concert is quarantined or deleted, or never was there") \
/* orders ------------------------------------------------------------------------------------------------------- */ \
MESS(ORDER_OLD_NAMES,     ORDERS, "old_names",           "orderNumber", "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(ORDER_STATUS_OLD,    ORDERS, "status_alias",        "status",      "",                    NONE,     0,   "an older word or number for a known status") \
MESS(ORDER_MONEY_DOUBLE,  ORDERS, "money_double",        "total",       "",                    NONE,     0,   "money as a number of whole units (12.5)") \
MESS(ORDER_MONEY_CENTS,   ORDERS, "money_cents",         "total",       "",                    NONE,     0,   "money as integer minor units (1250)") \
MESS(ORDER_MONEY_TEXT,    ORDERS, "money_text",          "total",       "",                    NONE,     0,   "money as text ($12.50; 12,50 EUR)") \
MESS(ORDER_EMAIL_CASE,    ORDERS, "email_case",          "email",       "",                    NONE,     300, "e-mail in mixed case or with spaces around it") \
MESS(ORDER_NO_NUMBER,     ORDERS, "no_number",           "orderNumber", "",                    NONE,     30,  "no order number: the document's id") \
MESS(ORDER_NO_TIME,       ORDERS, "no_time",             "orderedAt",   "",                    NONE,     30,  "no time: the document's own") \
MESS(ORDER_NO_TICKETS,    ORDERS, "no_tickets",          "tickets",     "",                    NONE,     20,  "no tickets inside") \
MESS(ORDER_NO_FAN,        ORDERS, "guest",               "fan",         "",                    NONE,     300, "a guest's order: no fan") \
MESS(ORDER_LOST_FAN,      ORDERS, "lost_fan",            "fan",         "missing_parent",      WARNING,  40,  "the fan is deleted, quarantined or was never there; the order stands without") \
MESS(ORDER_BAD_STATUS,    ORDERS, "bad_status",          "status",      "unknown_enum",        WARNING,  40,  "the status is not known; taken as pending") \
MESS(ORDER_SUM,           ORDERS, "sum_mismatch",        "total",       "sum_mismatch",        WARNING,  40,  "tickets and fees do not add up to the total; both stand as found") \
MESS(ORDER_REFUND_HIGH,   ORDERS, "refund_too_high",     "refunded",    "bad_value",           WARNING,  20,  "more refunded than paid; cut to the total") \
MESS(ORDER_BAD_EMAIL,     ORDERS, "bad_email",           "email",       "bad_email",           WARNING,  40,  "the e-mail address cannot be one; it was left out") \
MESS(ORDER_BAD_CURRENCY,  ORDERS, "bad_currency",        "currency",    "guessed_value",       WARNING,  20,  "the currency is no ISO code; the concert's was taken") \
MESS(ORDER_TICKET_STATUS, ORDERS, "ticket_status",       "tickets.status", "unknown_enum",     WARNING,  30,  "a ticket's status is not known; taken as valid") \
MESS(ORDER_TICKET_NULL,   ORDERS, "ticket_null",         "tickets",     "bad_value",           WARNING,  20,  "a member of tickets is not a ticket; it was left out") \
MESS(ORDER_TICKET_SCAN,   ORDERS, "ticket_scan",         "tickets.scannedAt", "bad_time",      WARNING,  20,  "the time of a scan cannot be read; it was left out") \
MESS(ORDER_NO_TOTAL,      ORDERS, "no_total",            "total",       "missing_field",       BLOCKING, 20,  "there is no total") \
MESS(ORDER_BAD_TOTAL,     ORDERS, "bad_total",           "total",       "bad_money",           BLOCKING, 30,  "the total cannot be read") \
MESS(ORDER_NEGATIVE_TOTAL, ORDERS, "negative_total",     "total",       "bad_value",           BLOCKING, 10,  "the total is below zero") \
MESS(ORDER_BAD_TIME,      ORDERS, "bad_time",            "orderedAt",   "bad_time",            BLOCKING, 20,  "the time of the order cannot be read") \
MESS(ORDER_NO_CONCERT,    ORDERS, "unknown_concert",     "concert",     "missing_parent",      BLOCKING, 30,  "the concert was never there") \
MESS(ORDER_LOST_CONCERT,  ORDERS, "lost_concert",        "concert",     "missing_parent",      BLOCKING, 0,   "the concert is quarantined or deleted") \
/* tours -------------------------------------------------------------------------------------------------------- */ \
MESS(TOUR_OLD_NAMES,      TOURS, "old_names",            "name",        "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(TOUR_STATUS_OLD,     TOURS, "status_alias",         "status",      "",                    NONE,     0,   "an older word for a known status") \
MESS(TOUR_BAD_STATUS,     TOURS, "bad_status",           "status",      "unknown_enum",        WARNING,  150, "the status is not known; taken as draft") \
MESS(TOUR_ENDS_EARLY,     TOURS, "ends_early",           "endsOn",      "bad_value",           WARNING,  150, "the tour ends before it begins; the end was left out") \
MESS(TOUR_BAD_START,      TOURS, "bad_start",            "startsOn",    "bad_time",            WARNING,  100, "the first day cannot be read; it was left out") \
MESS(TOUR_STOP_CITY,      TOURS, "stop_city",            "stops.city",  "unknown_city",        WARNING,  200, "a stop's city is not known; the stop stands without") \
MESS(TOUR_STOP_VENUE,     TOURS, "stop_venue",           "stops.venue", "missing_parent",      WARNING,  150, "a stop's venue was never there; the stop stands without") \
MESS(TOUR_STOP_DATE,      TOURS, "stop_date",            "stops.date",  "bad_time",            WARNING,  150, "a stop's date cannot be read; the stop stands without") \
MESS(TOUR_NO_NAME,        TOURS, "no_name",              "name",        "missing_field",       BLOCKING, 100, "the tour has no name") \
MESS(TOUR_NO_ARTIST,      TOURS, "unknown_artist",       "artist",      "missing_parent",      BLOCKING, 100, "the artist was never there") \
MESS(TOUR_LOST_ARTIST,    TOURS, "lost_artist",          "artist",      "missing_parent",      BLOCKING, 0,   "the artist is quarantined or deleted") \
/* bookings ----------------------------------------------------------------------------------------------------- */ \
MESS(BOOKING_OLD_NAMES,   BOOKINGS, "old_names",         "date",        "",                    NONE,     0,   "fields spelt as in an earlier year") \
MESS(BOOKING_STATUS_OLD,  BOOKINGS, "status_alias",      "status",      "",                    NONE,     0,   "an older word for a known status, or the rank inside it (Hold 2)") \
MESS(BOOKING_MONEY_TEXT,  BOOKINGS, "money_text",        "guarantee",   "",                    NONE,     0,   "money as text ($5,000.00)") \
MESS(BOOKING_STALE_RANK,  BOOKINGS, "stale_rank",        "holdRank",    "",                    NONE,     200, "a hold rank left on what is no hold any more: ignored") \
MESS(BOOKING_BAD_GUARANTEE, BOOKINGS, "bad_guarantee",   "guarantee",   "bad_money",           WARNING,  100, "the guarantee cannot be read; it was left out") \
MESS(BOOKING_BAD_PERCENT, BOOKINGS, "bad_percentage",    "percentage",  "bad_value",           WARNING,  80,  "the percentage is not between 0 and 100; it was left out") \
MESS(BOOKING_BAD_EXPIRY,  BOOKINGS, "bad_expiry",        "expiresAt",   "bad_time",            WARNING,  60,  "the time it expires cannot be read; it was left out") \
MESS(BOOKING_BAD_CURRENCY, BOOKINGS, "bad_currency",     "currency",    "guessed_value",       WARNING,  50,  "the currency is no ISO code; the venue's was taken") \
MESS(BOOKING_NO_CONCERT,  BOOKINGS, "unknown_concert",   "concert",     "missing_parent",      WARNING,  60,  "the concert was never there; the booking stands without") \
MESS(BOOKING_NO_TOUR,     BOOKINGS, "unknown_tour",      "tour",        "missing_parent",      WARNING,  60,  "the tour was never there; the booking stands without") \
MESS(BOOKING_BAD_RADIUS,  BOOKINGS, "bad_radius",        "radius",      "bad_value",           WARNING,  60,  "the radius clause cannot be read; it was left out") \
MESS(BOOKING_NO_DATE,     BOOKINGS, "no_date",           "date",        "missing_field",       BLOCKING, 40,  "the booking has no date") \
MESS(BOOKING_BAD_DATE,    BOOKINGS, "bad_date",          "date",        "bad_time",            BLOCKING, 50,  "the booking's date cannot be read") \
MESS(BOOKING_BAD_STATUS,  BOOKINGS, "bad_status",        "status",      "unknown_enum",        BLOCKING, 50,  "the status is not known, and nobody may guess whether a date is taken") \
MESS(BOOKING_NO_RANK,     BOOKINGS, "no_rank",           "holdRank",    "missing_field",       BLOCKING, 40,  "a hold without a rank") \
MESS(BOOKING_NO_ARTIST,   BOOKINGS, "unknown_artist",    "artist",      "missing_parent",      BLOCKING, 30,  "the artist was never there") \
MESS(BOOKING_NO_VENUE,    BOOKINGS, "unknown_venue",     "venue",       "missing_parent",      BLOCKING, 30,  "the venue was never there") \
MESS(BOOKING_ARTIST_TWICE, BOOKINGS, "artist_twice",     "artist",      "duplicate",           BLOCKING, 40,  "the artist is confirmed elsewhere that day by an earlier booking") \
MESS(BOOKING_VENUE_TWICE, BOOKINGS, "venue_twice",       "venue",       "duplicate",           BLOCKING, 40,  "the room is confirmed for somebody else that day by an earlier booking") \
MESS(BOOKING_RANK_TWICE,  BOOKINGS, "rank_twice",        "holdRank",    "duplicate",           BLOCKING, 40,  "an earlier booking holds this rank at the venue that day") \
MESS(BOOKING_LOST_ARTIST, BOOKINGS, "lost_artist",       "artist",      "missing_parent",      BLOCKING, 0,   "the artist is quarantined or deleted") \
MESS(BOOKING_LOST_VENUE,  BOOKINGS, "lost_venue",        "venue",       "missing_parent",      BLOCKING, 0,   "the venue is quarantined or deleted")
/* clang-format on */

#define MESS_ID(id, model, kind, field, code, severity, rate, sentence) id,
typedef enum { MESS_TABLE(MESS_ID) MESS_COUNT } mess_id;
#undef MESS_ID

typedef struct mess_kind {
    mess_model model;
    const char *kind;  /* one word, unique within its model */
    const char *field; /* by its newest name; "" for the document as a whole */
    const char *code;  /* of migration.issue; "" when severity is MESS_NONE */
    mess_severity severity;
    unsigned per_10000;
    const char *sentence;
} mess_kind;

extern const mess_kind mess_kinds[MESS_COUNT];

const char *mess_model_name(mess_model m);       /* "ticketTypes": the model's name, as in migration.model */
const char *mess_model_collection(mess_model m); /* "concerts/ticketTypes" */
const char *mess_severity_word(mess_severity s); /* "none", "warning", "blocking" */

#endif
