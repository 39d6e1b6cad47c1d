import Foundation
import Testing

@testable import Runner

@Suite("runner backtest of several pairs")
struct BacktestPairsTests {
  /// A folder with candles of three pairs, of different spans and with gaps, in `candles`.
  private static func folder() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "candles/old.csv"), withIntermediateDirectories: true)
    try folder.write("no candles", to: "candles/notes.txt")
    try folder.write("", to: "candles/.hidden.csv")
    for (seed, name, start) in [(1, "ETH-USD", 0), (2, "BTC-USD", 86_400), (3, "SOL-USD", 43_200)] {
      let run = try await RunnerProcess.run(
        [
          "data", "synth", "--count", "1500", "--seed", "\(seed)", "--start",
          "\(1_704_067_200 + start)", "--gaps", "0.01", "-o", "candles/\(name).csv",
        ], in: folder)
      #expect(run.code == 0)
    }
    return folder
  }

  private static func csv(_ names: String...) -> [String] {
    names.flatMap { ["--csv", "\($0)=candles/\($0).csv"] }
  }

  private func json(
    _ arguments: [String], in folder: borrowing TemporaryFolder
  ) async throws -> [String: Any] {
    let run = try await RunnerProcess.run(["backtest", "--json", "-"] + arguments, in: folder)
    #expect(run.code == 0, "\(run.errors)")
    return try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
  }

  private func names(_ result: [String: Any]) -> [String] {
    (result["pairs"] as? [[String: Any]] ?? []).compactMap { $0["pair"] as? String }
  }

  private func parameters(_ result: [String: Any]) -> [[String: String]] {
    (result["pairs"] as? [[String: Any]] ?? []).compactMap {
      $0["parameters"] as? [String: String]
    }
  }

  // MARK: - Which pairs, in which order

  @Test func `a folder is its files in the order of their names`() async throws {
    let folder = try await Self.folder()
    let named = try await RunnerProcess.run(
      ["backtest", "--json", "-"] + Self.csv("BTC-USD", "ETH-USD", "SOL-USD"), in: folder)
    #expect(named.code == 0)
    for path in ["candles", "candles/"] {
      let run = try await RunnerProcess.run(["backtest", "--json", "-", "--csv", path], in: folder)
      #expect(run.output == named.output)
      #expect(run.errors == "")
    }
  }

  @Test func `the order is that of the command line, or that of the configuration`() async throws {
    let folder = try await Self.folder()
    let csv = Self.csv("SOL-USD", "BTC-USD")
    #expect(names(try await json(csv, in: folder)) == ["SOL-USD", "BTC-USD"])
    try folder.write("pairs: [{product_id: BTC-USD}, {product_id: SOL-USD}]", to: "c.yaml")
    #expect(names(try await json(csv + ["-c", "c.yaml"], in: folder)) == ["BTC-USD", "SOL-USD"])
  }

  @Test func `a plain file is that of the only pair of a configuration`() async throws {
    let folder = try await Self.folder()
    try folder.write("pairs: [{product_id: SOL-USD, trail: 0.03}]", to: "c.yaml")
    let result = try await json(["--csv", "candles/SOL-USD.csv", "-c", "c.yaml"], in: folder)
    #expect(names(result) == ["SOL-USD"])
    #expect(parameters(result).first?["exit.trail"] == "0.03")
  }

  @Test func `a file with an equals sign in its name is a file`() async throws {
    let folder = try await Self.folder()
    try folder.write(CandleTexts.short, to: "a=b.csv")
    let result = try await json(["--csv", "a=b.csv"], in: folder)
    #expect(result["csv"] as? String == "a=b.csv")
  }

  @Test(
    "A name says what the pair is paid in, or nothing",
    arguments: [
      ("BTC-USD", "USD"), ("1INCH-USD2", "USD2"), ("coin-a", nil), ("BTC-usd", nil), ("BTC", nil),
      ("BTC-USD-PERP", nil), ("BTC-", nil), ("-USD", nil), ("BTC-ÜSD", nil), ("", nil),
    ] as [(String, String?)])
  func currency(name: String, currency: String?) {
    #expect(BacktestArguments.currency(of: name).map { String($0) } == currency)
  }

  @Test func `names with a dash that are no exchange's are any names`() async throws {
    let folder = try await Self.folder()
    let result = try await json(
      ["--csv", "coin-a=candles/BTC-USD.csv", "--csv", "coin-b=candles/ETH-USD.csv"], in: folder)
    #expect(names(result) == ["coin-a", "coin-b"])
  }

  // MARK: - What is in force

  @Test func `a pair has its own values, from a file or --set, before the common ones`()
    async throws
  {
    let folder = try await Self.folder()
    try folder.write(
      "pairs: [{product_id: ETH-USD, trail: 0.03}, {product_id: BTC-USD}]", to: "c.yaml")
    let result = try await json(
      Self.csv("BTC-USD", "ETH-USD") + [
        "-c", "c.yaml", "--set", "exit.trail=0.05", "--set", "BTC-USD:strategy.rsi_oversold=40",
        "--set", "BTC-USD:correlation_group=majors",
      ], in: folder)
    #expect(parameters(result).map { $0["product.id"] } == ["ETH-USD", "BTC-USD"])
    #expect(parameters(result).map { $0["exit.trail"] } == ["0.03", "0.05"])
    #expect(parameters(result).map { $0["strategy.rsi_oversold"] } == ["30", "40"])
    let groups = (result["pairs"] as? [[String: Any]])?.map { $0["correlation_group"] as? String }
    #expect(groups == [nil, "majors"])
    let manifest = try #require(result["manifest"] as? [String: Any])
    let own = (manifest["pairs"] as? [[String: Any]])?.map { $0["settings"] as? [String: String] }
    #expect(
      own == [
        ["exit.trail": "0.03"],
        ["strategy.rsi_oversold": "40", "correlation_group": "majors"],
      ])
  }

  @Test func `one named pair is the run of its file alone, the limits included`() async throws {
    let folder = try await Self.folder()
    let sets = [
      "--set", "portfolio.emergency_liquidation_loss_pct=-1", "--set",
      "portfolio.position_size=0.5",
    ]
    let alone = try await json(
      ["--csv", "candles/ETH-USD.csv", "--product", "ETH-USD"] + sets, in: folder)
    let named = try await json(Self.csv("ETH-USD") + sets, in: folder)
    let pair = try #require((named["pairs"] as? [[String: Any]])?.first)
    #expect(named["final_equity"] as? String == alone["final_equity"] as? String)
    #expect(named["breaker"] is [String: Any], "the limit is reached")
    for part in ["counts", "orders", "signals"] {
      #expect(alone[part] as? NSObject == pair[part] as? NSObject, "\(part)")
    }
    let reasons = (alone["counts"] as? [String: Any])?["exit_reasons"] as? [String: Int]
    #expect(reasons?["liquidation"] == 1, "a plain file has limits too")
  }

  @Test func `a limit that cannot be meant is told, and the run goes on`() async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.run(
      ["backtest", "--set", "portfolio.max_positions=3"] + Self.csv("BTC-USD", "ETH-USD"),
      in: folder)
    #expect(run.code == 0)
    #expect(run.errors == "runner: --set: max_positions of 3 limits nothing, there are 2 pairs\n")
  }

  // MARK: - The run

  @Test func `candles that touch nothing change nothing`() async throws {
    let folder = try await Self.folder()
    let arguments =
      ["backtest", "--json", "-", "--equity", "--csv", "candles"]
      + ["--set", "portfolio.max_positions=2", "--set", "strategy.rsi_oversold=45"]
    let quick = try await RunnerProcess.run(arguments, in: folder)
    let slow = try await RunnerProcess.run(arguments + ["--every-point"], in: folder)
    #expect(quick.code == 0)
    #expect(quick.output == slow.output)
  }

  @Test func `--timerange bounds every pair`() async throws {
    let folder = try await Self.folder()
    let result = try await json(
      ["--csv", "candles", "--timerange", "20240103-20240105", "--equity"], in: folder)
    let pairs = try #require(result["pairs"] as? [[String: Any]])
    for pair in pairs {
      let candles = try #require(pair["candles"] as? [String: Any])
      #expect((candles["first"] as? Int ?? 0) >= 1_704_240_000)
      #expect((candles["last"] as? Int ?? .max) < 1_704_412_800)
      #expect((pair["warm_up"] as? Int ?? 0) > 200)
    }
    #expect(
      (result["manifest"] as? [String: Any])?["time_range"] as? String == "20240103-20240105")
  }

  @Test func `a pair without candles in the range is refused by its file`() async throws {
    let folder = try await Self.folder()
    try folder.write(CandleTexts.short, to: "short.csv")
    let run = try await RunnerProcess.run(
      ["backtest", "--csv", "A=short.csv", "--timerange", "20240102-"] + Self.csv("BTC-USD"),
      in: folder)
    #expect(run.code == 3)
    #expect(run.errors.hasPrefix("runner: short.csv: no candle starts in 20240102-."))
  }

  @Test func `bad rows are refused by file and line, or skipped for one pair`() async throws {
    let folder = try await Self.folder()
    try folder.write(CandleTexts.twoBadRows, to: "bad.csv")
    let call = ["backtest", "--csv", "BAD=bad.csv"] + Self.csv("BTC-USD")
    let refused = try await RunnerProcess.run(call, in: folder)
    #expect(refused.code == 3)
    #expect(refused.errors.hasPrefix("runner: bad.csv:3: "))
    let skipped = try await RunnerProcess.run(
      call + ["--set", "BAD:simulation.on_bad_row=skip"], in: folder)
    #expect(skipped.code == 0)
    #expect(skipped.errors.hasPrefix("runner: bad.csv:3: "))
    let other = try await RunnerProcess.run(
      call + ["--set", "BTC-USD:simulation.on_bad_row=skip"], in: folder)
    #expect(other.code == 3)
  }

  @Test func `--trades is one table of all pairs in the order in which positions closed`()
    async throws
  {
    let folder = try await Self.folder()
    let call = ["backtest", "--csv", "candles", "--set", "strategy.rsi_oversold=45"]
    let plain = try await RunnerProcess.run(call, in: folder)
    let run = try await RunnerProcess.run(call + ["--trades"], in: folder)
    #expect(run.code == 0)
    #expect(run.outputText.hasPrefix(plain.outputText + "\n"))
    let rows = run.outputText.dropFirst(plain.outputText.count + 1).split(separator: "\n")
    #expect(rows.allSatisfy { $0.count <= 80 })

    let result = try await json(Array(call.dropFirst()), in: folder)
    let trades = (result["pairs"] as? [[String: Any]] ?? []).flatMap { pair in
      (pair["trades"] as? [[String: Any]] ?? []).map { trade in
        (trade["exit_time"] as? Int ?? 0, pair["pair"] as? String ?? "")
      }
    }
    #expect(rows.count == trades.count + 1)
    #expect(rows[0].split(separator: " ").prefix(2) == ["#", "Pair"])
    let cells = rows.dropFirst().map { $0.split(separator: " ") }
    #expect(cells.map { String($0[0]) } == (1...trades.count).map(String.init))
    #expect(cells.map { String($0[1]) } == trades.sorted { $0.0 < $1.0 }.map(\.1))
  }

  @Test func `Ctrl-C at the second of two files says so and leaves no file`() async throws {
    let folder = try await Self.folder()
    try folder.write(
      """
      set -m
      mkfifo pipe
      "$RUNNER" backtest --csv A=candles/ETH-USD.csv --csv B=pipe --json run.json & runner=$!
      exec 3> pipe
      printf 'timestamp,open,high,low,close,volume\\n1704067200,10,12,9,11,5\\n' >&3
      kill -INT $runner
      exec 3>&-
      wait $runner
      """, to: "script.bash")
    let run = try await RunnerProcess.shell("exec bash script.bash", in: folder)
    #expect(run.code == ExitCode.interrupted.rawValue)
    #expect(run.errors == "runner: interrupted\n")
    #expect(try folder.names == ["candles", "pipe", "script.bash"])
  }
}
