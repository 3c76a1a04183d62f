/* From the bytes of a boundary-point file to its plots. */
#ifndef PH_IO_TXT_DECODE_H
#define PH_IO_TXT_DECODE_H

#include "base/encoding.h"
#include "io/txt.h"

/* encoding: what the user ordered, or NULL to decide. choice receives what was taken; words some decoded texts, in the
 * arena of txt. Errors: PH_E_INPUT for bytes that are no text or beyond what a survey has; PH_E_USAGE for the encoding. */
PH_MUST_USE enum ph_status ph_txt_decode(struct ph_str bytes, const char *encoding, const struct ph_txt_layout *layout, const char *source,
                                         struct ph_txt *txt, struct ph_encoding_choice *choice, const char **words,
                                         struct ph_problems *problems, struct ph_error *err);

#endif
