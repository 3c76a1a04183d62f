#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/index.h"
#include "base/number.h"
#include "io/style.h"
#include "report/account.h"
#include "report/html_data.h"

#define COLUMN_CAP ((size_t)1 << 31) /* bytes of one column */
#define COLUMNS_MOST 2000 /* of a table, in SQLite */
#define EXACT_INTEGER ((int64_t)1 << 53) /* beyond it JavaScript has no whole numbers */

/* Numbers stand as they are; a text stands once, and `rows` tells which one each row has. */
struct column {
    const char *name, *title, *codelist;
    bool is_text, any; /* any: something is known in some row */
    bool in_order;     /* row i has text i */
    struct ph_text values, rows;
    struct ph_index seen;
};

/* A table while it is read: a column's texts are known when its last row is. */
struct reading {
    struct ph_arena arena;
    struct column *columns;
    size_t count, rows;
};

static void put_text(FILE *out, const char *text)
{
    struct ph_text json;
    ph_text_init(&json, COLUMN_CAP);
    ph_text_add_json(&json, ph_str_of(text));
    ph_html_put_json(out, (struct ph_str){json.at, json.length});
    ph_text_dispose(&json);
}

static enum ph_status keep_text(struct reading *r, const char *text, const char **kept, struct ph_error *err)
{
    *kept = text ? ph_arena_text(&r->arena, text, strlen(text)) : NULL;
    return text && *kept == NULL ? ph_fail_memory(err) : PH_OK;
}

static enum ph_status read_columns(struct reading *r, struct ph_gpkg_reader *audit, const char *table, struct ph_error *err)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(audit,
                         "SELECT p.name, p.type, d.title, d.constraint_name FROM pragma_table_info(?1) AS p LEFT JOIN gpkg_data_columns AS d"
                         " ON d.table_name = ?1 AND d.column_name = p.name WHERE p.name <> 'geom' ORDER BY p.cid",
                         &query, err));
    ph_query_bind_text(query, 1, table);
    bool row = false;
    enum ph_status status = ph_query_next(query, &row, err);
    while (status == PH_OK && row && r->count < COLUMNS_MOST) {
        struct column *c = &r->columns[r->count++];
        const char *type = ph_query_text(query, 1);
        c->is_text = type && (strncmp(type, "TEXT", 4) == 0 || strncmp(type, "DATE", 4) == 0);
        c->in_order = true;
        ph_text_init(&c->values, COLUMN_CAP);
        ph_text_init(&c->rows, COLUMN_CAP);
        status = keep_text(r, ph_query_text(query, 0), &c->name, err);
        if (status == PH_OK) status = keep_text(r, ph_query_text(query, 2), &c->title, err);
        if (status == PH_OK) status = keep_text(r, ph_query_text(query, 3), &c->codelist, err);
        if (status == PH_OK) status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    return status;
}

static enum ph_status add_text(struct reading *r, struct column *c, const char *text, struct ph_error *err)
{
    long long which = -1;
    if (text != NULL) {
        const uint64_t *known = ph_index_get(&c->seen, text);
        if (known == NULL) {
            const char *key = NULL;
            uint64_t *place = NULL;
            int added = 0;
            PH_TRY(keep_text(r, text, &key, err));
            PH_TRY(ph_index_put(&c->seen, key, &place, &added, err));
            *place = c->seen.count - 1;
            known = place;
            if (*place > 0) ph_text_add(&c->values, ",");
            ph_text_add_json(&c->values, ph_str_of(text));
        }
        which = (long long)*known;
    }
    c->in_order &= which == (long long)r->rows;
    ph_text_addf(&c->rows, "%s%lld", r->rows ? "," : "", which);
    return PH_OK;
}

static void add_value(const struct reading *r, struct column *c, const struct ph_query *query, int place)
{
    char number[32] = "";
    int64_t whole = INT64_MIN;
    if (r->rows > 0) ph_text_add(&c->values, ",");
    switch (ph_query_cell(query, place)) {
    case PH_STORED_INT:
        whole = ph_query_int(query, place);
        ph_text_addf(&c->values, whole > EXACT_INTEGER || whole < -EXACT_INTEGER ? "\"%lld\"" : "%lld", (long long)whole);
        break;
    case PH_STORED_REAL:
        ph_number_print(number, sizeof number, ph_query_real(query, place));
        ph_text_add(&c->values, number[0] ? number : "null");
        break;
    case PH_STORED_TEXT: ph_text_add_json(&c->values, ph_str_of(ph_query_text(query, place))); break;
    default: ph_text_add(&c->values, "null");
    }
}

static enum ph_status read_rows(struct reading *r, struct ph_gpkg_reader *audit, const char *table, struct ph_error *err)
{
    const char *names[COLUMNS_MOST];
    for (size_t i = 0; i < r->count; i++) names[i] = r->columns[i].name;
    struct ph_query *query = NULL;
    PH_TRY(ph_query_columns(audit, table, names, r->count, "ORDER BY fid", &query, err));
    bool row = false;
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; r->rows++) {
        for (size_t i = 0; status == PH_OK && i < r->count; i++) {
            struct column *c = &r->columns[i];
            c->any |= ph_query_cell(query, (int)i) != PH_STORED_NULL;
            if (c->is_text)
                status = add_text(r, c, ph_query_text(query, (int)i), err);
            else
                add_value(r, c, query, (int)i);
        }
        if (status == PH_OK) status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    for (size_t i = 0; status == PH_OK && i < r->count; i++)
        if (r->columns[i].values.failed || r->columns[i].rows.failed) status = ph_fail_memory(err);
    return status;
}

