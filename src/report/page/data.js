/* The GeoPackage's tables, column by column, and how a figure is written. */
"use strict";

const report = JSON.parse(document.getElementById("data").textContent);

class Table {
  constructor(name) {
    const stored = report.tables.find((table) => table.name === name);
    this.rows = stored ? stored.rows : 0;
    this.columns = stored ? stored.columns : [];
    this.byName = new Map(this.columns.map((column) => [column.name, column]));
    this.groups = new Map();
  }
  has(name) {
    return this.byName.has(name);
  }
  /* null: unknown, or no such column. */
  get(row, name) {
    const column = this.byName.get(name);
    if (!column) return null;
    if (column.values) return column.values[row];
    if (!column.texts) return null;
    const text = column.rows ? column.rows[row] : row;
    return text < 0 ? null : column.texts[text];
  }
  /* Value of the column -> its rows; made when first asked for. */
  group(name) {
    if (this.groups.has(name)) return this.groups.get(name);
    const groups = new Map();
    this.groups.set(name, groups);
    for (let row = 0; row < this.rows; row++) {
      const key = this.get(row, name);
      if (key === null) continue;
      if (groups.has(key)) groups.get(key).push(row);
      else groups.set(key, [row]);
    }
    return groups;
  }
  *all() {
    for (let row = 0; row < this.rows; row++) yield row;
  }
}

const table = Object.fromEntries(["parcels", "findings", "enterprises", "enterprise_parcels", "score_terms", "ledger", "topology",
  "totals", "problems", "run", "rules", "rule_names"].map((name) => [name, new Table(name)]));
const codes = new Map(report.codes.map((list) => [list.name, new Map(list.codes)]));
const run = new Map([...table.run.all()].map((row) => [table.run.get(row, "key"), table.run.get(row, "value")]));

const rowsOf = (name, column, key) => table[name].group(column).get(key) || [];

/* Rounded half up as written in decimal, so that 2.675 is 2.68. */
function fixed(number, digits) {
  if (number === null) return "";
  const size = Math.abs(number);
  const text = String(size);
  if (text.includes("e")) return number.toFixed(digits);
  const rounded = Number(`${Math.round(`${text}e${digits}`)}e-${digits}`).toFixed(digits);
  return number < 0 && Number(rounded) !== 0 ? `−${rounded}` : rounded;
}

/* Areas add up as whole 0.01 m², as in the audit. */
const hundredths = (m2) => (m2 === null ? 0 : Math.round(m2 * 100));
const rounded = (dm2, factor, parts) => fixed((Math.sign(dm2) * Math.floor((Math.abs(dm2) * factor + parts / 2) / parts)) / 100, 2);
const muOf = (dm2) => rounded(dm2, 3, 2000);
const hectaresOf = (dm2) => rounded(dm2, 1, 10000);

/* A number as it is in the table, without a tail of digits nobody measured. */
function plain(number) {
  if (Number.isInteger(number)) return String(number);
  return fixed(number, 4).replace(/0+$/, "").replace(/\.$/, "");
}
