/* What makes a polygon invalid, in words. */
#ifndef PH_GEO_FLAW_H
#define PH_GEO_FLAW_H

enum ph_flaw {
    PH_FLAW_NONE,
    PH_FLAW_OTHER,
    PH_FLAW_SELF_INTERSECTION,
    PH_FLAW_RING_SELF_INTERSECTION,
    PH_FLAW_HOLE_OUTSIDE,
    PH_FLAW_NESTED_HOLES,
    PH_FLAW_DISCONNECTED_INTERIOR,
    PH_FLAW_NESTED_PARTS,
    PH_FLAW_DUPLICATE_RINGS,
    PH_FLAW_TOO_FEW_POINTS,
    PH_FLAW_NOT_FINITE,
    PH_FLAW_NOT_CLOSED,
};

/* Static texts. */
const char *ph_flaw_zh(enum ph_flaw flaw);
const char *ph_flaw_en(enum ph_flaw flaw);

/* The flaw that GEOS's reason names, whatever stands behind it; OTHER when it is not known. */
enum ph_flaw ph_flaw_of_reason(const char *reason);

#endif
