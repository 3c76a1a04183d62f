/* Filling struct ph_error. */
#ifndef PH_BASE_ERROR_H
#define PH_BASE_ERROR_H

#include "panhuo/error.h"

#define PH_MUST_USE __attribute__((warn_unused_result))

/* Leaves the enclosing function with the status of `call` unless it is PH_OK. */
#define PH_TRY(call)                     \
    do {                                 \
        enum ph_status try_ = (call);    \
        if (try_ != PH_OK) return try_;  \
    } while (0)

/* Sets status and both sentences (same printf arguments in the same order), clears the place. Passwords do not show.
 * Returns `status`, so that `return ph_fail(err, …)` reads well. err may be NULL. */
enum ph_status ph_fail(struct ph_error *err, enum ph_status status, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Out of memory, with the standard sentence. */
enum ph_status ph_fail_memory(struct ph_error *err);

/* Add the place, unless a deeper call has set it already. Return err->status (PH_E_LIBRARY if err is NULL). */
enum ph_status ph_at_file(struct ph_error *err, const char *file);
enum ph_status ph_at_line(struct ph_error *err, const char *file, int line, int column);

#endif
