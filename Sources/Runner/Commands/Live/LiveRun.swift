import Configuration
import Credentials
import Execution
import Glibc
import JSON
import LiveBroker
import Market
import Matching
import Network
import Persistence
import Reporting
import Sandbox
import Simulator
import Strategy
import Telemetry

/// A session on an exchange, from the first question to the last word.
struct LiveRun: Sendable {
  let arguments: LiveArguments
  let program: Program
  let log: CommandLog

  /// Runs a session from a command, and asks first where real money is at stake.
  ///
  /// - Throws: Whatever keeps it from trading.
  static func start(_ arguments: LiveArguments, _ program: Program) throws {
    let log = CommandLog(arguments.settings.logging, of: program)
    try log.recording {
      for warning in arguments.settings.warnings { log.logger.warn("\(warning)") }
      if !arguments.isPaper, arguments.isOnCoinbase { try Confirmation.ask(arguments) }
      let run = LiveRun(arguments: arguments, program: program, log: log)
      try BlockingTask.run { try await run.run() }
    }
  }

  /// Trades until the user ends it, or the exchange inside has no more candles.
  ///
  /// - Throws: Whatever keeps it from trading.
  func run() async throws {
    try await EventLoop.running { loop in try await run(on: loop) }
  }

  private func run(on loop: EventLoop) async throws {
    let inside = try await InsideExchange.start(arguments, log, on: loop)
    let access = try inside?.access(on: loop) ?? arguments.outside(on: loop)
    let account = try await checked(access.exchange)
    let place = arguments.place
    say(account, at: place)
    // A start that is refused leaves no database behind; what is there may be held, and goes on.
    if !hasDatabase { try account.checkBeginning() }
    let store = try openStore(at: place, account)
    let plan = plan(account, session: store.run.session)
    let isNew = try store.reader.lastEvent() == 0
    if isNew {
      try account.checkBeginning()
      for finding in account.findings { log.notice(finding) }
    } else if let untradable = account.untradable {
      log.logger.warn("\(untradable)")
    }
    let state =
      try isNew
      ? arguments.strategy.begin(plan)
      : arguments.strategy.recover(RecordedRun(store), plan)
    let settings = arguments.settings.live
    let teller = SessionTeller(
      log, products: account.pairs.map(\.product.id), currency: account.currency)
    let session = try LiveSession(
      state.machine, account.pairs, on: access.exchange, keptIn: store,
      filledBy: arguments.isPaper ? try markets(plan, store) : [],
      settings: SessionSettings(
        settings, isInStep: inside?.isInStep == true, mayBeSilent: !arguments.faults.isEmpty),
      tell: teller.tell)
    let feed = SessionFeed(
      of: session, at: access.feed, over: access.sockets, access.exchange.client, account.pairs,
      isPublic: arguments.isPaper, tell: teller.tell)
    await follow(feed, session, until: inside)
    if let failure = await session.failure { throw failure }
    await report(session, teller)
    try tellCoverage()
    await tellRequests(of: access.exchange.client)
    await inside?.stop()
    if let faults = await inside?.faults, !faults.isEmpty { log.notice("faults: \(faults)") }
    if let signal = Interruption.signal { throw Interrupted(signal: signal) }
  }

