/* A list of many rows: only those in sight are in the document. Search, sort, and keys to walk through it. */
"use strict";

const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });
const SPARE = 6; /* rows drawn beyond the edges */

function compare(a, b) {
  if (a === b) return 0;
  if (a === null) return 1; /* unknown values come last, whichever way it is sorted */
  if (b === null) return -1;
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
}

/* columns: { title(), cell(row) -> node or text, value(row), number, minor, width }; words(row) -> texts to search in;
 * open(row): what a click does; href(row): its address; sum(rows) -> a line about what is shown. */
class Grid {
  constructor(host, options) {
    Object.assign(this, { height: 44, keep: () => true, current: -1, sorted: -1, down: false, query: "" }, options);
    this.host = host;
    this.live = new Map();
    this.every = Int32Array.from({ length: this.rows }, (_, row) => row);
    this.shown = this.every;
    this.search = el("input", { type: "search", autocomplete: "off", spellcheck: "false", oninput: () => this.find() });
    this.count = el("p", { class: "count", "aria-live": "polite" });
    this.head = el("tr");
    this.above = el("tr", { class: "pad", "aria-hidden": true });
    this.below = el("tr", { class: "pad", "aria-hidden": true });
    this.body = el("tbody", { onclick: (event) => this.clicked(event), onkeydown: (event) => this.walk(event) }, this.above, this.below);
    this.table = el("table", {}, el("colgroup", {}, ...this.columns.map((column) => this.column(column))), el("thead", {}, this.head), this.body);
    this.scroll = el("div", { class: "scroll", tabindex: "0", onscroll: () => this.draw() }, this.table);
    host.replaceChildren(el("div", { class: "gridtools" }, this.search, this.count), this.scroll);
    new ResizeObserver(() => this.draw()).observe(this.scroll);
    if (this.sorted >= 0) this.arrange();
    this.relabel();
  }
  column(column) {
    const col = el("col", { class: column.minor ? "minor" : null });
    if (column.width) col.style.width = column.width;
    return col;
  }
  /* After a change of language or of what is kept. */
  relabel() {
    this.search.placeholder = say("搜索", "Search");
    this.search.setAttribute("aria-label", say("在清单中搜索", "Search in the list"));
    this.scroll.setAttribute("aria-label", this.name());
    this.head.replaceChildren(...this.columns.map((column, index) => el("th", {
      scope: "col", class: [column.number && "number", column.minor && "minor"].filter(Boolean).join(" "),
      "aria-sort": index === this.sorted ? (this.down ? "descending" : "ascending") : null,
    }, el("button", { type: "button", onclick: () => this.sort(index) }, column.title()))));
    const top = this.scroll.scrollTop; /* without its rows the list is shorter */
    this.live.forEach((row) => row.remove());
    this.live.clear();
    this.update();
    this.scroll.scrollTop = top;
    this.draw();
  }
  sort(index) {
    this.down = this.sorted === index && !this.down;
    this.sorted = index;
    this.arrange();
    this.scroll.scrollTop = 0;
    this.relabel();
  }
  arrange() {
    const { value } = this.columns[this.sorted];
    const keys = Array.from(this.every.slice().sort((a, b) => a - b), value);
    const sign = this.down ? -1 : 1;
    this.every.sort((a, b) => {
      const either = keys[a] === null || keys[b] === null;
      return compare(keys[a], keys[b]) * (either ? 1 : sign) || a - b;
    });
  }
  find() {
    this.query = this.search.value.trim().toLowerCase();
    this.scroll.scrollTop = 0;
    this.update();
    if (this.found) this.found();
  }
  matches(row) {
    if (!this.query) return true;
    if (!this.texts) this.texts = [];
    if (this.texts[row] === undefined) this.texts[row] = this.words(row).filter((text) => text !== null).join("\n").toLowerCase();
    return this.query.split(/\s+/).every((part) => this.texts[row].includes(part));
  }
  update() {
    this.shown = this.every.filter((row) => this.keep(row) && this.matches(row));
    this.count.textContent = this.sum(this.shown);
    this.table.setAttribute("aria-rowcount", this.shown.length + 1);
    this.draw();
  }
  make(row) {
    const cells = this.columns.map((column, index) => {
      const cell = el("td", { class: [column.number && "number", column.minor && "minor"].filter(Boolean).join(" ") });
      const content = column.cell(row);
      if (content !== null) cell.append(index === 0 && this.href ? el("a", { href: this.href(row), class: "open" }, content) : content);
      return cell;
    });
    const line = el("tr", { "data-row": row }, ...cells);
    line.style.height = `${this.height}px`;
    return line;
  }
  draw() {
    const { height, shown } = this;
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / height) - SPARE);
    const last = Math.min(shown.length, Math.ceil((this.scroll.scrollTop + this.scroll.clientHeight) / height) + SPARE);
    const needed = new Set(shown.subarray(first, last));
    for (const [row, line] of this.live) {
      if (needed.has(row)) continue;
      line.remove();
      this.live.delete(row);
    }
    this.above.style.height = `${first * height}px`;
    this.below.style.height = `${(shown.length - last) * height}px`;
    let next = this.above.nextSibling;
    for (let at = first; at < last; at++) {
      const row = shown[at];
      if (!this.live.has(row)) this.live.set(row, this.make(row));
      const line = this.live.get(row);
      line.setAttribute("aria-rowindex", at + 2);
      line.classList.toggle("current", row === this.current);
      if (line === next) next = next.nextSibling;
      else this.body.insertBefore(line, next);
    }
  }
  /* Marks a row and brings it in sight. */
  show(row) {
    this.current = row;
    const at = this.shown.indexOf(row);
    if (at >= 0) {
      const top = at * this.height;
      const room = this.scroll.clientHeight - this.head.offsetHeight - this.height;
      if (top < this.scroll.scrollTop || top > this.scroll.scrollTop + room) this.scroll.scrollTop = Math.max(0, top - room / 2);
    }
    this.draw();
  }
  clicked(event) {
    const line = event.target.closest("tr[data-row]");
    if (!line || event.target.closest("a")) return;
    this.open(Number(line.dataset.row));
  }
  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    const line = event.target.closest("tr[data-row]");
    if (!step || !line) return;
    event.preventDefault();
    const at = Math.min(Math.max(this.shown.indexOf(Number(line.dataset.row)) + step, 0), this.shown.length - 1);
    this.show(this.shown[at]);
    this.live.get(this.shown[at])?.querySelector("a")?.focus();
  }
}
