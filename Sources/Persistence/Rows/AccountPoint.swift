package import Market

/// A row of `equity`: the account after the close events of a time.
package struct AccountPoint: Hashable, Sendable {
  /// The time of the closes.
  package var time: Timestamp
  /// Cash and the worth of all positions.
  package var equity: Money

  /// A point of these figures.
  package init(time: Timestamp, equity: Money) {
    self.time = time
    self.equity = equity
  }
}
