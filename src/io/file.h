/* Whole files: read from wherever GDAL's file systems reach (disk, /vsizip/, …), written to disk. */
#ifndef PH_IO_FILE_H
#define PH_IO_FILE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Free with ph_file_free. Errors: PH_E_INPUT, also when the file is longer than cap. */
PH_MUST_USE enum ph_status ph_file_read(const char *path, size_t cap, struct ph_str *out, struct ph_error *err);
void ph_file_free(struct ph_str *bytes);

bool ph_file_exists(const char *path);

/* Writes a file on disk, whole or not at all. Errors: PH_E_EXISTS without `overwrite`, PH_E_OUTPUT. */
PH_MUST_USE enum ph_status ph_file_write(const char *path, struct ph_str text, bool overwrite, struct ph_error *err);

#endif
