import Market
public import Strategy

/// All that a run remembers: an engine for each pair, and the account they share.
///
/// What a store keeps and gives back. Events handled here in their recorded order lead to the same
/// state as when they happened (invariants I8 and I9).
public struct TradingState<S: TradingStrategy>: Sendable, Codable {
  /// In the order of registration.
  public var engines: [ExecutionEngine<S>]
  /// The account and its limits.
  public var portfolio: Portfolio

  /// A state of these parts; the engines' numbers are their places.
  @inlinable
  public init(engines: [ExecutionEngine<S>], portfolio: Portfolio) {
    self.engines = engines
    self.portfolio = portfolio
  }

  /// Handles an event of one pair.
  @inlinable
  public mutating func handle(_ event: Event, of pair: Int, into outbox: inout Outbox) {
    engines[pair].handle(event, portfolio: &portfolio, into: &outbox)
  }
}
