/* The map: shapes as rings in metres, drawn on a canvas. */
"use strict";

const GAP = 0.8; /* pixels: what is nearer than this to the last point is not drawn */
const BATCH = 16; /* shapes a path */
const CROWD = 4000; /* shapes in sight from which less is drawn of each */
const LABEL_MIN = 46; /* pixels of width from which a parcel can carry its name */

/* Rings are told as first point and steps, in units of report.map.step metres. */
class Shapes {
  constructor(stored) {
    const rings = stored.shapes.reduce((sum, shape) => sum + shape.length, 0);
    const points = stored.shapes.reduce((sum, shape) => sum + shape.reduce((all, ring) => all + ring.length / 2, 0), 0);
    this.count = stored.shapes.length;
    this.xy = new Float64Array(points * 2);
    this.ringEnd = new Uint32Array(rings);
    this.shapeEnd = new Uint32Array(this.count);
    this.box = new Float64Array(this.count * 4);
    let at = 0;
    let ringCount = 0;
    stored.shapes.forEach((shape, index) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (const ring of shape) {
        let x = 0;
        let y = 0;
        for (let i = 0; i < ring.length; i += 2) {
          x += ring[i];
          y += ring[i + 1];
          const east = x * stored.step;
          const north = y * stored.step;
          this.xy[at++] = east;
          this.xy[at++] = north;
          box[0] = Math.min(box[0], east);
          box[1] = Math.min(box[1], north);
          box[2] = Math.max(box[2], east);
          box[3] = Math.max(box[3], north);
        }
        this.ringEnd[ringCount++] = at / 2;
      }
      this.shapeEnd[index] = ringCount;
      this.box.set(box, index * 4);
    });
  }
  firstRing(shape) {
    return shape ? this.shapeEnd[shape - 1] : 0;
  }
  firstPoint(ring) {
    return ring ? this.ringEnd[ring - 1] : 0;
  }
  boxOf(shape) {
    return this.box.subarray(shape * 4, shape * 4 + 4);
  }
  empty(shape) {
    return this.firstRing(shape) === this.shapeEnd[shape];
  }
  extent() {
    const all = [Infinity, Infinity, -Infinity, -Infinity];
    for (let shape = 0; shape < this.count; shape++) {
      if (this.empty(shape)) continue;
      const box = this.boxOf(shape);
      for (let i = 0; i < 4; i++) all[i] = i < 2 ? Math.min(all[i], box[i]) : Math.max(all[i], box[i]);
    }
    return all[0] > all[2] ? [0, 0, 1, 1] : all;
  }
  holds(shape, x, y) {
    const box = this.boxOf(shape);
    if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
    let inside = false;
    for (let ring = this.firstRing(shape); ring < this.shapeEnd[shape]; ring++) {
      const first = this.firstPoint(ring);
      const end = this.ringEnd[ring];
      for (let i = first, j = end - 1; i < end; j = i++) {
        const yi = this.xy[i * 2 + 1];
        const yj = this.xy[j * 2 + 1];
        if (yi > y !== yj > y && x < ((this.xy[j * 2] - this.xy[i * 2]) * (y - yi)) / (yj - yi) + this.xy[i * 2]) inside = !inside;
      }
    }
    return inside;
  }
  /* The smallest shape at a place, or -1: a parcel inside another must be reached. */
  at(x, y) {
    let found = -1;
    let least = Infinity;
    for (let shape = 0; shape < this.count; shape++) {
      const box = this.boxOf(shape);
      const size = (box[2] - box[0]) * (box[3] - box[1]);
      if (size < least && this.holds(shape, x, y)) {
        found = shape;
        least = size;
      }
    }
    return found;
  }
}

/* Where on the ground the canvas looks. scale: pixels per metre. */
class View {
  constructor(canvas) {
    this.canvas = canvas;
    this.x = 0;
    this.y = 0;
    this.scale = 1;
    this.width = 1;
    this.height = 1;
  }
  resize(ratio, width, height) {
    this.width = width || 1;
    this.height = height || 1;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.ratio = ratio;
  }
  fit(box, margin) {
    this.x = (box[0] + box[2]) / 2;
    this.y = (box[1] + box[3]) / 2;
    const across = Math.max(box[2] - box[0], 1);
    const up = Math.max(box[3] - box[1], 1);
    this.scale = Math.min((this.width - 2 * margin) / across, (this.height - 2 * margin) / up);
    if (!(this.scale > 0)) this.scale = 1;
  }
  ground(px, py) {
    return [this.x + (px - this.width / 2) / this.scale, this.y - (py - this.height / 2) / this.scale];
  }
  zoom(factor, px, py) {
    const [x, y] = this.ground(px, py);
    this.scale = Math.min(Math.max(this.scale * factor, 1e-4), 100);
    this.x = x - (px - this.width / 2) / this.scale;
    this.y = y + (py - this.height / 2) / this.scale;
  }
}

/* Adds a shape to a path. Outer rings and holes are wound in opposite ways, so that parcels drawn together
 * are filled each for itself. */
