/* A cheap test by which most neighbours are known to share no area. */
#ifndef PH_GEO_TOUCH_H
#define PH_GEO_TOUCH_H

#include "geo/outline.h"

enum ph_touch {
    PH_TOUCH_UNKNOWN,  /* they cross, or there is doubt: ask GEOS */
    PH_TOUCH_DISJOINT, /* the interiors have no point in common */
    PH_TOUCH_A_INSIDE, /* all of a lies in the interior of b */
    PH_TOUCH_B_INSIDE
};

/* Memory that the test keeps from one pair to the next; one per thread, zero-initialised. */
struct ph_toucher {
    struct ph_touch_edge *edges; /* of a, then of b */
    size_t capacity;
    uint8_t *met; /* per ring of a, then of b: whether it meets the other's boundary */
    size_t met_capacity;
};

/* How the interiors of two shapes lie, each of them clean in its outline (a and b may be the same outline).
 *
 * Two valid polygons have disjoint interiors when (1) no edges cross, (2) wherever their boundaries meet, the wedges that
 * their interiors fill there are apart, and (3) no ring that does not meet the other's boundary lies inside the other.
 * For suppose they share area and neither holds the other: then a boundary line of one runs through the interior of
 * the other; followed along its ring, it either comes to the other's boundary, where the wedges meet, or never does,
 * and the ring lies inside. Every step is decided by exact predicates, so that the answer is never a matter of
 * tolerance; UNKNOWN is given also where disjointness hangs on two rings of one shape that meet in the same point.
 * Errors: PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_touch(struct ph_toucher *memory, const struct ph_outline *a, size_t shape_a, const struct ph_outline *b,
                                    size_t shape_b, enum ph_touch *answer, struct ph_error *err);

void ph_toucher_dispose(struct ph_toucher *memory);

#endif
