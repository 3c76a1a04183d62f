/* A layer made ready for topology: each shape examined by itself, and what is invalid repaired aside. */
#ifndef PH_GEO_COVER_H
#define PH_GEO_COVER_H

#include "geo/geos.h"
#include "geo/outline.h"
#include "geo/topology.h"

struct ph_repair {
    uint32_t row, index; /* index in the store of repaired shapes */
};

/* Constant once made: threads may share it. */
struct ph_cover {
    const struct ph_shapes *shapes; /* borrowed */
    struct ph_outline outline;
    struct ph_shapes repaired;
    struct ph_outline repaired_outline;
    struct ph_repair *repairs; /* by row */
    size_t repair_count;
};

/* Examines every shape and appends what is wrong with it to *findings (NULL: it is not wanted).
 * Dispose of the cover with ph_cover_dispose, also after an error.
 * Errors: PH_E_MEMORY, PH_E_LIBRARY, PH_E_CANCELLED. */
PH_MUST_USE enum ph_status ph_cover_init(struct ph_cover *cover, const struct ph_shapes *shapes, const struct ph_topology_options *options,
                                         struct ph_topology *findings, struct ph_error *err);

/* The shape to calculate with: itself, or its repaired form, which *repaired then tells. */
struct ph_shape_ref ph_cover_shape(const struct ph_cover *cover, size_t row, bool *repaired);

/* The outline in which such a shape stands. */
static inline const struct ph_outline *ph_cover_outline(const struct ph_cover *cover, bool repaired)
{
    return repaired ? &cover->repaired_outline : &cover->outline;
}

void ph_cover_dispose(struct ph_cover *cover);

#endif
