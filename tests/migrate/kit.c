#include "catalog/embedded.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char PLACES[] =
    "set showx.actor = 'migration'; insert into showx.city (city_id, geonameid, name, admin1, admin1_name, "
    "country, country_name, time_zone, "
    "population, latitude, longitude) values "
    "('g1', 1, 'Austin', 'TX', 'Texas', 'US', 'United States', 'America/Chicago', 900000, 30.27, -97.74),"
    "('g2', 2, 'Portland', 'OR', 'Oregon', 'US', 'United States', 'America/Los_Angeles', 600000, 45.5, "
    "-122.6),"
    "('g3', 3, 'Portland', 'ME', 'Maine', 'US', 'United States', 'America/New_York', 66000, 43.6, -70.2),"
    "('g4', 4, 'Toronto', '08', 'Ontario', 'CA', 'Canada', 'America/Toronto', 2600000, 43.7, -79.4)";

const char *migrate_ask(PGconn *db, const char *sql)
{
    static PGresult *last;
    PQclear(last);
    last = PQexec(db, sql);
    ExecStatusType got = PQresultStatus(last);
    ck_assert_msg(got == PGRES_TUPLES_OK || got == PGRES_COMMAND_OK, "%s\n%s", PQerrorMessage(db), sql);
    return PQntuples(last) ? PQgetvalue(last, 0, 0) : "";
}

PGconn *migrate_database(const char *name)
{
    char *conninfo = support_pg_ready(name);
    PGconn *db = PQconnectdb(conninfo);
    ck_assert_msg(PQstatus(db) == CONNECTION_OK, "%s", PQerrorMessage(db));
    free(conninfo);
    migrate_ask(db, "set client_min_messages = warning");
    migrate_ask(db, PLACES);
    for (size_t i = 0; i < embedded_count; i++) {
        if (strncmp(embedded_files[i].path, "migrations/models/", 18) != 0)
            continue;
        PGresult *r = PQexecParams(db, "select migration.apply_model($1)", 1, NULL, &embedded_files[i].text,
                                   NULL, NULL, 0);
        ck_assert_msg(PQresultStatus(r) == PGRES_TUPLES_OK, "%s: %s", embedded_files[i].path,
                      PQerrorMessage(db));
        PQclear(r);
    }
    return db;
}
