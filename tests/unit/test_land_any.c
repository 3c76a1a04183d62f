/* What must hold of any parcels and any links. */
#include <string.h>

#include "land_park.h"

static uint64_t dice;

static uint64_t roll(uint64_t sides)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (dice >> 33) % sides;
}

static const char *const codes[] = {"a", "b", "c", "d", "e", "f", "g", "xa", "xb"};
#define CODES (sizeof codes / sizeof *codes)

static void draw_park(struct park_parcel *parcels, size_t parcel_count, struct park_link *ties, size_t tie_count)
{
    static const char *const relations[] = {"own", "rented_in", "rented_in", "rented_out"};
    for (size_t i = 0; i < parcel_count; i++)
        parcels[i] = (struct park_parcel){roll(6) ? codes[roll(CODES)] : NULL, roll(12) ? (int64_t)(1 + roll(3000000)) : UNKNOWN,
                                     roll(4) ? (double)(1 + roll(40000)) : 0};
    for (size_t i = 0; i < tie_count; i++) {
        uint64_t kind = roll(8);
        ties[i] = (struct park_link){.parcel = 1 + (int)roll(parcel_count), .code = codes[roll(CODES)], .relation = relations[roll(4)]};
        if (kind < 3) ties[i].area = (double)(1 + roll(1200000)) / 100; /* up to 12 000 m² of 30 000: often too much in sum */
        if (kind == 2 || kind == 3 || kind == 4) ties[i].share = (double)(1 + roll(1000)) / 1000;
        if (kind > 4 && kind < 7) ties[i].floor = (double)(1 + roll(20000));
    }
}

static void check_sums(const struct park *p)
{
    int64_t whole = 0, divided = 0;
    for (size_t i = 0; i < ph_parcel_count(&p->parcels); i++)
        if (p->parcels.areas[i].adopted_dm2 != UNKNOWN) whole += p->parcels.areas[i].adopted_dm2;
    for (size_t i = 0; i < PH_LAND_PLACES; i++) {
        assert_true(p->land.sums[i].area_dm2 >= 0);
        divided += p->land.sums[i].area_dm2;
    }
    assert_true(divided == whole);
}

/* Nobody has less than nothing of a parcel, and all together no more than the parcel. */
static void check_parcels(const struct park *p)
{
    for (size_t i = 0, next; i < p->land.count; i = next) {
        size_t parcel = p->land.stakes[i].parcel;
        int64_t all = 0, one = 0;
        bool unknown = false;
        for (next = i; next < p->land.count && p->land.stakes[next].parcel == parcel; next++) {
            const struct ph_stake *s = &p->land.stakes[next];
            if (next > i && s->holding != s[-1].holding) one = 0;
            unknown |= s->area_dm2 == UNKNOWN;
            if (s->area_dm2 == UNKNOWN) continue;
            assert_true(s->area_dm2 >= 0);
            one += s->relation == PH_RENTED_OUT ? -s->area_dm2 : s->area_dm2;
            all += s->relation == PH_RENTED_OUT ? -s->area_dm2 : s->area_dm2;
            bool last = next + 1 == p->land.count || s[1].parcel != parcel || s[1].holding != s->holding;
            if (last && !unknown) assert_true(one >= 0);
        }
        if (!unknown) assert_true(all <= p->parcels.areas[parcel].adopted_dm2);
    }
}

static void compare(const struct park *p, const struct park *q)
{
    assert_int_equal(p->land.count, q->land.count);
    for (size_t i = 0; i < p->land.count; i++) {
        const struct ph_stake *a = &p->land.stakes[i], *b = &q->land.stakes[i];
        assert_true(a->parcel == b->parcel && a->relation == b->relation && a->how == b->how && a->area_dm2 == b->area_dm2 &&
                    a->claimed_dm2 == b->claimed_dm2 && a->link_count == b->link_count);
        assert_string_equal(p->enterprises.holdings[a->holding].code, q->enterprises.holdings[b->holding].code);
    }
    assert_memory_equal(p->land.sums, q->land.sums, sizeof p->land.sums);
    assert_int_equal(p->problems.count, q->problems.count);
    for (size_t h = 0; h < p->enterprises.holding_count; h++) {
        const struct ph_holding *own = &p->enterprises.holdings[h], *other = park_holding(q, own->code);
        assert_string_equal(p->enterprises.holdings[own->unit].code, q->enterprises.holdings[other->unit].code);
    }
    for (size_t i = 0; i < ph_parcel_count(&p->parcels); i++) {
        size_t a = p->enterprises.holding_of_parcel[i], b = q->enterprises.holding_of_parcel[i];
        assert_true((a == SIZE_MAX) == (b == SIZE_MAX));
        if (a != SIZE_MAX) assert_string_equal(p->enterprises.holdings[a].code, q->enterprises.holdings[b].code);
    }
}

static void any_links_add_up_in_any_order(void **state)
{
    (void)state;
    struct park_parcel parcels[PARCELS_CAP];
    struct park_link ties[LINKS_CAP];
    size_t order[LINKS_CAP], unknown = 0, over = 0;
    dice = 20231130;
    for (int turn = 0; turn < 1000; turn++) {
        size_t parcel_count = 1 + roll(PARCELS_CAP), tie_count = roll(LINKS_CAP);
        enum ph_land_share mode = (enum ph_land_share)(PH_LAND_EXPLICIT + turn % 5);
        draw_park(parcels, parcel_count, ties, tie_count);
        for (size_t i = 0; i < tie_count; i++) order[i] = i;
        for (size_t i = tie_count; i > 1; i--) {
            size_t k = roll(i), own = order[i - 1];
            order[i - 1] = order[k];
            order[k] = own;
        }
        struct park p, q;
        park_divide(&p, mode, parcels, parcel_count, ties, NULL, tie_count);
        park_divide(&q, mode, parcels, parcel_count, ties, order, tie_count);
        check_sums(&p);
        check_parcels(&p);
        compare(&p, &q);
        unknown += park_has_problem(&p, "link.no_floor");
        over += park_has_problem(&p, "link.over_claim");
        park_drop(&p);
        park_drop(&q);
    }
    assert_true(unknown > 100 && over > 100); /* the draw reaches them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_links_add_up_in_any_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
