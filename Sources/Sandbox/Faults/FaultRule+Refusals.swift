import Market

extension FaultRule {
  /// In which of its forms an order may be refused, with the market at a price; empty where in none.
  func refusals(of wish: PlacementWish, at price: Price) -> [Form] {
    var isStop = false
    if case .stopLimit = wish.terms { isStop = true }
    return forms.filter { form in
      switch form {
      case .through: isStop
      // What is to protect a position, whichever way it does.
      case .unknown: isStop || wish.side == .sell
      case .tooFar: isTooFar(wish.terms, from: price)
      case .json, .html, .text, .unauthorized, .closed: false
      }
    }
  }

  /// Whether a limit is too far away from the market, above it or below; coinbase.md A.7.
  ///
  /// A stop waits for the market to come, and is never too far.
  private func isTooFar(_ terms: OrderTerms, from price: Price) -> Bool {
    guard case .limit(let limit, _, _) = terms, price > .zero else { return false }
    // 63 bits by 60 bits on either side.
    let distance = Int128(abs(limit.steps - price.steps)) * Int128(Rate.one.steps)
    return distance > Int128(price.steps) * Int128(beyond.steps)
  }
}
