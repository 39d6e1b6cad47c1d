/// One execution of an order, or of a part of it.
public struct Fill: Hashable, Sendable {
  /// The order that was filled.
  public var order: ClientOrderID
  /// The exchange's name of the execution; a second report with the same one changes nothing.
  public var id: UInt64
  /// When it happened.
  public var time: Timestamp
  /// How much.
  public var quantity: Quantity
  /// What the exchange keeps, in quote currency.
  public var fee: Money
  /// The price paid or received.
  public var price: Price
  /// Buy or sell.
  public var side: Side
  /// Maker or taker.
  public var liquidity: Liquidity

  /// A fill of these figures.
  @inlinable
  public init(
    order: ClientOrderID, id: UInt64, time: Timestamp, side: Side, price: Price,
    quantity: Quantity, fee: Money, liquidity: Liquidity
  ) {
    self.order = order
    self.id = id
    self.time = time
    self.side = side
    self.price = price
    self.quantity = quantity
    self.fee = fee
    self.liquidity = liquidity
  }

  /// Price × quantity, exact.
  @inlinable
  public var notional: Money { price * quantity }

  /// What the fill adds to the cash: notional − fee of a sell, −(notional + fee) of a buy.
  @inlinable
  public var cashFlow: Money {
    switch side {
    case .buy: -(notional + fee)
    case .sell: notional - fee
    }
  }
}
