package import Market
import Strategy

/// A run's state whose strategy is known by name alone: what a session drives that is not in a hurry.
///
/// The loop over history is specialised for each strategy; between a feed and an exchange a few
/// nanoseconds are nothing, and a session need not be generic.
package protocol TradingMachine: Sendable, Encodable {
  /// The account and its limits.
  var portfolio: Portfolio { get set }
  /// How many pairs there are.
  var pairCount: Int { get }
  /// What stands of a pair.
  func standing(of pair: Int) -> PairStanding
  /// Hands a pair's strategy a candle of the past: it warms the indicators and decides nothing.
  mutating func warm(_ pair: Int, with candle: Candle)
  /// Handles an event of one pair.
  mutating func handle(_ event: Event, of pair: Int, into outbox: inout Outbox)
}

/// What stands of a pair, for whoever carries out its commands.
package struct PairStanding: Sendable {
  /// When the engine wants a `clock` event; the far future when it does not.
  package var deadline: Timestamp
  /// The entry that is not over.
  package var entry: ManagedOrder?
  /// The exit order that is not over.
  package var exit: ManagedOrder?
  /// How much is held.
  package var held: Quantity
  /// What the exit order of that is for, whether there is one or not.
  package var exitRole: OrderRole
  /// Whether an operator or the breaker wants to sell, and the exit order there is is of before that.
  package var isSalePlanned: Bool
  /// Whether the market is known to have come down to the stop's trigger, be it that of the one to come.
  package var isTriggered: Bool
  /// Whether a rescue waits for the exit order there is.
  package var isRescueDue: Bool
  /// Whether the entry is to be ended as soon as it can be.
  package var isEntryUnwanted: Bool
  /// The last trade that the engine saw.
  package var lastTrade: Price
  /// Whether an operator has stopped entries.
  package var isHalted: Bool
}

extension TradingState: TradingMachine {
  package var pairCount: Int { engines.count }

  package func standing(of pair: Int) -> PairStanding {
    let engine = engines[pair]
    return PairStanding(
      deadline: engine.deadline, entry: engine.entry, exit: engine.exit,
      held: engine.position.quantity, exitRole: engine.position.plan.role,
      isSalePlanned: engine.exit != nil && engine.isSalePlanned,
      isTriggered: engine.position.isOpen && engine.position.triggeredAt != nil,
      isRescueDue: engine.exit != nil && engine.position.deferredRescue != nil,
      isEntryUnwanted: engine.entry != nil && engine.entryCancel != nil,
      lastTrade: engine.lastTrade, isHalted: engine.isHalted)
  }

  package mutating func warm(_ pair: Int, with candle: Candle) {
    _ = engines[pair].strategy.candleClosed(candle)
  }
}
