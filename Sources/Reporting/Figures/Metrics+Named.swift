/// The figures by the names of result files and of the ranking of a sweep.
extension Metrics {
  /// A figure under its name.
  public enum Value: Hashable, Sendable {
    /// A whole number of things.
    case count(Int)
    /// A measured figure; `nil` where it does not exist.
    case figure(Double?)

    /// The number, for comparisons; `nil` where it does not exist.
    public var number: Double? {
      switch self {
      case .count(let count): Double(count)
      case .figure(let figure): figure
      }
    }
  }

  /// All figures under their names, in the order of a result file.
  public var named: [(name: String, value: Value)] { namedOfEquity + namedOfTrades }

  /// Those of the account's equity; SEMANTICS 7.2 and 7.3.
  public var namedOfEquity: [(name: String, value: Value)] {
    [
      ("total_return", .figure(totalReturn)),
      ("cagr", .figure(cagr)),
      ("max_drawdown", .figure(maxDrawdown)),
      ("days", .count(days)),
      ("sharpe", .figure(sharpe)),
      ("sortino", .figure(sortino)),
      ("calmar", .figure(calmar)),
    ]
  }

  /// Those of trades and fills, which a pair of a portfolio has too; SEMANTICS 7.4.
  public var namedOfTrades: [(name: String, value: Value)] {
    [
      ("trades", .count(trades)),
      ("wins", .count(wins)),
      ("losses", .count(losses)),
      ("win_rate", .figure(winRate)),
      ("profit_factor", .figure(profitFactor)),
      ("expectancy", .figure(expectancy)),
      ("average_win", .figure(averageWin)),
      ("average_loss", .figure(averageLoss)),
      ("best", .figure(best)),
      ("worst", .figure(worst)),
      ("mean_holding_seconds", .figure(meanHoldingSeconds)),
      ("max_consecutive_losses", .count(maxConsecutiveLosses)),
      ("fees", .figure(fees)),
      ("turnover", .figure(turnover)),
      ("sqn", .figure(sqn)),
      ("exposure", .figure(exposure)),
    ]
  }
}
