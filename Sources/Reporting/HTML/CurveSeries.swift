import Market

/// What the script draws of an account: equity, buying and holding, drawdown.
///
/// Equity counts a millionth of the starting cash or less, drawdown a hundred-thousandth. Of points
/// that are drawn as one, the last value counts, of drawdown the least.
struct CurveSeries {
  /// The steps of a drawdown.
  static let drawdownUnit = 1e-5

  /// A power of ten, finer than a screen can show.
  let unit: Money
  /// How many points share one on the page.
  let group: Int
  /// How many points there are.
  let count: Int
  let startingCash: Money

  /// Series of `count` points, `group` of which are drawn as one.
  init(startingCash: Money, count: Int, group: Int) {
    var unit: Int128 = 1
    while unit * 10 <= startingCash.steps / 1_000_000 { unit *= 10 }
    self.unit = Money(steps: unit)
    self.group = group
    self.count = count
    self.startingCash = startingCash
  }

  /// Writes the three curves, each a block whose name begins with `prefix`.
  func write<Failure: Error>(
    _ html: inout HTMLWriter, prefix: String = "", equity: some Sequence<EquityPoint>,
    hold: some Sequence<Double>, drawdown: some Sequence<Double>,
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try html.data(prefix + "equity", to: sink) { block throws(Failure) in
      try write(equity.lazy.map { $0.equity.steps / unit.steps }, by: { $1 }, &block, to: sink)
    }
    try html.data(prefix + "hold", to: sink) { block throws(Failure) in
      // What is beyond all charts is 0.
      let worths = hold.lazy.map {
        Int128(exactly: ($0 / unit.double).rounded(.toNearestOrEven)) ?? 0
      }
      try write(worths, by: { $1 }, &block, to: sink)
    }
    try html.data(prefix + "drawdown", to: sink) { block throws(Failure) in
      let depths = drawdown.lazy.map {
        Int128(($0 / Self.drawdownUnit).rounded(.toNearestOrEven))
      }
      try write(depths, by: min, &block, to: sink)
    }
  }

  /// Writes one value for each group: that of all its points, taken together one by one.
  func write<Failure: Error>(
    _ values: some Sequence<Int128>, by join: (Int128, Int128) -> Int128,
    _ block: inout TextBlock, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var series = SeriesEncoder()
    var before: Int128 = 0
    var joined: Int128?
    for (index, value) in values.enumerated() {
      let value = joined.map { join($0, value) } ?? value
      guard (index + 1).isMultiple(of: group) || index == count - 1 else {
        joined = value
        continue
      }
      series.append(value - before, to: &block)
      (before, joined) = (value, nil)
      try block.drain(into: sink)
    }
    series.finish(to: &block)
  }

  /// How to read the curves; members of an object that is open.
  func writeFacts(_ json: inout JSONWriter) {
    json.member("equity_unit", unit.double)
    json.member("drawdown_unit", Self.drawdownUnit)
    json.member("start", startingCash.double)
  }
}
