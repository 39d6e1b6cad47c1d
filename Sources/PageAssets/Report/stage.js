// The stage: three panes over one time axis, what is shown of them, and how that moves.

const stage = byId("stage");
const plot = byId("plot"), cross = byId("cross");
const map = byId("map"), mapCanvas = map?.querySelector("canvas");
const mapWindow = map?.querySelector(".window");
const least = Math.min(8, run.count);  // The fewest candles in view.

let view = { from: 0, to: run.count };
let palette = null;
let frame = null;
let panes = [];
let scales = [];
let chosen = -1;  // The position that stands out.
let hover = null;  // Where the crosshair is, in points of the stage.
let withHold = true;  // Whether equity stands beside buy and hold, or alone on its own scale.
let shown = null;  // What was painted last, for the crosshair.

function layout() {
  const width = stage.clientWidth, height = stage.clientHeight;
  const right = width < 520 ? 56 : 74;
  const bottom = 26, gap = 16;
  const tall = height - bottom - 2 * gap;
  const shares = [0.62, 0.23, 0.15];
  let top = 0;
  panes = shares.map((share) => {
    const pane = { top, height: Math.floor(tall * share) };
    top += pane.height + gap;
    return pane;
  });
  frame = { left: 0, width: width - right, total: width, view,
    x: (place) => (place - view.from) / (view.to - view.from) * (width - right) };
  ["price", "equity", "drawdown"].forEach((name, i) => {
    byId(`read-${name}`).style.top = `${panes[i].top / height * 100}%`;
  });
}

// A context for a canvas of so many points, sharp on every screen.
function prepare(canvas, width, height) {
  const ratio = Math.max(window.devicePixelRatio || 1, isPrinting ? 2 : 1);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `11px ${palette.font}`;
  return context;
}

let isPrinting = false;

function paint() {
  layout();
  const context = prepare(plot, stage.clientWidth, stage.clientHeight);
  const size = bucketSize(frame.width / (view.to - view.from));
  const list = buckets(view, size);
  const visibleLegs = legs.slice(
    Math.max(0, lowerBound(legStarts, view.from) - 1), lowerBound(legStarts, view.to));
  const [priceScale, equityScale, drawdownScale] = scales = [
    priceScaleOf(list, visibleLegs), curveScaleOf(panes[1], withHold ? [equity, hold] : [equity]), drawdownScaleOf(),
  ];
  paintTimes(context, frame, panes, palette);
  grid(context, frame, panes[0], priceScale, palette, (tick, step) => number(tick, decimalsOf(step)));
  grid(context, frame, panes[1], equityScale, palette,
    (tick, step) => tick >= 1e6 ? compact.format(tick) : number(tick, decimalsOf(step)));
  grid(context, frame, panes[2], drawdownScale, palette, (tick, step) => percent(tick, decimalsOf(step * 100)));
  clip(context, panes[0], () => {
    paintPositions(context, frame, panes[0], palette, chosen);
    paintVolume(context, frame, panes[0], list, palette);
    paintCandles(context, frame, panes[0], priceScale, list, palette);
    paintStops(context, frame, priceScale, visibleLegs, palette);
    paintFills(context, frame, priceScale, palette);
  });
  clip(context, panes[1], () => paintEquity(context, equityScale));
  clip(context, panes[2], () => paintDrawdown(context, drawdownScale));
  paintGaps(context, frame, panes, palette);
  shown = { size };
  paintWindow();
  paintCross();
}

// At most one painting a frame of the screen, however many events there are.
let isPending = false;
function repaint() {
  if (isPending) return;
  isPending = true;
  requestAnimationFrame(() => {
    isPending = false;
    paint();
  });
}

function clip(context, pane, draw) {
  context.save();
  context.beginPath();
  context.rect(frame.left, pane.top, frame.width, pane.height);
  context.clip();
  draw();
  context.restore();
}

function priceScaleOf(list, visibleLegs) {
  let [low, high] = extent(list);
  for (const leg of visibleLegs) {
    if (leg.to < view.from) continue;
    low = Math.min(low, leg.limit);
    if (leg.trigger) high = Math.max(high, leg.trigger);
  }
  return roomy(panes[0], low, high);
}

