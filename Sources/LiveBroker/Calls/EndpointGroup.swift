/// Requests that share one limit of the exchange.
package enum EndpointGroup: String, Hashable, Sendable, CaseIterable {
  /// What needs no key; limited by address.
  case publicData = "public"
  /// What needs one; limited by user or profile.
  case privateData = "private"
  /// Fills, for which the Exchange has a limit of its own.
  case fills
}
