#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scored.h"

#define GROUP "groups:\n  - id: all\n    title: 全部\n    when: \"1\"\n    indicators:\n"

static void close_to(double got, double wanted, const char *what)
{
    if (!(fabs(got - wanted) <= 1e-9)) fail_msg("%s: %.12g, not %.12g", what, got, wanted);
}

/* ---- classes ---- */

#define SHARES                                                                                                                     \
    "classes:\n  by: share\n  list:\n    - {id: A, upto: 0.20, response: 优先发展}\n    - {id: B, upto: 0.75}\n    - {id: C, " \
    "upto: 0.95}\n    - {id: D}\n"
#define PLAIN GROUP "      - {id: x, title: 甲, value: tax, weight: 1, base: 1}\n"

static void grades_of(const double *scores, size_t n, const char *yaml, char *grades)
{
    static struct scored_table table;
    struct ph_scheme *scheme = scored_scheme(yaml);
    scored_table_start(&table, "tax land_mu", n);
    for (size_t row = 0; row < n; row++) {
        scored_number(&table, row, "tax", scores[row]);
        scored_number(&table, row, "land_mu", 1);
    }
    struct ph_scoring *s = scored_run(scheme, &table);
    for (size_t row = 0; row < n; row++) grades[row] = ph_scoring_row(s, row)->grade;
    grades[n] = '\0';
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* k = n × share, rounded half up: for 20, 75 and 95 % of 1: 0, 1, 1; of 2: 0, 2, 2; of 3: 1, 2, 3; of 20: 4, 15, 19; of 101: 20,
 * 76, 96. */
static void classes_by_share(void **state)
{
    (void)state;
    static const struct {
        size_t n, counts[4];
    } rows[] = {{1, {0, 1, 0, 0}}, {2, {0, 2, 0, 0}}, {3, {1, 1, 1, 0}}, {20, {4, 11, 4, 1}}, {101, {20, 56, 20, 5}}};
    double scores[128];
    char grades[129];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = rows[i].n, counts[4] = {0};
        for (size_t row = 0; row < n; row++) scores[row] = 500 - (double)((row * 37) % n);
        grades_of(scores, n, SHARES PLAIN, grades);
        for (size_t row = 0; row < n; row++) counts[grades[row] - 'A']++;
        for (size_t c = 0; c < 4; c++)
            if (counts[c] != rows[i].counts[c]) fail_msg("n %zu class %c: %zu", n, (char)('A' + c), counts[c]);
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                if (scores[a] > scores[b]) assert_true(grades[a] <= grades[b]);
    }
}

/* Ties share the better class: a row is in iff fewer than k are strictly better. */
static void ties_share_the_better_class(void **state)
{
    (void)state;
    static const struct {
        double scores[20];
        size_t n;
        const char *grades;
    } rows[] = {
        {{9, 9, 9}, 3, "AAA"},
        {{9, 9, 5}, 3, "AAC"}, /* k 1, 2, 3: the third has two above it */
        {{9, 5, 5}, 3, "ABB"},
        {{9, 9}, 2, "BB"}, /* no seat in A: 0.4 is 0 */
        /* k 4, 15, 19: places 4 to 6 tie (three above: A); places 15 to 20 tie (14 above: B) */
        {{20, 19, 18, 17, 17, 17, 14, 13, 12, 11, 10, 9, 8, 7, 6, 6, 6, 6, 6, 6}, 20, "AAAAAABBBBBBBBBBBBBB"},
        /* the last two tie at place 19: 18 above, k 19: C, and nobody is D */
        {{20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 2}, 20, "AAAABBBBBBBBBBBCCCCC"},
    };
    char grades[129];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        grades_of(rows[i].scores, rows[i].n, SHARES PLAIN, grades);
        if (strcmp(grades, rows[i].grades) != 0) fail_msg("%zu: %s", i, grades);
    }
    /* 0.3 ÷ 0.1 is not 3 in doubles; it is a tie all the same. */
    static struct scored_table table;
    scored_table_read(&table, "tax land_mu\n0.3 0.1\n3 1\n1 1\n");
    struct ph_scheme *scheme =
        scored_scheme(SHARES GROUP "      - {id: tax, title: 亩均税收, value: \"tax / land_mu\", weight: 40, base: 1}\n");
    struct ph_scoring *s = scored_run(scheme, &table);
    assert_true(ph_scoring_row(s, 0)->rank == 1 && ph_scoring_row(s, 1)->rank == 1 && ph_scoring_row(s, 2)->rank == 3);
    assert_int_equal(ph_scoring_row(s, 1)->grade, 'A');
    assert_string_equal(ph_scoring_row(s, 1)->response, "优先发展");
    close_to(ph_scoring_group(s, 0)->classes[0].cut, 120, "the score of the last one in A");
    assert_true(isnan(ph_scoring_group(s, 0)->classes[1].cut) && ph_scoring_group(s, 0)->classes[0].quota == 1);
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

