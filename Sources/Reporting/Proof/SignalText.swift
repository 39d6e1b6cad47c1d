import Market
import Strategy

/// Why there was a signal, for people: the strategy's conditions at that close.
struct SignalText {
  private let signal: SignalExplanation
  private let product: Product
  private let interval: TimeSpan

  /// The text of an explanation.
  init(_ signal: SignalExplanation, _ product: Product, _ interval: TimeSpan) {
    self.signal = signal
    self.product = product
    self.interval = interval
  }

  /// The lines.
  var lines: [String] {
    guard let now = signal.moments.last else { return ["Signal"] }
    var lines = [
      "Signal at the close of \(Display.minute(now.candle.start + interval)), "
        + "close \(price(now.candle.close))"
    ]
    for condition in signal.conditions {
      let (value, bound) = figures(of: condition)
      let place =
        condition.candle == now.candle.start ? "" : ", \(moment(condition.candle + interval))"
      lines.append(
        "  " + condition.name.padded(to: 24) + value.aligned(to: 13)
          + " \(condition.relation.rawValue) " + bound.aligned(to: 11)
          + "  \(condition.boundName)\(place)")
    }
    guard signal.conditions.isEmpty else { return lines }
    // A strategy that names no conditions shows its figures: now, and at the close before.
    for reading in now.readings {
      let before = signal.moments.count > 1 ? signal.moments[0][reading.name] : nil
      lines.append(
        "  " + reading.name.padded(to: 24)
          + Display.fixed(reading.value, decimals: 4).aligned(to: 14)
          + "   at the close before: " + Display.fixed(before, decimals: 4))
    }
    return lines
  }

  private func price(_ price: Price) -> String {
    Display.fixed(price, decimals: product.priceDecimals)
  }

  /// `09:25` within a day of the signal, before that the day.
  private func moment(_ time: Timestamp) -> String {
    let text = Display.minute(time)
    let now = signal.moments.last.map { $0.candle.start + interval } ?? time
    let isNear = (now - time).seconds < 86_400
    return String(isNear ? text.suffix(5) : text.prefix(10))
  }

  /// Figure and bound, with the decimals it takes to see which is the greater.
  private func figures(of condition: Condition) -> (value: String, bound: String) {
    var decimals = condition.isPrice ? product.priceDecimals : 2
    while true {
      let value = Display.fixed(condition.value, decimals: decimals)
      let bound = Display.fixed(condition.bound, decimals: decimals)
      if value != bound || decimals >= 8 || condition.value == condition.bound {
        return (value, bound)
      }
      decimals += 1
    }
  }
}
