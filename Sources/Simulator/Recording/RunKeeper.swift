public import Execution
public import Market
package import Persistence

/// Keeps a simulated run in a store while it is played.
///
/// A run that was killed is played again from its start, which takes little: as far as the store has
/// it already, what happens is compared with what happened then, and from there on it is recorded.
public final class RunKeeper {
  /// The store.
  package let store: Store
  private let writer: StoreWriter
  /// The first thing that went wrong; after it nothing is recorded, and the run is to end.
  private var failure: (any Error)?
  private var lastSnapshot: Int64
  private let desk: OperatorDesk
  /// Waits between two candles of a paced run: up to a moment each time it is asked, and says whether
  /// it is to be asked again.
  package var wait: (_ next: Timestamp) throws -> Bool = { _ in false }

  /// How many events may follow a snapshot before there is another.
  private static let eventsBetweenSnapshots: Int64 = 10_000

  /// Goes on with a store, or only compares the run with it.
  ///
  /// - Parameters:
  ///   - store: Opened for writing, unless it is only compared.
  ///   - isComparing: Whether nothing is to be written.
  /// - Throws: `SQLiteError` where its rows cannot be read.
  package init(_ store: Store, isComparing: Bool = false) throws {
    self.store = store
    let rhythm: StoreWriter.Rhythm = store.run.keeping == .all ? .eachChange : .whenAsked
    writer = try StoreWriter(store, rhythm: isComparing ? .never : rhythm, replaying: true)
    lastSnapshot = try store.reader.snapshot()?.seq ?? -1
    desk = try OperatorDesk(store, writer)
  }

  /// What an operator wants done now, or did at this place of the record; `nil` where it is nothing.
  ///
  /// - Throws: As `commit`.
  @usableFromInline
  func nextStep(at time: Timestamp) throws -> OperatorMove? {
    if let failure { throw failure }
    return try desk.next(at: max(time, writer.lastTime)).map(OperatorMove.init)
  }

  /// Records a reset of the breaker and answers the operator.
  ///
  /// - Throws: As `commit`.
  @usableFromInline
  func finish(_ move: OperatorMove) throws {
    if let failure { throw failure }
    if move.resetsBreaker { try writer.recordReset(at: move.step.time) }
    try desk.answer(move.step)
  }

  /// Waits a moment for the time of the next candle; whether to ask again.
  ///
  /// - Throws: Where the run is to end.
  @usableFromInline
  func waits(for next: Timestamp) throws -> Bool {
    guard writer.isBeyondRecord, next < .endOfTracks else { return false }
    return try wait(next)
  }

  /// How many events were recorded or compared so far.
  package var events: Int64 { writer.seq }

  /// Whether every event is recorded, each made durable before its commands are carried out.
  @usableFromInline var keepsAll: Bool { store.run.keeping == .all }

  /// Takes an event of a pair and what came of it.
  @usableFromInline
  func record(_ event: Event, _ outbox: borrowing Outbox, of pair: Int) {
    guard failure == nil else { return }
    do { try writer.record(event, outbox, of: pair) } catch { failure = error }
  }

  /// Makes durable what was recorded, with the pairs' latest closes.
  ///
  /// - Throws: The first thing that went wrong since the last time.
  @usableFromInline
  func commit(closes: [(close: Price, time: Timestamp)?]) throws {
    if let failure { throw failure }
    guard writer.isBeyondRecord else { return }
    if !keepsAll {
      for (pair, close) in closes.enumerated() {
        if let close { writer.record(close: close.close, at: close.time, of: pair) }
      }
    }
    try writer.commit()
  }

  /// Keeps the whole state where there is none yet or the last time was long ago.
  ///
  /// - Throws: As `commit`.
  @usableFromInline
  func keepState(isLast: Bool, _ state: @autoclosure () -> any Encodable) throws {
    let count = writer.seq - max(lastSnapshot, 0)
    let isDue =
      lastSnapshot < 0 || count > Self.eventsBetweenSnapshots || isLast && count > 0
    guard writer.isBeyondRecord, isDue else { return }
    try writer.snapshot(StateText.encode(state()))
    lastSnapshot = writer.seq
  }

  /// Checks that the run had all that the record has.
  ///
  /// - Throws: As `finish`.
  package func checkEnd() throws {
    if let failure { throw failure }
    try writer.checkEnd()
  }

  /// Keeps the curve and makes the run complete.
  ///
  /// - Parameters:
  ///   - curve: Equity after the closes of each time; not looked at where every event was recorded.
  ///   - time: When the run was over.
  /// - Throws: As `commit`; `StoreError.Problem.unplayed` where the store goes on.
  package func finish(curve: some Sequence<AccountPoint>, at time: Timestamp) throws {
    try checkEnd()
    guard store.run.finished == nil else { return }
    if !keepsAll { for point in curve { writer.record(point) } }
    try writer.finish(at: time)
  }
}

/// The journal of one pair of a run that is kept event by event.
@usableFromInline
struct KeptJournal: Journal {
  private let keeper: RunKeeper
  private let pair: Int

  @usableFromInline
  init(_ keeper: RunKeeper, pair: Int) {
    self.keeper = keeper
    self.pair = pair
  }

  @usableFromInline
  func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    keeper.record(event(), outbox, of: pair)
  }
}

/// An operator's step for the engines of a simulated run.
@usableFromInline
struct OperatorMove {
  fileprivate let step: OperatorStep
  @usableFromInline var events: [(pair: Int, event: Event)] { step.events }
  @usableFromInline var resetsBreaker: Bool { step.resetsBreaker }
}
