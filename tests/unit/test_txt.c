/* Boundary-point files: what is made of lines, and that what is written reads back. */
#include "io/txt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/txt_decode.h"
#include "test.h"

/* Reads a text; the result as "id:ring,ring;id:…", each ring as its points north/east. */
static void read_text(const char *text, const char *layout, struct ph_txt *txt, struct ph_problems *problems)
{
    struct ph_txt_layout columns;
    struct ph_encoding_choice choice;
    const char *words;
    assert_int_equal(ph_txt_layout_parse(layout, &columns, NULL), PH_OK);
    assert_int_equal(ph_txt_decode(ph_str_of(text), NULL, &columns, "t.txt", txt, &choice, &words, problems, NULL), PH_OK);
}

static void show(const struct ph_txt *txt, struct ph_text *out)
{
    size_t ring = 0, point = 0;
    for (size_t i = 0; i < txt->plot_count; i++) {
        const struct ph_txt_plot *plot = &txt->plots[i];
        ph_text_addf(out, "%s%s:", i ? "; " : "", plot->item_count > PH_TXT_ID ? plot->items[PH_TXT_ID] : "");
        for (; ring < plot->ring_end; ring++) {
            ph_text_add(out, " [");
            for (; point < txt->ring_end[ring]; point++) ph_text_addf(out, "%d/%d ", (int)txt->points[point].y, (int)txt->points[point].x);
            ph_text_add(out, "]");
        }
    }
}

