/* What coordinates say about their CRS: for a CRS that is given, whether they speak against it; for none, which
 * it may be. Numbers alone never decide: the result is sentences for a person, and codes to offer. */
#ifndef PH_GEO_CRS_CHECK_H
#define PH_GEO_CRS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "geo/crs.h"
#include "model/problems.h"
#include "model/shapes.h"

enum { PH_CRS_SENTENCE = 512 };

struct ph_crs_suspicion {
    enum ph_severity severity;
    const char *code; /* static: crs.units, crs.axes, crs.zone, crs.extent */
    char zh[PH_CRS_SENTENCE], en[PH_CRS_SENTENCE];
};

/* What speaks against crs for coordinates that fill `extent` (CRS units, x first): degrees in a projected CRS or
 * metres in a geographic one, axes the wrong way round, another zone prefix, a place outside the zone or the area
 * of use (a note up to half a degree, an error beyond). The first that is found hides those that it would cause.
 * Writes at most max (1 is enough today) and their number to *count; an empty extent gives none.
 * Errors: PH_E_LIBRARY, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_crs_suspicions(const struct ph_crs *crs, struct ph_box extent, struct ph_crs_suspicion *out,
                                             size_t max, size_t *count, struct ph_error *err);

/* Which of many extents a suspicion of warning or worse stands against, at a few microseconds each (the function above
 * opens PROJ every time). Errors: PH_E_LIBRARY, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_crs_suspect_boxes(const struct ph_crs *crs, const struct ph_box *boxes, size_t count,
                                                bool *suspects, struct ph_error *err);

struct ph_crs_guess {
    char code[16]; /* "EPSG:4526" */
    bool swapped;  /* the coordinates are northing (latitude) first: they must be turned before this code fits */
    bool certain;  /* the numbers single this zone out; the datum is a guess in any case */
    char zh[PH_CRS_SENTENCE], en[PH_CRS_SENTENCE];
};

/* The CRSs of China that coordinates without a definition may be in, likeliest first: by the zone prefix of 8-digit
 * eastings, by the range of longitude and latitude; for 6-digit eastings every central meridian, which the numbers
 * cannot tell apart (21, or 11 when they lie too wide for a 3-degree zone). Returns how many were written, 0 when
 * nothing in China fits. */
size_t ph_crs_guess(struct ph_box extent, struct ph_crs_guess *out, size_t max);

#endif
