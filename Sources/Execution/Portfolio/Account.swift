public import Market

/// The cash and the worth of everything the pairs of one run hold; SEMANTICS 7.1, 8.1 and 8.2.
///
/// Pairs share one account. The sums are kept as they change, so that equity at any moment costs one
/// addition, however many pairs there are; being exact, they cannot drift.
public struct Account: Hashable, Sendable, Codable {
  /// Quote currency in hand.
  public private(set) var cash: Money
  /// Σ over the pairs of position × latest close.
  public private(set) var positionsValue: Money
  /// Σ over the working entries of limit × unfilled × (1 + taker rate).
  private var reserved: WideMoney

  /// An account that holds only cash.
  public init(cash: Money) {
    self.cash = cash
    positionsValue = .zero
    reserved = WideMoney(.zero)
  }

  /// Cash + Σ position × latest close, exact.
  @inlinable
  public var equity: Money { cash + positionsValue }

  /// The cash that no working entry may need.
  public var available: WideMoney { WideMoney(cash) - reserved }

  /// A pair's latest close moved while it held `quantity`.
  public mutating func revalue(_ quantity: Quantity, from old: Price, to new: Price) {
    positionsValue += Price(steps: new.steps - old.steps) * quantity
  }

  /// A fill changed cash and position; the new units count at the pair's latest close.
  @usableFromInline
  mutating func apply(_ fill: Fill, latestClose: Price) {
    let worth = latestClose * fill.quantity
    let before = equity
    defer {
      let gain = fill.side == .buy ? worth - fill.notional : fill.notional - worth
      assert(equity == before + gain - fill.fee, "I5: cash and positions do not reconcile")
    }
    switch fill.side {
    case .buy:
      cash -= fill.notional + fill.fee
      positionsValue += worth
    case .sell:
      cash += fill.notional - fill.fee
      positionsValue -= worth
    }
  }

  /// Sets aside what an entry may still cost.
  @usableFromInline
  mutating func reserve(_ quantity: Quantity, at limit: Price, takerRate: Rate) {
    reserved = reserved + WideMoney(limit * quantity, times: takerRate.growth)
  }

  /// Gives back what an entry can no longer cost.
  @usableFromInline
  mutating func release(_ quantity: Quantity, at limit: Price, takerRate: Rate) {
    reserved = reserved - WideMoney(limit * quantity, times: takerRate.growth)
  }
}
