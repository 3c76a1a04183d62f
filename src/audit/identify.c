#include "audit/identify.h"

#include <string.h>

#include "model/codes.h"

static const struct ph_problem_kind blank = {PH_PROBLEM_ERROR, "id.blank", "补上宗地代码", "add the parcel code"};
static const struct ph_problem_kind no_codes = {
    PH_PROBLEM_ERROR, "id.blank", "用 --map parcel_id=源字段 指定,否则台账无法对应", "say which with --map parcel_id=SOURCE; else no event can be joined"};
static const struct ph_problem_kind duplicate = {
    PH_PROBLEM_ERROR, "id.duplicate", "核对是否重复登记;台账按先出现的一宗计", "check for double registration; the ledger counts on the first"};
static const struct ph_problem_kind parcel_shape = {
    PH_WARNING, "id.parcel_shape", "宗地代码应为 19 位:12 位数字、2 位特征码、5 位数字", "19 characters: 12 digits, 2 letters, 5 digits"};
static const struct ph_problem_kind unit_shape = {
    PH_WARNING, "id.unit_shape", "不动产单元号应为 28 位,前 19 位为宗地代码", "28 characters, the first 19 being the parcel code"};
static const struct ph_problem_kind credit_code = {
    PH_WARNING, "id.credit_code", "核对营业执照上的统一社会信用代码", "check the code on the business licence"};
static const struct ph_problem_kind credit_repaired = {
    PH_NOTE, "id.credit_repaired", "请改正源数据", "correct the source"};

/* Normalises one; *ok receives 1, 0, or -1 for none. */
static enum ph_status check_credit_code(struct ph_fielded *table, size_t field, size_t row, const char *source, int8_t *ok,
                                        struct ph_problems *problems, struct ph_error *err)
{
    const char **text = &table->layer.table.columns[table->column_of[field]].text[row];
    *ok = -1;
    if (*text == NULL) return PH_OK;
    struct ph_credit_code code = ph_credit_code_check(*text, strlen(*text));
    int64_t fid = table->layer.fids[row];
    if (code.result == PH_CODE_EMPTY) {
        *text = NULL;
        return PH_OK;
    }
    *ok = code.result == PH_CODE_OK || code.result == PH_CODE_REPAIRED;
    if (code.result == PH_CODE_BAD_SHAPE)
        PH_TRY(ph_problem_add(problems, &credit_code, source, fid, err, "信用代码不合规:“%s”应为 18 位",
                              "credit code '%s' is not of 18 valid characters", *text));
    else if (code.result == PH_CODE_BAD_CHECK)
        PH_TRY(ph_problem_add(problems, &credit_code, source, fid, err, "信用代码校验不符:“%s”,按前 17 位末位应为 %c",
                              "credit code '%s' fails its check; the first 17 give %c", *text, code.expected));
    if (!*ok || strcmp(code.code, *text) == 0) return PH_OK;
    PH_TRY(ph_problem_add(problems, &credit_repaired, source, fid, err, "信用代码“%s”按“%s”处理", "credit code '%s' is taken as '%s'", *text,
                          code.code));
    *text = ph_table_text(&table->layer.table, code.code, strlen(code.code));
    return *text ? PH_OK : ph_fail_memory(err);
}

enum ph_status ph_identify_credit_codes(struct ph_fielded *table, size_t field, const char *source, struct ph_problems *problems,
                                        struct ph_error *err)
{
    int8_t ok;
    for (size_t row = 0; table->column_of[field] != SIZE_MAX && row < table->layer.table.rows; row++)
        PH_TRY(check_credit_code(table, field, row, source, &ok, problems, err));
    return PH_OK;
}

static enum ph_status check_parcel_code(struct ph_parcels *p, size_t row, struct ph_index *by_code, struct ph_problems *problems,
                                        struct ph_error *err)
{
    const char *source = ph_parcel_path(p, row), *text = ph_parcel_text(p, PH_PARCEL_ID, row);
    int64_t fid = p->t.layer.fids[row];
    if (text == NULL) {
        p->checks[row].parcel_id = 0;
        return ph_problem_add(problems, &blank, source, fid, err, "宗地代码为空", "the parcel code is blank");
    }
    char code[20];
    enum ph_shape shape = ph_parcel_code_check(text, strlen(text), code);
    p->checks[row].parcel_id = shape == PH_SHAPE_OK ? 1 : shape == PH_SHAPE_BAD ? 0 : -1;
    if (shape == PH_SHAPE_BAD || shape == PH_SHAPE_OTHER)
        PH_TRY(ph_problem_add(problems, &parcel_shape, source, fid, err, "宗地代码“%s”不是 19 位标准宗地代码",
                              "'%s' is no standard 19-character parcel code", text));
    uint64_t *first;
    int added;
    PH_TRY(ph_index_put(by_code, text, &first, &added, err));
    if (added) {
        *first = row;
        return PH_OK;
    }
    p->checks[row].duplicate = p->checks[*first].duplicate = 1;
    const char *before = ph_parcel_path(p, *first);
    bool elsewhere = before != source;
    return ph_problem_add(problems, &duplicate, source, fid, err, "宗地代码“%s”重复,先见于%s%s第 %lld 号要素",
                          "parcel code '%s' is doubled, first in %s%sfeature %lld", text, elsewhere ? ph_parcel_part(p, *first)->label : "",
                          elsewhere ? " " : "", (long long)p->t.layer.fids[*first]);
}

static enum ph_status check_unit_number(struct ph_parcels *p, size_t row, struct ph_problems *problems, struct ph_error *err)
{
    const char *text = ph_parcel_text(p, PH_UNIT_ID, row), *parcel = ph_parcel_text(p, PH_PARCEL_ID, row);
    p->checks[row].unit_id = -1;
    if (text == NULL) return PH_OK;
    char code[29], parcel_code[20] = "";
    if (parcel) (void)ph_parcel_code_check(parcel, strlen(parcel), parcel_code);
    enum ph_shape shape = ph_unit_number_check(text, strlen(text), parcel_code, code);
    if (shape == PH_SHAPE_EMPTY) return PH_OK;
    p->checks[row].unit_id = shape == PH_SHAPE_OK;
    if (shape == PH_SHAPE_OK) return PH_OK;
    return ph_problem_add(problems, &unit_shape, ph_parcel_path(p, row), p->t.layer.fids[row], err, "不动产单元号不合规:“%s”",
                          "unit number '%s' is not as it should be", text);
}

enum ph_status ph_identify(struct ph_parcels *p, struct ph_index *by_code, struct ph_problems *problems, struct ph_error *err)
{
    for (size_t i = 0; i < p->part_count; i++)
        if (!p->parts[i].coded)
            PH_TRY(ph_problem_add(problems, &no_codes, ph_source_facts(p->parts[i].source)->path, -1, err, "没有宗地代码一列",
                                  "there is no column of parcel codes"));
    PH_TRY(ph_index_reserve(by_code, ph_parcel_count(p), err));
    for (size_t row = 0; row < ph_parcel_count(p); row++) {
        p->checks[row].holder_code = p->checks[row].parcel_id = -1;
        if (ph_parcel_part(p, row)->coded) PH_TRY(check_parcel_code(p, row, by_code, problems, err));
        PH_TRY(check_unit_number(p, row, problems, err));
    }
    for (size_t row = 0; p->t.column_of[PH_HOLDER_CODE] != SIZE_MAX && row < ph_parcel_count(p); row++)
        PH_TRY(check_credit_code(&p->t, PH_HOLDER_CODE, row, ph_parcel_path(p, row), &p->checks[row].holder_code, problems, err));
    return PH_OK;
}
