package import Market
package import Secrets

/// The file in which a run survives: one run, one account, all its pairs; DESIGN, decision 4.
///
/// One process writes it at a time, which `WriterLock` sees to; any number may read.
package final class Store {
  /// Where a store is and how it is opened.
  package struct Location: Sendable {
    /// The file.
    package var path: String
    /// What it is encrypted with; `nil` where it is not.
    package var key: Secret?
    /// What survives a power cut.
    package var synchronous: Synchronous

    /// A file, by default one that survives a power cut.
    package init(path: String, key: Secret? = nil, synchronous: Synchronous = .full) {
      self.path = path
      self.key = key
      self.synchronous = synchronous
    }
  }

  let connection: Connection
  private let lock: WriterLock?
  /// Reads its tables.
  package let reader: StoreReader
  /// What it is of.
  package private(set) var run: RunRow
  /// The pairs in the order of registration.
  package private(set) var pairs: [PairRow]

  private init(_ connection: Connection, lock: consuming WriterLock?) throws {
    self.connection = connection
    self.lock = lock
    reader = StoreReader(connection)
    run = try reader.run()
    pairs = try reader.pairs()
  }

  /// Opens the store of a run to write on; where there is none yet, makes it.
  ///
  /// A file whose making was cut short is made to its end.
  ///
  /// - Parameters:
  ///   - location: Where it is or is to be.
  ///   - run: What it is of, where it is made.
  ///   - pairs: In the order of registration, where it is made.
  /// - Returns: The store, which may be of another run: compare its `run`.
  /// - Throws: As `open`.
  package static func openOrCreate(
    at location: Location, run: RunRow, pairs: [PairRow]
  ) throws -> Store {
    try Connection.checkName(location.path)
    let lock = try WriterLock(database: location.path)
    let connection = try Connection(
      path: location.path, mode: .create, key: location.key,
      options: ConnectionOptions(synchronous: location.synchronous))
    if try isBegun(connection) {
      try Schema.check(connection)
    } else {
      try Schema.create(on: connection)
      try begin(run, pairs, on: connection)
    }
    return try Store(connection, lock: lock)
  }

  /// Whether a database is of a run already; else `openOrCreate` makes it to its end.
  ///
  /// - Throws: `SQLiteError`, `MigrationError` where it is not ours or of a later program.
  package static func isBegun(_ connection: Connection) throws -> Bool {
    guard try !Schema.migrator.applied(to: connection).isEmpty else { return false }
    return try connection.prepare("SELECT 1 FROM run").first { _ in true } ?? false
  }

  private static func begin(
    _ run: RunRow, _ pairs: [PairRow], on connection: Connection
  ) throws {
    try connection.transaction {
      try connection.prepare("INSERT INTO run VALUES (1, ?, ?, ?, ?, ?, ?, NULL)").run(
        run.kind.rawValue, Int64(run.session), run.strategy, run.manifest, run.keeping.rawValue,
        run.cash)
      try connection.prepare(
        "INSERT INTO account VALUES (1, ?, 0, 0, NULL, NULL, NULL)"
      ).run(run.cash)
      for (number, pair) in pairs.enumerated() {
        try connection.prepare(
          "INSERT INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, 0)"
        ).run(
          number, pair.product, pair.group, pair.quoteIncrement, pair.baseIncrement,
          pair.interval.nanoseconds, pair.positionSize)
      }
    }
  }

  /// Takes up anew what a process before began and left without an event.
  ///
  /// Nothing has happened in it, so it begins with what the account has now: that process may have found
  /// less, and have gone for that reason.
  ///
  /// - Parameters:
  ///   - cash: What the account begins with.
  ///   - pairs: The same pairs, with the exchange's steps of now.
  /// - Throws: `SQLiteError`.
  package func beginAgain(with cash: Money, _ pairs: [PairRow]) throws {
    let last = try reader.lastEvent()
    precondition(last == 0, "what has event \(last) has begun")
    try connection.transaction {
      try connection.prepare("UPDATE run SET cash = ?").run(cash)
      try connection.prepare("UPDATE account SET cash = ?").run(cash)
      for (number, pair) in pairs.enumerated() {
        try connection.prepare(
          "UPDATE pairs SET quote_increment = ?, base_increment = ? WHERE pair = ?"
        ).run(pair.quoteIncrement, pair.baseIncrement, number)
      }
    }
    run = try reader.run()
    self.pairs = try reader.pairs()
  }

  /// Opens a store to write on.
  ///
  /// - Throws: `SQLiteError`, `WriterLockError` where another process writes it, `StoreError`,
  ///   `MigrationError` where its schema is of another version.
  package static func open(at location: Location) throws -> Store {
    try Connection.checkName(location.path)
    let lock = try WriterLock(database: location.path)
    let connection = try Connection(
      path: location.path, mode: .readWrite, key: location.key,
      options: ConnectionOptions(synchronous: location.synchronous))
    try Schema.check(connection)
    return try Store(connection, lock: lock)
  }

  /// Opens a store to look at; it may be written by another process meanwhile.
  ///
  /// - Throws: As `open`, apart from the lock.
  package static func read(at location: Location) throws -> Store {
    let connection = try Connection(path: location.path, mode: .readOnly, key: location.key)
    try Schema.check(connection)
    return try Store(connection, lock: nil)
  }

  /// Looks at a store as it is at one moment, while another process may write it.
  ///
  /// All that `body` reads is of one snapshot, and the writer never waits for it.
  ///
  /// - Parameters:
  ///   - location: Where it is.
  ///   - body: What is asked of it.
  /// - Returns: What `body` does.
  /// - Throws: As `read`, and what `body` throws.
  package static func look<Result>(
    at location: Location, _ body: (Store) throws -> Result
  ) throws -> Result {
    let connection = try Connection(path: location.path, mode: .readOnly, key: location.key)
    // The snapshot is taken by the first statement; whatever is thrown, closing ends it.
    try connection.execute("BEGIN")
    try Schema.check(connection)
    let result = try body(Store(connection, lock: nil))
    try connection.execute("COMMIT")
    return result
  }

  /// Notes that a process goes to work on it.
  ///
  /// - Throws: `SQLiteError`.
  package func noteStart(pid: Int32, version: String, at time: Timestamp) throws {
    try connection.prepare(
      "INSERT INTO starts (pid, version, started, seq) VALUES (?, ?, ?, ?)"
    ).run(Int(pid), version, time, try reader.lastEvent())
  }
}
