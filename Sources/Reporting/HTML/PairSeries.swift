import Execution
import Market

/// What the script draws of a pair: series of whole numbers, each a difference from the one before.
///
/// Prices count a common unit of all prices of the run, volumes one of all volumes, so both are
/// exact. Very long runs are merged by groups of candles, which is exact too: the first open, the
/// greatest high, the least low, the last close, the sum of the volumes.
struct PairSeries {
  private let result: RunResult
  private let units: SeriesUnits
  private let histories: [StopHistory]
  /// How many candles share one on the page.
  let group: Int

  /// The series of a run, of at most so many candles.
  init(_ result: RunResult, mostCandles: Int) {
    self.result = result
    units = SeriesUnits(result)
    histories = StopHistory.all(of: result.record)
    group = Self.group(result.candles.count, most: mostCandles)
  }

  /// How many of `count` must share one, so that there are at most `most`.
  static func group(_ count: Int, most: Int) -> Int { max(1, (count + most - 1) / max(1, most)) }

  /// Writes candles, exit orders and fills, each a block whose name ends with `suffix`.
  func write<Failure: Error>(
    _ html: inout HTMLWriter, suffix: String = "", to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try html.data("candles" + suffix, to: sink) { block throws(Failure) in
      try writeCandles(&block, to: sink)
    }
    try html.data("legs" + suffix, to: sink) { block throws(Failure) in writeLegs(&block) }
    try html.data("fills" + suffix, to: sink) { block throws(Failure) in writeFills(&block) }
  }

  /// Start / interval, open, close, high and low above and below both, volume; of each group.
  private func writeCandles<Failure: Error>(
    _ block: inout TextBlock, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var series = SeriesEncoder()
    var start: Int64 = 0
    var close: Int64 = 0
    for first in stride(from: 0, to: result.candles.count, by: group) {
      let candle = Self.merged(result.candles[first..<min(first + group, result.candles.count)])
      let place = candle.start.nanoseconds / result.interval.nanoseconds
      series.append(place - start, to: &block)
      start = place
      let open = units.of(candle.open)
      series.append(open - close, to: &block)
      close = units.of(candle.close)
      series.append(close - open, to: &block)
      series.append(units.of(candle.high) - max(open, close), to: &block)
      series.append(min(open, close) - units.of(candle.low), to: &block)
      series.append(candle.volume.steps / units.volume, to: &block)
      try block.drain(into: sink)
    }
    series.finish(to: &block)
  }

  /// Candles that follow each other as one.
  private static func merged(_ candles: ArraySlice<Candle>) -> Candle {
    var all = candles[candles.startIndex]
    for candle in candles.dropFirst() {
      all.high = max(all.high, candle.high)
      all.low = min(all.low, candle.low)
      all.close = candle.close
      all.volume += candle.volume
    }
    return all
  }

  /// Of each exit order: its position, role, trigger (0: none), limit, number, and from when to when.
  private func writeLegs(_ block: inout TextBlock) {
    var series = SeriesEncoder()
    var (position, number, time): (Int, Int64, Int64) = (0, 0, 0)
    for (index, history) in histories.enumerated() {
      for leg in history.legs {
        series.append(index - position, to: &block)
        position = index
        series.append(Int64(leg.number) - number, to: &block)
        number = Int64(leg.number)
        series.append(OrderRole.allCases.firstIndex(of: leg.role) ?? 0, to: &block)
        series.append(leg.trigger.map(units.of) ?? 0, to: &block)
        series.append(units.of(leg.limit), to: &block)
        series.append(leg.from.milliseconds - time, to: &block)
        time = leg.from.milliseconds
        series.append(leg.to.map { $0.milliseconds - time } ?? -1, to: &block)
      }
    }
    series.finish(to: &block)
  }

  /// Of each fill: its position, side (1: sold), price and time.
  private func writeFills(_ block: inout TextBlock) {
    var series = SeriesEncoder()
    var (position, time): (Int, Int64) = (0, 0)
    for (index, history) in histories.enumerated() {
      for fill in result.record.fills[history.fills] {
        series.append(index - position, to: &block)
        position = index
        series.append(fill.side == .sell ? 1 : 0, to: &block)
        series.append(units.of(fill.price), to: &block)
        series.append(fill.time.milliseconds - time, to: &block)
        time = fill.time.milliseconds
      }
    }
    series.finish(to: &block)
  }

  /// How to read the series, and the trades; the members of an object that is open.
  func writeFacts(_ json: inout JSONWriter) {
    json.member("product", result.product.id)
    json.member("base", result.product.baseName)
    json.member("quote", result.product.quoteName)
    json.key("interval")
    json.value(Double(result.interval.nanoseconds) / 1e9)
    json.member("group", group)
    json.member("count", (result.candles.count + group - 1) / group)
    json.member("price_unit", units.price.double)
    json.member("price_decimals", result.product.priceDecimals)
    json.member("volume_unit", Quantity(steps: units.volume).double)
    json.key("roles")
    json.beginArray()
    for role in OrderRole.allCases { json.value(role.rawValue) }
    json.endArray()
    json.key("trades")
    json.beginArray()
    for trade in result.record.trades {
      json.beginArray()
      json.value(trade.entryTime)
      json.value(trade.exitTime)
      json.value(trade.realised.double)
      json.value(trade.ratchets)
      json.value(trade.escalations)
      json.value(trade.exitReason.rawValue)
      json.endArray()
    }
    json.endArray()
    json.key("open_since")
    if let open = result.openPosition { json.value(open.entryTime) } else { json.null() }
  }
}

extension Timestamp {
  fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
