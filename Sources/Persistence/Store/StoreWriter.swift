package import Execution
package import Market

/// Writes a run into its store: events, what they changed, and what is to be sent.
///
/// What one event changed goes into the tables in one transaction with the event itself; commands
/// may be carried out once `record` has returned (DESIGN, decision 4). Events that change nothing wait
/// in memory for the next transaction.
///
/// A run that is played again from its start, as a backtest is after it was killed, first meets what
/// the store has already: those events are compared, not written.
package final class StoreWriter {
  /// When what was recorded is made durable.
  package enum Rhythm: Hashable, Sendable {
    /// Before `record` returns, whenever something changed: an exchange waits outside.
    case eachChange
    /// When `commit` is called: nobody waits for a simulated order.
    case whenAsked
    /// Never: the run is only compared with its record, and what goes beyond it is not looked at.
    case never
  }

  /// How many events wait in memory at most.
  private static let mostWaiting = 512

  private let connection: Connection
  private let statements: RowStatements
  private let rhythm: Rhythm
  private let keeping: RunRow.Keeping
  private let scopes: [OrderScope]
  private let intervals: [TimeSpan]
  private let findOrder: Statement

  /// The number of the last event.
  package private(set) var seq: Int64 = 0
  /// The last event of the record when it was opened.
  private let storedSeq: Int64
  private var replay: RecordCursor?

  private var books: [PairBook]
  private var closes: [Price?]
  private var cash: Money
  private var trip: StoreReader.AccountRow.Trip?

  private var buffer = EventBuffer()
  private var points: [AccountPoint] = []
  /// The time of the last point that was ever kept.
  private var latestPoint: Timestamp?
  private var newCloses: [(pair: Int, price: Price, time: Timestamp)] = []
  /// The request that the next events carry out, and its row in their transaction.
  private var request: Int64?
  private var isChanged = false
  private var isInTransaction = false
  private var watch: FileWatch
  #if DEBUG
    private var fault = CommitFault()
  #endif

  /// A writer that begins where the store ends.
  ///
  /// - Parameters:
  ///   - store: Opened for writing.
  ///   - rhythm: When what was recorded is made durable.
  ///   - replaying: Whether the run is played again from its start.
  /// - Throws: `SQLiteError` where the rows cannot be read.
  package init(_ store: Store, rhythm: Rhythm, replaying: Bool) throws {
    connection = store.connection
    watch = FileWatch(database: store.connection.path)
    statements = try RowStatements(on: connection)
    self.rhythm = rhythm
    keeping = store.run.keeping
    let scopes = store.pairs.indices.map {
      OrderScope(session: store.run.session, pair: UInt32($0))
    }
    self.scopes = scopes
    intervals = store.pairs.map(\.interval)
    findOrder = try connection.prepare(
      "SELECT \(OrderRow.columns) FROM orders WHERE pair = ? AND number = ?")
    let reader = store.reader
    let account = try reader.account()
    cash = account.cash
    trip = account.trip
    lastTime = account.time
    storedSeq = try reader.lastEvent()
    closes = store.pairs.map(\.close)
    latestPoint = try reader.latestPoint()?.time
    books = try store.pairs.indices.map {
      try reader.book(of: $0, scope: scopes[$0], isHalted: store.pairs[$0].isHalted)
    }
    var worth = Money.zero
    for (pair, book) in books.enumerated() {
      guard let close = closes[pair] else { continue }
      if let notional = RecordBounds.notional(close, book.held),
        worth + notional <= RecordBounds.money
      {
        worth += notional
        continue
      }
      throw StoreError(
        path: connection.path,
        problem: .badRow(
          "positions: the \(book.held) held of \(store.pairs[pair].product), at the close of "
            + "\(close) in pairs, are worth more than can be counted"))
    }
    if replaying, storedSeq > 0 {
      replay = try RecordCursor(on: connection, after: 0)
    } else {
      seq = storedSeq
    }
  }

  /// Whether what is recorded now is new, not a repetition of what the store has.
  package var isBeyondRecord: Bool { seq >= storedSeq }

  // MARK: - What happens

  /// Records an event of a pair and what came of it.
  ///
  /// - Throws: `SQLiteError` where it cannot be written; then nothing of it is, and the commands must
  ///   not be carried out. `StoreError.Problem.differs` where the record has another event here.
  package func record(_ event: Event, _ outbox: borrowing Outbox, of pair: Int) throws {
    seq += 1
    let time = event.time ?? Self.closeTime(of: event, interval: intervals[pair])
    buffer.append(event, outbox.commands, seq: seq, time: time, scope: scopes[pair])
    guard seq > storedSeq else { return try compare() }
    lastTime = time
    switch rhythm {
    case .eachChange:
      try take(event, at: time, outbox, of: pair)
      // What an operator has asked for is answered next: it must not be lost then.
      if isChanged || request != nil || buffer.count >= Self.mostWaiting { try commit() }
    case .whenAsked:
      try take(event, at: time, outbox, of: pair)
      if buffer.count >= Self.mostWaiting { try flush() }
    case .never: buffer.clear()
    }
  }

  /// Records that an operator has reset the breaker.
  ///
  /// - Throws: As for an event of a pair.
  package func recordReset(at time: Timestamp) throws {
    seq += 1
    buffer.append(portfolio: PortfolioEventText.reset, seq: seq, time: time)
    guard seq > storedSeq else { return try compare() }
    lastTime = time
    // More digits than money has are cut: then it is a hair too low, which the words can bear.
    levelStillReached = trip.flatMap { trip in
      (try? Money(trip.level)).map { equity <= $0 } == true ? trip.level : nil
    }
    trip = nil
    isChanged = true
    if rhythm == .eachChange { try commit() }
  }

  /// Keeps a point of the equity curve; the last one of a time counts.
  package func record(_ point: AccountPoint) {
    if points.last?.time == point.time { points.removeLast() }
    points.append(point)
  }

  /// Keeps a pair's latest close.
  package func record(close: Price, at time: Timestamp, of pair: Int) {
    closes[pair] = close
    newCloses.append((pair, close, time))
  }

  /// Keeps what the exchange calls an order; durable with the next event that changes something.
  package func record(exchangeID: String, of order: ClientOrderID) {
    let pair = Int(order.pair)
    guard books.indices.contains(pair) else { return }
    // One that is over has its name late: it was given up, and has arrived.
    try? recall(order, of: pair)
    books[pair].name(order.number, exchangeID)
  }

  /// Keeps something that a session lived through; durable when this returns.
  ///
  /// - Parameter incident: Its `seq` is set here.
  /// - Throws: `SQLiteError` where it cannot be written.
  package func record(_ incident: IncidentRow) throws {
    try statements.write(incident, seq: seq)
  }

  private static func closeTime(of event: Event, interval: TimeSpan) -> Timestamp {
    guard case .candleClosed(let candle) = event else { return Timestamp(nanoseconds: 0) }
    return candle.start + interval
  }

  private func take(
    _ event: Event, at time: Timestamp, _ outbox: borrowing Outbox, of pair: Int
  ) throws {
    if case .report(let report) = event { try recall(report.order, of: pair) }
    books[pair].take(event, at: time, seq: seq, outbox)
    for index in outbox.notes.indices {
      switch outbox.notes[index] {
      case .fill(let fill, _, _): cash += fill.cashFlow
      case .tripped(let trip): self.trip = .init(trip)
      case .signal, .refused, .sizeCut, .dayLost, .orderDone, .ratchet, .trade, .anomaly: break
      }
    }
    if !outbox.isEmpty || !books[pair].changes.isEmpty { isChanged = true }
    if keeping == .all, case .candleClosed(let candle) = event {
      record(close: candle.close, at: time, of: pair)
      // A close that is known late is in what the account is worth now, not in what it was worth then.
      let latest = max(time, latestPoint ?? time)
      latestPoint = latest
      record(AccountPoint(time: latest, equity: equity))
    }
  }

  /// Cash and the worth of all positions at their latest closes.
  private var equity: Money {
    books.indices.reduce(cash) { sum, pair in
      guard let close = closes[pair] else { return sum }
      return sum + close * books[pair].held
    }
  }

  /// An order that is over is taken up again when something late is said about it.
  private func recall(_ order: ClientOrderID, of pair: Int) throws {
    guard scopes[pair].contains(order), books[pair].order(order.number) == nil else { return }
    let scope = scopes[pair]
    let row = try findOrder.first(pair, Int64(order.number)) { row in
      try OrderRow(row, of: scope)
    }
    if let row { books[pair].recall(row) }
  }

  // MARK: - What is there already

  private func compare() throws {
    defer { buffer.clear() }
    guard let entry = buffer.entries.last else { return }
    let (event, commands) = buffer.texts(of: entry)
    let now = RecordedEvent(
      seq: entry.seq, pair: entry.pair < 0 ? nil : entry.pair, time: entry.time, body: event,
      commands: commands)
    guard let recorded = replay?.next, recorded == now else {
      throw StoreError(
        path: connection.path,
        problem: .differs(
          event: now.seq, recorded: replay?.next?.text ?? "nothing", now: now.text))
    }
    try replay?.advance()
    if replay?.next == nil { replay = nil }
  }

  /// Checks that nothing of the record is left: the run is over.
  ///
  /// - Throws: `StoreError.Problem.unplayed` where something is.
  package func checkEnd() throws {
    guard let next = replay?.next else { return }
    throw StoreError(
      path: connection.path, problem: .unplayed(event: next.seq, recorded: next.text))
  }

  // MARK: - Writing

  /// Makes durable what was recorded.
  ///
  /// - Throws: `SQLiteError` where it cannot; then the transaction is void. What one event changed is
  ///   kept in memory, so with the rhythm `eachChange` it may be tried again.
  package func commit() throws {
    guard isBeyondRecord, rhythm != .never, hasSomething || isInTransaction else { return }
    try look()
    do {
      try flush()
      #if DEBUG
        fault.beforeCommit()
      #endif
      try statements.commit.run()
      isInTransaction = false
      #if DEBUG
        fault.afterCommit()
      #endif
    } catch {
      rollBack()
      throw error
    }
    written()
    try look()
  }

  /// Sees whether somebody has cut or removed the files; then nothing more is written.
  private func look() throws(SQLiteError) {
    do { try watch.check() } catch {
      if error.problem == .corrupt { connection.isAbandoned = true }
      throw error
    }
  }

  /// Makes the run complete.
  ///
  /// - Throws: As `commit`.
  package func finish(at time: Timestamp) throws {
    try checkEnd()
    try commit()
    try look()
    try connection.prepare("UPDATE run SET finished = ? WHERE finished IS NULL").run(time)
    try look()
  }

  /// Keeps the whole state after the last event, from which the store is opened next time.
  ///
  /// The two latest are kept, and that before the first event, from which an audit replays the record.
  ///
  /// - Throws: As `commit`.
  package func snapshot(_ body: String) throws {
    try commit()
    guard seq >= storedSeq, rhythm != .never else { return }
    try connection.transaction {
      try connection.prepare("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)").run(
        seq, lastTime, Snapshot.digest(seq: seq, body: body), body)
      try connection.prepare(
        """
        DELETE FROM snapshots
        WHERE seq > 0 AND seq NOT IN (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT 2)
        """
      ).run()
    }
  }

  private var hasSomething: Bool {
    isChanged || !buffer.isEmpty || !points.isEmpty || !newCloses.isEmpty
  }

  /// Writes what waits, as a part of a transaction.
  private func flush() throws(SQLiteError) {
    if !isInTransaction {
      try statements.begin.run()
      isInTransaction = true
    }
    for entry in buffer.entries { try statements.write(entry, in: buffer) }
    for pair in books.indices { try write(books[pair].changes, of: pair) }
    for point in points { try statements.write(point) }
    for close in newCloses {
      try statements.write(close: close.price, at: close.time, of: close.pair)
    }
    if let request { try statements.write(request: request, takenAt: seq) }
    try statements.write(cash: cash, seq: seq, time: lastTime, trip: trip)
    // In a transaction of many parts this one is done; it stands or falls with the others.
    if rhythm == .whenAsked { written() }
  }

  private func write(_ changes: PairBook.Changes, of pair: Int) throws(SQLiteError) {
    guard !changes.isEmpty else { return }
    for number in changes.orders {
      if let row = books[pair].order(number) { try statements.write(row, of: pair) }
    }
    for row in changes.closed { try statements.write(row, of: pair) }
    if changes.position, let row = books[pair].position { try statements.write(row, of: pair) }
    for row in changes.fills { try statements.write(row, of: pair) }
    for row in changes.ratchets { try statements.write(row, of: pair) }
    for row in changes.signals { try statements.write(row, of: pair) }
    for row in changes.anomalies { try statements.write(row, of: pair) }
    if changes.isHalted { try statements.write(isHalted: books[pair].isHalted, of: pair) }
  }

  /// Says that the next event is what an operator asked for: both become durable together, so that no
  /// request is acted on twice.
  func take(_ request: Int64) { self.request = request }

  /// The open position of a pair, as the record knows it.
  package func position(of pair: Int) -> PositionRow? { books[pair].position }

  /// An order of a pair that is not over.
  package func workingOrder(_ number: UInt64, of pair: Int) -> OrderRow? {
    books[pair].order(number)
  }

  /// The orders of a pair that are not over.
  package func workingOrders(of pair: Int) -> [OrderRow] {
    books[pair].orders.filter { $0.done == nil }
  }

  /// Whether an operator has stopped the pair's entries.
  package func isHalted(_ pair: Int) -> Bool { books[pair].isHalted }

  /// Whether the breaker has tripped and was not reset.
  package var isTripped: Bool { trip != nil }

  /// The level of the last trip, where equity is at or below it; reset there, the breaker trips again.
  private(set) var levelStillReached: String?

  /// The next event of the record that a repeated run must meet.
  package var nextRecorded: RecordedEvent? { replay?.next }

  /// The time of the last event.
  package private(set) var lastTime: Timestamp

  private func written() {
    buffer.clear()
    points.removeAll(keepingCapacity: true)
    newCloses.removeAll(keepingCapacity: true)
    for pair in books.indices { books[pair].written() }
    request = nil
    isChanged = false
  }

  private func rollBack() {
    isInTransaction = false
    // The error that led here is the news; an uncommitted transaction is void in any case.
    if connection.isInTransaction { try? connection.execute("ROLLBACK") }
  }
}
