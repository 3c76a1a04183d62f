#include "rules/quantity.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static bool letter(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of the quoted text at `at`, quotes included. */
static size_t quoted_length(struct ph_str at)
{
    size_t n = 1;
    while (n < at.length && at.at[n] != '\'') n++;
    return n < at.length ? n + 1 : n;
}

/* Length of what is in parentheses at `at`, parentheses included. */
static size_t bracket_length(struct ph_str at)
{
    size_t depth = 0;
    for (size_t i = 0; i < at.length; i++) {
        if (at.at[i] == '\'')
            i += quoted_length(ph_str_after(at, i)) - 1;
        else if (at.at[i] == '(')
            depth++;
        else if (at.at[i] == ')' && --depth == 0)
            return i + 1;
    }
    return at.length;
}

struct ph_str ph_sql_bare(struct ph_str sql)
{
    sql = ph_str_trim(sql);
    while (sql.length > 1 && sql.at[0] == '(' && bracket_length(sql) == sql.length)
        sql = ph_str_trim((struct ph_str){sql.at + 1, sql.length - 2});
    return sql;
}

bool ph_sql_quotient(struct ph_str sql, struct ph_str *numerator, struct ph_str *denominator)
{
    sql = ph_sql_bare(sql);
    size_t division = 0;
    bool operand = true; /* one is due: a sign here is not an operator */
    for (size_t i = 0; i < sql.length; i++) {
        char c = sql.at[i];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
        bool due = operand;
        operand = false;
        if (c == '\'') {
            i += quoted_length(ph_str_after(sql, i)) - 1;
        } else if (c == '(') {
            i += bracket_length(ph_str_after(sql, i)) - 1;
        } else if (letter(c)) {
            while (i + 1 < sql.length && (letter(sql.at[i + 1]) || digit(sql.at[i + 1]))) i++;
            if (i + 1 == sql.length || sql.at[i + 1] != '(') return false; /* AND, CASE, LIKE …: looser than a division */
        } else if (digit(c) || c == '.') {
            while (i + 1 < sql.length && (letter(sql.at[i + 1]) || digit(sql.at[i + 1]) || sql.at[i + 1] == '.')) i++;
        } else if (c == '?') {
            while (i + 1 < sql.length && digit(sql.at[i + 1])) i++;
        } else if (c == '/' || c == '*') {
            if (c == '*' && division) return false; /* a / b * c */
            if (c == '/') division = i;
            operand = true;
        } else if ((c == '-' || c == '+') && due) {
            operand = true;
        } else {
            return false;
        }
    }
    if (division == 0) return false;
    *numerator = ph_sql_bare((struct ph_str){sql.at, division});
    *denominator = ph_sql_bare(ph_str_after(sql, division + 1));
    return true;
}

bool ph_sql_column_of(struct ph_str sql, size_t *variable, double *factor)
{
    bool column = false, number = false, operand = true;
    *factor = 1;
    double sign = 1;
    for (sql = ph_sql_bare(sql); sql.length > 0; sql = ph_str_trim(sql)) {
        size_t n = 1;
        if (operand && *sql.at == '-') {
            sign = -sign;
            sql = ph_str_after(sql, 1);
            continue;
        }
        if (!operand && *sql.at == '*') {
            operand = true;
            sql = ph_str_after(sql, 1);
            continue;
        }
        if (!operand) return false;
        if (*sql.at == '?' && !column) {
            while (n < sql.length && digit(sql.at[n])) n++;
            *variable = strtoul(sql.at + 1, NULL, 10) - 1;
            column = true;
        } else if (!number) {
            if (*sql.at == '(') n = bracket_length(sql);
            while (*sql.at != '(' && n < sql.length && (digit(sql.at[n]) || sql.at[n] == '.')) n++;
            struct ph_str text = ph_sql_bare((struct ph_str){sql.at, n});
            if (ph_number_parse(text.at, text.length, factor, NULL) != PH_PARSE_OK) return false;
            number = true;
        } else {
            return false;
        }
        operand = false;
        sql = ph_str_after(sql, n);
    }
    *factor *= sign;
    return column && !operand;
}

bool ph_sql_parameter(struct ph_str *rest, size_t *variable)
{
    while (rest->length > 0) {
        size_t n = *rest->at == '\'' ? quoted_length(*rest) : 1;
        bool found = *rest->at == '?';
        if (found) *variable = strtoul(rest->at + 1, NULL, 10) - 1;
        *rest = ph_str_after(*rest, n);
        if (found) return true;
    }
    return false;
}

void ph_sql_mark(struct ph_str sql, bool *marks)
{
    for (size_t variable; ph_sql_parameter(&sql, &variable);) marks[variable] = true;
}
