public import Market

/// A position from its first fill to its last; SEMANTICS 5.7 and 7.4.
public struct ClosedTrade: Hashable, Sendable {
  /// When the first entry fill came.
  public var entryTime: Timestamp
  /// When the last exit fill came.
  public var exitTime: Timestamp
  /// The number of the entry order.
  public var entryOrder: UInt64
  /// Units bought.
  public var quantity: Quantity
  /// Σ price × quantity of the buys.
  public var entryNotional: Money
  /// Σ price × quantity of the sells.
  public var exitNotional: Money
  /// Σ fees of both.
  public var fees: Money
  /// What closed it.
  public var exitReason: ExitReason
  /// The greatest price while it was open.
  public var highest: Price
  /// How often the stop was moved up.
  public var ratchets: Int
  /// How many rescues were submitted.
  public var escalations: Int

  /// Σ sells − Σ buys − Σ fees, exact.
  public var realised: Money { exitNotional - entryNotional - fees }

  /// A trade of these figures.
  public init(
    entryTime: Timestamp, exitTime: Timestamp, entryOrder: UInt64, quantity: Quantity,
    entryNotional: Money, exitNotional: Money, fees: Money, exitReason: ExitReason,
    highest: Price, ratchets: Int, escalations: Int
  ) {
    self.entryTime = entryTime
    self.exitTime = exitTime
    self.entryOrder = entryOrder
    self.quantity = quantity
    self.entryNotional = entryNotional
    self.exitNotional = exitNotional
    self.fees = fees
    self.exitReason = exitReason
    self.highest = highest
    self.ratchets = ratchets
    self.escalations = escalations
  }
}
