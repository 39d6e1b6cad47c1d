import Configuration
import Market
import Network
import Persistence
import Sandbox

/// Plays one seed: a sandbox in this process, a session in its own, and the check of both.
struct SeedRun: Sendable {
  /// What a seed came to.
  struct Outcome: Sendable {
    var violations: [Violation] = []
    var kills = 0
    /// How often the session was told to end before its time.
    var farewells = 0
    /// How often the session ended by itself.
    var surrenders = 0
    /// How often what went wrong on purpose.
    var faults: [FaultKind: Int] = [:]
    /// What of each kind.
    var faultSummary = ""
    /// The last of it.
    var lastFaults: [String] = []
    /// How often an operator's command came to what, such as `halt done`.
    var commands: [String: Int] = [:]
    var orders = 0
    var fills = 0
    var seconds = 0.0
    /// The exchange as it was at the end.
    var exchange: SandboxExchange?
    /// The session's process, looked at again and again.
    var samples: [ProcessSample] = []
  }

  let plan: TorturePlan
  /// The runner.
  let program: String
  /// Where its files go.
  var folder: String
  /// After how much news the session's sockets are cut off, again and again.
  var cutsEvery: Int?
  /// How often its process is looked at; never where it is not given.
  var sampling: Duration?

  /// The longest that a seed may take; one that does not end by then hangs.
  var limit = Duration.seconds(420)
  /// A session holds the market up for an order for ten seconds of its own at most; half of that is no matter
  /// of a busy machine's moments.
  private static let patience = TimeSpan(seconds: 5)
  /// The longest that a session may take to come to rest when the market stands still.
  private static let rest = Duration.seconds(30)
  /// And the longest that it may be away then: its waits are a second or two.
  private static let absence = Duration.seconds(15)

  /// Plays it.
  ///
  /// - Returns: What it came to.
  /// - Throws: Where it cannot be played at all.
  func play() async throws -> Outcome {
    let began = ContinuousClock.now
    try Folder.make(folder)
    try Folder.write(plan.configuration, to: "\(folder)/config.yaml")
    try Folder.write(plan.faults.yaml, to: "\(folder)/faults.yaml")
    var outcome = try await EventLoop.running { loop in try await play(on: loop) }
    let taken = ContinuousClock.now - began
    outcome.seconds = Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18
    return outcome
  }

  private var database: String { "\(folder)/store.db" }

  private func play(on loop: EventLoop) async throws -> Outcome {
    let settings = try plan.checkedSettings()
    var sandbox = SandboxSettings(settings, pace: .lockstep, seed: plan.seed)
    sandbox.subscriptionPatience = .seconds(500)
    sandbox.faults = plan.faults
    let server = try await SandboxServer.start(
      sandbox, candles: plan.candles, from: plan.begin, on: loop, clock: { Timestamp.now })
    try CredentialFolder(
      server.credentials, authority: server.certificate,
      addresses: .init(authority: server.endpoint.authority)
    ).write(to: "\(folder)/keys")
    let words = [
      "live", "--exchange", "keys", "--key", plan.key.rawValue, "--db", "store.db", "-c",
      "config.yaml",
    ]
    let witness = Witness(of: testimony(await server.exchange, [], settings))
    let note: @Sendable (Happening) -> Void = { witness.note($0) }
    let steering = Operator(
      program, in: folder, acts: plan.acts, products: sandbox.listings.map(\.product),
      prices: { witness.prices }, note: note)
    let trader = Trader(
      program, words, in: folder, kills: plan.kills, mayGiveUp: !plan.faults.isEmpty,
      pause: { await steering.serve(endOf: $0) }, note: note)
    await server.observe { news, isFollowed, faults in
      let heard = witness.hear(news, isFollowed: isFollowed, faults.entries)
      trader.look(at: heard.count)
      return max(heard.wait, steering.look(at: heard.count))
    }
    let tending = Task {
      let why = await trader.tend()
      // Nobody is left to play to.
      await server.stop()
      return why
    }
    let watchdog = Task {
      guard (try? await Task.sleep(for: limit)) != nil else { return false }
      steering.abandon()
      trader.abandon()
      return true
    }
    let looking = Task { await samples(of: trader) }
    if let cutsEvery { await server.cutSockets(every: cutsEvery) }
    var absence: Violation?
    do {
      absence = try await withTaskCancellationHandler {
        try await server.play()
        trader.spare()
        await steering.rest()
        await server.ceaseFaults()
        return try await settle(server, witness, settings)
      } onCancel: {
        steering.abandon()
        trader.abandon()
      }
    } catch is CancellationError {
      // The session's end says why.
    }
    looking.cancel()
    await steering.rest()
    trader.end()
    let why = await tending.value
    watchdog.cancel()
    let exchange = await server.exchange
    var outcome = Outcome(
      kills: trader.kills, orders: exchange.orders.count, fills: exchange.fills.count)
    outcome.farewells = trader.farewells
    outcome.surrenders = trader.surrenders
    outcome.commands = steering.counts
    outcome.faults = exchange.faultLog.counts
    outcome.faultSummary = exchange.faultLog.summary
    outcome.lastFaults = exchange.faultLog.entries.suffix(8).map(\.description)
    outcome.exchange = exchange
    outcome.samples = await looking.value
    outcome.violations = check(exchange, witness, settings)
    // The last, since it may be what comes of the others.
    if await watchdog.value {
      outcome.violations.append(
        Violation(.life, "it did not come to its end within \(limit)"))
    } else if let why {
      outcome.violations.append(Violation(.life, why))
    } else if let absence {
      outcome.violations.append(absence)
    }
    return outcome
  }

