import Execution
import Market

/// A run of several pairs told in sentences, for somebody who sees one for the first time.
///
/// Each part is a list of lines for a terminal, at most 80 columns wide. Figures are rounded for
/// looking at, as in `PortfolioSummary`.
public struct PortfolioStory: Sendable {
  /// The trade that brought most, from its signal to its result.
  public let trade: [String]
  /// What the limits refused and cut.
  public let limits: [String]
  /// What came of it all.
  public let outcome: [String]

  /// The story of a run.
  public init(_ result: PortfolioResult) {
    trade = Self.trade(of: result)
    limits = Self.limits(of: result)
    outcome = Self.outcome(of: result)
  }

  private static func trade(of result: PortfolioResult) -> [String] {
    guard let best = result.trades.max(by: { $0.element.realised < $1.element.realised }) else {
      return paragraph("No position was closed.")
    }
    let (pair, trade) = (result.pairs[best.pair], best.element)
    let entry = pair.record.orders[Int(trade.entryOrder) - 1].order
    func price(_ price: Price) -> String {
      Display.fixed(price, decimals: pair.product.priceDecimals)
    }
    func average(_ notional: Money) -> String {
      Display.fixed(
        notional.double / trade.quantity.double, decimals: pair.product.priceDecimals)
    }
    let returned = trade.realised.double / trade.entryNotional.double
    return event(
      entry.submitted,
      "A candle of \(pair.product.id) closes, and all conditions of the strategy hold: a limit buy "
        + "of \(entry.quantity) at \(price(entry.limit)) is sent.")
      + event(
        trade.entryTime,
        "It fills at \(average(trade.entryNotional)). A stop is placed at once, below the price.")
      + event(
        nil,
        "The price rises to \(price(trade.highest)), and the stop is moved up "
          + "\(Display.plural(trade.ratchets, "time")), never down.")
      + event(
        trade.exitTime,
        "\(ending(trade.exitReason)) at \(average(trade.exitNotional)). After "
          + "\(Display.fixed(trade.fees)) of fees the trade has made \(Display.fixed(trade.realised)) "
          + "\(pair.product.quoteName), \(Display.percent(returned)).")
  }

  /// How a position was left, up to the price.
  private static func ending(_ reason: ExitReason) -> String {
    switch reason {
    case .trailingStop: "The price turns and meets the stop: sold"
    case .escalated: "The price falls past the stop, and a lower limit follows it: sold"
    case .forced: "An operator ends it: sold"
    case .liquidation: "The breaker ends it: sold"
    }
  }

  private static func limits(of result: PortfolioResult) -> [String] {
    let refusals = result.refusals
    var lines: [String] = []
    for rule in PortfolioRule.allCases {
      let all = refusals.filter { $0.element.refusal.rule == rule }
      guard let first = all.first else { continue }
      let refusal = first.element.refusal
      lines += event(
        first.element.time,
        "\(rule.rawValue): an entry of \(result.pairs[first.pair].product.id) is refused. It would be "
          + "\(refusal.shownValue), and \(refusal.shownLimit) is the most."
          + (all.count > 1
            ? " The first of \(Display.count(all.count)) refusals by this rule." : ""))
    }
    if result.sizeCuts > 0 {
      let entries =
        result.sizeCuts == 1 ? "1 entry was" : "\(Display.count(result.sizeCuts)) entries were"
      lines += event(nil, "\(entries) cut to max_position_size_pct.")
    }
    if let trip = result.trip {
      lines += event(
        trip.time,
        "The breaker trips: equity is \(Display.fixed(trip.equity)). All positions are sold, and "
          + "nothing is bought any more.")
    }
    return lines.isEmpty ? paragraph("No limit was reached.") : lines
  }

  private static func outcome(of result: PortfolioResult) -> [String] {
    let metrics = Metrics(result)
    let won = metrics.winRate.map { ", \(Display.percent($0)) of them won" } ?? ""
    return paragraph(
      "\(Display.fixed(result.startingCash)) became \(Display.fixed(result.finalEquity)) "
        + "\(result.quoteName), \(Display.percent(metrics.totalReturn)); at worst "
        + "\(Display.percent(metrics.maxDrawdown)) from the highest so far. "
        + "\(Display.plural(result.trades.count, "trade"))\(won), "
        + "\(Display.fixed(metrics.fees)) \(result.quoteName) of fees.")
  }

  private static func paragraph(_ text: String) -> [String] {
    text.wrapped(to: 77).map { "  " + $0 }
  }

  /// A sentence, behind its time where it has one.
  private static func event(_ time: Timestamp?, _ sentence: String) -> [String] {
    let label = time.map(Display.minute) ?? ""
    return sentence.wrapped(to: 59).enumerated().map { index, line in
      "  " + (index == 0 ? label : "").padded(to: 18) + line
    }
  }
}
