#include "io/txt_decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/decoder.h"

enum { SAMPLES = 5000, WORDS = 6, WORDS_BYTES = 160 };

static const struct ph_problem_kind bad_bytes = {
    PH_WARNING, "encoding.bad_bytes", "用 --encoding 指定编码,或核对源数据", "give --encoding, or check the source"};

/* Takes the next line off `rest`; it ends at a line feed, a carriage return, or both. */
static struct ph_str next_line(struct ph_str *rest)
{
    size_t n = 0;
    while (n < rest->length && rest->at[n] != '\n' && rest->at[n] != '\r') n++;
    struct ph_str line = {rest->at, n};
    size_t end = n + (n + 1 < rest->length && rest->at[n] == '\r' && rest->at[n + 1] == '\n' ? 2 : 1);
    *rest = ph_str_after(*rest, end);
    return line;
}

static bool ascii(struct ph_str line)
{
    for (size_t i = 0; i < line.length; i++)
        if ((unsigned char)line.at[i] >= 0x80) return false;
    return true;
}

static enum ph_status decide(struct ph_str bytes, const char *encoding, struct ph_encoding_choice *choice, struct ph_error *err)
{
    struct ph_str *samples = malloc(SAMPLES * sizeof *samples);
    if (samples == NULL) return ph_fail_memory(err);
    size_t count = 0;
    for (struct ph_str rest = bytes; rest.length && count < SAMPLES;) {
        struct ph_str line = next_line(&rest);
        if (!ascii(line)) samples[count++] = line;
    }
    struct ph_encoding_evidence evidence = {.option = ph_str_of(encoding), .samples = samples, .sample_count = count};
    enum ph_status status = ph_encoding_decide(&evidence, choice, err);
    free(samples);
    return status;
}

/* Reads all lines through the decoder; the first ones that are not ASCII go to words. */
static enum ph_status read_lines(struct ph_str bytes, struct ph_decoder *decoder, struct ph_txt_reader *reader, struct ph_text *words, size_t *bad_lines,
                                 struct ph_error *err)
{
    struct ph_text line;
    ph_text_init(&line, 4 * PH_TXT_LINE_CAP);
    enum ph_status status = PH_OK;
    size_t shown = 0;
    while (bytes.length && status == PH_OK) {
        struct ph_str raw = next_line(&bytes);
        bool odd = false;
        if (raw.length <= PH_TXT_LINE_CAP && !ascii(raw)) {
            ph_text_clear(&line);
            ph_decoder_decode(decoder, raw.at, raw.length, &line, &odd, &odd);
            if (line.failed) status = ph_fail_memory(err);
            raw = (struct ph_str){ph_text_get(&line), line.length};
            if (shown < WORDS && words->length < WORDS_BYTES) ph_text_addf(words, "%s%s", shown++ ? "、" : "", ph_text_get(&line));
        }
        *bad_lines += odd;
        if (status == PH_OK) status = ph_txt_read_line(reader, raw, err);
    }
    ph_text_dispose(&line);
    return status;
}

enum ph_status ph_txt_decode(struct ph_str bytes, const char *encoding, const struct ph_txt_layout *layout, const char *source,
                             struct ph_txt *txt, struct ph_encoding_choice *choice, const char **words, struct ph_problems *problems,
                             struct ph_error *err)
{
    if (bytes.length && memchr(bytes.at, 0, bytes.length)) {
        ph_fail(err, PH_E_INPUT, "不是文本(含零字节);UTF-16 的文件请另存为 UTF-8 或 GBK", "this is no text (it has zero bytes); save a UTF-16 file as UTF-8 or GBK");
        return ph_at_file(err, source), PH_E_INPUT;
    }
    PH_TRY(decide(bytes, encoding, choice, err));
    struct ph_decoder *decoder = NULL;
    PH_TRY(ph_decoder_open(choice->name, &decoder, err));
    struct ph_txt_reader *reader = NULL;
    struct ph_text text;
    ph_text_init(&text, 4 * PH_TXT_LINE_CAP + 1024);
    size_t bad_lines = 0;
    enum ph_status status = ph_txt_reader_new(txt, layout, source, problems, &reader, err);
    if (status == PH_OK) status = read_lines(bytes, decoder, reader, &text, &bad_lines, err);
    if (status == PH_OK) status = ph_txt_read_end(reader, err);
    if (status == PH_OK && bad_lines)
        status = ph_problem_add(problems, &bad_bytes, source, -1, err, "%zu 行有无法按 %s 解读的字节", "%zu lines have bytes that are not %s", bad_lines, choice->name);
    if (status == PH_OK && (*words = ph_arena_text(&txt->arena, ph_text_get(&text), text.length)) == NULL) status = ph_fail_memory(err);
    ph_text_dispose(&text);
    ph_txt_reader_free(reader);
    ph_decoder_close(decoder);
    if (status != PH_OK) ph_at_file(err, source);
    return status;
}
