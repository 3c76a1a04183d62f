#include "scored.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"

/* Names that a table may leave out. */
static const char *const canonical[][2] = {
    {"code", "统一社会信用代码"},
    {"size_class", "规模"},
    {"tax", "税收"},
    {"revenue", "营业收入"},
    {"rd", "研发投入"},
    {"value_added", "增加值"},
    {"energy", "综合能耗"},
    {"emission", "主要污染物排放"},
    {"staff", "从业人数"},
    {"electricity", "用电量"},
    {"water", "用水量"},
    {"cod", "化学需氧量"},
    {"founded", "成立日期"},
    {"exempt", "免评原因"},
    {"veto", "否决事项"},
    {"adjust", "调档"},
    {"adjust_reason", "调档原因"},
    {"bonus", "加分"},
    {"penalty", "扣分"},
    {"land_mu", "用地亩"},
    {"land_m2", "用地面积"},
    {"own_mu", "自有用地亩"},
    {"rented_in_mu", "租入用地亩"},
    {"profit", "利润"},
};

static void fetch(const void *data, size_t row, size_t variable, char scratch[11], struct ph_value *out)
{
    const struct scored_table *t = data;
    (void)scratch;
    *out = t->cells[row][variable];
    if (variable + 1 == t->roster.variable_count) *out = (struct ph_value){.kind = PH_VALUE_TEXT, .text = "2023-12-31"};
}

static size_t column(struct scored_table *t, const char *name)
{
    for (size_t v = 0; v < t->roster.variable_count; v++)
        if (strcmp(t->variables[v].name, name) == 0) return v;
    fail_msg("no column %s", name);
    return 0;
}

void scored_table_start(struct scored_table *t, const char *names, size_t rows)
{
    memset(t, 0, sizeof *t);
    assert_true(rows <= SCORED_ROWS);
    t->roster = (struct ph_roster){.rows = rows, .variables = t->variables, .fetch = fetch, .data = t};
    for (size_t i = 0; i < sizeof canonical / sizeof *canonical; i++)
        t->variables[t->roster.variable_count++] = (struct ph_variable){canonical[i][0], canonical[i][1], false};
    for (const char *at = names; *at;) {
        size_t n = strcspn(at, " \n"), v = t->roster.variable_count;
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)n, at);
        for (v = 0; v < t->roster.variable_count && strcmp(t->variables[v].name, name) != 0; v++) continue;
        if (v == t->roster.variable_count) {
            assert_true(v + 1 < SCORED_COLUMNS);
            memcpy(t->names[v], name, sizeof name);
            t->variables[t->roster.variable_count++] = (struct ph_variable){t->names[v], t->names[v], true};
        }
        t->variables[v].present = true;
        at += n;
        if (*at == '\n') break;
        at += strspn(at, " ");
    }
    t->variables[t->roster.variable_count++] = (struct ph_variable){"as_of", "截止日", true};
}

struct ph_value *scored_cell(struct scored_table *t, size_t row, const char *name)
{
    return &t->cells[row][column(t, name)];
}

void scored_number(struct scored_table *t, size_t row, const char *name, double value)
{
    *scored_cell(t, row, name) = (struct ph_value){.kind = PH_VALUE_REAL, .real = value};
}

void scored_table_read(struct scored_table *t, const char *text)
{
    size_t rows = 0;
    for (const char *at = strchr(text, '\n'); at && at[1]; at = strchr(at + 1, '\n')) rows++;
    scored_table_start(t, text, rows);
    assert_true(strlen(text) < sizeof t->text);
    memcpy(t->text, text, strlen(text) + 1);
    size_t columns[SCORED_COLUMNS], count = 0;
    char *line_at = NULL, *line = strtok_r(t->text, "\n", &line_at), *at = NULL;
    for (char *word = strtok_r(line, " ", &at); word; word = strtok_r(NULL, " ", &at)) columns[count++] = column(t, word);
    for (size_t row = 0; (line = strtok_r(NULL, "\n", &line_at)) != NULL; row++) {
        size_t c = 0;
        for (char *word = strtok_r(line, " ", &at); word; word = strtok_r(NULL, " ", &at)) {
            struct ph_value *cell = &t->cells[row][columns[c++]];
            if (strcmp(word, "-") == 0) continue;
            bool number = ph_number_parse(word, strlen(word), &cell->real, NULL) == PH_PARSE_OK && word[0] != '+';
            cell->kind = number ? PH_VALUE_REAL : PH_VALUE_TEXT;
            if (!number) cell->text = word;
        }
        assert_int_equal(c, count);
    }
}

enum ph_status scored_scheme_try(const char *yaml, struct ph_scheme **out, struct ph_error *err)
{
    char path[] = "/tmp/panhuo-scheme-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fdopen(file, "w");
    assert_non_null(stream);
    fprintf(stream, "name: mine\ntitle: 我的\n%s", yaml);
    fclose(stream);
    enum ph_status status = ph_scheme_load(path, out, err);
    unlink(path);
    return status;
}

struct ph_scheme *scored_scheme(const char *yaml)
{
    struct ph_scheme *scheme = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (scored_scheme_try(yaml, &scheme, &err) != PH_OK) fail_msg("%s %d:%d", err.en, err.line, err.column);
    return scheme;
}

struct ph_scoring *scored_run(const struct ph_scheme *scheme, const struct scored_table *table)
{
    struct ph_scoring *scoring = NULL;
    struct ph_error err = PH_ERROR_INIT;
    if (ph_scoring_run(scheme, &table->roster, 1, &scoring, &err) != PH_OK) fail_msg("%s %d:%d", err.en, err.line, err.column);
    return scoring;
}
