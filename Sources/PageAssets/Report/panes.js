// The panes of a chart. Each has a name, its share of the height, a scale for what is in view, a
// text for a tick and for a value, painting, and reading: what stands above it for a moment.
// `chart` is the chart that shows it; `rect` its place, with the room that its line of figures takes.

// A scale with room for the line of figures above the greatest value.
function roomy(rect, low, high) {
  const points = (high - low) / Math.max(20, rect.height - rect.line - 16);
  return scaleOf(rect, low - 8 * points, high + (rect.line + 8) * points);
}

const signed = (fraction) => (fraction > 0 ? "+" : "") + percent(fraction);
const amountTick = (tick, step) =>
  tick >= 1e6 ? compact.format(tick) : number(tick, decimalsOf(step));
const shareTick = (tick, step) => percent(tick, decimalsOf(step * 100));

// A pair's candles with its stops, entries and exits.
function pricePane(pair, share) {
  const { candles, legs, legStarts, axis } = pair;
  const visible = ({ view }) => legs.slice(
    Math.max(0, lowerBound(legStarts, view.from) - 1), lowerBound(legStarts, view.to));
  // The exit order that stood at a place, the latest where several did.
  const legAt = (from, to) => {
    const leg = legs[lowerBound(legStarts, to) - 1];
    return leg && leg.to > from ? leg : null;
  };
  return {
    name: "price", share, label: pair.price,
    tick: (tick, step) => number(tick, decimalsOf(step)),
    scale(chart, rect) {
      let [low, high] = extent(buckets(candles, chart.view, chart.size));
      for (const leg of visible(chart)) {
        if (leg.to < chart.view.from) continue;
        low = Math.min(low, leg.limit);
        if (leg.trigger) high = Math.max(high, leg.trigger);
      }
      return roomy(rect, low, high);
    },
    paint(context, chart, rect, scale, palette) {
      const { frame } = chart;
      const list = buckets(candles, chart.view, chart.size);
      paintPositions(context, frame, rect, pair, palette, chart.chosen);
      paintVolume(context, frame, rect, list, palette);
      paintCandles(context, frame, rect, scale, list, palette);
      paintStops(context, frame, scale, visible(chart), palette);
      paintFills(context, frame, scale, pair, palette);
    },
    read(chart, first, end, place) {
      const candle = merge(candles, first, end);
      const parts = [["", moment(axis.time[first])
        + (chart.size > 1 ? ` · ${length((end - first) * axis.span)}` : "")],
        ["O", pair.price(candle.open)], ["H", pair.price(candle.high)],
        ["L", pair.price(candle.low)],
        ["C", pair.price(candle.close), candle.close >= candle.open ? "up" : "down"],
        ["V", compact.format(candle.volume)]];
      const leg = legAt(chart.size > 1 ? place : first, end);
      if (leg?.role === "stop") {
        parts.push(["Stop", `${pair.price(leg.trigger)} → ${pair.price(leg.limit)}`, "stop"]);
      } else if (leg) {
        parts.push([leg.role === "escalation" ? "Escalation" : leg.role, pair.price(leg.limit),
          "rescue"]);
      }
      return parts;
    },
  };
}

// The account against buying and holding, which a button can take away.
function equityPane(curves, share, axis) {
  const { equity, hold, start } = curves;
  return {
    name: "equity", share, label: money, tick: amountTick, withHold: true,
    scale(chart, rect) {
      let low = Infinity, high = -Infinity;
      for (const curve of this.withHold ? [equity, hold] : [equity]) {
        const [least, most] = extent(columns(curve, chart.frame));
        low = Math.min(low, least);
        high = Math.max(high, most);
      }
      return roomy(rect, low, high);
    },
    paint(context, { frame }, rect, scale, palette) {
      level(context, frame, scale.y(start), palette.muted);
      context.lineJoin = "round";
      context.lineWidth = 1.25;
      context.strokeStyle = palette.hold;
      if (this.withHold) polyline(context, columns(hold, frame), scale);
      context.lineWidth = 1.75;
      context.strokeStyle = palette.accent;
      polyline(context, columns(equity, frame), scale);
    },
    read(chart, first, end) {
      const last = end - 1;
      return [...(axis ? [["", moment(axis.time[last] + axis.span)]] : []),
        ["Equity", `${money(equity[last])}`, "accent"], ["", signed(equity[last] / start - 1)],
        ["Buy and hold", money(hold[last]), "hold"], ["", signed(hold[last] / start - 1)]];
    },
  };
}

