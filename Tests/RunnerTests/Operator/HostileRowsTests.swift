import Configuration
import Foundation
import Reporting
import Simulator
import Testing

@testable import Persistence
@testable import Runner

/// Rows that no run leaves behind, in a store that is one otherwise.
@Suite("Hostile rows")
struct HostileRowsTests {
  private static let program = Program(strategies: StrategyEntry.builtIn)

  /// The tables that the commands read.
  private static let tables = [
    "run", "pairs", "account", "orders", "fills", "positions", "ratchets", "equity",
  ]

  /// Cells that may hurt whoever reads them.
  private static func cell(using random: inout SplitMix64) -> String {
    let numbers: [Int64] = [0, -1, 1, .min, .max, .min / 2, .max / 2, 1 << 47, 1 << 48, 99]
    let texts = [
      "", "-1", "0", "1e400", "NaN", "170141183460469231731687303715884105727",
      "99999999999999999999",
      "-170141183460.469231731687303715884105728", "0.00000001", "stop", "open", "buy", "sell",
      "\u{1B}[2J", "a\nb", "ü\u{202E}", String(repeating: "9", count: 5000),
    ]
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return "NULL"
    case 1: return "x'00ff\(String(repeating: "41", count: .random(in: 0...40, using: &random)))'"
    case 2: return "\(Double.random(in: -1e300...1e300, using: &random))"
    case 3: return "\(numbers.randomElement(using: &random) ?? 0)"
    default:
      let text = texts.randomElement(using: &random) ?? ""
      return "'\(text)'"
    }
  }

  /// Overwrites a few cells; what the tables' own rules refuse stays as it was.
  private static func spoil(_ path: String, using random: inout SplitMix64) throws {
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON")
    // Some of what is over goes on, so that open positions and working orders are hurt as well.
    try connection.execute(
      """
      UPDATE positions SET closed = NULL, held = bought, exit_reason = NULL WHERE number % 4 = 1;
      UPDATE orders SET done = NULL, state = 'open' WHERE number % 7 = 1
      """)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let table = tables.randomElement(using: &random) ?? "orders"
      var columns: [String] = []
      try connection.prepare("SELECT name FROM pragma_table_info(?)").forEachRow(table) { row in
        columns.append(try row.value(at: 0))
      }
      let column = columns.randomElement(using: &random) ?? ""
      let key = columns.first { ["number", "ordinal"].contains($0) }
      let parts = [1, 3, 20].randomElement(using: &random) ?? 1
      let hurt =
        key.map { "\($0) % \(parts) = \(Int.random(in: 0..<parts, using: &random))" } ?? "1"
      // A rule of uniqueness or NOT NULL may refuse it.
      try? connection.execute(
        "UPDATE OR IGNORE \(table) SET \(column) = \(cell(using: &random)) WHERE \(hurt)")
    }
  }

  /// Every way of asking.
  private static let calls: [[String]] = WatchingCommand.all.flatMap { command -> [[String]] in
    let words = command.subcommand.words
    let options = command.subcommand.options.map(\.key)
    if !command.subcommand.operands.isEmpty {
      let ids =
        words[0] == "orders"
        ? ["BTC-USD-3", "ETH-USD-40", "1"]
        : ["BTC-USD-p1", "ETH-USD-p2", "p"]
      return ids.map { words + [$0] }
    }
    return [words] + (options.contains("--all") ? [words + ["--all"]] : [])
      + (options.contains("--closed") ? [words + ["--closed"]] : [])
      + (options.contains("--limit") ? [words + ["--limit", "3", "--since", "20240102"]] : [])
  }

  @Test("Every command answers or says what is wrong", arguments: Array(1...4) as [UInt64])
  func spoiled(seed: UInt64) async throws {
    let folder = try await PortfolioFolder.make(["--db", "whole.db"])
    var random = SplitMix64(seed: seed)
    var errors = 0
    for round in 0..<12 {
      let path = folder.path("spoiled-\(round).db")
      try FileManager.default.copyItem(atPath: folder.path("whole.db"), toPath: path)
      try Self.spoil(path, using: &random)
      for call in Self.calls {
        let command = try #require(
          WatchingCommand.all.first { call.starts(with: $0.subcommand.words) })
        let invocation = try Invocation(
          Array(call.dropFirst(command.subcommand.words.count)) + ["--db", path],
          options: command.subcommand.allOptions, operandNames: command.subcommand.operands)
        do {
          let (text, json) = try Watching(Self.program, invocation).look(command.answer)
          #expect(json.isComplete)
          #expect(
            !text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 0x202E },
            "seed \(seed), \(call): \(text)")
          #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.bytes)) }
        } catch {
          errors += 1
          #expect("\(error)".count < 1500, "seed \(seed), \(call): \(error)")
        }
      }
    }
    #expect(errors > 0, "seed \(seed) hurt nothing")
  }
}
