/* Some of a source's texts, decoded, for a person to judge an encoding by. */
#ifndef PH_IO_WORDS_H
#define PH_IO_WORDS_H

#include "base/arena.h"
#include "base/decoder.h"
#include "base/error.h"

/* Of the samples that are not plain ASCII. *words lives in the arena; "" when there are none. */
PH_MUST_USE enum ph_status ph_words_show(struct ph_decoder *decoder, const struct ph_str *samples, size_t count, struct ph_arena *arena,
                                         const char **words, struct ph_error *err);

#endif
