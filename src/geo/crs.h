/* Coordinate reference systems: the facts panhuo needs about one, and the way from its plane to longitude and
 * latitude on its own ellipsoid. Never a datum shift.
 *
 * Coordinates are x = easting or longitude first, as GIS files store them, whatever order the definition
 * gives its axes (EPSG:4526 says northing first, EPSG:4490 latitude first). */
#ifndef PH_GEO_CRS_H
#define PH_GEO_CRS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/china_zone.h"
#include "model/shapes.h"

enum ph_crs_kind { PH_CRS_GEOGRAPHIC, PH_CRS_PROJECTED };

/* A transverse Mercator grid (Gauss-Krüger, UTM). */
struct ph_crs_zone {
    bool known;              /* false: another projection, the rest is 0 */
    double central_meridian; /* degrees */
    double false_easting;    /* metres, with the zone prefix if there is one */
    double scale;            /* 1 for Gauss-Krüger */
    int width;               /* degrees, 3 or 6; 0 unknown */
    int number;              /* zone number by width (3: CM/3, 6: (CM+3)/6); 0 unknown */
    int prefix;              /* of a false easting of prefix * 1e6 + 500 000, e.g. 38; 0 none */
};

struct ph_crs_facts {
    const char *name;
    const char *code;       /* "EPSG:4526" when PROJ identifies it with full confidence, else NULL */
    const char *datum_name; /* as PROJ names it, "" if none */
    enum ph_crs_kind kind;
    enum ph_datum datum;
    double metres_per_unit;    /* projected: of the plane; NaN for geographic */
    double radians_per_unit;   /* geographic: of longitude and latitude; NaN for projected */
    double a;                  /* semi-major axis, metres */
    double inverse_flattening; /* 0 for a sphere */
    struct ph_crs_zone zone;
    bool from_equator; /* of a known zone: northings are metres from the equator */
    struct ph_box area_of_use;   /* degrees; empty (min > max) when unknown */
    struct ph_box area_in_plane; /* the same in CRS units, easting first; empty when unknown */
};

struct ph_crs;

/* definition: WKT of any dialect (ESRI .prj included, a byte order mark is passed over), "EPSG:n" or a PROJ
 * string. A compound CRS gives its horizontal part, a bound one its source. The caller frees *out.
 * Errors: PH_E_CRS when it cannot be read or is neither geographic nor projected, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_crs_new(const char *definition, struct ph_crs **out, struct ph_error *err);

/* Borrowed, lives as long as crs; immutable, so threads may share it. */
const struct ph_crs_facts *ph_crs_facts(const struct ph_crs *crs);

/* The definition as it was given. */
const char *ph_crs_definition(const struct ph_crs *crs);

/* NULL is allowed. */
void ph_crs_free(struct ph_crs *crs);

/* From the plane to the ellipsoid and back. Not for sharing between threads: make one in each. */
struct ph_projector;

PH_MUST_USE enum ph_status ph_projector_new(const struct ph_crs *crs, struct ph_projector **out, struct ph_error *err);

/* In place: CRS units to longitude and latitude in radians, and back. What has no image becomes NaN. */
void ph_project_inverse(struct ph_projector *projector, struct ph_xy *points, size_t count);
void ph_project_forward(struct ph_projector *projector, struct ph_xy *points, size_t count);

/* NULL is allowed. */
void ph_projector_free(struct ph_projector *projector);

#endif
