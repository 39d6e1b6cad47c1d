import Execution
public import Market

/// The account when a run was over; SEMANTICS 6.11: an open position is worth the last close.
extension RunResult {
  /// Cash after the last fill.
  public var finalCash: Money { startingCash + (record.holdings.last?.cashFlow ?? .zero) }

  /// Base currency held after the last fill.
  public var finalPosition: Quantity { record.holdings.last?.position ?? .zero }

  /// Cash + position × last close, exact.
  public var finalEquity: Money {
    guard let last = candles.last else { return finalCash }
    return finalCash + last.close * finalPosition
  }

  /// What buying at the first open and holding to the last close returns, as a fraction, without
  /// fees; `nil` without candles.
  ///
  /// Not of SEMANTICS: a yardstick beside `Metrics.totalReturn`, over the same span.
  public var buyAndHold: Double? {
    guard let first = candles.first, let last = candles.last else { return nil }
    return last.close.double / first.open.double - 1
  }

  /// What the starting cash would be worth at a price, had it been spent at the first open.
  ///
  /// Without fees; `nil` without candles. At the last close it has grown by `buyAndHold`.
  public func buyAndHoldWorth(at price: Price) -> Double? {
    candles.first.map { startingCash.double * (price.double / $0.open.double) }
  }
}
