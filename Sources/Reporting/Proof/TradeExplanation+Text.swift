import Execution
import Market
import Strategy

extension TradeExplanation {
  /// The explanation for people, 80 columns wide wherever the figures allow it.
  ///
  /// Plain text, ended by a line feed; times are UTC. Rounded for display only.
  public var text: String {
    let head =
      "Trade \(number) of \(count): \(strategy) on \(product.id), "
      + "\(Display.fixed(trade.realised)) \(product.quoteName) (\(Display.percent(returned)))"
    let sections = [
      [head], signalLines, entryLines, stopLines, exitLines, resultLines,
    ]
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var signalLines: [String] {
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

  private var entryLines: [String] {
    let order = entry.order
    let (reference, offset) = (signal.signal.reference, signal.signal.offset)
    var lines = [
      "Entry: order no. \(order.id.number), limit buy \(order.quantity) at \(price(order.limit))"
    ]
    lines += note(
      "price: \(price(reference)) × (1 − \(offset)), down to the tick of \(product.quoteIncrement)")
    lines += note(
      "size: \(Display.percent(positionSize.double)) of \(Display.fixed(equity)) "
        + "\(product.quoteName) of equity / (\(price(order.limit)) × \(takerRate.growth)), "
        + "down to the lot of \(product.baseIncrement)")
    let buys = executions.filter { $0.fill.side == .buy }
    lines += buys.flatMap { self.lines(of: $0) }
    if entry.filled < order.quantity, let ending = entry.ending, let done = entry.done {
      lines.append(
        "  \(clock(done))  \(ending.rawValue): \(order.quantity - entry.filled) unfilled")
    }
    return lines
  }

  private var stopLines: [String] {
    let word = stops.count { $0.leg.cancelReason == .ratchet }
    var lines = ["Stop: moved up \(word == 1 ? "once" : "\(word) times")"]
    lines.append(
      "  " + "submitted".padded(to: 18) + "highest".aligned(to: 14) + "trigger".aligned(to: 14)
        + "limit".aligned(to: 14) + "order".aligned(to: 8))
    for stop in stops {
      lines.append(
        "  " + Display.minute(stop.leg.from).padded(to: 18)
          + (stop.highest.map(price) ?? "as before").aligned(to: 14)
          + (stop.leg.trigger.map(price) ?? "").aligned(to: 14)
          + price(stop.leg.limit).aligned(to: 14) + "\(stop.leg.number)".aligned(to: 8))
    }
    return lines
  }

  private var exitLines: [String] {
    var lines = ["Exit: \(trade.exitReason.rawValue)"]
    if let stop = stops.last, let trigger = stop.leg.trigger {
      lines += note(
        "a trade at or below the trigger of \(price(trigger)) woke the stop, which sells at "
          + "\(price(stop.leg.limit)) or better")
    }
    for rescue in rescues {
      lines += note(
        "\(clock(rescue.from)): \(rescue.quantity) unsold; \(rescue.role.rawValue) no. "
          + "\(rescue.number), limit sell at \(price(rescue.limit))")
    }
    return lines + executions.filter { $0.fill.side == .sell }.flatMap { self.lines(of: $0) }
  }

  private var resultLines: [String] {
    let unit = product.quoteName
    func row(_ label: String, _ amount: Money, _ words: String) -> String {
      "  " + label.padded(to: 24) + Display.fixed(amount).aligned(to: 14) + "  " + words
    }
    let seconds = Double((trade.exitTime - trade.entryTime).seconds)
    return [
      "Result: held for \(Display.duration(seconds: seconds)), highest \(price(trade.highest))",
      row("bought", trade.entryNotional, unit), row("sold", trade.exitNotional, unit),
      row("gross", gross, unit), row("fees", trade.fees, unit),
      row("net", trade.realised, "\(unit), \(Display.percent(returned)) of what was bought"),
    ]
  }

  /// A fill: time, quantity, price and fee; of a taker what it met.
  private func lines(of execution: Execution) -> [String] {
    let fill = execution.fill
    let verb = fill.side == .buy ? "bought" : "sold"
    let line =
      "  \(clock(fill.time))  \(verb) \(fill.quantity) at \(price(fill.price)), "
      + "\(fill.liquidity.rawValue), fee \(Display.fixed(fill.fee))"
    guard let market = execution.market else { return [line] }
    return [line]
      + note("market \(price(market)), slippage \(Display.percent(execution.slippage))")
  }

  private func note(_ text: String) -> [String] { text.wrapped(to: 76).map { "    " + $0 } }

  private func price(_ price: Price) -> String {
    Display.fixed(price, decimals: product.priceDecimals)
  }

  /// `09:25`, or with the day where that is not the entry's.
  private func clock(_ time: Timestamp) -> String {
    let text = Display.minute(time)
    return time.day == entry.order.submitted.day ? String(text.suffix(5)) : text
  }

  /// `09:25` within a day of the signal, before that the day.
  private func moment(_ time: Timestamp) -> String {
    let text = Display.minute(time)
    let isNear = (entry.order.submitted - time).seconds < 86_400
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
