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

static enum ph_status read_in(const char *name, const struct ph_str *samples, size_t count, struct ph_arena *arena, struct ph_encoding_reading *out,
                              struct ph_error *err)
{
    struct ph_decoder *decoder = NULL;
    struct ph_text text;
    PH_TRY(ph_decoder_open(name, &decoder, err));
    *out = (struct ph_encoding_reading){.name = name};
    ph_text_init(&text, (size_t)1 << 20);
    for (size_t i = 0; i < count; i++) {
        bool bad = false;
        ph_text_clear(&text);
        ph_decoder_decode(decoder, samples[i].at, samples[i].length, &text, NULL, &bad);
        out->bad += bad;
    }
    ph_text_dispose(&text);
    enum ph_status status = ph_words_show(decoder, samples, count, arena, &out->words, err);
    ph_decoder_close(decoder);
    return status;
}

enum ph_status ph_words_readings(const struct ph_str *samples, size_t count, const char *chosen, struct ph_arena *arena,
                                 const struct ph_encoding_reading **readings, size_t *reading_count, struct ph_error *err)
{
    const char *names[] = {chosen, "UTF-8", "GB18030", "BIG5", "CP1252"};
    enum { NAMES = sizeof names / sizeof *names };
    struct ph_encoding_reading *out = ph_arena_alloc(arena, NAMES * sizeof *out);
    if (out == NULL) return ph_fail_memory(err);
    *reading_count = 0;
    for (size_t i = 0; i < NAMES; i++)
        if (i == 0 || strcmp(names[i], chosen) != 0) PH_TRY(read_in(names[i], samples, count, arena, &out[(*reading_count)++], err));
    *readings = out;
    return PH_OK;
}
