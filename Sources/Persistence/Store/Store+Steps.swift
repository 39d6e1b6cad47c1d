package import Execution
package import Market

/// A step of a record: an event of a pair, or an operator's reset of the breaker.
package struct RecordedStep: Hashable, Sendable {
  /// Counts the events, from 1.
  package var seq: Int64
  /// The pair; `nil` for the whole portfolio.
  package var pair: Int?
  /// When it happened.
  package var time: Timestamp
  /// What happened to the pair; `nil` where the breaker was reset.
  package var event: Event?
  /// Whether it carries out what an operator asked for.
  package var isRequested: Bool

  /// A step of these parts.
  package init(seq: Int64, pair: Int?, time: Timestamp, event: Event?, isRequested: Bool) {
    self.seq = seq
    self.pair = pair
    self.time = time
    self.event = event
    self.isRequested = isRequested
  }
}

extension Store {
  /// Every step of the record, oldest first; `audit` says whether they replay.
  ///
  /// - Returns: The steps.
  /// - Throws: `StoreError.Problem.badEvent`, `SQLiteError`.
  package func steps() throws -> [RecordedStep] {
    let taken = try takenRequests()
    var steps: [RecordedStep] = []
    let cursor = try RecordCursor(on: connection, after: 0)
    // One request may halt every pair: it is noted at the first of its events alone. All of them have its
    // time, and others may come in between.
    var requested: Event?
    while let recorded = cursor.next {
      let event = try event(of: recorded)
      var isRequested = taken.contains(recorded.seq)
      switch event {
      case .halt, .resume:
        isRequested = isRequested || requested == event
        if isRequested { requested = event }
      case .forceExit, .cancelEntry(.requested, _), .enter, nil: isRequested = true
      case .trade, .candleClosed, .clock, .report, .cancelEntry, .liquidate, .decide: break
      }
      steps.append(
        RecordedStep(
          seq: recorded.seq, pair: recorded.pair, time: recorded.time, event: event,
          isRequested: isRequested))
      try cursor.advance()
    }
    return steps
  }

  /// The last event before each start of a process that wrote the record.
  ///
  /// - Throws: `SQLiteError`.
  package func starts() throws -> [Int64] {
    var starts: [Int64] = []
    try connection.prepare("SELECT seq FROM starts ORDER BY id").forEachRow { row in
      starts.append(try row.value(at: 0))
    }
    return starts
  }

  /// What operators have asked for to stop entries, and what was done, oldest first; one that found them
  /// stopped already has no event.
  ///
  /// - Throws: `SQLiteError` where a row is none.
  package func haltRequests() throws -> [OperatorRequest] {
    var requests: [OperatorRequest] = []
    try connection.prepare(
      """
      SELECT \(OperatorRequest.columns) FROM requests
      WHERE kind = 'halt' AND state IN ('taken', 'done') ORDER BY made, id
      """
    ).forEachRow { row in requests.append(try OperatorRequest(row)) }
    return requests
  }

  private func takenRequests() throws -> Set<Int64> {
    var taken: Set<Int64> = []
    try connection.prepare("SELECT seq FROM requests WHERE seq IS NOT NULL").forEachRow { row in
      taken.insert(try row.value(at: 0))
    }
    return taken
  }

  private func event(of recorded: RecordedEvent) throws -> Event? {
    guard let pair = recorded.pair else { return nil }
    guard pairs.indices.contains(pair) else {
      throw StoreError(path: connection.path, problem: .noSuchPair(pair))
    }
    do throws(RecordTextError) {
      return try EventText.read(
        recorded.body, time: recorded.time,
        of: OrderScope(session: run.session, pair: UInt32(pair)))
    } catch {
      throw StoreError(path: connection.path, problem: .badEvent(recorded.seq, "\(error)"))
    }
  }
}
