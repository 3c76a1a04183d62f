/* PROJ itself, for the files that work with it. The only port of entry. Internal to geo. */
#ifndef PH_GEO_CRS_PROJ_H
#define PH_GEO_CRS_PROJ_H

#include <proj.h>

#include "geo/crs.h"

/* A context that prints nothing, or NULL. */
PJ_CONTEXT *ph_proj_context(void);

/* The geographic or projected CRS of a definition, or NULL. */
PJ *ph_proj_horizontal(PJ_CONTEXT *context, const char *definition);

/* Of the CRS's first axis: metres, or radians. NaN when unknown. */
double ph_proj_unit(PJ_CONTEXT *context, const PJ *crs);

#endif
