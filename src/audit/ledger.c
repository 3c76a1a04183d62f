#include "audit/ledger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/identify.h"
#include "audit/intake.h"
#include "base/date.h"
#include "base/number.h"
#include "base/progress.h"
#include "model/codelist.h"

#define AREA_SLACK_DM2 100 /* an event's area may exceed the parcel's by 1 m² or 0.1 %: rounding of mu */
#define AREA_SLACK_SHARE 1000

static const struct ph_problem_kind kinds[] = {
    {PH_PROBLEM_ERROR, "ledger.unknown_parcel", "核对宗地代码", "check the parcel code"},
    {PH_PROBLEM_ERROR, "ledger.unknown_kind", "措施应为:供地、二级市场交易、二次投资、提升计划、盘活厂房、置换、招商并购、收储、征缴闲置费、延期、动工、竣工",
     "kinds: supply, trade, reinvest, plan, factory, swap, merge, reclaim, fee, extend, start, complete"},
    {PH_PROBLEM_ERROR, "ledger.date_missing", "补上日期", "add the date"},
    {PH_WARNING, "ledger.outside_period", "不计入本期合计", "not counted in this period"},
    {PH_PROBLEM_ERROR, "ledger.duplicate_event", "核对事件编号", "check the event number"},
    {PH_WARNING, "ledger.area_too_large", "按宗地面积计;核对面积与单位", "counted as the parcel's area; check the area and its unit"},
    {PH_WARNING, "ledger.ambiguous_parcel", "宗地代码重复,按先出现的一宗计", "the parcel code is doubled; counted on the first"},
};
enum { UNKNOWN_PARCEL, UNKNOWN_KIND, NO_DATE, OUTSIDE, DOUBLED, TOO_LARGE, AMBIGUOUS };

struct reading {
    const struct ph_audit_request *request;
    const struct ph_parcels *parcels;
    const struct ph_index *by_code;
    struct ph_ledger *ledger;
    struct ph_index seen; /* event and parcel */
    struct ph_problems *problems;
    struct ph_error *err;
};

static const char *text_of(const struct ph_ledger *l, enum ph_ledger_field field, size_t row)
{
    const struct ph_column *column = ph_field_column(&l->t, field);
    return column ? column->text[row] : NULL;
}

/* A row in problems, and the same sentence in the event's message. */
static enum ph_status note(struct reading *r, size_t row, int kind, const char *zh, const char *en)
{
    struct ph_event *event = &r->ledger->events[row];
    if (event->message == NULL) {
        event->message = ph_arena_text(&r->ledger->texts, zh, strlen(zh));
        if (event->message == NULL) return ph_fail_memory(r->err);
    }
    return ph_problem_add_text(r->problems, &kinds[kind], ph_source_facts(r->ledger->source)->path, r->ledger->t.layer.fids[row], zh, en, r->err);
}

static enum ph_status say(struct reading *r, size_t row, int kind, const char *what_zh, const char *what_en, const char *found)
{
    struct ph_text zh, en;
    ph_text_init(&zh, 2000);
    ph_text_init(&en, 2000);
    ph_text_addf(&zh, "%s%s%s%s", what_zh, found ? ":“" : "", found ? found : "", found ? "”" : "");
    ph_text_addf(&en, "%s%s%s%s", what_en, found ? ": '" : "", found ? found : "", found ? "'" : "");
    enum ph_status status = note(r, row, kind, ph_text_get(&zh), ph_text_get(&en));
    ph_text_dispose(&zh);
    ph_text_dispose(&en);
    return status;
}

static size_t kind_of(const char *text)
{
    /* What people write besides the list's own words. */
    static const char *const others[][2] = {{"交易", "trade"},     {"转让", "trade"},     {"腾笼换鸟", "trade"},   {"并购", "merge"},
                                            {"再投资", "reinvest"}, {"厂房", "factory"},   {"标准厂房", "factory"}, {"收储", "reclaim"},
                                            {"收回", "reclaim"},   {"闲置费", "fee"},     {"供应", "supply"},      {"开工", "start"},
                                            {"延期开工", "extend"}, {"延期动工", "extend"}, {"收回收储", "reclaim"}, {"出让", "supply"}};
    const struct ph_codelist *list = ph_codelist_find("ledger_kind");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i][0], text) == 0) text = others[i][1];
    for (size_t k = 0; k < list->count; k++)
        if (ph_text_compare_nocase(list->codes[k].value, text) == 0 || strcmp(list->codes[k].zh, text) == 0) return k;
    return SIZE_MAX;
}