static void classes_by_score_and_by_value(void **state)
{
    (void)state;
    char grades[129];
    grades_of((double[]){90, 89.99, 60, 59}, 4,
              "classes:\n  by: score\n  list: [{id: A, from: 90}, {id: B, from: 60}, {id: C}]\n" PLAIN, grades);
    assert_string_equal(grades, "ABBC");
    grades_of((double[]){90, 30, 29}, 3,
              "classes:\n  by: value\n  of: \"tax / land_mu\"\n  list: [{id: A, from: 30}, {id: B}]\n" PLAIN, grades);
    assert_string_equal(grades, "AAB");
    grades_of((double[]){90, 30, 29}, 3, "classes:\n  by: value\n  of: x\n  list: [{id: A, from: 30}, {id: B}]\n" PLAIN, grades);
    assert_string_equal(grades, "AAB");
}

/* ---- what happens to a class ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

#define CLAUSES                                                                                                       \
    "exempt:\n  - {title: 豁免, title_en: Exempt, when: \"exempt IS NOT NULL\", reason: \"{exempt}\"}\n"            \
    "adjust:\n  - {title: 调档, title_en: Adjusted, to: adjust, reason: \"{coalesce(adjust_reason, '未写')}\"}\n" \
    "new:\n  - {title: 新办, title_en: New, when: \"add_years(founded, 3) > as_of\", at_worst: C}\n"                \
    "veto:\n  - {title: 否决, title_en: Vetoed, when: \"veto IS NOT NULL\", at_best: C, reason: \"{veto}\"}\n"      \
    "  - {title: 重大事故, title_en: Accident, when: \"veto = '事故'\", at_best: D}\n"

/* Classes by score: 90 A, 60 B, 30 C, else D. */
static void clauses_move_classes(void **state)
{
    (void)state;
    static const struct {
        const char *cells, *reason, *reason_en; /* tax veto adjust adjust_reason founded exempt */
        char before, grade;
    } rows[] = {
        {"95 - - - 2010-01-01 -", NULL, NULL, 'A', 'A'},
        {"95 欠薪 - - 2010-01-01 -", "否决：欠薪；由A档调为C档", "Vetoed; A becomes C", 'A', 'C'},
        {"65 欠薪 - - 2010-01-01 -", "否决：欠薪；由B档调为C档", "Vetoed; B becomes C", 'B', 'C'},
        {"35 欠薪 - - 2010-01-01 -", "否决：欠薪；仍为C档", "Vetoed; stays C", 'C', 'C'},
        {"35 - - - 2022-01-01 -", NULL, NULL, 'C', 'C'}, /* youth made no difference: nothing to say */
        {"95 事故 - - 2010-01-01 -", "否决：事故；重大事故；由A档调为D档", "Vetoed; Accident; A becomes D", 'A', 'D'},
        {"65 - +1 高新 2010-01-01 -", "调档：高新；由B档调为A档", "Adjusted; B becomes A", 'B', 'A'},
        {"65 - -1 - 2010-01-01 -", "调档：未写；由B档调为C档", "Adjusted; B becomes C", 'B', 'C'},
        {"95 - +1 高新 2010-01-01 -", "调档：高新；仍为A档", "Adjusted; stays A", 'A', 'A'},
        {"65 - D 关停 2010-01-01 -", "调档：关停；由B档调为D档", "Adjusted; B becomes D", 'B', 'D'},
        {"65 - ＋２ 高新 2010-01-01 -", "调档：高新；由B档调为A档", "Adjusted; B becomes A", 'B', 'A'},
        {"65 - 升级 高新 2010-01-01 -", "调档：高新；仍为B档（调档的写法看不懂,未调）",
         "Adjusted; stays B (an adjustment that cannot be read was left out)", 'B', 'B'},
        {"65 欠薪 +1 高新 2010-01-01 -", "调档：高新；否决：欠薪；由B档调为C档", "Adjusted; Vetoed; B becomes C", 'B',
         'C'}, /* the veto is last */
        {"5 - - - 2022-01-01 -", "新办；由D档调为C档", "New; D becomes C", 'D', 'C'},
        {"5 事故 - - 2022-01-01 -", "否决：事故；重大事故；仍为D档", "Vetoed; Accident; stays D", 'D',
         'D'}, /* vetoed all the same */
        {"35 - -1 - 2022-01-01 -", "调档：未写；新办；仍为C档", "Adjusted; New; stays C", 'C', 'C'},
        {"95 - - - 2010-01-01 供水", "豁免：供水", "Exempt", '\0', 'T'},
        {"5 - - - - -", "缺成立日期,按现有数据为D档,待补数据后评价",
         "成立日期 is missing; D on the data at hand, to be evaluated when it is there", 'D', 'T'},
    };
    struct ph_scheme *scheme = scored_scheme(
        "classes:\n  by: score\n  list: [{id: A, from: 90}, {id: B, from: 60}, {id: C, from: 30}, {id: D}]\n" CLAUSES PLAIN);
    static struct scored_table table;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        snprintf(text, sizeof text, "tax veto adjust adjust_reason founded exempt land_mu\n%s 1\n", rows[i].cells);
        scored_table_read(&table, text);
        struct ph_scoring *s = scored_run(scheme, &table);
        const struct ph_score *score = ph_scoring_row(s, 0);
        if (score->grade != rows[i].grade || score->grade_before != rows[i].before)
            fail_msg("%s: %c, before %c", rows[i].cells, score->grade, score->grade_before);
        if ((score->reason == NULL) != (rows[i].reason == NULL) || (score->reason && strcmp(score->reason, rows[i].reason) != 0))
            fail_msg("%s: %s", rows[i].cells, score->reason ? score->reason : "nothing");
        if (score->reason_en && strcmp(score->reason_en, rows[i].reason_en) != 0)
            fail_msg("%s: %s", rows[i].cells, score->reason_en);
        ph_scoring_free(s);
    }
    /* Without the column for it, nobody can be newly founded, and nobody waits for the date. */
    scored_table_read(&table, "tax land_mu\n5 1\n");
    struct ph_scoring *s = scored_run(scheme, &table);
    assert_int_equal(ph_scoring_row(s, 0)->grade, 'D');
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* An enterprise in the last class with a missing cell waits for its data; one that was vetoed, or put there, does not. */
static void no_last_class_for_want_of_a_cell(void **state)
{
    (void)state;
    struct ph_scheme *scheme = scored_scheme(
        "classes:\n  by: score\n  list: [{id: A, from: 30}, {id: D}]\n"
        "adjust:\n  - {title: 调档, to: adjust}\nveto:\n  - {title: 否决, when: \"veto IS NOT NULL\", at_best: D}\n" GROUP
        "      - {id: x, title: 甲, value: tax, weight: 1, base: 1, missing: zero}\n"
        "      - {id: y, title: 乙, value: \"rd / revenue\", weight: 10, base: 1, missing: penalty 3, zero: zero}\n");
    static struct scored_table table;
    scored_table_read(
        &table, "tax rd revenue veto adjust land_mu\n50 - 1 - - 1\n20 - 1 - - 1\n20 - - - - 1\n20 - 1 事故 - 1\n50 - 1 - D 1\n"
                "50 - 1 - -1 1\n20 0 1 - - 1\n20 0.1 1 - - 1\n");
    static const struct {
        char grade, before;
        const char *reason;
    } rows[] = {{'A', 'A', NULL},
                {'T', 'D', "缺研发投入,按现有数据为D档,待补数据后评价"},
                {'T', 'D', "缺营业收入、研发投入,按现有数据为D档,待补数据后评价"},
                {'D', 'D', "否决；仍为D档"},
                {'D', 'A', "调档；由A档调为D档"},
                {'T', 'A', "缺研发投入,按现有数据为D档,待补数据后评价"}, /* one class down from a class that is not sure */
                {'T', 'D', "缺乙(为零),按现有数据为D档,待补数据后评价"},
                {'D', 'D', NULL}};
    struct ph_scoring *s = scored_run(scheme, &table);
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        const struct ph_score *score = ph_scoring_row(s, row);
        if (score->grade != rows[row].grade || score->grade_before != rows[row].before)
            fail_msg("row %zu: %c", row, score->grade);
        if (!same_text(score->reason, rows[row].reason)) fail_msg("row %zu: %s", row, score->reason ? score->reason : "nothing");
    }
    assert_int_equal(ph_scoring_group(s, 0)->ranked, 8);
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* Who is exempt or not evaluated is taken out before shares are taken. */
static void shares_are_of_the_ranked(void **state)
{
    (void)state;
    struct ph_scheme *scheme =
        scored_scheme("exempt:\n  - {title: 豁免, when: \"exempt IS NOT NULL\", treat_as: B}\n" SHARES PLAIN);
    static struct scored_table table;
    scored_table_read(&table, "tax exempt land_mu\n900 供水 1\n5 - 1\n4 - 1\n3 - 1\n- - 1\n800 供电 1\n");
    struct ph_scoring *s = scored_run(scheme, &table);
    assert_int_equal(ph_scoring_group(s, 0)->ranked, 3);
    static const char grades[] = "TABCTT";
    for (size_t row = 0; row < 6; row++) assert_int_equal(ph_scoring_row(s, row)->grade, grades[row]);
    assert_int_equal(ph_scoring_row(s, 0)->status, PH_SCORE_EXEMPT);
    close_to(ph_scoring_row(s, 0)->score, 900, "evaluated, without a class"); /* since it is treated as B */
    assert_int_equal(ph_scoring_row(s, 0)->rank, 0);
    assert_int_equal(ph_scoring_row(s, 1)->rank, 1);
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

static void bonus_and_penalty(void **state)
{
    (void)state;
    struct ph_scheme *scheme =
        scored_scheme("bonus:\n  - {title: 加, points: bonus, at_most: 5}\n  - {title: 扣, points: \"-penalty\"}\n" SHARES PLAIN);
    static struct scored_table table;
    scored_table_read(&table, "tax bonus penalty land_mu\n50 3 - 1\n50 8 - 1\n50 - 4 1\n50 - - 1\n1 - 4 1\n");
    static const double scores[] = {53, 55, 46, 50, -3}, bonus[] = {3, 5, -4, 0, -4};
    struct ph_scoring *s = scored_run(scheme, &table);
    for (size_t row = 0; row < 5; row++) {
        close_to(ph_scoring_row(s, row)->score, scores[row], "score");
        close_to(ph_scoring_row(s, row)->bonus, bonus[row], "bonus");
    }
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

/* ---- properties ---- */

static void fill(struct scored_table *t, size_t rows)
{
    uint64_t seed = 99;
    static const char *const columns[] = {"tax", "revenue", "rd", "energy", "emission", "land_mu", "bonus"};
    scored_table_start(t, "code tax revenue rd energy emission land_mu bonus veto founded", rows);
    for (size_t row = 0; row < rows; row++) {
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            if (seed >> 60 != 0) scored_number(t, row, columns[c], (double)(seed >> 40 & 0xFFFF) / 64);
        }
        scored_number(t, row, "code", (double)row);
        if (seed >> 33 & 1) *scored_cell(t, row, "founded") = (struct ph_value){.kind = PH_VALUE_TEXT, .text = "2022-03-01"};
        if ((seed >> 34 & 15) == 0) *scored_cell(t, row, "veto") = (struct ph_value){.kind = PH_VALUE_TEXT, .text = "事故"};
    }
}

static void no_result_depends_on_order_or_threads(void **state)
{
    (void)state;
    enum { N = SCORED_ROWS };
    static struct scored_table straight, turned;
    fill(&straight, N);
    fill(&turned, N);
    for (size_t row = 0; row < N; row++)
        memcpy(turned.cells[(row * 101 + 7) % N], straight.cells[row], sizeof straight.cells[row]);
    struct ph_scheme *scheme = NULL;
    assert_int_equal(ph_scheme_load("hengyang-demo", &scheme, NULL), PH_OK);
    struct ph_scoring *a = scored_run(scheme, &straight), *b = NULL;
    assert_int_equal(ph_scoring_run(scheme, &turned.roster, 4, &b, NULL), PH_OK);
    for (size_t i = 0; i < scheme->groups[0].indicator_count; i++)
        assert_true(ph_scoring_base(a, 0, i)->base == ph_scoring_base(b, 0, i)->base);
    for (size_t row = 0; row < N; row++) {
        size_t other = (row * 101 + 7) % N;
        const struct ph_score *x = ph_scoring_row(a, row), *y = ph_scoring_row(b, other);
        assert_true(x->score == y->score || (isnan(x->score) && isnan(y->score)));
        assert_true(x->rank == y->rank && x->grade == y->grade && x->grade_before == y->grade_before && x->status == y->status);
        assert_true(same_text(x->reason, y->reason) && same_text(x->response, y->response));
        for (size_t i = 0; i < ph_scoring_term_count(a, row); i++) {
            struct ph_score_term p, q;
            ph_scoring_term(a, row, i, &p);
            ph_scoring_term(b, other, i, &q);
            assert_true(p.points == q.points);
        }
    }
    ph_scoring_free(a);
    ph_scoring_free(b);
    ph_scheme_free(scheme);
}

/* More tax or less land never costs a place; more energy never gains one. */
static void more_is_never_worse(void **state)
{
    (void)state;
    static const struct {
        const char *column;
        double factor;
        bool better;
    } rows[] = {
        {"tax", 1.5, true}, {"revenue", 2, true}, {"land_mu", 0.7, true}, {"energy", 1.5, false}, {"land_mu", 1.3, false}};
    static struct scored_table table;
    fill(&table, 60);
    struct ph_scheme *scheme = NULL;
    assert_int_equal(ph_scheme_load("hengyang-demo", &scheme, NULL), PH_OK);
    struct ph_scoring *s = scored_run(scheme, &table);
    size_t compared = 0;
    for (size_t row = 0; row < 60; row++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct ph_value *cell = scored_cell(&table, row, rows[i].column), was = *cell;
            if (cell->kind == PH_VALUE_UNKNOWN || ph_scoring_row(s, row)->rank == 0) continue;
            cell->real *= rows[i].factor;
            struct ph_scoring *after = scored_run(scheme, &table);
            uint32_t rank = ph_scoring_row(s, row)->rank, then = ph_scoring_row(after, row)->rank;
            if (rows[i].better ? then > rank : then < rank)
                fail_msg("row %zu, %s: %u becomes %u", row, rows[i].column, rank, then);
            compared++;
            ph_scoring_free(after);
            *cell = was;
        }
    assert_true(compared > 150);
    ph_scoring_free(s);
    ph_scheme_free(scheme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_by_share),
        cmocka_unit_test(ties_share_the_better_class),
        cmocka_unit_test(classes_by_score_and_by_value),
        cmocka_unit_test(clauses_move_classes),
        cmocka_unit_test(no_last_class_for_want_of_a_cell),
        cmocka_unit_test(shares_are_of_the_ranked),
        cmocka_unit_test(bonus_and_penalty),
        cmocka_unit_test(no_result_depends_on_order_or_threads),
        cmocka_unit_test(more_is_never_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
