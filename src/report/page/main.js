/* Brings the parts together: what is filtered, what is selected, what a link opens, what goes to paper. */
"use strict";

const shapes = new Shapes(report.map);
const parcels = table.parcels;
const legend = new Map(report.legend.map((list) => [list.name, new Map(list.classes.map((style) => [style.value, style]))]));
const PLAIN = { value: null, fill: "#d9d9d9", line: "#4d4d4d", pattern: null };

function styleFor(list, value) {
  return (legend.has(list) && legend.get(list).get(value)) || null;
}

/* ---- what is kept: facet -> values; none means all ---- */

const facets = new Map([["tag", new Set()], ["grade", new Set()], ["land_use", new Set()], ["kind", new Set()]]);

/* A parcel has several measures, and through its enterprises several classes: parcel row -> values. */
function valuesOf(from, parcelFid, value) {
  const found = new Map();
  for (const row of from.all()) {
    const told = value(row);
    if (told === null) continue;
    for (const parcel of rowsOf("parcels", "fid", from.get(row, parcelFid))) {
      if (!found.has(parcel)) found.set(parcel, new Set());
      found.get(parcel).add(told);
    }
  }
  return found;
}
const links = table.enterprise_parcels;
const gradeOf = (link) => rowsOf("enterprises", "fid", links.get(link, "enterprise_fid")).map((row) => table.enterprises.get(row, "grade"))[0] || null;
const several = new Map([["kind", valuesOf(table.ledger, "parcel_fid", (row) => (table.ledger.get(row, "counted") === 1 ? table.ledger.get(row, "kind") : null))],
  ["grade", valuesOf(links, "parcel_fid", gradeOf)]]);

function keeps(row) {
  for (const [facet, wanted] of facets) {
    if (wanted.size === 0) continue;
    const values = several.has(facet) ? several.get(facet).get(row) || [] : [parcels.get(row, facet)];
    if (![...values].some((value) => wanted.has(value))) return false;
  }
  return true;
}

/* Value of a facet -> parcels that have it. */
function countsOf(facet) {
  if (!several.has(facet)) return new Map([...parcels.group(facet)].map(([value, rows]) => [value, rows.length]));
  const counts = new Map();
  for (const values of several.get(facet).values()) for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return counts;
}

const kept = new Uint8Array(parcels.rows).fill(1);
let inList = new Set();

function refilter() {
  for (let row = 0; row < kept.length; row++) kept[row] = keeps(row) ? 1 : 0;
  roster.scroll.scrollTop = 0;
  roster.update();
  reflect();
}

/* The map shows what the list shows. */
function reflect() {
  const all = roster.shown.length === parcels.rows;
  inList = all ? null : new Set(roster.shown);
  showFilters();
  map.draw();
}

function filterOnly(facet, value) {
  for (const wanted of facets.values()) wanted.clear();
  facets.get(facet).add(value);
  roster.search.value = "";
  roster.query = "";
  refilter();
  document.getElementById("parcels").scrollIntoView();
}

function toggle(facet, value) {
  const wanted = facets.get(facet);
  if (!wanted.delete(value)) wanted.add(value);
  refilter();
}

function chips(facet, title, texts) {
  const counts = countsOf(facet);
  const values = [...(legend.get(facet) || counts).keys()].filter((value) => counts.has(value));
  if (values.length === 0) return null;
  const wanted = facets.get(facet);
  return el("div", { class: "chips", role: "group", "aria-label": title }, el("span", {}, title), ...values.map((value) => el("button", {
    type: "button", "aria-pressed": String(wanted.has(value)), onclick: () => toggle(facet, value),
  }, swatch(styleFor(facet, value)), texts(value), el("small", {}, ` ${counts.get(value)}`))));
}

function select(facet, title, values, texts) {
  if (values.length === 0) return null;
  const [chosen] = facets.get(facet);
  const box = el("select", { "aria-label": title, onchange: () => {
    facets.get(facet).clear();
    if (box.selectedIndex > 0) facets.get(facet).add(values[box.selectedIndex - 1]);
    refilter();
  } }, el("option", {}, title), ...values.map((value) => el("option", {}, texts(value))));
  box.selectedIndex = chosen === undefined ? 0 : values.indexOf(chosen) + 1;
  return box;
}

