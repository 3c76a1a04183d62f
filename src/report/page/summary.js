/* The figures: headline, shares, totals, what was run. All are taken from the tables as they stand. */
"use strict";

const totals = table.totals;

function totalRow(topic, code) {
  return rowsOf("totals", "topic", topic).find((row) => totals.get(row, "code") === code);
}

const count = (row, name, unit) => (totals.get(row, name) === null ? "" : `${totals.get(row, name)} ${unit}`);

function figure(row, title, style, more) {
  const parts = [count(row, "parcels", say("宗", "parcels")), count(row, "enterprises", say("家", "enterprises")),
    `${hectaresOf(hundredths(totals.get(row, "area_m2")))} ${say("公顷", "ha")}`, more];
  const node = el("div", { class: "figure" }, el("h3", {}, style ? swatch(style) : null, title),
    el("p", { class: "big" }, fixed(totals.get(row, "area_mu"), 2), el("small", {}, ` ${unitText("亩")}`)),
    el("p", { class: "sub" }, ...pieces(parts)));
  if (style) node.style.setProperty("--line", style.fill);
  return node;
}

function showMeta() {
  const period = run.get("period_from") ? say("统计期 ", "period ") + run.get("period_from") + say(" 至 ", " to ") + run.get("period_to") : "";
  const parts = [run.get("as_of") && say("截止日 ", "as of ") + run.get("as_of"), period,
    run.get("rules") && say("规则 ", "rules ") + (language === "zh" ? run.get("rules_title") || run.get("rules") : run.get("rules")),
    run.get("input.parcels") && say("数据 ", "data ") + run.get("input.parcels")];
  document.getElementById("meta").replaceChildren(...pieces(parts));
}

function showStatement() {
  const text = run.get(language === "zh" ? "statement_zh" : "statement_en");
  if (!text) {
    document.querySelector(".statement").hidden = true;
    return;
  }
  const parts = text.split(/(\d{4}-\d\d-\d\d|\d[\d.]*(?=\s?(?:宗|家|亩|万平方米|parcels|mu|enterprises)))/);
  document.getElementById("statement").replaceChildren(...parts.map((part, i) => (i % 2 ? el(part.includes("-") ? "time" : "b", {}, part) : part)));
}

function showHeadline() {
  const all = totalRow("all", "all");
  const tags = ["approved_unsupplied", "idle", "low_efficiency"].map((code) => [totalRow("tag", code), code]).filter(([row]) => row !== undefined);
  document.getElementById("headline").replaceChildren(...(all === undefined ? [] : [figure(all, say("审计土地", "Land audited"))]),
    ...tags.map(([row, code]) => figure(row, label("tag", code), styleFor("tag", code))));
  /* In the order of the statement; the first four that there are. */
  const kinds = ["trade", "reinvest", "supply", "plan", "factory", "swap", "merge", "reclaim"].map((code) => [totalRow("measure", code), code])
    .filter(([row]) => row !== undefined && totals.get(row, "parcels") > 0).slice(0, 4);
  document.getElementById("revived").replaceChildren(...kinds.map(([row, code]) => {
    const factory = totals.get(row, "factory_m2");
    return figure(row, label("ledger_kind", code), null, factory ? `${say("标准厂房", "factory")} ${hectaresOf(hundredths(factory))} ${say("万㎡", "× 10 000 m²")}` : "");
  }));
}

/* One bar for all land, by tag. */
function showShares() {
  const all = totalRow("all", "all");
  const rows = rowsOf("totals", "topic", "tag").filter((row) => totals.get(row, "area_m2") > 0);
  const host = document.getElementById("shares");
  host.hidden = all === undefined || rows.length === 0;
  if (host.hidden) return;
  const whole = totals.get(all, "area_m2");
  const part = (row) => totals.get(row, "area_m2") / whole;
  const bar = el("div", { class: "sharebar", "aria-hidden": true }, ...rows.map((row) => {
    const piece = swatch(styleFor("tag", totals.get(row, "code")));
    piece.style.flexGrow = part(row);
    return piece;
  }));
  host.replaceChildren(bar, el("ul", { class: "sharelist" }, ...rows.map((row) => el("li", {}, swatch(styleFor("tag", totals.get(row, "code"))),
    `${word(totals.get(row, "label"))} `, el("b", {}, `${fixed(part(row) * 100, 1)}%`)))));
}

