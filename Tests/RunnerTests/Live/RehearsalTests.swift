import Execution
import Foundation
import Market
import Persistence
import TestKit
import Testing

@Suite("A rehearsal on the exchange inside")
struct RehearsalTests {
  /// What a run comes to; events and the names that an exchange gives are its own.
  static let outcome = ["positions", "ratchets", "signals", "equity"]

  /// Orders and fills without what differs by nature: session, exchange's names, numbers of fills.
  static func trades(_ session: SessionFolder, _ database: String) throws -> [String] {
    let store = try session.store(database)
    return try store.pairs.indices.flatMap { pair in
      try store.reader.orders(of: pair).map { row in
        "\(pair) \(row.order.id.number) \(row.role) \(row.order.side) \(row.order.limit) "
          + "\(row.order.trigger.map { "\($0)" } ?? "-") \(row.order.quantity) "
          + "\(row.order.submitted) \(row.done.map { "\($0)" } ?? "-") \(row.state) \(row.filled)"
      }
    }
  }

  private func rehearse(
    _ session: SessionFolder, _ database: String, _ more: String...
  ) async throws -> Finished {
    try await RunnerProcess.run(
      ["live", "--sandbox", "candles.csv", "--db", database, "--speed", "lockstep"] + more,
      in: session.folder)
  }

  @Test("gives the orders, fills and positions of the backtest", arguments: [3, 4])
  func fidelity(seed: Int) async throws {
    let session = try await SessionFolder(candles: 700, seed: seed)
    let live = try await rehearse(session, "live.db")
    try #require(live.code == 0, "\(live.errors)")
    // Every event, as a session keeps them, so that the curves can be compared too.
    let paper = try await session.paper("paper.db")
    try #require(paper.code == 0, "\(paper.errors)")
    #expect(try Self.trades(session, "live.db") == Self.trades(session, "paper.db"))
    #expect(try !Self.trades(session, "live.db").isEmpty)
    for table in Self.outcome {
      #expect(
        try session.rows("live.db", of: [table]) == session.rows("paper.db", of: [table]),
        "\(table)")
    }
    let audit = try await session.run("audit", "--db", "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
    let check = try await session.run("db", "check", "--db", "live.db")
    #expect(check.code == 0, "\(check.outputText)\(check.errors)")
  }