static void put_column(FILE *out, const struct column *c)
{
    fputs("{\"name\":", out);
    put_text(out, c->name);
    fputs(",\"title\":", out);
    put_text(out, c->title ? c->title : "");
    if (c->codelist) {
        fputs(",\"codes\":", out);
        put_text(out, c->codelist);
    }
    if (c->any) {
        fputs(c->is_text ? ",\"texts\":[" : ",\"values\":[", out);
        ph_html_put_json(out, (struct ph_str){c->values.at, c->values.length});
        fputs("]", out);
    }
    if (c->any && c->is_text && !c->in_order) fprintf(out, ",\"rows\":[%s]", ph_text_get(&c->rows));
    fputs("}", out);
}

static void reading_dispose(struct reading *r)
{
    for (size_t i = 0; i < r->count; i++) {
        ph_text_dispose(&r->columns[i].values);
        ph_text_dispose(&r->columns[i].rows);
        ph_index_dispose(&r->columns[i].seen);
    }
    free(r->columns);
    ph_arena_dispose(&r->arena);
}

static enum ph_status put_table(FILE *out, struct ph_gpkg_reader *audit, const char *table, struct ph_error *err)
{
    struct reading r = {.columns = calloc(COLUMNS_MOST, sizeof *r.columns)};
    enum ph_status status = r.columns ? read_columns(&r, audit, table, err) : ph_fail_memory(err);
    if (status == PH_OK) status = read_rows(&r, audit, table, err);
    if (status == PH_OK) {
        fputs("\n{\"name\":", out);
        put_text(out, table);
        fprintf(out, ",\"rows\":%zu,\"columns\":[", r.rows);
        for (size_t i = 0; i < r.count; i++) {
            if (i > 0) fputs(",\n", out);
            put_column(out, &r.columns[i]);
        }
        fputs("]}", out);
    }
    reading_dispose(&r);
    return status;
}

/* The code lists as the file has them: an older or newer audit brings its own words. */
static enum ph_status put_codes(FILE *out, struct ph_gpkg_reader *audit, struct ph_error *err)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(audit,
                         "SELECT constraint_name, value, description, constraint_name IS lag(constraint_name) OVER (ORDER BY rowid)"
                         " FROM gpkg_data_column_constraints WHERE constraint_type = 'enum' ORDER BY rowid",
                         &query, err));
    bool row = false, first = true;
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; first = false) {
        if (ph_query_int(query, 3) == 0) {
            fputs(first ? "\n{\"name\":" : "]},\n{\"name\":", out);
            put_text(out, ph_query_text(query, 0));
            fputs(",\"codes\":[[", out);
        } else {
            fputs(",[", out);
        }
        put_text(out, ph_query_text(query, 1));
        fputs(",", out);
        put_text(out, ph_query_text(query, 2));
        fputs("]", out);
        status = ph_query_next(query, &row, err);
    }
    if (!first) fputs("]}", out);
    ph_query_close(query);
    return status;
}

static void put_legend(FILE *out, const char *name, const struct ph_style_class *classes, size_t count)
{
    fprintf(out, "\n{\"name\":\"%s\",\"classes\":[", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s{\"value\":\"%s\",\"fill\":\"%s\",\"line\":\"%s\",\"pattern\":%s%s%s}", i ? "," : "", classes[i].value,
                classes[i].fill, classes[i].line, classes[i].pattern ? "\"" : "", classes[i].pattern ? classes[i].pattern : "null",
                classes[i].pattern ? "\"" : "");
    fputs("]}", out);
}

/* What the keys of `run` are called, row by row. */
static enum ph_status put_run_names(FILE *out, struct ph_gpkg_reader *audit, struct ph_error *err)
{
    struct ph_query *query = NULL;
    PH_TRY(ph_query_open(audit, "SELECT key FROM run ORDER BY fid", &query, err));
    bool row = false, first = true;
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; first = false) {
        const char *key = ph_query_text(query, 0);
        struct ph_text name;
        ph_text_init(&name, COLUMN_CAP);
        ph_account_name(key ? key : "", &name);
        if (!first) fputs(",", out);
        put_text(out, ph_text_get(&name));
        ph_text_dispose(&name);
        status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    return status;
}

enum ph_status ph_html_put_tables(FILE *out, struct ph_gpkg_reader *audit, struct ph_error *err)
{
    static const char *const tables[] = {"run",        "totals", "parcels",  "findings", "enterprises", "enterprise_parcels",
                                         "score_terms", "ledger", "topology", "problems", "rules", "rule_names"};
    fputs("\"tables\":[", out);
    bool first = true;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!ph_gpkg_has(audit, tables[i], "fid")) continue;
        if (!first) fputs(",", out);
        PH_TRY(put_table(out, audit, tables[i], err));
        first = false;
    }
    fputs("],\n\"codes\":[", out);
    PH_TRY(put_codes(out, audit, err));
    fputs("],\n\"legend\":[", out);
    put_legend(out, "tag", ph_style_tags, PH_STYLE_TAGS);
    fputs(",", out);
    put_legend(out, "grade", ph_style_grades, PH_STYLE_GRADES);
    fputs("],\n\"run_names\":[", out);
    PH_TRY(put_run_names(out, audit, err));
    fputs("]", out);
    return PH_OK;
}
