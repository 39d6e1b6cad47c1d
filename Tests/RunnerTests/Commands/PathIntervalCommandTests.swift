import Foundation
import Testing

@Suite("runner backtest --path both")
struct PathIntervalCommandTests {
  private static let csv = "candles.csv"

  /// A folder with made-up candles that trade, and no two alike.
  private static func folder() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let made = try await RunnerProcess.run(
      ["data", "synth", "--count", "3000", "--volatility", "0.01", "-o", csv], in: folder)
    try #require(made.code == 0)
    return folder
  }

  private static func backtest(
    _ arguments: [String], in folder: borrowing TemporaryFolder
  ) async throws -> Finished {
    try await RunnerProcess.run(["backtest", "--csv", csv] + arguments, in: folder)
  }

  private static func object(_ run: Finished) throws -> [String: Any] {
    try #require(run.code == 0, "\(run.errors)")
    return try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
  }

  private static func member(_ object: [String: Any], _ name: String) throws -> [String: Any] {
    try #require(object[name] as? [String: Any])
  }

  @Test func `both runs are those of the two paths, and each interval lies between them`()
    async throws
  {
    let folder = try await Self.folder()
    let both = try Self.object(
      try await Self.backtest(["--path", "both", "--json", "-"], in: folder))
    let interval = try Self.member(both, "interval")
    var runs: [[String: Any]] = []
    for (path, name) in [("high-first", "high_first"), ("low-first", "low_first")] {
      let single = try Self.object(
        try await Self.backtest(["--path", path, "--json", "-"], in: folder))
      let run = try Self.member(both, name)
      #expect(run["final_equity"] as? String == single["final_equity"] as? String)
      for part in ["metrics", "counts"] {
        let (left, right) = (try Self.member(run, part), try Self.member(single, part))
        #expect(left as NSDictionary == right as NSDictionary, "\(path), \(part)")
      }
      runs.append(try Self.member(run, "metrics"))
    }
    var apart = 0
    for (name, value) in runs[0] {
      guard let high = value as? Double, let low = runs[1][name] as? Double else {
        #expect(interval[name] is NSNull, "\(name)")
        continue
      }
      #expect(interval[name] as? [Double] == [min(high, low), max(high, low)], "\(name)")
      if high != low { apart += 1 }
    }
    #expect(apart > 5, "the two orders give different runs, or nothing was tested")
    #expect(Set(interval.keys) == Set(runs[0].keys).union(["final_equity"]))
    let equity = try #require(interval["final_equity"] as? [String])
    let ends = try equity.map { try #require(Double($0)) }
    #expect(ends[0] < ends[1])
  }

  @Test func `a figure that one run lacks has no interval`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: Self.csv)
    let both = try Self.object(
      try await Self.backtest(["--path", "both", "--json", "-"], in: folder))
    let interval = try Self.member(both, "interval")
    for name in ["sharpe", "sortino", "win_rate", "profit_factor", "sqn"] {
      #expect(interval[name] is NSNull, "\(name)")
    }
    #expect(interval["final_equity"] as? [String] == ["10000", "10000"])
    #expect(interval["trades"] as? [Int] == [0, 0])
  }

  @Test func `the manifest says that there were two, and which candles`() async throws {
    let folder = try await Self.folder()
    let both = try Self.object(
      try await Self.backtest(["--path", "both", "--json", "-"], in: folder))
    let single = try Self.object(try await Self.backtest(["--json", "-"], in: folder))
    #expect(both["format"] as? String == "ratchet-interval 1")
    var manifest = try Self.member(both, "manifest")
    var settings = try Self.member(manifest, "settings")
    #expect(settings.updateValue("nearest", forKey: "simulation.path") as? String == "both")
    manifest["settings"] = settings
    #expect(manifest as NSDictionary == (try Self.member(single, "manifest")) as NSDictionary)
  }

  @Test func `the screen shows one table of at most 80 columns, and the file is written beside it`()
    async throws
  {
    let folder = try await Self.folder()
    let run = try await Self.backtest(["--path", "both", "--json", "both.json"], in: folder)
    #expect(run.code == 0)
    #expect(run.errors == "wrote both.json\n")
    let lines = run.outputText.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    for label in ["End, USD", "Return", "Max drawdown", "Trades", "Fees"] {
      #expect(lines.count { $0.hasPrefix("  \(label) ") } == 1, "\(label)")
    }
    #expect(run.outputText.contains("high-first"))
    #expect(try folder.text(of: "both.json").hasPrefix("{\n \"format\": \"ratchet-interval 1\""))
    let verified = try await RunnerProcess.run(["verify", "both.json"], in: folder)
    #expect(verified.code == 3)
    #expect(verified.errors.contains("its format is 'ratchet-interval 1'"))
  }

  @Test(
    "What shows one run is refused",
    arguments: [
      ["--html", "page.html"], ["--trades"], ["--breakdown", "day"],
      ["--equity", "--json", "run.json"], ["--export-freqtrade", "out"],
    ])
  func conflicts(_ more: [String]) async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: Self.csv)
    let run = try await Self.backtest(["--path", "both"] + more, in: folder)
    #expect(run.code == 2)
    #expect(
      run.errors == """
        runner: --path both and \(more[0]) do not go together: it shows one run, and these are \
        two; choose --path high-first or --path low-first
        See 'runner backtest --help'.

        """)
    #expect(try folder.names == [Self.csv])
  }

  @Test(
    "The setting itself has no such value",
    arguments: [
      ["backtest", "--csv", csv, "--set", "simulation.path=both"],
      ["config", "check", "--path", "both"],
    ])
  func setting(_ call: [String]) async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: Self.csv)
    let run = try await RunnerProcess.run(call, in: folder)
    #expect(run.code == 4)
    #expect(
      run.errors.contains(
        "simulation.path is 'both', expected nearest or high-first or low-first"))
  }
}
