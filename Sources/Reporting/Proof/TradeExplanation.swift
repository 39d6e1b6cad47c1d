public import Execution
public import Market
public import Strategy

/// Why a trade came to be, how its stop followed the price, and what became of it.
///
/// Made from a run and the journal of what changed in it; nothing is guessed but the market price of
/// a fill, which the journal does not hold and which is worked out from the candle (SEMANTICS 6).
public struct TradeExplanation: Hashable, Sendable {
  /// A fill beside the market that it met.
  public struct Execution: Hashable, Sendable {
    /// The fill.
    public var fill: Fill
    /// What the order was for.
    public var role: OrderRole
    /// The market price at that moment, of a taker; `nil` of a maker, which waited at its limit.
    public var market: Price?

    /// How much worse than the market it was, as a fraction; `nil` of a maker.
    public var slippage: Double? {
      market.map { market in
        let ratio = fill.price.double / market.double - 1
        return fill.side == .buy ? ratio : -ratio
      }
    }
  }

  /// A stop of the position, and what made it.
  public struct Stop: Hashable, Sendable {
    /// The order.
    public var leg: StopHistory.Leg
    /// The highest price so far, where that moved it up or, of the first one, opened the position.
    public var highest: Price?
  }

  /// A number, from 1, and how many there are.
  public struct Place: Hashable, Sendable {
    /// The number.
    public var number: Int
    /// How many there are.
    public var count: Int

    /// A number of so many.
    public init(_ number: Int, of count: Int) {
      self.number = number
      self.count = count
    }
  }

  /// The number of the trade among those of its pair, from 1.
  public var number: Int
  /// How many trades the pair has.
  public var count: Int
  /// The trade.
  public var trade: ClosedTrade
  /// What was traded.
  public var product: Product
  /// The strategy's name.
  public var strategy: String
  /// The candles' length.
  public var interval: TimeSpan
  /// Why there was a signal.
  public var signal: SignalExplanation
  /// The entry order and its end.
  public var entry: RunRecord.OrderEntry
  /// How its price and size came about.
  public var terms: EntryTerms
  /// What was allowed.
  public var limits: PortfolioLimits
  /// The number among the trades of all pairs, and how many those are; `nil` of a run of one pair.
  public var placeInAccount: Place?
  /// All fills, the buys first.
  public var executions: [Execution]
  /// The stops, oldest first.
  public var stops: [Stop]
  /// The limit sells that followed when a stop did not sell.
  public var rescues: [StopHistory.Leg]

  /// The explanation of a trade.
  ///
  /// - Parameters:
  ///   - number: The trade's, from 1 to the number of the pair's trades.
  ///   - result: The pair's run.
  ///   - journal: What changed in it, from its beginning.
  ///   - signal: Why there was a signal at the close at which the entry was submitted.
  ///   - terms: What the entry was to cost then.
  ///   - limits: What was allowed.
  ///   - slippage: The market's, to work out the market price of a fill.
  public init(
    number: Int, of result: RunResult, journal: [JournalEntry], signal: SignalExplanation,
    terms: EntryTerms, limits: PortfolioLimits, slippage: Rate
  ) {
    let record = result.record
    let history = StopHistory.all(of: record)[number - 1]
    let story = Story(of: number, in: journal)
    self.number = number
    self.signal = signal
    count = record.trades.count
    trade = record.trades[number - 1]
    product = result.product
    strategy = result.settings.first { $0.key == "strategy.name" }?.value ?? ""
    interval = result.interval
    entry = record.orders[Int(trade.entryOrder) - 1]
    self.terms = terms
    self.limits = limits
    rescues = history.legs.filter { $0.role != .stop }
    var ratchets = story.ratchets[...]
    let opening = record.fills[history.fills.lowerBound].price
    stops = history.legs.filter { $0.role == .stop }.enumerated().map { index, leg in
      if index == 0 { return Stop(leg: leg, highest: opening) }
      guard let ratchet = ratchets.first, ratchet.to == leg.trigger else {
        return Stop(leg: leg, highest: nil)
      }
      ratchets.removeFirst()
      return Stop(leg: leg, highest: ratchet.highest)
    }
    executions = zip(record.fills[history.fills], story.candles).map { fill, candle in
      let order = record.orders[Int(fill.order.number) - 1]
      let market = TakenMarket(product: result.product, slippage: slippage)
        .price(of: fill, by: order.order, in: result.candles[candle], interval: result.interval)
      return Execution(fill: fill, role: order.role, market: market)
    }
  }

  /// Bought minus nothing but sold, before fees.
  public var gross: Money { trade.exitNotional - trade.entryNotional }

  /// What was realised as a fraction of what was bought.
  public var returned: Double { trade.realised.double / trade.entryNotional.double }
}

/// What a journal says about one trade.
private struct Story {
  /// The moves of its stop.
  var ratchets: [(to: Price, highest: Price)] = []
  /// The candles of its fills.
  var candles: [Int] = []

  init(of number: Int, in journal: [JournalEntry]) {
    var closed = 0
    for entry in journal {
      for note in entry.outbox.notes {
        switch note {
        case .trade:
          closed += 1
          if closed == number { return }
        case .fill(_, let candle, _):
          if closed == number - 1 { candles.append(candle) }
        case .ratchet(_, let to, let highest, _):
          if closed == number - 1 { ratchets.append((to, highest)) }
        case .signal, .orderDone, .anomaly, .refused, .sizeCut, .tripped, .dayLost:
          break
        }
      }
    }
  }
}

/// The market price that a taker met, worked out from its candle.
private struct TakenMarket {
  let product: Product
  let slippage: Rate

  /// The first of the prices that the market may have had there at which SEMANTICS 6.4 or 6.5 gives
  /// the fill's price; `nil` of a maker.
  func price(
    of fill: Fill, by order: Order, in candle: Candle, interval: TimeSpan
  ) -> Price? {
    guard fill.liquidity == .taker else { return nil }
    let isJump = fill.time == candle.start
    let inMove = [order.trigger, candle.high, candle.low, candle.close].compactMap { $0 }
    return (isJump ? [candle.open] : inMove).first { taken(at: $0, by: order) == fill.price }
  }

  private func taken(at market: Price, by order: Order) -> Price? {
    switch order.side {
    case .buy:
      guard market <= order.limit else { return nil }
      return min(order.limit, product.ceilTick(market, times: slippage.growth) ?? order.limit)
    case .sell:
      guard market >= order.limit else { return nil }
      return max(order.limit, product.floorTick(market, times: slippage.complement))
    }
  }
}
