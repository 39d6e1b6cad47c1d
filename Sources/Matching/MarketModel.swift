public import Market

/// How the simulated market behaves; SEMANTICS 6.
public struct MarketModel: Hashable, Sendable {
  /// How much worse than the market a taker fills, as a fraction of the price.
  public var slippage: Rate
  /// The fee rate of an order that waited in the book.
  public var makerRate: Rate
  /// The fee rate of an order that took.
  public var takerRate: Rate
  /// The share of a candle's volume that may be ours.
  public var participation: Rate
  /// Whether a price equal to a resting limit fills it, as if nobody were ahead in the queue.
  public var fillsOnTouch: Bool
  /// Which extreme of a candle comes first.
  public var path: CandlePath

  /// A market with these habits; the defaults are those of SEMANTICS 6.
  public init(
    slippage: Rate = Rate(steps: 100_000_000_000_000),
    makerRate: Rate = Rate(steps: 5_000_000_000_000_000),
    takerRate: Rate = Rate(steps: 9_000_000_000_000_000),
    participation: Rate = Rate(steps: 100_000_000_000_000_000),
    fillsOnTouch: Bool = false, path: CandlePath = .nearest
  ) {
    self.slippage = slippage
    self.makerRate = makerRate
    self.takerRate = takerRate
    self.participation = participation
    self.fillsOnTouch = fillsOnTouch
    self.path = path
  }
}
