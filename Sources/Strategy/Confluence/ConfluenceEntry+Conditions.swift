import Market

/// The three parts of SEMANTICS 4.2, each with its figures.
extension ConfluenceEntry {
  /// How far back the candle before the oldest crossing lies.
  var hindsight: Int { window }

  /// What the last of these moments met, oldest first.
  func conditions(at moments: [Moment]) -> [Condition] {
    guard moments.count >= 2, let now = moments.last else { return [] }
    let before = moments[moments.count - 2]
    let time = now.candle.start
    let within = moments.suffix(window)
    // The latest dip within the window is the one that the rule remembers.
    let dip = within.last { ($0["rsi"] ?? .infinity) <= oversold } ?? now
    var conditions = [
      Condition(
        "RSI, a dip in \(window) candles", dip["rsi"], .atMost, oversold, "rsi_oversold",
        at: dip.candle.start),
      Condition("RSI rises", now["rsi"], .above, before["rsi"], "the close before", at: time),
      Condition(
        "close rises", now.candle.close.double, .above, before.candle.close.double,
        "the close before", at: time, isPrice: true),
      Condition("MACD histogram", now["histogram"], .above, 0, "zero", at: time),
    ]
    if let (before, after) = crossing(in: moments) {
      conditions += [
        Condition(
          "MACD, a crossing from", before["histogram"], .atMost, 0, "zero",
          at: before.candle.start),
        Condition("MACD, to", after["histogram"], .above, 0, "zero", at: after.candle.start),
      ]
    }
    let discount = discountFactor == 1 ? "the day's VWAP" : "the day's VWAP × \(discountFactor)"
    conditions.append(
      Condition(
        "close", now.candle.close.double, .atMost, now["vwap"].map { $0 * discountFactor },
        discount, at: time, isPrice: true))
    return conditions
  }

  /// The latest two neighbours within the window between which the histogram rose above 0.
  private func crossing(in moments: [Moment]) -> (before: Moment, after: Moment)? {
    let first = max(1, moments.count - window)
    for index in stride(from: moments.count - 1, through: first, by: -1) {
      let (before, after) = (moments[index - 1], moments[index])
      if let old = before["histogram"], let new = after["histogram"], old <= 0, new > 0 {
        return (before, after)
      }
    }
    return nil
  }
}

extension ConfluenceStrategy {
  /// The window within which dip and crossing may lie.
  public var hindsight: Int { entry.hindsight }

  /// What the last of these moments met of SEMANTICS 4.2.
  public func conditions(at moments: [Moment]) -> [Condition] { entry.conditions(at: moments) }
}
