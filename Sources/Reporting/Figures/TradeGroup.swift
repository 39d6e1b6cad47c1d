public import Execution
public import Market

/// Closed trades taken together, such as those of one pair or of one exit reason.
public struct TradeGroup: Hashable, Sendable {
  /// How many there are.
  public var trades = 0
  /// Those that realised more than 0.
  public var wins = 0
  /// Those that realised less than 0.
  public var losses = 0
  /// What they realised together, after fees, exact.
  public var realised = Money.zero
  /// The mean of realised / entry notional, as a fraction; `nil` of nothing.
  public var meanReturn: Double?
  /// The mean time from first entry fill to last exit fill, in seconds; `nil` of nothing.
  public var meanHoldingSeconds: Double?

  /// Those that realised exactly 0.
  public var draws: Int { trades - wins - losses }
  /// Wins / trades, as a fraction; `nil` of nothing.
  public var winRate: Double? { trades == 0 ? nil : Double(wins) / Double(trades) }

  /// The figures of these trades; means are summed oldest to newest (SEMANTICS 1.1).
  public init(_ trades: some Sequence<ClosedTrade>) {
    var returns: [Double] = []
    var holdings: [Double] = []
    for trade in trades {
      self.trades += 1
      if trade.realised > .zero { wins += 1 }
      if trade.realised < .zero { losses += 1 }
      realised += trade.realised
      returns.append(trade.realised.double / trade.entryNotional.double)
      holdings.append(Double((trade.exitTime - trade.entryTime).nanoseconds) / 1e9)
    }
    meanReturn = Statistics.mean(returns)
    meanHoldingSeconds = Statistics.mean(holdings)
  }
}
