#include "io/txt_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "io/txt_shape.h"
#include "model/china_zone.h"

#define NEAR_M2 0.5      /* half the last of four decimals of a hectare */
#define NEAR_SHARE 0.001 /* an area printed with fewer decimals may differ by half of its last, but not beyond this */
#define NEAR_EDGE 0.0005 /* coordinates are rounded by as much */

static const struct ph_problem_kind
    crs_words = {PH_WARNING, "txt.crs", "用 --crs 指定坐标系", "say which with --crs"},
    twice = {PH_PROBLEM_ERROR, "txt.header", "分成几个文件,或用 --crs 指定坐标系", "split the file, or say which CRS with --crs"},
    points = {PH_WARNING, "txt.points", "核对界址点是否缺漏", "check whether points are missing"},
    area = {PH_WARNING, "txt.area", "核对界址点与面积", "check the points and the area"};

/* The number that a value begins with, 0 for none. */
static int leading_number(const char *value)
{
    int number = 0;
    while (*value >= '0' && *value <= '9' && number < 1000) number = 10 * number + (*value++ - '0');
    return number;
}

static enum ph_datum datum_of(const char *words)
{
    if (strstr(words, "2000") || strstr(words, "CGCS")) return PH_DATUM_CGCS2000;
    if (strstr(words, "新")) return PH_DATUM_OTHER; /* 新北京54 is another one */
    if (strstr(words, "80") || strstr(words, "西安")) return PH_DATUM_XIAN80;
    return strstr(words, "54") || strstr(words, "北京") ? PH_DATUM_BEIJING54 : PH_DATUM_OTHER;
}

/* The zone number that more than half of the eastings carry, 0 for none. */
static int prefix_of(const struct ph_txt *txt)
{
    size_t counts[100] = {0};
    int most = 0;
    for (size_t i = 0; i < txt->point_count; i++) {
        double millions = floor(txt->points[i].x / 1e6);
        if (!(millions >= 1 && millions < 100)) continue;
        int prefix = (int)millions;
        if (++counts[prefix] > counts[most]) most = prefix;
    }
    return 2 * counts[most] > txt->point_count ? most : 0;
}

static bool in_degrees(const struct ph_txt *txt)
{
    for (size_t i = 0; i < txt->point_count; i++)
        if (fabs(txt->points[i].x) > 360 || fabs(txt->points[i].y) > 90) return false;
    return txt->point_count > 0;
}

