import Execution
import Market

/// I5: positions reconcile with their fills to the last unit.
extension CheckedPair {
  /// What the fills of a position come to.
  private struct Sums {
    var held = ExactSum<Quantity>()
    var bought = ExactSum<Quantity>()
    var entryNotional = ExactSum<Money>()
    var exitNotional = ExactSum<Money>()
    var fees = ExactSum<Money>()
    var first: Fill
    var last: Fill

    init(_ fill: Fill) { (first, last) = (fill, fill) }

    mutating func add(_ fill: Fill) {
      last = fill
      fees.add(fill.fee)
      switch fill.side {
      case .buy:
        held.add(fill.quantity)
        bought.add(fill.quantity)
        entryNotional.add(fill.notional)
      case .sell:
        held.subtract(fill.quantity)
        exitNotional.add(fill.notional)
      }
    }
  }

  func checkMoney(_ findings: inout Findings) {
    var sums: [Int: Sums] = [:]
    for row in fills { sums[row.position, default: Sums(row.fill)].add(row.fill) }
    for position in positions {
      guard let sum = sums.removeValue(forKey: position.number) else {
        findings.add(.money, "positions: \(name(position.number)) has no fills")
        continue
      }
      check(position, sum, &findings)
    }
    for row in fills where sums.removeValue(forKey: row.position) != nil {
      findings.add(
        .money, "fills: \(name(row)) is of position \(name(row.position)), which is not there")
    }
  }

  private func check(_ position: PositionRow, _ sums: Sums, _ findings: inout Findings) {
    let owner = name(position.number)
    func compare<Value: ExactDecimal>(
      _ column: String, _ value: Value, _ sum: ExactSum<Value>, _ findings: inout Findings
    ) {
      if !sum.equals(value) {
        findings.add(
          .money, "positions: \(column) of \(owner) is \(value), its fills give \(sum.text)")
      }
    }
    compare("held", position.held, sums.held, &findings)
    compare("bought", position.bought, sums.bought, &findings)
    compare("entry_notional", position.entryNotional, sums.entryNotional, &findings)
    compare("exit_notional", position.exitNotional, sums.exitNotional, &findings)
    compare("fees", position.fees, sums.fees, &findings)
    if position.entry != sums.first.order.number {
      findings.add(
        .money,
        "positions: \(owner) was opened by order \(position.entry), its first fill is of "
          + "\(sums.first.order.number)")
    }
    if position.opened != sums.first.time {
      findings.add(
        .money,
        "positions: \(owner) was opened at \(position.opened), its first fill was at "
          + "\(sums.first.time)")
    }
    if (position.closed != nil) != (position.held == .zero) {
      findings.add(
        .money,
        "positions: \(owner) holds \(position.held), and "
          + (position.closed.map { "was closed at \($0)" } ?? "is open"))
    } else if let closed = position.closed, closed != sums.last.time {
      findings.add(
        .money,
        "positions: \(owner) was closed at \(closed), its last fill was at \(sums.last.time)")
    }
  }
}
