public import Market

/// What a strategy wants to buy at a candle's close: a limit order some way below a price.
///
/// The strategy names terms, the engine does the rest: rounding to the tick, the size, the limits
/// of the portfolio, and whether the pair is free to enter at all.
public struct EntrySignal: Hashable, Sendable, Codable {
  /// The price from which the limit is measured, usually the close.
  public var reference: Price
  /// How far below it the limit is, as a fraction: limit = floorTick(reference × (1 − offset)).
  public var offset: Rate
  /// How many candle intervals the order lives, at least 1.
  public var timeToLive: Int
  /// Whether the exchange is to refuse the order rather than let it take.
  public var isPostOnly: Bool

  /// A signal with these terms.
  @inlinable
  public init(reference: Price, offset: Rate = .zero, timeToLive: Int = 3, isPostOnly: Bool = false)
  {
    precondition(timeToLive >= 1, "an entry lives at least 1 candle, was \(timeToLive)")
    self.reference = reference
    self.offset = offset
    self.timeToLive = timeToLive
    self.isPostOnly = isPostOnly
  }
}
