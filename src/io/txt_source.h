/* Boundary-point files as a source like any other: one file, a folder of them, or a pattern such as dir/38*.txt. */
#ifndef PH_IO_TXT_SOURCE_H
#define PH_IO_TXT_SOURCE_H

#include "io/source_file.h"

/* Whether the request, not for a table, means boundary-point files: by the name's ending, by --txt-layout, or a folder that holds .txt and no shapefile. */
bool ph_txt_claims(const struct ph_source_request *request);

/* Reads them all into a dataset in memory; sets the source's dataset, its encoding, its files, and what was found wrong.
 * Errors: PH_E_INPUT, PH_E_USAGE, PH_E_CRS when the files state different CRSs, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_txt_open(struct ph_source *source, const struct ph_source_request *request, struct ph_error *err);

#endif