  @Test func `says what it trades on, what happens, and what is left at the end`() async throws {
    let session = try await SessionFolder(candles: 700)
    let live = try await rehearse(session, "live.db")
    #expect(
      live.errors.contains(
        "BTC-USD on the sandbox: tick 0.01, lot 0.00000001, fees 0.005 maker, 0.009 taker"))
    #expect(live.errors.contains("10000 USD available"))
    #expect(live.errors.contains(": bought "))
    #expect(live.errors.contains("position closed by trailing_stop, realised"))
    #expect(live.errors.contains("700 candles of 2800 trades; "))
    #expect(live.errors.contains("699 candles compared with the exchange's, 0 differ"))
  }

  /// Candles of seed 3 up to where an order of that role works.
  @Test(
    "keeps, cancels or sells at its end, as it is told",
    arguments: [(330, OrderRole.entry), (390, .stop)])
  func farewell(candles: Int, role: OrderRole) async throws {
    let session = try await SessionFolder(candles: candles)
    func working(after farewell: String) async throws -> [OrderRole] {
      let ended = try await rehearse(session, "\(farewell).db", "--on-exit", farewell)
      try #require(ended.code == 0, "\(ended.errors)")
      return try session.store("\(farewell).db").reader.orders(of: 0).filter { $0.done == nil }
        .map(\.role)
    }
    #expect(try await working(after: "keep") == [role])
    #expect(try await working(after: "cancel-entries") == (role == .entry ? [] : [.stop]))
    #expect(try await working(after: "liquidate").isEmpty)
    let positions = try session.store("liquidate.db").reader.positions(of: 0)
    #expect(positions.allSatisfy { $0.closed != nil })
    #expect(role == .entry || positions.last?.exitReason == .forced)
  }

  @Test func `sells each pair as far below the last trade as its settings say`() async throws {
    let session = try await SessionFolder(candles: 390)
    let live = try await session.run(
      "live", "--sandbox", "BTC-USD=candles.csv", "--sandbox", "ETH-USD=candles.csv", "--db",
      "live.db", "--speed", "lockstep", "--on-exit", "liquidate", "--set",
      "ETH-USD:exit.escalate_offset=0.05")
    try #require(live.code == 0, "\(live.errors)")
    let store = try session.store("live.db")
    for (pair, share) in ["0.99", "0.95"].enumerated() {
      let last = try #require(store.pairs[pair].close)
      let limit = Product().floorTick(last, times: try Rate(share))
      let sales = try store.reader.orders(of: pair).filter { $0.role == .forced }
      #expect(sales.map(\.order.limit) == [limit])
    }
  }

  @Test func `of a database of another run is refused`() async throws {
    let session = try await SessionFolder(candles: 50)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let live = try await rehearse(session, "run.db")
    #expect(live.code == 1)
    #expect(live.errors.contains("it is of paper, this run of live"))
  }

  @Test func `does not go on with what was traded on Coinbase`() async throws {
    let session = try await SessionFolder(candles: 20)
    let first = try await rehearse(session, "run.db")
    try #require(first.code == 0, "\(first.errors)")
    let changed = try await RunnerProcess.shell(
      "sqlite3 run.db \"UPDATE run SET manifest = replace(manifest, 'the sandbox', 'Coinbase')\"",
      in: session.folder)
    try #require(changed.code == 0, "\(changed.errors)")
    let live = try await rehearse(session, "run.db")
    #expect(live.code == 1)
    #expect(live.errors.contains("it is of a session on Coinbase, this one is on the sandbox"))
  }

  @Test func `is not needed to say no to real money that nobody has confirmed`() async throws {
    let session = try await SessionFolder(candles: 1)
    let live = try await session.run("live", "--db", "run.db")
    #expect(live.code == 1)
    #expect(live.errors.contains("nobody has confirmed that real money is meant"))
    #expect(live.errors.contains("live: {confirm: true}"))
    #expect(try !session.folder.names.contains("run.db"))
  }

  @Test(
    "Words that do not go together",
    arguments: [
      (["--speed", "max"], "--speed"), (["--key", "es256"], "--exchange"),
      (
        ["--sandbox", "candles.csv", "--speed", "1e-300"],
        "--speed is '1e-300', expected a number from 0.000001, or lockstep"
      ),
      (["--exchange", "x", "--sandbox", "candles.csv"], "a session is on one exchange"),
      (["--sandbox", "candles.csv", "--on-exit", "run"], "keep, cancel-entries or liquidate"),
      (["--sandbox", "candles.csv", "-c", "two.yaml"], "write --sandbox BTC-USD=FILE"),
      (
        ["-c", "two.yaml", "--product", "BTC-USD"],
        "--product and pairs do not go together: the configuration lists what is traded"
      ),
      (
        ["--sandbox", "BTC-USD=candles.csv", "--product", "BTC-USD"],
        "--product and pairs do not go together: each is named where its candles are"
      ),
      (["--cash", "5"], "--cash: the account begins with what the exchange has available for it"),
      (["--exchange", "x", "--slippage", "0"], "--slippage does nothing without --sandbox FILE"),
      (["--fill-on-touch"], "--fill-on-touch does nothing without --sandbox FILE"),
      (["--path", "low-first"], "--path does nothing without --sandbox FILE"),
      (["--on-bad-row", "skip"], "--on-bad-row does nothing without --sandbox FILE"),
      (
        ["--set", "simulation.cash=5"],
        "--set simulation.cash: the account begins with what the exchange has available for it; keep "
          + "the rest in another portfolio"
      ),
    ])
  func usage(words: [String], message: String) async throws {
    let session = try await SessionFolder(candles: 1)
    try session.folder.write(
      "pairs: [{product_id: BTC-USD}, {product_id: ETH-USD}]\n", to: "two.yaml")
    let live = try await RunnerProcess.run(
      ["live", "--db", "run.db"] + words, in: session.folder)
    #expect(live.code == 2)
    #expect(live.errors.contains(message), "\(live.errors)")
  }

  @Test(
    "Words that do not go together with simulated money",
    arguments: [
      (["--path", "low-first"], "--path does nothing without --csv FILE or --sandbox FILE"),
      (
        ["--exchange", "x", "--on-bad-row", "skip"],
        "--on-bad-row does nothing without --csv FILE or --sandbox FILE"
      ),
      (
        ["--csv", "candles.csv", "--key", "es256"],
        "--key does nothing without --sandbox FILE or --exchange FOLDER"
      ),
      (
        ["--csv", "candles.csv", "--on-exit", "keep"],
        "--csv and --on-exit do not go together: orders and positions wait in the database"
      ),
    ])
  func paperUsage(words: [String], message: String) async throws {
    let session = try await SessionFolder(candles: 1)
    let paper = try await RunnerProcess.run(
      ["paper", "--db", "run.db"] + words, in: session.folder)
    #expect(paper.code == 2)
    #expect(paper.errors.contains(message), "\(paper.errors)")
  }

  @Test func `is not in the way of a file that backtests have too`() async throws {
    let session = try await SessionFolder(candles: 1)
    try session.folder.write(
      "simulation: {cash: 5, slippage: 0.1, fill_on_touch: true, on_bad_row: skip}\n",
      to: "all.yaml")
    // The rates are those that a warning goes by, the rest the market of an audit's backtest.
    let live = try await session.run(
      "live", "--db", "run.db", "-c", "all.yaml", "--set", "simulation.taker_rate=0.01", "--set",
      "simulation.slippage=0.001")
    #expect(live.errors.contains("nobody has confirmed that real money is meant"))
  }

  @Test func `simulated money has its own cash and market on an exchange too`() async throws {
    let session = try await SessionFolder(candles: 1)
    let paper = try await session.run(
      "paper", "--db", "run.db", "--exchange", "nowhere", "--cash", "5", "--set",
      "simulation.slippage=0", "--set", "simulation.fill_on_touch=true")
    #expect(paper.code != 2)
    #expect(paper.errors.contains("nowhere/"), "\(paper.errors)")
  }

  @Test func `of a folder without candles says by which option to name files`() async throws {
    let session = try await SessionFolder(candles: 1)
    try #require(try await RunnerProcess.shell("mkdir empty", in: session.folder).code == 0)
    let live = try await session.run("live", "--db", "run.db", "--sandbox", "empty")
    #expect(live.code == 3)
    #expect(live.errors.contains("or the files: --sandbox BTC-USD=FILE"), "\(live.errors)")
  }

  @Test func `of a pair without candles says how it gets them`() async throws {
    let session = try await SessionFolder(candles: 1)
    try session.folder.write(
      "pairs: [{product_id: BTC-USD}, {product_id: ETH-USD}]\n", to: "two.yaml")
    for command in ["live", "paper"] {
      let run = try await session.run(
        command, "--db", "run.db", "-c", "two.yaml", "--sandbox", "BTC-USD=candles.csv")
      #expect(run.code == 4)
      #expect(
        run.errors.contains("add --sandbox ETH-USD=FILE, or delete the pair"), "\(run.errors)")
    }
  }
}
