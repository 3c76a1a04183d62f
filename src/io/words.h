/* Some of a source's texts, decoded, for a person to judge an encoding by. */
#ifndef PH_IO_WORDS_H
#define PH_IO_WORDS_H

#include "base/arena.h"
#include "base/decoder.h"
#include "base/error.h"

/* Of the samples that are not plain ASCII. *words lives in the arena; "" when there are none. */
PH_MUST_USE enum ph_status ph_words_show(struct ph_decoder *decoder, const struct ph_str *samples, size_t count, struct ph_arena *arena,
                                         const char **words, struct ph_error *err);

/* How the samples would read in one encoding. */
struct ph_encoding_reading {
    const char *name, *words;
    size_t bad; /* samples that hold bytes which it does not know */
};

/* The encodings that Chinese data come in, and `chosen` where it is none of them; *readings lives in the arena. */
PH_MUST_USE enum ph_status ph_words_readings(const struct ph_str *samples, size_t count, const char *chosen, struct ph_arena *arena,
                                             const struct ph_encoding_reading **readings, size_t *reading_count, struct ph_error *err);

#endif
