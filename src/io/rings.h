/* Which ring is an outer one and which a hole, where the source's winding says it wrongly. */
#ifndef PH_IO_RINGS_H
#define PH_IO_RINGS_H

#include <stdbool.h>

#include "base/error.h"
#include "model/shapes.h"

/* Looks at the rings added since the last complete shape. A hole larger than its outer ring, or (with by_winding:
 * formats that tell holes by winding alone) a part inside another part, means that the roles are wrong: they are
 * settled anew by which ring lies in which, *changed is set. No coordinate changes. */
PH_MUST_USE enum ph_status ph_rings_settle(struct ph_shapes *shapes, bool by_winding, bool *changed, struct ph_error *err);

#endif
