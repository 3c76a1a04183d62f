/* What goes to paper: lists in full, in place of those that show only what is in sight. */
"use strict";

function paperColumns(tag) {
  const text = (name) => (row) => parcels.get(row, name) || "";
  const date = (name) => (row) => short(parcels.get(row, name) || "");
  const columns = [[say("宗地", "Parcel"), (row) => el("span", {}, short(parcels.get(row, "parcel_id") || "—"), el("br"), parcels.get(row, "parcel_name"))],
    [say("坐落", "Location"), text("location")], [say("企业", "Holder"), text("holder_name")],
    [say("亩", "Mu"), (row) => fixed(parcels.get(row, "area_mu"), 2), true]];
  if (tag === "idle") columns.push([say("约定动工", "Agreed start"), date("agreed_start")], [say("闲置起算日", "Idle since"), date("idle_since")]);
  if (tag === "unverified") columns.push([say("缺少的字段", "Missing"), text("missing")]);
  else columns.push([say("理由", "Reason"), text("reason")], [say("拟处置", "Proposed"), (row) => labels("measure", parcels.get(row, "measures"))]);
  return columns;
}

function paperRoster(title, tag, rows) {
  const area = muOf(rows.reduce((sum, row) => sum + hundredths(parcels.get(row, "area_m2")), 0));
  return el("section", {}, el("h2", {}, title),
    smallTable(paperColumns(tag), rows, say(`${rows.length} 宗 ${area} 亩`, `${rows.length} parcels, ${area} mu`)));
}

/* What is filtered is printed as it is filtered; without a filter, every tag but the normal parcels. */
function paperRosters() {
  if (roster.shown.length !== parcels.rows) return [paperRoster(say("宗地清单（已筛选）", "Roster (filtered)"), "", [...roster.shown])];
  const found = parcels.group("tag");
  const tags = [...(legend.get("tag") || new Map()).keys()].filter((tag) => tag !== "normal" && found.has(tag));
  const normal = (found.get("normal") || []).length;
  return [...tags.map((tag) => paperRoster(`${label("tag", tag)}${say("清单", ": roster")}`, tag, found.get(tag))),
    normal ? el("p", { class: "hint" }, say(`正常的 ${normal} 宗未列印；按标签筛选后可打印。`, `The ${normal} normal parcels are not printed; filter by tag to print them.`)) : null];
}

function paperGrades() {
  const rated = [...e.all()].filter((row) => e.get(row, "grade") !== null).sort((a, b) => compare(e.get(a, "rank"), e.get(b, "rank")) || a - b);
  return paperList(say("亩均效益评价结果", "Evaluation per mu"), e, ["rank", "code", "name", "area_mu", "score", "grade", "response"], rated);
}

function paperList(title, from, names, rows) {
  return rows.length ? el("section", {}, el("h2", {}, title), smallTable(storedColumns(from, names, rows), rows)) : null;
}

function toPaper() {
  if (sheet.open) {
    document.body.classList.add("onlysheet");
    for (const part of sheet.querySelectorAll("details")) part.open = true;
    return;
  }
  document.getElementById("paper").replaceChildren(...[...paperRosters(), paperGrades(),
    paperList(say("盘活台账（计入本期）", "Ledger: what counts"), table.ledger, ["date", "kind", "parcel_id", "enterprise_code", "counted_m2", "factory_m2", "amount", "note"],
      [...table.ledger.all()].filter((row) => table.ledger.get(row, "counted") === 1)),
    paperList(say("几何问题", "Problems of geometry"), table.topology, ["kind", "message", "area_m2"], [...table.topology.all()])].filter(Boolean));
  map.toPaper();
}

function fromPaper() {
  document.body.classList.remove("onlysheet");
  document.getElementById("paper").replaceChildren();
  map.fromPaper();
}
