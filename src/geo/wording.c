#include "geo/wording.h"

#include <math.h>

#include "base/number.h"

static void add_area(struct ph_text *out, double m2, bool english)
{
    char m[32], mu[32];
    int64_t dm2 = ph_dm2_from_m2(m2);
    ph_print_m2(m, sizeof m, dm2);
    ph_print_mu(mu, sizeof mu, dm2, 2);
    ph_text_addf(out, english ? "%s m² (%s mu)" : "%s m²(%s 亩)", m, mu);
}

static void add_share(struct ph_text *out, const char *name, double share, bool english)
{
    char percent[32];
    ph_number_print_fixed(percent, sizeof percent, share * 100, 2);
    if (english) ph_text_addf(out, ", %s %% of %s", percent, name);
    else ph_text_addf(out, ",占 %s 的 %s%%", name, percent);
}

/* first BETWEEN second AFTER area */
struct pair_words {
    const char *between, *after;
};

static struct pair_words pair_words(enum ph_topology_kind kind, bool english)
{
    switch ((int)kind) {
    case PH_TOPOLOGY_OVERLAP_SLIVER:
        return english ? (struct pair_words){" and ", " overlap in a sliver of "} : (struct pair_words){" 与 ", " 有狭长或细碎的重叠 "};
    case PH_TOPOLOGY_DUPLICATE:
        return english ? (struct pair_words){" and ", " are the same ground, "} : (struct pair_words){" 与 ", " 图形重复,重叠 "};
    case PH_TOPOLOGY_CONTAINED:
        return english ? (struct pair_words){" lies within ", ", "} : (struct pair_words){" 全部落在 ", " 之内,重叠 "};
    default: return english ? (struct pair_words){" and ", " overlap by "} : (struct pair_words){" 与 ", " 重叠 "};
    }
}

static void add_pair(const struct ph_topology_finding *f, const char *a, const char *b, bool english, struct ph_text *out)
{
    struct pair_words words = pair_words(f->kind, english);
    bool b_within = f->kind == PH_TOPOLOGY_CONTAINED && f->share_b > f->share_a;
    ph_text_add(out, b_within ? b : a);
    ph_text_add(out, words.between);
    ph_text_add(out, b_within ? a : b);
    ph_text_add(out, words.after);
    add_area(out, f->area_m2, english);
    add_share(out, a, f->share_a, english);
    add_share(out, b, f->share_b, english);
    if (f->repaired) ph_text_add(out, english ? "; measured on the repaired shape" : ";按修复后的图形量算");
}

static void add_gap(const struct ph_topology_finding *f, const char *a, const char *b, bool english, struct ph_text *out)
{
    if (english) ph_text_addf(out, f->around_count > 2 ? "gap between %s, %s and others: " : "gap between %s and %s: ", a, b);
    else ph_text_addf(out, f->around_count > 2 ? "%s、%s 等宗地之间有缝隙 " : "%s 与 %s 之间有缝隙 ", a, b);
    add_area(out, f->area_m2, english);
}

static void add_invalid(const struct ph_topology_finding *f, const char *a, bool english, struct ph_text *out)
{
    if (english) ph_text_addf(out, "%s: %s; measured on the repaired shape: ", a, ph_flaw_en(f->flaw));
    else ph_text_addf(out, "%s 图形无效:%s;按修复后的图形量得 ", a, ph_flaw_zh(f->flaw));
    add_area(out, f->area_m2, english);
}

void ph_topology_message(const struct ph_topology_finding *f, const char *name_a, const char *name_b, bool english, struct ph_text *out)
{
    switch (f->kind) {
    case PH_TOPOLOGY_INVALID:
    case PH_TOPOLOGY_HOLE_OUTSIDE: add_invalid(f, name_a, english, out); return;
    case PH_TOPOLOGY_REPEATED_VERTEX:
        ph_text_addf(out, english ? "%s: %u repeated vertices" : "%s 有 %u 个重复界址点", name_a, (unsigned)f->count);
        return;
    case PH_TOPOLOGY_SPIKE:
        ph_text_addf(out, english ? "%s: %u spikes (the boundary turns back within 1 degree)" : "%s 有 %u 处尖刺(界址线折返,夹角小于 1 度)",
                     name_a, (unsigned)f->count);
        return;
    case PH_TOPOLOGY_WINDING:
        ph_text_addf(out, english ? "%s: %u rings wound the wrong way" : "%s 有 %u 条环的走向不对", name_a, (unsigned)f->count);
        return;
    case PH_TOPOLOGY_SLIVER:
        ph_text_addf(out, english ? "%s is a sliver: " : "%s 图形狭长或细碎:", name_a);
        add_area(out, f->area_m2, english);
        return;
    case PH_TOPOLOGY_OVERLAP:
    case PH_TOPOLOGY_OVERLAP_SLIVER:
    case PH_TOPOLOGY_CONTAINED:
    case PH_TOPOLOGY_DUPLICATE: add_pair(f, name_a, name_b, english, out); return;
    case PH_TOPOLOGY_GAP: add_gap(f, name_a, name_b, english, out); return;
    }
}