// A dashed line across the chart.
function level(context, frame, y, color) {
  const place = Math.round(y) + 0.5;
  context.strokeStyle = color;
  context.globalAlpha = 0.7;
  context.setLineDash([2, 3]);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, place);
  context.lineTo(frame.width, place);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawdownPane({ drawdown }, share) {
  return {
    name: "drawdown", share, label: percent, tick: shareTick,
    scale({ frame }, rect) {
      const [low] = extent(columns(drawdown, frame));
      return scaleOf(rect, Math.min(low * 1.08, -0.001), 0);
    },
    paint(context, { frame }, rect, scale, palette) {
      const list = columns(drawdown, frame);
      if (!list.length) return;
      area(context, list.map(({ x, low }) => [x, scale.y(low)]), list.map(({ x }) => [x, scale.y(0)]));
      context.fillStyle = palette.bad;
      context.globalAlpha = 0.14;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = palette.bad;
      context.lineWidth = 1.25;
      polyline(context, list, scale);
    },
    read: (chart, first, end) => [["Drawdown", percent(drawdown[end - 1]), "bad"]],
  };
}

// A path along some points and back along others.
function area(context, there, back) {
  context.beginPath();
  for (const [x, y] of there) context.lineTo(x, y);
  for (const [x, y] of back.reverse()) context.lineTo(x, y);
  context.closePath();
}

// What each pair was of equity, one upon the other; above them is cash.
function allocationPane({ names, weights }, share) {
  const count = weights[0]?.length ?? 0;
  const sums = [new Float64Array(count)];
  for (const values of weights) {
    sums.push(sums[sums.length - 1].map((sum, i) => sum + values[i]));
  }
  const top = sums[sums.length - 1];
  return {
    name: "allocation", share, label: percent, tick: shareTick,
    scale({ frame }, rect) {
      const [, most] = extent(columns(top, frame));
      return roomy(rect, 0, Math.min(1, Math.max(most, 0.02)));
    },
    paint(context, { frame }, rect, scale, palette) {
      // Above what is held lies cash, up to the whole of equity.
      context.fillStyle = palette.cash;
      context.fillRect(0, scale.y(Math.min(1, scale.high)), frame.width,
        scale.y(0) - scale.y(Math.min(1, scale.high)));
      const lists = sums.map((sum) => columns(sum, frame));
      for (let pair = 0; pair < weights.length; pair++) {
        const edge = (list) => list.flatMap(({ x, first, last }) =>
          [[x, scale.y(first)], [x, scale.y(last)]]);
        area(context, edge(lists[pair + 1]), edge(lists[pair]));
        context.fillStyle = palette[seriesName(pair)];
        context.globalAlpha = 0.82;
        context.fill();
        context.globalAlpha = 1;
      }
      if (scale.high > 1) level(context, frame, scale.y(1), palette.muted);
    },
    read(chart, first, end) {
      const last = end - 1;
      const held = names.map((name, pair) => [name, weights[pair][last], seriesName(pair)])
        .filter(([, weight]) => weight > 0);
      return [["Allocation", ""], ...held.map(([name, weight, kind]) => [name, percent(weight), kind]),
        ["cash", percent(1 - top[last])]];
    },
  };
}

// What each correlation group had at stake, positions and entries, of equity; the limit across.
function exposurePane({ groups, exposures, limit }, share) {
  return {
    name: "exposure", share, label: percent, tick: shareTick,
    scale({ frame }, rect) {
      const most = Math.max(...exposures.map((values) => extent(columns(values, frame))[1]), 0.02);
      return roomy(rect, 0, limit === null ? most : Math.max(most, limit));
    },
    paint(context, { frame }, rect, scale, palette) {
      if (limit !== null) {
        context.fillStyle = palette.bad;
        context.globalAlpha = 0.06;
        context.fillRect(0, rect.top, frame.width, Math.max(0, scale.y(limit) - rect.top));
        context.globalAlpha = 1;
        level(context, frame, scale.y(limit), palette.bad);
      }
      context.lineWidth = 1.5;
      context.lineJoin = "round";
      exposures.forEach((values, group) => {
        context.strokeStyle = palette[seriesName(groups[group].color)];
        polyline(context, columns(values, frame), scale);
      });
    },
    read(chart, first, end) {
      const now = exposures.map((values, group) =>
        [groups[group].name, values[end - 1], seriesName(groups[group].color)])
        .filter(([, value]) => value > 0);
      return [["Exposure by group", now.length ? "" : "none"],
        ...now.map(([name, value, kind]) => [name, percent(value), kind]),
        ...(limit === null ? [] : [["limit", percent(limit), "bad"]])];
    },
  };
}
