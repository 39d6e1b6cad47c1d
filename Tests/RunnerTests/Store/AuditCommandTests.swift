import Foundation
import Persistence
import Testing

@Suite("runner audit")
struct AuditCommandTests {
  @Test("Records that nobody touched agree", arguments: ["backtest", "paper"])
  func agrees(_ kind: String) async throws {
    let session = try await SessionFolder(candles: 300)
    _ =
      kind == "paper"
      ? try await session.paper("run.db")
      : try await session.run("backtest", "--csv", "candles.csv", "--db", "run.db")
    let audit = try await session.run("audit", "--db", "run.db", "--json", "audit.json")
    #expect(audit.code == 0, "\(audit.errors)")
    let events = try session.store("run.db").reader.lastEvent()
    #expect(
      audit.outputText == """
        run.db: \(kind) of BTC-USD, confluence
        agrees: \(events) events, each with the commands that were recorded

        """)
    let json = try session.folder.text(of: "audit.json")
    #expect(json.contains("\"format\": \"ratchet-audit 1\""))
    #expect(json.contains("\"agrees\": true"))
  }

  @Test("One command that was changed is found", arguments: ["backtest", "paper"])
  func differs(_ kind: String) async throws {
    let session = try await SessionFolder(candles: 300)
    _ =
      kind == "paper"
      ? try await session.paper("run.db")
      : try await session.run("backtest", "--csv", "candles.csv", "--db", "run.db")
    let event = try change("run.db", in: session)
    let audit = try await session.run("audit", "--db", "run.db")
    #expect(audit.code == 1)
    #expect(audit.outputText.contains("differs at event \(event)\n"), "\(audit.outputText)")
    #expect(audit.outputText.contains("cancel 1 flat"))
  }

  /// Changes the first command of the record; the number of its event.
  private func change(_ database: String, in session: SessionFolder) throws -> Int64 {
    let connection = try Connection(path: session.folder.path(database), mode: .readWrite)
    let event = try connection.prepare(
      "SELECT min(seq) FROM events WHERE commands IS NOT NULL"
    ).first { try $0.value(at: 0, as: Int64.self) }
    try connection.execute(
      "UPDATE events SET commands = 'cancel 1 flat' WHERE seq = \(try #require(event))")
    return try #require(event)
  }

  @Test("A record is shown without what would command a terminal")
  func hostile() async throws {
    let session = try await SessionFolder(candles: 300)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let connection = try Connection(path: session.folder.path("run.db"), mode: .readWrite)
    try connection.execute(
      """
      UPDATE events SET commands = 'cancel 1 ' || char(27) || '[2J'
      WHERE seq = (SELECT min(seq) FROM events WHERE commands IS NOT NULL)
      """)
    let audit = try await session.run("audit", "--db", "run.db")
    #expect(audit.code == 1)
    #expect(audit.outputText.contains("cancel 1 \\u{1b}[2J\n"), "\(audit.outputText)")
    // An error of what only the file says, too.
    try connection.execute("UPDATE run SET strategy = 'x' || char(27) || '[2J'")
    let unknown = try await session.run("audit", "--db", "run.db")
    #expect(unknown.errors.contains("its strategy is 'x\\u{1b}[2J'"), "\(unknown.errors)")
    #expect(!unknown.errors.contains("\u{1B}"))
  }

  @Test("Nothing is written over the candles that a backtest's record names")
  func overwriting() async throws {
    let session = try await SessionFolder(candles: 300)
    _ = try await session.run("backtest", "--csv", "candles.csv", "--db", "run.db")
    let before = try session.folder.bytes(of: "candles.csv")
    for more in [[], ["--csv", "candles.csv"]] {
      let audit = try await RunnerProcess.run(
        ["audit", "--db", "run.db", "--json", "candles.csv"] + more, in: session.folder)
      #expect(audit.code == 2)
      #expect(audit.errors.contains("expected another file than the candles themselves"))
    }
    #expect(try session.folder.bytes(of: "candles.csv") == before)
  }

  @Test("A backtest whose candles have changed cannot be made again")
  func otherCandles() async throws {
    let session = try await SessionFolder(candles: 300)
    _ = try await session.run("backtest", "--csv", "candles.csv", "--db", "run.db")
    let text = try session.folder.text(of: "candles.csv")
    try session.folder.write(String(text.dropLast(text.count / 2)), to: "candles.csv")
    let audit = try await session.run("audit", "--db", "run.db")
    #expect(audit.code == 1)
    #expect(
      audit.outputText.contains("differs: the run cannot be made again: data: recorded "),
      "\(audit.outputText)")
  }

  @Test("A database that is none of ours says so")
  func noStore() async throws {
    let session = try await SessionFolder(candles: 5)
    let connection = try Connection(path: session.folder.path("other.db"), mode: .create)
    try connection.execute("CREATE TABLE notes (text TEXT)")
    let audit = try await session.run("audit", "--db", "other.db")
    #expect(audit.code != 0)
    #expect(audit.errors.contains("other.db"), "\(audit.errors)")
    let missing = try await session.run("audit", "--db", "nowhere.db")
    #expect(missing.errors.contains("nowhere.db: the database cannot be opened"))
  }
}
