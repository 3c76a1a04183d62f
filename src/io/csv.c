#include "io/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decoder.h"

#define SAMPLES 20000
#define CELL_CAP ((size_t)1 << 24)
#define LOOK_LINES 100

static const struct ph_problem_kind bad_bytes = {
    PH_WARNING, "encoding.bad_bytes", "另存为 UTF-8 或 GBK 的 CSV,或直接给 xlsx", "save it as CSV in UTF-8 or GBK, or give the xlsx itself"};

/* ---- from bytes to text ---- */

static bool starts(struct ph_str text, const char *bytes, size_t length)
{
    return text.length >= length && memcmp(text.at, bytes, length) == 0;
}

/* UTF-16 to UTF-8, in the workbook's arena. */
static enum ph_status from_utf16(struct ph_workbook *w, bool big_endian, struct ph_error *err)
{
    const unsigned char *bytes = (const unsigned char *)w->bytes.at + 2;
    size_t units = (w->bytes.length - 2) / 2, length = 0;
    char *text = ph_arena_alloc(&w->arena, 3 * units + 1);
    if (text == NULL) return ph_fail_memory(err);
    for (size_t i = 0; i < units; i++) {
        uint32_t code = big_endian ? (uint32_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]) : (uint32_t)(bytes[2 * i + 1] << 8 | bytes[2 * i]);
        if (code >= 0xD800 && code <= 0xDBFF && i + 1 < units) {
            uint32_t low = big_endian ? (uint32_t)(bytes[2 * i + 2] << 8 | bytes[2 * i + 3]) : (uint32_t)(bytes[2 * i + 3] << 8 | bytes[2 * i + 2]);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i++;
            }
        }
        length += ph_utf8_put(text + length, code);
    }
    text[length] = '\0';
    w->text = (struct ph_str){text, length};
    const char *name = big_endian ? "UTF-16BE" : "UTF-16LE";
    snprintf(w->encoding.name, sizeof w->encoding.name, "%s", name);
    snprintf(w->encoding.zh, sizeof w->encoding.zh, "编码取 %s：文件开头的标记（BOM）如此声明", name);
    snprintf(w->encoding.en, sizeof w->encoding.en, "%s is taken: as the byte order mark says", name);
    return PH_OK;
}

static bool separates(char c)
{
    return c == ',' || c == ';' || c == '\t' || c == '"' || c == '\n' || c == '\r';
}

static enum ph_status decide(struct ph_workbook *w, const char *encoding, struct ph_error *err)
{
    struct ph_str *samples = malloc(SAMPLES * sizeof *samples);
    if (samples == NULL) return ph_fail_memory(err);
    size_t count = 0, start = 0;
    for (size_t i = 0; i <= w->text.length && count < SAMPLES; i++) {
        if (i < w->text.length && !separates(w->text.at[i])) continue;
        if (i > start) samples[count++] = (struct ph_str){w->text.at + start, i - start};
        start = i + 1;
    }
    struct ph_encoding_evidence evidence = {.option = ph_str_of(encoding), .samples = samples, .sample_count = count};
    struct ph_decoder *decoder = NULL;
    enum ph_status status = ph_encoding_decide(&evidence, &w->encoding, err);
    if (status == PH_OK) status = ph_decoder_open(w->encoding.name, &decoder, err);
    if (status == PH_OK) status = ph_words_show(decoder, samples, count, &w->arena, &w->sample_words, err);
    if (status == PH_OK && w->wants_readings)
        status = ph_words_readings(samples, count, w->encoding.name, &w->arena, &w->readings, &w->reading_count, err);
    ph_decoder_close(decoder);
    free(samples);
    return status;
}

enum ph_status ph_csv_open(struct ph_workbook *w, const char *encoding, struct ph_error *err)
{
    const char *slash = strrchr(w->path, '/'), *name = slash ? slash + 1 : w->path;
    w->driver = "CSV";
    w->sheets = ph_arena_alloc(&w->arena, sizeof *w->sheets);
    if (w->sheets == NULL) return ph_fail_memory(err);
    *w->sheets = (struct ph_workbook_sheet){.name = ph_arena_text(&w->arena, name, strcspn(name, "."))};
    w->sheet_count = 1;
    if (w->sheets->name == NULL) return ph_fail_memory(err);
    w->encoding_known = true;
    w->sample_words = "";
    w->text = w->bytes;
    if (starts(w->bytes, "\xFF\xFE", 2) || starts(w->bytes, "\xFE\xFF", 2)) {
        PH_TRY(from_utf16(w, w->bytes.at[0] == '\xFE', err));
        return PH_OK;
    }
    if (starts(w->text, "\xEF\xBB\xBF", 3)) w->text = ph_str_after(w->text, 3);
    return decide(w, encoding, err);
}

/* ---- from text to cells ---- */

/* The separator that stands in most of the first lines, outside of quotes; of two, the one that stands there more often. */
static char choose_separator(struct ph_str text)
{
    static const char candidates[] = {',', '\t', ';'};
    size_t lines[sizeof candidates] = {0}, all[sizeof candidates] = {0}, in_line[sizeof candidates] = {0}, seen = 0, best = 0;
    bool quoted = false;
    for (size_t i = 0; i <= text.length && seen < LOOK_LINES; i++) {
        char c = i < text.length ? text.at[i] : '\n';
        if (c == '"') quoted = !quoted;
        if (quoted && i < text.length) continue;
        for (size_t k = 0; k < sizeof candidates; k++) {
            in_line[k] += c == candidates[k];
            if (c != '\n') continue;
            lines[k] += in_line[k] > 0;
            all[k] += in_line[k];
            in_line[k] = 0;
        }
        seen += c == '\n';
    }
    for (size_t k = 1; k < sizeof candidates; k++)
        if (lines[k] > lines[best] || (lines[k] == lines[best] && all[k] > all[best])) best = k;
    return candidates[best];
}

