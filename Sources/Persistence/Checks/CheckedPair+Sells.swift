import Execution
import Market

/// I2: sells outstanding never exceed the position.
extension CheckedPair {
  /// - Parameters:
  ///   - submissions: At which event each order was submitted.
  ///   - findings: Where defects are added.
  func checkSells(_ submissions: [UInt64: Int64], _ findings: inout Findings) {
    var held = ExactSum<Quantity>()
    var next = fills.startIndex
    var before: OrderRow?
    /// Counts the fills up to an event.
    func count(upTo seq: Int64, _ findings: inout Findings) {
      while next < fills.endIndex, fills[next].seq <= seq {
        let row = fills[next]
        next += 1
        switch row.fill.side {
        case .buy: held.add(row.fill.quantity)
        case .sell:
          if held.isTooLarge || row.fill.quantity > held.value {
            findings.add(
              .sells,
              "fills: \(name(row)) sells \(row.fill.quantity), and \(held.text) was held")
          }
          held.subtract(row.fill.quantity)
        }
        if !held.equals(row.held) {
          findings.add(
            .sells, "fills: \(name(row)) leaves \(row.held), all before it and it give \(held.text)"
          )
        }
      }
    }
    for order in orders where order.order.side == .sell {
      guard let seq = submissions[order.order.id.number] else {
        findings.add(.sells, "orders: \(name(order)) sells, and no event of the record sent it")
        continue
      }
      count(upTo: seq, &findings)
      if held.isTooLarge || order.order.quantity > held.value {
        findings.add(
          .sells,
          "orders: \(name(order)) was to sell \(order.order.quantity), and \(held.text) was held")
      }
      if let before, overlaps(before, sentAt: seq, order) {
        findings.add(
          .sells,
          "orders: \(name(order)) was sent at \(order.order.submitted), and \(name(before)) worked "
            + "until \(before.done.map { "\($0)" } ?? "now")")
      }
      before = order
    }
    count(upTo: .max, &findings)
  }

  /// Whether a sell still worked when the next one was sent.
  ///
  /// The end of one that was filled late is
  /// when that was known.
  private func overlaps(_ order: OrderRow, sentAt seq: Int64, _ next: OrderRow) -> Bool {
    guard let done = order.done else { return true }
    guard done > next.order.submitted else { return false }
    let number = order.order.id.number
    return !fills.contains { $0.fill.order.number == number && $0.seq > seq }
  }
}
