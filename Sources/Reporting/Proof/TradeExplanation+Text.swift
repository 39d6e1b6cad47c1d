import Execution
import Market
import Strategy

extension TradeExplanation {
  /// The explanation for people, 80 columns wide wherever the figures allow it.
  ///
  /// Plain text, ended by a line feed; times are UTC. Rounded for display only.
  public var text: String {
    let place = placeInAccount.map { "Trade \($0.number) of \($0.count), \(product.id) no. " }
    let head =
      "\(place ?? "Trade ")\(number) of \(count): \(strategy) on \(product.id), "
      + "\(Display.fixed(trade.realised)) \(product.quoteName) (\(Display.percent(returned)))"
    let sections = [
      [head], SignalText(signal, product, interval).lines, entryLines, stopLines, exitLines,
      resultLines,
    ]
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var entryLines: [String] {
    let order = entry.order
    var lines = [
      "Entry: order no. \(order.id.number), limit buy \(order.quantity) at \(price(order.limit))"
    ]
    for words in terms.words(of: signal.signal, product, limits) { lines += note(words) }
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
    if let stop = stops.last, stop.leg.cancelReason == .breaker {
      lines += note("the breaker tripped: the stop was cancelled, to sell at once what was held")
    } else if let stop = stops.last, let trigger = stop.leg.trigger {
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
}
