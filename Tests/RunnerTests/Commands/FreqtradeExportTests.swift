import Foundation
import Testing

@testable import Runner

/// `scripts/check-freqtrade` asks freqtrade itself; these keep what it was then satisfied with.
@Suite("backtest --export-freqtrade")
struct FreqtradeExportTests {
  private static let stem = "backtest-result-2024-01-07_23-00-00"

  private static func folder(_ arguments: [String] = []) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let calls = [
      ["data", "synth", "--count", "2004", "--gaps", "0", "-o", "candles.csv"],
      [
        "backtest", "--csv", "candles.csv", "--json", "run.json", "--export-freqtrade", "out",
      ] + arguments,
    ]
    for call in calls { #expect(try await RunnerProcess.run(call, in: folder).code == 0) }
    return folder
  }

  private static func object(_ name: String, in folder: borrowing TemporaryFolder) throws
    -> [String: Any]
  {
    try #require(
      try JSONSerialization.jsonObject(with: folder.bytes(of: name)) as? [String: Any])
  }

  private static func statistics(in folder: borrowing TemporaryFolder) throws -> [String: Any] {
    let file = try object("out/\(stem).json", in: folder)
    let strategies = try #require(file["strategy"] as? [String: [String: Any]])
    return try #require(strategies["confluence"])
  }

  @Test func `three files, named by the end of the data`() async throws {
    let folder = try await Self.folder()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
    #expect(names == [".last_result.json", "\(Self.stem).json", "\(Self.stem).meta.json"])
    let last = try Self.object("out/.last_result.json", in: folder)
    #expect(last["latest_backtest"] as? String == "\(Self.stem).json")
    let meta = try Self.object("out/\(Self.stem).meta.json", in: folder)
    let own = try #require(meta["confluence"] as? [String: Any])
    #expect((own["run_id"] as? String)?.count == 40)
    #expect(own["backtest_end_ts"] as? Int == 1_704_668_400)
  }

  @Test func `the same run gives the same bytes, other settings another id`() async throws {
    let one = try await Self.folder()
    let two = try await Self.folder()
    for name in [".last_result.json", "\(Self.stem).json", "\(Self.stem).meta.json"] {
      #expect(try one.bytes(of: "out/\(name)") == two.bytes(of: "out/\(name)"))
    }
    let other = try await Self.folder(["--cash", "10001"])
    let name = "out/\(Self.stem).meta.json"
    #expect(try one.bytes(of: name) != other.bytes(of: name))
  }

  @Test func `trades and totals are those of the result`() async throws {
    let folder = try await Self.folder()
    let ours = try #require(try Self.object("run.json", in: folder)["trades"] as? [[String: Any]])
    let statistics = try Self.statistics(in: folder)
    let theirs = try #require(statistics["trades"] as? [[String: Any]])
    try #require(!ours.isEmpty)
    #expect(theirs.count == ours.count)
    for (theirs, ours) in zip(theirs, ours) {
      func exact(_ name: String) throws -> Double {
        try #require((ours[name] as? String).flatMap(Double.init))
      }
      func double(_ name: String) throws -> Double { try #require(theirs[name] as? Double) }
      #expect(try double("profit_abs") == exact("realised"))
      #expect(try double("stake_amount") == exact("entry_notional"))
      #expect(try double("max_rate") == exact("highest"))
      // A rate is an average, formed in doubles: its last digit may be off.
      #expect(try double("min_rate") <= double("open_rate") * (1 + 1e-12))
      #expect(try double("min_rate") <= double("close_rate") * (1 + 1e-12))
      #expect(theirs["open_timestamp"] as? Int == (ours["entry_time"] as? Int).map { $0 * 1000 })
      let amount = try double("close_rate") * double("amount")
      let fees = try double("fee_open") * double("stake_amount") + double("fee_close") * amount
      #expect(try abs(fees - exact("fees")) < 1e-9)
      let gross = try amount - double("stake_amount")
      #expect(try abs(gross - fees - double("profit_abs")) < 1e-9)
      #expect(theirs["pair"] as? String == "BTC/USD")
    }
    let total = try theirs.reduce(0.0) { try $0 + #require($1["profit_abs"] as? Double) }
    #expect(abs(try #require(statistics["profit_total_abs"] as? Double) - total) < 1e-9)
    let pairs = try #require(statistics["results_per_pair"] as? [[String: Any]])
    #expect(pairs.map { $0["key"] as? String } == ["BTC/USD", "TOTAL"])
    #expect(pairs[1]["trades"] as? Int == ours.count)
  }

  @Test func `a run without trades is an export too`() async throws {
    let folder = try await Self.folder(["--set", "strategy.rsi_oversold=0"])
    let statistics = try Self.statistics(in: folder)
    #expect(statistics["total_trades"] as? Int == 0)
    #expect(statistics["sharpe"] == nil, "freqtrade fails on null")
    #expect(statistics["final_balance"] as? Double == 10_000)
  }

  @Test func `a folder that cannot be made is an error, and nothing is printed`() async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.run(
      ["backtest", "--csv", "candles.csv", "--export-freqtrade", "run.json/x"], in: folder)
    #expect(
      run.errors
        == "runner: cannot write run.json/x: Not a directory. Choose another place, or make room there.\n"
    )
    #expect(run.outputText == "")
    #expect(run.code == 1)
  }
}
