/* The data of the page: JSON that lies between <script> tags. */
#ifndef PH_REPORT_HTML_DATA_H
#define PH_REPORT_HTML_DATA_H

#include <stdio.h>

#include "base/text.h"
#include "io/gpkg_read.h"

/* JSON as it may stand in markup: < > & and the line ends that JavaScript alone knows are escaped. */
void ph_html_put_json(FILE *out, struct ph_str json);

/* The audit's tables (members "tables" and "codes"), "legend", and "run_names". A failure to write stays in `out`. */
PH_MUST_USE enum ph_status ph_html_put_tables(FILE *out, struct ph_gpkg_reader *audit, struct ph_error *err);

/* Member "map": a shape for every row of `parcels`, in the order of their fid, as rings [x, y, dx, dy, …] in whole steps;
 * "step" has the metres of one. Outer rings run clockwise, holes the other way. */
PH_MUST_USE enum ph_status ph_html_put_map(FILE *out, struct ph_gpkg_reader *audit, struct ph_error *err);

#endif
