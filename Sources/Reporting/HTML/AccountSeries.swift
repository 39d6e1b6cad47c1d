import Execution
import Market

/// What the script draws of a portfolio's account: its curves, what each pair was of equity, and what
/// each correlation group had at stake.
///
/// Shares are counted in hundredths of a percent. Of points that are drawn as one, the last share of a
/// pair counts and the greatest of a group, so that none above a limit is lost.
struct AccountSeries {
  /// The steps of a share.
  private static let shareUnit = 1e-4
  /// How many colours the style sheet has for pairs.
  static let colors = 12

  private let result: PortfolioResult
  private let groups: [CorrelationGroup]
  private let curves: CurveSeries
  private var times: [Int128] = []
  /// By pair, then point.
  private var weights: [[Int128]]
  /// By group, then point.
  private var exposures: [[Int128]]

  /// The series of a run, of at most so many points.
  init(_ result: PortfolioResult, mostPoints: Int) {
    self.result = result
    groups = result.correlationGroups
    let count = PortfolioCurve(result).reduce(0) { count, _ in count + 1 }
    curves = CurveSeries(
      startingCash: result.startingCash, count: count,
      group: PairSeries.group(count, most: mostPoints))
    weights = result.pairs.map { _ in [] }
    exposures = groups.map { _ in [] }
    for (index, point) in ExposureCurve(result).enumerated() { add(point, index) }
  }

  private mutating func add(_ point: Exposures, _ index: Int) {
    if index.isMultiple(of: curves.group) {
      let start = point.time.nanoseconds - result.interval.nanoseconds
      times.append(Int128(start / result.interval.nanoseconds))
      for group in groups.indices { exposures[group].append(0) }
      for pair in weights.indices { weights[pair].append(0) }
    }
    let last = times.count - 1
    for group in groups.indices {
      let share = Self.share(groups[group].exposure(point), of: point.equity)
      exposures[group][last] = max(exposures[group][last], share)
    }
    for pair in weights.indices {
      weights[pair][last] = Self.share(point.positions[pair], of: point.equity)
    }
  }

  /// An amount's share of equity in steps; 0 where there is no equity to have a share of.
  private static func share(_ amount: Money, of equity: Money) -> Int128 {
    guard equity > .zero else { return 0 }
    let share = (amount.double / equity.double / shareUnit).rounded(.toNearestOrEven)
    return Int128(exactly: share) ?? 0
  }

  /// Writes everything.
  func write<Failure: Error>(
    _ html: inout HTMLWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try write("account-times", [times], &html, to: sink)
    try curves.write(
      &html, prefix: "account-", equity: PortfolioCurve(result),
      hold: EqualWeightCurve(result).lazy.map(\.equity.double), drawdown: DrawdownCurve(result),
      to: sink)
    try write("account-weights", weights, &html, to: sink)
    try write("account-exposures", exposures, &html, to: sink)
    html.json("account", facts)
  }

  /// One series after the other, each from 0 on.
  private func write<Failure: Error>(
    _ id: String, _ all: [[Int128]], _ html: inout HTMLWriter,
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try html.data(id, to: sink) { block throws(Failure) in
      var series = SeriesEncoder()
      for values in all {
        var before: Int128 = 0
        for value in values {
          series.append(value - before, to: &block)
          before = value
        }
        try block.drain(into: sink)
      }
      series.finish(to: &block)
    }
  }

  private var facts: JSONWriter {
    var json = JSONWriter()
    json.beginObject()
    json.member("quote", result.quoteName)
    json.key("interval")
    json.value(Double(result.interval.nanoseconds) / 1e9)
    json.member("group", curves.group)
    json.member("count", times.count)
    json.member("share_unit", Self.shareUnit)
    curves.writeFacts(&json)
    json.key("names")
    json.beginArray()
    for name in result.shortNames { json.value(name) }
    json.endArray()
    json.key("groups")
    json.beginArray()
    for group in groups {
      json.beginObject()
      json.member("name", group.name)
      json.member("color", group.pairs[0])
      json.endObject()
    }
    json.endArray()
    json.key("limit")
    if let limit = result.limits.maxCorrelatedExposure {
      json.value(limit.double / 100)
    } else {
      json.null()
    }
    json.endObject()
    return json
  }
}
