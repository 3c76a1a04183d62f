#include "report/html.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "io/target.h"
#include "report/html_data.h"
#include "report/page.h"

#define STATEMENT_CAP ((size_t)1 << 20)

struct page {
    FILE *file;
    struct ph_gpkg_reader *audit;
};

void ph_html_put_json(FILE *out, struct ph_str json)
{
    size_t from = 0;
    for (size_t i = 0; i < json.length; i++) {
        const unsigned char *at = (const unsigned char *)json.at + i;
        bool line = *at == 0xE2 && i + 2 < json.length && at[1] == 0x80 && (at[2] == 0xA8 || at[2] == 0xA9);
        if (!line && *at != '<' && *at != '>' && *at != '&') continue;
        fwrite(json.at + from, 1, i - from, out);
        fprintf(out, "\\u%04x", line ? 0x2000u + at[2] - 0x80 : *at);
        i += line ? 2 : 0;
        from = i + 1;
    }
    if (json.length > from) fwrite(json.at + from, 1, json.length - from, out);
}

static void put(FILE *out, struct ph_str text)
{
    fwrite(text.at, 1, text.length, out);
}

/* 'sha256-…' as a content security policy names a script or a style: base64 of the digest. */
static enum ph_status put_hash(FILE *out, struct ph_str text, struct ph_error *err)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char hex[65];
    PH_TRY(ph_digest_bytes(text.at, text.length, hex, err));
    fputs("'sha256-", out);
    for (size_t i = 0; i < 63; i += 6) { /* three bytes, four digits */
        char six[7] = {hex[i], hex[i + 1], hex[i + 2], hex[i + 3], i < 60 ? hex[i + 4] : '0', i < 60 ? hex[i + 5] : '0', '\0'};
        unsigned long bits = strtoul(six, NULL, 16);
        fprintf(out, "%c%c%c%c", digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63], i < 60 ? digits[bits & 63] : '=');
    }
    fputs("'", out);
    return PH_OK;
}

static enum ph_status put_script_hash(const struct page *page, struct ph_error *err)
{
    return put_hash(page->file, ph_page_script, err);
}

static enum ph_status put_style_hash(const struct page *page, struct ph_error *err)
{
    return put_hash(page->file, ph_page_style, err);
}

static enum ph_status put_script(const struct page *page, struct ph_error *err)
{
    (void)err;
    put(page->file, ph_page_script);
    return PH_OK;
}

static enum ph_status put_style(const struct page *page, struct ph_error *err)
{
    (void)err;
    put(page->file, ph_page_style);
    return PH_OK;
}

/* Stands in the markup itself, for a viewer that runs no script. */
static enum ph_status put_statement(const struct page *page, struct ph_error *err)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(page->audit, "SELECT value FROM run WHERE key = 'statement_zh'", &query, err));
    bool row = false;
    enum ph_status status = ph_query_next(query, &row, err);
    struct ph_text text;
    ph_text_init(&text, STATEMENT_CAP);
    if (status == PH_OK && row) ph_text_add_xml(&text, ph_str_of(ph_query_text(query, 0)));
    fputs(ph_text_get(&text), page->file);
    ph_text_dispose(&text);
    ph_query_close(query);
    return status;
}

static enum ph_status put_data(const struct page *page, struct ph_error *err)
{
    fputs("{", page->file);
    PH_TRY(ph_html_put_tables(page->file, page->audit, err));
    fputs(",\n", page->file);
    PH_TRY(ph_html_put_map(page->file, page->audit, err));
    fputs("}", page->file);
    return PH_OK;
}

static const struct slot {
    struct ph_str name;
    enum ph_status (*put)(const struct page *page, struct ph_error *err);
} slots[] = {
    {{"@SCRIPT_HASH@", 13}, put_script_hash}, {{"@STYLE_HASH@", 12}, put_style_hash}, {{"@STYLE@", 7}, put_style},
    {{"@STATEMENT@", 11}, put_statement},     {{"@DATA@", 6}, put_data},              {{"@SCRIPT@", 8}, put_script},
};

static const struct slot *slot_at(struct ph_str text)
{
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (text.length >= slots[i].name.length && memcmp(text.at, slots[i].name.at, slots[i].name.length) == 0) return &slots[i];
    return NULL;
}

static enum ph_status put_page(const struct page *page, struct ph_error *err)
{
    struct ph_str rest = ph_page_markup;
    for (size_t i = 0; i < rest.length;) {
        const struct slot *slot = rest.at[i] == '@' ? slot_at(ph_str_after(rest, i)) : NULL;
        if (slot == NULL) {
            i++;
            continue;
        }
        put(page->file, (struct ph_str){rest.at, i});
        PH_TRY(slot->put(page, err));
        rest = ph_str_after(rest, i + slot->name.length);
        i = 0;
    }
    put(page->file, rest);
    return PH_OK;
}

enum ph_status ph_html_write(struct ph_gpkg_reader *audit, const char *path, struct ph_error *err)
{
    struct page page = {fopen(path, "wb"), audit};
    if (page.file == NULL) return ph_target_failed(path, strerror(errno), err);
    enum ph_status status = put_page(&page, err);
    errno = 0;
    bool failed = fflush(page.file) != 0 || ferror(page.file);
    int reason = errno;
    failed |= fclose(page.file) != 0;
    if (status != PH_OK || !failed) return status;
    return reason == ENOSPC || reason == EDQUOT || reason == 0 ? ph_target_no_space(path, err) : ph_target_failed(path, strerror(reason), err);
}
