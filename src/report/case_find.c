#include "report/case_find.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define NEAR 5
#define CODE_CAP 64
#define WORDS_CAP ((size_t)512)

/* Every code and name: what it stands for, its text, and the code it leads to. Tables that are absent are left out. */
static const struct {
    const char *table, *column, *sql;
} parts[] = {
    {"parcels", "parcel_id", "SELECT 1 AS what, parcel_id AS word, parcel_id AS code FROM parcels WHERE parcel_id IS NOT NULL"},
    {"enterprises", "code", "SELECT 2, code, code FROM enterprises WHERE code IS NOT NULL"},
    {"parcels", "holder_code", "SELECT 2, holder_code, holder_code FROM parcels WHERE holder_code IS NOT NULL"},
    {"enterprises", "name", "SELECT 2, name, code FROM enterprises WHERE name IS NOT NULL AND code IS NOT NULL"},
    {"parcels", "holder_name", "SELECT 2, holder_name, holder_code FROM parcels WHERE holder_name IS NOT NULL AND holder_code IS NOT NULL"},
};

/* From the surest way to understand what was asked to the loosest. */
static const char *const ways[] = {
    "word = ?1",
    "substr(word, 1, length(?1)) = ?1",
    "instr(word, ?1) > 0",
};

static enum ph_status open_words(struct ph_gpkg_reader *audit, const char *select, const char *rest, struct ph_query **query, struct ph_error *err)
{
    struct ph_text sql;
    bool any = false;
    ph_text_init(&sql, 4096);
    ph_text_addf(&sql, "SELECT %s FROM (", select);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!ph_gpkg_has(audit, parts[i].table, parts[i].column)) continue;
        ph_text_addf(&sql, "%s%s", any ? " UNION ALL " : "", parts[i].sql);
        any = true;
    }
    if (!any) ph_text_add(&sql, "SELECT 0 AS what, NULL AS word, NULL AS code WHERE 0");
    ph_text_addf(&sql, ") %s", rest);
    *query = NULL;
    enum ph_status status = sql.failed ? ph_fail_memory(err) : ph_query_open(audit, ph_text_get(&sql), query, err);
    ph_text_dispose(&sql);
    return status;
}

/* ---- near words ---- */

struct near {
    char word[CODE_CAP];
    size_t distance;
};

/* Single-character edits from one code to another. */
static size_t distance(const char *a, const char *b)
{
    size_t row[CODE_CAP], m = strlen(b);
    if (m >= CODE_CAP) return SIZE_MAX;
    for (size_t j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t before = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= m; j++) {
            size_t best = before + (a[i] != b[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            before = row[j];
            row[j] = best;
        }
    }
    return row[m];
}

static enum ph_status name_near(struct ph_gpkg_reader *audit, const char *asked, struct ph_text *words, struct ph_error *err)
{
    struct near near[NEAR + 1];
    size_t count = 0, most = strlen(asked) / 3;
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(open_words(audit, "DISTINCT word", "ORDER BY word", &query, err));
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; status = ph_query_next(query, &row, err)) {
        const char *word = ph_query_text(query, 0);
        size_t away = strlen(word) < CODE_CAP ? distance(asked, word) : SIZE_MAX, at = count;
        if (away > most) continue;
        for (; at > 0 && near[at - 1].distance > away; at--) near[at] = near[at - 1];
        snprintf(near[at].word, sizeof near[at].word, "%s", word);
        near[at].distance = away;
        if (count < NEAR) count++;
    }
    ph_query_close(query);
    for (size_t i = 0; i < count; i++) ph_text_addf(words, "%s%s", i ? ", " : "", near[i].word);
    return status;
}

/* ---- finding ---- */

/* Looks one way; *count tells how many things fit, and `words` names the first of them when there are several. */
static enum ph_status look(struct ph_gpkg_reader *audit, const char *way, const char *asked, struct ph_arena *arena, struct ph_case_found *found,
                           size_t *count, struct ph_text *words, struct ph_error *err)
{
    char rest[128];
    snprintf(rest, sizeof rest, "WHERE %s GROUP BY what, code ORDER BY what, code", way);
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(open_words(audit, "what, code, CASE WHEN min(word) = ?1 THEN code ELSE min(word) END", rest, &query, err));
    ph_query_bind_text(query, 1, asked);
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; status = ph_query_next(query, &row, err)) {
        const char *code = ph_query_text(query, 1);
        if (*count == 0) *found = (struct ph_case_found){(enum ph_found)ph_query_int(query, 0), ph_arena_text(arena, code, strlen(code))};
        if (*count == 0 && found->code == NULL) status = ph_fail_memory(err);
        if (*count < NEAR) ph_text_addf(words, "%s%s", *count ? ", " : "", ph_query_text(query, 2));
        ++*count;
        if (status != PH_OK) break;
    }
    ph_query_close(query);
    return status;
}

/* written: as it was; asked: as codes are written. */
static enum ph_status search(struct ph_gpkg_reader *audit, const char *written, const char *asked, struct ph_arena *arena,
                             struct ph_case_found *found, struct ph_text *words, struct ph_error *err)
{
    for (size_t i = 0; i < 2 * (sizeof ways / sizeof *ways); i++) {
        size_t count = 0;
        ph_text_clear(words);
        PH_TRY(look(audit, ways[i / 2], i % 2 ? asked : written, arena, found, &count, words, err));
        if (count == 1) return PH_OK;
        if (count > 1)
            return ph_fail(err, PH_E_INPUT, "“%s”对得上 %zu 个,请写全:%s%s", "'%s' fits %zu; write more of it: %s%s", asked, count, ph_text_get(words),
                           count > NEAR ? " …" : "");
    }
    ph_text_clear(words);
    PH_TRY(name_near(audit, asked, words, err));
    if (words->length > 0)
        return ph_fail(err, PH_E_INPUT, "没有“%s”;相近的有:%s", "there is no '%s'; near it: %s", asked, ph_text_get(words));
    return ph_fail(err, PH_E_INPUT, "没有“%s”:请给宗地代码、统一社会信用代码或企业名称", "there is no '%s': give a parcel code, a credit code or a name", asked);
}

enum ph_status ph_case_find(struct ph_gpkg_reader *audit, const char *asked, struct ph_arena *arena, struct ph_case_found *found,
                            struct ph_error *err)
{
    char written[CODE_CAP * 4], code[sizeof written];
    struct ph_str trimmed = ph_str_trim(ph_str_of(asked));
    if (trimmed.length == 0 || trimmed.length >= sizeof written || !ph_str_half_width(trimmed, code, sizeof code))
        return ph_fail(err, PH_E_USAGE, "代码为空或太长", "the code is empty or too long");
    snprintf(written, sizeof written, "%.*s", (int)trimmed.length, trimmed.at);
    if (code[0] == '#') {
        *found = (struct ph_case_found){PH_FOUND_FID, ph_arena_text(arena, code + 1, strlen(code + 1))};
        return found->code ? PH_OK : ph_fail_memory(err);
    }
    struct ph_text words;
    ph_text_init(&words, WORDS_CAP);
    for (char *at = code; *at; at++) *at = ph_upper(*at);
    enum ph_status status = search(audit, written, code, arena, found, &words, err);
    ph_text_dispose(&words);
    return status;
}
