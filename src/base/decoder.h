/* Reading bytes of a given encoding as UTF-8. */
#ifndef PH_BASE_DECODER_H
#define PH_BASE_DECODER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct ph_decoder;

/* For a name from ph_encoding_name, or any that iconv knows and that leaves ASCII alone (no UTF-16). *decoder is to be
 * closed; NULL on error (PH_E_USAGE: unknown name). One decoder serves one thread at a time. */
PH_MUST_USE enum ph_status ph_decoder_open(const char *name, struct ph_decoder **decoder, struct ph_error *err);

/* Appends the bytes to `out` as UTF-8, up to the first NUL. Half a character at the end (also with blanks behind it) is
 * left out and sets *cut; bytes that cannot be read become U+FFFD and set *bad. Neither is ever cleared, so that one
 * pair of flags can serve a column; both may be NULL. Failure (cap, memory) shows in out->failed. */
void ph_decoder_decode(struct ph_decoder *decoder, const char *bytes, size_t length, struct ph_text *out, bool *cut, bool *bad);

/* NULL is allowed. */
void ph_decoder_close(struct ph_decoder *decoder);

#endif
