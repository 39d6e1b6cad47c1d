import Execution
package import Market

/// Reads the tables of a store: for the writer that goes on, for recovery, and for the operator.
///
/// What a row holds is checked as it is read: a hostile or damaged one is an error that names the
/// column, never a crash.
package final class StoreReader {
  let connection: Connection

  /// Reads over a connection.
  init(_ connection: Connection) { self.connection = connection }

  /// What the store is of.
  ///
  /// - Throws: `StoreError.Problem.notAStore` where it is of nothing.
  package func run() throws -> RunRow {
    let row = try connection.prepare(
      "SELECT kind, session, strategy, manifest, keeps, cash, finished FROM run"
    ).first { row in
      let session: Int64 = try row.value(at: 1)
      guard session >= 0, session < 1 << 48 else {
        throw row.unexpected(at: 1, expected: "a session of 48 bits")
      }
      var run = RunRow(
        kind: try row.named(at: 0), session: UInt64(session), strategy: try row.value(at: 2),
        manifest: try row.value(at: 3), keeping: try row.named(at: 4), cash: try row.money(at: 5))
      run.finished = try row.optionalTime(at: 6)
      return run
    }
    guard let row else { throw StoreError(path: connection.path, problem: .notAStore) }
    return row
  }

  /// The pairs in the order of registration.
  package func pairs() throws -> [PairRow] {
    var pairs: [PairRow] = []
    try connection.prepare(
      """
      SELECT pair, product, correlation_group, quote_increment, base_increment, interval,
        position_size, close, close_time, is_halted FROM pairs ORDER BY pair
      """
    ).forEachRow { row in
      let number: Int = try row.value(at: 0)
      guard number == pairs.count, number < 1 << 26 else {
        throw row.unexpected(at: 0, expected: "pair \(pairs.count)")
      }
      var pair = PairRow(
        product: try row.value(at: 1), group: try row.value(at: 2),
        quoteIncrement: try row.price(at: 3), baseIncrement: try row.quantity(at: 4),
        interval: TimeSpan(nanoseconds: try row.value(at: 5)), positionSize: try row.value(at: 6))
      guard pair.interval.nanoseconds > 0, pair.interval <= RecordBounds.interval else {
        throw row.unexpected(at: 5, expected: "a candle's length in nanoseconds")
      }
      pair.close = try row.optionalPrice(at: 7)
      pair.closeTime = try row.optionalTime(at: 8)
      pair.isHalted = try row.value(at: 9)
      pairs.append(pair)
    }
    return pairs
  }

  /// The account as it stands.
  package struct AccountRow: Hashable, Sendable {
    /// Quote currency in hand.
    package var cash: Money
    /// The last event that was recorded, and when it happened.
    package var seq: Int64
    package var time: Timestamp
    /// The breaker's trip; `nil` while it has not tripped.
    package var trip: Trip?

    /// The breaker's trip as it is kept: its level has more digits than `Money` holds.
    package struct Trip: Hashable, Sendable {
      /// When it tripped.
      package var time: Timestamp
      /// Equity then.
      package var equity: Money
      /// The level it had reached.
      package var level: String
    }
  }

  /// The account as it stands.
  ///
  /// - Throws: `StoreError.Problem.notAStore` where there is none.
  package func account() throws -> AccountRow {
    let row = try connection.prepare(
      "SELECT cash, seq, time, trip_time, trip_equity, trip_level FROM account"
    ).first { row in
      var account = AccountRow(
        cash: try row.money(at: 0), seq: Int64(try row.count(at: 1)), time: try row.time(at: 2))
      if !row.isNull(at: 3) {
        account.trip = AccountRow.Trip(
          time: try row.time(at: 3), equity: try row.money(at: 4), level: try row.value(at: 5))
      }
      return account
    }
    guard let row else { throw StoreError(path: connection.path, problem: .notAStore) }
    return row
  }

  /// The last point of the equity curve; `nil` where there is none yet.
  package func latestPoint() throws -> AccountPoint? {
    try connection.prepare("SELECT time, equity FROM equity ORDER BY time DESC LIMIT 1").first {
      row in AccountPoint(time: try row.time(at: 0), equity: try row.money(at: 1))
    }
  }

  /// The number of the last event; 0 where there is none.
  package func lastEvent() throws -> Int64 {
    try connection.prepare("SELECT max(seq) FROM events").first { row in
      row.isNull(at: 0) ? 0 : Int64(try row.count(at: 0))
    } ?? 0
  }

  /// A pair's rows that are not over, for a writer that goes on.
  func book(of pair: Int, scope: OrderScope, isHalted: Bool) throws -> PairBook {
    var working: [OrderRow] = []
    try connection.prepare(
      "SELECT \(OrderRow.columns) FROM orders WHERE pair = ? AND done IS NULL ORDER BY number"
    ).forEachRow(pair) { row in working.append(try OrderRow(row, of: scope)) }
    let open = try connection.prepare(
      "SELECT \(PositionRow.columns) FROM positions WHERE pair = ? AND closed IS NULL"
    ).first(pair) { row in try PositionRow(row) }
    let last = try connection.prepare("SELECT max(number) FROM positions WHERE pair = ?").first(
      pair
    ) { row in row.isNull(at: 0) ? 0 : try row.count(at: 0) }
    return PairBook(
      working: working, position: open, lastPosition: last ?? 0, isHalted: isHalted)
  }

  /// The latest snapshot, where there is one.
  ///
  /// - Parameter last: The event after which it may not be.
  /// - Returns: `nil` where there is none.
  /// - Throws: `StoreError.Problem.badSnapshot` where it is damaged.
  package func snapshot(upTo last: Int64 = .max) throws -> Snapshot? {
    let row = try connection.prepare(
      "SELECT seq, time, digest, body FROM snapshots WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
    ).first(last) { row in
      (
        Snapshot(seq: try row.value(at: 0), time: try row.value(at: 1), body: try row.value(at: 3)),
        try row.value(at: 2, as: String.self)
      )
    }
    guard let (snapshot, digest) = row else { return nil }
    guard digest == Snapshot.digest(seq: snapshot.seq, body: snapshot.body) else {
      throw StoreError(
        path: connection.path,
        problem: .badSnapshot(snapshot.seq, "its text is not that of its digest"))
    }
    return snapshot
  }
}

