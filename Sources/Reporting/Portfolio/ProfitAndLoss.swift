import Execution
public import Market

/// What a pair has won or lost for its account, exact: of closed trades, and of an open position.
///
///     realised   = Σ realised of the trades                                      SEMANTICS 5.7
///     unrealised = sells − buys − fees of the open position + position × last close
///
/// Starting cash + the sum of both over all pairs is the account's equity, to the last unit.
public struct ProfitAndLoss: Hashable, Sendable {
  /// Of positions that are closed, after fees.
  public var realised: Money
  /// Of the position that is open, as if it were sold at the last close without a fee; 0 without one.
  public var unrealised: Money
  /// Both.
  public var total: Money { realised + unrealised }

  /// The profit of these parts.
  public init(realised: Money, unrealised: Money) {
    self.realised = realised
    self.unrealised = unrealised
  }

  /// Nothing.
  public static var zero: ProfitAndLoss { ProfitAndLoss(realised: .zero, unrealised: .zero) }

  /// The profit of a pair's run.
  public init(_ result: RunResult) {
    var realised = Money.zero
    for trade in result.record.trades { realised += trade.realised }
    self.init(
      realised: realised, unrealised: result.finalEquity - result.startingCash - realised)
  }

  /// That of several pairs together.
  public static func + (left: ProfitAndLoss, right: ProfitAndLoss) -> ProfitAndLoss {
    ProfitAndLoss(
      realised: left.realised + right.realised, unrealised: left.unrealised + right.unrealised)
  }
}
