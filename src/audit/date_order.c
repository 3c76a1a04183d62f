#include "audit/date_order.h"

#include "base/date.h"

static const struct ph_problem_kind order = {PH_WARNING, "date.order", "核对两个日期", "check both dates"};

/* The first may not be later than the second. */
static const enum ph_parcel_field pairs[][2] = {
    {PH_APPROVED_DATE, PH_CONTRACT_DATE},   {PH_CONTRACT_DATE, PH_DELIVERY_DATE}, {PH_CONTRACT_DATE, PH_AGREED_START},
    {PH_CONTRACT_DATE, PH_ACTUAL_START},    {PH_AGREED_START, PH_AGREED_COMPLETION}, {PH_ACTUAL_START, PH_STOPPED_SINCE},
    {PH_ACTUAL_START, PH_ACTUAL_COMPLETION}, {PH_ACTUAL_COMPLETION, PH_CLOSED_SINCE},
};

static enum ph_status check_pair(const struct ph_parcels *p, enum ph_parcel_field early, enum ph_parcel_field late, struct ph_problems *problems,
                                 struct ph_error *err)
{
    const struct ph_column *a = ph_field_column(&p->t, early), *b = ph_field_column(&p->t, late);
    for (size_t row = 0; a && b && row < ph_parcel_count(p); row++) {
        char first[11], second[11];
        if (a->date[row] == PH_DATE_UNKNOWN || b->date[row] == PH_DATE_UNKNOWN || a->date[row] <= b->date[row]) continue;
        ph_date_print(first, a->date[row]);
        ph_date_print(second, b->date[row]);
        PH_TRY(ph_problem_add(problems, &order, ph_parcel_path(p, row), p->t.layer.fids[row], err, "%s %s 早于%s %s", "%s %s lies before %s %s",
                              ph_parcel_fields.items[late].title, second, ph_parcel_fields.items[early].title, first));
    }
    return PH_OK;
}

enum ph_status ph_date_order_check(const struct ph_parcels *parcels, struct ph_problems *problems, struct ph_error *err)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) PH_TRY(check_pair(parcels, pairs[i][0], pairs[i][1], problems, err));
    return PH_OK;
}
