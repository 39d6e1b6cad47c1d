public import Execution
public import Market
public import Matching
public import Reporting
public import Strategy

/// What a backtest of one pair is to be, apart from its candles.
public struct BacktestPlan: Sendable {
  /// The pair's terms and its share of the account.
  public var engine: EngineSettings
  /// What the account begins with.
  public var cash: Money
  /// How the market behaves.
  public var model: MarketModel
  /// The values of the strategy's own keys.
  public var strategy: Parameters
  /// The values of its exit's keys.
  public var exit: Parameters
  /// How many of the first candles only warm the strategy's indicators: their signals are neither
  /// counted nor acted on, and the account does not see them (SEMANTICS 9).
  public var warmUp = 0
  /// Whether candles that touch nothing are walked all the same; for proofs, not for use.
  public var walksEveryCandle = false
  /// The pair's correlation group; a pair without one is its own.
  public var group: String?
  /// What may be risked where the pair is alone on the account.
  public var limits = PortfolioLimits.off

  /// A plan of these parts.
  public init(
    engine: EngineSettings, cash: Money, model: MarketModel, strategy: Parameters, exit: Parameters
  ) {
    self.engine = engine
    self.cash = cash
    self.model = model
    self.strategy = strategy
    self.exit = exit
  }
}

/// What a backtest of several pairs on one account is to be, apart from their candles.
public struct PortfolioPlan: Sendable {
  /// The pairs in the order of registration; their `cash` and `limits` are not looked at.
  public var pairs: [BacktestPlan]
  /// What the account begins with.
  public var cash: Money
  /// What may be risked.
  public var limits: PortfolioLimits

  /// A plan of these parts.
  public init(pairs: [BacktestPlan], cash: Money, limits: PortfolioLimits) {
    self.pairs = pairs
    self.cash = cash
    self.limits = limits
  }

  /// A portfolio of one.
  public init(_ plan: BacktestPlan) {
    self.init(pairs: [plan], cash: plan.cash, limits: plan.limits)
  }
}

/// What a backtest leaves behind of one pair.
public struct BacktestOutcome: Sendable {
  /// What happened.
  public var record: RunRecord
  /// The position at the end.
  public var openPosition: RunResult.OpenPosition?

  @usableFromInline
  init(record: RunRecord, openPosition: RunResult.OpenPosition?) {
    self.record = record
    self.openPosition = openPosition
  }

  /// The numbers of the orders that still work.
  public var workingOrders: [UInt64] {
    record.orders.lazy.filter { $0.ending == nil }.map(\.order.id.number)
  }
}
