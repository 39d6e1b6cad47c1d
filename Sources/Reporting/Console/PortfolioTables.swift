import Execution
import Market

/// The tables of a portfolio's summary and page that a single run has no use for.
package enum PortfolioTables {
  /// What each pair's candles are.
  static func candles(_ result: PortfolioResult) -> TextTable {
    let rows = result.pairs.indices.map { index in
      let pair = result.pairs[index]
      return [
        pair.product.id, result.groups[index] ?? Display.none, Display.count(pair.candles.count),
        pair.candles.first.map { Display.minute($0.start) } ?? Display.none,
        pair.candles.last.map { Display.minute($0.start + pair.interval) } ?? Display.none,
        Display.count(pair.data.missing), Display.count(pair.data.badRows),
      ]
    }
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Group", isNumber: false), .init("Candles"),
        .init("From (UTC)", isNumber: false), .init("To", isNumber: false, isOptional: true),
        .init("Missing"), .init("Bad"),
      ], rows: rows)
  }

  /// What was found out about each pair's candles.
  static func data(_ result: PortfolioResult) -> TextTable {
    let rows = result.pairs.map { pair in
      let check = pair.candleCheck
      return [
        pair.product.id, Display.count(pair.candles.count),
        pair.candles.first.map { Display.minute($0.start) } ?? Display.none,
        pair.candles.last.map { Display.minute($0.start + pair.interval) } ?? Display.none,
        Display.count(pair.data.gaps), Display.count(pair.data.missing),
        Display.count(pair.data.badRows), Display.count(check.zeroVolume),
        Display.count(check.outliers),
      ]
    }
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Candles"), .init("From (UTC)", isNumber: false),
        .init("To", isNumber: false), .init("Gaps"), .init("Missing"), .init("Bad rows"),
        .init("Without volume"), .init("Outliers"),
      ], rows: rows)
  }

  /// How often each rule refused, and the first time with both figures; `nil` where none did.
  static func refusals(
    _ refusals: [PortfolioResult.OfPair<RunRecord.TimedRefusal>], _ result: PortfolioResult
  ) -> TextTable? {
    let rows = PortfolioRule.allCases.compactMap { rule -> [String]? in
      let all = refusals.filter { $0.element.refusal.rule == rule }
      guard let first = all.first else { return nil }
      let refusal = first.element.refusal
      return [
        rule.rawValue, Display.count(all.count), Display.minute(first.element.time),
        result.pairs[first.pair].product.id, refusal.shownValue, refusal.shownLimit,
      ]
    }
    guard !rows.isEmpty else { return nil }
    return TextTable(
      columns: [
        .init("Rule", isNumber: false), .init("Refused"),
        .init("First (UTC)", isNumber: false), .init("Pair", isNumber: false, isOptional: true),
        .init("Was"), .init("Limit"),
      ], rows: rows)
  }

  /// How much of equity each pair is, and should be.
  static func allocation(_ drifts: [Drift], _ result: PortfolioResult) -> TextTable {
    allocation(drifts, names: result.pairs.map(\.product.id), result.quoteName)
  }

  /// How much of equity each pair is, and should be.
  package static func allocation(
    _ drifts: [Drift], names: [String], _ unit: String
  ) -> TextTable {
    var rows = drifts.map { drift in
      [
        names[drift.pair], Display.hundredths(drift.weight),
        Display.hundredths(drift.target), Display.hundredths(drift.drift),
        advice(drift, unit),
      ]
    }
    let held = drifts.reduce(0) { $0 + $1.weight }
    rows.append(["cash", Display.hundredths(1 - held), "", "", ""])
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Weight"), .init("Target"), .init("Drift"),
        .init("To rebalance", isNumber: false),
      ], rows: rows)
  }

  /// What to trade to be on target; nothing where the drift is small enough.
  static func advice(_ drift: Drift, _ unit: String) -> String {
    guard drift.isBeyondThreshold else { return "" }
    let amount = Display.fixed(drift.toTarget.magnitude)
    return "\(drift.toTarget < 0 ? "sell" : "buy") \(amount) \(unit)"
  }

  /// The correlation of each pair with each.
  static func matrix(_ correlations: Correlations, _ result: PortfolioResult) -> TextTable {
    let names = result.shortNames
    let rows = names.indices.map { row in
      [names[row]]
        + names.indices.map { column in
          column > row ? "" : Display.fixed(correlations[row, column])
        }
    }
    return TextTable(
      columns: [.init("", isNumber: false)] + names.map { .init($0) }, rows: rows)
  }

  /// The pairs whose returns go together most.
  static func highest(
    _ count: Int, of correlations: Correlations, _ result: PortfolioResult
  ) -> TextTable {
    let rows = correlations.highest(count).map { place in
      [
        result.pairs[place.first].product.id, result.pairs[place.second].product.id,
        Display.fixed(correlations[place.first, place.second]),
        Display.count(correlations.counts[place.first][place.second]),
      ]
    }
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("And", isNumber: false), .init("Correlation"),
        .init("Candles"),
      ], rows: rows)
  }
}

extension PortfolioResult {
  /// What all is paid with; the first pair's, since they share one account.
  var quoteName: String { pairs[0].product.quoteName }

  /// The strategy that played; `nil` where the settings do not say, or pairs differ.
  var strategy: String? {
    func name(_ settings: [RunResult.Setting]) -> String? {
      settings.first { $0.key == "strategy.name" }?.value
    }
    let names = Set(pairs.map { name($0.settings) })
    return names.count == 1 ? names.first ?? nil : nil
  }

  /// The close of the last candle of any pair.
  var end: Timestamp? { pairs.compactMap { $0.candles.last.map { $0.start + interval } }.max() }

  /// What each pair is called where there is little room: what is bought, if that is clear.
  var shortNames: [String] {
    let bases = pairs.map(\.product.baseName)
    return Set(bases).count == bases.count ? bases : pairs.map(\.product.id)
  }
}

extension Refusal {
  /// What would have been, for reading.
  var shownValue: String { isCount ? value.description : Self.shown(value, beside: limit) }
  /// The limit, for reading.
  var shownLimit: String { isCount ? limit.description : Self.shown(limit, beside: value) }

  private var isCount: Bool {
    switch rule {
    case .removal, .maxPositions, .maxConcurrentOrders: true
    case .breaker, .dailyLossLimit, .maxPositionSize, .maxCorrelatedExposure: false
    }
  }

  /// An amount at two decimals, or as many more as tell it from another one.
  static func shown(_ amount: WideMoney, beside other: WideMoney? = nil) -> String {
    let figure = Double(amount.description)
    guard let other, other != amount else { return Display.fixed(figure) }
    let decimals = (2...8).first {
      Display.fixed(figure, decimals: $0)
        != Display.fixed(Double(other.description), decimals: $0)
    }
    return Display.fixed(figure, decimals: decimals ?? 8)
  }
}