/* Whether one of the keys that make the CRS has two values: then several files were put into one. */
static const char *contradiction(const struct ph_txt *txt)
{
    static const char *const keys[] = {"坐标系", "几度分带", "带号"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        for (size_t i = 0; i < txt->key_count; i++)
            if (strcmp(txt->keys[i].name, keys[k]) == 0 && strcmp(txt->keys[i].value, ph_txt_value(txt, keys[k])) != 0) return keys[k];
    return NULL;
}

enum ph_status ph_txt_epsg(const struct ph_txt *txt, const char *source, struct ph_problems *problems, int *epsg, struct ph_error *err)
{
    *epsg = 0;
    const char *key = contradiction(txt), *system = ph_txt_value(txt, "坐标系"), *unit = ph_txt_value(txt, "计量单位");
    if (key)
        return ph_problem_add(problems, &twice, source, -1, err, "“%s”有不同的值:一个文件里有几个坐标系", "'%s' has different values: several CRSs in one file", key);
    if (!system[0]) return PH_OK;
    const char *projection = ph_txt_value(txt, "投影类型");
    int prefix = prefix_of(txt), number = leading_number(ph_txt_value(txt, "带号")), width = leading_number(ph_txt_value(txt, "几度分带"));
    bool gauss = !projection[0] || strstr(projection, "高斯") || strstr(projection, "Gauss"), metres = !unit[0] || strstr(unit, "米") || ph_lower(unit[0]) == 'm';
    enum ph_datum datum = datum_of(system);
    if (number == 0) number = prefix;
    if (width == 0) width = ph_china_zone_width(number);
    if (in_degrees(txt))
        *epsg = ph_china_epsg_degrees(datum);
    else if (gauss && metres)
        *epsg = ph_china_epsg(datum, width, number, prefix > 0);
    if (*epsg || (number == 0 && datum != PH_DATUM_OTHER && gauss && metres)) return PH_OK; /* a zone that is stated nowhere is nothing odd */
    return ph_problem_add(problems, &crs_words, source, -1, err, "由 坐标系=%s,几度分带=%s,带号=%s,投影类型=%s,计量单位=%s 定不出坐标系",
                          "坐标系=%s, 几度分带=%s, 带号=%s, 投影类型=%s, 计量单位=%s do not make a CRS", system, ph_txt_value(txt, "几度分带"),
                          ph_txt_value(txt, "带号"), projection, unit);
}

/* The unit in which the figure would be right, for the sentence. */
static const char *fitting_unit(double declared, double m2)
{
    static const struct {
        const char *name;
        double m2;
    } units[] = {{"㎡", 1}, {"亩", 2000.0 / 3}, {"km²", 1e6}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (fabs(declared * units[i].m2 - m2) <= NEAR_SHARE * m2) return units[i].name;
    return NULL;
}

static enum ph_status compare_area(const struct ph_txt_plot *plot, const char *source, struct ph_txt_extent shape, struct ph_problems *problems,
                                   struct ph_error *err)
{
    const char *text = ph_txt_item(plot, PH_TXT_HECTARES), *dot = strchr(text, '.');
    double declared;
    if (ph_number_parse(text, strlen(text), &declared, NULL) != PH_PARSE_OK) {
        if (ph_says_nothing(ph_str_of(text))) return PH_OK;
        return ph_problem_add(problems, &area, source, (int64_t)plot->line, err, "地块“%s”的面积读不出:“%s”", "plot '%s': the area cannot be read: '%s'",
                              ph_txt_item(plot, PH_TXT_ID), text);
    }
    double half = 0.5 * 1e4 / pow(10, dot ? (double)strspn(dot + 1, "0123456789") : 0);
    double near = fmax(NEAR_M2, fmin(half, NEAR_SHARE * shape.area)) + NEAR_EDGE * shape.length;
    if (fabs(declared * 1e4 - shape.area) <= near) return PH_OK;
    char hectares[40];
    ph_number_print_fixed(hectares, sizeof hectares, shape.area / 1e4, 4);
    const char *unit = fitting_unit(declared, shape.area);
    if (unit)
        return ph_problem_add(problems, &area, source, (int64_t)plot->line, err, "地块“%s”声明 %s 公顷,界址点围成 %s 公顷;这个数像是以%s为单位",
                              "plot '%s' declares %s ha, its points enclose %s ha; the figure looks like %s", ph_txt_item(plot, PH_TXT_ID), text, hectares, unit);
    return ph_problem_add(problems, &area, source, (int64_t)plot->line, err, "地块“%s”声明 %s 公顷,界址点围成 %s 公顷",
                          "plot '%s' declares %s ha, its points enclose %s ha", ph_txt_item(plot, PH_TXT_ID), text, hectares);
}

enum ph_status ph_txt_compare(const struct ph_txt *txt, const char *source, const struct ph_shapes *shapes, size_t first,
                              struct ph_problems *problems, struct ph_error *err)
{
    bool degrees = in_degrees(txt);
    for (size_t i = 0; i < txt->plot_count; i++) {
        const struct ph_txt_plot *plot = &txt->plots[i];
        const char *text = ph_txt_item(plot, PH_TXT_COUNT);
        double declared;
        bool fits = ph_number_parse(text, strlen(text), &declared, NULL) == PH_PARSE_OK
                        ? declared == (double)plot->points || declared == (double)(plot->points - plot->repeated)
                        : ph_says_nothing(ph_str_of(text));
        if (!fits && !plot->broken)
            PH_TRY(ph_problem_add(problems, &points, source, (int64_t)plot->line, err, "地块“%s”声明 %s 个界址点,实有 %zu 行(其中 %zu 行是闭合点)",
                                  "plot '%s' declares %s points and has %zu lines (%zu of them close a ring)", ph_txt_item(plot, PH_TXT_ID), text, plot->points,
                                  plot->repeated));
        if (!plot->broken && !degrees) PH_TRY(compare_area(plot, source, ph_txt_extent(shapes, first + i), problems, err));
    }
    return PH_OK;
}
