#include "report/where.h"

#include <stdio.h>
#include <string.h>

static enum ph_status wrong(const char *condition, const char *why_zh, const char *why_en, struct ph_error *err)
{
    ph_fail(err, PH_E_USAGE, "--where 只接受一个条件表达式:%s;“%.300s”", "%s%s", why_zh, condition);
    if (err) snprintf(err->en, sizeof err->en, "--where takes one condition: %s; '%.300s'", why_en, condition);
    return PH_E_USAGE;
}

static bool name_byte(char c)
{
    return c == '_' || (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of a text between quotes, doubled ones within; 0 when it does not end. */
static size_t quoted(const char *at, char end)
{
    for (size_t n = 1; at[n]; n++) {
        if (at[n] != end) continue;
        if (at[n + 1] != end || end == ']') return n + 1;
        n++;
    }
    return 0;
}

/* The column that a word means by its title, NULL for none. */
static const struct ph_column *titled(const struct ph_table *columns, struct ph_str word)
{
    for (size_t c = 0; c < columns->column_count; c++) {
        const char *title = columns->columns[c].title;
        if (title && ph_str_equal(word, (struct ph_str){title, strcspn(title, "(")})) return &columns->columns[c];
    }
    return NULL;
}

static bool refused(struct ph_str word)
{
    static const char *const words[] = {"select", "with", "values", "random", "randomblob", "load_extension"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ph_str_same(word, ph_str_of(words[i]))) return true;
    return false;
}

enum ph_status ph_where_add(const char *condition, const struct ph_table *columns, struct ph_text *sql, struct ph_error *err)
{
    if (condition == NULL) return PH_OK;
    ph_text_add(sql, " WHERE (");
    int depth = 0;
    for (const char *at = condition; *at;) {
        size_t taken = 1;
        const struct ph_column *column = NULL;
        if (strchr("'\"`[", *at)) {
            taken = quoted(at, *at == '[' ? ']' : *at);
            if (taken == 0) return wrong(condition, "引号没有配对", "a quotation mark is not closed", err);
            if (*at == '"') column = titled(columns, (struct ph_str){at + 1, taken - 2});
        } else if (name_byte(*at)) {
            while (name_byte(at[taken])) taken++;
            struct ph_str word = {at, taken};
            if (refused(word)) return wrong(condition, "不能有子查询和随机数", "no sub-select, nothing random", err);
            column = titled(columns, word);
        } else if (*at == ';' || strncmp(at, "--", 2) == 0 || strncmp(at, "/*", 2) == 0) {
            return wrong(condition, "不能有分号和注释", "no semicolon, no comment", err);
        }
        depth += (*at == '(') - (*at == ')');
        if (depth < 0) break;
        if (column)
            ph_text_addf(sql, "\"%s\"", column->name); /* columns with a title are ours: plain names */
        else
            ph_text_add_str(sql, (struct ph_str){at, taken});
        at += taken;
    }
    if (depth != 0) return wrong(condition, "括号没有配对", "the parentheses do not match", err);
    ph_text_add(sql, ")");
    return sql->failed ? ph_fail_memory(err) : PH_OK;
}
