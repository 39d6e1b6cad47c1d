import Execution
import Market

/// I3: at rest every position is covered by exactly one live exit order for all of it.
extension CheckedPair {
  func checkExits(_ findings: inout Findings) {
    let open = positions.filter { $0.closed == nil }
    let exits = orders.filter { $0.role != .entry && $0.done == nil }
    for position in open.dropFirst() {
      findings.add(
        .exits,
        "positions: \(name(position.number)) is open, and so is \(name(open[0].number)) of the same "
          + "pair")
    }
    if exits.count > 1 {
      findings.add(
        .exits,
        "orders: \(exits.map(name).joined(separator: ", ")) work, and a pair has one exit order")
    }
    guard let position = open.first else {
      for exit in exits where !isOnItsWay(exit) {
        findings.add(
          .exits, "orders: \(name(exit)) sells \(exit.order.quantity), and no position is open")
      }
      return
    }
    let owner = name(position.number)
    guard let exit = exits.first else {
      // A refused exit is sent again at the next trade.
      let last = orders.last { $0.role != .entry && $0.position == position.number }
      if last?.state != .rejected {
        findings.add(
          .exits, "positions: \(owner) holds \(position.held), and no exit order works for it")
      }
      return
    }
    let (left, overflow) = exit.order.quantity.steps.subtractingReportingOverflow(exit.filled.steps)
    if !isOnItsWay(exit), overflow || left != position.held.steps {
      findings.add(
        .exits,
        "positions: \(owner) holds \(position.held), and its exit order \(name(exit)) is for "
          + "\(exit.order.quantity), of which \(exit.filled) is filled")
    }
  }

  /// Whether an answer is to come, or a cancel was refused: then another order may be needed already.
  private func isOnItsWay(_ order: OrderRow) -> Bool {
    switch order.state {
    case .new, .pending, .unknown, .cancelPending: true
    case .open, .partiallyFilled: order.cancelReason != nil
    case .filled, .cancelled, .rejected, .expired: false
    }
  }
}
