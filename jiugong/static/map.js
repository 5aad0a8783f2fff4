// The map of a park: its own outlines and points, no tiles, no fonts, nothing from outside. Two uses of one map:
// beside the board it shows the figures that stand on the same page ([data-grid]); on the page of the map corners are
// drawn into the form's field of coordinates, which can be typed as well. Without WebGL the page says so and goes on.
import { LngLatBounds, Map as Ground, Marker, NavigationControl, ScaleControl } from "./vendor/maplibre-gl/maplibre-gl.mjs";

const NEAR = 10;                                             // pixels within which a corner snaps, or an edge is meant
const STEP = 0.00005;                                        // degrees that an arrow key moves a corner: some five metres
const STATES = ["owed", "done", "missing", "late"];
const frame = document.getElementById("map");
const note = document.getElementById("map-note");
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const collection = (features) => ({ type: "FeatureCollection", features });
const say = (text) => { if (note) note.textContent = text || ""; };
const made = (tag, name, text) => {
  const element = document.createElement(tag);
  element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
};

// ── what is drawn ────────────────────────────────────────────────────────────────────────────────────────────
function rings(geometry) {
  if (geometry.type === "Polygon") return geometry.coordinates;
  return geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}
function bounds(features) {
  const box = new LngLatBounds();
  features.forEach(({ geometry }) => (geometry.type === "Point" ? [[geometry.coordinates]] : rings(geometry))
    .flat().forEach((position) => box.extend(position.slice(0, 2))));
  return box;
}
function middle(geometry) {                                  // of the widest stretch at half the height: always inside
  const ring = rings(geometry)[0], heights = ring.map((each) => each[1]);
  const y = (Math.min(...heights) + Math.max(...heights)) / 2;
  const meets = [];
  rings(geometry).forEach((each) => each.slice(1).forEach((b, at) => {
    const a = each[at];
    if ((a[1] > y) !== (b[1] > y)) meets.push(a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]));
  }));
  meets.sort((a, b) => a - b);
  let best = [0, -1];
  for (let at = 0; at + 1 < meets.length; at += 2) if (meets[at + 1] - meets[at] > best[1]) best = [(meets[at] + meets[at + 1]) / 2, meets[at + 1] - meets[at]];
  return best[1] < 0 ? ring[0] : [best[0], y];
}
function figures() {                                         // the squares of this page, by the number of their grid
  return new Map(Array.from(document.querySelectorAll("[data-grid]")).map((row) => [row.dataset.grid, row.dataset]));
}
function stateOf(found) {
  if (!found || !Number(found.owed)) return "owed";
  if (Number(found.late)) return "late";
  return Number(found.missing) ? "missing" : "done";
}
function style() {
  const fill = ["match", ["get", "state"], ...STATES.flatMap((state) => [state, token(`--${state}-wash`)]), token("--sunken")];
  const line = ["match", ["get", "state"], ...STATES.flatMap((state) => [state, token(`--${state}`)]), token("--edge")];
  return {
    version: 8,
    sources: { grids: { type: "geojson", data: collection([]) }, sites: { type: "geojson", data: collection([]) }, draft: { type: "geojson", data: collection([]) } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("--sunken") } },
      { id: "grid", type: "fill", source: "grids", paint: { "fill-color": fill } },
      { id: "border", type: "line", source: "grids", paint: { "line-color": line, "line-width": 2 } },
      { id: "site", type: "circle", source: "sites", paint: { "circle-radius": 4, "circle-color": token("--surface"), "circle-stroke-color": token("--quiet"), "circle-stroke-width": 1.5 } },
      { id: "draft-fill", type: "fill", source: "draft", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("--ink"), "fill-opacity": 0.1 } },
      { id: "draft-line", type: "line", source: "draft", paint: { "line-color": token("--ink"), "line-width": 2, "line-dasharray": [2, 1] } },
    ],
  };
}

