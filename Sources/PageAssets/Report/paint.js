// Painting: pure functions of what is drawn, a frame (with the view and the time axis) and a palette.

// The colours of pairs and groups, in turn.
const seriesNames = Array.from({ length: 12 }, (_, i) => `s${i + 1}`);
const seriesName = (index) => seriesNames[index % seriesNames.length];
const paletteNames = ["ink", "muted", "faint", "line", "surface", "up", "down", "accent", "hold",
  "stop", "limit", "rescue", "good", "bad", "cash", ...seriesNames];

// The style sheet's colours as the canvas needs them: resolved for the theme in force.
function readPalette() {
  const probe = document.body.appendChild(document.createElement("i"));
  const palette = {};
  for (const name of paletteNames) {
    probe.style.color = `var(--${name})`;
    palette[name] = getComputedStyle(probe).color;
  }
  palette.font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  return palette;
}

// MARK: Scales

function niceStep(rough) {
  const unit = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].find((factor) => factor * unit >= rough * 0.999) * unit;
}

// A pane's vertical scale from `low` at the bottom to `high` at the top.
function scaleOf(pane, low, high) {
  if (!(high > low)) [low, high] = [low - Math.abs(low) * 0.01 - 1e-9, high + Math.abs(high) * 0.01 + 1e-9];
  const factor = pane.height / (high - low);
  return { low, high, y: (value) => pane.top + (high - value) * factor,
    value: (y) => high - (y - pane.top) / factor };
}

function ticksOf(scale, pane) {
  const step = niceStep((scale.high - scale.low) / Math.max(2, pane.height / (pane.height < 150 ? 28 : 46)));
  const ticks = [];
  for (let k = Math.ceil(scale.low / step); k * step <= scale.high; k++) ticks.push(k * step || 0);  // Never −0.
  return { ticks, step };
}

const week = 604800;
// The decimals that a step shows: 2 of 0.25.
function decimalsOf(step) {
  let decimals = 0;
  for (let rest = step; decimals < 8; decimals++, rest *= 10) {
    if (Math.abs(rest - Math.round(rest)) < 1e-6 * rest) break;
  }
  return decimals;
}

const units = [60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 345600, week, 2 * week];

// The moments to name along the time axis: at the first candle of an hour, day, month or year.
function timeTicks(frame) {
  const { view, axis } = frame;
  const wanted = (view.to - view.from) * axis.span / frame.width * 84;
  const unit = units.find((unit) => unit >= wanted);
  const months = unit ? 0 : [1, 2, 3, 6, 12, 24, 60].find((m) => m * 2629800 >= wanted) ?? 120;
  const ticks = [];
  let place = Math.max(0, Math.floor(view.from));
  let lastX = -1e9;
  while (place < axis.count && place <= view.to) {
    const next = boundaryAfter(axis.time[place], unit, months);
    place = lowerBound(axis.time, next);
    if (place >= axis.count || place > view.to) break;
    const x = frame.x(place);
    if (x - lastX < 56) continue;
    ticks.push({ x, ...tickText(axis.time[place], unit ?? 2629800, axis.span) });
    lastX = x;
  }
  return ticks;
}

function boundaryAfter(time, unit, months) {
  // The epoch was a Thursday; weeks begin on Monday.
  const first = unit >= week ? 345600 : 0;
  if (unit) return (Math.floor((time - first) / unit) + 1) * unit + first;
  const date = new Date(time * 1000);
  const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return Date.UTC(1970, (Math.floor(month / months) + 1) * months) / 1000;
}

