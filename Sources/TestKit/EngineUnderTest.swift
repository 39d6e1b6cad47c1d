public import Execution
public import Market
public import Strategy

/// An engine, its account, and what it said last: the test plays the exchange by hand.
public struct EngineUnderTest<S: TradingStrategy> {
  /// The engine.
  public var engine: ExecutionEngine<S>
  /// The portfolio of this one pair.
  public var portfolio: Portfolio
  /// Its cash.
  public var account: Account { portfolio.account }
  /// What the last event yielded.
  public private(set) var outbox = Outbox()
  /// Every trade that closed.
  public private(set) var trades: [ClosedTrade] = []
  /// Every report that did not fit.
  public private(set) var anomalies: [Anomaly] = []
  private var fills: UInt64 = 0

  /// An engine with 10,000 in cash.
  public init(_ strategy: S, settings: EngineSettings = .test, cash: Money = 10_000) {
    engine = ExecutionEngine(strategy: strategy, settings: settings)
    portfolio = Portfolio(cash: cash)
  }

  /// Handles an event and returns the commands.
  @discardableResult
  public mutating func handle(_ event: Event) -> [Command] {
    outbox.clear()
    engine.handle(event, portfolio: &portfolio, into: &outbox)
    for note in outbox.notes {
      if case .trade(let trade) = note { trades.append(trade) }
      if case .anomaly(let anomaly) = note { anomalies.append(anomaly) }
    }
    return outbox.commands
  }

  /// A trade at a price, so many seconds after the beginning.
  @discardableResult
  public mutating func trade(_ price: String, at seconds: Int64) -> [Command] {
    handle(.trade(price: TestKit.price(price), time: .testStart + TimeSpan(seconds: seconds)))
  }

  /// News about the order of that number.
  @discardableResult
  public mutating func report(
    _ number: UInt64, _ news: OrderReport.News, at seconds: Int64
  ) -> [Command] {
    let id = ClientOrderID(session: 0, pair: 0, number: number)
    return handle(
      .report(OrderReport(order: id, time: .testStart + TimeSpan(seconds: seconds), news: news)))
  }

  /// A fill of the order of that number, without a fee.
  @discardableResult
  public mutating func fill(
    _ number: UInt64, _ side: Side, _ quantity: String, at price: String, time: Int64,
    id: UInt64? = nil
  ) -> [Command] {
    fills += 1
    let fill = Fill(
      order: ClientOrderID(session: 0, pair: 0, number: number), id: id ?? fills,
      time: .testStart + TimeSpan(seconds: time), side: side, price: TestKit.price(price),
      quantity: TestKit.quantity(quantity), fee: .zero, liquidity: .maker)
    return report(number, .filled(fill), at: time)
  }
}
