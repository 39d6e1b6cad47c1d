import Execution
import Market
import Simulator
import Strategy

/// What the engine makes of a signal at the last price, with the cash that there is now.
///
/// Whether an entry is possible is the engine's own answer: its fee, its lot, its limits.
enum EntryTrial: Hashable {
  /// It would submit this.
  case order(Order)
  /// It would not: too little is left, by `portfolio.max_position_size_pct` where `isCut`, or the stop would
  /// have no price.
  case tooSmall(isCut: Bool)
  /// It would not: a limit of the portfolio is in the way.
  case refused(Refusal)

  /// Asks an engine that has just begun.
  ///
  /// - Parameters:
  ///   - strategy: Whose exit has to have a price.
  ///   - plan: The pair, with the exchange's steps and fee.
  ///   - limits: Those of the portfolio.
  ///   - cash: What the account has.
  ///   - price: The last price.
  /// - Throws: Where the strategy cannot be made.
  init(
    _ strategy: StrategyEntry, _ plan: BacktestPlan, limits: PortfolioLimits, cash: Money,
    at price: Price
  ) throws {
    let portfolio = PortfolioPlan(pairs: [plan], cash: cash, limits: limits)
    var machine = try strategy.begin(portfolio).machine
    var outbox = Outbox()
    let signal = EntrySignal(reference: price)
    machine.handle(.enter(signal, time: Timestamp(nanoseconds: 0)), of: 0, into: &outbox)
    var trial = EntryTrial.tooSmall(isCut: false)
    for note in outbox.notes {
      switch note {
      case .sizeCut: trial = .tooSmall(isCut: true)
      case .refused(let refusal, _): trial = .refused(refusal)
      case .signal, .fill, .tripped, .dayLost, .orderDone, .ratchet, .trade, .anomaly: break
      }
    }
    if case .submit(let order, _) = outbox.commands.first { trial = .order(order) }
    self = trial
  }
}
