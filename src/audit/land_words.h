/* The arithmetic of a stake, in words that its enterprise can check. */
#ifndef PH_AUDIT_LAND_WORDS_H
#define PH_AUDIT_LAND_WORDS_H

#include "audit/land.h"

/* Adds to out (Chinese), for instance: 宗地 26666.68㎡ × 租用厂房 1200㎡ ÷ 建筑面积 8000㎡ = 4000.00㎡ */
void ph_land_words(const struct ph_land *land, const struct ph_parcels *parcels, const struct ph_links *links, const struct ph_stake *stake,
                   struct ph_text *out);

#endif
