/* The QGIS project of an output: groups, styles, relations, themes, bookmarks and print layouts over whatever layers the
 * GeoPackage holds. */
#ifndef PH_AUDIT_PROJECT_H
#define PH_AUDIT_PROJECT_H

#include "audit/contents.h"
#include "io/gpkg.h"

/* path: where the GeoPackage will be; the project finds it by the name of the file. */
PH_MUST_USE enum ph_status ph_project_store(struct ph_gpkg *gpkg, const struct ph_contents *contents, const char *path, struct ph_error *err);

#endif