function curveScaleOf(pane, curves) {
  let low = Infinity, high = -Infinity;
  for (const curve of curves) {
    const [least, most] = extent(columns(curve, view, frame));
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  return roomy(pane, low, high);
}

// A scale with room for the line of figures above the greatest value.
function roomy(pane, low, high) {
  const line = byId(pane === panes[0] ? "read-price" : "read-equity").offsetHeight || 20;
  const points = (high - low) / Math.max(20, pane.height - line - 16);
  return scaleOf(pane, low - 8 * points, high + (line + 8) * points);
}

function drawdownScaleOf() {
  const [low] = extent(columns(drawdown, view, frame));
  return scaleOf(panes[2], Math.min(low * 1.08, -0.001), 0);
}

function paintEquity(context, scale) {
  const start = Math.round(scale.y(run.start)) + 0.5;
  context.strokeStyle = palette.muted;
  context.globalAlpha = 0.7;
  context.setLineDash([2, 3]);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, start);
  context.lineTo(frame.width, start);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.lineJoin = "round";
  context.lineWidth = 1.25;
  context.strokeStyle = palette.hold;
  if (withHold) polyline(context, columns(hold, view, frame), scale);
  context.lineWidth = 1.75;
  context.strokeStyle = palette.accent;
  polyline(context, columns(equity, view, frame), scale);
}

function paintDrawdown(context, scale) {
  const list = columns(drawdown, view, frame);
  if (!list.length) return;
  context.beginPath();
  context.moveTo(list[0].x, scale.y(0));
  for (const column of list) context.lineTo(column.x, scale.y(column.low));
  context.lineTo(list[list.length - 1].x, scale.y(0));
  context.closePath();
  context.fillStyle = palette.bad;
  context.globalAlpha = 0.14;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = palette.bad;
  context.lineWidth = 1.25;
  polyline(context, list, scale);
}

// MARK: The crosshair and what it reads

function paintCross() {
  const context = prepare(cross, stage.clientWidth, stage.clientHeight);
  const place = hover === null ? view.to - 1 : view.from
    + Math.min(hover.x, frame.width - 1) / frame.width * (view.to - view.from);
  const first = Math.floor(Math.max(0, Math.min(place, run.count - 1)) / shown.size) * shown.size;
  const candle = merge(first, Math.min(first + shown.size, run.count));
  read(candle, place);
  if (hover === null) return;
  const x = Math.round(frame.x((candle.first + candle.end) / 2)) + 0.5;
  const last = panes[panes.length - 1];
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, last.top + last.height);
  const pane = panes.findIndex((pane) => hover.y >= pane.top && hover.y <= pane.top + pane.height);
  const y = Math.round(hover.y) + 0.5;
  if (pane >= 0) {
    context.moveTo(0, y);
    context.lineTo(frame.width, y);
  }
  context.stroke();
  context.setLineDash([]);
  tag(context, moment(candles.time[first]), x, last.top + last.height + 4, "center");
  if (pane < 0) return;
  const value = scales[pane].value(hover.y);
  tag(context, pane === 0 ? price(value) : pane === 1 ? money(value) : percent(value),
    frame.width + 3, y - 9, "left");
}

function tag(context, text, x, top, align) {
  const width = context.measureText(text).width + 10;
  const left = align === "left" ? x
    : Math.max(0, Math.min(x - width / 2, stage.clientWidth - width));
  context.fillStyle = palette.ink;
  context.beginPath();
  context.roundRect(left, top, width, 18, 3);
  context.fill();
  context.fillStyle = palette.surface;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, left + 5, top + 9.5);
}

// The exit order that stood at a place, the latest where several did.
function legAt(from, to) {
  const leg = legs[lowerBound(legStarts, to) - 1];
  return leg && leg.to > from ? leg : null;
}