static void lines_to_plots(void **state)
{
    (void)state;
#define HEAD "[地块坐标]\n"
#define P(ring, n, e) "J," #ring "," #n "," #e "\n"
#define A P(1, 1, 1) P(1, 1, 9) P(1, 9, 9)
#define RING_A "[1/1 1/9 9/9 ]"
    static const struct {
        const char *text, *layout, *shown, *codes;
    } rows[] = {
        {HEAD "4,1,a,n,面,,,,@\n" A P(1, 1, 1), NULL, "a: " RING_A, ""},
        {HEAD "3,1,a,n,面,,,,@\n" A, NULL, "a: " RING_A, ""},
        {HEAD "5,1,a,n,面,,,,@\n" A P(1, 1, 1) P(1, 1, 1), NULL, "a: " RING_A, ""},
        {HEAD "3,1,a,n,面,,,,@,,\n" A "3,1,b,n,面,,,,@\n" A, NULL, "a: " RING_A "; b: " RING_A, ""},
        {HEAD "6,1,a,n,面,,,,@\n" A P(2, 2, 2) P(2, 2, 8) P(2, 8, 8), NULL, "a: " RING_A " [2/2 2/8 8/8 ]", ""},
        {HEAD "8,1,a,n,面,,,,@\n" A P(1, 1, 1) P(1, 2, 2) P(1, 2, 8) P(1, 8, 8) P(1, 2, 2), NULL, "a: " RING_A " [2/2 2/8 8/8 ]", "txt.ring_number "},
        {HEAD "7,1,a,n,面,,,,@\n" A P(1, 1, 1) P(1, 2, 2) P(1, 2, 8) P(1, 8, 8), NULL, "a: [1/1 1/9 9/9 1/1 2/2 2/8 8/8 ]", ""}, /* one ring that touches itself */
        {HEAD "6,1,a,n,面,,,,@\n" A P(1, 1, 1) P(1, 1, 1) P(1, 2, 2) P(1, 2, 3), NULL, "a: " RING_A " [1/1 2/2 2/3 ]", "txt.ring_number "},
        {HEAD "7,1,a,n,面,,,,@\n" A P(2, 5, 5) P(1, 4, 4) P(1, 4, 5) P(1, 5, 5), NULL, "a: " RING_A " [4/4 4/5 5/5 ]", "txt.ring "},
        {HEAD "3,1,a,n,面,,,,@\nJ,,1,1\nJ,,1,9\nJ,,9,9\n", NULL, "a: " RING_A, ""},
        {HEAD "3,1,a,n,面,,,,@\nJ,1,1\n" A, NULL, "a:", "txt.line "},
        {HEAD "3,1,a,n,面,,,,@\nJ,1,x,1\n" A "3,1,b,n,面,,,,@\n" A, NULL, "a:; b: " RING_A, "txt.line "},
        {HEAD A, NULL, "", "txt.line txt.line txt.line "},
        {"@\n", NULL, ":", "txt.section txt.head "},
        {"【地块坐标】\n3,1,a@b,n,点,,,,＠\n" A, NULL, "a@b:", "txt.kind "},
        {"a,1,1\na,1,9\na,9,9\nb,1,1\nb,1,9\nb,9,9\n", "id,north,east", "a: " RING_A "; b: " RING_A, ""},
        {"1,1\n1,9\n9,9\n\n1,1\n1,9\n9,9\n", "north,east", ": " RING_A "; : " RING_A, ""},
        {"no,n,e\na,1,1\na,1,9\na,9,9\nb,1,?\nb,1,9\n", "id,north,east", "a: " RING_A "; b:", "txt.unused txt.line "},
        {"a,5,1,1,1\na,5,1,9,1\na,5,9,9,1\na,6,2,2,1\na,6,2,8,1\na,6,8,8,1\n", "id,ring,north,east", "a: " RING_A " [2/2 2/8 8/8 ]", "txt.unused "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ph_txt txt = {0};
        struct ph_problems problems = {0};
        struct ph_text shown, codes;
        ph_text_init(&shown, 4096);
        ph_text_init(&codes, 4096);
        read_text(rows[i].text, rows[i].layout, &txt, &problems);
        show(&txt, &shown);
        for (size_t k = 0; k < problems.count; k++) ph_text_addf(&codes, "%s ", problems.items[k].code);
        if (strcmp(ph_text_get(&shown), rows[i].shown) != 0 || strcmp(ph_text_get(&codes), rows[i].codes) != 0)
            fail_msg("row %zu: %s with %s, not %s with %s", i, ph_text_get(&shown), ph_text_get(&codes), rows[i].shown, rows[i].codes);
        ph_text_dispose(&shown);
        ph_text_dispose(&codes);
        ph_problems_dispose(&problems);
        ph_txt_dispose(&txt);
    }
}

static void written_and_read_back(void **state)
{
    (void)state;
    static const char text[] = "[属性描述]\n坐标系 = 2000国家大地坐标系\n带号=38\n精度=0.001\n[地块坐标]\n"
                               "8,3.4800, DK-01 ,甲,面,,工业用地,0601,附,@\nJ1,1,2975120.1,38360900\nJ2,1,2975120.125,38361140.0005\nJ3,1,2974970,38361140\n"
                               "J4,2,2975060,38361000\nJ5,2,2975060,38361040\nJ6,2,2975030,38361040\n0,0,空,,,,,,@\n";
    static const char exact[] = "[属性描述]\n坐标系=2000国家大地坐标系\n带号=38\n精度=0.001\n[地块坐标]\n"
                                "8,3.4800,DK-01,甲,面,,工业用地,0601,附,@\nJ1,1,2975120.1,38360900\nJ2,1,2975120.125,38361140.0005\nJ3,1,2974970,38361140\n"
                                "J1,1,2975120.1,38360900\nJ4,2,2975060,38361000\nJ5,2,2975060,38361040\nJ6,2,2975030,38361040\nJ4,2,2975060,38361000\n"
                                "0,0,空,,,,,,@\n";
    struct ph_txt first = {0}, second = {0};
    struct ph_problems problems = {0};
    struct ph_text out, again;
    ph_text_init(&out, 1 << 16);
    ph_text_init(&again, 1 << 16);
    read_text(text, NULL, &first, &problems);
    assert_string_equal(ph_txt_value(&first, "坐标系"), "2000国家大地坐标系");
    assert_string_equal(ph_txt_value(&first, "几度分带"), "");
    ph_txt_write(&first, -1, &out);
    assert_string_equal(ph_text_get(&out), exact);
    read_text(exact, NULL, &second, &problems);
    ph_txt_write(&second, -1, &again);
    assert_string_equal(ph_text_get(&again), exact);
    assert_int_equal(problems.count, 0);
    ph_text_clear(&out);
    ph_txt_write(&first, 3, &out);
    assert_non_null(strstr(ph_text_get(&out), "J2,1,2975120.125,38361140.001\n")); /* half away from zero */
    assert_non_null(strstr(ph_text_get(&out), "J3,1,2974970.000,38361140.000\n"));
    ph_text_dispose(&out);
    ph_text_dispose(&again);
    ph_problems_dispose(&problems);
    ph_txt_dispose(&first);
    ph_txt_dispose(&second);
}

static void sizes_no_survey_has(void **state)
{
    (void)state;
    struct ph_txt_layout columns = {.count = 0};
    struct ph_txt txt = {0};
    struct ph_problems problems = {0};
    struct ph_txt_reader *reader = NULL;
    assert_int_equal(ph_txt_reader_new(&txt, &columns, "t.txt", &problems, &reader, NULL), PH_OK);
    char *line = calloc(1, PH_TXT_LINE_CAP + 1);
    memset(line, '=', PH_TXT_LINE_CAP + 1);
    struct ph_error err = PH_ERROR_INIT;
    assert_int_equal(ph_txt_read_line(reader, (struct ph_str){line, PH_TXT_LINE_CAP + 1}, &err), PH_E_INPUT);
    assert_int_equal(err.line, 1);
    free(line);
    struct ph_str items[] = {PH_STR("1")};
    assert_int_equal(ph_txt_add_plot(&txt, 1, items, 1, NULL), PH_OK);
    enum ph_status status = PH_OK;
    size_t points = 0;
    while (status == PH_OK && points <= PH_TXT_POINTS_CAP) points += (status = ph_txt_add_point(&txt, (struct ph_xy){1, 2}, &err)) == PH_OK;
    assert_int_equal(status, PH_E_INPUT);
    assert_int_equal(points, PH_TXT_POINTS_CAP);
    ph_txt_reader_free(reader);
    ph_problems_dispose(&problems);
    ph_txt_dispose(&txt);
}

static void layouts(void **state)
{
    (void)state;
    static const char *const good[] = {"id,x,y", "x,y", "ID, Y ,X", "point,ring,north,east,-,-", "-,east,north,id"};
    static const char *const wrong[] = {"", "id", "x", "x,x,y", "x,north", "north,north", "id,x,y,id", "id,x,y,height", "x,y,ring,ring"};
    struct ph_txt_layout layout;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_int_equal(ph_txt_layout_parse(good[i], &layout, NULL), PH_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_int_equal(ph_txt_layout_parse(wrong[i], &layout, NULL), PH_E_USAGE);
    assert_int_equal(ph_txt_layout_parse(NULL, &layout, NULL), PH_OK);
    assert_int_equal(layout.count, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_to_plots),
        cmocka_unit_test(written_and_read_back),
        cmocka_unit_test(sizes_no_survey_has),
        cmocka_unit_test(layouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
