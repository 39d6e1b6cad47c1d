package import Market

/// A product as the exchange lists it: its steps and minimums, and whether it can be traded now.
package struct ListedProduct: Hashable, Sendable {
  /// Why no order would be taken, or not every one.
  package enum Restriction: String, Hashable, Sendable, CaseIterable {
    /// Trading is switched off, or the product is not online.
    case disabled
    /// Orders can be cancelled, not placed.
    case cancelOnly = "cancel_only"
    /// Only limit orders, which is all that Ratchet sends.
    case limitOnly = "limit_only"
    /// Only orders that add to the book: no stop could sell.
    case postOnly = "post_only"
    /// An auction is on: nothing trades until it ends.
    case auction
    /// It can be looked at only.
    case viewOnly = "view_only"
  }

  /// Steps and minimums.
  package var product: Product
  /// What is bought and sold, such as `BTC`.
  package var baseCurrency: String
  /// What is paid, such as `USD`.
  package var quoteCurrency: String
  /// `online`, `offline`, `delisted` …; may be empty.
  package var status: String
  /// Everything that limits orders now.
  package var restrictions: Set<Restriction>
  /// The last price; `nil` where the exchange gives none.
  package var price: Price?
  /// The product whose book this one shares, such as `BTC-USD` of `BTC-USDC`.
  package var alias: String?

  /// Whether entries and exits both work now.
  package var isTradable: Bool { restrictions.isSubset(of: [.limitOnly]) }
}