function read(candle, place) {
  const last = candle.end - 1;
  const parts = [["", moment(candles.time[candle.first])
    + (shown.size > 1 ? ` · ${length((candle.end - candle.first) * span)}` : "")],
    ["O", price(candle.open)], ["H", price(candle.high)], ["L", price(candle.low)],
    ["C", price(candle.close), candle.close >= candle.open ? "up" : "down"],
    ["V", compact.format(candle.volume)]];
  const leg = legAt(shown.size > 1 ? place : candle.first, candle.end);
  if (leg?.role === "stop") {
    parts.push(["Stop", `${price(leg.trigger)} → ${price(leg.limit)}`, "stop"]);
  } else if (leg) {
    parts.push([leg.role === "escalation" ? "Escalation" : leg.role, price(leg.limit), "rescue"]);
  }
  fillIn("read-price", parts);
  fillIn("read-equity", [["Equity", `${money(equity[last])}`, "accent"],
    ["", signed(equity[last] / run.start - 1)],
    ["Buy and hold", money(hold[last]), "hold"], ["", signed(hold[last] / run.start - 1)]]);
  fillIn("read-drawdown", [["Drawdown", percent(drawdown[last]), "bad"]]);
}

const signed = (fraction) => (fraction > 0 ? "+" : "") + percent(fraction);

function fillIn(id, parts) {
  byId(id).replaceChildren(...parts.map(([label, value, kind]) => {
    const part = document.createElement("span");
    if (label) part.append(Object.assign(document.createElement("b"), { textContent: label }), " ");
    const text = document.createElement("span");
    text.textContent = value;
    if (kind) text.className = `c-${kind}`;
    part.append(text);
    return part;
  }));
}

// MARK: The map below, with the window of the view

function paintMap() {
  const width = map.clientWidth, height = map.clientHeight;
  const context = prepare(mapCanvas, width, height);
  const whole = { view: { from: 0, to: run.count }, width, x: (place) => place / run.count * width };
  const list = columns(candles.close, whole.view, whole);
  const [low, high] = extent(list);
  const scale = scaleOf({ top: 6, height: height - 12 }, low, high);
  context.beginPath();
  context.moveTo(0, height);
  for (const column of list) context.lineTo(column.x, scale.y((column.low + column.high) / 2));
  context.lineTo(width, height);
  context.closePath();
  context.fillStyle = palette.faint;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = palette.muted;
  polyline(context, list, scale);
}

function paintWindow() {
  const isWhole = view.from <= 0 && view.to >= run.count;
  mapWindow.hidden = false;
  mapWindow.classList.toggle("whole", isWhole);
  mapWindow.style.left = `${view.from / run.count * 100}%`;
  mapWindow.style.width = `${(view.to - view.from) / run.count * 100}%`;
}

// MARK: Moving

function show(from, to) {
  const length = Math.max(least, Math.min(to - from, run.count));
  const middle = (from + to) / 2;
  const start = Math.max(0, Math.min(middle - length / 2, run.count - length));
  view = { from: start, to: start + length };
  repaint();
  stage.dispatchEvent(new Event("view"));
}

let flight = 0;
function glide(from, to) {
  const begin = { ...view }, start = performance.now(), mine = ++flight;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return show(from, to);
  const step = (now) => {
    if (mine !== flight) return;
    const t = Math.min(1, (now - start) / 260), ease = 1 - (1 - t) ** 3;
    show(begin.from + (from - begin.from) * ease, begin.to + (to - begin.to) * ease);
    if (t < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function zoom(factor, x = frame.width / 2) {
  flight++;
  const anchor = view.from + x / frame.width * (view.to - view.from);
  const length = Math.max(least, Math.min((view.to - view.from) * factor, run.count));
  const from = anchor - x / frame.width * length;
  show(from, from + length);
}

function pan(candlesMoved) {
  flight++;
  show(view.from + candlesMoved, view.to + candlesMoved);
}

function choose(index) {
  if (!(index >= 0 && index < positions.length)) return;
  chosen = index;
  const { from, to } = positions[index];
  const room = Math.max(18, (to - from) * 0.35);
  glide(Math.max(0, from - room), Math.min(run.count, to + room));
  stage.dispatchEvent(new CustomEvent("choose", { detail: index }));
}

function showAll() {
  glide(0, run.count);
}

// Reads colours and sizes afresh and paints everything.
function restage() {
  if (!stage) return;
  palette = readPalette();
  paint();
  paintMap();
}
