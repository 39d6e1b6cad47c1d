package import Secrets

/// What proves to a feed who subscribes.
package enum FeedProof: Sendable {
  /// Nothing: market data alone.
  case none
  /// Of Advanced Trade.
  case token(Secret)
  /// Of the Exchange.
  case proof(ExchangeFeed.Proof)
}
