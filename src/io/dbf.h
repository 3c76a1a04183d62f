/* The records of a DBF, where all is as plain in it as it mostly is: GDAL makes an object of every value, which takes longer than
 * reading the shapes. What is not plain is left to GDAL. Internal to io. */
#ifndef PH_IO_DBF_H
#define PH_IO_DBF_H

#include "base/text.h"
#include "io/source_file.h"

struct ph_dbf;

/* The DBF of a shapefile, with a handle of its own. NULL: its layout is not the plain one that GDAL found, too. */
struct ph_dbf *ph_dbf_open(const struct ph_source *source);
void ph_dbf_close(struct ph_dbf *dbf);

/* Goes to a record, from 0; false when it cannot be read. */
bool ph_dbf_seek(struct ph_dbf *dbf, int64_t record);

/* The bytes of a field without spaces around, up to a NUL; valid until the next record. */
struct ph_str ph_dbf_bytes(const struct ph_dbf *dbf, size_t field);

#endif
