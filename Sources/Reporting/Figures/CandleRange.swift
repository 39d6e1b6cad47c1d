import Market

/// How far prices move within a candle, and whether the exit's distance is large beside that.
extension RunResult {
  /// The median of (high − low) / close over all candles, as a fraction; `nil` without candles.
  ///
  /// In doubles, each price converted first; an even count takes the mean of the two in the middle.
  /// SEMANTICS 7.5. O(n) time and memory: ask once.
  public var medianRange: Double? {
    Statistics.median(
      candles.map { candle in
        let prices = candle.doubles
        return (prices.x - prices.y) / prices.z
      })
  }

  /// Whether the trail is less than 3 × the median range, so that what happens inside a candle
  /// decides the result more than the strategy does; SEMANTICS 7.5.
  ///
  /// `nil` where the exit has no trail or there is no candle.
  ///
  /// - Parameter medianRange: `medianRange` of this result.
  /// - Returns: Whether to warn.
  public func trailWarning(medianRange: Double?) -> Bool? {
    guard let trail, let medianRange else { return nil }
    return trail.double < 3 * medianRange
  }
}
