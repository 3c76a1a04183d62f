/* Case sheets: all that is known of one parcel, one enterprise, one row. */
"use strict";

const sheet = document.getElementById("sheet");

const FACTS = [
  [["身份", "Identity"], ["parcel_id", "unit_id", "supervision_id", "contract_id", "parcel_name", "location", "holder_name", "holder_code", "ownership",
    "land_use", "supply_state", "operating_state", "ruling_no"]],
  [["日期与原因", "Dates and causes"], ["approved_date", "contract_date", "delivery_date", "agreed_start", "actual_start", "stopped_since",
    "agreed_completion", "actual_completion", "closed_since", "delay_cause", "delay_days"]],
  [["面积与指标", "Areas and indicators"], ["registered_m2", "ellipsoid_m2", "plane_m2", "buildable_m2", "started_m2", "floor_m2", "footprint_m2", "yard_m2",
    "office_m2", "vacant_m2", "rented_m2", "factory_m2", "far", "agreed_far", "coverage"]],
  [["投资与税收", "Investment and tax"], ["land_price", "total_investment", "invested", "fixed_investment", "agreed_intensity", "agreed_tax"]],
];
/* Told elsewhere on the sheet. */
const RESULTS = new Set(["fid", "area_m2", "area_mu", "area_basis", "area_diff_m2", "area_diff_ppm", "tag", "tags", "rules", "reason", "basis", "missing",
  "alerts", "idle_since", "idle_days", "idle_fee", "measures", "grade", "score"]);

const EVALUATION = new Set(["fid", "scheme", "score_group", "score", "rank", "grade_before", "grade", "grade_reason", "response", "completeness", "lift"]);

function valueText(column, value) {
  if (value === null) return "";
  if (column.codes) return label(column.codes, value);
  if (typeof value !== "number") return String(value);
  if (column.name === "score" || column.name === "points") return fixed(value, 2);
  const unit = unitOf(column.name);
  const text = unit === "㎡" || unit === "m²" || unit === "亩" || unit === "mu" ? fixed(value, 2) : plain(value);
  return unit ? `${text} ${unit}` : text;
}

/* Pairs of title and value; unknown values are left out. */
function factList(from, row, names) {
  const pairs = names.map((name) => from.byName.get(name)).filter((column) => column && from.get(row, column.name) !== null);
  if (pairs.length === 0) return null;
  return el("dl", { class: "facts" }, ...pairs.map((column) => el("div", {}, el("dt", {}, titleOf(column)),
    el("dd", {}, valueText(column, from.get(row, column.name))))));
}

/* A small table; columns: [title, row -> text or node, is a number]. */
function smallTable(columns, rows, caption) {
  const align = ([, , number]) => (number ? "number" : null);
  return el("div", { class: "tablebox" }, el("table", { class: "small" }, caption ? el("caption", {}, caption) : null,
    el("thead", {}, el("tr", {}, ...columns.map((column) => el("th", { scope: "col", class: align(column) }, column[0])))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...columns.map((column) => el("td", { class: align(column) }, column[1](row))))))));
}

/* Columns of a stored table as columns of a small one, those that hold anything in these rows. */
function storedColumns(from, names, rows) {
  return names.map((name) => from.byName.get(name)).filter((column) => column && rows.some((row) => from.get(row, column.name) !== null))
    .map((column) => [titleOf(column), (row) => valueText(column, from.get(row, column.name)), !column.texts]);
}

function block(title, ...children) {
  const kept = children.filter(Boolean);
  return kept.length ? el("section", {}, el("h3", {}, title), ...kept) : null;
}

function badge(list, value) {
  if (value === null) return null;
  const style = styleFor(list, value);
  const node = el("span", { class: "badge" }, swatch(style), label(list, value));
  return node;
}

function swatch(style) {
  const node = el("i", { class: style && style.pattern ? "swatch hatched" : "swatch" });
  if (style) {
    node.style.setProperty("--fill", style.fill);
    node.style.setProperty("--line", style.line);
  }
  return node;
}

