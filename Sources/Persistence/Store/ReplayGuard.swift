package import Execution
import Market
package import Strategy

/// Looks at a recorded event before an engine does: figures that would overflow are none of a run's.
package struct ReplayGuard {
  /// Σ |notional| + |fee| of all that was counted: no sum of the engine is greater.
  private var turnover: Money

  /// A guard of what follows on a state.
  ///
  /// - Returns: `nil` where the state itself is beyond all bounds.
  package init?<S: TradingStrategy>(of state: TradingState<S>) {
    let account = state.portfolio.account
    var sums = [account.cash, account.positionsValue]
    for engine in state.engines {
      let position = engine.position
      sums += [position.entryNotional, position.exitNotional, position.fees]
    }
    turnover = .zero
    for sum in sums { guard Self.add(sum, to: &turnover) else { return nil } }
  }

  /// What is wrong with an event of a pair, or `nil`; a fill is counted.
  package mutating func defect<S: TradingStrategy>(
    of event: Event, of pair: Int, in state: TradingState<S>
  ) -> String? {
    let engine = state.engines[pair].settings
    switch event {
    case .trade(let price, _), .forceExit(let price, _):
      return Self.defect(of: price, engine.product)
    case .enter(let signal, _):
      let life = Int128(engine.interval.nanoseconds) * Int128(signal.timeToLive)
      guard life <= Int128(RecordBounds.interval.nanoseconds) else {
        return "lives for more than a year"
      }
      return Self.defect(of: signal.reference, engine.product)
    case .candleClosed(let candle):
      guard engine.interval.nanoseconds > 0, engine.interval <= RecordBounds.interval else {
        return "closes a candle of \(engine.interval.seconds) s"
      }
      if let defect = candle.defect(interval: engine.interval) { return "is no candle: \(defect)" }
      return Self.defect(of: candle.high, engine.product)
        ?? worthDefect(of: pair, at: candle.close, plus: .zero, in: state)
    case .report(let report):
      guard case .filled(let fill) = report.news else { return nil }
      if let defect = Self.defect(of: fill.price, engine.product) { return defect }
      guard let notional = RecordBounds.notional(fill.price, fill.quantity),
        Self.add(notional, to: &turnover), Self.add(fill.fee, to: &turnover)
      else { return "is worth more than can be counted" }
      let added = fill.side == .buy ? fill.quantity : .zero
      return worthDefect(of: pair, at: state.portfolio.pairs[pair].close, plus: added, in: state)
    case .clock, .cancelEntry, .liquidate, .decide, .halt, .resume: return nil
    }
  }

  /// Twice a price, in ticks, must be a number: so far up a stop may be asked for.
  private static func defect(of price: Price, _ product: Product) -> String? {
    guard price > .zero else { return "has a price that is not above 0" }
    let twice = Int128(price.steps) * 2 / Int128(product.quoteIncrement.steps)
    return Int64(exactly: twice) == nil ? "has a price that is too high for its tick" : nil
  }

  /// What all pairs hold must be countable, with one of them at another close and with more of it.
  private func worthDefect<S: TradingStrategy>(
    of pair: Int, at close: Price, plus added: Quantity, in state: TradingState<S>
  ) -> String? {
    var worth = Money.zero
    for (number, exposure) in state.portfolio.pairs.enumerated() {
      var (price, quantity) = (exposure.close, exposure.quantity)
      if number == pair {
        price = close
        let (sum, overflow) = quantity.steps.addingReportingOverflow(added.steps)
        guard !overflow else { return "is of more units than can be counted" }
        quantity = Quantity(steps: sum)
      }
      guard let notional = RecordBounds.notional(price, quantity),
        Self.add(notional, to: &worth), worth <= RecordBounds.money
      else { return "makes the account worth more than can be counted" }
    }
    return nil
  }

  private static func add(_ amount: Money, to sum: inout Money) -> Bool {
    let magnitude = amount.steps.magnitude
    guard magnitude <= RecordBounds.turnover.steps.magnitude,
      sum.steps.magnitude + magnitude <= RecordBounds.turnover.steps.magnitude
    else { return false }
    sum += Money(steps: Int128(magnitude))
    return true
  }
}
