/// What is traded, and in which steps: the exchange's rules for one pair.
public struct Product: Hashable, Sendable, Codable {
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
    Price(steps: ticks(in: price, times: factor).whole * quoteIncrement.steps)
  }

  /// `ceilTick(price × factor)`: formed exactly, rounded once; SEMANTICS 1.3.
  ///
  /// `nil` where no price is large enough to hold the next tick.
  public func ceilTick(_ price: Price, times factor: Rate = .one) -> Price? {
    let (ticks, isExact) = ticks(in: price, times: factor)
    let steps = (Int128(ticks) + (isExact ? 0 : 1)) * Int128(quoteIncrement.steps)
    return Int64(exactly: steps).map(Price.init(steps:))
  }

  /// Whole ticks in price × factor, and whether nothing is left over; neither is negative.
  ///
  /// A stop that follows the price asks several times for each move, and dividing 128 bits by 128 is
  /// slow. So doubles guess the quotient, and exact arithmetic puts the guess right: six roundings
  /// are less than 2^-50 of it, so below 2^50 it is off by one at most. Products of 63 bits, of
  /// 50 bits and the divisor, and their differences fit 128 bits: no overflow to look out for.
  package func ticks(in price: Price, times factor: Rate) -> (whole: Int64, isExact: Bool) {
    let exact = Int128(price.steps) &* Int128(factor.steps)
    let divisor = Int128(1_000_000_000_000_000_000) &* Int128(quoteIncrement.steps)
    let guess =
      Double(price.steps) * Double(factor.steps) / (1e18 * Double(quoteIncrement.steps))
    guard guess < 0x1p50 else {
      let (whole, rest) = exact.quotientAndRemainder(dividingBy: divisor)
      return (Int64(whole), rest == 0)
    }
    var whole = Int64(guess)
    var rest = exact &- Int128(whole) &* divisor
    if rest < 0 {
      whole -= 1
      rest &+= divisor
    } else if rest >= divisor {
      whole += 1
      rest &-= divisor
    }
    return (whole, rest == 0)
  }

  /// `floorLot(quantity)`: the greatest multiple of the lot that is not above it.
  public func floorLot(_ quantity: Quantity) -> Quantity {
    Quantity(steps: quantity.steps - quantity.steps % baseIncrement.steps)
  }

  /// Whether an entry of this size is not below the product's minimums; SEMANTICS 4.4.
  public func allowsEntry(_ quantity: Quantity, at limit: Price) -> Bool {
    quantity > .zero && quantity >= baseMinSize && limit * quantity >= quoteMinSize
  }

  /// One tick where the price is 0, since a price of 0 is never submitted; SEMANTICS 1.3.
  public func atLeastOneTick(_ price: Price) -> Price { max(price, quoteIncrement) }
}