function showFilters() {
  const uses = [...parcels.group("land_use").keys()].sort(compare);
  const counts = countsOf("kind");
  const kindNames = [...(codes.get("ledger_kind") || counts).keys()].filter((kind) => counts.has(kind));
  const any = [...facets.values()].some((wanted) => wanted.size) || roster.query;
  const colours = legend.has("grade") && parcels.group("grade").size ? el("div", { class: "chips", role: "group" }, el("span", {}, say("着色", "Colour by")),
    ...["tag", "grade"].map((by) => el("button", { type: "button", "aria-pressed": String(colourBy === by), onclick: () => recolour(by) }, label("topic", by)))) : null;
  document.getElementById("filters").replaceChildren(...[chips("tag", label("topic", "tag"), (value) => label("tag", value)),
    chips("grade", label("topic", "grade"), (value) => label("grade", value)), colours,
    el("div", { class: "selects" }, ...[select("land_use", say("全部用途", "All land uses"), uses, (value) => value),
      select("kind", say("全部盘活措施", "All measures"), kindNames, (value) => label("ledger_kind", value)),
      any ? el("button", { type: "button", class: "link", onclick: () => clearFilters() }, say("清除筛选", "Clear filters")) : null].filter(Boolean))].filter(Boolean));
}

function clearFilters() {
  for (const wanted of facets.values()) wanted.clear();
  roster.search.value = "";
  roster.query = "";
  refilter();
}

/* ---- the map ---- */

let colourBy = "tag";
const styleOf = (row) => styleFor(colourBy, parcels.get(row, colourBy)) || PLAIN;
const mapLook = {
  get order() {
    return [PLAIN, ...[...(legend.get(colourBy) || new Map()).values()].reverse()];
  },
  styleOf,
  dim: (row) => inList !== null && !inList.has(row),
  text: (row) => parcels.get(row, "parcel_name") || parcels.get(row, "parcel_id"),
};

function recolour(by) {
  colourBy = by;
  showFilters();
  showLegend();
  map.draw();
}

function mapTip(row) {
  return [el("strong", {}, parcels.get(row, "parcel_name") || parcels.get(row, "parcel_id") || say("（无代码）", "(no code)")),
    el("p", {}, badge("tag", parcels.get(row, "tag")), ` ${fixed(parcels.get(row, "area_mu"), 2)} ${unitText("亩")}`),
    parcels.get(row, "holder_name") ? el("p", {}, parcels.get(row, "holder_name")) : "",
    parcels.get(row, "reason") ? el("p", { class: "why" }, parcels.get(row, "reason")) : ""].filter(Boolean);
}

function showLegend() {
  const found = parcels.group(colourBy);
  const entries = [...(legend.get(colourBy) || new Map()).values()].filter((style) => found.has(style.value));
  document.getElementById("legend").replaceChildren(...entries.map((style) => el("span", {}, swatch(style), `${label(colourBy, style.value)} `,
    el("small", {}, `${found.get(style.value).length} ${say("宗", "parcels")}`))),
  el("span", { class: "source" }, run.get("crs_name") || run.get("crs") || ""));
}

/* ---- the lists ---- */

const two = (first, second) => {
  const node = el("span", { class: "two" }, el("b", {}, first || "—"), el("small", {}, second || ""));
  return node;
};
const column = (from, name, more = {}) => ({
  title: () => titleOf(from.byName.get(name)) + (unitOf(name) ? ` (${unitOf(name)})` : ""), value: (row) => from.get(row, name),
  cell: (row) => (from.get(row, name) === null ? null : valueText({ ...from.byName.get(name), name: "" }, from.get(row, name))), ...more,
});
const present = (from, columns) => columns.filter(([name]) => from.has(name)).map(([name, more]) => column(from, name, more));
const mu = (from) => ({ title: () => say("亩", "Mu"), value: (row) => from.get(row, "area_mu"), cell: (row) => fixed(from.get(row, "area_mu"), 2), number: true, width: "6.2em" });

