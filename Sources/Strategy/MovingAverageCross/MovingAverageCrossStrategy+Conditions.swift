import Market

extension MovingAverageCrossStrategy {
  /// The crossing: the fast average at or below the slow one, and then above it.
  public func conditions(at moments: [Moment]) -> [Condition] {
    guard moments.count >= 2, let now = moments.last else { return [] }
    let before = moments[moments.count - 2]
    return [
      Condition(
        "fast − slow average, before", before["lead"], .atMost, 0, "zero", at: before.candle.start,
        isPrice: true),
      Condition(
        "fast − slow average", now["lead"], .above, 0, "zero", at: now.candle.start, isPrice: true),
    ]
  }
}
