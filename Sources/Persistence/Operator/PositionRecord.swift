import Execution
package import Market

/// All that the store knows of one position.
package struct PositionRecord: Hashable, Sendable {
  /// The position.
  package var position: StoredPosition
  /// The orders that entered and left it, by number.
  package var orders: [OrderRow]
  /// Their executions, in the order in which they were reported.
  package var fills: [StoredFill]
  /// What its stop was, from the first to the last.
  package var steps: [RatchetStep]
  /// What of it had no stop, and why.
  package var coverage: StopCoverage

  /// The exit order that works, or the last one there was.
  package var exit: OrderRow? {
    orders.last { $0.role != .entry && $0.done == nil } ?? orders.last { $0.role != .entry }
  }
}

/// A step of the ratchet: where the stop was put, and how long it took to get there.
package struct RatchetStep: Hashable, Sendable {
  /// Counts the ratchets from 1; 0 is the first stop.
  package var ordinal: Int
  /// When it was decided.
  package var time: Timestamp
  /// The trigger before; `nil` of the first stop.
  package var from: Price?
  /// The trigger from then on.
  package var to: Price
  /// The greatest price then.
  package var highest: Price
  /// The stop that was sent for it; `nil` where another step overtook it, or the stop was triggered.
  package var order: UInt64?
  /// The stop's limit.
  package var limit: Price?
  /// When the exchange had the stop.
  package var accepted: Timestamp?

  /// From the decision to the exchange's word that the stop is there.
  package var delay: TimeSpan? {
    accepted.map { TimeSpan(nanoseconds: $0.nanoseconds - time.nanoseconds) }
  }

  /// The steps of a position.
  ///
  /// - Parameters:
  ///   - ratchets: In their order.
  ///   - orders: The position's, by number.
  ///   - opening: Its first fill.
  /// - Returns: The first stop, if one was sent, and the ratchets.
  static func all(
    _ ratchets: [RatchetRow], _ orders: [OrderRow], opening: Fill?
  ) -> [RatchetStep] {
    var stops = orders.filter { $0.role == .stop }[...]
    var steps: [RatchetStep] = []
    if let opening, let first = stops.first, let trigger = first.order.trigger {
      steps.append(
        RatchetStep(
          ordinal: 0, time: opening.time, from: nil, to: trigger, highest: opening.price,
          order: first.order.id.number, limit: first.order.limit, accepted: first.accepted))
    }
    for ratchet in ratchets {
      var step = RatchetStep(
        ordinal: ratchet.ordinal, time: ratchet.time, from: ratchet.from, to: ratchet.to,
        highest: ratchet.highest)
      // The triggers of stops only rise, so that each step looks on where the last one stopped.
      if let place = stops.firstIndex(where: { $0.order.trigger == ratchet.to }) {
        let stop = stops[place]
        step.order = stop.order.id.number
        step.limit = stop.order.limit
        step.accepted = stop.accepted
        stops = stops[place...]
      }
      steps.append(step)
    }
    return steps
  }
}

extension Store {
  /// All of one position.
  ///
  /// - Throws: `SQLiteError` where a row is none that a run leaves; `LookupError` without such a
  ///   position.
  package func record(ofPosition number: Int, of pair: Int) throws -> PositionRecord {
    let scope = Selection(pair: pair)
    var figures = FigureGuard(path: connection.path)
    var found: StoredPosition?
    try forEach(
      PositionRow.columns, of: "positions", where: [Condition("number = ?", number)],
      order: ["number"],
      scope
    ) { row, pair in found = try position(PositionRow(row), of: pair, &figures) }
    guard let found else {
      throw LookupError(
        what: "position", text: StoreName.position(number, of: pairs[pair].product),
        candidates: [])
    }
    let orders = try orders(of: number, pair: pair, entry: found.row.entry)
    let fills = try fills([Condition("position = ?", number)], pair: pair)
    let ratchets = try ratchets([Condition("position = ?", number)], pair: pair).map(\.row)
    return PositionRecord(
      position: found, orders: orders.sorted { $0.order.id.number < $1.order.id.number },
      fills: fills,
      steps: RatchetStep.all(
        ratchets, orders.sorted { $0.order.id.number < $1.order.id.number },
        opening: fills.first?.fill),
      coverage: try coverage(of: found, fills, orders, ratchets))
  }

  /// The stop coverage of these positions, one by one.
  ///
  /// - Throws: `SQLiteError` where a row is none that a run leaves.
  package func coverage(of positions: [StoredPosition]) throws -> [StopCoverage] {
    guard !positions.isEmpty else { return [] }
    let only = Set(positions.map(\.pair)).count == 1 ? positions[0].pair : nil
    let isPart = [Condition("position IS NOT NULL")]
    let fills = Dictionary(grouping: try fills([], pair: only)) {
      Place(pair: Int($0.fill.order.pair), position: $0.position)
    }
    let exits = Dictionary(grouping: try orders(isPart, Selection(pair: only))) {
      Place(pair: $0.pair, position: $0.row.position ?? 0)
    }
    let ratchets = Dictionary(grouping: try ratchets([], pair: only)) {
      Place(pair: $0.pair, position: $0.row.position)
    }
    return try positions.map { position in
      let place = Place(pair: position.pair, position: position.row.number)
      return try coverage(
        of: position, fills[place] ?? [], (exits[place] ?? []).map(\.row),
        (ratchets[place] ?? []).map(\.row))
    }
  }

  private struct Place: Hashable {
    var pair: Int
    var position: Int
  }

  private func coverage(
    of position: StoredPosition, _ fills: [StoredFill], _ orders: [OrderRow],
    _ ratchets: [RatchetRow]
  ) throws -> StopCoverage {
    let exits = orders.filter { $0.role != .entry }.sorted {
      $0.order.id.number < $1.order.id.number
    }
    let end = try position.row.closed ?? reached()
    do throws(StopCoverage.Overflow) {
      return try StopCoverage(fills: fills, exits: exits, ratchets: ratchets, until: end)
    } catch {
      let name = StoreName.position(position.row.number, of: pairs[position.pair].product)
      throw FigureGuard(path: connection.path).error(
        "position \(name) was worth more than an amount can hold")
    }
  }

  private func ratchets(
    _ conditions: [Condition], pair: Int?
  ) throws -> [(pair: Int, row: RatchetRow)] {
    let figures = FigureGuard(path: connection.path)
    var ratchets: [(pair: Int, row: RatchetRow)] = []
    try forEach(
      "position, ordinal, time, old_trigger, new_trigger, highest", of: "ratchets",
      where: conditions, order: ["of_pair", "position", "ordinal"], Selection(pair: pair)
    ) { row, pair in
      let ratchet = RatchetRow(
        position: try row.value(at: 0), ordinal: try row.value(at: 1), time: try row.value(at: 2),
        from: try row.value(at: 3), to: try row.value(at: 4), highest: try row.value(at: 5))
      try figures.pass(ratchet.time, of: "a ratchet of \(pairs[pair].product)")
      ratchets.append((pair, ratchet))
    }
    return ratchets
  }
}
