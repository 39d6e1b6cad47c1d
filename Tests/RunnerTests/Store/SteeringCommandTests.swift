import Execution
import Foundation
import Persistence
import TestKit
import Testing

@Suite("Steering a session from outside", .timeLimit(.minutes(10)))
struct SteeringCommandTests {
  /// A session that plays on its own until it is told to end.
  private func start(_ session: SessionFolder) throws -> ChildProcess {
    // A candle each 10 ms: the requests come in between.
    try session.start("paper", "--db", "run.db", "--speed", "30000")
  }

  /// Waits until the database says so.
  private func wait(
    _ session: SessionFolder, until isSo: (Store) throws -> Bool
  ) async throws {
    for _ in 0..<20_000 {
      if let store = try? session.store("run.db"), (try? isSo(store)) == true { return }
      try await Task.sleep(for: .milliseconds(2))
    }
    Issue.record("the session did not come so far")
  }

  @Test("halt, force-exit and resume reach the engine, and outlive it")
  func steers() async throws {
    let session = try await SessionFolder(candles: 60_000)
    let process = try start(session)
    defer { process.send(SIGTERM) }
    try await wait(session) { try $0.reader.positions(of: 0).contains { $0.closed == nil } }

    let halt = try await session.run("halt", "--db", "run.db", "--timeout", "60")
    #expect(
      halt.outputText == "BTC-USD halted: no entries until 'resume'; exits go on\n",
      "\(halt.errors)")
    #expect(try session.store("run.db").pairs[0].isHalted)
    // The position that was open may have been sold by its stop meanwhile: then that is the answer.
    let open = try session.store("run.db").reader.positions(of: 0).last
    let name = "p\(try #require(open).number)"
    let exit = try await session.run(
      "positions", "force-exit", name, "--price", "1", "--db", "run.db", "--timeout", "60")
    #expect(
      exit.code == 0 && exit.outputText.contains("position BTC-USD-\(name)")
        || exit.code == 1 && exit.outputText.contains("is not open"),
      "\(exit.outputText)\(exit.errors)")
    try await wait(session) { try $0.reader.positions(of: 0).allSatisfy { $0.closed != nil } }
    let entries = try session.store("run.db").reader.orders(of: 0).filter { $0.role == .entry }

    process.send(SIGTERM)
    #expect(try await process.end() == 143)
    let again = try start(session)
    defer { again.send(SIGTERM) }
    let before = try session.store("run.db").reader.lastEvent()
    try await wait(session) { try $0.reader.lastEvent() > before + 300 }
    let later = try session.store("run.db").reader.orders(of: 0).filter { $0.role == .entry }
    #expect(later.count == entries.count, "halted is halted, after a restart too")

    let resume = try await session.run("resume", "--db", "run.db", "--timeout", "60")
    #expect(resume.outputText == "BTC-USD may enter again\n", "\(resume.errors)")
    let reset = try await session.run("breaker", "reset", "--db", "run.db", "--timeout", "60")
    #expect(reset.code == 1)
    #expect(reset.outputText == "refused: the breaker has not tripped\n")
    again.send(SIGTERM)
    _ = try await again.end()
    let audit = try await session.run("audit", "--db", "run.db")
    #expect(audit.code == 0, "\(audit.outputText)")
  }

  @Test("Without an engine a request is kept, and done as the next start begins")
  func noEngine() async throws {
    let session = try await SessionFolder(candles: 600)
    func entries(_ database: String) throws -> Int {
      try session.store(database).reader.orders(of: 0).count { $0.role == .entry }
    }
    let whole = try await session.paper("whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    try #require(try entries("whole.db") > 1, "without a halt there are more")
    let fault = ["RATCHET_EXIT_AFTER_COMMIT": "1"]
    _ = try await session.paper("run.db", environment: fault)
    let halt = try await session.run("halt", "--db", "run.db", "--json", "answer.json")
    #expect(halt.code == 0)
    #expect(
      halt.outputText == "no engine runs on run.db. Request 1 is kept, and the next start of "
        + "'runner paper' or 'runner live' with this database acts on it as it begins\n")
    #expect(try session.folder.text(of: "answer.json").contains("\"engine_runs\": false"))
    let rest = try await session.paper("run.db")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try session.store("run.db").pairs[0].isHalted)
    #expect(try entries("run.db") <= 1)
    #expect(try await session.run("audit", "--db", "run.db").code == 0)
  }

  @Test(
    "Whoever waits no longer is told what becomes of the request",
    arguments: [
      ("state = 'waiting'", true, "request 1 was taken back: nothing comes of it"),
      ("state = 'taken'", false, "request 1 is being carried out already"),
      // An engine is about to act on it.
      ("seq = 0", false, "request 1 is being carried out already"),
    ])
  func givesUp(change: String, isGone: Bool, message: String) async throws {
    let session = try await SessionFolder(candles: 50)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    // An engine that does not answer.
    let lock = try WriterLock(database: session.folder.path("run.db"))
    let process = try session.start(
      words: ["halt", "--db", "run.db", "--timeout", "600"], errors: "halt.txt")
    let desk = try RequestDesk(at: Store.Location(path: session.folder.path("run.db")))
    while try desk.request(1) == nil {
      try #require(process.code == nil)
      try await Task.sleep(for: .milliseconds(5))
    }
    let changed = try await RunnerProcess.shell(
      "sqlite3 run.db \"UPDATE requests SET \(change)\"", in: session.folder)
    try #require(changed.code == 0, "\(changed.errors)")
    process.send(SIGTERM)
    #expect(try await process.end() == 143)
    let told = try session.folder.text(of: "halt.txt")
    #expect(told.contains(message) && told.contains("runner: interrupted"), "\(told)")
    #expect(try (desk.request(1) == nil) == isGone)
    withExtendedLifetime(lock.path) {}
  }

  @Test("A backtest has nothing to steer, and names must be known")
  func refusals() async throws {
    let session = try await SessionFolder(candles: 300)
    _ = try await session.run("backtest", "--csv", "candles.csv", "--db", "backtest.db")
    let halt = try await session.run("halt", "--db", "backtest.db")
    #expect(halt.code == 1)
    #expect(halt.errors.contains("this database is of a backtest, which has no engine to steer"))
    _ = try await session.paper("run.db")
    let order = try await session.run("orders", "cancel", "77777", "--db", "run.db")
    #expect(order.errors.contains("there is no order '77777'"))
    let pair = try await session.run("halt", "--pair", "ETH-USD", "--db", "run.db")
    #expect(pair.code == 2)
    #expect(pair.errors.contains("BTC-USD"))
    let price = try await session.run(
      "positions", "force-exit", "p1", "--price", "-1", "--db", "run.db")
    #expect(price.code == 2)
    #expect(price.errors.contains("a price above 0"))
    let many = try await session.run("orders", "cancel", "BTC", "--db", "run.db")
    #expect(many.errors.contains("'BTC' may be BTC-USD-1, "), "\(many.errors)")
  }
}
