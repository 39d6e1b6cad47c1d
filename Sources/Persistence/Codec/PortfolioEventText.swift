/// Events of the whole portfolio as lines of the record.
enum PortfolioEventText {
  /// An operator has reset the breaker.
  static let reset = "reset_breaker"
}
