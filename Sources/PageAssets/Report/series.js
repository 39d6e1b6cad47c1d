"use strict";
// The run's figures, read from the page's data blocks. Nothing is computed but places on a chart.

const byId = (id) => document.getElementById(id);
const run = JSON.parse(byId("run").textContent);

// Reads the whole numbers of a block: base64 of bytes of seven bits, lowest first, zigzag.
function reader(id) {
  const element = byId(id);
  const bytes = atob(element.textContent);
  element.remove();
  let place = 0;
  return {
    get more() { return place < bytes.length; },
    next() {
      let number = 0, unit = 1, byte;
      do {
        byte = bytes.charCodeAt(place++);
        number += (byte & 127) * unit;
        unit *= 128;
      } while (byte > 127);
      return number % 2 ? -(number + 1) / 2 : number / 2;
    },
  };
}

function readCandles() {
  const array = () => new Float64Array(run.count);
  const all = { time: array(), open: array(), high: array(), low: array(), close: array(),
    volume: array() };
  const input = reader("candles");
  let start = 0, last = 0;
  for (let i = 0; i < run.count; i++) {
    start += input.next();
    const open = last + input.next();
    const close = open + input.next();
    all.time[i] = start * run.interval;
    all.open[i] = open * run.price_unit;
    all.close[i] = close * run.price_unit;
    all.high[i] = (Math.max(open, close) + input.next()) * run.price_unit;
    all.low[i] = (Math.min(open, close) - input.next()) * run.price_unit;
    all.volume[i] = input.next() * run.volume_unit;
    last = close;
  }
  return all;
}

function readCurve(id, unit) {
  const values = new Float64Array(run.count);
  const input = reader(id);
  let value = 0;
  for (let i = 0; i < run.count; i++) values[i] = (value += input.next()) * unit;
  return values;
}

const candles = readCandles();
const equity = readCurve("equity", run.equity_unit);
const hold = readCurve("hold", run.equity_unit);
const drawdown = readCurve("drawdown", run.drawdown_unit);
const span = run.interval * run.group;  // Seconds from one candle's start to the next one's.

// The first place in `values`, ascending, whose value is not below `value`.
function lowerBound(values, value, length = values.length) {
  let low = 0, high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

// Where a moment lies along the candles: candle i reaches from i to i + 1, gaps have no width.
function placeOf(time) {
  const next = lowerBound(candles.time, time + 1e-6);
  if (next === 0) return 0;
  return next - 1 + Math.min(1, (time - candles.time[next - 1]) / span);
}

// The exit orders of every position in the sequence of submission.
function readLegs() {
  const legs = [], input = reader("legs");
  let position = 0, number = 0, time = 0;
  while (input.more) {
    position += input.next();
    number += input.next();
    const role = run.roles[input.next()];
    const trigger = input.next() * run.price_unit;
    const limit = input.next() * run.price_unit;
    time += input.next();
    const length = input.next();
    legs.push({ position, number, role, trigger, limit, from: placeOf(time / 1000),
      to: length < 0 ? run.count : placeOf((time + length) / 1000) });
  }
  return legs;
}

function readFills() {
  const fills = [], input = reader("fills");
  let position = 0, time = 0;
  while (input.more) {
    position += input.next();
    const isSale = input.next() === 1;
    const price = input.next() * run.price_unit;
    time += input.next();
    fills.push({ position, isSale, price, at: placeOf(time / 1000) });
  }
  return fills;
}

const legs = readLegs();
const legStarts = Float64Array.from(legs, (leg) => leg.from);
const fills = readFills();
const fillPlaces = Float64Array.from(fills, (fill) => fill.at);
const positions = run.trades.map(([entered, left, realised, ratchets, escalations, reason]) => ({
  from: placeOf(entered), to: placeOf(left), entered, left, realised, ratchets, escalations, reason,
}));
if (run.open_since !== null) {
  positions.push({ from: placeOf(run.open_since), to: run.count, entered: run.open_since });
}
const positionStarts = Float64Array.from(positions, (position) => position.from);

// MARK: Text

const formats = new Map();
function number(value, decimals) {
  if (!formats.has(decimals)) {
    formats.set(decimals, new Intl.NumberFormat("en-US",
      { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  }
  return formats.get(decimals).format(value).replace("-", "−");
}
const price = (value) => number(value, run.price_decimals);
const money = (value) => number(value, 2);
const percent = (value, decimals = 2) => number(value * 100, decimals) + "%";
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 4 });
const monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (value) => String(value).padStart(2, "0");
// A length of time in its largest unit: 45m, 3h, 1.5d.
function length(seconds) {
  const [unit, name] = [[86400, "d"], [3600, "h"], [60, "m"]].find(([unit]) => seconds >= unit)
    ?? [1, "s"];
  return `${Math.round(seconds / unit * 10) / 10}${name}`;
}
function moment(time) {
  const date = new Date(time * 1000);
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())} `
    + `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}