function trace(path, shapes, shape, view) {
  const { scale } = view;
  const left = view.width / 2 - view.x * scale;
  const top = view.height / 2 + view.y * scale;
  const box = shapes.boxOf(shape);
  if ((box[2] - box[0]) * scale < 1.5 && (box[3] - box[1]) * scale < 1.5) {
    path.rect(left + box[0] * scale - 0.5, top - box[3] * scale - 0.5, 1.5, 1.5);
    return;
  }
  for (let ring = shapes.firstRing(shape); ring < shapes.shapeEnd[shape]; ring++) {
    let lastX = Infinity;
    let lastY = Infinity;
    for (let i = shapes.firstPoint(ring); i < shapes.ringEnd[ring]; i++) {
      const x = left + shapes.xy[i * 2] * scale;
      const y = top - shapes.xy[i * 2 + 1] * scale;
      if (lastX === Infinity) path.moveTo(x, y);
      else if (Math.abs(x - lastX) + Math.abs(y - lastY) < GAP) continue;
      else path.lineTo(x, y);
      lastX = x;
      lastY = y;
    }
    path.closePath();
  }
}

function hatch(fill, line) {
  const size = 8;
  const tile = el("canvas", { width: size, height: size });
  const context = tile.getContext("2d");
  context.fillStyle = fill;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = line;
  context.lineWidth = 1.2;
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
    context.stroke();
  }
  return context.createPattern(tile, "repeat");
}

const patterns = new Map();
function paint(style) {
  if (!style.pattern) return style.fill;
  const key = style.fill + style.line;
  if (!patterns.has(key)) patterns.set(key, hatch(style.fill, style.line));
  return patterns.get(key);
}

/* The time a path takes grows with the square of its length: many short ones. */
function pathsOf(shapes, members, view) {
  const paths = [];
  for (let at = 0; at < members.length; at += BATCH) {
    const path = new Path2D();
    for (let i = at; i < Math.min(at + BATCH, members.length); i++) trace(path, shapes, members[i], view);
    paths.push(path);
  }
  return paths;
}

/* look: { order: legend entries as they are laid over each other, styleOf(shape) -> one of them, dim(shape) -> whether it stands back,
 * text(shape) -> its name on the map } */
function drawMap(view, shapes, look) {
  const context = view.canvas.getContext("2d");
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  const [west, north] = view.ground(0, 0);
  const [east, south] = view.ground(view.width, view.height);
  const layers = new Map([[null, []], ...look.order.map((style) => [style, []])]);
  const near = [];
  for (let shape = 0; shape < shapes.count; shape++) {
    const box = shapes.boxOf(shape);
    if (box[0] > east || box[2] < west || box[1] > north || box[3] < south || shapes.empty(shape)) continue;
    near.push(shape);
    layers.get(look.dim(shape) ? null : look.styleOf(shape)).push(shape);
  }
  const crowded = near.length > CROWD;
  context.lineJoin = "round";
  context.lineWidth = crowded ? 0.35 : 0.8;
  for (const [style, members] of layers) {
    const paths = pathsOf(shapes, members, view);
    context.fillStyle = style ? paint(style) : crowded ? "#e9ebee" : "#f3f4f5";
    context.strokeStyle = style ? style.line : "#d5d9dd";
    for (const path of paths) context.fill(path);
    if (style || !crowded) for (const path of paths) context.stroke(path);
  }
  if (look.text) drawLabels(context, view, shapes, near, look);
}

/* Outlines some shapes: [shape, width] each. */
function drawMarks(context, view, shapes, marked) {
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.lineJoin = "round";
  for (const [shape, width] of marked) {
    if (shape < 0 || shapes.empty(shape)) continue;
    for (const [colour, wide] of [["#ffffff", width + 3], ["#000000", width]]) {
      context.beginPath();
      trace(context, shapes, shape, view);
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.stroke();
    }
  }
}

/* A parcel carries its name where it is wide enough for it. */
function drawLabels(context, view, shapes, near, look) {
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = "rgba(255,255,255,.9)";
  context.fillStyle = "#1a1d21";
  for (const shape of near) {
    const box = shapes.boxOf(shape);
    const wide = (box[2] - box[0]) * view.scale;
    const high = (box[3] - box[1]) * view.scale;
    if (wide < LABEL_MIN || high < 16 || look.dim(shape)) continue;
    const text = look.text(shape);
    const half = text ? context.measureText(text).width / 2 + 1 : Infinity;
    const x = view.width / 2 + ((box[0] + box[2]) / 2 - view.x) * view.scale;
    const y = view.height / 2 - ((box[1] + box[3]) / 2 - view.y) * view.scale;
    const corners = [[-half, -7], [half, -7], [-half, 7], [half, 7]];
    if (half * 2 > wide || !corners.every(([dx, dy]) => shapes.holds(shape, ...view.ground(x + dx, y + dy)))) continue;
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
}

/* A round length of at most `room` pixels: [metres, pixels]. */
function scaleBar(view, room) {
  const most = room / view.scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((length) => length <= most) || power;
  return [metres, metres * view.scale];
}
