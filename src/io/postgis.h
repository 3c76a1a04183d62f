/* A GeoPackage copied into a schema of a PostGIS database: all of it or nothing, in one transaction. The only port of entry of libpq. */
#ifndef PH_IO_POSTGIS_H
#define PH_IO_POSTGIS_H

#include <stdbool.h>

#include "base/error.h"
#include "panhuo/progress.h"

#define PH_SCHEMA_BYTES 64 /* PostgreSQL cuts names at 63 */

struct ph_postgis_place {
    const char *connection; /* as GDAL takes it: "PG:…", "postgresql://…" */
    const char *schema;
    bool overwrite;         /* a schema that an audit made before may be replaced */
};

#define PH_POSTGIS_NAME_ZH "连接串写法有误;应如 PG:host=… dbname=… user=…"
#define PH_POSTGIS_NAME_EN "the connection string is wrong; write PG:host=… dbname=… user=…"

/* Whether libpq can read the connection string; nothing is connected. One that it cannot read it would quote, password and all. */
bool ph_postgis_name_valid(const char *connection);

/* Refuses early what would fail late: no connection, no PostGIS, no right to make the schema, one that is there. Writes nothing.
 * Errors: PH_E_USAGE, PH_E_OUTPUT, PH_E_EXISTS. */
PH_MUST_USE enum ph_status ph_postgis_check(const struct ph_postgis_place *place, struct ph_error *err);

/* The tables and views of the GeoPackage under the same names, with keys, foreign keys, spatial indexes and, as comments, their
 * Chinese titles; layer_styles in the form QGIS expects. Errors: those of the check, PH_E_INPUT, PH_E_CANCELLED, PH_E_CRS when the CRS
 * has no EPSG code. */
PH_MUST_USE enum ph_status ph_postgis_publish(const struct ph_postgis_place *place, const char *gpkg, const struct ph_progress *progress,
                                              struct ph_error *err);

#endif
