/* What a code given by a person stands for in an audit. */
#ifndef PH_REPORT_CASE_FIND_H
#define PH_REPORT_CASE_FIND_H

#include "base/arena.h"
#include "io/gpkg_read.h"

enum ph_found { PH_FOUND_FID, PH_FOUND_PARCEL, PH_FOUND_ENTERPRISE };

struct ph_case_found {
    enum ph_found what;
    const char *code; /* in the arena: of the row of parcels, of the parcel, of the enterprise */
};

/* Errors: PH_E_INPUT when nothing fits, or the beginning or part of a name fits several; the sentence names them. */
PH_MUST_USE enum ph_status ph_case_find(struct ph_gpkg_reader *audit, const char *asked, struct ph_arena *arena, struct ph_case_found *found,
                                        struct ph_error *err);

#endif