static enum ph_status find_parcel(struct reading *r, size_t row)
{
    struct ph_event *event = &r->ledger->events[row];
    const char *code = text_of(r->ledger, PH_LED_PARCEL_ID, row);
    const uint64_t *found = code ? ph_index_get(r->by_code, code) : NULL;
    event->parcel = found ? (size_t)*found : SIZE_MAX;
    if (found == NULL) {
        event->counted = false;
        return say(r, row, UNKNOWN_PARCEL, code ? "没有这宗地" : "没有宗地代码", code ? "there is no such parcel" : "no parcel code", code);
    }
    if (r->parcels->checks[event->parcel].duplicate)
        return say(r, row, AMBIGUOUS, "宗地代码重复,按先出现的一宗计", "the parcel code is doubled; counted on the first", code);
    return PH_OK;
}

static enum ph_status find_kind(struct reading *r, size_t row)
{
    const char *text = text_of(r->ledger, PH_LED_KIND, row);
    struct ph_event *event = &r->ledger->events[row];
    event->kind = text ? kind_of(text) : SIZE_MAX;
    if (event->kind != SIZE_MAX) { /* the code replaces the word; what is not understood stays as written */
        struct ph_fielded *t = &r->ledger->t;
        t->layer.table.columns[t->column_of[PH_LED_KIND]].text[row] = ph_codelist_find("ledger_kind")->codes[event->kind].value;
        return PH_OK;
    }
    event->counted = false;
    return say(r, row, UNKNOWN_KIND, "措施不认识", "unknown kind", text ? text : "");
}

static enum ph_status check_date(struct reading *r, size_t row)
{
    const struct ph_column *dates = ph_field_column(&r->ledger->t, PH_LED_DATE);
    const struct ph_audit_request *q = r->request;
    int32_t date = dates ? dates->date[row] : PH_DATE_UNKNOWN;
    struct ph_event *event = &r->ledger->events[row];
    if (date == PH_DATE_UNKNOWN) {
        event->counted = false;
        return say(r, row, NO_DATE, "没有日期", "no date", NULL);
    }
    int32_t to = q->period_to != PH_NO_DATE ? q->period_to : q->as_of;
    if ((q->period_from == PH_NO_DATE || date >= q->period_from) && date <= to) return PH_OK;
    char text[11];
    ph_date_print(text, date);
    event->counted = false;
    return say(r, row, OUTSIDE, "不在统计期内", "outside the period", text);
}

static enum ph_status check_doubled(struct reading *r, size_t row)
{
    const char *id = text_of(r->ledger, PH_LED_EVENT_ID, row), *parcel = text_of(r->ledger, PH_LED_PARCEL_ID, row);
    if (id == NULL) return PH_OK;
    size_t n = strlen(id), m = parcel ? strlen(parcel) : 0;
    char *key = ph_arena_alloc(&r->ledger->texts, n + m + 2);
    if (key == NULL) return ph_fail_memory(r->err);
    memcpy(key, id, n);
    key[n] = '\t';
    if (parcel) memcpy(key + n + 1, parcel, m);
    key[n + m + 1] = '\0';
    uint64_t *first;
    int added;
    PH_TRY(ph_index_put(&r->seen, key, &first, &added, r->err));
    if (added) return PH_OK;
    r->ledger->events[row].counted = false;
    return say(r, row, DOUBLED, "事件编号重复", "the event is doubled", id);
}

static int64_t dm2_at(const struct ph_ledger *l, enum ph_ledger_field field, size_t row)
{
    const struct ph_column *column = ph_field_column(&l->t, field);
    return column ? ph_dm2_from_m2(column->real[row]) : INT64_MIN;
}

/* part/whole of the measured area, to the nearest 0.01 m². */
static int64_t share_of(int64_t measured, int64_t part, int64_t whole)
{
    if (measured == INT64_MIN || whole <= 0) return INT64_MIN;
    return (int64_t)llround((double)measured * ((double)part / (double)whole));
}

