#include "cli/width.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static void cells_of_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int cells;
    } cases[] = {
        {"", 0},           {"abc", 3},      {"地块", 4},     {"167.00亩", 8}, {"（㎡）", 6},  {"é", 1},        {"e\u0301", 1},
        {"\U00020BB7", 2}, {"\xB5\xD8", 2}, {"\xE5\x9C", 2}, {"\xFF", 1},     {"\uFEFFa", 1}, {"\xF0\x9F", 2}, {"ＡＢ", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_int_equal(ph_width_text(cases[i].text), cases[i].cells);
}

static void lines_break_where_they_may(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int width;
        const char *lines; /* the cursor starts at 2, further lines are indented by 2 */
    } cases[] = {
        {"one two three", 9, "one two\n  three"},
        {"one two three", 80, "one two three"},
        {"一二三四五", 8, "一二三\n  四五"},
        {"一二三，四", 8, "一二\n  三，四"},         /* no comma begins a line */
        {"一二《三》四", 8, "一二\n  《三》\n  四"}, /* an opening mark stays with what it opens */
        {"读 GeoPackage 文件", 12, "读\n  GeoPackage\n  文件"},
        {"unbreakable一", 8, "unbreakable\n  一"}, /* longer than the line */
        {"a\nb", 80, "a\n  b"},
        {"a   b", 80, "a   b"},
        {"", 80, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        ph_width_wrap(out, cases[i].text, 2, 2, cases[i].width);
        fclose(out);
        assert_string_equal(text, cases[i].lines);
        free(text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(cells_of_text), cmocka_unit_test(lines_break_where_they_may)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
