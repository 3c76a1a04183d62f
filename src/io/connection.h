/* Names of PostgreSQL databases as GDAL takes them: "PG:key=value …", "PG:postgresql://…", "postgresql://…". */
#ifndef PH_IO_CONNECTION_H
#define PH_IO_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

#define PH_CONNECTION_BYTES 2048

/* Whether a source or an output is such a database. */
bool ph_connection_is(const char *name);

/* The value of a key without its quotes; false, and "", when it is not there. A URI has a dbname and nothing else. */
bool ph_connection_value(const char *name, const char *key, char *value, size_t size);

/* What libpq is to be given: the same without GDAL's own keys (schemas, active_schema, tables). False when it is too long. */
bool ph_connection_for_libpq(const char *name, char out[PH_CONNECTION_BYTES]);

/* What a message or an output calls a layer in it: "PG:park:parcels". No host, no user, no password. */
void ph_connection_label(const char *name, const char *layer, char *out, size_t size);

#endif
