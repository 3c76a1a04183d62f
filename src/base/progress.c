#include "base/progress.h"

#include <stddef.h>

enum ph_status ph_progress_tell(const struct ph_progress *progress, enum ph_stage stage, double done, struct ph_error *err)
{
    if (progress == NULL || progress->report == NULL || progress->report(progress->payload, stage, done) == 0) return PH_OK;
    return ph_fail(err, PH_E_CANCELLED, "已取消", "cancelled");
}
