/* Pan, zoom, hover and click on the map. */
"use strict";

const PAPER_WIDTH = 688; /* CSS pixels; as in the style of the printed page */
const PAPER_HEIGHT = 620;

class MapView {
  /* choose(shape): a click, -1 beside all parcels; tip(shape) -> lines */
  constructor(host, shapes, look, { choose, tip }) {
    Object.assign(this, { host, shapes, look, choose, tip, hover: -1, selected: -1, moved: false });
    this.canvas = host.querySelector("canvas");
    this.view = new View(this.canvas);
    this.pointers = new Map();
    this.over = el("canvas", { class: "over", "aria-hidden": true });
    this.canvas.after(this.over);
    this.bubble = host.querySelector(".tip");
    this.hint = host.querySelector(".maphint");
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    this.listen();
  }
  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.release(event));
    canvas.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.point(-1));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    /* One finger scrolls the page, two move the map. */
    canvas.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
    canvas.addEventListener("touchstart", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
    for (const [id, act] of [["zoom-in", () => this.zoom(1.6)], ["zoom-out", () => this.zoom(1 / 1.6)], ["zoom-all", () => this.all()]]) {
      document.getElementById(id).addEventListener("click", act);
    }
  }
  resize() {
    const fresh = this.view.width <= 1;
    const shrunk = this.view.width / (this.canvas.clientWidth || 1);
    this.view.resize(window.devicePixelRatio || 1, this.canvas.clientWidth, this.canvas.clientHeight);
    if (fresh) this.view.fit(this.shapes.extent(), 14);
    else this.view.scale /= shrunk;
    this.draw();
  }
  /* What is in sight, on a canvas for paper: of the size that it has there, which the screen does not know. */
  toPaper() {
    this.paper = el("canvas", { class: "paper" });
    this.canvas.after(this.paper);
    const view = new View(this.paper);
    view.resize(3, PAPER_WIDTH, PAPER_HEIGHT);
    view.fit([...this.view.ground(0, this.view.height), ...this.view.ground(this.view.width, 0)], 0);
    drawMap(view, this.shapes, this.look);
    drawMarks(this.paper.getContext("2d"), view, this.shapes, [[this.selected, 2.5]]);
    this.drawScale(view);
  }
  fromPaper() {
    this.paper?.remove();
    this.drawScale(this.view);
  }
  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      drawMap(this.view, this.shapes, this.look);
      this.drawOver();
      this.drawScale(this.view);
    });
  }
  /* Marks lie on a canvas of their own: pointing at a parcel does not draw the map anew. */
  drawOver() {
    this.over.width = this.canvas.width;
    this.over.height = this.canvas.height;
    drawMarks(this.over.getContext("2d"), this.view, this.shapes, [[this.hover, 1.5], [this.selected, 2.5]]);
  }
  drawScale(view) {
    const [metres, pixels] = scaleBar(view, Math.min(140, view.width / 3));
    const bar = this.host.querySelector(".scale");
    bar.firstElementChild.style.width = `${pixels}px`;
    bar.lastElementChild.textContent = metres >= 1000 ? `${metres / 1000} ${say("公里", "km")}` : `${plain(metres)} ${say("米", "m")}`;
  }
  all() {
    this.view.fit(this.shapes.extent(), 14);
    this.draw();
  }
  zoom(factor) {
    this.view.zoom(factor, this.view.width / 2, this.view.height / 2);
    this.draw();
  }
  select(shape, near) {
    this.selected = shape;
    if (shape >= 0 && near && !this.shapes.empty(shape)) {
      const box = this.shapes.boxOf(shape);
      const before = this.view.scale;
      this.view.fit(box, Math.min(this.view.width, this.view.height) * 0.36);
      this.view.scale = Math.max(Math.min(this.view.scale, 4), Math.min(before, this.view.scale));
    }
    this.draw();
  }
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== this.canvas) {
      this.hint.textContent = say("点一下地图，或按住 Ctrl，再滚动缩放", "Click the map, or hold Ctrl, to zoom with the wheel");
      this.hint.hidden = false;
      clearTimeout(this.hiding);
      this.hiding = setTimeout(() => { this.hint.hidden = true; }, 1600);
      return;
    }
    event.preventDefault();
    this.view.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), event.offsetX, event.offsetY);
    this.draw();
  }
  key(event) {
    const step = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) {
      this.view.x += step[0] / this.view.scale;
      this.view.y += step[1] / this.view.scale;
      this.draw();
    } else if (event.key === "+" || event.key === "=") this.zoom(1.4);
    else if (event.key === "-") this.zoom(1 / 1.4);
    else if (event.key === "0") this.all();
    else return;
    event.preventDefault();
  }
  press(event) {
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    this.moved = false;
    if (event.pointerType === "mouse") this.canvas.setPointerCapture(event.pointerId);
  }
  move(event) {
    const before = this.pointers.get(event.pointerId);
    const now = [event.offsetX, event.offsetY];
    if (!before) {
      if (event.pointerType === "mouse") this.point(this.shapes.at(...this.view.ground(...now)), now);
      return;
    }
    if (!this.moved && Math.hypot(now[0] - before[0], now[1] - before[1]) < 4) return;
    this.moved = true;
    if (event.pointerType !== "mouse" && this.pointers.size < 2) return;
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId);
    const shift = 1 / this.view.scale / this.pointers.size;
    this.view.x -= (now[0] - before[0]) * shift;
    this.view.y += (now[1] - before[1]) * shift;
    if (others.length === 1) {
      const [ox, oy] = others[0][1];
      const factor = Math.hypot(now[0] - ox, now[1] - oy) / Math.max(Math.hypot(before[0] - ox, before[1] - oy), 1);
      this.view.zoom(factor, ox, oy);
    }
    this.pointers.set(event.pointerId, now);
    this.point(-1);
    this.draw();
  }
  release(event) {
    const pressed = this.pointers.delete(event.pointerId);
    if (!pressed || this.moved) return;
    this.canvas.focus({ preventScroll: true });
    const shape = this.shapes.at(...this.view.ground(event.offsetX, event.offsetY));
    if (event.pointerType !== "mouse") this.point(shape, [event.offsetX, event.offsetY]);
    this.choose(shape);
  }
  point(shape, place) {
    this.bubble.hidden = shape < 0;
    this.canvas.classList.toggle("pointing", shape >= 0);
    if (shape >= 0) {
      if (shape !== this.hover) this.bubble.replaceChildren(...this.tip(shape));
      const left = place[0] + 16 + this.bubble.offsetWidth > this.view.width ? place[0] - 12 - this.bubble.offsetWidth : place[0] + 16;
      this.bubble.style.left = `${Math.max(4, left)}px`;
      this.bubble.style.top = `${Math.min(place[1] + 12, Math.max(4, this.view.height - this.bubble.offsetHeight - 4))}px`;
    }
    if (shape === this.hover) return;
    this.hover = shape;
    this.drawOver();
  }
}
