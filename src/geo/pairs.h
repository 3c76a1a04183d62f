/* Pairs of boxes that meet, of a million boxes, strip by strip.
 *
 * The ground is cut into strips of equal population from south to north; a box stands in every strip it reaches, and a
 * pair is found in that strip alone where the northern one of their southern edges lies. */
#ifndef PH_GEO_PAIRS_H
#define PH_GEO_PAIRS_H

#include "base/error.h"
#include "model/shapes.h"

/* Constant once made: threads may visit different strips. */
struct ph_pairs {
    const struct ph_box *a, *b; /* borrowed; b NULL: pairs within a */
    uint32_t a_count, b_count;
    double *south;      /* southern bound of each strip but the first */
    size_t *strip_end;  /* one past the strip's last entry */
    uint32_t *entries;  /* index into a, or a_count + index into b; by western edge */
    size_t strip_count;
};

/* Boxes that are empty, or not finite, meet nothing. Dispose of it with ph_pairs_dispose, also after an error.
 * Errors: PH_E_MEMORY; PH_E_INPUT above 2^32 - 2 boxes in all. */
PH_MUST_USE enum ph_status ph_pairs_init(struct ph_pairs *pairs, const struct ph_box *a, size_t a_count, const struct ph_box *b,
                                         size_t b_count, struct ph_error *err);

/* Each pair once over all strips, closed boxes: within one layer a < b; between two, a is of the first and b of the
 * second. The order is a function of the boxes alone. visit's first result that is not PH_OK ends the visit. */
typedef enum ph_status ph_pair_visit(void *payload, size_t a, size_t b, struct ph_error *err);

PH_MUST_USE enum ph_status ph_pairs_visit(const struct ph_pairs *pairs, size_t strip, ph_pair_visit *visit, void *payload,
                                          struct ph_error *err);

void ph_pairs_dispose(struct ph_pairs *pairs);

#endif
