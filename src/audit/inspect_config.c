/* What was inspected as an AUDIT.yaml: what is settled as keys, what is not in comments. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/inspection.h"
#include "io/file.h"
#include "io/target.h"

#define CONFIG_CAP ((size_t)1 << 20)

enum { PATH_BYTES = PH_TARGET_PATH_CAP };

/* The folder that `path` lies in, without links, "/" at the end; false when it cannot be told. */
static bool folder_of(const char *path, char out[PATH_BYTES])
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_BYTES] = ".";
    if (slash && (size_t)(slash - path) + 2 > sizeof folder) return false;
    if (slash) snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
    char *real = realpath(folder, NULL);
    bool fits = real && strlen(real) + 2 < PATH_BYTES;
    if (fits) snprintf(out, PATH_BYTES, "%s%s", real, strcmp(real, "/") == 0 ? "" : "/");
    free(real);
    return fits;
}

static void add_text(struct ph_text *out, const char *text)
{
    ph_text_add_json(out, ph_str_of(text)); /* a string of JSON is one of YAML */
}

/* A source's name as it must stand in a file of that folder: relative where it lies in it, else absolute. What names no file on
 * disk stays, without its password. */
static void add_path(struct ph_text *out, const struct ph_inspection *n, const char *config_folder)
{
    const char *given = n->request.source, *colon = strchr(given, ':');
    bool connection = colon && colon - given > 1 && memchr(given, '.', (size_t)(colon - given)) == NULL;
    char folder[PATH_BYTES];
    if (connection || strncmp(given, "/vsi", 4) == 0 || !folder_of(given, folder)) {
        add_text(out, connection ? ph_inspection_facts(n)->path : given);
        return;
    }
    const char *slash = strrchr(given, '/');
    size_t length = strlen(config_folder);
    struct ph_text path;
    ph_text_init(&path, 2 * PATH_BYTES);
    ph_text_addf(&path, "%s%s", strncmp(folder, config_folder, length) == 0 ? folder + length : folder, slash ? slash + 1 : given);
    add_text(out, ph_text_get(&path));
    ph_text_dispose(&path);
}

static void add_crs(struct ph_text *out, const struct ph_inspection *n)
{
    const struct ph_inspect_crs *crs = &n->content.crs;
    if (n->request.crs) {
        ph_text_add(out, "    crs: ");
        add_text(out, n->request.crs);
        ph_text_add(out, "\n");
        return;
    }
    for (size_t i = 0; i < crs->guess_count; i++) {
        bool taken = i == 0 && crs->guesses[i].certain && crs->name == NULL && !crs->guesses[i].swapped;
        ph_text_addf(out, "    %scrs: %s  # %s\n", taken ? "" : "# ", crs->guesses[i].code, crs->guesses[i].zh);
    }
}

static void add_list(struct ph_text *out, const char *key, const char *const *items)
{
    if (items == NULL || *items == NULL) return;
    ph_text_addf(out, "    %s:\n", key);
    for (; *items; items++) {
        ph_text_add(out, "      - ");
        add_text(out, *items);
        ph_text_add(out, "\n");
    }
}

static void add_match(struct ph_text *out, const struct ph_inspect_field *f, const char *unit)
{
    struct ph_text match;
    ph_text_init(&match, 4096);
    ph_text_addf(&match, "%s=%s%s%s", f->field, f->source, unit ? ":" : "", unit ? unit : "");
    add_text(out, ph_text_get(&match));
    ph_text_dispose(&match);
}

/* The fields: those that were ordered and those whose names were cut as keys; units that nobody stated in comments. */
static void add_map(struct ph_text *out, const struct ph_inspection *n)
{
    const struct ph_inspection_content *c = &n->content;
    bool begun = n->request.map && *n->request.map;
    add_list(out, "map", n->request.map);
    for (size_t i = 0; i < c->field_count; i++) {
        const struct ph_inspect_field *f = &c->fields[i];
        if (f->how != PH_HOW_CUT) continue;
        if (!begun) ph_text_add(out, "    map:\n");
        begun = true;
        ph_text_add(out, "      - ");
        add_match(out, f, NULL);
        ph_text_addf(out, "  # %s,列名被截断\n", f->title);
    }
    for (size_t i = 0; i < c->field_count; i++) {
        const struct ph_inspect_field *f = &c->fields[i];
        if (f->unit_from != PH_UNIT_OF_DEFAULT) continue;
        ph_text_add(out, "    # map: - ");
        add_match(out, f, f->unit);
        ph_text_addf(out, "  # %s未写单位,按%s读;不对则改\n", f->title, f->unit);
    }
    for (size_t i = 0; i < n->problems.count; i++)
        if (strcmp(n->problems.items[i].code, "field.ambiguous") == 0) ph_text_addf(out, "    # %s\n", n->problems.items[i].zh);
    for (size_t i = 0; i < c->field_count; i++)
        if (c->fields[i].field && c->fields[i].how != PH_HOW_CUT && c->fields[i].how != PH_HOW_ORDERED)
            ph_text_addf(out, "    # %s = %s\n", c->fields[i].title, c->fields[i].source);
}

