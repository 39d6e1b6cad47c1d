// A chart: panes over one time axis, what is shown of them, and how that moves.

let palette = null;
let isPrinting = false;
const charts = [];

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

function element(name, className, parent) {
  const made = document.createElement(name);
  if (className) made.className = className;
  parent?.append(made);
  return made;
}

class Chart {
  // `root` is the section that the chart is in, `axis` its time axis, `silhouette` the curve on its
  // map, `pair` the pair whose positions can be chosen, if there is one.
  constructor(root, axis, panes, silhouette, pair = null) {
    Object.assign(this, { root, axis, panes, silhouette, pair });
    this.stage = root.querySelector(".stage");
    this.plot = element("canvas", "plot", this.stage);
    this.cross = element("canvas", "cross", this.stage);
    this.reads = panes.map(() => element("div", "read", this.stage));
    this.map = root.querySelector(".map");
    this.mapCanvas = element("canvas", "", this.map);
    this.mapWindow = element("div", "window", this.map);
    element("i", "", this.mapWindow);
    element("i", "", this.mapWindow);
    this.least = Math.min(8, axis.count);  // The fewest moments in view.
    this.view = { from: 0, to: axis.count };
    this.chosen = -1;  // The position that stands out.
    this.hover = null;  // Where the crosshair is, in points of the stage.
    this.flight = 0;
    this.isPending = false;
    charts.push(this);
    this.restage();
    new ResizeObserver(() => this.restage()).observe(this.stage);
  }

  get isWhole() { return this.view.to - this.view.from >= this.axis.count - 1e-6; }

  layout() {
    const width = this.stage.clientWidth, height = this.stage.clientHeight;
    const right = width < 520 ? 56 : 74;
    const bottom = 26, gap = 16;
    const tall = height - bottom - (this.panes.length - 1) * gap;
    let top = 0;
    this.rects = this.panes.map((pane, i) => {
      const rect = { top, height: Math.floor(tall * pane.share),
        line: this.reads[i].offsetHeight || 20 };
      this.reads[i].style.top = `${top / height * 100}%`;
      top += rect.height + gap;
      return rect;
    });
    const { view, axis } = this;
    this.frame = { left: 0, width: width - right, total: width, view, axis,
      x: (place) => (place - view.from) / (view.to - view.from) * (width - right) };
    this.size = bucketSize(this.frame.width / (view.to - view.from));
  }

  paint() {
    this.layout();
    const { frame, rects } = this;
    const context = prepare(this.plot, this.stage.clientWidth, this.stage.clientHeight);
    this.scales = this.panes.map((pane, i) => pane.scale(this, rects[i]));
    paintTimes(context, frame, rects, palette);
    this.panes.forEach((pane, i) =>
      grid(context, frame, rects[i], this.scales[i], palette, pane.tick));
    this.panes.forEach((pane, i) => {
      context.save();
      context.beginPath();
      context.rect(frame.left, rects[i].top, frame.width, rects[i].height);
      context.clip();
      pane.paint(context, this, rects[i], this.scales[i], palette);
      context.restore();
    });
    paintGaps(context, frame, rects, palette);
    this.paintWindow();
    this.paintCross();
  }

  // At most one painting a frame of the screen, however many events there are.
  repaint() {
    if (this.isPending) return;
    this.isPending = true;
    requestAnimationFrame(() => {
      this.isPending = false;
      this.paint();
    });
  }

  // Reads sizes afresh and paints everything.
  restage() {
    if (!this.stage.clientWidth) return;  // It is folded away.
    this.paint();
    this.paintMap();
  }

  // MARK: The crosshair and what it reads

