// How a hand moves a chart's view: mouse, fingers, wheel, keys, and the map below the stage.

class Hand {
  constructor(chart) {
    this.chart = chart;
    this.pointers = new Map();
    this.drag = null;
    const { stage, map } = chart;
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    stage.addEventListener("pointerup", (event) => this.up(event));
    stage.addEventListener("pointercancel", (event) => {
      this.pointers.delete(event.pointerId);
      this.drag = null;
    });
    stage.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "mouse") return;
      chart.hover = null;
      chart.paintCross();
    });
    stage.addEventListener("dblclick", () => chart.showAll());
    stage.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    map.addEventListener("pointerdown", (event) => this.mapDown(event));
  }

  pointOf(event) {
    const box = this.chart.stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  placeAt(x) {
    const { view, frame } = this.chart;
    return view.from + x / frame.width * (view.to - view.from);
  }

  down(event) {
    if (event.button) return;
    const { chart, pointers } = this;
    const point = this.pointOf(event), view = { ...chart.view };
    pointers.set(event.pointerId, point);
    chart.flight++;
    if (pointers.size === 2) {
      this.drag = { kind: "pinch", view, start: this.pinch() };
    } else {
      const selects = event.pointerType === "mouse" && (chart.isWhole || event.shiftKey);
      const kind = selects ? "select" : chart.isWhole ? "read" : "pan";
      this.drag = { kind, start: point, view };
      if (event.pointerType === "mouse") chart.stage.setPointerCapture(event.pointerId);
    }
    chart.hover = point;
    chart.repaint();
  }

  pinch() {
    const [a, b] = [...this.pointers.values()];
    return { middle: (a.x + b.x) / 2, width: Math.max(20, Math.abs(a.x - b.x)) };
  }

  move(event) {
    const { chart, pointers, drag } = this;
    const point = this.pointOf(event);
    if (pointers.has(event.pointerId)) pointers.set(event.pointerId, point);
    const length = drag ? drag.view.to - drag.view.from : 0;
    const { width } = chart.frame;
    if (drag?.kind === "pinch" && pointers.size === 2) {
      const now = this.pinch();
      const anchor = drag.view.from + drag.start.middle / width * length;
      const wanted = length * drag.start.width / now.width;
      const next = Math.max(chart.least, Math.min(wanted, chart.axis.count));
      const from = anchor - now.middle / width * next;
      chart.show(from, from + next);
      return;
    }
    chart.hover = point;
    if (drag?.kind === "pan" && pointers.has(event.pointerId)) {
      const moved = (drag.start.x - point.x) / width * length;
      chart.show(drag.view.from + moved, drag.view.to + moved);
    } else if (drag?.kind === "select") {
      this.paintSelection(drag.start.x, point.x);
    } else {
      chart.paintCross();
    }
  }

  paintSelection(from, to) {
    const { chart } = this;
    chart.paintCross();
    const context = chart.cross.getContext("2d");
    const last = chart.rects[chart.rects.length - 1];
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.12;
    context.fillRect(from, 0, to - from, last.top + last.height);
    context.globalAlpha = 1;
  }

  up(event) {
    const { chart, drag } = this;
    const point = this.pointOf(event);
    this.pointers.delete(event.pointerId);
    if (drag?.kind === "select" && Math.abs(point.x - drag.start.x) > 6) {
      chart.glide(this.placeAt(Math.min(point.x, drag.start.x)),
        this.placeAt(Math.max(point.x, drag.start.x)));
    } else if (drag && drag.kind !== "pinch" && Math.abs(point.x - drag.start.x) <= 6) {
      this.chooseAt(point);
    }
    this.drag = null;
  }

  // A click within a position makes it stand out, without moving the view.
  chooseAt(point) {
    const { chart } = this;
    if (!chart.pair) return;
    const { positions, positionStarts } = chart.pair;
    const place = this.placeAt(point.x);
    const index = lowerBound(positionStarts, place) - 1;
    const isHit = index >= 0 && positions[index].to >= place;
    const isWide = isHit
      && chart.frame.x(positions[index].to) - chart.frame.x(positions[index].from) > 3;
    chart.chosen = isWide ? index : -1;
    chart.stage.dispatchEvent(new CustomEvent("choose", { detail: chart.chosen }));
    chart.repaint();
  }

  // A turn of the wheel that began on the page scrolls on across the chart; one that begins on the
  // chart zooms it. Zooming out of the whole scrolls the page, so nobody is caught.
  wheel(event) {
    const { chart } = this;
    const { stage } = chart;
    const now = performance.now();
    if (now - (this.lastWheel ?? -1e9) > 350) {
      this.wheelTarget = stage.contains(event.target) ? stage : null;
    }
    this.lastWheel = now;
    if (this.wheelTarget !== stage || !stage.contains(event.target)) return;
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (chart.isWhole && (isSideways || event.deltaY > 0)) return;
    event.preventDefault();
    const points = event.deltaMode === 1 ? 18 : 1;
    const { view, frame } = chart;
    if (isSideways) return chart.pan(event.deltaX * points / frame.width * (view.to - view.from));
    const turn = Math.max(-60, Math.min(60, event.deltaY * points));
    chart.zoom(Math.exp(turn * 0.005), this.pointOf(event).x);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { chart } = this;
    const { count } = chart.axis, length = chart.view.to - chart.view.from;
    const all = () => chart.showAll();
    const actions = {
      ArrowLeft: () => chart.pan(-length * 0.15), ArrowRight: () => chart.pan(length * 0.15),
      ArrowUp: () => chart.zoom(0.75), ArrowDown: () => chart.zoom(1 / 0.75),
      "+": () => chart.zoom(0.7), "=": () => chart.zoom(0.7), "-": () => chart.zoom(1 / 0.7),
      Home: () => chart.show(0, length), End: () => chart.show(count - length, count),
      "0": all, Escape: all,
      "[": () => this.step(-1), "]": () => this.step(1),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  // The next or previous trade: of the chosen one, or of what is in view.
  step(direction) {
    const { chart } = this;
    if (!chart.pair) return;
    const { positions, positionStarts } = chart.pair;
    const middle = lowerBound(positionStarts, (chart.view.from + chart.view.to) / 2);
    const next = chart.chosen >= 0 ? chart.chosen + direction : direction > 0 ? middle : middle - 1;
    chart.choose(Math.max(0, Math.min(next, positions.length - 1)));
  }

  mapDown(event) {
    const { chart } = this;
    const { map, least, axis } = chart;
    const box = map.getBoundingClientRect();
    const place = (event) => (event.clientX - box.left) / box.width * axis.count;
    const start = place(event), begin = { ...chart.view };
    const edge = 10 / box.width * axis.count;
    const kind = chart.isWhole ? "new"
      : Math.abs(start - begin.from) < edge ? "from"
      : Math.abs(start - begin.to) < edge ? "to"
      : start > begin.from && start < begin.to ? "move" : "jump";
    chart.flight++;
    const half = (begin.to - begin.from) / 2;
    if (kind === "jump") chart.show(start - half, start + half);
    const anchor = { ...chart.view };
    const move = (event) => {
      const now = place(event);
      if (kind === "from") chart.show(Math.min(now, begin.to - least), begin.to);
      else if (kind === "to") chart.show(begin.from, Math.max(now, begin.from + least));
      else if (kind === "new") {
        // A click that trembles is no selection.
        if (Math.abs(now - start) > edge / 2) chart.show(Math.min(start, now), Math.max(start, now));
      } else chart.show(anchor.from + now - start, anchor.to + now - start);
    };
    const stop = () => map.removeEventListener("pointermove", move);
    map.setPointerCapture(event.pointerId);
    map.addEventListener("pointermove", move);
    map.addEventListener("pointerup", stop, { once: true });
    map.addEventListener("pointercancel", stop, { once: true });
  }
}
