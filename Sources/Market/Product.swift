/// What is traded, and in which steps: the exchange's rules for one pair.
public struct Product: Hashable, Sendable {
  /// The exchange's name of the pair, such as `BTC-USD`.
  public var id: String
  /// The tick: prices are multiples of it.
  public var quoteIncrement: Price
  /// The lot: quantities are multiples of it.
  public var baseIncrement: Quantity
  /// The least quantity of an entry.
  public var baseMinSize: Quantity
  /// The least price × quantity of an entry.
  public var quoteMinSize: Money

  /// A product; the defaults are those of SEMANTICS 1.2.
  ///
  /// Increments must be above 0.
  public init(
    id: String = "BTC-USD",
    quoteIncrement: Price = Price(steps: 1_000_000),
    baseIncrement: Quantity = Quantity(steps: 1),
    baseMinSize: Quantity = Quantity(steps: 1),
    quoteMinSize: Money = 1
  ) {
    precondition(quoteIncrement.steps > 0, "quote_increment must be above 0")
    precondition(baseIncrement.steps > 0, "base_increment must be above 0")
    self.id = id
    self.quoteIncrement = quoteIncrement
    self.baseIncrement = baseIncrement
    self.baseMinSize = baseMinSize
    self.quoteMinSize = quoteMinSize
  }

  /// `floorTick(price × factor)`: formed exactly, rounded once; SEMANTICS 1.3.
  ///
  /// `price` and `factor` are not negative. The product of two 63-bit numbers fits 126 bits.
  public func floorTick(_ price: Price, times factor: Rate = .one) -> Price {
    let exact = Int128(price.steps) * Int128(factor.steps)
    return Price(steps: Int64(exact / tickDivisor) * quoteIncrement.steps)
  }

  /// `ceilTick(price × factor)`: formed exactly, rounded once; SEMANTICS 1.3.
  ///
  /// `nil` where no price is large enough to hold the next tick.
  public func ceilTick(_ price: Price, times factor: Rate = .one) -> Price? {
    let exact = Int128(price.steps) * Int128(factor.steps)
    let (ticks, rest) = exact.quotientAndRemainder(dividingBy: tickDivisor)
    let steps = (ticks + (rest == 0 ? 0 : 1)) * Int128(quoteIncrement.steps)
    return Int64(exactly: steps).map(Price.init(steps:))
  }

  /// `floorLot(quantity)`: the greatest multiple of the lot that is not above it.
  public func floorLot(_ quantity: Quantity) -> Quantity {
    Quantity(steps: quantity.steps - quantity.steps % baseIncrement.steps)
  }

  /// One tick where the price is 0, since a price of 0 is never submitted; SEMANTICS 1.3.
  public func atLeastOneTick(_ price: Price) -> Price { max(price, quoteIncrement) }

  private var tickDivisor: Int128 {
    Int128(Rate.stepsPerUnit) * Int128(quoteIncrement.steps)
  }
}
