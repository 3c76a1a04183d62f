/* One file in a zip archive in memory: the same contents give the same bytes, whatever the clock and the time zone. */
#ifndef PH_IO_ZIP_H
#define PH_IO_ZIP_H

#include "base/error.h"
#include "base/text.h"

/* The caller frees *out. Errors: PH_E_LIBRARY, PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_zip_one(const char *member, struct ph_str content, unsigned char **out, size_t *length, struct ph_error *err);

#endif
