#include "audit/statement.h"

#include <string.h>

#include "base/date.h"
#include "base/number.h"

/* How a measure is told: by parcels, by enterprises, or by area alone. */
enum counter { BY_PARCELS, BY_ENTERPRISES, BY_AREA };

static const struct phrase {
    const char *code;
    enum counter counter;
    const char *zh, *en;
} phrases[] = {
    {"trade", BY_PARCELS, "通过二级市场交易盘活", "traded on the secondary market"},
    {"reinvest", BY_ENTERPRISES, "二次投资", "reinvested"},
    {"supply", BY_AREA, "供应土地", "supplied"},
    {"plan", BY_ENTERPRISES, "制定提升计划", "with an uplift plan"},
    {"factory", BY_PARCELS, "盘活厂房", "with factory space revived"},
    {"swap", BY_PARCELS, "置换", "swapped"},
    {"merge", BY_PARCELS, "招商并购", "merged or taken over"},
    {"reclaim", BY_PARCELS, "收回收储", "reclaimed"},
    {"fee", BY_PARCELS, "征缴闲置费", "charged an idle fee"},
    {"extend", BY_PARCELS, "延期动工", "with an extended start"},
};

static void add_measure(const struct phrase *phrase, const struct ph_total *t, struct ph_text *zh, struct ph_text *en)
{
    char mu[40], factory[40] = "";
    ph_print_mu(mu, sizeof mu, t->area_dm2, 2);
    long long parcels = (long long)t->parcels, enterprises = (long long)t->enterprises;
    if (phrase->counter == BY_PARCELS) {
        ph_text_addf(zh, "%lld宗%s亩%s", parcels, mu, phrase->zh);
        ph_text_addf(en, "%lld parcels, %s mu, %s", parcels, mu, phrase->en);
    } else if (phrase->counter == BY_ENTERPRISES) {
        ph_text_addf(zh, "%lld家企业%s亩%s", enterprises, mu, phrase->zh);
        ph_text_addf(en, "%lld enterprises, %s mu, %s", enterprises, mu, phrase->en);
    } else {
        ph_text_addf(zh, "%s%s亩", phrase->zh, mu);
        ph_text_addf(en, "%s mu %s", mu, phrase->en);
    }
    if (t->factory_dm2 <= 0) return;
    ph_print_hectares(factory, sizeof factory, t->factory_dm2, 2); /* 1 ha = 1 万㎡ */
    ph_text_addf(zh, "、标准厂房%s万平方米", factory);
    ph_text_addf(en, ", %s × 10 000 m² of standard factory", factory);
}

static void add_tags(const struct ph_totals *totals, struct ph_text *zh, struct ph_text *en)
{
    static const struct {
        const char *code, *zh, *en;
    } tags[] = {{"approved_unsupplied", "批而未供", "approved but not supplied"},
                {"idle", "疑似闲置", "suspected idle"},
                {"low_efficiency", "疑似低效", "suspected low-efficiency"},
                {"unverified", "待核查", "unverified"}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        const struct ph_total *t = ph_totals_find(totals, "tag", tags[i].code);
        char mu[40];
        ph_print_mu(mu, sizeof mu, t->area_dm2, 2);
        ph_text_addf(zh, "%s%s%lld宗%s亩", i ? "、" : "", tags[i].zh, (long long)t->parcels, mu);
        ph_text_addf(en, "%s%lld parcels, %s mu %s", i ? "; " : "", (long long)t->parcels, mu, tags[i].en);
    }
}

/* Where the weights are an example, that is said here too. */
static void add_grades(const struct ph_scheme *scheme, const struct ph_totals *totals, struct ph_text *zh, struct ph_text *en)
{
    ph_text_addf(zh, "。亩均效益评价(%s%s)", scheme->name, scheme->example ? ",权重为示例" : "");
    ph_text_addf(en, ". Per-mu evaluation (%s%s)", scheme->name, scheme->example ? ", weights are an example" : "");
    bool first = true;
    for (size_t i = 0; i < totals->count; i++) {
        const struct ph_total *t = &totals->items[i];
        if (strcmp(t->topic, "grade") != 0 || t->enterprises == 0) continue;
        char mu[40];
        ph_print_mu(mu, sizeof mu, t->area_dm2, 2);
        ph_text_addf(zh, "%s%s%lld家%s亩", first ? ":" : "、", t->label, (long long)t->enterprises, mu);
        ph_text_addf(en, "%s%s %lld enterprises, %s mu", first ? ": " : "; ", t->code, (long long)t->enterprises, mu);
        first = false;
    }
}

void ph_statement(const struct ph_audit_request *q, const struct ph_scheme *scheme, const struct ph_totals *totals, struct ph_text *zh, struct ph_text *en)
{
    char as_of[11], from[11], to[11], mu[40];
    ph_date_print(as_of, q->as_of);
    ph_date_print(from, q->period_from);
    ph_date_print(to, q->period_to != PH_NO_DATE ? q->period_to : q->as_of);
    const struct ph_total *all = ph_totals_find(totals, "all", "all");
    ph_print_mu(mu, sizeof mu, all->area_dm2, 2);
    ph_text_addf(zh, "截至%s,共审计%lld宗%s亩,其中", as_of, (long long)all->parcels, mu);
    ph_text_addf(en, "As of %s: %lld parcels, %s mu audited; ", as_of, (long long)all->parcels, mu);
    add_tags(totals, zh, en);
    bool first = true;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        const struct ph_total *t = ph_totals_find(totals, "measure", phrases[i].code);
        if (t == NULL || t->parcels == 0) continue;
        ph_text_addf(zh, "%s%s%s%s", first ? "。" : ";", first && from[0] ? from : "", first ? (from[0] ? "至" : "截至") : "", first ? to : "");
        ph_text_addf(en, "%s%s%s%s", first ? ". " : "; ", first ? (from[0] ? from : "Up to ") : "", first && from[0] ? " to " : "", first ? to : "");
        ph_text_add(zh, first ? ":" : "");
        ph_text_add(en, first ? ": " : "");
        add_measure(&phrases[i], t, zh, en);
        first = false;
    }
    if (scheme) add_grades(scheme, totals, zh, en);
    ph_text_add(zh, "。(疑似为本程序核查结果,认定以主管部门认定书为准)");
    ph_text_add(en, ". (Suspected: found by this program; only the authority identifies.)");
}
