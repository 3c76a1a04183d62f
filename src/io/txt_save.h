/* A text file in UTF-8 or GBK. */
#ifndef PH_IO_TXT_SAVE_H
#define PH_IO_TXT_SAVE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* *lost (may be NULL) is set when characters had no place in GBK. Errors: PH_E_OUTPUT. */
PH_MUST_USE enum ph_status ph_txt_save(const char *path, struct ph_str text, bool gbk, bool *lost, struct ph_error *err);

#endif
