// How a hand moves the view: mouse, fingers, wheel, keys, and the map below the stage.

const pointers = new Map();
let drag = null;

const isWhole = () => view.to - view.from >= run.count - 1e-6;

function pointOf(event) {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function pointerDown(event) {
  if (event.button) return;
  const point = pointOf(event);
  pointers.set(event.pointerId, point);
  flight++;
  if (pointers.size === 2) {
    drag = { kind: "pinch", view: { ...view }, start: pinch() };
  } else {
    const selects = event.pointerType === "mouse" && (isWhole() || event.shiftKey);
    drag = { kind: selects ? "select" : isWhole() ? "read" : "pan", start: point, view: { ...view } };
    if (event.pointerType === "mouse") stage.setPointerCapture(event.pointerId);
  }
  hover = point;
  repaint();
}

function pinch() {
  const [a, b] = [...pointers.values()];
  return { middle: (a.x + b.x) / 2, width: Math.max(20, Math.abs(a.x - b.x)) };
}

function pointerMove(event) {
  const point = pointOf(event);
  if (pointers.has(event.pointerId)) pointers.set(event.pointerId, point);
  const length = drag ? drag.view.to - drag.view.from : 0;
  if (drag?.kind === "pinch" && pointers.size === 2) {
    const now = pinch();
    const anchor = drag.view.from + drag.start.middle / frame.width * length;
    const next = Math.max(least, Math.min(length * drag.start.width / now.width, run.count));
    const from = anchor - now.middle / frame.width * next;
    show(from, from + next);
    return;
  }
  hover = point;
  if (drag?.kind === "pan" && pointers.has(event.pointerId)) {
    const moved = (drag.start.x - point.x) / frame.width * length;
    show(drag.view.from + moved, drag.view.to + moved);
  } else if (drag?.kind === "select") {
    paintSelection(drag.start.x, point.x);
  } else {
    paintCross();
  }
}

function paintSelection(from, to) {
  paintCross();
  const context = cross.getContext("2d");
  context.fillStyle = palette.accent;
  context.globalAlpha = 0.12;
  context.fillRect(from, 0, to - from, panes[2].top + panes[2].height);
  context.globalAlpha = 1;
}

function pointerUp(event) {
  const point = pointOf(event);
  pointers.delete(event.pointerId);
  if (drag?.kind === "select" && Math.abs(point.x - drag.start.x) > 6) {
    const place = (x) => view.from + x / frame.width * (view.to - view.from);
    glide(place(Math.min(point.x, drag.start.x)), place(Math.max(point.x, drag.start.x)));
  } else if (drag && drag.kind !== "pinch" && Math.abs(point.x - drag.start.x) <= 6) {
    chooseAt(point);
  }
  drag = null;
}

// A click within a position makes it stand out, without moving the view.
function chooseAt(point) {
  const place = view.from + point.x / frame.width * (view.to - view.from);
  const index = lowerBound(positionStarts, place) - 1;
  const isHit = index >= 0 && positions[index].to >= place;
  const isWide = isHit
    && frame.x(positions[index].to) - frame.x(positions[index].from) > 3;
  chosen = isWide ? index : -1;
  stage.dispatchEvent(new CustomEvent("choose", { detail: chosen }));
  repaint();
}

// A turn of the wheel that began on the page scrolls on across the chart; one that begins on the
// chart zooms it. Zooming out of the whole scrolls the page, so nobody is caught.
let wheelTarget = null, lastWheel = 0;
function wheel(event) {
  const now = performance.now();
  if (now - lastWheel > 350) wheelTarget = stage.contains(event.target) ? stage : null;
  lastWheel = now;
  if (wheelTarget !== stage || !stage.contains(event.target)) return;
  const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (isWhole() && (isSideways || event.deltaY > 0)) return;
  event.preventDefault();
  const points = event.deltaMode === 1 ? 18 : 1;
  if (isSideways) return pan(event.deltaX * points / frame.width * (view.to - view.from));
  zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY * points)) * 0.005), pointOf(event).x);
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const length = view.to - view.from;
  const actions = {
    ArrowLeft: () => pan(-length * 0.15), ArrowRight: () => pan(length * 0.15),
    ArrowUp: () => zoom(0.75), ArrowDown: () => zoom(1 / 0.75),
    "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1 / 0.7),
    Home: () => show(0, length), End: () => show(run.count - length, run.count),
    "0": showAll, Escape: showAll,
    "[": () => step(-1), "]": () => step(1),
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
}

// The next or previous trade: of the chosen one, or of what is in view.
function step(direction) {
  const middle = lowerBound(positionStarts, (view.from + view.to) / 2);
  const next = chosen >= 0 ? chosen + direction : direction > 0 ? middle : middle - 1;
  choose(Math.max(0, Math.min(next, positions.length - 1)));
}

function mapDown(event) {
  const box = map.getBoundingClientRect();
  const place = (event) => (event.clientX - box.left) / box.width * run.count;
  const start = place(event), begin = { ...view };
  const edge = 10 / box.width * run.count;
  const kind = isWhole() ? "new"
    : Math.abs(start - begin.from) < edge ? "from"
    : Math.abs(start - begin.to) < edge ? "to"
    : start > begin.from && start < begin.to ? "move" : "jump";
  flight++;
  if (kind === "jump") show(start - (begin.to - begin.from) / 2, start + (begin.to - begin.from) / 2);
  const anchor = { ...view };
  const move = (event) => {
    const now = place(event);
    if (kind === "from") show(Math.min(now, begin.to - least), begin.to);
    else if (kind === "to") show(begin.from, Math.max(now, begin.from + least));
    else if (kind === "new") {
      // A click that trembles is no selection.
      if (Math.abs(now - start) > edge / 2) show(Math.min(start, now), Math.max(start, now));
    } else show(anchor.from + now - start, anchor.to + now - start);
  };
  map.setPointerCapture(event.pointerId);
  map.addEventListener("pointermove", move);
  map.addEventListener("pointerup", () => map.removeEventListener("pointermove", move), { once: true });
  map.addEventListener("pointercancel", () => map.removeEventListener("pointermove", move), { once: true });
}

function listen() {
  stage.addEventListener("pointerdown", pointerDown);
  stage.addEventListener("pointermove", pointerMove);
  stage.addEventListener("pointerup", pointerUp);
  stage.addEventListener("pointercancel", (event) => {
    pointers.delete(event.pointerId);
    drag = null;
  });
  stage.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "mouse") return;
    hover = null;
    paintCross();
  });
  stage.addEventListener("dblclick", showAll);
  stage.addEventListener("keydown", key);
  window.addEventListener("wheel", wheel, { passive: false });
  map.addEventListener("pointerdown", mapDown);
}
