import Market

/// An order in the simulated book.
struct WorkingOrder: Hashable, Sendable {
  /// What the market still has to do with it.
  enum Stage: Hashable, Sendable {
    /// Not looked at yet: it takes if it can, and rests if not.
    case new
    /// A stop whose trigger has not traded.
    case waiting
    /// In the book: filled as maker when the price goes through it.
    case resting
    /// Met the candle's liquidity limit: not looked at before the next jump, and then like new,
    /// except that post-only no longer applies.
    case exhausted
  }

  let order: Order
  /// The place in the sequence of arrival; lower is older.
  let arrival: Int
  var stage: Stage
  var remaining: Quantity
  /// Whether the stop still has to trigger; a triggered one is a limit sell.
  var hasTrigger: Bool
}