/* The area in mu, step by step. */
function areaSteps(row) {
  const p = table.parcels;
  const m2 = p.get(row, "area_m2");
  const mu = p.get(row, "area_mu");
  if (m2 === null || mu === null) return null;
  const basis = p.get(row, "area_basis");
  const lines = [`${say("采用", "Adopted: ")}${label("area_basis", basis)}${say("面积", " area")} ${plain(m2)} ${unitText("㎡")} × 3 ÷ 2000 = ${mu} ${unitText("亩")}`];
  const gap = p.get(row, "area_diff_m2");
  if (gap !== null) lines.push(`${say("登记 − 椭球 = ", "registered − ellipsoid = ")}${fixed(gap, 2)} ${unitText("㎡")}（${fixed(p.get(row, "area_diff_ppm"), 1)} ppm）`);
  return el("p", {}, ...lines.flatMap((line, i) => (i ? [el("br"), line] : [line])));
}

/* What the rule asks, and the values that it was asked on; how a value is worked out shows when one points at it. */
function evidenceTable(text, condition) {
  let values;
  try {
    values = Object.entries(JSON.parse(text));
  } catch {
    return null;
  }
  const told = (name, column) => rowsOf("rule_names", "name", name).map((row) => table.rule_names.get(row, column))[0] || null;
  const named = (name) => (language === "zh" && told(name, "title")) || name.replaceAll("_", " ");
  const shown = (value) => (value === null ? say("未知", "unknown") : typeof value === "number" ? plain(value) : String(value));
  return el("details", {}, el("summary", {}, say("所依据的值", "Values it was decided on"), ` (${values.length})`),
    condition ? el("p", { class: "condition" }, condition) : null,
    el("dl", { class: "facts dense" }, ...values.map(([name, value]) => el("div", { class: value === null ? "unknown" : null, title: told(name, "expression") },
      el("dt", {}, named(name)), el("dd", {}, shown(value))))));
}

function findingCard(row) {
  const f = table.findings;
  const rule = f.get(row, "rule");
  const [told] = rowsOf("rules", "rule", rule);
  const unknown = f.get(row, "outcome") === "unknown";
  const missing = f.get(row, "missing");
  return el("article", { class: `finding ${unknown ? "undecided" : ""}` },
    el("header", {}, el("strong", {}, rule), told === undefined ? "" : ` ${table.rules.get(told, "title")}`,
      el("span", { class: "kind" }, ...pieces([label("rule_tag", f.get(row, "tag")), label("outcome", f.get(row, "outcome"))]))),
    f.get(row, "reason") ? el("p", {}, f.get(row, "reason")) : null,
    missing ? el("p", { class: "missing" }, say("缺少：", "Missing: "), missing) : null,
    f.get(row, "basis") ? el("p", { class: "basis" }, say("依据：", "Basis: "), f.get(row, "basis")) : null,
    f.get(row, "evidence") ? evidenceTable(f.get(row, "evidence"), told === undefined ? null : table.rules.get(told, "condition")) : null);
}

/* What weighs most comes first: what the tag rests on, what could not be decided, the rest. */
function findingsOf(fid, tag) {
  const f = table.findings;
  const weight = (row) => (f.get(row, "outcome") === "unknown" ? 1 : f.get(row, "tag") === tag ? 0 : 2);
  return rowsOf("findings", "parcel_fid", fid).slice().sort((a, b) => weight(a) - weight(b) || a - b);
}

function locator(row) {
  if (shapes.empty(row)) return el("p", { class: "hint" }, say("没有图形", "No shape"));
  const canvas = el("canvas", { class: "locator", role: "img", "aria-label": say("位置图", "Where it lies") });
  requestAnimationFrame(() => {
    const view = new View(canvas);
    view.resize(2, canvas.clientWidth, canvas.clientHeight);
    view.fit(shapes.boxOf(row), Math.min(view.width, view.height) * 0.28);
    drawMap(view, shapes, { ...mapLook, dim: (shape) => shape !== row, text: mapLook.text });
    drawMarks(canvas.getContext("2d"), view, shapes, [[row, 2]]);
  });
  return canvas;
}