static enum ph_status count_area(struct reading *r, size_t row)
{
    struct ph_event *event = &r->ledger->events[row];
    event->factory_dm2 = dm2_at(r->ledger, PH_LED_FACTORY_M2, row);
    event->area_dm2 = event->ellipsoid_dm2 = INT64_MIN;
    if (event->parcel == SIZE_MAX) return PH_OK;
    const struct ph_areas *parcel = &r->parcels->areas[event->parcel];
    int64_t own = dm2_at(r->ledger, PH_LED_AREA, row), whole = parcel->adopted_dm2;
    bool partial = own != INT64_MIN && own >= 0 && (whole == INT64_MIN || own < whole);
    event->area_dm2 = partial ? own : whole;
    event->ellipsoid_dm2 = partial ? share_of(parcel->ellipsoid_dm2, own, whole) : parcel->ellipsoid_dm2;
    if (own == INT64_MIN || whole == INT64_MIN || own <= whole + AREA_SLACK_DM2 || own <= whole + whole / AREA_SLACK_SHARE) return PH_OK;
    char text[40];
    ph_print_m2(text, sizeof text, own);
    return say(r, row, TOO_LARGE, "面积大于宗地面积(㎡)", "larger than the parcel (m²)", text);
}

static enum ph_status read_event(struct reading *r, size_t row)
{
    struct ph_event *event = &r->ledger->events[row];
    *event = (struct ph_event){.counted = true};
    PH_TRY(find_parcel(r, row));
    PH_TRY(find_kind(r, row));
    PH_TRY(check_date(r, row));
    PH_TRY(check_doubled(r, row));
    PH_TRY(count_area(r, row));
    event->enterprise = text_of(r->ledger, PH_LED_ENTERPRISE_CODE, row);
    if (event->enterprise == NULL && event->parcel != SIZE_MAX)
        event->enterprise = ph_parcel_text(r->parcels, PH_HOLDER_CODE, event->parcel);
    return PH_OK;
}

static enum ph_status read_table(const struct ph_audit_request *q, struct ph_ledger *l, struct ph_problems *problems, struct ph_error *err)
{
    struct ph_source_request request = {.path = q->ledger, .table = true, .fields = &ph_ledger_fields};
    PH_TRY(ph_source_open(&request, &l->source, err));
    PH_TRY(ph_intake(l->source, &ph_ledger_fields, false, SIZE_MAX, NULL, &l->t, problems, problems, err));
    static const enum ph_ledger_field needed[] = {PH_LED_DATE, PH_LED_KIND, PH_LED_PARCEL_ID};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (l->t.column_of[needed[i]] == SIZE_MAX) {
            const struct ph_field *field = &ph_ledger_fields.items[needed[i]];
            ph_fail(err, PH_E_FIELDS, "台账没有“%s”(%s)一列", "the ledger has no column %s (%s)", field->title, field->name);
            ph_at_file(err, ph_source_facts(l->source)->path);
            return PH_E_FIELDS;
        }
    return ph_identify_credit_codes(&l->t, PH_LED_ENTERPRISE_CODE, ph_source_facts(l->source)->path, problems, err);
}

enum ph_status ph_ledger_load(const struct ph_audit_request *q, struct ph_ledger *out, struct ph_problems *problems, struct ph_error *err)
{
    return q->ledger ? read_table(q, out, problems, err) : PH_OK;
}

enum ph_status ph_ledger_settle(const struct ph_audit_request *q, const struct ph_parcels *parcels, const struct ph_index *by_code,
                              struct ph_ledger *out, struct ph_problems *problems, struct ph_error *err)
{
    if (q->ledger == NULL) return PH_OK;
    out->events = calloc(out->t.layer.table.rows + 1, sizeof *out->events);
    if (out->events == NULL) return ph_fail_memory(err);
    struct reading r = {.request = q, .parcels = parcels, .by_code = by_code, .ledger = out, .problems = problems, .err = err};
    enum ph_status status = PH_OK;
    for (size_t row = 0; status == PH_OK && row < out->t.layer.table.rows; row++) status = read_event(&r, row);
    ph_index_dispose(&r.seen);
    return status == PH_OK ? ph_progress_tell(&q->progress, PH_STAGE_LEDGER, 1, err) : status;
}

void ph_ledger_dispose(struct ph_ledger *ledger)
{
    ph_fielded_dispose(&ledger->t);
    ph_source_free(ledger->source);
    free(ledger->events);
    ph_arena_dispose(&ledger->texts);
    memset(ledger, 0, sizeof *ledger);
}
