/* The print layouts of the project: the overview, and the sheet of each parcel that is not in order. */
#ifndef PH_AUDIT_PRINTOUT_H
#define PH_AUDIT_PRINTOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "io/layout.h"

#define PH_PRINTOUT_LAYER "panhuo_layer_" /* ids of the project's layers: this and the table */
#define PH_PRINTOUT_THEME "核查表"        /* what the map of a parcel's sheet shows */

/* A run's value as part of a QGIS expression. */
#define PH_PRINTOUT_RUN(key) "attribute(get_feature('" PH_PRINTOUT_LAYER "run', 'key', '" key "'), 'value')"

/* The names of the run's parcel sources. */
#define PH_PRINTOUT_PARCELS                                                                                                      \
    "aggregate('" PH_PRINTOUT_LAYER "run', 'concatenate', \"value\", regexp_match(\"key\", '^input[.]parcels([.][0-9]+)?$') > 0, '、')"

/* "1:2 000", of the map on the same sheet. */
#define PH_PRINTOUT_SCALE "1:[% format_number(map_get(item_variables('地图'), 'map_scale'), 0) %]"

/* QGIS breaks lines at blanks only. This expression puts line breaks into a Chinese text that is longer than `most` characters
 * (two of ASCII count as one): after that many or up to `most - least` before, not inside a number, not before a closing mark. */
#define PH_PRINTOUT_UNIT "(?:[^ -~]|[ -~]{1,2}+)"
#define PH_PRINTOUT_WRAP(text, least, most)                                                                                       \
    "regexp_replace(" text ", '(?=" PH_PRINTOUT_UNIT "{" #most "}[^\\n])(" PH_PRINTOUT_UNIT "{" #least "," #most "})(?![，。；、：）》”〕,;:)])"  \
    "(?:(?<![0-9A-Za-z.%-])|(?![0-9A-Za-z.%-]))', '\\\\1\\n')"

/* Both layouts; extent: of all parcels, in degrees when geographic. Allocated in the arena. */
PH_MUST_USE enum ph_status ph_printouts_make(const struct ph_box *extent, bool geographic, struct ph_arena *arena, const struct ph_layout **out,
                                             size_t *count, struct ph_error *err);

/* Each of them. */
void ph_printout_overview(struct ph_layout *out);
PH_MUST_USE enum ph_status ph_printout_parcel(struct ph_arena *arena, struct ph_layout *out, struct ph_error *err);

#endif
