/* SHA-256 of texts and files. The only file that knows the hash library. */
#ifndef PH_BASE_DIGEST_H
#define PH_BASE_DIGEST_H

#include <stddef.h>

#include "base/error.h"

struct ph_digest {
    _Alignas(16) unsigned char state[256];
};

void ph_digest_init(struct ph_digest *digest);
void ph_digest_add(struct ph_digest *digest, const void *data, size_t length);
/* 64 lower-case hexadecimal digits and a NUL. */
void ph_digest_finish(struct ph_digest *digest, char hex[65]);

/* Errors: PH_E_INPUT when the file cannot be read. */
PH_MUST_USE enum ph_status ph_digest_file(const char *path, char hex[65], struct ph_error *err);

#endif
