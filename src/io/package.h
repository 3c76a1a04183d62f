/* The parts of a zipped document (XLSX, ODS). */
#ifndef PH_IO_PACKAGE_H
#define PH_IO_PACKAGE_H

#include "io/workbook.h"
#include "io/markup.h"

#define PH_PART_CAP ((size_t)1 << 30)

/* Unzips one part. Free with ph_file_free. */
PH_MUST_USE enum ph_status ph_package_read(const struct ph_workbook *workbook, const char *part, struct ph_str *out, struct ph_error *err);
bool ph_package_has(const struct ph_workbook *workbook, const char *part);

/* Unzips and reads one part: `visit` is told of each element that opens, and may read on. Errors name the part. */
typedef enum ph_status ph_package_visit(void *payload, struct ph_markup *xml, struct ph_error *err);
PH_MUST_USE enum ph_status ph_package_parse(const struct ph_workbook *workbook, const char *part, ph_package_visit *visit, void *payload,
                                            struct ph_error *err);

#endif
