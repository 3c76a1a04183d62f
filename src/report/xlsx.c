#include "report/xlsx.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"
#include "report/account.h"
#include "report/lists.h"
#include "report/summary.h"

#define HEADING_CAP ((size_t)1 << 14)

/* What the run says of itself; owned. */
struct facts {
    char *as_of, *from, *to, *rules, *statement;
};

static void dispose(struct facts *facts)
{
    free(facts->as_of);
    free(facts->from);
    free(facts->to);
    free(facts->rules);
    free(facts->statement);
}

static enum ph_status read_facts(struct ph_gpkg_reader *audit, struct facts *facts, struct ph_error *err)
{
    static const char *const keys[] = {"as_of", "period_from", "period_to", "rules_title", "statement_zh"};
    char **const values[] = {&facts->as_of, &facts->from, &facts->to, &facts->rules, &facts->statement};
    struct ph_query *query = NULL;
    enum ph_status status = ph_query_open(audit, "SELECT value FROM run WHERE key = ?1", &query, err);
    for (size_t i = 0; status == PH_OK && i < sizeof keys / sizeof *keys; i++) {
        struct ph_text text;
        bool row = false;
        ph_text_init(&text, HEADING_CAP);
        ph_query_bind_text(query, 1, keys[i]);
        status = ph_query_next(query, &row, err);
        if (row && ph_query_text(query, 0)) ph_text_add(&text, ph_query_text(query, 0));
        if (text.length > 0) *values[i] = ph_text_take(&text);
        ph_text_dispose(&text);
    }
    ph_query_close(query);
    return status;
}

static enum ph_status write_sheets(struct ph_gpkg_reader *audit, const struct facts *facts, const char *heading, struct ph_book *book,
                                   struct ph_error *err)
{
    struct ph_listed lists[PH_LISTS] = {{0}};
    struct ph_sheet *summary = ph_gpkg_has(audit, "totals", "topic") ? ph_summary_add(book) : NULL;
    for (size_t i = 0; i < PH_LISTS; i++) PH_TRY(ph_list_write(audit, (enum ph_list)i, heading, book, &lists[i], err));
    if (summary) PH_TRY(ph_summary_write(audit, summary, heading, facts->statement, lists, err));
    return ph_account_write(audit, heading, book, err);
}

enum ph_status ph_xlsx_write(struct ph_gpkg_reader *audit, const char *path, struct ph_error *err)
{
    struct facts facts = {0};
    struct ph_text heading;
    struct ph_book *book = NULL;
    int32_t as_of = 0;
    ph_text_init(&heading, HEADING_CAP);
    enum ph_status status = read_facts(audit, &facts, err);
    ph_text_add(&heading, "填报单位：　　　　　　　　　　");
    if (facts.as_of) ph_text_addf(&heading, "　　截止日：%s", facts.as_of);
    if (facts.to) ph_text_addf(&heading, "　　统计期：%s至%s", facts.from ? facts.from : "", facts.to);
    if (facts.rules) ph_text_addf(&heading, "　　规则：%s", facts.rules);
    if (facts.as_of == NULL || ph_date_parse(facts.as_of, ph_str_of(facts.as_of).length, &as_of) != PH_PARSE_OK) as_of = 0;
    if (status == PH_OK && heading.failed) status = ph_fail_memory(err);
    if (status == PH_OK) status = ph_book_open(path, "土地盘活审计", as_of, &book, err);
    if (status == PH_OK) {
        status = write_sheets(audit, &facts, ph_text_get(&heading), book, err);
        if (status == PH_OK)
            status = ph_book_finish(book, err);
        else
            ph_book_discard(book);
    }
    ph_text_dispose(&heading);
    dispose(&facts);
    return status;
}