static void add_parcels(struct ph_text *out, const struct ph_inspection *n, const char *folder)
{
    ph_text_add(out, "  - path: ");
    add_path(out, n, folder);
    ph_text_add(out, "\n");
    const char *const keys[][2] = {{"layer", n->request.layer ? n->request.layer : n->content.layer_count > 1 ? n->content.layer : NULL},
                                   {"encoding", n->request.encoding}, {"txt-layout", n->request.txt_layout}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][1] == NULL) continue;
        ph_text_addf(out, "    %s: ", keys[i][0]);
        add_text(out, keys[i][1]);
        ph_text_add(out, "\n");
    }
    add_crs(out, n);
    add_list(out, "oo", n->request.open_options);
    add_map(out, n);
}

static enum ph_status add_tables(struct ph_text *out, const struct ph_inspection *const *all, size_t count, const char *folder, struct ph_error *err)
{
    static const struct {
        enum ph_inspect_kind kind;
        const char *key;
    } tables[] = {{PH_INSPECT_ENTERPRISES, "enterprises"}, {PH_INSPECT_LINKS, "links"}, {PH_INSPECT_LEDGER, "ledger"}};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        bool told = false;
        for (size_t i = 0; i < count; i++) {
            if (all[i]->content.kind != tables[t].kind) continue;
            if (told) return ph_fail(err, PH_E_USAGE, "有两个%s表;一份配置只能有一个", "two tables of %s: a configuration has one", tables[t].key);
            told = true;
            ph_text_addf(out, "%s: ", tables[t].key);
            add_path(out, all[i], folder);
            ph_text_add(out, "\n");
        }
    }
    return PH_OK;
}

static bool is_parcels(const struct ph_inspection *n)
{
    return n->content.kind == PH_INSPECT_PARCELS && n->content.has_geometry;
}

static enum ph_status compose(const struct ph_inspection *const *all, size_t count, const char *folder, struct ph_text *out, struct ph_error *err)
{
    bool any = false;
    ph_text_add(out, "# panhuo inspect 的建议:没有定的在注释里,核对后去掉 #。Proposed by panhuo inspect; what is not settled is in comments.\nparcels:\n");
    for (size_t i = 0; i < count; i++) {
        if (!is_parcels(all[i])) continue;
        any = true;
        add_parcels(out, all[i], folder);
    }
    if (!any) return ph_fail(err, PH_E_USAGE, "没有宗地,配置不全;请把宗地文件一并列出", "no parcels: name the file of parcels, too");
    PH_TRY(add_tables(out, all, count, folder, err));
    const char *rules = NULL;
    for (size_t i = 0; i < count && rules == NULL; i++) rules = all[i]->request.rules;
    ph_text_add(out, "rules: ");
    add_text(out, rules ? rules : "national");
    ph_text_add(out, "\n# as-of: 2023-11-30  # 截止日,必填(或用 --as-of)。The reference date, required.\n"
                     "# period: 2023-01-01/2023-11-30  # 台账的统计期。The period of the ledger's totals.\n");
    return out->failed ? ph_fail_memory(err) : PH_OK;
}

enum ph_status ph_inspection_write_config(const struct ph_inspection *const *inspections, size_t count, const char *path, int overwrite,
                                          struct ph_error *err)
{
    char folder[PATH_BYTES];
    struct ph_text text;
    PH_TRY(ph_target_check(path, overwrite != 0, err));
    if (!folder_of(path, folder)) return ph_target_failed(path, "?", err);
    ph_text_init(&text, CONFIG_CAP);
    enum ph_status status = compose(inspections, count, folder, &text, err);
    if (status == PH_OK) status = ph_file_write(path, (struct ph_str){ph_text_get(&text), text.length}, overwrite != 0, err);
    ph_text_dispose(&text);
    return status;
}