const roster = new Grid(document.getElementById("roster"), {
  rows: parcels.rows,
  height: 52,
  sorted: 1, /* what the audit found comes first */
  name: () => say("宗地清单", "Roster of parcels"),
  keep: (row) => kept[row] === 1,
  words: (row) => ["parcel_id", "parcel_name", "holder_name", "holder_code", "location", "reason", "rules", "supervision_id", "contract_id", "land_use"]
    .map((name) => parcels.get(row, name)),
  href: (row) => `#parcel=${parcels.get(row, "fid")}`,
  open: (row) => {
    if (matchMedia("(max-width: 1060px)").matches) location.hash = `#parcel=${parcels.get(row, "fid")}`; /* the map is out of sight */
    else choose(row, true);
  },
  found: () => reflect(),
  sum: (rows) => {
    const area = muOf(rows.reduce((sum, row) => sum + hundredths(parcels.get(row, "area_m2")), 0));
    const of = rows.length === parcels.rows ? "" : ` / ${parcels.rows}`;
    return say(`${rows.length}${of} 宗，${area} 亩`, `${rows.length}${of} parcels, ${area} mu`);
  },
  columns: [
    { title: () => say("宗地", "Parcel"), value: (row) => parcels.get(row, "parcel_id"), cell: (row) => two(parcels.get(row, "parcel_name") || parcels.get(row, "parcel_id"),
      parcels.get(row, "parcel_name") ? parcels.get(row, "parcel_id") : ""), width: "12.5em" },
    { title: () => say("标签", "Tag"), value: (row) => [...(legend.get("tag") || new Map()).keys()].indexOf(parcels.get(row, "tag")),
      cell: (row) => badge("tag", parcels.get(row, "tag")), width: "6.6em" },
    ...(parcels.group("grade").size ? [{ title: () => label("topic", "grade"), value: (row) => parcels.get(row, "grade"),
      cell: (row) => label("grade", parcels.get(row, "grade")), width: "5em", minor: true }] : []),
    mu(parcels),
    { title: () => say("企业", "Holder"), value: (row) => parcels.get(row, "holder_name"), cell: (row) => two(parcels.get(row, "holder_name"),
      parcels.get(row, "land_use")), width: "14em", minor: true },
    { title: () => say("理由或缺少的字段", "Reason, or what is missing"), value: (row) => parcels.get(row, "reason"), minor: true,
      cell: (row) => el("span", { class: "clamp" }, parcels.get(row, "reason") || (parcels.get(row, "missing") ? `${say("缺少：", "Missing: ")}${parcels.get(row, "missing")}` : "")) },
  ],
});

/* A click: the parcel is marked in both, and seen in the other one. */
function choose(row, fromList) {
  map.select(row, fromList);
  roster.show(row);
}

const map = new MapView(document.getElementById("map"), shapes, mapLook, { choose: (row) => {
  if (row >= 0 && row === roster.current) location.hash = `#parcel=${parcels.get(row, "fid")}`;
  else choose(row, false);
}, tip: mapTip });

/* A list of another table; its rows open as they are. */
function list(id, from, height, columns, words, open) {
  document.getElementById(id).hidden = from.rows === 0;
  if (from.rows === 0) return null;
  return new Grid(document.getElementById(`${id.replace(/s$/, "")}-grid`), {
    rows: from.rows, height, columns, open,
    name: () => document.querySelector(`#${id} h2, #${id} h3`).textContent,
    words: (row) => words.map((name) => from.get(row, name)).filter((text) => text !== null).map(String),
    href: open ? (row) => `#${id}=${from.get(row, "fid")}` : null,
    sum: (rows) => `${rows.length}${rows.length === from.rows ? "" : ` / ${from.rows}`} ${say("行", "rows")}`,
  });
}

const e = table.enterprises;
const lists = [
  list("enterprises", e, 48, [
    { title: () => say("企业", "Enterprise"), value: (row) => e.get(row, "name"), cell: (row) => two(e.get(row, "name"), e.get(row, "code")), width: "17em" },
    ...present(e, [["year", { number: true, width: "4.5em", minor: true }]]),
    ...(e.group("grade").size ? [{ title: () => label("topic", "grade"), value: (row) => e.get(row, "grade"), cell: (row) => badge("grade", e.get(row, "grade")), width: "6em" },
      ...present(e, [["score", { number: true, width: "5em", cell: (row) => fixed(e.get(row, "score"), 2) }], ["rank", { number: true, width: "5.5em", minor: true }]])] : []),
    mu(e),
    ...present(e, [["parcels", { number: true, width: "4.5em", minor: true }], ["tax_per_mu", { number: true, minor: true, width: "9.5em", cell: (row) => fixed(e.get(row, "tax_per_mu"), 2) }],
      ["revenue_per_mu", { number: true, minor: true, width: "11em", cell: (row) => fixed(e.get(row, "revenue_per_mu"), 2) }], ["industry", { minor: true }], ["response", { minor: true }]]),
  ], ["code", "name", "industry", "grade_reason"], (row) => { location.hash = `#enterprise=${e.get(row, "fid")}`; }),
  list("ledger", table.ledger, 44, present(table.ledger, [["date", { width: "7.5em" }], ["kind", { width: "8em" }], ["parcel_id", { width: "13em" }],
    ["area_m2", { number: true, minor: true, width: "8em", cell: (row) => fixed(table.ledger.get(row, "area_m2"), 2) }], ["amount", { number: true, minor: true, width: "8em" }],
    ["counted", { minor: true, width: "5em", cell: (row) => (table.ledger.get(row, "counted") === 1 ? say("计入", "counted") : say("未计", "not counted")) }],
    ["message", { minor: true }], ["note", { minor: true }]]), ["event_id", "date", "parcel_id", "enterprise_code", "message", "note"],
  (row) => openRecord(table.ledger, row, say("台账", "Ledger"))),
  list("problems", table.problems, 52, present(table.problems, [["message", { cell: (row) => el("span", { class: "clamp" }, table.problems.get(row, "message")) }],
    ["severity", { width: "4.5em" }], ["source", { width: "9em", minor: true }], ["feature", { number: true, width: "5.5em", minor: true }],
    ["hint", { minor: true, cell: (row) => el("span", { class: "clamp" }, table.problems.get(row, "hint") || "") }]]), ["code", "source", "feature", "message", "hint"],
  (row) => openRecord(table.problems, row, label("severity", table.problems.get(row, "severity")))),
  list("topology", table.topology, 52, present(table.topology, [["message", { cell: (row) => el("span", { class: "clamp" }, table.topology.get(row, "message")) }],
    ["kind", { width: "8em" }], ["area_m2", { number: true, width: "8em", minor: true, cell: (row) => fixed(table.topology.get(row, "area_m2"), 2) }]]),
  ["kind", "parcel_a", "parcel_b", "message"], (row) => openRecord(table.topology, row, label("topology_kind", table.topology.get(row, "kind")))),
].filter(Boolean);