  private func samples(of trader: Trader) async -> [ProcessSample] {
    var samples: [ProcessSample] = []
    guard let sampling else { return samples }
    while (try? await Task.sleep(for: sampling)) != nil {
      if let id = trader.processID, let sample = ProcessSample(of: id) { samples.append(sample) }
    }
    return samples
  }

  /// Waits until both sides agree; those that never do are found by the check.
  ///
  /// - Returns: What is violated where nobody follows the market, though nothing goes wrong any more.
  private func settle(
    _ server: SandboxServer, _ witness: Witness, _ settings: Settings
  ) async throws -> Violation? {
    let deadline = ContinuousClock.now + Self.rest
    var lastFollowed = deadline - Self.rest
    while ContinuousClock.now < deadline {
      // The last news may still move orders: that both sides agree before it has says nothing.
      await server.quiet()
      if await server.isFollowed {
        lastFollowed = .now
        let testimony = testimony(await server.exchange, witness.happenings, settings)
        if let record = try? SessionRecord(reading: database), !record.isMovingOrders,
          EndCheck.violations(of: testimony, record).isEmpty
        {
          return nil
        }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    guard deadline - lastFollowed >= Self.absence else { return nil }
    return Violation(.life, "nobody has followed the market in the last \(Self.absence)")
  }

  private func testimony(
    _ exchange: SandboxExchange, _ happenings: [Happening], _ settings: Settings
  ) -> Testimony {
    var testimony = Testimony(
      exchange, limits: settings.limits, groups: settings.pairs.map(\.group),
      entryLives: settings.pairs.map(\.entryLife), exits: settings.pairs.map(\.exitTerms),
      usesExchangeAPI: plan.key == .exchange, happenings: happenings)
    testimony.movesStopsLate = settings.live.replaceInterval >= Self.patience
    return testimony
  }

  private func check(
    _ exchange: SandboxExchange, _ witness: Witness, _ settings: Settings
  ) -> [Violation] {
    var testimony = testimony(exchange, witness.happenings, settings)
    let atEnd: [Violation]
    do {
      var record = try SessionRecord(reading: database)
      record.verify(database, isSteered: !plan.acts.isEmpty)
      testimony.decisions = record.decisions
      atEnd = EndCheck.violations(of: testimony, record)
    } catch {
      atEnd = [Violation(.record, "\(error)")]
    }
    return EventCheck.violations(of: testimony) + atEnd
  }
}
