package import Market
package import Matching

/// A product of the sandbox, and the market that it trades in.
package struct Listing: Hashable, Sendable {
  /// Steps and minimums.
  package var product: Product
  /// Fees, slippage, liquidity and the way through a candle.
  package var model: MarketModel

  /// A product in a market.
  package init(_ product: Product, model: MarketModel = MarketModel()) {
    self.product = product
    self.model = model
  }

  /// What is bought and sold: `BTC` of `BTC-USD`.
  package var baseCurrency: String {
    product.id.lastIndex(of: "-").map { String(product.id[..<$0]) } ?? product.id
  }

  /// What is paid: `USD` of `BTC-USD`.
  package var quoteCurrency: String {
    product.id.lastIndex(of: "-").map { String(product.id[$0...].dropFirst()) } ?? "USD"
  }
}
