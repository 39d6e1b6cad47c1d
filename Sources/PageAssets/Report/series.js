"use strict";
// The page's figures, read from its data blocks. Nothing is computed but places on a chart.

const byId = (id) => document.getElementById(id);

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

const readFacts = (id) => JSON.parse(byId(id)?.textContent ?? "null");

// The first place in `values`, ascending, whose value is not below `value`.
function lowerBound(values, value, length = values.length) {
  let low = 0, high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

// `count` values, each a difference from the one before it, in steps of `unit`.
function readCurve(id, count, unit, input = reader(id)) {
  const values = new Float64Array(count);
  let value = 0;
  for (let i = 0; i < count; i++) values[i] = (value += input.next()) * unit;
  return values;
}

// A time axis: moment i reaches from i to i + 1, gaps have no width. `span` is in seconds.
class Axis {
  constructor(time, span) {
    this.time = time;
    this.count = time.length;
    this.span = span;
  }

  // Where a moment lies along it.
  placeOf(time) {
    const next = lowerBound(this.time, time + 1e-6);
    if (next === 0) return 0;
    return next - 1 + Math.min(1, (time - this.time[next - 1]) / this.span);
  }
}

// Equity, buy and hold, and drawdown, whose blocks' names begin with `prefix`.
function readCurves(facts, prefix = "") {
  return {
    start: facts.start, quote: facts.quote,
    equity: readCurve(prefix + "equity", facts.count, facts.equity_unit),
    hold: readCurve(prefix + "hold", facts.count, facts.equity_unit),
    drawdown: readCurve(prefix + "drawdown", facts.count, facts.drawdown_unit),
  };
}

// A pair's candles, exit orders, fills and positions, whose blocks' names end with `suffix`.
function readPair(facts, suffix = "") {
  const candles = readCandles(facts, suffix);
  const axis = new Axis(candles.time, facts.interval * facts.group);
  const legs = readLegs(facts, axis, suffix);
  const fills = readFills(facts, axis, suffix);
  const positions = facts.trades.map(
    ([entered, left, realised, ratchets, escalations, reason]) => ({
      from: axis.placeOf(entered), to: axis.placeOf(left), entered, left, realised, ratchets,
      escalations, reason,
    }));
  if (facts.open_since !== null) {
    const since = facts.open_since;
    positions.push({ from: axis.placeOf(since), to: axis.count, entered: since });
  }
  return { ...facts, axis, candles, legs, fills, positions,
    legStarts: Float64Array.from(legs, (leg) => leg.from),
    fillPlaces: Float64Array.from(fills, (fill) => fill.at),
    positionStarts: Float64Array.from(positions, (position) => position.from),
    price: (value) => number(value, facts.price_decimals) };
}

// An account's curves, and what its pairs and groups were of it, as fractions of equity.
function readAccount(facts) {
  const series = (id, names) => {
    const input = reader(id);
    return names.map(() => readCurve(id, facts.count, facts.share_unit, input));
  };
  const times = readCurve("account-times", facts.count, facts.interval);
  return { ...facts, axis: new Axis(times, facts.interval * facts.group),
    curves: readCurves(facts, "account-"), weights: series("account-weights", facts.names),
    exposures: series("account-exposures", facts.groups) };
}

function readCandles(facts, suffix) {
  const array = () => new Float64Array(facts.count);
  const all = { time: array(), open: array(), high: array(), low: array(), close: array(),
    volume: array() };
  const input = reader("candles" + suffix);
  let start = 0, last = 0;
  for (let i = 0; i < facts.count; i++) {
    start += input.next();
    const open = last + input.next();
    const close = open + input.next();
    all.time[i] = start * facts.interval;
    all.open[i] = open * facts.price_unit;
    all.close[i] = close * facts.price_unit;
    all.high[i] = (Math.max(open, close) + input.next()) * facts.price_unit;
    all.low[i] = (Math.min(open, close) - input.next()) * facts.price_unit;
    all.volume[i] = input.next() * facts.volume_unit;
    last = close;
  }
  return all;
}

// The exit orders of every position in the sequence of submission.
function readLegs(facts, axis, suffix) {
  const legs = [], input = reader("legs" + suffix);
  let position = 0, number = 0, time = 0;
  while (input.more) {
    position += input.next();
    number += input.next();
    const role = facts.roles[input.next()];
    const trigger = input.next() * facts.price_unit;
    const limit = input.next() * facts.price_unit;
    time += input.next();
    const length = input.next();
    legs.push({ position, number, role, trigger, limit, from: axis.placeOf(time / 1000),
      to: length < 0 ? axis.count : axis.placeOf((time + length) / 1000) });
  }
  return legs;
}

function readFills(facts, axis, suffix) {
  const fills = [], input = reader("fills" + suffix);
  let position = 0, time = 0;
  while (input.more) {
    position += input.next();
    const isSale = input.next() === 1;
    const price = input.next() * facts.price_unit;
    time += input.next();
    fills.push({ position, isSale, price, at: axis.placeOf(time / 1000) });
  }
  return fills;
}

// MARK: Text

const formats = new Map();
function number(value, decimals) {
  if (!formats.has(decimals)) {
    formats.set(decimals, new Intl.NumberFormat("en-US",
      { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  }
  return formats.get(decimals).format(value).replace("-", "−");
}
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
