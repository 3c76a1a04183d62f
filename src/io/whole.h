/* Whether a zipped set of XML files, such as a workbook, was written to its end. */
#ifndef PH_IO_WHOLE_H
#define PH_IO_WHOLE_H

#include "base/error.h"

/* Reads back every member: it must end with the end of its first element. Errors: PH_E_OUTPUT. */
PH_MUST_USE enum ph_status ph_whole_package(const char *path, struct ph_error *err);

#endif
