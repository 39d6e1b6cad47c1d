package import Market

/// What an exchange would say to an order, which it was asked without placing it.
package struct OrderPreview: Hashable, Sendable {
  /// Why the order would be refused; `nil` where it would be taken now.
  ///
  /// No proof of anything later: whether coins count that a stop of ours holds is documented nowhere
  /// (coinbase.md A.7), so it does not tell whether a replacement would be taken.
  package var refusal: OrderRefusal?
  /// The exchange's names of what is odd about it.
  package var warnings: [String]
  /// What the fill would cost in fees; `nil` where the exchange does not say.
  package var fee: Money?
}
