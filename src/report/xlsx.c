#include "report/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "io/whole.h"
#include "report/account.h"
#include "report/lists.h"
#include "report/summary.h"

#define HEADING_CAP ((size_t)1 << 14)

/* What the run says of itself; texts are NULL where it says nothing. */
enum fact { AS_OF, FROM, TO, RULES, SCHEME, EXAMPLE, STATEMENT, FACTS };

static const char *const keys[FACTS] = {[AS_OF] = "as_of",       [FROM] = "period_from",    [TO] = "period_to", [RULES] = "rules_title",
                                        [SCHEME] = "scheme_title", [EXAMPLE] = "scheme_example", [STATEMENT] = "statement_zh"};

static enum ph_status read_facts(struct ph_gpkg_reader *audit, char *facts[FACTS], struct ph_error *err)
{
    struct ph_query *query = NULL;
    enum ph_status status = ph_query_open(audit, "SELECT value FROM run WHERE key = ?1", &query, err);
    for (size_t i = 0; status == PH_OK && i < FACTS; i++) {
        struct ph_text text;
        bool row = false;
        ph_text_init(&text, HEADING_CAP);
        ph_query_bind_text(query, 1, keys[i]);
        status = ph_query_next(query, &row, err);
        if (row && ph_query_text(query, 0)) ph_text_add(&text, ph_query_text(query, 0));
        if (text.length > 0) facts[i] = ph_text_take(&text);
        ph_text_dispose(&text);
    }
    ph_query_close(query);
    return status;
}

/* The line under the title of every sheet. */
static void make_heading(char *const facts[FACTS], struct ph_text *heading)
{
    ph_text_add(heading, "填报单位：　　　　　　　　　　");
    if (facts[AS_OF]) ph_text_addf(heading, "　　截止日：%s", facts[AS_OF]);
    if (facts[TO]) ph_text_addf(heading, "　　统计期：%s至%s", facts[FROM] ? facts[FROM] : "", facts[TO]);
    if (facts[RULES]) ph_text_addf(heading, "　　规则：%s", facts[RULES]);
    if (facts[SCHEME]) ph_text_addf(heading, "　　评价方案：%s", facts[SCHEME]);
    if (facts[EXAMPLE]) ph_text_addf(heading, "（%s）", facts[EXAMPLE]);
}

static enum ph_status write_sheets(struct ph_gpkg_reader *audit, const char *statement, const char *heading, struct ph_book *book,
                                   struct ph_error *err)
{
    struct ph_listed lists[PH_LISTS] = {{0}};
    struct ph_sheet *summary = ph_gpkg_has(audit, "totals", "topic") ? ph_summary_add(book) : NULL;
    for (size_t i = 0; i < PH_LISTS; i++) PH_TRY(ph_list_write(audit, (enum ph_list)i, heading, book, &lists[i], err));
    if (summary) PH_TRY(ph_summary_write(audit, summary, heading, statement, lists, err));
    return ph_account_write(audit, heading, book, err);
}

static enum ph_status write_book(struct ph_gpkg_reader *audit, const char *path, char *const facts[FACTS], const char *heading, struct ph_error *err)
{
    struct ph_book *book = NULL;
    int32_t as_of = 0;
    if (facts[AS_OF] == NULL || ph_date_parse(facts[AS_OF], strlen(facts[AS_OF]), &as_of) != PH_PARSE_OK) as_of = 0;
    PH_TRY(ph_book_open(path, "土地盘活审计", as_of, &book, err));
    enum ph_status status = write_sheets(audit, facts[STATEMENT], heading, book, err);
    if (status == PH_OK)
        status = ph_book_finish(book, err);
    else
        ph_book_discard(book);
    return status == PH_OK ? ph_whole_package(path, err) : status;
}

enum ph_status ph_xlsx_write(struct ph_gpkg_reader *audit, const char *path, struct ph_error *err)
{
    char *facts[FACTS] = {NULL};
    struct ph_text heading;
    ph_text_init(&heading, HEADING_CAP);
    enum ph_status status = read_facts(audit, facts, err);
    make_heading(facts, &heading);
    if (status == PH_OK && heading.failed) status = ph_fail_memory(err);
    if (status == PH_OK) status = write_book(audit, path, facts, ph_text_get(&heading), err);
    ph_text_dispose(&heading);
    for (size_t i = 0; i < FACTS; i++) free(facts[i]);
    return status;
}
