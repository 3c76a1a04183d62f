/* Telling how far a run has come, and hearing that it is to stop. */
#ifndef PH_BASE_PROGRESS_H
#define PH_BASE_PROGRESS_H

#include "base/error.h"
#include "panhuo/progress.h"

/* done is 0 to 1; progress may be NULL. PH_E_CANCELLED when the answer is to stop. */
PH_MUST_USE enum ph_status ph_progress_tell(const struct ph_progress *progress, enum ph_stage stage, double done, struct ph_error *err);

#endif
