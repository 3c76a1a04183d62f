#include "audit/printout.h"

enum ph_status ph_printouts_make(const struct ph_box *extent, bool geographic, struct ph_arena *arena, const struct ph_layout **out,
                                 size_t *count, struct ph_error *err)
{
    enum { OVERVIEW, PARCEL, COUNT };
    struct ph_layout *layouts = ph_arena_alloc(arena, COUNT * sizeof *layouts);
    if (layouts == NULL) return ph_fail_memory(err);
    ph_printout_overview(&layouts[OVERVIEW]);
    PH_TRY(ph_printout_parcel(arena, &layouts[PARCEL], err));
    for (size_t i = 0; i < COUNT; i++) {
        layouts[i].extent = *extent;
        layouts[i].geographic = geographic;
    }
    *out = layouts;
    *count = COUNT;
    return PH_OK;
}
