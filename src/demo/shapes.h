/* shapes: what the documents of the demo's old database look like, model by model and year by year.
 *
 * The models in migrations/models/ read these shapes; the generator (shape_*.c) writes them. The kinds of mess
 * inside them, with their issue codes, are the table in mess.h.
 *
 * The platform changed its mind twice, so each document is written as in one of three eras (by its createTime, with
 * stragglers: some documents of a later era still use an earlier spelling):
 *     A until 2018    B 2019-2021    C from 2022
 * A reader takes the first name of a list below that is there and not empty. Firestore's types are written behind
 * the names: s string, i integer, d double, b boolean, t timestamp, r reference, g geo point, m map, a array.
 *
 * EVERYWHERE
 *   absent     null, "", and text of white space alone mean the same as a missing field. Empty maps and arrays too.
 *   text       outer white space is not part of it. Control characters (U+0001..U+001F, U+007F; never U+0000) are
 *              taken out, with a warning where mess.h has a kind for it; no other field holds any.
 *   number     i, d or s; text may have outer spaces and thousands commas ("1,500").
 *   yes/no     b; i 0/1; s true/false/yes/no/y/n/1/0 in any case.
 *   e-mail     trimmed, lower case, of the form x@y.z with no white space and exactly one @; else bad_email.
 *   phone      white space and ()-. dropped; then +digits (8 to 15), or ten digits, or eleven beginning with 1 (US:
 *              "+1" before the ten); else bad_value.
 *   reference  r ".../documents/artists/ID", or s "ID", or s "artists/ID". Only the last segment counts.
 *   instant    t; i or d or digits alone in s: seconds since 1970 below 1e11, else milliseconds; s with a zone: RFC 3339
 *              ("2019-06-01T20:00:00Z", "...-05:00"); s without a zone: "2019-06-01 20:00" (seconds may follow) and
 *              "06/01/2019 8:00 PM" (always month first). Without a zone: a concert's startsAt, doorsAt and onSaleAt are
 *              local at the venue, everything else is UTC. No local time falls into a clock change.
 *              Not readable: "TBA", "tbd", "soon", "0000-00-00", "2019-02-30", "next Friday".
 *   date       s "2019-06-01" or "06/01/2019"; t and numbers as for instants: their UTC date.
 *   money      minor units by ISO 4217 (JPY none). Under the plain name (price, total, guarantee ...): d and i are WHOLE
 *              units (49.5; 50: JavaScript writes 50.0 as an integer); s "$49.50", "49.50", "$1,250.00", "USD 49.50",
 *              "€49.50", "49,50 €" (a comma with exactly two digits at the end is a decimal comma), "£12.00", "¥4500",
 *              "-$12.50"; m {amount: i MINOR units, currency: s}. Under a name ending in Cents: i MINOR units (for yen: yen).
 *              Not readable: "TBD", "call", "n/a", "free??".
 *   currency   inside the money's map or text, else the document's `currency`, else the fallback named below. They never
 *              contradict each other. "$" means the document's or fallback currency (it is only written for USD). An
 *              unknown code ("US$", "Dollars", "XXX", "euro") is guessed_value and the fallback is taken; then the
 *              money itself never carries one.
 *   city       s "Austin, TX" | s "Austin, TX, USA" | s "Toronto, Canada" | m {name|city s, state s?, country s} | r cities/ID |
 *              `cityId` s "ID". In text, two letters behind the comma are a US state (never a country); otherwise it is
 *              the country's name as in GeoNames. In maps country is the ISO code and state the US state (other countries
 *              have none). Names are compared folded; meant is the most populous place of that name in that
 *              country (and state). A misspelt name (only ever in these s and m forms, with the right state or country)
 *              has the same *sound* as exactly one place of that state (US) or country: fold it, drop everything that is not
 *              a-z, drop the vowels a e i o u y, make runs of one letter one letter ("austin" and "asutin" are both "stn"); it
 *              matches no name as written. Unknown: sound and name match nothing ("Qwxzville, TX"), or a reference to a
 *              cities document that was never there. A clean document never refers to a cities document that gives no row.
 *   unknown ids are well formed and were never there; ids of deleted and of quarantined documents count as missing too.
 *   time zone  IANA name; anything else is "not known".
 *   createTime of the mirror is always there: it is "the document's own" time.
 *
 * cities (collection cities, id "austin-tx-us")
 *   name          name | city                       s
 *   state         admin1 | state                    s (US: the state's two letters; else GeoNames' admin1 code or absent)
 *   country       country | countryCode             s ISO code
 *   location      location g | location m{lat,lng} | lat+lng d | latitude+longitude d or s
 *   population    population | pop                  i, or s "1,234,567"
 *   time zone     timeZone | tz                     s
 *   geonameId     geonameId                         i (era C only: it decides when present; else name, state, country)
 *   Row: city_ref (id -> place). Coordinates, population and zone matter only for a place GeoNames does not know (then city_id is the
 *   document's id), but are checked for all. swapped_coordinates: the point is more than 1 degree (in either) from the known place and its mirror
 *   image is not. Only for known places. unknown_place: no such name, and no readable location.
 *   A misspelt document has no geonameId.
 *
 * artists (id "luna-park" or 20 letters)
 *   name          name | artistName | title         s; required
 *   homeCity      homeCity | city | hometown        city
 *   genres        genres a of s | genre s "Rock, indie" (commas)  names in mixed case; order is position
 *   currency      currency                          s; absent: by the home city's country (US USD, CA CAD, GB GBP, DE FR ES EUR, MX MXN, JP JPY), else USD
 *   manager       manager m{login,name,email} | managerLogin + managerName s | manager s (a name only: no login)
 *   email         email | contact                   s
 *   website       website | url                     s
 *   bio           bio | about                       s
 *   active        active                            yes/no; absent: yes
 *   createdAt     createdAt | created | created_at  instant; absent: createTime
 *   note          note | remarks                    s
 *   others (rider, social, stats ...)               not read
 *
 * venues (20 letters)
 *   name          name | venueName                  s; required
 *   city          city | cityId                     city; required
 *   address       address m{street,postalCode} | address s
 *   capacity      capacity | cap                    number > 0; absent: none
 *   location      location g | location m{lat,lng} | lat+lng (d, or s); swapped as for cities, against the venue's city. bad_location: not
 *                 numbers within +-90 / +-180 and its mirror image is not near the city either
 *   timeZone      timeZone | tz                     s; absent: the city's
 *   currency      currency                          s; absent: by the city's country, as for artists
 *   email         contactEmail | email              s
 *   phone         phone | tel                       phone (always readable)
 *   challengeHours challengeHours                   i 1..720; absent: 48
 *   active        active | open                     yes/no; absent: yes
 *   note          note                              s
 *
 * fans (20 letters)
 *   name          displayName | name | firstName + " " + lastName (either may be absent)   s
 *   email         email | mail                      s
 *   phone         phone | phoneNumber | tel         phone
 *   city          city | cityId | location          city
 *   birthYear     birthYear i | birthDate s "1987-05-04" | yearOfBirth s; 1900..2026, else bad_value
 *   consent       marketing m{consent b} | newsletter b | optIn yes/no; absent: no
 *   createdAt     createdAt | created | created_at  instant; absent: createTime
 *   erasedAt      erasedAt                          t; then there is no name, e-mail, phone, city
 *   nobody: no name, no e-mail, no phone, no erasedAt.
 *   duplicate: among the fans that have a row, the same normalised e-mail as one with smaller (createdAt, path): the later
 *   carries the warning (its createdAt is later and its path greater; never more than two alike).
 *
 * follows (sub-collection: fans/FAN/follows/ID; ID is the artist's id in era C, 20 letters before)
 *   artist        artist r | artistId s | the document's id
 *   followedAt    followedAt | since | ts           instant; absent: createTime
 *   consent       consent | mayContact              yes/no; absent: no
 *   source        source | via                      s
 *   twice: same fan and artist as one with smaller (followedAt, path); the later gets no row.
 *
 * concerts (20 letters)
 *   title         title | name                      s; absent: the artist's name
 *   artist        artist | artistId | artist_id     reference; required
 *   venue         venue | venueId | venue_id        reference; required
 *   startsAt      startsAt | startTime | date + time (date s "2017-05-04" and time s "20:00", local; or date s with its time, or date alone: date_only)
 *                 instant; required. date_only also as startsAt s "2019-06-01"
 *   doorsAt       doorsAt | doors                   instant, or s "19:00" (local, that day); absent: none
 *   onSaleAt      onSaleAt | onSale | on_sale       instant; absent: none
 *   status        status | state                    draft, announced, on_sale, sold_out, cancelled, postponed, played; aliases, compared
 *                 lower case with - and space as _: published, live = announced; onsale, selling = on_sale; soldout = sold_out; canceled = cancelled;
 *                 past, done = played; moved = postponed. Absent: announced
 *   capacity      capacity                          number > 0; absent: none
 *   currency      currency                          s; absent: the venue's
 *   lineUp        lineUp a of m{artist r, billing i} (billing 1 is the headliner and may be among them) | support a of ids s | supports s "ID, ID"
 *                 Never the headliner twice.
 *   note          note                              s
 *
 * ticketTypes (sub-collection: concerts/CONCERT/ticketTypes/ID; ID "ga", "vip", "early" ...)
 *   name          name | label                      s; absent: the id
 *   price         price | priceCents                money; required; currency: its own, `currency`, else the concert's
 *   quantity      quantity | qty                    number >= 0; absent: 0
 *   saleStart     saleStart | salesStart | on_sale  instant; absent: none
 *   saleEnd       saleEnd | salesEnd | off_sale     instant; absent: none
 *
 * orders (20 letters)
 *   orderNumber   orderNumber | orderNo s "SX-123456" | number i 123456 (then "SX-123456"); absent: the id
 *   fan           fan | fanId | user_id             reference; absent: a guest
 *   concert       concert | concertId | event_id    reference; required
 *   email         email | mail                      s
 *   buyerName     buyer m{name} | buyerName | name  s; absent: ''
 *   orderedAt     orderedAt | createdAt | date      instant (a date always has its time); absent: createTime
 *   status        status | state                    pending, paid, refunded, partly_refunded, cancelled, failed; aliases: complete, completed = paid;
 *                 partially_refunded, partial_refund = partly_refunded; canceled = cancelled; numbers (i or s) 0 pending 1 paid 2 refunded 3 cancelled
 *   total         total | totalCents                money; required. currency: its own, `currency`, else the concert's
 *   fees          fees | feesCents | service_fee    money; absent: 0
 *   refunded      refunded | refundedCents | refund money; absent: 0
 *   channel       channel | via                     s
 *   tickets       tickets a of m:
 *     type        type | ticketType                 s: id of a ticketTypes document of that concert (or r). Not checked
 *     price       price | priceCents                money in the order's currency
 *     status      status s valid, scanned, refunded, transferred, void; aliases: ok = valid; used, checked_in = scanned; cancelled, canceled = void;
 *                 or used b (true = scanned); absent: valid
 *     barcode     barcode | code                    s
 *     holder      holder | holderName               s
 *     scannedAt   scannedAt | scanned               instant; absent: none
 *   sum_mismatch: there is at least one ticket, and prices + fees differ from the total.
 *   Members of tickets that are no maps (null, text) are left out and do not count for the sum.
 *
 * tours (20 letters)
 *   name          name | title | tour_name          s; required
 *   artist        artist | artistId | artist_id     reference; required
 *   startsOn      startsOn | from | start           date; absent: none
 *   endsOn        endsOn | to | end                 date; absent: none
 *   status        status | state                    draft, planned, announced, running, done, cancelled; aliases: active = running; finished,
 *                 completed = done; canceled = cancelled; absent: draft
 *   stops         stops | dates  a of m: city (city | cityId), venue (venue | venueId, reference), concert (concert | concertId), date (date | day).
 *                 Each optional; position by order, from 1. Years of tours never collide with others.
 *
 * bookings (20 letters)
 *   artist        artist | artistId | artist_id     reference; required
 *   venue         venue | venueId | venue_id        reference; required
 *   room          room                              s; absent: ''
 *   date          date | showDate | day             date; required
 *   status        status | state                    hold, offer, confirmed, advanced, played, settled, released, declined, cancelled; aliases: contracted =
 *                 confirmed; offered = offer; canceled = cancelled; passed = declined; done = played; "Hold 2", "hold2" = hold of rank 2.
 *                 Required (absent does not occur)
 *   holdRank      holdRank | rank | out of "Hold 2"  number 1..99; required for a hold, ignored otherwise
 *   expiresAt     expiresAt | holdExpires | expires instant; absent: none
 *   guarantee     guarantee | guaranteeCents | fee  money; absent: none. currency: its own, `currency`, else the venue's
 *   percentage    percentage d 0.85 (up to 1: a share) | percent i 85 or d 85.0 | split s "85%": -> 8500; outside 0..100 %: bad_value
 *   expenses      expenses | expensesCents          money; absent: none
 *   currency      currency                          s
 *   tour          tour | tourId                     reference; absent: none
 *   concert       concert | concertId               reference; absent: none
 *   radius        radius m{miles,daysBefore,daysAfter,effect "warn"|"forbid"} | radiusMiles + radiusDays (both ways; effect warn); absent: none.
 *                 bad_radius: miles or days not a positive number
 *   note          note | memo                       s
 *   createdAt     createdAt | created | created_at  instant; absent: createTime
 *   artist_twice / venue_twice: among bookings that are confirmed, advanced, played or settled, the same artist and date / the same venue, room and
 *   date as one with smaller (createdAt, path); rank_twice: among holds, same venue, room, date and rank. The later gets no row.
 *
 * changes.ndjson holds later updates (the whole document again, with a later updateTime), deletes, and repeats of both; some updates
 * are older than what the documents' folder holds (stale: they must change nothing). The counts of planted.json hold after all of it; those of
 * issues are of open ones: some versions on the way are worse or better than the last. */
#ifndef SHOWX_DEMO_SHAPES_H
#define SHOWX_DEMO_SHAPES_H

#endif