function openRecord(from, row, title) {
  openSheet(title, "", recordSheet(from, row), null, []);
}

function showProblemCounts() {
  const p = table.problems;
  const found = [...p.group("code")].sort((a, b) => b[1].length - a[1].length);
  document.getElementById("problem-counts").replaceChildren(smallTable([[say("级别", "Severity"), ([, rows]) => short(label("severity", p.get(rows[0], "severity")))],
    [say("条数", "Count"), ([, rows]) => String(rows.length), true], [say("例", "Example"), ([, rows]) => p.get(rows[0], "message")],
    [say("怎么办", "What to do"), ([, rows]) => p.get(rows[0], "hint") || ""], [say("代码", "Code"), ([code]) => short(code)]], found));
}

/* ---- addresses: #parcel=FID or its code, #enterprise=FID ---- */

function step(grid, row, by, kind, from) {
  const at = grid.shown.indexOf(row) + by;
  if (at >= 0 && at < grid.shown.length) location.hash = `#${kind}=${from.get(grid.shown[at], "fid")}`;
}

function follow() {
  const [, kind, key] = /^#(parcel|enterprise|ledger|problems|topology)s?=(.+)$/.exec(decodeURIComponent(location.hash)) || [];
  if (!kind) return;
  const name = kind === "parcel" ? "parcels" : kind === "enterprise" ? "enterprises" : kind;
  const from = table[name];
  let row = rowsOf(name, "fid", Number(key))[0];
  if (row === undefined) [row] = rowsOf(name, kind === "parcel" ? "parcel_id" : "code", key);
  if (row === undefined) return;
  if (kind === "parcel") {
    choose(row, true);
    openSheet(parcels.get(row, "parcel_name") || parcels.get(row, "parcel_id") || say("（无代码）", "(no code)"), parcels.get(row, "parcel_id"), parcelSheet(row),
      (by) => step(roster, row, by, "parcel", parcels), [[say("看地图", "On the map"), () => {
        sheet.close();
        document.getElementById("map").scrollIntoView({ block: "center" });
      }]]);
  } else if (kind === "enterprise") {
    lists[0].show(row);
    openSheet(e.get(row, "name") || e.get(row, "code"), e.get(row, "code"), enterpriseSheet(row), (by) => step(lists[0], row, by, "enterprise", e), []);
  } else openRecord(from, row, document.querySelector(`#${name} h2, #${name} h3`).textContent);
}

function render() {
  showMeta();
  showStatement();
  showHeadline();
  showShares();
  showTotals();
  showRun();
  showProblemCounts();
  roster.relabel();
  for (const grid of lists) grid.relabel();
  reflect();
  showLegend();
}

document.getElementById("language").addEventListener("click", (event) => {
  setLanguage(language === "zh" ? "en" : "zh");
  event.target.textContent = say("English", "中文");
  event.target.lang = say("en", "zh-CN");
  render();
});
document.getElementById("print").addEventListener("click", () => window.print());
sheet.addEventListener("close", () => {
  sheet.replaceChildren();
  history.replaceState(null, "", location.pathname + location.search);
});
sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
window.addEventListener("hashchange", follow);
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", fromPaper);
for (const link of document.querySelectorAll("#nav a")) {
  link.hidden = document.querySelector(link.getAttribute("href")).hidden;
}
render();
follow();
