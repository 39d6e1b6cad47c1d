package import Execution
import Market
package import Strategy

/// From the record back to the state: invariants I8 and I9.
extension Store {
  /// Rebuilds the state after the last event: from the last snapshot and the events after it.
  ///
  /// - Parameter initial: The state before the first event.
  /// - Returns: The state after the last.
  /// - Throws: `StoreError.Problem.differs` where an event's commands are not those recorded,
  ///   `badEvent`, `badSnapshot`, `SQLiteError`.
  package func recover<S: TradingStrategy>(
    from initial: TradingState<S>
  ) throws -> TradingState<S> {
    var state = initial
    var after: Int64 = 0
    if let snapshot = try reader.snapshot() {
      state = try decode(snapshot)
      after = snapshot.seq
    }
    _ = try replay(into: &state, after: after)
    return state
  }

  /// Replays the whole record from the state before its first event.
  ///
  /// - Parameter type: The strategy that traded.
  /// - Returns: How many events there are.
  /// - Throws: As `recover`; `StoreError.Problem.noBeginning` where that state was not kept.
  package func audit<S: TradingStrategy>(_ type: S.Type) throws -> Int64 {
    var state = try beginning(type)
    return try replay(into: &state, after: 0)
  }

  /// The state before the first event.
  ///
  /// - Parameter type: The strategy that traded.
  /// - Returns: The state.
  /// - Throws: `StoreError.Problem.noBeginning` where it was not kept, `badSnapshot`.
  package func beginning<S: TradingStrategy>(_ type: S.Type) throws -> TradingState<S> {
    guard let beginning = try reader.snapshot(upTo: 0) else {
      throw StoreError(path: connection.path, problem: .noBeginning)
    }
    return try decode(beginning)
  }

  private func decode<S: TradingStrategy>(_ snapshot: Snapshot) throws -> TradingState<S> {
    do {
      return try StateText.decode(TradingState<S>.self, from: snapshot.body)
    } catch {
      throw StoreError(path: connection.path, problem: .badSnapshot(snapshot.seq, "\(error)"))
    }
  }

  /// Handles the events after one again, and compares their commands with those recorded.
  private func replay<S: TradingStrategy>(
    into state: inout TradingState<S>, after seq: Int64
  ) throws -> Int64 {
    var count: Int64 = 0
    guard var bounds = ReplayGuard(of: state) else {
      throw StoreError(
        path: connection.path, problem: .badSnapshot(seq, "its amounts are beyond all measure"))
    }
    let cursor = try RecordCursor(on: connection, after: seq)
    var outbox = Outbox()
    var line = LineWriter()
    while let recorded = cursor.next {
      count += 1
      guard recorded.seq == seq + count else {
        throw StoreError(
          path: connection.path,
          problem: .badEvent(recorded.seq, "event \(seq + count) before it is missing"))
      }
      try apply(recorded, to: &state, &bounds, &outbox, &line)
      try cursor.advance()
    }
    return count
  }

  private func apply<S: TradingStrategy>(
    _ recorded: RecordedEvent, to state: inout TradingState<S>, _ bounds: inout ReplayGuard,
    _ outbox: inout Outbox, _ line: inout LineWriter
  ) throws {
    guard let pair = recorded.pair else {
      guard recorded.body == PortfolioEventText.reset else {
        throw StoreError(
          path: connection.path,
          problem: .badEvent(recorded.seq, "'\(recorded.body)' is no event"))
      }
      state.portfolio.reset()
      return
    }
    guard state.engines.indices.contains(pair) else {
      throw StoreError(path: connection.path, problem: .noSuchPair(pair))
    }
    let scope = OrderScope(session: run.session, pair: UInt32(pair))
    let event: Event
    do throws(RecordTextError) {
      event = try EventText.read(recorded.body, time: recorded.time, of: scope)
    } catch {
      throw StoreError(path: connection.path, problem: .badEvent(recorded.seq, "\(error)"))
    }
    if let defect = bounds.defect(of: event, of: pair, in: state) {
      throw StoreError(
        path: connection.path, problem: .badEvent(recorded.seq, "'\(recorded.body)' \(defect)"))
    }
    outbox.clear()
    state.handle(event, of: pair, into: &outbox)
    line.clear()
    CommandText.write(outbox.commands, at: recorded.time, of: scope, to: &line)
    guard line.bytes.elementsEqual(recorded.commands.utf8) else {
      var now = recorded
      now.commands = line.text
      throw StoreError(
        path: connection.path,
        problem: .differs(event: recorded.seq, recorded: recorded.text, now: now.text))
    }
  }
}
