import Execution
import Market
import Strategy

extension DecisionExplanation {
  /// The explanation for people, 80 columns wide wherever the figures allow it.
  ///
  /// Plain text, ended by a line feed; times are UTC. Rounded for display only.
  public var text: String {
    let sections = [
      [head], SignalText(signal, product, interval).lines, entryLines, accountLines, outcomeLines,
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private var unit: String { product.quoteName }

  private var head: String {
    let place = "\(product.id), \(Display.minute(account.time))"
    switch outcome {
    case .refused(let refusal, let number):
      return "Refusal \(number) of \(refusals): \(place), by \(refusal.rule.rawValue)"
    case .entry(let entry, let trade):
      let end = trade.map { ", which became trade \($0) of the pair" } ?? ""
      return "Signal: \(place), order no. \(entry.order.id.number)\(end)"
    case .position: return "Signal: \(place), not acted on: the pair held a position"
    case .workingOrder: return "Signal: \(place), not acted on: an order was working"
    case .cooldown: return "Signal: \(place), not acted on: cooling down"
    case .size: return "Signal: \(place), not acted on: too small"
    case .halted: return "Signal: \(place), not acted on: entries were halted"
    }
  }

  /// What was asked for; nothing where it never came to that.
  private var entryLines: [String] {
    switch outcome {
    case .position, .workingOrder, .cooldown: return []
    case .entry, .size, .refused, .halted: break
    }
    let quantity = terms.cut ?? terms.quantity
    return [
      "Entry: limit buy \(quantity) at \(price(terms.limit)), \(Display.fixed(terms.notional)) "
        + unit
    ] + terms.words(of: signal.signal, product, limits).flatMap(note)
  }

  /// The account then, pair by pair.
  private var accountLines: [String] {
    var rows: [[String]] = []
    // Of many pairs those that have something at stake are enough.
    for (number, stake) in account.stakes.enumerated()
    where stake.isActive || number == account.pair || pairs.count <= 8 {
      rows.append([
        pairs[number].name, pairs[number].group ?? Display.none, Display.fixed(stake.worth),
        Display.fixed(stake.ordered), share(stake.exposure),
      ])
    }
    rows.append(["cash", "", Display.fixed(account.cash), "", share(account.cash)])
    rows.append(["equity", "", Display.fixed(account.equity), "", ""])
    let table = TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Group", isNumber: false, isOptional: true),
        .init("Holds"), .init("Orders"), .init("%"),
      ], rows: rows)
    return ["Account when \(product.id) decided (\(unit), percent of equity)"] + table.lines()
  }

  private var outcomeLines: [String] {
    switch outcome {
    case .refused(let refusal, _):
      return ["Refused by \(refusal.rule.rawValue)"] + lines(of: refusal).flatMap(note)
    case .entry(let entry, _):
      let order = entry.order
      let ending = entry.ending?.rawValue ?? "still working at the end"
      let done = entry.done.map { " at \(Display.minute($0))" } ?? ""
      return ["Sent as order no. \(order.id.number)"]
        + note("bought \(entry.filled) of \(order.quantity); \(ending)\(done)")
    case .position(let position):
      guard let position else { return [] }
      return ["Not acted on: the pair held a position"]
        + note(
          "\(position.quantity) \(product.baseName) since \(Display.minute(position.entryTime)), "
            + "stop at \(price(position.trigger)); a pair has one position at a time")
    case .workingOrder(let entry):
      guard let entry else { return [] }
      let order = entry.order
      return ["Not acted on: an order of the pair was working"]
        + note(
          "\(entry.role.rawValue) no. \(order.id.number), \(order.side.rawValue) "
            + "\(order.quantity) at \(price(order.limit)) since "
            + "\(Display.minute(order.submitted)), \(order.quantity - entry.filled) unfilled")
    case .cooldown(let exit, let candles, let required):
      let last = exit.map { ", at \(Display.minute($0))" } ?? ""
      let ago = candles.map { Display.plural($0, "candle") + " ago" } ?? "not long ago"
      let bound = required.map { "; strategy.cooldown is \($0)" } ?? ""
      return ["Not acted on: cooling down"] + note("the last sale was \(ago)\(last)\(bound)")
    case .size:
      return ["Not acted on: too small"]
        + note(
          "base_min_size is \(product.baseMinSize), quote_min_size \(product.quoteMinSize); and "
            + "no price may be 0, neither the entry's nor its stop's")
    case .halted: return ["Not acted on: an operator had halted entries"]
    }
  }

  /// Both figures of a rule, and what they are made up of.
  private func lines(of refusal: Refusal) -> [String] {
    switch refusal.rule {
    case .breaker:
      guard let trip = account.trip else { return [refusal.description] }
      let loss = limits.emergencyLiquidationLoss.map { "\($0)" } ?? ""
      return [
        "the breaker tripped at \(Display.minute(trip.time)): equity was "
          + "\(Display.fixed(trip.equity)) \(unit)",
        "its level is \(refusal.shownLimit): \(Display.fixed(capital)) of capital and "
          + "emergency_liquidation_loss_pct of \(loss)",
        "equity now is \(refusal.shownValue); nothing is bought until an operator resets it",
      ]
    case .dailyLossLimit:
      guard let day = account.day, let percent = limits.dailyLossLimit else {
        return [refusal.description]
      }
      let lost = day.lost.map { ", reached at \(Display.minute($0))" } ?? ""
      return [
        "the day's first equity, at \(Display.minute(day.firstTime)), was "
          + "\(Display.fixed(day.firstEquity)) \(unit)",
        "\(percent)% less is \(refusal.shownLimit)\(lost)",
        "equity now is \(refusal.shownValue); nothing is bought for the rest of the day, even if it "
          + "recovers",
      ]
    case .maxPositions:
      let names = activePairs.map { number in
        number == account.pair ? "this one" : pairs[number].name
      }
      return [
        "\(refusal.shownValue) pairs would have a position or an entry: "
          + names.joined(separator: ", "),
        "at most \(refusal.shownLimit) may",
      ]
    case .maxCorrelatedExposure:
      let parts = groupMembers.filter { account.stakes[$0].isActive }.map { number in
        "\(pairs[number].name) \(Display.fixed(account.stakes[number].exposure))"
      }
      let sum = (parts + ["this entry \(Display.fixed(terms.notional))"]).joined(separator: " + ")
      let percent = limits.maxCorrelatedExposure.map { "\($0)" } ?? ""
      return [
        "\(groupName) would have at stake \(refusal.shownValue) \(unit): \(sum)",
        "at most \(refusal.shownLimit) may be: \(percent)% of \(Display.fixed(account.equity))",
      ]
    case .maxPositionSize, .removal, .maxConcurrentOrders: return [refusal.description]
    }
  }

  private func share(_ amount: Money) -> String {
    account.equity > .zero ? Display.hundredths(amount.double / account.equity.double) : ""
  }

  private func price(_ price: Price) -> String {
    Display.fixed(price, decimals: product.priceDecimals)
  }

  private func note(_ text: String) -> [String] { text.wrapped(to: 76).map { "    " + $0 } }
}
