/* The classes of a scheme, read. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "rules/scheme_parts.h"

int ph_classes_find(const struct ph_classes *classes, char id)
{
    for (size_t i = 0; i < classes->count; i++)
        if (classes->list[i].id == id) return (int)i;
    return -1;
}

static enum ph_status fail(const struct ph_document *d, const struct ph_yaml *node, const char *zh, const char *en)
{
    ph_fail(d->err, PH_E_RULES, "%s%.0s", "%.0s%s", zh, en);
    return ph_document_fail(d, node);
}

/* `upto` for shares, `from` for scores and values; none for the last class. */
static enum ph_status read_limit(const struct ph_document *d, const struct ph_yaml *node, const struct ph_classes *c,
                                 double *limit)
{
    bool share = c->by == PH_CLASS_BY_SHARE, last = node->next == NULL;
    const char *text = ph_document_text(node, share ? "upto" : "from");
    *limit = NAN;
    if (ph_document_text(node, share ? "from" : "upto") || (text != NULL) == last)
        return fail(d, node, "除最后一档外,每档要有界限:by: share 写 upto,其余写 from",
                    "every class but the last needs its limit: 'upto' with by: share, else 'from'");
    if (last) return PH_OK;
    double before = c->count ? c->list[c->count - 1].limit : share ? 0 : INFINITY;
    bool good = ph_number_parse(text, strlen(text), limit, NULL) == PH_PARSE_OK;
    if (good && (share ? *limit > before && *limit < 1 : *limit < before)) return PH_OK;
    return fail(d, ph_yaml_get(node, share ? "upto" : "from"), "界限应是数,从好到差排列;upto 是 0 到 1 之间的累计比例",
                "a limit must be a number, best class first; 'upto' is a cumulated share between 0 and 1");
}

static enum ph_status read_class(const struct ph_document *d, const struct ph_yaml *node, struct ph_classes *c)
{
    static const char *const keys[] = {"id", "response", "response_en", "upto", "from", NULL};
    if (node->kind != PH_YAML_MAP) return fail(d, node, "每一档应是键值表", "a class must be a map");
    PH_TRY(ph_document_check_keys(d, node, keys));
    const char *id;
    PH_TRY(ph_document_required(d, node, "id", &id));
    if (id[1] != '\0' || id[0] < 'A' || id[0] >= 'A' + PH_SCHEME_CLASSES || ph_classes_find(c, id[0]) >= 0)
        return fail(d, ph_yaml_get(node, "id"), "本程序只有 A、B、C、D 四档,各用一次(T 是不参评)",
                    "panhuo knows the classes A, B, C and D, each used once (T is: not evaluated)");
    struct ph_class *one = &c->list[c->count];
    *one = (struct ph_class){id[0], ph_document_text(node, "response"), ph_document_text(node, "response_en"), NAN};
    PH_TRY(read_limit(d, node, c, &one->limit));
    c->count++;
    return PH_OK;
}

enum ph_status ph_classes_read(struct ph_document *d, const struct ph_yaml *node, struct ph_classes *out)
{
    static const char *const keys[] = {"by", "of", "source", "sure", "list", NULL};
    static const char *const kinds[] = {
        [PH_CLASS_BY_SHARE - 1] = "share", [PH_CLASS_BY_SCORE - 1] = "score", [PH_CLASS_BY_VALUE - 1] = "value", NULL};
    *out = (struct ph_classes){.place = ph_document_place(d, node)};
    if (node->kind == PH_YAML_NULL) return PH_OK;
    if (node->kind != PH_YAML_MAP) return fail(d, node, "classes 应是键值表", "classes must be a map");
    PH_TRY(ph_document_check_keys(d, node, keys));
    int by;
    const char *word;
    PH_TRY(ph_document_required(d, node, "by", &word));
    PH_TRY(ph_scheme_word(d, node, "by", kinds, 0, &by));
    out->by = (enum ph_class_by)(by + 1);
    out->of = ph_document_text(node, "of");
    if ((out->of != NULL) != (out->by == PH_CLASS_BY_VALUE))
        return fail(d, node, "by: value 要写 of(按哪个算式分档),其余不写", "'of' goes with by: value, and only with it");
    out->source = ph_document_text(node, "source");
    out->sure = ph_document_text(node, "sure");
    const struct ph_yaml *list = ph_yaml_get(node, "list");
    if (list == NULL || list->kind != PH_YAML_LIST || list->child == NULL || list->child->next == NULL)
        return fail(d, list ? list : node, "list 至少要有两档", "'list' needs two classes at least");
    for (const struct ph_yaml *v = list->child; v; v = v->next) PH_TRY(read_class(d, v, out));
    return PH_OK;
}
