import Hashing
package import Market

/// One execution as the exchange lists it, whichever of the APIs said so.
package struct ExchangeFill: Hashable, Sendable {
  /// What makes it different from all others: `entry_id`, or product and trade.
  package var entryID: String
  /// The trade; the same on both sides of it.
  package var tradeID: String
  /// The exchange's name of the order.
  package var orderID: String
  /// Of which product.
  package var productID: String
  /// When it happened.
  package var time: Timestamp
  /// Buy or sell.
  package var side: Side
  /// The price.
  package var price: Price
  /// How much, in base currency unless `isSizeInQuote`.
  package var size: Money
  /// Whether `size` counts quote currency, as of orders for so many dollars.
  package var isSizeInQuote: Bool
  /// The fee, unrounded.
  package var fee: Money
  /// Maker or taker; the dearer, taker, where the exchange does not say.
  package var liquidity: Liquidity
  /// Whether something was executed; `false` of corrections and reversals, which are for people.
  package var isExecution: Bool

  /// A number that stands for `entryID`: the first 8 bytes of its SHA-256.
  package var number: UInt64 {
    var digest = Digest(.sha256)
    digest.update(Array(entryID.utf8).span)
    return digest.finish().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The fill as the engine takes it; `nil` of what it cannot take: no execution, a size in quote
  /// currency or finer than a quantity, none of which an order of Ratchet's can have.
  package func fill(of order: ClientOrderID) -> Fill? {
    let (steps, rest) = size.steps.quotientAndRemainder(dividingBy: 10_000_000_000)
    guard isExecution, !isSizeInQuote, rest == 0, steps > 0 else { return nil }
    return Fill(
      order: order, id: number, time: time, side: side, price: price,
      quantity: Quantity(steps: steps), fee: fee, liquidity: liquidity)
  }
}
