/* An output that is no file: the GeoPackage is finished in a place of its own, then copied into the database. */
#ifndef PH_AUDIT_STAGING_H
#define PH_AUDIT_STAGING_H

#include "io/postgis.h"
#include "panhuo/audit.h"

#define PH_STAGING_PATH 512

struct ph_staging {
    struct ph_audit_request request;   /* what is to be run: writes a file in any case */
    char label[PH_STAGING_PATH];       /* "PG:park:panhuo_20231130"; "" for a file */
    char folder[PH_STAGING_PATH], file[PH_STAGING_PATH + 16], schema[256];
    struct ph_postgis_place place;     /* borrows from the request */
};

/* Looks early whether the database could be written, and makes the place. For a file as output, or none, only the request is
 * taken over. End it also after an error. */
PH_MUST_USE enum ph_status ph_staging_begin(const struct ph_audit_request *request, struct ph_staging *out, struct ph_error *err);

/* With PH_OK, copies what was written, all or nothing. Takes the place away and returns `status`, or what went wrong. */
PH_MUST_USE enum ph_status ph_staging_end(struct ph_staging *staging, enum ph_status status, struct ph_error *err);

#endif
