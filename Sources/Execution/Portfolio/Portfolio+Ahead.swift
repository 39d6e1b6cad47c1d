import Market

/// Pairs that play ahead of the account; decision note 10.
extension Portfolio {
  /// Whether the pair that plays is ahead of the account, so that nothing can be decided now.
  @inlinable
  package var isBehind: Bool { lead != nil }

  /// Counts what a pair did when it was ahead.
  package mutating func count(_ change: AccountChange, of pair: Int) {
    switch change.kind {
    case .fill(let fill):
      // Any close will do until the next valuation, but one of long ago could be out of range.
      if pairs[pair].quantity == .zero { pairs[pair].close = fill.price }
      apply(fill, of: pair)
    case .release(let quantity, let limit, let takerRate):
      release(quantity, at: limit, takerRate: takerRate, for: pair)
    }
  }
}
