/* Dividing a whole number so that the parts add up to it. */
#ifndef PH_BASE_APPORTION_H
#define PH_BASE_APPORTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Divides total (not negative) in proportion to weights (not negative, their sum positive and within int64) by the
 * largest remainder: the parts add up to total, ties go to the part that comes first. */
PH_MUST_USE enum ph_status ph_apportion(int64_t total, const int64_t *weights, size_t count, int64_t *parts, struct ph_error *err);

#endif