  paintCross() {
    const { frame, view, hover, rects, axis } = this;
    const context = prepare(this.cross, this.stage.clientWidth, this.stage.clientHeight);
    const place = hover === null ? view.to - 1 : view.from
      + Math.min(hover.x, frame.width - 1) / frame.width * (view.to - view.from);
    const first = Math.floor(Math.max(0, Math.min(place, axis.count - 1)) / this.size) * this.size;
    const end = Math.min(first + this.size, axis.count);
    this.panes.forEach((pane, i) => fillIn(this.reads[i], pane.read(this, first, end, place)));
    if (hover === null) return;
    const x = Math.round(frame.x((first + end) / 2)) + 0.5;
    const last = rects[rects.length - 1];
    context.strokeStyle = palette.muted;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, last.top + last.height);
    const pane = rects.findIndex(({ top, height }) => hover.y >= top && hover.y <= top + height);
    const y = Math.round(hover.y) + 0.5;
    if (pane >= 0) {
      context.moveTo(0, y);
      context.lineTo(frame.width, y);
    }
    context.stroke();
    context.setLineDash([]);
    this.tag(context, moment(axis.time[first]), x, last.top + last.height + 4, "center");
    if (pane < 0) return;
    const value = this.scales[pane].value(hover.y);
    this.tag(context, this.panes[pane].label(value), frame.width + 3, y - 9, "left");
  }

  tag(context, text, x, top, align) {
    const width = context.measureText(text).width + 10;
    const left = align === "left" ? x
      : Math.max(0, Math.min(x - width / 2, this.stage.clientWidth - width));
    context.fillStyle = palette.ink;
    context.beginPath();
    context.roundRect(left, top, width, 18, 3);
    context.fill();
    context.fillStyle = palette.surface;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(text, left + 5, top + 9.5);
  }

  // MARK: The map below, with the window of the view

  paintMap() {
    const { axis } = this;
    const width = this.map.clientWidth, height = this.map.clientHeight;
    const context = prepare(this.mapCanvas, width, height);
    const whole = { view: { from: 0, to: axis.count }, width, x: (place) => place / axis.count * width };
    const list = columns(this.silhouette, whole);
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

  paintWindow() {
    const { view, axis, mapWindow } = this;
    mapWindow.classList.toggle("whole", view.from <= 0 && view.to >= axis.count);
    mapWindow.style.left = `${view.from / axis.count * 100}%`;
    mapWindow.style.width = `${(view.to - view.from) / axis.count * 100}%`;
  }

  // MARK: Moving

  show(from, to) {
    const { count } = this.axis;
    const length = Math.max(this.least, Math.min(to - from, count));
    const middle = (from + to) / 2;
    const start = Math.max(0, Math.min(middle - length / 2, count - length));
    this.view = { from: start, to: start + length };
    this.repaint();
    this.stage.dispatchEvent(new Event("view"));
  }

  glide(from, to) {
    const begin = { ...this.view }, start = performance.now(), mine = ++this.flight;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.show(from, to);
    const step = (now) => {
      if (mine !== this.flight) return;
      const t = Math.min(1, (now - start) / 260), ease = 1 - (1 - t) ** 3;
      this.show(begin.from + (from - begin.from) * ease, begin.to + (to - begin.to) * ease);
      if (t < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  zoom(factor, x = this.frame.width / 2) {
    this.flight++;
    const { view, frame } = this;
    const anchor = view.from + x / frame.width * (view.to - view.from);
    const length = Math.max(this.least, Math.min((view.to - view.from) * factor, this.axis.count));
    const from = anchor - x / frame.width * length;
    this.show(from, from + length);
  }

  pan(moved) {
    this.flight++;
    this.show(this.view.from + moved, this.view.to + moved);
  }

  choose(index) {
    if (!(index >= 0 && index < (this.pair?.positions.length ?? 0))) return;
    this.chosen = index;
    const { from, to } = this.pair.positions[index];
    const room = Math.max(18, (to - from) * 0.35);
    this.glide(Math.max(0, from - room), Math.min(this.axis.count, to + room));
    this.stage.dispatchEvent(new CustomEvent("choose", { detail: index }));
  }

  showAll() { this.glide(0, this.axis.count); }
}

function fillIn(place, parts) {
  place.replaceChildren(...parts.map(([label, value, kind]) => {
    const part = element("span");
    if (label) part.append(Object.assign(element("b"), { textContent: label }), " ");
    const text = element("span", kind && `c-${kind}`);
    text.textContent = value;
    part.append(text);
    return part;
  }));
}

// Reads colours and sizes afresh and paints everything.
function restage() {
  palette = readPalette();
  for (const chart of charts) chart.restage();
}
