#include "report/case_tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "model/codelist.h"
#include "model/field.h"

#define SHOWN_CAP ((size_t)1 << 12)

static const char *keep(struct ph_explanation *e, const char *text)
{
    if (text == NULL) return NULL;
    const char *kept = ph_arena_text(&e->arena, text, strlen(text));
    e->failed |= kept == NULL;
    return kept;
}

struct ph_case *ph_case_add(struct ph_explanation *e, struct ph_case *parent, enum ph_case_kind kind, const char *key, const char *title)
{
    struct ph_case *added = ph_arena_alloc(&e->arena, sizeof *added);
    if (added == NULL) {
        e->failed = true;
        return &e->root;
    }
    *added = (struct ph_case){.node = {.kind = kind, .key = keep(e, key), .title = keep(e, title)}};
    if (parent->last)
        parent->last->node.next = &added->node;
    else
        parent->node.child = &added->node;
    parent->last = added;
    return added;
}

void ph_case_value(struct ph_explanation *e, struct ph_case *parent, enum ph_case_kind kind, const char *key, const char *title, const char *value,
                   const char *shown)
{
    struct ph_case *added = ph_case_add(e, parent, kind, key, title);
    if (e->failed) return;
    added->node.value = keep(e, value);
    added->node.shown = shown ? keep(e, shown) : added->node.value;
}

/* Six decimals at most, without zeros behind. */
static void print_short(char *text, size_t size, double number)
{
    size_t length = ph_number_print_fixed(text, size, number, 6);
    if (strchr(text, '.') == NULL) return;
    while (length > 0 && text[length - 1] == '0') text[--length] = '\0';
    if (length > 0 && text[length - 1] == '.') text[--length] = '\0';
}

void ph_case_real(struct ph_explanation *e, struct ph_case *parent, const char *key, const char *title, double number)
{
    char value[32], shown[64];
    if (ph_number_print(value, sizeof value, number) == 0) {
        ph_case_value(e, parent, PH_CASE_NUMBER, key, title, NULL, NULL);
        return;
    }
    print_short(shown, sizeof shown, number);
    ph_case_value(e, parent, PH_CASE_NUMBER, key, title, value, shown[0] ? shown : value);
}

void ph_case_cell(struct ph_explanation *e, struct ph_case *parent, const char *key, const char *title, const char *codelist,
                  const struct ph_query *query, int column)
{
    char number[24];
    const char *text = ph_query_text(query, column);
    switch (ph_query_cell(query, column)) {
    case PH_STORED_INT:
        snprintf(number, sizeof number, "%" PRId64, ph_query_int(query, column));
        ph_case_value(e, parent, PH_CASE_NUMBER, key, title, number, NULL);
        break;
    case PH_STORED_REAL: ph_case_real(e, parent, key, title, ph_query_real(query, column)); break;
    default: {
        struct ph_text words;
        ph_text_init(&words, SHOWN_CAP);
        bool known = text && codelist && ph_codelist_words(ph_codelist_find(codelist), text, &words) && !words.failed;
        ph_case_value(e, parent, PH_CASE_TEXT, key, title, text, known ? ph_text_get(&words) : NULL);
        ph_text_dispose(&words);
    }
    }
}

/* Code lists of columns in which several codes may stand, so that the file cannot name them. */
static const char *list_of(const char *column, const char *declared)
{
    if (strcmp(column, "measures") == 0) return "measure";
    if (strcmp(column, "tags") == 0) return "tag";
    return strcmp(column, "delay_cause") == 0 ? column : declared;
}

/* The title of a column, with its unit where the title does not say it. */
static void name_column(const char *table, const char *column, const char *title, char *out, size_t size)
{
    static const struct {
        const char *table;
        const struct ph_fields *fields;
    } known[] = {{"parcels", &ph_parcel_fields}, {"enterprises", &ph_enterprise_fields}, {"ledger", &ph_ledger_fields}};
    const char *unit = "";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (size_t f = 0; strcmp(known[i].table, table) == 0 && f < known[i].fields->count; f++)
            if (strcmp(known[i].fields->items[f].name, column) == 0) unit = ph_unit_kept(known[i].fields->items[f].quantity);
    snprintf(out, size, *unit && title ? "%s(%s)" : "%s", title ? title : column, unit);
}

enum ph_status ph_case_row(struct ph_explanation *e, struct ph_case *parent, const char *table, const char *const *columns, size_t count,
                           const struct ph_query *query, bool all, struct ph_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (columns[i] == NULL || (!all && ph_query_cell(query, (int)i) == PH_STORED_NULL)) continue;
        char title[256];
        bool row = false;
        ph_query_bind_text(e->titles, 1, table);
        ph_query_bind_text(e->titles, 2, columns[i]);
        PH_TRY(ph_query_next(e->titles, &row, err));
        name_column(table, columns[i], row ? ph_query_text(e->titles, 0) : NULL, title, sizeof title);
        ph_case_cell(e, parent, columns[i], title, list_of(columns[i], row ? ph_query_text(e->titles, 1) : NULL), query, (int)i);
    }
    return PH_OK;
}

enum ph_status ph_case_table(struct ph_explanation *e, struct ph_case *parent, const char *name, const char *title, const char *table,
                             const char *const *columns, size_t count, const char *rest, const char *key, struct ph_error *err)
{
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(ph_query_columns(e->audit, table, columns, count, rest, &query, err));
    ph_query_bind_text(query, 1, key);
    enum ph_status status = ph_query_next(query, &row, err);
    struct ph_case *made = status == PH_OK && row ? ph_case_add(e, parent, PH_CASE_TABLE, name, title) : NULL;
    while (status == PH_OK && row) {
        status = ph_case_row(e, ph_case_add(e, made, PH_CASE_OBJECT, NULL, NULL), table, columns, count, query, true, err);
        if (status == PH_OK) status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    return status;
}