function totalsTable(topic) {
  const rows = rowsOf("totals", "topic", topic);
  const named = (row) => {
    const text = word(totals.get(row, "label"));
    const facet = { tag: "tag", grade: "grade", measure: "kind", land_use: "land_use" }[topic];
    if (!facet || !totals.get(row, "parcels")) return short(text);
    return el("button", { type: "button", class: "link", onclick: () => filterOnly(facet, totals.get(row, "code")) },
      styleFor(topic, totals.get(row, "code")) ? swatch(styleFor(topic, totals.get(row, "code"))) : null, text);
  };
  const columns = [[label("topic", topic), named],
    [say("宗", "Parcels"), (row) => String(totals.get(row, "parcels") ?? ""), true],
    [say("家", "Enterprises"), (row) => String(totals.get(row, "enterprises") ?? ""), true],
    [say("亩", "Mu"), (row) => fixed(totals.get(row, "area_mu"), 2), true],
    [say("公顷", "Hectares"), (row) => (totals.get(row, "area_m2") === null ? "" : hectaresOf(hundredths(totals.get(row, "area_m2")))), true]];
  if (rows.some((row) => totals.get(row, "factory_m2"))) columns.push([say("厂房㎡", "Factory m²"), (row) => fixed(totals.get(row, "factory_m2"), 2), true]);
  if (topic === "tag") {
    columns.push([say("其中重复(亩)", "Counted twice (mu)"), (row) => {
      const twice = totalRow("tag_overlap", totals.get(row, "code"));
      return twice === undefined ? "" : fixed(totals.get(twice, "area_mu"), 2);
    }, true]);
  }
  columns.push([say("面积依据", "Basis"), (row) => short(label("area_basis", totals.get(row, "area_basis")))]);
  const node = smallTable(columns, rows, totals.get(rows[0], "period_to") ? periodText(rows[0]) : topic === "grade" ? run.get("scheme_title") : null);
  node.querySelectorAll("tbody tr").forEach((line, i) => line.classList.toggle("zero", totals.get(rows[i], "parcels") === 0));
  return node;
}

function periodText(row) {
  const from = totals.get(row, "period_from");
  return from ? say(`统计期 ${from} 至 ${totals.get(row, "period_to")}`, `Period ${from} to ${totals.get(row, "period_to")}`)
    : say(`截至 ${totals.get(row, "period_to")}`, `Up to ${totals.get(row, "period_to")}`);
}

function showTotals() {
  const topics = [...totals.group("topic").keys()].filter((topic) => topic !== "tag_overlap");
  /* Two columns: what was found, what was done; the other tables below the shorter one. */
  const sides = [{ node: el("div"), rows: 0 }, { node: el("div"), rows: 0 }];
  for (const topic of topics) {
    const side = sides[topic === "measure" || (topic !== "all" && topic !== "tag" && sides[1].rows < sides[0].rows) ? 1 : 0];
    side.node.append(totalsTable(topic));
    side.rows += rowsOf("totals", "topic", topic).length + 2;
  }
  document.getElementById("tables").replaceChildren(...sides.map((side) => side.node));
  document.getElementById("totals").hidden = topics.length === 0;
}

function showRun() {
  const shown = [...table.run.all()].map((row) => [table.run.get(row, "key"), table.run.get(row, "value"), report.run_names[row]]);
  document.getElementById("run-table").replaceChildren(el("dl", { class: "facts run" }, ...shown.filter(([key]) => !key.startsWith("statement_"))
    .map(([key, value, name]) => el("div", {}, el("dt", {}, say(name, key)), el("dd", { class: /sha256/.test(key) ? "hash" : null }, value)))));
}