struct reading {
    struct ph_workbook *workbook;
    struct ph_grid *grid;
    struct ph_decoder *decoder; /* NULL: the text is UTF-8 */
    struct ph_problems *problems;
    struct ph_text raw, decoded;
    size_t row, column, quote_row; /* from 1; from 0; where the last quote opened */
    char separator;
    struct ph_error *err;
};

static enum ph_status end_cell(struct reading *r)
{
    bool bad = false, cut = false;
    if (r->raw.failed) return ph_fail(r->err, PH_E_INPUT, "第 %zu 行有过长的单元格", "row %zu has a cell that is too long", r->row);
    struct ph_str text = {ph_text_get(&r->raw), r->raw.length};
    if (r->decoder) {
        ph_text_clear(&r->decoded);
        ph_decoder_decode(r->decoder, text.at, text.length, &r->decoded, &cut, &bad);
        if (r->decoded.failed) return ph_fail_memory(r->err);
        text = (struct ph_str){ph_text_get(&r->decoded), r->decoded.length};
    }
    if (cut || bad) {
        char place[PH_PLACE_BYTES];
        ph_grid_place(place, r->column, r->row);
        PH_TRY(ph_problem_add(r->problems, &bad_bytes, r->workbook->path, (int64_t)r->row, r->err, "单元格 %s 有无法按 %s 解读的字节:“%s”",
                              "cell %s has bytes that are not %s: '%s'", place, r->workbook->encoding.name, text.at));
    }
    /* ="0123" is how a text is kept from becoming a number. */
    if (text.length > 3 && starts(text, "=\"", 2) && text.at[text.length - 1] == '"') text = (struct ph_str){text.at + 2, text.length - 3};
    PH_TRY(ph_grid_put(r->grid, r->column, PH_CELL_TEXT, text, r->err));
    ph_text_clear(&r->raw);
    r->column++;
    return PH_OK;
}

static enum ph_status end_row(struct reading *r)
{
    PH_TRY(end_cell(r));
    PH_TRY(ph_grid_end_row(r->grid, r->row, r->err));
    r->row++;
    r->column = 0;
    return PH_OK;
}

/* The rest of a quoted cell that opened before `at`; receives where it ended. */
static enum ph_status take_quoted(struct reading *r, struct ph_str text, size_t *at)
{
    r->quote_row = r->row;
    for (; *at < text.length; ++*at) {
        if (text.at[*at] != '"') {
            ph_text_add_str(&r->raw, (struct ph_str){text.at + *at, 1});
        } else if (*at + 1 < text.length && text.at[*at + 1] == '"') {
            ph_text_add(&r->raw, "\"");
            ++*at;
        } else {
            ++*at;
            return PH_OK;
        }
    }
    return ph_fail(r->err, PH_E_INPUT, "第 %zu 行第 %zu 列的引号没有配对,其后的内容都被它吞掉", "row %zu, column %zu: a quote that opens is never closed",
                   r->quote_row, r->column + 1);
}

static enum ph_status read_rows(struct reading *r, struct ph_str text)
{
    for (size_t at = 0; at < text.length;) {
        char c = text.at[at];
        if (c == '"' && r->raw.length == 0) {
            at++;
            PH_TRY(take_quoted(r, text, &at));
            continue;
        }
        at++;
        if (c == r->separator) {
            PH_TRY(end_cell(r));
        } else if (c == '\n' || c == '\r') {
            if (c == '\r' && at < text.length && text.at[at] == '\n') at++;
            PH_TRY(end_row(r));
        } else {
            size_t start = at - 1;
            while (at < text.length && text.at[at] != r->separator && text.at[at] != '\n' && text.at[at] != '\r') at++;
            ph_text_add_str(&r->raw, (struct ph_str){text.at + start, at - start});
        }
    }
    return end_row(r);
}

enum ph_status ph_csv_read(struct ph_workbook *w, struct ph_grid *grid, struct ph_problems *problems, struct ph_error *err)
{
    struct reading r = {.workbook = w, .grid = grid, .problems = problems, .row = 1, .err = err};
    struct ph_str text = w->text;
    r.separator = choose_separator(text);
    if (starts(text, "sep=", 4) && text.length > 5 && (text.at[5] == '\r' || text.at[5] == '\n')) { /* a line for Excel, which hides it */
        r.separator = text.at[4];
        text = ph_str_after(text, text.at[5] == '\r' && text.length > 6 && text.at[6] == '\n' ? 7 : 6);
    }
    ph_text_init(&r.raw, CELL_CAP);
    ph_text_init(&r.decoded, 4 * CELL_CAP);
    enum ph_status status = strncmp(w->encoding.name, "UTF-16", 6) != 0 ? ph_decoder_open(w->encoding.name, &r.decoder, err) : PH_OK;
    if (status == PH_OK) status = read_rows(&r, text);
    ph_decoder_close(r.decoder);
    ph_text_dispose(&r.raw);
    ph_text_dispose(&r.decoded);
    if (status == PH_E_INPUT) ph_at_file(err, w->path);
    return status;
}
