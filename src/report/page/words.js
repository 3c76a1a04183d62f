/* Chinese first; English on request. Texts of the data stay as they are. */
"use strict";

let language = "zh";
const say = (zh, en) => (language === "zh" ? zh : en);

const ENGLISH = new Map(Object.entries({
  批而未供: "Approved, not supplied", 疑似闲置: "Suspected idle", 疑似低效: "Suspected low efficiency", 待核查: "Unverified", 正常: "Normal",
  预警: "Alert", 指标: "Indicator", 数据问题: "Data", 命中: "Hit", 无法判定: "Undecided", 错误: "Error", 警告: "Warning", 提示: "Note",
  登记: "registered", 椭球: "ellipsoid", 平面: "plane", 混合: "mixed",
  供地: "Supply", 二级市场交易: "Secondary-market trade", 二次投资: "Reinvestment", 提升计划: "Uplift plan", 盘活厂房: "Factory space revived",
  置换: "Swap", 招商并购: "Merger or takeover", "收回/收储": "Reclaimed", 征缴闲置费: "Idle fee", 延期: "Extension", 动工: "Start", 竣工: "Completion",
  延期开工: "Extend the start", "调整用途/规划": "Change use or planning", 临时使用: "Temporary use", 协议有偿收回: "Take back against payment",
  置换土地: "Swap land", 无偿收回: "Take back without payment", 督促动工: "Urge the start", "二级市场转让/并购": "Transfer or merger",
  "增资技改/二次投资": "Reinvest, modernise", "厂房改造/加层/分割": "Rebuild, add storeys, divide", "提升计划(限期达标)": "Uplift plan with a deadline",
  收储后再供: "Take into reserve, supply anew", 撤销批文: "Withdraw the approval", "不予处置(说明)": "No measure (explained)",
  全部: "All", 标签: "Tag", 措施: "Measure", 评级: "Class", 土地用途: "Land use", 标签内重复: "Counted twice within a tag",
  重复计算: "Counted twice", 扣除重复后: "Net of what is counted twice", 企业用地: "Land of enterprises", 归到企业: "Assigned", 企业表以外: "Not in the enterprise table", 未归到企业: "Not assigned",
  自有: "own", 租入: "rented in", 租出: "rented out", A档: "Class A", B档: "Class B", C档: "Class C", D档: "Class D", 不参评: "Not rated",
  图形无效: "Invalid shape", 内环在外环之外: "Hole outside its ring", 重复点: "Repeated vertex", 尖刺: "Spike", 环绕向不对: "Wrong winding",
  狭长碎面: "Sliver", 重叠: "Overlap", 狭长重叠: "Sliver overlap", 包含: "Contained", 重复图形: "Duplicate", 缝隙: "Gap",
}));

const word = (zh) => (language === "zh" ? zh : ENGLISH.get(zh) || zh);

/* What a person reads for a value of a code list. */
function label(list, value) {
  if (value === null) return "";
  const known = codes.get(list);
  return word((known && known.get(value)) || value);
}

/* The same for several values joined by ";" or ",". */
function labels(list, values) {
  return (values || "").split(/[;,；，、]\s*/).filter(Boolean).map((value) => label(list, value)).join(say("、", ", "));
}

/* What a column is called. The unit is in some titles, and in the names of others. */
const UNITS = new Map(Object.entries({
  land_price: "万元", total_investment: "万元", invested: "万元", fixed_investment: "万元", idle_fee: "万元", amount: "万元", tax: "万元", revenue: "万元",
  rd: "万元", value_added: "万元", energy: "tce", agreed_intensity: "万元/亩", agreed_tax: "万元/亩", coverage: "%", delay_days: "天", idle_days: "天",
}));
const ENGLISH_UNITS = new Map([["万元", "10 000 yuan"], ["万元/亩", "10 000 yuan/mu"], ["天", "days"], ["亩", "mu"], ["㎡", "m²"]]);

const unitText = (unit) => (language === "zh" ? unit : ENGLISH_UNITS.get(unit) || unit);

function unitOf(name) {
  const unit = UNITS.get(name) || (name.endsWith("_m2") ? "㎡" : name.endsWith("_mu") && !name.includes("_per_") ? "亩" : "");
  return unitText(unit);
}

function titleOf(column) {
  if (language === "en" && /^[a-z_0-9]+$/.test(column.name)) return column.name.replace(/_m2$|_mu$/, "").replaceAll("_", " ");
  return (column.title || column.name).replace(/[(（]([^)）]+)[)）]$/, (whole, unit) => (unit === unitOf(column.name) ? "" : whole));
}

/* Sets the words that stand in the page itself. */
function setLanguage(to) {
  language = to;
  document.documentElement.lang = to === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-en]")) {
    if (node.dataset.zh === undefined) node.dataset.zh = node.textContent;
    node.textContent = node.dataset[to];
  }
  for (const node of document.querySelectorAll("[data-en-label]")) {
    if (node.dataset.zhLabel === undefined) node.dataset.zhLabel = node.getAttribute("aria-label");
    node.setAttribute("aria-label", node.dataset[`${to}Label`]);
  }
}

const short = (text) => el("span", { class: "short" }, text); /* stays on one line */

/* Pieces that may break apart between, but not inside. */
function pieces(texts) {
  return texts.filter(Boolean).map((text) => el("span", { class: "piece" }, text));
}

/* An element; children are elements or texts, never markup. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}
