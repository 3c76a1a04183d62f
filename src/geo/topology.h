/* What is wrong with the shapes of a layer and between them: the options of the search and its results. */
#ifndef PH_GEO_TOPOLOGY_H
#define PH_GEO_TOPOLOGY_H

#include <math.h>
#include <stdbool.h>

#include "base/error.h"
#include "geo/crew.h"
#include "geo/crs.h"
#include "geo/flaw.h"
#include "geo/surface.h"
#include "model/shapes.h"

#define PH_NO_ROW UINT32_MAX

enum ph_topology_kind {
    /* of one shape */
    PH_TOPOLOGY_INVALID,         /* flaw, place; area of the repaired shape, which is the geometry */
    PH_TOPOLOGY_HOLE_OUTSIDE,    /* the same where GEOS finds a hole outside its outer ring */
    PH_TOPOLOGY_REPEATED_VERTEX, /* count points that repeat the one before them; place of the first */
    PH_TOPOLOGY_SPIKE,           /* count vertices where the boundary turns back within 1 degree; place of the first */
    PH_TOPOLOGY_WINDING,         /* count rings wound wrongly; place: a point of the first */
    PH_TOPOLOGY_SLIVER,          /* area < 10 m² or 4πA/P² < 0.01 */
    /* of two shapes: what they share is the geometry */
    PH_TOPOLOGY_OVERLAP,
    PH_TOPOLOGY_OVERLAP_SLIVER, /* an overlap that is a sliver itself */
    PH_TOPOLOGY_CONTAINED,      /* at least 0.9999 of one of them */
    PH_TOPOLOGY_DUPLICATE,      /* at least 0.9999 of both */
    /* between shapes */
    PH_TOPOLOGY_GAP,
};

/* "invalid", "hole_outside", … as the output names them. Static. */
const char *ph_topology_kind_name(enum ph_topology_kind kind);

/* How the rings of a valid source are wound. */
enum ph_winding {
    PH_WINDING_ANY, /* either, but the same for all rings of a shape: its inside on one side */
    PH_WINDING_OUTER_CLOCKWISE, /* shapefile */
    PH_WINDING_OUTER_COUNTER,   /* GeoJSON */
};

struct ph_topology_options {
    double overlap_min_m2;    /* an overlap is reported when it is larger than this … */
    double overlap_min_share; /* … or than this share of the smaller shape */
    double overlap_max_m2;    /* larger ones are marked hidden */
    double gap_width;         /* metres; 0: gaps are not looked for */
    enum ph_winding winding;
    const struct ph_crs_facts *crs;   /* borrowed; NULL: a plane in metres */
    const struct ph_surface *surface; /* borrowed; NULL: no areas on the ellipsoid */
    int threads;                      /* 0 counts as 1 */
    struct ph_stop stop;
};

#define PH_TOPOLOGY_OPTIONS_INIT {.overlap_min_m2 = 1, .overlap_min_share = 0.001, .overlap_max_m2 = INFINITY}

struct ph_topology_finding {
    enum ph_topology_kind kind;
    enum ph_flaw flaw;   /* of INVALID and HOLE_OUTSIDE */
    uint32_t a, b;       /* rows of the layer; b of the second layer where there is one; PH_NO_ROW: none */
    uint32_t shape;      /* the geometry, index in shapes; PH_NO_ROW: the place alone */
    uint32_t count;      /* of places; 1 where one is meant */
    uint32_t around, around_count; /* GAP: rows about it, in `around`, ascending; a and b are the first two */
    bool repaired;       /* measured on the repaired shape of a or b */
    bool hidden;         /* larger than overlap_max_m2, or set by the caller: not to be listed, but it counts */
    double area_m2;      /* in the plane of a projected CRS; on the ellipsoid of a geographic one. NaN: none */
    double ellipsoid_m2; /* NaN without a surface */
    double share_a, share_b; /* of the two shapes' areas in the plane of the coordinates; NaN: none */
    struct ph_xy place;  /* NaN where the geometry says it */
};

/* How the work fell out; the same for any number of threads. */
struct ph_topology_statistics {
    size_t shapes, shapes_to_geos; /* validity */
    size_t pairs;                  /* boxes meet */
    size_t pairs_disjoint, pairs_inside, pairs_too_small, pairs_to_geos;
};

/* Each search appends what it found, sorted by a, b, kind. Zero-initialise. */
struct ph_topology {
    struct ph_topology_finding *items;
    size_t count, capacity;
    struct ph_shapes shapes;
    uint32_t *around;
    size_t around_count, around_capacity;
    struct ph_topology_statistics statistics;
};

/* A finding without shape, rows, area and place, to be filled in. */
struct ph_topology_finding ph_topology_finding_of(enum ph_topology_kind kind, size_t a);

/* Appends. The geometry, one shape of `from`, is copied; NULL: none. */
PH_MUST_USE enum ph_status ph_topology_add(struct ph_topology *topology, const struct ph_topology_finding *finding,
                                           const struct ph_shapes *from, size_t shape, struct ph_error *err);

/* Appends the parts' findings, sorted, to *out and adds the statistics up. part_size: bytes from one part to the next. */
PH_MUST_USE enum ph_status ph_topology_merge(const struct ph_topology *first_part, size_t part_size, size_t count, struct ph_topology *out,
                                             struct ph_error *err);

void ph_topology_dispose(struct ph_topology *topology);

/* Metres per unit of x and y about this y; for a degree its length on the ellipsoid, to some thousandths. */
struct ph_xy ph_topology_scale(const struct ph_topology_options *options, double y);

/* m² of a shape: in the plane, or for a geographic CRS on the ellipsoid, without a surface to some thousandths.
 * plane: its area in square units. */
PH_MUST_USE enum ph_status ph_topology_area(const struct ph_topology_options *options, const struct ph_shapes *shapes, size_t shape,
                                            double plane, double *m2, struct ph_error *err);

/* Fills in ellipsoid_m2 of all findings from `from` on. */
PH_MUST_USE enum ph_status ph_topology_measure(const struct ph_topology_options *options, struct ph_topology *topology, size_t from,
                                               struct ph_error *err);

#endif