function holderLinks(row) {
  const code = table.parcels.get(row, "holder_code");
  const linked = rowsOf("enterprise_parcels", "parcel_fid", table.parcels.get(row, "fid"));
  const fids = new Set(linked.map((link) => table.enterprise_parcels.get(link, "enterprise_fid")).filter((fid) => fid !== null));
  if (linked.length === 0 && code !== null) for (const e of rowsOf("enterprises", "code", code)) fids.add(table.enterprises.get(e, "fid"));
  const e = table.enterprises;
  const rows = [...fids].flatMap((fid) => rowsOf("enterprises", "fid", fid));
  if (rows.length === 0) return null;
  return el("ul", { class: "links" }, ...rows.map((at) => el("li", {}, el("a", { href: `#enterprise=${e.get(at, "fid")}` },
    e.get(at, "name") || e.get(at, "code") || String(at + 1)), e.get(at, "year") === null ? "" : ` ${e.get(at, "year")}`,
    e.get(at, "grade") === null ? "" : ` ${label("grade", e.get(at, "grade"))}`)));
}

function parcelSheet(row) {
  const p = table.parcels;
  const fid = p.get(row, "fid");
  const tag = p.get(row, "tag");
  const found = findingsOf(fid, tag);
  const known = new Set(FACTS.flatMap(([, names]) => names));
  const carried = p.columns.map((column) => column.name).filter((name) => !known.has(name) && !RESULTS.has(name));
  const blank = FACTS.flatMap(([, names]) => names).filter((name) => p.has(name) && p.get(row, name) === null);
  const events = rowsOf("ledger", "parcel_fid", fid);
  const flaws = [...new Set([...rowsOf("topology", "fid_a", fid), ...rowsOf("topology", "fid_b", fid)])];
  const measures = p.get(row, "measures");
  return [
    el("div", { class: "top" },
      el("div", { class: "lead" },
        el("p", { class: "verdict" }, badge("tag", tag), p.get(row, "grade") === null ? null : badge("grade", p.get(row, "grade")),
          el("b", {}, `${fixed(p.get(row, "area_mu"), 2)} ${unitText("亩")}`)),
        p.get(row, "reason") ? el("p", {}, p.get(row, "reason")) : null,
        p.get(row, "missing") ? el("p", { class: "missing" }, say("缺少：", "Missing: "), p.get(row, "missing")) : null,
        measures ? el("p", {}, el("b", {}, say("拟处置：", "Proposed: ")), labels("measure", measures)) : null,
        factList(p, row, ["idle_since", "idle_days", "idle_fee"])),
      locator(row)),
    block(say("逐条规则", "Rule by rule"), ...(found.length ? found.map(findingCard)
      : [el("p", { class: "hint" }, say("没有规则命中，也没有因缺数据而判不了的规则。", "No rule hit, and none was left undecided."))])),
    block(say("面积", "Area"), areaSteps(row)),
    ...FACTS.map(([[zh, en], names]) => block(say(zh, en), factList(p, row, names))),
    block(say("原有的其他列", "Other columns of the source"), factList(p, row, carried)),
    blank.length ? block(say("未填", "Not stated"), el("p", { class: "hint" }, blank.map((name) => titleOf(p.byName.get(name))).join(say("、", ", ")))) : null,
    block(say("企业", "Enterprise"), holderLinks(row)),
    events.length ? block(say("盘活台账", "Ledger"), smallTable(storedColumns(table.ledger, ["date", "kind", "area_m2", "factory_m2", "amount", "counted",
      "message", "note"], events), events)) : null,
    flaws.length ? block(say("几何问题", "Geometry"), smallTable(storedColumns(table.topology, ["kind", "message"], flaws), flaws)) : null,
  ];
}

