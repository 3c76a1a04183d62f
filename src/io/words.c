#include "io/words.h"

#include <string.h>

#define WORDS_BYTES 160
#define WORDS 6

enum ph_status ph_words_show(struct ph_decoder *decoder, const struct ph_str *samples, size_t count, struct ph_arena *arena,
                             const char **words, struct ph_error *err)
{
    struct ph_text text;
    ph_text_init(&text, (size_t)1 << 20);
    size_t shown = 0;
    for (size_t i = 0; i < count && text.length < WORDS_BYTES && shown < WORDS; i++) {
        bool ascii = true;
        for (size_t k = 0; k < samples[i].length; k++) ascii &= (unsigned char)samples[i].at[k] < 0x80;
        if (ascii) continue;
        if (shown++) ph_text_add(&text, "、");
        ph_decoder_decode(decoder, samples[i].at, samples[i].length, &text, NULL, NULL);
    }
    *words = ph_arena_text(arena, ph_text_get(&text), text.length);
    ph_text_dispose(&text);
    return *words ? PH_OK : ph_fail_memory(err);
}
