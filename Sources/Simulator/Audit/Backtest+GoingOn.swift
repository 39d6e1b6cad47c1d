import Execution
import Market
import Matching
import Strategy

extension Backtest where J == TradeLog {
  /// A backtest that goes on from where a session is, at the end of a candle.
  ///
  /// Each market's book is put together from what the engine knows of its orders: it is as if the price
  /// had come to where it stands with nothing left to fill from.
  ///
  /// - Parameters:
  ///   - state: The engines and the account.
  ///   - models: How each pair's market behaves.
  ///   - time: The end of the candle.
  init(goingOnFrom state: TradingState<S>, _ models: [MarketModel], at time: Timestamp) {
    self.init(
      portfolio: state.portfolio,
      pairs: state.engines.enumerated().map { index, engine in
        PairBacktest(engine: engine, model: models[index], journal: TradeLog())
      })
    for pair in pairs.indices {
      var (market, answers) = Self.market(of: state.engines[pair], models[pair], at: time)
      market.wait(until: time)
      pairs[pair].loop.broker.market = market
      pairs[pair].loop.pump(&portfolio) { _, reports in
        reports += answers
        defer { answers = [] }
        return !answers.isEmpty
      }
    }
    beginBlock()
  }

  /// The market of a pair, and what it says to orders that were on their way.
  private static func market(
    of engine: ExecutionEngine<S>, _ model: MarketModel, at time: Timestamp
  ) -> (MatchingEngine, [OrderReport]) {
    // Its fills must not be taken for those that the exchange has numbered.
    var market = MatchingEngine(
      product: engine.settings.product, model: model, lastFill: 1 << 62)
    var answers: [OrderReport] = []
    var unheard: [OrderReport] = []
    let orders = [engine.entry, engine.exit].compactMap { $0 }.sorted {
      $0.order.id.number < $1.order.id.number
    }
    // An entry that was just decided on is first looked at by the next jump; SEMANTICS 6.3.
    let isNew = { (order: ManagedOrder) in
      !order.state.isAnswered || order.role == .entry && order.order.submitted >= time
    }
    func submit(_ managed: ManagedOrder) {
      var order = managed.order
      order.quantity = managed.remaining
      if managed.state.isAnswered { order.isPostOnly = false }
      // What has triggered is a limit sell; SEMANTICS 6.6.
      if managed.role == .stop, engine.position.triggeredAt != nil { order.trigger = nil }
      if managed.state.isAnswered {
        market.submit(order, into: &unheard)
      } else {
        market.submit(order, into: &answers)
      }
    }
    if engine.lastTrade > .zero {
      market.beginJump(to: engine.lastTrade, at: time, volume: .zero)
      while market.step(into: &unheard) {}
    }
    for order in orders where !isNew(order) { submit(order) }
    market.endCandle()
    for order in orders where isNew(order) { submit(order) }
    for order in orders where order.state == .cancelPending {
      market.cancel(order.order.id, into: &answers)
    }
    return (market, answers)
  }

  /// Whether the run is exactly where the record is, so that nothing that follows can differ.
  func isWhere(_ state: TradingState<S>, _ logs: [TradeLog]) -> Bool {
    guard portfolio == state.portfolio else { return false }
    return pairs.indices.allSatisfy { pair in
      pairs[pair].loop.journal.entries == logs[pair].entries
        && pairs[pair].loop.engine.isWhere(state.engines[pair])
    }
  }

  /// Whether it is where another run is.
  func isWhere(_ other: Self) -> Bool {
    guard portfolio == other.portfolio else { return false }
    return pairs.indices.allSatisfy { pair in
      pairs[pair].loop.journal.entries == other.pairs[pair].loop.journal.entries
        && pairs[pair].loop.engine.isWhere(other.pairs[pair].loop.engine)
    }
  }
}

extension ExecutionEngine {
  /// Whether an engine that saw the same candles will act the same from now on, halts aside.
  func isWhere(_ other: Self) -> Bool {
    entry == other.entry && exit == other.exit && lastNumber == other.lastNumber
      && entryDeadline == other.entryDeadline && entryCancel == other.entryCancel
      && exitWaits == other.exitWaits && lastExitCandle == other.lastExitCandle
      && candleIndex == other.candleIndex
      && position.isWhere(other.position)
  }
}

extension Position {
  fileprivate func isWhere(_ other: Self) -> Bool {
    guard isOpen || other.isOpen else { return true }
    return quantity == other.quantity && highest == other.highest && trigger == other.trigger
      && triggeredAt == other.triggeredAt && lastRescue == other.lastRescue
      && deferredRescue == other.deferredRescue && plan.role == other.plan.role
      && plan.limit == other.plan.limit && plan.trigger == other.plan.trigger
      && bought == other.bought && entryNotional == other.entryNotional
      && exitNotional == other.exitNotional && fees == other.fees
  }
}