function enterpriseSheet(row) {
  const e = table.enterprises;
  const fid = e.get(row, "fid");
  const terms = rowsOf("score_terms", "enterprise_fid", fid);
  const linked = rowsOf("enterprise_parcels", "enterprise_fid", fid);
  const own = linked.length ? [] : rowsOf("parcels", "holder_code", e.get(row, "code"));
  const l = table.enterprise_parcels;
  const parcelLink = (name, parcel) => (parcel === undefined ? name : el("a", { href: `#parcel=${table.parcels.get(parcel, "fid")}` }, name || "—"));
  const grade = e.get(row, "grade");
  const line = (name) => (e.get(row, name) === null ? null : el("p", {}, el("b", {}, `${titleOf(e.byName.get(name))}${say("：", ": ")}`), e.get(row, name)));
  return [
    grade === null ? null : el("div", { class: "lead alone" }, el("p", { class: "verdict" }, badge("grade", grade), e.get(row, "score") === null ? null
      : el("b", {}, `${fixed(e.get(row, "score"), 2)} ${say("分", "points")}`), e.get(row, "response")),
    line("grade_reason"), line("lift"), factList(e, row, ["rank", "score_group", "grade_before", "completeness", "scheme"])),
    terms.length ? block(say("评分明细", "Receipt of the score"), smallTable(storedColumns(table.score_terms, ["title", "value", "unit", "base", "ratio", "weight",
      "points", "cap_hit", "missing", "arithmetic", "lift_value"], terms), terms)) : null,
    linked.length ? block(say("用地明细", "Receipt of the land"), smallTable([
      [say("宗地", "Parcel"), (at) => parcelLink(l.get(at, "parcel_id"), rowsOf("parcels", "fid", l.get(at, "parcel_fid"))[0])],
      ...storedColumns(l, ["relation", "area_m2", "arithmetic"], linked)], linked,
    `${say("合计", "Sum")} ${muOf(linked.reduce((sum, at) => sum + hundredths(l.get(at, "area_m2")), 0))} ${unitText("亩")}`)) : null,
    block(say("企业资料", "Facts"), factList(e, row, e.columns.map((column) => column.name).filter((name) => !EVALUATION.has(name)))),
    own.length ? block(say("名下宗地", "Parcels held"), smallTable([
      [say("宗地", "Parcel"), (at) => parcelLink(table.parcels.get(at, "parcel_id"), at)],
      ...storedColumns(table.parcels, ["parcel_name", "area_mu", "tag"], own)], own)) : null,
  ];
}

function recordSheet(from, row) {
  const parcel = from.has("parcel_fid") ? rowsOf("parcels", "fid", from.get(row, "parcel_fid"))[0] : undefined;
  return [factList(from, row, from.columns.map((column) => column.name).filter((name) => name !== "fid" && !name.endsWith("fid"))),
    parcel === undefined ? null : el("p", {}, el("a", { href: `#parcel=${table.parcels.get(parcel, "fid")}` }, say("宗地核查表", "Case sheet of the parcel")))];
}

/* Opens a sheet; step(by) goes to a neighbour in the list it was opened from. */
function openSheet(title, sub, body, step, actions) {
  const button = (text, act, more = {}) => el("button", { type: "button", onclick: act, ...more }, text);
  sheet.replaceChildren(
    el("header", {}, el("div", {}, el("h2", { id: "sheet-title" }, title), sub ? el("p", {}, sub) : null),
      el("div", { class: "tools" },
        step ? button("‹", () => step(-1), { "aria-label": say("上一条", "Previous"), class: "step" }) : null,
        step ? button("›", () => step(1), { "aria-label": say("下一条", "Next"), class: "step" }) : null,
        ...actions.map(([text, act]) => button(text, act)),
        button(say("打印", "Print"), () => window.print()),
        button("×", () => sheet.close(), { "aria-label": say("关闭", "Close"), class: "close" }))),
    el("div", { class: "sheetbody", tabindex: "-1", autofocus: true }, ...body.filter(Boolean)));
  if (!sheet.open) sheet.showModal();
  sheet.querySelector(".sheetbody").focus();
}