class ParkMap {
  constructor(ground) {
    this.ground = ground;
    this.grids = ground.features.filter((each) => each.properties.kind === "grid");
    this.labels = [];
    const map = this.map = new Ground({
      container: frame, style: style(), attributionControl: false, dragRotate: false, pitchWithRotate: false, maxPitch: 0,
      renderWorldCopies: false, center: [0, 0], zoom: 1, fadeDuration: 0,
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }));
    map.addControl(new ScaleControl());
    if (ground.features.length) map.fitBounds(bounds(ground.features), { padding: 48, animate: false, maxZoom: 18 });
    else say(frame.dataset.empty);
    map.on("load", () => {
      this.show();
      frame.dataset.ready = "yes";
      if (frame.dataset.editor) new Drawing(this, document.getElementById(frame.dataset.editor));
    });
    new MutationObserver(() => this.restyle()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    const board = document.getElementById("board");          // refreshed by itself: the labels follow
    if (board) new MutationObserver(() => this.show()).observe(board.parentElement, { childList: true });
  }
  restyle() {
    this.map.setStyle(style(), { diff: false });
    this.map.once("styledata", () => this.show());
  }
  show() {
    const found = figures();
    const grids = this.grids.map((each) => ({ ...each, properties: { ...each.properties, state: stateOf(found.get(String(each.properties.id))) } }));
    const put = () => {
      if (!this.map.getSource("grids")) return;
      this.map.getSource("grids").setData(collection(grids));
      this.map.getSource("sites").setData(collection(this.ground.features.filter((each) => each.properties.kind === "site")));
    };
    put();
    const focused = document.activeElement && document.activeElement.dataset.label;
    this.labels.forEach((label) => label.remove());
    this.labels = grids.map((each) => {
      const element = this.label(each.properties, found.get(String(each.properties.id)));
      return new Marker({ element }).setLngLat(middle(each.geometry)).addTo(this.map);
    });
    if (focused) frame.querySelector(`[data-label="${focused}"]`)?.focus({ preventScroll: true });
  }
  label(properties, found) {
    const element = made(found && found.url ? "a" : "span", "map-label");
    if (found && found.url) element.href = found.url;
    element.dataset.label = properties.id;
    element.append(made("b", "", properties.name));
    if (found) {
      const state = stateOf(found);
      const words = { late: frame.dataset.late, missing: frame.dataset.missing, done: frame.dataset.all }[state];
      element.classList.add(`is-${state}`);
      element.append(made("span", "num", frame.dataset.done.replace("DONE", found.done).replace("OWED", found.owed)));
      if (words) element.append(made("span", `state state-${state}`, words.replace("COUNT", state === "late" ? found.late : found.missing)));
    }
    return element;
  }
}

// ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────
class Drawing {
  constructor(park, form) {
    this.park = park;
    this.map = park.map;
    this.form = form;
    this.field = form.elements.lines;
    this.before = [];
    this.corners = [];
    this.points = this.typed();
    this.map.doubleClickZoom.disable();
    this.map.getCanvas().style.cursor = "crosshair";
    this.map.on("click", (event) => this.clicked(event));
    this.map.on("load", () => this.draw());
    this.field.addEventListener("change", () => { this.remember(); this.points = this.typed(); this.draw(); this.go(); });
    form.elements.kind.addEventListener("change", () => { if (this.single()) this.set(this.points.slice(-1)); else this.draw(); });
    document.querySelector("[data-map-undo]").addEventListener("click", () => this.undo());
    document.querySelector("[data-map-clear]").addEventListener("click", () => this.set([]));
    frame.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); this.undo(); }
    });
    this.draw();
    this.go();
  }
  single() { return this.form.elements.kind.value === "site"; }
  typed() {
    return this.field.value.split("\n").map((line) => line.split(/[,，\t ]+/).filter(Boolean).slice(0, 2).map(Number))
      .filter((pair) => pair.length === 2 && pair.every(Number.isFinite) && Math.abs(pair[0]) <= 180 && Math.abs(pair[1]) <= 90);
  }
  remember() { this.before.push(this.points.map((each) => each.slice())); }
  set(points) { this.remember(); this.points = points; this.write(); }
  undo() { if (this.before.length) { this.points = this.before.pop(); this.write(); } }
  write() {
    this.points = this.points.map(([x, y]) => [Number(x.toFixed(7)), Number(y.toFixed(7))]);
    this.field.value = this.points.map((each) => each.join(", ")).join("\n");
    this.draw();
  }
  go() {                                                     // to what was typed, if it lies outside what is seen
    if (this.points.length && !this.points.every((each) => this.map.getBounds().contains(each))) {
      const box = new LngLatBounds();
      this.points.forEach((each) => box.extend(each));
      this.map.fitBounds(box, { padding: 80, maxZoom: 16, animate: false });
    }
  }
  clicked(event) {
    if (event.originalEvent.target.closest(".map-corner, .map-label")) return;
    const at = this.snapped([event.lngLat.lng, event.lngLat.lat]);
    if (this.single()) return this.set([at]);
    const points = this.points.slice();
    points.splice(this.place(event.point), 0, at);
    this.set(points);
  }
  place(pixel) {                                             // between two corners where their edge was clicked, else last
    for (let at = 0; at < this.points.length && this.points.length > 2; at += 1) {
      const a = this.map.project(this.points[at]), b = this.map.project(this.points[(at + 1) % this.points.length]);
      const long = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
      const along = long ? Math.max(0, Math.min(1, ((pixel.x - a.x) * (b.x - a.x) + (pixel.y - a.y) * (b.y - a.y)) / long)) : 0;
      if (Math.hypot(pixel.x - a.x - along * (b.x - a.x), pixel.y - a.y - along * (b.y - a.y)) <= NEAR / 2) return at + 1;
    }
    return this.points.length;
  }
  snapped(position) {                                        // to a corner of a neighbour, so that borders are common
    if (this.single()) return position;
    const pixel = this.map.project(position), name = this.form.elements.name.value.trim();
    let best = position, nearest = NEAR;
    this.park.grids.filter((each) => each.properties.name !== name).forEach((each) => rings(each.geometry).flat().forEach((corner) => {
      const there = this.map.project(corner), far = Math.hypot(there.x - pixel.x, there.y - pixel.y);
      if (far < nearest) { best = corner.slice(0, 2); nearest = far; }
    }));
    return best;
  }
  draw() {
    const closed = this.points.length > 2 && !this.single();
    const source = this.map.getSource("draft");
    if (source) source.setData(collection(this.points.length < 2 ? [] : [{ type: "Feature", properties: {}, geometry: closed
      ? { type: "Polygon", coordinates: [[...this.points, this.points[0]]] } : { type: "LineString", coordinates: this.points } }]));
    const focused = this.corners.findIndex((each) => each.getElement() === document.activeElement);
    this.corners.forEach((each) => each.remove());
    this.corners = this.points.map((point, at) => this.corner(point, at));
    if (focused >= 0 && this.corners.length) this.corners[Math.min(focused, this.corners.length - 1)].getElement().focus({ preventScroll: true });
  }
  corner(point, at) {
    const element = made("button", "map-corner");
    element.type = "button";
    const marker = new Marker({ element, draggable: true }).setLngLat(point).addTo(this.map);
    element.setAttribute("aria-label", frame.dataset.corner.replace("NUMBER", at + 1));
    const move = (to) => this.set(this.points.map((each, other) => (other === at ? to : each)));
    marker.on("dragend", () => { const to = marker.getLngLat(); move(this.snapped([to.lng, to.lat])); });
    element.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (way) { event.preventDefault(); event.stopPropagation(); move([point[0] + way[0] * STEP, point[1] + way[1] * STEP]); }
      if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); this.set(this.points.filter((_each, other) => other !== at)); }
    });
    return marker;
  }
}

async function begin() {
  try {
    const answer = await fetch(frame.dataset.ground, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    new ParkMap(await answer.json());
  } catch {
    frame.hidden = true;
    say(frame.dataset.failed);
  }
}
if (frame) begin();
