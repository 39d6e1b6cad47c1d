package import Execution
import Market
package import Matching
package import Persistence

typealias IncidentKind = IncidentRow.Kind

/// A run on an exchange: the engine's verbs, with answers that take their time.
///
/// Every verb makes one event and hands it to the engine (`deliver`). The event and what came of it are
/// durable before any command of it is carried out (DESIGN, decision 4); the answers to the commands come
/// back as events. So the sync engine and this actor are one API, and the record of a session replays
/// through the engine alone. Documentation/live-session.md shows both side by side.
///
/// One task feeds it (`take`), one thing after the other. What is to be done at the exchange is done in
/// the lanes of the pairs meanwhile, so a slow answer for one pair holds up no other.
package actor LiveSession {
  let pairs: [SessionPair]
  let settings: SessionSettings
  nonisolated let exchange: Coinbase
  let session: UInt64
  var machine: any TradingMachine
  private let store: Store
  let writer: StoreWriter
  private let desk: OperatorDesk
  private let tell: @Sendable (SessionNews) -> Void

  /// The exchange's time as far as it is known: that of the last thing it told.
  private(set) var clock: Timestamp
  /// When that was.
  private(set) var heard = ContinuousClock.now
  var lanes: [Lane]
  var sent: [SentOrders]
  var builders: [CandleBuilder?]
  /// Whether nothing has closed for a pair since the feed was connected.
  var isFresh: [Bool]
  /// The candle that was in progress when the feed was connected, by pair, until it has closed: all of its
  /// trades may have been before.
  var owed: [Int: Timestamp] = [:]
  /// Closes that wait for the exchange's candle, and those behind them, in their order.
  var lateCloses: [Task<Void, Never>] = []
  /// Our last closed candle of each pair, until the exchange's is there to compare it with.
  var unchecked: [Candle?]
  /// The exchange's last candles.
  var exchangeCandles: [[Candle]]
  /// When the last candle of each pair was over.
  private var lastCloses: [Timestamp?]
  /// The time of each pair's last event.
  private var lastEvents: [Timestamp]
  var counts = SessionCounts()
  /// The simulated markets of a session with simulated money; none on an exchange.
  var markets: [FeedMarket]
  /// What those have said and nobody has heard yet.
  var answers: [OrderReport] = []
  var isDraining = false
  /// Why no entries are made, where that is so.
  var watchdog: Watchdog
  /// Orders of the Exchange of whose end, or fill, the feed has told and that nobody knows by name, the
  /// latest ones.
  var ends: [String] = []
  /// What the account lacked at the last look.
  var shortfalls: [Lack] = []
  /// What of that an operator has accepted.
  var accepted: [Lack] = []
  /// How far this machine's clock was off when that was told last.
  var toldSkew = TimeSpan(nanoseconds: 0)
  /// Since when positions have had no exit order at the exchange, by pair.
  var naked: [Int: NakedSpell] = [:]
  /// When the record that it goes on with ends.
  let begun: Timestamp
  /// Whether there is a record: the state before its first event is kept.
  private(set) var hasBegun: Bool
  /// Whether this process has compared the record's orders with the exchange's.
  var knowsBooks = false
  /// Whether a feed tells it what happens.
  var isListening = false
  /// Whether that tells of trades.
  var hearing = Hearing()
  /// Pairs of which the exchange has trades that no feed has told of.
  var owesTrades: Set<Int> = []
  /// When the last feed that told of trades ended.
  var deafSince = Timestamp(nanoseconds: 0)
  /// How far it has come.
  var stage = Stage.trading
  /// How many messages of the feed are being dealt with, connecting included.
  var handling = 0
  /// Whether nobody waits for anything any more.
  private(set) var isClosed = false
  private var outbox = Outbox()
  /// What waits for a store that cannot be written.
  var stall: Stall?
  var waits = 0
  private var isServing = false
  private var lastSnapshot: Int64
  /// Why the session cannot go on, if it cannot; nothing is sent any more then.
  package private(set) var failure: (any Error)?

  /// How far a session has come.
  enum Stage: Hashable, Sendable {
    /// It does what strategy and market ask for.
    case trading
    /// It sells what it holds: trades count, candles do not, so that nothing is bought any more.
    case liquidating
    /// It finishes what is on its way.
    case leaving
  }

  /// How many events may follow a snapshot before there is another.
  private static let eventsBetweenSnapshots: Int64 = 10_000

  /// A session that has not begun.
  ///
  /// - Parameters:
  ///   - machine: The state before the first event, or that after the last one of the record.
  ///   - pairs: In the order of registration.
  ///   - exchange: Where the orders go.
  ///   - store: Where it is kept; this session alone writes it.
  ///   - markets: Who fills the orders of simulated money, one for each pair; none on an exchange.
  ///   - settings: Its habits.
  ///   - tell: Hears of everything that people may want to know; called on the session's own thread.
  /// - Throws: What opening the store does.
  package init(
    _ machine: any TradingMachine, _ pairs: [SessionPair], on exchange: Coinbase,
    keptIn store: sending Store, filledBy markets: [FeedMarket] = [], settings: SessionSettings,
    tell: @escaping @Sendable (SessionNews) -> Void
  ) throws {
    precondition(machine.pairCount == pairs.count, "a session needs the pairs of its engines")
    precondition(markets.isEmpty || markets.count == pairs.count, "each pair needs a market")
    self.markets = markets
    self.machine = machine
    self.pairs = pairs
    self.exchange = exchange
    self.settings = settings
    self.tell = tell
    self.store = store
    session = store.run.session
    let writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    self.writer = writer
    desk = try OperatorDesk(store, writer)
    clock = writer.lastTime
    begun = writer.lastTime
    hasBegun = writer.seq > 0
    lastSnapshot = try store.reader.snapshot()?.seq ?? -1
    lastCloses = store.pairs.map(\.closeTime)
    lastEvents = pairs.map { [last = writer.lastTime] _ in last }
    lanes = pairs.map { _ in Lane() }
    watchdog = Watchdog(pairs: pairs.count)
    sent = pairs.map { _ in SentOrders() }
    builders = pairs.map { _ in nil }
    isFresh = pairs.map { _ in true }
    unchecked = builders.map { _ in nil }
    exchangeCandles = pairs.map { _ in [] }
  }

  // MARK: - Events

  /// Hands an event to a pair's engine, keeps it, and sees to it that what came of it is done.
  ///
  /// While it cannot be kept nothing of it is done, and what comes behind waits; see `stall`.
  func deliver(_ event: Event, to pair: Int) {
    guard failure == nil else { return }
    guard stall == nil else { return wait(event, pair) }
    if let time = event.time { lastEvents[pair] = max(lastEvents[pair], time) }
    if isPaper, let time = event.time, markets[pair].isBetweenCandles {
      markets[pair].wait(until: time)
    }
    outbox.clear()
    machine.handle(event, of: pair, into: &outbox)
    let (commands, notes) = (outbox.commands, outbox.notes)
    do { try writer.record(event, outbox, of: pair) } catch {
      stand(still: error, with: commands, notes, pair)
      return
    }
    carryOut(commands, notes, pair)
  }

  /// Sees to it that what came of an event is done and told.
  func carryOut(_ commands: [Command], _ notes: [Note], _ pair: Int) {
    for note in notes { tell(.note(note, pair: pair)) }
    guard !commands.isEmpty else { return }
    for command in commands {
      if case .submit(let order, _) = command { sent[pair].add(order) }
      tell(.command(command, pair: pair))
      if isPaper {
        perform(command, of: pair)
      } else {
        add(.command(command), to: pair)
      }
    }
    // What the engine makes of the answers comes back here, and waits in the same line.
    if isPaper { drain() }
  }

  /// Hands a report to a pair's engine.
  ///
  /// For the engine, time does not go back: a fill that became known late has its own time, and what the
  /// engine does about it is done now.
  func report(_ order: ClientOrderID, _ news: OrderReport.News, at time: Timestamp? = nil) {
    let pair = Int(order.pair)
    guard pairs.indices.contains(pair) else { return }
    switch news {
    case .filled(let fill):
      guard sent[pair].take(fill) else { return }
      switch fill.side {
      case .buy: (lanes[pair].lastPurchase, lanes[pair].bought) = (.now, fill.time)
      case .sell:
        lanes[pair].lastSale = .now
        (lanes[pair].setback, lanes[pair].shortage) = (nil, nil)
        // It was not missing, but sold.
        if order != machine.standing(of: pair).exit?.order.id { lanes[pair].lack = nil }
      }
      // A new position has nothing to go back to, nor to do without.
      if machine.standing(of: pair).held == .zero {
        (lanes[pair].lastStop, lanes[pair].lack) = (nil, nil)
      }
      // First, so that the engine offers all that is held by then.
      retryDust(of: pair)
    case .cancelled, .expired:
      if order == machine.standing(of: pair).exit?.order.id {
        (lanes[pair].setback, lanes[pair].shortage) = (nil, nil)
      }
      sent[pair].end(order)
    case .rejected: sent[pair].end(order)
    case .accepted, .cancelRefused, .unanswered: break
    }
    let time = max(time ?? clock, lastEvents[pair])
    deliver(.report(OrderReport(order: order, time: time, news: news)), to: pair)
  }

  /// The feed is gone, and not there again before the next start of `startupReconcile` has come to its end.
  func feedEnded() {
    if isListening, owesTrades.isEmpty { deafSince = clock }
    isListening = false
  }

  /// It is this time at the exchange now.
  func passed(_ time: Timestamp) {
    guard time > clock else { return }
    (clock, heard) = (time, .now)
  }

  func say(_ news: SessionNews) { tell(news) }

  /// Whether nothing can or should be done any more.
  var isOver: Bool { failure != nil || isClosed || Task.isCancelled }

  /// Ends all waiting; what is not answered is asked about at the next start.
  package func close() { isClosed = true }

  /// Keeps what the session lived through, for people and for audits.
  func incident(_ kind: IncidentKind, _ words: String, pair: Int? = nil) {
    guard failure == nil, stall == nil else { return }
    do { try writer.record(IncidentRow(kind, words, pair: pair, time: clock)) } catch {
      tell(.trouble("\(error)"))
    }
  }

  /// Whether an operator has halted a pair's entries, and nobody has let them go on since.
  func isHaltedByOperator(_ pair: Int) -> Bool {
    // In doubt it was one: entries that are not made cost nothing.
    (try? store.reader.isHaltedByOperator(pair)) ?? true
  }

  /// Notes what the exchange calls an order.
  func name(_ id: ClientOrderID, _ exchangeID: String) {
    let pair = Int(id.pair)
    guard sent.indices.contains(pair), sent[pair][id]?.exchangeID != exchangeID else { return }
    sent[pair].name(id, exchangeID)
    writer.record(exchangeID: exchangeID, of: id)
    // That it is over may have been told before anybody knew its name.
    if ends.contains(exchangeID) { add(.look(id, Lane.Sight()), to: pair) }
  }

  /// The fills of an order that the record has.
  func recordedFills(of id: ClientOrderID) throws -> [UInt64] { try store.reader.fillIDs(of: id) }

  /// An order of the record that is not remembered any more is remembered again.
  func recall(_ id: ClientOrderID) throws {
    guard sent[Int(id.pair)][id] == nil, let row = try store.reader.order(id) else { return }
    sent[Int(id.pair)].resume(
      over: row.order, filled: row.filled, knowing: try recordedFills(of: id))
  }

  /// A pair's product, with the steps that the exchange is known to have now.
  func product(of pair: Int) -> Product { lanes[pair].product ?? pairs[pair].product }

  /// What the record has of an order that is not over is remembered again: it may have been sent.
  func resume(_ managed: ManagedOrder, of pair: Int) {
    let id = managed.order.id
    let name = sent[pair][id]?.exchangeID ?? (try? store.reader.order(id))?.exchangeID
    sent[pair].resume(managed, knowing: (try? recordedFills(of: id)) ?? [])
    if let name { sent[pair].name(id, name) }
  }

  /// Orders of the record that were given up since a time.
  func ordersGivenUp(of pair: Int, since: Timestamp) throws -> [OrderRow] {
    try store.reader.ordersGivenUp(of: pair, since: since)
  }

  /// The pair whose candle has tripped the breaker at a time, where it has not decided since.
  func undecided(since time: Timestamp) throws -> Int? {
    try store.reader.undecided(since: time)
  }

  /// When the last candle of a pair that the record has was over.
  func lastClose(of pair: Int) -> Timestamp? { lastCloses[pair] }

  /// Notes when the last candle of a pair was over.
  func closed(_ pair: Int, at time: Timestamp) { lastCloses[pair] = time }

  /// The session cannot go on.
  func fail(_ error: any Error) {
    guard failure == nil else { return }
    failure = error
    for pair in lanes.indices { lanes[pair].work = [] }
    tell(.trouble("\(error)"))
  }

  // MARK: - Operators

  /// Does what operators ask for.
  ///
  /// Before there is a record nothing is to be halted or sold, and it must not begin with that; before a
  /// simulated market has its orders back, none of them can be cancelled.
  package func serveOperators() async {
    guard hasBegun, knowsBooks || !isPaper, failure == nil, stall == nil, !isServing else { return }
    isServing = true
    defer { isServing = false }
    do {
      while let step = try desk.next(at: max(clock, writer.lastTime)) {
        for (pair, event) in step.events {
          if case .resume = event {
            watchdog.clear(pair)
            acceptShortfalls(of: pair)
          }
          deliver(event, to: pair)
          await settle(pair)
        }
        // What is not kept is not done: it is answered when it is.
        guard stall == nil else { return }
        if step.resetsBreaker {
          machine.portfolio.reset()
          try writer.recordReset(at: step.time)
        }
        try desk.answer(step)
      }
    } catch let error as SQLiteError where error.problem.mayPass {
      say(.trouble("\(error)"))  // A request that was taken is answered at the next look.
    } catch {
      fail(error)
    }
  }

  // MARK: - Snapshots

  /// Keeps the whole state where there is none yet, or the last time was long ago.
  ///
  /// - Parameters:
  ///   - isBeginning: Whether this is the state before the first event, as it is now; one that was kept
  ///     by a session which ended before its first event is out of date.
  ///   - isLast: Whether the session ends.
  package func keepState(isBeginning: Bool = false, isLast: Bool = false) {
    guard hasBegun || isBeginning, failure == nil, stall == nil else { return }
    hasBegun = true
    let count = writer.seq - max(lastSnapshot, 0)
    let isDue = lastSnapshot < 0 || count > Self.eventsBetweenSnapshots || isLast && count > 0
    guard isDue || isBeginning && writer.seq == 0 else { return }
    do {
      try writer.snapshot(StateText.encode(machine))
      lastSnapshot = writer.seq
    } catch let error as SQLiteError where error.problem.mayPass {
      say(.trouble("\(error)"))  // The record is whole without it, only longer to read.
    } catch {
      fail(error)
    }
  }

  /// What stands of a pair.
  package func standing(of pair: Int) -> PairStanding { machine.standing(of: pair) }

  /// What was counted so far.
  package var figures: SessionCounts { counts }
}
