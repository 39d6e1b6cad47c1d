package import Market

/// Where operators leave requests and engines take them up: the table `requests`.
///
/// A request is one small transaction of its own, so that it waits for the engine's at most a moment,
/// and the engine for it.
package final class RequestDesk {
  private let connection: Connection
  /// Compiled once: an engine asks between any two candles.
  private let waiting: Statement

  /// The desk of a store that this process writes.
  ///
  /// - Throws: `SQLiteError`.
  package convenience init(_ store: Store) throws { try self.init(store.connection) }

  private init(_ connection: Connection) throws {
    self.connection = connection
    waiting = try connection.prepare(
      """
      SELECT \(OperatorRequest.columns) FROM requests WHERE state IN ('waiting', 'taken')
      ORDER BY id
      """)
  }

  /// The desk of a store that another process may be writing.
  ///
  /// - Throws: As `Store.open`, apart from the lock.
  package convenience init(at location: Store.Location) throws {
    let connection = try Connection(
      path: location.path, mode: .readWrite, key: location.key,
      options: ConnectionOptions(synchronous: location.synchronous))
    try Schema.check(connection)
    try self.init(connection)
  }

  /// Leaves a request.
  ///
  /// - Returns: Its number.
  /// - Throws: `SQLiteError`.
  package func make(_ action: OperatorRequest.Action, at time: Timestamp) throws -> Int64 {
    let (kind, pair, number, price) = action.fields
    try connection.prepare(
      "INSERT INTO requests (made, kind, pair, number, price) VALUES (?, ?, ?, ?, ?)"
    ).run(time, kind, pair, number, price)
    return connection.lastInsertRowID
  }

  /// The request of a number.
  ///
  /// - Throws: `SQLiteError` where its row is none.
  package func request(_ id: Int64) throws -> OperatorRequest? {
    try connection.prepare("SELECT \(OperatorRequest.columns) FROM requests WHERE id = ?").first(
      id
    ) { row in try OperatorRequest(row) }
  }

  /// Requests that were not answered, oldest first.
  ///
  /// - Throws: `SQLiteError` where a row is none.
  package func unanswered() throws -> [OperatorRequest] {
    var requests: [OperatorRequest] = []
    try waiting.forEachRow { row in requests.append(try OperatorRequest(row)) }
    return requests
  }

  /// Says what came of a request.
  ///
  /// - Parameters:
  ///   - id: The request.
  ///   - state: Whether it was done.
  ///   - text: What came of it.
  ///   - event: The last event, where all was so already and none carries it out. The time at which it was
  ///     made is that of the clock, and events of a rehearsal have that of their candles.
  /// - Throws: `SQLiteError`.
  package func answer(
    _ id: Int64, _ state: OperatorRequest.State, _ text: String, after event: Int64? = nil
  ) throws {
    try connection.prepare(
      """
      UPDATE requests SET state = ?, answer = ?,
        seq = CASE WHEN state = 'waiting' THEN coalesce(?, seq) ELSE seq END
      WHERE id = ?
      """
    ).run(state.rawValue, text, event.map { -$0 }, id)
  }

  /// Marks a request that an engine is about to act on: from then on nobody takes it back.
  ///
  /// An engine that is killed before it has acted leaves it to the next one.
  ///
  /// - Returns: Whether it is still there to be acted on.
  /// - Throws: `SQLiteError`.
  package func claim(_ id: Int64) throws -> Bool {
    try connection.prepare("UPDATE requests SET seq = 0 WHERE id = ? AND state = 'waiting'").run(id)
    return connection.changes == 1
  }

  /// Takes a request back that no engine is about to act on.
  ///
  /// - Returns: Whether it could be; then nothing comes of it.
  /// - Throws: `SQLiteError`.
  package func withdraw(_ id: Int64) throws -> Bool {
    try connection.prepare(
      "DELETE FROM requests WHERE id = ? AND state = 'waiting' AND seq IS NULL"
    ).run(id)
    return connection.changes == 1
  }
}

extension StoreReader {
  /// Whether the last thing that operators have asked for of a pair's entries is that they stop.
  ///
  /// - Throws: `SQLiteError`.
  package func isHaltedByOperator(_ pair: Int) throws -> Bool {
    try connection.prepare(
      """
      SELECT kind = 'halt' FROM requests
      WHERE kind IN ('halt', 'resume') AND state IN ('taken', 'done')
        AND (pair IS NULL OR pair = ?)
      ORDER BY id DESC LIMIT 1
      """
    ).first(pair) { row in try row.value(at: 0, as: Bool.self) } ?? false
  }
}