function tickText(time, unit, span) {
  const date = new Date(time * 1000);
  const day = date.getUTCDate(), month = date.getUTCMonth();
  const isNewDay = time % 86400 < span;
  if (unit < 86400 && !isNewDay) {
    return { text: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`, strong: false };
  }
  if (unit >= 2629800 || day === 1) {
    return month === 0
      ? { text: String(date.getUTCFullYear()), strong: true }
      : { text: monthNames[month], strong: true };
  }
  return { text: `${day} ${monthNames[month]}`, strong: unit < 86400 };
}

// MARK: Buckets

const groups = [1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 144, 192, 288];

// How many candles share one drawn candle at least 3.5 points wide.
function bucketSize(pointsPerCandle) {
  const rough = 3.5 / pointsPerCandle;
  return groups.find((size) => size >= rough * 0.999) ?? Math.ceil(rough / 144) * 144;
}

// Candles from `first` up to `end` as one, exactly: first open, extremes, last close, Σ volume.
function merge(candles, first, end) {
  let high = -Infinity, low = Infinity, volume = 0;
  for (let i = first; i < end; i++) {
    if (candles.high[i] > high) high = candles.high[i];
    if (candles.low[i] < low) low = candles.low[i];
    volume += candles.volume[i];
  }
  return { first, end, open: candles.open[first], high, low, close: candles.close[end - 1], volume };
}

function buckets(candles, view, size) {
  const count = candles.time.length;
  const list = [];
  const start = Math.floor(Math.max(0, view.from) / size) * size;
  for (let i = start; i < count && i < view.to; i += size) {
    list.push(merge(candles, i, Math.min(i + size, count)));
  }
  return list;
}

// A curve as columns of one point of width: what a column passes, so that no extreme is lost.
function columns(values, frame) {
  const { view } = frame;
  const first = Math.max(0, Math.floor(view.from) - 1);
  const end = Math.min(values.length, Math.ceil(view.to) + 1);
  const list = [];
  let column = null;
  for (let i = first; i < end; i++) {
    const x = Math.round(frame.x(i + 1) * 2) / 2;
    const value = values[i];
    if (column !== null && x - column.x < 1) {
      if (value < column.low) column.low = value;
      if (value > column.high) column.high = value;
      column.last = value;
    } else {
      list.push(column = { x, first: value, low: value, high: value, last: value });
    }
  }
  return list;
}

function extent(list) {
  let low = Infinity, high = -Infinity;
  for (const item of list) {
    if (item.low < low) low = item.low;
    if (item.high > high) high = item.high;
  }
  return [low, high];
}

// MARK: Pens

function polyline(context, list, scale) {
  context.beginPath();
  for (const column of list) {
    context.lineTo(column.x, scale.y(column.first));
    if (column.low < column.high) {
      context.lineTo(column.x, scale.y(column.low));
      context.lineTo(column.x, scale.y(column.high));
      context.lineTo(column.x, scale.y(column.last));
    }
  }
  context.stroke();
}

function grid(context, frame, pane, scale, palette, format) {
  const { ticks, step } = ticksOf(scale, pane);
  context.lineWidth = 1;
  context.strokeStyle = palette.line;
  context.fillStyle = palette.muted;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.beginPath();
  for (const tick of ticks) {
    const y = Math.round(scale.y(tick)) + 0.5;
    context.moveTo(frame.left, y);
    context.lineTo(frame.left + frame.width, y);
    if (y > pane.top + 5 && y < pane.top + pane.height - 3) {
      context.fillText(format(tick, step), frame.left + frame.width + 8, y);
    }
  }
  context.stroke();
}

function paintCandles(context, frame, pane, scale, list, palette) {
  const pointsPerCandle = frame.width / (frame.view.to - frame.view.from);
  const width = (list.length ? list[0].end - list[0].first : 1) * pointsPerCandle;
  const body = Math.max(1, Math.min(width - 1, width * 0.72, 24));
  for (const isUp of [true, false]) {
    context.fillStyle = isUp ? palette.up : palette.down;
    for (const candle of list) {
      if ((candle.close >= candle.open) !== isUp) continue;
      const middle = frame.x((candle.first + candle.end) / 2);
      const top = scale.y(Math.max(candle.open, candle.close));
      const bottom = scale.y(Math.min(candle.open, candle.close));
      const high = scale.y(candle.high);
      context.fillRect(middle - 0.5, high, 1, Math.max(1, scale.y(candle.low) - high));
      context.fillRect(middle - body / 2, top, body, Math.max(1, bottom - top));
    }
  }
}

function paintVolume(context, frame, pane, list, palette) {
  const most = list.reduce((most, candle) => Math.max(most, candle.volume), 0);
  if (!(most > 0)) return;
  context.fillStyle = palette.faint;
  const pointsPerCandle = frame.width / (frame.view.to - frame.view.from);
  for (const candle of list) {
    const height = candle.volume / most * pane.height * 0.1;
    const width = Math.max(1, (candle.end - candle.first) * pointsPerCandle - 1);
    context.fillRect(frame.x(candle.first) + 0.5, pane.top + pane.height - height, width, height);
  }
}

// The stop's history: its trigger as a step line, the limit below it, and what lies between.
function paintStops(context, frame, scale, visible, palette) {
  const { x } = frame;
  context.fillStyle = palette.limit;
  context.globalAlpha = 0.16;
  for (const leg of visible) {
    if (leg.role !== "stop") continue;
    const top = scale.y(leg.trigger);
    context.fillRect(x(leg.from), top, x(leg.to) - x(leg.from), scale.y(leg.limit) - top);
  }
  context.globalAlpha = 1;
  steps(context, visible.filter((leg) => leg.role === "stop"), (leg) => leg.limit, x, scale);
  context.setLineDash([2, 2]);
  context.lineWidth = 1;
  context.strokeStyle = palette.limit;
  context.stroke();
  context.setLineDash([]);
  steps(context, visible.filter((leg) => leg.role === "stop"), (leg) => leg.trigger, x, scale);
  context.lineWidth = visible.length * 2 > frame.width ? 1 : 1.5;
  context.strokeStyle = palette.stop;
  context.stroke();
  steps(context, visible.filter((leg) => leg.role !== "stop"), (leg) => leg.limit, x, scale);
  context.setLineDash([5, 2]);
  context.lineWidth = 1.75;
  context.strokeStyle = palette.rescue;
  context.stroke();
  context.setLineDash([]);
}

function steps(context, list, level, x, scale) {
  context.beginPath();
  let position = -1;
  for (const leg of list) {
    const y = scale.y(level(leg));
    if (leg.position === position) context.lineTo(x(leg.from), y); else context.moveTo(x(leg.from), y);
    context.lineTo(Math.max(x(leg.to), x(leg.from) + 1), y);
    position = leg.position;
  }
}

function paintPositions(context, frame, pane, pair, palette, chosen) {
  const { positions } = pair;
  const end = lowerBound(pair.positionStarts, frame.view.to);
  for (let i = 0; i < end; i++) {
    const position = positions[i];
    if (position.to < frame.view.from) continue;
    const left = frame.x(position.from);
    const width = frame.x(position.to) - left;
    if (width < 1.5 && i !== chosen) continue;
    context.fillStyle = position.realised > 0 ? palette.good
      : position.realised < 0 ? palette.bad : palette.muted;
    context.globalAlpha = i === chosen ? 0.11 : 0.05;
    context.fillRect(left, pane.top, Math.max(width, 1.5), pane.height);
  }
  context.globalAlpha = 1;
}

function paintFills(context, frame, scale, pair, palette) {
  const { fills, fillPlaces, positions } = pair;
  const first = lowerBound(fillPlaces, frame.view.from);
  const end = lowerBound(fillPlaces, frame.view.to);
  const room = frame.width / Math.max(1, end - first);
  if (room < 5) return;  // They would hide what they mark.
  const size = Math.max(2.5, Math.min(6, room / 3));
  context.lineWidth = 1;
  context.strokeStyle = palette.surface;
  for (let i = first; i < end; i++) {
    const fill = fills[i];
    const x = frame.x(fill.at), y = scale.y(fill.price);
    const down = fill.isSale ? -1 : 1;
    const realised = positions[fill.position]?.realised;
    context.fillStyle = !fill.isSale ? palette.accent : realised > 0 ? palette.good : palette.bad;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - size * 0.8, y + down * size * 1.5);
    context.lineTo(x + size * 0.8, y + down * size * 1.5);
    context.closePath();
    context.fill();
    if (size > 4) context.stroke();
  }
}

function paintGaps(context, frame, panes, palette) {
  const { axis } = frame;
  const first = Math.max(1, Math.floor(frame.view.from));
  const places = [];
  for (let i = first; i < axis.count && i < frame.view.to && places.length <= 40; i++) {
    if (axis.time[i] - axis.time[i - 1] > axis.span * 1.5) places.push(i);
  }
  if (places.length > 40) return;  // A hatching would say less than the figure does.
  context.strokeStyle = palette.muted;
  context.globalAlpha = 0.5;
  context.setLineDash([1, 5]);
  context.beginPath();
  for (const place of places) {
    const x = Math.round(frame.x(place)) + 0.5;
    context.moveTo(x, panes[0].top);
    context.lineTo(x, panes[panes.length - 1].top + panes[panes.length - 1].height);
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function paintTimes(context, frame, panes, palette) {
  const bottom = panes[panes.length - 1].top + panes[panes.length - 1].height;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of timeTicks(frame)) {
    const x = Math.round(tick.x) + 0.5;
    context.strokeStyle = palette.line;
    context.beginPath();
    for (const pane of panes) {
      context.moveTo(x, pane.top);
      context.lineTo(x, pane.top + pane.height);
    }
    context.stroke();
    context.fillStyle = tick.strong ? palette.ink : palette.muted;
    context.fillText(tick.text, x, bottom + 7);
  }
}