  /// Lets the session trade until the task is cancelled, it cannot go on, or the candles are over; then
  /// ends it as the user wants.
  ///
  /// The tasks are their own: when the user has had enough, the session still has to hear what becomes of
  /// its last orders.
  private func follow(
    _ feed: SessionFeed, _ session: LiveSession, until inside: InsideExchange?
  ) async {
    let following = Task {
      await feed.run()
      // Only a session that cannot go on ends by itself; nobody need play to it.
      await inside?.stop()
    }
    let watching = Task { await session.watch() }
    if let inside {
      await inside.play()
    } else {
      while !Task.isCancelled, await session.failure == nil {
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
    let offsets = escalateOffsets
    await Task {
      await session.end(arguments.farewell, offsets: offsets)
    }.value
    watching.cancel()
    following.cancel()
    await session.close()
    await following.value
    await session.keepState(isLast: true)
  }

  /// What the exchange says of the account.
  ///
  /// A session that goes on may have positions, and asks until it is answered; a new one has time.
  private func checked(_ exchange: Coinbase) async throws -> AccountCheck {
    var pause = Duration.seconds(1)
    while true {
      do {
        return try await AccountCheck(exchange, arguments.settings, isPaper: arguments.isPaper)
      } catch let error as ExchangeError
        where error.repetition != .pointless && hasDatabase
      {
        log.logger.warn("\(error)")
        try await Task.sleep(for: pause / arguments.settings.live.timeScale)
        pause = min(pause * 2, .seconds(60))
      }
    }
  }

  /// Whether somebody was here before.
  private var hasDatabase: Bool { access(arguments.database, F_OK) == 0 }

  private func say(_ account: AccountCheck, at place: String) {
    for pair in account.pairs {
      let product = pair.product
      log.notice(
        "\(product.id) on \(place): tick \(product.quoteIncrement), lot \(product.baseIncrement), "
          + "fees \(account.fees.makerRate) maker, \(account.fees.takerRate) taker")
    }
    if let holdings = account.holdings {
      let verb = holdings.portfolio.map { "is \($0), with" } ?? "has"
      log.notice("the key's portfolio \(verb) \(holdings.contents)")
    }
    log.notice("\(account.cash) \(account.currency) available")
  }

  /// The plan of a backtest with what the exchange says in place of what is simulated.
  private func plan(_ account: AccountCheck, session: UInt64) -> PortfolioPlan {
    let settings = arguments.settings
    let plans = zip(arguments.settings.tradedPairs, account.pairs).map { pair, listed in
      var plan = BacktestPlan(pair)
      plan.engine.product = listed.product
      plan.engine.session = session
      if !arguments.isPaper { plan.engine.takerRate = account.fees.takerRate }
      return plan
    }
    return PortfolioPlan(pairs: plans, cash: account.cash, limits: settings.limits)
  }

  /// The simulated market of each pair, whose fills are numbered on from those of the record.
  private func markets(_ plan: PortfolioPlan, _ store: Store) throws -> [FeedMarket] {
    try plan.pairs.enumerated().map { pair, plan in
      FeedMarket(
        product: plan.engine.product, model: plan.model,
        lastFill: try store.reader.lastFill(of: pair))
    }
  }

  /// How far below the last trade each pair's position is offered, where all are sold.
  private var escalateOffsets: [Rate] {
    arguments.settings.tradedPairs.map { pair in
      guard case .rate(let offset) = pair["exit.escalate_offset"]?.value else {
        return Rate(steps: 10_000_000_000_000_000)
      }
      return offset
    }
  }

  private func report(_ session: LiveSession, _ teller: SessionTeller) async {
    let figures = await session.figures
    var held: [String] = []
    for (index, pair) in arguments.names.enumerated() {
      let standing = await session.standing(of: index)
      guard standing.held > .zero else { continue }
      let stop =
        standing.exit.map { exit in
          guard !arguments.isPaper else { return "its \(exit.role.rawValue) waits in the record" }
          return exit.state.isAnswered && exit.state != .cancelPending
            ? "its \(exit.role.rawValue) stays at the exchange"
            : "its \(exit.role.rawValue) is NOT known to be at the exchange: start it again, or look there"
        } ?? "WITHOUT an exit order"
      held.append("\(pair): \(standing.held) held, \(stop)")
    }
    log.notice(
      "\(figures.candles) candles of \(figures.trades) trades; \(teller.fillCount) fills, "
        + "\(teller.tradeCount) positions closed")
    if figures.checked > 0 {
      log.notice(
        "\(figures.checked) candles compared with the exchange's, \(figures.different) differ")
    }
    for line in held { log.notice(line) }
    if Interruption.signal != nil {
      log.notice("stopped: the same command goes on from here")
    }
  }

  /// How long, and how much of, what was held had no stop at the exchange.
  private func tellCoverage() throws {
    let key = try DatabasePassword.current(arguments.settings.persistence)
    let coverage = try Store.look(at: Store.Location(path: arguments.database, key: key)) { store in
      try store.coverage(of: store.positions(.either)).reduce(into: StopCoverage(), +=)
    }
    guard coverage.held.nanoseconds > 0 else { return }
    log.notice(
      "stops covered \(Display.percent(coverage.coveredShare)) of what was held; "
        + "\(CoverageFigures(coverage).bare.duration) without one: see 'runner portfolio summary'"
    )
  }

  /// How often the exchange was asked, and how long anything waited for its turn.
  private func tellRequests(of client: ExchangeClient) async {
    let counts = await client.counts
    log.logger.info(
      "requests",
      [
        "sent": LogValue(counts.sent), "delayed": LogValue(counts.delayed),
        "given_up": LogValue(counts.givenUp), "limit_answers": LogValue(counts.limited),
        "longest_wait_ms": LogValue(counts.longestWait.nanoseconds / 1_000_000),
      ])
  }

  // MARK: - The store

  private func openStore(at place: String, _ account: AccountCheck) throws -> Store {
    let settings = arguments.settings
    let manifest = SessionRecord.manifest(of: settings, at: place, by: program)
    var pairs = arguments.settings.tradedPairs.map(PairRow.init)
    for index in pairs.indices {
      pairs[index].quoteIncrement = account.pairs[index].product.quoteIncrement
      pairs[index].baseIncrement = account.pairs[index].product.baseIncrement
    }
    let run = RunRow(
      kind: arguments.isPaper ? .paper : .live, session: UInt64.random(in: 1..<1 << 48),
      strategy: settings.strategyName, manifest: manifest.document, keeping: .all,
      cash: account.cash)
    let store = try RunStore.open(
      arguments.database, run, pairs, manifest,
      // A rehearsal need not survive a power cut.
      synchronous: arguments.isOnCoinbase ? .full : .normal, settings, program, log)
    try SessionRecord.require(store, isFrom: place, arguments.database)
    if try store.reader.lastEvent() == 0 { try store.beginAgain(with: account.cash, pairs) }
    return store
  }
}
