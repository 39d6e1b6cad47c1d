import Execution
import Market

/// I1: a stop's trigger never falls within a position.
extension CheckedPair {
  func checkTriggers(_ findings: inout Findings) {
    var rest = ratchets[...]
    for position in positions {
      let isOfPosition = { (row: RatchetRow) in row.position == position.number }
      let moves = Array(rest.prefix(while: isOfPosition))
      rest = rest.dropFirst(moves.count)
      check(moves, of: position, &findings)
      check(stops(of: position), of: position, moves, &findings)
    }
    for row in rest {
      findings.add(
        .triggers,
        "ratchets: \(row.ordinal) is of position \(name(row.position)), which is not there")
    }
  }

  /// The stops that were sent for a position.
  ///
  /// One of the position before, of which a fill came late,
  /// has this one's number too.
  private func stops(of position: PositionRow) -> [OrderRow] {
    orders.filter {
      $0.role == .stop && $0.position == position.number && $0.order.submitted >= position.opened
    }
  }

  private func check(
    _ moves: [RatchetRow], of position: PositionRow, _ findings: inout Findings
  ) {
    let owner = name(position.number)
    if moves.count != position.ratchets {
      findings.add(
        .triggers,
        "positions: \(owner) was ratcheted \(position.ratchets) times, ratchets has \(moves.count)")
    }
    var before: RatchetRow?
    for row in moves {
      let what = "ratchets: \(row.ordinal) of position \(owner)"
      if row.ordinal != (before?.ordinal ?? 0) + 1 {
        findings.add(.triggers, "\(what) comes after \(before?.ordinal ?? 0)")
      }
      if row.to <= row.from {
        findings.add(.triggers, "\(what) takes the trigger from \(row.from) to \(row.to): it falls")
      }
      if let before, before.to != row.from {
        findings.add(
          .triggers, "\(what) begins at \(row.from), the one before ended at \(before.to)")
      }
      before = row
    }
  }

  private func check(
    _ stops: [OrderRow], of position: PositionRow, _ moves: [RatchetRow],
    _ findings: inout Findings
  ) {
    let owner = name(position.number)
    let first = moves.first?.from ?? stops.first?.order.trigger
    var least = first
    for stop in stops {
      guard let trigger = stop.order.trigger else {
        findings.add(.triggers, "orders: the stop \(name(stop)) has no trigger")
        continue
      }
      if trigger != first, !moves.contains(where: { $0.to == trigger }) {
        findings.add(
          .triggers,
          "orders: the stop \(name(stop)) has the trigger \(trigger), to which position \(owner) "
            + "did not move from \(first ?? trigger)")
      } else if let least, trigger < least {
        findings.add(
          .triggers,
          "orders: the stop \(name(stop)) has the trigger \(trigger), the one before \(least): it "
            + "falls")
      }
      least = max(least ?? trigger, trigger)
    }
    if let last = stops.last?.order.trigger, position.trigger != last {
      findings.add(
        .triggers,
        "positions: \(owner) has the trigger \(position.trigger.map { "\($0)" } ?? "none"), its last "
          + "stop has \(last)")
    }
  }
}