extension StoreReader.AccountRow.Trip {
  init(_ trip: BreakerTrip) {
    self.init(time: trip.time, equity: trip.equity, level: "\(trip.level)")
  }
}

extension StoreReader {
  /// A pair's orders by number.
  package func orders(of pair: Int) throws -> [OrderRow] {
    let scope = OrderScope(session: try run().session, pair: UInt32(pair))
    var orders: [OrderRow] = []
    try connection.prepare("SELECT \(OrderRow.columns) FROM orders WHERE pair = ? ORDER BY number")
      .forEachRow(pair) { row in orders.append(try OrderRow(row, of: scope)) }
    return orders
  }

  /// An order by its id; `nil` where the record has none.
  package func order(_ id: ClientOrderID) throws -> OrderRow? {
    let scope = OrderScope(session: id.session, pair: id.pair)
    return try connection.prepare(
      "SELECT \(OrderRow.columns) FROM orders WHERE pair = ? AND number = ?"
    ).first(Int(id.pair), Int64(id.number)) { row in try OrderRow(row, of: scope) }
  }

  /// A pair's orders that ended since a time without the exchange having known them, as far as was known.
  ///
  /// An exit that made way for another is told to be refused, also where it may still be on its way.
  package func ordersGivenUp(of pair: Int, since: Timestamp) throws -> [OrderRow] {
    let scope = OrderScope(session: try run().session, pair: UInt32(pair))
    var orders: [OrderRow] = []
    try connection.prepare(
      """
      SELECT \(OrderRow.columns) FROM orders
      WHERE pair = ? AND done >= ? AND accepted IS NULL AND exchange_id IS NULL
        AND (state = 'cancelled'
          OR state = 'rejected' AND rejection = 'other' AND role <> 'entry') ORDER BY number
      """
    ).forEachRow(pair, since) { row in orders.append(try OrderRow(row, of: scope)) }
    return orders
  }

  /// A pair's positions by number.
  package func positions(of pair: Int) throws -> [PositionRow] {
    var positions: [PositionRow] = []
    try connection.prepare(
      "SELECT \(PositionRow.columns) FROM positions WHERE pair = ? ORDER BY number"
    ).forEachRow(pair) { row in positions.append(try PositionRow(row)) }
    return positions
  }

  /// The greatest number of a fill of a pair; 0 without any.
  package func lastFill(of pair: Int) throws -> UInt64 {
    let last = try connection.prepare("SELECT max(id) FROM fills WHERE pair = ?").first(pair) {
      row in try row.value(at: 0, as: Int64?.self)
    }
    return UInt64(bitPattern: (last ?? nil) ?? 0)
  }

  /// The ids of the fills that are recorded of an order.
  package func fillIDs(of order: ClientOrderID) throws -> [UInt64] {
    var ids: [UInt64] = []
    try connection.prepare("SELECT id FROM fills WHERE pair = ? AND number = ?").forEachRow(
      Int(order.pair), Int64(order.number)
    ) { row in
      let id: Int64 = try row.value(at: 0)
      ids.append(UInt64(bitPattern: id))
    }
    return ids
  }
}
