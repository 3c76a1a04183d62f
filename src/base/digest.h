/* SHA-256 of texts and files. The only file that knows the hash library. */
#ifndef PH_BASE_DIGEST_H
#define PH_BASE_DIGEST_H

#include <stddef.h>

#include "base/error.h"

/* Piece by piece; NULL when memory is out, which is allowed in what follows. */
struct ph_digest;
struct ph_digest *ph_digest_new(void);
void ph_digest_add(struct ph_digest *digest, const void *data, size_t length);

/* Frees it too. 64 lower-case hexadecimal digits and a NUL. Errors: PH_E_LIBRARY. */
PH_MUST_USE enum ph_status ph_digest_end(struct ph_digest *digest, char hex[65], struct ph_error *err);

/* The same at once. */
PH_MUST_USE enum ph_status ph_digest_bytes(const void *data, size_t length, char hex[65], struct ph_error *err);

/* Errors: PH_E_INPUT when the file cannot be read, PH_E_LIBRARY. */
PH_MUST_USE enum ph_status ph_digest_file(const char *path, char hex[65], struct ph_error *err);

#endif
