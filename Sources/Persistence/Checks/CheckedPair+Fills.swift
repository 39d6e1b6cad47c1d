import Execution
import Market

/// I4: a fill is applied exactly once.
extension CheckedPair {
  func checkFills(_ findings: inout Findings) {
    var sums: [UInt64: ExactSum<Quantity>] = [:]
    for row in fills { sums[row.fill.order.number, default: .init()].add(row.fill.quantity) }
    var sides: [UInt64: Side] = [:]
    for order in orders {
      sides[order.order.id.number] = order.order.side
      check(order, sums[order.order.id.number] ?? .init(), &findings)
    }
    for row in fills {
      if row.fill.quantity == .zero { findings.add(.fills, "fills: \(name(row)) is of 0") }
      if let side = sides[row.fill.order.number], side != row.fill.side {
        findings.add(
          .fills,
          "fills: \(name(row)) is a \(row.fill.side.rawValue), the order a \(side.rawValue)")
      }
    }
  }

  private func check(_ order: OrderRow, _ sum: ExactSum<Quantity>, _ findings: inout Findings) {
    let name = name(order)
    if !sum.equals(order.filled) {
      findings.add(
        .fills, "orders: \(order.filled) of \(name) is filled, its fills give \(sum.text)")
    }
    if order.filled > order.order.quantity {
      findings.add(
        .fills, "orders: \(order.filled) of \(name) is filled, of \(order.order.quantity) ordered")
    }
    if order.state == .filled, order.filled != order.order.quantity {
      findings.add(
        .fills,
        "orders: \(name) counts as filled, with \(order.filled) of \(order.order.quantity)")
    }
    if order.state.isFinal != (order.done != nil) {
      findings.add(
        .fills,
        "orders: \(name) is \(order.state.rawValue), and "
          + (order.done.map { "ended at \($0)" } ?? "has no end"))
    }
  }
}
