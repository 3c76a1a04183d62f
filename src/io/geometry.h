/* From OGR geometries to the polygons panhuo keeps, with a row in problems for whatever is not one. */
#ifndef PH_IO_GEOMETRY_H
#define PH_IO_GEOMETRY_H

#include <stdbool.h>

#include "base/error.h"
#include "io/source_file.h"
#include "model/problems.h"
#include "model/shapes.h"

struct ph_geometry_reader;

/* shapes, problems and source are borrowed. by_winding: the format tells holes from outer rings by winding alone. */
PH_MUST_USE enum ph_status ph_geometry_reader_new(struct ph_shapes *shapes, struct ph_problems *problems, const char *source,
                                                  bool by_winding, struct ph_geometry_reader **out, struct ph_error *err);
void ph_geometry_reader_free(struct ph_geometry_reader *reader);

/* Adds exactly one shape, an empty one when there is no polygon. `reported`: a problem of this feature's geometry is
 * in the list already. */
PH_MUST_USE enum ph_status ph_geometry_read(struct ph_geometry_reader *reader, OGRGeometryH geometry, int64_t fid, bool reported,
                                            struct ph_error *err);

/* A multipolygon of one shape, NULL for an empty one. The caller destroys it. */
OGRGeometryH ph_geometry_make(const struct ph_shapes *shapes, size_t shape);

#endif
